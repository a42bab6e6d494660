//! Which list are the records of a JSON text?

use super::lexer::{Lexer, Token};

/// What a first pass over the text found.
pub(super) struct Plan {
    /// How many values there are at the outermost level: more than one in JSON Lines.
    pub(super) n_values: usize,
    /// How many levels are open around a record; `None` if a value is a record as a whole.
    pub(super) records_depth: Option<usize>,
    list: std::ops::Range<usize>,
}

/// An open object or list, and what is known of its members.
struct Open {
    start: usize,
    is_list: bool,
    /// Is every level around it an object, so that there is just one of it?
    is_single: bool,
    n: usize,
    n_containers: usize,
    /// The first key of its first member, and how many members begin with the same.
    first_key: Option<String>,
    n_alike: usize,
}

struct Candidate {
    range: std::ops::Range<usize>,
    depth: usize,
}

impl Plan {
    pub(super) fn of(text: &str) -> Self {
        let mut lexer = Lexer::new(text);
        let mut open: Vec<Open> = Vec::new();
        let mut best: Option<Candidate> = None;
        let mut n_values = 0;
        while let Some(token) = lexer.next() {
            match token {
                Ok(Token::Open { is_list, at }) => {
                    if open.is_empty() {
                        n_values += 1;
                    }
                    let is_single = open.iter().all(|outer| !outer.is_list);
                    if let Some(outer) = open.last_mut() {
                        outer.n += 1;
                        outer.n_containers += 1;
                    }
                    open.push(Open {
                        start: at,
                        is_list,
                        is_single,
                        n: 0,
                        n_containers: 0,
                        first_key: None,
                        n_alike: 0,
                    });
                }
                Ok(Token::Key(key)) => {
                    let [.., outer, inner] = open.as_mut_slice() else { continue };
                    if inner.n > 0 || !outer.is_single {
                        continue;
                    }
                    match &outer.first_key {
                        None => {
                            outer.first_key = Some(key.into_owned());
                            outer.n_alike = 1;
                        }
                        Some(first) => outer.n_alike += usize::from(*first == key),
                    }
                }
                Ok(Token::Scalar(_)) => match open.last_mut() {
                    Some(outer) => outer.n += 1,
                    None => n_values += 1,
                },
                Ok(Token::Comment(_)) => {}
                Ok(Token::Close) => {
                    let Some(closed) = open.pop() else { continue };
                    consider(&closed, lexer.at(), lexer.depth(), &mut best);
                }
                Err(_) => {
                    // Damage in one of many lines makes them no less lines.
                    let at = lexer.at();
                    n_values += usize::from(n_values > 0 && is_line_after(text, at));
                    break;
                }
            }
        }
        // A list that was cut off is a list all the same.
        while let Some(cut) = open.pop() {
            consider(&cut, text.len(), open.len(), &mut best);
        }
        let best = best.filter(|best| {
            n_values == 1 && (best.depth == 0 || best.range.len() * 2 >= text.trim().len())
        });
        match best {
            Some(best) => Self { n_values, records_depth: Some(best.depth + 1), list: best.range },
            None => Self { n_values, records_depth: None, list: 0..text.len() },
        }
    }

    /// Does an offset lie in the list of records?
    pub(super) fn is_in_list(&self, at: usize) -> bool {
        self.list.contains(&at)
    }
}

/// Is the line after an offset a whole value by itself?
fn is_line_after(text: &str, at: usize) -> bool {
    let Some((_, after)) = text.get(at..).and_then(|rest| rest.split_once('\n')) else {
        return false;
    };
    let line = after.trim_start().lines().next().unwrap_or_default();
    let mut lexer = Lexer::new(line);
    let mut n_tokens = 0;
    loop {
        match lexer.next() {
            Some(Ok(_)) => n_tokens += 1,
            Some(Err(_)) => return false,
            None => return n_tokens >= 2,
        }
    }
}

/// Takes a container for the list of records if it can be, and is larger than the one before.
fn consider(container: &Open, end: usize, depth: usize, best: &mut Option<Candidate>) {
    if !container.is_single {
        return;
    }
    let range = container.start..end;
    let is_list_of_records = container.is_list
        && (depth == 0 || container.n_containers > 0 && container.n_containers == container.n);
    // Records under their ids: members that all begin alike.
    let is_map_of_records = !container.is_list
        && container.n >= 2
        && container.n_containers == container.n
        && container.n_alike == container.n;
    let is_larger = best.as_ref().is_none_or(|best| range.len() > best.range.len());
    // Of a map and a list in it the outer one is larger, and the right one.
    if (is_list_of_records || is_map_of_records) && is_larger {
        *best = Some(Candidate { range, depth });
    }
}
