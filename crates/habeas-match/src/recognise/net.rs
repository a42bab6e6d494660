//! Where does a text name an internet address, a device or a user?

use habeas_model::{Card, Kind};

use super::hits::Draft;
use super::label::What;
use super::view::View;
use super::{Recogniser, pattern};
use crate::normal;

pub(super) const IP: Recogniser = Recogniser {
    card: Card {
        name: "ip",
        version: 1,
        summary: "Internet addresses, version 4 and 6, also with a masked last part",
        handles: &["ip"],
        authority: "RFC 791, RFC 4291 and RFC 5952",
    },
    find: ip,
    examples: &[
        ("203.0.113.9 - - [x]", &["ip=203.0.113.9"]),
        ("from 2001:DB8:0:0::1, then", &["ip=2001:db8::1"]),
        ("IP: 203.0.113.xxx", &["ip=203.0.113.x"]),
        ("X-Forwarded-For: 203.0.113.9, 198.51.100.7", &["ip=203.0.113.9", "ip=198.51.100.7"]),
        ("version 1.2.3.4 of 300.1.2.3 and 1.2.3.4.5", &[]),
        ("at 12:30:45 and std::fmt", &[]),
    ],
};

pub(super) const DEVICE: Recogniser = Recogniser {
    card: Card {
        name: "device",
        version: 1,
        summary: "Cookie ids, device ids, IMEI and MAC addresses",
        handles: &["device"],
        authority: "3GPP TS 23.003 (IMEI); IEEE 802 (MAC); Google Analytics client id",
    },
    find: device,
    examples: &[
        ("_ga=GA1.2.1234567890.1710000000;", &["device=1234567890.1710000000"]),
        (
            "Cookie ID: 0F3A00B1-11aa-4bcd-8000-1234567890ab",
            &["device=0f3a00b1-11aa-4bcd-8000-1234567890ab"],
        ),
        ("00:1A:2B:3C:4D:5E", &["device=00:1a:2b:3c:4d:5e"]),
        ("IMEI 490154203237518", &["device=490154203237518"]),
        ("a GA1 form", &[]),
    ],
};

pub(super) const HANDLE: Recogniser = Recogniser {
    card: Card {
        name: "handle",
        version: 4,
        summary: "User names: @name, profile addresses, columns and labels",
        handles: &["handle"],
        authority: "the networks' own rules: letters, digits, `_`, `.`, 2 to 30 of them",
    },
    find: handle,
    examples: &[
        ("thanks @jane_s!", &["handle=jane_s"]),
        ("danke @jürg_müßig9.", &["handle=jürg_müßig9"]),
        ("see https://www.instagram.com/jane.s85/ there", &["handle=jane.s85"]),
        ("Username: jsmith85", &["handle=jsmith85"]),
        ("write jane@example.org", &["email=jane@example.org"]),
        ("\"POST /login?user=jsmith85 HTTP/1.1\"", &["handle=jsmith85"]),
        ("@ home, @5pm, @media screen, ?page=2&user=", &[]),
    ],
};

pattern!(V4 = r"(?-u:\b)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.(?:[0-9]{1,3}|[xX]{1,3}|\*{1,3})");
pattern!(V6 = r"(?i)[0-9a-f]{0,4}:[0-9a-f]{0,4}:[0-9a-f:]{0,32}(?:\.[0-9]{1,3}){0,3}");
pattern!(
    VERSION = r"(?i)(?:(?-u:\b)v|version|release|build|firmware|section|clause|chrome/|safari/|update|para(?:graph)?|§|(?-u:\b)no\.?) ?$"
);
pattern!(ANALYTICS = r"(?-u:\b)GA1\.[0-9]\.[0-9]{5,12}\.[0-9]{9,11}(?-u:\b)");
pattern!(
    MAC = r"(?i)(?-u:\b)(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?-u:\b)|(?-u:\b)(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?-u:\b)"
);
pattern!(
    IMEI = r"(?i)(?-u:\b)imei[^0-9\n]{0,12}([0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{6}[- ]?[0-9])(?-u:\b)"
);
// `GET /login?user=jane.s85&next=…`, in addresses and in forms as they are sent.
pattern!(
    ASKED = r"(?i)[?&;](?:user|username|user_name|userid|user_id|login|uid|member|account|screen_name|handle)=([A-Za-z0-9_.\-]{3,40})"
);
pattern!(AT = r"@([\p{L}_][\p{L}\p{M}0-9_.]{1,29}(?:-[\p{L}\p{M}0-9_]{1,20})*)");
pattern!(
    PROFILE = r"(?i)(?:instagram\.com|twitter\.com|(?:^|[/.\s])x\.com|facebook\.com|tiktok\.com/@|linkedin\.com/in|snapchat\.com/add|t\.me|github\.com)/?@?([A-Za-z0-9_.\-]{2,40})"
);

fn ip(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for found in V4.find_iter(view.text) {
        let range = found.range();
        let around = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "_".contains(c));
        let after = view.after(range.end);
        let goes_on = after == Some('.')
            && view.text[range.end + 1..].starts_with(|c: char| c.is_alphanumeric());
        let is_part = around(view.before(range.start))
            || around(after)
            || goes_on
            || view.before(range.start).is_some_and(|c| ".-".contains(c));
        if is_part || VERSION.is_match(view.lead(range.start, 12)) {
            continue;
        }
        let Some(value) = normal::ip(found.as_str()) else { continue };
        let is_labelled = view.slot_at(range.start).is_some_and(|slot| slot.what == What::Ip);
        // `1.2.3.4` is a version as often as not; a network starts higher.
        let is_small = found.as_str().split('.').all(|part| part.len() < 2);
        if is_small && !is_labelled {
            continue;
        }
        drafts.push(Draft::new(
            range,
            Kind::Ip,
            value,
            if is_labelled { 0.98 } else { 0.93 },
            "ip",
        ));
    }
    if view.text.contains("::") || view.text.matches(':').nth(6).is_some() {
        for found in V6.find_iter(view.text) {
            let text = found.as_str().trim_end_matches('.');
            let range = found.start()..found.start() + text.len();
            let Some(value) = normal::ip(text).filter(|_| view.stands_alone(&range)) else {
                continue;
            };
            // `::` and `a::b` are paths in code; a real one has some length.
            if normal::letters_and_digits(text).len() >= 5 {
                drafts.push(Draft::new(range, Kind::Ip, value, 0.93, "ip"));
            }
        }
    }
}

fn device(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Device) {
        let text = &view.text[slot.range.clone()];
        if let Some(value) =
            normal::device(text).filter(|_| text.contains(|c: char| c.is_ascii_digit()))
        {
            drafts.push(Draft::new(slot.range.clone(), Kind::Device, value, 0.95, "device:column"));
        }
    }
    let shapes = [&ANALYTICS, &MAC];
    for found in shapes.iter().flat_map(|shape| shape.find_iter(view.text)) {
        if let Some(value) = normal::device(found.as_str()) {
            drafts.push(Draft::new(found.range(), Kind::Device, value, 0.95, "device"));
        }
    }
    for captures in IMEI.captures_iter(view.text) {
        let Some(number) = captures.get(1) else { continue };
        drafts.push(Draft::new(
            number.range(),
            Kind::Device,
            normal::digits(number.as_str()),
            0.95,
            "device:imei",
        ));
    }
}

fn handle(view: &View<'_>, drafts: &mut Vec<Draft>) {
    for slot in view.slots_of(What::Username) {
        let text = &view.text[slot.range.clone()];
        // `User: Jane Smith` in a transcript is somebody's name.
        let is_named = !slot.is_column
            && text.split(' ').take(2).filter(|word| word.starts_with(char::is_uppercase)).count()
                > 1;
        if is_named {
            continue;
        }
        let text = if slot.is_column {
            text
        } else {
            text.split([' ', ',', ';']).next().unwrap_or_default()
        };
        if let Some(value) = normal::handle(text).filter(|value| !value.contains('@')) {
            let confidence = if slot.is_column { 0.95 } else { 0.85 };
            drafts.push(Draft::new(
                slot.range.start..slot.range.start + text.len(),
                Kind::Handle,
                value,
                confidence,
                "handle:column",
            ));
        }
    }
    if view.text.contains('=') {
        for captures in ASKED.captures_iter(view.text) {
            let Some(name) = captures.get(1) else { continue };
            // `%40` behind it makes it an address, which is told as one.
            let is_address = view.text[name.end()..].starts_with(['@', '%']);
            let value = normal::handle(name.as_str()).filter(|_| !is_address);
            if let Some(value) = value {
                drafts.push(Draft::new(name.range(), Kind::Handle, value, 0.85, "handle:address"));
            }
        }
    }
    if view.text.contains('@') {
        for captures in AT.captures_iter(view.text) {
            let (Some(all), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
            let name = name.as_str().trim_end_matches('.');
            let is_code = matches!(
                name,
                "media"
                    | "import"
                    | "font"
                    | "keyframes"
                    | "param"
                    | "return"
                    | "see"
                    | "author"
                    | "override"
                    | "charset"
                    | "page"
                    | "supports"
                    | "everyone"
                    | "here"
                    | "channel"
                    | "all"
                    | "at"
            );
            let is_after_word = view
                .before(all.start())
                .is_some_and(|c| !c.is_whitespace() && !"([{\"'“‘.,:;!?>*".contains(c));
            if is_code || is_after_word || name.len() < 2 {
                continue;
            }
            if let Some(value) = normal::handle(name) {
                drafts.push(Draft::new(
                    all.start()..all.start() + 1 + name.len(),
                    Kind::Handle,
                    value,
                    0.75,
                    "handle",
                ));
            }
        }
    }
    if view.text.contains(".com/") || view.text.contains("t.me/") {
        for captures in PROFILE.captures_iter(view.text) {
            let Some(name) = captures.get(1) else { continue };
            let text = name.as_str().trim_end_matches(['.', '-']);
            if matches!(
                text.to_ascii_lowercase().as_str(),
                "p" | "share"
                    | "sharer"
                    | "intent"
                    | "watch"
                    | "home"
                    | "reel"
                    | "profile.php"
                    | "help"
                    | "policies"
                    | "groups"
                    | "pages"
                    | "tr"
                    | "legal"
                    | "plugins"
            ) {
                continue;
            }
            if let Some(value) = normal::handle(text) {
                drafts.push(Draft::new(
                    name.start()..name.start() + text.len(),
                    Kind::Handle,
                    value,
                    0.8,
                    "handle:profile",
                ));
            }
        }
    }
}
