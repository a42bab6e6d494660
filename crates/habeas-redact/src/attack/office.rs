//! Does a workbook or a document hold anything that a file of ours never holds?

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::sync::LazyLock;

use regex::Regex;

/// Parts that no file of ours has, by a word of their name.
const UNWANTED: &[(&str, &str)] = &[
    ("comment", "comments"),
    ("pivotcache", "the cache of a pivot table"),
    ("pivottable", "a pivot table"),
    ("externallink", "copies of another workbook"),
    ("vbaproject", "a program"),
    ("embeddings/", "an embedded file"),
    ("customxml", "data beside the document"),
    ("docprops/custom", "properties of its own"),
    ("docprops/thumbnail", "a picture of the first page"),
    ("persons/", "people who commented"),
    ("people.xml", "people who commented"),
    ("revisions/", "a log of changes"),
    ("connections", "connections to data"),
    ("querytable", "connections to data"),
    ("glossary/", "building blocks"),
    ("printersettings", "settings of a printer"),
];

/// Stretches that no part of ours has.
static MARKS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        (r#"state="(?:hidden|veryHidden)""#, "a hidden sheet"),
        (r#"<(?:row|col)\b[^>]*\bhidden="(?:1|true)""#, "a hidden row or column"),
        (r"<w:(?:del|ins|moveFrom|moveTo)\b", "a tracked change"),
        (r"<w:(?:vanish|webHidden)\b", "hidden text"),
        (r"<w:instrText\b", "the code of a field"),
        (r"<(?:dc:creator|cp:lastModifiedBy)>[^<]", "an author"),
        (r"<(?:Company|Manager|Template)>[^<]", "a company, a manager or a template"),
        (r"<definedName\b", "a named range"),
        (r"<dataValidation\b", "a list to choose from"),
    ]
    .into_iter()
    .filter_map(|(pattern, what)| Some((Regex::new(pattern).ok()?, what)))
    .collect()
});

/// How much of one part is looked at.
const MAX_PART: u64 = 256 << 20;

/// What a workbook, document or presentation of ours never holds; `None` if it is none of them.
pub(super) fn hygiene(bytes: &[u8]) -> Option<Vec<String>> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Some(vec!["a format that keeps what was deleted".to_owned()]);
    }
    if !bytes.starts_with(b"PK") {
        return None;
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    archive.index_for_name("[Content_Types].xml")?;
    let mut found = BTreeSet::new();
    for number in 0..archive.len() {
        let Ok(mut member) = archive.by_index(number) else {
            found.insert("a part that cannot be read".to_owned());
            continue;
        };
        let name = String::from_utf8_lossy(member.name_raw()).to_lowercase();
        for (word, what) in UNWANTED {
            if name.contains(word) {
                found.insert((*what).to_owned());
            }
        }
        if !name.ends_with(".xml") {
            continue;
        }
        let mut text = Vec::new();
        if member.by_ref().take(MAX_PART).read_to_end(&mut text).is_err() {
            found.insert("a part that cannot be read".to_owned());
        }
        let text = String::from_utf8_lossy(&text);
        for (mark, what) in MARKS.iter() {
            if mark.is_match(&text) {
                found.insert((*what).to_owned());
            }
        }
    }
    Some(found.into_iter().collect())
}
