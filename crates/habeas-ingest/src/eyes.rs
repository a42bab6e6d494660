//! What does a picture say? Optical recognition by a foreign program, in a tier of its own.
//!
//! Tesseract is a program in C, so it is never given the bytes of an item: a reader decodes the
//! picture in Rust and hands over a plain greymap. Each picture has a process of its own, which
//! gives up files, network and signals as far as a foreign program lets it (`habeas eyes`, hidden),
//! and then becomes tesseract.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use habeas_document::page::{Pixels, Recognised, SeenWord};
use habeas_model::{Exception, Place, PlaceKind, Reason};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::confine::confine_foreign;
use crate::reader::program;
use crate::watch::{Patience, Phase, Watched};
use crate::wire;

/// Processor time for one picture; an A4 page of dense print takes 2 to 5 seconds.
const MOST_CPU: Duration = Duration::from_secs(120);
/// Memory for one picture.
const MOST_BYTES: u64 = 2 << 30;
/// What tesseract may say of one picture.
const MOST_OUTPUT: u64 = 16 << 20;
/// Below this mean confidence, in percent, somebody should compare.
const LOW_CONFIDENCE: f32 = 60.0;
/// A word below this confidence is noise more often than not, and is left out of the mean.
const NOISE: f32 = 20.0;

/// The recogniser that is installed, and what it has done in this run.
#[derive(Debug)]
pub struct Eyes {
    program: PathBuf,
    /// `tesseract 5.3.0, eng`: what decides what it sees.
    pub version: String,
    languages: String,
    /// Does it know which way up a page is?
    has_orientation: bool,
    n_pictures: AtomicU64,
    micros: AtomicU64,
}

impl Eyes {
    /// Finds tesseract on the `PATH`, with those of the languages (`eng`, `deu`, …) that it has.
    ///
    /// # Errors
    /// A sentence that says what is missing.
    pub fn find(languages: &[String]) -> Result<Self, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join("tesseract"))
            .find(|program| program.is_file())
            .ok_or("tesseract is not installed (Debian: tesseract-ocr)")?;
        let ask = |argument: &str| -> Result<String, String> {
            let output = Command::new(&program).arg(argument).stdin(Stdio::null()).output();
            let output = output.map_err(|error| format!("tesseract cannot be run: {error}"))?;
            // Older ones answer on the other stream.
            Ok(format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ))
        };
        let version = ask("--version")?.lines().next().unwrap_or("tesseract").to_owned();
        let known = ask("--list-langs")?;
        let is_known = |language: &str| known.lines().any(|line| line.trim() == language);
        let usable: Vec<&str> =
            languages.iter().map(String::as_str).filter(|language| is_known(language)).collect();
        if usable.is_empty() {
            let wanted = languages.join(", ");
            return Err(format!("tesseract has no data for {wanted} (tesseract-ocr-LANG)"));
        }
        let languages = usable.join("+");
        Ok(Self {
            program,
            version: format!("{version}, {languages}"),
            languages,
            has_orientation: is_known("osd"),
            n_pictures: AtomicU64::new(0),
            micros: AtomicU64::new(0),
        })
    }

    /// Pictures looked at so far, and the time that took by the clock, over all threads.
    pub fn done(&self) -> (u64, Duration) {
        let micros = self.micros.load(Ordering::Relaxed);
        (self.n_pictures.load(Ordering::Relaxed), Duration::from_micros(micros))
    }

    /// Recognises a greymap at `place`. Gives its text, which may be empty, and what is in doubt.
    ///
    /// # Errors
    /// The exception that says why not: too long, too large, the recogniser failed.
    pub(crate) fn look(
        &self,
        picture: File,
        dpi: u16,
        place: &Place,
        started: &dyn Fn(&std::sync::Arc<Watched>),
    ) -> Result<(Recognised, Option<Exception>), Exception> {
        let begun = Instant::now();
        let seen = self.run(picture, dpi, started);
        self.n_pictures.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        let tsv = seen.map_err(|exception| exception.at(place.clone()))?;
        let (mut seen, confidence) = read_tsv(&tsv, dpi);
        seen.number = place.number;
        if seen.text.is_empty() {
            return Ok((seen, None));
        }
        let doubt = (confidence < LOW_CONFIDENCE).then(|| {
            let note = format!("recognised with a confidence of {confidence:.0} %");
            Exception::part(Reason::LowConfidence, Some(place.clone()), note)
        });
        Ok((seen, doubt))
    }

    /// Recognises text in pixels of that resolution.
    ///
    /// # Errors
    /// As for a page: too long, too large, the recogniser failed.
    pub fn recognise(&self, pixels: &Pixels, dpi: u16) -> Result<Recognised, Exception> {
        self.greymap(pixels.width, pixels.height, dpi, &pixels.grey())
    }

    /// Recognises a greymap that we drew ourselves: rows from the top, a byte a pixel, 0 for black.
    /// Gives its text, empty if there is none.
    ///
    /// # Errors
    /// The exception that says why not: too long, too large, the recogniser failed.
    pub fn read_grey(
        &self,
        width: u32,
        height: u32,
        dpi: u16,
        pixels: &[u8],
    ) -> Result<String, Exception> {
        self.greymap(width, height, dpi, pixels).map(|seen| seen.text)
    }

    fn greymap(
        &self,
        width: u32,
        height: u32,
        dpi: u16,
        pixels: &[u8],
    ) -> Result<Recognised, Exception> {
        let mut pgm = format!("P5\n{width} {height}\n255\n").into_bytes();
        pgm.extend_from_slice(pixels);
        let picture = wire::sealed(&pgm).map_err(|error| {
            Exception::whole(Reason::ReaderFailed, format!("a picture: {}", error.kind()))
        })?;
        drop(pgm);
        let place = Place::new(PlaceKind::Page, 1_usize);
        self.look(File::from(picture), dpi, &place, &|_| {}).map(|(seen, _)| seen)
    }

    fn run(
        &self,
        picture: File,
        dpi: u16,
        started: &dyn Fn(&std::sync::Arc<Watched>),
    ) -> Result<String, Exception> {
        let failed = |error: io::Error| {
            Exception::whole(Reason::ReaderFailed, format!("the recogniser: {}", error.kind()))
        };
        let mut child = Command::new(program())
            .arg("eyes")
            .arg(&self.program)
            .args(["stdin", "stdout", "--dpi", &dpi.to_string(), "-l", &self.languages])
            .args(["--psm", if self.has_orientation { "1" } else { "3" }, "tsv"])
            .env_clear()
            // Its threads wait for each other more than they work.
            .env("OMP_THREAD_LIMIT", "1")
            .current_dir("/")
            .stdin(picture)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let output = child.stdout.take();
        let watched = Watched::new(child, Vec::new());
        started(&watched);
        let patience = Patience {
            cpu: MOST_CPU,
            most_cpu: MOST_CPU,
            memory_bytes: MOST_BYTES,
            ..Patience::default()
        };
        watched.busy(patience, 0, Phase::Working);
        let mut text = String::new();
        let heard = match output {
            Some(output) => output.take(MOST_OUTPUT + 1).read_to_string(&mut text),
            None => Ok(0),
        };
        let (verdict, how) = watched.end(Duration::from_secs(5));
        if let Some(reason) = verdict {
            return Err(Exception::whole(reason, "the recogniser was stopped"));
        }
        if text.len() as u64 > MOST_OUTPUT {
            return Err(Exception::whole(Reason::OutputLimit, "the recogniser says too much"));
        }
        if heard.is_err() || !text.starts_with("level\t") {
            return Err(Exception::whole(Reason::ReaderFailed, format!("the recogniser ({how})")));
        }
        Ok(text)
    }
}

/// The text of a page with its lines and paragraphs, and the mean confidence of its words, in
/// percent.
///
/// # Source
/// Tesseract's TSV output: level, page, block, paragraph, line, word, four of the box, confidence,
/// text; level 5 is a word.
fn read_tsv(tsv: &str, dpi: u16) -> (Recognised, f32) {
    let (mut text, mut last) = (String::new(), ["", "", ""]);
    let (mut words, mut n_lines) = (Vec::new(), 0);
    let (mut sum, mut n) = (0.0, 0.0);
    for line in tsv.lines().skip(1) {
        let columns: Vec<&str> = line.splitn(12, '\t').collect();
        let ["5", _, block, paragraph, row, _, x, y, width, height, confidence, word] =
            columns.as_slice()
        else {
            continue;
        };
        let word = word.trim();
        let Ok(confidence) = confidence.parse::<f32>() else { continue };
        if word.is_empty() {
            continue;
        }
        if confidence > NOISE {
            sum += confidence;
            n += 1.0;
        }
        let here = [*block, *paragraph, *row];
        if !text.is_empty() {
            text.push_str(if here[..2] != last[..2] {
                "\n\n"
            } else if here != last {
                "\n"
            } else {
                " "
            });
        }
        n_lines += u32::from(here != last);
        let points = |pixels: f32| pixels * 72.0 / f32::from(dpi.max(1));
        let [x, y, width, height] =
            [x, y, width, height].map(|number| points(number.parse().unwrap_or(0.0)));
        words.push(SeenWord {
            range: text.len()..text.len() + word.len(),
            bounds: [x, y, x + width, y + height],
            confidence,
            line: n_lines,
        });
        text.push_str(word);
        last = here;
    }
    let mean = if n > 0.0 { sum / n } else { 0.0 };
    (Recognised { number: 0, text, words }, mean)
}

/// The hidden command `eyes PROGRAM ARGUMENTS…`: gives up what recognition does not need, and
/// becomes that program. Ends with 125 if it cannot.
pub fn become_foreign(program: &std::ffi::OsStr, arguments: &[std::ffi::OsString]) -> ExitCode {
    const READABLE: &[&str] =
        &["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.preload", "/proc/self"];
    confine_foreign(READABLE);
    let exactly = |most| Rlimit { current: Some(most), maximum: Some(most) };
    let _ = setrlimit(Resource::As, exactly(MOST_BYTES));
    let _ = setrlimit(Resource::Fsize, exactly(0));
    let _cannot = Command::new(program).args(arguments).exec();
    ExitCode::from(125)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_paragraphs_come_from_the_numbers() {
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tl\tt\tw\th\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n\
            5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\tDear\n\
            5\t1\t1\t1\t1\t2\t0\t0\t9\t9\t70\tAmara\n\
            5\t1\t1\t1\t2\t1\t0\t0\t9\t9\t80.0\tthanks\n\
            5\t1\t2\t1\t1\t1\t0\t0\t9\t9\t10\t~\n\
            5\t1\t2\t1\t1\t2\t0\t0\t9\t9\t95\t \n";
        let (seen, confidence) = read_tsv(tsv, 144);
        assert_eq!((seen.text.as_str(), confidence), ("Dear Amara\nthanks\n\n~", 80.0));
        let words: Vec<(&str, u32)> =
            seen.words.iter().map(|word| (&seen.text[word.range.clone()], word.line)).collect();
        assert_eq!(words, [("Dear", 1), ("Amara", 1), ("thanks", 2), ("~", 3)]);
        assert_eq!(seen.words[0].bounds, [0.0, 0.0, 4.5, 4.5]);
        assert_eq!(read_tsv("level\n", 300), (Recognised::default(), 0.0));
    }
}
