//! Rows, messages, letters and log lines as readers hand them over.

use habeas_model::{Field, Meaning, Part, Party, Passage, Place, PlaceKind};

/// A row: a caption and a value a line, each a field.
pub(super) fn row(number: usize, columns: &[(&str, &str, Meaning, Party)]) -> Passage {
    let mut passage = Passage::text(Place::new(PlaceKind::Row, number), "");
    for (caption, value, meaning, party) in
        columns.iter().filter(|(_, value, ..)| !value.is_empty())
    {
        if !passage.text.is_empty() {
            passage.text.push('\n');
        }
        field(&mut passage, caption, Meaning::Caption, Party::Unknown);
        passage.text.push_str(": ");
        field(&mut passage, value, *meaning, *party);
    }
    passage.is_record = true;
    passage
}

fn field(passage: &mut Passage, text: &str, meaning: Meaning, party: Party) {
    let start = passage.text.len();
    passage.text.push_str(text);
    passage.fields.push(Field { range: start..passage.text.len(), meaning, party });
}

/// The head and body of a message.
pub(super) fn mail(
    from: (&str, &str),
    to: &[(&str, &str)],
    subject: &str,
    body: &str,
) -> Vec<Passage> {
    let mut head = Passage::text(Place::new(PlaceKind::Header, 1), "");
    (head.is_record, head.part) = (true, Part::Header);
    let line = |head: &mut Passage, caption: &str, people: &[(&str, &str)], party: Party| {
        if !head.text.is_empty() {
            head.text.push('\n');
        }
        field(head, caption, Meaning::Caption, Party::Unknown);
        head.text.push_str(": ");
        for (at, (name, address)) in people.iter().enumerate() {
            if at > 0 {
                head.text.push_str(", ");
            }
            if !name.is_empty() {
                field(head, name, Meaning::Name, party);
                head.text.push_str(" <");
                field(head, address, Meaning::Email, party);
                head.text.push('>');
            } else {
                field(head, address, Meaning::Email, party);
            }
        }
    };
    line(&mut head, "From", &[from], Party::Sender);
    line(&mut head, "To", to, Party::Recipient);
    head.text.push('\n');
    field(&mut head, "Subject", Meaning::Caption, Party::Unknown);
    head.text.push_str(": ");
    field(&mut head, subject, Meaning::Text, Party::Unknown);
    let mut text = Passage::text(Place::new(PlaceKind::Message, 1), body);
    text.is_record = true;
    vec![head, text]
}

/// A line of a log.
pub(super) fn line(number: usize, text: &str) -> Passage {
    Passage { is_record: true, ..Passage::text(Place::new(PlaceKind::Line, number), text) }
}

/// A page of a letter.
pub(super) fn page(number: usize, text: &str) -> Passage {
    Passage::text(Place::new(PlaceKind::Page, number), text)
}

/// One message of a chat, as exports have it.
pub(super) fn said(number: usize, time: &str, sender: &str, text: &str) -> Passage {
    let mut passage = Passage::text(Place::new(PlaceKind::Message, number), format!("[{time}] "));
    field(&mut passage, sender, Meaning::Name, Party::Sender);
    passage.text.push_str(": ");
    field(&mut passage, text, Meaning::Text, Party::Unknown);
    passage.is_record = true;
    passage
}
