//! Is every answer complete, and is nothing in it that was not asked for?

mod common;

use std::collections::BTreeSet;

use habeas_index::Estate;
use habeas_model::{Lookup, Word};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from((self.0 >> 33) % sides as u64).unwrap()
    }

    /// A word of a few letters of a small alphabet, so that many are alike.
    fn word(&mut self) -> String {
        let length = 1 + self.roll(6);
        let word: String = (0..length).map(|_| ['a', 'b', 'c', 'ö'][self.roll(4)]).collect();
        match self.roll(12) {
            0 => format!("gi:{word}"),
            1 => format!("id:{word}"),
            _ => word,
        }
    }

    fn lookup(&mut self) -> Lookup {
        if self.roll(4) == 0 {
            return Lookup::Id(format!("id:{}", self.word()));
        }
        let n = 1 + self.roll(3);
        Lookup::Words((0..n).map(|_| self.ask()).collect())
    }

    fn ask(&mut self) -> Word {
        let word = self.word();
        match self.roll(4) {
            0 => Word::Prefix(word),
            1 => Word::Near { word, distance: 1 },
            2 => Word::Near { word, distance: 2 },
            _ => Word::Exact(word),
        }
    }
}

/// Letters inserted, left out, changed or swapped with their neighbour, each letter touched once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let best = change.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if is_swap { best.min(table[i - 2][j - 2] + 1) } else { best }
            };
        }
    }
    table[a.len()][b.len()]
}

fn is_true(lookup: &Lookup, line: &str) -> bool {
    let (ids, words): (Vec<&str>, Vec<&str>) =
        line.split(' ').partition(|word| word.starts_with("id:"));
    match lookup {
        Lookup::Id(id) => ids.contains(&id.as_str()),
        Lookup::Words(asked) => asked.iter().all(|ask| words.iter().any(|word| fits(ask, word))),
    }
}

fn fits(ask: &Word, word: &str) -> bool {
    let alike = |asked: &str| asked.contains(':') == word.contains(':');
    match ask {
        Word::Exact(asked) => asked == word,
        Word::Near { word: asked, distance: most } => {
            alike(asked) && distance(asked, word) <= usize::from(*most)
        }
        Word::Prefix(asked) => alike(asked) && word.starts_with(asked.as_str()),
    }
}

#[test]
fn answers_are_what_a_plain_search_gives() {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(7);
    let mut items: Vec<String> = Vec::new();
    let mut writer = common::writer(folder.path(), &["a"]).unwrap();
    for number in 0..300 {
        let lines = 1 + dice.roll(4);
        let line = |dice: &mut Dice| {
            let n = 1 + dice.roll(8);
            (0..n).map(|_| dice.word()).collect::<Vec<_>>().join(" ")
        };
        let text = (0..lines).map(|_| line(&mut dice)).collect::<Vec<_>>().join("\n");
        common::put(&mut writer, 0, &number.to_string(), &[&text]);
        items.push(text);
        // Several segments, and some with the dead in them.
        if number % 100 == 99 {
            writer.commit().unwrap();
        }
    }
    for (number, text) in items.iter_mut().enumerate().take(40) {
        *text = format!("new {text}");
        common::put(&mut writer, 0, &number.to_string(), &[text]);
    }
    writer.finish(false).unwrap();
    let mut writer = common::writer(folder.path(), &["a"]).unwrap();
    writer.commit().unwrap();
    assert!(writer.finish(true).unwrap().adds_up());

    let estate = Estate::open(folder.path()).unwrap();
    let lines: BTreeSet<&str> = items.iter().flat_map(|text| text.lines()).collect();
    let n_lines =
        items.iter().collect::<BTreeSet<_>>().iter().map(|t| t.lines().count()).sum::<usize>();
    assert_eq!(estate.n_passages(), n_lines as u64);
    let mut n_found = 0;
    for _ in 0..400 {
        let lookups: Vec<Lookup> = (0..1 + dice.roll(2)).map(|_| dice.lookup()).collect();
        let found = estate.passages(&lookups).unwrap();
        n_found += found.len();
        let mut sorted = found.clone();
        sorted.sort_by_key(|passage| (passage.item, passage.number));
        sorted.dedup_by_key(|passage| (passage.item, passage.number));
        assert_eq!(found, sorted, "sorted, and each once");
        let found: BTreeSet<&str> = found.iter().map(|p| p.passage.text.as_str()).collect();
        let wanted: BTreeSet<&str> = lines
            .iter()
            .copied()
            .filter(|line| lookups.iter().any(|lookup| is_true(lookup, line)))
            .collect();
        assert_eq!(found, wanted, "{lookups:?}");
        if let [lookup] = lookups.as_slice() {
            let n = estate.passages(&lookups).unwrap().len() as u64;
            assert_eq!(estate.frequency(lookup).unwrap(), n);
        }
    }
    assert!(n_found > 5000, "the lookups hardly found anything: {n_found}");
}

#[test]
fn a_lookup_of_no_words_finds_nothing_and_three_changes_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = common::writer(folder.path(), &["a"]).unwrap();
    common::put(&mut writer, 0, "1", &["amara lind"]);
    writer.finish(true).unwrap();
    let estate = Estate::open(folder.path()).unwrap();
    assert!(estate.passages(&[Lookup::Words(Vec::new())]).unwrap().is_empty());
    let far = Word::Near { word: "lind".to_owned(), distance: 3 };
    assert!(estate.passages(&[Lookup::Words(vec![far])]).is_err());
}
