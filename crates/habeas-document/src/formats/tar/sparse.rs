//! How is a file put together of which only the parts that are not zero were packed?

use super::header::{Extended, number};
use super::{BLOCK_BYTES, refused};
use crate::out::Unpacked;
use habeas_model::{Exception, Reason};

/// Where the parts of a file lie in it, and how long it is.
pub(super) struct Map {
    parts: Vec<(u64, u64)>,
    size_bytes: u64,
    /// Bytes of more headers between the header and the data.
    pub(super) n_skipped: usize,
    /// Does the map stand at the beginning of the data?
    is_inside: bool,
}

/// GNU's first form: parts in the header, and in more headers after it.
pub(super) fn old(bytes: &[u8], start: usize) -> Map {
    let header = bytes.get(start..start + BLOCK_BYTES).unwrap_or_default();
    let mut map = Map { parts: Vec::new(), size_bytes: 0, n_skipped: 0, is_inside: false };
    map.size_bytes = header.get(483..495).and_then(number).unwrap_or(0);
    map.add(header.get(386..482).unwrap_or_default());
    let mut goes_on = header.get(482).is_some_and(|byte| *byte != 0);
    while goes_on {
        let from = start + BLOCK_BYTES + map.n_skipped;
        let Some(more) = bytes.get(from..from + BLOCK_BYTES) else { break };
        map.n_skipped += BLOCK_BYTES;
        map.add(&more[..504]);
        goes_on = more[504] != 0;
    }
    map
}

/// The forms of pax: parts in keywords, or in lines at the beginning of the data.
pub(super) fn new(extended: &Extended, data: &[u8]) -> Option<Map> {
    let none = Extended::default();
    let size = extended.number("GNU.sparse.size").or(extended.number("GNU.sparse.realsize"))?;
    let mut map = Map { parts: Vec::new(), size_bytes: size, n_skipped: 0, is_inside: false };
    if let Some(list) = extended.text("GNU.sparse.map", &none) {
        let numbers: Vec<u64> = list.split(',').map_while(|n| n.parse().ok()).collect();
        map.parts = numbers.as_chunks::<2>().0.iter().map(|pair| (pair[0], pair[1])).collect();
    } else if extended.number("GNU.sparse.major") == Some(1) {
        map.is_inside = true;
        let mut lines = data
            .split(|byte| *byte == b'\n')
            .map_while(|line| std::str::from_utf8(line).ok()?.parse::<u64>().ok());
        let n_parts = lines.next().unwrap_or(0);
        while (map.parts.len() as u64) < n_parts {
            let (Some(offset), Some(length)) = (lines.next(), lines.next()) else { break };
            map.parts.push((offset, length));
        }
    } else {
        map.parts = extended.parts().to_vec();
    }
    Some(map)
}

impl Map {
    fn add(&mut self, fields: &[u8]) {
        for pair in fields.as_chunks::<24>().0 {
            if let (Some(offset), Some(length)) = (number(&pair[..12]), number(&pair[12..])) {
                self.parts.push((offset, length));
            }
        }
    }

    /// Puts the file together, to one byte past the limit.
    pub(super) fn unpack(&self, data: &[u8], limit: u64) -> Unpacked {
        if self.size_bytes > limit {
            return refused(Reason::ExpansionLimit, "a sparse file larger than it may be");
        }
        let mut data = data;
        if self.is_inside {
            let n_lines = 1 + 2 * self.parts.len();
            let ends = data.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
            let end = ends.map(|(at, _)| at + 1).nth(n_lines - 1).unwrap_or(data.len());
            data = data.get(end.next_multiple_of(BLOCK_BYTES)..).unwrap_or_default();
        }
        let mut bytes = vec![0; usize::try_from(self.size_bytes).unwrap_or(0)];
        let mut is_whole = true;
        for (offset, length) in &self.parts {
            let (Ok(from), Ok(length)) = (usize::try_from(*offset), usize::try_from(*length))
            else {
                is_whole = false;
                break;
            };
            let n_bytes = length.min(data.len());
            let Some(to) = bytes.get_mut(from..from.saturating_add(n_bytes)) else {
                is_whole = false;
                break;
            };
            to.copy_from_slice(&data[..n_bytes]);
            data = &data[n_bytes..];
            is_whole &= n_bytes == length;
        }
        let note = "parts of a sparse file are missing";
        let exception = (!is_whole).then(|| Exception::whole(Reason::Truncated, note));
        Unpacked { bytes, exception }
    }
}
