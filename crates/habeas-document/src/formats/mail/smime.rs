//! What is inside a signature that is wrapped around its content (RFC 5652)?

/// What a cryptographic message holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Opened {
    /// The content that is signed: a part of a message with its own head.
    Signed(Vec<u8>),
    /// Encrypted for its recipients.
    Encrypted,
    /// Neither, or not laid out as it should be.
    Unknown,
}

const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
const AUTH_ENVELOPED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17];

/// Values in values; a content in pieces is one level deep.
const MAX_DEPTH: usize = 8;

/// Opens a cryptographic message in BER.
pub(crate) fn open(bytes: &[u8]) -> Opened {
    let info = value(bytes, MAX_DEPTH).filter(|(info, _)| info.tag == 0x30);
    let Some((info, _)) = info else { return Opened::Unknown };
    let Some((kind, rest)) = value(info.inside, MAX_DEPTH) else { return Opened::Unknown };
    match kind.inside {
        ENVELOPED | AUTH_ENVELOPED => Opened::Encrypted,
        SIGNED => content(rest).map_or(Opened::Unknown, Opened::Signed),
        _ => Opened::Unknown,
    }
}

/// The content of signed data: version, algorithms, and then the content with its type.
fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    let (explicit, _) = value(bytes, MAX_DEPTH)?;
    let (signed, _) = value(explicit.inside, MAX_DEPTH)?;
    let (_version, rest) = value(signed.inside, MAX_DEPTH)?;
    let (_algorithms, rest) = value(rest, MAX_DEPTH)?;
    let (info, _) = value(rest, MAX_DEPTH)?;
    let (_kind, rest) = value(info.inside, MAX_DEPTH)?;
    let (explicit, _) = value(rest, MAX_DEPTH)?;
    let (octets, _) = value(explicit.inside, MAX_DEPTH)?;
    match octets.tag {
        0x04 => Some(octets.inside.to_vec()),
        // In pieces.
        0x24 => {
            let (mut whole, mut rest) = (Vec::new(), octets.inside);
            while let Some((piece, after)) = value(rest, MAX_DEPTH).filter(|(p, _)| p.tag == 0x04) {
                whole.extend_from_slice(piece.inside);
                rest = after;
            }
            Some(whole)
        }
        _ => None,
    }
}

struct Value<'a> {
    tag: u8,
    inside: &'a [u8],
}

/// The value that the bytes begin with, and what follows it.
fn value(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let (tag, first) = (*bytes.first()?, *bytes.get(1)?);
    if first != 0x80 {
        let (n, head) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let n_digits = usize::from(first & 0x7f);
            let digits = bytes.get(2..2 + n_digits).filter(|_| n_digits <= 4)?;
            let n = digits.iter().fold(0_usize, |n, digit| n << 8 | usize::from(*digit));
            (n, 2 + n_digits)
        };
        // A message that was cut short still has what is there.
        let rest = bytes.get(head..)?;
        let (inside, rest) = rest.split_at(n.min(rest.len()));
        return Some((Value { tag, inside }, rest));
    }
    // Of no stated length: values follow until one of two zeros.
    let depth = depth.checked_sub(1)?;
    let mut rest = bytes.get(2..)?;
    let start = rest;
    while !rest.is_empty() && !rest.starts_with(&[0, 0]) {
        let (_, after) = value(rest, depth)?;
        rest = after;
    }
    let inside = start.get(..start.len() - rest.len())?;
    Some((Value { tag, inside }, rest.get(2..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(tag: u8, inside: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(inside.len()).unwrap()], inside].concat()
    }

    fn signed(octets: &[u8]) -> Vec<u8> {
        let data = wrapped(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
        let info = wrapped(0x30, &[data, wrapped(0xa0, octets)].concat());
        let signed = [wrapped(0x02, &[1]), wrapped(0x31, &[]), info].concat();
        let explicit = wrapped(0xa0, &wrapped(0x30, &signed));
        wrapped(0x30, &[wrapped(0x06, SIGNED), explicit].concat())
    }

    #[test]
    fn what_is_signed_is_read_and_what_is_encrypted_is_not() {
        assert_eq!(open(&signed(&wrapped(0x04, b"To: Zoe"))), Opened::Signed(b"To: Zoe".to_vec()));
        let pieces = [0x24, 0x80, 0x04, 1, b'T', 0x04, 1, b'o', 0, 0];
        assert_eq!(open(&signed(&pieces)), Opened::Signed(b"To".to_vec()));
        assert_eq!(open(&wrapped(0x30, &wrapped(0x06, ENVELOPED))), Opened::Encrypted);
        assert_eq!(open(b"Dear Ms Lind"), Opened::Unknown);
    }
}
