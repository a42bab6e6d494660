//! What may or must be kept back, and what has to be answered first?
//!
//! An exemption is applied case by case, only as far as it reaches, with its reason on record. The
//! person is told the reason and where to complain, unless telling would defeat the exemption.
//!
//! # Source
//! Data Protection Act 2018 Schs. 2 to 4; ICO, *Right of access*, "What other exemptions are there?"

/// A ground for keeping something back, or a rule about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Its code in decisions, at the place of redaction and in the key.
    pub code: &'static str,
    /// What it is, in plain words for the key to redactions.
    pub title: &'static str,
    /// The text that grants it.
    pub provision: &'static str,
    /// What it does.
    pub effect: Effect,
    /// What it takes away; empty if nothing.
    pub disapplies: &'static str,
    /// What a person has to answer before it is used.
    pub question: &'static str,
    /// May naming it in a letter defeat it, so that a person decides whether to tell?
    pub may_stay_untold: bool,
}

/// What an exemption does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The controller may keep the data back.
    May,
    /// The controller must keep the data back.
    Must,
    /// The data may not be kept back on this ground: it is to be given.
    Give,
    /// No exemption: a reason why something is not in the bundle.
    Reason,
}

/// Every exemption, in the order of the Act.
pub fn exemptions() -> &'static [Exemption] {
    EXEMPTIONS
}

/// The exemption with that code, in any letter case.
pub fn exemption(code: &str) -> Option<&'static Exemption> {
    EXEMPTIONS.iter().find(|exemption| exemption.code.eq_ignore_ascii_case(code))
}

const ACCESS: &str = "GDPR Art. 15(1) to (3)";
const ACCESS_AND_OTHERS: &str = "GDPR Art. 15(1) to (3) and the other listed provisions";

/// A prejudice has to be specific, likely, and follow from the disclosure.
const MAY: Exemption = Exemption {
    code: "",
    title: "",
    provision: "",
    effect: Effect::May,
    disapplies: ACCESS,
    question: "",
    may_stay_untold: false,
};

const EXEMPTIONS: &[Exemption] = &[
    Exemption {
        code: "CRIME",
        title: "The prevention of crime, or the collection of tax",
        provision: "DPA 2018 Sch. 2 para. 2",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which investigation or collection would be prejudiced, and how, if this were given?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "LAW",
        title: "Disclosure that law or legal proceedings require",
        provision: "DPA 2018 Sch. 2 para. 5",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which enactment, order or proceedings, and why would giving this prevent it?",
        ..MAY
    },
    Exemption {
        code: "REG",
        title: "The work of a regulator or ombudsman",
        provision: "DPA 2018 Sch. 2 paras. 7 to 12",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which function of which body would be prejudiced, and how?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "TP",
        title: "Information about another person",
        provision: "DPA 2018 Sch. 2 para. 16",
        question: "Has the other person agreed; if not, is it reasonable to give it without their \
                   agreement, given its kind, any duty of confidence, what was done to ask them, whether \
                   they can agree, and whether they refused?",
        ..MAY
    },
    Exemption {
        code: "HP-PRESUME",
        title: "A health professional, social worker or teacher in their work",
        provision: "DPA 2018 Sch. 2 para. 17",
        effect: Effect::Give,
        disapplies: "",
        question: "Is it a health record (or a social-work or education one), and did this professional, \
                   registered as s. 204 has it, make it, add to it, or take part in the care?",
        ..MAY
    },
    Exemption {
        code: "TP-CONSENT",
        title: "The other person agreed",
        provision: "DPA 2018 Sch. 2 para. 16(2)(a)",
        effect: Effect::Give,
        disapplies: "",
        question: "Who asked the other person, when, and what exactly did they agree to?",
        ..MAY
    },
    Exemption {
        code: "TP-REASONABLE",
        title: "Reasonable to give without the other person's agreement",
        provision: "DPA 2018 Sch. 2 para. 16(2)(b) and (3)",
        effect: Effect::Give,
        disapplies: "",
        question: "What is told of the other person, is there a duty of confidence, what was done to ask \
                   them, can they agree, and did they refuse?",
        ..MAY
    },
    Exemption {
        code: "TP-STAFF",
        title: "A member of staff who acted in their role",
        provision: "DPA 2018 Sch. 2 para. 16(2)(b); ICO, Right of access: information about other individuals",
        effect: Effect::Give,
        disapplies: "",
        question: "Is no more told of them than that they did their work, and would it do them no harm?",
        ..MAY
    },
    Exemption {
        code: "TP-KNOWN",
        title: "Known to you already: you wrote or received it",
        provision: "DPA 2018 Sch. 2 para. 16(2)(b); ICO, Right of access: information about other individuals",
        effect: Effect::Give,
        disapplies: "",
        question: "In which message to or from the requester does it stand?",
        ..MAY
    },
    Exemption {
        code: "LPP",
        title: "Confidential legal advice",
        provision: "DPA 2018 Sch. 2 para. 19",
        disapplies: ACCESS_AND_OTHERS,
        question: "Could privilege be claimed for it in proceedings, or does a lawyer owe a client \
                   confidence over it, and has neither been waived?",
        ..MAY
    },
    Exemption {
        code: "SELF",
        title: "Self-incrimination",
        provision: "DPA 2018 Sch. 2 para. 20",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which offence, other than one of data protection or perjury, would giving this show?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "CORPFIN",
        title: "Corporate finance",
        provision: "DPA 2018 Sch. 2 para. 21",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which instrument's price or which economic interest would be affected, and how?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "MGMT",
        title: "Plans of the management",
        provision: "DPA 2018 Sch. 2 para. 22",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which plan would be prejudiced, how, and until when?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "NEGO",
        title: "Our intentions in a negotiation with you",
        provision: "DPA 2018 Sch. 2 para. 23",
        disapplies: ACCESS_AND_OTHERS,
        question: "Which negotiation with the requester would be prejudiced, and how?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "REF",
        title: "A confidential reference",
        provision: "DPA 2018 Sch. 2 para. 24",
        disapplies: ACCESS_AND_OTHERS,
        question: "Was it given in confidence for employment, training, education, an office, volunteering \
                   or a service?",
        ..MAY
    },
    Exemption {
        code: "EXAM",
        title: "Examination scripts and marks",
        provision: "DPA 2018 Sch. 2 para. 25",
        disapplies: ACCESS_AND_OTHERS,
        question: "Is it what a candidate wrote, or a mark before its results are announced?",
        ..MAY
    },
    Exemption {
        code: "RES",
        title: "Research and statistics",
        provision: "DPA 2018 Sch. 2 para. 27",
        disapplies: ACCESS_AND_OTHERS,
        question: "Would giving it prevent or seriously impair the research, and are its safeguards kept?",
        ..MAY
    },
    Exemption {
        code: "ARCH",
        title: "Archiving in the public interest",
        provision: "DPA 2018 Sch. 2 para. 28",
        disapplies: ACCESS_AND_OTHERS,
        question: "Would giving it prevent or seriously impair the archiving, and are its safeguards kept?",
        ..MAY
    },
    Exemption {
        code: "COURT",
        title: "A health report made for a court",
        provision: "DPA 2018 Sch. 3 para. 3",
        disapplies: ACCESS_AND_OTHERS,
        question: "Was it supplied to a court in proceedings whose rules allow it to be withheld?",
        ..MAY
    },
    Exemption {
        code: "HEALTH-WISH",
        title: "What was said in confidence from a parent or deputy",
        provision: "DPA 2018 Sch. 3 para. 4",
        disapplies: ACCESS_AND_OTHERS,
        question: "Does the request come from a parent or a deputy, and was this given, or found, in the \
                   expectation or with the wish that they would not be told?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "HEALTH-HARM",
        title: "Serious harm to somebody's health",
        provision: "DPA 2018 Sch. 3 para. 5",
        question: "Which appropriate health professional gave the opinion, in the last six months, that \
                   giving it would be likely to cause serious harm to somebody's health?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "HEALTH-NOOP",
        title: "Health data without a health professional's opinion",
        provision: "DPA 2018 Sch. 3 para. 6",
        effect: Effect::Must,
        question: "Is the controller no health professional, is there no opinion of the last six months \
                   that serious harm is unlikely, and has the requester not seen or known it already?",
        ..MAY
    },
    Exemption {
        code: "SOCIAL",
        title: "Social work: serious harm",
        provision: "DPA 2018 Sch. 3 Pt. 3",
        question: "Would giving it be likely to prejudice social work by serious harm to somebody?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "EDU",
        title: "Education: serious harm",
        provision: "DPA 2018 Sch. 3 Pt. 4",
        question: "Would giving it be likely to cause serious harm to somebody's health?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "CHILDABUSE",
        title: "Child abuse data",
        provision: "DPA 2018 Sch. 3 Pt. 5",
        question: "Does the request come from a parent or a deputy, and would giving it not be in the best \
                   interests of the person?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "STAT",
        title: "Disclosure that another Act prohibits",
        provision: "DPA 2018 Sch. 4",
        effect: Effect::Must,
        question: "Which of the listed enactments (fertilisation and embryology, adoption, special needs, \
                   parental orders, hearings of children) prohibits it?",
        ..MAY
    },
    Exemption {
        code: "MUE",
        title: "Manifestly unfounded or excessive",
        provision: "GDPR Art. 12(5)",
        disapplies: "the whole request, or a fee instead",
        question: "Which facts of this request show that it has no real purpose or goes clearly beyond \
                   reason? A wish to litigate is not enough.",
        ..MAY
    },
    Exemption {
        code: "NCND",
        title: "Neither confirmed nor denied",
        provision: "ICO, Right of access: where confirming would defeat the exemption",
        question: "Which exemption would be defeated if the letter showed that there is anything?",
        may_stay_untold: true,
        ..MAY
    },
    Exemption {
        code: "SCOPE",
        title: "Outside a reasonable and proportionate search",
        provision: "UK GDPR Art. 15(1A) (Data (Use and Access) Act 2025 s. 78)",
        question: "What would finding it take, and why is that out of proportion to what it means to the \
                   person?",
        ..MAY
    },
    Exemption {
        code: "NPD",
        title: "Not information about you",
        provision: "GDPR Art. 4(1)",
        effect: Effect::Reason,
        disapplies: "",
        question: "Why is it not about the person, by its content, purpose or effect?",
        ..MAY
    },
    Exemption {
        code: "DUP",
        title: "The same as another document",
        provision: "GDPR Art. 15(3): one copy of the data",
        effect: Effect::Reason,
        disapplies: "",
        question: "Which document in the bundle says all that this one does?",
        ..MAY
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exemption_can_be_explained() {
        let mut codes = std::collections::BTreeSet::new();
        for exemption in exemptions() {
            let Exemption { code, title, provision, question, disapplies, effect, .. } = exemption;
            assert!(codes.insert(code), "{code} stands twice");
            assert!(!title.is_empty() && !provision.is_empty(), "{code}");
            assert!(question.ends_with(['?', '.']), "{code} asks nothing");
            let takes_away = matches!(effect, Effect::May | Effect::Must);
            assert_eq!(takes_away, !disapplies.is_empty(), "{code}");
        }
    }

    /// Every ground of the Schedules that a controller may meet has its code, and what it takes away.
    #[test]
    fn the_catalogue_is_whole() {
        let paragraphs: &[(&str, &str)] = &[
            ("CRIME", "Sch. 2 para. 2"),
            ("LAW", "Sch. 2 para. 5"),
            ("REG", "Sch. 2 paras. 7 to 12"),
            ("TP", "Sch. 2 para. 16"),
            ("HP-PRESUME", "Sch. 2 para. 17"),
            ("LPP", "Sch. 2 para. 19"),
            ("SELF", "Sch. 2 para. 20"),
            ("CORPFIN", "Sch. 2 para. 21"),
            ("MGMT", "Sch. 2 para. 22"),
            ("NEGO", "Sch. 2 para. 23"),
            ("REF", "Sch. 2 para. 24"),
            ("EXAM", "Sch. 2 para. 25"),
            ("RES", "Sch. 2 para. 27"),
            ("ARCH", "Sch. 2 para. 28"),
            ("COURT", "Sch. 3 para. 3"),
            ("HEALTH-WISH", "Sch. 3 para. 4"),
            ("HEALTH-HARM", "Sch. 3 para. 5"),
            ("HEALTH-NOOP", "Sch. 3 para. 6"),
            ("SOCIAL", "Sch. 3 Pt. 3"),
            ("EDU", "Sch. 3 Pt. 4"),
            ("CHILDABUSE", "Sch. 3 Pt. 5"),
            ("STAT", "Sch. 4"),
            ("MUE", "Art. 12(5)"),
            ("SCOPE", "Art. 15(1A)"),
            ("NPD", "Art. 4(1)"),
            ("DUP", "Art. 15(3)"),
            ("NCND", "ICO"),
        ];
        for (code, provision) in paragraphs {
            let found = exemption(code).unwrap_or_else(|| panic!("{code} is missing"));
            assert!(found.provision.contains(provision), "{code}: {}", found.provision);
        }
    }

    #[test]
    fn a_code_is_found_as_people_write_it() {
        assert_eq!(exemption("tp").map(|found| found.provision), Some("DPA 2018 Sch. 2 para. 16"));
        assert_eq!(exemption("health-noop").map(|found| found.effect), Some(Effect::Must));
        assert!(exemption("TPX").is_none());
    }

    #[test]
    fn every_ground_of_a_redaction_is_in_the_catalogue() {
        for ground in [habeas_model::Ground::ThirdParty, habeas_model::Ground::NotTheirs] {
            assert!(exemption(ground.code()).is_some(), "{}", ground.code());
        }
        for ground in habeas_model::ShowGround::ALL {
            let found = exemption(ground.code()).map(|exemption| exemption.effect);
            assert_eq!(found, Some(Effect::Give), "{}", ground.code());
        }
    }
}
