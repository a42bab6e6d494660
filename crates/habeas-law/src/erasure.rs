//! What may be kept although somebody asks for its erasure?

/// An exception from the right to erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasureException {
    /// How it is cited, such as `Art. 17(3)(b)`.
    pub code: &'static str,
    /// What it is about.
    pub summary: &'static str,
}

/// The exceptions, in the order of the law.
///
/// # Source
/// UK GDPR Art. 17(3), as amended by the Data (Use and Access) Act 2025 (archiving and research now
/// under Art. 84B); the same letters in the EU's GDPR.
pub const ERASURE_EXCEPTIONS: &[ErasureException] = &[
    ErasureException {
        code: "Art. 17(3)(a)",
        summary: "the right of freedom of expression and information",
    },
    ErasureException {
        code: "Art. 17(3)(b)",
        summary: "a legal obligation, or a task in the public interest or of official authority",
    },
    ErasureException {
        code: "Art. 17(3)(c)",
        summary: "public interest in public health (Art. 9(2)(h) and (i), Art. 9(3))",
    },
    ErasureException {
        code: "Art. 17(3)(d)",
        summary: "archiving in the public interest, research or statistics that erasure would defeat",
    },
    ErasureException {
        code: "Art. 17(3)(e)",
        summary: "the establishment, exercise or defence of legal claims",
    },
];

/// The exception of that code, with or without `Art.` and in any spacing: `17(3)(b)`.
pub fn erasure_exception(code: &str) -> Option<&'static ErasureException> {
    let plain = |text: &str| -> String {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
        let text = text.to_ascii_lowercase();
        text.strip_prefix("art").map_or(text.clone(), str::to_owned)
    };
    let wanted = plain(code);
    ERASURE_EXCEPTIONS.iter().find(|one| plain(one.code) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_is_found_in_any_spelling() {
        let code = |text: &str| erasure_exception(text).map(|one| one.code);
        assert_eq!(code("17(3)(b)"), Some("Art. 17(3)(b)"));
        assert_eq!(code("art. 17 (3) (E)"), Some("Art. 17(3)(e)"));
        assert_eq!((code("17(3)(f)"), code(""), code("LPP")), (None, None, None));
    }
}
