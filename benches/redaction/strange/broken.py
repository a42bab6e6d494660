"""Damaged, enormous and malicious files."""


from .. import cast
from . import paper
from .fonts import made
from .marks import FIRST, said
from .raw import Raw, show, simple, wrapped


def changed(path, change):
    with open(path, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(change(data))


@paper("damaged-xref")
def damaged_xref(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    changed(path, lambda data: data.replace(b"startxref\n", b"startxref\n9"))
    return made(other, "startxref points nowhere")


@paper("no-xref")
def no_xref(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    changed(path, lambda data: data[: data.index(b"xref\n0")])
    return made(other, "no xref and no trailer")


@paper("truncated")
def truncated(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    changed(path, lambda data: data[: int(len(data) * 0.7)])
    return cast.Made([], cast.gone(other), "cut off at 70 %")


@paper("wrong-length")
def wrong_length(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    changed(path, lambda data: data.replace(b"/Length ", b"/Length 7"))
    return made(other, "stream lengths are wrong")


@paper("garbage-before")
def garbage_before(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    changed(path, lambda data: f"HTTP/1.1 200 OK\r\nX-User: {other.name}\r\n\r\n".encode() + data)
    return made(other, "bytes before %PDF, with a name in them")


@paper("content-cut")
def content_cut(path, other):
    content = show(wrapped(cast.letter(other)))
    simple(path, content[: int(len(content) * 0.6)])
    return cast.Made([], cast.gone(other), "the content stream ends inside a string")


@paper("flate-damaged")
def flate_damaged(path, other):
    import zlib

    data = zlib.compress(show(wrapped(cast.letter(other)), top=780))
    raw = Raw()
    font = raw.font()
    raw.page(b"", b"/Font << /F1 %d 0 R >>" % font)
    page = raw.pages[0]
    broken = raw.stream(data[: len(data) * 2 // 3] + b"\x00garbage", b"/Filter /FlateDecode")
    raw.objects[page] = raw.objects[page].replace(b"/Contents", b"/Contents %d 0 R /Old" % broken)
    raw.save(path)
    return cast.Made([], cast.gone(other), "a Flate stream that breaks off: part of the page is drawn")


@paper("missing-font")
def missing_font(path, other):
    simple(path, show(wrapped(cast.letter(other)), b"/F9 11 Tf"))
    return cast.Made([], cast.gone(other), "the font is not in the resources")


@paper("page-tree-loop")
def page_loop(path, other):
    raw = Raw()
    font = raw.font()
    raw.page(show(FIRST + [other.name]), b"/Font << /F1 %d 0 R >>" % font)
    raw.pages.append(2)
    raw.save(path)
    return cast.Made([], said(other), "the page tree contains itself")


@paper("form-loop")
def form_loop(path, other):
    raw = Raw()
    font = raw.font()
    number = raw.next
    raw.stream(show([f"loop {other.name}"]) + b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 %d 0 R >> /XObject << /X %d 0 R >> >>" % (font, number))
    raw.page(show(FIRST) + b"/X Do", b"/Font << /F1 %d 0 R >> /XObject << /X %d 0 R >>" % (font, number))
    raw.save(path)
    return cast.Made([], said(other), "a form that draws itself twice")


@paper("billion-forms")
def billion(path, other):
    raw = Raw()
    font = raw.font()
    last = raw.stream(show([f"deep {other.name}"]), b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 %d 0 R >> >>" % font)
    for _ in range(12):
        last = raw.stream(b"/X Do " * 10, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>" % last)
    raw.page(show(FIRST) + b"/X Do", b"/Font << /F1 %d 0 R >> /XObject << /X %d 0 R >>" % (font, last))
    raw.save(path)
    return cast.Made([], said(other), "10^12 drawings of one line: must end in time")


@paper("huge-picture")
def huge_picture(path, other):
    import zlib

    raw = Raw()
    font = raw.font()
    data = zlib.compress(b"\xff" * 30000 * 3750, 9)
    image = raw.stream(data, b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode")
    raw.page(show(FIRST + [other.name]) + b"q 500 0 0 500 40 40 cm /I Do Q", b"/Font << /F1 %d 0 R >> /XObject << /I %d 0 R >>" % (font, image))
    raw.save(path)
    return cast.Made([], said(other), "a picture of 900 million pixels in a file of 100 KB")


@paper("enormous-page")
def enormous(path, other):
    simple(path, show(wrapped(cast.letter(other))) + show([f"far away {other.name}"], left=14000, top=14000), box=b"0 0 14400 14400")
    return made(other, "a page of 200 by 200 inches")


@paper("tiny-page")
def tiny_page(path, other):
    simple(path, show([other.name], b"/F1 1 Tf", left=0, top=1), box=b"0 0 3 3")
    return cast.Made([], said(other), "a page of 3 by 3 points")


@paper("odd-boxes")
def odd_boxes(path, other):
    simple(path, b"1 0 0 1 -1000 -1000 cm " + show(wrapped(cast.letter(other))), entries=b"/UserUnit 2", box=b"-405 -158 -1000 -1000")
    return made(other, "a media box with negative and swapped corners, UserUnit 2")


@paper("five-hundred-pages")
def five_hundred(path, other):
    raw = Raw()
    font = raw.font()
    for n in range(500):
        raw.page(show([f"Page {n + 1} of the file {cast.REFERENCE}"] + wrapped(cast.letter(other) if n % 10 == 3 else FIRST)), b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)
    return cast.Made([cast.AMARA.name, cast.REFERENCE, "Page 500 of the file"], cast.gone(other), "500 pages, the name on each tenth")


@paper("empty-page")
def empty_page(path, other):
    simple(path, b"")
    return cast.Made([], [], "nothing on it")


@paper("no-pages")
def no_pages(path, other):
    raw = Raw()
    raw.font()
    raw.save(path)
    return cast.Made([], [], "a page tree without pages")


@paper("not-a-pdf")
def not_a_pdf(path, other):
    with open(path, "wb") as file:
        file.write(f"This is text by {other.name} about {cast.AMARA.name}".encode())
    return cast.Made([], said(other), "text with the ending .pdf")
