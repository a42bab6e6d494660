"""Makes documents of every kind about one requester, with a gold list of what was planted."""

import datetime
import email.message
import email.policy
import json
import mailbox
import os
import random
from dataclasses import dataclass, field

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw, ImageFont

from .people import Named, people
from .strange.layout import html as printed
from .strange.pictures import on_page, packed, sheet
from .strange.raw import show, simple, wrapped

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


@dataclass
class Document:
    name: str
    kind: str
    planted: list = field(default_factory=list)
    text: list = field(default_factory=list)  # running text whose neutral words should survive
    lines: list = field(default_factory=list)  # each line of it with what is planted in it, in order


# Sentences: each names somebody; `a`, `b` are other people, `h` the requester, `s` staff, `d` health.
FORMAL = [
    "{h:full} told us on Tuesday that {a:full} had left the gate open again.",
    "I spoke to {a:full} on {a:phone} about the leak at {h:house}, {h:postcode}.",
    "{a:titled} and {b:titled} both signed the petition against {h:titled}.",
    "According to {a:surname}, the noise comes from the flat of {h:full}.",
    "Please write to {a:email} if the invoice for {h:ref} is not paid.",
    "{a:full} was born on {a:born} and lives at {a:house}, {a:postcode}.",
    "The witness {a:full} (reference {a:ref}) says that {h:given} was polite throughout.",
    "cc {a:initial}, {b:initial}",
    "Present: {s:full}, {h:full}, {a:full}, {b:full}.",
    "{a:initials} agreed with {h:initials} that the boiler needs a new valve.",
    "{a:given} and {h:given} met in the hall, and {b:given} carried the ladder.",
    "NHS number of {a:full}: {a:nhs}; of {h:full}: {h:nhs}.",
    "{d:titled} examined {h:full} and asked for a letter from the surgery.",
    "{a:reversed} is to be copied into everything about {h:reversed}.",
    "{s:full} of the repairs team will call {h:full} on {h:phone} next week.",
    "We met {a:full}'s daughter, who said {b:surname}'s dog had bitten {h:titled}.",
    "The gardener {a:full} says he was paid in cash by {h:full}.",
    "{p:full} is the husband of {h:full} and pays the rent with her.",
    "{p:given} and {m:given} will be at home with {h:given} on Friday.",
]
CHATTY = [
    "{a:lower} says hes not coming, can u tell {h:lower}",
    "is {h:lower} ok? {a:nick} saw her crying by the bins",
    "ask {a:lowerfull} for the key or ring {a:phone}",
    "lol {b:nick} is at it again, {h:nick} will go mad",
    "{a:handle} posted the photo of {h:lowerfull}",
    "dont let {a:lower} near the meter, {h:given} has the code",
]
NEUTRAL = ["The boiler was last serviced in March and the part costs forty pounds.", "A copy of the tenancy agreement is kept in the office safe.", "The lift will be out of order for two days while the cable is replaced.",
           "Nobody has yet looked at the gutter above the bicycle shed.", "The next inspection is planned for the autumn, weather permitting."]
OTHERS = ["th", "fg", "od", "oa", "bf", "jm", "wr", "kz", "dp", "lx", "ro", "gb", "mo"]


class Maker:
    def __init__(self, root, seed, scale=1):
        self.root, self.rng, self.people, self.scale = root, random.Random(seed), people(seed), scale
        self.documents, self.sources = [], {}
        self.seen = 0

    def document(self, source, name, kind):
        self.sources[source] = os.path.join(self.root, source)
        os.makedirs(self.sources[source], exist_ok=True)
        document = Document(name, kind)
        self.documents.append(document)
        return document, os.path.join(self.sources[source], name)

    def say(self, document, templates, n):
        """`n` sentences with people in them, each with neutral company now and then."""
        rng, out = self.rng, []
        for _ in range(n):
            a, b = rng.sample(OTHERS, 2)
            who = {"a": a, "b": b, "h": "hv", "s": rng.choice(["s1", "s2"]), "d": rng.choice(["h1", "h2"]), "p": "pv", "m": "mv"}
            template = templates[self.seen % len(templates)]
            self.seen += 1
            before = len(document.planted)
            line = template.format(**{key: Named(self.people[one], document, rng) for key, one in who.items()})
            if rng.random() < 0.4:
                line += " " + rng.choice(NEUTRAL)
            document.lines.append((line, document.planted[before:]))
            out.append(line)
        document.text += out
        return out

    def named(self, key, document):
        return Named(self.people[key], document, self.rng)

    def intro(self, document):
        h = self.named("hv", document)
        line = f"About {h:full}, {h:ref}, {h:email}."
        document.text.append(line)
        return line


def docx_files(make):
    for n in range(4 * make.scale):
        document, path = make.document("files", f"doc-{n:04}.docx", "docx")
        word = docx.Document()
        other = make.people[make.rng.choice(OTHERS)]
        word.core_properties.author, word.core_properties.last_modified_by = other.name, make.people["s1"].name
        word.add_heading(make.intro(document), 1)
        for line in make.say(document, FORMAL, 7):
            paragraph = word.add_paragraph()
            # A name split over runs, as editing leaves it.
            third = max(1, len(line) // 3)
            for start in range(0, len(line), third):
                paragraph.add_run(line[start : start + third]).bold = start == third
        table = word.add_table(rows=0, cols=3)
        for key in ["hv"] + make.rng.sample(OTHERS, 3):
            who = make.named(key, document)
            for cell, text in zip(table.add_row().cells, [f"{who:full}", f"{who:phone}", f"{who:email}"]):
                cell.text = text
        section = word.sections[0]
        section.header.paragraphs[0].text = "Complaint of {0:full} about {1:full}".format(make.named(other.id, document), make.named("hv", document))
        section.footer.paragraphs[0].text = "{0:full}, page".format(make.named(make.rng.choice(OTHERS), document))
        word.save(path)


def xlsx_files(make):
    for n in range(3 * make.scale):
        document, path = make.document("files", f"sheet-{n:04}.xlsx", "xlsx")
        book = openpyxl.Workbook()
        sheet_ = book.active
        sheet_.append(["Tenant", "E-mail", "Phone", "Address", "Reported by", "Note"])
        for key in ["hv"] + make.rng.sample(OTHERS, 8):
            who, by = make.named(key, document), make.named(make.rng.choice(OTHERS), document)
            sheet_.append([f"{who:full}", f"{who:email}", f"{who:phone}", f"{who:house}, {who:postcode}", f"{by:full}", "noise" if key != "hv" else f"rang {by:given} about the lift"])
        hidden = book.create_sheet("Old")
        hidden.sheet_state = "hidden"
        who = make.named("kz", document)
        hidden.append([f"{who:full}", f"{who:phone}", f"about {make.named('hv', document):full}"])
        from openpyxl.comments import Comment

        who = make.named("gb", document)
        sheet_["F2"].comment = Comment(f"{who:full} disagrees", f"{who:full}")
        book.save(path)


def pptx_files(make):
    document, path = make.document("files", "slides-0001.pptx", "pptx")
    show_ = pptx.Presentation()
    for n in range(3):
        slide = show_.slides.add_slide(show_.slide_layouts[1])
        slide.shapes.title.text = make.intro(document)
        slide.placeholders[1].text = "\n".join(make.say(document, FORMAL, 3))
        slide.notes_slide.notes_text_frame.text = "\n".join(make.say(document, FORMAL, 1))
    show_.save(path)


def message(make, document, sender, to, cc=(), rich=True, quoted=True, attached=True):
    rng = make.rng
    mail = email.message.EmailMessage(policy=email.policy.SMTP)
    address = lambda key: f'"{make.named(key, document):full}" <{make.named(key, document):email}>'
    mail["From"], mail["To"] = address(sender), ", ".join(address(key) for key in to)
    if cc:
        mail["Cc"] = ", ".join(address(key) for key in cc)
    day = datetime.datetime(2024, 3, 1, 9, 0) + datetime.timedelta(hours=rng.randrange(8000))
    mail["Date"], mail["Message-ID"] = day.strftime("%a, %d %b %Y %H:%M:%S +0000"), f"<{rng.randrange(10**9)}.{make.people[sender].surname.lower().encode('ascii', 'ignore').decode()}@example.org>"
    mail["Subject"] = "Re: {0:full} and {1:full}".format(make.named("hv", document), make.named(rng.choice(OTHERS), document))
    lines = [f"Dear {make.named(to[0], document):given},"] + make.say(document, FORMAL, 4) + ["Kind regards,", f"{make.named(sender, document):given}", "--", f"{make.named(sender, document):full}", f"Tel {make.named(sender, document):phone}"]
    if quoted:
        q = rng.choice(OTHERS)
        lines += ["", f"On Mon, 4 Mar 2024 at 10:12, {make.named(q, document):full} <{make.named(q, document):email}> wrote:"] + ["> " + line for line in make.say(document, FORMAL, 2)]
        lines += ["> From: {0:full}".format(make.named(q, document)), "> Sent: 3 March 2024", "> To: {0:full}".format(make.named("hv", document))]
    mail.set_content("\n".join(lines) + "\n")
    if rich:
        mail.add_alternative("<html><body>" + "".join(f"<p>{line}</p>" for line in lines) + f"<!-- {make.people['gb'].name} --><img alt='{make.people['ro'].name}' src='x.png'></body></html>", subtype="html")
    if attached:
        mail.add_attachment("\n".join([make.intro(document)] + make.say(document, FORMAL, 3)).encode(), maintype="text", subtype="plain", filename=f"note of {make.people[rng.choice(OTHERS)].surname}.txt")
    return mail


def eml_files(make):
    for n in range(8 * make.scale):
        document, path = make.document("mail", f"mail-{n:04}.eml", "eml")
        sender, second = make.rng.sample(OTHERS[:7] + ["s1", "s2", "hv"], 2)
        to = ["hv"] if sender != "hv" else ["s1"]
        mail = message(make, document, sender, to, [second] if second not in to else [], rich=n % 2 == 0, quoted=n % 3 != 0, attached=n % 3 == 0)
        with open(path, "wb") as file:
            file.write(bytes(mail))


def mbox_files(make):
    document, path = make.document("mail", "box-0001.mbox", "mbox")
    box = mailbox.mbox(path)
    for n in range(6 * make.scale):
        sender = make.rng.choice(OTHERS[:7] + ["s1"])
        box.add(mailbox.mboxMessage(bytes(message(make, document, sender, ["hv"], ["s2"], rich=n % 2 == 1, attached=False))))
    box.close()


def csv_files(make):
    import csv

    for n, header in enumerate([["Name", "Email", "Phone", "Address", "Postcode", "NHS No", "DOB"], ["surname", "first_name", "ref", "called_by", "remark", "phone", "date"]]):
        document, path = make.document("tables", f"table-{n:04}.csv", "csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(header)
            for key in ["hv", "th", "fg", "od", "oa", "bf", "jm", "wr", "pv", "ns", "s1", "s2"]:
                who, by = make.named(key, document), make.named(make.rng.choice(OTHERS), document)
                if n == 0:
                    out.writerow([f"{who:full}", f"{who:email}", f"{who:phone}", f"{who:house}", f"{who:postcode}", f"{who:nhs}", f"{who:born}"])
                else:
                    out.writerow([f"{who:surname}", f"{who:given}", f"{who:ref}", f"{by:full}", f"asked {by:given} to call back", f"{who:phone}", "2024-05-02"])


def text_files(make):
    for n in range(5 * make.scale):
        document, path = make.document("files", f"note-{n:04}.txt", "txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join([make.intro(document)] + make.say(document, FORMAL, 8)) + "\n")


def html_files(make):
    for n in range(2 * make.scale):
        document, path = make.document("files", f"page-{n:04}.html", "html")
        body = "".join(f"<p>{line}</p>" for line in [make.intro(document)] + make.say(document, FORMAL, 6))
        hidden = f"<!-- {make.people['kz'].name} --><p style='display:none'>{make.people['dp'].name}</p><div data-who='{make.people['gb'].name}' title='{make.people['ro'].name}'></div><script>var a='{make.people['mo'].name}'</script>"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"<html><head><title>{make.people['hv'].name}</title><meta name='author' content='{make.people['od'].name}'></head><body>{body}{hidden}</body></html>")


def chats(make):
    document, path = make.document("chat", "WhatsApp Chat with tenants.txt", "chat")
    lines = []
    for n in range(24 * make.scale):
        key = make.rng.choice(["hv"] + OTHERS[:6] + OTHERS[8:10])
        lines.append(f"{1 + n % 28:02d}/03/2024, 1{n % 10}:0{n % 6} - {make.named(key, document):full}: " + " ".join(make.say(document, CHATTY, 1)))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    document, path = make.document("chat", "log-0001.txt", "chat")
    with open(path, "w", encoding="utf-8") as file:
        for n in range(10):
            file.write(f"[10:{n:02d}] {make.named(make.rng.choice(['hv', 'th', 'gb']), document):user}: " + " ".join(make.say(document, CHATTY, 1)) + "\n")


def cards(make):
    document, path = make.document("files", "contacts.vcf", "vcf")
    with open(path, "w", encoding="utf-8", newline="") as file:
        for key in ["hv", "th", "fg", "od", "wr", "jm", "pv"]:
            who = make.named(key, document)
            file.write(f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{who:surname};{who:given}\r\nFN:{who:full}\r\nEMAIL:{who:email}\r\nTEL:{who:phone}\r\nADR:;;{who:house};Marlbeck;;{who:postcode};\r\nBDAY:{make.people[key].facts['born']}\r\nEND:VCARD\r\n")
    document, path = make.document("files", "meeting.ics", "ics")
    a, b, h = (make.named(key, document) for key in ("th", "kz", "hv"))
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@{make.people['th'].surname.lower()}\r\nDTSTART:20240304T100000Z\r\nSUMMARY:Visit of {a:full} to {h:full}\r\nORGANIZER;CN={a:full}:mailto:{a:email}\r\n"
                   f"ATTENDEE;CN={h:full}:mailto:{h:email}\r\nATTENDEE;CN={b:full}:mailto:{b:email}\r\nDESCRIPTION:{b:given} brings the ladder. Call {b:phone}.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def jsons(make):
    document, path = make.document("tables", "tickets.json", "json")
    rows = []
    for key in ["hv", "th", "hv", "fg"]:
        who, by = make.named(key, document), make.named(make.rng.choice(OTHERS), document)
        rows.append({"id": len(rows) + 1, "customer": {"name": f"{who:full}", "email": f"{who:email}", "phone": f"{who:phone}"}, "agent": f"{make.named('s2', document):full}", "text": " ".join(make.say(document, FORMAL, 2)), "reported_by": f"{by:full}"})
    with open(path, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)


def pictures(make):
    for n in range(2 * make.scale):
        document, path = make.document("scans", f"photo-{n:04}.png", "image")
        lines = wrapped([make.intro(document)] + make.say(document, FORMAL[:8], 3), 60)
        image = Image.new("RGB", (1300, 60 + 44 * len(lines)), "white")
        for m, line in enumerate(lines):
            ImageDraw.Draw(image).text((30, 30 + 44 * m), line, font=ImageFont.truetype(SANS, 28), fill="black")
        image.save(path)
    for n in range(3 * make.scale):
        document, path = make.document("scans", f"scan-{n:04}.pdf", "scan")
        lines = wrapped([make.intro(document)] + make.say(document, FORMAL, 6), 70)
        on_page(path, packed(sheet(lines, 200 if n % 2 else 150, [0, 0.6, -0.9][n % 3], [0, 2, 5][n % 3], n), "JPEG", quality=75))


def pdfs(make):
    for n in range(6 * make.scale):
        document, path = make.document("files", f"paper-{n:04}.pdf", "pdf")
        lines = [make.intro(document)] + make.say(document, FORMAL, 9)
        if n % 3 == 0:
            simple(path, show(wrapped([line.replace("\u2019", "'") for line in lines])))
            for one in document.planted:  # this font has no typographic apostrophe in our encoding
                one["string"] = one["string"].replace("\u2019", "'")
        elif n % 3 == 1:
            printed(path, "".join(f"<p style='text-align:justify'>{line}</p>" for line in lines))
        else:
            who = [make.named(key, document) for key in ["hv"] + make.rng.sample(OTHERS, 4)]
            printed(path, f"<p>{lines[0]}</p><table>" + "".join(f"<tr><td>{one:full}<td>{one:phone}<td>{one:email}</tr>" for one in who) + "</table>" + "".join(f"<p>{line}</p>" for line in lines[1:]))


def namesakes(make):
    """A document of the other Harriet Vale, and one of other people only: neither may come out."""
    document, path = make.document("files", "other-0001.txt", "namesake")
    who, a = make.named("ns", document), make.named("th", document)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{who:full}, born {who:born}, {who:email}, {who:phone}, lives at {who:house}, {who:postcode}.\n{a:full} is her neighbour.\n")


def make(root, seed, scale=1):
    maker = Maker(root, seed, scale)
    for part in (docx_files, xlsx_files, pptx_files, eml_files, mbox_files, csv_files, text_files, html_files, chats, cards, jsons, pictures, pdfs, namesakes):
        part(maker)
    with open(os.path.join(root, "..", "gold.jsonl"), "w", encoding="utf-8") as file:
        for document in maker.documents:
            for one in document.planted:
                file.write(json.dumps({**one, "kind": document.kind}, ensure_ascii=False) + "\n")
    return maker


def requester(maker):
    """What she states in her request, as flags of `habeas open`."""
    h = maker.people["hv"]
    f = h.facts
    return ["--name", h.name, "--known-as", h.nick, "--email", f["email"], "--phone", f["phone"], "--address", f"{f['house']}, Marlbeck, {f['postcode']}", "--reference", f["ref"], "--born", f["born"], "--nhs-number", f["nhs"]]
