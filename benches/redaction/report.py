"""Prints the tables, and gives the same figures for a file."""

from collections import Counter

from . import mentions, score


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def share(part, whole):
    return f"{part / whole:.3f}" if whole else "–"


def steps(run):
    pages = run.pages()
    released = Counter(line.split(": ", 2)[-1].strip()[:110] for line in run.said["bundle"].splitlines() if "not released" in line)
    for reason, n in released.items():
        print(f"not released: {n} x {reason}")
    print("steps: " + ", ".join(f"{step} {took} s" + ("" if run.codes[step] in (0, 1) else f" (ended with {run.codes[step]})") for step, took in run.took.items()))
    given = [row for row in run.schedule() if row["status"] == "given"]
    print(f"{len(given)} exhibits, {pages} pages; bundle {run.took['bundle'] / max(pages, 1):.3f} s a page")
    print(run.said["verify"].strip().splitlines()[-1] if run.said["verify"].strip() else "")
    if not run.made_bundle:
        print("NO BUNDLE: " + run.said["bundle"][-1500:])
    print()
    return {"took": run.took, "codes": run.codes, "exhibits": len(given), "pages": pages, "verify": run.said["verify"][-600:], "bundle": run.said["bundle"][-1500:]}


def not_given(run, names, where, limit):
    reasons, rows, silent = score.refused(run, names, where)
    if reasons:
        table(["not given", "ground", "n"], [(status, ground, n) for (status, ground), n in reasons.most_common()])
    if silent:
        print(f"{len(silent)} documents have no row in the schedule under their name: {', '.join(silent[:limit * 3])}\n")
    return {"reasons": [[*key, n] for key, n in reasons.items()], "no_row": silent}


def estate(scored, limit):
    run = scored.run
    print(f"## Estate: {len(scored.maker.documents)} documents, {sum(len(d.planted) for d in scored.maker.documents)} strings planted\n")
    out = steps(run)
    out["refused"] = not_given(run, scored.names, scored.where, limit)
    planted, found = scored.leaks()
    recovered = Counter()
    for (role, kind, string), places in found.items():
        recovered[role, kind] += len(places)
    roles = [role for role in ("directory", "outsider", "relative", "namesake", "staff", "health")]
    rows = [(role, kind, planted[role, kind], recovered[role, kind]) for role in roles for kind in sorted({k for r, k in planted if r == role} | {k for r, k in recovered if r == role})]
    print("Recovered secrets: strings times documents that are exhibits, and strings times files in which they were found.\n")
    table(["role", "class", "planted in exhibits", "recovered", "recall"], [(*row, share(max(row[2] - row[3], 0), row[2])) for row in rows if row[2] or row[3]])
    totals = {role: (sum(n for (r, _), n in planted.items() if r == role), sum(n for (r, _), n in recovered.items() if r == role)) for role in roles}
    table(["role", "planted", "recovered"], [(role, *pair) for role, pair in totals.items()])
    misses = [(role, kind, string, file, means, documents) for (role, kind, string), places in sorted(found.items()) for file, means, documents in places]
    for role in roles:
        some = [miss for miss in misses if miss[0] == role]
        if some:
            print(f"{role}, recovered ({len(some)}):")
            for _, kind, string, file, means, documents in some[:limit]:
                print(f"- {kind} `{string}` in {file} by {', '.join(means[:6])}; planted in {', '.join(documents[:3])}")
            print()
    total, stayed, lost = scored.kept()
    table(["requester", "in exhibits", "kept", "share"], [(kind, total[kind], stayed[kind], share(stayed[kind], total[kind])) for kind in sorted(total)] + [("all", sum(total.values()), sum(stayed.values()), share(sum(stayed.values()), sum(total.values())))])
    if lost:
        print(f"lost ({len(lost)}): " + "; ".join(f"{kind} `{string}` of {name}" for name, kind, string in lost[: limit * 2]) + "\n")
    judged = mentions.judge(scored)
    counts, keys = judged["counts"], sorted({key[:2] for key in judged["counts"]})
    print(f"mentions in running text, each in its place ({judged['lines']['found']} of {sum(judged['lines'].values())} lines were found again):\n")
    table(["role", "class", "masked", "kept", "in part"], [(*key, *[counts[(*key, verdict)] for verdict in ("masked", "kept", "in part")]) for key in keys])
    print(f"{judged['labels']} labels stand for people in these lines; {len(judged['labels_of_two'])} stand for two or more: {dict(list(judged['labels_of_two'].items())[:8])}; labels a person: {judged['labels_a_person']}")
    for name, kind, string, became in judged["in_part"][:limit]:
        print(f"- in part: {kind} `{string}` became `{became}` in {name}")
    print()
    words, gone = scored.neutral()
    masked = words["other, gone"] + words["neutral, gone"] + words["hers, gone"]
    print(f"words of running text: {words['other, gone']} of {words['other']} of others' words gone; {words['neutral, gone']} of {words['neutral']} of nobody's; {words['hers, gone']} of {words['hers']} of the requester's; "
          f"precision {share(words['other, gone'], masked)}")
    print("nobody's words that went: " + ", ".join(f"{word} {n}" for word, n in gone.most_common(30)) + "\n")
    out |= {"classes": rows, "misses": misses, "kept": {kind: [total[kind], stayed[kind]] for kind in total}, "lost": lost, "words": dict(words), "words_gone": gone.most_common(100), "mentions": {" ".join(key): n for key, n in counts.items()}, "labels_of_two": judged["labels_of_two"], "in_part": judged["in_part"], "unmapped": [row["place"] for row in scored.unknown]}
    return out


def strange(scored, run, failed, seen, limit):
    rows, around, unknown = scored
    print(f"## Strange PDFs: {len(rows)}\n")
    out = steps(run)
    for name, why in failed.items():
        print(f"not made: {name}: {why}")
    given = [row for row in rows if row["given"]]
    n, m = sum(pair[0] for pair in seen.values()), sum(pair[1] for pair in seen.values())
    print(f"the same attack on the originals finds {n} of {m} secrets; none or few of: " + ", ".join(name for name, pair in seen.items() if pair[0] * 2 < pair[1]) + "\n")
    table(["paper", "status", "look", "in original", "secrets recovered", "requester's strings lost"],
          [(row["paper"], row["status"], row["look"], "/".join(map(str, seen.get(row["paper"], ["–"]))), f"{len({s for s, _, _ in row['leaked']})} of {row['secrets']}" if row["given"] else "–", f"{len(row['missing'])} of {row['asked']}" if row["given"] else "–") for row in rows])
    leaks = [row for row in given if row["leaked"]]
    asked = sum(row["asked"] for row in given)
    print(f"{len(given)} given, {len(leaks)} with a leak; requester's strings kept {share(asked - sum(len(row['missing']) for row in given), asked)}; "
          f"found beside the exhibits: {len(around)}; exhibits of no known paper: {len(unknown)}\n")
    for row in leaks:
        print(f"- **{row['paper']}** " + "; ".join(f"`{string}` by {', '.join(means[:5])}" for string, _, means in row["leaked"][:limit]))
    for string, file, means in around[:limit]:
        print(f"- beside: `{string}` in {file} by {', '.join(means[:5])}")
    print()
    for row in given:
        if row["missing"]:
            print(f"- lost of the requester's in {row['paper']}: {row['missing']}")
    print()
    out |= {"rows": rows, "around": around}
    return out


def twins(rows, around, attacked, runs):
    print(f"## Twins: {len(rows)} documents, {len(runs)} names\n")
    out = steps(runs[0])
    levels = list(rows[0]["bits"]) if rows else []
    print("Bits are log2 of the twins' outcomes that can be told apart; `width` compares places for the two names that differ in length only.\n")
    table(["document", "given", "width", *[f"bits: {level}" for level in levels], "first difference"],
          [(row["paper"], "/".join("yes" if one else "no" for one in row["given"]), f"{row['width']:.0f}", *[f"{row['bits'][level]:.1f}" for level in levels], row["first"][:110].replace("|", "¦")) for row in rows])
    counted = [row for row in rows if all(row["given"])]
    both = [row for row in rows if all(row["given"][:2])]
    print(f"{sum(row['width'] > 0 for row in both)} of {len(both)} say how long the name is; {len(counted)} given in every twin; " + ", ".join(f"{sum(row['bits'][level] > 0 for row in counted)} differ in {level}" for level in levels) + "\n")
    for name, n in around:
        print(f"- beside the exhibits: {name} differs in {n} lines")
    print()
    table(["name", "labels measured", "candidates (median)", "nominal bits", "true name among them", "by chance", "distinct gaps"],
          [(name, *(figures.values() if figures else ["–"] * 6)) for name, figures in attacked.items()])
    out |= {"rows": rows, "around": around, "gaps": attacked}
    return out
