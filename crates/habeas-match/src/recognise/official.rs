//! Where does a text name a number that a state gave to a person?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const NHS_NUMBER: Recogniser = Recogniser {
    card: Card {
        name: "nhs-number",
        version: 4,
        summary: "NHS numbers: whose check digit holds, with a label, a column or the usual grouping; others behind a label",
        handles: &["nhs_number"],
        authority: "NHS Data Dictionary, NHS NUMBER",
    },
    find: nhs_number,
    examples: &[
        ("NHS No: 943 476 5919", &["nhs_number=9434765919"]),
        ("her NHS number is 9434765919.", &["nhs_number=9434765919"]),
        ("943-476-5919", &["nhs_number=9434765919"]),
        ("PID|1||9434765919^^^NHS^NH~100294^^^CLINIC", &["nhs_number=9434765919"]),
        (
            "NHS number of A. Moor: 9434765919; of B. Moor: 4010232137",
            &["nhs_number=9434765919", "nhs_number=4010232137"],
        ),
        ("page 4010232137 of the wiki", &[]),
        ("NHS No: 943 476 5918", &["nhs_number=9434765918"]),
        ("943 476 5918 is no number of ours", &[]),
    ],
};

pub(super) const NINO: Recogniser = Recogniser {
    card: Card {
        name: "nino",
        version: 2,
        summary: "National Insurance numbers, and what a label says is one",
        handles: &["nino"],
        authority: "HMRC, NIM39110",
    },
    find: nino,
    examples: &[
        ("NI number: QQ 12 34 56 C", &["nino=QQ123456C"]),
        ("with AB123456A here", &["nino=AB123456A"]),
        ("nino ab123456", &["nino=AB123456"]),
        ("NI number: DF 12 34 56 Z", &["nino=DF123456Z"]),
        ("part GB123456A or xAB123456A", &[]),
    ],
};

pub(super) const PASSPORT: Recogniser = Recogniser {
    card: Card {
        name: "passport",
        version: 1,
        summary: "Passport numbers with a label, in a column or in a machine-readable zone",
        handles: &["passport"],
        authority: "ICAO Doc 9303",
    },
    find: passport,
    examples: &[
        ("Passport No: 123456789", &["passport=123456789"]),
        ("her passport number is AB1234567, valid", &["passport=AB1234567"]),
        ("1234567897GBR8504035F3001011<<<<<<<<<<<<<<02", &["passport=123456789"]),
        ("a passport is needed, bring 123456789 things", &[]),
    ],
};

pub(super) const DRIVING_LICENCE: Recogniser = Recogniser {
    card: Card {
        name: "driving-licence",
        version: 2,
        summary: "Driver numbers of Great Britain",
        handles: &["driving_licence"],
        authority: "DVLA, structure of the driver number",
    },
    find: driving_licence,
    examples: &[
        ("licence MORGA657054SM9IJ", &["driving_licence=MORGA657054SM9IJ"]),
        ("MORGA 657054 SM9IJ 35", &["driving_licence=MORGA657054SM9IJ"]),
        ("driving licence MORGA699054SM9IJ", &["driving_licence=MORGA699054SM9IJ"]),
        ("MORGA699054SM9IJ", &[]),
    ],
};

pub(super) const VEHICLE: Recogniser = Recogniser {
    card: Card {
        name: "vehicle",
        version: 2,
        summary: "Registration marks of the United Kingdom",
        handles: &["vehicle"],
        authority: "DVLA, INF104",
    },
    find: vehicle,
    examples: &[
        ("a blue car, AB12 CDE, left", &["vehicle=AB12CDE"]),
        ("reg: p123 abc", &["vehicle=P123ABC"]),
        ("his car reg is ab12cde", &["vehicle=AB12CDE"]),
        ("drove the car P123 ABC away", &["vehicle=P123ABC"]),
        ("VRM: AB 12 CDE and the car AB 12 CDF", &["vehicle=AB12CDE", "vehicle=AB12CDF"]),
        ("item P123 ABC, form AB12, lot AB 12 CDE", &[]),
    ],
};

pattern!(TEN = r"(?-u:\b)[0-9]{3}[ \-\u{a0}.]?[0-9]{3}[ \-\u{a0}.]?[0-9]{4}(?-u:\b)");
pattern!(
    NHS_BEFORE =
        r"(?i)(?:(?-u:\b)nhs(?-u:\b)[^\n0-9]{0,24}|national identifier\W{0,4}|PID\|[^|]*\|)$"
);
// With the person's name between, or the second of a list.
pattern!(NHS_NAMED = r"(?i)(?-u:\b)nhs (?:number|no\.?|num)s?(?-u:\b)[^\n]{0,90}$");
pattern!(
    INSURANCE = r"(?i)(?-u:\b)[A-Z]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}(?:[ \-]?[A-D](?-u:\b)|(?-u:\b))"
);
pattern!(
    INSURANCE_SHAPE =
        r"(?-u:\b)[A-Z]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{2}[ \-]?[A-Z](?-u:\b)"
);
pattern!(
    INSURANCE_BEFORE = r"(?i)(?:(?-u:\b)n\.?i\.?(?:no|n)?(?-u:\b)|(?-u:\b)nino(?-u:\b)|national insurance|insurance)[^\n0-9]{0,20}$"
);
pattern!(
    PASSPORT_NUMBER = r"(?i)(?-u:\b)passport(?:\s+(?:no|number|num|#))?[.:#]?(?:\s+(?:is|was|no|number|:))*\s*([A-Z]{0,2}[0-9]{6,9})(?-u:\b)"
);
pattern!(
    MACHINE_ZONE = r"(?-u:\b)([A-Z0-9<]{9})[0-9][A-Z<]{3}[0-9]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z0-9<]{14}[0-9<][0-9]"
);
pattern!(
    DRIVER = r"(?i)(?-u:\b)[A-Z][A-Z9]{4}[ \-]?[0-9]{6}[ \-]?[A-Z9]{2}[A-Z0-9][ ]?[A-Z]{2}(?-u:\b)(?:[ ]?[0-9]{2}(?-u:\b))?"
);
// What a label says is one, though a part of it cannot be.
pattern!(
    LICENCE_SHAPE = r"(?i)(?-u:\b)driv(?:ing|er.?s?) licence(?: (?:no|number))?[.:]?(?: is| was)?[ :]{1,3}((?-i:[A-Z]{1,5}9{0,4}[ ]?[0-9]{6}[ ]?[A-Z0-9]{2}[ ]?[A-Z0-9]{3,5}))(?-u:\b)"
);
pattern!(
    MARK = r"(?-u:\b)(?:[A-Z]{2}[ ]?[0-9]{2}[ ]?[A-Z]{3}|[A-Z][0-9]{1,3}[ ]?[A-Z]{3}|[A-Z]{3}[ ]?[0-9]{1,3}[A-Z])(?-u:\b)"
);
pattern!(
    VEHICLE_BEFORE = r"(?i)(?:(?-u:\b)reg(?:istration|\.)?|plate|vehicle|(?-u:\b)car|(?-u:\b)van|(?-u:\b)vrm|(?-u:\b)vrn|driv\w+|parked|ford|bmw|audi|vauxhall|toyota|volkswagen|vw|nissan|honda|mercedes|motor\w*|taxi|lorry)(?-u:\b)[^\n]{0,24}$"
);
pattern!(
    ANY_MARK = r"(?i)(?-u:\b)(?:reg(?:istration)?(?: (?:no|number|mark|plate))?|number ?plate|vrm|vrn)\.?:?(?: (?:is|was))? ([A-Z0-9]{2,4} ?[A-Z0-9]{2,4})(?-u:\b)"
);

fn nhs_number(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in TEN.find_iter(view.text) {
        let range = found.range();
        let checked = normal::nhs_number(found.as_str());
        let is_part =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-.+_@/".contains(c));
        let after = view.after(range.end);
        if is_part(view.before(range.start)) && view.before(range.start) != Some('/')
            || (is_part(after) && after != Some('.'))
        {
            continue;
        }
        let what = view.slot_at(range.start).map(|slot| slot.what);
        let Some(value) = checked else {
            // One digit is wrong: the label says that it is somebody's all the same.
            if what == Some(What::NhsNumber) || NHS_BEFORE.is_match(view.lead(range.start, 40)) {
                let digits = normal::digits(found.as_str());
                drafts.push(Draft::new(
                    range,
                    Kind::NhsNumber,
                    digits,
                    0.5,
                    "nhs_number:unchecked",
                ));
            }
            continue;
        };
        let is_grouped = found.len() == 12;
        let confidence = if what == Some(What::NhsNumber) {
            0.98
        } else if NHS_NAMED.is_match(view.lead(range.start, 100)) {
            0.9
        } else if NHS_BEFORE.is_match(view.lead(range.start, 40))
            || view.text[range.end..].starts_with("^^^NHS")
        {
            0.97
        } else if what.is_some_and(|what| matches!(what, What::PersonReference)) {
            0.6
        } else if is_grouped && what.is_none_or(What::is_vague) {
            0.7
        } else {
            continue;
        };
        drafts.push(Draft::new(range, Kind::NhsNumber, value, confidence, "nhs_number"));
    }
    // A number of the column whose check digit fails still belongs to somebody.
    for slot in view.slots_of(What::NhsNumber).filter(|slot| slot.is_column) {
        let digits = normal::digits(&view.text[slot.range.clone()]);
        if digits.len() == 10 && normal::nhs_number(&digits).is_none() {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::NhsNumber,
                digits,
                0.5,
                "nhs_number:unchecked",
            ));
        }
    }
}

fn nino(view: &View<'_>, drafts: &mut Vec<Draft>) {
    nino_by_label(view, drafts);
    for found in INSURANCE.find_iter(view.text) {
        let range = found.range();
        let Some(value) = normal::nino(found.as_str()) else { continue };
        if !view.stands_alone(&range) {
            continue;
        }
        let is_labelled = view.slot_at(range.start).is_some_and(|slot| slot.what == What::Nino)
            || INSURANCE_BEFORE.is_match(view.lead(range.start, 40));
        let is_upper = !found.as_str().contains(|c: char| c.is_ascii_lowercase());
        let confidence = match (is_labelled, value.len() == 9, is_upper) {
            (true, ..) => 0.98,
            (false, true, true) => 0.92,
            (false, true, false) => 0.7,
            // Two letters and six digits without a last letter are more often something else.
            (false, false, _) => continue,
        };
        drafts.push(Draft::new(range, Kind::Nino, value, confidence, "nino"));
    }
}

/// What has the shape of a number behind its label, though it was never given out.
fn nino_by_label(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in INSURANCE_SHAPE.find_iter(view.text) {
        let range = found.range();
        let is_labelled = view.slot_at(range.start).is_some_and(|slot| slot.what == What::Nino)
            || INSURANCE_BEFORE.is_match(view.lead(range.start, 40));
        if is_labelled && view.stands_alone(&range) {
            let value = normal::letters_and_digits(found.as_str()).to_uppercase();
            drafts.push(Draft::new(range, Kind::Nino, value, 0.6, "nino:unchecked"));
        }
    }
}

fn passport(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Passport) {
        let text = &view.text[slot.range.clone()];
        if text.len() <= 12
            && let Some(value) = normal::passport(text)
        {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::Passport,
                value,
                0.97,
                "passport:label",
            ));
        }
    }
    for captures in PASSPORT_NUMBER.captures_iter(view.text) {
        let Some(number) = captures.get(1) else { continue };
        if let Some(value) = normal::passport(number.as_str()) {
            drafts.push(Draft::new(number.range(), Kind::Passport, value, 0.93, "passport:label"));
        }
    }
    if view.text.contains('<') {
        for captures in MACHINE_ZONE.captures_iter(view.text) {
            let (Some(all), Some(number)) = (captures.get(0), captures.get(1)) else { continue };
            if let Some(value) = normal::passport(&number.as_str().replace('<', "")) {
                drafts.push(Draft::new(
                    all.range(),
                    Kind::Passport,
                    value,
                    0.97,
                    "passport:machine_zone",
                ));
            }
        }
    }
}

fn driving_licence(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for captures in LICENCE_SHAPE.captures_iter(view.text) {
        let Some(number) = captures.get(1).filter(|number| view.stands_alone(&number.range()))
        else {
            continue;
        };
        let value = normal::letters_and_digits(number.as_str()).to_uppercase();
        drafts.push(Draft::new(
            number.range(),
            Kind::DrivingLicence,
            value,
            0.6,
            "driving_licence:unchecked",
        ));
    }
    for found in DRIVER.find_iter(view.text) {
        let text = found.as_str().trim_end();
        if let Some(value) =
            normal::driving_licence(text).filter(|_| view.stands_alone(&found.range()))
        {
            drafts.push(Draft::new(
                found.range(),
                Kind::DrivingLicence,
                value,
                0.96,
                "driving_licence",
            ));
        }
    }
    for slot in view.slots_of(What::Licence) {
        // Licences of Northern Ireland are eight digits.
        let digits = view.text[slot.range.clone()].trim();
        if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::DrivingLicence,
                digits.to_owned(),
                0.9,
                "driving_licence:label",
            ));
        }
    }
}

fn vehicle(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Vehicle) {
        let text = &view.text[slot.range.clone()];
        if let Some(value) = normal::vehicle(text).filter(|_| text.len() <= 9) {
            drafts.push(Draft::new(
                slot.range.clone(),
                Kind::Vehicle,
                value,
                0.95,
                "vehicle:label",
            ));
        }
    }
    for captures in ANY_MARK.captures_iter(view.text) {
        let Some(mark) = captures.get(1) else { continue };
        if let Some(value) = normal::vehicle(mark.as_str())
            .filter(|_| mark.as_str().contains(|c: char| c.is_ascii_digit()))
        {
            drafts.push(Draft::new(mark.range(), Kind::Vehicle, value, 0.9, "vehicle:label"));
        }
    }
    for found in MARK.find_iter(view.text) {
        let range = found.range();
        if !view.stands_alone(&range) || view.is_elsewhere(range.start, &[What::Vehicle]) {
            continue;
        }
        let Some(value) = normal::vehicle(found.as_str()) else { continue };
        let is_current = found.as_str().as_bytes()[1].is_ascii_uppercase()
            && found.as_str().as_bytes()[2].is_ascii_digit();
        let has_cue = VEHICLE_BEFORE.is_match(view.lead(range.start, 40));
        let confidence = match (is_current, has_cue) {
            (_, true) => 0.88,
            (true, false) => 0.8,
            (false, false) => continue,
        };
        drafts.push(Draft::new(range, Kind::Vehicle, value, confidence, "vehicle"));
    }
}
