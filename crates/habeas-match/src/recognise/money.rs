//! Where does a text name a payment card or a bank account?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const CARD: Recogniser = Recogniser {
    card: Card {
        name: "card",
        version: 2,
        summary: "Payment card numbers whose check digit, length and issuer hold, or that a label announces",
        handles: &["card"],
        authority: "ISO/IEC 7812-1",
    },
    find: card,
    examples: &[
        ("paid with 4111 1111 1111 1111", &["card=4111111111111111"]),
        ("4111-1111-1111-1111,", &["card=4111111111111111"]),
        ("3782 822463 10005", &["card=378282246310005"]),
        ("her card number is 4111 1111 1111 1112.", &["card=4111111111111112"]),
        ("Visa: 4111-1111-1111-1112", &["card=4111111111111112"]),
        ("4111 1111 1111 1112 and 94111111111111111", &[]),
    ],
};

pub(super) const IBAN: Recogniser = Recogniser {
    card: Card {
        name: "iban",
        version: 2,
        summary: "International bank account numbers whose check digits hold, or that a label announces",
        handles: &["iban"],
        authority: "ISO 13616-1",
    },
    find: iban,
    examples: &[
        ("IBAN GB82 WEST 1234 5698 7654 32 please", &["iban=GB82WEST12345698765432"]),
        ("to DE89370400440532013000.", &["iban=DE89370400440532013000"]),
        ("her IBAN is GB83 WEST 1234 5698 7654 32 and", &["iban=GB83WEST12345698765432"]),
        ("IBAN: GB83WEST12345698765432 PLEASE", &["iban=GB83WEST12345698765432"]),
        ("GB83 WEST 1234 5698 7654 32", &[]),
        ("IBAN and BIC are on the form AB12 3456", &[]),
    ],
};

pub(super) const BANK_ACCOUNT: Recogniser = Recogniser {
    card: Card {
        name: "bank-account",
        version: 1,
        summary: "UK sort codes with account numbers, and labelled account numbers",
        handles: &["bank_account"],
        authority: "Pay.UK, sort code and account number",
    },
    find: bank_account,
    examples: &[
        ("12-34-56 12345678", &["bank_account=123456-12345678"]),
        ("Sort code: 12-34-56, account no: 12345678", &["bank_account=123456-12345678"]),
        ("sort code 12 34 56\naccount number 12345678", &["bank_account=123456-12345678"]),
        ("Account no: 12345678", &["bank_account=12345678"]),
        ("on 12-34-56 we had 12345678", &[]),
    ],
};

pattern!(
    DIGITS = r"(?-u:\b)[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{1,7}(?-u:\b)|(?-u:\b)3[0-9]{3}[ \-][0-9]{6}[ \-][0-9]{4,5}(?-u:\b)"
);
pattern!(
    INTERNATIONAL = r"(?-u:\b)[A-Z]{2}[0-9]{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{0,4}(?-u:\b)"
);
pattern!(
    SORT_CODE = r"(?i)(?-u:\b)([0-9]{2}[- ]?[0-9]{2}[- ]?[0-9]{2})(?-u:\b)([^0-9]{1,40}?)([0-9]{8})(?-u:\b)"
);
pattern!(CARD_BEFORE = r"(?i)(?-u:\b)(?:card|visa|mastercard|amex|maestro)(?-u:\b)[^\n0-9]{0,24}$");
pattern!(IBAN_BEFORE = r"(?i)(?-u:\b)iban(?-u:\b)[^\n0-9]{0,24}$");
pattern!(ACCOUNT_WORD = r"(?i)acc(?:oun)?t|a/c|sort");
pattern!(
    ACCOUNT = r"(?i)(?-u:\b)(?:account|acct?|a/c)\.?\s?(?:no|num|number|#)?[.:#]?\s*(?:is\s)?([0-9]{8})(?-u:\b)"
);

fn card(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in DIGITS.find_iter(view.text) {
        let range = found.range();
        let is_part = |c: char| c.is_alphanumeric() || "-._+".contains(c);
        let mut behind = view.text[range.end..].chars();
        // A full stop ends the sentence, unless digits go on behind it.
        let goes_on = match behind.next() {
            Some('.') => behind.next().is_some_and(|c| c.is_ascii_digit()),
            Some(c) => is_part(c),
            None => false,
        };
        if goes_on || view.before(range.start).is_some_and(is_part) {
            continue;
        }
        let slot = view.slot_at(range.start).map(|slot| slot.what);
        let Some(value) = normal::card(found.as_str()) else {
            // One digit is wrong, and the words before say what it is.
            let is_said =
                slot == Some(What::Card) || CARD_BEFORE.is_match(view.lead(range.start, 40));
            let digits = normal::digits(found.as_str());
            if is_said && digits.len() >= 15 {
                drafts.push(Draft::new(range, Kind::Card, digits, 0.6, "card:unchecked"));
            }
            continue;
        };
        {
            let is_labelled = matches!(slot, Some(What::Card | What::Account));
            let is_grouped = found.as_str().contains([' ', '-']);
            let confidence = if is_labelled || is_grouped { 0.96 } else { 0.85 };
            drafts.push(Draft::new(range, Kind::Card, value, confidence, "card"));
        }
    }
}

fn iban(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in INTERNATIONAL.find_iter(view.text) {
        // The words behind it may look like a part of it: shorter until the digits hold.
        let mut text = found.as_str().trim_end();
        loop {
            if let Some(value) = normal::iban(text) {
                let range = found.start()..found.start() + text.len();
                if view.stands_alone(&range) {
                    drafts.push(Draft::new(range, Kind::Iban, value, 0.99, "iban"));
                }
                break;
            }
            match text.rfind(' ') {
                Some(cut) => text = text[..cut].trim_end(),
                None => {
                    unchecked(view, found.range(), drafts);
                    break;
                }
            }
        }
    }
}

/// A number whose check digits fail, where a word says what it is: as long as its country's are.
///
/// # Source
/// SWIFT, IBAN Registry: the lengths.
fn unchecked(view: &View<'_>, range: std::ops::Range<usize>, drafts: &mut Vec<Draft>) {
    const LENGTHS: &[(&str, usize)] = &[
        ("GB", 22),
        ("IE", 22),
        ("DE", 22),
        ("BG", 22),
        ("FR", 27),
        ("IT", 27),
        ("GR", 27),
        ("ES", 24),
        ("RO", 24),
        ("SE", 24),
        ("CZ", 24),
        ("SK", 24),
        ("PT", 25),
        ("NL", 18),
        ("DK", 18),
        ("FI", 18),
        ("BE", 16),
        ("NO", 15),
        ("AT", 20),
        ("LT", 20),
        ("EE", 20),
        ("CH", 21),
        ("LV", 21),
        ("HR", 21),
        ("PL", 28),
        ("HU", 28),
        ("CY", 28),
        ("TR", 26),
        ("AE", 23),
        ("SA", 24),
        ("PK", 24),
        ("MT", 31),
        ("LU", 20),
        ("SI", 19),
        ("UA", 29),
    ];
    let is_said = view.slot_at(range.start).is_some_and(|slot| slot.what == What::Iban)
        || IBAN_BEFORE.is_match(view.lead(range.start, 40));
    let text = &view.text[range.clone()];
    let length = LENGTHS.iter().find(|(country, _)| text.starts_with(country)).map(|(_, n)| *n);
    let (Some(length), true) = (length, is_said) else { return };
    let end = text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric())
        .take(length)
        .last()
        .map_or(0, |(at, _)| at + 1);
    let range = range.start..range.start + end;
    let value = normal::letters_and_digits(&view.text[range.clone()]).to_uppercase();
    if value.len() == length && view.stands_alone(&range) {
        drafts.push(Draft::new(range, Kind::Iban, value, 0.6, "iban:unchecked"));
    }
}

fn bank_account(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for captures in SORT_CODE.captures_iter(view.text) {
        let (Some(all), Some(sort), Some(between), Some(account)) =
            (captures.get(0), captures.get(1), captures.get(2), captures.get(3))
        else {
            continue;
        };
        let is_written = sort.as_str().contains(['-', ' ']);
        let has_word = ACCOUNT_WORD.is_match(between.as_str())
            || ACCOUNT_WORD.is_match(view.lead(all.start(), 24));
        let is_close = is_written && between.as_str().chars().all(|c| " /,;:\t".contains(c));
        if !(has_word || is_close) || !view.stands_alone(&all.range()) {
            continue;
        }
        let value = format!("{}-{}", normal::digits(sort.as_str()), account.as_str());
        drafts.push(Draft::new(
            all.range(),
            Kind::BankAccount,
            value,
            if has_word { 0.96 } else { 0.8 },
            "bank_account",
        ));
    }
    for slot in view.slots_of(What::Account) {
        let text = &view.text[slot.range.clone()];
        if text.bytes().all(|byte| byte.is_ascii_digit() || b"- ".contains(&byte))
            && let Some(value) = normal::bank_account(text)
        {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::BankAccount,
                value,
                0.9,
                "bank_account:label",
            ));
        }
    }
    for captures in ACCOUNT.captures_iter(view.text) {
        let Some(account) = captures.get(1) else { continue };
        drafts.push(Draft::new(
            account.range(),
            Kind::BankAccount,
            account.as_str().to_owned(),
            0.85,
            "bank_account:label",
        ));
    }
}
