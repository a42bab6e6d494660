//! The worst folder that a custodian can have, made by this code. Other crates' tests include this
//! file by its path, so it uses the standard library and the commands of every Linux only.
#![allow(dead_code, reason = "each test uses some of it")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many names the one file has that has many.
pub const HARD_LINKS: u64 = 10_000;
/// How many folders lie in each other, with long names: 12,300 bytes of path.
pub const LONG: (usize, usize) = (60, 204);
/// And with short ones.
pub const DEEP: usize = 300;

/// A folder that is removed at the end, however deep it is.
pub struct Tree {
    pub root: PathBuf,
    /// Files in it that a user without rights to some of it can list.
    pub n_files: u64,
    /// Links, pipes, sockets, devices.
    pub n_excluded: u64,
    /// Files (of `n_files`) and folders that only the superuser may read.
    pub n_locked_files: u64,
    pub n_locked_folders: u64,
    /// Folders in each other, and the name that all of them have.
    chains: Vec<(PathBuf, String)>,
    folder: tempfile::TempDir,
}

impl Drop for Tree {
    fn drop(&mut self) {
        // The standard library keeps a descriptor a level, and `rm` a path.
        for (top, below) in &self.chains {
            let _ = remove_chain(top, below);
        }
        let closed = self.root.join("closed/folder");
        let _ = fs::set_permissions(closed, fs::Permissions::from_mode(0o700));
    }
}

/// Removes folders in each other, from the innermost outwards.
fn remove_chain(top: &Path, below: &str) -> io::Result<()> {
    let inside = |folder: &File| PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()));
    let mut here = File::open(top)?;
    let mut depth = 0;
    loop {
        for name in ["a.txt", "z.txt", "end.txt"] {
            let _ = fs::remove_file(inside(&here).join(name));
        }
        let Ok(next) = File::open(inside(&here).join(below)) else { break };
        here = next;
        depth += 1;
    }
    for _ in 0..depth {
        here = File::open(inside(&here).join(".."))?;
        fs::remove_dir(inside(&here).join(below))?;
    }
    Ok(())
}

impl Tree {
    /// An empty one.
    pub fn new() -> Self {
        Self::new_in(&std::env::temp_dir())
    }

    /// An empty one in that folder.
    pub fn new_in(above: &Path) -> Self {
        let folder = tempfile::tempdir_in(above).unwrap();
        // Anybody may pass, so that a test can become somebody else.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let root = folder.path().join("tree");
        fs::create_dir(&root).unwrap();
        let chains = Vec::new();
        let (n_files, n_excluded, n_locked_files, n_locked_folders) = (0, 0, 0, 0);
        Self { root, n_files, n_excluded, n_locked_files, n_locked_folders, chains, folder }
    }

    /// All of it: long paths, odd names, links, things that are no files, holes, closed doors.
    pub fn hostile() -> Self {
        let mut tree = Self::new();
        tree.chain("long", LONG.0, LONG.1, 1);
        tree.chain("deep", DEEP, 1, 1);
        tree.odd_names();
        tree.links();
        tree.no_files();
        tree.holes();
        tree.closed();
        tree
    }

    /// Folders in each other, with names of so many bytes, and a file in every so-manyeth and in
    /// the last.
    pub fn chain(&mut self, name: &str, n_levels: usize, name_bytes: usize, every: usize) {
        let top = self.root.join(name);
        fs::create_dir(&top).unwrap();
        let mut here = File::open(&top).unwrap();
        let below = "d".repeat(name_bytes);
        self.chains.push((top, below.clone()));
        for level in 1..=n_levels {
            let inside = PathBuf::from(format!("/proc/self/fd/{}", here.as_raw_fd()));
            if level % every == 0 {
                // Both before and after the folder in the order of names.
                fs::write(inside.join("a.txt"), level.to_string()).unwrap();
                fs::write(inside.join("z.txt"), level.to_string()).unwrap();
                self.n_files += 2;
            }
            fs::create_dir(inside.join(&below)).unwrap();
            here = File::open(inside.join(&below)).unwrap();
        }
        fs::write(format!("/proc/self/fd/{}/end.txt", here.as_raw_fd()), "end").unwrap();
        self.n_files += 1;
    }

    pub fn odd_names(&mut self) {
        let folder = self.root.join("names");
        fs::create_dir(&folder).unwrap();
        for name in odd_names() {
            fs::write(folder.join(OsStr::from_bytes(&name)), &name).unwrap();
            self.n_files += 1;
        }
    }

    pub fn links(&mut self) {
        let folder = self.root.join("links");
        fs::create_dir_all(folder.join("hard")).unwrap();
        fs::write(folder.join("hard/00000"), "one").unwrap();
        for n in 1..HARD_LINKS {
            let name = folder.join(format!("hard/{n:05}"));
            fs::hard_link(folder.join("hard/00000"), name).unwrap();
        }
        self.n_files += HARD_LINKS;
        for (name, to) in [
            ("dangling", "nowhere"),
            ("itself", "itself"),
            ("ping", "pong"),
            ("pong", "ping"),
            ("up", ".."),
            ("shadow", "/etc/shadow"),
            ("proc", "/proc/self/root"),
            ("file", "hard/00000"),
        ] {
            symlink(to, folder.join(name)).unwrap();
            self.n_excluded += 1;
        }
    }

    pub fn no_files(&mut self) {
        let folder = self.root.join("no files");
        fs::create_dir(&folder).unwrap();
        // The socket stays when its listener goes.
        std::os::unix::net::UnixListener::bind(folder.join("socket")).unwrap();
        run("mkfifo", &[folder.join("pipe").as_os_str()]);
        self.n_excluded += 2;
        let device = folder.join("device");
        let made = Command::new("mknod").arg(&device).args(["c", "1", "5"]).output().unwrap();
        self.n_excluded += u64::from(made.status.success());
        fs::create_dir(folder.join("empty folder")).unwrap();
    }

    pub fn holes(&mut self) {
        let folder = self.root.join("holes");
        fs::create_dir(&folder).unwrap();
        File::create(folder.join("1 TiB")).unwrap().set_len(1 << 40).unwrap();
        let mut file = File::create(folder.join("1 MiB")).unwrap();
        file.seek(SeekFrom::Start((1 << 20) - 3)).unwrap();
        file.write_all(b"end").unwrap();
        File::create(folder.join("empty")).unwrap();
        self.n_files += 3;
    }

    pub fn closed(&mut self) {
        let folder = self.root.join("closed");
        fs::create_dir_all(folder.join("folder")).unwrap();
        fs::write(folder.join("file"), "x").unwrap();
        fs::write(folder.join("folder/file"), "x").unwrap();
        self.n_files += 1;
        self.n_locked_files += 1;
        self.n_locked_folders += 1;
        let closed = fs::Permissions::from_mode(0o000);
        fs::set_permissions(folder.join("file"), closed.clone()).unwrap();
        fs::set_permissions(folder.join("folder"), closed).unwrap();
    }
}

/// Names that a careless program loses, changes, prints or obeys.
pub fn odd_names() -> Vec<Vec<u8>> {
    let texts = [
        "new\nline",
        "\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07",
        "\u{202e}fdp.exe",
        "é",
        "e\u{301}",
        "a ▸ b",
        "a ▸ b.zip ▸ c",
        r"a \u{25b8} b",
        "CASE",
        "case",
        "Case",
        "CON",
        "NUL.txt",
        "trailing ",
        " leading",
        "trailing.",
        "-rf",
        "--",
        "~",
        "*",
        "?",
        "$(x)",
        "`x`",
        "a;b",
        "a|b",
        "a\\b",
        "\\xff",
        "\"",
        "'",
        "\t",
        "\r",
        "\u{7f}",
        "...",
        ".hidden",
        "..x",
        "\u{feff}bom",
        "\u{200b}",
        "%00",
        "a:b",
        "😀",
    ];
    let mut names: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    names.extend([
        b"\xff".to_vec(),
        b"a\xffb\xfe".to_vec(),
        b"\xc3".to_vec(),
        b"\xed\xa0\x80".to_vec(),
    ]);
    names.extend([vec![b'x'; 255], vec![0xff; 255], "ä".repeat(127).into_bytes(), vec![1]]);
    names
}

fn run(command: &str, arguments: &[&OsStr]) {
    let status = Command::new(command).args(arguments).status().unwrap();
    assert!(status.success(), "{command}");
}
