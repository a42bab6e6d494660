//! Where does each record of a JSON text stand?

use std::ops::Range;

use super::lexer::{Lexer, Token};
use super::plan::Plan;

/// The records of a text, numbered as they are read.
pub(crate) struct Records {
    /// Is each a value by itself, numbered by its line?
    pub(crate) are_lines: bool,
    /// Number and range of each, its key included where it has one.
    pub(crate) found: Vec<(usize, Range<usize>)>,
}

/// The records of a text; `None` if it is one value as a whole, or damaged.
pub(crate) fn records(text: &str) -> Option<Records> {
    let plan = Plan::of(text);
    let are_lines = plan.n_values > 1;
    let depth = match plan.records_depth {
        Some(depth) => depth,
        None if are_lines => 0,
        None => return None,
    };
    let mut lexer = Lexer::new(text);
    let (mut open, mut begun, mut key) = (0_usize, None, None);
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    let (mut line, mut line_at) = (1, 0);
    loop {
        let after_blank = lexer.at() + blank(text.get(lexer.at()..)?);
        let Some(token) = lexer.next() else { break };
        let is_here = |open: usize, at: usize| open == depth && plan.is_in_list(at);
        let mut ends = false;
        match token.ok()? {
            Token::Key(_) => key = (open == depth).then_some(after_blank),
            Token::Comment(_) => {}
            Token::Open { at, .. } => {
                if begun.is_none() && is_here(open, at) {
                    begun = Some(key.take().unwrap_or(at));
                }
                open += 1;
            }
            Token::Close => {
                open = open.checked_sub(1)?;
                ends = open == depth;
            }
            Token::Scalar(_) => {
                if begun.is_none() && is_here(open, after_blank) {
                    begun = Some(key.take().unwrap_or(after_blank));
                    ends = true;
                }
            }
        }
        if ends && let Some(start) = begun.take() {
            line += text.get(line_at..start)?.matches('\n').count();
            line_at = start;
            let number = if are_lines { line } else { found.len() + 1 };
            found.push((number, start..lexer.at()));
        }
    }
    Some(Records { are_lines, found })
}

/// How many bytes of white space and commas a text begins with.
fn blank(text: &str) -> usize {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | 0x1e);
    text.bytes().take_while(|byte| is_blank(byte)).count()
}
