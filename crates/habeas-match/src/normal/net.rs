//! Which form do all writings of one internet address, device or user name share?

use std::net::{Ipv4Addr, Ipv6Addr};

/// The canonical address: `203.0.113.9`, `2001:db8::1`; a masked last octet stays `203.0.113.x`.
pub fn ip(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['[', ']', '(', ')']);
    let text = text.split(['/', '%']).next().unwrap_or_default();
    if let Ok(v4) = text.parse::<Ipv4Addr>() {
        return Some(v4.to_string());
    }
    if let Ok(v6) = text.parse::<Ipv6Addr>() {
        return Some(v6.to_ipv4_mapped().map_or_else(|| v6.to_string(), |v4| v4.to_string()));
    }
    let (network, last) = text.rsplit_once('.')?;
    let is_masked = matches!(last.to_ascii_lowercase().as_str(), "x" | "xx" | "xxx" | "*" | "***");
    (is_masked && format!("{network}.0").parse::<Ipv4Addr>().is_ok())
        .then(|| format!("{network}.x"))
}

/// How an address in normal form looks once its last part was masked: the last octet, or what stands
/// behind the network of 64 bits. Empty for one that is masked already.
pub fn masked_ip(ip: &str) -> Vec<String> {
    if let Ok(v4) = ip.parse::<Ipv4Addr>() {
        let [a, b, c, d] = v4.octets();
        let network = format!("{a}.{b}.{c}");
        return if d == 0 {
            Vec::new()
        } else {
            vec![format!("{network}.x"), format!("{network}.0")]
        };
    }
    let Ok(v6) = ip.parse::<Ipv6Addr>() else { return Vec::new() };
    let network = Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64);
    if network == v6 { Vec::new() } else { vec![network.to_string()] }
}

/// A cookie or device id without the version before it: `GA1.2.123.456` becomes `123.456`; else
/// letters and digits in lower case with the signs between them.
pub fn device(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['"', '\'']);
    let text = text.strip_prefix("_ga=").unwrap_or(text);
    let parts: Vec<&str> = text.split('.').collect();
    if let [version, _, rest @ ..] = parts.as_slice()
        && version.starts_with("GA")
        && rest.len() >= 2
    {
        return Some(rest[rest.len() - 2..].join("."));
    }
    if text.contains(char::is_whitespace)
        || text.chars().filter(char::is_ascii_alphanumeric).count() < 6
    {
        return None;
    }
    let is_mac =
        text.len() == 17 && text.split([':', '-']).filter(|part| part.len() == 2).count() == 6;
    Some(if is_mac { text.replace('-', ":").to_lowercase() } else { text.to_lowercase() })
}

/// A user name in lower case without its `@`, from a profile's address too.
pub fn handle(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('/');
    let text = text.rsplit('/').next().unwrap_or_default().trim_start_matches('@').to_lowercase();
    let is_name =
        text.len() >= 2 && !text.contains(|c: char| c.is_whitespace() || "<>(),;\"".contains(c));
    is_name.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_address_are_one() {
        assert_eq!(ip("2001:0DB8:0:0:0:0:0:1").as_deref(), Some("2001:db8::1"));
        assert_eq!(ip("::ffff:203.0.113.9").as_deref(), Some("203.0.113.9"));
        assert_eq!(ip("203.0.113.xxx").as_deref(), Some("203.0.113.x"));
        assert_eq!(ip("1.2.3"), None);
        assert_eq!(ip("300.1.1.1"), None);
    }

    #[test]
    fn a_masked_address_is_known_by_its_network() {
        assert_eq!(masked_ip("203.0.113.9"), ["203.0.113.x", "203.0.113.0"]);
        assert_eq!(masked_ip("2001:db8:1:2:3::9"), ["2001:db8:1:2::"]);
        assert!(masked_ip("203.0.113.x").is_empty() && masked_ip("203.0.113.0").is_empty());
    }

    #[test]
    fn devices_and_handles_have_one_form() {
        assert_eq!(device("GA1.2.1234567890.1710000000").as_deref(), Some("1234567890.1710000000"));
        assert_eq!(device("00-1A-2B-3C-4D-5E").as_deref(), Some("00:1a:2b:3c:4d:5e"));
        assert_eq!(handle("@Jane_S").as_deref(), Some("jane_s"));
        assert_eq!(handle("https://social.example/jane_s/").as_deref(), Some("jane_s"));
    }
}
