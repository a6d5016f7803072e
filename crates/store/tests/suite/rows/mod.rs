//! Rows that decide who may do what, changed behind the program: each change is found, and the first row that differs named.

mod changes;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{
    Append, Derived, DerivedAccess, Deriving, Erase, Findable, Identity, Listed, Log as _, LogFault, NewEvent,
    OneTimeToken, OpenError, Passkey, ProjectionRow, Record as _, RowsHeld, SqliteStore, Store as _, StoreError,
    StoredEvent, StreamId, Subject, Ties, TokenUse, WaysIn as _,
};
use tempfile::TempDir;

use self::changes::CHANGES;
use crate::fixture::*;

const DERIVED: (&str, &str) = ("people", "findable");

fn person(name: &str) -> Subject {
    Subject::Person(name.parse().unwrap())
}

fn ties() -> Ties {
    Ties {
        started_by: Some(user_id("u1")),
        restricted: true,
        members: vec![user_id("u1")],
        conflicts: vec![user_id("u2")],
        emergencies: vec![(user_id("u3"), at(7_200))],
        alert_since: Some(at(3_600)),
    }
}

fn with_ties(name: &str) -> ProjectionRow {
    ProjectionRow { ties: ties(), allocated_to: Some(user_id("u1")), ..row(name) }
}

/// What the events of every report here say. An emergency that is over was opened as well, and one person was withdrawn.
fn derive(stream: &StreamId, events: &[StoredEvent]) -> Result<Derived, String> {
    if events.iter().any(|event| event.kind == "odd") {
        return Err("of another version".into());
    }
    let mut ties = ties();
    ties.emergencies.push((user_id("u1"), at(10)));
    let findable = |name: &str, terms: &[&str]| Findable {
        subject: person(name),
        terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    };
    Ok(Derived {
        access: Some(DerivedAccess {
            reference: format!("WM-{stream}"),
            unit: "north".into(),
            allocated_to: Some(user_id("u1")),
            closed: false,
            ties,
        }),
        listed: Some(Listed {
            derived_by: "sha256:one".into(),
            state: "open".into(),
            class: "undetermined".into(),
            next_due_at: None,
            awaiting_review_since: None,
            updated_at: at(0),
            review_at: None,
        }),
        findable: vec![findable("A", &["one", "two"]), findable("B", &[])],
        openings: vec![(user_id("u3"), at(3_600), at(7_200))],
    })
}

fn deriving() -> Deriving {
    Deriving {
        derive: Arc::new(derive),
        findable_when: (DERIVED.0, DERIVED.1.into()),
        emergency: "Emergency",
        now: at(4_000),
    }
}

/// A link by which somebody signs in.
fn link(number: u8) -> OneTimeToken {
    OneTimeToken {
        token_hash: token(number),
        purpose: "sign-in".into(),
        user: Some(user_id("u2")),
        expires_at: at(36_000),
    }
}

/// Where a copy of the keyring from before anything was erased is kept.
fn before(path: &Path) -> PathBuf {
    path.with_extension("keyring-before")
}

/// Two accounts with every way in, a report, one of which a person is erased, and one that is erased.
async fn filled() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    for name in ["u1", "u2"] {
        add(&store, user(name)).await.unwrap();
        let whose = user_id(name);
        let passkey = Passkey {
            credential: name.into(),
            user: whose.clone(),
            name: "Key ring".into(),
            checks: r#"{"cred":{"cred":"public","counter":1}}"#.into(),
            created_at: at(5),
            last_used_at: None,
        };
        let added = told("passkey-added", &whose);
        store.add_passkey(passkey, added).await.unwrap();
        let identity = Identity {
            issuer: "https://force.example".into(),
            subject: name.into(),
            user: whose.clone(),
            created_at: at(6),
        };
        let known = told("force-known", &whose);
        store.add_identity(identity, known).await.unwrap();
    }
    store.start_session(session(1, "u1")).await.unwrap();
    store.touch_session(&token(1), at(70)).await.unwrap();
    store.start_session(session(2, "u1")).await.unwrap();
    let renewed = store.renew_session(&token(2), &token(3), at(80));
    assert!(renewed.await.unwrap());
    for number in [1, 2] {
        store.add_token(link(number), None).await.unwrap();
    }
    let taken = store.take_token(&token(1), "sign-in", at(70)).await;
    assert_eq!(taken, Ok(TokenUse::Taken(link(1))));
    for name in ["r", "part", "gone"] {
        let known = NewEvent { subject: person("A"), ..event("identity-stated") };
        let append = Append {
            projection: Some(with_ties(name)),
            findable: vec![Findable { subject: person("A"), terms: vec!["one".into(), "two".into()] }],
            ..append(name, 0, vec![event("started"), known])
        };
        store.append(append, None).await.unwrap();
    }
    std::fs::copy(keys(&path).ring(), before(&path)).unwrap();
    for (name, subject) in [("part", Some(person("A"))), ("gone", None)] {
        let erase = Erase {
            stream: stream(name),
            subject,
            actor: user_id("u1"),
            reason: "The time is over".into(),
            at: at(50),
        };
        store.erase(erase).await.unwrap();
    }
    // A use of a passkey is no change of it that anybody but the program can make.
    let was = r#"{"cred":{"cred":"public","counter":1}}"#;
    let is = r#"{"cred":{"cred":"public","counter":2}}"#;
    assert!(store.use_passkey(b"u1", was, is, at(60)).await.unwrap());
    store.set_setting(DERIVED.0, DERIVED.1).await.unwrap();
    (directory, path)
}

/// All that is held against the log, as a full check does it.
async fn check(path: &Path) -> Result<RowsHeld, StoreError> {
    let store = SqliteStore::open_for_reading(path, &keys(path)).unwrap();
    store.verify().await?;
    store.rows_fit(deriving()).await
}

#[tokio::test]
async fn rows_that_nobody_touched_fit() {
    let (_directory, path) = filled().await;
    let all = RowsHeld { reports: 2, listed: 2, unreadable: 0, findable: true };
    assert_eq!(check(&path).await, Ok(all));
    // Opened and closed once more nothing is adopted a second time.
    let mut sizes = Vec::new();
    for _ in 0..2 {
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        sizes.push(store.ledger_head().await.unwrap().size);
    }
    assert_eq!(sizes[0], sizes[1]);
}

#[tokio::test]
async fn what_cannot_be_read_or_is_not_indexed_yet_is_said_and_no_fault() {
    let (_directory, path) = filled().await;
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let odd = append("odd", 0, vec![event("odd")]);
    store.append(odd, None).await.unwrap();
    store.set_setting(DERIVED.0, "half way").await.unwrap();
    drop(store);
    change(&path, "DELETE FROM blind_index");
    let held = RowsHeld { reports: 2, listed: 2, unreadable: 1, findable: false };
    assert_eq!(check(&path).await, Ok(held));
}

#[tokio::test]
async fn every_change_of_a_row_that_decides_is_found_and_the_row_is_named() {
    let (_directory, whole) = filled().await;
    change(&whole, "PRAGMA wal_checkpoint(TRUNCATE)");
    let copy = TempDir::new().unwrap();
    for (sql, words) in CHANGES {
        let path = copied(&whole, copy.path());
        change(&path, sql);
        match check(&path).await {
            Err(StoreError::Log(LogFault::Row { what, found, said })) => {
                for (is, expected) in [what, found, said].iter().zip(words) {
                    assert!(is.contains(expected), "{sql}\n{is}\ndoes not say {expected}");
                }
            }
            // What SQLite sees by itself is refused before.
            Err(StoreError::Damaged { detail }) => {
                assert_eq!(words, &["", "", ""], "{sql}: {detail}")
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_look_because_of_an_emergency_needs_its_opening() {
    let look = |user: &str, purpose: &str, second: i64| opening("r", user, purpose, second);
    for (look, fits) in [
        (look("u3", "Emergency", 3_600), true),
        (look("u3", "Emergency", 7_200), true),
        (look("u2", "Review", 3_700), true),
        (look("u2", "Emergency", 3_700), false),
        (look("u3", "Emergency", 3_500), false),
        (look("u3", "Emergency", 7_300), false),
    ] {
        let (_directory, path) = filled().await;
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        store.note_access(look.clone()).await.unwrap();
        drop(store);
        match check(&path).await {
            Ok(_) => assert!(fits, "{look:?}"),
            Err(StoreError::Log(LogFault::Row { what, found, said })) => {
                assert!(!fits, "{look:?}: {found}");
                assert!(what.contains("WM-r"), "{what}");
                assert!(found.contains(&format!("a look by {}", look.actor)), "{found}");
                assert!(said.contains("of no opening"), "{said}");
            }
            other => panic!("{look:?}: {other:?}"),
        }
    }
}

/// A database and its keys, in a folder where the last copy was.
fn copied(from: &Path, to: &Path) -> PathBuf {
    let (data, ring) = (to.join("data"), to.join("data/waymark.keys"));
    let _ = std::fs::remove_dir_all(&data);
    for folder in [&data, &ring] {
        std::fs::create_dir(folder).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    }
    let path = data.join("waymark.db");
    std::fs::copy(from, &path).unwrap();
    for file in std::fs::read_dir(from.with_extension("keys")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), ring.join(file.file_name())).unwrap();
    }
    path
}

#[tokio::test]
async fn no_key_is_destroyed_because_of_a_row_that_somebody_put_there() {
    for sql in [
        "INSERT INTO erased_keys SELECT DISTINCT key_id, 'r', 'report' FROM events WHERE stream = 'r' AND version = 1",
        "INSERT INTO erasures SELECT 90, 'r', NULL, 'WM-r', actor, at, leaf, NULL FROM erasures WHERE stream = 'gone'",
    ] {
        let (_directory, path) = filled().await;
        change(&path, sql);
        match SqliteStore::open(&path, &keys(&path)).err() {
            Some(OpenError::Log(LogFault::Row { what, .. })) => {
                assert!(what.contains("report r"), "{sql}: {what}");
            }
            other => panic!("{sql}: {other:?}"),
        }
        change(&path, "DELETE FROM erased_keys WHERE stream = 'r'; DELETE FROM erasures WHERE stream = 'r'");
        let store = SqliteStore::open(&path, &keys(&path)).unwrap();
        let words = store.load(&stream("r"), 1).await.unwrap();
        assert!(words.iter().all(|event| event.erased.is_none()), "{sql}");
    }
}

#[tokio::test]
async fn accounts_from_before_are_taken_into_the_log_once_and_no_other_ever() {
    let (_directory, path) = filled().await;
    // As an earlier version left it: no entry holds what an account is.
    let plain = "UPDATE users SET name = name; DELETE FROM checkpoints; DELETE FROM ledger_head; DELETE FROM ledger_nodes; DELETE FROM ledger_entries;
        DELETE FROM way_in_changes; DELETE FROM accesses; UPDATE events SET leaf_index = NULL; DELETE FROM erasures; DELETE FROM erased_keys;
        DELETE FROM events WHERE stream <> 'r'; DELETE FROM report_ties WHERE report <> 'r'; DELETE FROM streams WHERE stream <> 'r';
        DELETE FROM blind_index WHERE stream <> 'r'; DELETE FROM projections WHERE report <> 'r'";
    change(&path, plain);
    std::fs::remove_file(reached(&path)).unwrap();
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let changes = store.changes_of(&user_id("u2"), None, 9).await.unwrap();
    let kinds: Vec<_> = changes.iter().map(|entry| entry.change.kind.as_str()).collect();
    assert_eq!(kinds, ["adopted"]);
    drop(store);
    check(&path).await.unwrap();
    change(&path, "INSERT INTO users VALUES ('u9', 'N', 'n', 'supervisor', 'north', 'x', 0, 0)");
    drop(SqliteStore::open(&path, &keys(&path)).unwrap());
    let found = check(&path).await.unwrap_err().to_string();
    assert!(found.contains("account u9"), "{found}");
}

/// What an entry said before counters were in it: four digests of the five.
const OF_BEFORE: &str = r#"UPDATE ledger_entries SET leaf = substr(leaf, 1, instr(leaf, '"account":"') + 141) || substr(leaf, instr(leaf, '"account":"') + 175)
    WHERE instr(leaf, '"account":"') > 0"#;

#[tokio::test]
async fn accounts_are_taken_into_the_log_with_their_counters_where_they_are_what_it_left() {
    let (_directory, path) = filled().await;
    change(&path, OF_BEFORE);
    change(&path, "UPDATE users SET role = 'supervisor' WHERE id = 'u2'");
    let kinds = |changes: Vec<store::ChangeEntry>| -> Vec<String> {
        changes.into_iter().map(|entry| entry.change.kind).collect()
    };
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    for (name, last) in [("u1", "adopted"), ("u2", "force-known")] {
        let all = kinds(store.changes_of(&user_id(name), None, 9).await.unwrap());
        assert_eq!(all[0], last, "{name}");
    }
    assert!(store.session(&token(1)).await.unwrap().is_some());
    store.start_session(session(7, "u1")).await.unwrap();
    let refused = store.start_session(session(8, "u2")).await;
    assert_eq!(refused, Err(StoreError::ChangedOutside { user: user_id("u2") }));
}

#[tokio::test]
async fn a_session_or_a_link_that_somebody_put_there_lets_nobody_in() {
    let (_directory, path) = filled().await;
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert!(store.session(&token(1)).await.unwrap().is_some());
    // Somebody who knows the tokens 9 and 8, and has the database.
    let (mine, link_of_mine) = (
        "x'0909090909090909090909090909090909090909090909090909090909090909'",
        "x'0808080808080808080808080808080808080808080808080808080808080808'",
    );
    for sql in [
        format!(
            "UPDATE sessions SET token_hash = {mine} WHERE user = 'u1'; UPDATE one_time_tokens SET token_hash = {link_of_mine} WHERE used_at IS NULL"
        ),
        format!(
            "INSERT INTO sessions VALUES ({mine}, {mine}, 'u1', 'password', 0, 0, 0, 9000000000000000, zeroblob(32));
             INSERT INTO one_time_tokens VALUES ({link_of_mine}, 'sign-in', 'u1', 9000000000000000, NULL, zeroblob(32))"
        ),
    ] {
        let clean = "DELETE FROM sessions WHERE token_hash <> x'0303030303030303030303030303030303030303030303030303030303030303'";
        change(&path, clean);
        change(&path, &sql);
        assert_eq!(store.session(&token(9)).await, Ok(None), "{sql}");
        let renewed = store.renew_session(&token(9), &token(10), at(90)).await;
        assert_eq!(renewed, Ok(false), "{sql}");
        let taken = store.take_token(&token(8), "sign-in", at(90)).await;
        assert_eq!(taken, Ok(TokenUse::Unknown), "{sql}");
        change(&path, &format!("DELETE FROM one_time_tokens WHERE token_hash = {link_of_mine}"));
    }
}

/// The other way round: the database from after an erasure with a keyring from before it. Nothing is refused for that and
/// nothing is read, and the keys go again at the first start.
#[tokio::test]
async fn a_keyring_from_before_an_erasure_is_no_fault_and_opens_nothing() {
    let (_directory, path) = filled().await;
    std::fs::copy(before(&path), keys(&path).ring()).unwrap();
    assert_eq!(check(&path).await.unwrap().reports, 2);
    let reading = SqliteStore::open_for_reading(&path, &keys(&path)).unwrap();
    assert_eq!(reading.keys_to_destroy_again().await, Ok(3));
    let readable = |events: Vec<StoredEvent>| events.iter().filter(|one| one.erased.is_none()).count();
    for (name, left) in [("r", 2), ("part", 1), ("gone", 0)] {
        let events = reading.load(&stream(name), 1).await.unwrap();
        assert_eq!(readable(events), left, "{name}");
    }
    drop(reading);
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    assert_eq!(store.keys_to_destroy_again().await, Ok(0));
    check(&path).await.unwrap();
}

/// A row that the guidance of before wrote is told, and no fault: the next start of a server writes it anew.
#[tokio::test]
async fn a_row_by_other_guidance_is_held_against_nothing() {
    let (_directory, path) = filled().await;
    let other = "UPDATE projections SET derived_by = 'sha256:two', class = 'aggravated' WHERE report = 'r'";
    change(&path, other);
    let held = check(&path).await.unwrap();
    assert_eq!((held.reports, held.listed), (2, 1));
}
