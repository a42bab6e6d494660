//! An item on its way out: what it says, what of it is taken out, and under which names it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use habeas_match::{Question, Setting, Whose, mentions, recognise_with_unsure};
use habeas_model::{
    Document, Hidden, ItemId, ItemPath, Kind, Manual, Mark, Meaning, Part, Passage, Place,
    PlaceKind, Redaction,
};

use crate::by_hand::{ByHand, NotFound, by_hand};
use crate::fold::key;
use crate::headings::headings;
use crate::labels::Labels;
use crate::own::Own;
use crate::paper::Rich;
use crate::people::{Marks, Mention, ShownAt, settle};
use crate::policies::Policies;
use crate::redactions::{Proposal, propose, secrets, sweep};
use crate::render::{Lines, render};
use crate::search::Searcher;
use crate::secrets::Secrets;

/// An item on its way out.
///
/// Its title, the names of its sheets and its path are looked at like its text: they are passages
/// behind the document's own.
pub struct Exhibit {
    pub(crate) document: Document,
    /// How many of the passages are the document's own.
    pub(crate) n_passages: usize,
    /// How many of them are records of other people, and not in the exhibit.
    pub(crate) n_left_out: usize,
    /// Stretches that the original covers up.
    pub(crate) n_covered: usize,
    /// How many of them are kept back by decision.
    pub(crate) n_withheld: usize,
    pub(crate) proposal: Proposal,
    kept: Vec<Vec<Range<usize>>>,
    claims: BTreeSet<(Kind, String)>,
    secrets: Secrets,
    /// Everybody else whom it names where it is given.
    mentions: Vec<Mention>,
    /// Who of them stays readable, sorted by passage and place.
    shown: Vec<ShownAt>,
    n_overruled: usize,
    /// What was marked by hand on its pages.
    pub(crate) by_hand: ByHand,
    /// Which passage is the title, which a sheet's name, which a path.
    names: BTreeMap<Name, usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Title,
    Sheet(String),
    Path(String),
    /// The words of a path, as a person would write them.
    Words(String),
}

/// With what in mind a document is looked at.
#[derive(Clone, Copy)]
pub struct Mind<'a> {
    /// Who asks.
    pub question: &'a Question,
    /// What recognition depends on.
    pub setting: &'a Setting,
    /// What may be named.
    pub own: &'a Own,
    /// What is decided about other people.
    pub policies: &'a Policies,
}

impl Exhibit {
    /// Looks at a document with the subject in mind, and proposes what to take out.
    ///
    /// `covered` are the passages about the subject, `withheld` those that are kept back. `paths` are
    /// the places where it was found.
    /// What else is recognised as the subject's is [`Exhibit::claims`].
    pub fn new(
        mut document: Document,
        item: ItemId,
        paths: &[ItemPath],
        covered: &[u32],
        withheld: &[u32],
        mind: &Mind<'_>,
    ) -> Self {
        let Mind { question, setting, own, policies } = *mind;
        let n_passages = document.passages.len();
        let names = add_names(&mut document, paths);
        let hits = recognise_with_unsure(&document, setting);
        let mut whose = mentions(&document, &hits, question, setting);
        // What the controller says of itself in every letter is nobody's secret.
        for (passage, (hits, whose)) in document.passages.iter().zip(hits.iter().zip(&mut whose)) {
            for (hit, whose) in hits.iter().zip(whose) {
                let surface = passage.text.get(hit.range.clone()).unwrap_or("");
                if matches!(whose, Whose::Other(_)) && own.is_ours(&key(surface)) {
                    *whose = Whose::Nobody;
                }
            }
        }
        let (mut mentions, mut shown) = settle(&document, item, &hits, &mut whose, policies);
        let mut claims = BTreeSet::new();
        let mut kept: Vec<Vec<Range<usize>>> = vec![Vec::new(); document.passages.len()];
        let mut subjects = kept.clone();
        for (number, passage) in document.passages.iter().enumerate() {
            let all = hits.get(number).into_iter().flatten();
            for (hit, whose) in all.zip(whose.get(number).into_iter().flatten()) {
                if matches!(whose, Whose::Other(_)) {
                    continue;
                }
                if let Some(kept) = kept.get_mut(number) {
                    kept.push(hit.range.clone());
                }
                if let (Whose::Subject, Kind::Name, Some(subjects)) =
                    (whose, hit.kind, subjects.get_mut(number))
                {
                    subjects.push(hit.range.clone());
                }
                if *whose == Whose::Subject
                    && !matches!(hit.kind, Kind::Name | Kind::Date | Kind::BirthDate)
                    && let Some(surface) = passage.text.get(hit.range.clone())
                {
                    claims.insert((hit.kind, surface.to_owned()));
                }
            }
        }
        let mut proposal = propose(&document, &hits, &whose, covered, withheld);
        let mut secrets = secrets(&document, &hits, &whose, &proposal, own);
        let headings = headings(&document, &subjects, mind);
        for redaction in headings.redactions {
            if proposal.left_out.binary_search(&redaction.passage).is_err() {
                proposal.take_out(redaction, &document);
            }
        }
        for (hit, surface, person) in &headings.names {
            secrets.add(hit, surface, person.reveal(), own);
        }
        // The row of a table's captions is nobody's record.
        let is_captions = |number: &&usize| {
            document.passages.get(**number).is_some_and(|passage| {
                let n_caption: usize = passage
                    .fields
                    .iter()
                    .filter(|field| field.meaning == Meaning::Caption)
                    .map(|field| field.range.len())
                    .sum();
                n_caption > 0
                    && passage.fields.iter().all(|f| f.meaning == Meaning::Caption)
                    && 2 * n_caption > passage.text.len()
            })
        };
        let is_given = |passage: usize| proposal.left_out.binary_search(&passage).is_err();
        mentions.retain(|mention| is_given(mention.passage));
        shown.retain(|shown| is_given(shown.passage));
        let n_captions = proposal.left_out.iter().filter(is_captions).count();
        let is_covered = |number: &&usize| {
            !withheld.iter().any(|kept| *kept as usize == **number)
                && document
                    .passages
                    .get(**number)
                    .is_some_and(|it| it.hidden == Some(Hidden::Covered))
        };
        let n_covered = proposal.left_out.iter().filter(is_covered).count();
        // Nothing of other people's records is carried any further.
        for number in &proposal.left_out {
            if let Some(passage) = document.passages.get_mut(*number) {
                passage.text = String::new();
                passage.fields = Vec::new();
            }
        }
        let n_withheld = withheld.len();
        let n_left_out =
            proposal.left_out.len().saturating_sub(n_withheld + n_captions + n_covered);
        Self {
            document,
            n_passages,
            n_left_out,
            n_withheld,
            n_covered,
            proposal,
            kept,
            claims,
            secrets,
            mentions,
            shown,
            n_overruled: 0,
            by_hand: ByHand::default(),
            names,
        }
    }

    /// An exhibit of nothing, with these claims and secrets.
    #[cfg(test)]
    pub(crate) fn for_test(claims: BTreeSet<(Kind, String)>, secrets: Secrets) -> Self {
        Self {
            document: Document::default(),
            n_passages: 0,
            n_left_out: 0,
            n_covered: 0,
            n_withheld: 0,
            proposal: Proposal::default(),
            kept: Vec::new(),
            claims,
            secrets,
            mentions: Vec::new(),
            shown: Vec::new(),
            n_overruled: 0,
            by_hand: ByHand::default(),
            names: BTreeMap::new(),
        }
    }

    /// Every writing of what is taken out. Internal: it never leaves.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Identifiers that are the subject's here, though the request does not state them. Another
    /// exhibit may see that otherwise.
    pub fn claims(&self) -> &BTreeSet<(Kind, String)> {
        &self.claims
    }

    /// Takes out every other place where one of its own or of the other exhibits' secrets stands;
    /// `searchers` look for this exhibit's secrets and for those that speak everywhere.
    ///
    /// What is shown stays, unless the same words are also somebody's who is taken out: then they are
    /// taken out as a whole, and counted in [`Exhibit::n_overruled`].
    pub fn sweep(&mut self, searchers: &[&Searcher]) -> usize {
        let n_before = self.shown.len();
        let n = sweep(&self.document, &mut self.proposal, &self.kept, &mut self.shown, searchers);
        self.n_overruled += n_before - self.shown.len();
        n
    }

    /// Takes out what a reviewer marked in it, and notes what they marked on its pages. To be called
    /// before secrets are gathered from it.
    ///
    /// # Errors
    /// If marked words are not there any more: then it must not leave.
    pub fn mark(&mut self, marks: &[&Manual], own: &Own) -> Result<(), NotFound> {
        for manual in marks {
            let seen = by_hand(&self.document, self.n_passages, manual, own);
            self.by_hand.add(&manual.mark);
            if let Mark::Box { page, .. } = &manual.mark {
                self.leave_out_behind(*page);
            }
            let Some((redaction, secrets)) = seen? else { continue };
            self.secrets.extend(&secrets);
            if let Some(redaction) = redaction {
                self.proposal.take_out(redaction, &self.document);
            }
        }
        Ok(())
    }

    /// Leaves out what a page says besides what is seen on it, such as the layer of text behind a scan:
    /// what is blacked out stands there too.
    fn leave_out_behind(&mut self, page: u32) {
        for (number, passage) in self.document.passages.iter_mut().enumerate() {
            let is_of_page = passage.place.kind == PlaceKind::Page && passage.place.number == page;
            let is_seen = passage.hidden.is_none() && passage.part == Part::Body;
            if number < self.n_passages && is_of_page && !is_seen {
                passage.text = String::new();
                passage.fields = Vec::new();
                self.proposal.redactions.retain(|redaction| redaction.passage != number);
                self.shown.retain(|shown| shown.passage != number);
                self.mentions.retain(|mention| mention.passage != number);
                if let Err(at) = self.proposal.left_out.binary_search(&number) {
                    self.proposal.left_out.insert(at, number);
                }
            }
        }
    }

    /// Everybody else whom it names where it is given, in the order of the text.
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// How many mentions of people who are to be shown are taken out all the same, because the same
    /// words are also somebody's who is taken out. Known after [`Exhibit::sweep`].
    pub fn n_overruled(&self) -> usize {
        self.n_overruled
    }

    /// Who is shown in it.
    pub(crate) fn shown_people(&self) -> BTreeSet<habeas_model::Personal<String>> {
        self.shown.iter().map(|shown| shown.person.clone()).collect()
    }

    /// What stands at a stretch of a passage. Internal: it may have been taken out.
    pub fn surface(&self, passage: usize, range: &Range<usize>) -> &str {
        let passage = self.document.passages.get(passage);
        passage.and_then(|passage| passage.text.get(range.clone())).unwrap_or("")
    }

    /// How many passages are the document's own; its title, sheet names and paths stand behind them.
    pub fn n_passages(&self) -> usize {
        self.n_passages
    }

    /// The rule that found what stands there; what only a sweep found has none of its own.
    pub fn rule(&self, passage: usize, range: &Range<usize>) -> &str {
        let start = self.mentions.partition_point(|mention| mention.passage < passage);
        let here = self.mentions.iter().skip(start).take_while(|it| it.passage == passage);
        let mut touching =
            here.filter(|it| it.range.start < range.end && range.start < it.range.end);
        touching.next().map_or("sweep", |mention| &mention.rule)
    }

    /// The place of a passage in words that may be shown; it uses no label.
    pub(crate) fn place_words(&self, number: usize, labels: &mut Labels) -> String {
        if number >= self.n_passages {
            let is_title = self.names.get(&Name::Title) == Some(&number);
            return if is_title { "title" } else { "name of the sheet" }.to_owned();
        }
        let Some(passage) = self.document.passages.get(number) else { return String::new() };
        let since = labels.n_used();
        let place = self.place(&passage.place, labels).plain();
        labels.forget(since);
        place
    }

    /// The media type of the item.
    pub fn media_type(&self) -> &str {
        &self.document.media_type
    }

    /// When it was sent or written, as it says itself.
    pub fn dated(&self) -> Option<&str> {
        self.document.facts.dated.as_deref()
    }

    /// The known export that it was read as, such as `asterisk`.
    pub fn export(&self) -> Option<&str> {
        self.document.facts.export.as_deref()
    }

    /// How many stretches are taken out of what is given.
    pub fn n_redactions(&self) -> usize {
        self.proposal.redactions.iter().filter(|r| r.passage < self.n_passages).count()
    }

    /// How many records of other people are not in the exhibit.
    pub fn n_left_out(&self) -> usize {
        self.n_left_out
    }

    /// How many parts of it could not be read.
    pub fn n_exceptions(&self) -> usize {
        self.document.exceptions.len()
    }

    /// Does it say anything that may be given?
    pub fn has_text(&self) -> bool {
        let mut passages = self.document.passages.iter().take(self.n_passages);
        passages.any(|passage| !passage.text.trim().is_empty())
    }

    /// Is there anything to give beside the passages for which that holds?
    pub(crate) fn has_more(&self, but: &dyn Fn(&Passage) -> bool) -> bool {
        let passages = self.document.passages.iter().take(self.n_passages).enumerate();
        passages.into_iter().any(|(number, passage)| {
            self.proposal.left_out.binary_search(&number).is_err()
                && !passage.text.trim().is_empty()
                && !but(passage)
        })
    }

    /// The title as it may be shown, if it has one.
    pub fn title(&self, labels: &mut Labels) -> Option<Rich> {
        let number = *self.names.get(&Name::Title)?;
        Some(self.whole(number, labels))
    }

    /// A path as it may be shown: `None` if it names somebody else.
    pub fn path(&self, path: &ItemPath) -> Option<String> {
        let path = path.to_string();
        let names = [Name::Path(path.clone()), Name::Words(path.clone())];
        let is_clean = names
            .iter()
            .all(|name| self.names.get(name).is_some_and(|number| self.of(*number).is_empty()));
        is_clean.then_some(path)
    }

    /// A place as it may be shown.
    pub(crate) fn place(&self, place: &Place, labels: &mut Labels) -> Rich {
        let mut rich = Rich::default();
        if let Some(sheet) = &place.sheet
            && let Some(number) = self.names.get(&Name::Sheet(sheet.clone()))
        {
            rich.extend(Rich::from("sheet "));
            rich.extend(self.whole(*number, labels));
            rich.extend(Rich::from(", "));
        }
        rich.extend(Rich::from(format!("{} {}", place.kind, place.number)));
        rich
    }

    /// The redactions of a passage, and what is shown in it.
    pub(crate) fn of(&self, number: usize) -> Marks<'_> {
        let all = &self.proposal.redactions;
        let start = all.partition_point(|redaction| redaction.passage < number);
        let end = all.partition_point(|redaction| redaction.passage <= number);
        let redactions: &[Redaction] = all.get(start..end).unwrap_or(&[]);
        let start = self.shown.partition_point(|shown| shown.passage < number);
        let end = self.shown.partition_point(|shown| shown.passage <= number);
        Marks { redactions, shown: self.shown.get(start..end).unwrap_or(&[]) }
    }

    fn whole(&self, number: usize, labels: &mut Labels) -> Rich {
        match self.document.passages.get(number) {
            Some(passage) => {
                render(passage, 0..passage.text.len(), self.of(number), Lines::Kept, labels)
            }
            None => Rich::default(),
        }
    }
}

fn add_names(document: &mut Document, paths: &[ItemPath]) -> BTreeMap<Name, usize> {
    let mut names = BTreeMap::new();
    let mut add = |name: Name, text: String, passages: &mut Vec<Passage>| {
        names.insert(name, passages.len());
        let place = Place::new(PlaceKind::Header, 1);
        passages.push(Passage { part: Part::Properties, ..Passage::text(place, text) });
    };
    if let Some(title) = &document.facts.title {
        add(Name::Title, title.reveal().clone(), &mut document.passages);
    }
    let sheets: BTreeSet<String> =
        document.passages.iter().filter_map(|passage| passage.place.sheet.clone()).collect();
    for sheet in sheets {
        add(Name::Sheet(sheet.clone()), sheet, &mut document.passages);
    }
    for path in paths {
        let path = path.to_string();
        add(Name::Words(path.clone()), as_words(&path), &mut document.passages);
        add(Name::Path(path.clone()), path, &mut document.passages);
    }
    names
}

/// A path as a person would write its words, so that names in it are seen: `quill_tom-letter.pdf`
/// becomes `Quill Tom Letter Pdf`.
fn as_words(path: &str) -> String {
    let mut out = String::new();
    let mut starts = true;
    for c in path.chars() {
        let is_word = c.is_alphanumeric() || matches!(c, '\'' | '@' | '.');
        match (is_word, starts) {
            (true, true) => out.extend(c.to_uppercase()),
            (true, false) => out.push(c),
            (false, _) if matches!(c, '/' | '▸') => out.push('\n'),
            (false, _) => out.push(' '),
        }
        starts = !is_word;
    }
    out
}
