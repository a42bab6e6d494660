#!/usr/bin/env python3
"""How well are other people taken out of court judgments, and does the requester stay?

    cargo build --release && python3 benches/tab.py FILE.json [FILE.json …] [--habeas PROGRAM] [--split test]
        [--part 1/2] [--misses 40]

FILE.json is a file of the Text Anonymization Benchmark (Pilán et al. 2022, MIT licence,
github.com/NorskRegnesentral/text-anonymization-benchmark): `echr_test.json`, or any other in that format. The
data is not kept in this repository. `--part 1/2` takes every second document from the first, `2/2` the others.

Each document is read as somebody would read it for a subject access request of its applicant: `habeas recognise
--json --subject APPLICANT`. What is another person's is masked; what is the applicant's or nobody's is not.

Printed, per annotator and averaged over all of them (micro), as the benchmark does:
 * its own measures, so that figures can be compared with others': entity recall for direct and quasi
   identifiers (all mentions of an entity have to be masked), token recall and uniform token precision. Habeas
   masks people and their identifiers; organisations, places, dates, quantities and the rest stay, because a
   requester is owed them. So its recall over all types is low by design; the types in scope are PERSON and
   CODE, and each type is printed. In these rows the applicant is masked as well (the benchmark wants that);
 * the view of a request: recall of the other people's PERSON mentions with the misses by class, how many of the
   applicant's own mentions are masked, and which share of the masked words is a person's other than the applicant.
A word counts as masked if all its letters are; function words and `Mr`, `Mrs`, `Ms`, `no` do not count.
"""
import argparse, collections, json, re, subprocess, sys, unicodedata

WORD = re.compile(r"\w+")
IGNORED = set("mr mrs ms no nr about of the a an in on at by for from to with and or s".split())
TYPES = "PERSON CODE LOC ORG DEM DATETIME QUANTITY MISC".split()


def fold(text):
    text = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in text if not unicodedata.combining(c)).replace("ı", "i").replace("ł", "l")


def words(text, start=0, end=None):
    """Ranges of the words that count, in characters of the whole text."""
    return [m.span() for m in WORD.finditer(text, start, len(text) if end is None else end)
            if m.group().lower() not in IGNORED]


def recognise(program, text, subject):
    command = [program, "recognise", "--json"] + (["--subject", subject] if subject else [])
    ended = subprocess.run(command, input=text.encode(), capture_output=True)
    if ended.returncode != 0:
        sys.exit(f"habeas: {ended.stderr.decode()}")
    # Offsets are bytes of UTF-8; the benchmark's are characters.
    at, of_byte = 0, {}
    for number, char in enumerate(text):
        of_byte[at] = number
        at += len(char.encode())
    of_byte[at] = len(text)
    hits = []
    for line in ended.stdout.splitlines():
        hit = json.loads(line)
        hits.append((of_byte[hit["start"]], of_byte[hit["end"]], hit))
    return hits


class Share:
    def __init__(self):
        self.good = self.all = 0

    def add(self, good, weight=1):
        self.good += weight * bool(good)
        self.all += weight

    def __str__(self):
        return f"{self.good:>6} of {self.all:>6}  {self.good / self.all if self.all else 1:.3f}"


def covered(spans):
    return {at for start, end in spans for at in range(start, end)}


def is_masked(text, mask, start, end):
    found = words(text, start, end)
    return all(all(at in mask for at in range(*word)) for word in found)


def applicant_of(document):
    return document.get("meta", {}).get("applicant") or document["task"].split(":")[-1].strip()


def classify(text, start, end, known):
    """Which class of mention was missed?"""
    mention = text[start:end]
    names = WORD.findall(mention)
    if re.match(r"(Mr|Mrs|Ms|Dr|Prof|Judge|Sir)\b", mention):
        return "with a title"
    if all(len(name) == 1 or name.isupper() and len(name) <= 3 for name in names):
        return "initials only"
    if mention == mention.lower():
        return "no capital"
    if len(names) == 1:
        return "one word, known from a fuller name" if fold(names[0]) in known else "one word"
    if any(len(name) == 1 for name in names):
        return "initial and family name"
    return "whole name"


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("files", nargs="+")
    asked.add_argument("--habeas", default="target/release/habeas")
    asked.add_argument("--split")
    asked.add_argument("--part", default="1/1")
    asked.add_argument("--misses", type=int, default=30)
    asked = asked.parse_args()
    documents = [document for path in asked.files for document in json.load(open(path, encoding="utf-8"))]
    documents = [d for d in documents if asked.split in (None, d["dataset_type"])]
    number, of = map(int, asked.part.split("/"))
    documents = documents[number - 1::of]

    entities = {kind: Share() for kind in ("DIRECT", "QUASI")}
    entities_by_type = collections.defaultdict(Share)
    tokens, tokens_in_scope, precision, precision_sure = Share(), Share(), Share(), Share()
    tokens_by_type = collections.defaultdict(Share)
    others, others_sure, own, people = Share(), Share(), Share(), Share()
    sar, sar_sure = Share(), Share()
    missed, wrong, unsure_words = collections.defaultdict(collections.Counter), collections.Counter(), collections.Counter()
    wrong_by_type, own_wrong = collections.Counter(), collections.Counter()
    n_unsure = n_chars = n_annotations = n_unsure_people = 0
    for document in documents:
        text, applicant = document["text"], applicant_of(document)
        n_chars += len(text)
        hits = recognise(asked.habeas, text, applicant)
        other = [(s, e, h) for s, e, h in hits if h["whose"] == "other"]
        sure = [(s, e) for s, e, h in other if h.get("doubt") != "unknown_word"]
        unsure = [(s, e) for s, e, h in other if h.get("doubt") == "unknown_word"]
        subject = [(s, e) for s, e, h in hits if h["whose"] == "subject"]
        mask, mask_sure = covered(sure + unsure), covered(sure)
        mask_all = mask | covered(subject)
        distinct = {text[s:e] for s, e in unsure}
        n_unsure += len(distinct)
        unsure_words.update(distinct)
        wanted = set(WORD.findall(fold(applicant)))
        for annotation in document["annotations"].values():
            n_annotations += 1
            mentions = annotation["entity_mentions"]
            by_entity = collections.defaultdict(list)
            for mention in mentions:
                by_entity[mention["entity_id"]].append(mention)
            gold_mask = covered((m["start_offset"], m["end_offset"]) for m in mentions
                                if m["identifier_type"] != "NO_MASK")
            of_type = {at: m["entity_type"] for m in mentions
                       for at in range(m["start_offset"], m["end_offset"])}
            # The benchmark's own measures.
            for group in by_entity.values():
                kinds = {m["identifier_type"] for m in group} - {"NO_MASK"}
                if not kinds:
                    continue
                kind = "DIRECT" if "DIRECT" in kinds else "QUASI"
                done = all(is_masked(text, mask_all, m["start_offset"], m["end_offset"]) for m in group
                           if m["identifier_type"] != "NO_MASK")
                entities[kind].add(done)
                entities_by_type[group[0]["entity_type"], kind].add(done)
            for mention in mentions:
                if mention["identifier_type"] == "NO_MASK":
                    continue
                for word in words(text, mention["start_offset"], mention["end_offset"]):
                    done = all(at in mask_all for at in range(*word))
                    tokens.add(done)
                    tokens_by_type[mention["entity_type"]].add(done)
                    if mention["entity_type"] in ("PERSON", "CODE"):
                        tokens_in_scope.add(done)
            is_mine = lambda group: group[0]["entity_type"] == "PERSON" and any(
                wanted <= set(WORD.findall(fold(m["span_text"]))) for m in group)
            mine = covered((m["start_offset"], m["end_offset"]) for g in by_entity.values() if is_mine(g) for m in g)
            theirs = covered((m["start_offset"], m["end_offset"]) for g in by_entity.values()
                             if g[0]["entity_type"] in ("PERSON", "CODE") and not is_mine(g) for m in g)
            for word in words(text):
                place = range(*word)
                if all(at in mask_all for at in place):
                    precision.add(any(at in gold_mask for at in place))
                if all(at in mask_all and (at in mask_sure or at not in mask) for at in place):
                    precision_sure.add(any(at in gold_mask for at in place))
                if all(at in mask for at in place):
                    is_right = any(at in theirs for at in place)
                    sar.add(is_right)
                    if all(at in mask_sure for at in place):
                        sar_sure.add(is_right)
                        if not is_right:
                            kind = "the applicant" if any(at in mine for at in place) else next(
                                (of_type[at] for at in place if at in of_type), "nothing annotated")
                            wrong_by_type[kind] += 1
                            wrong[f"{kind}: {text[max(0, word[0] - 25):word[1] + 15]!r}"] += 1
            # The view of a request.
            known = {fold(w) for m in mentions if m["entity_type"] == "PERSON"
                     for w in WORD.findall(m["span_text"]) if len(WORD.findall(m["span_text"])) > 1}
            for group in by_entity.values():
                if group[0]["entity_type"] != "PERSON":
                    continue
                mine_here = is_mine(group)
                done = []
                for mention in group:
                    start, end = mention["start_offset"], mention["end_offset"]
                    found = words(text, start, end)
                    if mine_here:
                        is_wrong = any(all(at in mask for at in range(*word)) for word in found)
                        own.add(is_wrong)
                        if is_wrong:
                            own_wrong[f"{applicant}: {text[start:end]}"] += 1
                        continue
                    is_good = is_masked(text, mask, start, end)
                    is_sure = is_masked(text, mask_sure, start, end)
                    n_unsure_people += is_good and not is_sure
                    others.add(is_good)
                    others_sure.add(is_sure)
                    done.append(is_good)
                    if not is_good:
                        place = text[max(0, start - 30):end + 15].replace("\n", " ")
                        missed[classify(text, start, end, known)][f"{text[start:end]!r} in {place!r}"] += 1
                if not mine_here:
                    people.add(all(done))

    print(f"{len(documents)} documents, {n_annotations} annotations, {n_chars} characters\n")
    print("the benchmark's measures (the applicant counted as masked)")
    for kind, share in entities.items():
        print(f"  entity recall, {kind:<8}             {share}")
    for kind in TYPES:
        for level in ("DIRECT", "QUASI"):
            if entities_by_type[kind, level].all:
                scope = "in scope" if kind in ("PERSON", "CODE") else "left by design"
                print(f"    {kind:<9} {level:<8} {scope:<14} {entities_by_type[kind, level]}")
    print(f"  token recall, all types             {tokens}")
    for kind in TYPES:
        print(f"    {kind:<33} {tokens_by_type[kind]}")
    print(f"  token recall, PERSON and CODE       {tokens_in_scope}")
    print(f"  token precision, with unsure words  {precision}")
    print(f"  token precision, without            {precision_sure}")
    print("\nthe view of a request")
    print(f"  mentions of others, masked          {others}")
    print(f"    without the unsure class          {others_sure}")
    print(f"  other people, masked wherever named {people}")
    print(f"  the applicant's mentions, masked    {own}")
    print(f"  masked words that are a person's    {sar}")
    print(f"    without the unsure class          {sar_sure}")
    print(f"  unsure words, distinct a page of 3,000 characters: {n_unsure * 3000 / max(n_chars, 1):.2f}; "
          f"person mentions that only they mask: {n_unsure_people}")
    print("\nmissed, by class")
    for kind, all_of in sorted(missed.items(), key=lambda pair: -sum(pair[1].values())):
        print(f"  {kind}: {sum(all_of.values())}")
        for place, n in all_of.most_common(asked.misses):
            print(f"    {n:>3}  {place}")
    print("\nthe applicant masked:", dict(own_wrong.most_common(asked.misses)))
    print("\nwrongly masked words:", dict(wrong_by_type))
    for place, n in wrong.most_common(asked.misses):
        print(f"    {n:>3}  {place}")
    print("\nunsure:", dict(unsure_words.most_common(asked.misses * 2)))


if __name__ == "__main__":
    main()
