//! Who is found and what is said of it: a table of pairs (`tests/matching.toml`), every person made up.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::borrow::Cow;

use jiff::civil::Date;
use proptest::prelude::*;
use report::matching::{Details, LOOKUPS, Likeness, TERMS, compare, lookups, terms};
use report::{Account, Identity};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    about: String,
    asked: Entry,
    kept: Entry,
    /// Whether the one that is kept is found by what is asked.
    found: bool,
    /// `most`, `much`, `some` or `nothing`.
    likeness: String,
    #[serde(default)]
    alike: Vec<String>,
    #[serde(default)]
    differ: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    given: String,
    family: String,
    known: String,
    born: Option<Date>,
    phones: Vec<String>,
    emails: Vec<String>,
    addresses: Vec<String>,
    school: String,
    accounts: Vec<String>,
}

fn person(entry: &Entry) -> (Identity, Vec<Account>) {
    let identity = Identity {
        given_names: entry.given.clone(),
        family_name: entry.family.clone(),
        known_as: entry.known.clone(),
        date_of_birth: entry.born,
        phones: entry.phones.clone(),
        emails: entry.emails.clone(),
        addresses: entry.addresses.clone(),
        school: entry.school.clone(),
        ..Identity::default()
    };
    let account = |text: &String| {
        let (platform, username) = text.split_once(' ').unwrap();
        Account { platform: platform.into(), username: username.into(), person: None, note: String::new() }
    };
    (identity, entry.accounts.iter().map(account).collect())
}

#[test]
fn every_pair_of_the_table_is_found_and_told_of_as_it_says() {
    let table: Table = toml::from_str(include_str!("matching.toml")).unwrap();
    assert!(table.pair.len() >= 20);
    for pair in &table.pair {
        let ((asked, accounts), (kept, theirs)) = (person(&pair.asked), person(&pair.kept));
        let asked = Details { identity: Cow::Borrowed(&asked), accounts: accounts.iter().collect() };
        let kept = Details { identity: Cow::Borrowed(&kept), accounts: theirs.iter().collect() };
        let (looked_for, under) = (lookups(&asked), terms(&kept));
        let found = looked_for.iter().any(|term| under.contains(term));
        assert_eq!(found, pair.found, "{}: {looked_for:?} in {under:?}", pair.about);
        assert!(looked_for.len() <= LOOKUPS && under.len() <= TERMS, "{}", pair.about);

        let likeness = |of: Likeness| match of {
            Likeness::Most => "most",
            Likeness::Much => "much",
            Likeness::Some => "some",
        };
        let Some(told) = compare(&asked, &kept) else {
            assert_eq!(pair.likeness, "nothing", "{}", pair.about);
            continue;
        };
        assert_eq!(likeness(told.likeness), pair.likeness, "{}: {told:?}", pair.about);
        assert_eq!((&told.alike, &told.differ), (&pair.alike, &pair.differ), "{}", pair.about);
        assert!(!told.alike.is_empty(), "{}: no page may show somebody without a reason", pair.about);
        let back = compare(&kept, &asked).unwrap();
        assert_eq!(back.likeness, told.likeness, "{}: the other way round", pair.about);
    }
}

#[test]
fn nothing_that_is_kept_is_a_name_by_itself() {
    let (identity, accounts) = person(&Entry {
        given: "Wilhelmina Rose".into(),
        family: "Quibblethwaite-Snodgrass".into(),
        known: "Billie".into(),
        born: "2011-04-17".parse().ok(),
        phones: vec!["07700 900451".into(), "999".into()],
        emails: vec!["w@example.org".into()],
        accounts: vec!["Example @quibble".into()],
        ..Entry::default()
    });
    let terms = terms(&Details { identity: Cow::Borrowed(&identity), accounts: accounts.iter().collect() });
    let marks = ["phone 700900451", "email w@example.org", "account quibble"];
    for term in &terms {
        assert!(term.split(' ').count() == 3 || marks.contains(&term.as_str()), "{term}");
    }
    assert!(marks.iter().all(|mark| terms.iter().any(|term| term == mark)), "{terms:?}");
    let nobody = Identity::default();
    assert_eq!(report::matching::terms(&Details { identity: Cow::Borrowed(&nobody), accounts: vec![] }), [""; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was typed: no panic, no more than the store takes, and nothing too long for it.
    #[test]
    fn whatever_is_entered_gives_terms_that_can_be_kept(
        names in proptest::array::uniform3(any::<String>()),
        letters in proptest::array::uniform3("[a-z -]{0,60}"),
        marks in proptest::collection::vec("\\PC{0,200}", 0..60),
        born in any::<Option<i32>>(),
    ) {
        let born = born.and_then(|days| Date::new(2000, 1, 1).unwrap().checked_add(jiff::Span::new().days(days % 40_000)).ok());
        for [given, family, known] in [names, letters] {
            let identity = Identity {
                given_names: given,
                family_name: family,
                known_as: known,
                date_of_birth: born,
                phones: marks.clone(),
                emails: marks.clone(),
                ..Identity::default()
            };
            let account = |name: &String| Account {
                platform: String::new(),
                username: name.clone(),
                person: None,
                note: String::new(),
            };
            let accounts: Vec<Account> = marks.iter().map(account).collect();
            let details = Details { identity: Cow::Borrowed(&identity), accounts: accounts.iter().collect() };
            let (kept, asked) = (terms(&details), lookups(&details));
            prop_assert!(kept.len() <= TERMS && asked.len() <= LOOKUPS);
            prop_assert!(kept.iter().chain(&asked).all(|term| !term.is_empty() && term.chars().count() <= 200));
            if let Some(told) = compare(&details, &details) {
                prop_assert!(!told.alike.is_empty());
            }
        }
    }
}
