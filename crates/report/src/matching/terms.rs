//! What somebody can be found by. Each term is of two things at least, or of one that is theirs alone: a family
//! name by itself finds half a town.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Details;
use super::spelling::{Names, account, email, phone, sounds, spelt, swapped, words};

/// The form of the terms. Raised whenever the same person would get other terms than before: everybody who is
/// kept is then gone through again.
pub const FORM: u32 = 2;
/// Most terms that somebody is kept under. Who has more names, numbers and accounts than that is found by the first.
pub const TERMS: usize = 128;
/// Most terms that somebody is looked for under.
pub const LOOKUPS: usize = 256;
/// Most words of one name that are looked at.
const WORDS: usize = 4;
/// Most numbers, addresses and accounts of somebody, of each kind, that are looked at.
const MARKS: usize = 20;

/// What somebody is kept under.
pub fn terms(details: &Details<'_>) -> Vec<String> {
    let mut found = BTreeSet::new();
    let (names, born) = (Names::of(&details.identity), details.identity.date_of_birth);
    named(&names.given, &names.family, born, &mut found);
    // Who is called by another name than the given one is found by that too.
    named(&names.known, &names.family, born, &mut found);
    if let Some(born) = born {
        add_each(&names.known, |sound| format!("name-year {sound} {}", born.year()), &mut found);
    }
    marks(details, &mut found);
    found.into_iter().take(TERMS).collect()
}

/// What somebody is looked for under: what they would be kept under, and what they are kept under where names or
/// day and month were taken for each other, or the year is one off.
pub fn lookups(details: &Details<'_>) -> Vec<String> {
    let mut found: BTreeSet<String> = terms(details).into_iter().collect();
    let (names, born) = (Names::of(&details.identity), details.identity.date_of_birth);
    named(&names.family, &names.given, born, &mut found);
    if let Some(born) = born {
        for name in [&names.family, &names.known, &names.given] {
            for year in [born.year() - 1, born.year(), born.year() + 1] {
                add_each(name, |sound| format!("name-year {sound} {year}"), &mut found);
            }
        }
        let other = swapped(born);
        if let Some(other) = other {
            named(&names.given, &names.family, Some(other), &mut found);
        }
    }
    found.into_iter().take(LOOKUPS).collect()
}

fn named(given: &str, family: &str, born: Option<Date>, found: &mut BTreeSet<String>) {
    let initial = spelt(given).chars().next();
    if let Some(born) = born {
        add_each(family, |sound| format!("name-year {sound} {}", born.year()), found);
        add_each(family, |sound| format!("name-born {sound} {born}"), found);
        found.extend(initial.map(|initial| format!("initial-born {initial} {born}")));
    }
    // Without a date of birth the sound of both names has to do.
    for sound in words(given).iter().take(1).flat_map(|word| sounds(word)) {
        add_each(family, |name| format!("names {name} {sound}"), found);
    }
}

fn add_each(name: &str, term: impl Fn(&str) -> String, found: &mut BTreeSet<String>) {
    // Double-barrelled names are found by either half.
    let sounds = words(name).into_iter().take(WORDS).flat_map(|word| sounds(&word));
    found.extend(sounds.map(|sound| term(&sound)));
}

/// Numbers, addresses and accounts: each is one person's, or a family's.
fn marks(details: &Details<'_>, found: &mut BTreeSet<String>) {
    let identity = &details.identity;
    let phones = identity.phones.iter().filter_map(|number| phone(number)).take(MARKS);
    found.extend(phones.map(|digits| format!("phone {digits}")));
    let emails = identity.emails.iter().filter_map(|address| email(address)).take(MARKS);
    found.extend(emails.map(|address| format!("email {address}")));
    let accounts = details.accounts.iter().filter_map(|one| account(&one.username)).take(MARKS);
    found.extend(accounts.map(|name| format!("account {name}")));
}
