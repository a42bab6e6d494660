//! People who do not exist, in families.

use habeas_model::{Identifier, Kind, NameKind, Personal, Subject, SubjectName};
use jiff::civil::{Date, date};

/// A small generator of numbers, the same on every run.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `n`.
    pub(super) fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    /// Is it so, `percent` times in a hundred?
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

pub(super) const WOMEN: &[&str] = &[
    "Jane",
    "Elizabeth",
    "Margaret",
    "Susan",
    "Catherine",
    "Rebecca",
    "Olivia",
    "Emily",
    "Amara",
    "Priya",
    "Fatima",
    "Katarzyna",
    "Maria",
    "Sarah",
    "Charlotte",
    "Jennifer",
    "Hannah",
    "Agnieszka",
    "Chloe",
    "Victoria",
    "Deborah",
];
pub(super) const MEN: &[&str] = &[
    "John",
    "William",
    "Robert",
    "Michael",
    "Thomas",
    "James",
    "David",
    "Daniel",
    "Andrew",
    "Christopher",
    "Mohammed",
    "Tomasz",
    "Anthony",
    "Edward",
    "Joseph",
    "Matthew",
    "Samuel",
    "Benjamin",
    "Patrick",
    "Rajesh",
    "Oliver",
];
/// The first ones are frequent.
pub(super) const SURNAMES: &[&str] = &[
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Patel",
    "Khan",
    "Hughes",
    "Green",
    "Wood",
    "Okonkwo",
    "Kowalski",
    "O'Brien",
    "MacDonald",
    "Fitzgerald",
    "van Dijk",
    "Lindqvist",
    "Ng",
    "Whitcombe",
    "Sedgwick",
    "Featherstone",
    "Abernathy",
    "Novak",
    "Castellano",
    "Müller",
    "Thistlewood",
    "Harcourt",
    "Penhaligon",
    "Beauchamp-Reid",
    "Adeyemi",
    "Szymanski",
    "Pemberton",
    "Rasmussen",
    "Ivanov",
    "Delacroix",
    "Winterbourne",
    "Ashdown",
    "Gallagher",
    "Ramsbottom",
    "Quennell",
    "Marchetti",
    "Bhattacharya",
    "Ferreira",
    "Holloway",
    "Entwistle",
    "Crabtree",
    "Oyelaran",
    "Stavros",
];

/// Somebody made up.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    pub(super) given: String,
    pub(super) middle: String,
    pub(super) surname: String,
    pub(super) maiden: Option<String>,
    pub(super) nickname: Option<&'static str>,
    pub(super) is_woman: bool,
    pub(super) born: Date,
    pub(super) email: String,
    pub(super) mobile: String,
    pub(super) landline: String,
    pub(super) postcode: String,
    pub(super) street: String,
    pub(super) customer: String,
    pub(super) nhs: String,
}

impl Someone {
    pub(super) fn full(&self) -> String {
        format!("{} {}", self.given, self.surname)
    }

    pub(super) fn title(&self) -> &'static str {
        if self.is_woman { "Mrs" } else { "Mr" }
    }

    /// What a request of this person states.
    pub(super) fn request(&self) -> Subject {
        let name = |value: String, kind: NameKind| SubjectName {
            value: Personal::new(value),
            kind,
            held: Default::default(),
        };
        let id = |kind: Kind, value: &str| Identifier {
            kind,
            value: Personal::new(value.to_owned()),
            held: Default::default(),
        };
        let full = format!("{} {} {}", self.given, self.middle, self.surname);
        let mut names =
            vec![name(full.split_whitespace().collect::<Vec<_>>().join(" "), NameKind::Current)];
        if let Some(maiden) = &self.maiden {
            names.push(name(format!("{} {maiden}", self.given), NameKind::Former));
        }
        Subject {
            names,
            born: Some(Personal::new(self.born)),
            identifiers: vec![
                id(Kind::Email, &self.email),
                id(Kind::Phone, &self.mobile),
                id(Kind::Address, &format!("{}, Exampleton, {}", self.street, self.postcode)),
            ],
        }
    }
}

const NICKNAMES: &[(&str, &str)] = &[
    ("Elizabeth", "Liz"),
    ("Margaret", "Maggie"),
    ("Catherine", "Kate"),
    ("William", "Bill"),
    ("Robert", "Bob"),
    ("Michael", "Mike"),
    ("Thomas", "Tom"),
    ("Christopher", "Chris"),
    ("Jennifer", "Jenny"),
    ("Rebecca", "Becky"),
    ("Daniel", "Dan"),
    ("Andrew", "Andy"),
    ("Deborah", "Debbie"),
    ("Victoria", "Vicky"),
    ("Samuel", "Sam"),
];

/// `n` families: couples with children, some twins, some sons named after their father.
pub(super) fn families(n: usize, dice: &mut Dice) -> Vec<Someone> {
    let mut people = Vec::new();
    for home in 0..n {
        let common = dice.chance(40);
        let surname = if common { dice.pick(&SURNAMES[..10]) } else { dice.pick(SURNAMES) };
        let landline = format!("01632 {:06}", 960_000 + home);
        let letters = b"ABDEFGHJLNPQRSTUWXYZ";
        let letter = |n: usize| char::from(letters[n % letters.len()]);
        let postcode = format!(
            "EX{} {}{}{}",
            1 + home % 9,
            1 + home / 9 % 9,
            letter(home / 7),
            letter(home / 140 + home)
        );
        let street = format!(
            "{} {} Road",
            1 + home % 97,
            dice.pick(&["Mill", "Church", "Station", "Orchard", "Victoria", "Bridge"])
        );
        let size = 1 + dice.roll(4);
        let year = 1945 + dice.roll(40) as i16;
        for member in 0..size {
            let is_woman = if member < 2 { member == 0 } else { dice.chance(50) };
            let is_junior = member == 2 && !is_woman && dice.chance(30);
            let is_twin = member == 3 && dice.chance(40);
            let given = if is_junior {
                people.last().map_or("John".to_owned(), |father: &Someone| father.given.clone())
            } else {
                (*dice.pick(if is_woman { WOMEN } else { MEN })).to_owned()
            };
            let born = if is_twin {
                people.last().map_or(date(1990, 1, 1), |twin: &Someone| twin.born)
            } else {
                let year =
                    year + if member < 2 { dice.roll(5) as i16 } else { 26 + dice.roll(6) as i16 };
                date(year, 1 + dice.roll(12) as i8, 1 + dice.roll(28) as i8)
            };
            let number = people.len();
            let plain = crate::latin(surname).replace([' ', '-'], "");
            let email = match dice.roll(4) {
                0 => format!("{}.{}@example.org", given.to_lowercase(), plain),
                1 => format!(
                    "{}{}{}@example.com",
                    &given.to_lowercase()[..1],
                    plain,
                    born.year() % 100
                ),
                2 => format!("star{number}@example.net"),
                _ => format!("{}{number}@example.org", given.to_lowercase()),
            };
            let is_taken = people.iter().any(|one: &Someone| one.email == email);
            let email = if is_taken { email.replace('@', &format!(".{number}@")) } else { email };
            let nickname =
                NICKNAMES.iter().find(|(long, _)| *long == given).map(|(_, short)| *short);
            people.push(Someone {
                middle: if dice.chance(40) {
                    (*dice.pick(if is_woman { WOMEN } else { MEN })).to_owned()
                } else {
                    String::new()
                },
                maiden: (is_woman && member == 0 && dice.chance(40))
                    .then(|| (*dice.pick(SURNAMES)).to_owned()),
                given,
                surname: (*surname).to_owned(),
                nickname,
                is_woman,
                born,
                email,
                mobile: format!("07700 {:06}", 900_000 + number),
                landline: landline.clone(),
                postcode: postcode.clone(),
                street: street.clone(),
                customer: format!("C-{:06}", 31_000 + number * 7),
                nhs: nhs(number),
            });
        }
    }
    people
}

/// A number in the range for tests, with its check digit.
fn nhs(number: usize) -> String {
    (0..)
        .map(|step| format!("999{:06}", number * 11 + step))
        .find_map(|body| {
            let sum: u32 = body
                .bytes()
                .zip((2..=10).rev())
                .map(|(digit, weight)| u32::from(digit - b'0') * weight)
                .sum();
            match 11 - sum % 11 {
                11 => Some(format!("{body}0")),
                10 => None,
                check => Some(format!("{body}{check}")),
            }
        })
        .unwrap_or_default()
}
