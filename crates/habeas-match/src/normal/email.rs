//! Which form do all writings of one mailbox share?

/// The mailbox in lower case, without `mailto:`, without what follows a `+` in its local part;
/// Gmail without dots and as `gmail.com`. Obfuscated signs (`(at)`, `[dot]`) are read.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| "<>()[]\"',;: ".contains(c)).to_lowercase();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    let text = text.split('?').next().unwrap_or_default().replace("%40", "@");
    let plain = plain_signs(&text);
    let (local, domain) = plain.rsplit_once('@')?;
    let (local, domain) =
        (local.trim_matches(['"', '.', '\'']), domain.trim_matches(['.', ',', '>', ')']));
    let is_clean = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>(),;:\"@".contains(c))
    };
    if !is_clean(local)
        || !is_clean(domain)
        || !domain.contains('.')
        || domain.contains("..")
        || domain.contains('_')
    {
        return None;
    }
    let tag = local.find('+').filter(|&at| at > 0).unwrap_or(local.len());
    let local = &local[..tag];
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return Some(format!("{}@gmail.com", local.replace('.', "")));
    }
    Some(format!("{local}@{domain}"))
}

/// The letters of the local part of a normal form: `jane.smith85@example.org` gives `janesmith`.
///
/// `None` when fewer than three letters are left.
pub fn mail_base(email: &str) -> Option<String> {
    let local = email.split('@').next().unwrap_or_default();
    let base: String = crate::latin(local).chars().filter(|c| c.is_alphabetic()).collect();
    (base.chars().count() >= 3).then_some(base)
}

/// Signs in place of the words that stand for them.
fn plain_signs(text: &str) -> String {
    let mut plain = text.to_owned();
    for (written, sign) in [
        (" (at) ", "@"),
        ("(at)", "@"),
        (" [at] ", "@"),
        ("[at]", "@"),
        ("{at}", "@"),
        (" at ", "@"),
        (" @ ", "@"),
        (" (dot) ", "."),
        ("(dot)", "."),
        (" [dot] ", "."),
        ("[dot]", "."),
        ("{dot}", "."),
        (" dot ", "."),
    ] {
        plain = plain.replace(written, sign);
    }
    plain.replace(" @", "@").replace("@ ", "@")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_mailbox_are_one() {
        for text in [
            "Jane.Smith@Example.org",
            "mailto:jane.smith@example.org",
            "<jane.smith+news@example.org>",
            "jane.smith (at) example.org",
            "jane.smith [at] example dot org",
            "jane.smith @ example.org",
            "jane.smith%40example.org",
        ] {
            assert_eq!(email(text).as_deref(), Some("jane.smith@example.org"), "{text}");
        }
        assert_eq!(email("J.Smith+x@googlemail.com").as_deref(), Some("jsmith@gmail.com"));
        assert_eq!(email("zoë@müller.example").as_deref(), Some("zoë@müller.example"));
        for text in ["jane", "@example.org", "jane@localhost", "a b@example.org", ""] {
            assert_eq!(email(text), None, "{text}");
        }
    }

    #[test]
    fn the_base_is_letters_only() {
        assert_eq!(mail_base("jane.smith85@example.org").as_deref(), Some("janesmith"));
        assert_eq!(mail_base("j1@example.org"), None);
    }
}
