//! Which files stand in the text of an old message?
//!
//! Before MIME, a file was written into the text: a line `begin 644 name`, lines that tell their own
//! length, and `end` (POSIX.1-2024, `uuencode`). They are taken out, so that the text is a text again.

use std::borrow::Cow;

use habeas_model::Reason;

use super::body::from_base64;

/// A file that stood in a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// What is wrong with it.
    pub(crate) trouble: Option<(Reason, &'static str)>,
}

/// A full line has so many bytes.
const FULL: usize = 45;
/// So many lines that are none of a file, one after the other, are a text again.
const MAX_STRAY: usize = 10;

/// The text without the files in it, and the files.
pub(crate) fn taken(text: &str) -> (Cow<'_, str>, Vec<File>) {
    if !text.contains("begin") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut kept, mut files, mut at) = (String::new(), Vec::new(), 0);
    while let Some(line) = lines.get(at) {
        let block = Head::of(line).and_then(|head| head.block(&lines[at + 1..], &mut kept));
        match block {
            Some((file, n_lines)) => {
                files.push(file);
                at += 1 + n_lines;
            }
            None => {
                kept.push_str(line);
                at += 1;
            }
        }
    }
    if files.is_empty() { (Cow::Borrowed(text), files) } else { (Cow::Owned(kept), files) }
}

/// The line with which a file begins.
struct Head<'t> {
    /// What stands before each of its lines, where somebody quotes them.
    quote: &'t str,
    name: &'t str,
    is_base64: bool,
}

impl<'t> Head<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let (quote, rest) = line.split_at(line.find("begin")?);
        let (first, rest) = rest.trim_end().split_once(' ')?;
        let (mode, name) = rest.trim_start().split_once(' ')?;
        let is_head = quote.bytes().all(|byte| b"> |".contains(&byte))
            && matches!(first, "begin" | "begin-base64")
            && matches!(mode.len(), 3 | 4)
            && mode.bytes().all(|digit| (b'0'..=b'7').contains(&digit));
        let name = name.trim();
        (is_head && !name.is_empty()).then_some(Self {
            quote,
            name,
            is_base64: first == "begin-base64",
        })
    }

    /// A line without what quotes it and without its end; `None` if it is not quoted as it should.
    fn inner<'l>(&self, line: &'l str) -> Option<&'l str> {
        let inner =
            line.strip_prefix(self.quote).or_else(|| line.strip_prefix(self.quote.trim_end()))?;
        Some(inner.trim_end_matches(['\r', '\n']))
    }

    fn is_end(&self, line: &str) -> bool {
        let end = if self.is_base64 { "====" } else { "end" };
        self.inner(line).is_some_and(|line| line.trim_end() == end)
    }

    /// The file whose lines these begin with, and how many of them are its own. What is within it
    /// and is no line of it stays in the text.
    fn block(&self, lines: &[&str], kept: &mut String) -> Option<(File, usize)> {
        let bytes_of = |line: &&str, has_end| {
            let inner = self.inner(line)?;
            if self.is_base64 { of_base64(inner) } else { of_line(inner, has_end) }
        };
        let is_begun = lines
            .iter()
            .take(2)
            .any(|line| bytes_of(line, false).is_some_and(|bytes| !bytes.is_empty()));
        let n_lines = self.n_lines(lines, &bytes_of);
        let is_empty = n_lines.is_some_and(|n| {
            n <= 2 && lines[..n].iter().all(|line| bytes_of(line, false).is_some())
        });
        if !is_begun && !is_empty {
            return None;
        }
        let has_end = n_lines.is_some();
        // Who writes zeros as accents has no spaces at the end of lines that could go astray.
        let has_accents = lines.iter().take(n_lines.unwrap_or(0)).any(|line| line.contains('`'));
        let (mut bytes, mut is_damaged, mut n_taken) = (Vec::new(), false, 0);
        for line in lines.iter().take(n_lines.unwrap_or(lines.len())) {
            match bytes_of(line, has_end) {
                Some(found) if !has_end => {
                    n_taken += 1;
                    let is_last = !self.is_base64 && found.len() < FULL;
                    bytes.extend(found);
                    if is_last {
                        // A line of no bytes says that no more come.
                        let next = lines.get(n_taken).and_then(|line| self.inner(line));
                        n_taken += usize::from(next.is_some_and(|line| line.trim_end() == "`"));
                        break;
                    }
                }
                Some(found) => {
                    let is_short = !self.is_base64 && bytes_of(line, false).is_none();
                    is_damaged |= is_short && has_accents;
                    bytes.extend(found);
                }
                None if has_end => {
                    is_damaged |= !line.trim().is_empty();
                    kept.push_str(line);
                }
                None => {
                    // The last line there is may be cut.
                    let is_last = lines[n_taken + 1..].iter().all(|line| line.trim().is_empty());
                    if is_last && let Some(found) = self.inner(line).and_then(of_cut_line) {
                        bytes.extend(found);
                        n_taken += 1;
                    }
                    break;
                }
            }
        }
        let trouble = match (has_end, is_damaged) {
            (false, _) => Some((Reason::Truncated, "has no end")),
            (true, true) => Some((Reason::Corrupt, "has damaged lines")),
            (true, false) => None,
        };
        // Its last line is that with the word `end`.
        let n_lines = n_lines.map_or(n_taken, |n| n + 1);
        Some((File { name: self.name.to_owned(), bytes, trouble }, n_lines))
    }

    /// How many lines stand before the end; `None` if there is none before the text goes on or
    /// another file begins.
    fn n_lines(
        &self,
        lines: &[&str],
        bytes_of: &dyn Fn(&&str, bool) -> Option<Vec<u8>>,
    ) -> Option<usize> {
        let mut n_stray = 0;
        for (index, line) in lines.iter().enumerate() {
            if self.is_end(line) {
                return Some(index);
            }
            if n_stray > MAX_STRAY || Head::of(line).is_some() {
                return None;
            }
            n_stray = if bytes_of(line, false).is_some() { 0 } else { n_stray + 1 };
        }
        None
    }
}

/// The bytes of a line; `None` if it is none. With `may_be_short`, what is missing at its end are
/// spaces, which stand for zeros and which mail programs cut off.
fn of_line(line: &str, may_be_short: bool) -> Option<Vec<u8>> {
    let Some((first, rest)) = line.as_bytes().split_first() else { return Some(Vec::new()) };
    if !line.bytes().all(|byte| (b' '..=b'`').contains(&byte)) {
        return None;
    }
    let n = usize::from((first - b' ') & 63);
    let n_least = (n * 8).div_ceil(6);
    // One or two characters more are a sum to check the line.
    if rest.trim_ascii_end().len() > n.div_ceil(3) * 4 + 2 || rest.len() < n_least && !may_be_short
    {
        return None;
    }
    let six = |index: usize| rest.get(index).map_or(0, |byte| u32::from((byte - b' ') & 63));
    let mut bytes = Vec::with_capacity(n + 2);
    for group in 0..n.div_ceil(3) {
        let bits = (0..4).fold(0, |bits, index| bits << 6 | six(4 * group + index));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    bytes.truncate(n);
    Some(bytes)
}

/// The bytes that are there of a line whose end is cut off.
fn of_cut_line(line: &str) -> Option<Vec<u8>> {
    let mut bytes = of_line(line, true)?;
    bytes.truncate(line.len().saturating_sub(1) * 6 / 8);
    // Words in capitals have spaces.
    (line.starts_with('M') && !line.contains(' ') && bytes.len() > 6).then_some(bytes)
}

fn of_base64(line: &str) -> Option<Vec<u8>> {
    let line = line.trim_end();
    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let is_whole = line.len().is_multiple_of(4) && line.bytes().all(is_of_it);
    (is_whole && !line.is_empty()).then(|| from_base64(line.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encodes with accents for zeros, as most do.
    fn encoded(name: &str, bytes: &[u8]) -> String {
        let mut text = format!("begin 644 {name}\n");
        let letter = |six: u32| char::from(if six == 0 { b'`' } else { six as u8 + b' ' });
        for line in bytes.chunks(FULL) {
            text.push(letter(line.len() as u32));
            for group in line.chunks(3) {
                let at = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
                let bits = at(0) << 16 | at(1) << 8 | at(2);
                text.extend([18, 12, 6, 0].map(|shift| letter(bits >> shift & 63)));
            }
            text.push('\n');
        }
        text + "`\nend\n"
    }

    fn check(text: &str, kept: &str, files: &[(&str, &[u8], Option<Reason>)]) {
        let (got, found) = taken(text);
        assert_eq!(got, kept, "{text}");
        let found: Vec<_> = found
            .iter()
            .map(|file| (&*file.name, &*file.bytes, file.trouble.map(|(reason, _)| reason)))
            .collect();
        assert_eq!(found, files, "{text}");
    }

    #[test]
    fn files_are_taken_out_of_a_text() {
        let bytes: Vec<u8> = (0..=255).collect();
        let block = encoded("all bytes.bin", &bytes);
        let all: (&str, &[u8], _) = ("all bytes.bin", &bytes, None);
        check(&format!("Dear Zoe\n{block}Amara\n"), "Dear Zoe\nAmara\n", &[all]);
        check(&block.replace('\n', "\r\n"), "", &[all]);
        check(&format!("{block}{block}"), "", &[all, all]);
        // As Python's and others write it: spaces for zeros, of which those at the end may go.
        let spaced: Vec<String> =
            block.replace('`', " ").lines().map(|line| line.trim_end().to_owned()).collect();
        check(&spaced.join("\n"), "", &[all]);
        let quoted: String = block.lines().map(|line| format!("> {line}\n")).collect();
        check(&format!("Zoe wrote:\n{quoted}"), "Zoe wrote:\n", &[all]);
        check("begin 600 none\n`\nend\n", "", &[("none", b"", None)]);
        check("begin-base64 644 a.txt\nQW1hcmE=\n====\nBo\n", "Bo\n", &[("a.txt", b"Amara", None)]);
    }

    #[test]
    fn what_only_looks_like_a_file_stays_a_text() {
        for text in [
            "We begin 644 visits\nand end\n",
            "begin 644 visits in May\nwith Amara Lind\nend\n",
            "begin 999 x\n#86UA\nend\n",
            "begin 644\n#86UA\nend\n",
            "begin",
            "begin 644 x",
            "begin 644 x\n",
        ] {
            check(text, text, &[]);
        }
    }

    #[test]
    fn a_damaged_file_gives_what_it_has_and_loses_no_text() {
        let bytes: Vec<u8> = (0..200).collect();
        let block = encoded("a.bin", &bytes);
        let lines: Vec<&str> = block.lines().collect();
        let truncated = Some(Reason::Truncated);
        // Without its end, and then a text, also one in capitals.
        let cut = lines[..3].join("\n");
        for after in ["\nDear Amara\n", "\nOK\n", "\n\nBEST WISHES\n"] {
            let kept = after.strip_prefix('\n').unwrap();
            // An empty line is where a file ends.
            let kept = kept.strip_prefix('\n').unwrap_or(kept);
            check(&format!("{cut}{after}"), kept, &[("a.bin", &bytes[..90], truncated)]);
        }
        check(&lines[..lines.len() - 1].join("\n"), "", &[("a.bin", &bytes, truncated)]);
        // Cut within a line.
        check(&format!("{cut}\n{}", &lines[3][..21]), "", &[("a.bin", &bytes[..105], truncated)]);
        // A line that is none, and one that is too short.
        let strange = block.replacen(lines[2], "Amara Lind was here", 1);
        let without = [&bytes[..45], &bytes[90..]].concat();
        let corrupt = Some(Reason::Corrupt);
        check(&strange, "Amara Lind was here\n", &[("a.bin", &without, corrupt)]);
        let short = block.replacen(lines[2], &lines[2][..40], 1);
        let (_, found) = taken(&short);
        assert_eq!((found[0].bytes.len(), found[0].trouble.map(|t| t.0)), (200, corrupt));
        // Another one begins before this one ends.
        let twice = format!("{cut}\n{block}");
        check(&twice, "", &[("a.bin", &bytes[..90], truncated), ("a.bin", &bytes, None)]);
    }

    #[test]
    fn many_beginnings_cost_no_more_than_other_text() {
        let text = "begin 644 x\n#86UA\n".repeat(50_000);
        assert_eq!(taken(&text).1.len(), 50_000);
        let text = "begin 644 x\nAmara\n".repeat(50_000);
        assert_eq!(taken(&text).1.len(), 0);
    }
}
