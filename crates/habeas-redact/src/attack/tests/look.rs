//! Pictures whose pixels still say what was taken out: only a look at the page tells.

#![allow(clippy::print_stdout, reason = "a test that was not tried says so")]

use std::io::Write;
use std::process::{Command, Stdio};

use lopdf::content::Operation;
use lopdf::{Dictionary, Object, Stream, dictionary};

use super::super::{Attack, Grey, Means, attack};
use super::{pdf_in, saved, searcher, shown_text};
use crate::paper::{Block, Sheet, typeset};

/// What tesseract reads; `None` where it is not installed.
fn tesseract(grey: &Grey) -> Option<String> {
    let mut child = Command::new("tesseract")
        .args(["stdin", "stdout", "--psm", "6", "--dpi", &grey.dpi.to_string()])
        // Its threads wait for each other more than they work.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut pgm = format!("P5\n{} {}\n255\n", grey.width, grey.height).into_bytes();
    pgm.extend(&grey.pixels);
    child.stdin.take()?.write_all(&pgm).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn is_installed() -> bool {
    let is_there = Command::new("tesseract").arg("--version").output().is_ok();
    if !is_there {
        println!("not tried: tesseract is not installed");
    }
    is_there
}

fn looked_at(bytes: &[u8]) -> Attack {
    let means = Means { look: Some(&tesseract), ..Means::default() };
    attack("a.pdf", bytes, &[&searcher()], &means)
}

/// A page that is a picture of a page that says this, with a text over it that has no ink.
fn scan(text: &str, layer: &str) -> Vec<u8> {
    let sheet = Sheet { blocks: vec![Block::Paragraph(text.into())], ..Sheet::default() };
    let printed = typeset(&sheet).unwrap();
    let pdf = hayro::hayro_syntax::Pdf::new(printed.bytes).unwrap();
    let grey = super::super::seen::drawn(&pdf, 0, 150, &hayro::RenderCache::new()).unwrap();
    let mut all = vec![
        Operation::new("q", vec![]),
        Operation::new("cm", [595, 0, 0, 842, 0, 0].map(Object::from).to_vec()),
        Operation::new("Do", vec!["I1".into()]),
        Operation::new("Q", vec![]),
    ];
    if !layer.is_empty() {
        all.push(Operation::new("Tr", vec![3.into()]));
        all.extend(shown_text(layer));
    }
    let mut pdf = pdf_in("Helvetica", all, Dictionary::new());
    let picture = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(grey.width),
        "Height" => i64::from(grey.height), "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
    };
    let mut picture = Stream::new(picture, grey.pixels);
    picture.compress().unwrap();
    let picture = pdf.add_object(picture);
    let page = pdf.page_iter().next().unwrap();
    let resources = pdf.get_dictionary_mut(page).unwrap().get_mut(b"Resources").unwrap();
    resources.as_dict_mut().unwrap().set("XObject", dictionary! { "I1" => picture });
    saved(pdf)
}

#[test]
fn a_picture_whose_pixels_show_the_name_is_caught() {
    if !is_installed() {
        return;
    }
    let layer = "She was seen by [TP 001] at the desk";
    let attack = looked_at(&scan("She was seen by Tom Quill at the desk", layer));
    assert_eq!(attack.n_looked, 1);
    assert!(attack.leaks.iter().any(|leak| leak.way.contains("look")), "{attack:?}");
    let attack = looked_at(&scan("She was seen by Tom Qui1l at the desk", layer));
    assert!(attack.leaks.iter().any(|leak| leak.way.contains("look")), "{attack:?}");
    let attack = looked_at(&scan("She was seen by [TP 001] at the desk", layer));
    assert!(attack.is_clean(), "{attack:?}");
}

#[test]
fn a_text_over_a_scan_that_says_something_else_is_caught() {
    if !is_installed() {
        return;
    }
    let picture = "She was seen by [TP 001] at the desk";
    let attack = looked_at(&scan(picture, "Nothing whatever about these other matters"));
    assert!(attack.hygiene.iter().any(|what| what.contains("is not what")), "{attack:?}");
}

#[test]
fn a_page_that_cannot_be_looked_at_is_not_proved() {
    let means = Means { look: Some(&|_| None), ..Means::default() };
    let attack = attack("a.pdf", &scan("words", ""), &[&searcher()], &means);
    assert!(attack.unchecked.iter().any(|what| what.contains("looked at")), "{attack:?}");
}
