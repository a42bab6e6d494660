"""Examples for somebody who wants to know why: misses and wrong findings of each class, with what was said."""

import random
from collections import defaultdict

from . import requests


def told(finding, n_rules=7):
    rules = "; ".join(f"{one['rule']} {one['bits']:+.1f}" for one in finding["evidence"][:n_rules])
    return f"{finding['tier']} {finding['score_bits']:+.1f}: {rules}"


def place(key):
    path, number, sheet = key
    return path + (f", {sheet} {number}".rstrip() if number else "")


def short(text, most=420):
    text = text.replace("\n", " ⏎ ")
    return text if len(text) <= most else text[:most] + " …"


def shown(case):
    return ", ".join(f"{key}: {value}" for key, value in case["request"].items() if key not in ("id", "received"))


def write(path, truth, rows, texts, figures, n_examples=3, seed=1):
    """Markdown with `n_examples` of each kind for every class."""
    dice = random.Random(seed)
    best = {}
    for row in rows:
        best[row[0], row[1]] = row
    misses, weak, wrong = defaultdict(list), defaultdict(list), defaultdict(list)
    for name, case in truth.cases.items():
        for key, (label, support, gold) in case["due"].items():
            row = best.get((name, key))
            if row is None or row[2] == "namesake":
                misses[label].append((name, key, support, gold, row))
            elif row[2] == "possible":
                weak[label].append((name, key, support, gold, row))
    for row in rows:
        if row[4] == "wrong" and row[2] != "namesake":
            wrong[row[5]].append(row)
    out = ["# Examples by class", "", "Misses are places that are the requester's and were not reported (or taken for a namesake's); *low* ones were only "
           "`possible`; wrong ones are somebody else's and were reported.", ""]
    for label, meaning in requests.CLASSES.items():
        if not (misses[label] or weak[label] or wrong[label]):
            continue
        line = figures["classes"].get(label, {})
        out += [f"## {label}: {meaning}", "", f"due {line.get('due')}, recall {line.get('recall')}, precision {line.get('precision')}; "
                f"found by what stands beside it (due, found): {line.get('support')}", ""]
        for title, pile in (("Missed", misses[label]), ("Low", weak[label])):
            if pile:
                out.append(f"**{title}** ({len(pile)})")
            for name, key, support, gold, row in dice.sample(pile, min(n_examples, len(pile))):
                out += [f"- {name} ({shown(truth.cases[name])})", f"  - `{place(key)}` shows {gold.signs or gold.via}; beside it: {support}",
                        f"  - text: {short(texts.get(key, '(no text)'))}", f"  - Habeas: {told(row[7]) if row else 'nothing'}"]
            if pile:
                out.append("")
        pile = sorted(wrong[label], key=lambda row: ["certain", "probable", "possible"].index(row[2]))
        if pile:
            grave = [row for row in pile if row[2] != "possible"]
            picked = dice.sample(grave, min(n_examples, len(grave)))
            rest = [row for row in pile if row[2] == "possible"]
            picked += dice.sample(rest, min(max(0, n_examples - len(picked)), len(rest)))
            out.append(f"**Wrong** ({len(pile)}, of which certain or probable {len(grave)})")
            for row in picked:
                out += [f"- {row[0]} ({shown(truth.cases[row[0]])})", f"  - `{place(row[1])}` is of: {row[6]}",
                        f"  - text: {short(texts.get(row[1], '(no text)'))}", f"  - Habeas: {told(row[7])}"]
            out.append("")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")
