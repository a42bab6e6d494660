"""PDF syntax by hand: what no library would write."""


def text(string):
    """A literal string in PDF syntax, WinAnsi."""
    return b"(" + string.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


class Raw:
    """Objects in the order given; object 1 is the catalogue, 2 the page tree."""

    def __init__(self, version=b"1.7"):
        self.version, self.objects, self.pages = version, {}, []
        self.catalogue, self.trailer = b"", b""
        self.next = 3

    def add(self, body):
        number = self.next
        self.next += 1
        self.objects[number] = body if isinstance(body, bytes) else body.encode("latin-1")
        return number

    def stream(self, data, entries=b""):
        data = data if isinstance(data, bytes) else data.encode("latin-1")
        return self.add(b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data))

    def font(self, base=b"Helvetica"):
        return self.add(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % base)

    def page(self, content, resources=b"", entries=b"", box=b"0 0 595 842"):
        stream = self.stream(content)
        number = self.add(b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Resources << %s >> /Contents %d 0 R %s >>"
                          % (box, resources, stream, entries))
        self.pages.append(number)
        return number

    def bytes(self):
        self.objects[1] = b"<< /Type /Catalog /Pages 2 0 R %s >>" % self.catalogue
        kids = b" ".join(b"%d 0 R" % page for page in self.pages)
        self.objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(self.pages))
        out, places = b"%PDF-" + self.version + b"\n%\xe2\xe3\xcf\xd3\n", {}
        for number in sorted(self.objects):
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, self.objects[number])
        xref = len(out)
        size = max(self.objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        out += b"".join(b"%010d 00000 n \n" % places[n] if n in places else b"0000000000 65535 f \n" for n in range(1, size))
        return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, self.trailer, xref)

    def save(self, path):
        with open(path, "wb") as file:
            file.write(self.bytes())


def wrapped(paragraphs, width=88):
    """Lines of text, with an empty one between paragraphs."""
    import textwrap

    lines = []
    for paragraph in paragraphs:
        lines += textwrap.wrap(paragraph, width) + [""]
    return lines


def show(lines, font=b"/F1 11 Tf", left=60, top=780, lead=15):
    """A text object that shows lines one under another."""
    out = b"BT %s %d TL 1 0 0 1 %d %d Tm\n" % (font, lead, left, top)
    return out + b"".join(text(line) + b" Tj T*\n" for line in lines) + b"ET\n"


def simple(path, content, extra=b"", entries=b"", box=b"0 0 595 842", change=None):
    """One page with Helvetica as /F1."""
    raw = Raw()
    font = raw.font()
    raw.page(content, b"/Font << /F1 %d 0 R >> %s" % (font, extra), entries, box)
    if change:
        change(raw)
    raw.save(path)
