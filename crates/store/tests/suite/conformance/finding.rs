//! Finding people by what is kept as HMACs.

use store::{Append, Erase, Findable, NewEvent, SeenBy, Sight, StoreError, Subject, Ties, limits};

use crate::fixture::*;

fn person(name: &str) -> Subject {
    Subject::Person(name.parse().unwrap())
}

fn findable(who: &str, terms: &[&str]) -> Findable {
    Findable { subject: person(who), terms: terms.iter().map(|term| (*term).to_owned()).collect() }
}

/// One event about each of these people, and what they are found by from then on.
fn known(name: &str, before: u64, people: &[(&str, &[&str])]) -> Append {
    let about = |who: &str| NewEvent { subject: person(who), ..event("identity-stated") };
    Append {
        projection: Some(row(name)),
        findable: people.iter().map(|(who, terms)| findable(who, terms)).collect(),
        ..append(name, before, people.iter().map(|(who, _)| about(who)).collect())
    }
}

pub fn search(terms: &[&str]) -> store::Search {
    store::Search {
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
        seen_by: SeenBy { user: user_id("me"), unit: "north".into(), sight: Sight::Work, now: at(10) },
        except: None,
        limit: limits::CANDIDATES,
    }
}

/// Who is found, as `report person terms`, and whether there are more.
pub async fn found(store: &Shared, search: store::Search) -> (Vec<String>, bool) {
    let candidates = store.find(search).await.unwrap();
    let line = |found: store::Found| format!("{} {} {}", found.stream, found.subject, found.terms);
    (candidates.found.into_iter().map(line).collect(), candidates.more)
}

pub async fn people_are_found_by_their_terms(store: Shared) {
    let people: [(&str, &[&str]); 2] = [("A", &["sound QBL 2011", "phone 0451"]), ("B", &["sound QBL 2011"])];
    store.append(known("r", 0, &people), None).await.unwrap();
    let later: [(&str, &[&str]); 1] = [("B", &["phone 0451", "phone 0451", "name b"])];
    store.append(known("s", 0, &later), None).await.unwrap();
    // A stale append adds nothing.
    let stale = known("s", 0, &[("C", &["phone 0451"])]);
    assert!(store.append(stale, None).await.is_err());

    for (terms, limit, expected, more) in [
        (&["phone 0451"][..], 9, &["r person/A 1", "s person/B 1"][..], false),
        (&["sound QBL 2011", "phone 0451"], 3, &["r person/A 2", "r person/B 1", "s person/B 1"], false),
        (&["sound QBL 2011", "phone 0451"], 1, &["r person/A 2"], true),
        (&["sound QBL"], 9, &[], false),
        (&[], 9, &[], false),
    ] {
        let asked = store::Search { limit, ..search(terms) };
        let expected = expected.iter().map(ToString::to_string).collect();
        assert_eq!(found(&store, asked).await, (expected, more), "{terms:?}");
    }
    let from_r = store::Search { except: Some(stream("r")), ..search(&["phone 0451"]) };
    assert_eq!(found(&store, from_r).await.0, ["s person/B 1"]);
    let too_many = store::Search { terms: vec!["x".into(); limits::LOOKUPS + 1], ..search(&[]) };
    assert!(matches!(store.find(too_many).await, Err(StoreError::TooLong { .. })));
}

/// With the event that changes it, or without an event at all; never in part.
pub async fn what_somebody_is_found_by_is_replaced(store: Shared) {
    let people: [(&str, &[&str]); 2] = [("A", &["old", "both"]), ("B", &["old"])];
    store.append(known("r", 0, &people), None).await.unwrap();
    let change = known("r", 2, &[("A", &["both", "new"])]);
    store.append(change, None).await.unwrap();
    assert_eq!(found(&store, search(&["old", "both", "new"])).await.0, ["r person/A 2", "r person/B 1"]);
    let head = store.ledger_head().await.unwrap();
    let anew = |expected_version| Append {
        projection: None,
        findable: vec![findable("A", &["anew"]), findable("B", &[])],
        ..append("r", expected_version, vec![])
    };
    assert!(store.append(anew(2), None).await.is_err());
    assert_eq!(found(&store, search(&["anew"])).await.0, [""; 0]);
    assert_eq!(store.append(anew(3), None).await.unwrap().version, 3);
    let all = search(&["old", "both", "new", "anew"]);
    assert_eq!(found(&store, all).await.0, ["r person/A 1"]);
    // It is derived from events that are in the log already.
    assert_eq!(store.ledger_head().await.unwrap(), head);
    let long = Append { findable: vec![findable("A", &vec!["x"; limits::TERMS + 1])], ..append("r", 3, vec![]) };
    assert!(store.append(long, None).await.is_err());
}

/// Neither found nor counted: a search tells nothing of it.
pub async fn nobody_is_found_in_what_may_not_be_seen(store: Shared) {
    let me = || vec![user_id("me")];
    let ties = [
        ("mine", "north", Ties::default()),
        ("theirs", "south", Ties::default()),
        ("conflict", "north", Ties { conflicts: me(), ..Ties::default() }),
        ("closed-off", "north", Ties { restricted: true, ..Ties::default() }),
        ("named", "south", Ties { restricted: true, members: me(), ..Ties::default() }),
    ];
    for (name, unit, ties) in ties {
        let mut kept = known(name, 0, &[("A", &["same"])]);
        kept.projection = Some(store::ProjectionRow { unit: unit.into(), ties, ..row(name) });
        store.append(kept, None).await.unwrap();
    }
    // A report without a row says nothing of who may see it.
    let rowless = Append { projection: None, ..known("rowless", 0, &[("A", &["same"])]) };
    store.append(rowless, None).await.unwrap();
    let asked = store::Search { limit: 2, ..search(&["same"]) };
    let expected = vec!["mine person/A 1".to_owned(), "named person/A 1".to_owned()];
    assert_eq!(found(&store, asked).await, (expected, false));
}

/// Whoever read the words before they were erased does not bring back what they were found by.
pub async fn an_erased_person_is_not_found_again(store: Shared) {
    let kept = known("r", 0, &[("A", &["name"])]);
    store.append(kept, None).await.unwrap();
    let erase = Erase {
        stream: stream("r"),
        subject: Some(person("A")),
        actor: user_id("a"),
        reason: "The time is over".into(),
        at: at(50),
    };
    store.erase(erase).await.unwrap();
    assert_eq!(found(&store, search(&["name"])).await.0, [""; 0]);
    let late = Append { findable: vec![findable("A", &["name"])], ..append("r", 1, vec![]) };
    store.append(late, None).await.unwrap();
    assert_eq!(found(&store, search(&["name"])).await.0, [""; 0]);
    // What is said of them afterwards is theirs again.
    let anew = known("r", 1, &[("A", &["other"])]);
    store.append(anew, None).await.unwrap();
    assert_eq!(found(&store, search(&["name", "other"])).await.0, ["r person/A 1"]);
}
