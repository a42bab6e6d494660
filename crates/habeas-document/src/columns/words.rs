//! What does a column's caption say?
//!
//! A caption ends in what the column holds and begins with whose it is: `Emergency contact phone
//! number`. So the longest known ending decides the meaning, and the words before it the party.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use habeas_model::{Meaning, Party};

use super::{Column, dictionary};

/// What a caption says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// What the column holds; `None` if only its values tell, as in `From`.
    pub(crate) meaning: Option<Meaning>,
    /// Whose it is.
    pub(crate) party: Party,
    /// Are all words of the caption known? Then it is hardly anything else than a caption.
    pub(crate) is_sure: bool,
}

/// The words of `dictionary`, ready to be looked up.
struct Dictionary {
    endings: HashMap<&'static str, Meaning>,
    people: HashMap<&'static str, Party>,
    owners: HashMap<&'static str, Party>,
    neutral: HashSet<&'static str>,
    things: HashSet<&'static str>,
    person_ids: HashSet<&'static str>,
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let people = by_word(dictionary::PEOPLE);
    let mut owners = by_word(dictionary::WHOSE);
    owners.extend(&people);
    Dictionary {
        endings: by_word(dictionary::ENDINGS),
        people,
        owners,
        neutral: dictionary::NEUTRAL.split_whitespace().collect(),
        things: dictionary::THINGS.split_whitespace().collect(),
        person_ids: dictionary::PERSON_IDS.split_whitespace().collect(),
    }
});

fn by_word<T: Copy>(lists: &[(T, &'static str)]) -> HashMap<&'static str, T> {
    lists
        .iter()
        .flat_map(|(what, words)| words.split_whitespace().map(|word| (word, *what)))
        .collect()
}

fn person(word: &str) -> Option<Party> {
    DICTIONARY.people.get(word).copied()
}

/// Whose a column is by a word before its ending; `mothers` is `mother's`.
fn owner(word: &str) -> Option<Party> {
    let owners = &DICTIONARY.owners;
    owners.get(word).or_else(|| owners.get(word.strip_suffix('s')?)).copied()
}

/// No caption has more words than that and still is one; a survey's question may.
const MAX_WORDS: usize = 24;

/// What a caption says by itself; `None` if nothing.
pub(crate) fn of_caption(caption: &str) -> Option<Known> {
    let mut words = split(caption);
    if words.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    // `Last 4` is no `Last`, so that numbers are dropped only after this.
    if let Some(meaning) = DICTIONARY.endings.get(words.concat().as_str()) {
        return Some(known(*meaning, &[]));
    }
    trim(&mut words);
    let whole = words.concat();
    if let Some(meaning) = DICTIONARY.endings.get(whole.as_str()) {
        return Some(known(*meaning, &[]));
    }
    // `E-mail 2 address` is one of several.
    if words.iter().any(|word| !is_digits(word)) {
        words.retain(|word| !is_digits(word));
    }
    let whole = words.concat();
    if let Some((_, meaning, party)) = dictionary::ALONE.iter().find(|(key, ..)| *key == whole) {
        return Some(Known { meaning: *meaning, party: *party, is_sure: true });
    }
    by_turning(&words).or_else(|| by_ending(&words)).or_else(|| by_doer(&words))
}

fn by_ending(words: &[String]) -> Option<Known> {
    for start in 0..words.len() {
        let ending = words[start..].concat();
        if let Some(meaning) = DICTIONARY.endings.get(ending.as_str()) {
            return Some(known(*meaning, &words[..start]));
        }
    }
    // `Next of kin`, `Treating clinician`: the last word is somebody.
    let (last, before) = words.split_last()?;
    let party = person(last)?;
    let is_sure = before.iter().all(|word| is_known(word));
    // `Patient's mother` is not the patient.
    let other = whose(before).filter(|party| *party != Party::Principal);
    Some(Known { meaning: Some(Meaning::Name), party: other.unwrap_or(party), is_sure })
}

/// `Name of patient` is `patient name`.
fn by_turning(words: &[String]) -> Option<Known> {
    let at = words.iter().position(|word| matches!(word.as_str(), "of" | "for"))?;
    let (front, back) = (words.get(..at)?, words.get(at + 1..)?);
    if front.is_empty() || back.is_empty() {
        return None;
    }
    let meaning = DICTIONARY.endings.get(front.concat().as_str())?;
    // `Number of children` counts them.
    if *meaning == Meaning::Reference {
        return Some(known(Meaning::Other, back));
    }
    Some(known(*meaning, back))
}

/// `Booked by`, `Referred by`, `Assigned to`: somebody did it.
fn by_doer(words: &[String]) -> Option<Known> {
    let [.., verb, by] = words else { return None };
    let party = match (verb.as_str(), by.as_str()) {
        (
            "referred" | "recommended" | "introduced" | "nominated" | "reported" | "witnessed",
            "by",
        ) => Party::Other,
        ("cancelled" | "canceled" | "requested", "by") => Party::Unknown,
        ("reports", "to") => Party::Other,
        ("assigned" | "allocated", "to") => Party::Staff,
        (verb, "by") if verb.ends_with("ed") || verb.ends_with("en") => Party::Staff,
        _ => return None,
    };
    Some(Known { meaning: Some(Meaning::Name), party, is_sure: true })
}

/// The meaning that an ending has after these words, and whose it is.
fn known(meaning: Meaning, before: &[String]) -> Known {
    use Meaning as M;
    let says = |list: &HashSet<&str>| before.iter().any(|word| list.contains(word.as_str()));
    let names_person = before
        .iter()
        .any(|word| person(word).or_else(|| person(word.strip_suffix('s')?)).is_some());
    let is_known = before.iter().all(|word| is_known(word));
    let meaning = match meaning {
        M::Name if !names_person && says(&DICTIONARY.things) => M::Other,
        // `Ward name`, `Horse name`: a name of what, only the values can tell.
        M::Name if !names_person && !is_known => M::Text,
        M::Reference
            if names_person || (says(&DICTIONARY.person_ids) && !says(&DICTIONARY.things)) =>
        {
            M::PersonReference
        }
        M::Username if says(&DICTIONARY.things) => M::Other,
        M::Email | M::Phone if is_about_consent(before) => M::Other,
        meaning => meaning,
    };
    let is_whose =
        !matches!(meaning, M::Date | M::Other | M::Text | M::Reference | M::Organisation);
    let party = if is_whose { whose(before).unwrap_or(Party::Unknown) } else { Party::Unknown };
    // `Wait time` of a person is as sure as `Time`, but prose that ends in `date` is not.
    Known { meaning: Some(meaning), party, is_sure: is_known }
}

/// `opt_in_email` and `Phone verified` are flags.
fn is_about_consent(before: &[String]) -> bool {
    let flags = ["opt", "consent", "optin", "marketing", "verified"];
    before.iter().any(|word| flags.contains(&word.as_str()))
}

/// Whose a column is by the words before its ending: the last of them that tells.
fn whose(before: &[String]) -> Option<Party> {
    let told: Vec<Party> = before.iter().filter_map(|word| owner(word)).collect();
    // `Patient's mother's phone` and `Guest of patient` are not the patient's.
    let other = told.iter().rev().find(|party| **party != Party::Principal);
    other.or(told.last()).copied()
}

fn is_known(word: &str) -> bool {
    owner(word).is_some()
        || DICTIONARY.neutral.contains(word)
        || DICTIONARY.things.contains(word)
        || is_digits(word)
        || matches!(
            word,
            "by" | "next"
                | "a"
                | "in"
                | "on"
                | "at"
                | "if"
                | "any"
                | "with"
                | "this"
                | "person"
                | "it"
                | "i"
        )
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a caption, lower case: `PhoneNumber`, `phone_number` and `Phone number` alike.
fn split(caption: &str) -> Vec<String> {
    let (main, aside) = match caption.split_once('(') {
        Some((main, aside)) if !main.trim().is_empty() => (main, aside),
        _ => (caption, ""),
    };
    let mut words = Vec::new();
    // `Phone (guest)` is the guest's; other asides are units and zones.
    let aside = split_words(aside);
    words.extend(aside.iter().filter(|word| person(word).is_some()).cloned());
    words.extend(split_words(main));
    // Forms name the parts of a field so: `Name (First)`, `Address (ZIP / Postal Code)`.
    match (words.last().map(String::as_str), aside.as_slice()) {
        (Some("name"), [part, ..]) if matches!(part.as_str(), "first" | "last" | "middle") => {
            words.insert(words.len() - 1, part.clone());
        }
        (Some("address"), [part, ..])
            if matches!(part.as_str(), "zip" | "postcode" | "postal" | "country") =>
        {
            words.push(part.clone());
        }
        _ => {}
    }
    // `E-mail` and `D.O.B.`
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        match joined.last_mut() {
            Some(last) if last == "e" && matches!(word.as_str(), "mail" | "mails") => {
                last.push_str(&word);
            }
            Some(last) if last == "d" && word == "o" => last.push('o'),
            Some(last) if last == "do" && word == "b" => last.push('b'),
            _ => joined.push(word),
        }
    }
    joined
}

fn split_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = text.chars().filter(|c| !matches!(c, '\'' | '’')).take(400).collect();
    for (index, c) in chars.iter().enumerate() {
        let before =
            index.checked_sub(1).and_then(|index| chars.get(index)).copied().unwrap_or(' ');
        let after = chars.get(index + 1).copied().unwrap_or(' ');
        let begins = !c.is_alphanumeric()
            || (c.is_uppercase()
                && (before.is_lowercase() || (before.is_uppercase() && after.is_lowercase())))
            || (c.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric());
        if begins {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Drops what stands around a caption: numbers, units, zones, politeness.
fn trim(words: &mut Vec<String>) {
    let is_tail = |word: &String| {
        is_digits(word)
            || matches!(
                word.as_str(),
                "value"
                    | "values"
                    | "formatted"
                    | "involved"
                    | "utc"
                    | "gmt"
                    | "optional"
                    | "required"
                    | "line"
            )
    };
    while words.len() > 1 && words.last().is_some_and(is_tail) {
        words.pop();
    }
    while words.len() > 1
        && words.first().is_some_and(|word| {
            matches!(
                word.as_str(),
                "the" | "your" | "please" | "enter" | "what" | "is" | "whats" | "my"
            )
        })
    {
        words.remove(0);
    }
}

/// Corrects what captions say one by one by what they say together.
pub(super) fn together(captions: &[String], columns: &mut [Column]) {
    use Meaning as M;
    let alone = |column: &Column| split(&column.caption).concat();
    let is_contact = |column: &&Column| {
        matches!(
            column.meaning,
            Some(
                M::GivenName
                    | M::FamilyName
                    | M::Email
                    | M::Phone
                    | M::BirthDate
                    | M::NhsNumber
                    | M::Address
                    | M::Postcode
            )
        )
    };
    let has_person = columns.iter().any(|column| is_contact(&column));
    let has_goods = captions.iter().any(|caption| {
        matches!(
            split(caption).concat().as_str(),
            "sku"
                | "price"
                | "unitprice"
                | "stock"
                | "barcode"
                | "product"
                | "hostname"
                | "version"
        )
    });
    let is_of_people = columns.iter().any(|column| {
        matches!(column.meaning, Some(M::GivenName | M::FamilyName | M::BirthDate | M::NhsNumber))
    });
    names_of_other_languages(columns);
    // A telephone number beside `Next of kin, Relationship` is the relative's, and so is the second
    // `Phone` of a table after another person's name.
    let (mut holder, mut is_beside) = (Party::Principal, false);
    let mut seen = HashSet::new();
    for column in columns.iter_mut() {
        let whole = alone(column);
        let is_second = !seen.insert(whole.clone());
        match column.meaning {
            Some(M::Name | M::GivenName | M::FamilyName) if column.party != Party::Unknown => {
                (holder, is_beside) = (column.party, false);
            }
            _ if whole == "relationship" || whole == "relation" => is_beside = true,
            Some(M::Email | M::Phone | M::Address | M::Postcode)
                if column.party == Party::Principal
                    && matches!(holder, Party::Other | Party::Staff)
                    && is_bare(&whole)
                    && (is_beside || is_second) =>
            {
                column.party = holder;
            }
            _ => is_beside = false,
        }
    }
    let is_of_tests = captions.iter().any(|caption| {
        matches!(split(caption).concat().as_str(), "test" | "result" | "results" | "specimen")
    });
    let mut first_person: Option<String> = None;
    let mut others: HashSet<String> = HashSet::new();
    for column in columns
        .iter()
        .filter(|column| column.meaning == Some(M::Name) && column.party == Party::Principal)
    {
        // A complainant and a patient in one row are two people.
        let words = split(&column.caption);
        let Some(word) = words.iter().find(|word| person(word) == Some(Party::Principal)) else {
            continue;
        };
        let first = first_person.get_or_insert_with(|| word.clone());
        if first != word {
            others.insert(word.clone());
        }
    }
    for column in columns.iter_mut().filter(|column| column.party == Party::Principal) {
        if split(&column.caption).iter().any(|word| others.contains(word)) {
            column.party = Party::Other;
        }
    }
    for column in columns.iter_mut() {
        let whole = alone(column);
        if is_of_tests && matches!(whole.as_str(), "reportedby" | "requestedby") {
            (column.meaning, column.party) = (Some(M::Name), Party::Staff);
        }
        // `Name` beside a price is an article's.
        if whole == "name" && has_goods && !has_person {
            (column.meaning, column.party) = (Some(M::Other), Party::Unknown);
        }
        // `ID` in a list of people is the people's.
        if is_of_people
            && matches!(
                whole.as_str(),
                "id" | "recordid" | "ref" | "reference" | "no" | "number" | "identifier"
            )
        {
            (column.meaning, column.party) = (Some(M::PersonReference), Party::Principal);
        }
    }
    let is_principal = |column: &Column| {
        column.party == Party::Principal
            && column.meaning.is_some_and(|meaning| {
                matches!(
                    meaning,
                    M::Name
                        | M::GivenName
                        | M::FamilyName
                        | M::Email
                        | M::Phone
                        | M::PersonReference
                        | M::NhsNumber
                )
            })
    };
    if columns.iter().any(is_principal) {
        return;
    }
    // A list of staff is about the staff, a list of guests about the guests.
    let subjects = [
        "child",
        "childs",
        "baby",
        "staff",
        "guest",
        "guests",
        "user",
        "teacher",
        "consultant",
        "agent",
        "clinician",
        "host",
        "parent",
        "carer",
        "practitioner",
    ];
    let named: Vec<String> = columns
        .iter()
        .filter(|column| matches!(column.meaning, Some(M::Name | M::GivenName | M::FamilyName)))
        .flat_map(|column| split(&column.caption))
        .collect();
    // Where a birth date is nobody's by its caption, it is the child's of whom parents are named.
    let is_born = columns
        .iter()
        .any(|column| column.meaning == Some(M::BirthDate) && column.party == Party::Principal);
    let is_child = |word: &&String| matches!(word.as_str(), "child" | "childs" | "baby");
    let Some(word) = named
        .iter()
        .find(is_child)
        .or_else(|| named.iter().find(|word| subjects.contains(&word.as_str())))
        .cloned()
    else {
        return;
    };
    // A rota is about the staff it lists.
    let n_named = columns
        .iter()
        .filter(|column| matches!(column.meaning, Some(M::Name | M::GivenName | M::FamilyName)));
    let is_listed = n_named.count() == 1
        && columns.first().is_some_and(|first| split(&first.caption).contains(&word));
    let has_more = is_listed
        || (is_born && is_child(&&word))
        || columns.iter().any(|column| {
            is_contact(&column)
                && column.meaning != Some(M::Name)
                && split(&column.caption).contains(&word)
        });
    if has_more {
        for column in columns.iter_mut().filter(|column| split(&column.caption).contains(&word)) {
            if column.party != Party::Unknown {
                column.party = Party::Principal;
            }
        }
    }
}

/// Does a caption say nothing of whose it is?
fn is_bare(whole: &str) -> bool {
    DICTIONARY.endings.contains_key(whole)
}

/// `Nom, Prénom`, `Nombre, Apellidos`, `Name, Vorname`, `Naam, Voornaam`: half a name each.
fn names_of_other_languages(columns: &mut [Column]) {
    use Meaning as M;
    let has = |columns: &[Column], words: &[&str]| {
        columns.iter().any(|column| words.contains(&split(&column.caption).concat().as_str()))
    };
    let halves = [
        ("nom", &["prenom", "prénom", "prénoms"][..], M::FamilyName),
        ("name", &["vorname", "vornamen"][..], M::FamilyName),
        ("naam", &["voornaam", "voornamen"][..], M::FamilyName),
        ("nombre", &["apellido", "apellidos", "primerapellido"][..], M::GivenName),
        ("nome", &["cognome", "sobrenome"][..], M::GivenName),
    ];
    for (half, others, meaning) in halves {
        if has(columns, others) {
            for column in columns.iter_mut().filter(|c| split(&c.caption).concat() == half) {
                column.meaning = Some(meaning);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use habeas_model::Meaning as M;
    use habeas_model::Party as P;

    use super::*;

    fn check_caption(caption: &str, meaning: impl Into<Option<M>>, party: P) {
        let known = of_caption(caption);
        let got = known.map(|known| (known.meaning, known.party));
        assert_eq!(got, Some((meaning.into(), party)), "{caption}");
    }

    #[test]
    fn captions_are_understood_however_they_are_written() {
        for caption in [
            "Phone",
            "phone_number",
            "PhoneNumber",
            "Phone Number",
            "MOBILE",
            "Tel.",
            "Telephone No.",
            "Home phone",
            "Phone 1 - Value",
            "Contact Number",
            "Your phone number",
            "Mobile/cell phone",
            "What is your phone number?",
        ] {
            check_caption(caption, M::Phone, P::Unknown);
        }
        for caption in [
            "Email",
            "E-mail",
            "E-mail Address",
            "EmailAddress",
            "EMAIL_ADDRESS",
            "e-mail 2 address",
            "[your-email]",
            "Email *",
        ] {
            check_caption(caption, M::Email, P::Unknown);
        }
        for caption in [
            "DOB",
            "D.O.B.",
            "Date of Birth",
            "birthDate",
            "Birthday",
            "DoB (DD,MM,YYYY)",
            "date_of_birth",
        ] {
            check_caption(caption, M::BirthDate, P::Unknown);
        }
        check_caption("FirstName", M::GivenName, P::Unknown);
        check_caption("Surname", M::FamilyName, P::Unknown);
        check_caption("Full name", M::Name, P::Unknown);
        check_caption("Address1", M::Address, P::Unknown);
        check_caption("POAddressLine1", M::Address, P::Unknown);
        check_caption("MailingPostalCode", M::Postcode, P::Unknown);
        check_caption("IP Address", M::Ip, P::Unknown);
        check_caption("OPTIN_IP", M::Ip, P::Unknown);
        check_caption("NHS No.", M::NhsNumber, P::Unknown);
        check_caption("Start Date & Time", M::Date, P::Unknown);
    }

    #[test]
    fn the_words_before_say_whose_it_is() {
        check_caption("Patient Name", M::Name, P::Principal);
        check_caption("Name of patient", M::Name, P::Principal);
        check_caption("Customer Email", M::Email, P::Principal);
        check_caption("Invitee First Name", M::GivenName, P::Principal);
        check_caption("Emergency contact phone number", M::Phone, P::Other);
        check_caption("Next of kin", M::Name, P::Other);
        check_caption("Next of Kin Tel", M::Phone, P::Other);
        check_caption("Carer1 E-mail", M::Email, P::Other);
        check_caption("Guest Email(s)", M::Email, P::Other);
        check_caption("Phone (guardian)", M::Phone, P::Other);
        check_caption("Referred by", M::Name, P::Other);
        check_caption("Patient's mother", M::Name, P::Other);
        check_caption("Spouse", M::Name, P::Other);
        check_caption("Contact owner", M::Name, P::Staff);
        check_caption("Created By (User Id)", M::Name, P::Staff);
        check_caption("Treating clinician", M::Name, P::Staff);
        check_caption("Assigned to", M::Name, P::Staff);
        check_caption("From", None, P::Sender);
        check_caption("From Email Address", M::Email, P::Sender);
        check_caption("to.phoneNumber", M::Phone, P::Recipient);
    }

    #[test]
    fn short_and_turned_captions_are_understood() {
        check_caption("Pt Name", M::Name, P::Principal);
        check_caption("Mob", M::Phone, P::Unknown);
        check_caption("Father's Name", M::Name, P::Other);
        check_caption("Childs name", M::Name, P::Other);
        check_caption("Mother's maiden name", M::FamilyName, P::Other);
        check_caption("Phone Number of Next of Kin", M::Phone, P::Other);
        check_caption("Number of children", M::Other, P::Unknown);
        check_caption("Last 4", M::Account, P::Unknown);
        check_caption("Last", M::FamilyName, P::Unknown);
        check_caption("Called Number", M::Phone, P::Recipient);
        check_caption("ICE number", M::Phone, P::Other);
    }

    #[test]
    fn captions_of_the_wild_are_understood() {
        let known = [
            ("Mob.", M::Phone, P::Unknown),
            ("Tel (home)", M::Phone, P::Unknown),
            ("Tel No", M::Phone, P::Unknown),
            ("Home Tel", M::Phone, P::Unknown),
            ("D.O.B", M::BirthDate, P::Unknown),
            ("Pt name", M::Name, P::Principal),
            ("Patient No.", M::PersonReference, P::Unknown),
            ("Hosp No", M::PersonReference, P::Unknown),
            ("NOK", M::Name, P::Other),
            ("NOK Tel", M::Phone, P::Other),
            ("Next of kin tel", M::Phone, P::Other),
            ("GP", M::Name, P::Staff),
            ("GP Name", M::Name, P::Staff),
            ("GP surgery", M::Organisation, P::Unknown),
            ("Consultant", M::Name, P::Staff),
            ("Surgeon", M::Name, P::Staff),
            ("Referred by", M::Name, P::Other),
            ("Referring GP", M::Name, P::Other),
            ("Emergency contact", M::Name, P::Other),
            ("Emergency Contact Tel", M::Phone, P::Other),
            ("Parent/Guardian", M::Name, P::Other),
            ("Parent / Guardian email", M::Email, P::Other),
            ("Carer", M::Name, P::Other),
            ("Spouse", M::Name, P::Other),
            ("Partner", M::Name, P::Other),
            ("Created by", M::Name, P::Staff),
            ("createdBy", M::Name, P::Staff),
            ("Assigned to", M::Name, P::Staff),
            ("Owner", M::Name, P::Staff),
            ("Staff", M::Name, P::Staff),
            ("Notes", M::Text, P::Unknown),
            ("billing_email", M::Email, P::Unknown),
            ("billing_first_name", M::GivenName, P::Unknown),
            ("shipping_address_1", M::Address, P::Unknown),
            ("customer.email", M::Email, P::Principal),
            ("guardian2_phone", M::Phone, P::Other),
            ("customerPhoneNumber", M::Phone, P::Principal),
            ("Anonymised IP", M::Ip, P::Unknown),
            ("Consent ID", M::Device, P::Unknown),
            ("Interviewer", M::Name, P::Staff),
            ("Complainant name", M::Name, P::Principal),
            ("Line manager", M::Name, P::Staff),
            ("Reviewer", M::Name, P::Principal),
            ("Requester", M::Name, P::Principal),
            ("Host", M::Name, P::Staff),
            ("Visitor name", M::Name, P::Principal),
            ("Car reg", M::Text, P::Unknown),
            ("Vorname", M::GivenName, P::Unknown),
            ("Nachname", M::FamilyName, P::Unknown),
            ("Geburtsdatum", M::BirthDate, P::Unknown),
            ("Telefonnummer", M::Phone, P::Unknown),
            ("Straße und Hausnummer", M::Address, P::Unknown),
            ("PLZ", M::Postcode, P::Unknown),
            ("Prénom", M::GivenName, P::Unknown),
            ("Date de naissance", M::BirthDate, P::Unknown),
            ("Numéro de téléphone", M::Phone, P::Unknown),
            ("Adresse e-mail", M::Email, P::Unknown),
            ("Code postal", M::Postcode, P::Unknown),
            ("Apellidos", M::FamilyName, P::Unknown),
            ("Fecha de nacimiento", M::BirthDate, P::Unknown),
            ("Correo electrónico", M::Email, P::Unknown),
            ("Teléfono", M::Phone, P::Unknown),
            ("Voornaam", M::GivenName, P::Unknown),
            ("Achternaam", M::FamilyName, P::Unknown),
            ("Geboortedatum", M::BirthDate, P::Unknown),
            ("Telefoonnummer", M::Phone, P::Unknown),
            ("Woonplaats", M::Address, P::Unknown),
        ];
        let wrong = known.iter().filter(|(caption, meaning, party)| {
            of_caption(caption).map(|known| (known.meaning, known.party))
                != Some((Some(*meaning), *party))
        });
        let wrong: Vec<_> = wrong.map(|(caption, ..)| (caption, of_caption(caption))).collect();
        assert_eq!(wrong, []);
    }

    #[test]
    fn things_have_names_too() {
        for caption in [
            "Product Name",
            "campaign_name",
            "Event Type Name",
            "Deal Name",
            "File Name",
            "ad_name",
            "Treatment Name",
        ] {
            let known = of_caption(caption).and_then(|known| known.meaning);
            assert!(matches!(known, Some(M::Other | M::Text)), "{caption}");
        }
        check_caption("Company Name", M::Organisation, P::Unknown);
        check_caption("Horse name", M::Text, P::Unknown);
        check_caption("Customer ID", M::PersonReference, P::Principal);
        check_caption("Invoice number", M::Reference, P::Unknown);
        check_caption("Phone Type", M::Other, P::Unknown);
        check_caption("opt_in_email", M::Other, P::Unknown);
        check_caption("Payment Status", M::Other, P::Unknown);
    }

    #[test]
    fn what_is_no_caption_says_nothing() {
        for value in ["Amara Lind", "07700 900123", "Blue", "", "—", "x"] {
            assert_eq!(of_caption(value), None, "{value}");
        }
        assert!(of_caption("Nobody told us about the name").is_none_or(|known| !known.is_sure));
    }
}
