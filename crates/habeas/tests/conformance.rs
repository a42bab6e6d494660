//! Do the conformance ledgers hold? Every row has a clause and a known state, every test that one names is
//! there, and every clause that the law in the code cites has a row.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// A row of a ledger.
#[derive(Clone, Debug)]
struct Row {
    place: String,
    clause: String,
    state: String,
    why: String,
}

/// A ledger: its instrument and its rows.
struct Ledger {
    instrument: String,
    rows: Vec<Row>,
}

fn ledgers() -> Vec<Ledger> {
    let dir = crates().join("habeas-law/conformance");
    let mut files: Vec<PathBuf> = fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| path.file_name().unwrap() != "README.md")
        .collect();
    files.sort();
    files.iter().map(|file| parse(file)).collect()
}

fn parse(file: &Path) -> Ledger {
    let text = fs::read_to_string(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    parse_text(&name, &text)
}

fn parse_text(name: &str, text: &str) -> Ledger {
    let instrument = text.lines().find_map(|line| line.strip_prefix("Instrument: "));
    let instrument = instrument.unwrap_or_else(|| panic!("{name} names no instrument")).to_owned();
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if cells[0] == "clause" || cells[0].starts_with("---") {
            continue;
        }
        let place = format!("{name}:{number}");
        assert_eq!(cells.len(), 4, "{place} has not four cells");
        rows.push(Row {
            place,
            clause: cells[0].to_owned(),
            state: cells[2].to_owned(),
            why: cells[3].to_owned(),
        });
    }
    Ledger { instrument, rows }
}

/// What is wrong with a row by itself; `is_there` says whether a test exists.
fn problem(row: &Row, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let Row { place, clause, state, why } = row;
    if clause.is_empty() || !clause.chars().any(|c| c.is_ascii_digit() || c.is_alphabetic()) {
        return Some(format!("{place}: a row without a clause"));
    }
    if why.is_empty() {
        return Some(format!("{place}: {clause} without a test or a reason"));
    }
    match state.as_str() {
        "kept" => {
            let named: Vec<&str> = why.split('`').skip(1).step_by(2).collect();
            if named.is_empty() {
                return Some(format!("{place}: {clause} is kept, and no test is named"));
            }
            let gone = named.into_iter().find(|test| !is_there(test));
            gone.map(|test| format!("{place}: {clause}: there is no test `{test}`"))
        }
        "absent" | "for a person" => None,
        other => Some(format!("{place}: {clause}: `{other}` is no state")),
    }
}

/// Is the test in the sources, and a test?
fn is_test(path: &str) -> bool {
    let (files, name) = match path.split_once(".rs::") {
        // `crate/tests/file.rs::name`
        Some((file, name)) => (vec![crates().join(format!("{file}.rs"))], name),
        // `crate::module::tests::name`
        None => {
            let parts: Vec<&str> = path.split("::").collect();
            let [krate, modules @ .., name] = parts.as_slice() else { return false };
            let source = crates().join(krate).join("src");
            let mut files = Vec::new();
            // The module's own file, or the file around it.
            for n in (0..=modules.len()).rev() {
                let inner = modules[..n].join("/");
                files.push(source.join(format!("{inner}.rs")));
                files.push(source.join(inner).join("mod.rs"));
                if n + 1 < modules.len() {
                    break;
                }
            }
            if modules == ["tests"] {
                files.push(source.join("lib.rs"));
            }
            (files, *name)
        }
    };
    files.iter().any(|file| fs::read_to_string(file).is_ok_and(|text| has_test(&text, name)))
}

/// Is there a function of that name with `#[test]` above it?
fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let head = format!("fn {name}(");
    lines.iter().enumerate().filter(|(_, line)| line.starts_with(&head)).any(|(at, _)| {
        let above = lines[..at].iter().rev();
        above
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
            .any(|line| *line == "#[test]")
    })
}

#[test]
fn every_row_of_every_ledger_holds() {
    let ledgers = ledgers();
    assert!(ledgers.len() >= 6, "{} ledgers", ledgers.len());
    let problems: Vec<String> = ledgers
        .iter()
        .flat_map(|ledger| &ledger.rows)
        .filter_map(|row| problem(row, is_test))
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    for ledger in &ledgers {
        assert!(!ledger.rows.is_empty(), "{} has no rows", ledger.instrument);
    }
}

#[test]
fn a_row_that_does_not_hold_is_found() {
    let there = |test: &str| test == "habeas-law::clock::tests::here";
    let told = |row: &str| {
        let text =
            format!("Instrument: X\n| clause | what it asks | state | test or reason |\n{row}");
        problem(&parse_text("x.md", &text).rows[0], there)
    };
    for (row, said) in [
        ("| Art. 1 | x | kept | `habeas-law::clock::tests::here` |", None),
        ("| Art. 1 | x | for a person | somebody decides |", None),
        ("| Art. 1 | x | kept | we do |", Some("no test is named")),
        ("| Art. 1 | x | kept | `habeas-law::clock::tests::gone` |", Some("there is no test")),
        ("| Art. 1 | x | done | `habeas-law::clock::tests::here` |", Some("is no state")),
        ("|  | x | absent | not yet |", Some("without a clause")),
        ("| Art. 1 | x | absent |  |", Some("without a test or a reason")),
    ] {
        match (told(row), said) {
            (None, None) => {}
            (Some(problem), Some(said)) => assert!(problem.contains(said), "{problem}"),
            other => panic!("{row}: {other:?}"),
        }
    }
    assert!(is_test("habeas/tests/conformance.rs::a_row_that_does_not_hold_is_found"));
    assert!(is_test("habeas-law::regime::tests::the_day_decides_the_text"));
    assert!(is_test("habeas-law::clock::tests::a_day_is_paused_once"));
    // There, and no test; not there; another file's.
    assert!(!is_test("habeas-law::clock::tests::check_ico"));
    assert!(!is_test("habeas-law::clock::tests::nothing"));
    assert!(!is_test("habeas-law::calendar::tests::the_day_decides_the_text"));
    assert!(!is_test("nothing"));
}

/// A clause of an instrument, as `("UK GDPR", "Art. 15(1)(a)")`.
type Cited = (String, String);

/// Each clause that a source of the code cites.
fn cited(source: &str) -> BTreeSet<Cited> {
    let mut found = BTreeSet::new();
    // The text in brackets names the Act that made the change.
    for part in source.split([';']).flat_map(bracketed) {
        let part = part.trim().trim_start_matches(',').trim();
        if let Some(rest) = part.strip_prefix("ICO, Right of access") {
            let heading = rest.trim_start_matches([',', ':']).trim();
            found.insert(("ICO".into(), heading.to_owned()));
        } else if part.starts_with("CJEU") {
            found.insert(("Regulation (EU) 2016/679".into(), part.to_owned()));
        } else {
            clauses(part, &mut found);
        }
    }
    found
}

/// A part of a source, and what stands in brackets at its end as a part of its own.
fn bracketed(part: &str) -> Vec<String> {
    match part.split_once(" (Data (Use") {
        Some((before, within)) => vec![before.to_owned(), format!("Data (Use{within}")],
        None => vec![part.to_owned()],
    }
}

fn clauses(part: &str, found: &mut BTreeSet<Cited>) {
    let names = [
        ("UK GDPR", "UK GDPR"),
        ("GDPR", "UK GDPR"),
        ("Regulation (EU) 2016/679", "Regulation (EU) 2016/679"),
        ("DPA 2018", "DPA 2018"),
        ("Data Protection Act 2018", "DPA 2018"),
        ("Data (Use and Access) Act 2025", "DUAA 2025"),
    ];
    let mut instrument = "";
    let (mut unit, mut before, mut last) = (String::new(), String::new(), String::new());
    let mut words = part
        .replace("Regulation (EU) 2016/679", "@EU ")
        .replace("Data (Use and Access) Act 2025", "@DUAA ");
    for (name, _) in names {
        words = words.replace(name, &format!("@{} ", name.replace(' ', "_")));
    }
    for word in words.split_whitespace() {
        let mut word = word.trim_end_matches([',', ':']).to_owned();
        // The end of a bracket that began words before.
        if word.matches(')').count() > word.matches('(').count() {
            word.pop();
        }
        match word.as_str() {
            "@EU" => instrument = "Regulation (EU) 2016/679",
            "@DUAA" => instrument = "DUAA 2025",
            "@UK_GDPR" | "@GDPR" | "@UK_@GDPR" => instrument = "UK GDPR",
            "@DPA_2018" | "@Data_Protection_Act_2018" => instrument = "DPA 2018",
            "Art." | "Arts" | "Arts." => unit = "Art.".into(),
            "s." | "ss." => (unit, before) = ("s.".into(), String::new()),
            "Sch." => (unit, before) = ("Sch.".into(), String::new()),
            "para." | "paras." => (unit, before) = ("para.".into(), schedule(&before, &last)),
            "Pt." => (unit, before) = ("Pt.".into(), schedule(&before, &last)),
            "Recital" => unit = "Recital".into(),
            "before" | "from" | "as" => break,
            _ if word.starts_with(|c: char| c.is_ascii_digit()) && !unit.is_empty() => {
                let clause = format!("{before}{unit} {word}");
                found.insert((instrument.to_owned(), clause.clone()));
                last = clause;
            }
            _ if word.starts_with('(') && !last.is_empty() => {
                let clause = format!("{}{word}", stem(&last, &word));
                found.insert((instrument.to_owned(), clause));
            }
            _ => {}
        }
        // A schedule that is followed by a paragraph is cited by it alone.
        if matches!(word.as_str(), "para." | "paras." | "Pt.") {
            found.remove(&(instrument.to_owned(), before.trim().to_owned()));
        }
    }
}

/// What a bracket is added to, after a clause: `Art. 5(1)` for `(f)` after `Art. 5(1)(b)`, and `para. 16` for
/// `(3)` after `para. 16(2)(b)`.
fn stem<'a>(last: &'a str, bracket: &str) -> &'a str {
    let is_number = |text: &str| text[1..].starts_with(|c: char| c.is_ascii_digit());
    let mut cuts = last.match_indices('(').map(|(at, _)| at).collect::<Vec<_>>();
    cuts.reverse();
    let same = cuts.into_iter().find(|at| is_number(&last[*at..]) == is_number(bracket));
    &last[..same.unwrap_or(last.len())]
}

/// `Sch. 2 ` after `Sch. 2`, and after `Sch. 2 para. 16`.
fn schedule(before: &str, last: &str) -> String {
    let of = if before.is_empty() { last } else { before };
    let words: Vec<&str> = of.split_whitespace().take(2).collect();
    if words.first() == Some(&"Sch.") { words.join(" ") + " " } else { String::new() }
}

#[test]
fn citations_are_taken_apart() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let expected: BTreeSet<Cited> =
            expected.iter().map(|(act, clause)| ((*act).into(), (*clause).into())).collect();
        assert_eq!(cited(source), expected, "{source}");
    };
    check(
        "GDPR Art. 12(4) and 15(1)(ea); DPA 2018 ss. 167 and 180A",
        &[
            ("UK GDPR", "Art. 12(4)"),
            ("UK GDPR", "Art. 15(1)(ea)"),
            ("DPA 2018", "s. 167"),
            ("DPA 2018", "s. 180A"),
        ],
    );
    check("UK GDPR Art. 12A(5) and (6)", &[("UK GDPR", "Art. 12A(5)"), ("UK GDPR", "Art. 12A(6)")]);
    check(
        "DPA 2018 Sch. 2 paras. 7 to 12",
        &[("DPA 2018", "Sch. 2 para. 7"), ("DPA 2018", "Sch. 2 para. 12")],
    );
    check("DPA 2018 Sch. 3 Pt. 5", &[("DPA 2018", "Sch. 3 Pt. 5")]);
    check("DPA 2018 Sch. 4", &[("DPA 2018", "Sch. 4")]);
    check("GDPR Art. 5(1)(b) and (f)", &[("UK GDPR", "Art. 5(1)(b)"), ("UK GDPR", "Art. 5(1)(f)")]);
    check(
        "UK GDPR Art. 15(1A) (Data (Use and Access) Act 2025 s. 78)",
        &[("UK GDPR", "Art. 15(1A)"), ("DUAA 2025", "s. 78")],
    );
    check(
        "Regulation (EU) 2016/679 Art. 12(4) and 79",
        &[("Regulation (EU) 2016/679", "Art. 12(4)"), ("Regulation (EU) 2016/679", "Art. 79")],
    );
    check(
        "GDPR Art. 12(5)(a); ICO, Right of access, \"Can we charge a fee?\"",
        &[("UK GDPR", "Art. 12(5)(a)"), ("ICO", "\"Can we charge a fee?\"")],
    );
    check("DPA 2018 Sch. 2 para. 16(2)(a)", &[("DPA 2018", "Sch. 2 para. 16(2)(a)")]);
    check(
        "DPA 2018 Sch. 2 para. 16(2)(b) and (3)",
        &[("DPA 2018", "Sch. 2 para. 16(2)(b)"), ("DPA 2018", "Sch. 2 para. 16(3)")],
    );
    check("GDPR Art. 15(1), opening words", &[("UK GDPR", "Art. 15(1)")]);
    check("GDPR Recital 63", &[("UK GDPR", "Recital 63")]);
}

#[test]
fn every_clause_that_the_code_cites_stands_in_a_ledger() {
    let mut sources: BTreeSet<&str> = habeas_law::letter_sources().into_iter().collect();
    for regime in [
        habeas_law::Regime::UkUntilFebruary2026,
        habeas_law::Regime::UkFromFebruary2026,
        habeas_law::Regime::UkFromJune2026,
        habeas_law::Regime::Eu,
    ] {
        sources.extend(habeas_law::required(regime).into_iter().map(|content| content.source));
    }
    sources.extend(habeas_law::exemptions().iter().map(|exemption| exemption.provision));
    let ledgers = ledgers();
    let has = |(act, clause): &Cited| {
        let mut rows = ledgers.iter().filter(|ledger| ledger.instrument == *act);
        // A row on a part of a clause is on the clause.
        rows.any(|ledger| {
            let mut rows = ledger.rows.iter().map(|row| row.clause.as_str());
            rows.any(|row| row == clause || row.starts_with(&format!("{clause}(")))
        })
    };
    let (mut missing, mut n_cited) = (Vec::new(), 0);
    for source in &sources {
        let cited = cited(source);
        assert!(!cited.is_empty(), "nothing is cited by `{source}`");
        n_cited += cited.len();
        missing.extend(cited.into_iter().filter(|one| !has(one)).map(|one| (one, *source)));
    }
    assert!(missing.is_empty(), "no ledger has {missing:#?}");
    assert!(n_cited > 100, "{n_cited}");
}
