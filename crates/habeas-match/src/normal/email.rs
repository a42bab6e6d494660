//! Which form do all writings of one mailbox share?

/// The mailbox in lower case, without `mailto:`, without what follows a `+` in its local part;
/// Gmail without dots and as `gmail.com`. Obfuscated signs (`(at)`, `[dot]`) are read.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(|c: char| "<>()[]\"',;: ".contains(c)).to_lowercase();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    let text = text.split('?').next().unwrap_or_default().replace("%40", "@");
    let text = text.replace("%2b", "+").replace("%2e", ".").replace("%5f", "_");
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
    let unicode = international(domain);
    let domain = unicode.as_deref().unwrap_or(domain);
    let tag = local.find('+').filter(|&at| at > 0).unwrap_or(local.len());
    let local = &local[..tag];
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return Some(format!("{}@gmail.com", local.replace('.', "")));
    }
    Some(format!("{local}@{domain}"))
}

/// `xn--mller-kva.example` as people write it: `müller.example`; `None` if no label of it is encoded.
fn international(domain: &str) -> Option<String> {
    if !domain.split('.').any(|label| label.starts_with("xn--")) {
        return None;
    }
    let label = |label: &str| match label.strip_prefix("xn--") {
        Some(encoded) => punycode(encoded),
        None => Some(label.to_owned()),
    };
    Some(domain.split('.').map(label).collect::<Option<Vec<String>>>()?.join("."))
}

/// Decodes a label in Punycode.
///
/// # Source
/// RFC 3492, section 6.2, with the parameters of section 5.
fn punycode(encoded: &str) -> Option<String> {
    let (plain, rest) = encoded.rsplit_once('-').unwrap_or(("", encoded));
    let mut decoded: Vec<char> = plain.chars().collect();
    let (mut code, mut at, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = rest.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight) = (at, 1_u32);
        for step in 1_u32.. {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                number @ b'0'..=b'9' => u32::from(number - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = (36 * step).saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
        }
        let n = u32::try_from(decoded.len()).ok()? + 1;
        let mut delta = (at - before) / if before == 0 { 700 } else { 2 };
        delta += delta / n;
        let mut k = 0;
        while delta > 455 {
            delta /= 35;
            k += 36;
        }
        bias = k + 36 * delta / (delta + 38);
        code = code.checked_add(at / n)?;
        at %= n;
        decoded.insert(usize::try_from(at).ok()?, char::from_u32(code)?);
        at += 1;
    }
    Some(decoded.into_iter().collect())
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
        (" [ at ] ", "@"),
        (" ( at ) ", "@"),
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
