"""What a search for words would bring, over the same places: the ways in which people look today."""

import bisect
import re
from collections import Counter, defaultdict

from . import names
from .score import r_precision, ratio, reading

WORD = re.compile(r"\w+")


def flat(text):
    return names.fold(text.replace("’", "'"))


class Text:
    """All places in one text, so that a phrase is looked for once."""

    def __init__(self, texts, form):
        self.keys, self.starts, parts, at = list(texts), [], [], 0
        for key in self.keys:
            part = form(texts[key])
            self.starts.append(at)
            parts.append(part)
            at += len(part) + 1
        self.all = "\x00".join(parts)

    def having(self, phrase):
        found, at = set(), self.all.find(phrase) if phrase else -1
        while at >= 0:
            found.add(self.keys[bisect.bisect_right(self.starts, at) - 1])
            at = self.all.find(phrase, at + 1)
        return found


class Places:
    def __init__(self, texts):
        self.lower = Text(texts, str.lower)
        self.digits = Text(texts, lambda text: re.sub(r"[^\d\n]", "", text))
        self.solid = Text(texts, lambda text: re.sub(r"\s", "", flat(text)))
        self.words = defaultdict(set)
        for key, text in texts.items():
            for word in WORD.findall(flat(text)):
                self.words[word].add(key)

    def with_words(self, text):
        return set.intersection(*(self.words.get(word, set()) for word in WORD.findall(flat(text))))


def stated(request):
    """The identifiers of a request but its names, as they are stated."""
    yield from (request.get(kind, "").lower() for kind in ("email", "phone", "reference"))
    if "born" in request:
        yield "/".join(reversed(request["born"].split("-")))
    if "address" in request:
        line, _, postcode = request["address"].lower().rsplit(", ", 2)
        yield from (line, postcode)


def phrases(places, request, person):
    """Each identifier exactly as stated, but for capitals."""
    full = [request["name"], *request.get("former_names", [])]
    return [places.lower.having(text) for text in [*(name.lower() for name in full), *stated(request)]]


def together(places, request, person):
    """All words of a name anywhere in the place, without accents, or another identifier as stated."""
    full = [request["name"], *request.get("former_names", [])]
    return [places.with_words(name) for name in full] + [places.lower.having(text) for text in stated(request)]


def broad(places, request, person):
    """A surname anywhere, every layout of the number, the address of mail, the postcode with or without its blank."""
    surnames = [person.surname] + ([person.former] if "former_names" in request else [])
    found = [places.with_words(surname) for surname in surnames]
    found.append(places.digits.having(re.sub(r"\D", "", request.get("phone", ""))[1:]))
    found += [places.lower.having(request.get(kind, "").lower()) for kind in ("email", "reference")]
    if "address" in request:
        found.append(places.solid.having(flat(request["address"].rsplit(", ", 1)[1]).replace(" ", "")))
    return found


WAYS = {"exact phrases as stated": phrases, "all words of the name, folded": together, "surname or any layout": broad}


def search(truth, texts):
    """Recall, precision and reading of each way; a place is read the sooner the more of the identifiers stand in it."""
    places, out = Places(texts), {}
    n_due = sum(len(case["due"]) for case in truth.cases.values())
    for way, look in WAYS.items():
        shown = []
        for name, case in truth.cases.items():
            counts = Counter(key for found in look(places, case["request"], case["person"]) for key in found)
            shown += [(name, key, "", n_found, "hit" if key in case["due"] else "wrong")
                      for key, n_found in counts.items() if key not in case["neutral"]]
        hits = sum(row[4] == "hit" for row in shown)
        out[way] = {"recall": ratio(hits, n_due), "precision": ratio(hits, len(shown)), "findings": len(shown),
                    "r_precision": r_precision(truth, shown), "reading": reading([(row[3], row[4] == "hit") for row in shown], n_due)}
    return out
