//! What speaks for two entries being the same person, and what against it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Details;
use super::spelling::{Names, account, email, phone, plain, slip, sound_alike, spelt, swapped, words};

/// How much two entries have in common. For the order of a list, and for nothing else: no page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Something, such as names that sound alike.
    Some,
    /// Name and time of birth, or a number or account.
    Much,
    /// Name and date of birth, or name and a number or account.
    Most,
}

/// What two entries have in common and where they differ, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// For the order of a list.
    pub likeness: Likeness,
    /// What speaks for it: "Same date of birth".
    pub alike: Vec<String>,
    /// What speaks against it: "Dates of birth differ".
    pub differ: Vec<String>,
}

#[derive(Default)]
struct Told {
    alike: Vec<String>,
    differ: Vec<String>,
}

/// Names, as far as they were compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Unknown,
    Differ,
    Partly,
    Alike,
}

/// Dates of birth, as far as they were compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Born {
    Unknown,
    Differ,
    Near,
    Same,
}

/// Compares two entries; nothing when they have nothing in common that could mean anything.
pub fn compare(asked: &Details<'_>, found: &Details<'_>) -> Option<Match> {
    let mut told = Told::default();
    let named = names(asked, found, &mut told);
    let born = births(asked.identity.date_of_birth, found.identity.date_of_birth, &mut told);
    let marks = marks(asked, found, &mut told);
    background(asked, found, &mut told);
    let likeness = match (named, born, marks) {
        (Named::Alike, Born::Same, _) | (Named::Alike | Named::Partly, _, true) => Likeness::Most,
        (_, _, true) | (Named::Alike, Born::Near, _) | (Named::Partly, Born::Same, _) => Likeness::Much,
        (Named::Alike, _, _) | (Named::Partly, Born::Near, _) => Likeness::Some,
        (Named::Unknown, Born::Same, _) => Likeness::Some,
        _ => return None,
    };
    Some(Match { likeness, alike: told.alike, differ: told.differ })
}

/// How one name is like another, best first.
fn like(one: &str, other: &str) -> Option<&'static str> {
    let (a, b) = (spelt(one), spelt(other));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some("is the same");
    }
    if slip(&a, &b) {
        return Some("is the same but for one letter");
    }
    let (ones, others) = (words(one), words(other));
    if ones.iter().any(|word| others.contains(word)) {
        return Some("is partly the same");
    }
    let initial = |word: &str| word.chars().next();
    if initial(&a) == initial(&b) && (a.len() == 1 || b.len() == 1) {
        return Some("begins with the same letter");
    }
    let alike = ones.iter().any(|a| others.iter().any(|b| sound_alike(a, b)));
    alike.then_some("sounds alike")
}

fn names(asked: &Details<'_>, found: &Details<'_>, told: &mut Told) -> Named {
    let (a, b) = (Names::of(&asked.identity), Names::of(&found.identity));
    let given = |of: &Names| words(&of.given).into_iter().next().unwrap_or_default();
    let family = like(&a.family, &b.family);
    let first = like(&given(&a), &given(&b))
        .or_else(|| like(&a.known, &b.given))
        .or_else(|| like(&a.given, &b.known))
        .or_else(|| like(&a.known, &b.known));
    let crossed = like(&a.family, &b.given).zip(like(&a.given, &b.family));
    if family.is_none() && crossed.is_some() {
        told.alike.push("Given name and family name are the other way round".to_owned());
        return Named::Alike;
    }
    told.alike.extend(family.map(|how| format!("Family name {how}")));
    told.alike.extend(first.map(|how| format!("Given name {how}")));
    let families = !a.family.is_empty() && !b.family.is_empty();
    let givens = !a.given.is_empty() && !b.given.is_empty();
    if families && family.is_none() {
        told.differ.push("Family names differ".to_owned());
    }
    if givens && first.is_none() {
        told.differ.push("Given names differ".to_owned());
    }
    match (family, first) {
        (Some(_), Some(_)) => Named::Alike,
        (Some(_), None) | (None, Some(_)) => Named::Partly,
        (None, None) if families || givens => Named::Differ,
        (None, None) => Named::Unknown,
    }
}

fn births(asked: Option<Date>, found: Option<Date>, told: &mut Told) -> Born {
    let (Some(asked), Some(found)) = (asked, found) else {
        return Born::Unknown;
    };
    let near = if asked == found {
        told.alike.push("Same date of birth".to_owned());
        return Born::Same;
    } else if swapped(asked) == Some(found) {
        "Date of birth with day and month the other way round"
    } else if (asked.month(), asked.day()) == (found.month(), found.day()) {
        "Same birthday in another year"
    } else if (asked.year(), asked.month()) == (found.year(), found.month()) {
        "Born in the same month"
    } else if asked.year() == found.year() {
        "Born in the same year"
    } else {
        told.differ.push("Dates of birth differ".to_owned());
        return Born::Differ;
    };
    told.alike.push(near.to_owned());
    told.differ.push("Dates of birth are not the same".to_owned());
    Born::Near
}

fn shared(one: impl Iterator<Item = String>, other: impl Iterator<Item = String>) -> Vec<String> {
    let one: BTreeSet<String> = one.collect();
    let other: BTreeSet<String> = other.collect();
    one.intersection(&other).cloned().collect()
}

/// Numbers, addresses and accounts that both have.
fn marks(asked: &Details<'_>, found: &Details<'_>, told: &mut Told) -> bool {
    let before = told.alike.len();
    let phones = |of: &Details<'_>| of.identity.phones.iter().filter_map(|number| phone(number)).collect::<Vec<_>>();
    for digits in shared(phones(asked).into_iter(), phones(found).into_iter()) {
        let ending: String = digits.chars().skip(digits.chars().count().saturating_sub(3)).collect();
        told.alike.push(format!("Same telephone number, ending {ending}"));
    }
    let emails = |of: &Details<'_>| of.identity.emails.iter().filter_map(|address| email(address)).collect::<Vec<_>>();
    for _ in shared(emails(asked).into_iter(), emails(found).into_iter()) {
        told.alike.push("Same email address".to_owned());
    }
    let accounts = |of: &Details<'_>| of.accounts.iter().filter_map(|one| account(&one.username)).collect::<Vec<_>>();
    for name in shared(accounts(asked).into_iter(), accounts(found).into_iter()) {
        let platforms = |of: &Details<'_>| {
            let theirs = of.accounts.iter().filter(|one| account(&one.username).as_deref() == Some(name.as_str()));
            theirs.map(|one| plain(&one.platform)).collect::<BTreeSet<_>>()
        };
        let (here, there) = (platforms(asked), platforms(found));
        let unsaid = here.contains("") || there.contains("");
        let says = match here.intersection(&there).next() {
            Some(_) if !unsaid => "Same account",
            _ if unsaid => "Same account name",
            _ => "Same account name on another platform",
        };
        told.alike.push(says.to_owned());
    }
    told.alike.len() > before
}

/// What many share: it is told, and counts for nothing.
fn background(asked: &Details<'_>, found: &Details<'_>, told: &mut Told) {
    let places = |of: &Details<'_>| {
        of.identity.addresses.iter().map(|line| plain(line)).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    if !shared(places(asked).into_iter(), places(found).into_iter()).is_empty() {
        told.alike.push("Same address".to_owned());
    }
    let (a, b) = (plain(&asked.identity.school), plain(&found.identity.school));
    if !a.is_empty() && a == b {
        told.alike.push("Same school".to_owned());
    }
}
