//! Pages set in Courier, whose letters are 6 points wide at 10: `Tom Quill` has 54, a label 48.

use std::collections::BTreeMap;

use hayro::hayro_syntax::Pdf as Shown;
use lopdf::Object;
use lopdf::content::Operation;

use super::super::tests::{pdf_in, saved};
use super::super::{lines, page};
use super::*;

/// Texts with their places, and what is set before each.
struct Piece<'a>(f64, f64, &'a str);

fn operations(pieces: &[Piece<'_>]) -> Vec<Operation> {
    let mut all = Vec::new();
    for Piece(x, y, text) in pieces {
        all.extend([
            Operation::new("BT", vec![]),
            Operation::new("Tf", vec!["F1".into(), 10.into()]),
            Operation::new("Td", vec![(*x as f32).into(), (*y as f32).into()]),
            Operation::new("Tj", vec![Object::string_literal(*text)]),
            Operation::new("ET", vec![]),
        ]);
    }
    all
}

fn filled(x: f64, y: f64, width: f64, grey: f64) -> Vec<Operation> {
    let number = |value: f64| Object::from(value as f32);
    vec![
        Operation::new("g", vec![number(grey)]),
        Operation::new("re", vec![number(x), number(y - 3.0), number(width), number(13.0)]),
        Operation::new("f", vec![]),
        Operation::new("g", vec![0.into()]),
    ]
}

fn told_of(operations: Vec<Operation>) -> BTreeSet<String> {
    let bytes = saved(pdf_in("Courier", operations, lopdf::Dictionary::new()));
    let pdf = Shown::new(bytes).unwrap();
    let (sheets, _) = page::read(&pdf);
    let pages: Vec<_> = sheets.iter().map(lines::lines).collect();
    let people: BTreeMap<&str, &str> =
        [("[TP 001]", "tom quill"), ("[TP 002]", "bartholomew featherstonehaugh")].into();
    let names = |label: &str| match people.get(label) {
        Some(name) => vec![(*name).to_owned()],
        None => people.values().map(|name| (*name).to_owned()).collect(),
    };
    told(&pages, &sheets, &names).tells
}

fn check(what: &str, operations: Vec<Operation>, expected: Option<&str>) {
    let found = told_of(operations);
    match expected {
        None => assert!(found.is_empty(), "{what}: {found:?}"),
        Some(expected) => {
            assert!(found.iter().any(|found| found.contains(expected)), "{what}: {found:?}");
        }
    }
}

#[test]
fn a_line_set_anew_tells_nothing() {
    check(
        "plain",
        operations(&[Piece(72.0, 700.0, "seen by [TP 001] today, and not (again).")]),
        None,
    );
    let mut boxed = filled(119.0, 700.0, 50.0, 0.85);
    boxed.extend(operations(&[Piece(72.0, 700.0, "seen by [TP 001] today")]));
    check("in a box", boxed, None);
    let table = operations(&[
        Piece(72.0, 700.0, "Who"),
        Piece(200.0, 700.0, "What"),
        Piece(72.0, 680.0, "[TP 001]"),
        Piece(200.0, 680.0, "came"),
        Piece(72.0, 660.0, "[TP 002]"),
        Piece(200.0, 660.0, "went"),
    ]);
    check("in a table", table, None);
}

#[test]
fn a_gap_as_wide_as_the_name_is_caught() {
    let gap = operations(&[Piece(72.0, 700.0, "seen by [TP 001]"), Piece(180.0, 700.0, "today")]);
    check("the words after stay where they were", gap, Some("room beside a label"));
    // 29 letters are 174 points.
    let gap = operations(&[Piece(72.0, 700.0, "seen by [TP 002]"), Piece(300.0, 700.0, "today")]);
    check("a wide gap", gap, Some("the gap fits"));
}

#[test]
fn a_box_as_wide_as_the_name_is_caught() {
    let mut wide = filled(120.0, 700.0, 174.0, 0.85);
    wide.extend(operations(&[Piece(72.0, 700.0, "seen by"), Piece(180.0, 700.0, "[TP 002]")]));
    wide.extend(operations(&[Piece(300.0, 700.0, "today")]));
    check("one box", wide, Some("a box is as wide"));
    let mut two = filled(119.0, 700.0, 50.0, 0.85);
    two.extend(filled(119.0, 680.0, 62.0, 0.85));
    two.extend(operations(&[Piece(72.0, 700.0, "seen by [TP 001]")]));
    two.extend(operations(&[Piece(72.0, 680.0, "seen by"), Piece(126.0, 680.0, "[TP 001]")]));
    check("two boxes", two, Some("differ in width"));
    let mut black = filled(120.0, 700.0, 54.0, 0.0);
    black.extend(operations(&[Piece(72.0, 700.0, "seen by"), Piece(180.0, 700.0, "today")]));
    check("a black box", black, Some("a box is as wide"));
}

#[test]
fn stretched_spaces_and_shifted_letters_are_caught() {
    let set = |operator: &str, value: f32| {
        let mut all = vec![Operation::new(operator, vec![value.into()])];
        all.extend(operations(&[Piece(72.0, 700.0, "it was seen by [TP 001] today")]));
        all
    };
    check("a justified line", set("Tw", 3.0), Some("spaces on a line"));
    check("letters apart", set("Tc", 0.5), Some("letters on a line"));
    let mut shifted = operations(&[Piece(72.0, 700.0, "x")]);
    shifted[3] = Operation::new(
        "TJ",
        vec![Object::Array(vec![
            Object::string_literal("it was se"),
            (-45).into(),
            Object::string_literal("en by [TP 001] today"),
        ])],
    );
    check("a shift inside of a word", shifted, Some("letters on a line"));
}

#[test]
fn a_line_that_was_set_against_the_margin_is_caught() {
    let page = |start: f64| {
        operations(&[
            Piece(72.0, 760.0, "a line to the left"),
            Piece(400.0 - 60.0, 740.0, "Some clerk"),
            Piece(400.0 - 72.0, 720.0, "Another desk"),
            Piece(start, 700.0, "[TP 001], clerk"),
        ])
    };
    check("it starts where it did", page(400.0 - 96.0), Some("the start of a line fits"));
    check("it is set anew", page(400.0 - 90.0), None);
}
