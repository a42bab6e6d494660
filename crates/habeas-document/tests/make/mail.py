"""Makes the binary fixtures of `../fixtures/mail`: office.pst, office-ansi.pst, office.ost, office-plain.ost and winmail.dat.

Written from [MS-PST], [MS-OXTNEF] and, for pages of 4 KiB, the documentation of libpff, apart from the
reader, so that the two check each other. Nobody in them exists. `readpst` reads the data files of the
first two layouts as well, and `pffexport` of libpff that of the third. Run it with Python 3.10 or newer from this folder."""
import struct
import zlib

PERMUTE = [int(x, 16) for x in """
41 36 13 62 a8 21 6e bb f4 16 cc 04 7f 64 e8 5d 1e f2 cb 2a 74 c5 5e 35 d2 95 47 9e 96 2d 9a 88
4c 7d 84 3f db ac 31 b6 48 5f f6 c4 d8 39 8b e7 23 3b 38 8e c8 c1 df 25 b1 20 a5 46 60 4e 9c fb
aa d3 56 51 45 7c 55 00 07 c9 2b 9d 85 9b 09 a0 8f ad b3 0f 63 ab 89 4b d7 a7 15 5a 71 66 42 bf
26 4a 6b 98 fa ea 77 53 b2 70 05 2c fd 59 3a 86 7e ce 06 eb 82 78 57 c7 8d 43 af b4 1c d4 5b cd
e2 e9 27 4f c3 08 72 80 cf b0 ef f5 28 6d be 30 4d 34 92 d5 0e 3c 22 32 e5 e4 f9 9f c2 d1 0a 81
12 e1 ee 91 83 76 e3 97 e6 61 8a 17 79 a4 b7 dc 90 7a 5c 8c 02 a6 ca 69 de 50 1a 11 93 b9 52 87
58 fc ed 1d 37 49 1b 6a e0 29 33 99 bd 6c d9 94 f3 40 54 6f f0 c6 73 b8 d6 3e 65 18 44 1f dd 67
10 f1 0c 19 ec ae 03 a1 14 7b a9 0b ff f8 a3 c0 a2 01 f7 2e bc 24 68 75 0d fe ba 2f b5 d0 da 3d""".split()]

TICKS_1601 = 116444736000000000


def ticks(seconds):
    return struct.pack("<Q", TICKS_1601 + seconds * 10_000_000)


MARCH_4 = 1741082520  # 2025-03-04T10:02:00Z


def text(s):
    return 0x1F, s.encode("utf-16-le")


def narrow(s, encoding="cp1252"):
    return 0x1E, s.encode(encoding)


def number(n):
    return 0x03, struct.pack("<i", n)


def time(seconds):
    return 0x40, ticks(seconds)


def binary(b):
    return 0x102, b


def weak_crc(data):
    """The CRC-32 that begins with 0 and is not turned round at its end ([MS-PST] 5.3)."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


class Pst:
    def __init__(self, is_ansi, is_4k=False, is_veiled=True):
        """is_4k: pages of 4096 bytes, blocks in pieces of 512 bytes that may be deflated (wVer 36)."""
        self.is_ansi = is_ansi
        self.is_veiled = is_veiled
        self.is_4k = is_4k
        self.word = "<I" if is_ansi else "<Q"
        self.nodes = []  # nid, data bid, sub bid, parent
        self.blocks = []  # bid, place, bytes
        self.next_bid = 4
        self.body = b""
        self.start = 0x4600  # where the first block of a file of Outlook lies

    def w(self, n):
        return struct.pack(self.word, n)

    def block(self, data, internal=False):
        bid = self.next_bid | (2 if internal else 0)
        self.next_bid += 4
        stored = data if internal or not self.is_veiled else bytes(PERMUTE[b] for b in data)
        if self.is_4k:
            return self.block_4k(bid, stored, internal)
        place = self.start + len(self.body)
        trailer_bytes = 12 if self.is_ansi else 16
        room = (len(stored) + trailer_bytes + 63) // 64 * 64
        trailer = struct.pack("<HH", len(stored), 0)
        trailer += self.w(bid) + struct.pack("<I", 0) if self.is_ansi else struct.pack("<I", 0) + self.w(bid)
        self.body += stored.ljust(room - trailer_bytes, b"\0") + trailer
        self.blocks.append((bid, place, len(stored)))
        return bid

    def block_4k(self, bid, data, internal):
        """A block that is deflated where that makes it smaller; libpff lifts the veil after that."""
        deflated = zlib.compress(data)
        stored = deflated if not internal and len(deflated) < len(data) else data
        place = self.start + len(self.body)
        room = (len(stored) + 24 + 511) // 512 * 512
        end = struct.pack("<HHI", len(stored), (place ^ bid) >> 16 & 0xFFFF ^ (place ^ bid) & 0xFFFF, weak_crc(stored))
        end += struct.pack("<QHHI", bid, 2, len(data), 0)
        self.body += stored.ljust(room - 24, b"\0") + end
        self.blocks.append((bid, place, len(stored)))
        return bid

    def data(self, data, most=8000):
        """Data in one block, or in several behind a list."""
        if len(data) <= most:
            return self.block(data)
        bids = [self.block(data[i:i + most]) for i in range(0, len(data), most)]
        listing = struct.pack("<BBHI", 1, 1, len(bids), len(data)) + b"".join(map(self.w, bids))
        return self.block(listing, internal=True)

    def below(self, nodes):
        """nodes: [(nid, data bid, sub bid)]"""
        if not nodes:
            return 0
        head = struct.pack("<BBH", 2, 0, len(nodes)) + (b"" if self.is_ansi else b"\0" * 4)
        entries = b"".join(
            self.w(nid) + self.w(data) + self.w(sub) for nid, data, sub in sorted(nodes))
        return self.block(head + entries, internal=True)

    def heap(self, kind, pieces):
        """pieces: the first is the root. Piece n has the id n << 5."""
        head = b"\0\0\xec" + bytes([kind]) + struct.pack("<II", 1 << 5, 0)
        places, at = [], len(head)
        for piece in pieces:
            places.append(at)
            at += len(piece)
        places.append(at)
        body = head + b"".join(pieces)
        body += b"\0" * (len(body) % 2)
        page_map = struct.pack("<HH", len(pieces), 0) + b"".join(struct.pack("<H", p) for p in places)
        return struct.pack("<H", len(body)) + body[2:] + page_map

    def properties(self, properties, nodes=()):
        """A property context: {tag: (kind, bytes)}; returns (data bid, sub bid)."""
        nodes = list(nodes)
        pieces = [None, None]
        records = b""
        for tag in sorted(properties):
            kind, value = properties[tag]
            if len(value) <= 4 and kind in (2, 3, 0x0B):
                inline = value.ljust(4, b"\0")
            elif len(value) == 0:
                inline = b"\0\0\0\0"
            elif len(value) > 3000:
                nid = 0x1F | (len(nodes) + 0x100) << 5
                nodes.append((nid, self.data(value), 0))
                inline = struct.pack("<I", nid)
            else:
                pieces.append(value)
                inline = struct.pack("<I", len(pieces) << 5)
            records += struct.pack("<HH", tag, kind) + inline
        pieces[0] = struct.pack("<BBBBI", 0xB5, 2, 6, 0, 2 << 5)
        pieces[1] = records
        return self.data(self.heap(0xBC, pieces)), self.below(nodes)

    def table(self, columns, rows):
        """columns: [(tag, kind)]; rows: [{tag: bytes}]; returns (data bid, sub bid)."""
        pieces = [None, None, None, None]
        described, offset = b"", 8
        for bit, (tag, kind) in enumerate(columns):
            described += struct.pack("<HHHBB", kind, tag, offset, 4, bit)
            offset += 4
        bits_at, row_bytes = offset, offset + 1
        matrix = b""
        for index, row in enumerate(rows):
            cells, bits = struct.pack("<II", index + 1, 0), 0
            for bit, (tag, kind) in enumerate(columns):
                value = row.get(tag)
                if value is None:
                    cells += b"\0" * 4
                    continue
                bits |= 0x80 >> bit
                if kind == 3:
                    cells += value
                else:
                    pieces.append(value)
                    cells += struct.pack("<I", len(pieces) << 5)
            matrix += cells + bytes([bits])
        wide = "<II" if not self.is_ansi else "<IH"
        index = b"".join(struct.pack(wide, i + 1, i) for i in range(len(rows)))
        pieces[1] = struct.pack("<BBBBI", 0xB5, 4, 4 if not self.is_ansi else 2, 0, 3 << 5)
        pieces[2] = index
        pieces[3] = matrix
        pieces[0] = struct.pack("<BBHHHHIII", 0x7C, len(columns), offset, offset, bits_at, row_bytes,
                                2 << 5, 4 << 5, 0) + described
        return self.data(self.heap(0x7C, pieces)), 0

    def node(self, nid, bids, parent):
        self.nodes.append((nid, *bids, parent))

    def tree(self, entries, kind):
        """Pages of a tree, bottom up; returns the place of the root."""
        meta = 496 if self.is_ansi else 4056 if self.is_4k else 488
        page_bytes = 4096 if self.is_4k else 512
        level, keyed = 0, entries
        while True:
            n = meta // len(keyed[0][1])
            pages = []
            for i in range(0, len(keyed), n):
                part = keyed[i:i + n]
                page = b"".join(entry for _, entry in part).ljust(meta, b"\0")
                if self.is_4k:
                    page += struct.pack("<HHBB", len(part), n, len(part[0][1]), level) + b"\0" * 10
                    page += bytes([kind, kind]) + b"\0\0" + struct.pack("<I", weak_crc(page))
                else:
                    page += bytes([len(part), n, len(part[0][1]), level])
                    page += b"" if self.is_ansi else b"\0" * 4
                    page += bytes([kind, kind]) + b"\0\0"
                page = page.ljust(page_bytes, b"\0")
                self.body = self.body.ljust(-(-len(self.body) // page_bytes) * page_bytes, b"\0")
                pages.append((part[0][0], self.start + len(self.body)))
                self.body += page
            if len(pages) == 1:
                return pages[0][1]
            keyed = [(key, self.w(key) + self.w(0) + self.w(at)) for key, at in pages]
            level += 1

    def finish(self):
        nodes = [(n[0], self.w(n[0]) + self.w(n[1]) + self.w(n[2]) + struct.pack("<I", n[3])
                  + (b"" if self.is_ansi else b"\0" * 4)) for n in sorted(self.nodes)]
        blocks = [(b[0], self.w(b[0]) + self.w(b[1]) + struct.pack("<HH", b[2], 2)
                   + (b"" if self.is_ansi else b"\0" * 4)) for b in sorted(self.blocks)]
        nodes_at, blocks_at = self.tree(nodes, 0x81), self.tree(blocks, 0x80)
        head = bytearray(self.start)
        head[0:4] = b"!BDN"
        head[8:10] = b"SO" if self.is_4k else b"SM"
        head[10:12] = struct.pack("<H", 14 if self.is_ansi else 36 if self.is_4k else 23)
        if self.is_ansi:
            struct.pack_into("<II", head, 184, 0, nodes_at)
            struct.pack_into("<II", head, 192, 0, blocks_at)
            head[461] = 1
        else:
            struct.pack_into("<QQ", head, 216, 0, nodes_at)
            struct.pack_into("<QQ", head, 232, 0, blocks_at)
            head[513] = int(self.is_veiled)
        if self.is_4k:
            struct.pack_into("<Q", head, 184, self.start + len(self.body))
            head[512] = 0x80
            struct.pack_into("<I", head, 4, weak_crc(head[8:8 + 471]))
            struct.pack_into("<I", head, 524, weak_crc(head[8:8 + 516]))
        return bytes(head) + self.body


def office(is_ansi, is_4k=False, is_veiled=True):
    pst = Pst(is_ansi, is_4k, is_veiled)
    # A real file has maps of its free places in between. Pages lie at multiples of their size.
    pst.start = 0x1000 if is_4k else 0x400
    s = narrow if is_ansi else text
    names, strings = b"", b""
    for index, name in enumerate([0x8083, 0x8208, 0x820D, "Keywords"]):
        if isinstance(name, str):
            names += struct.pack("<IHH", len(strings), 5, index)
            wide = name.encode("utf-16-le")
            strings += struct.pack("<I", len(wide)) + wide
        else:
            names += struct.pack("<IHH", name, 6, index)
    pst.node(0x61, pst.properties({2: binary(b"\0" * 16), 3: binary(names), 4: binary(strings)}), 0)
    entry = b"\0" * 20 + struct.pack("<I", 0x8022)
    pst.node(0x21, pst.properties({0x3001: s("Surgery"), 0x35E0: binary(entry)}), 0)
    for nid, parent, name in [(0x122, 0x122, ""), (0x8022, 0x122, "Top of Outlook data file"),
                              (0x8042, 0x8022, "Inbox"), (0x8062, 0x8042, "Lind, Amara"),
                              (0x8082, 0x8022, "Contacts"), (0x80A2, 0x122, "Recoverable Items")]:
        pst.node(nid, pst.properties({0x3001: s(name), 0x3602: number(3), 0x360A: (0x0B, b"\1\0"),
                                      0x3613: s("IPF.Note")}), parent)

    def recipients(people):
        kind = 0x1E if is_ansi else 0x1F
        rows = [{0x0C15: struct.pack("<i", way), 0x3001: s(name)[1], 0x39FE: s(address)[1]}
                for way, name, address in people]
        data, sub = pst.table([(0x0C15, 3), (0x3001, kind), (0x39FE, kind)], rows)
        return (0x692, data, sub)

    inner = pst.properties({
        0x001A: s("IPM.Note"), 0x0037: s("The letter"), 0x1000: s("Inside, Bo Ek writes."),
        0x0C1A: s("Bo Ek"), 0x5D01: s("bo@example.org")})
    inner_node = (0x200044, *inner)
    object_value = (0x0D, struct.pack("<II", 0x200044, 100))
    attachments = [
        (0x8025, *pst.properties({0x3707: s("a long name of Zoë.txt"), 0x3705: number(1),
                                  0x3701: binary(b"Attached: Amara Lind, 07700 900123\n")})),
        (0x8045, *pst.properties({0x3001: s("The letter"), 0x3705: number(5),
                                  0x3701: object_value}, [inner_node])),
        (0x8065, *pst.properties({0x3707: s("long.txt"), 0x3705: number(1),
                                  0x3701: binary(b"\n" * 9500 + b"The end, by Ida Berg.\n")})),
    ]
    people = [(1, "Amara Lind", "amara@example.org"), (3, "Ida Berg", "ida@example.org")]
    body = "Dear Amara,\r\nyour visit is on Friday.\r\n\r\nOn 4 Mar 2025, Amara Lind <amara@example.org> wrote:\r\n> When is it?"
    mail = {
        0x001A: s("IPM.Note"), 0x0037: s("\x01\x05Re: Your visit"), 0x1000: s(body),
        0x0C1A: s("Zoë Löw"), 0x5D01: s("zoe@example.org"), 0x0039: time(MARCH_4),
        0x1035: s("<1@example.org>"), 0x1042: s("<0@example.org>"), 0x0E08: number(1234),
        0x8003: (0x101E if is_ansi else 0x101F,
                 struct.pack("<III", 2, 12, 12 + len(s("Recall")[1])) + s("Recall")[1] + s("Lind")[1]),
        0x3FFD: number(1252)}
    pst.node(0x200024, pst.properties(mail, [recipients(people)] + attachments), 0x8042)
    html = b"<html><head><meta charset=utf-8></head><body><p>Only <b>HTML</b> for Ida Berg.</p></body></html>"
    pst.node(0x200064, pst.properties({0x001A: s("IPM.Note"), 0x0037: s("Page"), 0x1013: binary(html),
                                       0x3FDE: number(65001)}), 0x8062)
    pst.node(0x200084, pst.properties({
        0x001A: s("IPM.Contact"), 0x3001: s("Amara Lind"), 0x3A06: s("Amara"), 0x3A11: s("Lind"),
        0x3A1C: s("07700 900123"), 0x3A42: time(-86400 * 365), 0x3A48: s("Bo Ek"),
        0x8000: s("amara@example.org")}), 0x8082)
    pst.node(0x2000A4, pst.properties({
        0x001A: s("IPM.Appointment"), 0x0037: s("Home visit"), 0x8001: s("1 High Street"),
        0x8002: time(MARCH_4)}, [recipients([(1, "Amara Lind", "amara@example.org")])]), 0x80A2)
    pst.node(0x2000C8, pst.properties({0x001A: s("IPM.Rule"), 0x0037: s("Mail of Amara Lind")}), 0x8042)
    pst.node(0x2000E4, pst.properties({0x001A: s("IPM.Note"), 0x0037: s("In no folder")}), 0x9902)
    return pst.finish()


def mapi(properties):
    """Properties in TNEF: [(tag or (set, number or name), kind, bytes)]"""
    out = struct.pack("<I", len(properties))
    fill = lambda b: b + b"\0" * (-len(b) % 4)
    for tag, kind, value in properties:
        if isinstance(tag, int):
            out += struct.pack("<HH", kind, tag)
        else:
            group, name = tag
            out += struct.pack("<HH", kind, 0x8000) + group
            if isinstance(name, int):
                out += struct.pack("<II", 0, name)
            else:
                wide = name.encode("utf-16-le") + b"\0\0"
                out += struct.pack("<II", 1, len(wide)) + fill(wide)
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            out += struct.pack("<II", 1, len(value)) + fill(value)
        else:
            out += fill(value)
    return out


def tnef(attributes):
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, ident, data in attributes:
        out += struct.pack("<BII", level, ident, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    return out


def stored_rtf(rtf):
    return struct.pack("<III", len(rtf) + 12, len(rtf), 0x414C454D) + struct.pack("<I", 0) + rtf


def winmail():
    wide = lambda s: (s + "\0").encode("utf-16-le")
    rtf = (rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}"
           rb"{\*\htmltag <html><body><p>}\htmlrtf \par \htmlrtf0 Dear Zo\'eb, call 07700 900123."
           rb"{\*\htmltag </p></body></html>}}")
    inner = tnef([(1, 0x69003, mapi([(0x37, 0x1F, wide("Inside")), (0x1000, 0x1F, wide("Bo Ek writes."))]))])
    iid = bytes([7, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46])
    render = struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)
    rows = struct.pack("<I", 1) + mapi([(0x0C15, 3, struct.pack("<i", 2)), (0x3001, 0x1F, wide("Ida Berg")),
                                        (0x39FE, 0x1F, wide("ida@example.org"))])
    person = "Zoe Low\0".encode(), b"SMTP:zoe@example.org\0"
    sender = struct.pack("<HHHH", 4, 16 + sum(map(len, person)), len(person[0]), len(person[1])) + b"".join(person)
    return tnef([
        (1, 0x89006, struct.pack("<I", 0x10000)),
        (1, 0x69007, struct.pack("<II", 1252, 0)),
        (1, 0x78008, b"IPM.Microsoft Mail.Note\0"),
        (1, 0x08000, sender),
        (1, 0x18004, b"Visit of Amara Lind\0"),
        (1, 0x38005, struct.pack("<7H", 2025, 3, 4, 10, 2, 0, 2)),
        (1, 0x69003, mapi([(0x1009, 0x102, stored_rtf(rtf)),
                           ((b"\x29\x03\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "Keywords"), 0x1F, wide("Clinic"))])),
        (1, 0x69004, rows),
        (2, 0x69002, render), (2, 0x18010, b"ALONGN~1.TXT\0"),
        (2, 0x6800F, b"Attached: Amara Lind\n"),
        (2, 0x69005, mapi([(0x3707, 0x1F, wide("a long name.txt"))])),
        (2, 0x69002, render),
        (2, 0x69005, mapi([(0x3001, 0x1F, wide("Inside")), (0x3705, 3, struct.pack("<i", 5)),
                           (0x3701, 0x0D, iid + inner)])),
    ])


if __name__ == "__main__":
    open("../fixtures/mail/office.pst", "wb").write(office(False))
    open("../fixtures/mail/office-ansi.pst", "wb").write(office(True))
    open("../fixtures/mail/office.ost", "wb").write(office(False, is_4k=True))
    open("../fixtures/mail/office-plain.ost", "wb").write(office(False, is_4k=True, is_veiled=False))
    open("../fixtures/mail/winmail.dat", "wb").write(winmail())
