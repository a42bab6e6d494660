"""Makes the fixtures of `../fixtures/pdf` and `../fixtures/pictures`.

Nobody in them exists. Run it with Python 3.10 or newer from this folder; it needs pikepdf,
reportlab, Pillow and pydicom. The two encrypted files differ from run to run."""
import io
import os
import re
import struct
import tempfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from reportlab.pdfgen import canvas

PDF, PICTURES = "../fixtures/pdf/", "../fixtures/pictures/"
XMP = (b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
       b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
       b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">'
       b'<rdf:Description rdf:about="" photoshop:CaptionWriter="Ada Obi"><Iptc4xmpExt:PersonInImage><rdf:Bag>'
       b'<rdf:li>Amara Lind</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage></rdf:Description></rdf:RDF></x:xmpmeta>'
       b'<?xpacket end="w"?>')


def redacted():
    """Text that is painted over, has the colour of the paper, is dust, is cut off or off the page."""
    c = canvas.Canvas(PDF + "redacted.pdf", pagesize=(300, 200), invariant=1)
    c.setAuthor("Bo Ek")
    c.setTitle("Referral")
    c.drawString(20, 170, "Referral of")
    c.drawString(100, 170, "Amara Lind")
    c.setFillColorRGB(0, 0, 0)
    c.rect(98, 166, 80, 14, fill=1, stroke=0)
    c.setFillColorRGB(1, 1, 1)
    c.drawString(20, 140, "white on white: 07700 900123")
    c.setFillColorRGB(0, 0, 0.5)
    c.rect(15, 100, 200, 20, fill=1, stroke=0)
    c.setFillColorRGB(1, 1, 1)
    c.drawString(20, 105, "white on blue is seen")
    c.setFillColorRGB(0, 0, 0)
    c.setFont("Helvetica", 0.5)
    c.drawString(20, 90, "dust")
    c.setFont("Helvetica", 12)
    c.saveState()
    p = c.beginPath()
    p.rect(20, 60, 100, 20)
    c.clipPath(p, stroke=0)
    c.drawString(200, 65, "clipped away")
    c.drawString(22, 65, "within the clip")
    c.restoreState()
    c.drawString(20, 40, "Seen to the end")
    c.drawString(400, 40, "off the page")
    c.save()


def layers():
    """A layer that is not shown, a script, notes, a link, an attachment, a property of its own."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    on = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="on"))
    off = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="off"))
    page.Resources = Dictionary(Font=Dictionary(F=font), Properties=Dictionary(A=on, B=off))
    page.Contents = pdf.make_stream(
        b"/OC /A BDC BT /F 12 Tf 20 150 Td (on the layer that is shown) Tj ET EMC "
        b"/OC /B BDC BT /F 12 Tf 20 120 Td (Zoe L\xf6w on the layer that is not) Tj ET EMC")
    pdf.Root.OCProperties = Dictionary(OCGs=[on, off], D=Dictionary(OFF=[off], ON=[on]))
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS='app.alert("Call Ada Obi");')
    rect = [0, 0, 10, 10]
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=rect, F=2, T="Bo Ek", Contents="a note that is not shown")
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rect, A=Dictionary(S=Name.URI, URI="mailto:zoe@example.org"))
    page.Annots = Array([pdf.make_indirect(note), pdf.make_indirect(link)])
    pdf.attachments["notes.txt"] = pikepdf.AttachedFileSpec(pdf, b"Bring the card.", description="for Zoe")
    pdf.docinfo["/CaseHandler"] = "Ada Obi"
    pdf.save(PDF + "layers.pdf", static_id=True)


def form():
    """A form that is filled in, with a field that is not shown and a signature."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200))

    def field(**keys):
        return pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[10, 10, 90, 30], P=page.obj, **keys))

    signature = Dictionary(Type=Name.Sig, Name="Bo Ek", Reason="I agree", M="D:20260312140211+00'00'",
                           Contents=b"\x30\x10\x06\x03\x55\x04\x03\x0c\x07Ada Obi")
    fields = [field(FT=Name.Tx, T="a1", TU="Full name", V="Amara Lind", DV="Your name"),
              field(FT=Name.Ch, T="gp", TU="GP", V="Dr Ade", Opt=["Dr Ade", "Dr Moss"]),
              field(FT=Name.Tx, T="Email", V="amara@example.org", F=2),
              field(FT=Name.Sig, T="sig", V=signature)]
    page.Annots = Array(fields)
    pdf.Root.AcroForm = Dictionary(Fields=fields)
    pdf.save(PDF + "form.pdf", static_id=True)


def encrypted():
    """One that opens without a password, and one that does not."""
    path = tempfile.mktemp()
    c = canvas.Canvas(path, pagesize=(200, 100), invariant=1)
    c.drawString(10, 50, "Opened without a password")
    c.save()
    pikepdf.open(path).save(PDF + "owner.pdf", encryption=pikepdf.Encryption(owner="o", user="", R=4))
    pikepdf.open(path).save(PDF + "user.pdf", encryption=pikepdf.Encryption(owner="o", user="password", R=6))
    os.unlink(path)


def revised():
    """One whose last revision took a line out, and with it a sentence about somebody."""
    def content(text):
        stream = b"BT /F 12 Tf 20 150 Td 14 TL " + text + b" ET"
        return b"4 0 obj<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream endobj\n"

    def revision(before, objects, previous):
        out = before + objects
        offsets = {int(m.group(1)): m.start() + len(before) for m in re.finditer(rb"(?m)^(\d+) 0 obj", objects)}
        start = len(out)
        table = b"xref\n" + (b"0 1\n0000000000 65535 f \n" if previous is None else b"")
        for number in sorted(offsets):
            table += b"%d 1\n%010d 00000 n \n" % (number, offsets[number])
        back = b"" if previous is None else b"/Prev %d" % previous
        return out + table + b"trailer<</Size 6/Root 1 0 R" + back + b">>\nstartxref\n%d\n%%%%EOF\n" % start, start

    head = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
            b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n")
    first, start = revision(b"", head + content(b"(Seen by Dr Moss) Tj T* (Amara Lind was told) Tj"), None)
    last, _ = revision(first, content(b"(Seen by Dr Moss) Tj"), start)
    open(PDF + "revised.pdf", "wb").write(last)


def scanned():
    """A page that is a picture of a letter, and nothing else."""
    bits = io.BytesIO()
    letter().resize((620, 130)).convert("1", dither=Image.Dither.NONE).save(bits, "PNG", optimize=True)
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(297.6, 62.4))
    rows = Image.open(bits).tobytes()
    picture = pikepdf.Stream(pdf, zlib.compress(rows, 9), Type=Name.XObject, Subtype=Name.Image, Width=620, Height=130,
                             ColorSpace=Name.DeviceGray, BitsPerComponent=1, Filter=Name.FlateDecode)
    page.Resources = Dictionary(XObject=Dictionary(I=pdf.make_indirect(picture)))
    page.Contents = pdf.make_stream(b"297.6 0 0 62.4 0 0 cm /I Do")
    pdf.save(PDF + "scanned.pdf", static_id=True)


def letter():
    """Two lines of a letter, in black on white."""
    image = Image.new("L", (1240, 260), 255)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 44)
    draw = ImageDraw.Draw(image)
    draw.text((40, 50), "Dear Amara Lind, your appointment", fill=0, font=font)
    draw.text((40, 140), "is on Thursday. Call 07700 900123.", fill=0, font=font)
    return image


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpegs():
    """EXIF, IPTC, XMP and a comment; and one that has to be turned by a quarter to be read."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B], exif[0x0110] = "At a visit", "Bo Ek", "X100"
    exif[0x9C9D], exif[0x0112] = "Zoë Löw".encode("utf-16le") + b"\0\0", 1
    more = exif.get_ifd(0x8769)
    more[0x9003], more[0xA431] = "2026:03:12 14:02:11", "SN4711"
    more[0x9286] = b"UNICODE\0" + "for Ada".encode("utf-16le")
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (51.0, 30.0, 36.0), "W", (0.0, 7.0, 30.0)
    out = io.BytesIO()
    letter().resize((310, 65)).save(out, "JPEG", exif=exif, quality=20, comment=b"sent by 07700 900123", dpi=(200, 200))
    dataset = lambda number, text: b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(text)) + text
    records = b"\x1c\x01\x5a\0\x03\x1b%G" + dataset(80, "Åsa Ek".encode()) + dataset(120, b"Amara Lind at the door")
    records += dataset(90, b"Bath") + dataset(55, b"20260312")
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + b"\0" * (len(records) % 2)
    jpeg = out.getvalue()
    jpeg = jpeg[:2] + segment(0xED, b"Photoshop 3.0\0" + resource) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP) + jpeg[2:]
    open(PICTURES + "exif.jpg", "wb").write(jpeg)
    turned = Image.Exif()
    turned[0x0112] = 6
    letter().resize((620, 130)).rotate(90, expand=True).save(PICTURES + "turned.jpg", exif=turned, quality=20)


def pngs():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Amara Lind")
    notes.add_text("Comment", "packed: call 07700 900123", zip=True)
    notes.add_itxt("Title", "Zoë", "en", "")
    Image.new("L", (50, 50), 255).save(PICTURES + "text.png", pnginfo=notes)
    # White letters on glass: on white paper nothing of them would be left.
    glass = Image.new("LA", (620, 130), (255, 0))
    glass.putalpha(letter().resize((620, 130)).point(lambda grey: 255 - grey))
    glass.save(PICTURES + "glass.png", optimize=True)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    open("../fixtures/pictures/vast.png", "wb").write(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b""))


def tiffs():
    """A fax of two pages, a page in colours, and one too small to say anything."""
    first = letter().resize((620, 130)).convert("1", dither=Image.Dither.NONE)
    second = Image.new("1", (620, 130), 1)
    ImageDraw.Draw(second).rectangle((100, 40, 300, 90), fill=0)
    first.save(PICTURES + "fax.tiff", save_all=True, append_images=[second, Image.new("1", (30, 30), 1)],
               compression="group4", dpi=(200, 200), tiffinfo={315: "Bo Ek", 270: "Fax from 07700 900123"})


def others():
    Image.new("RGB", (20, 20), (9, 9, 9)).save(PICTURES + "tiny.gif", comment=b"icon of Bo Ek")
    letter().resize((620, 130)).save(PICTURES + "letter.webp", quality=5, xmp=XMP)
    rows = letter().resize((310, 65)).convert("1", dither=Image.Dither.NONE)
    out = io.BytesIO()
    rows.save(out, "PPM")
    magic, rest = out.getvalue().split(b"\n", 1)
    open(PICTURES + "letter.pbm", "wb").write(magic + b"\n# scanned by Bo Ek\n" + rest)
    open(PICTURES + "plan.svg", "w").write(
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="200" viewBox="0 0 300 200">\n'
        '  <title>Seats in the ward</title>\n  <desc>Drawn by Bo Ek</desc>\n'
        '  <style>text { font: 12px sans-serif }</style>\n'
        '  <g id="bed-1" transform="translate(10 20)">\n'
        '    <path d="M0 0h40v20z" fill="#0a0"/>\n'
        '    <a xlink:href="mailto:amara@example.org"><text x="4" y="14">Amara <tspan font-weight="bold">Lind</tspan></text></a>\n'
        '  </g>\n  <text x="4" y="60" display="none">Zoe Low, moved</text>\n</svg>\n')


def metafiles():
    def record(kind, body):
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 8) + body

    def text_out(kind, text):
        # Bounds, mode, scales, then the text object: point, length, offset, options, rectangle, spacing.
        return record(kind, b"\0" * 16 + struct.pack("<Iff", 1, 1, 1) + struct.pack("<iiIIIiiiiI", 10, 10, len(text), 76, 0, 0, 0, 0, 0, 0)
                      + (text.encode("utf-16le") if kind == 84 else text.encode("cp1252")))
    about = "Visio\0Plan by Bo Ek\0\0".encode("utf-16le")
    body = text_out(84, "Amara Lind, bed 4") + text_out(83, "Zoë Löw, bed 5")
    body += record(108, struct.pack("<iiIIIff", 10, 40, 8, 0x300, 1, 1, 1) + b"Ward two")
    body += record(14, struct.pack("<III", 0, 16, 20))
    size = 108 + len(about)
    size += -size % 4
    head = struct.pack("<II8i4sIIIHHIII", 1, size, *[0] * 8, b" EMF", 0x10000, size + len(body), 5, 1, 0, len(about) // 2, 108, 0)
    head += struct.pack("<iiiiIII", 100, 100, 100, 100, 0, 0, 0)
    head += b"\0" * (108 - len(head)) + about
    open(PICTURES + "plan.emf", "wb").write(head + b"\0" * (size - len(head)) + body)

    def order(kind, body):
        body += b"\0" * (len(body) % 2)
        return struct.pack("<IH", len(body) // 2 + 3, kind) + body
    orders = order(0x0521, struct.pack("<H", 10) + b"Amara Lind" + struct.pack("<hh", 5, 5))
    orders += order(0x0A32, struct.pack("<hhHH", 5, 20, 7, 0) + "Zoë Löw".encode("cp1252")) + order(0, b"")
    open(PICTURES + "plan.wmf", "wb").write(struct.pack("<HHHIHIH", 1, 9, 0x300, 9 + len(orders) // 2, 0, 12, 0) + orders)


def dicoms():
    """An ultrasound with the name burnt into its pixels; and an old file without kinds and preamble."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.6.1", "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    image.SpecificCharacterSet, image.Modality = "ISO_IR 192", "US"
    image.PatientName, image.PatientID = "Löw^Zoë^^Ms", "9990001112"
    image.PatientBirthDate, image.PatientSex = "19800229", "F"
    image.PatientAddress, image.PatientTelephoneNumbers = "4 Hill Road, Bath", "07700 900123"
    image.ReferringPhysicianName, image.OperatorsName = "Moss^Ada^^Dr", ["Ek^Bo", "Obi^Ada"]
    image.InstitutionName, image.StudyDescription, image.StudyDate = "Bath Clinic", "Abdomen", "20260312"
    image.ImageComments = "Seen with her sister Amara Lind"
    request = Dataset()
    request.RequestedProcedureDescription, request.RequestingPhysician = "Ultrasound of the abdomen", "Ade^Kofi^^Dr"
    image.RequestAttributesSequence = [request]
    pixels = letter().resize((310, 65)).point(lambda grey: 255 - grey)
    image.Rows, image.Columns, image.SamplesPerPixel = 65, 310, 1
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
    image.PhotometricInterpretation, image.PixelData = "MONOCHROME2", pixels.tobytes()
    image["PixelData"].VR = "OB"
    image.save_as(PICTURES + "ultrasound.dcm", enforce_file_format=True)

    report = Dataset()
    report.SOPClassUID, report.Modality = "1.2.840.10008.5.1.4.1.1.104.1", "DOC"
    report.PatientName, report.PatientID = "Lind^Amara", "9990001120"
    report.DocumentTitle, report.MIMETypeOfEncapsulatedDocument = "Letter", "text/plain"
    report.EncapsulatedDocument = b"Dear Amara, call 07700 900124."
    report.save_as(PICTURES + "old.dcm", implicit_vr=True, little_endian=True)


for make in (redacted, layers, form, encrypted, revised, scanned, jpegs, pngs, tiffs, others, metafiles, dicoms):
    make()
