"""How does a copy of a fixture become another file that still reads as the fixture does?

`vary(name, data, number)` gives the bytes of copy `number`, different for every number, and how it was
done: `said` (what the copy says differs), `packed` (its bytes differ, what is in it does not, so that an
index run finds the members known), or None if no way is known. Copy 0 is the fixture.
"""
import bz2, gzip, io, lzma, plistlib, re, struct, subprocess, tarfile, zipfile, zlib

SAID, PACKED = "said", "packed"


def line(number):
    return f"number {number}".encode()


def tail(data, number):
    return data + b"\n" + line(number) + b"\n"


def spaces(data, number):
    """White space means nothing here."""
    return data.rstrip() + b"".join(b" " if number >> bit & 1 else b"\n" for bit in range(16))


def comment(data, number):
    return data + b"<!-- " + line(number) + b" -->\n"


def page(data, number):
    """Markup: a paragraph in HTML, a comment in XML, whose document ends where it ends."""
    return comment(data, number)


def pad(data, number):
    """Bytes after the end, which readers of the format do not look at."""
    return data + b"\0" + line(number)


def remark(data, number):
    return data + b"\n% " + line(number) + b"\n"


def at(offset, width=4):
    """Bytes that the format reserves, or that identify nothing to a reader."""
    def write(data, number):
        return data[:offset] + number.to_bytes(width, "little") + data[offset + width:]
    return write


def rtf(data, number):
    end = data.rindex(b"}")
    return data[:end] + b"\\par " + line(number) + data[end:]


def segment(data, number):
    return data.rstrip(b"\r\n") + b"\rNTE|1||" + line(number) + b"\r"


def cue(data, number):
    start = f"00:59:{number % 60:02}"
    return data.rstrip() + f"\n\n{900 + number}\n{start},000 --> {start},900\nnumber {number}\n".encode()


def note(data, number):
    return data.rstrip() + b"\n\nNOTE " + line(number) + b"\n"


def greymap(data, number):
    """A comment after the first line."""
    head, rest = data.split(b"\n", 1)
    return head + b"\n# " + line(number) + b"\n" + rest


def plist(data, number):
    if not data.startswith(b"bplist"):
        return comment(data, number)
    values = plistlib.loads(data)
    values["number"] = number
    return plistlib.dumps(values, fmt=plistlib.FMT_BINARY)


def free_box(data, number):
    return data + struct.pack(">I4sI", 12, b"free", number)


def riff(data, number):
    """A chunk that is skipped."""
    data += struct.pack("<4sII", b"JUNK", 4, number)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def dicom(data, number):
    """What comes before the mark may be anything; old files have neither."""
    return at(0)(data, number) if data[128:132] == b"DICM" else None


def parquet(data, number):
    """Between the last row group and the footer, which says where everything is."""
    n_footer = int.from_bytes(data[-8:-4], "little") + 8
    return data[:-n_footer] + line(number) + data[-n_footer:]


def zip_comment(data, number):
    end = data.rfind(b"PK\5\6")
    if end < 0 or len(data) != end + 22:
        return pad(data, number)
    text = line(number)
    return data[:end + 20] + struct.pack("<H", len(text)) + text


def rezipped(change):
    """Members written again, those changed that `change(name, bytes)` gives something for."""
    def write(data, number):
        out, n_changed = io.BytesIO(), 0
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                content = old.read(info)
                changed = None if n_changed else change(info.filename, content, number)
                n_changed += changed is not None
                new.writestr(info, content if changed is None else changed)
        return out.getvalue() if n_changed else None
    return write


def word(name_pattern, mark):
    """A word more after the first `mark` in the first member of that name."""
    def change(name, content, number):
        found = re.fullmatch(name_pattern, name) and re.search(mark, content)
        return content[:found.end()] + line(number) + b" " + content[found.end():] if found else None
    return rezipped(change)


def zipped(data, number):
    """A line more in every text of the archive; a comment where it cannot be written again."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            if len(set(old.namelist())) < len(old.namelist()):
                return zip_comment(data, number), PACKED
            for info in old.infolist():
                content = old.read(info)
                new.writestr(info.filename, tail(content, number) if info.filename.endswith(".txt") else content)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, lzma.LZMAError):
        return zip_comment(data, number), PACKED
    return out.getvalue(), SAID


def tarred(data, number, mode="w"):
    out = io.BytesIO()
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=out, mode=mode) as new:
            for info in old:
                content = old.extractfile(info).read() if info.isreg() else None
                if content is not None and not info.sparse:
                    content = tail(content, number) if info.name.endswith(".txt") else content
                    info.size = len(content)
                elif content is not None:
                    return pad(data, number), PACKED
                new.addfile(info, io.BytesIO(content) if content is not None else None)
    except (tarfile.TarError, EOFError, OSError):
        return pad(data, number), PACKED
    return out.getvalue(), SAID


def member(data, number):
    """One more member of a Unix archive."""
    content = line(number) + b"\n" * (1 + len(line(number)) % 2)
    return data + f"{'number.txt':<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content


def recompressed(unpack, pack):
    def write(data, number):
        return pack(tail(unpack(data), number))
    return write


def through(*command):
    return lambda data: subprocess.run(command, input=data, capture_output=True, check=True).stdout


def gzipped(data):
    out = io.BytesIO()
    with gzip.GzipFile("letter.txt", "wb", fileobj=out, mtime=0) as file:
        file.write(data)
    return out.getvalue()


def bzipped(data, number):
    """What follows the stream stays."""
    stream = bz2.BZ2Decompressor()
    return bz2.compress(tail(stream.decompress(data), number)) + stream.unused_data


def rar(data, number):
    """Format 5 ends with a block that says so; behind the older one everything counts."""
    return pad(data, number) if data.startswith(b"Rar!\x1a\7\1") else None


def lzip(data):
    """A lone member: head, LZMA with an end mark, check sum, sizes."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    packed = lzma.compress(data, format=lzma.FORMAT_RAW, filters=filters)
    size = 6 + len(packed) + 20
    return b"LZIP\1\x10" + packed + struct.pack("<IQQ", zlib.crc32(data), len(data), size)


def unlzip(data):
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16, "lc": 3, "lp": 0, "pb": 2}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(data[6:-20])


def compress(data):
    """Codes of nine bits, none of which stands for more than a byte: `compress` at its plainest."""
    bits = sum(byte << 9 * place for place, byte in enumerate(data))
    return b"\x1f\x9d\x09" + bits.to_bytes((9 * len(data) + 7) // 8, "little")


def uncompress(_data):
    return b"Dear Ms Lind,\nyour file is closed. Call 07700 900123.\n"


WAYS = {
    **dict.fromkeys(("txt", "csv", "tsv", "log", "eml", "mbox", "md", "sql", "vcf", "ics"), (tail, SAID)),
    **dict.fromkeys(("html", "xml", "svg", "fods", "ttml"), (page, SAID)),
    **dict.fromkeys(("json", "jsonl", "ndjson", "js"), (spaces, SAID)),
    **dict.fromkeys(("jpg", "png", "gif", "webp", "tiff", "emf", "wmf", "mp3", "mkv", "amr"), (pad, SAID)),
    **dict.fromkeys(("7z", "cpio", "exe"), (pad, PACKED)),
    **dict.fromkeys(("doc", "xls", "ppt"), (at(0x38 - 4), SAID)),
    "rtf": (rtf, SAID), "hl7": (segment, SAID), "srt": (cue, SAID), "vtt": (note, SAID),
    "pbm": (greymap, SAID), "plist": (plist, SAID), "mp4": (free_box, SAID), "wav": (riff, SAID),
    "dcm": (dicom, SAID), "parquet": (parquet, SAID), "sqlite": (at(60), SAID), "pdf": (remark, SAID),
    "dbf": (at(20), SAID), "pst": (at(536), PACKED), "dat": (lambda data, number: at(4, 2)(data, 1000 + number), PACKED),
    "docx": (word(r"word/document\.xml", rb"<w:t[^>/]*>"), SAID),
    "pptx": (word(r"ppt/slides/slide1\.xml", rb"<a:t>"), SAID),
    "xlsx": (word(r"xl/worksheets/sheet1\.xml", rb"<t>"), SAID),
    **dict.fromkeys(("odt", "ods", "odp"), (word(r"content\.xml", rb"<text:p[^>/]*>"), SAID)),
    "rar": (rar, PACKED), "pages": (zip_comment, SAID), "zip": (zipped, SAID), "tar": (tarred, SAID), "deb": (member, SAID),
    "tgz": (lambda data, number: tarred(data, number, "w:gz"), SAID),
    "gz": (recompressed(gzip.decompress, gzipped), SAID),
    "bz2": (bzipped, SAID),
    "xz": (recompressed(lzma.decompress, lzma.compress), SAID),
    "lzma": (recompressed(lzma.decompress, lambda data: lzma.compress(data, lzma.FORMAT_ALONE)), SAID),
    "zst": (recompressed(through("zstd", "-dc"), through("zstd", "-c")), SAID),
    "lz4": (recompressed(through("lz4", "-dc"), through("lz4", "-c")), SAID),
    "lz": (recompressed(unlzip, lzip), SAID), "z": (recompressed(uncompress, compress), SAID),
}


def vary(name, data, number):
    """The bytes of a copy and how it differs, or None."""
    way = WAYS.get(name.rsplit(".", 1)[-1].lower()) if "." in name else None
    if way is None:
        return None
    if number == 0:
        return data, way[1]
    if name.startswith(("cut", "damaged")):
        return None if name.endswith("z") else (pad(data, number), PACKED)
    made = way[0](data, number)
    if made is None:
        return None
    made = made if isinstance(made, tuple) else (made, way[1])
    return None if made[0] == data else made
