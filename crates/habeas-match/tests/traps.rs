//! Every trap that identifiers are known to hide behind, one row each: a text and what is read in it.
//!
//! What recognisers list as their examples and `gold.txt` holds are not repeated here.
//!
//! # Source
//! `field/systems-and-exports.md` section 5.3.

use habeas_match::{PersonName, Setting, normal, recognise, recognise_text};
use habeas_model::{Document, Field, Hit, Kind, Meaning as M, Party, Passage, Place, PlaceKind};

fn written(hits: &[Hit]) -> Vec<String> {
    let of = |hit: &Hit| format!("{}={}", hit.kind, hit.value.reveal());
    hits.iter().filter(|hit| hit.kind != Kind::Organisation).map(of).collect()
}

/// One field of a row, with its caption.
fn column(caption: &str, value: &str, meaning: M) -> Vec<String> {
    let mut passage = Passage::text(Place::new(PlaceKind::Row, 2), "");
    passage.is_record = true;
    for (text, meaning, end) in [(caption, M::Caption, ": "), (value, meaning, "")] {
        let start = passage.text.len();
        passage.text.push_str(text);
        let range = start..passage.text.len();
        passage.fields.push(Field { range, meaning, party: Party::Principal });
        passage.text.push_str(end);
    }
    let document = Document { passages: vec![passage], ..Document::default() };
    written(&recognise(&document, &Setting::default())[0])
}

/// Reports all wrong rows at once.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn check(&mut self, text: &str, found: &[String], expected: &[&str]) {
        if found != expected {
            self.0.push(format!("{text:?}\n  expected {expected:?}\n  found    {found:?}"));
        }
    }

    fn end(self) {
        assert!(self.0.is_empty(), "{} wrong:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// Names aside, what a text is read to hold.
fn check_texts(rows: &[(&str, &[&str])]) {
    let mut wrong = Wrong::default();
    for (text, expected) in rows {
        let found = written(&recognise_text(text, &Setting::default()));
        let found: Vec<String> =
            found.into_iter().filter(|one| !one.starts_with("name=")).collect();
        wrong.check(text, &found, expected);
    }
    wrong.end();
}

fn check_columns(rows: &[(&str, &str, M, &[&str])]) {
    let mut wrong = Wrong::default();
    for (caption, value, meaning, expected) in rows {
        wrong.check(&format!("{caption}: {value}"), &column(caption, value, *meaning), expected);
    }
    wrong.end();
}

const JANE: &[&str] = &["phone=+447700900123"];

#[test]
fn telephones_in_text() {
    check_texts(&[
        ("ring 07700  900123 today", JANE),
        ("ring 07700\u{a0}900\u{a0}123", JANE),
        ("ring 07700\u{2011}900\u{2011}123", JANE),
        ("ring (+44) 7700 900123", JANE),
        ("ring +44 (0) 7700 900 123", JANE),
        ("ring +44.7700.900123", JANE),
        ("<a href=\"tel:+447700900123\">ring</a>", JANE),
        ("sms:+447700900123", JANE),
        ("wa.me/447700900123", JANE),
        ("call me (07700 900123).", JANE),
        ("Tel: 07700 900123x3201", JANE),
        ("07700 900123 ext 3201", JANE),
        ("ring 07700 900\r\n123 today", JANE),
        ("> ring 07700\n> 900123 today", JANE),
        ("Phone: 07700\n900123", JANE),
        ("+44 7700\n 900123", JANE),
        ("Call from 447700900123 to 3201", JANE),
        ("my number's 07700900123, thanks", JANE),
        ("07700900123/07700900456", &["phone=+447700900123", "phone=+447700900456"]),
        ("07700 900123, 07700 900456", &["phone=+447700900123", "phone=+447700900456"]),
        ("07700 900123 07700 900456", &["phone=+447700900123", "phone=+447700900456"]),
        ("zero seven seven zero zero, nine zero zero, one two three", JANE),
        ("oh seven seven oh oh, nine hundred, one two three", JANE),
        ("oh-double-seven-double-oh nine double-oh one two three", JANE),
        ("O7700 900123 in a scan", JANE),
        (
            "force-07700900123-3201-20250327-092517-1743042317.12206.wav",
            &["phone=+447700900123", "date=2025-03-27"],
        ),
        ("address=\"+447700900123\" date=\"1717214400123\" type=\"1\"", JANE),
        ("ring 7.7009E+09 or 4.477E+11", &[]),
        ("duration 00:00:42, sum 07.700, 1,234,567.89", &[]),
    ]);
}

#[test]
fn telephones_in_columns() {
    check_columns(&[
        ("Phone", "7700900123", M::Phone, JANE),
        ("Phone", "7700900123.0", M::Phone, JANE),
        ("Phone", "447700900123.0", M::Phone, JANE),
        ("Phone", "7700900123.00", M::Phone, JANE),
        ("Phone", "7.700900123E+09", M::Phone, JANE),
        ("Phone", "7.700900123e9", M::Phone, JANE),
        ("Phone", "4.47700900123E+11", M::Phone, JANE),
        ("Phone", "4,47700900123E+11", M::Phone, JANE),
        ("Phone", "7.7009E+09", M::Phone, &[]),
        ("Phone", "4.477E+11", M::Phone, &[]),
        ("Phone", "=\"07700900123\"", M::Phone, JANE),
        ("Phone", "'07700 900123", M::Phone, JANE),
        ("Phone", "7 700 900 123", M::Phone, JANE),
        ("Phone", "07700 900123 (mum)", M::Phone, JANE),
        ("Phone", "mob 07700 900123", M::Phone, JANE),
        ("Phone", "07700 900123 x3201", M::Phone, JANE),
        ("Phone", "0203 325 6555", M::Phone, &["phone=+442033256555"]),
        ("Phone", "020 3325 6555", M::Phone, &["phone=+442033256555"]),
        ("Phone", "1632960123.0", M::Phone, &["phone=+441632960123"]),
        ("Phone", "anonymous", M::Phone, &[]),
        ("Phone", "4830258576", M::Phone, &[]),
        ("clid", "\"Joana D'Arc\" <07700900123>", M::Phone, JANE),
        ("Channel", "PJSIP/8576-5f30", M::Phone, &[]),
    ]);
}

#[test]
fn mailboxes() {
    let jane: &[&str] = &["email=jane.smith@example.org"];
    check_texts(&[
        ("JANE.SMITH@EXAMPLE.ORG", jane),
        ("<mailto:Jane.Smith@example.org>", jane),
        ("jane.smith@example.org.", jane),
        ("(jane.smith@example.org)", jane),
        ("jane.smith+shop@example.org", jane),
        ("jane.smith AT example DOT org", jane),
        ("jane.smith(at)example(dot)org", jane),
        ("jane.smith {at} example.org", jane),
        ("jane.smith [ at ] example.org", jane),
        ("jane.smith@\nexample.org", &[]),
        ("jane.s.mith@gmail.com and janesmith+x@googlemail.com", &["email=janesmith@gmail.com"; 2]),
        ("email%3Djane.smith%40example.org", jane),
        ("u=jane.smith%2Bnews%40example.org&x=1", jane),
        ("=?utf-8?q?x?= jane.smith@example.org", jane),
        ("JÖRG@MÜLLER.EXAMPLE", &["email=jörg@müller.example"]),
        ("o'neil@example.org", &["email=o'neil@example.org"]),
        ("jorg@xn--mller-kva.example", &["email=jorg@müller.example"]),
        ("\"jane.smith\"@example.org", jane),
        (
            "jane.smith@example.org,tom@example.org",
            &["email=jane.smith@example.org", "email=tom@example.org"],
        ),
    ]);
}

#[test]
fn names_in_columns() {
    let jane: &[&str] = &["name=smith, jane"];
    check_columns(&[
        ("Name", "Mrs Jane Smith", M::Name, jane),
        ("Name", "JANE SMITH", M::Name, jane),
        ("Name", "Smith, Jane", M::Name, jane),
        ("Name", "SMITH^JANE^^^MRS", M::Name, jane),
        ("Name", "Smith,Jane", M::Name, jane),
        ("Name", "  Jane   Smith ", M::Name, jane),
        ("Name", "O'Neil, Aoife", M::Name, &["name=oneil, aoife"]),
        ("Name", "O’Neil, Aoife", M::Name, &["name=oneil, aoife"]),
        ("Name", "Aoife ONeil", M::Name, &["name=oneil, aoife"]),
        ("Name", "Müller, Jürgen", M::Name, &["name=muller, jurgen"]),
    ]);
}

#[test]
fn spellings_of_a_name_are_one() {
    let same = |one: &str, other: &str| {
        let value = |text: &str| PersonName::parse(text).map(|name| name.value());
        assert_eq!(value(one), value(other), "{one} and {other}");
    };
    for (one, other) in [
        ("Aoife O'Neil", "Aoife O’Neil"),
        ("Aoife O'Neil", "O'NEIL, AOIFE"),
        ("Jürgen Müller", "JÜRGEN MU\u{308}LLER"),
        ("Ann Smith-Jones", "Ann Smith\u{2011}Jones"),
        ("Dr Jane Smith", "Jane Smith MBBS"),
        ("Jane Smith", "SMITH^JANE"),
    ] {
        same(one, other);
    }
}

#[test]
fn birth_dates() {
    let day: &[&str] = &["birth_date=1985-04-12"];
    check_columns(&[
        ("DOB", "31149", M::BirthDate, day),
        ("DOB", "31149.0", M::BirthDate, day),
        ("DOB", "12 Apr 85", M::BirthDate, day),
        ("DOB", "12-APR-1985", M::BirthDate, day),
        ("DOB", "12/04/85", M::BirthDate, &["birth_date=1985-04-12|1985-12-04"]),
        ("DOB", "1985-04-12 00:00:00", M::BirthDate, day),
        ("DOB", "1985-04-12T00:00:00.000Z", M::BirthDate, day),
        ("DOB", "19850412", M::BirthDate, day),
        ("DOB", "12.04.1985", M::BirthDate, &["birth_date=1985-04-12|1985-12-04"]),
        ("DOB", "04/13/1985", M::BirthDate, &["birth_date=1985-04-13"]),
        ("DOB", "Friday, April 12, 1985", M::BirthDate, day),
        ("DOB", "12,04,1985", M::BirthDate, &["birth_date=1985-04-12|1985-12-04"]),
        ("DOB", "12/04/1985 (41y)", M::BirthDate, &["birth_date=1985-04-12|1985-12-04"]),
        ("DOB", "00/00/0000", M::BirthDate, &[]),
        ("DOB", "unknown", M::BirthDate, &[]),
    ]);
    check_texts(&[
        ("PID|1||100294^^^CLINIC^MR||SMITH^JANE^ANNE^^MRS||19850412|F|||", day),
        ("\"birthDate\":\"1985-04-12\"", day),
        ("born 12th April 1985", day),
        ("DOB 12/04/1985", &["birth_date=1985-04-12|1985-12-04"]),
        ("d.o.b: 12 - 04 - 1985", &["birth_date=1985-04-12|1985-12-04"]),
    ]);
}

#[test]
fn official_numbers() {
    check_columns(&[
        ("NHS Number", "943 476 5919", M::Other, &["nhs_number=9434765919"]),
        ("NHS Number", "9434765919.0", M::Other, &["nhs_number=9434765919"]),
        ("NHS Number", "943-476-5919", M::Other, &["nhs_number=9434765919"]),
        ("NHS Number", "none (private)", M::Other, &[]),
        ("Patient Id", "0012345", M::PersonReference, &["reference=12345"]),
        ("Patient Id", "12345.0", M::PersonReference, &["reference=12345"]),
        ("LEID", "LE-00-4711", M::PersonReference, &["reference=le4711"]),
    ]);
    check_texts(&[
        ("see page 4010232137 of Confluence", &[]),
        ("order 4010232137 was sent", &["reference=4010232137"]),
        ("NHS number: 999 000 0018", &["nhs_number=9990000018"]),
        ("NHS\n943 476 5919", &["nhs_number=9434765919"]),
        ("NHS no. 943\u{a0}476\u{a0}5919", &["nhs_number=9434765919"]),
        (
            "{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9434765919\"}",
            &["nhs_number=9434765919"],
        ),
        ("Customer: cus_Nff2d8Kz01", &[]),
        ("Customer ID: cus_Nff2d8Kz01", &["reference=cusnff2d8kz01"]),
    ]);
}

#[test]
fn homes() {
    check_texts(&[
        ("of EC1A1BB, too", &["postcode=EC1A 1BB"]),
        ("of B1\u{a0}2JQ", &["postcode=B1 2JQ"]),
        ("of B1 2jq", &["postcode=B1 2JQ"]),
        ("of EX1 OAB", &["postcode=EX1 0AB"]),
        ("of 14A Canal St, B1 2JQ", &["address=14a canal st b12jq", "postcode=B1 2JQ"]),
        (
            "of Flat 2, 14 Canal Street, B1 2JQ",
            &["address=flat 2 14 canal st b12jq", "postcode=B1 2JQ"],
        ),
        (
            "of Flat 2 14 Canal Street B1 2JQ",
            &["address=flat 2 14 canal st b12jq", "postcode=B1 2JQ"],
        ),
    ]);
    let same = |one: &str, other: &str| {
        assert_eq!(normal::address(one), normal::address(other), "{one} and {other}");
    };
    same("Apartment 2, 14 Canal Street, B1 2JQ", "Flat 2, 14 Canal St., b12jq");
    same("14, Canal Street\nBirmingham\nB1 2JQ", "14 CANAL STREET B1 2JQ");
}

#[test]
fn addresses_of_the_internet() {
    check_texts(&[
        ("from 203.0.113.9:44321 again", &["ip=203.0.113.9"]),
        ("from [2001:db8::9]:443 again", &["ip=2001:db8::9"]),
        ("from ::ffff:203.0.113.9 again", &["ip=203.0.113.9"]),
        ("from 2001:0DB8:0000:0000:0000:0000:0000:0009 again", &["ip=2001:db8::9"]),
        ("from fe80::1ff:fe23:4567:890a%eth0 again", &["ip=fe80::1ff:fe23:4567:890a"]),
        ("IP 203.0.113.* kept", &["ip=203.0.113.x"]),
        ("IP 203.0.113.XXX kept", &["ip=203.0.113.x"]),
        ("X-Forwarded-For: 203.0.113.9,198.51.100.7", &["ip=203.0.113.9", "ip=198.51.100.7"]),
        ("Received: from x ([203.0.113.9])", &["ip=203.0.113.9"]),
        ("_ga=GA1.2.1234567890.1710000000", &["device=1234567890.1710000000"]),
    ]);
    check_columns(&[
        ("Client ID", "GA1.1.1234567890.1710000000", M::Device, &["device=1234567890.1710000000"]),
        ("IP", "203.0.113.0", M::Ip, &["ip=203.0.113.0"]),
        (
            "X-Forwarded-For",
            "203.0.113.9, 198.51.100.7",
            M::Ip,
            &["ip=203.0.113.9", "ip=198.51.100.7"],
        ),
    ]);
}

#[test]
fn a_normal_form_is_its_own_normal_form() {
    // What is accepted from a list is stated in its normal form from then on.
    for (kind, text) in [
        (Kind::Email, "Jane.Smith+x@Example.org"),
        (Kind::Email, "j.o.smith@googlemail.com"),
        (Kind::Phone, "07700 900123"),
        (Kind::Phone, "7700900123.0"),
        (Kind::Phone, "+48 601 234 567"),
        (Kind::Address, "Apartment 2, 14a Canal Street, Birmingham, B1 2JQ"),
        (Kind::Address, "Rose Cottage, Mill Lane, Ashby"),
        (Kind::Postcode, "b12jq"),
        (Kind::BirthDate, "12 April 1985"),
        (Kind::NhsNumber, "943 476 5919"),
        (Kind::Nino, "qq 12 34 56 c"),
        (Kind::Passport, "ab1234567"),
        (Kind::DrivingLicence, "MORGA 657054 SM9IJ 35"),
        (Kind::Card, "4111 1111 1111 1111"),
        (Kind::Iban, "gb82 west 1234 5698 7654 32"),
        (Kind::BankAccount, "12-34-56 12345678"),
        (Kind::Vehicle, "ab12 cde"),
        (Kind::Ip, "2001:0DB8::0009"),
        (Kind::Ip, "203.0.113.xxx"),
        (Kind::Device, "GA1.2.1234567890.1710000000"),
        (Kind::Device, "00-1A-2B-3C-4D-5E"),
        (Kind::Handle, "https://instagram.com/Jane.S85/"),
        (Kind::Reference, "C-0012345"),
        (Kind::Reference, "LE-00-4711"),
        (Kind::Reference, "ABC/2024/017"),
    ] {
        let value = normal::value(kind, text);
        let value = value.unwrap_or_else(|| panic!("{kind} {text} has a normal form"));
        assert_eq!(normal::value(kind, &value).as_deref(), Some(value.as_str()), "{kind} {text}");
    }
}
