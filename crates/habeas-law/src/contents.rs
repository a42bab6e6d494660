//! What does an answer to an access request have to say?

use crate::Regime;

/// One thing that the answer has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its short name, which a letter's template fills in: `15(1)(a)`.
    pub code: &'static str,
    /// What it is, as a heading.
    pub title: &'static str,
    /// What it asks for, in a sentence.
    pub asks: &'static str,
    /// When it has to be there.
    pub need: Need,
    /// The text that asks for it.
    pub source: &'static str,
}

/// When a content has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// In every answer.
    Always,
    /// Where it is so; where it is not, the answer is an explicit "none".
    IfSo,
    /// Where anything that was asked for is not given.
    IfWithheld,
}

/// The regimes under which something is asked for.
#[derive(Clone, Copy)]
pub(crate) enum When {
    All,
    UkAll,
    UkUntilFebruary,
    UkFromFebruary,
    UkUntilJune,
    UkFromJune,
    Eu,
}

impl When {
    pub(crate) fn holds(self, regime: Regime) -> bool {
        match self {
            Self::All => true,
            Self::UkAll => regime != Regime::Eu,
            Self::UkUntilFebruary => regime == Regime::UkUntilFebruary2026,
            Self::UkFromFebruary => regime.has_article_12a(),
            Self::UkUntilJune => {
                matches!(regime, Regime::UkUntilFebruary2026 | Regime::UkFromFebruary2026)
            }
            Self::UkFromJune => regime == Regime::UkFromJune2026,
            Self::Eu => regime == Regime::Eu,
        }
    }
}

/// What an answer has to say, in the order of Art. 15.
///
/// Take the regime of the day of the letter: a right that exists by then has to be told.
///
/// # Source
/// Each content names its own.
pub fn required(regime: Regime) -> Vec<&'static Content> {
    CONTENTS.iter().filter(|(when, _)| when.holds(regime)).map(|(_, content)| content).collect()
}

/// The contents that are asked for and are not filled in.
///
/// `is_filled` says whether a content, named by its code, has its answer, "none" included.
/// `is_withheld` says whether anything is kept back.
pub fn unfilled(
    regime: Regime,
    is_withheld: bool,
    is_filled: impl Fn(&str) -> bool,
) -> Vec<&'static Content> {
    let mut missing = required(regime);
    missing.retain(|content| {
        (content.need != Need::IfWithheld || is_withheld) && !is_filled(content.code)
    });
    missing
}

const CONTENTS: &[(When, Content)] = &[
    (
        When::All,
        Content {
            code: "15(1)",
            title: "Whether we hold data about you",
            asks: "Confirm whether personal data about the person is processed, or that none is.",
            need: Need::Always,
            source: "GDPR Art. 15(1), opening words",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(a)",
            title: "Why we use it",
            asks: "The purposes of the processing.",
            need: Need::Always,
            source: "GDPR Art. 15(1)(a)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(b)",
            title: "What kinds of data",
            asks: "The categories of personal data.",
            need: Need::Always,
            source: "GDPR Art. 15(1)(b)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(c)",
            title: "Who received it",
            asks: "The recipients by name, those in third countries in particular; categories only where \
                   naming them is impossible or the request is manifestly unfounded or excessive.",
            need: Need::Always,
            source: "GDPR Art. 15(1)(c); CJEU C-154/21; ICO, Right of access, \"What other \
                     information is an individual entitled to?\"",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(d)",
            title: "How long we keep it",
            asks: "The period for which the data is stored, or how that is decided.",
            need: Need::Always,
            source: "GDPR Art. 15(1)(d)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(e)",
            title: "Your rights",
            asks: "The rights to rectification, erasure and restriction, and to object.",
            need: Need::Always,
            source: "GDPR Art. 15(1)(e)",
        },
    ),
    (
        When::UkFromJune,
        Content {
            code: "15(1)(ea)",
            title: "Complaining to us",
            asks: "The right to complain to the controller, and how to.",
            need: Need::Always,
            source: "UK GDPR Art. 15(1)(ea) and DPA 2018 s. 164A, from 19 June 2026 (Data (Use and \
                     Access) Act 2025 s. 103 and Sch. 10)",
        },
    ),
    (
        When::UkAll,
        Content {
            code: "15(1)(f)",
            title: "Complaining to the Commissioner",
            asks: "The right to complain to the Information Commissioner, and how to.",
            need: Need::Always,
            source: "UK GDPR Art. 15(1)(f); DPA 2018 s. 165",
        },
    ),
    (
        When::Eu,
        Content {
            code: "15(1)(f)",
            title: "Complaining to a supervisory authority",
            asks: "The right to lodge a complaint with a supervisory authority.",
            need: Need::Always,
            source: "Regulation (EU) 2016/679 Art. 15(1)(f)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(1)(g)",
            title: "Where it came from",
            asks: "The source of data that was not collected from the person, as far as it is known.",
            need: Need::IfSo,
            source: "GDPR Art. 15(1)(g)",
        },
    ),
    (
        When::UkFromFebruary,
        Content {
            code: "15(1)(h)",
            title: "Decisions by machine",
            asks: "Automated decision-making, profiling included, that is subject to the safeguards of \
                   Art. 22C: its logic, significance and likely consequences.",
            need: Need::IfSo,
            source: "UK GDPR Art. 15(1)(h), from 5 February 2026 (Data (Use and Access) Act 2025 \
                     s. 80)",
        },
    ),
    (
        When::UkUntilFebruary,
        Content {
            code: "15(1)(h)",
            title: "Decisions by machine",
            asks: "Automated decision-making, profiling included, as in Art. 22(1) and (4): its logic, \
                   significance and likely consequences.",
            need: Need::IfSo,
            source: "UK GDPR Art. 15(1)(h) before 5 February 2026",
        },
    ),
    (
        When::Eu,
        Content {
            code: "15(1)(h)",
            title: "Decisions by machine",
            asks: "Automated decision-making, profiling included, as in Art. 22(1) and (4): its logic, \
                   significance and likely consequences.",
            need: Need::IfSo,
            source: "Regulation (EU) 2016/679 Art. 15(1)(h)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(2)",
            title: "Sending it abroad",
            asks: "The safeguards of Art. 46 on which transfers to third countries rely.",
            need: Need::IfSo,
            source: "GDPR Art. 15(2)",
        },
    ),
    (
        When::All,
        Content {
            code: "15(3)",
            title: "A copy of your data",
            asks: "A copy of the data; in a commonly used electronic form if the request came so.",
            need: Need::Always,
            source: "GDPR Art. 15(3)",
        },
    ),
    (
        When::UkFromJune,
        Content {
            code: "12(4)",
            title: "What we kept back, and what you can do",
            asks: "The reasons for what is not given, and the complaint to the controller (s. 164A), the \
                   complaint to the Commissioner (s. 165) and the court (s. 167); less only where \
                   telling would defeat the exemption.",
            need: Need::IfWithheld,
            source: "UK GDPR Art. 12(4) as amended by the Data (Use and Access) Act 2025 Sch. 10; ICO, \
                     Right of access, \"Can we refuse to comply?\"",
        },
    ),
    (
        When::UkUntilJune,
        Content {
            code: "12(4)",
            title: "What we kept back, and what you can do",
            asks: "The reasons for what is not given, the complaint to the Commissioner (s. 165) and the \
                   court (s. 167); less only where telling would defeat the exemption.",
            need: Need::IfWithheld,
            source: "UK GDPR Art. 12(4); DPA 2018 ss. 165 and 167",
        },
    ),
    (
        When::Eu,
        Content {
            code: "12(4)",
            title: "What we kept back, and what you can do",
            asks: "The reasons for what is not given, the complaint to a supervisory authority and the \
                   judicial remedy.",
            need: Need::IfWithheld,
            source: "Regulation (EU) 2016/679 Art. 12(4)",
        },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    const REGIMES: [Regime; 4] = [
        Regime::UkUntilFebruary2026,
        Regime::UkFromFebruary2026,
        Regime::UkFromJune2026,
        Regime::Eu,
    ];

    fn codes(regime: Regime) -> Vec<&'static str> {
        required(regime).iter().map(|content| content.code).collect()
    }

    #[test]
    fn every_regime_asks_for_each_point_once() {
        let points = [
            "15(1)", "15(1)(a)", "15(1)(b)", "15(1)(c)", "15(1)(d)", "15(1)(e)", "15(1)(f)",
            "15(1)(g)", "15(1)(h)", "15(2)", "15(3)", "12(4)",
        ];
        for regime in REGIMES {
            let codes = codes(regime);
            for point in points {
                let n = codes.iter().filter(|code| **code == point).count();
                assert_eq!(n, 1, "{point} in {regime:?}");
            }
        }
    }

    #[test]
    fn only_a_uk_letter_from_june_2026_owes_the_complaint_to_the_controller() {
        let owing: Vec<Regime> =
            REGIMES.into_iter().filter(|regime| codes(*regime).contains(&"15(1)(ea)")).collect();
        assert_eq!(owing, [Regime::UkFromJune2026]);
    }

    #[test]
    fn a_gap_is_found() {
        let regime = Regime::UkFromJune2026;
        let gaps = |withheld| -> Vec<&str> {
            unfilled(regime, withheld, |code| code != "15(1)(ea)" && code != "12(4)")
                .iter()
                .map(|content| content.code)
                .collect()
        };
        assert_eq!(gaps(false), ["15(1)(ea)"]);
        assert_eq!(gaps(true), ["15(1)(ea)", "12(4)"]);
        assert!(unfilled(regime, true, |_| true).is_empty());
    }
}
