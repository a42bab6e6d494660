//! How is the compressed Rich Text of a message unpacked ([MS-OXRTFCP])?

use crate::formats::compound::u32_at;

/// What the dictionary holds before anything was read.
const DICTIONARY: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \
\\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\
\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Unpacks; `None` if it is no compressed text.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let raw_size = u32_at(bytes, 4)? as usize;
    let content = bytes.get(16..)?;
    match u32_at(bytes, 8)? {
        // `MELA`: it is not compressed.
        0x414c_454d => return Some(content.get(..raw_size).unwrap_or(content).to_vec()),
        // `LZFu`
        0x7546_5a4c => {}
        _ => return None,
    }
    let mut ring = [b' '; 4096];
    ring.get_mut(..DICTIONARY.len())?.copy_from_slice(DICTIONARY);
    let mut at = DICTIONARY.len();
    let mut unpacked = Vec::new();
    let mut input = content.iter().copied();
    let mut put = |byte: u8, at: &mut usize, ring: &mut [u8; 4096]| {
        ring[*at % 4096] = byte;
        *at = (*at + 1) % 4096;
        unpacked.push(byte);
    };
    'all: while let Some(control) = input.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = input.next() else { break 'all };
                put(byte, &mut at, &mut ring);
                continue;
            }
            let (Some(high), Some(low)) = (input.next(), input.next()) else { break 'all };
            let reference = usize::from(high) << 8 | usize::from(low);
            let (from, n) = (reference >> 4, (reference & 0xf) + 2);
            // A reference to the next place ends the text.
            if from == at {
                break 'all;
            }
            for index in 0..n {
                let byte = ring[(from + index) % 4096];
                put(byte, &mut at, &mut ring);
            }
        }
    }
    Some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_into_the_dictionary_are_followed() {
        // One reference to its first seven bytes, one plain byte, and the end.
        let mut packed = vec![0, 0, 0, 0, 8, 0, 0, 0];
        packed.extend(b"LZFu\0\0\0\0");
        let after = u16::try_from((DICTIONARY.len() + 7 + 1) << 4).unwrap().to_be_bytes();
        packed.extend([0b101, 0x00, 0x05, b'}', after[0], after[1]]);
        assert_eq!(unpack(&packed).unwrap(), b"{\\rtf1\\}");
        assert_eq!(unpack(b"short"), None);
    }
}
