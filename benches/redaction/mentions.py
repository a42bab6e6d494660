"""Line by line: was each mention taken out in its place, and does one label stand for one person?"""

import re
from collections import Counter, defaultdict

from . import attack

LABEL = r"\[[a-z][^\]\[]{1,30}\]"


def pattern(line, planted):
    """A pattern that finds the line in an exhibit, with a group for what became of each mention; None if it has no words of its own."""
    at, parts, plain = 0, [], 0
    for one in planted:
        start = line.find(one["string"], at)
        if start < 0:
            return None
        parts.append(line[at:start])
        at = start + len(one["string"])
    parts.append(line[at:])
    out = ""
    for n, part in enumerate(parts):
        words = [re.escape(word) for word in re.findall(r"\w+|[^\w\s]", attack.fold(part))]
        plain += sum(len(word) > 2 for word in words)
        out += r"\s*".join(words)
        if n < len(planted):
            exact = r"\s*".join(re.escape(word) for word in re.findall(r"\w+|[^\w\s]", attack.fold(planted[n]["string"])))
            # At the edge of the line only a label or the mention itself can be told from what stands beside it.
            free = "" if not "".join(parts[: n + 1]).strip() or not "".join(parts[n + 1 :]).strip() else r"|.{1,60}?"
            out += rf"\s*({LABEL}|{exact}{free})\s*"
    return re.compile(out) if plain >= 2 else None


def judge(scored):
    """Counts by (role, class): masked, kept, in part; labels by person; lines found and not."""
    counts, labels, lines, examples = Counter(), defaultdict(Counter), Counter(), []
    for document in scored.maker.documents:
        places = [scored.files[file] for file in scored.where.get(document.name, []) if file in scored.files and file.endswith(".pdf")]
        text = " ".join(one.folded for place in places for one in attack.readings(place, scored.ocr) if one.means == "pymupdf-sorted")
        text = re.sub(r" > (?=\w|\[)", " ", text)
        if not text:
            continue
        # Lines of the same words about different people are told apart by their order, if all are found.
        alike = defaultdict(list)
        for line, planted in document.lines:
            words = line
            for one in planted:
                words = words.replace(one["string"], "\0", 1)
            alike[words].append((line, planted))
        pairs = []
        for same in alike.values():
            wanted = [pattern(line, planted) for line, planted in same]
            if len(same) == 1:
                pairs.append((same[0][1], wanted[0] and wanted[0].search(text)))
                continue
            found = list(wanted[0].finditer(text)) if wanted[0] else []
            for n, (_, planted) in enumerate(same):
                pairs.append((planted, found[n] if len(found) == len(same) else None))
        for planted, found in pairs:
            lines["found" if found else "not found"] += 1
            if not found:
                continue
            for one, became in zip(planted, found.groups()):
                became = became.strip()
                if re.fullmatch(LABEL, became):
                    verdict = "masked"
                    if scored.theirs(one):
                        labels[re.sub(r"\s+", " ", became)][one["whose"]] += 1
                elif attack.tight(became) == attack.tight(attack.fold(one["string"])):
                    verdict = "kept"
                else:
                    verdict = "in part"
                    examples.append((document.name, one["class"], one["string"], became))
                counts[one["role"], one["class"], verdict] += 1
    shared = {label: dict(people) for label, people in labels.items() if len(people) > 1}
    each = defaultdict(set)
    for label, people in labels.items():
        for one in people:
            each[one].add(label)
    return {"counts": counts, "lines": lines, "labels": len(labels), "labels_of_two": shared, "labels_a_person": {one: len(some) for one, some in each.items()}, "in_part": examples}
