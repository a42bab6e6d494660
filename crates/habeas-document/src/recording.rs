//! What does the name of a recording say: whose call was it, when, and which row of the call log?
//!
//! Telephone systems put the numbers, the time and the call's id in the names of recordings. The
//! id is the same as in the call log, so that a recording can be joined to its call.
//!
//! # Source
//! FreePBX wiki, Call Recording: `exten-ext-number-date-time-uniqueid`; 3CX, Recordings;
//! RingCentral, Call log; Telesis; WhatsApp and Zoom as they save.

use habeas_model::{Meaning, Party};

use crate::shape;

/// A part of a name: its caption, its value, what it means, and whose it is.
pub(crate) type Fact = (&'static str, String, Meaning, Party);

/// What the name of a recording says; nothing if it has no known form.
///
/// `name` is the item's own name, without folders. Times are local to the system that recorded.
pub(crate) fn facts(name: &str) -> Vec<Fact> {
    let stem = match name.rsplit_once('.') {
        // An id has a dot too: `….12206.wav`, and without an ending `….12206`.
        Some((stem, ending)) if ending.len() <= 5 && !is_digits(ending) => stem,
        _ => name,
    };
    // Both channels of a call are saved as one file each: `…-in.wav`, `…-out.wav`.
    let stem = stem.strip_suffix("-in").or(stem.strip_suffix("-out")).unwrap_or(stem);
    let found = asterisk(stem)
        .or_else(|| three_cx(stem))
        .or_else(|| telesis(stem))
        .or_else(|| yeastar(stem))
        .or_else(|| whatsapp(stem))
        .or_else(|| meeting(stem));
    found.unwrap_or_else(|| numbers_and_time(stem))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number of a telephone, perhaps with digits that were blacked out.
fn is_number(text: &str) -> bool {
    let plain = text.strip_prefix('+').unwrap_or(text);
    (2..=16).contains(&plain.len())
        && plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'X' | b'x' | b'*'))
        && plain.bytes().any(|byte| byte.is_ascii_digit())
}

/// The number and whose it is: an extension is the house's.
fn number(value: &str) -> Fact {
    if shape::is_extension(value) {
        ("Extension", value.to_owned(), Meaning::Phone, Party::Staff)
    } else {
        ("Number", value.to_owned(), Meaning::Phone, Party::Principal)
    }
}

fn text(caption: &'static str, value: &str) -> Fact {
    (caption, value.to_owned(), Meaning::Text, Party::Unknown)
}

fn other(caption: &'static str, value: &str) -> Fact {
    (caption, value.to_owned(), Meaning::Other, Party::Unknown)
}

fn reference(value: &str) -> Fact {
    ("Call", value.to_owned(), Meaning::Reference, Party::Unknown)
}

fn person(value: &str) -> Fact {
    // In a name of a file a space is often written so.
    let shown = value.replace(['_', '+'], " ");
    let shown = shown.trim();
    let meaning = if shape::count_digits(shown) > 0 { Meaning::Text } else { Meaning::Name };
    ("Name", shown.to_owned(), meaning, Party::Unknown)
}

fn when(date: &str, time: &str) -> Option<Fact> {
    let shown = moment(date, time)?;
    Some(("Recorded", shown, Meaning::Date, Party::Unknown))
}

/// `20250327` and `092517` as a time; six digits of a date are year, month and day.
fn moment(date: &str, time: &str) -> Option<String> {
    let date = if date.len() == 6 { format!("20{date}") } else { date.to_owned() };
    if !is_digits(&date) || date.len() != 8 || !is_digits(time) || !matches!(time.len(), 4 | 6) {
        return None;
    }
    let n = |text: &str, range: std::ops::Range<usize>| text[range].parse::<i8>().ok();
    let year = date[..4].parse::<i16>().ok().filter(|year| (1980..=2100).contains(year))?;
    let second = if time.len() == 6 { n(time, 4..6)? } else { 0 };
    let found = jiff::civil::DateTime::new(
        year,
        n(&date, 4..6)?,
        n(&date, 6..8)?,
        n(time, 0..2)?,
        n(time, 2..4)?,
        second,
        0,
    );
    Some(found.ok()?.to_string())
}

/// `1743042317.12206`: seconds since 1970 and a counter, perhaps with the system's name before it.
fn is_unique_id(text: &str) -> bool {
    text.split_once('.').is_some_and(|(front, back)| {
        is_digits(back) && (9..=11).contains(&front.len()) && is_digits(front)
    })
}

/// `force-0821XXXX8663-3201-20250327-092517-1743042317.12206` of Issabel and FreePBX: what began the
/// recording, the other end, the own end, date, time and the call's id.
fn asterisk(stem: &str) -> Option<Vec<Fact>> {
    let parts: Vec<&str> = stem.split('-').collect();
    let id = parts.iter().rposition(|part| is_unique_id(part));
    // The date and time stand before the id, in most versions.
    let (end, id) = match id {
        Some(at) => (at, Some(parts[at])),
        None => (parts.len(), None),
    };
    let front = &parts[..end];
    let kinds = [
        "force",
        "out",
        "in",
        "exten",
        "ext",
        "external",
        "internal",
        "q",
        "rg",
        "g",
        "conf",
        "group",
        "queue",
        "OUT",
        "IN",
        "auto",
        "always",
        "dontcare",
        "yes",
        "ondemand",
        "record",
        "recording",
    ];
    let kind = front.first()?;
    let (kind, first) = match kinds.iter().find(|known| *known == kind) {
        Some(_) => (Some(*kind), 1),
        // `g600`, `q600`, `OUT3201` of old versions: the kind and a number in one.
        None => match kind.strip_prefix(['g', 'q']).or_else(|| kind.strip_prefix("OUT")) {
            Some(rest) if is_number(rest) => (Some(&kind[..kind.len() - rest.len()]), 0),
            _ if id.is_some() => (None, 0),
            _ => return None,
        },
    };
    let mut facts: Vec<Fact> = kind.map(|kind| other("Recorded as", kind)).into_iter().collect();
    let mut rest = front.get(first..).unwrap_or_default().to_vec();
    if first == 0
        && let (Some(kind), Some(one)) = (kind, rest.first_mut())
    {
        *one = one.strip_prefix(kind).unwrap_or(one);
    }
    let mut time = None;
    if let [.., date, clock] = rest.as_slice()
        && let Some(found) = when(date, clock)
    {
        time = Some(found);
        rest.truncate(rest.len() - 2);
    }
    if time.is_none() && id.is_none() {
        return None;
    }
    for part in rest.iter().filter(|part| !part.is_empty()) {
        facts.push(if is_number(part) { number(part) } else { text("Label", part) });
    }
    facts.extend(time);
    facts.extend(id.map(reference));
    Some(facts)
}

/// `[Amara Lind]_07700900123-3201_20250327092517(1234)` of 3CX.
fn three_cx(stem: &str) -> Option<Vec<Fact>> {
    let (name, rest) = stem.strip_prefix('[')?.split_once(']')?;
    let (numbers, rest) = rest.strip_prefix('_')?.rsplit_once('_')?;
    let digits = rest.split('(').next().unwrap_or(rest);
    let time = when(digits.get(..8)?, digits.get(8..)?)?;
    let mut facts = Vec::new();
    // `Name:extension` where the call came through a queue.
    let (name, extension) = name.rsplit_once("%3A").or(name.rsplit_once(':')).unwrap_or((name, ""));
    if !name.trim().is_empty() {
        facts.push(person(name));
    }
    if is_number(extension) {
        facts.push(number(extension));
    }
    for part in numbers.split('-').filter(|part| !part.is_empty()) {
        facts.push(if is_number(part) { number(part) } else { text("Label", part) });
    }
    facts.push(time);
    if let Some(id) = rest.split_once('(').and_then(|(_, id)| id.strip_suffix(')')) {
        facts.push(reference(id));
    }
    Some(facts)
}

/// `07700900_250327_092517_12_I_3201_C_R_P` of Telesis: number, date, time, length, direction, own
/// number and flags.
fn telesis(stem: &str) -> Option<Vec<Fact>> {
    let parts: Vec<&str> = stem.split('_').collect();
    let [end, date, clock, rest @ ..] = parts.as_slice() else { return None };
    if date.len() != 6 || clock.len() != 6 || rest.len() < 3 || !is_number(end) {
        return None;
    }
    let mut facts = vec![number(end), when(date, clock)?];
    for part in rest.iter().filter(|part| !part.is_empty()) {
        let is_end = is_number(part) && part.len() > 2;
        facts.push(if is_end { number(part) } else { other("Code", part) });
    }
    Some(facts)
}

/// `20250327092517-1743042317.12-07700900123-3201-Inbound` of Yeastar and Grandstream, and the like:
/// a time of fourteen digits, and the ends.
fn yeastar(stem: &str) -> Option<Vec<Fact>> {
    let parts: Vec<&str> = stem.split(['-', '_']).filter(|part| !part.is_empty()).collect();
    let at = parts.iter().position(|part| {
        is_digits(part) && part.len() == 14 && moment(&part[..8], &part[8..]).is_some()
    })?;
    let mut facts = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index == at {
            facts.extend(when(&part[..8], &part[8..]));
        } else if is_unique_id(part) || (is_digits(part) && part.len() > 16) {
            facts.push(reference(part));
        } else if is_number(part) {
            facts.push(number(part));
        } else if part.eq_ignore_ascii_case("inbound")
            || part.eq_ignore_ascii_case("outbound")
            || part.eq_ignore_ascii_case("internal")
        {
            facts.push(other("Direction", part));
        } else {
            facts.push(text("Label", part));
        }
    }
    (parts.len() > 1).then_some(facts)
}

/// `PTT-20230815-WA0003`, `WhatsApp Audio 2023-08-15 at 09.12.33`, `00000012-AUDIO-2023-08-15-09-12-33`.
fn whatsapp(stem: &str) -> Option<Vec<Fact>> {
    let parts: Vec<&str> = stem.split('-').collect();
    if let [kind @ ("PTT" | "AUD" | "VID" | "IMG" | "DOC" | "STK"), date, rest] = parts.as_slice()
        && rest.starts_with("WA")
    {
        let day = moment(date, "0000")?;
        let day = day.split('T').next().unwrap_or(&day).to_owned();
        return Some(vec![
            other("Kind", kind),
            ("Recorded", day, Meaning::Date, Party::Unknown),
            reference(rest),
        ]);
    }
    if let [number, kind @ ("AUDIO" | "VIDEO" | "PHOTO"), year, month, day, clock @ ..] =
        parts.as_slice()
        && clock.len() == 3
    {
        let time = when(&[*year, *month, *day].concat(), &clock.concat())?;
        return Some(vec![other("Kind", kind), time, reference(number)]);
    }
    let rest = stem.strip_prefix("WhatsApp ")?;
    let (kind, rest) = rest.split_once(' ')?;
    let (date, clock) = rest.split_once(" at ")?;
    let clock: String = clock.chars().take(8).filter(char::is_ascii_digit).collect();
    Some(vec![other("Kind", kind), when(&date.replace('-', ""), &clock)?])
}

/// `GMT20260915-143012_Recording_1920x1080` and `2026-09-15 14.30.12 Topic 81234567890` of Zoom,
/// `Weekly-20260915_143012-Meeting Recording` of Teams.
fn meeting(stem: &str) -> Option<Vec<Fact>> {
    if let Some(rest) = stem.strip_prefix("GMT") {
        let (date, rest) = rest.split_once('-')?;
        let (clock, rest) = rest.split_once('_').unwrap_or((rest, ""));
        let time = when(date, clock)?;
        let time = (time.0, format!("{}Z", time.1), time.2, time.3);
        let mut facts = vec![time];
        if !rest.is_empty() {
            facts.push(text("Label", &rest.replace('_', " ")));
        }
        return Some(facts);
    }
    if let Some((topic, rest)) = stem.rsplit_once("-Meeting Recording") {
        let (topic, moment) = topic.rsplit_once('-')?;
        let (date, clock) = moment.split_once('_')?;
        let mut facts = vec![text("Topic", topic), when(date, clock)?];
        if !rest.trim().is_empty() {
            facts.push(text("Label", rest.trim()));
        }
        return Some(facts);
    }
    let (date, rest) = stem.split_once(' ')?;
    let (clock, topic) = rest.split_once(' ')?;
    let time = when(&date.replace('-', ""), &clock.replace('.', ""))?;
    let mut facts = vec![time];
    match topic.rsplit_once(' ') {
        Some((topic, id)) if is_digits(id) && (9..=11).contains(&id.len()) => {
            facts.push(text("Topic", topic));
            facts.push(("Meeting", id.to_owned(), Meaning::Reference, Party::Unknown));
        }
        _ => facts.push(text("Topic", topic)),
    }
    Some(facts)
}

/// Any name with a telephone number, or with the time of a recording: `+447700900123 2025-03-27
/// 09.25.17`, `Call recording Amara Lind_250327_092517` (Samsung), `2025-03-27-09-25-17_07700900123`.
fn numbers_and_time(stem: &str) -> Vec<Fact> {
    let pieces: Vec<&str> = stem
        .split([' ', '_', '(', ')', '[', ']', ',', ';', '~'])
        .filter(|p| !p.is_empty())
        .collect();
    let mut facts: Vec<Fact> = Vec::new();
    let mut words: Vec<&str> = Vec::new();
    let mut time: Option<Fact> = None;
    let mut index = 0;
    while let Some(piece) = pieces.get(index) {
        index += 1;
        let next = pieces.get(index).copied().unwrap_or_default();
        let digits = |text: &str| text.replace(['-', '.', ':'], "");
        let plain = digits(piece);
        if time.is_none()
            && let Some(found) = when(&plain, &digits(next))
        {
            time = Some(found);
            index += 1;
        } else if time.is_none()
            && plain.len() == 14
            && let Some(found) =
                when(plain.get(..8).unwrap_or_default(), plain.get(8..).unwrap_or_default())
        {
            time = Some(found);
        } else if is_unique_id(piece) {
            facts.push(reference(piece));
        } else if shape::is_phone(piece) || (is_digits(piece) && piece.len() >= 9) {
            let (front, value, meaning, _) = number(piece);
            facts.push((front, value, meaning, Party::Principal));
        } else if let Some(found) = hyphened(piece) {
            facts.extend(found);
        } else {
            words.push(piece);
        }
    }
    if time.is_none() && facts.is_empty() {
        return Vec::new();
    }
    if !words.is_empty() {
        let label = words.join(" ");
        facts.insert(0, text("Label", &label));
    }
    facts.extend(time);
    facts
}

/// `07700900123-3201`: two ends.
fn hyphened(piece: &str) -> Option<Vec<Fact>> {
    let parts: Vec<&str> = piece.split('-').filter(|part| !part.is_empty()).collect();
    let is_ends = parts.len() >= 2
        && parts.iter().all(|part| is_number(part))
        && parts.iter().any(|part| part.len() >= 9);
    is_ends.then(|| parts.iter().map(|part| number(part)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(name: &str, expected: &[(&str, &str, Meaning, Party)]) {
        let got = facts(name);
        let got: Vec<_> = got.iter().map(|(c, v, m, p)| (*c, v.as_str(), *m, *p)).collect();
        assert_eq!(got, expected, "{name}");
    }

    #[test]
    fn names_of_recorders_say_who_and_when_and_which_call() {
        use Meaning as M;
        use Party as P;
        let out = ("Number", "07700900123", M::Phone, P::Principal);
        let own = ("Extension", "3201", M::Phone, P::Staff);
        let time = ("Recorded", "2025-03-27T09:25:17", M::Date, P::Unknown);
        let id = ("Call", "1743042317.12206", M::Reference, P::Unknown);
        let kind = |kind| ("Recorded as", kind, M::Other, P::Unknown);
        check_name(
            "force-0821XXXX8663-3201-20250327-092517-1743042317.12206.wav",
            &[kind("force"), ("Number", "0821XXXX8663", M::Phone, P::Principal), own, time, id],
        );
        check_name(
            "out-07700900123-3201-20250327-092517-1743042317.12206.WAV",
            &[kind("out"), out, own, time, id],
        );
        check_name(
            "external-3201-07700900123-20250327-092517-1743042317.12206-in.wav",
            &[kind("external"), own, out, time, id],
        );
        check_name(
            "q-600-07700900123-20250327-092517-1743042317.12206.mp3",
            &[kind("q"), ("Extension", "600", M::Phone, P::Staff), out, time, id],
        );
        check_name("OUT3201-20250327-092517-1743042317.12206.wav", &[kind("OUT"), own, time, id]);
        check_name("1743042317.12206.wav", &[id]);
        check_name(
            "[Amara Lind]_07700900123-3201_20250327092517(1234).wav",
            &[
                ("Name", "Amara Lind", M::Name, P::Unknown),
                out,
                own,
                time,
                ("Call", "1234", M::Reference, P::Unknown),
            ],
        );
        check_name(
            "07700900_250327_092517_12_I_3201_C_R_P.mp3",
            &[
                ("Number", "07700900", M::Phone, P::Principal),
                time,
                ("Code", "12", M::Other, P::Unknown),
                ("Code", "I", M::Other, P::Unknown),
                own,
                ("Code", "C", M::Other, P::Unknown),
                ("Code", "R", M::Other, P::Unknown),
                ("Code", "P", M::Other, P::Unknown),
            ],
        );
        check_name(
            "20250327092517-07700900123-3201-Inbound.wav",
            &[time, out, own, ("Direction", "Inbound", M::Other, P::Unknown)],
        );
        check_name(
            "PTT-20230815-WA0003.opus",
            &[
                ("Kind", "PTT", M::Other, P::Unknown),
                ("Recorded", "2023-08-15", M::Date, P::Unknown),
                ("Call", "WA0003", M::Reference, P::Unknown),
            ],
        );
        check_name(
            "2026-09-15 14.30.12 Weekly call 81234567890.mp4",
            &[
                ("Recorded", "2026-09-15T14:30:12", M::Date, P::Unknown),
                ("Topic", "Weekly call", M::Text, P::Unknown),
                ("Meeting", "81234567890", M::Reference, P::Unknown),
            ],
        );
        check_name(
            "GMT20260915-143012_Recording_1920x1080.mp4",
            &[
                ("Recorded", "2026-09-15T14:30:12Z", M::Date, P::Unknown),
                ("Label", "Recording 1920x1080", M::Text, P::Unknown),
            ],
        );
        check_name(
            "Call recording Amara Lind_250327_092517.m4a",
            &[("Label", "Call recording Amara Lind", M::Text, P::Unknown), time],
        );
        check_name(
            "+447700900123_20250327_092517.amr",
            &[("Number", "+447700900123", M::Phone, P::Principal), time],
        );
    }

    #[test]
    fn other_names_say_nothing() {
        for name in
            ["song.mp3", "01 - Intro.mp3", "zoom_0.mp4", "2024.wav", "a-b-c.wav", "", ".", "-.wav"]
        {
            check_name(name, &[]);
        }
    }
}
