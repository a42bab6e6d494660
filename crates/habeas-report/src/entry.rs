//! What does a record of the ledger say, in a sentence?

use habeas_law::{opinion_in_words, written};
use habeas_model::{
    Consent, Entry, Erasing, ErasureAct, Event, ExemptionAnswer, Happening, Personal, ThirdParty,
    ThirdPartyOutcome, Treatment, Verdict,
};

use crate::figures::counted;

/// A record of a ledger in a sentence. It shows what people wrote: for results and files of the case,
/// never for a log or an error.
pub fn entry_in_words(entry: &Entry) -> String {
    match entry {
        Entry::Finding(decision) => {
            let verdict = match decision.verdict {
                Verdict::Disclose => "give",
                Verdict::Withhold => "keep back",
                Verdict::NotSubject => "not about the person",
                Verdict::Incidental => "only mentions the person",
                Verdict::Open => "open again",
            };
            let (item, place) = (decision.item.short(), &decision.place);
            with(&format!("item {item}, {place}: {verdict}"), &decision.reason)
        }
        Entry::Identifier(answer) => {
            let is_it = if answer.is_accepted { "is" } else { "is not" };
            let kind = answer.kind.as_str().replace('_', " ");
            with(&format!("a proposed {kind} {is_it} the person's"), &answer.reason)
        }
        Entry::Policy(policy) => {
            let treatment = match policy.treatment {
                Treatment::Show(ground) => format!("shown: {ground} [{}]", ground.code()),
                Treatment::TakeOut => "taken out".to_owned(),
                Treatment::Nobody => "nobody".to_owned(),
                Treatment::Default => "as configured".to_owned(),
            };
            let place =
                policy.item.map_or(String::new(), |item| format!(" in item {}", item.short()));
            with(&format!("another person{place}: {treatment}"), &policy.reason)
        }
        Entry::Bundled(bundled) => format!(
            "bundle written: {}, {}; manifest {}",
            counted(bundled.n_taken_out, "stretch taken out", "stretches taken out"),
            counted(bundled.n_shown, "mention shown", "mentions shown"),
            short(&bundled.manifest_sha256)
        ),
        Entry::Event(event) => event_in_words(event),
        Entry::Erasing(act) => erasing_in_words(act),
        Entry::Manual(manual) => {
            with(&format!("item {}: {}", manual.item.short(), manual.mark), &manual.reason)
        }
    }
}

fn erasing_in_words(act: &Erasing) -> String {
    let copies = |what: &str| {
        let done = counted(act.n_done, "copy", "copies");
        format!("{what}: {done}, {} for a person (plan {})", act.n_left, short(&act.plan))
    };
    match act.erasure {
        ErasureAct::Planned => copies("an erasure was planned"),
        ErasureAct::Approved => copies("an erasure was approved"),
        ErasureAct::Applied => copies("an erasure was carried out"),
        ErasureAct::Undone => copies("an erasure was undone"),
        ErasureAct::Expired => {
            format!("sealed originals removed: {}", counted(act.n_done, "file", "files"))
        }
        ErasureAct::Verified => copies("the estate was looked through after an erasure"),
        ErasureAct::Suppressed => {
            format!("put on lists of no marketing: {}", counted(act.n_done, "entry", "entries"))
        }
    }
}

/// The first digits of a digest.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn with(what: &str, words: &str) -> String {
    if words.trim().is_empty() { what.to_owned() } else { format!("{what}: {}", words.trim()) }
}

fn event_in_words(event: &Event) -> String {
    let title = event.event.title();
    let own = |text: &Personal<String>| with(title, text.reveal());
    match &event.event {
        Happening::Received { channel, recognised_by } => {
            let title = format!("{title} by {channel}");
            match recognised_by.reveal().trim() {
                "" => title,
                who => format!("{title}, recognised by {who}"),
            }
        }
        Happening::IdentityAsked { what } | Happening::AuthorityAsked { what } => own(what),
        Happening::IdentityNoted { seen, .. }
        | Happening::AuthorityNoted { seen, .. }
        | Happening::GuardianNoted { seen, .. } => own(seen),
        Happening::CompetenceNoted { why, .. } => own(why),
        Happening::FeeAsked { pence, reason } => {
            with(&format!("{title} ({}.{:02})", pence / 100, pence % 100), reason.reveal())
        }
        Happening::FeePaid => title.to_owned(),
        Happening::ClarificationAsked { question } => own(question),
        Happening::ClarificationAnswered { answer } => own(answer),
        Happening::Extended { ground, reason } => {
            let ground = match ground {
                habeas_model::ExtensionGround::Complexity => "complexity",
                habeas_model::ExtensionGround::Requests => "number of requests",
            };
            with(&format!("{title} ({ground})"), reason.reveal())
        }
        Happening::Note { text } => own(text),
        Happening::TimeSpent { minutes, what } => {
            with(&counted(u64::from(*minutes), "minute", "minutes"), what.reveal())
        }
        Happening::Assigned { to, task, .. } => with(&format!("{to} {title}"), task.reveal()),
        Happening::ThirdParty(record) => third_party(record),
        Happening::HealthOpinion(opinion) => format!(
            "{title} of {} ({}), {}; covers {}",
            opinion.clinician.reveal(),
            opinion.registration.reveal(),
            opinion_in_words(opinion, event.on),
            counted(opinion.items.len() as u64, "item", "items"),
        ),
        Happening::KnownToSubject(known) => with(
            &format!("{title}: {}", counted(known.items.len() as u64, "item", "items")),
            known.evidence.reveal(),
        ),
        Happening::Exemption(answer) => exemption(answer),
        Happening::LetterWritten { letter, digest } => {
            format!("{title}: {letter} ({})", short(digest))
        }
        Happening::LetterSent { letter, method } => {
            with(&format!("{title}: {letter}"), method.reveal())
        }
        Happening::Approved { manifest_sha256, what } => {
            with(&format!("{title} (manifest {})", short(manifest_sha256)), what.reveal())
        }
        Happening::Released { manifest_sha256, method, address_check, secret_channel } => format!(
            "{title} (manifest {}): {}; address checked: {}; secret: {}",
            short(manifest_sha256),
            method.reveal(),
            address_check.reveal(),
            secret_channel.reveal()
        ),
        Happening::RecipientTold { what } | Happening::Complaint { what, .. } => own(what),
        Happening::Closed { ending, reason } => {
            with(&format!("{title} ({ending})"), reason.reveal())
        }
        Happening::Reopened { reason } => own(reason),
    }
}

fn third_party(record: &ThirdParty) -> String {
    let consent = match &record.consent {
        Consent::Given { on, to } => with(&format!("agreed on {}", written(*on)), to.reveal()),
        Consent::Refused { on } => format!("refused on {}", written(*on)),
        Consent::NoReply { asked } => format!("asked on {}, no reply", written(*asked)),
        Consent::NotAsked { why } => with("not asked", why.reveal()),
    };
    let outcome = match record.outcome {
        ThirdPartyOutcome::Disclose => "give",
        ThirdPartyOutcome::Redact => "take out",
        ThirdPartyOutcome::Withhold => "keep back",
    };
    let place = record.item.map_or(String::new(), |item| format!(" in item {}", item.short()));
    with(
        &format!("record about person {}{place}: {outcome}; {consent}", record.person),
        record.factors.reveal(),
    )
}

fn exemption(answer: &ExemptionAnswer) -> String {
    let applies = if answer.applies { "applies" } else { "does not apply" };
    let told = if answer.is_told { "" } else { ", untold" };
    let place = answer.item.map_or(String::new(), |item| format!(" to item {}", item.short()));
    let at = answer.place.as_ref().map_or(String::new(), |place| format!(", {place}"));
    with(&format!("{} {applies}{place}{at}{told}", answer.code), answer.answer.reveal())
}
