"""How is each kind of file written? The least that a reader accepts as genuine."""

import csv
import io
import os
import struct
import zipfile
from xml.sax.saxutils import escape


def table(path, header, rows, delimiter=",", encoding="utf-8"):
    with open(path, "w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)


def text(path, body, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="\n") as file:
        file.write(body)


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in members.items():
            # Always the same bytes: an archive holds times.
            file.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), body)


HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(path, paragraphs):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(one)}</w:t></w:r></w:p>' for one in paragraphs
    )
    packed(path, {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{space}"><w:body>{body}<w:sectPr/></w:body></w:document>',
    })


def column(at):
    return (chr(64 + at // 26) if at >= 26 else "") + chr(65 + at % 26)


def xlsx(path, sheets):
    """`sheets`: name to rows; a cell that is a number is written as one."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members = {
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    }
    kinds, named, related = "", "", ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        lines = []
        for r, row in enumerate(rows, 1):
            cells = []
            for c, cell in enumerate(row):
                at = f"{column(c)}{r}"
                if isinstance(cell, (int, float)):
                    cells.append(f'<c r="{at}"><v>{cell}</v></c>')
                elif cell:
                    cells.append(f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            lines.append(f'<row r="{r}">{"".join(cells)}</row>')
        members[f"xl/worksheets/sheet{number}.xml"] = f'{HEAD}<worksheet xmlns="{space}"><sheetData>{"".join(lines)}</sheetData></worksheet>'
        kinds += f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        named += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        related += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
    members["[Content_Types].xml"] = f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{kinds}</Types>'
    members["xl/workbook.xml"] = f'{HEAD}<workbook xmlns="{space}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>'
    members["xl/_rels/workbook.xml.rels"] = f'{HEAD}<Relationships xmlns="{RELATIONS}">{related}</Relationships>'
    packed(path, members)


def wav(path, number):
    """A tenth of a second of near silence; `number` makes its bytes its own."""
    sound = struct.pack("<I", number) + bytes(796)
    head = b"RIFF" + struct.pack("<I", 36 + len(sound)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    with open(path, "wb") as file:
        file.write(head + b"data" + struct.pack("<I", len(sound)) + sound)


def word(value):
    """A display name in a head, encoded where it has to be (RFC 2047)."""
    from email.header import Header
    if value.isascii():
        return f'"{value}"' if any(c in value for c in ",.()") else value
    return Header(value, "utf-8").encode()


def message(heads, body):
    """One message; `heads` in order."""
    lines = [f"{name}: {value}" for name, value in heads]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", body]
    return "\n".join(lines)


def mbox(path, messages):
    out = io.StringIO()
    for stamp, message_text in messages:
        body = "\n".join(">" + line if line.startswith("From ") else line for line in message_text.split("\n"))
        out.write(f"From MAILER-DAEMON {stamp}\n{body}\n\n")
    text(path, out.getvalue())


def folder(*parts):
    path = os.path.join(*parts)
    os.makedirs(path, exist_ok=True)
    return path
