//! Is each letter whole under each law, and refused when anything it has to say is missing?

use std::fs;
use std::path::{Path, PathBuf};

use habeas_case::{Defaults, Request};
use habeas_law::{Basis, Calendar, Law, Regime, Shape, letter_items};
use jiff::civil::date;

use super::*;
use crate::{Controller, Organisation};

/// A time and a law under which letters are written: name, law, day of receipt, day of the letter.
type Time = (&'static str, Law, Date, Date);

const TIMES: [Time; 4] = [
    ("uk-2025", Law::Uk, date(2025, 11, 3), date(2025, 11, 10)),
    ("uk-2026-02", Law::Uk, date(2026, 3, 3), date(2026, 3, 10)),
    ("uk-2026-06", Law::Uk, date(2026, 7, 1), date(2026, 7, 8)),
    ("eu", Law::Eu, date(2026, 7, 1), date(2026, 7, 8)),
];

fn organisation() -> Organisation {
    let controller = Controller {
        name: "Lark Rise Clinics Limited".into(),
        address: vec!["1 Example Row".into(), "London".into(), "W1A 0AA".into()],
        contact: "Data Protection Officer".into(),
        email: "dpo@larkrise.example.org".into(),
        phone: "020 7946 0000".into(),
        complaints: "dpo@larkrise.example.org".into(),
    };
    Organisation { controller, ..Organisation::default() }
}

fn request((_, law, received, _): Time) -> Request {
    let defaults = Defaults { received, law, calendar: Calendar::EnglandAndWales };
    let text = r#"
        name = "Harriet Vale"
        born = "1984-02-29"
        emails = ["harriet.vale@example.com"]
        addresses = ["3 Mill Lane, Exampleford, ZZ11 2ZZ"]
    "#;
    Request::parse(text, &defaults).unwrap().remove(0)
}

/// What whoever writes the letter would give for a field.
fn sample(kind: LetterKind, field: &str, day: Date) -> Vec<String> {
    let after = day.saturating_add(jiff::Span::new().days(14)).to_string();
    let before = day.saturating_sub(jiff::Span::new().days(2)).to_string();
    let values: &[&str] = match field {
        "to" => &["Ines Marlow"],
        "to_address" => &["4 Quay Street, Exampleton, ZZ22 3ZZ"],
        "doubts" => &["two people of your name stand in our records"],
        "proof" => {
            &["a passport or a driving licence", "a reply from the address we know you under"]
        }
        "questions" => &["In which years were you with us?", "Which of our clinics did you visit?"],
        "why" => &["we have several thousand messages with your name in them"],
        "meanwhile" => &["Our privacy notice says why we use data and who receives it."],
        "ground" => match kind {
            LetterKind::Extension => &["complexity"],
            LetterKind::Fee => &["excessive"],
            _ => &["MUE"],
        },
        "reasons" => &["You asked for the same data on three days of last week."],
        "amount" => &["£25.00"],
        "costs" => &["one hour of finding and copying at £20.00", "postage of £5.00"],
        "payment" => &["by card, at the address in this letter"],
        "ncnd_ground" => &["CRIME: an investigation would be told of"],
        "delivery" => &["You get a link by e-mail, and its passphrase by text message."],
        "information" => &["your name as the sender of a message of 3 March 2026"],
        "known_as" => &["your client number 44017"],
        "action" => &["corrected"],
        "data" => &["the postal address"],
        "please" => &["Please correct it in your records as well."],
        "why_you" => &["you were the last to be responsible for the patient's care"],
        "documents" => &["the notes of the consultation of 3 March 2026"],
        "about" => &["that our answer came late"],
        "next_steps" => &["Somebody who did not work on your request looks into it."],
        "reply_by" => return vec![after],
        "complaint_received" | "done" | "given_on" | "requester_agreed" => return vec![before],
        "name_requester" => &["yes"],
        "your_reference" => &["HV/7"],
        "signed" => &["Ada Penrose"],
        _ => panic!("{kind} has a field {field} without a sample"),
    };
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// A letter with all that it takes; `leaves` says which optional fields are not given.
fn complete(kind: LetterKind, time: Time, variant: &str) -> LetterFacts {
    let (_, _, _, day) = time;
    let mut facts =
        LetterFacts::new(kind, "SAR-2026-0042", &request(time), &organisation(), day).unwrap();
    for (field, value) in [
        ("sources", "17 sources"),
        ("items", "4,812 items"),
        ("nothing_found", "yes"),
        ("given", "yes"),
        ("exhibits", "61 documents"),
        ("pages", "143 pages"),
        ("classes", "- Medical records: 12 exhibits\n- Correspondence: 49 exhibits"),
        ("label", "[TP 001]"),
        ("linkage", ". The same label always stands for the same person"),
    ] {
        facts.put(field, value);
    }
    if kind == LetterKind::PartialRelease {
        for (field, value) in [
            ("not_all", "yes"),
            ("taken_out", "yes"),
            ("left_out", "212 records"),
            ("kept", "2 records or documents"),
            ("grounds", "- Confidential legal advice (DPA 2018 Sch. 2 para. 19) [LPP]"),
            ("third_party_law", "Article 15(4) UK GDPR"),
        ] {
            facts.put(field, value);
        }
    }
    if kind == LetterKind::FullRelease {
        facts.put("all_given", "yes");
    }
    let mut set = |field: &str, values: &[String]| facts.set(field, values).unwrap();
    let skipped: &[&str] = match variant {
        "ncnd" => &["ground", "reasons"],
        "unnamed" => &["requester_agreed", "name_requester"],
        _ => &["ncnd", "ncnd_ground", "reveals_nothing"],
    };
    let basis = Basis { received: request(time).regime(), written: Regime::on(time.1, day) };
    let mut items = letter_items(kind, basis);
    items.retain(|item| item.given.may_set() && !skipped.contains(&item.field));
    // The request names its own requester, and a letter with every optional field is not the usual one.
    items.retain(|item| {
        item.need != Wanted::Never || matches!(item.field, "name_requester" | "reply_by" | "about")
    });
    if kind.to() == habeas_law::Addressee::Requester {
        items.retain(|item| item.field != "to");
    }
    match variant {
        "ncnd" => set("ncnd", &["yes".to_owned()]),
        "unnamed" => set("reveals_nothing", &["it is about a list of many people".to_owned()]),
        _ => {}
    }
    for item in items {
        set(item.field, &sample(kind, item.field, day));
    }
    facts
}

/// Every letter there can be: kind, time, variant.
fn every() -> Vec<(LetterKind, Time, &'static str)> {
    let mut all = Vec::new();
    for time in TIMES {
        for kind in LetterKind::ALL.into_iter().filter(|kind| kind.is_known_to(time.1)) {
            all.push((kind, time, ""));
            match kind {
                LetterKind::Refusal => all.push((kind, time, "ncnd")),
                LetterKind::ThirdPartyConsent => all.push((kind, time, "unnamed")),
                _ => {}
            }
        }
    }
    all
}

#[test]
fn each_letter_says_what_it_said() {
    let ours = Letters::ours().unwrap();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut wrong = Vec::new();
    for (kind, time, variant) in every() {
        let letter = letter(&ours, kind, &complete(kind, time, variant)).unwrap();
        let dash = if variant.is_empty() { "" } else { "-" };
        let file = dir.join(format!("{kind}{dash}{variant}.{}.txt", time.0));
        if std::env::var_os("HABEAS_BLESS").is_some() {
            fs::write(&file, &letter.text).unwrap();
        }
        if fs::read_to_string(&file).ok().as_ref() != Some(&letter.text) {
            wrong.push(file);
        }
        assert!(letter.pdf.starts_with(b"%PDF") && letter.n_pages >= 1);
        if let Some(show) = std::env::var_os("HABEAS_SHOW") {
            let name = format!("{kind}{dash}{variant}.{}.pdf", time.0);
            fs::write(PathBuf::from(show).join(name), &letter.pdf).unwrap();
        }
    }
    assert!(wrong.is_empty(), "look at the difference, then HABEAS_BLESS=1: {wrong:?}");
}

#[test]
fn a_letter_is_refused_while_any_mandatory_item_is_empty() {
    let ours = Letters::ours().unwrap();
    let mut n_refused = 0;
    for (kind, time, variant) in every() {
        let whole = complete(kind, time, variant);
        let fields = whole.fields();
        for item in letter_items(kind, whole.basis()) {
            let is_wanted = item.need.holds(|field| is_filled(&fields, field));
            // Words of ours cannot be emptied by facts: the next test takes them out of the template.
            if !is_wanted || matches!(item.given, Given::Words(_)) {
                continue;
            }
            let mut lacking = whole.clone();
            lacking.empty(item.field);
            match letter(&ours, kind, &lacking) {
                Err(Error::Lacking { kind: told, lacks }) => {
                    let names: Vec<&str> = lacks.iter().map(|lack| lack.field.as_str()).collect();
                    assert_eq!((told, names.as_slice()), (kind, [item.field].as_slice()));
                    assert!(!lacks[0].give.is_empty());
                }
                other => panic!("{kind} {} without {}: {other:?}", time.0, item.field),
            }
            n_refused += 1;
        }
    }
    assert!(n_refused > 500, "{n_refused}");
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let facts = LetterFacts::new(
        LetterKind::Refusal,
        "SAR-2026-0042",
        &request(TIMES[2]),
        &Organisation::default(),
        TIMES[2].3,
    );
    let error =
        letter(&Letters::ours().unwrap(), LetterKind::Refusal, &facts.unwrap()).unwrap_err();
    let said = error.to_string();
    for part in [
        "controller.name",
        "controller.address",
        "controller.complaints",
        "--set ground=",
        "--set reasons=",
        "DPA 2018 s. 164A",
    ] {
        assert!(said.contains(part), "{part} is not in: {said}");
    }
}

/// A folder with a template of an organisation's own.
fn own(name: &str, text: &[u8]) -> (tempfile::TempDir, Result<Letters, Error>) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(name), text).unwrap();
    let letters = Letters::read(Some(dir.path()));
    (dir, letters)
}

fn template_of(kind: LetterKind) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/letters");
    fs::read_to_string(dir.join(kind.file())).unwrap()
}

#[test]
fn a_template_without_the_field_of_a_mandatory_item_is_refused() {
    let mut n_refused = 0;
    let mut seen = BTreeSet::new();
    for (kind, time, variant) in every() {
        let whole = complete(kind, time, variant);
        let fields = whole.fields();
        for item in letter_items(kind, whole.basis()) {
            let is_wanted = item.need.holds(|field| is_filled(&fields, field));
            let field = format!("{{{}}}", item.field);
            let text = template_of(kind);
            let is_ours = Head::FIELDS.contains(&item.field);
            if !is_wanted || !item.is_printed || is_ours || !text.contains(&field) {
                continue;
            }
            // A template is the same under every law.
            if !seen.insert((kind, item.field)) {
                continue;
            }
            let (_dir, letters) = own(kind.file(), text.replace(&field, "").as_bytes());
            let said = letters.unwrap_err().to_string();
            let names = said.contains(kind.file()) && said.contains(&format!("`{}`", item.field));
            assert!(names && said.contains("is mandatory"), "{kind} {field}: {said}");
            n_refused += 1;
        }
    }
    assert!(n_refused > 70, "{n_refused}");
}

#[test]
fn words_that_several_letters_share_may_not_be_emptied() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/letters");
    let common = fs::read_to_string(dir.join("common.txt")).unwrap();
    let mut seen = BTreeSet::new();
    for (kind, time, variant) in every() {
        let whole = complete(kind, time, variant);
        for item in letter_items(kind, whole.basis()) {
            let Given::Words(section) = item.given else { continue };
            if item.need != Wanted::Always || !seen.insert((kind, section)) {
                continue;
            }
            let head = format!("== {section}\n");
            let start = common.find(&head).unwrap() + head.len();
            let end = common[start..].find("\n== ").map_or(common.len(), |end| start + end);
            let text = format!("{}{}", &common[..start], &common[end..]);
            let (_dir, letters) = own("common.txt", text.as_bytes());
            let said = letters.and_then(|letters| letter(&letters, kind, &whole)).unwrap_err();
            let said = said.to_string();
            assert!(said.contains(&format!("common.txt, section `{section}`")), "{kind}: {said}");
        }
    }
    assert!(seen.len() > 40, "{}", seen.len());
}

#[test]
fn a_mandatory_item_may_not_hide_in_a_section_that_is_not_printed() {
    let text =
        template_of(LetterKind::Refusal).replace("== reasons unless ncnd", "== reasons if ncnd");
    let (_dir, letters) = own("refusal.txt", text.as_bytes());
    let facts = complete(LetterKind::Refusal, TIMES[2], "");
    let said = letter(&letters.unwrap(), LetterKind::Refusal, &facts).unwrap_err().to_string();
    assert!(said.contains("`ground` stands only in sections that are not printed here"), "{said}");
}

#[test]
fn an_organisation_writes_in_its_own_words() {
    let text = "== body\nHello {to},\n\nwe have your request {right_asked} of {received}. Due: {due}.\n\n{closing}";
    let (_dir, letters) = own("acknowledgement.txt", text.as_bytes());
    let facts = complete(LetterKind::Acknowledgement, TIMES[2], "");
    let letter = letter(&letters.unwrap(), LetterKind::Acknowledgement, &facts).unwrap();
    assert!(
        letter.text.contains("Hello Harriet Vale,\n\nwe have your request for the personal data")
    );
    // Who writes to whom is set by the program, whatever the template says.
    assert!(letter.text.starts_with("Lark Rise Clinics Limited\n1 Example Row\n"));
    assert!(letter.text.contains("Our reference: SAR-2026-0042"));
}

#[test]
fn a_wrong_template_names_its_file() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("refusal.txt", b"== a\n{grund}", "did you mean `ground`?"),
        ("refusal.txt", b"== a\n{ground", "line 2 (section `a`): a `{` has no `}` after it"),
        ("refusal.txt", b"== a\n\xc3\x28", "line 2: is not UTF-8 text"),
        ("refusl.txt", b"== a\n", "no letter is called so; did you mean `refusal.txt`?"),
        (
            "common.txt",
            b"== closing\n{contact} {email}",
            "section `closing`: the field `controller` is missing",
        ),
        ("article-19.txt", b"== a\n{requester}", "this letter has no field `requester`"),
    ];
    for (name, text, said) in cases {
        let (dir, letters) = own(name, text);
        let error = letters.unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
        assert!(error.contains(&dir.path().join(name).display().to_string()), "{error}");
    }
    let nowhere = Letters::read(Some(Path::new("/nonexistent/letters"))).unwrap_err();
    assert!(nowhere.to_string().contains("/nonexistent/letters"));
}

#[test]
fn a_value_is_taken_in_its_shape_or_refused_without_repeating_it() {
    let cases = [
        (LetterKind::Fee, "reply_by", "soon SECRET", "is not a date"),
        (LetterKind::Fee, "reply_by", "2026-07-01", "has to be after the letter's day"),
        (LetterKind::Article19, "done", "2026-09-01", "cannot be after the letter's day"),
        (LetterKind::Fee, "ground", "SECRET", "takes one of excessive, unfounded, further-copies"),
        (LetterKind::Refusal, "ground", "SECRET", "is no ground of a refusal"),
        (LetterKind::Refusal, "ncnd", "SECRET", "takes `yes` or `no`"),
        (LetterKind::Refusal, "reason", "SECRET", "did you mean `reasons`?"),
        (LetterKind::Refusal, "court", "SECRET", "is not for you to give"),
        (LetterKind::Refusal, "received", "SECRET", "is not for you to give"),
    ];
    for (kind, field, value, said) in cases {
        let mut facts = complete(kind, TIMES[2], "");
        let error = facts.set(field, &[value.to_owned()]).unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains("SECRET"), "{error}");
    }
    let mut facts = complete(LetterKind::Refusal, TIMES[2], "");
    let twice = facts.set("reasons", &["a".into(), "b".into()]).unwrap_err().to_string();
    assert!(twice.contains("takes one value"), "{twice}");
    assert!(
        letter_items(LetterKind::Refusal, facts.basis())
            .iter()
            .any(|item| item.shape == Shape::Grounds)
    );
}

#[test]
fn what_is_given_and_not_printed_is_refused() {
    let mut facts = complete(LetterKind::Refusal, TIMES[2], "ncnd");
    facts.set("reasons", &["there is an investigation".into()]).unwrap();
    let said = letter(&Letters::ours().unwrap(), LetterKind::Refusal, &facts).unwrap_err();
    assert!(said.to_string().contains("`reasons` is given, and this letter does not print it"));
}

#[test]
fn a_letter_that_neither_confirms_nor_denies_says_the_same_whatever_there_is() {
    let facts = complete(LetterKind::Refusal, TIMES[2], "ncnd");
    let letter = letter(&Letters::ours().unwrap(), LetterKind::Refusal, &facts).unwrap();
    for word in ["CRIME", "investigation", "exempt", "ground", "kept back"] {
        assert!(!letter.text.contains(word), "{word}");
    }
    assert!(letter.text.contains("neither confirm nor deny"));
    assert!(String::from_utf8(letter.record).unwrap().contains("CRIME"));
}

#[test]
fn a_third_party_learns_who_asked_only_with_leave() {
    let ours = Letters::ours().unwrap();
    let tells = |facts: &LetterFacts| {
        let letter = letter(&ours, LetterKind::ThirdPartyConsent, facts).unwrap();
        assert!(!letter.text.contains("SAR-"), "{}", letter.text);
        assert!(!letter.text.contains("Mill Lane") && !letter.text.contains("1984"));
        letter.text.contains("Harriet")
    };
    assert!(tells(&complete(LetterKind::ThirdPartyConsent, TIMES[2], "")));
    assert!(!tells(&complete(LetterKind::ThirdPartyConsent, TIMES[2], "unnamed")));
    // Agreed to the letter, not to being named.
    let mut facts = complete(LetterKind::ThirdPartyConsent, TIMES[2], "");
    facts.empty("name_requester");
    assert!(!tells(&facts));
    // To be named takes their leave, whatever the letter reveals otherwise.
    let mut facts = complete(LetterKind::ThirdPartyConsent, TIMES[2], "unnamed");
    facts.set("name_requester", &["yes".into()]).unwrap();
    let said = letter(&ours, LetterKind::ThirdPartyConsent, &facts).unwrap_err().to_string();
    assert!(said.contains("the day on which the requester agreed to be named"), "{said}");
}

#[test]
fn letters_to_outsiders_tell_no_more_of_the_person_than_they_need() {
    let ours = Letters::ours().unwrap();
    let text = |kind| letter(&ours, kind, &complete(kind, TIMES[2], "")).unwrap().text;
    let notice = text(LetterKind::Article19);
    for never in ["Harriet", "Vale", "Mill Lane", "1984", "SAR-", "request"] {
        assert!(!notice.contains(never), "{never}");
    }
    let opinion = text(LetterKind::HealthOpinion);
    assert!(opinion.contains("Harriet Vale") && opinion.contains("29 February 1984"));
    for never in ["Mill Lane", "harriet.vale@", "SAR-"] {
        assert!(!opinion.contains(never), "{never}");
    }
}

#[test]
fn an_extension_is_refused_once_the_first_month_is_over() {
    let (_, law, received, _) = TIMES[2];
    let time = ("late", law, received, date(2026, 8, 10));
    let facts = complete(LetterKind::Extension, time, "");
    let said = letter(&Letters::ours().unwrap(), LetterKind::Extension, &facts).unwrap_err();
    let said = said.to_string();
    assert!(
        said.contains("notice of an extension had to be given by Friday 31 July 2026"),
        "{said}"
    );
}

#[test]
fn a_letter_cannot_be_older_than_the_request() {
    let day = date(2026, 6, 30);
    let (kind, request) = (LetterKind::Acknowledgement, request(TIMES[2]));
    let error = LetterFacts::new(kind, "R1", &request, &organisation(), day).err().unwrap();
    assert!(error.to_string().contains("is before Wednesday 1 July 2026"), "{error}");
}

#[test]
fn a_late_acknowledgement_of_a_complaint_says_so() {
    let ours = Letters::ours().unwrap();
    let text = |law, came: &str, day: Date| {
        let time = ("", law, date(2026, 6, 1), day);
        let mut facts = complete(LetterKind::ComplaintAcknowledgement, time, "");
        facts.set("complaint_received", &[came.to_owned()]).unwrap();
        letter(&ours, LetterKind::ComplaintAcknowledgement, &facts).unwrap().text
    };
    // The 30 days begin with the day of receipt: 12 July to 10 August.
    let day = date(2026, 8, 10);
    assert!(!text(Law::Uk, "2026-07-12", day).contains("apologise"));
    assert!(text(Law::Uk, "2026-07-11", day).contains("apologise"));
    // No law counted before 19 June 2026, and the EU's does not.
    assert!(!text(Law::Uk, "2026-06-18", day).contains("apologise"));
    assert!(!text(Law::Eu, "2026-07-11", day).contains("apologise"));
}

#[test]
fn the_court_has_its_newer_power_from_august_2025_only() {
    let ours = Letters::ours().unwrap();
    let text = |received, day| {
        let facts = complete(LetterKind::Refusal, ("", Law::Uk, received, day), "");
        letter(&ours, LetterKind::Refusal, &facts).unwrap().text
    };
    assert!(!text(date(2025, 8, 1), date(2025, 8, 19)).contains("180A"));
    assert!(text(date(2025, 8, 1), date(2025, 8, 20)).contains("180A"));
    // A request from before February 2026 that is refused after June has the newer remedies.
    assert!(text(date(2026, 1, 5), date(2026, 7, 8)).contains("164A"));
}

#[test]
fn an_answer_tells_what_happened_since_the_request() {
    let mut request = request(TIMES[2]);
    let wait = |asked, answered| habeas_law::Wait { asked, answered };
    request.identity = Some(wait(date(2026, 7, 2), Some(date(2026, 7, 3))));
    request.clarifications = vec![wait(date(2026, 7, 6), None)];
    request.extended = Some(date(2026, 7, 7));
    let facts =
        LetterFacts::new(LetterKind::Refusal, "R1", &request, &organisation(), TIMES[2].3).unwrap();
    let course = &facts.fields()["course"];
    for words in [
        "who you are on Friday 3 July 2026.",
        "We asked you a question on Monday 6 July 2026.",
        "We told you on Tuesday 7 July 2026",
    ] {
        assert!(course.contains(words), "{course}");
    }
}

#[test]
fn the_end_of_a_letter_is_not_torn() {
    let ours = Letters::ours().unwrap();
    let name = "Data Protection Officer";
    for n_words in (250..500).step_by(25) {
        let mut facts = complete(LetterKind::Refusal, TIMES[2], "");
        facts.set("reasons", &["because ".repeat(n_words)]).unwrap();
        let letter = letter(&ours, LetterKind::Refusal, &facts).unwrap();
        let mut pages: Vec<(u32, String)> = Vec::new();
        let budget = habeas_document::Budget::default();
        habeas_document::read_family("x.pdf", &letter.pdf, &budget, &mut |member| {
            let passages = member.document.passages.into_iter();
            pages.extend(passages.map(|passage| (passage.place.number, passage.text)));
        });
        let at = |words: &str| {
            let mut back = pages.iter().rev();
            back.find(|(_, text)| text.contains(words)).map(|(page, _)| *page)
        };
        assert_eq!(at("Yours sincerely"), at(name), "{n_words}");
        assert!(at(name).is_some());
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let ours = Letters::ours().unwrap();
    for kind in [LetterKind::PartialRelease, LetterKind::HealthOpinion] {
        let make = || letter(&ours, kind, &complete(kind, TIMES[2], "")).unwrap();
        assert_eq!(make(), make());
        assert_eq!(make().digest().len(), 64);
    }
}

#[test]
fn every_field_that_can_be_given_is_in_the_table_of_the_readme() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/letters/README.md");
    let readme = fs::read_to_string(readme).unwrap();
    for kind in LetterKind::ALL {
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{kind}` |")));
        let row = row.unwrap_or_else(|| panic!("{kind} is not in the table"));
        for time in TIMES {
            let basis =
                Basis { received: Regime::on(time.1, time.2), written: Regime::on(time.1, time.3) };
            for item in letter_items(kind, basis).iter().filter(|item| item.given.may_set()) {
                if matches!(item.field, "to" | "to_address" | "signed" | "your_reference") {
                    continue;
                }
                assert!(row.contains(&format!("`{}`", item.field)), "{kind} {}", item.field);
            }
        }
    }
}
