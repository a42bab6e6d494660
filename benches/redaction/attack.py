"""Reads every file of a bundle by as many means as there are, and looks for what should be gone."""

import base64
import functools
import html
import json
import os
import re
import subprocess
import tempfile
import unicodedata
import urllib.parse
import zipfile

import pikepdf
import pymupdf
from pdfminer.high_level import extract_text

pymupdf.TOOLS.mupdf_display_errors(False)
ZERO = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))


def fold(text):
    """Compatibility forms, case, accents and invisible characters away; any space is one space."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(ZERO)).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", text.replace("\u2019", "'").replace("\u2010", "-").replace("\u2011", "-"))


def tight(text):
    return re.sub(r"[\W_]+", "", text)


NOISE = ("bytes", "base64", "hex", "percent")


class Secret:
    """A string to look for, with the class it belongs to."""

    def __init__(self, string, kind="name", cased=False):
        self.string, self.kind = string, kind
        # A name that is a word too, such as Will, counts as it is written only.
        self.cased = re.compile(rf"(?<!\w){re.escape(string)}(?!\w)") if cased else None
        folded = fold(string).strip()
        gap = r"[ \-]{1,3}" if kind in ("name", "full name") else r" ?-? ?"
        joined = gap.join(re.escape(word) for word in folded.split(" "))
        self.pattern = re.compile(rf"(?<![^\W_]){joined}(?![^\W_])")
        self.tight = tight(folded)
        self.digits = re.sub(r"\D", "", string) if kind == "phone" else ""
        self.backwards = folded[::-1] if re.search(r"[\u0590-\u08ff]", string) else None

    def within(self, reading):
        if len(self.tight) < 6 and reading.means.rpartition("pikepdf-")[2].startswith(NOISE):
            return False  # three letters stand in any noise
        if self.cased:
            return bool(self.cased.search(reading.text))
        if self.pattern.search(reading.folded):
            return True
        # Long enough to be no accident: then breaks, hyphens and spaces between letters do not save it.
        if len(self.tight) >= 9 and self.tight in reading.tight:
            return True
        if self.backwards and self.backwards in reading.folded:
            return True
        if len(self.digits) >= 9:
            return self.digits in reading.digits or (self.digits.startswith("0") and "44" + self.digits[1:] in reading.digits)
        return False


class Reading:
    """One file read by one means."""

    def __init__(self, means, text):
        self.means, self.text = means, text
        self.folded = fold(text)
        self.tight = tight(self.folded)
        # Digits that stand together as a number does: groups with one separator between.
        self.digits = " ".join(re.sub(r"\D", "", run) for run in re.findall(r"\+?\d[\d\s().\-/]{7,}\d", text))


def said(command, data=None, seconds=120):
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        return done.stdout.decode("utf-8", "replace")
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        return f"<{type(error).__name__}>"


def encodings(data):
    """Bytes as text in the encodings in which something could hide."""
    yield "bytes", data.decode("utf-8", "replace")
    yield "bytes-latin1", data.decode("latin-1")
    for name in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            yield f"bytes-{name}", data[start:].decode(name, "replace")
    packed = [run for run in re.findall(rb"[A-Za-z0-9+/]{24,}={0,2}", data)]
    if packed:
        opened = []
        for run in packed[:2000]:
            for start in range(4):
                piece = run[start:]
                opened.append(base64.b64decode(piece[: len(piece) // 4 * 4], validate=False).decode("latin-1"))
        yield "base64", "\n".join(opened)
    hexed = re.findall(rb"(?:[0-9A-Fa-f]{2}){8,}", data)
    if hexed:
        opened = [bytes.fromhex(run.decode()) for run in hexed[:5000]]
        yield "hex", "\n".join(piece.decode("latin-1") for piece in opened)
        yield "hex-utf16", "\n".join(piece.decode("utf-16-be", "replace") for piece in opened)
    if b"%" in data:
        yield "percent", urllib.parse.unquote(data.decode("latin-1"))


def objects(path):
    """Every string and every decoded stream of a PDF, whether something refers to it or not."""
    strings, streams = [], []

    def walk(item, depth=0):
        if depth > 60:
            return
        if isinstance(item, pikepdf.String):
            strings.append(str(item))
            strings.append(bytes(item).decode("latin-1"))
        elif isinstance(item, pikepdf.Name):
            strings.append(str(item))
        elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            for key in item.keys():
                strings.append(key)
                value = item[key]
                if not getattr(value, "is_indirect", False):
                    walk(value, depth + 1)
            if isinstance(item, pikepdf.Stream):
                try:
                    streams.append(item.read_bytes())
                except Exception:
                    streams.append(item.read_raw_bytes())
        elif isinstance(item, pikepdf.Array):
            for value in item:
                if not getattr(value, "is_indirect", False):
                    walk(value, depth + 1)

    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            walk(item)
        walk(pdf.trailer)
    # Strings shown by Tj and TJ, with the shifts between them taken away.
    shown = [b"".join(re.findall(rb"\(((?:[^()\\]|\\.)*)\)", part)) for stream in streams if b"BT" in stream for part in stream.split(b"\n")]
    return "\n".join(strings), streams, b"\n".join(shown).decode("latin-1")


def pictures(path, dpi=200):
    """What an eye sees: every page rendered and recognised, at one size and, for small type, at twice of it."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        said(["pdftoppm", "-r", str(dpi), "-gray", path, os.path.join(folder, "p")])
        for name in sorted(os.listdir(folder)):
            out.append(said(["tesseract", os.path.join(folder, name), "-", "--psm", "3"]))
    return "\n".join(out)


@functools.lru_cache(maxsize=4096)
def readings(path, ocr=True):
    """Every reading of a file, by every means that fits it."""
    out = []
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".pdf"):
        for means, read in [
            ("pymupdf", lambda: "\n".join(page.get_text() for page in pymupdf.open(path))),
            ("pymupdf-sorted", lambda: "\n".join(page.get_text(sort=True) for page in pymupdf.open(path))),
            ("pymupdf-metadata", lambda: json.dumps([pymupdf.open(path).metadata, pymupdf.open(path).get_toc(), pymupdf.open(path).get_xml_metadata()], ensure_ascii=False)),
            ("pdfminer", lambda: extract_text(path)),
            ("pdftotext", lambda: said(["pdftotext", path, "-"])),
            ("pdftotext-raw", lambda: said(["pdftotext", "-raw", path, "-"])),
            ("pdftotext-layout", lambda: said(["pdftotext", "-layout", path, "-"])),
        ]:
            try:
                out.append(Reading(means, read()))
            except Exception as error:
                out.append(Reading(means, f"<{type(error).__name__}>"))
        try:
            strings, streams, shown = objects(path)
            out += [Reading("pikepdf-strings", strings), Reading("pikepdf-shown", shown)]
            joined = b"\n".join(stream for stream in streams if len(stream) < 4_000_000)
            out += [Reading(f"pikepdf-{means}", text) for means, text in encodings(joined)]
        except Exception as error:
            out.append(Reading("pikepdf", f"<{type(error).__name__}>"))
        if ocr:
            out.append(Reading("ocr", pictures(path)))
    elif path.endswith((".zip", ".xlsx", ".docx")) and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                inside = archive.read(member)
                out += [Reading(f"zip:{means}", member + "\n" + text) for means, text in encodings(inside)]
                out.append(Reading("zip:untagged", re.sub("<[^>]+>", " ", html.unescape(inside.decode("utf-8", "replace")))))
    elif path.endswith((".png", ".jpg")) and ocr:
        out.append(Reading("ocr", said(["tesseract", path, "-"])))
    elif path.endswith(".json"):
        out.append(Reading("json", json.dumps(json.loads(data), ensure_ascii=False)))
    elif path.endswith(".html"):
        text = data.decode("utf-8", "replace")
        out += [Reading("html", html.unescape(text)), Reading("html-untagged", html.unescape(re.sub("<[^>]+>", "", text)))]
    out += [Reading(means, text) for means, text in encodings(data)]
    return out


SEEN = {"pymupdf", "pymupdf-sorted", "pdfminer", "pdftotext", "pdftotext-raw", "pdftotext-layout", "ocr", "html", "json", "bytes"}


def search(files, secrets, ocr=True):
    """(file, secret, [means]) for everything that was found; `files` is name to path."""
    found = []
    for name, path in files.items():
        read = readings(path, ocr) + [Reading("file name", name)]
        for secret in secrets:
            means = sorted({one.means for one in read if secret.within(one)})
            if means:
                found.append((name, secret, means))
    return found


def kept(path, strings, ocr=True):
    """Which of the requester's strings can be read in a file by the means that a person has."""
    read = [one for one in readings(path, ocr) if one.means in SEEN]
    return [string for string in strings if any(tight(fold(string)) in one.tight for one in read)]
