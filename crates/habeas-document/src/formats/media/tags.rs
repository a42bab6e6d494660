//! The tags that stand in a recording, in the words of their own format.

use std::io::Cursor;

use lofty::ape::{ApeFile, ApeTag};
use lofty::file::{AudioFile, FileType};
use lofty::flac::FlacFile;
use lofty::id3::v1::Id3v1Tag;
use lofty::id3::v2::{Frame, Id3v2Tag};
use lofty::iff::aiff::AiffFile;
use lofty::iff::wav::WavFile;
use lofty::mpeg::MpegFile;
use lofty::musepack::MpcFile;
use lofty::ogg::tag::VorbisComments;
use lofty::ogg::{OpusFile, SpeexFile, VorbisFile};
use lofty::tag::ItemValue;
use lofty::wavpack::WavPackFile;

use super::{Found, MAX_VALUE_BYTES, options};

/// Reads the tags of a file of that kind; a file that cannot be read has none.
pub(super) fn read(kind: FileType, bytes: &[u8], found: &mut Found) {
    match kind {
        FileType::Mpeg => with::<MpegFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            id3v1(file.id3v1(), found);
            ape(file.ape(), found);
        }),
        FileType::Aac => with::<lofty::aac::AacFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            id3v1(file.id3v1(), found);
        }),
        FileType::Wav => with::<WavFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
        }),
        FileType::Aiff => with::<AiffFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            if let Some(text) = file.text_chunks() {
                for (caption, value) in [
                    ("Title", &text.name),
                    ("Author", &text.author),
                    ("Copyright", &text.copyright),
                ] {
                    found.line(caption, value.as_deref().unwrap_or_default());
                }
                for note in text.annotations.iter().flatten() {
                    found.line("Comment", note);
                }
                for note in text.comments.iter().flatten() {
                    found.line("Comment", &note.text);
                }
            }
        }),
        FileType::Flac => with::<FlacFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            if let Some(tag) = file.vorbis_comments() {
                vorbis(tag, found);
            }
        }),
        FileType::Opus => with::<OpusFile>(bytes, |file| vorbis(file.vorbis_comments(), found)),
        FileType::Vorbis => with::<VorbisFile>(bytes, |file| vorbis(file.vorbis_comments(), found)),
        FileType::Speex => with::<SpeexFile>(bytes, |file| vorbis(file.vorbis_comments(), found)),
        FileType::Ape => with::<ApeFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            id3v1(file.id3v1(), found);
            ape(file.ape(), found);
        }),
        FileType::WavPack => with::<WavPackFile>(bytes, |file| {
            id3v1(file.id3v1(), found);
            ape(file.ape(), found);
        }),
        FileType::Mpc => with::<MpcFile>(bytes, |file| {
            id3v2(file.id3v2(), found);
            id3v1(file.id3v1(), found);
            ape(file.ape(), found);
        }),
        // The boxes of an MP4 are read by hand.
        _ => {}
    }
}

fn with<F: AudioFile>(bytes: &[u8], take: impl FnOnce(&F)) {
    if let Ok(file) = F::read_from(&mut Cursor::new(bytes), options()) {
        take(&file);
    }
}

/// What the fields of Vorbis, APE and free fields are called for a person.
fn shown(key: &str) -> &str {
    match key.to_ascii_uppercase().as_str() {
        "TITLE" => "Title",
        "ARTIST" => "Artist",
        "ALBUM" => "Album",
        "ALBUMARTIST" | "ALBUM ARTIST" => "Album artist",
        "COMMENT" | "COMMENTS" => "Comment",
        "DESCRIPTION" => "Description",
        "COMPOSER" => "Composer",
        "PERFORMER" => "Performer",
        "DATE" | "YEAR" => "Date",
        "LYRICS" | "UNSYNCEDLYRICS" => "Lyrics",
        "LOCATION" => "Location",
        "ENCODER" | "ENCODED-BY" => "Encoder",
        _ => key,
    }
}

fn vorbis(tag: &VorbisComments, found: &mut Found) {
    found.line("Encoder", tag.vendor());
    for (key, value) in tag.items() {
        found.line(shown(key), value);
    }
}

fn ape(tag: Option<&ApeTag>, found: &mut Found) {
    let Some(tag) = tag else { return };
    for item in tag {
        if let ItemValue::Text(text) | ItemValue::Locator(text) = item.value() {
            found.line(shown(item.key()), &text.replace('\0', "; "));
        }
    }
}

fn id3v1(tag: Option<&Id3v1Tag>, found: &mut Found) {
    let Some(tag) = tag else { return };
    for (caption, value) in [
        ("Title", &tag.title),
        ("Artist", &tag.artist),
        ("Album", &tag.album),
        ("Comment", &tag.comment),
    ] {
        let value = value.as_deref().unwrap_or_default().trim();
        // Its 30 characters are the begin of what the newer tag says in full.
        let is_said = found.lines.iter().any(|(_, have)| have.starts_with(value));
        if !is_said {
            found.line(caption, value);
        }
    }
}

fn id3v2(tag: Option<&Id3v2Tag>, found: &mut Found) {
    let Some(tag) = tag else { return };
    for frame in tag {
        let id = frame.id_str().to_owned();
        match frame {
            Frame::Text(text) => found.line(named(&id), &text.value.replace('\0', "; ")),
            Frame::UserText(text) => {
                let caption = if text.description.is_empty() { "Note" } else { &text.description };
                found.line(shown(caption), &text.content);
            }
            Frame::Comment(text) => {
                let caption =
                    if text.description.is_empty() { "Comment" } else { &text.description };
                found.line(shown(caption), &text.content);
            }
            Frame::UnsynchronizedText(text) => found.line("Lyrics", &text.content),
            Frame::Url(url) => found.line(named(&id), url.url()),
            Frame::UserUrl(url) => {
                let caption = if url.description.is_empty() { "Link" } else { &url.description };
                found.line(caption, &url.content);
            }
            Frame::Popularimeter(rating) => found.line("Rated by", &rating.email),
            Frame::KeyValue(pairs) => {
                for (role, name) in pairs.key_value_pairs.iter() {
                    found.line(if role.is_empty() { "Involved" } else { role }, name);
                }
            }
            Frame::UniqueFileIdentifier(unique) => {
                let id = String::from_utf8_lossy(&unique.identifier);
                if !id.contains(char::REPLACEMENT_CHARACTER) {
                    found.line("Identifier", &id);
                }
            }
            Frame::Ownership(owner) => {
                found.line("Seller", &owner.seller);
                found.line("Bought", &owner.date_of_purchase);
            }
            Frame::Private(private) => {
                let bytes =
                    &private.private_data[..private.private_data.len().min(MAX_VALUE_BYTES)];
                if let Ok(text) = std::str::from_utf8(bytes)
                    && !text.chars().any(|c| c.is_control() && !c.is_whitespace())
                {
                    found.line(&private.owner, text);
                }
            }
            Frame::Timestamp(time) => found.line(named(&id), &time.timestamp.to_string()),
            Frame::Chapter(chapter) => {
                found.line("Chapter", chapter.title().unwrap_or_default());
                found.line("Chapter", chapter.subtitle().unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// What a frame is called for a person.
///
/// Source: ID3v2.4, Native Frames, 4.2 and 4.3.
fn named(id: &str) -> &str {
    match id {
        "TIT1" | "TIT2" => "Title",
        "TIT3" => "Subtitle",
        "TPE1" => "Artist",
        "TPE2" => "Album artist",
        "TPE3" => "Conductor",
        "TPE4" => "Remixed by",
        "TALB" => "Album",
        "TCOM" => "Composer",
        "TEXT" => "Author",
        "TOPE" => "Performer",
        "TOWN" => "Owner",
        "TENC" => "Encoded by",
        "TCOP" => "Copyright",
        "TPUB" => "Publisher",
        "TDRC" | "TYER" => "Recorded",
        "TDRL" => "Released",
        "TDTG" => "Tagged",
        "TDEN" => "Encoded",
        "TOFN" => "File",
        "TSSE" => "Software",
        "TLAN" => "Language",
        "TRCK" => "Track",
        "TCON" => "Genre",
        "TLEN" => "Length in milliseconds",
        "WOAR" => "Artist's page",
        _ => id,
    }
}
