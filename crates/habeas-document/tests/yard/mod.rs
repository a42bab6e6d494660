//! The bomb yard: small files that unpack to very much, or that list, nest or claim very much.
//!
//! All of them are made here, in code. A test of another crate includes this file with `#[path]`;
//! it needs `bzip2`, `flate2`, `lzma-rust2` and `zstd` among its dependencies.

#![allow(dead_code, reason = "each test uses some of it")]

use std::io::Write;

use flate2::{Compression, Crc};
use habeas_model::Reason;

/// One of them.
pub struct Bomb {
    /// Its file name.
    pub name: &'static str,
    /// Makes it; some take a second.
    pub make: fn() -> Vec<u8>,
    /// Reading it ends in one of these, somewhere; if there are none it reads as any file.
    pub ends_in: &'static [Reason],
    /// Reading it hands over at most so many members, itself among them.
    pub max_members: usize,
}

/// All of them.
pub const YARD: &[Bomb] = &[
    bomb("wide.zip", wide_zip, &[Reason::ExpansionLimit, Reason::DepthLimit], 70_000),
    bomb("deep.zip", deep_zip, &[Reason::DepthLimit], 40),
    bomb("quine.gz", quine, &[Reason::DepthLimit], 40),
    bomb("deep.gz", deep_gzip, &[Reason::DepthLimit], 40),
    bomb("overlapping.zip", overlapping_zip, &[Reason::ExpansionLimit], 10_001),
    bomb("zeros.gz", zeros_gzip, &[Reason::ExpansionLimit], 2),
    bomb("zeros.bz2", zeros_bzip2, &[Reason::ExpansionLimit], 2),
    bomb("zeros.xz", zeros_xz, &[Reason::ExpansionLimit], 2),
    bomb("zeros.zst", zeros_zstd, &[Reason::ExpansionLimit], 2),
    bomb("million.zip", || many_zip(1_000_000), &[Reason::CountLimit], 100_001),
    bomb("many.tar", || many_tar(100_100), &[Reason::CountLimit], 100_001),
    bomb("names.zip", long_names, &[], 65),
    bomb("parts.docx", many_parts, &[Reason::CountLimit], 2),
    bomb("mail.eml", mail_in_zip, &[Reason::DepthLimit], 140),
    bomb("lying.tar", lying_tar, &[Reason::Truncated], 3),
    bomb("lying.zip", lying_zip, &[Reason::Corrupt], 3),
    bomb("sparse.tar", sparse_tar, &[Reason::ExpansionLimit], 3),
    bomb("window.7z", window_7z, &[Reason::MemoryLimit, Reason::Corrupt], 3),
    bomb("window.xz", window_xz, &[Reason::MemoryLimit], 3),
    bomb("window.zst", window_zstd, &[Reason::MemoryLimit], 3),
    bomb("laughs.xml", laughs, &[], 2),
    bomb(
        "huge.png",
        huge_png,
        &[Reason::NoText, Reason::Corrupt, Reason::MemoryLimit, Reason::Truncated],
        2,
    ),
    bomb("sheet.xlsx", sheet, &[], 10),
];

const fn bomb(
    name: &'static str,
    make: fn() -> Vec<u8>,
    ends_in: &'static [Reason],
    max_members: usize,
) -> Bomb {
    Bomb { name, make, ends_in, max_members }
}

/// The headers of a zip archive, before and after the packed bytes of its members.
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    list: Vec<u8>,
    n_entries: u64,
}

/// What stands the same in both headers of a member.
fn common(method: u16, crc: u32, packed: u32, size: u32, name_bytes: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in [20, 0, method, 0, 0x21] {
        bytes.extend(u16::to_le_bytes(word));
    }
    for word in [crc, packed, size] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend((name_bytes as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

impl Zip {
    fn add(&mut self, name: &[u8], method: u16, crc: u32, size: usize, packed: &[u8]) {
        let start = self.bytes.len();
        let common = common(method, crc, packed.len() as u32, size as u32, name.len());
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name);
        self.bytes.extend(packed);
        self.list(name, &common, start);
    }

    fn list(&mut self, name: &[u8], common: &[u8], start: usize) {
        self.list.extend(b"PK\x01\x02\x14\x00");
        self.list.extend(common);
        self.list.extend([0; 10]);
        self.list.extend((start as u32).to_le_bytes());
        self.list.extend(name);
        self.n_entries += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let (start, size) = (self.bytes.len() as u64, self.list.len() as u64);
        self.bytes.append(&mut self.list);
        if self.n_entries > 0xffff {
            let second = self.bytes.len() as u64;
            self.bytes.extend(b"PK\x06\x06");
            self.bytes.extend(44_u64.to_le_bytes());
            self.bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for word in [self.n_entries, self.n_entries, size, start] {
                self.bytes.extend(word.to_le_bytes());
            }
            self.bytes.extend(b"PK\x06\x07\0\0\0\0");
            self.bytes.extend(second.to_le_bytes());
            self.bytes.extend([1, 0, 0, 0]);
        }
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        let n_entries = self.n_entries.min(0xffff) as u16;
        self.bytes.extend(n_entries.to_le_bytes());
        self.bytes.extend(n_entries.to_le_bytes());
        self.bytes.extend((size as u32).to_le_bytes());
        self.bytes.extend((start as u32).to_le_bytes());
        self.bytes.extend([0, 0]);
        self.bytes
    }
}

fn sum(bytes: &[u8]) -> Crc {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = Zip::default();
    for (name, bytes) in members {
        zip.add(name.as_bytes(), 8, sum(bytes).sum(), bytes.len(), &deflated(bytes));
    }
    zip.finish()
}

/// Like 42.zip: 16 archives in 16 in 16 in 16, and 8 MiB of zeros at the end of each way: 0.5 TiB.
fn wide_zip() -> Vec<u8> {
    let mut inner = zip(&[("zeros.bin", &vec![0; 8 << 20])]);
    for _ in 0..4 {
        let names: Vec<String> = (0..16).map(|n| format!("{n}.zip")).collect();
        let members: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), inner.as_slice())).collect();
        inner = zip(&members);
    }
    inner
}

/// An archive in an archive, 100,000 times, each of them whole and with a right check sum.
pub fn deep_zip() -> Vec<u8> {
    let core = b"the end";
    let (mut crc, mut size) = (sum(core), core.len());
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for _ in 0..100_000 {
        let mut level = Zip::default();
        let name = b"z.zip";
        let common = common(0, crc.sum(), size as u32, size as u32, name.len());
        let head = [b"PK\x03\x04".as_slice(), &common, name].concat();
        level.list(name, &common, 0);
        let list_bytes = level.list.len() as u32;
        let mut tail = level.list;
        tail.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
        tail.extend(list_bytes.to_le_bytes());
        tail.extend(((head.len() + size) as u32).to_le_bytes());
        tail.extend([0, 0]);
        let mut outer = sum(&head);
        outer.combine(&crc);
        outer.combine(&sum(&tail));
        crc = outer;
        size += head.len() + tail.len();
        heads.push(head);
        tails.push(tail);
    }
    let heads = heads.into_iter().rev().flatten();
    heads.chain(*core).chain(tails.into_iter().flatten()).collect()
}

/// A gzip file in a gzip file, 1,000 times.
fn deep_gzip() -> Vec<u8> {
    let mut bytes = b"the end".to_vec();
    for _ in 0..1_000 {
        // One block as it stands: an encoder would take longer to make than to use.
        let n = bytes.len() as u16;
        let head = [b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01", &n.to_le_bytes()[..], &(!n).to_le_bytes()];
        let tail = [sum(&bytes).sum().to_le_bytes(), u32::from(n).to_le_bytes()].concat();
        bytes = [head.concat(), bytes, tail].concat();
    }
    bytes
}

/// A gzip file that holds itself.
///
/// Two kinds of instruction make one: `l n` hands over the next n bytes, `r n` the last n again.
/// Russ Cox, "Zip Files All The Way Down", 2010, says in which order they print themselves.
fn quine() -> Vec<u8> {
    let literal = |n: u16| [&[0][..], &n.to_le_bytes(), &(!n).to_le_bytes()].concat();
    let bits = |text: &str| {
        let bits: Vec<u8> = text.bytes().filter(|c| *c != b' ').map(|c| c - b'0').collect();
        let byte = |eight: &[u8]| eight.iter().rev().fold(0, |byte, bit| byte << 1 | bit);
        bits.chunks(8).map(byte).collect::<Vec<u8>>()
    };
    let [l0, l5, l12, l20] = &[0, 5, 12, 20].map(literal);
    // Blocks with the fixed codes. Ten bytes from 20 bytes ago, twice, fill five bytes; twelve from
    // 12 bytes ago, in the last block, fill four.
    let r20 = &bits("0 10 0001000 01000 110 0001000 01000 110 0000000");
    let r12 = &bits("1 10 0001001 1 00110 11 0000000");
    let make = |time: u8, sum: u32| {
        // With its name the head takes 15 bytes, so that it and one instruction take 20.
        let p = &[b"\x1f\x8b\x08\x08", &[time][..], b"\0\0\0\0\x03r.gz\0"].concat();
        let s = &[sum.to_le_bytes(), 194_u32.to_le_bytes()].concat();
        let parts = [
            p, l20, p, l20, r20, l5, r20, l5, l5, l20, r20, l5, l5, l20, r20, l20, r20, l20, r20,
            l20, r20, l20, r20, l0, l0, l12, r20, l0, l0, l12, r12, s, r12, s,
        ];
        parts.map(Vec::as_slice).concat()
    };
    // Its check sum is in it. As sums are linear, 32 equations say which one is right.
    for time in 0..=255 {
        let off = |stated: u32| sum(&make(time, stated)).sum() ^ stated;
        let mut solved: Vec<(u32, u32)> = Vec::new();
        let reduced = |solved: &[(u32, u32)], (mut value, mut bits): (u32, u32)| {
            for (other, their_bits) in solved {
                if value ^ other < value {
                    (value, bits) = (value ^ other, bits ^ their_bits);
                }
            }
            (value, bits)
        };
        for bit in 0..32 {
            let next = reduced(&solved, (off(1 << bit) ^ off(0), 1 << bit));
            solved.push(next);
            solved.sort_unstable_by(|one, other| other.cmp(one));
        }
        let (rest, stated) = reduced(&solved, (off(0), 0));
        if rest == 0 {
            return make(time, stated);
        }
    }
    unreachable!("one time of 256 has a sum");
}

/// A document of 150,000 parts.
fn many_parts() -> Vec<u8> {
    let mut zip = Zip::default();
    for name in ["[Content_Types].xml", "_rels/.rels", "word/document.xml"] {
        zip.add(name.as_bytes(), 0, sum(b"<a/>").sum(), 4, b"<a/>");
    }
    for number in 0..150_000 {
        zip.add(format!("word/{number:06}.xml").as_bytes(), 0, 0, 0, b"");
    }
    zip.finish()
}

/// 10,000 members that are all the same 4 MiB of zeros, packed once.
fn overlapping_zip() -> Vec<u8> {
    let zeros = vec![0; 4 << 20];
    let packed = deflated(&zeros);
    let mut zip = Zip::default();
    zip.add(b"00000", 8, sum(&zeros).sum(), zeros.len(), &packed);
    let common = common(8, sum(&zeros).sum(), packed.len() as u32, zeros.len() as u32, 5);
    for number in 1..10_000 {
        zip.list(format!("{number:05}").as_bytes(), &common, 0);
    }
    zip.finish()
}

const CHUNK_BYTES: usize = 16 << 20;
const N_CHUNKS: usize = 640;

/// 10 GiB of zeros, as 640 streams one after the other.
fn zeros_gzip() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(&vec![0; CHUNK_BYTES]).unwrap();
    encoder.finish().unwrap().repeat(N_CHUNKS)
}

fn zeros_bzip2() -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(&vec![0; CHUNK_BYTES]).unwrap();
    encoder.finish().unwrap().repeat(N_CHUNKS)
}

fn zeros_zstd() -> Vec<u8> {
    zstd::encode_all(vec![0; CHUNK_BYTES].as_slice(), 3).unwrap().repeat(N_CHUNKS)
}

fn zeros_xz() -> Vec<u8> {
    xz(&vec![0; CHUNK_BYTES]).repeat(N_CHUNKS)
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(0);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// So many members that say nothing.
pub fn many_zip(n_members: u64) -> Vec<u8> {
    let mut zip = Zip::default();
    for number in 0..n_members {
        zip.add(format!("{number:07}").as_bytes(), 0, 0, 0, b"");
    }
    zip.finish()
}

/// The header of a member of a tar archive.
fn tar_header(name: &str, size: &str, kind: u8) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[124..124 + size.len()].copy_from_slice(size.as_bytes());
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar  \0");
    seal(&mut block);
    block
}

fn seal(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
}

fn many_tar(n_members: u64) -> Vec<u8> {
    let headers = (0..n_members).flat_map(|number| tar_header(&format!("{number}"), "0", b'0'));
    headers.chain([0; 1024]).collect()
}

/// A member of 11 bytes that says it has 8 GiB.
fn lying_tar() -> Vec<u8> {
    [tar_header("a.txt", "77777777777", b'0'), b"hello there".to_vec()].concat()
}

/// A member that unpacks to a megabyte and says it has one byte.
fn lying_zip() -> Vec<u8> {
    let bytes = vec![b'a'; 1 << 20];
    let mut zip = Zip::default();
    zip.add(b"a.txt", 8, sum(&bytes).sum(), 1, &deflated(&bytes));
    zip.finish()
}

/// A sparse file of one byte in 8 GiB.
fn sparse_tar() -> Vec<u8> {
    let mut header = tar_header("a.bin", "1", b'S');
    header[386..397].copy_from_slice(b"00000000000");
    header[398..409].copy_from_slice(b"00000000001");
    header[483..494].copy_from_slice(b"77777777777");
    seal(&mut header);
    let mut data = vec![0; 512];
    data[0] = b'x';
    [header, data, vec![0; 1024]].concat()
}

fn long_names() -> Vec<u8> {
    let mut zip = Zip::default();
    for number in 0..64 {
        let name = format!("{number:05}").repeat(13_107);
        zip.add(name.as_bytes(), 0, sum(b"x").sum(), 1, b"x");
    }
    zip.finish()
}

/// A message with an archive with a message, 64 times.
fn mail_in_zip() -> Vec<u8> {
    let mut mail = b"Subject: the end\r\n\r\nhello\r\n".to_vec();
    for _ in 0..64 {
        let archive = zip(&[("m.eml", &mail)]);
        let mut outer = b"From: a@example.org\r\nSubject: more\r\nMIME-Version: 1.0\r\n\
            Content-Type: application/zip; name=m.zip\r\n\
            Content-Disposition: attachment; filename=m.zip\r\n\
            Content-Transfer-Encoding: base64\r\n\r\n"
            .to_vec();
        for line in base64(&archive).as_bytes().chunks(76) {
            outer.extend(line);
            outer.extend(b"\r\n");
        }
        mail = outer;
    }
    mail
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for digit in 0..4 {
            let at = bits >> (18 - 6 * digit) & 63;
            let is_there = digit as usize <= three.len();
            text.push(if is_there { char::from(DIGITS[at as usize]) } else { '=' });
        }
    }
    text
}

/// An archive whose list says that its member was packed with a window of 3.75 GiB.
fn window_7z() -> Vec<u8> {
    let packed = [0_u8; 64];
    let mut header = vec![0x01, 0x04];
    // One packed stream at 0, 64 bytes long.
    header.extend([0x06, 0, 1, 0x09, 64, 0]);
    // One block, with one coder: LZMA, its properties, and 100 bytes when unpacked.
    header.extend([0x07, 0x0b, 1, 0, 1, 0x23, 3, 1, 1, 5, 0x5d, 0, 0, 0, 0xf0]);
    header.extend([0x0c, 100, 0, 0]);
    // One file, called `a`.
    header.extend([0x05, 1, 0x11, 5, 0, b'a', 0, 0, 0, 0, 0]);
    let mut start = Vec::new();
    start.extend((packed.len() as u64).to_le_bytes());
    start.extend((header.len() as u64).to_le_bytes());
    start.extend(sum(&header).sum().to_le_bytes());
    let mut bytes = b"7z\xbc\xaf\x27\x1c\0\x04".to_vec();
    bytes.extend(sum(&start).sum().to_le_bytes());
    bytes.extend(start);
    bytes.extend(packed);
    bytes.extend(header);
    bytes
}

/// A block that was packed with a window of 2 GiB, or so its header says.
fn window_xz() -> Vec<u8> {
    let mut bytes = xz(b"hello hello hello");
    // After the header of the stream: size, flags, then the filter, its length and its property.
    let header = 12;
    let length = 4 * (usize::from(bytes[header]) + 1);
    let at = bytes[header..header + length].windows(2).position(|two| two == [0x21, 1]).unwrap();
    bytes[header + at + 2] = 38;
    let crc = sum(&bytes[header..header + length - 4]).sum().to_le_bytes();
    bytes[header + length - 4..header + length].copy_from_slice(&crc);
    bytes
}

/// A frame with a window of 2 TiB, and a block as it stands.
fn window_zstd() -> Vec<u8> {
    b"\x28\xb5\x2f\xfd\x00\xf8\x29\x00\x00hello".to_vec()
}

/// Ten words of ten words of ten words: 10⁹ of them.
fn laughs() -> Vec<u8> {
    let mut text = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [\n<!ENTITY l0 \"ha\">\n".to_owned();
    for level in 1..10 {
        let inner = format!("&l{};", level - 1).repeat(10);
        text.push_str(&format!("<!ENTITY l{level} \"{inner}\">\n"));
    }
    (text + "]>\n<a>&l9;</a>\n").into_bytes()
}

/// The header of a picture of 100,000 by 100,000 dots.
fn huge_png() -> Vec<u8> {
    let mut header = b"IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\0\0\0".to_vec();
    header.extend(sum(&header).sum().to_be_bytes());
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec(), header, b"\0\0\0\0IEND\xae\x42\x60\x82".to_vec()]
        .concat()
}

/// A sheet of two cells that says it fills every row and column there is.
fn sheet() -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
        <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let root = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let rels = format!(
        "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let sheet = format!(
        "<worksheet xmlns=\"{main}\"><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData></worksheet>"
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}
