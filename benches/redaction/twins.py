"""Documents that differ in nothing but one person's name, and what a bundle still says of its length."""

import email.message
import email.policy
import hashlib
import math
import os
import random
import re
import statistics
import zipfile

import docx
import openpyxl
import pymupdf

from . import attack, cast, strange

# The first two differ in length and in nothing else; the third has a hyphen too.
NAMES = [cast.SHORT, cast.Person("Bartholomew", "Featherstonehaugh", "07700 900777"), cast.LONG, cast.Person("Tia", "Illi", "07700 900777")]


def undated(path):
    """Takes out the moment at which a workbook was saved, which is not the same for two twins."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(zipfile.ZipInfo(name), re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-02T03:04:05Z", data))


def letter(other):
    """The letter once more, as a paper of its own."""
    cast.SHEET["n"] += 1
    return cast.letter(other)


def office(folder, other):
    """A letter in every other kind of file."""
    lines = letter(other)
    word = docx.Document()
    word.core_properties.author = "Office"
    for line in lines:
        word.add_paragraph(line)
    table = word.add_table(rows=0, cols=2)
    for cells in [(cast.AMARA.name, "boiler"), (other.name, "ceiling")]:
        for cell, text in zip(table.add_row().cells, cells):
            cell.text = text
    word.save(os.path.join(folder, "letter.docx"))
    book = openpyxl.Workbook()
    for row in [["Name", "Reported by", "What"], [cast.AMARA.name, other.name, "boiler"], [other.name, cast.AMARA.name, "ceiling"]]:
        book.active.append(row)
    book.save(os.path.join(folder, "sheet.xlsx"))
    undated(os.path.join(folder, "sheet.xlsx"))
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"] = f'"{other.name}" <{other.email}>', f'"{cast.AMARA.name}" <{cast.AMARA.email}>'
    mail["Date"], mail["Message-ID"], mail["Subject"] = "Mon, 04 Mar 2024 10:00:00 +0000", "<1@example.org>", f"{other.name} about {cast.AMARA.name}"
    lines = letter(other)
    mail.set_content("\n\n".join(lines))
    mail.add_alternative("".join(f"<p>{line}</p>" for line in lines), subtype="html")
    mail.set_boundary("b1")
    with open(os.path.join(folder, "mail.eml"), "wb") as file:
        file.write(bytes(mail))
    for name, text in [("note.txt", "\n\n".join(letter(other))), ("page.html", "<html><body>" + "".join(f"<p>{line}</p>" for line in letter(other)) + "</body></html>"),
                       ("rows.csv", f"Name,Neighbour,What\n{cast.AMARA.name},{other.name},boiler\n{other.name},{cast.AMARA.name},ceiling\n"),
                       ("WhatsApp Chat.txt", "".join(f"0{n}/03/2024, 10:0{n} - {who}: {what}\n" for n, (who, what) in enumerate([(other.name, f"has {cast.AMARA.name} paid?"), (cast.AMARA.name, f"ask {other.given}, {other.phone}"), (other.name, "ok")], 1)))]:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


def make(folder, other):
    """The twin papers under names that say nothing, with a directory in which the other person stands."""
    os.makedirs(folder)
    from .strange import broken, fonts, hidden, layout, marks, pictures  # noqa: F401

    for number, (name, twins, function) in enumerate(strange.MAKERS, 1):
        cast.SHEET["n"] = number
        if twins:
            function(os.path.join(folder, f"{name}.pdf"), other)
    office(folder, other)
    with open(os.path.join(folder, "directory.csv"), "w", encoding="utf-8") as file:
        file.write(f"Name,Email,Phone\n{other.name},{other.email},{other.phone}\n{cast.TOBIAS.name},{cast.TOBIAS.email},{cast.TOBIAS.phone}\n")


def numberless(word):
    """Numbers of exhibits and labels aside: their digits are equally wide, and they have a column of their own."""
    return re.sub(r"\d{3}\]$", "###]", re.sub(r"(SAR-\d{4}-\d{4}-)\d{6}", r"\1######", word))


def places(path):
    """Every word and every drawing of a PDF with its place, to 0.01 pt, and every page's size."""
    out = []
    with pymupdf.open(path) as document:
        for page in document:
            out.append(("page", page.number, round(page.rect.width, 2), round(page.rect.height, 2)))
            out += [("word", page.number, *[round(v, 2) for v in word[:4]], numberless(word[4])) for word in page.get_text("words")]
            out += [("rule", page.number, *[round(v, 2) for v in drawing["rect"]]) for drawing in page.get_drawings()]
    return out


def pixels(path):
    with pymupdf.open(path) as document:
        return hashlib.sha256(b"".join(page.get_pixmap(dpi=100).samples for page in document)).hexdigest()


def signature(run, name):
    """What can be seen of one document in a bundle, coarse to fine."""
    rows = [row for row in run.schedule() if name in row["place"]]
    given = [os.path.join(run.bundle, row["folder"], row["file"]) for row in rows if row["status"] == "given" and row["file"]]
    texts, where, look, raw, numbers = [], [], [], [], []
    for path in given:
        if not path.endswith(".pdf") or not os.path.exists(path):
            continue
        seen = places(path)
        # "Exhibit 12": the number says how the exhibits are ordered, not what this page says.
        seen = [one[:6] + ("#",) if n and seen[n - 1][-1] == "Exhibit" and one[0] == "word" else one for n, one in enumerate(seen)]
        where += [one for one in seen if not one[-1] == "#"]
        numbers += [word[4] for page in pymupdf.open(path) for word in page.get_text("words") if numberless(word[4]) != word[4]]
        texts += [" ".join(word[6] for word in seen if word[0] == "word")]
        look.append(pixels(path))
        with open(path, "rb") as file:
            raw.append(hashlib.sha256(file.read()).hexdigest())
    return {"status": tuple((row["status"], row["ground"], row["pages"], row["taken_out"]) for row in rows), "text": tuple(texts), "places": tuple(where), "numbers": tuple(numbers), "pixels": tuple(look), "bytes": tuple(raw)}


LEVELS = ["status", "text", "places", "numbers", "pixels", "bytes"]


def compare(runs, names):
    """For each document, bits by level: log2 of how many of the twins' outcomes can be told apart."""
    rows = []
    for name in names:
        seen = [signature(run, name) for run in runs]
        bits = {level: math.log2(len({one[level] for one in seen})) for level in LEVELS}
        rows.append({"paper": name, "given": [bool(one["text"]) for one in seen], "width": float(seen[0]["places"] != seen[1]["places"]), "bits": bits, "first": difference(seen)})
    return rows


def difference(seen):
    """The first thing that differs, for whoever mends it."""
    a = seen[0]
    b = next((one for one in seen[1:] if one["places"] != a["places"] or one["status"] != a["status"]), seen[1])
    if a["status"] != b["status"]:
        return f"schedule {a['status']} / {b['status']}"
    for one, two in zip(a["places"], b["places"]):
        if one != two:
            return f"{one} / {two}"
    return "" if len(a["places"]) == len(b["places"]) else f"{len(a['places'])} / {len(b['places'])} things on its pages"


def others(runs):
    """The bundle's other files whose text differs between the twins, digests and sizes aside."""
    out = []
    texts = []
    for run in runs:
        one = {}
        for name, path in run.files().items():
            if name.startswith("Z_") or re.search(r"-\d{6}\.(pdf|csv)$", name):
                continue
            reading = attack.readings(path, False)[0].text if path.endswith(".pdf") else open(path, encoding="utf-8", errors="replace").read()
            one[name] = re.sub(r"\b[0-9a-f]{64}\b", "", reading)
        texts.append(one)
    for name in sorted(set().union(*texts)):
        if len({text.get(name) for text in texts}) > 1:
            lines = [set((text.get(name) or "").splitlines()) for text in texts]
            out.append((name, len(lines[0] ^ lines[1])))
    return out


def pool(seed, n=20000):
    """Random full names, as the papers on gaps use them."""
    rng = random.Random(seed)
    heads, middles, tails = "B Br C Cl D Dr F Fl G Gr H J K L M N P R S St T Tr V W".split(), "a e i o u ai ea ou".split(), "l ll n nd r rt s st t tt ck m ng x".split()

    def word(least, most):
        text = "".join(rng.choice(heads).lower() + rng.choice(middles) + (rng.choice(tails) if rng.random() < 0.6 else "") for _ in range(rng.randint(least, most)))
        return text.capitalize()

    return [f"{word(1, 3)} {word(1, 4)}" for _ in range(n)]


LABEL = re.compile(r"^\[[A-Z]{2,4}$|^\[[A-Z]{2,4}\]|^\[TP|^\[withheld|^\[Third", re.I)


def gaps(run, truths, seed=1):
    """The classical attack: for every label, the space between its neighbours against 20,000 names.

    `truths` are the names that were taken out. If they are among the candidates no more often than chance has it,
    the gap says nothing."""
    names = pool(seed)
    font = pymupdf.Font("helv")
    unit = sorted(font.text_length(name, 1) for name in names)
    true = [font.text_length(name, 1) for name in truths]
    import bisect

    near = lambda width, size: bisect.bisect(unit, (width + 0.5) / size) - bisect.bisect(unit, (width - 0.5) / size)
    rows, residues = [], []
    for name, path in run.files().items():
        if not re.search(r"-\d{6}\.pdf$", name):
            continue
        with pymupdf.open(path) as document:
            for page in document:
                words = page.get_text("words")
                for n, word in enumerate(words):
                    if not LABEL.match(word[4]):
                        continue
                    last = n
                    while last + 1 < len(words) and "]" not in words[last][4] and last < n + 4:
                        last += 1
                    line = [w for w in words if abs(w[3] - word[3]) < 1 and not (w[0] >= word[0] and w[2] <= words[last][2])]
                    before, after = [w for w in line if w[2] <= word[0] + 0.1], [w for w in line if w[0] >= words[last][2] - 0.1]
                    if not before or not after:
                        continue
                    size = (word[3] - word[1]) / 1.37  # ascender to descender of most fonts
                    gap = min(w[0] for w in after) - max(w[2] for w in before) - 2 * 0.278 * size
                    left = max(near(gap, size), 1)
                    residues.append(round((min(w[0] for w in after) - words[last][2] + word[0] - max(w[2] for w in before)) / size, 1))
                    rows.append((left, sum(abs(width * size - gap) <= 0.5 for width in true) / len(true)))
    if not rows:
        return None
    return {"labels": len(rows), "candidates": statistics.median(left for left, _ in rows), "nominal_bits": round(math.log2(len(names) / statistics.median(left for left, _ in rows)), 1),
            "truth_among": round(sum(hit for _, hit in rows) / len(rows), 4), "by_chance": round(sum(left for left, _ in rows) / len(rows) / len(names), 4), "distinct_gaps": len(set(residues))}
