//! How likely is a word the given or the family name of somebody?

use std::sync::LazyLock;

use crate::directory::Directory;
use crate::latin;
use crate::name::hash::FixedSet;
use crate::name::{TITLES, given_level, is_place, surname_level, word_level};

/// What is known of a capitalised word.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) folded: String,
    /// How well it would do as a given name, from 0 to 1.
    pub(super) given: f32,
    /// How well it would do as a family name, from 0 to 1.
    pub(super) surname: f32,
    /// Is it an ordinary word, a month or a function word as well?
    pub(super) is_word: bool,
    /// Is it known neither as a name nor as a word?
    pub(super) is_unknown: bool,
    pub(super) is_title: bool,
    pub(super) is_place: bool,
    is_never: bool,
}

/// Words that end the names of streets and organisations, or are no part of a name for other
/// reasons, whatever the lists of names say.
const NEVER: &[&str] = &[
    "the", "and", "or", "of", "to", "in", "on", "at", "by", "for", "from", "with", "this", "that", "these", "those", "we", "you", "he",
    "she", "it", "they", "i", "my", "our", "your", "his", "her", "its", "their", "is", "are", "was", "were", "be", "been", "has", "have",
    "had", "do", "does", "did", "not", "no", "yes", "if", "as", "but", "so", "then", "than", "when", "where", "who", "what", "why", "how",
    "all", "any", "some", "both", "each", "also", "please", "dear", "hi", "hello", "hey", "regards", "thanks", "thank", "sincerely",
    "faithfully", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "july", "september", "october", "november", "december", "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
    "nov", "dec", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "ltd", "limited", "llp", "plc", "inc", "gmbh",
    "nhs", "gp", "uk", "usa", "eu", "gdpr", "dpa", "dpo", "ico", "hr", "it", "id", "am", "pm", "re", "fw", "fwd", "cc", "bcc", "tbc", "tba",
    "asap", "fyi", "n/a", "st", "saint", "null", "none", "unknown", "anonymous", "test", "admin", "dob", "tel", "fax", "email", "mobile",
    "phone", "address", "postcode", "date", "time", "name", "surname", "forename", "subject", "sent", "attachment", "attachments",
    "street", "road", "lane", "avenue", "close", "drive", "crescent", "court", "gardens", "house", "flat", "hospital", "clinic", "surgery",
    "ward", "university", "college", "school", "council", "department", "police", "office", "centre", "center", "service", "services",
    "english", "british", "french", "german", "spanish", "italian", "polish", "indian", "chinese", "american", "european", "african",
    "irish", "welsh", "scottish", "turkish", "russian", "arabic", "christmas", "easter", "ramadan", "eid", "microsoft", "google",
    "outlook", "teams", "zoom", "facebook", "instagram", "whatsapp", "excel", "windows", "apple", "amazon", "linkedin", "twitter",
    "youtube", "paypal", "stripe", "mailchimp", "hubspot", "xero", "ibuprofen", "paracetamol", "botox", "covid", "mri", "ct", "ecg",
    "xray", "ok", "covid-19", "january's", "mum", "dad", "mummy", "daddy", "granny", "grandad", "nan", "nanny", "auntie", "aunt", "uncle", "sir",
    "madam", "lol", "omg", "btw", "thx", "xx", "xxx", "http", "https", "www", "com", "org", "pdf", "doc", "page", "section", "article",
    "act", "bill", "schedule", "annex", "appendix", "chapter", "part", "paragraph", "table", "figure", "note", "notes", "policy",
    "convention", "constitution", "state", "government", "minister", "president", "secretary", "applicant", "applicants", "respondent",
    "article", "case", "law", "code", "criminal", "civil", "supreme", "high", "judge's",
];

/// Titles that are ordinary words as well: only a name behind them makes them one.
const WORDY_TITLES: &[&str] = &[
    "sister", "nurse", "father", "judge", "justice", "major", "officer", "master", "miss", "matron", "lord", "lady", "captain",
    "pastor", "canon", "midwife", "consultant", "inspector", "detective", "constable", "sergeant", "professor", "doctor", "colonel",
    "lieutenant", "councillor", "imam", "rabbi", "hon", "col", "dame", "sir", "sr", "fr", "ds", "di", "dc", "pc", "ps", "lt", "sig", "sis",
];

static NEVER_SET: LazyLock<FixedSet> = LazyLock::new(|| NEVER.iter().copied().collect());
static TITLE_SET: LazyLock<FixedSet> = LazyLock::new(|| TITLES.iter().copied().collect());

impl Judged {
    pub(super) fn new(raw: &str, directory: &Directory) -> Self {
        let folded = latin(raw);
        let is_never = NEVER_SET.contains(folded.as_str());
        let is_place = is_place(&folded);
        let word = if is_never { Some(10) } else { word_level(&folded) };
        let (given_rank, surname_rank) = (given_level(&folded), surname_level(&folded));
        let known_given = directory.given_count(&folded) > 0;
        let known_surname = directory.surname_count(&folded) > 0;
        let is_name = given_rank.is_some() || surname_rank.is_some();
        let is_camel = is_camel(raw);
        // `Kowalska-Nowak`: halves that are no words make a name of a double word.
        let is_double_word = folded.contains('-') && folded.split('-').any(|half| half.len() < 2 || word_level(half).is_some());
        let is_unknown = !is_name && word.is_none() && !is_place && !is_double_word && folded.chars().count() > 2;
        let given = match (given_rank, word) {
            _ if is_never => 0.0,
            (Some(1), None) => 1.0,
            (Some(2), None) => 0.8,
            (Some(_), None) => 0.6,
            (Some(1), Some(10)) => 0.25,
            (Some(1), Some(_)) => 0.5,
            (Some(2), Some(level)) if level >= 35 => 0.3,
            (Some(_), Some(_)) => 0.06,
            (None, None) if is_unknown => 0.35,
            (None, None) if surname_rank.is_some() => 0.3,
            _ => 0.02,
        };
        let surname = match (surname_rank, word) {
            _ if is_never => 0.0,
            (Some(1), None) => 1.0,
            (Some(2), None) => 0.9,
            (Some(_), None) => 0.8,
            (Some(1), Some(10)) => 0.35,
            (Some(1), Some(20)) => 0.5,
            (Some(1), Some(_)) => 0.7,
            (Some(2), Some(level)) if level >= 35 => 0.4,
            (Some(2), Some(20)) => 0.15,
            (Some(_), Some(level)) if level >= 50 => 0.3,
            (Some(_), Some(_)) => 0.05,
            (None, None) if is_unknown => 0.45,
            (None, None) if given_rank.is_some() => 0.5,
            _ => 0.02,
        };
        let by_place = if is_place { 0.5 } else { 1.0 };
        Self {
            given: if known_given { 1.0_f32.min(given + 0.5) } else { given * by_place },
            surname: if known_surname { 1.0_f32.min(surname + 0.5) } else if is_camel { 1.0 } else { surname * by_place },
            is_word: word.is_some_and(|level| level <= 50),
            is_unknown,
            is_title: TITLE_SET.contains(folded.as_str()),
            is_place,
            is_never,
            folded,
        }
    }

    /// The better of the two.
    pub(super) fn best(&self) -> f32 {
        self.given.max(self.surname)
    }

    /// Is it a word that can never be a part of a name?
    pub(super) fn is_never(&self) -> bool {
        self.is_never
    }

    /// Is it a title that is nothing else: `Mr`, `Dr`?
    pub(super) fn is_plain_title(&self) -> bool {
        self.is_title && (!WORDY_TITLES.contains(&self.folded.as_str()))
    }
}

/// `McDonald`, `O’Brien`, `MacLeod`: capitals where only names have them.
fn is_camel(raw: &str) -> bool {
    let opens = ["Mc", "Mac", "O'", "O’", "D'", "D’", "Fitz", "al-", "Al-", "El-", "el-"];
    opens.iter().any(|open| raw.strip_prefix(open).is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.len() > 2))
}
