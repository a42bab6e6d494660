"""Text that is covered, hidden, off the page, clipped or painted."""

import pymupdf

from .. import cast
from . import paper
from .fonts import made, outlines
from .raw import Raw, show, simple, text, wrapped

FIRST = [f"About {cast.AMARA.name}, reference {cast.REFERENCE}", "The repair cost 214.50 pounds."]
KEPT = [cast.AMARA.name, cast.REFERENCE, "The repair cost 214.50 pounds"]


def said(other, *more):
    return [other.name, other.surname, *more]


@paper("crop-box")
def crop_box(path, other):
    simple(path, show(FIRST + [f"Shown: {other.name}"]) + show([f"{other.name}, {other.phone}"], top=30) + show([other.email], left=700), entries=b"/CropBox [0 200 595 842]")
    return cast.Made(KEPT, said(other, other.phone, other.email), "a crop box; text below it and beyond the media box")


@paper("white-text")
def white_text(path, other):
    simple(path, show(FIRST) + b"1 1 1 rg " + show([f"{other.name} {other.phone}"], top=700) + b"0.99 0.99 0.99 rg " + show([other.email], top=680))
    return cast.Made(KEPT, said(other, other.phone, other.email), "white and nearly white text")


@paper("black-box")
def black_box(path, other):
    simple(path, show(FIRST + ["", f"The witness is {other.name}, {other.phone}."]) + b"0 0 0 rg 50 728 260 18 re f")
    return cast.Made(KEPT, said(other, other.phone), "text under a black box: somebody's redaction")


@paper("black-image-over")
def black_image(path, other):
    simple(path, show(FIRST + ["", f"The witness is {other.name}, {other.phone}."]) + b"q 260 0 0 18 50 728 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q")
    return cast.Made(KEPT, said(other, other.phone), "text under a black picture")


@paper("black-on-black")
def black_on_black(path, other):
    simple(path, show(FIRST) + b"0 0 0 rg 50 700 260 18 re f " + show([f"{other.name}, {other.phone}"], top=705))
    return cast.Made(KEPT, said(other, other.phone), "black text above a black box")


@paper("redact-annotation")
def redact_annotation(path, other):
    simple(path, show(FIRST + ["", f"The witness is {other.name}, {other.phone}."]))
    document = pymupdf.open(path)
    document[0].add_redact_annot(pymupdf.Rect(50, 90, 320, 115), text=other.name)
    document.saveIncr()
    return cast.Made(KEPT, said(other, other.phone), "a redaction that was marked and never applied, with the name as its overlay text")


@paper("text-mode-3")
def mode_3(path, other):
    simple(path, show(FIRST) + b"3 Tr " + show([f"{other.name}, {other.phone}"], top=700))
    return cast.Made(KEPT, said(other, other.phone), "Tr 3")


@paper("text-mode-7-clip")
def mode_7(path, other):
    simple(path, show(FIRST) + b"q BT /F1 30 Tf 7 Tr 60 600 Td " + text(other.name) + b" Tj ET 0.2 0.4 0.8 rg 0 580 595 60 re f Q")
    return cast.Made(KEPT, said(other), "Tr 7: the name is a clip that a rectangle is painted through")


@paper("text-mode-1-stroke")
def mode_1(path, other):
    simple(path, show(FIRST) + b"1 Tr " + show([other.name], b"/F1 24 Tf", top=600) + b"2 Tr " + show([other.name], b"/F1 24 Tf", top=560))
    return cast.Made(KEPT, said(other), "stroked, filled and stroked text")


@paper("clipped-away")
def clipped(path, other):
    simple(path, show(FIRST) + b"q 0 0 10 10 re W n " + show([f"{other.name} {other.phone}"], top=600) + b"Q q 60 500 20 20 re W n " + show([other.name], top=505) + b"Q")
    return cast.Made(KEPT, said(other, other.phone), "text clipped away, and a name of which one letter and a half can be seen")


@paper("tiny-and-huge-text")
def tiny(path, other):
    simple(path, show(FIRST) + show([f"{other.name} {other.phone}"], b"/F1 0.4 Tf", top=600) + show([other.name], b"/F1 120 Tf", top=300))
    return cast.Made(KEPT, said(other, other.phone), "text of 0.4 and of 120 points")


@paper("form-xobject", twins=True)
def form_xobject(path, other):
    raw = Raw()
    font = raw.font()
    inner = raw.stream(show([f"The witness is {other.name}.", f"Call {other.phone}"], top=60), b"/Type /XObject /Subtype /Form /BBox [0 0 595 100] /Resources << /Font << /F1 %d 0 R >> >>" % font)
    outer = raw.stream(b"q 0.9 0 0 0.9 0 0 cm /In Do Q", b"/Type /XObject /Subtype /Form /BBox [0 0 595 100] /Resources << /XObject << /In %d 0 R >> >>" % inner)
    raw.page(show(FIRST) + b"q 1 0 0 1 0 500 cm /Out Do Q q 1 0 0 1 0 300 cm /Out Do Q", b"/Font << /F1 %d 0 R >> /XObject << /Out %d 0 R >>" % (font, outer))
    raw.save(path)
    return cast.Made(KEPT, said(other, other.phone), "a form in a form, drawn twice")


@paper("pattern-of-names")
def pattern(path, other):
    raw = Raw()
    font = raw.font()
    tile = raw.stream(b"BT /F1 8 Tf 2 10 Td " + text(other.name) + b" Tj ET", b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 120 30] /XStep 120 /YStep 30 /Resources << /Font << /F1 %d 0 R >> >>" % font)
    raw.page(show(FIRST) + b"/Pattern cs /P1 scn 0 100 595 300 re f", b"/Font << /F1 %d 0 R >> /Pattern << /P1 %d 0 R >>" % (font, tile))
    raw.save(path)
    return cast.Made(KEPT, said(other), "a tiling pattern (a watermark) made of the name")


@paper("shadings-and-masks", twins=True)
def shadings(path, other):
    raw = Raw()
    font = raw.font()
    function = b"<< /FunctionType 2 /Domain [0 1] /C0 [1 0.9 0.8] /C1 [0.8 0.9 1] /N 1 >>"
    axial = raw.add(b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 595 842] /Extend [true true] /Function %s >>" % function)
    radial = raw.add(b"<< /ShadingType 3 /ColorSpace /DeviceRGB /Coords [300 400 0 300 400 200] /Function %s >>" % function)
    group = raw.stream(b"0.5 g 0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >>")
    mask = raw.add(b"<< /Type /ExtGState /SMask << /Type /Mask /S /Luminosity /G %d 0 R >> >>" % group)
    blend = raw.add(b"<< /Type /ExtGState /BM /Multiply /ca 0.5 >>")
    content = b"/S1 sh q 0 500 595 200 re W n /S2 sh Q " + show(wrapped(cast.letter(other))) + b"q /GM gs 1 0 0 rg 100 100 200 100 re f " + show([f"masked {other.name}"], top=150) + b"Q q /GB gs 0 0 1 rg 50 740 300 50 re f " + show([f"blended {other.name}"], top=260) + b"Q"
    raw.page(content, b"/Font << /F1 %d 0 R >> /Shading << /S1 %d 0 R /S2 %d 0 R >> /ExtGState << /GM %d 0 R /GB %d 0 R >>" % (font, axial, radial, mask, blend))
    raw.save(path)
    return made(other, "axial and radial shadings, a soft mask, multiply and half transparent paint over and under text")


@paper("outlines-only")
def outlines_only(path, other):
    shapes = outlines("".join(other.name))
    out, x = show(FIRST) + b"0 0 0 rg\n", 60.0
    for c in other.name:
        out += b"q 0.02 0 0 0.02 %.2f 600 cm\n%s\nf Q\n" % (x, shapes[c][0].encode())
        x += shapes[c][1] * 0.02
    simple(path, out)
    return cast.Made(KEPT, [other.name, other.surname], "the name is paths, not text: only OCR reads it. Withholding is right")


@paper("outlines-whole-page")
def outlines_page(path, other):
    lines = wrapped(cast.letter(other))
    shapes, out, y = outlines("".join(lines) + " "), b"", 780
    for line in lines:
        x = 60.0
        for c in line:
            if shapes[c][0]:
                out += b"q 0.01 0 0 0.01 %.2f %d cm\n%s\nf Q\n" % (x, y, shapes[c][0].encode())
            x += shapes[c][1] * 0.01
        y -= 15
    simple(path, out)
    return cast.Made([], cast.gone(other), "a whole letter as paths")


@paper("thousands-of-paths")
def thousands(path, other):
    lines = b"0.2 w\n" + b"".join(b"%d %d m %d %d l S\n" % (n % 595, n // 40, (n * 7) % 595, (n * 13) % 842) for n in range(30000))
    simple(path, lines + b"1 g 40 560 520 250 re f 0 g " + show(wrapped(cast.letter(other))))
    return made(other, "30,000 lines, as of a plan")


@paper("highlighted")
def highlighted(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    document = pymupdf.open(path)
    page = document[0]
    for kind in (page.add_highlight_annot, page.add_underline_annot, page.add_strikeout_annot):
        for quad in page.search_for(other.surname, quads=True):
            note = kind(quad)
            note.set_info(content=f"this is {other.name}", title=cast.TOBIAS.name)
            note.update()
    page.add_text_annot((400, 400), f"call {other.phone}").set_info(title=other.name)
    page.add_freetext_annot(pymupdf.Rect(300, 500, 560, 530), f"Typed over: {other.name}")
    page.insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(60, 60, 200, 80), "uri": f"mailto:{other.email}"})
    document.saveIncr()
    return made(other, "highlight, underline, strikeout annotations over names, notes, a typewriter note that is shown, a link")


@paper("actual-text")
def actual_text(path, other):
    content = show(FIRST) + b"/Span << /ActualText " + text(other.name) + b" >> BDC " + show(["the witness"], top=700) + b"EMC /Span << /ActualText (the witness) >> BDC " + show([f"{other.name} saw it"], top=680) + b"EMC /Figure << /Alt " + text(f"Photo of {other.name}") + b" >> BDC 100 100 50 50 re f EMC"
    simple(path, content)
    return cast.Made(KEPT, said(other), "ActualText says the name where something else is shown; says something else where the name is shown; Alt")


@paper("layers")
def layers(path, other):
    raw = Raw()
    font = raw.font()
    on, off = (raw.add(b"<< /Type /OCG /Name " + text(name) + b" >>") for name in ("Shown", f"Notes of {other.name}"))
    raw.catalogue = b"/OCProperties << /OCGs [%d 0 R %d 0 R] /D << /ON [%d 0 R] /OFF [%d 0 R] >> >>" % (on, off, on, off)
    raw.page(b"/OC /On BDC " + show(FIRST) + b"EMC /OC /Off BDC " + show([f"Hidden: {other.name} {other.phone}"], top=700) + b"EMC", b"/Font << /F1 %d 0 R >> /Properties << /On %d 0 R /Off %d 0 R >>" % (font, on, off))
    raw.save(path)
    return cast.Made(KEPT, said(other, other.phone), "a layer that is off; its name is a name too")


@paper("unusual-lines")
def unusual(path, other):
    simple(path, show(FIRST) + b"BT /F1 11 Tf 14 TL 60 700 Td " + text(f"quote {other.name}") + b" ' 2 1 " + text(f"double {other.name}") + b" \" 5 Ts " + text("super ") + b" Tj 0 Ts " + text(other.surname) + b" Tj ET\n"
           + b"BT /F1 11 Tf 0 Tr 60 600 Td [" + text(other.given) + b" -3000 " + text(other.surname) + b"] TJ ET")
    return cast.Made(KEPT, said(other), "the operators ' and \", a raised baseline, a name with 33 points between its words")


@paper("neighbours-tight")
def tight(path, other):
    simple(path, show([f"{cast.AMARA.name} keeps this line 1", f"{other.name} is gone from line 2", f"{cast.AMARA.name} keeps this line 3"] * 5, lead=8) + show([cast.REFERENCE], top=600))
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "keeps this line 1", "keeps this line 3"], said(other), "lines nearer than their height: what is above and below a name must stay")
