"""Counts what was recovered from a bundle, what of the requester stayed, and what else was lost."""

import os
import re
from collections import Counter, defaultdict

from . import attack, look

# Ways of naming that mean somebody only beside what else stands in the same document.
LOCAL = {"given", "nick", "lower", "initials", "initial", "titled", "surname", "user"}
PROSE = {"txt", "docx", "pptx", "html", "pdf", "scan", "image", "eml"}
NAMES = {"full", "surname", "given", "nick", "initials", "initial", "titled", "reversed", "lower", "lowerfull", "upper"}


def exhibits(run, names):
    """For each source document's name, the files of the bundle that were made from it."""
    out, unknown = defaultdict(list), []
    for row in run.schedule():
        if row["status"] != "given" or not row["file"]:
            continue
        # The innermost place wins: a member is its container's exhibit too.
        whose = [name for name in names if name in row["place"] or name in row["also_found"]]
        files = [os.path.join(row["folder"], row["file"]), os.path.join("P_Portability", row["file"].rsplit(".", 1)[0] + ".csv")]
        for name in whose:
            out[name] += files
        if not whose:
            unknown.append(row)
    return out, unknown


def refused(run, names, given):
    """What was not given, by status and reason; and what has no row at all."""
    rows = [row for row in run.schedule() if row["status"] != "given"]
    told = {name for row in rows for name in names if name in row["place"] or name in row["also_found"]}
    reasons = Counter((row["status"], row["ground"] or row["why_yours"]) for row in rows)
    return reasons, rows, sorted(set(names) - set(given) - told)


def partly(run):
    return [row for row in run.schedule() if row["status"] == "given" and (row["parts_not_readable"] or "0") not in ("0", "")]


def canonical(one):
    """One string for all layouts of a number."""
    if one["class"] in ("phone", "nhs"):
        digits = re.sub(r"\D", "", one["string"])
        return "0" + digits[2:] if digits.startswith("44") else digits
    return one["string"].upper().replace(" ", "") if one["class"] == "postcode" else one["string"]


def parts(one):
    """What is left of somebody when only half was taken out: (class, string)."""
    kind, string = one["class"], one["string"]
    if one.get("cased") and kind in ("email", "handle"):
        return []  # "will" is a word before it is a part of an address
    if kind == "phone":
        return [("part of phone", canonical(one)[-6:])]
    if kind == "email":
        return [("part of email", piece) for piece in re.split(r"[.\-_]", string.split("@")[0]) if len(piece) >= 4]
    if kind == "handle":
        return [("part of handle", piece) for piece in re.split(r"[@.\-_]", string) if len(piece) >= 4]
    if kind in ("full", "reversed", "lowerfull", "upper"):
        words = [word for word in re.split(r"[ ,\-]+", string) if len(word) >= 3]
        return [("part of name", word) for word in words]
    if kind == "nhs":
        return [("part of nhs", canonical(one)[-4:]), ("part of nhs", canonical(one)[3:6] + " " + canonical(one)[6:])]
    return []


def alike(rows, documents, run):
    """For exhibits whose file's name was taken out, the document whose words they have most of."""
    words = lambda text: set(re.findall(r"[^\W\d_]{4,}", attack.fold(text)))
    out = defaultdict(list)
    for row in rows:
        file = os.path.join(row["folder"], row["file"])
        read = words(" ".join(one.text for one in attack.readings(os.path.join(run.bundle, file), False) if one.means == "pymupdf"))
        best = max(documents, key=lambda document: len(read & words(" ".join(document.text))), default=None)
        if best is not None and len(read & words(" ".join(best.text))) > 8:
            out[best.name].append(file)
    return out


class Estate:
    """The made-up estate's gold against a bundle."""

    def __init__(self, maker, run, ocr=True):
        self.maker, self.run, self.ocr = maker, run, ocr
        self.names = [document.name for document in maker.documents]
        self.kinds = {document.name: document.kind for document in maker.documents}
        self.where, self.unknown = exhibits(run, self.names)
        for name, files in alike(self.unknown, maker.documents, run).items():
            self.where[name] += files
        self.files = run.files()
        self.mine = {attack.tight(attack.fold(one["string"])) for document in maker.documents for one in document.planted if one["role"] == "requester"}

    def theirs(self, one):
        """Whether a planted string says somebody else and nobody but them."""
        if one["role"] == "requester" or attack.tight(attack.fold(one["string"])) in self.mine:
            return False
        if one["cased"] and one["class"] == "lower" and one["string"] == "will":
            return False  # nobody can tell
        return not (one["role"] in ("relative", "namesake") and one["class"] in ("surname", "house", "postcode", "titled"))

    def leaks(self):
        """Rows by (role, class): planted, recovered; and every recovery."""
        planted, found = Counter(), {}
        groups = defaultdict(set)
        for document in self.maker.documents:
            for one in document.planted:
                if self.theirs(one):
                    groups[one["role"], one["class"], canonical(one), one["cased"]].add(document.name)
                    for kind, part in parts(one):
                        if attack.tight(attack.fold(part)) not in self.mine:
                            groups[one["role"], kind, part, one["cased"]].add(document.name)
        for (role, kind, string, cased), documents in groups.items():
            shown = [name for name in documents if self.where.get(name)]
            planted[role, kind] += len(shown)
            secret = attack.Secret(string, "phone" if kind in ("phone", "nhs") else "name" if kind in NAMES else kind, cased and kind in ("given", "nick", "part of name"))
            if kind in LOCAL or kind.startswith("part of") or len(secret.tight) < 6:
                places = {file: self.files[file] for name in shown for file in self.where[name] if file in self.files}
            else:
                places = self.files
            for file, _, means in attack.search(places, [secret], self.ocr):
                found.setdefault((role, kind, string), []).append((file, means, sorted(documents)))
        return planted, found

    def kept(self):
        """Rows by class: the requester's strings in exhibits, those that can be read; and the misses."""
        total, stayed, misses = Counter(), Counter(), []
        for document in self.maker.documents:
            places = [self.files[file] for file in self.where.get(document.name, []) if file in self.files]
            if not places or document.kind == "namesake":
                continue
            for kind, string in sorted({(one["class"], one["string"]) for one in document.planted if one["role"] == "requester"}):
                total[kind] += 1
                if any(attack.kept(place, [string], self.ocr) for place in places):
                    stayed[kind] += 1
                else:
                    misses.append((document.name, kind, string))
        return total, stayed, misses

    def neutral(self):
        """Words of running text: other people's taken out, and words of nobody's that went with them."""
        out = Counter()
        lost = Counter()
        for document in self.maker.documents:
            places = [self.files[file] for file in self.where.get(document.name, []) if file in self.files]
            if document.kind not in PROSE or not places:
                continue
            words = lambda text: set(re.findall(r"[^\W\d_]{4,}", attack.fold(text)))
            read = set().union(*[words(one.folded) for place in places for one in attack.readings(place, self.ocr) if one.means in attack.SEEN])
            other = set().union(*[words(one["string"]) for one in document.planted if self.theirs(one)], set())
            hers = set().union(*[words(one["string"]) for one in document.planted if one["role"] == "requester"], set())
            plain = words(" ".join(document.text)) - other - hers
            out["other, gone"] += len((other - hers) - read)
            out["other"] += len(other - hers)
            out["neutral"] += len(plain)
            out["neutral, gone"] += len(plain - read)
            out["hers"] += len(hers)
            out["hers, gone"] += len(hers - read)
            lost.update(plain - read)
        return out, lost


def broken(holds):
    """What must be gone, and what would be left of it if half went."""
    mine = {attack.tight(attack.fold(word)) for string in holds.requester for word in [string, *re.split(r"[ .@-]", string)]}
    out = list(holds.secrets)
    for string in holds.secrets:
        kind = "email" if "@" in string else "phone" if re.fullmatch(r"[\d ]{10,}", string) else "full"
        out += [part for _, part in parts({"class": kind, "string": string}) if attack.tight(attack.fold(part)) not in mine]
    return list(dict.fromkeys(out))


def sensitivity(made, papers, ocr=True):
    """How much of what should be gone the same attack finds in the papers as they were: a check of the check."""
    out = {}
    for name, holds in sorted(made.items()):
        if any(word in name for word in ("billion", "form-loop", "huge", "enormous", "five-hundred")):
            continue  # no reader ends with these in time
        path = os.path.join(papers, name)
        secrets = [attack.Secret(string, "phone" if re.fullmatch(r"[\d ]{10,}", string) else "name") for string in holds.secrets]
        out[name] = (len({secret.string for _, secret, _ in attack.search({name: path}, secrets, ocr)}), len(secrets))
    return out


def resembles(source, places):
    """The share of the page that looks as it did, where both can be drawn."""
    if any(word in source for word in ("billion", "form-loop", "huge", "page-tree-loop")):
        return "–"
    try:
        return next((look.alike(source, path) for path in places.values() if path.endswith(".pdf")), "–")
    except Exception:
        return "–"


def strange(made, papers, run, ocr=True):
    """A row for each strange paper: given or not, what leaked and how, what of the requester is lost."""
    where, unknown = exhibits(run, list(made))
    files, rows = run.files(), []
    taken = {file for names in where.values() for file in names}
    rest = {name: path for name, path in files.items() if name not in taken}
    status = {name: f"{row['status']} {row['ground']}".strip() for row in run.schedule() for name in made if name in row["place"] or name in row["also_found"]}
    for name, holds in sorted(made.items()):
        places = {file: files[file] for file in where.get(name, []) if file in files}
        secrets = [attack.Secret(string, "phone" if re.fullmatch(r"[\d ]{10,}", string) else "name") for string in broken(holds)]
        leaked = [(secret.string, file, means) for file, secret, means in attack.search(places, secrets, ocr)]
        missing = [string for string in holds.requester if places and not any(attack.kept(path, [string], ocr) for path in places.values())]
        rows.append({"paper": name, "status": status.get(name, "no row"), "look": resembles(os.path.join(papers, name), places), "leaked": leaked, "missing": missing, "asked": len(holds.requester) if places else 0, "secrets": len(secrets), "given": bool(places)})
    everyone = {string: attack.Secret(string, "phone" if re.fullmatch(r"[\d ]{10,}", string) else "name") for holds in made.values() for string in holds.secrets if len(string) > 6}
    around = attack.search(rest, list(everyone.values()), ocr)
    return rows, [(secret.string, file, means) for file, secret, means in around], unknown
