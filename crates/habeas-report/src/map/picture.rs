//! The pictures of a map: drawn by us as SVG, without script, readable in light and dark.

use std::fmt::Write;

use jiff::civil::Date;

use super::{Map, SourceMap, Whose};
use crate::html::{escape, short};
use crate::{Declared, count};

/// Where labels end and pictures begin, and how wide all is.
const LEFT: f64 = 190.0;
const WIDTH: f64 = 1120.0;
const ROW: f64 = 24.0;

/// How many passages each source has of whom: a bar a source.
pub(super) fn bars(map: &Map) -> String {
    let sources: Vec<&SourceMap> =
        map.sources.iter().filter(|source| source.holds.is_personal()).collect();
    let total = |source: &SourceMap| source.holds.whose.values().sum::<u64>();
    let most = sources.iter().map(|source| total(source)).max().unwrap_or(0).max(1);
    let height = ROW * sources.len() as f64 + 8.0;
    let mut svg = open(
        height,
        "Passages with personal data by source, divided by whose it is; the numbers are in the table below",
    );
    for (row, source) in sources.iter().enumerate() {
        let y = row as f64 * ROW + 4.0;
        label(&mut svg, y, &source.title);
        let mut x = LEFT;
        for (number, whose) in Whose::ALL.iter().enumerate() {
            let n = source.holds.whose.get(whose).copied().unwrap_or_default();
            if n == 0 {
                continue;
            }
            let width = (WIDTH - LEFT - 70.0) * n as f64 / most as f64;
            let _ = write!(
                svg,
                r#"<rect class="w{}" x="{x:.1}" y="{:.1}" width="{:.1}" height="15"><title>{}: {} {}</title></rect>"#,
                number + 1,
                y + 2.0,
                width.max(0.8),
                escape(&source.title),
                count(n),
                whose.title()
            );
            x += width.max(0.8);
        }
        let _ = write!(
            svg,
            r#"<text class="t-soft" x="{:.1}" y="{:.1}">{}</text>"#,
            x + 6.0,
            y + 14.0,
            count(total(source))
        );
    }
    svg.push_str("</svg>");
    svg
}

/// How many records each source has of each year, and how long they may be kept.
pub(super) fn ages(map: &Map, declared: &Declared) -> String {
    let sources: Vec<&SourceMap> =
        map.sources.iter().filter(|source| source.holds.ages.records > 0).collect();
    let this_year = map.date.year();
    let years = sources.iter().flat_map(|source| source.holds.ages.years.keys().copied());
    let first = years.clone().min().unwrap_or(this_year).max(this_year - 30);
    let last = years.max().unwrap_or(this_year).clamp(this_year, this_year + 2);
    let n_years = f64::from(last - first + 1);
    let step = ((WIDTH - LEFT - 70.0) / n_years).min(64.0);
    let height = ROW * sources.len() as f64 + 34.0;
    let mut svg = open(
        height,
        "Records by source and year, with the day before which they are kept too long; the numbers are in the table below",
    );
    let at = |year: f64| LEFT + (year - f64::from(first)) * step;
    for year in first..=last {
        if step >= 34.0 || (last - year) % 5 == 0 {
            let _ = write!(
                svg,
                r#"<text class="t-soft" text-anchor="middle" x="{:.1}" y="14">{year}</text>"#,
                at(f64::from(year) + 0.5)
            );
        }
    }
    let most = sources.iter().flat_map(|source| source.holds.ages.years.values()).max();
    let most = most.copied().unwrap_or(1);
    for (row, source) in sources.iter().enumerate() {
        let y = row as f64 * ROW + 22.0;
        label(&mut svg, y, &source.title);
        let _ = write!(
            svg,
            r#"<line class="rule" x1="{LEFT}" x2="{:.1}" y1="{:.1}" y2="{:.1}"/>"#,
            at(f64::from(last) + 1.0),
            y + ROW - 2.0,
            y + ROW - 2.0
        );
        let mut cells = std::collections::BTreeMap::<i16, u64>::new();
        for (year, n) in &source.holds.ages.years {
            *cells.entry((*year).clamp(first, last)).or_default() += n;
        }
        for (year, n) in cells {
            let _ = write!(
                svg,
                r#"<rect class="a{}" x="{:.1}" y="{:.1}" width="{:.1}" height="19" rx="2"><title>{}, {year}: {}</title></rect>"#,
                shade(n, most),
                at(f64::from(year)) + 1.0,
                y,
                step - 2.0,
                escape(&source.title),
                count(n)
            );
        }
        limit(&mut svg, map.date, source, declared, (first, step, y));
        let ages = &source.holds.ages;
        if ages.overdue > 0 {
            let _ = write!(
                svg,
                r#"<text class="t-bad" x="{:.1}" y="{:.1}">{} late</text>"#,
                at(f64::from(last) + 1.0) + 8.0,
                y + 14.0,
                short(ages.overdue)
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A line where records begin to be kept too long.
fn limit(
    svg: &mut String,
    today: Date,
    source: &SourceMap,
    declared: &Declared,
    (first, step, y): (i16, f64, f64),
) {
    let activity = declared.activities.iter().find(|activity| activity.name == source.activity);
    let Some(period) = activity.and_then(|activity| activity.period().ok().flatten()) else {
        return;
    };
    let day = period.before(today);
    let year = f64::from(day.year()) + f64::from(day.day_of_year() - 1) / 366.0;
    let x = LEFT + (year - f64::from(first)) * step;
    if x >= LEFT {
        let _ = write!(
            svg,
            r#"<line class="limit" x1="{x:.1}" x2="{x:.1}" y1="{:.1}" y2="{:.1}"><title>kept {period}: since {day}</title></line>"#,
            y - 1.0,
            y + 20.0
        );
    }
}

/// How dark a cell is, from 0 (nothing) to 5: every step is as many times more as the one before.
pub(super) fn shade(n: u64, most: u64) -> u32 {
    if n == 0 {
        return 0;
    }
    let share = (n as f64).ln_1p() / (most as f64).ln_1p().max(f64::MIN_POSITIVE);
    // From 0 to 1, so it is 1 to 5.
    ((share * 5.0).ceil() as u32).clamp(1, 5)
}

fn open(height: f64, title: &str) -> String {
    format!(
        r#"<svg viewBox="0 0 {WIDTH} {height:.0}" width="{WIDTH}" height="{height:.0}" role="img" aria-label="{}">"#,
        escape(title)
    )
}

fn label(svg: &mut String, y: f64, title: &str) {
    let _ = write!(
        svg,
        r#"<text text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
        LEFT - 10.0,
        y + 14.0,
        escape(&shortened(title))
    );
}

/// A label that has room.
fn shortened(title: &str) -> String {
    if title.chars().count() <= 28 {
        title.to_owned()
    } else {
        title.chars().take(27).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_grow_with_numbers() {
        let shades: Vec<u32> = [0, 1, 20, 400, 9_000].map(|n| shade(n, 10_000)).into();
        assert_eq!(shades[0], 0);
        assert!(shades.windows(2).all(|pair| pair[0] <= pair[1]), "{shades:?}");
        assert_eq!((shade(10_000, 10_000), shade(1, 1)), (5, 5));
    }
}
