//! Does a file come with everything in it, in order, and within its budget?

use std::io::Write;

use habeas_document::{Budget, read_family};
use habeas_model::{ItemPath, Member, Reason};

fn read(name: &str, bytes: &[u8], budget: &Budget) -> Vec<Member> {
    let mut members = Vec::new();
    read_family(name, bytes, budget, &mut |member| members.push(member));
    check_sums(&members);
    members
}

/// Every member that a container lists is handed over, right after its container.
fn check_sums(members: &[Member]) {
    let n_children: u64 = members.iter().map(|member| member.n_children).sum();
    assert_eq!(n_children + 1, members.len() as u64, "a member was lost");
    for (index, member) in members.iter().enumerate() {
        let parent = member.path.parent();
        let is_after = |parent: &ItemPath| members[..index].iter().any(|m| m.path == *parent);
        assert!(parent.is_none_or(|parent| is_after(&parent)), "a member before its container");
        let n_same = members.iter().filter(|other| other.path == member.path).count();
        assert_eq!(n_same, 1, "two members of one path");
    }
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(members, zip::write::SimpleFileOptions::default())
}

fn zip_with(members: &[(&str, &[u8])], options: zip::write::SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        writer.append_data(&mut header, name, *bytes).unwrap();
    }
    writer.into_inner().unwrap()
}

fn paths(members: &[Member]) -> Vec<String> {
    members.iter().map(|member| member.path.to_string()).collect()
}

fn reasons(member: &Member) -> Vec<Reason> {
    member.document.exceptions.iter().map(|exception| exception.reason).collect()
}

#[test]
fn a_container_comes_before_its_members_and_they_in_order() {
    let inner = zip(&[
        ("cv.txt", b"Amara Lind"),
        ("folder/list.csv", b"Name,Email\nBo Ek,bo@example.org\n"),
    ]);
    let outer = tar(&[("a/inner.zip", &inner), ("b.txt.gz", &gzip(b"hello"))]);
    let members = read("dump.tgz", &gzip(&outer), &Budget::default());
    assert_eq!(
        paths(&members),
        [
            "dump.tgz",
            "dump.tgz ▸ dump.tar",
            "dump.tgz ▸ dump.tar ▸ a/inner.zip",
            "dump.tgz ▸ dump.tar ▸ a/inner.zip ▸ cv.txt",
            "dump.tgz ▸ dump.tar ▸ a/inner.zip ▸ folder/list.csv",
            "dump.tgz ▸ dump.tar ▸ b.txt.gz",
            "dump.tgz ▸ dump.tar ▸ b.txt.gz ▸ b.txt",
        ]
    );
    assert_eq!(members[4].document.passages[1].text, "Name: Bo Ek\nEmail: bo@example.org");
    assert!(members.iter().all(|member| member.document.exceptions.is_empty()));
}

#[test]
fn members_of_one_name_have_paths_of_their_own() {
    let twice = tar(&[("a.txt", b"one"), ("a.txt", b"two"), ("c\u{202e}d\n.txt", b"three")]);
    let members = read("x.tar", &twice, &Budget::default());
    assert_eq!(paths(&members)[2], "x.tar ▸ a.txt (2)");
    assert!(!paths(&members)[3].contains('\n'));
}

#[test]
fn a_member_with_a_password_is_listed() {
    use zip::unstable::write::FileOptionsExt;
    let options =
        zip::write::SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
    let members = read(
        "x.zip",
        &zip_with(&[("a.txt", b"one"), ("b.txt", b"one")], options),
        &Budget::default(),
    );
    assert_eq!(paths(&members), ["x.zip", "x.zip ▸ a.txt", "x.zip ▸ b.txt"]);
    for member in &members[1..] {
        assert_eq!(reasons(member), [Reason::Encrypted]);
        assert!(member.document.failure().is_some());
    }
    // Nobody knows whether they are the same, so they are not.
    assert_ne!(members[1].id, members[2].id);
}

#[test]
fn a_bomb_is_an_exception_in_time() {
    let begun = std::time::Instant::now();
    let zeros = vec![0_u8; 64 << 20];
    let members = read("bomb.gz", &gzip(&zeros), &Budget::default());
    assert_eq!(reasons(&members[1]), [Reason::ExpansionLimit]);
    let budget = Budget { expanded_bytes: 1 << 20, ..Budget::default() };
    let bomb =
        zip(&[("small.txt", b"hello"), ("big.bin", &zeros[..4 << 20]), ("late.txt", b"hello")]);
    let members = read("bomb.zip", &bomb, &budget);
    assert_eq!(reasons(&members[2]), [Reason::ExpansionLimit]);
    assert_eq!((reasons(&members[1]), reasons(&members[3])), (vec![], vec![]));
    assert!(begun.elapsed().as_secs() < 5);
}

#[test]
fn containers_in_containers_end_at_the_depth_limit() {
    let mut bytes = b"at the bottom".to_vec();
    for _ in 0..40 {
        bytes = gzip(&bytes);
    }
    let members = read("deep.gz", &bytes, &Budget::default());
    assert_eq!(members.len(), 34);
    assert_eq!(reasons(members.last().unwrap()), [Reason::DepthLimit]);
}

#[test]
fn too_many_members_are_counted() {
    let all: Vec<(String, &[u8])> =
        (0..20).map(|n| (format!("{n}.txt"), b"x".as_slice())).collect();
    let all: Vec<(&str, &[u8])> = all.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let budget = Budget { children: 5, ..Budget::default() };
    let members = read("many.zip", &zip(&all), &budget);
    assert_eq!((members[0].n_children, reasons(&members[0])), (5, vec![Reason::CountLimit]));
    assert!(members[0].document.exceptions[0].note.starts_with("15 members"));
}

#[test]
fn a_file_past_the_limit_is_not_read() {
    let budget = Budget { file_bytes: 10, ..Budget::default() };
    let members = read("a.txt", b"more than ten bytes", &budget);
    assert_eq!(reasons(&members[0]), [Reason::SizeLimit]);
}

#[test]
fn no_bytes_are_an_empty_document() {
    let members = read("empty.csv", b"", &Budget::default());
    assert_eq!(members.len(), 1);
    assert!(members[0].document.exceptions.is_empty() && members[0].document.passages.is_empty());
}

#[test]
fn the_code_of_all_versions_is_stable_and_short() {
    assert_eq!(habeas_document::version(), habeas_document::version());
    assert_eq!(habeas_document::version().len(), 12);
    let mut names: Vec<&str> = habeas_document::formats().iter().map(|card| card.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), habeas_document::formats().len());
}
