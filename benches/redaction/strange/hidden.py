"""Names beside the pages: forms, attachments, metadata, revisions."""

import pikepdf
import pymupdf

from .. import cast
from . import paper
from .marks import FIRST, KEPT, said
from .raw import Raw, show, simple, text, wrapped


@paper("form-fields", twins=True)
def form_fields(path, other):
    document = pymupdf.open()
    page = document.new_page()
    for n, line in enumerate(FIRST):
        page.insert_text((60, 70 + 15 * n), line, fontsize=11)
    for n, (name, value) in enumerate([("complainant", other.name), ("phone", other.phone), ("about", cast.AMARA.name)]):
        page.insert_text((60, 145 + 30 * n), name, fontsize=10)
        field = pymupdf.Widget()
        field.field_name, field.field_type, field.field_value = name, pymupdf.PDF_WIDGET_TYPE_TEXT, value
        field.field_label = f"{name} of {other.surname}"
        field.rect = pymupdf.Rect(150, 130 + 30 * n, 420, 150 + 30 * n)
        page.add_widget(field)
    choice = pymupdf.Widget()
    choice.field_name, choice.field_type, choice.choice_values, choice.field_value = "who", pymupdf.PDF_WIDGET_TYPE_COMBOBOX, [other.name, cast.TOBIAS.name, cast.AMARA.name], cast.AMARA.name
    choice.rect = pymupdf.Rect(150, 250, 420, 270)
    page.add_widget(choice)
    document.save(path)
    return cast.Made(KEPT, said(other, other.phone, cast.TOBIAS.name), "a form: values, labels, and a list of names of which one is shown")


@paper("form-without-appearance")
def no_appearance(path, other):
    raw = Raw()
    font = raw.font()
    field = raw.add(b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (who) /V %s /DV %s /TU %s /Rect [60 600 300 620] /DA (/F1 11 Tf 0 g) /F 4 >>" % (text(other.name), text(other.phone), text(other.email)))
    raw.catalogue = b"/AcroForm << /NeedAppearances true /Fields [%d 0 R] /DR << /Font << /F1 %d 0 R >> >> >>" % (field, font)
    raw.page(show(FIRST), b"/Font << /F1 %d 0 R >>" % font, b"/Annots [%d 0 R]" % field)
    raw.save(path)
    return cast.Made(KEPT, said(other, other.phone, other.email), "a field without appearance: viewers draw its value")


@paper("xfa")
def xfa(path, other):
    raw = Raw()
    font = raw.font()
    data = raw.stream(f"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><xfa:datasets xmlns:xfa='http://www.xfa.org/schema/xfa-data/1.0/'><xfa:data><who>{other.name}</who><tel>{other.phone}</tel></xfa:data></xfa:datasets></xdp:xdp>")
    raw.catalogue = b"/AcroForm << /XFA %d 0 R /Fields [] >>" % data
    raw.page(show(FIRST), b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)
    return cast.Made(KEPT, said(other, other.phone), "XFA data")


@paper("javascript")
def javascript(path, other):
    def change(raw):
        raw.catalogue = b"/OpenAction << /S /JavaScript /JS " + text(f"app.alert('{other.name} {other.phone}')") + b" >> /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS " + text(f"var who='{other.email}'") + b" >>] >> >>"
    simple(path, show(FIRST), change=change)
    return cast.Made(KEPT, said(other, other.phone, other.email), "JavaScript with names")


@paper("attachments")
def attachments(path, other):
    simple(path, show(FIRST))
    document = pymupdf.open(path)
    document.embfile_add("note", f"{other.name} {other.phone}\n{cast.AMARA.name} may read this\n".encode(), filename=f"statement of {other.surname}.txt", desc=other.name)
    document[0].add_file_annot((300, 300), f"{other.email}".encode(), f"{other.surname}.txt")
    inner = pymupdf.open()
    inner.new_page().insert_text((60, 60), f"{other.name} wrote about {cast.AMARA.name}")
    document.embfile_add("inner", inner.tobytes(), filename="inner.pdf")
    document.saveIncr()
    return cast.Made(KEPT, said(other, other.phone, other.email), "attachments, their file names and descriptions, a file annotation, a PDF in the PDF")


@paper("metadata", twins=True)
def metadata(path, other):
    simple(path, show(FIRST))
    document = pymupdf.open(path)
    document.set_metadata({"author": other.name, "title": f"Complaint of {other.name}", "subject": other.email, "keywords": other.phone, "creator": other.surname, "producer": other.name})
    document.set_xml_metadata(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator>{other.name}</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>")
    document.saveIncr()
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=pikepdf.String(other.name)))
        pdf.Root.Lang = pikepdf.String("en")
        pdf.pages[0].obj.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=pikepdf.String(other.email)))
        pdf.save(path, deterministic_id=True)
    return cast.Made(KEPT, said(other, other.phone, other.email), "Info, XMP, PieceInfo")


@paper("bookmarks")
def bookmarks(path, other):
    raw = Raw()
    font = raw.font()
    item = raw.add(b"<< /Title %s /Parent %d 0 R /Dest [3 0 R /Fit] >>" % (text(f"Statement of {other.name}"), raw.next + 1))
    outlines = raw.add(b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count 1 >>" % (item, item))
    tree = raw.add(b"<< /Type /StructTreeRoot /K [<< /S /P /Alt %s /E %s /T %s >>] >>" % (text(other.name), text(other.email), text(other.phone)))
    raw.catalogue = (b"/Outlines %d 0 R /Dests << /%s [3 0 R /Fit] >> /PageLabels << /Nums [0 << /P %s >>] >> /StructTreeRoot %d 0 R /Threads [<< /I << /Title %s >> >>]"
                     % (outlines, other.surname.encode(), text(other.surname + " "), tree, text(other.name)))
    raw.page(show(FIRST), b"/Font << /F1 %d 0 R >>" % font)
    raw.save(path)
    return cast.Made(KEPT, said(other, other.phone, other.email), "bookmarks, destinations, page labels, structure tree, article threads")


@paper("incremental")
def incremental(path, other):
    simple(path, show(wrapped(cast.letter(other))))
    document = pymupdf.open(path)
    xref = document[0].get_contents()[0]
    document.update_stream(xref, show(FIRST))
    document.saveIncr()
    with open(path, "ab") as file:
        file.write(f"\n% {other.name} after the end\n".encode())
    return cast.Made(KEPT, cast.gone(other), "an earlier revision has the whole letter; bytes after the end")


@paper("orphans")
def orphans(path, other):
    def change(raw):
        raw.add(text(other.name))
        raw.stream(show([f"{other.name} {other.phone}"]))
    simple(path, show(FIRST), change=change)
    return cast.Made(KEPT, said(other, other.phone), "objects that nothing refers to")


def locked(path, other, **permissions):
    simple(path, show(wrapped(cast.letter(other))))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(**permissions))


@paper("encrypted-aes256-no-password")
def aes(path, other):
    from .fonts import made

    locked(path, other, owner="owner", user="", R=6)
    return made(other, "AES-256, empty user password")


@paper("encrypted-rc4-no-password")
def rc4(path, other):
    from .fonts import made

    locked(path, other, owner="owner", user="", R=3, aes=False, metadata=False)
    return made(other, "RC4 128, empty user password")


@paper("encrypted-real-password")
def real(path, other):
    locked(path, other, owner="owner", user="a real one", R=6)
    return cast.Made([], cast.gone(other), "cannot be read: an exception or withheld")


@paper("object-streams")
def object_streams(path, other):
    from .fonts import made

    simple(path, show(wrapped(cast.letter(other))))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    return made(other, "object streams, linearised")
