//! How does the audit file read on paper?

use habeas_law::written;
use habeas_model::{Entry, Happening};

use super::{AuditFile, is_step};
use crate::account::{Account, Block, Table};
use crate::figures::{count, counted, kind_title};
use crate::search::{Described, search_record};
use crate::{entry_in_words, sums};

/// The audit file as paragraphs and tables.
pub(super) fn account(audit: &AuditFile, sources: &[Described]) -> Account {
    let mut page = Page { audit, blocks: Vec::new() };
    page.request();
    page.clock();
    page.steps();
    page.search(sources);
    page.decisions();
    page.withheld();
    page.bundle();
    page.open();
    page.check();
    Account { title: format!("Audit file of case {}", audit.case), blocks: page.blocks }
}

struct Page<'a> {
    audit: &'a AuditFile,
    blocks: Vec<Block>,
}

impl Page<'_> {
    fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading(text.to_owned()));
    }

    fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    fn request(&mut self) {
        let audit = self.audit;
        self.say(format!(
            "What was done with a request, by whom and on which ground, as of {}. It was written by a \
             program from the case's ledger, whose chain was verified first.",
            written(audit.written_on)
        ));
        self.heading("The request");
        let mut table = Table::new(&["What", "As recorded"]);
        let mut row = |what: &str, value: String| table.row([what.to_owned(), value]);
        row("Case", audit.case.to_string());
        if let Some(reference) = &audit.reference {
            row("Reference", reference.clone());
        }
        row("State", audit.state.title().to_owned());
        row("Right", audit.right.clone());
        row("Received", format!("{}, by {}", written(audit.received), audit.channel));
        let asks = match (audit.has_agent, audit.has_guardian) {
            (false, false) => "the person",
            (true, false) => "somebody with the person's authority",
            (_, true) => "a parent, guardian or deputy",
        };
        row("Who asks", asks.to_owned());
        row("Law of the clock", audit.deadline.regime.title().to_owned());
        row("Due", written(audit.deadline.working));
        let hours = format!("{}:{:02} hours, as noted", audit.minutes / 60, audit.minutes % 60);
        row("Time spent", hours);
        if let Some(day) = audit.delete_from {
            row("Case to be deleted from", written(day));
        }
        self.blocks.push(Block::Table(table));
    }

    fn clock(&mut self) {
        self.heading("The clock");
        self.say(self.audit.clock.join("\n"));
    }

    fn steps(&mut self) {
        self.heading("What happened");
        let steps = self.audit.records.iter().filter(|record| is_step(&record.decision));
        let mut table = Table::new(&["#Record", "Day", "What", "Who"]);
        for record in steps {
            let entry = &record.decision;
            let day = entry.event().map_or_else(
                || jiff::tz::TimeZone::UTC.to_datetime(entry.at()).date(),
                |event| event.on,
            );
            table.row([
                count(record.seq),
                day.to_string(),
                entry_in_words(entry),
                entry.by().to_owned(),
            ]);
        }
        if table.rows.is_empty() {
            self.say("Nothing is recorded.");
        } else {
            self.blocks.push(Block::Table(table));
        }
    }

    fn search(&mut self, sources: &[Described]) {
        let Some(search) = &self.audit.search else {
            self.heading("The search");
            self.say("The estate was not searched.");
            return;
        };
        let n_pending = 0;
        self.blocks.extend(search_record(search, sources, n_pending).blocks);
        self.heading("How to repeat the search");
        self.say(format!(
            "With {} and an index of the same sources, every written form below was looked for: a word as \
             it stands, ~ before one that may differ in a letter or two, * behind the beginning of one, & \
             between words that stand in one passage.",
            search.software
        ));
        let mut table = Table::new(&["Kind", "Written forms"]);
        for asked in &search.asked {
            let forms: Vec<&str> = asked.forms.iter().map(|it| it.reveal().as_str()).collect();
            let kind = asked.kind.map_or("Combined", kind_title).to_owned();
            table.row([kind, forms.join("; ")]);
        }
        self.blocks.push(Block::Table(table));
    }

    fn decisions(&mut self) {
        self.heading("What became of each source");
        let head = [
            "Source",
            "Items",
            "#Matched",
            "#Reviewed",
            "#Given",
            "#Taken out",
            "#Kept back",
            "#Mentions only",
            "#Not the person",
        ];
        let mut table = Table::new(&head);
        for row in &self.audit.sources {
            table.row([
                row.source.clone(),
                sums(&row.items),
                count(row.matched),
                count(row.reviewed),
                count(row.disclosed),
                count(row.taken_out),
                count(row.withheld),
                count(row.incidental),
                count(row.not_subject),
            ]);
        }
        self.blocks.push(Block::Table(table));
        self.say(
            "Every decision on a finding stands in decisions.csv, every record of the ledger in events.csv. \
             Other people are named by their number in the case.",
        );
    }

    fn withheld(&mut self) {
        self.heading("What was kept back");
        let mut table =
            Table::new(&["Original", "Place", "Ground", "Asked and answered", "Who", "Told"]);
        for row in &self.audit.withheld {
            table.row([
                row.item.to_string(),
                format!("{}, {}", row.source, row.place),
                format!("{} ({})", row.code, row.provision),
                format!("{} {}", row.question, row.answer.reveal()),
                row.by.clone(),
                if row.is_told { "yes" } else { "no" }.to_owned(),
            ]);
        }
        if table.rows.is_empty() {
            self.say("Nothing that was found and is about the person was kept back as a whole.");
        } else {
            self.blocks.push(Block::Table(table));
        }
    }

    fn bundle(&mut self) {
        self.heading("The answer");
        match &self.audit.bundle {
            None => self.say("No bundle was written."),
            Some(bundle) => {
                let mut table = Table::new(&["What", "As recorded"]);
                let mut row = |what: &str, value: String| table.row([what.to_owned(), value]);
                row("SHA-256 of the bundle's manifest", bundle.manifest_sha256.clone());
                row("SHA-256 of the log of redactions", bundle.redactions_sha256.clone());
                row("Taken out", counted(bundle.n_taken_out, "stretch", "stretches"));
                row("Other people shown", counted(bundle.n_shown, "mention", "mentions"));
                row("Written by", bundle.by.clone());
                self.blocks.push(Block::Table(table));
            }
        }
        let is_left = |entry: &Entry| {
            entry.event().is_some_and(|it| matches!(it.event, Happening::Released { .. }))
        };
        if !self.audit.records.iter().any(|record| is_left(&record.decision)) {
            self.say("The answer has not been released.");
        }
    }

    fn open(&mut self) {
        if self.audit.open.is_empty() {
            return;
        }
        self.heading("What is still open");
        let mut table = Table::new(&["Gate", "What", "Text"]);
        for block in &self.audit.open {
            let gate = block.gate.title().to_owned();
            table.row([gate, block.what.clone(), block.cites.clone()]);
        }
        self.blocks.push(Block::Table(table));
    }

    fn check(&mut self) {
        self.heading("How to check this file");
        let head = self.audit.ledger_head.clone().unwrap_or_else(|| "empty".to_owned());
        self.say(format!(
            "decisions.jsonl is the ledger as it stands: {}. Each record carries its number, the digest of \
             the one before and its own: BLAKE3 over the record as JSON without its digest. The last \
             digest is {head}. manifest.sha256 holds the SHA-256 digest of every file here; \
             bundle-manifest.sha256, where it is there, those of every file that was given.",
            counted(self.audit.records.len() as u64, "record", "records")
        ));
    }
}
