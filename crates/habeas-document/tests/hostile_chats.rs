//! Does every damaged chat, transcript and recording end in time, in bounds, and without a panic?
//!
//! The damage is made here from the golden files: cut at many lengths, bytes turned over.

mod seeds;

use std::time::{Duration, Instant};

use habeas_document::{Budget, read_family};

fn check_sound(name: &str, bytes: &[u8]) {
    let budget = Budget { text_bytes: 8 << 20, expanded_bytes: 64 << 20, ..Budget::default() };
    let begun = Instant::now();
    let mut n_members = 0;
    read_family(name, bytes, &budget, &mut |member| {
        n_members += 1;
        let has_died = |note: &str| note.contains("panicked") || note.contains("while sniffing");
        assert!(!member.document.exceptions.iter().any(|e| has_died(&e.note)), "{name}");
        let is_read = !member.document.passages.is_empty() || member.n_children > 0;
        let is_blank = bytes.trim_ascii().is_empty();
        assert!(
            is_read
                || is_blank
                || n_members > 1
                || !member.document.exceptions.is_empty()
                || bytes.len() < 64,
            "{name}: a quiet loss"
        );
    });
    assert!(n_members > 0, "{name}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {:?}", begun.elapsed());
}

#[test]
fn damage_ends_in_exceptions_and_never_in_a_panic() {
    let mut files = seeds::fixtures("chats");
    assert!(files.len() > 20);
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        for n in 1..16 {
            check_sound(name, &bytes[..bytes.len() * n / 16]);
        }
        let mut seed = 7_usize;
        for _ in 0..60 {
            let mut damaged = bytes.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_041);
                let at = (seed >> 24) % damaged.len();
                damaged[at] = damaged[at].wrapping_add(u8::try_from(seed >> 16 & 0xff).unwrap());
            }
            check_sound(name, &damaged);
        }
    }
}

#[test]
fn what_is_repeated_without_end_ends() {
    check_sound("a.html", ("<div class=\"message default\">".repeat(50_000) + "x").as_bytes());
    check_sound("_chat.txt", "[15/08/2023, 09:12:33] ".repeat(50_000).as_bytes());
    check_sound("_chat.txt", "15/08/2023, 09:12 - A: x\n".repeat(50_000).as_bytes());
    check_sound(
        "a.vtt",
        ("WEBVTT\n\n00:00.000 --> 00:01.000\n".to_owned() + &"<v A>".repeat(50_000)).as_bytes(),
    );
    check_sound(
        "a.json",
        ("{\"participants\":[],\"messages\":[{\"sender_name\":\"A\",\"timestamp_ms\":1,\"x\":"
            .to_owned()
            + &"[".repeat(50_000))
            .as_bytes(),
    );
    check_sound("a.xml", ("<smses><sms body='".to_owned() + &"&#55357;".repeat(50_000)).as_bytes());
    check_sound(
        "a.mp4",
        &[b"\0\0\0\x08ftypisom".as_slice(), b"\0\0\0\x08moov".repeat(50_000).as_slice()].concat(),
    );
    check_sound(
        "a.mkv",
        &[b"\x1aE\xdf\xa3\x80".as_slice(), b"\x18\x53\x80\x67\x8f".repeat(50_000).as_slice()]
            .concat(),
    );
}
