//! How do pages and pictures look to a recogniser of text: large enough, upright, dark on light?

use std::path::Path;
use std::time::{Duration, Instant};

use habeas_document::{Budget, open};
use habeas_model::{Exception, Reason};

/// As much memory as a picture may have, in bytes.
const MAX_BYTES: u64 = 24 << 20;

/// A picture that was drawn: `P5`, its size, 255, and a byte for each pixel.
struct Drawn {
    width: usize,
    height: usize,
    grey: Vec<u8>,
    dpi: u16,
}

impl Drawn {
    fn at(&self, x: usize, y: usize) -> u8 {
        self.grey[y * self.width + x]
    }

    /// How much of a part of the picture is dark; sides are shares of the whole, from 0 to 1.
    fn ink(&self, x: [f64; 2], y: [f64; 2]) -> f64 {
        let side = |share: [f64; 2], length: usize| {
            (share[0] * length as f64) as usize..(share[1] * length as f64) as usize
        };
        let pixels: Vec<u8> = side(y, self.height)
            .flat_map(|y| side(x, self.width).map(move |x| (x, y)))
            .map(|(x, y)| self.at(x, y))
            .collect();
        pixels.iter().filter(|grey| **grey < 128).count() as f64 / pixels.len() as f64
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(folder.join(name)).unwrap()
}

/// Draws every scan of an item.
fn draw(name: &str, bytes: &[u8]) -> Vec<Result<Drawn, Exception>> {
    let budget = Budget::default();
    let opened = open(name, bytes, &budget);
    assert!(!opened.has_panicked, "{name}");
    let drawn = opened.scans.into_iter().map(|scan| {
        (scan.draw)(MAX_BYTES).map(|picture| {
            let mut parts = picture.pgm.splitn(4, |byte| *byte == b'\n');
            let mut line = || String::from_utf8(parts.next().unwrap().to_vec()).unwrap();
            assert_eq!(line(), "P5");
            let size = line();
            let (width, height) = size.split_once(' ').unwrap();
            let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
            assert_eq!(line(), "255");
            let grey = parts.next().unwrap().to_vec();
            assert_eq!(grey.len(), width * height, "{name}");
            Drawn { width, height, grey, dpi: picture.dpi }
        })
    });
    drawn.collect()
}

fn drawn(name: &str) -> Vec<Drawn> {
    draw(name, &fixture(name)).into_iter().map(Result::unwrap).collect()
}

fn only<T>(mut items: Vec<T>) -> T {
    assert_eq!(items.len(), 1);
    items.remove(0)
}

fn png(image: impl Into<image::DynamicImage>) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn a_picture_is_drawn_in_its_greys() {
    let colours =
        [[0, 0, 0, 255], [255, 255, 255, 255], [255, 0, 0, 255], [9, 9, 9, 0], [0, 0, 0, 128]];
    let image = image::RgbaImage::from_fn(1_000, 50, |x, _| image::Rgba(colours[x as usize / 200]));
    let drawn = only(draw("colours.png", &png(image))).unwrap();
    assert_eq!((drawn.width, drawn.height, drawn.dpi), (1_000, 50, 300));
    let greys: Vec<u8> = (0..5).map(|column| drawn.at(column * 200 + 100, 25)).collect();
    // Black, white, red, glass over white paper, and half of a black.
    assert!(matches!(greys[..], [0, 255, 50..90, 255, 120..135]), "{greys:?}");
    let deep = image::ImageBuffer::from_fn(1_000, 50, |x, _| image::Luma([(x * 65) as u16]));
    let drawn = only(draw("deep.png", &png(deep))).unwrap();
    assert_eq!((drawn.at(0, 0), drawn.at(500, 0)), (0, 126));
}

#[test]
fn a_small_picture_is_enlarged_and_a_vast_one_made_smaller() {
    let of = |width, height| {
        let image = png(image::GrayImage::from_pixel(width, height, image::Luma([200])));
        let drawn = only(draw("a.png", &image)).unwrap();
        assert_eq!(drawn.at(drawn.width / 2, drawn.height / 2), 200);
        (drawn.width, drawn.height, drawn.dpi)
    };
    assert_eq!(of(400, 100), (800, 200, 600));
    assert_eq!(of(1_000, 100), (1_000, 100, 300));
    let (width, height, dpi) = of(9_000, 6_000);
    assert!((width * height) as u64 <= MAX_BYTES && width > 6_000, "{width} × {height}");
    assert!((195..210).contains(&dpi), "{dpi}");
}

#[test]
fn a_letter_is_upright_and_dark_on_light() {
    // Lines of text stand in the middle of the picture, and begin at its left.
    let names = ["turned.jpg", "exif.jpg", "glass.png", "fax.tiff", "letter.webp", "letter.pbm"];
    for name in names {
        let picture = &drawn(&format!("pictures/{name}"))[0];
        assert!(picture.width > 3 * picture.height, "{name} lies on its side");
        let letters = picture.ink([0.04, 0.6], [0.2, 0.36]);
        // On glass that was white, letters stay white on black.
        let letters = if name == "glass.png" { 1.0 - letters } else { letters };
        assert!((0.03..0.5).contains(&letters), "{name}: {letters}");
        let below = picture.ink([0.04, 0.6], [0.9, 1.0]);
        assert!(name == "glass.png" || below < 0.02, "{name}: {below}");
    }
    assert_eq!(drawn("pictures/exif.jpg")[0].dpi, 400, "200 dpi, twice as large");
}

#[test]
fn each_page_of_a_fax_is_a_scan() {
    let pages = drawn("pictures/fax.tiff");
    assert_eq!(pages.len(), 2, "a page too small for text is left out");
    let sizes: Vec<_> = pages.iter().map(|page| (page.width, page.height, page.dpi)).collect();
    assert_eq!(sizes, [(1_240, 260, 400); 2]);
    assert!(pages[1].ink([0.2, 0.45], [0.4, 0.6]) > 0.99, "the box on the second page");
    assert!(pages[1].ink([0.6, 0.9], [0.0, 1.0]) < 0.01);
}

#[test]
fn a_page_that_is_a_picture_is_drawn_at_300_dpi() {
    let page = only(drawn("pdf/scanned.pdf"));
    // 4.13 by 0.87 inches: a page lower than an inch and a half is drawn twice as large.
    assert_eq!((page.width, page.height, page.dpi), (2_480, 520, 600));
    assert!((0.05..0.5).contains(&page.ink([0.04, 0.6], [0.2, 0.4])));
    assert!(page.ink([0.0, 1.0], [0.9, 1.0]) < 0.01);
}

#[test]
fn what_is_burnt_into_a_medical_image_is_drawn() {
    let image = only(drawn("pictures/ultrasound.dcm"));
    assert_eq!((image.at(0, 0), image.grey.iter().max()), (0, Some(&255)));
    assert_eq!((image.width, image.height, image.dpi), (620, 130, 300));
    let letters = image.grey.iter().filter(|grey| **grey > 150).count();
    assert!((1_500..20_000).contains(&letters), "{letters}");
}

#[test]
fn a_bomb_is_refused_by_its_head() {
    let started = Instant::now();
    let result = only(draw("vast.png", &fixture("pictures/vast.png")));
    assert_eq!(result.err().map(|why| why.reason), Some(Reason::SizeLimit));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn damage_to_pixels_ends_in_an_exception() {
    let names = ["exif.jpg", "glass.png", "fax.tiff", "letter.webp", "tiny.gif", "ultrasound.dcm"];
    for name in names {
        let good = fixture(&format!("pictures/{name}"));
        for cut in (1..good.len()).step_by(good.len() / 12) {
            for result in draw(name, &good[..cut]) {
                if let Err(why) = result {
                    let reasons = [Reason::Truncated, Reason::Corrupt, Reason::NoText];
                    assert!(reasons.contains(&why.reason), "{name} cut at {cut}: {why}");
                }
            }
        }
    }
}
