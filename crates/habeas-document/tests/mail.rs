//! Are all kinds of mail read, and does each damaged one end in time and without a quiet loss?

use std::path::Path;
use std::time::{Duration, Instant};

use habeas_document::{Budget, read_family};
use habeas_model::{Meaning, Member, Reason};

fn read(name: &str, bytes: &[u8]) -> Vec<Member> {
    let budget = Budget { text_bytes: 8 << 20, expanded_bytes: 64 << 20, ..Budget::default() };
    let mut members = Vec::new();
    read_family(name, bytes, &budget, &mut |member| members.push(member));
    members
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mail");
    std::fs::read(folder.join(name)).unwrap()
}

/// Numbers that look like chance and are the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// What holds of whatever is read.
fn check_sound(name: &str, bytes: &[u8]) {
    let begun = Instant::now();
    let members = read(name, bytes);
    assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {:?}", begun.elapsed());
    let n_children: u64 = members.iter().map(|member| member.n_children).sum();
    assert_eq!(n_children + 1, members.len() as u64, "{name}");
    for member in &members {
        let has_died = |note: &str| note.contains("panicked") || note.contains("while ");
        let notes = member.document.exceptions.iter().map(|exception| &exception.note);
        assert!(!notes.into_iter().any(|note| has_died(note)), "{name}: a reader panicked");
    }
}

#[test]
fn damaged_mail_ends_in_time_and_in_bounds() {
    let names = [
        "office.pst",
        "office-ansi.pst",
        "office.ost",
        "winmail.dat",
        "headers.eml",
        "encrypted.eml",
        "variants.mbox",
        "cards.vcf",
        "calendar.ics",
    ];
    let mut chance = Chance(7);
    for name in names {
        let good = fixture(name);
        for _ in 0..60 {
            let mut bytes = good.clone();
            for _ in 0..1 + chance.next(12) {
                let at = chance.next(bytes.len());
                bytes[at] = chance.next(256) as u8;
            }
            check_sound(name, &bytes);
            bytes.truncate(chance.next(good.len()));
            check_sound(name, &bytes);
        }
    }
}

/// Pages that lead to each other, and lists that list themselves.
#[test]
fn a_data_file_that_leads_back_to_itself_ends() {
    let good = fixture("office.pst");
    for at in (0..good.len().saturating_sub(8)).step_by(8) {
        // Every number that could be a place or a block, as that of the first page.
        let mut bytes = good.clone();
        bytes.copy_within(224..232, at);
        if at % 64 == 0 || at > good.len() - 2048 {
            check_sound("office.pst", &bytes);
        }
    }
}

#[test]
fn data_files_of_both_layouts_say_the_same() {
    let told = |name: &str| -> Vec<(String, Vec<String>)> {
        let members = read("a.pst", &fixture(name));
        let texts = |member: &Member| {
            member.document.passages.iter().map(|passage| passage.text.clone()).collect()
        };
        members.iter().map(|member| (member.path.to_string(), texts(member))).collect()
    };
    assert_eq!(told("office.pst"), told("office-ansi.pst"));
    // Pages of 4 KiB and deflated blocks, with and without a veil.
    assert_eq!(told("office.pst"), told("office.ost"));
    assert_eq!(told("office.pst"), told("office-plain.ost"));
}

#[test]
fn recipients_that_are_counted_and_are_not_there_cost_nothing() {
    let mut bytes = fixture("winmail.dat");
    // The attribute of the recipients: its id, its length, and how many there are.
    let at = bytes.windows(4).position(|four| four == [0x04, 0x90, 0x06, 0x00]).unwrap();
    bytes[at + 8..at + 12].copy_from_slice(&u32::MAX.to_le_bytes());
    check_sound("winmail.dat", &bytes);
}

#[test]
fn a_deflated_block_that_is_damaged_is_an_exception() {
    let mut bytes = fixture("office-plain.ost");
    let at = bytes.windows(2).position(|pair| pair == [0x78, 0x9c]).unwrap();
    bytes[at + 8..at + 16].fill(0xff);
    let members = read("a.ost", &bytes);
    let exceptions = members.iter().flat_map(|member| &member.document.exceptions);
    assert!(exceptions.into_iter().any(|exception| exception.reason == Reason::Corrupt));
}

#[test]
fn a_data_file_of_an_unknown_layout_is_an_exception() {
    let mut bytes = fixture("office.pst");
    for (version, reason) in [(99, Reason::Unsupported), (36, Reason::Unsupported)] {
        bytes[10] = version;
        let members = read("a.ost", &bytes);
        let exceptions = &members[0].document.exceptions;
        assert_eq!(exceptions.iter().map(|e| e.reason).collect::<Vec<_>>(), [reason]);
        assert!(!exceptions[0].is_partial);
    }
}

fn check_media_type(name: &str, bytes: &str, media_type: &str) {
    assert_eq!(read(name, bytes.as_bytes())[0].document.media_type, media_type, "{name}");
}

#[test]
fn a_message_is_known_without_an_ending() {
    let message = "From: a@example.org\nX-Thing: 1\n\nhi\n";
    check_media_type("1741269731.M1P2.host,S=512:2,S", message, "message/rfc822");
    check_media_type("1741269731.M1P2.host:2,S", "X-Thing: 1\n\nhi\n", "message/rfc822");
    check_media_type("x", "X-Thing: 1\n\nhi\n", "text/plain");
    check_media_type("x", "From 2019 to 2021 she was ill,\nand well again.\n", "text/plain");
    let quoted =
        format!(">From a@example.org Tue Mar  4 10:02:00 2025\nTo: b@example.org\n{message}");
    check_media_type("x", &quoted, "message/rfc822");
    let apple = format!("{}\n{message}<?xml version=\"1.0\"?><plist/>", message.len());
    check_media_type("1.emlx", &apple, "message/rfc822");
    let members = read("1.emlx", apple.as_bytes());
    assert_eq!(members[0].document.passages.last().unwrap().text, "X-Thing: 1");
}

#[test]
fn a_message_without_a_gap_after_its_head_is_not_lost() {
    let message = "From: a@example.org\nTo: b@example.org\nDear Amara, this is said.\nAnd this.\n";
    let members = read("a.eml", message.as_bytes());
    let said = &members[0].document.passages.last().unwrap().text;
    assert_eq!(said, "Dear Amara, this is said.\nAnd this.");
    let japanese = b"From: a@example.org\nTo: b@example.org\n\n\x1b$B$9$_$^$;$s\x1b(B\n";
    let members = read("a.eml", japanese);
    assert_eq!(
        members[0].document.passages.last().unwrap().text,
        "\u{3059}\u{307f}\u{307e}\u{305b}\u{3093}"
    );
}

#[test]
fn a_name_that_is_half_encoded_is_read() {
    let message =
        b"From: =?iso-8859-1?Q?J\xf6rg?= Gro\xdf <joerg@example.org>\nTo: b@example.org\n\nhi\n";
    let members = read("a.eml", message);
    let head = &members[0].document.passages[0].text;
    assert!(head.starts_with("From: Jörg Groß <joerg@example.org>"), "{head}");
}

#[test]
fn one_part_of_a_message_in_parts_is_an_exception() {
    let message = "From: a@example.org\nTo: b@example.org\n\
        Content-Type: message/partial; id=\"1@example.org\"; number=2; total=3\n\nthe middle\n";
    let members = read("a.eml", message.as_bytes());
    let reasons: Vec<Reason> = members[0].document.exceptions.iter().map(|e| e.reason).collect();
    assert_eq!(reasons, [Reason::Truncated]);
}

#[test]
fn the_same_message_in_two_data_files_is_one_item() {
    let ids = |name: &str| {
        let members = read("a.pst", &fixture(name));
        let page = members.iter().find(|member| member.path.to_string().ends_with("Amara/1"));
        page.unwrap().id
    };
    assert_eq!(ids("office.pst"), ids("office.pst"));
    let contact = read("a.pst", &fixture("office.pst"));
    let contact = contact.iter().find(|m| m.path.to_string().ends_with("Contacts/1")).unwrap();
    let meanings: Vec<Meaning> = contact
        .document
        .passages
        .iter()
        .flat_map(|passage| passage.fields.iter().map(|field| field.meaning))
        .collect();
    for meaning in [Meaning::Email, Meaning::Phone, Meaning::BirthDate, Meaning::Name] {
        assert!(meanings.contains(&meaning), "{meaning:?}");
    }
}
