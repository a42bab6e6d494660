//! Which names does running text state?

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::super::hits::Draft;
use super::super::label::What;
use super::super::view::View;
use super::draft;
use super::judge::Judged;
use super::token::{Gap, Shape, Token, tokens};
use crate::PersonName;
use crate::fold::{is_apostrophe, latin};
use crate::name::hash::FixedMap;
use crate::name::{given_level, is_place, word_level};
use crate::normal::is_street_word;

/// Small words inside family names.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "zu", "de", "der", "den", "da", "das", "dos", "do", "del", "della", "di", "du", "des", "la", "le", "ter", "ten", "te",
    "al", "el", "bin", "ibn", "bint", "binti", "abu", "y", "e", "af", "av", "und", "'t", "ap",
];

/// Particles that people write with a capital too.
const CAPITAL_PARTICLES: &[&str] = &[
    "ni", "nic", "o", "mac", "mc", "ap", "van", "von", "de", "der", "den", "la", "le", "el", "al", "bin", "bint", "di", "da", "dos", "du", "del", "della", "ter", "ten",
    "abu", "ibn", "thi", "van", "ui",
];

/// Things that are called after somebody.
const THINGS: &[&str] = &["disease", "syndrome", "palsy", "cyst", "test", "score", "scale", "sign", "law", "disorder", "dementia", "tea", "boots", "street", "road", "lane"];

/// Words after which a name is likely, although it stands alone.
const BEFORE: &[&str] = &[
    "dear", "hi", "hello", "hey", "hiya", "morning", "afternoon", "evening", "thanks", "cheers", "cc", "witness", "wife", "husband", "partner",
    "son", "daughter", "mum", "mother", "dad", "father", "brother", "sister", "colleague", "friend", "manager", "boss", "named", "called",
    "signed", "by", "with", "to", "from", "told", "asked", "saw", "met", "rang", "phoned", "emailed", "texted", "messaged", "contacted",
    "thank", "nurse", "neighbour", "boyfriend", "girlfriend", "fiance", "fiancee", "cousin", "nephew", "niece", "aunt", "uncle", "auntie",
    "carer", "patient", "client", "customer", "staff", "agent", "name", "im", "am", "ask", "tell", "call", "ring", "email", "text", "for", "hear",
    "and", "or", "like", "let", "poor", "sincerely", "regards", "wishes", "love", "tenant", "landlord", "driver", "therapist", "surgeon",
    "receptionist", "supervisor", "mate", "housemate", "flatmate", "ex", "stepson", "stepdaughter", "grandson", "granddaughter", "between",
];

/// Words that open a message to somebody.
const GREETINGS: &[&str] = &[
    "dear", "hi", "hello", "hey", "hiya", "hallo", "liebe", "lieber", "cher", "chere", "estimado", "estimada", "hola", "bonjour",
];

/// How many of [`AFTER`] tell a name by themselves.
const STRONG: usize = 40;

/// Words behind a name that only people do.
const AFTER: &[&str] = &[
    "said", "says", "rang", "called", "phoned", "emailed", "texted", "attended", "reported", "asked", "told", "confirmed", "stated", "wrote", "explained",
    "replied", "agreed", "advised", "felt", "thinks", "wants", "wanted", "complained", "apologised", "promised", "mentioned", "added", "suggested",
    "arrived", "left", "came", "went", "got", "saw", "met", "lives", "works", "worked", "knows", "knew", "booked", "cancelled", "paid", "is", "was", "has",
    "had", "will", "would", "can", "could", "does", "did", "needs", "noted", "shouted", "admitted", "denied", "claims", "claimed", "alleged", "argued",
    "testified", "signed", "refused", "declined", "accepted", "joined", "requested", "gave", "sent", "took", "made", "tried", "thought",
    "believes", "believed", "looked", "seemed", "looks", "hasnt", "didnt", "wasnt", "isnt", "doesnt", "wont", "cant", "just", "may", "who", "whose",
];

/// What a word does to its neighbours, as bits: one look-up for each word of a text.
mod role {
    pub(super) const BEFORE: u8 = 1;
    pub(super) const AFTER: u8 = 2;
    pub(super) const STRONG: u8 = 4;
    pub(super) const GREETING: u8 = 8;
    pub(super) const PARTICLE: u8 = 16;
    pub(super) const CAPITAL_PARTICLE: u8 = 32;
}

static ROLES: LazyLock<FixedMap<u8>> = LazyLock::new(|| {
    let mut roles: FixedMap<u8> = FixedMap::default();
    let lists = [
        (BEFORE, role::BEFORE),
        (AFTER, role::AFTER),
        (&AFTER[..STRONG], role::STRONG),
        (GREETINGS, role::GREETING),
        (PARTICLES, role::PARTICLE),
        (CAPITAL_PARTICLES, role::CAPITAL_PARTICLE),
    ];
    for (words, bit) in lists {
        for word in words {
            *roles.entry(word).or_default() |= bit;
        }
    }
    roles
});

/// A text's words with what is known of the capitalised ones.
struct Reader<'a> {
    view: &'a View<'a>,
    tokens: Vec<Token>,
    judged: Vec<Option<Judged>>,
    roles: Vec<u8>,
}

pub(super) fn find(view: &View<'_>, drafts: &mut Vec<Draft>) {
    let tokens = tokens(view.text);
    let directory = &view.setting.directory;
    let judged = tokens.iter().map(|token| token.is_capital().then(|| Judged::new(&view.text[token.range.clone()], directory))).collect();
    let mut reader = Reader { view, tokens, judged, roles: Vec::new() };
    reader.roles = (0..reader.tokens.len()).map(|at| ROLES.get(reader.lower(at).as_ref()).copied().unwrap_or_default()).collect();
    let mut at = 0;
    while at < reader.tokens.len() {
        at = reader.step(at, drafts).max(at + 1);
    }
    reader.lines(drafts);
}

impl Reader<'_> {
    fn text(&self, at: usize) -> &str {
        &self.view.text[self.tokens[at].range.clone()]
    }

    fn judged(&self, at: usize) -> Option<&Judged> {
        self.judged.get(at)?.as_ref()
    }

    fn lower(&self, at: usize) -> Cow<'_, str> {
        let text = self.text(at);
        // Most words are written so already.
        if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.chars().filter(|&c| !is_apostrophe(c)).flat_map(char::to_lowercase).collect())
    }

    /// Is it a word of that role?
    fn is(&self, at: usize, role: u8) -> bool {
        self.roles.get(at).is_some_and(|roles| roles & role != 0)
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// Looks for a name that starts at a word; returns the word after what it found.
    fn step(&self, at: usize, drafts: &mut Vec<Draft>) -> usize {
        let start = self.tokens[at].range.start;
        let is_foreign = self.view.slot_at(start).is_some_and(|slot| {
            slot.is_column && !matches!(slot.what, What::Text | What::Address | What::Organisation | What::PersonReference)
        });
        if is_foreign {
            return at + 1;
        }
        self.after_title(at, drafts)
            .or_else(|| self.after_greeting(at, drafts))
            .or_else(|| self.surname_first(at, drafts))
            .or_else(|| self.sequence(at, drafts))
            .or_else(|| self.alone(at, drafts))
            .or_else(|| self.in_lower_case(at, drafts))
            .unwrap_or(at + 1)
    }

    /// `Mrs Smith`, `Dr J. van Dijk`, `mr jones`.
    fn after_title(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape == Shape::Lower && !matches!(token.range.len(), 2..=4) {
            return None;
        }
        let lower = self.lower(at);
        let is_small = token.shape == Shape::Lower && matches!(lower.as_ref(), "mr" | "mrs" | "ms" | "miss" | "dr" | "prof");
        let judged = self.judged(at);
        if !is_small && !judged.is_some_and(|judged| judged.is_title) {
            return None;
        }
        let is_plain = is_small || judged.is_some_and(Judged::is_plain_title) || matches!(lower.as_ref(), "miss" | "sir" | "dame");
        let next = self.token(at + 1)?;
        if !matches!(next.gap, Gap::Blank | Gap::Dot | Gap::Break) || (next.gap == Gap::Break && !is_plain) {
            return None;
        }
        // `Mr and Mrs Smith`
        if is_plain && self.text(at + 1).eq_ignore_ascii_case("and") || is_plain && self.view.text[token.range.end..].starts_with(" & ") {
            return None;
        }
        // A second title: `Prof Dr Smith`.
        let mut from = at + 1;
        while self.judged(from).is_some_and(Judged::is_plain_title) && self.token(from + 1).is_some() {
            from += 1;
        }
        let mut end = self.extend(from, true);
        if end == from && (is_small || is_plain && !matches!(lower.as_ref(), "sir" | "dame" | "miss")) {
            // `mrs smith`: one word that is no plain word.
            let word = Judged::new(self.text(from), &self.view.setting.directory);
            if self.tokens[from].shape == Shape::Lower && (word.surname >= 0.5 || word.is_unknown) && word.folded.len() > 2 {
                end = from + 1;
            }
        }
        if end == from {
            return None;
        }
        let first = self.judged(from);
        let is_wordy = first.is_some_and(|first| first.is_word && first.best() < 0.3);
        // `Nurse Practitioner`, `Judge Advocate`, `Miss You`: a wordy title wants a name behind it.
        if is_wordy && !is_plain {
            return None;
        }
        if first.is_some_and(Judged::is_never) {
            return None;
        }
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        let confidence = match (is_plain, is_wordy, is_small) {
            (true, _, true) => 0.8,
            (true, true, _) => 0.75,
            (true, false, _) => 0.95,
            (false, ..) => 0.85,
        };
        let name = if name.title.is_empty() && name.surname.is_empty() { PersonName { surname: name.given.join(" "), given: Vec::new(), ..name } } else { name };
        drafts.push(draft(range, name.value(), confidence, "name:title"));
        Some(end)
    }

    /// `Dear Jane`, `hi jane`, `Hello Mrs` (a title is found by its own rule).
    fn after_greeting(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        let opens = token.is_first || at == 0 || matches!(self.lower(at - 1).as_ref(), "oh" | "good" | "my");
        if !opens {
            return None;
        }
        if !self.is(at, role::GREETING) && !matches!(token.range.len(), 4 | 7 | 9) {
            return None;
        }
        let mut from = at + 1;
        let lower = self.lower(at);
        if matches!(lower.as_ref(), "good") && self.token(from).is_some() && matches!(self.lower(from).as_ref(), "morning" | "afternoon" | "evening") {
            from += 1;
        } else if !self.is(at, role::GREETING) && !(matches!(lower.as_ref(), "morning" | "afternoon" | "evening") && self.token(from).is_some_and(|next| next.is_capital())) {
            return None;
        }
        let next = self.token(from)?;
        if !matches!(next.gap, Gap::Blank | Gap::Comma) || self.judged(from).is_some_and(|judged| judged.is_title || judged.is_never()) {
            return None;
        }
        let mut end = self.extend(from, true);
        let mut confidence = 0.9;
        if end == from {
            let word = Judged::new(self.text(from), &self.view.setting.directory);
            if next.shape != Shape::Lower || word.given < 0.5 || word.is_never() {
                return None;
            }
            confidence = 0.8;
            end = from + 1;
            if self.token(end).is_some_and(|more| more.gap == Gap::Blank && more.shape == Shape::Lower) {
                let more = Judged::new(self.text(end), &self.view.setting.directory);
                end += usize::from(more.surname >= 0.5 && more.folded.len() > 3);
            }
        } else if self.judged(from).is_some_and(|judged| judged.is_word && judged.best() < 0.2) {
            // `Dear Customer`, `Dear All`
            return None;
        }
        let range = next.range.start..self.tokens[end - 1].range.end;
        let name = given_first(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), confidence, "name:salutation"));
        // `Hi Jane and Tom`, `Dear Jane, Tom`
        Some(self.listed(end, confidence - 0.1, drafts))
    }

    /// More given names behind one: `and Tom`, `, Tom`, `/ Tom`.
    fn listed(&self, mut at: usize, confidence: f32, drafts: &mut Vec<Draft>) -> usize {
        while let Some(token) = self.token(at) {
            let is_and = token.gap == Gap::Blank && matches!(self.lower(at).as_ref(), "and" | "und" | "et" | "y");
            let name_at = if is_and { at + 1 } else { at };
            let Some(next) = self.token(name_at) else { break };
            let gap = &self.view.text[self.tokens[name_at - 1].range.end..next.range.start];
            let is_joined = is_and || gap.trim() == "&" || gap.trim() == "/" || gap.trim() == ",";
            let is_name = self.judged(name_at).is_some_and(|judged| judged.given >= 0.5 && !judged.is_never());
            if !is_joined || !is_name || gap.contains('\n') {
                break;
            }
            let end = self.extend(name_at, true).max(name_at + 1);
            let range = next.range.start..self.tokens[end - 1].range.end;
            if let Some(name) = given_first(&self.view.text[range.clone()]) {
                drafts.push(draft(range, name.value(), confidence, "name:salutation"));
            }
            at = end;
        }
        at
    }

    /// `SMITH, Jane`, `Smith, J.A.`, `SMITH Jane`, `SMITH J`.
    fn surname_first(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        if let Some(end) = self.particles_first(at, drafts) {
            return Some(end);
        }
        let first = self.judged(at)?;
        let token = &self.tokens[at];
        let next = self.token(at + 1)?;
        if first.surname < 0.3 || first.is_never() || matches!(token.shape, Shape::Initial) || first.is_title {
            return None;
        }
        if at > 0 && token.gap == Gap::Blank && self.judged(at - 1).is_some_and(|before| before.given >= 0.5) {
            return None;
        }
        let second = self.judged(at + 1)?;
        let is_comma = next.gap == Gap::Comma;
        let is_caps_then_title = token.shape == Shape::Upper && next.shape == Shape::Title && next.gap == Gap::Blank;
        let n_initials = (at + 1..self.tokens.len().min(at + 5))
            .take_while(|&i| {
                let token = &self.tokens[i];
                let is_gap = if i == at + 1 { matches!(token.gap, Gap::Blank | Gap::Comma) } else { matches!(token.gap, Gap::Dot | Gap::Blank) };
                is_gap && token.shape == Shape::Initial
            })
            .count();
        let (end, confidence) = if n_initials > 0 {
            let last = &self.tokens[at + n_initials];
            let after = self.view.text[last.range.end..].chars().next();
            let is_pronoun = n_initials == 1 && matches!(self.text(at + 1), "I" | "A") && after != Some('.') && !is_comma && token.shape != Shape::Upper;
            // `Smith J.` but not `Smith J Jones`, where J stands in the middle.
            let goes_on = self.token(at + n_initials + 1).is_some_and(|more| matches!(more.gap, Gap::Blank | Gap::Dot) && more.shape == Shape::Title && self.judged(at + n_initials + 1).is_some_and(|more| more.surname >= 0.4));
            if is_pronoun || goes_on && !is_comma || first.is_place && !is_comma || first.surname < 0.5 || first.is_word && token.shape != Shape::Upper && !is_comma {
                return None;
            }
            // A given name before an initial is the given name: `Jane S`.
            if first.given > first.surname && token.shape != Shape::Upper {
                return None;
            }
            (at + 1 + n_initials, if is_comma { 0.85 } else { 0.65 })
        } else if is_comma && second.given >= 0.5 && !second.is_never() && !first.is_place {
            let opens = token.is_first || matches!(token.gap, Gap::Stop | Gap::Break | Gap::Other) || token.shape == Shape::Upper;
            let confidence = match (token.shape == Shape::Upper && next.shape != Shape::Upper, opens) {
                (true, _) => 0.92,
                (false, true) => 0.75,
                // In the midst of a sentence it is a list as often: `Smith, Jane and Tom`.
                (false, false) => return None,
            };
            if first.is_word && first.surname < 0.5 || first.given >= first.surname && token.shape != Shape::Upper {
                return None;
            }
            // Further given names and initials.
            let mut end = at + 2;
            while self.token(end).is_some_and(|more| more.gap == Gap::Blank && (more.shape == Shape::Initial || self.judged(end).is_some_and(|more| more.given >= 0.6))) {
                end += 1;
            }
            (end, confidence)
        } else if is_caps_then_title && second.given >= 0.5 && first.surname >= 0.5 {
            (at + 2, 0.8)
        } else {
            return None;
        };
        let range = token.range.start..self.tokens[end - 1].range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), confidence, "name:surname_first"));
        Some(end)
    }

    /// `VAN DER BERG, Johan`, `de Souza, Ana`
    fn particles_first(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let is_particle = |i: usize| self.token(i).is_some_and(|token| i == at || token.gap == Gap::Blank) && self.is(i, role::CAPITAL_PARTICLE);
        let n = (at..at + 3).take_while(|&i| is_particle(i)).count();
        let name_at = at + n;
        let is_open = at == 0 || self.tokens[at].gap != Gap::Blank || !self.tokens[at - 1].is_capital();
        if n == 0 || !is_open || !self.token(name_at).is_some_and(|token| token.gap == Gap::Blank && token.is_capital()) {
            return None;
        }
        let given = self.token(name_at + 1).filter(|token| token.gap == Gap::Comma)?;
        let is_given = given.shape == Shape::Initial || self.judged(name_at + 1)?.given >= 0.35;
        if !is_given || self.judged(name_at)?.is_never() {
            return None;
        }
        let range = self.tokens[at].range.start..given.range.end;
        let name = PersonName::parse(&self.view.text[range.clone()])?;
        drafts.push(draft(range, name.value(), 0.85, "name:surname_first"));
        Some(name_at + 2)
    }

    /// Given names or initials and a family name: `Jane Smith`, `J. A. Smith`, `Jan van Dijk`.
    fn sequence(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let first = self.judged(at)?;
        if first.is_never() || first.is_plain_title() && !matches!(first.folded.as_str(), "di" | "col" | "sr" | "fr") {
            return None;
        }
        let end = self.extend(at, false);
        if end < at + 2 {
            return None;
        }
        let last = self.judged(end - 1)?;
        let is_initial = |i: usize| self.tokens[i].shape == Shape::Initial || self.is_two_initials(i);
        let n_initials = (at..end).take_while(|&i| is_initial(i)).count();
        if n_initials == end - at || is_initial(end - 1) && self.tokens[end - 1].shape != Shape::Initial {
            return None;
        }
        let (score, rule) = if n_initials > 0 {
            let has_dot = self.view.text[self.tokens[at].range.end..].starts_with('.');
            let is_article = matches!(self.text(at), "A" | "I") && !has_dot;
            let score = match (has_dot, is_article, last.is_word) {
                (true, _, false) => last.surname.max(0.4) + 0.3,
                (true, _, true) => last.surname,
                (false, true, _) => last.surname * 0.4 - if last.is_word { 0.4 } else { 0.0 },
                (false, false, true) => last.surname * 0.5,
                (false, false, false) => last.surname * 0.75,
            };
            (score, "name:initials")
        } else if is_initial(end - 1) {
            // `Jane S.`
            (first.given * 0.6, "name:gazetteer")
        } else {
            let middle = (at + 1..end - 1).filter_map(|i| self.judged(i)).filter(|judged| !judged.is_unknown).map(Judged::best).fold(1.0_f32, f32::min);
            // Family name first, as in Hungarian or Chinese use.
            let swapped = first.surname * last.given * if first.is_word || last.is_word { 0.3 } else { 0.8 };
            // A word behind a common given name is a family name: `extend` has looked around.
            let surname = if first.given >= 0.8 && !first.is_word { last.surname.max(0.22) } else { last.surname };
            ((first.given * surname).max(swapped) * middle.max(0.4), "name:gazetteer")
        };
        let mut confidence: f32 = if first.is_unknown && last.is_unknown && n_initials == 0 {
            // Capitalised words that nobody knows: perhaps a name, perhaps a product.
            0.45
        } else if score >= 0.45 {
            0.88
        } else if score >= 0.2 {
            0.7
        } else if score >= 0.12 {
            0.5
        } else if score >= 0.06 {
            0.35
        } else {
            return None;
        };
        let has_cue = self.has_cue(at, end);
        if has_cue && confidence < 0.75 {
            confidence += 0.15;
        }
        // What follows shows that it is a street, an organisation or a heading.
        let next_blocks = self.token(end).filter(|next| next.gap == Gap::Blank).and_then(|_| self.judged(end)).is_some_and(|next| {
            is_street_word(&next.folded) && next.folded.len() > 2 || ORGANISATIONS.contains(&next.folded.as_str())
        });
        let is_named_place = crate::name::is_place(&format!("{} {}", first.folded, last.folded));
        let is_both_places = first.is_place && last.is_place;
        if next_blocks || is_named_place || is_both_places {
            confidence = 0.3;
        }
        let ends_as_street = is_street_word(&last.folded) && last.folded.len() > 2 && last.surname < 0.5;
        if ends_as_street && first.best() >= 0.8 && !first.is_place {
            confidence = confidence.min(0.4);
        } else if ends_as_street && !has_cue || is_named_place && !has_cue {
            return None;
        }
        // `THE JONES REPORT`: capitals all along are a heading; only well-known names count in it.
        let is_caps = (at..end).all(|i| self.tokens[i].shape == Shape::Upper || is_initial(i));
        if is_caps && (first.is_unknown || last.is_unknown) {
            confidence = confidence.min(0.4);
        }
        if is_caps && n_initials == 0 && !(first.given >= 0.5 && last.surname >= 0.3) {
            return None;
        }
        let range = self.tokens[at].range.start..self.tokens[end - 1].range.end;
        let name = given_first(&self.view.text[range.clone()])?;
        let rule = if confidence < 0.5 { "name:unsure" } else { rule };
        drafts.push(draft(range, name.value(), confidence, rule));
        Some(end)
    }

    /// One capitalised word: a given name that is no other word, or a word that a cue makes a name.
    fn alone(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let judged = self.judged(at)?;
        let token = &self.tokens[at];
        if token.shape != Shape::Title || judged.is_never() || judged.is_title {
            return None;
        }
        // Months: nobody rang `in June`, but June may have rung.
        let is_month = matches!(judged.folded.as_str(), "april" | "may" | "june" | "august" | "jan" | "mar");
        if is_month && !self.does_strongly(at + 1) {
            return None;
        }
        // `Johnson & Johnson`, `Parkinson’s disease`
        let text = self.view.text;
        let is_firm = text[..token.range.start].ends_with("& ") || text[token.range.end..].starts_with(" & ");
        let is_thing = self.token(at + 1).is_some_and(|next| next.gap == Gap::Blank) && THINGS.contains(&self.lower(at + 1).as_ref());
        if is_thing || is_firm && (judged.given < 0.8 || judged.surname >= 0.9) {
            return None;
        }
        // A part of a run of capitalised words that made no name is a heading or an organisation.
        let is_in_run = |i: usize, gap: Gap| gap == Gap::Blank && self.judged(i).is_some_and(|other| !other.is_title && !other.is_never());
        let after_run = at > 0 && is_in_run(at - 1, token.gap) && !self.tokens[at - 1].is_first;
        let before_run = self.token(at + 1).is_some_and(|next| is_in_run(at + 1, next.gap));
        let next_blocks = self.token(at + 1).is_some_and(|next| next.gap == Gap::Blank)
            && self.judged(at + 1).is_some_and(|next| {
                is_street_word(&next.folded) || ORGANISATIONS.contains(&next.folded.as_str()) || (before_run && next.is_word)
            });
        if next_blocks {
            return None;
        }
        let cued = self.has_cue(at, at + 1);
        let does = self.does_something(at + 1);
        let is_given = judged.given >= judged.surname || judged.given >= 0.8;
        let best = judged.best();
        let directory = &self.view.setting.directory;
        let is_known = directory.given_count(&judged.folded) + directory.surname_count(&judged.folded) > 0;
        let mut confidence: f32 = match (best, judged.is_word) {
            (best, false) if best >= 1.0 => 0.62,
            (best, false) if best >= 0.8 => 0.46,
            (best, false) if best >= 0.6 => 0.4,
            (_, false) if judged.is_unknown => 0.25,
            // `John`, `Dale`: common names, and rare as words.
            (_, true) if judged.given >= 0.5 => 0.48,
            (best, true) if best >= 0.45 => 0.3,
            (best, true) if best >= 0.25 => 0.22,
            _ => return None,
        };
        if judged.is_place && !is_known {
            confidence -= 0.35;
        }
        if is_known {
            confidence += 0.2;
        }
        if token.is_first && judged.is_word {
            confidence -= 0.12;
        }
        if cued {
            confidence += 0.2;
        }
        if self.is_introduced(at) {
            confidence += 0.25;
        }
        if self.is_listed(at) {
            confidence += 0.15;
        }
        // `Jane: hello` opens a turn of a talk.
        if token.is_first && (judged.best() >= 0.3 || judged.is_unknown) && self.view.text[token.range.end..].starts_with(": ") {
            confidence += if judged.is_unknown { 0.28 } else { 0.2 };
        }
        if does {
            confidence += if judged.is_unknown { 0.22 } else { 0.25 };
        }
        if (after_run || before_run) && !cued {
            confidence -= 0.2;
        }
        // Below this nobody would look; above it a person may want to.
        if confidence < 0.38 {
            return None;
        }
        let value = if is_given { format!(", {}", judged.folded) } else { format!("{},", judged.folded) };
        let rule = if confidence < 0.5 { "name:unsure" } else if cued || does { "name:cue" } else { "name:gazetteer" };
        drafts.push(draft(token.range.clone(), value, confidence.min(0.85), rule));
        Some(at + 1)
    }

    /// `jane smith`, `dave`: common names that are no words, without capitals, as in a chat.
    fn in_lower_case(&self, at: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
        let token = &self.tokens[at];
        if token.shape != Shape::Lower || token.range.len() < 3 {
            return None;
        }
        let folded = match self.lower(at) {
            Cow::Borrowed(lower) => Cow::Borrowed(lower),
            Cow::Owned(_) => Cow::Owned(latin(self.text(at))),
        };
        if given_level(&folded) != Some(1) || NOT_LOWER.contains(&folded.as_ref()) {
            return None;
        }
        // Inside a path, an address or an identifier it is none.
        let glued = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && !",.!?:;'’\")(…".contains(c));
        let text = self.view.text;
        let after = text[token.range.end..].chars().next();
        let goes_on = after == Some('.') && text[token.range.end + 1..].starts_with(char::is_alphanumeric);
        let before = text[..token.range.start].chars().next_back();
        if glued(before) || glued(after) || goes_on || before == Some('.') {
            return None;
        }
        let level = word_level(&folded);
        let cued = at > 0 && token.gap != Gap::Stop && self.is(at - 1, role::BEFORE) || self.does_something(at + 1);
        let next = self.token(at + 1).filter(|next| next.gap == Gap::Blank && next.shape == Shape::Lower);
        let surname = next.map(|_| Judged::new(self.text(at + 1), &self.view.setting.directory)).filter(|next| {
            next.surname >= 0.8 && !next.is_word && next.folded.len() > 3 || (level.is_none() && next.surname >= 0.5 && next.folded.len() > 3)
        });
        let is_plain = level.is_none() && folded.len() >= 4 && !is_place(&folded);
        if let Some(surname) = surname.filter(|_| is_plain || cued || level.is_none()) {
            let range = token.range.start..self.tokens[at + 1].range.end;
            drafts.push(draft(range, format!("{}, {folded}", surname.folded), if is_plain { 0.75 } else { 0.6 }, "name:lower_case"));
            return Some(at + 2);
        }
        let confidence = match (is_plain, cued, level) {
            (true, true, _) => 0.65,
            (true, false, _) => 0.52,
            // `tom`, `sam`: short, or rare as words.
            (false, true, None) => 0.55,
            (false, true, Some(level)) if level >= 40 => 0.5,
            (false, false, None) => 0.42,
            _ => return None,
        };
        drafts.push(draft(token.range.clone(), format!(", {folded}"), confidence, "name:lower_case"));
        Some(at + 1)
    }

    /// The end of the words from `at` that could belong to one name; `at` when not even one can.
    fn extend(&self, at: usize, is_sure: bool) -> usize {
        let mut end = at;
        let mut has_surname = false;
        while let Some(token) = self.token(end) {
            if end > at {
                let previous = &self.tokens[end - 1];
                let is_open = previous.shape == Shape::Initial || self.is_two_initials(end - 1);
                let joins = match token.gap {
                    Gap::Blank => true,
                    Gap::Dot => is_open && self.view.text[previous.range.end..token.range.start].len() <= 2,
                    // Prose that wraps in the midst of a name.
                    Gap::Break => !has_surname && end == at + 1 && self.is_wrapped(previous.range.end, token.range.clone()),
                    _ => false,
                };
                if !joins {
                    break;
                }
            }
            if end - at >= 6 {
                break;
            }
            let Some(judged) = self.judged(end) else {
                // A particle in the midst, with a name behind it.
                let lower = self.text(end);
                let leads_on = self.is(end, role::PARTICLE)
                    && (end > at || is_sure)
                    && (1..=2).any(|n| {
                        self.token(end + n).is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                            && (n == 1 || PARTICLES.contains(&self.text(end + 1)))
                            && self.judged(end + n).is_some_and(|next| !next.is_never() && (!next.is_word || next.surname > 0.3))
                    });
                if leads_on && !matches!(lower, "do" | "e" | "und" | "y" if end == at) {
                    end += 1;
                    continue;
                }
                break;
            };
            if judged.is_never() || judged.is_title && end > at && !matches!(judged.folded.as_str(), "di" | "col" | "sr" | "lord" | "judge" | "master" | "major" | "sister" | "constable" | "canon") {
                // `J. V. and I. Smith`: initials may spell a small word.
                if !(token.shape == Shape::Initial && self.view.text[token.range.end..].starts_with('.')) {
                    break;
                }
            }
            let is_initial = token.shape == Shape::Initial || (end == at && self.is_two_initials(end));
            // `Ní Bhriain`, `Van Dijk`, `Al Hakim`: a particle with a capital and a name behind it.
            let is_particle = CAPITAL_PARTICLES.contains(&judged.folded.as_str())
                && self.token(end + 1).is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                && self.judged(end + 1).is_some_and(|next| !next.is_never() && (!next.is_word || next.surname >= 0.3));
            // A common given name and a word with a capital that ends the run: `Wendy Plum`.
            let is_behind = end == at + 1 || (end == at + 2 && self.tokens[at + 1].shape == Shape::Initial);
            let is_wordy_surname = is_behind
                && token.shape == Shape::Title
                && !judged.is_place
                && !is_street_word(&judged.folded)
                && !ORGANISATIONS.contains(&judged.folded.as_str())
                && self.judged(at).is_some_and(|first| first.given >= 0.8 && !first.is_place && !first.is_word)
                && self.tokens[at].shape == Shape::Title
                && !self.token(end + 1).is_some_and(|next| next.gap == Gap::Blank && next.is_capital())
                && !(at > 0 && token.gap == Gap::Blank && self.tokens[at].gap == Gap::Blank && self.tokens[at - 1].is_capital() && !self.tokens[at - 1].is_first);
            let fits = if is_initial {
                // `Jane I …`: a pronoun; a middle initial has a dot or a name behind it.
                end == at
                    || !matches!(self.text(end), "I" | "A")
                    || self.view.text[token.range.end..].starts_with('.')
                    || self.token(end + 1).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Title)
                        && self.judged(end + 1).is_some_and(|next| !next.is_word && !next.is_never())
            } else if end == at {
                is_particle || judged.given >= 0.1 || judged.surname >= 0.3 || is_sure
            } else {
                judged.surname >= 0.25 || judged.given >= 0.5 || is_particle || is_wordy_surname || (is_sure && end == at + 1 && !judged.is_word)
                    || (judged.surname >= 0.15 && self.judged(end - 1).is_some_and(|previous| previous.given >= 0.9))
            };
            if !fits {
                break;
            }
            // Capitals end where title case begins: `JANE SMITH Consultant`.
            if end > at + 1 && self.tokens[end - 1].shape == Shape::Upper && token.shape == Shape::Title {
                break;
            }
            has_surname |= end > at && !is_initial;
            end += 1;
        }
        // No name ends with a particle.
        while end > at && self.judged(end - 1).is_none() {
            end -= 1;
        }
        end
    }

    /// `JA` before a name: two capitals that are no abbreviation.
    fn is_two_initials(&self, at: usize) -> bool {
        let text = self.text(at);
        self.tokens[at].shape == Shape::Upper
            && text.len() == 2
            && text.is_ascii()
            && self.token(at + 1).is_some_and(|next| next.shape == Shape::Title)
            && self.judged(at).is_some_and(|judged| !judged.is_never() && !judged.is_title && judged.surname < 0.8)
    }

    /// Does the text wrap between two words of one line?
    fn is_wrapped(&self, end: usize, next: Range<usize>) -> bool {
        let text = self.view.text;
        let line_start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[next.end..].find('\n').map_or(text.len(), |at| next.end + at);
        let is_name = |at: usize| self.tokens.get(at).is_some();
        end - line_start > 45 && line_end - next.start > 15 && is_name(0)
    }

    /// Is there a word before that leads to a name, or one behind that only people do?
    fn has_cue(&self, at: usize, end: usize) -> bool {
        let before = at.checked_sub(1).is_some_and(|i| {
            let gap = self.tokens[at].gap;
            matches!(gap, Gap::Blank | Gap::Comma) && self.is(i, role::BEFORE) && self.tokens[i].shape != Shape::Upper
        });
        let labelled = self.view.slot_at(self.tokens[at].range.start).is_some_and(|slot| slot.what == What::Name && slot.range.start == self.tokens[at].range.start);
        before && !is_weak(&self.lower(at - 1)) || labelled || self.does_strongly(end) || self.is_introduced(at)
    }

    /// `my name is X`, `I am X`, `this is X`, `they call me X`, `maiden name X`: nothing else follows.
    fn is_introduced(&self, at: usize) -> bool {
        if at < 2 || self.tokens[at].gap != Gap::Blank {
            return false;
        }
        let (one, two) = (self.lower(at - 2), self.lower(at - 1));
        matches!(
            (one.as_ref(), two.as_ref()),
            ("name" | "surname", "is" | "was") | ("i", "am") | ("this", "is") | ("call" | "calls" | "called", "me" | "him" | "her") | ("name", "of") | ("maiden", "name")
        ) || two == "im" || two == "named" || two == "née" || two == "nee"
    }

    /// Is a neighbour in a list a sure name: `Donna, Sherry and Donald`?
    fn is_listed(&self, at: usize) -> bool {
        let is_sure = |i: usize| self.judged(i).is_some_and(|other| !other.is_word && !other.is_place && other.best() >= 0.8);
        let is_and = |i: usize| matches!(self.lower(i).as_ref(), "and" | "&");
        let is_near = |i: usize| self.tokens.get(i).is_some_and(|token| matches!(token.gap, Gap::Comma | Gap::Blank));
        let comma = |i: usize| self.tokens.get(i).is_some_and(|token| token.gap == Gap::Comma);
        (at >= 1 && comma(at) && is_sure(at - 1))
            || (at >= 2 && is_and(at - 1) && is_near(at) && is_near(at - 1) && is_sure(at - 2))
            || (comma(at + 1) && is_sure(at + 1))
            || (at + 2 < self.tokens.len() && is_near(at + 1) && is_and(at + 1) && is_near(at + 2) && is_sure(at + 2))
    }

    fn does_strongly(&self, at: usize) -> bool {
        self.token(at).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower)
            && self.is(at, role::STRONG)
    }

    fn does_something(&self, at: usize) -> bool {
        self.token(at).is_some_and(|next| next.gap == Gap::Blank && next.shape == Shape::Lower) && self.is(at, role::AFTER)
    }

    /// Sign-offs: `Kind regards,⏎Jane`, `Thanks, Jane`.
    fn lines(&self, drafts: &mut Vec<Draft>) {
        let text = self.view.text;
        let mut start = 0;
        let mut is_open = false;
        for line in text.split_inclusive('\n') {
            let range = super::super::label::trimmed(text, start..start + line.len());
            start += line.len();
            let body = &text[range.clone()];
            if body.is_empty() {
                continue;
            }
            if is_open {
                is_open = false;
                self.signed(range.clone(), drafts);
            }
            let folded: String = body.chars().filter(|c| c.is_alphabetic() || *c == ' ').collect::<String>().trim().to_lowercase();
            if body.len() <= 40 && is_sign_off(&folded) {
                is_open = true;
            } else if body.len() <= 60 {
                // On one line: `Many thanks, Jane`.
                if let Some(at) = body.find([',', '-', '–', '!', '.']) {
                    let head: String = body[..at].trim().to_lowercase();
                    let sign = body[at..].chars().next().map_or(1, char::len_utf8);
                    if is_sign_off(&head) {
                        self.signed(super::super::label::trimmed(text, range.start + at + sign..range.end), drafts);
                    }
                }
            }
        }
    }

    /// A line that is nothing but the name of whoever signed.
    fn signed(&self, range: Range<usize>, drafts: &mut Vec<Draft>) {
        let text = &self.view.text[range.clone()];
        let end = text.find([',', '(', '|', '<', '-', '–', '/']).unwrap_or(text.len());
        let kept = text[..end].trim_end_matches([' ', '.', 'x', 'X', '!']).trim_end();
        let kept = if kept.is_empty() { text[..end].trim_end() } else { kept };
        let words: Vec<&str> = kept.split_whitespace().collect();
        if words.is_empty() || words.len() > 4 || kept.len() > 50 {
            return;
        }
        let judged: Vec<Judged> = words.iter().map(|word| Judged::new(word.trim_matches('.'), &self.view.setting.directory)).collect();
        let is_capital = words.iter().all(|word| word.starts_with(char::is_uppercase) || PARTICLES.contains(word));
        let is_possible = judged.iter().any(|judged| judged.best() >= 0.25 && !judged.is_never()) && !judged.iter().any(Judged::is_never);
        let is_initial = kept.chars().count() <= 2 && kept.chars().all(char::is_uppercase);
        let has_org = judged.iter().any(|judged| ORGANISATIONS.contains(&judged.folded.as_str()));
        if (!is_possible || has_org || !is_capital && judged[0].given < 0.5) && !is_initial {
            return;
        }
        let Some(name) = given_first(kept) else { return };
        let range = range.start..range.start + kept.len();
        drafts.push(draft(range, name.value(), if is_capital { 0.86 } else { 0.75 }, "name:signoff"));
    }
}

/// Common given names that are words of other languages or of code, when they have no capital.
const NOT_LOWER: &[&str] = &[
    "ella", "elle", "donna", "alma", "dolores", "linda", "clara", "pilar", "marina", "sara", "des", "les", "del", "den", "van", "min", "mai", "long", "son", "lam", "tam",
    "mar", "sol", "luz", "paz", "jesus", "bella", "rosa", "iris", "viola", "ada", "ruby", "perl", "julia", "java", "sasha", "max", "ali", "may", "mark", "will", "art",
    "mercedes", "lexus", "victoria", "carmen", "salvador", "angel", "santa", "nova", "sierra", "asia", "china", "chi", "bin", "dung", "anh", "thi", "thu", "nam", "lin",
    "lei", "tel", "val", "dot", "mel", "nat", "reg", "rod", "pip", "sal", "sid", "tia", "via", "nan", "ping", "min", "hao", "jan", "dee", "esta", "tina", "lena", "una", "era",
    "mina", "nina", "sana", "said", "mike", "noah", "maria", "martin", "lane", "case", "dom", "max", "eve", "alla", "kay", "sue", "bob", "jo", "marie", "anna", "cat", "gene",
    "sandy", "robin", "christian", "jean", "madonna", "mona", "cher", "rita", "rich", "sean", "roman", "norman", "german", "basil", "jasmine", "ginger", "sonny", "buddy", "junior",
];

/// Cues that stand before anything: they lift a name that is known, and make none of a word.
fn is_weak(word: &str) -> bool {
    matches!(word, "to" | "from" | "for" | "and" | "or" | "by" | "with" | "like" | "let" | "between" | "called" | "name" | "am" | "email" | "text" | "call" | "staff" | "patient" | "client" | "customer" | "ex" | "thank")
}

fn is_sign_off(folded: &str) -> bool {
    const ENDS: &[&str] = &[
        "regards", "kind regards", "best regards", "warm regards", "many thanks", "thanks", "thank you", "cheers", "best wishes", "best", "yours sincerely",
        "yours faithfully", "sincerely", "with thanks", "ta", "love", "all the best", "yours", "kindest regards", "with kind regards", "with best wishes",
        "warmest regards", "thanks again", "thanks in advance", "respectfully", "cordially", "mit freundlichen grussen", "mit freundlichen grüßen", "viele grüße",
        "cordialement", "saludos", "un saludo", "lg", "kr", "br", "rgds", "many thanks and kind regards", "thanks and regards", "thanks and kind regards", "yours truly",
        "signed", "speak soon", "see you soon", "take care", "lots of love", "much love", "thanks so much", "many thanks in advance", "thank you very much",
    ];
    ENDS.contains(&folded)
}

/// Words that end the name of an organisation, a place or a thing.
const ORGANISATIONS: &[&str] = &[
    "ltd", "limited", "llp", "plc", "inc", "co", "company", "corporation", "hospital", "clinic", "surgery", "practice", "university", "college", "school", "academy",
    "council", "bank", "trust", "foundation", "group", "partners", "associates", "solicitors", "society", "association", "institute", "centre", "center", "pharmacy",
    "church", "hotel", "insurance", "services", "agency", "house", "ward", "street", "road", "lane", "avenue", "close", "drive", "crescent", "court", "gardens",
    "park", "square", "building", "library", "museum", "theatre", "station", "airport", "stadium", "bridge", "castle", "infirmary", "hospice", "prison", "team",
    "project", "report", "act", "award", "prize", "cup", "league", "fc", "united", "airlines", "motors", "systems", "software", "solutions", "primary", "estate",
    "mills", "works", "terrace", "place", "way", "walk", "mews", "tower", "health", "care", "medical", "dental", "legal", "county", "city", "river", "bay", "island",
    "disease", "syndrome", "test", "scale", "score", "law", "day", "pub", "arms", "inn", "bakery", "garage", "nursery", "lodge", "farm", "police", "method", "sign",
];

/// Reads a name whose single word is a given name.
fn given_first(text: &str) -> Option<PersonName> {
    PersonName::parse(text)
}
