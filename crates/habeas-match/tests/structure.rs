//! What columns and headers say is believed, and captions are never hits.

use habeas_match::{Directory, Setting, recognise};
use habeas_model::{Document, Field, Hit, Meaning, Part, Party, Passage, Place, PlaceKind};

/// A row of a table as readers make it: one `Header: value` a line.
fn row(number: usize, cells: &[(&str, &str, Meaning, Party)]) -> Passage {
    let mut passage = Passage::text(Place::new(PlaceKind::Row, number), "");
    passage.is_record = true;
    for (header, value, meaning, party) in cells {
        let start = passage.text.len();
        passage.text.push_str(header);
        passage.fields.push(Field {
            range: start..passage.text.len(),
            meaning: Meaning::Caption,
            party: Party::Unknown,
        });
        passage.text.push_str(": ");
        let start = passage.text.len();
        passage.text.push_str(value);
        passage.fields.push(Field {
            range: start..passage.text.len(),
            meaning: *meaning,
            party: *party,
        });
        passage.text.push('\n');
    }
    passage
}

fn hits(passages: Vec<Passage>, setting: &Setting) -> Vec<Vec<Hit>> {
    recognise(&Document { passages, ..Document::default() }, setting)
}

fn check_row(cells: &[(&str, &str, Meaning, Party)], expected: &[&str]) {
    let found = hits(vec![row(2, cells)], &Setting::default());
    let found: Vec<String> =
        found[0].iter().map(|hit| format!("{}={}", hit.kind, hit.value.reveal())).collect();
    assert_eq!(found, expected, "{cells:?}");
}

#[test]
fn a_column_says_what_its_values_are() {
    use Meaning as M;
    let p = Party::Principal;
    check_row(&[("Phone", "7700900123", M::Phone, p)], &["phone=+447700900123"]);
    check_row(&[("phone_number", "p:+447700900123", M::Phone, p)], &["phone=+447700900123"]);
    check_row(&[("Phone", "'+447700900123", M::Phone, p)], &["phone=+447700900123"]);
    check_row(
        &[("Phones", "07700 900123 / 020 7946 0123", M::Phone, p)],
        &["phone=+447700900123", "phone=+442079460123"],
    );
    check_row(&[("src", "3201", M::Phone, p)], &[]);
    check_row(&[("DOB", "31140", M::BirthDate, p)], &["birth_date=1985-04-03"]);
    check_row(&[("DOB", "03/04/1985", M::BirthDate, p)], &["birth_date=1985-04-03|1985-03-04"]);
    check_row(&[("Created", "2024-03-12 09:14", M::Date, p)], &["date=2024-03-12"]);
    check_row(&[("Patient Id", "0012345", M::PersonReference, p)], &["reference=12345"]);
    check_row(&[("User IP", "203.0.113.9", M::Ip, p)], &["ip=203.0.113.9"]);
    check_row(
        &[("user_pseudo_id", "1234567890.1710000000", M::Device, p)],
        &["device=1234567890.1710000000"],
    );
    check_row(&[("Username", "jsmith85", M::Username, p)], &["handle=jsmith85"]);
    check_row(&[("Post code", "b12jq", M::Postcode, p)], &["postcode=B1 2JQ"]);
    check_row(
        &[("Address", "14 Canal Street, Birmingham", M::Address, p)],
        &["address=14 canal st"],
    );
    check_row(&[("Status", "Active", M::Other, p), ("Amount", "12.50", M::Other, p)], &[]);
}

#[test]
fn names_of_columns_are_names_in_any_layout() {
    use Meaning as M;
    let p = Party::Principal;
    for text in ["Jane Smith", "SMITH, Jane (Mrs)", "SMITH^JANE", "Smith, Jane", "jane smith"] {
        check_row(&[("Name", text, M::Name, p)], &["name=smith, jane"]);
    }
    check_row(&[("Name", "anonymous", M::Name, p)], &[]);
    check_row(
        &[("Guests", "Jane Smith; Tom Orr", M::Name, Party::Other)],
        &["name=smith, jane", "name=orr, tom"],
    );
    let cells = [
        ("First name", "Jane", M::GivenName, p),
        ("Last name", "Smith", M::FamilyName, p),
        ("Carer1 first name", "Tom", M::GivenName, Party::Other),
        ("Carer1 last name", "Orr", M::FamilyName, Party::Other),
    ];
    check_row(&cells, &["name=smith, jane", "name=smith, jane", "name=orr, tom", "name=orr, tom"]);
}

#[test]
fn a_caption_is_never_a_hit() {
    let found = hits(
        vec![row(2, &[("Jordan Grace", "x", Meaning::Text, Party::Unknown)])],
        &Setting::default(),
    );
    assert!(found[0].is_empty(), "{:?}", found[0].len());
}

#[test]
fn the_party_of_the_field_is_that_of_the_hit() {
    let cells = [
        ("Client", "Jane Smith", Meaning::Name, Party::Principal),
        ("Owner", "Tom Orr", Meaning::Name, Party::Staff),
    ];
    let found = hits(vec![row(2, &cells)], &Setting::default());
    let parties: Vec<Party> = found[0].iter().map(|hit| hit.party).collect();
    assert_eq!(parties, [Party::Principal, Party::Staff]);
}

#[test]
fn a_header_lists_people_and_their_addresses() {
    let text = "From: \"Smith, Jane\" <jane@example.org>\nTo: Tom Orr <tom@example.org>, Ana Lima <ana@example.org>";
    let mut passage = Passage::text(Place::new(PlaceKind::Header, 1), text);
    passage.part = Part::Header;
    let found = hits(vec![passage], &Setting::default());
    let found: Vec<String> =
        found[0].iter().map(|hit| format!("{}={}", hit.kind, hit.value.reveal())).collect();
    let expected = [
        "name=smith, jane",
        "email=jane@example.org",
        "name=orr, tom",
        "email=tom@example.org",
        "name=lima, ana",
        "email=ana@example.org",
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_estate_knows_its_people_in_lower_case_too() {
    let directory =
        Directory::new([("pemberwick, quillon".to_owned(), 4), ("vextrow, ysolde".to_owned(), 2)]);
    let setting = Setting { directory, ..Setting::default() };
    let passage = Passage::text(
        Place::new(PlaceKind::Body, 1),
        "did quillon pemberwick pay? Vextrow, Ysolde did.",
    );
    let found = hits(vec![passage], &setting);
    let values: Vec<&str> = found[0].iter().map(|hit| hit.value.reveal().as_str()).collect();
    assert_eq!(values, ["pemberwick, quillon", "vextrow, ysolde"]);
}

#[test]
fn a_name_of_one_paragraph_is_known_in_the_next_but_not_in_the_next_row() {
    let paragraph = |n, text: &str| Passage::text(Place::new(PlaceKind::Body, n), text);
    let found = hits(
        vec![paragraph(1, "We met Ysolde Vextrow."), paragraph(2, "Then Vextrow left.")],
        &Setting::default(),
    );
    assert_eq!(found[1].first().map(|hit| hit.value.reveal().as_str()), Some("vextrow, ysolde"));
    let cell = |n, text| row(n, &[("Notes", text, Meaning::Text, Party::Unknown)]);
    let found =
        hits(vec![cell(2, "spoke to Jane Smith"), cell(3, "spoke to Jane")], &Setting::default());
    assert_eq!(found[1].first().map(|hit| hit.value.reveal().as_str()), Some(", jane"));
}

#[test]
fn hostile_text_ends_in_time() {
    let texts = [
        "<@".repeat(100_000),
        "Name: ".repeat(50_000),
        "a@b.".repeat(60_000),
        "0 ".repeat(150_000),
        "A. ".repeat(100_000),
        "Jane Smith, ".repeat(20_000),
        ":".repeat(300_000),
        "^A".repeat(100_000),
    ];
    for text in texts {
        let start = std::time::Instant::now();
        let cells = [
            ("To", text.as_str(), Meaning::Name, Party::Recipient),
            ("Notes", text.as_str(), Meaning::Text, Party::Unknown),
        ];
        let _ = hits(vec![row(2, &cells)], &Setting::default());
        assert!(start.elapsed().as_secs() < 5, "{} took {:?}", &text[..8], start.elapsed());
    }
}
