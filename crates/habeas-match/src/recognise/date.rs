//! Where does a text name a date, and is it a birth date?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal::{date_readings, date_value, serial_date};

pub(super) const RECOGNISER: Recogniser = Recogniser {
    card: Card {
        name: "date",
        version: 3,
        summary: "Birth dates (labelled, told or in a column) and other dates, also in words, with every reading of the order",
        handles: &["birth_date", "date"],
        authority: "ISO 8601; day first as in the United Kingdom",
    },
    find,
    examples: &[
        ("DOB: 03/04/1985", &["birth_date=1985-04-03|1985-03-04"]),
        ("d.o.b. 13.3.84", &["birth_date=1984-03-13"]),
        ("she was born on 3rd of March 1984 in", &["birth_date=1984-03-03"]),
        ("(born 12 Apr 85)", &["birth_date=1985-04-12"]),
        ("Date of birth 1984-03-03", &["birth_date=1984-03-03"]),
        ("geb. am 3. März 1984", &["birth_date=1984-03-03"]),
        ("DOB: 31140", &["birth_date=1985-04-03"]),
        ("on 12/03/2024 at 09:14", &["date=2024-03-12|2024-12-03"]),
        ("2024-03-12T09:14:02Z", &["date=2024-03-12"]),
        ("March 13th, 1984 and Tuesday 5 May 2020", &["date=1984-03-13", "date=2020-05-05"]),
        ("[12/Mar/2026:14:02:11 +0000]", &["date=2026-03-12"]),
        ("20240312-092517", &["date=2024-03-12"]),
        ("she was born on the tenth of March 1984", &["birth_date=1984-03-10"]),
        ("Jane (d.o.b. the 3rd of March 1984)", &["birth_date=1984-03-03"]),
        ("born on the twenty-first day of March, nineteen eighty-four", &["birth_date=1984-03-21"]),
        ("Jane (b. 3rd March 1984)", &["birth_date=1984-03-03"]),
        ("Jane was born in Leeds and left on 14 Sep 2020", &["date=2020-09-14"]),
        ("Jane was born in Leeds on 13.3.84", &["birth_date=1984-03-13"]),
        (
            "Jane was born on 13/3/84, Karl Lindqvist on 14 Sep 50 and his sister Ann on 15/4/52.",
            &["birth_date=1984-03-13", "birth_date=1950-09-14", "birth_date=1952-04-15"],
        ),
        (
            "Jane was born on 13/3/1984 and left on 14 Sep 2020. On 15/4/2021 she was back",
            &["birth_date=1984-03-13", "date=2020-09-14", "date=2021-04-15"],
        ),
        ("DOB 03MAR1984", &["birth_date=1984-03-03"]),
        ("she was born on 13 03 1984 and", &["birth_date=1984-03-13"]),
        ("on 13 03 1984 things", &[]),
        ("on the first of March we met, for the second time", &[]),
        ("in May 2020 and 1/2 or 99/99/9999", &[]),
        ("version 1.2.30 of 12345678", &[]),
    ],
};

const MONTH: &str = r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|dez(?:ember)?|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)";

/// Days in words, and years as they are said.
const DAY_WORD: &str = r"(?:(?:twenty|thirty)[ \-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth";
const YEAR_WORD: &str = r"nineteen[ \-](?:hundred(?: and)?[ \-])?(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ \-](?:one|two|three|four|five|six|seven|eight|nine))?|two thousand(?:(?: and)? (?:one|two|three|four|five|six|seven|eight|nine|ten))?";

pattern!(DATE = &[
    r"(?i)(?-u:\b)(?:",
    // 1984-03-03
    r"(?:19|20)[0-9]{2}[-/.](?:1[0-2]|0?[1-9])[-/.](?:[12][0-9]|3[01]|0?[1-9])",
    // 03/04/1985, 3.4.85, 03-04-1985
    r"|(?:0?[1-9]|[12][0-9]|3[01])(?:/|\.|-| / |\. )(?:0?[1-9]|[12][0-9]|3[01])(?:/|\.|-| / |\. )(?:(?:18|19|20)[0-9]{2}|[0-9]{2})",
    // 3rd (of) March(,) 1984, 12-Apr-85, 12/Mar/2026
    r"|(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|\.)?(?: day)?(?:[ \-/]|\s+of\s+)\s?", MONTH, r"\.?(?:,? |[\-/,])\s?(?:(?:18|19|20)[0-9]{2}|'?[0-9]{2})",
    // the tenth (day) of March 1984, 3 March nineteen eighty-four
    r"|(?:(?:", DAY_WORD, r")(?: day)?(?: of)? ", MONTH, r"|(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?: of)? ", MONTH, r"),? (?:in )?(?:(?:18|19|20)[0-9]{2}|", YEAR_WORD, r")",
    // March 3(rd), 1984
    r"|", MONTH, r"\.?\s(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?:,\s?|\s)(?:18|19|20)[0-9]{2}",
    // 03MAR1984
    r"|(?:0[1-9]|[12][0-9]|3[01])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:19|20)[0-9]{2}",
    // 19840303
    r"|(?:19[0-9]{2}|20[0-3][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])",
    r")",
].concat());
// Words before a date that make it a birth date.
pattern!(
    BORN = r"(?i)(?:(?-u:\b)d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|birthday|(?-u:\b)born(?: (?:in|at) (?-i:(?:the )?(?:\p{Lu}[\p{L}'’\-]*\.?,? ?(?:of |upon |on the )?){1,5}))?(?: ?on| in)?(?: the)?|[(,] ?b\.(?: on| in)?(?: the)?|(?-u:\b)geb(?:oren|\.)?(?: am)?|née? le|fecha de nacimiento)[\s:=\-–(]{0,4}(?:is |was |on )?(?:the )?$"
);

// `born on 13 03 1984`: blanks alone make a date only where one is announced.
pattern!(
    SPACED = r"(?i)(?-u:\b)(?:born|d\.?o\.?b\.?|date of birth)[^\n0-9]{0,12}([0-3]?[0-9] [01]?[0-9] (?:19|20)[0-9]{2})(?-u:\b)"
);

// The seventh field of a patient's segment: HL7 version 2, PID-7.
pattern!(PATIENT = r"PID\|(?:[^|\n]*\|){6}$");
pattern!(VERSION = r"(?i)(?-u:\b)(?:v|version|release|section|clause|para|chapter) ?$");

fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::BirthDate) {
        let text = &view.text[slot.range.clone()];
        let readings = date_readings(text);
        let serial = || serial_date(text).map(|day| day.to_string());
        // Longer text is a sentence with a date in it, found below.
        // So is a label's text that goes on with another number.
        let goes_on = DATE.find(text).is_some_and(|found| {
            text[found.end()..].bytes().filter(u8::is_ascii_digit).count() >= 6
        });
        let is_alone = text.len() <= 40 && (slot.is_column || !goes_on);
        if let Some(value) = date_value(&readings).or_else(serial).filter(|_| is_alone) {
            let confidence = if slot.is_column { 0.98 } else { 0.97 };
            let range = only_date(view.text, slot.range.clone());
            drafts.push(Draft::new(range, Kind::BirthDate, value, confidence, "birth_date:label"));
        }
    }
    for captures in SPACED.captures_iter(view.text) {
        let Some(found) = captures.get(1) else { continue };
        let value = date_value(&date_readings(found.as_str()));
        if let Some(value) = value.filter(|_| !is_glued(view, &found.range())) {
            drafts.push(Draft::new(found.range(), Kind::BirthDate, value, 0.9, "birth_date:label"));
        }
    }
    // Where the last birth date of running text ended.
    let mut born_before: Option<usize> = None;
    for found in DATE.find_iter(view.text) {
        let range = found.range();
        if is_glued(view, &range) {
            continue;
        }
        if VERSION.is_match(view.lead(range.start, 12)) {
            continue;
        }
        let Some(value) = date_value(&date_readings(found.as_str())) else { continue };
        let is_born = view.slot_at(range.start).is_some_and(|slot| slot.what == What::BirthDate)
            || BORN.is_match(view.lead(range.start, 70))
            || born_before.is_some_and(|end| is_next_of_list(&view.text[end..range.start]))
            || (view.before(range.start) == Some('|')
                && PATIENT.is_match(view.lead(range.start, 300)));
        if is_born {
            born_before = Some(range.end);
            drafts.push(Draft::new(range, Kind::BirthDate, value, 0.96, "birth_date:label"));
            continue;
        }
        if view.is_elsewhere(range.start, &[What::Date, What::Address]) {
            continue;
        }
        let is_packed =
            found.len() == 8 && found.as_str().bytes().all(|byte| byte.is_ascii_digit());
        let confidence = if is_packed { 0.5 } else { 0.9 };
        drafts.push(Draft::new(range, Kind::Date, value, confidence, "date"));
    }
}

/// `and Karl Lindqvist on`: does nothing but another person stand between a birth date and the next date?
fn is_next_of_list(between: &str) -> bool {
    const SMALL: &[&str] = &[
        "and", "on", "in", "the", "of", "his", "her", "their", "my", "our", "brother", "sister",
        "twin", "mother", "father", "son", "daughter", "wife", "husband", "partner", "cousin",
        "friend", "both", "older", "younger", "elder", "born", "who", "was",
    ];
    between.len() <= 80
        && !between.contains(['.', ';', '!', '?', '|', '\t', ':'])
        && !between.contains("\n\n")
        && (between.contains(" and ") || between.trim_start().starts_with(','))
        && between.contains(char::is_uppercase)
        && between
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty())
            .all(|word| {
                SMALL.contains(&word)
                    || word.starts_with(char::is_uppercase)
                        && !word.contains(|c: char| c.is_ascii_digit())
            })
        && between
            .trim_end()
            .rsplit(' ')
            .next()
            .is_some_and(|word| matches!(word, "on" | "in" | "the"))
}

/// Is it a part of a longer number, a version or a name?
fn is_glued(view: &View<'_>, range: &std::ops::Range<usize>) -> bool {
    let text = view.text;
    let before = view.before(range.start);
    let after = view.after(range.end);
    let digit_beyond = |c: Option<char>, rest: &str| {
        c.is_some_and(|c| "./-,".contains(c)) && rest.starts_with(|c: char| c.is_ascii_digit())
    };
    let head = before.is_some_and(|c| c.is_alphanumeric())
        || (before.is_some_and(|c| "./,".contains(c))
            && text[..range.start - 1].ends_with(|c: char| c.is_ascii_digit()));
    let is_time =
        after == Some('T') && text[range.end + 1..].starts_with(|c: char| c.is_ascii_digit());
    let is_stamp = after == Some('-') && range.len() == 8;
    let tail = after.is_some_and(char::is_alphanumeric) && !is_time
        || (digit_beyond(after, text.get(range.end + 1..).unwrap_or_default()) && !is_stamp);
    head || tail
}

/// The date in a field without what stands behind it in brackets.
fn only_date(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let value = &text[range.clone()];
    let end = value
        .find([',', '(', ';'])
        .filter(|&at| value[..at].chars().filter(char::is_ascii_digit).count() >= 5);
    super::label::trimmed(text, range.start..end.map_or(range.end, |end| range.start + end))
}
