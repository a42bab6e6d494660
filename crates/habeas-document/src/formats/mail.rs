//! What do all kinds of messages have in common?

pub(crate) mod attachments;
pub(crate) mod body;
pub(crate) mod head;
pub(crate) mod quoted;

/// The text of HTML, until there is a reader of it.
pub(crate) fn html_text(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    text
}
