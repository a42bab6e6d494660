//! What does the header before a member of a tar archive say?

use std::collections::HashMap;

use super::{BLOCK_BYTES, text};

/// A header whose check sum is right.
pub(super) struct Header<'a> {
    block: &'a [u8],
    /// What it is the header of: `0` a file, `5` a folder, `x` more of a header.
    pub(super) kind: u8,
    pub(super) size_bytes: u64,
}

impl<'a> Header<'a> {
    /// `None` if the check sum is wrong: what the block is, nobody knows.
    pub(super) fn parse(block: &'a [u8]) -> Option<Self> {
        let block = block.get(..BLOCK_BYTES)?;
        let stated = number(&block[148..156])?;
        let sum = |bytes: &[u8]| bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>();
        // Some old packers took bytes for signed.
        let signed = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(*byte as i8)).sum::<i64>();
        let (head, tail) = (&block[..148], &block[156..]);
        let is_right = stated == sum(head) + 8 * 32 + sum(tail)
            || i64::try_from(stated) == Ok(signed(head) + 8 * 32 + signed(tail));
        let is_empty = block[0] == 0 && stated == 256;
        (is_right && !is_empty).then(|| Self {
            block,
            kind: block[156],
            size_bytes: number(&block[124..136]).unwrap_or(0),
        })
    }

    /// Does its size count bytes that follow? That of a link or folder counts nothing, except
    /// where pax gives a hard link the bytes of its file.
    pub(super) fn has_data(&self) -> bool {
        match self.kind {
            b'1' => self.is_pax() && self.size_bytes > 0,
            b'2'..=b'6' => false,
            _ => true,
        }
    }

    /// POSIX signs with a NUL behind it, GNU with spaces.
    fn is_pax(&self) -> bool {
        self.block[257..263] == *b"ustar\0"
    }

    pub(super) fn name(&self) -> String {
        let name = until_nul(&self.block[..100]);
        let prefix = until_nul(&self.block[345..500]);
        if self.is_pax() && !prefix.is_empty() {
            return text(&[prefix, b"/", name].concat());
        }
        text(name)
    }

    pub(super) fn target(&self) -> String {
        text(until_nul(&self.block[157..257]))
    }
}

/// What the headers before a member say of it, by keyword.
#[derive(Default)]
pub(super) struct Extended(HashMap<String, Vec<u8>>, Vec<(u64, u64)>);

impl Extended {
    /// Takes records of the form `length keyword=value`, with a line feed at their end.
    pub(super) fn add(&mut self, mut data: &[u8]) {
        let mut offset = None;
        while let Some(space) = data.iter().take(20).position(|byte| *byte == b' ') {
            let length = std::str::from_utf8(&data[..space]).ok().and_then(|n| n.parse().ok());
            let Some(length) = length.filter(|length: &usize| *length > space + 1) else { return };
            let Some(record) = data.get(space + 1..length) else { return };
            data = &data[length..];
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            let Some(equals) = record.iter().position(|byte| *byte == b'=') else { continue };
            let (keyword, value) = (text(&record[..equals]), &record[equals + 1..]);
            // The oldest form of a sparse file repeats two keywords.
            let number = || std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
            match keyword.as_str() {
                "GNU.sparse.offset" => offset = number(),
                "GNU.sparse.numbytes" => self.1.extend(offset.zip(number())),
                _ => self.set(&keyword, value),
            }
        }
    }

    pub(super) fn set(&mut self, keyword: &str, value: &[u8]) {
        self.0.insert(keyword.to_owned(), until_nul(value).to_vec());
    }

    pub(super) fn text(&self, keyword: &str, global: &Self) -> Option<String> {
        let value = self.0.get(keyword).or_else(|| global.0.get(keyword))?;
        (!value.is_empty()).then(|| text(value))
    }

    pub(super) fn number(&self, keyword: &str) -> Option<u64> {
        std::str::from_utf8(self.0.get(keyword)?).ok()?.parse().ok()
    }

    pub(super) fn size(&self, global: &Self) -> Option<u64> {
        self.number("size").or_else(|| global.number("size"))
    }

    /// The parts of a sparse file as the oldest form has them.
    pub(super) fn parts(&self) -> &[(u64, u64)] {
        &self.1
    }
}

/// A number in octal digits, or in 256s where the first bit is set.
pub(super) fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        let first = u64::from(field[0] & 0x7f);
        let mut rest = field[1..].iter();
        return rest
            .try_fold(first, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let digits = until_nul(field).trim_ascii();
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_number(field: &[u8], value: Option<u64>) {
        assert_eq!(number(field), value, "{field:?}");
    }

    #[test]
    fn a_number_is_octal_or_binary() {
        check_number(b"0000644\0", Some(0o644));
        check_number(b"   12 \0", Some(0o12));
        check_number(b"\x80\0\0\0\0\0\x01\0", Some(256));
        check_number(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None);
        check_number(b"9", None);
        check_number(b"\0", None);
    }

    #[test]
    fn records_name_keywords() {
        let mut extended = Extended::default();
        extended.add("8 a=one\n8 b=two\n99 path=far\n".as_bytes());
        let none = Extended::default();
        assert_eq!(extended.text("path", &none), None);
        assert_eq!(extended.text("b", &none).as_deref(), Some("two"));
        extended.add("22 path=Zoë/löw.txt\n12 size=512\n".as_bytes());
        assert_eq!(extended.text("path", &none).as_deref(), Some("Zoë/löw.txt"));
        assert_eq!(extended.size(&none), Some(512));
    }
}
