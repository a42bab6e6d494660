"""Fonts of every kind, and glyphs placed in every way."""

import io
import re

import pikepdf
import pymupdf
from fontTools import subset
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from .. import cast
from . import paper
from .raw import Raw, show, simple, text, wrapped

SANS = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
LIBERATION = "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"


def made(other, notes, **more):
    return cast.Made(cast.stays(), cast.gone(other), notes)


def typeset(path, lines, file=SANS, size=10):
    """Type0 Identity-H with ToUnicode, as MuPDF writes it."""
    document = pymupdf.open()
    page = document.new_page()
    page.insert_font("F0", file)
    for n, line in enumerate(lines):
        if line:
            page.insert_text((60, 70 + n * 15), line, fontname="F0", fontsize=size)
    document.subset_fonts()
    document.save(path, deflate=True)


@paper("type1-letter", twins=True)
def type1_letter(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    return made(other, "Type1 Helvetica, a letter; lines are broken where the name's length breaks them")


@paper("type0-letter", twins=True)
def type0_letter(path, other):
    typeset(path, wrapped(cast.letter(other), 80))
    return made(other, "TrueType in Type0 Identity-H with ToUnicode")


@paper("type0-no-tounicode")
def type0_no_tounicode(path, other):
    typeset(path, wrapped(cast.letter(other), 80))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
        pdf.save(path)
    return made(other, "Type0 Identity-H, ToUnicode removed; the font has a cmap still")


def glyphless(characters, file=LIBERATION):
    """A TrueType subset without cmap, names or post names: glyph numbers by character, its bytes, its units an em."""
    options = subset.Options()
    options.glyph_names, options.name_IDs, options.notdef_outline, options.hinting = False, [], True, False
    options.layout_features = []
    font = TTFont(file)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    numbers = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    widths = {c: font["hmtx"][font.getGlyphName(n)][0] * 1000 / font["head"].unitsPerEm for c, n in numbers.items()}
    for table in ("cmap", "GSUB", "GPOS", "GDEF", "kern"):
        if table in font:
            del font[table]
    font["post"].formatType = 3.0
    out = io.BytesIO()
    font.save(out)
    return numbers, widths, out.getvalue()


def identity(raw, characters, tounicode=None, vertical=False):
    """A Type0 font over a glyphless subset; `tounicode` maps character to what a reader is told."""
    numbers, widths, data = glyphless(characters)
    file = raw.stream(data, b"/Length1 %d" % len(data))
    descriptor = raw.add(b"<< /Type /FontDescriptor /FontName /AAAAAA+Cut /Flags 4 /FontBBox [-500 -300 1200 1000] /ItalicAngle 0 "
                         b"/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 %d 0 R >>" % file)
    array = " ".join(f"{n} [{widths[c]:.0f}]" for c, n in sorted(numbers.items(), key=lambda item: item[1]))
    cid = raw.add(b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Cut /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
                  b"/Supplement 0 >> /FontDescriptor %d 0 R /CIDToGIDMap /Identity /DW 500 /W [%s] >>" % (descriptor, array.encode()))
    maps = b""
    if tounicode:
        pairs = "\n".join(f"<{numbers[c]:04x}> <{''.join(f'{unit:04x}' for unit in utf16(tounicode(c)))}>" for c in numbers)
        maps = b"/ToUnicode %d 0 R" % raw.stream(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <0000> <ffff> "
            f"endcodespacerange\n{len(numbers)} beginbfchar\n{pairs}\nendbfchar endcmap end end")
    font = raw.add(b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Cut /Encoding /%s /DescendantFonts [%d 0 R] %s >>"
                   % (b"Identity-V" if vertical else b"Identity-H", cid, maps))
    return font, numbers


def utf16(string):
    data = string.encode("utf-16-be")
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def hexed(line, numbers):
    return b"<" + "".join(f"{numbers[c]:04x}" for c in line).encode() + b">"


def identity_page(path, lines, tounicode=None, vertical=False, head=b"BT /F1 10 Tf 15 TL 1 0 0 1 60 780 Tm\n"):
    raw = Raw()
    font, numbers = identity(raw, set("".join(lines)) | {" "}, tounicode, vertical)
    content = head + b"".join(hexed(line, numbers) + b" Tj T*\n" for line in lines) + b"ET"
    raw.page(content, b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)


@paper("type0-no-maps")
def type0_no_maps(path, other):
    identity_page(path, wrapped(cast.letter(other), 80))
    return made(other, "Type0 Identity-H, no ToUnicode, and the font file has no cmap and no glyph names: only the shapes say what it is")


@paper("type0-lying-map")
def type0_lying(path, other):
    turn = dict(zip("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"))
    identity_page(path, wrapped(cast.letter(other), 80), lambda c: turn.get(c, c))
    return cast.Made([], cast.gone(other), "ToUnicode maps every letter to another one: extraction reads gibberish, the eye reads names. "
                     "Withheld is right; if a page goes out, OCR of it must not read the secrets")


@paper("type0-blank-map")
def type0_blank(path, other):
    identity_page(path, wrapped(cast.letter(other), 80), lambda c: " ")
    return cast.Made([], cast.gone(other), "ToUnicode maps every glyph to a space: extraction reads nothing, the eye reads names")


@paper("type0-half-map")
def type0_half(path, other):
    identity_page(path, wrapped(cast.letter(other), 80), lambda c: c if c not in "aeiou" else "\ue000")
    return cast.Made([], cast.gone(other), "ToUnicode maps the vowels to the private use area")


class Ops(BasePen):
    """Outlines as PDF path operators."""

    def __init__(self, glyphs):
        super().__init__(glyphs)
        self.out = []

    def _moveTo(self, p):
        self.out.append(f"{p[0]:.0f} {p[1]:.0f} m")

    def _lineTo(self, p):
        self.out.append(f"{p[0]:.0f} {p[1]:.0f} l")

    def _curveToOne(self, a, b, c):
        self.out.append(f"{a[0]:.0f} {a[1]:.0f} {b[0]:.0f} {b[1]:.0f} {c[0]:.0f} {c[1]:.0f} c")

    def _closePath(self):
        self.out.append("h")


def outlines(string, file=SANS):
    """For each character its path operators and advance, in 1000 units an em."""
    font = TTFont(file)
    glyphs, cmap, scale = font.getGlyphSet(), font.getBestCmap(), 1000 / font["head"].unitsPerEm
    out = {}
    for c in set(string):
        pen = Ops(glyphs)
        glyphs[cmap[ord(c)]].draw(pen)
        path = re.sub(r"-?\d+", lambda m: f"{int(m.group()) * scale:.0f}", "\n".join(pen.out))
        out[c] = (path, font["hmtx"][cmap[ord(c)]][0] * scale)
    return out


def bitmap(c, file=SANS, size=60):
    """A glyph as an inline image mask, and its advance in 1000 units an em."""
    font = ImageFont.truetype(file, size)
    width = max(1, round(font.getlength(c)))
    image = Image.new("1", (width, size + 18), 1)
    ImageDraw.Draw(image).text((0, 0), c, font=font, fill=0)
    scale = 1000 / size
    data = image.tobytes()
    ops = (b"%.2f 0 0 %.2f 0 %.2f cm\nBI /IM true /W %d /H %d /BPC 1 /D [0 1] ID " % (width * scale, (size + 18) * scale, -18 * scale - 60, width, size + 18)
           + data + b"\nEI")
    return ops, width * scale


def type3(path, other, draw, named, mapped):
    lines = wrapped(cast.letter(other), 80)
    characters = sorted(set("".join(lines)))
    raw = Raw()
    procedures, widths, differences = [], [], []
    codes = {c: 33 + n for n, c in enumerate(characters)}
    for c in characters:
        ops, advance = draw(c)
        body = b"%.0f 0 0 -300 1200 1100 d1\n" % advance + ops
        label = f"/{named(c, codes[c])}"
        procedures.append(f"{label} {raw.stream(body)} 0 R")
        widths.append(f"{advance:.0f}")
        differences.append(label)
    maps = b""
    if mapped:
        pairs = "\n".join(f"<{codes[c]:02x}> <{ord(c):04x}>" for c in characters)
        maps = b"/ToUnicode %d 0 R" % raw.stream(f"begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\nendcmap")
    font = raw.add(("<< /Type /Font /Subtype /Type3 /FontBBox [-100 -300 1300 1100] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << "
                    + " ".join(procedures) + f" >> /Encoding << /Type /Encoding /Differences [33 {' '.join(differences)}] >> /FirstChar 33 /LastChar "
                    + f"{32 + len(characters)} /Widths [{' '.join(widths)}] /Resources << >> ").encode() + maps + b" >>")
    content = b"BT /F1 10 Tf 15 TL 1 0 0 1 60 780 Tm\n" + b"".join(
        b"<" + "".join(f"{codes[c]:02x}" for c in line).encode() + b"> Tj T*\n" for line in lines) + b"ET"
    raw.page(content, b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)


def vector(lines):
    shapes = outlines(lines)
    return lambda c: (shapes[c][0].encode() + b"\nf", shapes[c][1])


@paper("type3-vector-mapped", twins=True)
def type3_vector(path, other):
    type3(path, other, vector("".join(cast.letter(other)) + " "), lambda c, n: f"g{n}", True)
    return made(other, "Type3 font of paths, with ToUnicode")


@paper("type3-vector-unmapped")
def type3_unmapped(path, other):
    type3(path, other, vector("".join(cast.letter(other)) + " "), lambda c, n: f"g{n}", False)
    return made(other, "Type3 font of paths, no ToUnicode, meaningless glyph names")


@paper("type3-bitmap-mapped")
def type3_bitmap(path, other):
    type3(path, other, bitmap, lambda c, n: f"a{n}", True)
    return made(other, "Type3 font of bitmaps (as from TeX), with ToUnicode")


@paper("type3-bitmap-unmapped")
def type3_bitmap_unmapped(path, other):
    type3(path, other, bitmap, lambda c, n: f"a{n}", False)
    return made(other, "Type3 font of bitmaps, no ToUnicode")


@paper("tj-per-glyph", twins=True)
def tj_per_glyph(path, other):
    out = b"BT /F1 11 Tf 15 TL 1 0 0 1 60 780 Tm\n"
    for line in wrapped(cast.letter(other)):
        # Shifts that depend on what went before, as a word processor makes them.
        parts, sum_ = [], 0
        for c in line:
            sum_ += ord(c)
            parts.append(text(c) + b" %d" % (sum_ % 23 - 11))
        out += b"[" + b" ".join(parts) + b"] TJ T*\n"
    simple(path, out + b"ET")
    return made(other, "every glyph with its own TJ shift, the shifts depend on the glyphs before them on the line (Word's leak)")


@paper("tm-per-glyph", twins=True)
def tm_per_glyph(path, other):
    font = pymupdf.Font("helv")
    out, y = b"BT /F1 11 Tf\n", 780
    for line in wrapped(cast.letter(other)):
        x = 60.0
        for c in line:
            if c != " ":  # no glyph for a space at all
                out += b"1 0 0 1 %.3f %d Tm %s Tj\n" % (x, y, text(c))
            x += font.text_length(c, 11)
        y -= 15
    simple(path, out + b"ET")
    return made(other, "every glyph has its own Tm, and there are no spaces")


@paper("glyphs-shuffled")
def shuffled(path, other):
    import random

    font, ops, y = pymupdf.Font("helv"), [], 780
    for line in wrapped(cast.letter(other)):
        x = 60.0
        for c in line:
            ops.append(b"1 0 0 1 %.3f %d Tm %s Tj\n" % (x, y, text(c)))
            x += font.text_length(c, 11)
        y -= 15
    random.Random(5).shuffle(ops)
    simple(path, b"BT /F1 11 Tf\n" + b"".join(ops) + b"ET")
    return made(other, "glyphs drawn in a random order over the whole page: only geometry reads it")


@paper("letterspaced", twins=True)
def letterspaced(path, other):
    lines = [f"Dear {cast.AMARA.name}, about {cast.REFERENCE}", "", "The complaint was made by", " ".join(other.name.upper()), "", "and by"]
    content = show(lines) + b"BT /F1 12 Tf 6 Tc 60 640 Td " + text(other.name) + b" Tj 0 Tc 120 Tz 0 -20 Td " + text(f"and {other.email} wrote it") + b" Tj ET"
    simple(path, content)
    return cast.Made([cast.AMARA.name, cast.REFERENCE], [other.name, other.surname, other.email], "a name with spaces between letters, with Tc, and with Tz")


@paper("drawn-twice", twins=True)
def drawn_twice(path, other):
    lines = wrapped(cast.letter(other))
    simple(path, show(lines) + show(lines, left=60) + b"0.4 0 0 rg 1 0 0 1 0.3 0 cm\n" + show(lines))
    return made(other, "every line drawn three times, for a bold look and a shadow")


@paper("two-fonts-a-name", twins=True)
def two_fonts(path, other):
    raw = Raw()
    a, b = raw.font(), raw.font(b"Times-Bold")
    out = b"BT /F1 11 Tf 60 780 Td " + text(f"Dear {cast.AMARA.name}, your reference is {cast.REFERENCE}.") + b" Tj 0 -20 Td "
    out += text("The caller was ") + b" Tj "
    for n, c in enumerate(other.name):
        out += (b"/F2 14 Tf " if n % 2 == 0 else b"/F1 9 Tf ") + text(c.upper()) + b" Tj "
    out += b"/F1 11 Tf " + text(", and the call took ten minutes.") + b" Tj ET"
    raw.page(out, b"/Font << /F1 %d 0 R /F2 %d 0 R >>" % (a, b))
    raw.save(path)
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "the call took ten minutes"], [other.name, other.surname], "small capitals by hand: font and size change at every letter of the name")


@paper("custom-encoding")
def custom_encoding(path, other):
    lines = wrapped(cast.letter(other))
    characters = sorted(set("".join(lines)))
    names = {" ": "space", ",": "comma", ".": "period", "-": "hyphen", "@": "at", **{str(n): w for n, w in enumerate("zero one two three four five six seven eight nine".split())}}
    codes = {c: 128 + n for n, c in enumerate(characters)}
    raw = Raw()
    differences = " ".join("/" + names.get(c, c) for c in characters)
    font = raw.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /Differences [128 {differences}] >> >>")
    content = b"BT /F1 11 Tf 15 TL 1 0 0 1 60 780 Tm\n" + b"".join(
        b"<" + "".join(f"{codes[c]:02x}" for c in line).encode() + b"> Tj T*\n" for line in lines) + b"ET"
    raw.page(content, b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)
    return made(other, "Type1 with an encoding of its own (Differences)")
