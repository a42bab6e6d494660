//! What belongs to the subject by thread, chat, address, minute or path, and what does not.

use habeas_model::{
    Facts, ItemId, Kind, Meaning as M, Party as P, Passage, Place, PlaceKind, Tier,
};

use super::growth::{BORN, EMAIL, Trial, asks, check_sums, named, of, tier};
use super::pieces::{line, mail, row, said};
use crate::{Searched, Setting};

/// A message of a thread between people of the clinic: nothing in it names the subject.
fn message(trial: &mut Trial, id: &str, answers: &[&str], from: &str, body: &str) -> ItemId {
    let facts = Facts {
        message_id: Some(id.to_owned()),
        answers: answers.iter().map(|id| (*id).to_owned()).collect(),
        ..Facts::default()
    };
    let to = [("Front desk", "desk@clinic.example")];
    let passages = mail(("", from), &to, "Your visit", body);
    trial.estate.add_filed(passages, facts, &format!("mail/{id}.eml"), &Setting::default())
}

#[test]
fn the_thread_of_a_message_comes_with_it() {
    let mut trial = Trial::new();
    let desk = "desk@clinic.example";
    let parent = message(&mut trial, "m0", &[], desk, "Please say which day suits.");
    let own = message(&mut trial, "m1", &["m0"], EMAIL, "Monday, please.");
    let reply = message(&mut trial, "m2", &["m0", "m1"], desk, "Can you deal with this?");
    let far = message(&mut trial, "m9", &["m8"], desk, "Please say which day suits.");
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    assert_eq!(tier(&searched, own), Some(Tier::Certain));
    for item in [parent, reply] {
        let found = of(&searched, item).expect("it is of the thread");
        assert_eq!(found.tier, Tier::Probable);
        assert!(found.score_bits <= 7.0, "{found:?}");
        assert!(found.evidence.iter().any(|one| one.rule.starts_with("same thread")));
    }
    assert_eq!(tier(&searched, far), None);
}

fn places(searched: &Searched, item: ItemId) -> Vec<u32> {
    let mine = searched.findings.iter().filter(|finding| finding.item == item);
    mine.map(|finding| finding.place.number).collect()
}

#[test]
fn a_chat_of_two_is_the_subjects_as_a_whole() {
    let mut trial = Trial::new();
    let chat = trial.add(vec![
        said(1, "15/08/2023, 09:12:33", "Catherine Penhaligon", "can I move my visit?"),
        said(2, "15/08/2023, 09:13:10", "Front Desk", "which day?"),
        said(3, "15/08/2023, 09:14:00", "Catherine Penhaligon", "friday"),
        said(4, "18/08/2023, 10:00:00", "Front Desk", "see you then"),
    ]);
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    assert_eq!(places(&searched, chat), [1, 2, 3, 4]);
    assert!(searched.findings.iter().all(|finding| finding.tier != Tier::Certain));
}

#[test]
fn in_a_chat_of_several_only_the_answers_come() {
    let mut trial = Trial::new();
    let at = |minute: usize| format!("15/08/2023, 09:{minute:02}:00");
    let chat = trial.add(vec![
        said(1, &at(1), "Ruth Novak", "morning all"),
        said(2, &at(2), "Karl Okonkwo", "Catherine Penhaligon is at the desk"),
        said(3, &at(3), "Olivia Brandt", "on my way"),
        said(4, &at(4), "Ruth Novak", "she is early"),
        said(5, &at(5), "Ben Quayle", "and Tom Ferreira wants his notes"),
        said(6, &at(6), "Olivia Brandt", "printing them"),
    ]);
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    assert_eq!(places(&searched, chat), [2, 3, 4], "it stops where somebody else is named");

    let mut trial = Trial::new();
    let chat = trial.add(vec![
        said(1, "15/08/2023, 09:02:00", "Karl Okonkwo", "Catherine Penhaligon is at the desk"),
        said(2, "15/08/2023, 11:30:00", "Olivia Brandt", "lunch?"),
        said(3, "15/08/2023, 11:31:00", "Ben Quayle", "yes"),
        said(4, "15/08/2023, 11:32:00", "Ruth Novak", "at one"),
    ]);
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    assert_eq!(places(&searched, chat), [1], "after an hour of silence it is another conversation");
}

fn visit(time: &str, rest: &str) -> String {
    format!("203.0.113.9 - - [12/Mar/2026:{time} +0000] \"GET /{rest} HTTP/2.0\" 200 512")
}

#[test]
fn an_address_is_the_subjects_for_half_an_hour() {
    let mut trial = Trial::new();
    let own = trial.line(&visit("14:02:11", "book?email=c.penhaligon%40example.org"));
    let soon = trial.line(&visit("14:22:00", "prices"));
    let before = trial.line(&visit("13:40:00", "home"));
    let late = trial.line(&visit("15:10:00", "prices"));
    let other = trial.line(&visit("14:10:00", "book?email=ruth.novak%40example.com"));
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    assert_eq!(tier(&searched, own), Some(Tier::Certain));
    for item in [soon, before] {
        let found = of(&searched, item).expect("it is near in time");
        assert_eq!(found.tier, Tier::Probable);
        assert!(found.score_bits <= 6.0, "{found:?}");
    }
    assert_eq!((tier(&searched, late), tier(&searched, other)), (None, None));
}

#[test]
fn an_address_that_many_use_at_once_says_little() {
    let mut trial = Trial::new();
    trial.line(&visit("14:02:11", "book?email=c.penhaligon%40example.org"));
    let soon = trial.line(&visit("14:05:00", "prices"));
    for number in 0..50 {
        let whom = format!("book?email=guest{number}%40example.com");
        trial.line(&visit(&format!("14:{:02}:30", number % 30), &whom));
    }
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    let found = of(&searched, soon).expect("it is not passed over");
    assert_eq!(found.tier, Tier::Possible, "{found:?}");
}

fn note(number: usize, time: &str, text: &str) -> Passage {
    row(
        number,
        &[
            ("Logged", time, M::Date, P::Unknown),
            ("Note", text, M::Text, P::Unknown),
            ("Agent", "Olivia Brandt", M::Name, P::Staff),
        ],
    )
}

#[test]
fn what_is_noted_in_the_minutes_of_a_call_is_of_the_call() {
    let mut trial = Trial::new();
    trial.add(vec![line(1, "2024-03-04 10:12:05 inbound 07700900123 duration 120 answered")]);
    let notes = trial.add(vec![
        note(2, "2024-03-04 10:14:20", "caller wants to move the visit"),
        note(3, "2024-03-04 11:40:00", "caller was cut off"),
        note(4, "2024-03-04 10:13:00", "caller is Tom Ferreira, wants a quote"),
    ]);
    let stated = asks(Some(BORN), &[(Kind::Phone, "07700 900123")]);
    let searched = trial.search(&stated);
    check_sums(&searched);
    assert_eq!(places(&searched, notes), [2]);
    let alone = of(&searched, notes).expect("the note is found").score_bits;
    assert!(alone <= 6.0);

    for number in 0..6 {
        let text = format!("2024-03-04 10:1{number}:30 inbound 0770090080{number} duration 9");
        trial.line(&text);
    }
    let searched = trial.search(&stated);
    let among = of(&searched, notes).expect("the note is found").score_bits;
    assert!(among < alone, "{among} among others, {alone} alone");
}

#[test]
fn a_door_in_the_minutes_of_a_visit_is_for_a_person_to_look_at() {
    let mut trial = Trial::new();
    trial.person(&[
        ("Visitor", "Catherine Penhaligon", M::Name),
        ("Email", EMAIL, M::Email),
        ("Signed in", "2024-03-04 10:12:00", M::Date),
    ]);
    let door = |trial: &mut Trial, time: &str, whose: &str| {
        trial.line(&format!("2024-03-04 {time} door 2 entrance opened {whose}"))
    };
    let first = door(&mut trial, "10:11:30", "");
    let stated = asks(Some(BORN), &[(Kind::Email, EMAIL)]);
    let searched = trial.search(&stated);
    check_sums(&searched);
    let alone = of(&searched, first).expect("the door is found").score_bits;
    assert_eq!(tier(&searched, first), Some(Tier::Possible));

    let near: Vec<ItemId> =
        ["10:10:00", "10:13:00", "10:14:10"].map(|time| door(&mut trial, time, "")).to_vec();
    let far = door(&mut trial, "11:30:00", "");
    let token = door(&mut trial, "10:12:30", "user: Karl Okonkwo");
    let searched = trial.search(&stated);
    let among = of(&searched, first).expect("the door is found").score_bits;
    assert!(among < alone, "{among} among several, {alone} alone");
    assert!(near.iter().all(|&item| tier(&searched, item) == Some(Tier::Possible)));
    assert_eq!(tier(&searched, far), None);
    assert_eq!(tier(&searched, token), None, "a card says who it was");
}

#[test]
fn a_document_is_found_by_what_it_and_its_folder_are_called() {
    let mut trial = Trial::new();
    let text = "The knee is better. Come again in March.";
    let paragraph = || vec![Passage::text(Place::new(PlaceKind::Body, 1), text)];
    let mut add = |path: &str| {
        trial.estate.add_filed(paragraph(), Facts::default(), path, &Setting::default())
    };
    let folder = add("patients/Penhaligon_Catherine/scan_0012.txt");
    let name = add("letters/Catherine Penhaligon 2024-03-04.docx");
    let others = [add("patients/Okonkwo_Ruth/scan_0012.txt"), add("letters/knee.docx")];
    let relative = add("patients/Penhaligon_Karl/scan_0012.txt");
    let searched = trial.search(&asks(Some(BORN), &[(Kind::Email, EMAIL)]));
    check_sums(&searched);
    for item in [folder, name] {
        let found = of(&searched, item).expect("its path names the subject");
        assert_ne!(found.tier, Tier::Certain);
        assert_eq!(found.passages, [0], "the path is no passage of it");
        assert_eq!(found.place, Place::new(PlaceKind::Body, 1));
    }
    assert!(others.iter().all(|&item| tier(&searched, item).is_none()));
    assert!(matches!(tier(&searched, relative), None | Some(Tier::Possible)));
}

#[test]
fn a_given_name_alone_says_something_only_where_it_is_rare() {
    let mut trial = Trial::new();
    let rare = trial.line("spoke to Ysolde about the bill");
    let subject = named("Ysolde Penhaligon", Some(BORN), &[(Kind::Email, EMAIL)]);
    let searched = trial.search(&subject);
    assert!(matches!(tier(&searched, rare), Some(Tier::Possible | Tier::Probable)));
    assert_eq!(searched.n_unasked, 0);

    let some = trial.line("spoke to Jane about the bill");
    let subject = named("Jane Penhaligon", Some(BORN), &[(Kind::Email, EMAIL)]);
    let searched = trial.search(&subject);
    let among = tier(&searched, some);
    assert!(
        matches!(among, None | Some(Tier::Possible)),
        "one of twenty: {:?}",
        of(&searched, some)
    );

    for number in 0..300 {
        trial.line(&format!("Jane of office {number} rang"));
    }
    let searched = trial.search(&subject);
    assert_eq!(tier(&searched, some), None);
    assert_eq!(searched.n_unasked, 1, "what was not asked is counted");
}
