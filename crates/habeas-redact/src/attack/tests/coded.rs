//! Every way in which words may be written or packed is undone, and ordinary text is no alarm.

use std::io::Write;

use super::{attacked_alone, check_leak};

#[test]
fn a_name_in_any_writing_is_caught() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let utf32 =
        |text: &str| text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<u8>>();
    check_leak("UTF-32", &utf32("seen by Tom Quill"));
    check_leak(
        "UTF-16 in hexadecimal",
        &wide("Tom Quill").iter().fold(b"x ".to_vec(), |mut out, b| {
            out.extend(format!("{b:02x}").bytes());
            out
        }),
    );
    check_leak("UTF-7", b"seen by +AFQAbwBt- +AFEAdQBpAGwAbA-");
    check_leak("backwards", b"lliuQ moT yb nees");
    check_leak("ROT13", b"frra ol Gbz Dhvyy");
    check_leak("EBCDIC", &[0xe3, 0x96, 0x94, 0x40, 0xd8, 0xa4, 0x89, 0x93, 0x93]);
    check_leak("uuencode", b"begin 644 a.txt\n)5&]M(%%U:6QL\n`\nend\n");
    check_leak("Adobe's base85", br#"<~F(Jp#+C]U=<,ZUr;0?ShC]~>"#);
    check_leak("Python's base85", br#"RBvq{QFUo-Yy"#);
    check_leak("octal escapes", br"(\124\157\155\040\121\165\151\154\154)");
    check_leak("hexadecimal with marks", b"54:6f:6d:20:51:75:69:6c:6c");
    check_leak("entities in hexadecimal", b"&#x54;&#x6f;&#x6d; &#x51;&#x75;&#x69;&#x6c;&#x6c;");
    check_leak("base64 for URLs", b"id=c2VlbiBieSBUb20gUXVpbGwgdG9kYXk");
    check_leak("letters with accents", "T\u{f3}m Qu\u{ed}ll".as_bytes());
    check_leak("zero-width letters", "T\u{200b}om Qu\u{200b}ill".as_bytes());
    check_leak("cells of a workbook", b"<si><t>Tom</t></si><si><t>Quill</t></si>");
}

#[test]
fn what_is_packed_inside_other_bytes_is_caught() {
    let zlib = |text: &[u8]| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    };
    let gzip = |text: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    };
    let noise: Vec<u8> = (0..200_u8).map(|n| n.wrapping_mul(37)).collect();
    let name = b"seen by Tom Quill";
    check_leak("deflated", &zlib(name));
    check_leak("deflated inside", &[&noise, zlib(name).as_slice(), &noise].concat());
    check_leak("gzip inside", &[&noise, gzip(name).as_slice(), &noise].concat());
    check_leak("twice", &[&noise, gzip(&zlib(name)).as_slice()].concat());
    let chunk = |kind: &[u8], data: &[u8]| {
        let length = (data.len() as u32).to_be_bytes();
        [length.as_slice(), kind, data, &[0; 4]].concat()
    };
    let head = b"\x89PNG\r\n\x1a\n".to_vec();
    let end = chunk(b"IEND", b"");
    let packed = [b"Author\0\0".as_slice(), &zlib(name)].concat();
    let utf8 = [b"Author\0\x01\0en\0\0".as_slice(), &zlib(name)].concat();
    check_leak("tEXt", &[head.clone(), chunk(b"tEXt", b"Author\0Tom Quill"), end.clone()].concat());
    check_leak("zTXt", &[head.clone(), chunk(b"zTXt", &packed), end.clone()].concat());
    check_leak("iTXt", &[head.clone(), chunk(b"iTXt", &utf8), end.clone()].concat());
    check_leak("eXIf", &[head.clone(), chunk(b"eXIf", b"II*\0Tom Quill"), end.clone()].concat());
    check_leak("after the end", &[head, end, name.to_vec()].concat());
}

#[test]
fn ordinary_text_is_no_alarm() {
    for text in [
        "1 + 1 is 2, and C++ is a language; call 0x10 times: a+b-c",
        "begin with the end in mind\nend",
        "https://example.org/aVeryLongPathWithoutBlanks/thatLooksLikeBase85!or!not",
        "He said: that is \\u0041 escape, =3D and &amp; <b>bold</b>",
    ] {
        let attack = attacked_alone("a.txt", text.as_bytes());
        assert!(attack.is_clean(), "{text}: {attack:?}");
    }
}
