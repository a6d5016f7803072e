//! Changes of accounts and ways in are entries of the log, in the step that changes them.

use store::{Administered, AdministeredFilter, Change, OneTimeToken, StoreError, User};

use super::ways_in::{any_way, identity, passkey};
use crate::fixture::*;

/// A change by somebody, with words, at a moment of its own.
fn by(kind: &str, whose: &str, who: &str, detail: &str, seconds: i64) -> Change {
    Change { by: Some(user_id(who)), detail: detail.into(), at: at(seconds), ..told(kind, &user_id(whose)) }
}

async fn all(store: &Shared, filter: AdministeredFilter) -> Vec<Administered> {
    store.administered(&filter, None, 100).await.unwrap()
}

/// What was done, by whom, about whom, in which words: the oldest first.
async fn lines(store: &Shared) -> Vec<String> {
    let mut all = all(store, AdministeredFilter::default()).await;
    all.reverse();
    let line = |entry: Administered| {
        let who = |id: Option<store::UserId>| id.map_or("-".into(), |id| id.to_string());
        let words = entry.words.unwrap_or_default();
        format!("{} {} {} {words}", entry.kind, who(entry.actor), who(entry.about))
    };
    all.into_iter().map(line).collect()
}

pub async fn every_change_of_an_account_is_an_entry(store: Shared) {
    add(&*store, user("s")).await.unwrap();
    let made = by("created", "a", "s", "officer in north", 1);
    store.add_user(user("a"), made).await.unwrap();
    let moved = User { role: "supervisor".into(), ..user("a") };
    let role = by("role", "a", "s", "supervisor in north", 2);
    store.change_user(moved, vec![role]).await.unwrap();
    let added = by("passkey-added", "a", "a", "Key of A", 3);
    store.add_passkey(passkey(1, "a"), added).await.unwrap();
    let removed = by("passkey-removed", "a", "a", "Key of A", 4);
    let gone = store.remove_passkey(&user_id("a"), &[1; 16], &any_way(), removed);
    gone.await.unwrap();
    let known = told("known", &user_id("a"));
    store.add_identity(identity("s1", "a"), known).await.unwrap();
    let link = OneTimeToken {
        token_hash: token(9),
        purpose: "password".into(),
        user: Some(user_id("a")),
        expires_at: at(100),
    };
    let offered = Some(by("link-made", "a", "s", "", 5));
    store.add_token(link, offered).await.unwrap();
    store.start_session(session(1, "a")).await.unwrap();
    let ended = Some(by("signed-out", "a", "s", "", 6));
    let ended = store.end_sessions_of(&user_id("a"), ended);
    assert_eq!(ended.await, Ok(1));

    let expected = [
        "account-made - s ",
        "account-created s a officer in north",
        "account-role s a supervisor in north",
        "account-passkey-added a a Key of A",
        "account-passkey-removed a a Key of A",
        "account-known - a ",
        "account-link-made s a ",
        "account-signed-out s a ",
    ];
    assert_eq!(lines(&store).await, expected);
    // And one that says the session has ended, which is in no list.
    assert_eq!(store.ledger_head().await.unwrap().size, expected.len() as u64 + 1);
}

pub async fn a_change_that_does_not_happen_is_no_entry(store: Shared) {
    add(&*store, user("a")).await.unwrap();
    let size = store.ledger_head().await.unwrap();
    let again = add(&*store, user("a")).await;
    assert_eq!(again, Err(StoreError::Duplicate { what: "user id" }));
    let moved = User { unit: "south".into(), ..user("a") };
    // An account cannot change and nothing say so.
    let silent = store.change_user(moved, Vec::new()).await;
    assert!(matches!(silent, Err(StoreError::Contradiction { .. })), "{silent:?}");
    assert_eq!(store.user(&user_id("a")).await, Ok(Some(user("a"))));
    assert_eq!(store.change_user(user("a"), Vec::new()).await, Ok(()));
    let nothing = Some(by("signed-out", "a", "a", "", 1));
    assert_eq!(store.end_sessions_of(&user_id("a"), nothing).await, Ok(0), "there was none");
    // Whose entry cannot be written stays as they were.
    let nobody = store.add_user(user("b"), by("created", "b", "no-such", "", 1));
    assert_eq!(nobody.await, Err(StoreError::NotFound { what: "user" }));
    assert_eq!(store.user(&user_id("b")).await, Ok(None));
    store.start_session(session(1, "a")).await.unwrap();
    let nobody = Some(by("signed-out", "a", "no-such", "", 1));
    assert!(store.end_sessions_of(&user_id("a"), nobody).await.is_err());
    assert_eq!(store.sessions_of(&user_id("a")).await.unwrap().len(), 1);
    assert_eq!(store.ledger_head().await, Ok(size));
}

pub async fn what_was_administered_is_found_by_person_and_time(store: Shared) {
    for name in ["a", "b", "s"] {
        add(&*store, user(name)).await.unwrap();
    }
    for (whose, seconds) in [("a", 10), ("b", 20), ("a", 30)] {
        let change = by("role", whose, "s", "", seconds);
        store.note_change(change).await.unwrap();
    }
    let count = async |person: Option<&str>, from: Option<i64>, until: Option<i64>| {
        let filter = AdministeredFilter { person: person.map(user_id), from: from.map(at), until: until.map(at) };
        all(&store, filter).await.len()
    };
    for (person, from, until, expected) in [
        (None, None, None, 6),
        (Some("a"), None, None, 3),
        (Some("b"), None, None, 2),
        (Some("s"), None, None, 4),
        (Some("no-such"), None, None, 0),
        (None, Some(10), None, 3),
        (None, Some(11), Some(30), 1),
        (Some("a"), Some(11), None, 1),
    ] {
        assert_eq!(count(person, from, until).await, expected, "{person:?} {from:?} {until:?}");
    }
    let newest = store.administered(&AdministeredFilter::default(), None, 2);
    let newest = newest.await.unwrap();
    let before = store.administered(&AdministeredFilter::default(), Some(newest[1].leaf), 100);
    assert_eq!((newest.len(), before.await.unwrap().len()), (2, 4));
}
