//! TTML: subtitles as XML, also called DFXP; speakers are agents that the head names.

use std::collections::HashMap;

use habeas_model::{Meaning, Part, Party, Place, PlaceKind};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Script;
use crate::formats::captioned::Captioned;
use crate::out::Out;

pub(super) fn is_ttml(head: &str) -> bool {
    let head = &head[..head.floor_char_boundary(4_096)];
    (head.contains("<tt ") || head.contains("<tt:tt "))
        && (head.contains("ttml") || head.contains("ttaf1"))
}

fn attribute(start: &BytesStart<'_>, wanted: &str) -> String {
    start
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == wanted)
        .map_or_else(String::new, |attribute| {
            let raw: &str = &attribute.value;
            quick_xml::escape::unescape(raw)
                .map_or_else(|_| raw.to_owned(), |text| text.into_owned())
        })
}

pub(super) fn read(text: &str, script: &mut Script, out: &mut Out<'_>) {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut agents: HashMap<String, String> = HashMap::new();
    let mut agent = String::new();
    let mut head = Some(Captioned::default());
    // What is said in the paragraph that is open: its times, its speaker, its words.
    let mut open: Option<(String, String, String, String)> = None;
    let mut element = String::new();
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => {
                start.local_name().as_ref().clone_into(&mut element);
                match element.as_str() {
                    "agent" => agent = attribute(&start, "id"),
                    "body" => hand_over(&mut head, out),
                    "p" => {
                        let end = attribute(&start, "end");
                        let end = if end.is_empty() { attribute(&start, "dur") } else { end };
                        let who = attribute(&start, "agent");
                        open = Some((attribute(&start, "begin"), end, who, String::new()));
                    }
                    "span" => {
                        let who = attribute(&start, "agent");
                        if let Some(open) = &mut open
                            && !who.is_empty()
                        {
                            open.2 = who;
                        }
                    }
                    _ => {}
                }
            }
            Ok(Event::Empty(start)) => {
                if let Some(open) = &mut open
                    && start.local_name().as_ref() == "br"
                {
                    open.3.push('\n');
                }
            }
            Ok(Event::End(end)) => {
                if end.local_name().as_ref() == "p"
                    && let Some((from, to, who, words)) = open.take()
                {
                    let speaker = agents.get(&who).map(String::as_str);
                    let said = super::pieces(&words);
                    for (inner, words) in said {
                        let speaker = speaker.or(inner.as_deref());
                        script.piece(&from, &to, speaker, words.trim(), None, out);
                    }
                }
                element.clear();
            }
            Ok(Event::Text(said)) => {
                if let Some(open) = &mut open {
                    for (index, word) in said.split_whitespace().enumerate() {
                        let is_apart = index > 0 || said.starts_with(char::is_whitespace);
                        if is_apart && !open.3.is_empty() && !open.3.ends_with(['\n', ' ']) {
                            open.3.push(' ');
                        }
                        open.3.push_str(word);
                    }
                    if said.ends_with(char::is_whitespace) && !open.3.ends_with(['\n', ' ']) {
                        open.3.push(' ');
                    }
                } else if !said.trim().is_empty() {
                    if element == "name" && !agent.is_empty() {
                        agents.insert(agent.clone(), said.trim().to_owned());
                    }
                    let meaning = if element == "name" { Meaning::Name } else { Meaning::Text };
                    let caption = if element.is_empty() { "text" } else { element.as_str() };
                    let mut late = Captioned::default();
                    head.as_mut().unwrap_or(&mut late).line(
                        caption,
                        &said,
                        meaning,
                        Party::Unknown,
                    );
                    hand_over(&mut Some(late).filter(|late| !late.is_empty()), out);
                }
            }
            Ok(Event::GeneralRef(name)) => {
                let resolved = match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => quick_xml::escape::resolve_predefined_entity(&name)
                        .map_or_else(|| format!("&{};", &*name), str::to_owned),
                };
                if let Some(open) = &mut open {
                    open.3.push_str(&resolved);
                }
            }
            Ok(_) => {}
            Err(_) => {
                hand_over(&mut head, out);
                script.hand_over(out);
                return super::damaged(text, at, out);
            }
        }
        if out.is_full() {
            return;
        }
    }
    hand_over(&mut head, out);
    if let Some((from, to, who, words)) = open {
        script.piece(&from, &to, agents.get(&who).map(String::as_str), &words, None, out);
    }
}

fn hand_over(head: &mut Option<Captioned>, out: &mut Out<'_>) {
    if let Some(head) = head.take().filter(|head| !head.is_empty()) {
        let passage = head.into_record(Place::new(PlaceKind::Header, 1), Part::Properties);
        out.passage(habeas_model::Passage { is_record: false, ..passage });
    }
}
