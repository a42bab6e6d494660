//! Does every damaged file end in time, in bounds, and without a quiet loss?
//!
//! The damage is made here from good files: cut at every length, bytes turned over, noise. Every
//! golden fixture is damaged too, so that a new format is attacked without another line here.
//! `HABEAS_MUTANTS=1000` makes so many of each fixture, instead of 60.

mod seeds;

use std::io::Write;
use std::time::{Duration, Instant};

use habeas_document::{Budget, Passwords, read_family};
use habeas_model::Member;

fn read(name: &str, bytes: &[u8], passwords: &str) -> Vec<Member> {
    let budget = Budget {
        text_bytes: 8 << 20,
        expanded_bytes: 64 << 20,
        passwords: Passwords::new(passwords),
        ..Budget::default()
    };
    let mut members = Vec::new();
    read_family(name, bytes, &budget, &mut |member| members.push(member));
    members
}

/// Readers whose panics are not ours, by the name of their card, and the library that panics. A
/// panic is caught, and the item is an exception.
const MAY_PANIC: &[(&str, &str)] = &[("workbook", "calamine"), ("audio", "lofty")];

fn is_forgiven(note: &str) -> bool {
    MAY_PANIC.iter().any(|(card, _)| note == format!("the {card} reader panicked"))
}

/// What holds of whatever is read.
fn check_sound(name: &str, bytes: &[u8]) {
    check_unlocked(name, bytes, "");
}

/// The same, with passwords that are known.
fn check_unlocked(name: &str, bytes: &[u8], passwords: &str) {
    let begun = Instant::now();
    let members = read(name, bytes, passwords);
    assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {:?}", begun.elapsed());
    let n_children: u64 = members.iter().map(|member| member.n_children).sum();
    assert_eq!(n_children + 1, members.len() as u64, "{name}");
    for member in &members {
        assert!(!member.document.media_type.is_empty() || member.size_bytes == 0, "{name}");
        let has_died = |note: &str| note.contains("panicked") || note.contains("while sniffing");
        assert!(
            !member.document.exceptions.iter().any(|e| has_died(&e.note) && !is_forgiven(&e.note)),
            "{name}: a reader panicked: {:?}",
            member.document.exceptions
        );
        assert!(
            !member.document.exceptions.iter().any(|e| e.note == "while unpacking"),
            "{name}: unpacking panicked"
        );
        for passage in &member.document.passages {
            let mut end = 0;
            for field in &passage.fields {
                assert!(field.range.start >= end && field.range.start < field.range.end, "{name}");
                assert!(passage.text.get(field.range.clone()).is_some(), "{name}");
                end = field.range.end;
            }
            assert!(passage.place.number > 0, "{name}");
        }
    }
}

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap()
    }
}

fn sqlite() -> Vec<u8> {
    let mut database = rusqlite::Connection::open_in_memory().unwrap();
    let sql = "PRAGMA page_size=512; CREATE TABLE t(name, note); INSERT INTO t VALUES('Amara Lind', 'x'),
        ('Bo Ek', zeroblob(700)); CREATE TABLE u(k PRIMARY KEY) WITHOUT ROWID; INSERT INTO u VALUES(1);
        CREATE TABLE v(x); INSERT INTO v VALUES(hex(zeroblob(900))); DROP TABLE v;";
    database.execute_batch(sql).unwrap();
    database.serialize(rusqlite::MAIN_DB).unwrap().to_vec()
}

fn good_files() -> Vec<(&'static str, Vec<u8>)> {
    let csv = "Name,Email,Phone\n\"Lind, Amara\",a@example.org,07700 900123\nBo Ek,,\n".repeat(20);
    let json = r#"{"records":[{"name":"Zoë Löw","n":1.5e3,"tags":["a\u00e9"]},{"name":"Bo"}]}"#;
    let xml = "<?xml version='1.0'?><a><b c='d &amp; e'>Zoë <i>Löw</i></b><b><![CDATA[x]]></b><!-- y --></a>";
    let html = "<html><head><title>T</title></head><body><p style='display:none'>x</p><table><tr><td>a<td>b<tr><td>c<td>d<tr><td>e<td>f</table><a href='mailto:a@example.org'>m</a></body></html>";
    let log = "203.0.113.9 - - [12/Mar/2026:14:02:11 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n"
        .repeat(5);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in [("a.csv", csv.as_bytes()), ("b/c.json", json.as_bytes())] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(csv.as_bytes()).unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(csv.len() as u64);
    tar.append_data(&mut header, "a.csv", csv.as_bytes()).unwrap();
    let utf16: Vec<u8> = "\u{feff}Name\tEmail\nZoë\ta@example.org\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let hl7 = "MSH|^~\\&|PAS|RTH|||20260312||ADT^A01|1|P|2.4\rPID|1||9990000018^^^NHS^NH||LIND^AMARA||19850403\rOBX|1|FT|N||a\\T\\b\\.br\\c\r";
    let sql = "CREATE TABLE `t` (`a` int, `b` text);\nINSERT INTO `t` VALUES (1,'Zo\\'ë'),(2,X'41');\nCOPY t (a, b) FROM stdin;\n1\tx\\ty\n\\.\n";
    let fhir = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"Lind"}],"photo":[{"data":"JVBERi0xLjQgYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo="}]}},{"resource":{"resourceType":"Observation","subject":{"reference":"Patient/1"}}}]}"#;
    let plist = "<?xml version='1.0'?><plist><dict><key>a</key><array><string>b</string></array></dict></plist>";
    let bplist = b"bplist00\xd2\x01\x02\x03\x04TNameTTagsZAmara & Bo\xa3\x05\x06\x07Qa\x10\x07\x09\x08\x0d\x12\x17\x22\x26\x28\x2a\0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x2b";
    let mut dbf = b"\x03\x7c\x03\x0c\x02\0\0\0\x41\0\x0b\0".to_vec();
    dbf.resize(32, 0);
    dbf.extend(b"NAME\0\0\0\0\0\0\0C\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r Amara Lind*Bo Ek     \x1a");
    vec![
        ("a.hl7", hl7.as_bytes().to_vec()),
        ("a.sql", sql.as_bytes().to_vec()),
        ("fhir.json", fhir.as_bytes().to_vec()),
        ("a.plist", plist.as_bytes().to_vec()),
        ("b.plist", bplist.to_vec()),
        ("a.dbf", dbf),
        ("a.sqlite", sqlite()),
        ("a.csv", csv.clone().into_bytes()),
        ("utf16.csv", utf16),
        ("a.json", json.as_bytes().to_vec()),
        ("a.jsonl", format!("{json}\n{json}\n").into_bytes()),
        ("a.xml", xml.as_bytes().to_vec()),
        ("a.html", html.as_bytes().to_vec()),
        ("a.log", log.into_bytes()),
        ("a.zip", zip),
        ("a.csv.gz", gzip.finish().unwrap()),
        ("a.tar", tar.into_inner().unwrap()),
        ("a.md", b"# Title\n\ntext\n".to_vec()),
    ]
}

#[test]
fn a_file_cut_anywhere_is_read_soundly() {
    for (name, bytes) in good_files() {
        let step = (bytes.len() / 150).max(1);
        for end in (0..bytes.len()).step_by(step) {
            check_sound(name, &bytes[..end]);
        }
    }
}

#[test]
fn turned_bytes_are_read_soundly() {
    let mut chance = Chance(7);
    for (name, good) in good_files() {
        for _ in 0..200 {
            let mut bytes = good.clone();
            for _ in 0..=chance.next() % 6 {
                let at = chance.next() % bytes.len();
                bytes[at] = (chance.next() % 256) as u8;
            }
            check_sound(name, &bytes);
        }
    }
}

#[test]
fn noise_under_any_name_is_read_soundly() {
    let mut chance = Chance(11);
    let names = [
        "a.csv", "a.json", "a.xml", "a.html", "a.zip", "a.gz", "a.tar", "a.pdf", "a.docx",
        "a.xlsx", "a.eml", "a.msg", "a.rtf", "a",
    ];
    for name in names {
        for length in [1, 2, 3, 7, 100, 600, 5_000] {
            let bytes: Vec<u8> = (0..length).map(|_| (chance.next() % 256) as u8).collect();
            check_sound(name, &bytes);
            let ascii: Vec<u8> = bytes.iter().map(|byte| byte % 95 + 32).collect();
            check_sound(name, &ascii);
        }
    }
}

#[test]
fn a_megabyte_of_the_worst_takes_no_longer_than_others() {
    let worst: &[(&str, &str)] = &[
        ("a.json", "["),
        ("a.json", "{\"a\":"),
        ("a.json", "{\"a\":1}\n{\"a"),
        ("a.jsonl", "{\"a\":x}\n"),
        ("a.xml", "<a>"),
        ("a.xml", "<a b='"),
        ("a.xml", "<a/><b>"),
        ("a.xml", "&a;"),
        ("a.html", "<div>"),
        ("a.html", "<table><tr><td>"),
        ("a.html", "<p hidden>"),
        ("a.html", "<a href=mailto:x>"),
        ("a.html", "<!--"),
        ("a.html", "<title>"),
        ("a.csv", "\""),
        ("a.csv", "\"a\"b,"),
        ("a.csv", ","),
        ("a.csv", "a,\n\"\n"),
        ("a.csv", "Name,Email\n\n"),
        ("a.csv", "Full name:,x\n"),
        ("a.txt", "[12/Mar/2026:14"),
        ("a.log", "2024-03-12 09:14:02 "),
        ("a.log", "#Fields: a b c\n"),
        ("a.txt", "\u{feff}"),
        ("a.md", "# "),
        ("a.json", "{\"a\":1}\n/*\n"),
        ("a.json", "{\"resourceType\":\"P\"}"),
        ("a.sql", "INSERT INTO t VALUES ('"),
        ("a.sql", "INSERT INTO t VALUES (1,(\n"),
        ("a.sql", "CREATE TABLE t(a 'x\n"),
        ("a.sql", "insert into t /*\n"),
        ("a.sql", "INSERT INTO t VALUES ($a\n"),
        ("a.hl7", "MSH|^~\\&|a|\r"),
        ("a.hl7", "MSH|^~\\&|\\"),
        ("a.plist", "<plist><array>"),
        ("a.xml", "<a xmlns=\"http://hl7.org/fhir\"><b value=\"x\"/>"),
    ];
    for (name, part) in worst {
        check_sound(name, part.repeat((1 << 20) / part.len()).as_bytes());
    }
}

/// A damaged copy: cut, with bytes or bits turned over, with pieces swapped, doubled or taken out,
/// or with a number somewhere that is larger than it should be.
fn mutant(good: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=chance.next() % 4 {
        if bytes.is_empty() {
            break;
        }
        let at = chance.next() % bytes.len();
        let length = chance.next() % 64_usize.min(bytes.len() - at) + 1;
        match chance.next() % 8 {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << (chance.next() % 8),
            2 => bytes[at] = (chance.next() % 256) as u8,
            3 => {
                // Two pieces change places.
                let other = chance.next() % bytes.len();
                for step in 0..length.min(bytes.len() - at.max(other)) {
                    bytes.swap(at + step, other + step);
                }
            }
            4 => {
                let piece = bytes[at..(at + length).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            5 => drop(bytes.drain(at..(at + length).min(bytes.len()))),
            6 => {
                // A length, in two, four or eight bytes, of either kind.
                const LENGTHS: [u64; 8] =
                    [0, 1, 0x7f, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 40, u64::MAX];
                let value = LENGTHS[chance.next() % LENGTHS.len()];
                let width = 1_usize << (chance.next() % 3 + 1);
                let mut field = value.to_le_bytes()[..width].to_vec();
                if chance.next().is_multiple_of(2) {
                    field.reverse();
                }
                let end = (at + width).min(bytes.len());
                bytes[at..end].copy_from_slice(&field[..end - at]);
            }
            _ => {
                let end = (at + length).min(bytes.len());
                bytes[at..end].fill(0);
            }
        }
    }
    bytes
}

#[test]
fn every_damaged_fixture_is_read_soundly() {
    damage("", "");
}

/// What is decrypted first is damaged before, so that what it decrypts to is noise from there on.
#[test]
fn every_damaged_document_with_a_password_is_read_soundly() {
    damage("locked", "secret");
}

/// One of the copies of this fixture has a list that is in itself many times: it was told two
/// million times, and took more than a minute.
#[test]
fn a_list_that_is_in_itself_many_times_costs_no_more_than_its_size() {
    let files = seeds::fixtures("data");
    let file = files.iter().find(|file| file.ends_with("binary.plist")).unwrap();
    let good = std::fs::read(file).unwrap();
    let copy = mutant(&good, &mut Chance(127_u64.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let begun = Instant::now();
    check_sound("a.plist", &copy);
    let members = read("a.plist", &copy, "");
    let reasons: Vec<_> = members[0].document.exceptions.iter().map(|e| e.reason).collect();
    assert_eq!(reasons, [habeas_model::Reason::Corrupt]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

fn damage(folder: &str, passwords: &str) {
    let n_mutants: u64 =
        std::env::var("HABEAS_MUTANTS").map_or(60, |number| number.parse().unwrap());
    let files = seeds::fixtures(folder);
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let good = std::fs::read(&file).unwrap();
        for number in 0..n_mutants {
            // A seed of its own for each, so that one can be made again without the others.
            let mut chance = Chance(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            // The name ends as the fixture's does: it is a hint.
            let name = format!("{number}-{name}");
            check_unlocked(&name, &mutant(&good, &mut chance), passwords);
        }
    }
}
