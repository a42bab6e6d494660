"""Runs Habeas over an estate as a person would, and measures it."""

import json
import os
import re
import subprocess
import threading
import time


def family(pid):
    """The process and its children, as they are now."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = [int(child) for child in file.read().split()]
    except FileNotFoundError:
        return []
    return [pid] + [one for child in children for one in family(child)]


def resident_mib(pid):
    total = 0
    for one in family(pid):
        try:
            with open(f"/proc/{one}/status") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("RssAnon"))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total / 1024


def run(command, out=None):
    """Seconds by the clock, seconds of processor and peak memory in MiB; stdout goes to the file `out`."""
    before, began, peak = os.times(), time.time(), [0.0]
    with open(out or os.devnull, "wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.PIPE)

        def watch():
            while process.poll() is None:
                peak[0] = max(peak[0], resident_mib(process.pid))
                time.sleep(0.05)

        thread = threading.Thread(target=watch)
        thread.start()
        said = process.stderr.read()
        code = process.wait()
        thread.join()
    after = os.times()
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(command[:6])} … ended with {code}: {said.decode(errors='replace')[-800:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": round(time.time() - began, 2), "cpu": round(cpu, 2), "mib": round(peak[0])}


def prepare(habeas, sources, home, domains=()):
    """`init` and `index`; `sources` is name to folder. Gives what indexing took."""
    named = [f"--source={name}={path}" for name, path in sorted(sources.items())]
    run([habeas, "init", home, *named])
    config = os.path.join(home, "habeas.toml")
    with open(config, encoding="utf-8") as file:
        text = file.read()
    # An organisation says at least which addresses are its own.
    listed = ", ".join(f'"{domain}"' for domain in domains)
    text = re.sub(r"(?m)^domains = \[\]", f"domains = [{listed}]", text, count=1)
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    return run([habeas, "--estate", home, "index"])


def search(habeas, home, requests, folder):
    """`open` and `match`: findings by the request's own id, and what matching took."""
    opened, found = os.path.join(folder, "opened.jsonl"), os.path.join(folder, "findings.jsonl")
    run([habeas, "--estate", home, "open", "--file", requests, "--json"], opened)
    cases = {}
    with open(opened, encoding="utf-8") as file:
        for line in file:
            data = json.loads(line)["data"]
            cases[data["case"]] = data["reference"]
    took = run([habeas, "--estate", home, "match", "--all", "--json"], found)
    findings = {reference: [] for reference in cases.values()}
    with open(found, encoding="utf-8") as file:
        for line in file:
            finding = json.loads(line)
            findings[cases[finding["case"]]].append(finding)
    return findings, took
