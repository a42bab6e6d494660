"""Layouts whose places say how long a name was."""

import weasyprint
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from .. import cast
from . import paper
from .fonts import made
from .raw import show, simple, text, wrapped


def flowing(path, other, **style):
    look = ParagraphStyle("x", fontName="Helvetica", fontSize=11, leading=15, **style)
    parts = []
    for paragraph in cast.letter(other):
        parts += [Paragraph(paragraph, look), Spacer(1, 10)]
    SimpleDocTemplate(path, pagesize=A4, invariant=1).build(parts)
    return made(other, f"paragraphs, {style}")


@paper("justified", twins=True)
def justified(path, other):
    return flowing(path, other, alignment=TA_JUSTIFY)


@paper("ragged", twins=True)
def ragged(path, other):
    return flowing(path, other)


@paper("right-aligned", twins=True)
def right_aligned(path, other):
    return flowing(path, other, alignment=TA_RIGHT)


@paper("centred", twins=True)
def centred(path, other):
    return flowing(path, other, alignment=TA_CENTER)


@paper("address-block", twins=True)
def address_block(path, other):
    canvas = Canvas(path, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 11)
    for n, line in enumerate([other.name, "9 Weir Lane", "Marlbeck", "BS2 4QT", other.email]):
        canvas.drawRightString(535, 780 - 14 * n, line)
    canvas.drawCentredString(297, 690, f"Statement of {other.name}")
    canvas.drawString(60, 660, f"about {cast.AMARA.name}, reference {cast.REFERENCE}")
    canvas.drawString(60, 640, "The repair cost 214.50 pounds.")
    canvas.save()
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "The repair cost 214.50 pounds"], [other.name, other.surname, other.email, "9 Weir Lane", "BS2 4QT"],
                     "right-aligned address of the other person, a centred title with their name")


ROWS = [["Date", "Person", "What", "Pounds"], ["4 Feb", cast.AMARA.name, "boiler", "214.50"], ["5 Feb", None, "ceiling", "80.00"],
        ["9 Feb", cast.AMARA.name, "window", "31.20"]]


def rows(other):
    return [[cell if cell is not None else other.name for cell in row] for row in ROWS]


@paper("table-ruled", twins=True)
def table_ruled(path, other):
    table = Table(rows(other), style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("ALIGN", (3, 0), (3, -1), "RIGHT")], hAlign="LEFT")
    look = ParagraphStyle("x", fontName="Helvetica", fontSize=11, leading=15)
    SimpleDocTemplate(path, pagesize=A4, invariant=1).build([Paragraph(f"Repairs of {cast.REFERENCE}", look), Spacer(1, 10), table])
    return cast.Made([cast.AMARA.name, "boiler", "214.50", "31.20", cast.REFERENCE], [other.name, other.surname],
                     "a ruled table; the column is as wide as its widest cell, which is the name")


STYLE = "<style>@page{size:A4;margin:2cm}body{font:10pt 'DejaVu Sans'}table{border-collapse:collapse}td,th{border:1px solid #333;padding:3px}</style>"


def html(path, body, **options):
    weasyprint.HTML(string=STYLE + body).write_pdf(path, **options)


@paper("table-html", twins=True)
def table_html(path, other):
    body = f"<p>Repairs of {cast.REFERENCE}</p><table>" + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows(other)) + "</table>"
    html(path, body + "<p>The repair cost 214.50 pounds.</p>")
    return cast.Made([cast.AMARA.name, "boiler", "214.50", "31.20", cast.REFERENCE], [other.name, other.surname], "automatic column widths, rules")


@paper("table-open", twins=True)
def table_open(path, other):
    body = f"<p>Calls about {cast.REFERENCE}</p><table style='border:none'>" + "".join(
        "<tr>" + "".join(f"<td style='border:none;padding-right:12px'>{c}</td>" for c in [f"0{9+n}:15", other.name, cast.AMARA.name, f"{n} minutes"]) + "</tr>" for n in range(1, 6)) + "</table>"
    html(path, body)
    return cast.Made([cast.AMARA.name, "3 minutes", cast.REFERENCE], [other.name, other.surname],
                     "a table without rules; the name is in every row, so that every row's later cells shift by its length")


@paper("two-columns", twins=True)
def two_columns(path, other):
    html(path, "<div style='columns:2;column-gap:1cm;text-align:justify'>" + "".join(f"<p>{p}</p>" for p in cast.letter(other) * 2) + "</div>")
    return made(other, "two justified columns")


@paper("html-letter", twins=True)
def html_letter(path, other):
    html(path, f"<h1>About {other.name}</h1>" + "".join(f"<p>{p}</p>" for p in cast.letter(other)))
    return made(other, "WeasyPrint: a heading with the name, bookmarks made from it, kerning")


@paper("mail-printed", twins=True)
def mail_printed(path, other):
    head = "".join(f"<tr><td style='border:none'><b>{k}</b></td><td style='border:none'>{v}</td></tr>" for k, v in [
        ("From:", f"{other.name} &lt;{other.email}&gt;"), ("To:", f"{cast.AMARA.name} &lt;{cast.AMARA.email}&gt;"), ("Cc:", f"{cast.TOBIAS.name}"),
        ("Subject:", f"Repair {cast.REFERENCE}")])
    html(path, f"<p><b>{other.name}</b></p><hr><table style='border:none'>{head}</table><p>Hi {cast.AMARA.given},</p><p>The repair cost 214.50 pounds.</p>"
         f"<p>Best wishes<br>{other.given}</p><p>{other.name}<br>Tel. {other.phone}</p>")
    return cast.Made([cast.AMARA.name, cast.AMARA.email, cast.REFERENCE, "The repair cost 214.50 pounds"], [other.name, other.surname, other.email, other.phone, cast.TOBIAS.name],
                     "a mail as a printer driver prints it")


@paper("pills-and-frames", twins=True)
def pills(path, other):
    html(path, f"<p><span style='border:1px solid #c00;border-radius:6px;padding:2px'>{other.name}</span> complained about "
         f"<span style='background:#dfd'>{cast.AMARA.name}</span>, {cast.REFERENCE}.</p><p style='display:inline-block;border:2px solid'>{other.name}</p>"
         f"<p><u>{other.name}</u> and <s>{other.name}</s> and <a href='mailto:{other.email}'>{other.email}</a></p><p>The repair cost 214.50 pounds.</p>")
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "The repair cost 214.50 pounds"], [other.name, other.surname, other.email],
                     "frames, backgrounds, underlines, strikethrough exactly as wide as the name; a mailto link")


@paper("dot-leaders", twins=True)
def dot_leaders(path, other):
    simple(path, show([f"{name} {'.' * (70 - len(name))} {n}" for n, name in enumerate([cast.AMARA.name, other.name, cast.TOBIAS.name], 3)] + [f"Index of {cast.REFERENCE}"], b"/F1 10 Tf"))
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname, cast.TOBIAS.name], "dot leaders: how many dots there are says how long the name is")


@paper("monospaced-columns", twins=True)
def monospaced(path, other):
    lines = [f"{'Name':<36}{'Flat':<8}{'Pounds':>8}"] + [f"{n:<36}{f:<8}{p:>8}" for n, f, p in [(cast.AMARA.name, "4a", "214.50"), (other.name, "4b", "80.00"), (cast.TOBIAS.name, "4c", "31.20")]]
    def change(raw):
        raw.objects[3] = raw.objects[3].replace(b"Helvetica", b"Courier")
    simple(path, show(lines + [f"Reference {cast.REFERENCE}"], b"/F1 10 Tf"), change=change)
    return cast.Made([cast.AMARA.name, "214.50", cast.REFERENCE], [other.name, other.surname, cast.TOBIAS.name], "a report in columns padded with spaces, Courier")


@paper("running-head", twins=True)
def running_head(path, other):
    html(path, f"<style>@page{{@top-right{{content:'Case file of {other.name}'}}@bottom-center{{content:'{other.surname} / ' counter(page)}}}}</style>"
         + "".join(f"<p>{p}</p>" for p in cast.letter(other) * 6))
    return made(other, "the name in the head and foot of each page")


@paper("ligatures")
def ligatures(path, other):
    html(path, "<p style=\"font-family:'DejaVu Serif';font-variant-ligatures:common-ligatures\">" + "</p><p>".join(cast.letter(other) + ["The office staff of Sofi Fflint filed it."]) + "</p>")
    holds = made(other, "fi, ffi and fl as one glyph")
    holds.secrets.append("Sofi Fflint")
    return holds


@paper("ligature-characters")
def ligature_characters(path, other):
    html(path, "".join(f"<p>{p}</p>" for p in cast.letter(other)).replace("ffi", "\ufb03").replace("fi", "\ufb01"))
    return made(other, "U+FB01 and U+FB03 in the text itself")


@paper("broken-names", twins=True)
def broken_names(path, other):
    half = len(other.surname) // 2
    lines = [f"{cast.AMARA.name} met {other.given}", f"{other.surname} on Monday. On Tuesday {other.given} {other.surname[:half]}-", f"{other.surname[half:]} came back, and wrote from {other.email[:6]}",
             f"{other.email[6:]} about {cast.REFERENCE}, or called from {other.phone[:6]}", f"{other.phone[6:]} in the evening."]
    simple(path, show(lines))
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "in the evening"], [other.name, other.surname, other.email, other.phone, other.surname[half:], other.surname[:half]],
                     "name, address and number broken over line ends; one with a hyphen")


@paper("soft-hyphens")
def soft_hyphens(path, other):
    soft = "\u00ad".join(other.surname)
    html(path, f"<p lang=en style='width:4cm;hyphens:manual;text-align:justify'>The person who complained about {cast.AMARA.name} is {other.given} {soft} of flat 4b, and {soft} will not say more of {cast.REFERENCE}."
         f" Zero\u200bwidth: Grif\u200bfiths; no-break: {other.given}\u00a0{other.surname}.</p>")
    return cast.Made([cast.REFERENCE], [other.name, other.surname], "soft hyphens at every letter, zero width spaces, no-break spaces")


@paper("broken-over-pages")
def over_pages(path, other):
    from .raw import Raw

    raw = Raw()
    font = raw.font()
    for lines, top in [([f"{cast.AMARA.name} was seen by {other.given}"], 60), ([f"{other.surname} on Monday, see {cast.REFERENCE}."], 790)]:
        raw.page(show(lines, top=top), b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.given, other.surname], "given name at the foot of one page, family name at the head of the next")


@paper("rotate-90", twins=True)
def rotate_90(path, other):
    simple(path, show(wrapped(cast.letter(other))), entries=b"/Rotate 90")
    return made(other, "/Rotate 90 on a portrait page")


@paper("rotate-landscape", twins=True)
def rotate_landscape(path, other):
    simple(path, b"0 1 -1 0 595 0 cm\n" + show(wrapped(cast.letter(other)), top=540), entries=b"/Rotate 90")
    return made(other, "landscape: content turned and page turned back, as scanners and printers do")


@paper("rotated-text", twins=True)
def rotated_text(path, other):
    a = b"BT /F1 12 Tf 0.707 0.707 -0.707 0.707 120 200 Tm " + text(f"Complaint of {other.name} against {cast.AMARA.name}") + b" Tj ET "
    b = b"BT /F1 12 Tf 0 1 -1 0 40 100 Tm " + text(f"Witness {other.name}, {other.phone}, file {cast.REFERENCE}") + b" Tj ET "
    c = b"BT /F1 12 Tf -1 0 0 -1 540 60 Tm " + text(f"Upside down {other.name} here") + b" Tj ET"
    simple(path, a + b + c)
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname, other.phone], "text at 45, 90 and 180 degrees")


@paper("vertical-stack")
def vertical(path, other):
    out = show([f"About {cast.AMARA.name}, {cast.REFERENCE}"])
    for n, c in enumerate(other.name):
        out += b"BT /F1 12 Tf %d %d Td %s Tj ET\n" % (300, 700 - 14 * n, text(c))
    simple(path, out)
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname], "letters one under another")


@paper("vertical-writing")
def vertical_writing(path, other):
    from .fonts import identity_page

    identity_page(path, [f"{cast.AMARA.name} {cast.REFERENCE}", other.name], lambda c: c, True, b"BT /F1 12 Tf 20 TL 1 0 0 1 300 780 Tm\n")
    return cast.Made([], [other.name, other.surname], "Identity-V")


@paper("mirrored-and-skewed")
def mirrored(path, other):
    simple(path, b"q -1 0 0 1 595 0 cm " + show([f"Mirrored {other.name}"], top=700) + b"Q q 1 0 0.3 1 0 0 cm " + show([f"Skewed {other.name} for {cast.AMARA.name}"], top=600) + b"Q " + show([cast.REFERENCE]))
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname], "mirrored and skewed text")


@paper("right-to-left")
def right_to_left(path, other):
    html(path, f"<p dir=rtl style='font-size:14pt'>\u05d4\u05e9\u05db\u05df \u05d9\u05d5\u05e1\u05e3 \u05d1\u05df-\u05d3\u05d5\u05d3 \u05d4\u05ea\u05dc\u05d5\u05e0\u05df</p>"
         f"<p dir=rtl style='font-size:14pt'>\u0642\u0627\u0644 \u062e\u0627\u0644\u062f \u0627\u0644\u0645\u0646\u0635\u0648\u0631 \u0625\u0646</p><p>{cast.AMARA.name} lives below {other.name}, {cast.REFERENCE}.</p>")
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname, "\u05d9\u05d5\u05e1\u05e3 \u05d1\u05df-\u05d3\u05d5\u05d3", "\u062e\u0627\u0644\u062f \u0627\u0644\u0645\u0646\u0635\u0648\u0631"],
                     "a Hebrew and an Arabic name (both in DIRECTORY.csv)")


@paper("diacritics")
def diacritics(path, other):
    html(path, f"<p>{cast.AMARA.name}, {cast.REFERENCE}</p><p>Ze\u0301lie D\u0308o\u0308rrenba\u0308cher, Z\u00c9LIE D\u00d6RRENB\u00c4CHER, Z\u00e9lie D\u00f6rrenb\u00e4cher, Zelie Dorrenbacher, <span style='font-variant:small-caps'>Z\u00e9lie D\u00f6rrenb\u00e4cher</span>, {other.name.upper()}</p>")
    return cast.Made([cast.AMARA.name, cast.REFERENCE], ["Z\u00e9lie D\u00f6rrenb\u00e4cher", "Zelie Dorrenbacher", "D\u00f6rrenb\u00e4cher", other.name],
                     "composed, decomposed, capitals, small capitals, no accents")


@paper("bar-chart", twins=True)
def bar_chart(path, other):
    bars = "".join(f"<text x='5' y='{40 + 30 * n}' font-size='10'>{name}</text><rect x='{20 + 6 * len(name)}' y='{30 + 30 * n}' width='{w}' height='12' fill='#48c'/>"
                   for n, (name, w) in enumerate([(cast.AMARA.name, 90), (other.name, 60), (cast.TOBIAS.name, 30)]))
    html(path, f"<p>Calls a month, {cast.REFERENCE}</p><svg width='500' height='140' xmlns='http://www.w3.org/2000/svg'>{bars}</svg>")
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname, cast.TOBIAS.name], "a chart whose bars begin where the names end")
