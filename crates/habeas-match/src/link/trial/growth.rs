//! What may be learnt of the subject, how far it is followed, and what it never does.

use habeas_model::{
    Finding, Followed, Identifier, ItemId, Kind, Meaning as M, Party as P, Passage, Personal,
    Proposal, Subject, SubjectName, Tier,
};
use jiff::civil::{Date, date};

use super::estate::Estate;
use super::pieces::{line, mail, row};
use super::tiers::crowd;
use crate::{Question, Searched, Setting};

pub(super) const EMAIL: &str = "c.penhaligon@example.org";
pub(super) const BORN: Date = date(1984, 3, 23);

/// A request of Catherine Penhaligon that states these.
pub(super) fn asks(born: Option<Date>, stated: &[(Kind, &str)]) -> Subject {
    named("Catherine Penhaligon", born, stated)
}

pub(super) fn named(name: &str, born: Option<Date>, stated: &[(Kind, &str)]) -> Subject {
    let id = |(kind, value): &(Kind, &str)| Identifier {
        kind: *kind,
        value: Personal::from(*value),
        held: Default::default(),
    };
    Subject {
        names: vec![SubjectName {
            value: Personal::from(name),
            kind: Default::default(),
            held: Default::default(),
        }],
        born: born.map(Personal::new),
        identifiers: stated.iter().map(id).collect(),
    }
}

/// A crowd's estate, with records beside.
pub(super) struct Trial {
    pub(super) estate: Estate,
}

impl Trial {
    pub(super) fn new() -> Self {
        Self { estate: crowd() }
    }

    pub(super) fn add(&mut self, passages: Vec<Passage>) -> ItemId {
        self.estate.add(passages, &Setting::default())
    }

    /// Adds a record of a person: the columns are the principal's.
    pub(super) fn person(&mut self, columns: &[(&str, &str, M)]) -> ItemId {
        let columns: Vec<_> = columns
            .iter()
            .map(|(caption, value, m)| (*caption, *value, *m, P::Principal))
            .collect();
        self.add(vec![row(2, &columns)])
    }

    pub(super) fn line(&mut self, text: &str) -> ItemId {
        self.add(vec![line(1, text)])
    }

    pub(super) fn search(&self, subject: &Subject) -> Searched {
        self.search_without(subject, &[])
    }

    pub(super) fn search_without(&self, subject: &Subject, not: &[(Kind, &str)]) -> Searched {
        let mut question = Question::new(subject).expect("the subject can be looked for");
        for (kind, value) in not {
            question.reject(*kind, value);
        }
        self.estate.ask(&question).1
    }
}

/// The finding of an item: the only one, or the strongest.
pub(super) fn of(searched: &Searched, item: ItemId) -> Option<&Finding> {
    let mine = searched.findings.iter().filter(|finding| finding.item == item);
    mine.max_by(|one, other| one.score_bits.total_cmp(&other.score_bits))
}

pub(super) fn tier(searched: &Searched, item: ItemId) -> Option<Tier> {
    of(searched, item).map(|finding| finding.tier)
}

fn proposal<'a>(searched: &'a Searched, value: &str) -> Option<&'a Proposal> {
    searched.proposals.iter().find(|one| one.value.reveal() == value)
}

fn followed(searched: &Searched, value: &str) -> Option<Followed> {
    proposal(searched, value).map(|one| one.followed)
}

/// Evidence adds up to the score, whatever was added later.
pub(super) fn check_sums(searched: &Searched) {
    for finding in &searched.findings {
        let sum: f64 = finding.evidence.iter().map(|evidence| evidence.bits).sum();
        assert!((sum - finding.score_bits).abs() < 0.02, "{sum} is not {finding:?}");
    }
}

const NAME: (&str, &str, M) = ("Name", "Catherine Penhaligon", M::Name);
const OWN: (&str, &str, M) = ("Email", EMAIL, M::Email);

#[test]
fn what_stands_beside_the_subject_is_followed_and_waits_for_an_answer() {
    let mut trial = Trial::new();
    let own = trial.person(&[NAME, OWN, ("Mobile", "07700 900555", M::Phone)]);
    let call = trial.line("2024-03-04 10:12 incoming 07700900555 answered");
    let stated = asks(None, &[(Kind::Email, EMAIL)]);

    let searched = trial.search(&stated);
    check_sums(&searched);
    assert_eq!(tier(&searched, own), Some(Tier::Certain));
    let found = of(&searched, call).expect("the call is found");
    assert_eq!(found.tier, Tier::Probable);
    assert!(found.score_bits <= 7.5, "{found:?}");
    assert!(found.evidence.iter().any(|one| one.rule.contains("not accepted yet")));
    let phone = proposal(&searched, "+447700900555").expect("it is proposed");
    assert_eq!((phone.number, phone.kind, phone.followed), (1, Kind::Phone, Followed::Followed));
    assert_eq!((phone.item, phone.steps, phone.n_added, phone.n_others), (own, 1, 1, 0));
    assert_eq!(phone.written.reveal(), "07700 900555");
    assert!(phone.because.contains("email as stated"), "{}", phone.because);

    let accepted = asks(None, &[(Kind::Email, EMAIL), (Kind::Phone, "+447700900555")]);
    let searched = trial.search(&accepted);
    assert_eq!(tier(&searched, call), Some(Tier::Certain));
    assert!(searched.proposals.is_empty(), "what is accepted is proposed no more");

    let searched = trial.search_without(&stated, &[(Kind::Phone, "+447700900555")]);
    assert_eq!(tier(&searched, call), None);
    assert_eq!(tier(&searched, own), Some(Tier::Certain));
    let phone = proposal(&searched, "+447700900555").expect("it can still be accepted");
    assert_eq!((phone.followed, phone.n_added), (Followed::Rejected, 0));
}

#[test]
fn what_many_have_is_not_followed() {
    let stated = asks(None, &[(Kind::Email, EMAIL)]);
    let check = |what: &str, column: (&str, &str, M), value: &str, expected: Option<Followed>| {
        let mut trial = Trial::new();
        trial.person(&[NAME, OWN, column]);
        for number in 0..30 {
            let name = format!("{} Okonkwo", super::people::WOMEN[number % 20]);
            let phone = format!("07700 {:06}", 910_000 + number);
            trial.person(&[("Name", &name, M::Name), ("Mobile", &phone, M::Phone), column]);
        }
        let alone = trial.person(&[column, ("Status", "open", M::Other)]);
        let searched = trial.search(&stated);
        assert_eq!(followed(&searched, value), expected, "{what}");
        assert_eq!(tier(&searched, alone), None, "{what} leads to others");
    };
    let shared = Some(Followed::Shared);
    check("a switchboard", ("Called", "01632 960999", M::Phone), "+441632960999", shared);
    check("a queue", ("Queue number", "Q-100234", M::Reference), "q100234", shared);
    check("a campaign", ("Campaign", "spring2024", M::Device), "spring2024", shared);
    let house = Some(Followed::House);
    check(
        "the organisation's own address",
        ("Contact", "bookings.team@clinic.example", M::Email),
        "bookings.team@clinic.example",
        None,
    );
    check("a colleague", ("Contact", "ann@clinic.example", M::Email), "ann@clinic.example", house);
    check("a role", ("Contact", "info@example.com", M::Email), "info@example.com", None);
}

#[test]
fn a_namesakes_number_in_a_list_of_double_records_makes_nothing_certain() {
    let mut trial = Trial::new();
    let customer = |value| ("Customer ID", value, M::PersonReference);
    trial.person(&[NAME, OWN, customer("C-100100")]);
    let listed = trial.add(vec![row(
        2,
        &[
            ("Customer ID", "C-100100", M::PersonReference, P::Principal),
            ("Name", "Catherine Penhaligon", M::Name, P::Principal),
            ("Possible duplicate", "C-200200", M::PersonReference, P::Principal),
            ("Why", "same name", M::Text, P::Unknown),
        ],
    )]);
    let hers = trial.person(&[
        NAME,
        customer("C-200200"),
        ("DOB", "07/11/1961", M::BirthDate),
        ("Email", "cathy61@example.net", M::Email),
    ]);
    let her_visit = trial.person(&[customer("C-200200"), ("Status", "came", M::Other)]);
    for born in [None, Some(BORN)] {
        let searched = trial.search(&asks(born, &[(Kind::Email, EMAIL)]));
        assert_ne!(tier(&searched, hers), Some(Tier::Certain), "born {born:?}");
        assert_ne!(tier(&searched, her_visit), Some(Tier::Certain), "born {born:?}");
        assert!(tier(&searched, listed).is_some());
    }
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    assert_eq!(tier(&searched, hers), Some(Tier::Namesake));
    assert_ne!(followed(&searched, "c200200"), Some(Followed::Followed));
    assert_eq!(tier(&searched, her_visit), None);
}

#[test]
fn a_twins_and_a_partners_mailbox_is_not_followed() {
    let check = |what: &str, other: &str, born: &str| {
        let shared = ("Email", "penhaligons@example.com", M::Email);
        let mut trial = Trial::new();
        let phone = ("Mobile", "07700 900123", M::Phone);
        trial.person(&[NAME, phone, ("DOB", "23/03/1984", M::BirthDate), shared]);
        trial.person(&[("Name", other, M::Name), ("DOB", born, M::BirthDate), shared]);
        let letter = trial.person(&[shared, ("Status", "opened", M::Other)]);
        let searched = trial.search(&asks(Some(BORN), &[(Kind::Phone, "07700 900123")]));
        let state = followed(&searched, "penhaligons@example.com");
        assert_eq!(state, Some(Followed::Shared), "{what}");
        assert_eq!(tier(&searched, letter), None, "{what}");
    };
    check("a twin", "Ruth Penhaligon", "23/03/1984");
    check("a partner", "Karl Penhaligon", "01/02/1980");
    check("a partner of another name", "Karl Okonkwo", "01/02/1980");

    // Said to be somebody else's by the column, it is not even proposed.
    let mut trial = Trial::new();
    trial.add(vec![row(
        2,
        &[
            ("Name", "Catherine Penhaligon", M::Name, P::Principal),
            ("Email", EMAIL, M::Email, P::Principal),
            ("Partner", "Karl Okonkwo", M::Name, P::Other),
            ("Partner e-mail", "karl@example.com", M::Email, P::Other),
        ],
    )]);
    let his = trial.line("GET /book?email=karl%40example.com 200");
    let searched = trial.search(&asks(None, &[(Kind::Email, EMAIL)]));
    assert_eq!((followed(&searched, "karl@example.com"), tier(&searched, his)), (None, None));
}

#[test]
fn a_chain_ends_after_three_steps_and_its_end_is_told() {
    let mut trial = Trial::new();
    let phone = ("Mobile", "07700 900555", M::Phone);
    let customer = ("Customer ID", "C-900100", M::PersonReference);
    let cookie = ("Cookie", "1234567890.1710000000", M::Device);
    let user = ("Username", "moonrabbit77", M::Username);
    let first = trial.person(&[NAME, OWN, phone]);
    let links = [
        trial.person(&[phone, customer]),
        trial.person(&[customer, cookie]),
        trial.person(&[cookie, user]),
        trial.person(&[user, ("Vehicle", "AB12 CDE", M::Other)]),
    ];
    let searched = trial.search(&asks(None, &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    assert_eq!(tier(&searched, first), Some(Tier::Certain));
    let tiers = links.map(|item| tier(&searched, item).is_some());
    assert_eq!(tiers, [true, true, true, false]);
    // No record outranks the one that it was learnt from.
    let scores: Vec<f64> =
        links[..3].iter().filter_map(|&item| of(&searched, item)).map(|f| f.score_bits).collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    let steps = |value: &str| proposal(&searched, value).map(|one| (one.steps, one.followed));
    assert_eq!(steps("+447700900555"), Some((1, Followed::Followed)));
    assert_eq!(steps("c900100"), Some((2, Followed::Followed)));
    assert_eq!(steps("1234567890.1710000000"), Some((3, Followed::Followed)));
    assert_eq!(steps("moonrabbit77"), Some((4, Followed::Limit)), "the limit is told");
}

#[test]
fn what_is_beyond_the_limit_of_one_search_is_told() {
    let mut trial = Trial::new();
    for number in 0..70 {
        let reference = format!("REF{:06}", 500_000 + 37 * number);
        trial.person(&[NAME, OWN, ("Booking ref", &reference, M::Reference)]);
    }
    let searched = trial.search(&asks(None, &[(Kind::Email, EMAIL)]));
    let n = |state| searched.proposals.iter().filter(|one| one.followed == state).count();
    assert_eq!((n(Followed::Followed), n(Followed::Limit)), (60, 10));
    let numbers: Vec<u32> = searched.proposals.iter().map(|one| one.number).collect();
    assert_eq!(numbers, (1..=70).collect::<Vec<u32>>());
}

#[test]
fn searching_again_changes_nothing() {
    let mut trial = Trial::new();
    trial.person(&[NAME, OWN, ("Mobile", "07700 900555", M::Phone)]);
    trial
        .person(&[("Mobile", "07700 900555", M::Phone), ("Username", "moonrabbit77", M::Username)]);
    trial.line("user moonrabbit77 logged in");
    let stated = asks(Some(BORN), &[(Kind::Email, EMAIL)]);
    let (one, other) = (trial.search(&stated), trial.search(&stated));
    assert_eq!(one.findings, other.findings);
    assert_eq!(one.proposals, other.proposals);
    assert_eq!(one.lookups, other.lookups);
}

#[test]
fn a_learnt_birth_date_tells_a_namesake_apart_and_makes_nothing_certain() {
    let born = |day| ("DOB", day, M::BirthDate);
    let mut trial = Trial::new();
    let same = trial.person(&[NAME, born("23/03/1984")]);
    let other = trial.person(&[NAME, born("07/11/1961")]);
    let stated = asks(None, &[(Kind::Email, EMAIL)]);
    let searched = trial.search(&stated);
    assert_ne!(tier(&searched, other), Some(Tier::Namesake), "no birth date is known yet");

    trial.person(&[NAME, OWN, born("23/03/1984")]);
    let searched = trial.search(&stated);
    check_sums(&searched);
    assert_eq!(tier(&searched, other), Some(Tier::Namesake));
    assert_eq!(tier(&searched, same), Some(Tier::Probable));

    // Two birth dates beside the same address: neither is the subject's for sure.
    trial.person(&[NAME, OWN, born("05/06/1990")]);
    let searched = trial.search(&stated);
    assert_ne!(tier(&searched, other), Some(Tier::Namesake));
}

#[test]
fn the_answer_that_settles_most_is_asked_for() {
    let mut trial = Trial::new();
    trial.person(&[NAME, OWN, ("Mobile", "07700 900555", M::Phone)]);
    for number in 0..5 {
        trial.line(&format!("2024-03-0{} 10:12 incoming 07700900555 answered", number + 1));
    }
    let stated = asks(None, &[(Kind::Email, EMAIL)]);
    let searched = trial.search(&stated);
    let ask = searched.ask.expect("there is something to ask");
    assert_eq!((ask.kind, ask.proposal, ask.n_findings), (Kind::Phone, Some(1), 5));

    for number in 0..7 {
        let day = format!("{:02}/03/1984", 10 + number);
        trial.person(&[NAME, ("DOB", &day, M::BirthDate)]);
    }
    let searched = trial.search(&stated);
    let ask = searched.ask.expect("there is something to ask");
    assert_eq!((ask.kind, ask.proposal, ask.n_findings), (Kind::BirthDate, None, 7));

    let mut settled = Trial::new();
    settled.person(&[NAME, OWN]);
    assert_eq!(settled.search(&stated).ask, None, "nothing is open");
}

#[test]
fn staff_of_the_same_name_are_not_the_subject() {
    let own = "catherine.penhaligon@clinic.example";
    let mut trial = Trial::new();
    let work = trial.add(mail(
        ("Catherine Penhaligon", own),
        &[("Ruth Novak", "ruth@example.com")],
        "Your visit",
        "Dear Ruth,\n\nyour visit is on Monday.\n\nKind regards\nCatherine Penhaligon",
    ));
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    assert!(
        matches!(tier(&searched, work), None | Some(Tier::Possible)),
        "{:?}",
        of(&searched, work)
    );
    assert_ne!(followed(&searched, own), Some(Followed::Followed));
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, own)]));
    assert_eq!(tier(&searched, work), Some(Tier::Certain));
}

#[test]
fn a_stated_role_mailbox_is_no_anchor() {
    let mut trial = Trial::new();
    let visit = trial.line("GET /optout?mail=info%40example.org 200");
    for number in 0..10 {
        let name = format!("{} Okonkwo", super::people::WOMEN[number]);
        trial.person(&[("Name", &name, M::Name), ("Email", "info@example.org", M::Email)]);
    }
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, "info@example.org")]));
    assert!(
        matches!(tier(&searched, visit), None | Some(Tier::Possible)),
        "{:?}",
        of(&searched, visit)
    );
    assert!(searched.findings.iter().all(|one| one.tier != Tier::Certain));
}
