//! A reader that can misbehave, and a run that can be killed.
//!
//! `habeas-probe reader` reads files as the command does, but a file that starts with `#!hostile`
//! is a family whose lines say what the reader does; `habeas-probe index DIR SOURCE…` runs an
//! index to its end.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use habeas_document::{Budget, read_family};
use habeas_ingest::{Options, index, serve_with};
use habeas_model::{Document, ItemId, ItemPath, Member, Passage, Place, PlaceKind, SourceName};
use habeas_source::Source;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("reader") => serve_with(hostile),
        Some("index") => run(&arguments[1..]),
        _ => ExitCode::from(2),
    }
}

fn run(arguments: &[String]) -> ExitCode {
    let [dir, roots @ ..] = arguments else { return ExitCode::from(2) };
    let name = |number| SourceName::parse(&format!("s{number}")).expect("a name");
    let sources: Vec<Source> = roots
        .iter()
        .enumerate()
        .map(|(n, root)| Source { name: name(n), root: PathBuf::from(root), exclude: Vec::new() })
        .collect();
    let options = Options {
        budget: Budget::default(),
        n_readers: 2,
        is_fresh: false,
        own_domains: Vec::new(),
    };
    let stop = AtomicBool::new(false);
    match index(Path::new(dir), &sources, &options, &|_| {}, &stop) {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn hostile(
    name: &str,
    bytes: &[u8],
    budget: &Budget,
    skip: &[ItemPath],
    out: &mut dyn FnMut(Member),
) {
    let text = String::from_utf8_lossy(bytes);
    let Some(acts) = text.strip_prefix("#!hostile\n") else {
        return read_family(name, bytes, budget, skip, out);
    };
    let root = ItemPath::file(name.as_bytes());
    out(member(root.clone(), "the family itself"));
    for (number, line) in acts.lines().enumerate() {
        act(line);
        out(member(root.member(&number.to_string()), line));
    }
}

fn member(path: ItemPath, text: &str) -> Member {
    let passage = Passage::text(Place::new(PlaceKind::Line, 1), format!("{text} {path}"));
    let id = ItemId::of(passage.text.as_bytes());
    let media_type = "text/plain".to_owned();
    let document = Document { media_type, passages: vec![passage], ..Document::default() };
    Member { path, id, size_bytes: 1, document, n_children: 0 }
}

fn act(line: &str) {
    let (what, with) = line.split_once(' ').unwrap_or((line, ""));
    match what {
        "panic" => panic!("as asked"),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(0),
        "stack" => {
            std::hint::black_box(deep(1));
        }
        "loop" => loop {
            std::hint::black_box(());
        },
        "sleep" => std::thread::sleep(std::time::Duration::from_secs(600)),
        "bomb" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 1 << 20]);
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        "bigbomb" => drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 46))),
        "write" => drop(std::fs::write(with, "written")),
        "connect" => drop(std::net::TcpStream::connect(with)),
        "run" => drop(std::process::Command::new("/bin/sh").arg("-c").arg(with).status()),
        _ => {}
    }
}

fn deep(n: u64) -> u64 {
    let here = std::hint::black_box([n; 64]);
    if n == 0 { 0 } else { deep(n + 1) + here[3] }
}
