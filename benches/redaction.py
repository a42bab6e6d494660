#!/usr/bin/env python3
"""Is everybody else gone, and does the requester stay? Attacks a bundle from outside.

    cargo build --release
    pip install PyMuPDF pdfminer.six pikepdf reportlab weasyprint python-docx openpyxl python-pptx Pillow fonttools
    apt-get install poppler-utils tesseract-ocr fonts-dejavu fonts-liberation2
    python3 benches/redaction.py
    python3 benches/redaction.py --parts estate --seed 7 --scale 3 --keep /tmp/redaction --out figures.json
    python3 benches/redaction.py --parts strange --only type3 --only scan

Three parts. `estate`: documents of every kind for one requester, with other people planted in every form, from a seed;
`strange`: PDFs that are hard to read (`redaction/strange/`); `twins`: the same documents with one person's name short
and long, whose bundles should be the same. Nothing of Habeas is used but its commands: its bundles are read by PyMuPDF,
pdfminer, poppler, pikepdf, Tesseract and as bytes. A string that is found by any of them was not taken out.
"""

import argparse
import json
import os
import shutil
import tempfile

from redaction import cast, estate, product, report, score, strange, twins

HABEAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "target", "release", "habeas")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--habeas", default=HABEAS, help="the program (default: target/release/habeas)")
    parser.add_argument("--parts", default="estate,strange,twins")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same documents")
    parser.add_argument("--scale", type=int, default=1, help="how many times as many documents in the estate")
    parser.add_argument("--only", action="append", help="strange papers whose name has this in it")
    parser.add_argument("--names", type=int, default=3, choices=[2, 3, 4], help="how many twins")
    parser.add_argument("--no-ocr", action="store_true", help="do not recognise rendered pages (much quicker, misses what only an eye sees)")
    parser.add_argument("--keep", metavar="DIR", help="make everything in this new folder and leave it there")
    parser.add_argument("--out", metavar="FILE", help="write every figure and every miss as JSON")
    parser.add_argument("--misses", type=int, default=12, help="how many misses to print of each kind")
    return parser.parse_args()


AMARA = ["--name", cast.AMARA.name, "--email", cast.AMARA.email, "--phone", cast.AMARA.phone, "--reference", cast.REFERENCE, "--born", cast.AMARA.born]


def the_estate(given, folder):
    root = os.path.join(folder, "estate")
    os.makedirs(root)
    maker = estate.make(root, given.seed, given.scale)
    run = product.Run(given.habeas, folder, maker.sources, estate.requester(maker))
    return report.estate(score.Estate(maker, run, not given.no_ocr), given.misses)


def the_strange(given, folder):
    papers = os.path.join(folder, "papers")
    made, failed = strange.make(papers, given.only)
    made = {name: holds for name, holds in made.items() if not name.endswith((".a.pdf", ".b.pdf"))}
    for name in os.listdir(papers):
        if name not in made:
            os.remove(os.path.join(papers, name))
    with open(os.path.join(papers, "directory.csv"), "w", encoding="utf-8") as file:
        file.write("Name,Email,Phone\n" + "".join(f"{one.name},{one.email},{one.phone}\n" for one in (cast.FELICITY, cast.TOBIAS)))
        file.write("".join(f"{name},,\n" for name in ("Sofi Fflint", "Z\u00e9lie D\u00f6rrenb\u00e4cher", "\u05d9\u05d5\u05e1\u05e3 \u05d1\u05df-\u05d3\u05d5\u05d3", "\u062e\u0627\u0644\u062f \u0627\u0644\u0645\u0646\u0635\u0648\u0631")))
    run = product.Run(given.habeas, folder, {"papers": papers}, AMARA)
    seen = score.sensitivity(made, papers, not given.no_ocr)
    return report.strange(score.strange(made, papers, run, not given.no_ocr), run, failed, seen, given.misses)


def the_twins(given, folder):
    runs, names = [], None
    for n, other in enumerate(twins.NAMES[: given.names]):
        here = os.path.join(folder, f"twin{n}")
        # The same path for all of them: where an estate lies must not be what tells them apart.
        papers = os.path.join(folder, "papers")
        shutil.rmtree(papers, ignore_errors=True)
        twins.make(papers, other)
        names = sorted(name for name in os.listdir(papers) if name != "directory.csv")
        os.makedirs(here)
        runs.append(product.Run(given.habeas, here, {"papers": papers}, AMARA))
    rows, around = twins.compare(runs, names), twins.others(runs)
    attacked = {other.name: twins.gaps(run, [other.name, other.surname], given.seed) for other, run in zip(twins.NAMES, runs)}
    return report.twins(rows, around, attacked, runs)


def main():
    given = options()
    folder = given.keep or tempfile.mkdtemp(prefix="habeas-redaction-")
    os.makedirs(folder, exist_ok=True)
    if os.listdir(folder):
        raise SystemExit(f"{folder} is not empty")
    figures = {"run": {"seed": given.seed, "scale": given.scale, "ocr": not given.no_ocr}}
    try:
        for part, work in [("estate", the_estate), ("strange", the_strange), ("twins", the_twins)]:
            if part in given.parts.split(","):
                here = os.path.join(folder, part)
                os.makedirs(here)
                figures[part] = work(given, here)
        if given.out:
            with open(given.out, "w", encoding="utf-8") as file:
                json.dump(figures, file, indent=1, ensure_ascii=False)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
