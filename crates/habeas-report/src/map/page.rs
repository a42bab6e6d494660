//! The map as a page that opens anywhere, offline: no script, no address, its style pinned by digest.

use std::collections::BTreeMap;
use std::fmt::Write;

use habeas_law::written;
use habeas_model::Kind;

use super::picture::{ages, bars, shade};
use super::places::KINDS;
use super::{Change, Folder, Map, Remark, RemarkKind, SourceMap, Whose};
use crate::html::{escape, foot, head, short};
use crate::{Declared, count, counted, kind_title, taxonomies};

/// So many remarks of one kind are printed; the others are counted, and in the map's JSON.
const MOST_REMARKS: usize = 40;
/// So many changes are printed; the others are counted.
const MOST_CHANGES: usize = 200;

/// What is shown beside the map itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Since<'a> {
    /// The name of the earlier map, and what is otherwise.
    pub drift: Option<(&'a str, &'a [Change])>,
    /// A sentence, where an earlier map was asked for and could not be had.
    pub trouble: Option<&'a str>,
}

/// The map as an HTML page with pictures.
pub fn page(map: &Map, declared: &Declared, since: Since<'_>) -> String {
    let title = match map.controller.name.as_str() {
        "" => "Data map".to_owned(),
        name => format!("Data map: {name}"),
    };
    let mut out = head(&title);
    let _ = writeln!(
        out,
        "<h1>{}</h1><p class=\"soft\">What is held where, as it was found on disk. Ages are counted from {}. \
         Made with {}.</p>",
        escape(&title),
        written(map.date),
        escape(&map.software)
    );
    tiles(&mut out, map);
    drift(&mut out, since);
    kinds(&mut out, map);
    whose(&mut out, map);
    old(&mut out, map, declared);
    remarks(&mut out, &map.remarks);
    activities(&mut out, map, declared);
    readers(&mut out, map);
    folders(&mut out, map);
    footer(&mut out, map);
    out.push_str(foot());
    out
}

fn tiles(out: &mut String, map: &Map) {
    let total = map.total();
    let special: u64 = total.special.values().sum();
    let open = total.access.as_ref().map_or(0, |access| access.for_everybody);
    let personal = map.sources.iter().filter(|source| source.holds.is_personal()).count();
    out.push_str("<ul class=\"tiles\">");
    for (n, what, is_bad) in [
        (personal as u64, "sources with personal data", false),
        (total.items, "items read", false),
        (total.hits(), "identifiers found", false),
        (special, "passages with special terms", false),
        (total.ages.overdue, "records kept too long", total.ages.overdue > 0),
        (open, "files open to every account", open > 0),
        (total.unread, "items that could not be read", total.unread > 0),
    ] {
        let class = if is_bad { " class=\"bad\"" } else { "" };
        let _ = write!(out, "<li{class}><b>{}</b><span>{what}</span></li>", count(n));
    }
    out.push_str("</ul>\n");
    if !map.remarks.is_empty() {
        let n = counted(map.remarks.len() as u64, "thing", "things");
        let _ = writeln!(out, "<p><a href=\"#look\">{n} to look at</a></p>");
    }
}

fn drift(out: &mut String, since: Since<'_>) {
    if let Some(trouble) = since.trouble {
        let _ = writeln!(out, "<h2>Since the earlier map</h2><p>{}</p>", escape(trouble));
    }
    let Some((name, changes)) = since.drift else { return };
    let _ = write!(out, "<h2>Since {}</h2>", escape(name));
    if changes.is_empty() {
        out.push_str("<p>Nothing is otherwise.</p>\n");
        return;
    }
    let _ = write!(
        out,
        "<p>{}.</p><div class=\"wide\"><table><thead><tr><th>Where</th><th>What</th><th class=\"n\">Before</th>\
         <th class=\"n\">Now</th></tr></thead><tbody>",
        counted(changes.len() as u64, "figure is otherwise", "figures are otherwise")
    );
    for change in changes.iter().take(MOST_CHANGES) {
        let place = change.source.as_ref().map_or_else(String::new, ToString::to_string);
        let _ = write!(
            out,
            "<tr><td class=\"path\">{}{}{}</td><td class=\"path\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escape(&place),
            if change.folder.is_empty() { "" } else { ":" },
            escape(&change.folder),
            escape(&change.text),
            count(change.before),
            count(change.now)
        );
    }
    out.push_str("</tbody></table></div>");
    if changes.len() > MOST_CHANGES {
        let _ = write!(
            out,
            "<p class=\"note\">{} more are in changes.json.</p>",
            count((changes.len() - MOST_CHANGES) as u64)
        );
    }
    out.push('\n');
}

/// Columns of a table of sources that belong together, with a cell for each source.
struct Group {
    title: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<u64>>,
}

/// A table of sources against things counted, each group of columns shaded by how much.
fn heat(out: &mut String, map: &Map, caption: &str, groups: &[Group]) {
    let _ = write!(
        out,
        "<div class=\"wide\"><table class=\"heat\" aria-label=\"{}\"><thead><tr class=\"group\"><td></td>",
        escape(caption)
    );
    for (at, group) in groups.iter().enumerate() {
        let gap = if at > 0 { "<td class=\"gap\"></td>" } else { "" };
        let n = group.columns.len();
        let _ = write!(out, "{gap}<th scope=\"colgroup\" colspan=\"{n}\">{}</th>", group.title);
    }
    out.push_str("</tr><tr><td></td>");
    for (at, group) in groups.iter().enumerate() {
        out.push_str(if at > 0 { "<td class=\"gap\"></td>" } else { "" });
        for column in &group.columns {
            let _ = write!(out, "<th scope=\"col\"><span>{}</span></th>", escape(column));
        }
    }
    out.push_str("</tr></thead><tbody>");
    let most = |group: &Group| group.rows.iter().flatten().max().copied().unwrap_or(0);
    for (row, source) in map.sources.iter().enumerate() {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", escape(&source.title));
        for (at, group) in groups.iter().enumerate() {
            out.push_str(if at > 0 { "<td class=\"gap\"></td>" } else { "" });
            for n in group.rows.get(row).into_iter().flatten() {
                let shown = if *n == 0 { "·".to_owned() } else { short(*n) };
                let shade = shade(*n, most(group));
                let _ = write!(out, "<td class=\"h{shade}\" title=\"{}\">{shown}</td>", count(*n));
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>\n");
}

/// Identifiers, and terms of special categories, by source.
fn kinds(out: &mut String, map: &Map) {
    out.push_str(
        "<h2>Which data, and where</h2><p class=\"note\">How often each kind of identifier stands in a source, and in \
         how many passages a word of a special category does: a sign, and no proof. Copies are included. Rest the \
         pointer on a cell for the full number; places.csv has every folder.</p>",
    );
    let total = map.total();
    let there: Vec<Kind> =
        KINDS.iter().copied().filter(|kind| total.kinds.contains_key(kind)).collect();
    let lists: Vec<_> =
        taxonomies().iter().filter(|list| total.special.contains_key(list.name)).collect();
    let mut groups = vec![Group {
        title: "Identifiers",
        columns: there.iter().map(|kind| kind_title(*kind).to_owned()).collect(),
        rows: rows(map, |source| {
            let of = |kind: &Kind| source.holds.kinds.get(kind).map_or(0, |amount| amount.hits);
            there.iter().map(of).collect()
        }),
    }];
    if !lists.is_empty() {
        groups.push(Group {
            title: "Special terms",
            columns: lists.iter().map(|list| list.title.clone()).collect(),
            rows: rows(map, |source| {
                let of = |name| source.holds.special.get(name).copied().unwrap_or_default();
                lists.iter().map(|list| of(list.name)).collect()
            }),
        });
    }
    heat(out, map, "Identifiers and special terms by source", &groups);
    if !lists.is_empty() {
        out.push_str("<details><summary>Where the words come from</summary><ul>");
        for list in lists {
            let _ = write!(
                out,
                "<li><b>{}</b>: {}. {}</li>",
                escape(&list.title),
                escape(&list.authority),
                escape(&list.source)
            );
        }
        out.push_str("</ul></details>\n");
    }
}

fn rows(map: &Map, cells: impl Fn(&SourceMap) -> Vec<u64>) -> Vec<Vec<u64>> {
    map.sources.iter().map(cells).collect()
}

fn whose(out: &mut String, map: &Map) {
    out.push_str(
        "<h2>Whose it is</h2><p class=\"note\">Passages (rows, messages, pages, paragraphs) that name somebody, by \
         what columns of known exports, addresses, dates of birth and words tell of them. A passage may name \
         several.</p><ul class=\"key\">",
    );
    for (number, whose) in Whose::ALL.iter().enumerate() {
        let _ = write!(out, "<li><i class=\"w{}\"></i>{}</li>", number + 1, whose.title());
    }
    let _ = writeln!(out, "</ul>{}", bars(map));
    out.push_str("<details><summary>The numbers</summary>");
    let group = Group {
        title: "Passages that name them",
        columns: Whose::ALL.iter().map(|whose| whose.title().to_owned()).collect(),
        rows: rows(map, |source| {
            let of = |whose: &Whose| source.holds.whose.get(whose).copied().unwrap_or_default();
            Whose::ALL.iter().map(of).collect()
        }),
    };
    heat(out, map, "Passages by source and whose they are", &[group]);
    out.push_str("</details>\n");
}

fn old(out: &mut String, map: &Map, declared: &Declared) {
    out.push_str(
        "<h2>How old it is</h2><p class=\"note\">Records by year: the darker, the more. The upright line is the day \
         before which the declared period has ended. A record that states no date counts by its file.</p>",
    );
    out.push_str(&ages(map, declared));
    out.push_str(
        "<details><summary>The numbers</summary><div class=\"wide\"><table><thead><tr><th>Source</th><th>Oldest</th>\
         <th>Newest</th><th class=\"n\">Records</th><th class=\"n\">Dated by file</th><th>Kept for</th>\
         <th class=\"n\">Kept too long</th></tr></thead><tbody>",
    );
    for source in &map.sources {
        let ages = &source.holds.ages;
        let day =
            |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |it| it.to_string());
        let activity = declared.activities.iter().find(|it| it.name == source.activity);
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            escape(&source.title),
            day(ages.oldest),
            day(ages.newest),
            count(ages.records),
            count(ages.by_file),
            escape(activity.map_or("", |activity| &activity.keep)),
            count(ages.overdue)
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}

fn remarks(out: &mut String, remarks: &[Remark]) {
    out.push_str("<h2 id=\"look\">What to look at</h2>");
    if remarks.is_empty() {
        out.push_str("<p>Nothing: all that was found is declared.</p>\n");
        return;
    }
    let mut by_kind: BTreeMap<RemarkKind, Vec<&Remark>> = BTreeMap::new();
    for remark in remarks {
        by_kind.entry(remark.kind).or_default().push(remark);
    }
    out.push_str("<ul class=\"remarks\">");
    for (kind, these) in by_kind {
        let class = if kind <= RemarkKind::UndeclaredStore { " class=\"hot\"" } else { "" };
        let _ =
            write!(out, "<li{class}><h3>{} ({})</h3><ul>", kind.title(), count(these.len() as u64));
        for remark in these.iter().take(MOST_REMARKS) {
            let _ = write!(out, "<li>{}</li>", escape(&remark.text));
        }
        out.push_str("</ul>");
        if these.len() > MOST_REMARKS {
            let n = (these.len() - MOST_REMARKS) as u64;
            let _ = write!(out, "<p class=\"note\">{} more are in map.json.</p>", count(n));
        }
        let advice = these.first().map_or("", |remark| &remark.advice);
        let _ = write!(out, "<div class=\"do\">To do: {}.</div></li>", escape(advice));
    }
    out.push_str("</ul>\n");
}

fn activities(out: &mut String, map: &Map, declared: &Declared) {
    out.push_str(
        "<h2>Against what is declared</h2><p class=\"note\">The record of processing is beside this page as \
         ropa.xlsx, ropa.csv and ropa.json.</p><div class=\"wide\"><table><thead><tr><th>Activity</th>\
         <th>Declared data</th><th>Found in</th><th>Kept for</th><th>Recipients</th></tr></thead><tbody>",
    );
    for activity in &declared.activities {
        let sources = map.sources.iter().filter(|source| source.activity == activity.name);
        let titles: Vec<&str> = sources.map(|source| source.title.as_str()).collect();
        let found = if titles.is_empty() { "no source".to_owned() } else { titles.join(", ") };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&activity.name),
            escape(&activity.categories.join("; ")),
            escape(&found),
            escape(&activity.retention),
            escape(&activity.recipients.join("; "))
        );
    }
    out.push_str("</tbody></table></div>\n");
}

fn readers(out: &mut String, map: &Map) {
    out.push_str(
        "<h2>Who could read it</h2><p class=\"note\">What the mode of each file says now. Folders above may close a \
         file, and access lists or the rules of a share may open it: neither is looked at.</p>\
         <div class=\"wide\"><table><thead><tr><th>Source</th><th class=\"n\">Files</th>\
         <th class=\"n\">Open to every account</th><th>Open to groups</th><th>Owners</th></tr></thead><tbody>",
    );
    let names = |names: &BTreeMap<String, u64>| {
        let all: Vec<String> =
            names.iter().map(|(name, n)| format!("{} ({})", escape(name), count(*n))).collect();
        all.join(", ")
    };
    for source in &map.sources {
        match &source.holds.access {
            Some(access) => {
                let _ = write!(
                    out,
                    "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>",
                    escape(&source.title),
                    count(access.files),
                    count(access.for_everybody),
                    names(&access.groups),
                    names(&access.owners)
                );
            }
            None => {
                let _ = write!(
                    out,
                    "<tr><td>{}</td><td colspan=\"4\">not known</td></tr>",
                    escape(&source.title)
                );
            }
        }
    }
    out.push_str("</tbody></table></div>\n");
}

/// Every folder, source by source.
fn folders(out: &mut String, map: &Map) {
    let _ = write!(
        out,
        "<h2>Every folder</h2><p class=\"note\">Down to {} below a source; what lies deeper counts where it lies.</p>",
        counted(map.depth as u64, "level", "levels")
    );
    for source in &map.sources {
        let these: Vec<&Folder> =
            map.folders.iter().filter(|folder| folder.source == source.name).collect();
        let _ = write!(
            out,
            "<details><summary>{} <span>{}, {}, {} different e-mail addresses, {} different names{}</span></summary>",
            escape(&source.title),
            counted(these.len() as u64, "folder", "folders"),
            counted(source.holds.items, "item", "items"),
            count(source.different.get(&Kind::Email).copied().unwrap_or_default()),
            count(source.different.get(&Kind::Name).copied().unwrap_or_default()),
            match source.scanned {
                Some(day) => format!(", scanned {day}"),
                None => ", not scanned to its end".to_owned(),
            }
        );
        out.push_str(
            "<div class=\"wide\"><table><thead><tr><th>Folder</th><th class=\"n\">Items</th><th class=\"n\">Unread</th>\
             <th>Oldest</th><th>Newest</th><th>Identifiers</th><th>Special terms</th></tr></thead><tbody>",
        );
        for folder in these {
            row(out, folder);
        }
        out.push_str("</tbody></table></div></details>\n");
    }
}

fn row(out: &mut String, folder: &Folder) {
    let holds = &folder.holds;
    let mut kinds: Vec<(u64, Kind)> =
        holds.kinds.iter().map(|(kind, amount)| (amount.hits, *kind)).collect();
    kinds.sort_by_key(|(n, kind)| (std::cmp::Reverse(*n), *kind));
    let kinds: Vec<String> = kinds
        .iter()
        .map(|(n, kind)| format!("{} {}", count(*n), kind.as_str().replace('_', " ")))
        .collect();
    let special: Vec<String> =
        holds.special.iter().map(|(list, n)| format!("{} {list}", count(*n))).collect();
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |it| it.to_string());
    let path = if folder.path.is_empty() { "(the source’s own)" } else { &folder.path };
    let _ = write!(
        out,
        "<tr><td class=\"path\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>",
        escape(path),
        count(holds.items),
        count(holds.unread),
        day(holds.ages.oldest),
        day(holds.ages.newest),
        kinds.join(", "),
        special.join(", ")
    );
}

fn footer(out: &mut String, map: &Map) {
    let scanned = map.sources.iter().filter_map(|source| source.scanned);
    let first = scanned.clone().min().map_or_else(|| "never".to_owned(), |day| day.to_string());
    let last = scanned.max().map_or_else(|| "never".to_owned(), |day| day.to_string());
    let _ = write!(
        out,
        "<footer>Sources were last scanned between {first} and {last}. Counts come from recognisers, which may miss \
         or mistake; paths may name people. No content of any item is on this page. It loads nothing and runs \
         nothing.</footer>"
    );
}
