//! In which role does somebody stand in a document?

use std::collections::HashMap;
use std::ops::Range;

use habeas_model::{Meaning, Party, Passage, Role};

use super::sight::title_of;
use crate::latin;

/// The role of each person of a document, by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Roles(HashMap<String, Role>);

impl Roles {
    /// Remembers a role that a place of the document shows; the strongest holds in all of it.
    pub(super) fn learn(&mut self, key: String, role: Role) {
        if role != Role::Private {
            let known = self.0.entry(key).or_default();
            *known = (*known).max_by_strength(role);
        }
    }

    /// The role of a person.
    pub(super) fn of(&self, key: &str) -> Role {
        self.0.get(key).copied().unwrap_or_default()
    }
}

trait Strength {
    fn max_by_strength(self, other: Self) -> Self;
}

impl Strength for Role {
    /// A health professional who is staff is a health professional.
    fn max_by_strength(self, other: Self) -> Self {
        let rank = |role: Self| match role {
            Self::Private => 0,
            Self::Staff => 1,
            Self::Professional => 2,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

/// What a place says of the role of the person it names.
///
/// `party` is whose the hit is as far as structure says. A record's own person, or their next of kin, is
/// private whatever their title.
pub(super) fn role_at(
    passage: &Passage,
    range: &Range<usize>,
    party: Party,
    is_field: bool,
) -> Role {
    let text = passage.text.as_str();
    let is_column = is_field && field_at(passage, range.start).is_some();
    if is_column && caption_of(passage, range.start).is_some_and(is_practitioner_column) {
        return Role::Professional;
    }
    if is_field && matches!(party, Party::Principal | Party::Other) {
        return Role::Private;
    }
    if has_title(text, range) || stands_with_profession(text, range) {
        return Role::Professional;
    }
    if party == Party::Staff { Role::Staff } else { Role::Private }
}

/// Does a line below or beside a name say what somebody does for an organisation: `Jane Vale⏎Office Manager`?
pub(super) fn has_job(text: &str, range: &Range<usize>) -> bool {
    says_after(text, range, &|word| JOBS.contains(&word))
}

/// Words that tell a health professional.
///
/// # Source
/// Data Protection Act 2018 s. 204 (health professionals) and the professions of the HCPC's register.
const PROFESSIONS: &[&str] = &[
    "gp",
    "gps",
    "doctor",
    "physician",
    "surgeon",
    "registrar",
    "nurse",
    "midwife",
    "matron",
    "paramedic",
    "physiotherapist",
    "physio",
    "osteopath",
    "chiropractor",
    "podiatrist",
    "chiropodist",
    "dietitian",
    "dietician",
    "radiographer",
    "sonographer",
    "pharmacist",
    "dentist",
    "orthodontist",
    "hygienist",
    "optometrist",
    "optician",
    "orthoptist",
    "audiologist",
    "paediatrician",
    "pediatrician",
    "obstetrician",
    "psychiatrist",
    "psychotherapist",
    "anaesthetist",
    "anesthetist",
    "clinician",
    "phlebotomist",
    "prosthetist",
    "geriatrician",
];

const JOBS: &[&str] = &[
    "manager",
    "receptionist",
    "administrator",
    "secretary",
    "officer",
    "director",
    "assistant",
    "coordinator",
    "co-ordinator",
    "adviser",
    "advisor",
    "supervisor",
    "executive",
    "accountant",
    "bookkeeper",
    "clerk",
    "owner",
    "partner",
    "team",
    "lead",
];

/// Words that may stand between a name and what its bearer does.
const BETWEEN: &[&str] = &[
    "the",
    "a",
    "an",
    "her",
    "his",
    "my",
    "your",
    "our",
    "their",
    "senior",
    "junior",
    "specialist",
    "lead",
    "chief",
    "consultant",
    "registered",
    "clinical",
    "chartered",
    "practice",
    "staff",
    "community",
    "district",
    "school",
    "advanced",
    "associate",
    "locum",
    "trainee",
    "named",
    "is",
    "was",
    "and",
    "of",
    "head",
    "deputy",
    "general",
    "advanced",
    "principal",
    "mental",
    "health",
    "ward",
    "duty",
    "salaried",
    "office",
    "clinic",
    "data",
    "protection",
];

fn is_profession(word: &str) -> bool {
    // Specialists of medicine: `dermatologist`; those of other fields are none.
    let is_ologist = word.ends_with("ologist")
        && ![
            "archaeologist",
            "technologist",
            "geologist",
            "sociologist",
            "anthropologist",
            "theologist",
            "ecologist",
            "zoologist",
            "biologist",
            "meteorologist",
            "criminologist",
            "cosmetologist",
            "apologist",
        ]
        .contains(&word);
    PROFESSIONS.contains(&word) || is_ologist
}

/// `Dr`, `Prof`, `Nurse`, and `Sister` where it is no relative.
fn has_title(text: &str, range: &Range<usize>) -> bool {
    match title_of(text, range) {
        Some("dr" | "doctor" | "prof" | "professor" | "nurse" | "matron") => true,
        Some("sister") => {
            let inside = text.get(range.clone()).unwrap_or_default();
            let before = text.get(..range.start).unwrap_or_default().trim_end();
            let front = if inside.starts_with("Sister") {
                Some(before)
            } else {
                before.strip_suffix("Sister")
            };
            front.is_some_and(|front| {
                let word =
                    front.trim_end().rsplit([' ', '\n']).next().unwrap_or_default().to_lowercase();
                !matches!(word.as_str(), "my" | "your" | "his" | "her" | "our" | "their")
                    && !word.ends_with("'s")
                    && !word.ends_with("’s")
            })
        }
        _ => false,
    }
}

/// `physiotherapist Maria Novak`, `GP: M. Novak`, `Maria Novak (midwife)`, `Maria Novak⏎Consultant Dermatologist`,
/// `Maria Novak MRCGP`, `Maria Novak, GMC 7123456`.
fn stands_with_profession(text: &str, range: &Range<usize>) -> bool {
    says_before(text, range)
        || says_after(text, range, &is_profession)
        || has_registration(text, range)
        || has_letters_behind(text, range)
}

fn says_before(text: &str, range: &Range<usize>) -> bool {
    let line = line_before(text, range.start);
    let front = line.trim_end_matches([' ', ':', ',']);
    let gap = &line[front.len()..];
    let mut words = front.rsplit(|c: char| !c.is_alphanumeric() && c != '-');
    let last = latin(words.next().unwrap_or_default());
    let earlier = latin(words.next().unwrap_or_default());
    let is_known = is_profession(&last)
        || last == "therapist"
            && matches!(earlier.as_str(), "occupational" | "speech" | "language")
        || last == "visitor" && earlier == "health";
    // `the dentist, Maria Novak` means her; `saw a dentist, Maria Novak came along` does not.
    let is_apposed = !gap.contains(',')
        || BETWEEN.contains(&earlier.as_str())
            && !matches!(earlier.as_str(), "a" | "an" | "and" | "of");
    is_known && is_apposed && !gap.is_empty()
}

/// Do the words behind a name, up to the next sign, say something of that sort and nothing else?
fn says_after(text: &str, range: &Range<usize>, says: &dyn Fn(&str) -> bool) -> bool {
    let after = text.get(range.end..).unwrap_or_default();
    let body = after
        .trim_start_matches([' ', ',', '(', '-', '–', '—', '|', '/', '\r', '\n', '\t', '*', '_']);
    let gap = &after[..after.len() - body.len()];
    if gap.matches('\n').count() > 1 || gap.is_empty() {
        return false;
    }
    let is_line = gap.contains('\n');
    if is_line && !stands_on_its_line(text, range) {
        return false;
    }
    let has_sign = gap.contains([',', '(', '-', '–', '—', '|', '/', '\n']);
    let mut found = false;
    for (number, raw) in body.split(' ').take(6).enumerate() {
        let end = raw.find([',', ')', ';', '\n', '.', '|', '\r']).unwrap_or(raw.len());
        let word = latin(&raw[..end]);
        let is_capital = raw.starts_with(char::is_uppercase);
        if number == 0 && !has_sign && !matches!(word.as_str(), "is" | "was" | "the") {
            return false;
        }
        if word.is_empty() {
            return found;
        }
        if says(&word) {
            found = true;
        } else if found && is_capital && !is_line {
            // `Jane Vale, Nurse Julie Hart`: the word is the next one's.
            return false;
        } else if !(BETWEEN.contains(&word.as_str())
            || is_line && is_capital
            || matches!(word.as_str(), "at" | "for"))
        {
            return found;
        }
        if end < raw.len() {
            return found;
        }
    }
    found
}

/// What stands before a place on its line, at most 200 bytes of it: a line may be as long as the text.
fn line_before(text: &str, at: usize) -> &str {
    let mut start = at.saturating_sub(200);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default()
}

/// Is there nothing but a title before the name on its line?
fn stands_on_its_line(text: &str, range: &Range<usize>) -> bool {
    let line = line_before(text, range.start);
    line.trim().chars().count() <= 5
}

/// A number of a register of professions shortly behind the name.
///
/// # Source
/// General Medical, Nursing and Midwifery, Dental, Pharmaceutical, Optical, Osteopathic and Chiropractic Councils
/// and the Health and Care Professions Council.
fn has_registration(text: &str, range: &Range<usize>) -> bool {
    const REGISTERS: &[&str] = &["GMC", "NMC", "GDC", "HCPC", "GPhC", "GOC", "GOsC", "GCC"];
    let after = text.get(range.end..).unwrap_or_default();
    let end = after.char_indices().nth(90).map_or(after.len(), |(at, _)| at);
    let near = after[..end].split("\n\n").next().unwrap_or_default();
    REGISTERS.iter().any(|register| {
        near.find(register).is_some_and(|at| {
            // Another name between is the bearer of the number.
            let between = &near[..at];
            let rest = &near[at + register.len()..];
            between.matches(char::is_uppercase).count() <= 12
                && !between.contains(" and ")
                && rest.chars().take(16).any(|c| c.is_ascii_digit())
        })
    })
}

/// `Maria Novak MBBS MRCGP`, `M. Novak, RGN`.
fn has_letters_behind(text: &str, range: &Range<usize>) -> bool {
    const LETTERS: &[&str] = &[
        "MBBS", "MBChB", "MBCHB", "BMBS", "BMBCh", "MBBCh", "MRCGP", "MRCP", "MRCS", "MRCOG",
        "MRCPCH", "MRCPsych", "FRCP", "FRCS", "FRCA", "FRCGP", "FRCR", "FRCOG", "BDS", "MFDS",
        "MCSP", "RGN", "RMN", "RSCN", "RN", "RM", "MPharm", "MRPharmS", "DRCOG", "BVSc", "MBE-RN",
    ];
    let after = text.get(range.end..).unwrap_or_default();
    let end = after.char_indices().nth(80).map_or(after.len(), |(at, _)| at);
    let line = after[..end].lines().next().unwrap_or_default();
    for word in line.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).take(4) {
        if LETTERS.contains(&word) {
            return true;
        }
        if !matches!(
            word,
            "MD" | "BSc" | "MSc" | "BA" | "MA" | "PhD" | "Hons" | "DipHE" | "BSc(Hons)"
        ) {
            return false;
        }
    }
    false
}

/// The caption that a field stands under.
fn caption_of(passage: &Passage, at: usize) -> Option<&str> {
    let end = passage.fields.partition_point(|field| field.range.start <= at);
    let caption =
        passage.fields[..end].iter().rev().find(|field| field.meaning == Meaning::Caption)?;
    let between = passage.text.get(caption.range.end..at)?;
    if between.contains('\n') { None } else { passage.text.get(caption.range.clone()) }
}

/// Columns of exports of appointments and treatments that hold who treated.
fn is_practitioner_column(caption: &str) -> bool {
    const COLUMNS: &[&str] = &[
        "practitioner",
        "clinician",
        "therapist",
        "prescriber",
        "injector",
        "treated",
        "hcp",
        "provider",
        "nurse",
        "midwife",
        "consultant",
        "doctor",
        "dr",
        "gp",
        "dentist",
        "physio",
        "physiotherapist",
        "surgeon",
        "hygienist",
    ];
    latin(caption)
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| COLUMNS.contains(&word) || is_profession(word))
}

fn field_at(passage: &Passage, at: usize) -> Option<&habeas_model::Field> {
    let after = passage.fields.partition_point(|field| field.range.end <= at);
    passage.fields.get(after).filter(|field| field.range.start <= at)
}

#[cfg(test)]
mod tests {
    use habeas_model::{Place, PlaceKind};

    use super::*;

    fn check(text: &str, name: &str, expected: Role) {
        let start = text.find(name).expect("the name stands in the text");
        let passage = Passage::text(Place::new(PlaceKind::Body, 1), text);
        let role = role_at(&passage, &(start..start + name.len()), Party::Unknown, false);
        assert_eq!(role, expected, "{text}");
    }

    #[test]
    fn health_professionals_are_told_by_titles_and_words_beside_them() {
        use Role::{Private, Professional};
        for (text, name, role) in [
            ("seen by Dr Maria Novak today", "Dr Maria Novak", Professional),
            ("Mr Karl Novak came", "Mr Karl Novak", Private),
            ("told Sister Novak", "Sister Novak", Professional),
            ("with my Sister Maria", "Sister Maria", Private),
            ("my sister Maria", "Maria", Private),
            ("the physiotherapist Maria Novak said", "Maria Novak", Professional),
            ("GP: M. Novak", "M. Novak", Professional),
            ("the midwife, Maria Novak, rang", "Maria Novak", Professional),
            ("I went to a dentist, Maria Novak came along", "Maria Novak", Private),
            ("Maria Novak (Specialist Nurse) rang", "Maria Novak", Professional),
            ("Maria Novak, registrar", "Maria Novak", Professional),
            ("Maria Novak is the midwife", "Maria Novak", Professional),
            ("Maria Novak, Nurse Julie Hart and others", "Maria Novak", Private),
            ("Maria Novak, who saw the nurse", "Maria Novak", Private),
            ("Maria Novak saw the nurse", "Maria Novak", Private),
            (
                "Yours,\nMaria Novak\nConsultant Dermatologist\nThe Clinic",
                "Maria Novak",
                Professional,
            ),
            ("we met Maria Novak\nConsultant Dermatologist wanted", "Maria Novak", Private),
            ("Maria Novak, archaeologist", "Maria Novak", Private),
            ("Maria Novak MBBS MRCGP", "Maria Novak", Professional),
            ("Maria Novak BSc", "Maria Novak", Private),
            ("Maria Novak (GMC 7123456)", "Maria Novak", Professional),
            ("Maria Novak asked about the GMC", "Maria Novak", Private),
        ] {
            check(text, name, role);
        }
    }

    #[test]
    fn a_job_is_told_by_the_line_below_a_name() {
        let check = |text: &str, expected: bool| {
            let start = text.find("Jane Vale").expect("the name stands in the text");
            assert_eq!(has_job(text, &(start..start + 9)), expected, "{text}");
        };
        check("Kind regards\nJane Vale\nPractice Manager\n", true);
        check("Jane Vale, Data Protection Officer", true);
        check("Kind regards\nJane Vale\n07700 900123", false);
        check("Jane Vale asked the manager", false);
    }
}
