//! May something be kept back, and was what the exemption asks answered?

use crate::{Effect, Exemption, exemption};

/// Why something may not be kept back as it was to be. Sentences with a way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No exemption is named.
    #[error(
        "nothing is kept back without a ground: begin the reason with an exemption's code, such as \
         `LPP` or `NPD`"
    )]
    NoCode,
    /// It is not in the catalogue.
    #[error("`{0}` is no exemption's code")]
    UnknownCode(String),
    /// It is a ground for giving.
    #[error("{code} ({provision}) is a ground for giving, not for keeping back")]
    Gives {
        /// The code.
        code: &'static str,
        /// The text.
        provision: &'static str,
    },
    /// What it asks has no answer.
    #[error("{code} ({provision}) asks first: {question}")]
    Unanswered {
        /// The code.
        code: &'static str,
        /// The text.
        provision: &'static str,
        /// What it asks.
        question: &'static str,
    },
}

/// The exemption on which something is kept back, if it is one and what it asks was answered.
///
/// An answer is more than one word: `yes` says nothing that somebody else could check.
///
/// # Errors
/// If there is no such exemption, it is a ground for giving, or its question is unanswered.
///
/// # Source
/// ICO, *Right of access*: exemptions are applied case by case, with the reasons documented; Data
/// Protection Act 2018 Schs. 2 to 4.
pub fn withholding(code: &str, answer: &str) -> Result<&'static Exemption, Refusal> {
    let code = code.trim();
    if code.is_empty() {
        return Err(Refusal::NoCode);
    }
    let Some(found) = exemption(code) else {
        let shown: String = code.chars().take(20).flat_map(char::escape_debug).collect();
        return Err(Refusal::UnknownCode(shown));
    };
    let Exemption { code, provision, question, .. } = *found;
    if found.effect == Effect::Give {
        return Err(Refusal::Gives { code, provision });
    }
    if answer.split_whitespace().count() < 2 {
        return Err(Refusal::Unanswered { code, provision, question });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exemptions;

    #[test]
    fn every_exemption_asks_before_it_is_used() {
        for one in exemptions() {
            let answered = withholding(one.code, "the advice of counsel of 3 May");
            match one.effect {
                Effect::Give => assert!(matches!(answered, Err(Refusal::Gives { .. }))),
                _ => assert_eq!(answered, Ok(one), "{}", one.code),
            }
            for answer in ["", "  ", "yes"] {
                let said = withholding(one.code, answer).unwrap_err().to_string();
                let is_asked = one.effect == Effect::Give || said.ends_with(one.question);
                assert!(is_asked && said.starts_with(one.code), "{said}");
            }
        }
    }

    #[test]
    fn what_is_no_exemption_is_said() {
        assert_eq!(withholding(" ", "because of this"), Err(Refusal::NoCode));
        let unknown = withholding("TPX", "because of this");
        assert_eq!(unknown, Err(Refusal::UnknownCode("TPX".into())));
    }
}
