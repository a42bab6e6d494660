//! JSON as a tree, of which the records are handed over one by one.
//!
//! Only what stands around the records is kept, so that an export of any length is read in the
//! memory of one message.

use std::fmt::Write;

use crate::formats::json::lexer::{Lexer, Token};
use crate::formats::json::repaired;

/// A value of JSON. A key that comes twice comes twice.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A string, or a number or word as it is written; `null` is empty.
    Scalar(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// How many values the tree of one record, or of all that stands around them, may have.
const MAX_VALUES: usize = 1_000_000;

/// Why a text cannot be read as a tree: it is damaged, or one record is too large.
#[derive(Debug)]
pub(super) struct NoTree;

impl Value {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(have, _)| have == key).map(|(_, value)| value)
    }

    /// The value at a path of keys, such as `["from", "user"]`.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text at a path of keys; empty if there is none.
    pub(super) fn text(&self, path: &[&str]) -> &str {
        match self.at(path) {
            Some(Self::Scalar(text)) => text,
            _ => "",
        }
    }

    /// The elements of the list under a key.
    pub(super) fn list(&self, key: &str) -> &[Self] {
        match self.get(key) {
            Some(Self::List(elements)) => elements,
            _ => &[],
        }
    }

    /// Takes the value at a path of keys out.
    pub(super) fn take(&mut self, path: &[&str]) -> Option<Self> {
        let (last, front) = path.split_last()?;
        let mut value = self;
        for key in front {
            let Self::Object(members) = value else { return None };
            value = members.iter_mut().find(|(have, _)| have == key).map(|(_, value)| value)?;
        }
        let Self::Object(members) = value else { return None };
        let at = members.iter().position(|(have, _)| have == last)?;
        Some(members.remove(at).1)
    }

    /// Takes the text at a path of keys out; what is no text stays, and the answer is empty.
    pub(super) fn take_text(&mut self, path: &[&str]) -> String {
        match self.at(path) {
            Some(Self::Scalar(_)) => match self.take(path) {
                Some(Self::Scalar(text)) => text,
                _ => String::new(),
            },
            _ => String::new(),
        }
    }

    /// Takes the list at a path of keys out; empty if there is none.
    pub(super) fn take_list(&mut self, path: &[&str]) -> Vec<Self> {
        match self.at(path) {
            Some(Self::List(_)) => match self.take(path) {
                Some(Self::List(elements)) => elements,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// Every text in it with its path, in order.
    pub(super) fn leaves(&self) -> Vec<(String, &str)> {
        let mut leaves = Vec::new();
        self.collect(String::new(), &mut leaves);
        leaves
    }

    // As deep as the lexer lets values be, which is 128 levels.
    fn collect<'v>(&'v self, path: String, leaves: &mut Vec<(String, &'v str)>) {
        match self {
            Self::Scalar(text) if text.trim().is_empty() => {}
            Self::Scalar(text) => leaves.push((path, text)),
            Self::List(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    let mut path = path.clone();
                    let _ = write!(path, "[{}]", index + 1);
                    element.collect(path, leaves);
                }
            }
            Self::Object(members) => {
                for (key, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    value.collect(format!("{path}{dot}{key}"), leaves);
                }
            }
        }
    }
}

/// An open object or list.
struct Level {
    value: Value,
    key: String,
    /// How long the path is without it.
    path_bytes: usize,
}

/// Walks over a text. A value whose path `is_record` goes to `each`, with the objects around it as
/// far as they are read, and what stands around the records comes back.
///
/// A path is written `chats.list[].messages[]`; each value of JSON Lines has the empty path.
pub(super) fn walk(
    text: &str,
    is_record: fn(&str) -> bool,
    each: &mut dyn FnMut(Value, &[&Value]) -> bool,
) -> Result<Value, NoTree> {
    let mut lexer = Lexer::new(text);
    let mut open: Vec<Level> = Vec::new();
    let mut path = String::new();
    let mut roots = Vec::new();
    // Of the record that is being read, and of all around the records.
    let (mut n_inner, mut n_outer, mut record_depth) = (0_usize, 0_usize, None);
    while let Some(token) = lexer.next() {
        let done = match token.map_err(|_| NoTree)? {
            Token::Key(key) => {
                if let Some(level) = open.last_mut() {
                    level.key = key.into_owned();
                }
                continue;
            }
            Token::Open { is_list, .. } => {
                let path_bytes = path.len();
                step(&mut path, open.last());
                // A list is never a record by itself: its elements are.
                if record_depth.is_none() && !(is_list && path.is_empty()) && is_record(&path) {
                    record_depth = Some(open.len());
                    n_inner = 0;
                }
                let value =
                    if is_list { Value::List(Vec::new()) } else { Value::Object(Vec::new()) };
                open.push(Level { value, key: String::new(), path_bytes });
                continue;
            }
            Token::Scalar(text) => {
                let path_bytes = path.len();
                step(&mut path, open.last());
                Level {
                    value: Value::Scalar(repaired(&text).into_owned()),
                    key: String::new(),
                    path_bytes,
                }
            }
            Token::Close => open.pop().ok_or(NoTree)?,
            // The reader of all other JSON keeps what stands in it.
            Token::Comment(_) => return Err(NoTree),
        };
        let n = if record_depth.is_some() { &mut n_inner } else { &mut n_outer };
        *n += 1;
        if *n > MAX_VALUES {
            return Err(NoTree);
        }
        let is_whole =
            record_depth == Some(open.len()) || (record_depth.is_none() && is_record(&path));
        path.truncate(done.path_bytes);
        if is_whole {
            record_depth = None;
            let parents: Vec<&Value> = open.iter().map(|level| &level.value).collect();
            if !each(done.value, &parents) {
                break;
            }
            continue;
        }
        match open.last_mut() {
            Some(Level { value: Value::List(elements), .. }) => elements.push(done.value),
            Some(Level { value: Value::Object(members), key, .. }) => {
                members.push((std::mem::take(key), done.value));
            }
            _ => roots.push(done.value),
        }
    }
    // Of JSON Lines there are many values outside.
    Ok(if roots.len() > 1 {
        Value::List(roots)
    } else {
        roots.pop().unwrap_or(Value::List(Vec::new()))
    })
}

fn step(path: &mut String, outer: Option<&Level>) {
    match outer {
        Some(Level { value: Value::List(_), .. }) => path.push_str("[]"),
        Some(level) => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&level.key);
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_one_by_one_and_the_rest_stays() {
        let text =
            r#"{"name":"x","chats":[{"id":1,"messages":[{"a":"b"},{"a":["c","d"]}]}],"end":2}"#;
        let mut got = Vec::new();
        let around = walk(text, |path| path == "chats[].messages[]", &mut |value, parents| {
            let id = parents.last().map(|_| parents[2].text(&["id"]).to_owned());
            got.push((format!("{:?}", value.leaves()), id));
            true
        });
        assert_eq!(
            got,
            [
                (r#"[("a", "b")]"#.to_owned(), Some("1".to_owned())),
                (r#"[("a[1]", "c"), ("a[2]", "d")]"#.to_owned(), Some("1".to_owned())),
            ]
        );
        let leaves = format!("{:?}", around.unwrap().leaves());
        assert_eq!(leaves, r#"[("name", "x"), ("chats[1].id", "1"), ("end", "2")]"#);
        assert!(walk("{\"a\":", |_| false, &mut |_, _| true).is_err());
    }
}
