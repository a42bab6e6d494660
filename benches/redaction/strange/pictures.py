"""Scans, photographs, and pictures that say names."""

import io
import random

import pymupdf
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .. import cast
from . import paper
from .fonts import SANS, made
from .marks import FIRST, KEPT, said
from .raw import Raw, show, simple, wrapped

WIDE, HIGH = 8.27, 11.69


def sheet(lines, dpi, turn=0.0, noise=0, seed=1, mode="L"):
    """A page of paper with the lines typed on it, as a scanner sees it."""
    image = Image.new("L", (round(WIDE * dpi), round(HIGH * dpi)), 252)
    font = ImageFont.truetype(SANS, round(10.5 * dpi / 72))
    draw = ImageDraw.Draw(image)
    for n, line in enumerate(lines):
        draw.text((0.9 * dpi, (1 + 0.25 * n) * dpi), line, font=font, fill=20)
    if turn:
        image = image.rotate(turn, resample=Image.BICUBIC, fillcolor=252)
    if noise:
        rng = random.Random(seed)
        image = image.filter(ImageFilter.GaussianBlur(0.6))
        pixels = image.load()
        for _ in range(image.width * image.height * noise // 1000):
            pixels[rng.randrange(image.width), rng.randrange(image.height)] = rng.randrange(256)
    return image.convert(mode)


def packed(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def on_page(path, data, invisible=(), dpi=150):
    document = pymupdf.open()
    page = document.new_page(width=WIDE * 72, height=HIGH * 72)
    page.insert_image(page.rect, stream=data)
    for n, line in enumerate(invisible):
        page.insert_text((0.9 * 72, (1 + 0.25 * n) * 72 + 10), line, fontsize=10.5, render_mode=3)
    document.save(path, deflate=True)


def lines_of(other):
    return wrapped(cast.letter(other), 70)


@paper("scan-jpeg-150")
def scan_jpeg(path, other):
    on_page(path, packed(sheet(lines_of(other), 150), "JPEG", quality=70))
    return made(other, "a clean scan, JPEG, 150 dpi, no text layer")


@paper("scan-png-200-turned", twins=True)
def scan_png(path, other):
    on_page(path, packed(sheet(lines_of(other), 200, 0.7, 2), "PNG"))
    return made(other, "a scan turned by 0.7 degrees, with noise, 200 dpi")


@paper("scan-noisy-150")
def scan_noisy(path, other):
    on_page(path, packed(sheet(lines_of(other), 150, -1.2, 25), "JPEG", quality=35))
    return made(other, "a bad scan: OCR will misread some names. What cannot be read with confidence must not go out")


@paper("scan-fax-ccitt")
def scan_fax(path, other):
    image = sheet(lines_of(other), 200).point(lambda v: 255 if v > 128 else 0).convert("1")
    tiff = packed(image, "TIFF", compression="group4", tiffinfo={278: image.height})
    with Image.open(io.BytesIO(tiff)) as read:
        offsets, counts = read.tag_v2[273], read.tag_v2[279]
        photometric = read.tag_v2[262]
        rows = read.tag_v2.get(278, image.height)
    assert len(offsets) == 1 or rows >= image.height, "strips"
    data = tiff[offsets[0]:offsets[0] + counts[0]]
    raw = Raw()
    raw.pages = []
    xobject = raw.stream(data, b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d /BlackIs1 %s >>"
                         % (image.width, image.height, image.width, image.height, b"false" if photometric == 0 else b"true"))
    raw.page(b"q 595 0 0 842 0 0 cm /I Do Q", b"/XObject << /I %d 0 R >>" % xobject)
    raw.save(path)
    return made(other, "a fax: CCITT group 4")


@paper("scan-with-ocr-layer", twins=True)
def ocr_layer(path, other):
    lines = lines_of(other)
    on_page(path, packed(sheet(lines, 150), "JPEG", quality=70), lines)
    return made(other, "a scan with invisible text over it, right in every word")


@paper("scan-with-wrong-ocr-layer")
def wrong_layer(path, other):
    lines = lines_of(other)
    on_page(path, packed(sheet(lines, 150), "JPEG", quality=70), [line.replace(other.surname, "Gnffitns").replace(other.given, "Felic1ty").replace(cast.TOBIAS.surname, "Hartvveil") for line in lines])
    return cast.Made([], cast.gone(other), "a scan with an OCR layer in which the names are misread: the layer alone must not be trusted")


@paper("scan-upside-down")
def upside_down(path, other):
    on_page(path, packed(sheet(lines_of(other), 150).rotate(180), "JPEG", quality=70))
    return cast.Made([], cast.gone(other), "a scan upside down")


@paper("scan-strips")
def strips(path, other):
    image, document = sheet(lines_of(other), 150), pymupdf.open()
    page = document.new_page(width=WIDE * 72, height=HIGH * 72)
    step = 64
    for top in range(0, image.height, step):
        piece = image.crop((0, top, image.width, min(top + step, image.height)))
        page.insert_image(pymupdf.Rect(0, top * 72 / 150, WIDE * 72, min(top + step, image.height) * 72 / 150), stream=packed(piece, "PNG"), keep_proportion=False)
    document.save(path)
    return made(other, "one scan in many strips: names are cut through by the strips' edges, OCR of each alone fails")


@paper("scan-colour-stamp")
def stamp(path, other):
    image = sheet(lines_of(other), 150, mode="RGB")
    layer = Image.new("RGB", (500, 120), (252, 252, 252))
    ImageDraw.Draw(layer).text((10, 30), other.name.upper(), font=ImageFont.truetype(SANS, 36), fill=(200, 30, 30))
    layer = layer.rotate(18, expand=True, fillcolor=(252, 252, 252))
    image.paste(layer, (500, 1300))
    on_page(path, packed(image, "JPEG", quality=80))
    return made(other, "a scan with a red stamp at an angle that says a name")


@paper("photo-and-caption", twins=True)
def photo(path, other):
    image = Image.effect_noise((400, 300), 60).convert("RGB").filter(ImageFilter.GaussianBlur(8))
    document = pymupdf.open()
    page = document.new_page()
    page.insert_image(pymupdf.Rect(60, 60, 460, 360), stream=packed(image, "JPEG"))
    page.insert_text((60, 380), f"Photo: {other.name} beside the boiler of {cast.AMARA.name}, {cast.REFERENCE}", fontsize=10)
    document.save(path)
    return cast.Made([cast.AMARA.name, cast.REFERENCE], said(other), "a photograph with a caption")


@paper("logo-every-page")
def logo(path, other):
    image = Image.new("RGB", (300, 80), (20, 70, 120))
    ImageDraw.Draw(image).text((10, 20), "Marlbeck Housing", font=ImageFont.truetype(SANS, 28), fill="white")
    document = pymupdf.open()
    for n in range(4):
        page = document.new_page()
        page.insert_image(pymupdf.Rect(380, 30, 530, 70), stream=packed(image, "PNG"))
        for m, line in enumerate(wrapped(cast.letter(other), 80)):
            page.insert_text((60, 110 + 15 * m), line, fontsize=10)
    document.save(path)
    return made(other, "a logo on each page")


def picture_of(words, size=(420, 60)):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((6, 10), words, font=ImageFont.truetype(SANS, 26), fill="black")
    return image


@paper("name-in-picture", twins=True)
def name_in_picture(path, other):
    document = pymupdf.open()
    page = document.new_page()
    for n, line in enumerate(FIRST):
        page.insert_text((60, 70 + 15 * n), line, fontsize=11)
    page.insert_image(pymupdf.Rect(60, 130, 360, 172), stream=packed(picture_of(other.name, (620, 60)), "PNG"))
    page.insert_image(pymupdf.Rect(60, 300, 120, 360), stream=packed(Image.new("RGB", (40, 40), "green"), "PNG"))
    document.save(path)
    return cast.Made(KEPT, said(other), "a screenshot with the name, and a green square")


@paper("picture-wider-than-shown")
def wider(path, other):
    raw = Raw()
    font = raw.font()
    image = picture_of(f"shown part      {other.name}", (900, 60))
    data = packed(image, "JPEG", quality=90, exif=b"Exif\x00\x00" + other.name.encode())
    xobject = raw.stream(data, b"/Type /XObject /Subtype /Image /Width 900 /Height 60 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode")
    raw.page(show(FIRST) + b"q 60 600 100 40 re W n 600 0 0 40 60 600 cm /I Do Q", b"/Font << /F1 %d 0 R >> /XObject << /I %d 0 R >>" % (font, xobject))
    raw.save(path)
    return cast.Made(KEPT, said(other), "a cropped picture: the hidden part and its EXIF say the name")


@paper("picture-under-picture")
def under(path, other):
    document = pymupdf.open()
    page = document.new_page()
    for n, line in enumerate(FIRST):
        page.insert_text((60, 70 + 15 * n), line, fontsize=11)
    page.insert_image(pymupdf.Rect(60, 130, 360, 172), stream=packed(picture_of(other.name), "PNG"))
    page.draw_rect(pymupdf.Rect(55, 125, 365, 180), color=(0, 0, 0), fill=(0, 0, 0))
    document.save(path)
    return cast.Made(KEPT, said(other), "a picture of the name under a black box")


@paper("soft-masked-picture")
def soft_masked(path, other):
    raw = Raw()
    font = raw.font()
    image = picture_of(other.name, (420, 60)).convert("L")
    flat = b"\x00" * (420 * 60)
    alpha = raw.stream(bytes(255 - v for v in image.tobytes()), b"/Type /XObject /Subtype /Image /Width 420 /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 8")
    xobject = raw.stream(flat, b"/Type /XObject /Subtype /Image /Width 420 /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask %d 0 R" % alpha)
    stencil = raw.stream(image.point(lambda v: 255 if v > 128 else 0).convert("1").tobytes(), b"/Type /XObject /Subtype /Image /ImageMask true /Width 420 /Height 60 /BitsPerComponent 1")
    raw.page(show(FIRST) + b"q 420 0 0 60 60 600 cm /I Do Q q 420 0 0 60 60 500 cm /M Do Q", b"/Font << /F1 %d 0 R >> /XObject << /I %d 0 R /M %d 0 R >>" % (font, xobject, stencil))
    raw.save(path)
    return cast.Made(KEPT, said(other), "a black picture whose soft mask is the name; a stencil mask that is the name")


@paper("inline-pictures")
def inline(path, other):
    image = picture_of(other.name, (420, 60)).convert("L")
    cut = [image.crop((n * 20, 0, n * 20 + 20, 60)) for n in range(21)]
    out = b"".join(b"q 20 0 0 60 %d 600 cm BI /W 20 /H 60 /BPC 8 /CS /G ID " % (60 + 20 * n) + piece.tobytes() + b" EI Q\n" for n, piece in enumerate(cut))
    simple(path, show(FIRST) + out)
    return cast.Made(KEPT, said(other), "the name's picture cut into 21 inline pictures, a letter each or less")


@paper("signature")
def signature(path, other):
    image = Image.new("RGB", (400, 120), "white")
    draw = ImageDraw.Draw(image)
    rng = random.Random(3)
    points = [(10 + 9 * n, 60 + rng.randrange(-40, 40)) for n in range(42)]
    draw.line(points, fill=(10, 10, 120), width=4, joint="curve")
    document = pymupdf.open()
    page = document.new_page()
    for n, line in enumerate(FIRST + ["Signed:"]):
        page.insert_text((60, 70 + 15 * n), line, fontsize=11)
    page.insert_image(pymupdf.Rect(60, 130, 260, 190), stream=packed(image, "PNG"))
    page.insert_text((60, 205), other.name, fontsize=11)
    document.save(path)
    return cast.Made(KEPT, said(other), "a scrawled signature as a picture over a typed name: the picture must not go out")


@paper("thumbnail-and-alternate")
def thumbnail(path, other):
    raw = Raw()
    font = raw.font()
    image = picture_of(other.name)
    big = raw.stream(image.tobytes(), b"/Type /XObject /Subtype /Image /Width 420 /Height 60 /ColorSpace /DeviceRGB /BitsPerComponent 8")
    shown = raw.stream(Image.new("RGB", (420, 60), "white").tobytes(), b"/Type /XObject /Subtype /Image /Width 420 /Height 60 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Alternates [<< /Image %d 0 R /DefaultForPrinting true >>]" % big)
    raw.page(show(FIRST) + b"q 420 0 0 60 60 600 cm /I Do Q", b"/Font << /F1 %d 0 R >> /XObject << /I %d 0 R >>" % (font, shown), b"/Thumb %d 0 R" % big)
    raw.save(path)
    return cast.Made(KEPT, said(other), "an alternate for printing and the page's thumbnail show the name")
