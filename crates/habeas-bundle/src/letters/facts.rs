//! What is known for a letter: from the configuration, the request, the case, and whoever writes it.

use std::collections::BTreeMap;

use habeas_case::{Case, Request, Right, decided};
use habeas_law::{
    Basis, Law, LetterItem, LetterKind, Regime, Shape, State, acknowledge_by, due, letter_fields,
    letter_items, refusal_ground, written,
};
use habeas_model::Kind;
use jiff::civil::Date;

use super::Answer;
use crate::certificate::sha256;
use crate::sheets::count;
use crate::template::{Fields, is_filled, nearest};
use crate::{Error, Organisation};

/// What is known for one letter. Only fields that the letter may print or note are in it.
#[derive(Clone)]
pub struct LetterFacts {
    kind: LetterKind,
    basis: Basis,
    day: Date,
    fields: Fields,
    /// Why a field of the case is empty, where there is more to say than where it comes from.
    why: BTreeMap<&'static str, String>,
    /// What whoever writes the letter gave.
    set: Vec<String>,
    /// The days that were given, for what follows from them.
    days: BTreeMap<String, Date>,
}

impl LetterFacts {
    /// What the configuration and the request tell.
    ///
    /// # Errors
    /// If the letter's day is before the day on which the request was received.
    pub(crate) fn new(
        kind: LetterKind,
        case: &str,
        request: &Request,
        organisation: &Organisation,
        day: Date,
    ) -> Result<Self, Error> {
        if day < request.received {
            return Err(Error::TooEarly { day: written(day), received: written(request.received) });
        }
        let basis = Basis { received: request.regime(), written: Regime::on(request.law, day) };
        let (fields, why, set) = (Fields::new(), BTreeMap::new(), Vec::new());
        let mut facts = Self { kind, basis, day, fields, why, set, days: BTreeMap::new() };
        let controller = &organisation.controller;
        let reach = [&controller.contact, &controller.email, &controller.phone];
        let reach: Vec<&str> =
            reach.into_iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        for (field, value) in [
            ("controller", controller.name.trim().to_owned()),
            ("address", controller.address.join("\n")),
            ("contact", controller.contact.clone()),
            ("email", controller.email.clone()),
            ("phone", controller.phone.clone()),
            ("complaints", controller.complaints.clone()),
            ("reach", reach.join(", ")),
            ("day", written(day)),
            ("reference", reference(kind, case)),
        ] {
            facts.put(field, value);
        }
        facts.of_request(request);
        Ok(facts)
    }

    /// What the configuration, the request and the case tell.
    ///
    /// # Errors
    /// If the letter's day is before the day on which the request was received, or the case's files
    /// cannot be read.
    pub fn of(
        kind: LetterKind,
        case: &Case,
        organisation: &Organisation,
        day: Date,
    ) -> Result<Self, Error> {
        let request = as_it_stands(case)?;
        let mut facts = Self::new(kind, case.id.as_str(), &request, organisation, day)?;
        match kind {
            LetterKind::NothingHeld => facts.of_search(case),
            LetterKind::PartialRelease | LetterKind::FullRelease => facts.of_bundle(case)?,
            _ => {}
        }
        Ok(facts)
    }

    /// Whose law answers.
    pub fn law(&self) -> Law {
        self.basis.written.law()
    }

    /// The texts that decide what the letter says.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The day of the letter.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Fills a field with what the case has on record. A field that this letter cannot have is left out.
    pub fn put(&mut self, field: &str, value: impl Into<String>) {
        if letter_fields(self.kind).contains(field) {
            self.fields.insert(field.to_owned(), value.into());
        }
    }

    /// As [`LetterFacts::put`], a day.
    pub fn put_day(&mut self, field: &str, day: Date) {
        self.put(field, written(day));
        self.days.insert(field.to_owned(), day);
    }

    /// Fills a field with what whoever writes the letter gives; several values are points.
    ///
    /// # Errors
    /// If the letter has no such field, the field comes from elsewhere, or a value is not what the field
    /// takes. The message does not repeat the value.
    pub fn set(&mut self, field: &str, values: &[String]) -> Result<(), Error> {
        let wrong = |problem: String| Error::Field { field: field.to_owned(), problem };
        let items = letter_items(self.kind, self.basis);
        let Some(item) = items.iter().find(|item| item.field == field) else {
            let known = items.iter().filter(|item| item.given.may_set()).map(|item| item.field);
            let near = nearest(field, known);
            return Err(wrong(format!("is no field of this letter; did you mean `{near}`?")));
        };
        if !item.given.may_set() {
            return Err(wrong("is not for you to give: the program has it".to_owned()));
        }
        let value = self.shaped(item, values).map_err(wrong)?;
        if !value.trim().is_empty() {
            self.fields.insert(field.to_owned(), value);
            self.set.push(field.to_owned());
        }
        Ok(())
    }

    /// Values in the shape of an item.
    fn shaped(&mut self, item: &LetterItem, values: &[String]) -> Result<String, String> {
        let values: Vec<String> = values
            .iter()
            .map(|value| value.trim().replace("\r\n", "\n"))
            .map(|value| {
                value.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>()
            })
            .filter(|value| !value.is_empty())
            .collect();
        let Some(first) = values.first() else { return Ok(String::new()) };
        let points = |points: Vec<String>| {
            let lines = points.iter().map(|point| format!("- {}", point.replace('\n', " ")));
            lines.collect::<Vec<_>>().join("\n")
        };
        if values.len() > 1 && !matches!(item.shape, Shape::Points | Shape::Grounds) {
            return Err("is given twice; it takes one value".to_owned());
        }
        match item.shape {
            Shape::Text if item.field == "to_address" => Ok(place(first)),
            Shape::Text => Ok(first.clone()),
            Shape::Points => Ok(points(values)),
            Shape::Grounds => {
                let law = self.law();
                let grounds: Result<Vec<String>, String> =
                    values.iter().map(|code| refusal_ground(code, law)).collect();
                Ok(points(grounds?))
            }
            Shape::Yes => match first.to_lowercase().as_str() {
                "yes" => Ok("yes".to_owned()),
                "no" => Ok(String::new()),
                _ => Err("takes `yes` or `no`".to_owned()),
            },
            Shape::Choice(choices) => {
                let found = choices.iter().find(|(name, _)| *name == first.to_lowercase());
                found.map(|(_, words)| (*words).to_owned()).ok_or_else(|| {
                    let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                    format!("takes one of {}", names.join(", "))
                })
            }
            Shape::Day | Shape::Later => {
                let day: Date = first
                    .parse()
                    .map_err(|_| "is not a date; write it as 2026-11-20".to_owned())?;
                let is_later = item.shape == Shape::Later;
                if is_later && day <= self.day {
                    return Err(format!("has to be after the letter's day, {}", written(self.day)));
                }
                if !is_later && day > self.day {
                    return Err(format!("cannot be after the letter's day, {}", written(self.day)));
                }
                self.days.insert(item.field.to_owned(), day);
                Ok(written(day))
            }
        }
    }

    /// All fields, with those that follow from others.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = self.fields.clone();
        if self.kind == LetterKind::ThirdPartyConsent
            && !(is_filled(&fields, "name_requester") && is_filled(&fields, "requester_agreed"))
        {
            fields.remove("requester");
        }
        if let Some(came) = self.days.get("complaint_received")
            && acknowledge_by(self.law(), *came).is_some_and(|last| self.day > last)
        {
            let late = " We apologise that this comes later than 30 days after your complaint.";
            fields.insert("late".to_owned(), late.to_owned());
        }
        fields
    }

    /// Takes a field out, as if nobody had filled it in.
    #[cfg(test)]
    pub(crate) fn empty(&mut self, field: &str) {
        self.fields.remove(field);
        self.set.retain(|given| given != field);
        self.days.remove(field);
    }

    /// Why a field is empty, if there is more to say than where it comes from.
    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        self.why.get(field).map(String::as_str)
    }

    /// The fields that whoever writes the letter gave.
    pub(crate) fn given(&self) -> &[String] {
        &self.set
    }

    fn of_request(&mut self, request: &Request) {
        let name = request.name().map(|name| name.reveal().clone()).unwrap_or_default();
        if !self.kind.to().is_outsider() && self.kind != LetterKind::Authority {
            self.put("to", name.clone());
            self.put("to_address", address(request));
        }
        self.put("subject", name.clone());
        self.put("requester", name);
        if let Some(born) = &request.subject.born {
            // Nobody gives the day of the week on which they were born.
            let day = written(*born.reveal());
            self.put("born", day.split_once(' ').map_or(day.as_str(), |(_, day)| day));
        }
        self.put("received", written(request.received));
        self.put("right_asked", right(request.right));
        self.put("course", course(request));
        let deadline = request.deadline();
        self.put("due", written(deadline.working));
        if deadline.state != State::Running {
            self.put("waits", " It moves on while we wait for what we have asked you.");
        }
        self.of_extension(request);
    }

    /// When the answer is due with two months more, if notice on this day is in time.
    fn of_extension(&mut self, request: &Request) {
        let mut timeline = request.timeline();
        let told = *timeline.extended.get_or_insert(self.day);
        let (plain, extended) =
            (due(&habeas_law::Timeline { extended: None, ..timeline.clone() }), due(&timeline));
        // In time by every reading, or not at all.
        if told <= plain.notice_by {
            self.put("new_due", written(extended.working));
        } else {
            let by = written(plain.notice_by);
            self.why.insert(
                "new_due",
                format!("it is too late: notice of an extension had to be given by {by}"),
            );
        }
    }

    fn of_search(&mut self, case: &Case) {
        if let Ok(search) = case.search_record() {
            self.put("sources", count(search.sources.len() as u64, "source", "sources"));
            self.put("items", count(search.n_items, "item", "items"));
            if !search.is_complete {
                self.put("incomplete", " Not every source could be read to its end.");
            }
        }
        match decided(case) {
            Err(error) => {
                self.why.insert("nothing_found", error.to_string());
            }
            Ok(decided) => {
                let n = decided.disclosures.len()
                    + decided.withheld.len()
                    + decided.incidental.len()
                    + decided.pending.len();
                if n == 0 {
                    self.put("nothing_found", "yes");
                } else {
                    self.why.insert(
                        "nothing_found",
                        format!(
                            "the search found {} about the person, or that may be: see `habeas status \
                             {}`",
                            count(n as u64, "thing", "things"),
                            case.id
                        ),
                    );
                }
            }
        }
    }

    fn of_bundle(&mut self, case: &Case) -> Result<(), Error> {
        match Answer::current(case)? {
            Ok(answer) => {
                for (field, value) in answer.fields {
                    self.put(&field, value);
                }
                let other = match self.kind {
                    LetterKind::FullRelease => "partial-release",
                    _ => "full-release",
                };
                for (field, why) in [
                    ("not_all", "nothing is taken out or kept back"),
                    ("all_given", "not everything is given, or there is nothing to give"),
                ] {
                    if !is_filled(&self.fields, field) {
                        self.why.insert(field, format!("{why}: write `{other}`"));
                    }
                }
            }
            Err(why) => {
                for field in ["not_all", "all_given", "sources", "items"] {
                    self.why.insert(field, why.clone());
                }
            }
        }
        Ok(())
    }
}

/// The request with what happened since it was received: what was asked and answered, and when.
fn as_it_stands(case: &Case) -> Result<Request, Error> {
    let timeline = case.history()?.timeline(&case.request);
    Ok(Request {
        identity: timeline.identity,
        fee: timeline.fee,
        clarifications: timeline.clarifications,
        extended: timeline.extended,
        ..case.request.clone()
    })
}

/// The reference of a letter. To people outside, that there is an access request is nobody's business:
/// a numbered case keeps its number, one with a name of its own is told by a digest.
fn reference(kind: LetterKind, case: &str) -> String {
    if !kind.to().is_outsider() {
        return case.to_owned();
    }
    let numbered = case.strip_prefix("SAR-").filter(|rest| {
        rest.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    match numbered {
        Some(number) => number.to_owned(),
        None => sha256(case.as_bytes()).chars().take(8).collect(),
    }
}

/// What a right asks for, to follow "Your request".
fn right(right: Right) -> &'static str {
    match right {
        Right::Access => "for the personal data we hold about you",
        Right::Erasure => "to have your personal data erased",
        Right::Portability => "to receive your personal data in a form that a machine can read",
        Right::Objection => "that we stop using your personal data",
        Right::Rectification => "to have your personal data corrected",
    }
}

/// What happened since the request was received, in sentences.
fn course(request: &Request) -> String {
    let mut course = String::new();
    if let Some(came) = request.identity.and_then(|wait| wait.answered) {
        course.push_str(&format!(" We had what shows who you are on {}.", written(came)));
    }
    if let Some(came) = request.fee.and_then(|wait| wait.answered) {
        course.push_str(&format!(" The fee was paid on {}.", written(came)));
    }
    for wait in &request.clarifications {
        course.push_str(&format!(" We asked you a question on {}", written(wait.asked)));
        if let Some(answered) = wait.answered {
            course.push_str(&format!(", and had your answer on {}", written(answered)));
        }
        course.push('.');
    }
    if let Some(told) = request.extended {
        course.push_str(&format!(" We told you on {} that we need more time.", written(told)));
    }
    course
}

/// Where the requester is written to: the postal address that is theirs now, else an e-mail address.
fn address(request: &Request) -> String {
    let of = |kind: Kind| {
        let mut now = request.subject.identifiers.iter().filter(|one| one.kind == kind);
        now.find(|one| one.held.to.is_none()).map(|one| place(one.value.reveal()))
    };
    of(Kind::Address).or_else(|| of(Kind::Email)).unwrap_or_default()
}

/// An address as it stands above a letter: a postal one in lines.
fn place(address: &str) -> String {
    if address.contains('@') && !address.contains(char::is_whitespace) {
        return format!("By e-mail: {address}");
    }
    let lines = address.split([',', '\n']).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
