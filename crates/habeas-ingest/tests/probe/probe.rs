//! A reader that can misbehave, and a run that can be killed.
//!
//! `habeas-probe reader` reads items as the command does, but one that starts with `#!hostile`
//! says in its lines what the reader does; `habeas-probe lister` lists and opens as the command
//! does, but names say what it meets; `habeas-probe index DIR SOURCE…` runs an index to its
//! end.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use habeas_document::{Budget, Child, Content, Opened, Unpacked, open};
use habeas_ingest::{Options, become_foreign, index, serve_lister_with, serve_with};
use habeas_model::{Document, Passage, Place, PlaceKind, SourceName};
use habeas_source::Source;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("reader") => serve_with(hostile),
        Some("lister") => serve_lister_with(away),
        Some("eyes") => {
            let arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
            become_foreign(&arguments[1], &arguments[2..])
        }
        Some("index") => run(&arguments[1..]),
        _ => ExitCode::from(2),
    }
}

/// What happens before a path is listed or opened: an absolute one is a root, or is opened.
fn away(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_met = |what: &str| name.starts_with(what);
    if is_met("#hangs") || (is_met("#opens-never") && path.is_absolute()) {
        std::thread::sleep(std::time::Duration::from_secs(600));
    }
    if (is_met("#dies") && !path.is_absolute()) || (is_met("#opens-badly") && path.is_absolute()) {
        std::process::abort();
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
    let options = Options { n_readers: 2, ..Options::default() };
    let stop = AtomicBool::new(false);
    match index(Path::new(dir), &sources, &options, &|_| {}, &stop) {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Opens an item as the command does, unless it starts with `#!hostile`: then its lines are acts.
/// What stands before a line `members` happens while the item is read, what comes after it while a
/// member of that name is unpacked; a member reads as its own line.
fn hostile<'a>(name: &'a str, bytes: &'a [u8], budget: &'a Budget) -> Opened<'a> {
    let Some(acts) = bytes.strip_prefix(b"#!hostile\n").and_then(|acts| str::from_utf8(acts).ok())
    else {
        return open(name, bytes, budget);
    };
    let (reading, unpacking) = acts.split_once("members\n").unwrap_or((acts, ""));
    let mut opened = Opened::default();
    opened.document.media_type = "text/x-hostile".to_owned();
    let text = format!("{name} {reading}");
    opened.document.passages.push(Passage::text(Place::new(PlaceKind::Line, 1), text));
    for line in reading.lines() {
        act(line, &mut opened.document);
    }
    for (number, line) in unpacking.lines().enumerate() {
        let unpack = move |_| {
            act(line, &mut Document::default());
            // What stands behind `read` is what the member itself does when it is read.
            let bytes = match line.strip_prefix("read ") {
                Some(acts) => format!("#!hostile\n{}\n", acts.replace(';', "\n")),
                None => format!("{line} {number}\n"),
            };
            Unpacked { bytes: bytes.into_bytes(), exception: None }
        };
        let content = Content::Packed { packed_bytes: line.len() as u64, unpack: Box::new(unpack) };
        opened.members.push(Child { name: format!("{number}.txt"), content });
    }
    opened
}

fn act(line: &str, document: &mut Document) {
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
        "busy" => std::thread::sleep(std::time::Duration::from_millis(1500)),
        "sleep" => std::thread::sleep(std::time::Duration::from_secs(600)),
        "bomb" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 1 << 20]);
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        }
        "bigbomb" => drop(std::hint::black_box(Vec::<u8>::with_capacity(1 << 46))),
        "flood" => {
            // 200 MB of text in one passage.
            let text = "all of it ".repeat(20 << 20);
            document.passages.push(Passage::text(Place::new(PlaceKind::Line, 2), text));
        }
        "lie" => {
            use std::io::Write;
            let _ =
                std::io::stdout().write_all(&[9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5]);
            let _ = std::io::stdout().flush();
        }
        // Each try says whether it got through.
        "open" => tell(document, line, std::fs::File::open(with).is_ok()),
        "list" => tell(document, line, std::fs::read_dir(with).is_ok()),
        "write" => tell(document, line, std::fs::write(with, "written").is_ok()),
        "connect" => tell(document, line, std::net::TcpStream::connect(with).is_ok()),
        "bind" => tell(document, line, std::net::TcpListener::bind(with).is_ok()),
        "udp" => tell(document, line, std::net::UdpSocket::bind(with).is_ok()),
        "abstract" => {
            use std::os::linux::net::SocketAddrExt;
            let address = std::os::unix::net::SocketAddr::from_abstract_name(with).unwrap();
            let connected = std::os::unix::net::UnixStream::connect_addr(&address).is_ok();
            tell(document, line, connected);
        }
        "run" => {
            let ran = std::process::Command::new("/bin/sh").arg("-c").arg(with).status().is_ok();
            tell(document, line, ran);
        }
        "kill" => {
            let parent = rustix::process::getppid().unwrap();
            let signal = rustix::process::Signal::USR1;
            tell(document, line, rustix::process::kill_process(parent, signal).is_ok());
        }
        "thread" => tell(document, line, std::thread::Builder::new().spawn(|| {}).is_ok()),
        "memory" => {
            let path =
                format!("/proc/{}/mem", rustix::process::getppid().unwrap().as_raw_nonzero());
            tell(document, line, std::fs::File::open(path).is_ok());
        }
        _ => {}
    }
}

fn tell(document: &mut Document, what: &str, has_succeeded: bool) {
    let place = Place::new(PlaceKind::Line, document.passages.len() + 1);
    let how = if has_succeeded { "got through" } else { "was refused" };
    document.passages.push(Passage::text(place, format!("{what} {how}")));
}

fn deep(n: u64) -> u64 {
    let here = std::hint::black_box([n; 64]);
    if n == 0 { 0 } else { deep(n + 1) + here[3] }
}
