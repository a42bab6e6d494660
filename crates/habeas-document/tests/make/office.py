"""Makes the fixtures of `../fixtures/locked`, and of `../fixtures/office` those that no program at hand writes.

Nobody in them exists. Run it with Python 3.10 or newer from this folder; it needs cryptography, olefile and
msoffcrypto-tool. Files with a password are made of fixtures without one; the password is `secret`, but for
`protected.xls`, which has the one that Excel uses itself. `letter.docx` differs from run to run."""
import base64
import hashlib
import io
import struct
import zipfile
import zlib

import olefile
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from msoffcrypto.method.ecma376_agile import ECMA376Agile

OFFICE, LOCKED = "../fixtures/office/", "../fixtures/locked/"
SALT, VERIFIER = bytes(range(16)), bytes(range(100, 116))


def u16(*numbers):
    return struct.pack(f"<{len(numbers)}H", *numbers)


def u32(*numbers):
    return struct.pack(f"<{len(numbers)}I", *numbers)


def wide(text):
    return text.encode("utf-16-le")


def compound(streams):
    """A compound file of version 3 with these streams, all in its root ([MS-CFB])."""
    names = sorted(streams, key=lambda name: (len(wide(name)), name.upper()))
    small = [name for name in names if len(streams[name]) < 4096]
    large = [name for name in names if len(streams[name]) >= 4096]
    mini, mini_fat, start = b"", [], {}
    for name in small:
        n = -(-len(streams[name]) // 64)
        start[name] = len(mini_fat) if n else 0xfffffffe
        mini_fat += [len(mini_fat) + i + 1 for i in range(n - 1)] + ([0xfffffffe] if n else [])
        mini += streams[name].ljust(n * 64, b"\0")
    sectors, fat = b"", []

    def put(content):
        nonlocal sectors
        n, first = -(-len(content) // 512), len(fat)
        if n == 0:
            return 0xfffffffe
        fat.extend(list(range(first + 1, first + n)) + [0xfffffffe])
        sectors += content.ljust(n * 512, b"\0")
        return first

    for name in large:
        start[name] = put(streams[name])
    mini_start = put(mini)
    packed = u32(*mini_fat) if mini_fat else b""
    mini_fat_start = put(packed.ljust(-(-len(packed) // 512) * 512, b"\xff"))
    # The names as a tree in which each is between the shorter ones and the longer ones.
    links = {}

    def tree(low, high):
        if low >= high:
            return 0xffffffff
        middle = (low + high) // 2
        links[middle] = tree(low, middle), tree(middle + 1, high)
        return middle + 1

    child = tree(0, len(names))
    entry = lambda name, kind, left, right, child, first, n: (
        wide(name + "\0").ljust(64, b"\0") + u16(len(wide(name + "\0"))) + bytes([kind, 1])
        + u32(left, right, child) + bytes(36) + u32(first, n, 0))
    folder = entry("Root Entry", 5, 0xffffffff, 0xffffffff, child, mini_start, len(mini))
    for index, name in enumerate(names):
        folder += entry(name, 2, *links[index], 0xffffffff, start[name], len(streams[name]))
    while len(folder) % 512:
        folder += bytes(68) + u32(0xffffffff, 0xffffffff, 0xffffffff) + bytes(48)
    folder_start = put(folder)
    n_fat = 1
    while (len(fat) + n_fat) > n_fat * 128:
        n_fat += 1
    places = list(range(len(fat), len(fat) + n_fat))
    fat += [0xfffffffd] * n_fat
    sectors += u32(*fat).ljust(n_fat * 512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + u16(0x3e, 3, 0xfffe, 9, 6) + bytes(6)
    head += u32(0, n_fat, folder_start, 0, 4096, mini_fat_start, -(-len(packed) // 512), 0xfffffffe, 0)
    return head + u32(*places).ljust(436, b"\xff") + sectors


def streams_of(name):
    file = olefile.OleFileIO(OFFICE + name)
    return {path[0]: file.openstream(path).read() for path in file.listdir() if len(path) == 1}


def write(path, content):
    open(path, "wb").write(content)


def rc4(key, content):
    return Cipher(ARC4(key), None).encryptor().update(content) if content else b""


class Key97:
    """[MS-OFFCRYPTO] 2.3.6."""

    def __init__(self, password):
        first = hashlib.md5(wide(password)).digest()[:5]
        self.base = hashlib.md5((first + SALT) * 16).digest()[:5]
        both = rc4(self.key(0), VERIFIER + hashlib.md5(VERIFIER).digest())
        self.info = u16(1, 1) + SALT + both

    def key(self, number):
        return hashlib.md5(self.base + u32(number)).digest()

    def stream(self, content, n):
        pieces = [content[at:at + n] for at in range(0, len(content), n)]
        return b"".join(rc4(self.key(number), piece) for number, piece in enumerate(pieces))


class KeyXp(Key97):
    """[MS-OFFCRYPTO] 2.3.5, with 128 bits."""

    def __init__(self, password):
        self.base = hashlib.sha1(SALT + wide(password)).digest()
        both = rc4(self.key(0), VERIFIER + hashlib.sha1(VERIFIER).digest())
        name = wide("Microsoft Enhanced Cryptographic Provider v1.0\0")
        header = u32(4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + name
        self.info = u16(4, 2) + u32(4, len(header)) + header
        self.info += u32(16) + SALT + both[:16] + u32(20) + both[16:]

    def key(self, number):
        return hashlib.sha1(self.base + u32(number)).digest()[:16]


def locked_doc():
    streams = streams_of("letter.doc")
    key = KeyXp("secret")
    main = bytearray(streams["WordDocument"])
    n = len(key.info)
    # Everything in the table stream moves behind what tells how it is encrypted.
    for at in range(0x9a, 0x9a + 93 * 8, 8):
        start, size = struct.unpack_from("<II", main, at)
        if size:
            struct.pack_into("<I", main, at, start + n)
    struct.pack_into("<H", main, 10, struct.unpack_from("<H", main, 10)[0] | 0x100)
    struct.pack_into("<I", main, 14, n)
    table = bytes(n) + streams["1Table"]
    streams["WordDocument"] = bytes(main[:68]) + key.stream(bytes(main), 512)[68:]
    streams["1Table"] = key.info + key.stream(table, 512)[n:]
    streams["Data"] = key.stream(streams["Data"], 512)
    write(LOCKED + "letter.doc", compound(streams))


def records(stream):
    at = 0
    while at + 4 <= len(stream):
        kind, n = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4:at + 4 + n]
        at += 4 + n


PLAIN = (0x0809, 0x2f, 0xe1, 0x138, 0x194, 0x195, 0x196)


def locked_xls(name, file_pass, encrypt):
    """A workbook whose records are encrypted by a function of place, content and the whole stream."""
    streams = streams_of("patients.xls")
    all_records = list(records(streams["Workbook"]))
    all_records.insert(1, (0x2f, file_pass))
    n_more = len(file_pass) + 4
    stream = b""
    for kind, body in all_records:
        if kind == 0x85:
            body = u32(struct.unpack_from("<I", body)[0] + n_more) + body[4:]
        stream += u16(kind, len(body)) + body
    sealed, at = b"", 0
    for kind, body in all_records:
        n, from_ = len(body), at + 4
        body = stream[from_:from_ + n]
        if kind not in PLAIN:
            n_plain = 4 if kind == 0x85 else 0
            body = body[:n_plain] + encrypt(stream, from_, n)[n_plain:]
        sealed += u16(kind, n) + body
        at = from_ + n
    streams["Workbook"] = sealed
    write(LOCKED + name, compound(streams))


def xor_array(password):
    """[MS-OFFCRYPTO] 2.3.7.2, where the key and the array are made of tables of words."""
    from msoffcrypto.method.xor_obfuscation import DocumentXOR
    return DocumentXOR.create_xor_key_method1(password), DocumentXOR.create_xor_array_method1(password)


def xor_verifier(password):
    verifier = 0
    for byte in reversed(bytes([len(password)]) + password.encode()):
        verifier = (verifier >> 14 & 1 | verifier << 1 & 0x7fff) ^ byte
    return verifier ^ 0xce4b


def locked_workbooks():
    key = Key97("secret")
    locked_xls("patients.xls", u16(1) + key.info,
               lambda stream, at, n: key.stream(stream, 1024)[at:at + n])
    word = "VelvetSweatshop"
    number, array = xor_array(word)

    def hide(stream, at, n):
        turned = [byte << 5 & 0xff | byte >> 3 for byte in stream[at:at + n]]
        return bytes(byte ^ array[(at + n + index) % 16] for index, byte in enumerate(turned))

    locked_xls("protected.xls", u16(0, number, xor_verifier(word)), hide)


def locked_ppt():
    streams = streams_of("case.ppt")
    stream, user = bytearray(streams["PowerPoint Document"]), bytearray(streams["Current User"])
    key = KeyXp("secret")
    edit, = struct.unpack_from("<I", user, 16)
    directory, = struct.unpack_from("<I", stream, edit + 8 + 12)
    n_list, = struct.unpack_from("<I", stream, directory + 4)
    numbers = struct.unpack_from(f"<{n_list // 4}I", stream, directory + 8)
    objects, at = {}, 0
    while at < len(numbers):
        first, n = numbers[at] & 0xfffff, numbers[at] >> 20
        objects.update({first + index: numbers[at + 1 + index] for index in range(n)})
        at += n + 1
    for number, place in objects.items():
        n = 8 + struct.unpack_from("<I", stream, place + 4)[0]
        stream[place:place + n] = rc4(key.key(number), bytes(stream[place:place + n]))
    # The last saving, once more, with what tells how everything is encrypted.
    end = edit + 8 + struct.unpack_from("<I", stream, edit + 4)[0]
    body = bytes(stream[edit + 8:end])
    session, stream = max(objects) + 1, stream[:end]
    objects[session] = len(stream)
    stream += u16(0xf, 0x2f14) + u32(len(key.info)) + key.info
    place = len(stream)
    pairs = b"".join(u32(1 << 20 | number, at) for number, at in sorted(objects.items()))
    stream += u16(0, 0x1772) + u32(len(pairs)) + pairs
    struct.pack_into("<I", user, 16, len(stream))
    struct.pack_into("<I", user, 12, 0xf3d1c4df)
    body = body[:8] + u32(0, place) + body[16:28] + u32(session)
    stream += u16(0, 0x0ff5) + u32(len(body)) + body
    # A picture, each piece of which is encrypted as if it were the first.
    chunk = lambda kind, content: (struct.pack(">I", len(content)) + kind + content
                                   + struct.pack(">I", zlib.crc32(kind + content)))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    png += chunk(b"tEXt", b"Author\0Ida Berg") + chunk(b"IDAT", zlib.compress(b"\0\xff\xff" * 2)) + chunk(b"IEND", b"")
    pieces = [u16(0x6e00, 0xf01e) + u32(17 + len(png)), hashlib.md5(png).digest(), b"\xff", png]
    pictures = b"".join(rc4(key.key(0), piece) for piece in pieces)
    streams.update({"PowerPoint Document": bytes(stream), "Current User": bytes(user), "Pictures": pictures})
    write(LOCKED + "case.ppt", compound(streams))


def standard():
    """[MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9."""
    hash_ = hashlib.sha1(SALT + wide("secret")).digest()
    for n in range(50000):
        hash_ = hashlib.sha1(u32(n) + hash_).digest()
    hash_ = hashlib.sha1(hash_ + u32(0)).digest()
    fill = lambda byte: hashlib.sha1(bytes(byte ^ of for of in hash_.ljust(64, b"\0"))).digest()
    key = (fill(0x36) + fill(0x5c))[:16]
    seal = lambda content: Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(content)
    name = wide("Microsoft Enhanced RSA and AES Cryptographic Provider\0")
    header = u32(0x24, 0, 0x660e, 0x8004, 128, 24, 0, 0) + name
    info = u16(4, 2) + u32(0x24, len(header)) + header
    info += u32(16) + SALT + seal(VERIFIER)
    info += u32(20) + seal(hashlib.sha1(VERIFIER).digest().ljust(32, b"\0"))
    content = open(OFFICE + "patients.xlsx", "rb").read()
    package = u32(len(content), 0) + seal(content.ljust(-(-len(content) // 16) * 16, b"\0"))
    streams = {"EncryptionInfo": info, "EncryptedPackage": package}
    write(LOCKED + "patients.xlsx", compound(streams))


def agile():
    # So few rounds only because tests read it hundreds of times.
    content = io.BytesIO(open(OFFICE + "letter.docx", "rb").read())
    write(LOCKED + "letter.docx", ECMA376Agile.encrypt("secret", content, spin_count=1000))


def wrapped():
    """An object in which a file of any kind is wrapped ([MS-OLEDS] 2.3.6)."""
    content = b"Dear Amara Lind, your visit on 4 March is confirmed.\n"
    label, path = b"letter.txt\0", b"C:\\Users\\bo\\letter.txt\0"
    native = u16(2) + label + path + u16(0, 3) + u32(len(path)) + path + u32(len(content)) + content
    summary = streams_of("letter.doc")["\x05SummaryInformation"]
    write(OFFICE + "object.ole", compound({
        "\x01Ole10Native": u32(len(native)) + native, "\x05SummaryInformation": summary}))


def fast():
    """A letter whose second paragraph was deleted when it was saved fast."""
    kept, gone, new = "Dear Amara Lind,\r", "Bo Ek told me of it.\r", "Yours, Zoe Low\r"
    text = kept + gone
    main = bytearray(0x800) + text.encode("cp1252")
    late = len(main)
    main += wide(new)
    main = main.ljust(4608, b"\0")
    struct.pack_into("<HH", main, 0, 0xa5ec, 0xc1)
    struct.pack_into("<H", main, 10, 0x0204)
    struct.pack_into("<II", main, 0x18, 0x800, len(main))
    struct.pack_into("<I", main, 0x4c, len(kept + new))
    pieces = u32(0, len(kept), len(kept + new))
    pieces += u16(0) + u32(0x800 * 2 | 0x40000000) + u16(0) + u16(0) + u32(late) + u16(0)
    clx = b"\2" + u32(len(pieces)) + pieces
    struct.pack_into("<II", main, 0x1a2, 0, len(clx))
    write(OFFICE + "fast.doc", compound({"WordDocument": bytes(main), "1Table": clx.ljust(4096, b"\0")}))


def record12(kind, body=b""):
    """A record of a binary workbook ([MS-XLSB] 2.1.4)."""
    numbers = [bytes([kind]) if kind < 0x80 else bytes([kind & 0x7f | 0x80, kind >> 7])]
    n = len(body)
    while n >= 0x80:
        numbers.append(bytes([n & 0x7f | 0x80]))
        n >>= 7
    return b"".join(numbers) + bytes([n]) + body


def text12(text):
    return u32(len(text)) + wide(text)


def xlsb():
    """Two sheets, the second hidden; a hidden row and column, a date, formulas, a comment, choices."""
    cell = lambda kind, column, value, style=0: record12(kind, u32(column, style) + value)
    row = lambda number, hidden=0: record12(0, u32(number, 0) + u16(300) + bytes([0, hidden, 0]) + u32(0))
    shared = ["Name", "Born", "Mobile", "Nurse", "Amara Lind", "Bo Ek", "Hidden Row Person", "Gone Person"]
    sst = record12(159, u32(len(shared), len(shared)))
    sst += b"".join(record12(19, b"\0" + text12(text)) for text in shared) + record12(160)
    styles = record12(278) + record12(615, u32(1)) + record12(44, u16(164) + text12("00000\\ 000000"))
    styles += record12(616) + record12(617, u32(3))
    for number in (0, 14, 164):
        styles += record12(47, u16(0, number) + bytes(12))
    styles += record12(618) + record12(279)
    head = record12(129) + record12(390) + record12(60, u32(3, 3, 2560, 0) + u16(1)) + record12(391)
    isst = lambda column, index: cell(7, column, u32(index))
    formula = bytes(2) + u32(0, 0)
    sheet = head + record12(145)
    sheet += row(0) + b"".join(isst(column, column) for column in range(4))
    sheet += row(1) + isst(0, 4) + cell(5, 1, struct.pack("<d", 31140), 1)
    sheet += cell(5, 2, struct.pack("<d", 7700900123), 2) + cell(6, 3, text12("Ida Berg"))
    sheet += row(2) + isst(0, 5) + cell(9, 1, struct.pack("<d", 32875) + formula, 1)
    sheet += cell(2, 2, u32(2 | 77 << 2)) + cell(8, 3, text12("Cy Moss") + formula)
    sheet += row(3, 0x10) + isst(0, 6) + cell(3, 1, b"\x2a") + cell(4, 2, b"\1")
    sheet += record12(146)
    choice = text12("") * 2 + text12("Whose nurse?") + text12("Ask Zoe Low")
    literal = "Ida Berg,Cy Moss"
    ptg = b"\x17" + u16(len(literal)) + wide(literal)
    sheet += record12(64, u32(3, 1, 1, 3, 3, 3) + choice + u32(len(ptg)) + ptg + u32(0) * 3)
    sheet += record12(479, u16(0) + text12("&LPrinted for Bo Ek") + u32(0xffffffff) * 5) + record12(480)
    sheet += record12(130)
    hidden = record12(129) + record12(145) + row(2) + isst(1, 7) + record12(146) + record12(130)
    notes = record12(628) + record12(630) + record12(632, text12("Zoe Low")) + record12(631)
    notes += record12(633) + record12(635, u32(0, 1, 1, 0, 0) + bytes(16))
    notes += record12(637, b"\0" + text12("prefers the telephone")) + record12(636)
    notes += record12(634) + record12(629)
    book = record12(131) + record12(153, u32(0, 0) + text12("")) + record12(143)
    for state, number, name in ((0, 1, "Patients"), (1, 2, "Old")):
        book += record12(156, u32(state, number) + text12(f"rId{number}") + text12(name))
    book += record12(144) + record12(132)
    relation = lambda id, kind, target: (
        f'<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{target}"/>')
    relations = lambda *all: "<Relationships>" + "".join(relation(*one) for one in all) + "</Relationships>"
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    parts = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.bin" ContentType="{kind}"/></Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "worksheet", "worksheets/sheet2.bin"),
            ("rId3", "sharedStrings", "sharedStrings.bin"), ("rId4", "styles", "styles.bin")),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/worksheets/_rels/sheet1.bin.rels": relations(("rId1", "comments", "../comments1.bin")),
        "xl/worksheets/sheet2.bin": hidden,
        "xl/sharedStrings.bin": sst,
        "xl/styles.bin": styles,
        "xl/comments1.bin": notes,
        "docProps/core.xml": '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Zoe Low</dc:creator>'
                             "</cp:coreProperties>",
    }
    with zipfile.ZipFile(OFFICE + "patients.xlsb", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 12, 9, 0, 0)), content)


def pivot_xlsb():
    """A cache of each kind of rows, of which one row is gone from its sheet; names, a linked workbook, a chart."""
    date = lambda year, month, day, hour=0: u16(year, month) + bytes([day, hour, 0, 0])
    double = lambda number: struct.pack("<d", number)
    field = lambda name, flags=4: record12(183, u16(flags) + u32(0) + u16(0) + u32(0, 0, 0) + text12(name))
    shared = lambda flags, items=b"": record12(189, u16(flags) + u32(0)) + items + record12(190)
    texts = lambda *all: b"".join(record12(24, text12(text)) for text in all)
    # The nurse is in a run of values; one value of it belongs to nobody any more.
    run = record12(191, u16(2) + u32(2) + text12("Ida Berg") + text12("Unused Person"))
    definition = record12(179, bytes(18)) + record12(181, u32(6))
    definition += field("Name") + shared(0x08, texts("Amara Lind", "Bo Ek")) + record12(184)
    definition += field("Born") + shared(0x04) + record12(184)
    definition += field("Visits") + shared(0x40) + record12(184)
    definition += field("Remark") + shared(0x08) + record12(184)
    definition += field("Nurse") + shared(0x08, run) + record12(219) + texts("Group of Zoe Low") + record12(220)
    definition += record12(184) + field("Computed", 0) + record12(184) + record12(182) + record12(180)
    inside = lambda name, born, visits, remark, nurse: record12(
        33, u32(name) + date(*born) + double(visits) + text12(remark) + u32(nurse))
    records = record12(193, u32(3))
    records += inside(0, (1985, 4, 3), 2, "rings back", 0) + inside(1, (1990, 1, 2), 77, "", 0)
    records += record12(34) + record12(26, u32(0)) + record12(25, date(1985, 4, 3, 9)) + record12(21, double(1.5))
    records += record12(24, text12("Deleted row of Cy Moss")) + record12(26, u32(0)) + record12(194)
    book = record12(131) + record12(153, u32(0, 0) + text12("")) + record12(143)
    book += record12(156, u32(0, 1) + text12("rId1") + text12("Patients")) + record12(144)
    book += record12(353) + record12(357) + record12(362, u32(1, 0, 0, 0)) + record12(354)
    name = lambda name, formula, remark="", flags=0: record12(
        39, u32(flags) + b"\0" + u32(0xffffffff) + text12(name) + u32(len(formula)) + formula + u32(0)
        + text12(remark))
    literal = "Amara Lind"
    book += name("Everybody", b"\x3b" + u16(0) + u32(0, 4) + u16(0, 2), "asked for by Zoe Low")
    book += name("Contact", b"\x17" + u16(len(literal)) + wide(literal))
    book += name("_xlnm.Print_Area", b"\x3b" + u16(0) + u32(0, 4) + u16(0, 2), flags=0x20)
    book += record12(132)
    cell = lambda kind, column, value: record12(kind, u32(column, 0) + value)
    sheet = record12(129) + record12(145) + record12(0, u32(0, 0) + u16(300) + bytes(3) + u32(0))
    sheet += cell(6, 0, text12("Nothing is left")) + record12(146) + record12(130)
    linked = record12(360, u16(0) + text12("rId1")) + record12(363) + record12(366, u32(0))
    linked += record12(371, u32(0) + text12("Linked Person")) + record12(368, u32(1) + double(7)) + record12(364)
    point = lambda index, text: f'<c:pt idx="{index}"><c:v>{text}</c:v></c:pt>'
    cache = "".join(point(*pair) for pair in enumerate(("Amara Lind", "Gone Person")))
    chart = f'<c:chartSpace xmlns:c="c"><c:ser><c:cat><c:strRef><c:strCache>{cache}</c:strCache></c:strRef></c:cat>'
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    relation = lambda id, kind, target: (
        f'<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{kind}" Target="{target}"/>')
    relations = lambda *all: "<Relationships>" + "".join(relation(*one) for one in all) + "</Relationships>"
    parts = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.bin" ContentType="{kind}"/></Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.bin"),
            ("rId2", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.bin")),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/pivotCache/pivotCacheDefinition1.bin": definition,
        "xl/pivotCache/_rels/pivotCacheDefinition1.bin.rels": relations(
            ("rId1", "pivotCacheRecords", "pivotCacheRecords1.bin")),
        "xl/pivotCache/pivotCacheRecords1.bin": records,
        "xl/externalLinks/externalLink1.bin": linked,
        "xl/charts/chart1.xml": chart + "</c:ser></c:chartSpace>",
    }
    with zipfile.ZipFile(OFFICE + "pivot.xlsb", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 12, 9, 0, 0)), content)


def stored(target, parts):
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 12, 9, 0, 0)), content)


def deflated(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def manifest(kind, entries):
    head = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    return (head + f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>' + "".join(entries)
            + "</manifest:manifest>")


def locked_ods():
    """A workbook as OpenOffice wrote it until 2011: SHA-1, 1024 rounds, Blowfish."""
    parts, entries = {}, []
    with zipfile.ZipFile(OFFICE + "patients.ods") as archive:
        kind = archive.read("mimetype").decode()
        contents = {name: archive.read(name) for name in archive.namelist()}
    parts["mimetype"] = kind
    text = lambda content: base64.b64encode(content).decode()
    for index, (name, content) in enumerate(contents.items()):
        if name == "mimetype" or name.startswith("META-INF/") or name.endswith("/"):
            continue
        salt, start = bytes([index]) * 16, bytes([index + 100]) * 8
        key = hashlib.pbkdf2_hmac("sha1", hashlib.sha1(b"secret").digest(), salt, 1024, 16)
        packed = deflated(content)
        parts[name] = Cipher(Blowfish(key), CFB(start)).encryptor().update(packed)
        entries.append(
            f'<manifest:file-entry manifest:full-path="{name}" manifest:size="{len(content)}">'
            f'<manifest:encryption-data manifest:checksum-type="SHA1/1K" '
            f'manifest:checksum="{text(hashlib.sha1(packed[:1024]).digest())}"><manifest:algorithm '
            f'manifest:algorithm-name="Blowfish CFB" manifest:initialisation-vector="{text(start)}"/>'
            f'<manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:iteration-count="1024" '
            f'manifest:salt="{text(salt)}"/></manifest:encryption-data></manifest:file-entry>')
    parts["META-INF/manifest.xml"] = manifest(kind, entries)
    stored(LOCKED + "patients.ods", parts)


def whole_odt():
    """A text that is encrypted as a whole, as LibreOffice 24.8 and later do; with less memory for its key."""
    with open(OFFICE + "letter.odt", "rb") as file:
        content = file.read()
    kind, start = "application/vnd.oasis.opendocument.text", bytes(range(12))
    password = hashlib.sha256(b"secret").digest()
    key = Argon2id(salt=SALT, length=32, iterations=3, lanes=4, memory_cost=64).derive(password)
    text = lambda content: base64.b64encode(content).decode()
    entry = (
        f'<manifest:file-entry manifest:full-path="encrypted-package" manifest:media-type="{kind}" '
        f'manifest:size="{len(content)}"><manifest:encryption-data><manifest:algorithm '
        f'manifest:algorithm-name="http://www.w3.org/2009/xmlenc11#aes256-gcm" '
        f'manifest:initialisation-vector="{text(start)}"/><manifest:start-key-generation '
        f'manifest:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256" manifest:key-size="32"/>'
        f'<manifest:key-derivation manifest:key-derivation-name="urn:org:documentfoundation:names:experimental:'
        f'office:manifest:argon2id" manifest:key-size="32" loext:argon2-iterations="3" loext:argon2-memory="64" '
        f'loext:argon2-lanes="4" manifest:salt="{text(SALT)}"/></manifest:encryption-data></manifest:file-entry>')
    parts = {"mimetype": kind, "encrypted-package": start + AESGCM(key).encrypt(start, deflated(content), b"")}
    stored(LOCKED + "whole.odt", parts | {"META-INF/manifest.xml": manifest(kind, [entry])})


def one():
    """A page in two versions, who wrote it, and a file that was put in ([MS-ONESTORE])."""
    text = lambda text: u32(len(wide(text))) + wide(text)
    objects = lambda n: u32(0x80000000 | n) + u32(*range(0x100, 0x100 + n))

    def set_of(*properties):
        return u16(len(properties)) + u32(*(id for id, _ in properties)) + b"".join(v for _, v in properties)

    body, title, author, name, child = 0x1c001c22, 0x1c001cf3, 0x1c001d75, 0x1c001d9c, 0x24001c20
    guid = lambda text: bytes.fromhex(text)
    head = guid("e4525c7b8cd8a74daeb15378d02996d3") + bytes(16) + bytes(16)
    head += guid("3fdd9a101b91f549a5d01791edc8aed8")
    content = b"Dear Amara Lind, your visit on 4 March is confirmed.\n"
    stored = guid("e716e3bd65261145a4c48d4d0b7a9eac") + u32(len(content), 0, 0, 0, 0) + content
    stored = stored.ljust(-(-len(stored) // 8) * 8, b"\0") + guid("22a7fb71790f0b4abb13899256426b24")
    parts = [
        head.ljust(1024, b"\0"),
        objects(2) + set_of((0x14001c0a, u32(7)), (title, text("Visit of Amara Lind")), (child, u32(2))),
        objects(0) + set_of((0x0c001c05, b"\1"), (body, text("Her number is 07700 900123\0"))),
        objects(0) + set_of((0x0c001c05, b"\1"), (body, text("Ring 07700 900456 \ufddfHYPERLINK "
                                                          '"mailto:amara@example.org"or write'))),
        objects(0) + set_of((author, text("Zoe Low")), (0x14001d7a, u32(9))),
        objects(0) + set_of((name, text("letter.txt")), (0x20001d9b, b"")),
        stored,
    ]
    # Each part begins where eight divides.
    content = b"".join(part.ljust(-(-len(part) // 8) * 8, b"\0") for part in parts)
    write(OFFICE + "visit.one", content)


agile()
standard()
locked_doc()
locked_workbooks()
locked_ppt()
wrapped()
fast()
xlsb()
pivot_xlsb()
locked_ods()
whole_odt()
one()
