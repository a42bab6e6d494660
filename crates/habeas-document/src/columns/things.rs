//! Is a column that is called `name` of people, or of places, products and other things?
//!
//! A list of rooms has `id` and `name` as a list of patients has. Another column tells, or else
//! the values do; in doubt they are text, in which people are found as in any other.

use std::collections::HashSet;

use habeas_model::{Meaning, Party};

use super::{Column, is_personal};
use crate::shape;

/// Words of places, houses and goods, of which hardly any is in the names of most of a list of
/// people.
const WORDS: &str = "clinic clinics hospital surgery centre center street road lane avenue house room \
     ward theatre bed ltd limited plc inc llp gmbh group service services school college \
     university council trust department office branch store shop bank bar hotel park station \
     building site floor north south east west upper lower product cream gel lotion tablet \
     tablets capsule kit pack set small medium large treatment consultation session lesson \
     course class plan package membership voucher deposit fee test scan report form list \
     category type status pending active general standard basic premium other unknown \
     city town county region district island republic kingdom states";

/// Captions of what only people have, beside those whose meaning tells.
const OF_PEOPLE: &[&str] = &[
    "age",
    "gender",
    "sex",
    "salutation",
    "nationality",
    "ethnicity",
    "occupation",
    "jobtitle",
    "maritalstatus",
    "relationship",
    "relation",
    "nextofkin",
    "signature",
    "height",
    "weight",
];

/// Takes a lone `name` for a name only where something else says that it is of people.
pub(super) fn doubt_names<'v, V>(columns: &mut [Column], values: impl Fn(usize) -> V)
where
    V: Iterator<Item = &'v str>,
{
    let plain = |column: &Column| -> String {
        let letters = column.caption.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    if columns.iter().any(|column| is_of_person(column, &plain(column))) {
        return;
    }
    for (index, column) in columns.iter_mut().enumerate() {
        if column.meaning == Some(Meaning::Name)
            && plain(column) == "name"
            && !are_names(values(index))
        {
            (column.meaning, column.party) = (Some(Meaning::Text), Party::Unknown);
        }
    }
}

/// Does a column say that its rows are of people? One called `name` does not by itself.
fn is_of_person(column: &Column, plain: &str) -> bool {
    use Meaning as M;
    match column.meaning {
        Some(M::Name) => plain != "name",
        // A machine has an address and an id too.
        Some(M::Ip | M::Device) => OF_PEOPLE.contains(&plain),
        Some(meaning) if is_personal(meaning) => true,
        _ => OF_PEOPLE.contains(&plain),
    }
}

/// Do most values look like names of people? Where there is no value, nothing speaks against it.
fn are_names<'v>(values: impl Iterator<Item = &'v str>) -> bool {
    let things: HashSet<&str> = WORDS.split_whitespace().collect();
    let (mut n_all, mut n_names) = (0_usize, 0_usize);
    for value in values.map(str::trim).filter(|value| !value.is_empty()) {
        n_all += 1;
        // Scripts without capitals do not tell names from other words.
        let has_no_capitals =
            value.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase());
        let is_thing = value
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| things.contains(word.to_lowercase().as_str()));
        n_names += usize::from(has_no_capitals || shape::is_like_a_name(value) && !is_thing);
    }
    n_names * 10 >= n_all * 6
}

#[cfg(test)]
mod tests {
    use super::super::of_table;
    use super::*;

    /// What the column `name` is, and whose, beside others, each with its values.
    fn check_name(columns: &[(&str, &[&str])], expected: (Meaning, Party)) {
        let captions: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let found = of_table(&captions, |index| columns[index].1.iter().copied());
        let name = found.iter().find(|column| column.caption == "name").unwrap();
        assert_eq!((name.meaning.unwrap(), name.party), expected, "{columns:?}");
    }

    #[test]
    fn a_name_is_a_persons_where_something_says_so() {
        let person = (Meaning::Name, Party::Principal);
        let thing = (Meaning::Text, Party::Unknown);
        let ids: (&str, &[&str]) = ("id", &["1", "2", "3"]);
        check_name(&[ids, ("name", &["Amara Lind", "Bo Ek", "Zoe Low"])], person);
        check_name(&[ids, ("name", &["Leeds", "York", "Hull"])], thing);
        check_name(&[ids, ("name", &["Leeds Clinic", "York Clinic", "Zoe Low House"])], thing);
        check_name(&[ids, ("name", &["cotton swab", "Gel 50 ml", "Large Plaster"])], thing);
        check_name(&[ids, ("name", &["小林", "山田", "佐藤"])], person);
        check_name(&[ids, ("name", &[])], person);
        check_name(&[("name", &["Amara", "Bo"]), ("email", &["a@example.org"])], person);
        check_name(&[("name", &["Amara", "Bo"]), ("surname", &["Lind", "Ek"])], person);
        check_name(&[("name", &["Amara", "Bo"]), ("age", &["5", "7"])], person);
        check_name(&[("name", &["Amara", "Bo"]), ("dob", &["1985-04-12"])], person);
    }
}
