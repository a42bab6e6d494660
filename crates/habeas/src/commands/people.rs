//! `habeas people`: everybody else in what would be given, and who of them is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use habeas_bundle::{Organisation, is_role_label};
use habeas_case::{Case, Prospect, Register, open_doubts, prospect, same_words};
use habeas_document::Budget;
use habeas_index::Estate;
use habeas_ingest::{Eyes, anew};
use habeas_match::Setting;
use habeas_model::{ItemId, Listed, Place, Policy, ShowGround, Treatment};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::bundle::{organisation, places};
use crate::cli::PeopleArguments;
use crate::estate::Home;
use crate::failure::{End, Failure, shown};
use crate::say;

/// Lists other people, their places or what is in doubt; or decides about one of them.
pub fn run(home: &Home, arguments: &PeopleArguments, json: bool) -> Result<End, Failure> {
    let register = Register::open(&home.root).map_err(Failure::stopped)?;
    let case = register.get(&arguments.case).map_err(Failure::of_case)?;
    if let Some(number) = arguments.set {
        return decide(home, &case, number, arguments, json);
    }
    if let Some(number) = arguments.places {
        return print_places(home, &case, number, json);
    }
    let (people, policies, n_unread) = list(home, &case)?;
    if arguments.doubts {
        print_doubts(&case, &people, &policies, json);
    } else {
        print(&case, &people, &policies, json);
    }
    if n_unread > 0 {
        let n = say::counted(n_unread as u64, "item", "items");
        say::talk(&format!("{n} to be given could not be looked at; `habeas bundle` names them"));
        return Ok(End::Exceptions);
    }
    Ok(End::Done)
}

/// Looks at everybody else in what would be given, telling how many items of how many were read.
pub fn everybody(
    home: &Home,
    case: &Case,
    at: &dyn Fn(u64, u64),
) -> Result<habeas_bundle::Everybody, Failure> {
    let looking = Looking::new(home)?;
    let prospect = prospect(case).map_err(Failure::stopped)?;
    let n_items = prospect.disclosures.len() as u64;
    let n_read = std::cell::Cell::new(0);
    at(0, n_items);
    let step = || {
        n_read.set(n_read.get() + 1);
        at(n_read.get(), n_items);
    };
    let defaults = home.config.redaction.defaults();
    looking.access(&step, |estate| {
        let (setting, organisation) = (&looking.setting, &looking.organisation);
        habeas_bundle::everybody(&prospect, estate, setting, organisation, defaults)
    })
}

/// Everybody else in what would be given, with every decision about them, and how many items could not
/// be looked at.
pub fn list(home: &Home, case: &Case) -> Result<(Vec<Listed>, Vec<Policy>, usize), Failure> {
    let prospect = prospect(case).map_err(Failure::stopped)?;
    let (found, n_unread) = Looking::new(home)?.people(home, &prospect)?;
    let people = case.list_people(found).map_err(Failure::stopped)?;
    Ok((people, prospect.policies, n_unread))
}

/// What it takes to read what would be given again.
struct Looking {
    estate: Estate,
    setting: Setting,
    budget: Budget,
    eyes: Option<Arc<Eyes>>,
    organisation: Organisation,
}

impl Looking {
    fn new(home: &Home) -> Result<Self, Failure> {
        let estate = home.open()?;
        Ok(Self {
            setting: home.setting(&estate)?,
            estate,
            budget: home.config.budget(&home.root)?,
            eyes: home.config.eyes().ok(),
            organisation: organisation(&home.config)?,
        })
    }

    /// Calls `with` with access to the estate.
    fn with<T>(
        &self,
        prospect: &Prospect,
        with: impl FnOnce(&habeas_bundle::Estate<'_>) -> Result<T, habeas_bundle::Error>,
    ) -> Result<T, Failure> {
        let bar = say::bar("people");
        bar.set_length(prospect.disclosures.len() as u64);
        let result = self.access(&|| bar.inc(1), with);
        bar.finish_and_clear();
        result
    }

    /// Calls `with` with access to the estate, and `step` for every item that is read.
    fn access<T>(
        &self,
        step: &dyn Fn(),
        with: impl FnOnce(&habeas_bundle::Estate<'_>) -> Result<T, habeas_bundle::Error>,
    ) -> Result<T, Failure> {
        let read = |item: &ItemId| {
            step();
            anew(&self.estate, item, |file, path| {
                habeas_ingest::read_words(file, path, item, &self.budget, self.eyes.clone())
            })
        };
        let places = |item: &ItemId| places(&self.estate, item);
        // Who is named shows in the text; how pages look does not matter.
        let access = habeas_bundle::Estate {
            read: &read,
            pages: &|_, _| {},
            eyes: None,
            places: &places,
            means: habeas_bundle::Means::default(),
        };
        with(&access).map_err(Failure::stopped)
    }

    fn people(&self, home: &Home, prospect: &Prospect) -> Result<(Vec<Listed>, usize), Failure> {
        let defaults = home.config.redaction.defaults();
        self.with(prospect, |estate| {
            habeas_bundle::people(prospect, estate, &self.setting, &self.organisation, defaults)
        })
    }

    fn places_of(
        &self,
        home: &Home,
        person: &Listed,
        prospect: &Prospect,
    ) -> Result<Vec<habeas_bundle::Named>, Failure> {
        let (setting, organisation) = (&self.setting, &self.organisation);
        let defaults = home.config.redaction.defaults();
        let person = &person.person;
        self.with(prospect, |estate| {
            habeas_bundle::places_of(person, prospect, estate, setting, organisation, defaults)
        })
    }
}

/// The person of that number in the list that was printed last.
fn numbered(case: &Case, number: u32) -> Result<Listed, Failure> {
    let people = case.people().map_err(Failure::stopped)?;
    people.into_iter().find(|person| person.number == number).ok_or_else(|| {
        Failure::usage(format!("there is no person {number} in the list"))
            .hint(format!("list them with `habeas people {}`", case.id))
    })
}

/// Records what the flags say about a person.
fn decide(
    home: &Home,
    case: &Case,
    number: u32,
    arguments: &PeopleArguments,
    json: bool,
) -> Result<End, Failure> {
    let treatment = treatment(arguments)?;
    let reason = arguments.reason.clone().unwrap_or_default();
    let needs_reason =
        matches!(treatment, Treatment::Show(ShowGround::Consent | ShowGround::Reasonable));
    if needs_reason && reason.trim().is_empty() {
        return Err(Failure::usage("this ground needs a reason")
            .hint("say who agreed and when, or why it is reasonable, with `--reason \"…\"`"));
    }
    let role_label = arguments.role_label.clone().unwrap_or_default();
    if !role_label.is_empty() && !is_role_label(&role_label) {
        return Err(Failure::usage("this cannot stand on a label").hint(
            "write one or two words in lower case, at most 20 letters, such as `colleague`",
        ));
    }
    let person = numbered(case, number)?;
    let (item, place) = match &arguments.item {
        None => (None, None),
        Some(item) => {
            let found = named_at(home, case, &person, item, arguments.place.as_deref())?;
            (Some(found.0), found.1)
        }
    };
    let policy = Policy {
        person: person.person.clone(),
        treatment,
        role_label,
        item,
        place,
        reason,
        by: arguments.by.clone().or_else(|| std::env::var("USER").ok()).unwrap_or_default(),
        at: Timestamp::now(),
    };
    case.set_policies(std::slice::from_ref(&policy)).map_err(Failure::stopped)?;
    let same = same_words(&person, &case.people().map_err(Failure::stopped)?);
    if json {
        let mut data = as_json(case, number, &policy);
        data["same_words"] = json!(same);
        say::json(&json!({"type": "policy", "data": data}));
    } else {
        say::result(&format!("{}: person {number}: {}", case.id, in_words(&policy)));
        if !same.is_empty() && !matches!(treatment, Treatment::TakeOut | Treatment::Default) {
            say::result(&format!(
                "the same words are also person {}'s, and go out wherever that person is taken out",
                listed(&same)
            ));
        }
        say::result("it takes effect with the next `habeas bundle`");
    }
    Ok(End::Done)
}

fn treatment(arguments: &PeopleArguments) -> Result<Treatment, Failure> {
    if arguments.nobody {
        return Ok(Treatment::Nobody);
    }
    let ground = arguments.ground.as_deref().map(|text| {
        ShowGround::parse(text).ok_or_else(|| {
            Failure::usage(format!("`{text}` is not a ground"))
                .hint("write consent, reasonable, professional, staff or known")
        })
    });
    let ground = ground.transpose()?;
    // Saying only a label leaves a person taken out.
    let policy = match &arguments.policy {
        None if arguments.role_label.is_some() => "take-out",
        None => {
            return Err(Failure::usage("what is decided?")
                .hint("say `--policy show --ground …`, `--policy take-out` or `--nobody`"));
        }
        Some(policy) => policy,
    };
    match (policy, ground) {
        ("show", Some(ground)) => Ok(Treatment::Show(ground)),
        ("show", None) => Err(Failure::usage("on which ground is somebody else shown?")
            .hint("say `--ground consent`, reasonable, professional, staff or known")),
        ("take-out" | "default", Some(_)) => {
            Err(Failure::usage("a ground is for who is shown").hint("leave `--ground` out"))
        }
        ("take-out", None) => Ok(Treatment::TakeOut),
        ("default", None) => Ok(Treatment::Default),
        (other, _) => Err(Failure::usage(format!("`{other}` is not a policy"))
            .hint("write show, take-out or default")),
    }
}

/// The item, and the place in it, where the person is named: a decision about anything else would have
/// no effect.
fn named_at(
    home: &Home,
    case: &Case,
    person: &Listed,
    item: &str,
    place: Option<&str>,
) -> Result<(ItemId, Option<Place>), Failure> {
    let mut prospect = prospect(case).map_err(Failure::stopped)?;
    prospect.disclosures.retain(|disclosure| disclosure.item.to_string().starts_with(item));
    let item = match prospect.disclosures.as_slice() {
        [one] => one.item,
        [] => {
            return Err(Failure::usage("nothing that would be given has that id")
                .hint(format!("list places with `habeas people {} --places NUMBER`", case.id)));
        }
        several => {
            return Err(Failure::usage(format!("{} items begin so", several.len()))
                .hint("write more of the item's id"));
        }
    };
    let all = Looking::new(home)?.places_of(home, person, &prospect)?;
    let there = all.iter().find(|named| place.is_none_or(|it| named.place.to_string() == it));
    match there {
        Some(named) => Ok((item, place.map(|_| named.place.clone()))),
        None => Err(Failure::usage("this person is not named there").hint(format!(
            "list places with `habeas people {} --places {}`",
            case.id, person.number
        ))),
    }
}

/// The last decision of each reach about a person: on the person first, then items and places.
fn decisions<'a>(person: &Listed, policies: &'a [Policy]) -> Vec<&'a Policy> {
    let mut last: BTreeMap<(Option<ItemId>, Option<&Place>), &Policy> = BTreeMap::new();
    for policy in policies.iter().filter(|policy| policy.person == person.person) {
        last.insert((policy.item, policy.place.as_ref()), policy);
    }
    last.into_values().filter(|policy| policy.treatment != Treatment::Default).collect()
}

/// `6`, `6 and 8`, `6, 8 and 9`.
fn listed(numbers: &[u32]) -> String {
    let all: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.concat(),
    }
}

fn in_words(policy: &Policy) -> String {
    let mut words = match policy.treatment {
        Treatment::Show(ground) => format!("shown: {ground} [{}]", ground.code()),
        Treatment::TakeOut => "taken out".to_owned(),
        Treatment::Nobody => "nobody".to_owned(),
        Treatment::Default => "as the configuration says".to_owned(),
    };
    if !policy.role_label.is_empty() {
        words.push_str(&format!(", labelled {}", policy.role_label));
    }
    if let Some(item) = policy.item {
        words.push_str(&format!(", in item {}", item.short()));
    }
    if let Some(place) = &policy.place {
        words.push_str(&format!(", {place}"));
    }
    words
}

fn as_json(case: &Case, number: u32, policy: &Policy) -> Value {
    let ground = match policy.treatment {
        Treatment::Show(ground) => Some(ground),
        _ => None,
    };
    let treatment = match policy.treatment {
        Treatment::Show(_) => "show",
        Treatment::TakeOut => "take-out",
        Treatment::Nobody => "nobody",
        Treatment::Default => "default",
    };
    json!({"case": case.id.to_string(), "number": number, "policy": treatment, "ground": ground,
           "code": ground.map(ShowGround::code), "role_label": policy.role_label,
           "item": policy.item, "place": policy.place, "reason": policy.reason, "by": policy.by,
           "at": policy.at})
}

fn print(case: &Case, people: &[Listed], policies: &[Policy], json: bool) {
    let mut n_named = 0;
    for person in people {
        let decided = decisions(person, policies);
        let n_doubts = open_doubts(person, policies).count() as u64;
        let same = same_words(person, people);
        if json {
            let decided: Vec<Value> =
                decided.iter().map(|policy| as_json(case, person.number, policy)).collect();
            say::json(&json!({"type": "person", "data": {
                "case": case.id.to_string(), "number": person.number, "written": person.written,
                "roles": person.roles, "n_places": person.n_places, "n_items": person.n_items,
                "n_shown": person.n_shown, "n_in_doubt": n_doubts, "same_words": same,
                "decisions": decided}}));
            continue;
        }
        // Whoever is not found any more is of interest only with a decision.
        if person.n_places == 0 && decided.is_empty() {
            continue;
        }
        let whole = decided.iter().find(|policy| policy.item.is_none());
        let is_nobody = whole.is_some_and(|policy| policy.treatment == Treatment::Nobody);
        n_named += u64::from(person.n_places > 0 && !is_nobody);
        let written: Vec<String> =
            person.written.iter().map(|words| shown(&words.reveal().replace('\n', " "))).collect();
        let roles: Vec<String> = person.roles.iter().map(ToString::to_string).collect();
        say::result(&format!(
            "{:>4}  {}  ({})",
            person.number,
            written.join("; "),
            roles.join(", ")
        ));
        let places = match person.n_places {
            0 => "not found any more".to_owned(),
            n => format!(
                "{} in {}",
                say::counted(n, "place", "places"),
                say::counted(person.n_items, "item", "items")
            ),
        };
        let policy = match whole {
            Some(policy) => in_words(policy),
            None if person.n_shown == person.n_places && person.n_shown > 0 => "shown".to_owned(),
            None if person.n_shown > 0 => {
                format!("shown at {} of them, else taken out", say::count(person.n_shown))
            }
            None => "taken out".to_owned(),
        };
        say::result(&format!("      {places}; {policy}"));
        for policy in decided.iter().filter(|policy| policy.item.is_some()) {
            say::result(&format!("      {}", in_words(policy)));
        }
        if !same.is_empty() {
            say::result(&format!("      the same words as person {}", listed(&same)));
        }
        if n_doubts > 0 {
            let n = say::counted(n_doubts, "mention is", "mentions are");
            say::result(&format!("      {n} in doubt"));
        }
    }
    if json {
        return;
    }
    say::result(&format!(
        "{}: {} in what would be given",
        case.id,
        say::counted(n_named, "other person", "other people")
    ));
    say::result(&format!(
        "next: habeas people {} --set NUMBER --policy show --ground GROUND, or habeas bundle {}",
        case.id, case.id
    ));
}

fn print_doubts(case: &Case, people: &[Listed], policies: &[Policy], json: bool) {
    let mut n = 0;
    for person in people {
        for mention in open_doubts(person, policies) {
            n += 1;
            if json {
                say::json(&json!({"type": "doubt", "data": {
                    "case": case.id.to_string(), "number": person.number,
                    "written": person.written, "item": mention.item, "place": mention.place,
                    "kind": mention.kind, "doubt": mention.doubt}}));
                continue;
            }
            let written = person.written.first().map_or("", |words| words.reveal());
            say::result(&format!(
                "{:>4}  {}: item {}, {}: {}",
                person.number,
                shown(&written.replace('\n', " ")),
                mention.item.short(),
                mention.place,
                mention.doubt
            ));
        }
    }
    if !json {
        say::result(&say::counted(n, "mention waits for a look", "mentions wait for a look"));
    }
}

fn print_places(home: &Home, case: &Case, number: u32, json: bool) -> Result<End, Failure> {
    let person = numbered(case, number)?;
    let looking = Looking::new(home)?;
    let prospect = prospect(case).map_err(Failure::stopped)?;
    let all = looking.places_of(home, &person, &prospect)?;
    for of_place in all.chunk_by(|a, b| (a.item, &a.place) == (b.item, &b.place)) {
        let Some(first) = of_place.first() else { continue };
        let grounds: BTreeSet<_> = of_place.iter().filter_map(|named| named.shown).collect();
        let at = places(&looking.estate, &first.item).into_iter().next();
        let (source, path) = at.unzip();
        if json {
            say::json(&json!({"type": "place", "data": {
                "case": case.id.to_string(), "number": number, "item": first.item,
                "source": source, "path": path, "place": first.place,
                "place_in_words": first.place.to_string(), "n": of_place.len(),
                "grounds": grounds}}));
            continue;
        }
        let grounds: Vec<String> = grounds.iter().map(ToString::to_string).collect();
        let fate = match grounds.as_slice() {
            [] => "taken out".to_owned(),
            grounds => format!("shown: {}", grounds.join(", ")),
        };
        let path = path.map_or_else(String::new, |path| shown(&path.to_string()));
        let source = source.map_or_else(String::new, |source| source.to_string());
        say::result(&format!(
            "item {}, {}  ({} there; {fate})  {source}/{path}",
            first.item.short(),
            first.place,
            of_place.len()
        ));
    }
    Ok(End::Done)
}
