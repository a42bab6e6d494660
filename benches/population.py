#!/usr/bin/env python3
"""How well does Habeas find people, on a population that nothing was tuned on?

    cargo build --release && python3 benches/population.py
    python3 benches/population.py --people 2000 --requesters 60 --seed 7 --examples examples.md --out figures.json
    python3 benches/population.py --sizes 1000,10000,50000

Makes up an organisation and everybody in it from a seed, with namesakes, twins, families and every noise that
`population/requests.py` lists as a class; indexes it, opens the requests, matches, and compares what was found with
the gold. Beside it: searches for words over the same places, and Splink and recordlinkage (`pip install splink
recordlinkage`; left out with a message if they are not there) on the rows of tables and on the FEBRL sets.
"""

import argparse
import json
import os
import shutil
import tempfile
import time

from population import diagnose, habeas, linkage, make, report, requests, score, units, words

HABEAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "habeas")
DOMAINS = ["marlbeck.example"]


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--habeas", default=HABEAS, help="the program (default: target/release/habeas)")
    parser.add_argument("--people", type=int, default=4000)
    parser.add_argument("--requesters", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same estate")
    parser.add_argument("--keep", metavar="DIR", help="make everything in this new folder and leave it there")
    parser.add_argument("--out", metavar="FILE", help="write every figure as JSON")
    parser.add_argument("--examples", metavar="FILE", help="write misses and wrong findings of each class, with their texts")
    parser.add_argument("--no-linkage", action="store_true", help="leave out Splink, recordlinkage and FEBRL")
    parser.add_argument("--sizes", metavar="N,N,N", help="measure time and memory of matching at these sizes instead")
    return parser.parse_args()


def prepared(options, folder, n_people, n_requesters):
    """Makes, indexes and searches; gives the truth, the findings and what each step took."""
    began = time.time()
    root, home, asked = (os.path.join(folder, name) for name in ("estate", "home", "requests.jsonl"))
    estate = make.make(root, n_people, n_requesters, options.seed)
    made = requests.state(estate.population, options.seed)
    requests.save(made, asked)
    estate.save(os.path.join(folder, "gold.jsonl"))
    took = {"make": {"seconds": round(time.time() - began, 1)}}
    sources = {name: os.path.join(root, name) for name in estate.sources}
    took["index"] = habeas.prepare(options.habeas, sources, home, DOMAINS)
    findings, took["match"] = habeas.search(options.habeas, home, asked, folder)
    return score.Truth(estate, made), findings, sources, took


def people(options, folder):
    truth, findings, sources, took = prepared(options, folder, options.people, options.requesters)
    figures, rows = score.measure(truth, findings)
    texts = units.units(options.habeas, sources, truth.records)
    lost = [key for case in truth.cases.values() for key in case["due"] if key not in texts]
    if lost:
        raise SystemExit(f"{len(lost)} places of the gold are not places that Habeas reads, such as {lost[0]}")
    figures["keyword"] = words.search(truth, texts)
    figures["took"] = took
    print(f"{options.people} people, seed {options.seed}: {len(texts)} places in {n_files(sources)} files; "
          + ", ".join(f"{step} {line['seconds']} s" for step, line in took.items()) + f", match held {took['match']['mib']} MiB at most")
    report.people(figures)
    if options.examples:
        diagnose.write(options.examples, truth, rows, texts, figures)
    if not options.no_linkage:
        figures["structured"] = linkage.structured(truth, rows, texts)
        report.linkage("The rows of customers, tenants, bookings and card payments alone", figures["structured"])
        figures["febrl"] = linkage.febrl(options.habeas, folder, options.seed)
        for name, lines in figures["febrl"].items():
            report.linkage(f"FEBRL {name}", lines)
    return figures


def n_files(sources):
    return sum(len(names) for path in sources.values() for _, _, names in os.walk(path))


def sizes(options, folder):
    lines = []
    for size in (int(size) for size in options.sizes.split(",")):
        here = os.path.join(folder, str(size))
        os.makedirs(here)
        truth, _, sources, took = prepared(options, here, size, min(options.requesters, 60))
        lines.append({"people": size, "requests": len(truth.cases), "files": n_files(sources), "places": places(options, here), **took})
        if not options.keep:
            shutil.rmtree(here)
    report.sizes(lines)
    return {"sizes": lines}


def places(options, folder):
    """Passages in the index, as the search record of a case has it."""
    for path, _, names in os.walk(os.path.join(folder, "home", "cases")):
        for name in names:
            if name.endswith(".json"):
                with open(os.path.join(path, name), encoding="utf-8") as file:
                    record = json.load(file)
                if isinstance(record, dict) and "n_passages" in record:
                    return record["n_passages"]
    return None


def main():
    given = options()
    folder = given.keep or tempfile.mkdtemp(prefix="habeas-population-")
    os.makedirs(folder, exist_ok=True)
    if os.listdir(folder):
        raise SystemExit(f"{folder} is not empty")
    try:
        figures = sizes(given, folder) if given.sizes else people(given, folder)
        figures["run"] = {"people": given.people, "requesters": given.requesters, "seed": given.seed}
        if given.out:
            with open(given.out, "w", encoding="utf-8") as file:
                json.dump(figures, file, indent=1)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
