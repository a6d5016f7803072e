//! Rows that decide who may do what, changed behind the program: each change is found, and the first row that differs named.

use std::path::{Path, PathBuf};

use store::{
    Append, Derived, DerivedAccess, Deriving, Erase, Findable, Identity, Log as _, LogFault,
    NewEvent, OpenError, Passkey, ProjectionRow, RowsHeld, SqliteStore, Store as _, StoreError,
    StoredEvent, StreamId, Subject, Ties, WaysIn as _,
};
use tempfile::TempDir;

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
    ProjectionRow {
        ties: ties(),
        allocated_to: Some(user_id("u1")),
        ..row(name)
    }
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
        findable: vec![findable("A", &["one", "two"]), findable("B", &[])],
    })
}

fn deriving() -> Deriving {
    Deriving {
        derive,
        findable_when: (DERIVED.0, DERIVED.1.into()),
        now: at(4_000),
    }
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
    for name in ["r", "part", "gone"] {
        let known = NewEvent {
            subject: person("A"),
            ..event("identity-stated")
        };
        let append = Append {
            projection: Some(with_ties(name)),
            findable: vec![Findable {
                subject: person("A"),
                terms: vec!["one".into(), "two".into()],
            }],
            ..append(name, 0, vec![event("started"), known])
        };
        store.append(append, None).await.unwrap();
    }
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
    // A use of a passkey is no change of it.
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
    let all = RowsHeld {
        reports: 2,
        unreadable: 0,
        findable: true,
    };
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
    let held = RowsHeld {
        reports: 2,
        unreadable: 1,
        findable: false,
    };
    assert_eq!(check(&path).await, Ok(held));
}

/// What is changed, and what is said of it: what, as it is, as the log has it.
const CHANGES: &[(&str, [&str; 3])] = &[
    // Accounts.
    ("UPDATE users SET role = 'supervisor' WHERE id = 'u1'",
     ["account u1", "supervisor in north, active", "another name, role, unit, or whether it may sign in"]),
    ("UPDATE users SET unit = 'south' WHERE id = 'u2'", ["account u2", "officer in south", "entry 5 was the last about it"]),
    ("UPDATE users SET disabled = 1 WHERE id = 'u2'", ["account u2", "disabled", "name, role, unit"]),
    ("UPDATE users SET sign_in_name = 'x' WHERE id = 'u2'", ["account u2", "", "name, role, unit"]),
    ("UPDATE users SET password_hash = 'x' WHERE id = 'u2'", ["account u2", "", "another password"]),
    ("DELETE FROM users WHERE id = 'u2'", ["", "", ""]),
    ("INSERT INTO users VALUES ('u9', 'N', 'n', 'supervisor', 'north', 'x', 0, 0)",
     ["account u9", "supervisor in north", "of no such account"]),
    // Ways in.
    ("UPDATE passkeys SET checks = '{\"cred\":{\"cred\":\"mine\",\"counter\":1}}' WHERE user = 'u1'",
     ["account u1", "", "another passkeys"]),
    ("UPDATE passkeys SET checks = 'mine' WHERE user = 'u1'", ["account u1", "", "another passkeys"]),
    ("UPDATE passkeys SET user = 'u2' WHERE user = 'u1'", ["account u1", "", "another passkeys"]),
    ("DELETE FROM passkeys WHERE user = 'u2'", ["account u2", "", "another passkeys"]),
    ("INSERT INTO passkeys VALUES (x'00', 'u2', 'mine', '{}', 0, NULL)", ["account u2", "", "another passkeys"]),
    ("UPDATE identities SET subject = 'mine' WHERE user = 'u1'", ["account u1", "", "ties to the force's own sign-in"]),
    ("DELETE FROM identities WHERE user = 'u1'", ["account u1", "", "ties to the force's own sign-in"]),
    ("INSERT INTO identities VALUES ('other', 'mine', 'u2', 0)", ["account u2", "", "ties to the force's own sign-in"]),
    // What was erased.
    ("DELETE FROM erasures WHERE stream = 'gone'", ["the erasure of report gone", "nothing", "that it was begun, in entry"]),
    ("UPDATE erasures SET actor = 'u9' WHERE stream = 'gone'", ["the erasure of report gone", "u9 erased it", "something else"]),
    ("UPDATE erasures SET subject = NULL WHERE stream = 'part'", ["the erasure of report part", "", "something else"]),
    ("UPDATE erasures SET done_at = NULL WHERE stream = 'gone'", ["report gone", "that it is not finished", "that it is finished"]),
    ("UPDATE erasures SET reference = 'WM-r' WHERE stream = 'gone'", ["report gone", "another reference", "were not these"]),
    ("UPDATE erasures SET reference = NULL WHERE stream = 'part'", ["report part", "another reference", "were not these"]),
    ("INSERT INTO erasures SELECT 90, 'r', NULL, 'WM-r', actor, at, leaf, done_at FROM erasures WHERE stream = 'gone'",
     ["the erasure of report r", "", "something else"]),
    ("INSERT INTO erasures SELECT 90, stream, subject, reference, actor, at, leaf, done_at FROM erasures WHERE stream = 'gone'",
     ["the erasure of report gone", "", "something else"]),
    ("DELETE FROM report_ties WHERE report = 'gone' AND tie = 'conflict'", ["report gone", "shut out", "were not these"]),
    ("UPDATE report_ties SET user = 'u9' WHERE report = 'gone' AND tie = 'conflict'", ["report gone", "shut out", "were not these"]),
    ("DELETE FROM erased_keys WHERE stream = 'part'", ["report part (person/A)", "fewer keys", "another number"]),
    ("DELETE FROM erased_keys WHERE stream = 'gone' AND subject = 'report'", ["report gone", "fewer keys", "another number"]),
    ("INSERT INTO erased_keys SELECT DISTINCT key_id, 'r', 'report' FROM events WHERE stream = 'r' AND version = 1",
     ["report r (report)", "a key that is to be destroyed", "no entry that says so"]),
    ("INSERT INTO erased_keys SELECT DISTINCT key_id, 'part', 'person/A' FROM events WHERE stream = 'r' AND version = 1",
     ["report part", "more keys", "another number"]),
    ("UPDATE erased_keys SET key_id = (SELECT key_id FROM events WHERE stream = 'r' AND version = 1) WHERE stream = 'part'",
     ["report part (person/A)", "a key that is to be destroyed", "or of another report"]),
    ("UPDATE erased_keys SET key_id = 'x' WHERE stream = 'gone' AND subject = 'report'",
     ["report gone", "a key that was not destroyed", "the whole report is erased"]),
    ("INSERT INTO projections (report, reference, unit, state, class, updated_at, derived_by) VALUES ('gone', 'W', 'n', 'open', 'c', 0, 'd')",
     ["report gone", "a row in a list", "the whole report is erased"]),
    ("INSERT INTO blind_index VALUES (zeroblob(32), 'gone', 'person/A')", ["report gone", "the index of people", "is erased"]),
    // Who may see a report.
    ("DELETE FROM projections WHERE report = 'r'", ["report WM-r (r)", "no row in the lists", "that it was begun"]),
    ("UPDATE projections SET reference = 'WM-9' WHERE report = 'r'", ["report WM-9 (r)", "reference: WM-9", "reference: WM-r"]),
    ("UPDATE projections SET unit = 'south' WHERE report = 'r'", ["report WM-r (r)", "unit: south", "unit: north"]),
    ("UPDATE projections SET allocated_to = 'u2' WHERE report = 'r'", ["(r)", "who works on it: u2", "who works on it: u1"]),
    ("UPDATE projections SET allocated_to = NULL WHERE report = 'r'", ["(r)", "who works on it: nobody", "who works on it: u1"]),
    ("UPDATE projections SET state = 'closed' WHERE report = 'r'", ["(r)", "closed: yes", "closed: no"]),
    ("UPDATE projections SET started_by = 'u2' WHERE report = 'r'", ["(r)", "who began it: u2", "who began it: u1"]),
    ("UPDATE projections SET restricted = 0 WHERE report = 'r'", ["(r)", "restricted: no", "restricted: yes"]),
    ("UPDATE projections SET alert_since = NULL WHERE report = 'r'", ["(r)", "supervisor since: none", "since: 2023"]),
    ("DELETE FROM report_ties WHERE report = 'r' AND tie = 'conflict'",
     ["(r)", "with a conflict of interest: nobody", "with a conflict of interest: u2"]),
    ("UPDATE report_ties SET user = 'u9' WHERE report = 'r' AND tie = 'conflict'", ["(r)", "interest: u9", "interest: u2"]),
    ("INSERT INTO report_ties VALUES ('r', 'conflict', 'u1', NULL)", ["(r)", "interest: u1, u2", "interest: u2"]),
    ("INSERT INTO report_ties VALUES ('r', 'member', 'u9', NULL)", ["(r)", "named in it: u1, u9", "named in it: u1"]),
    ("DELETE FROM report_ties WHERE report = 'r' AND tie = 'member'", ["(r)", "named in it: nobody", "named in it: u1"]),
    ("DELETE FROM report_ties WHERE report = 'r' AND tie = 'emergency'", ["(r)", "no such opening", "lets u3 in until 2023"]),
    ("UPDATE report_ties SET until = until + 1 WHERE report = 'r' AND tie = 'emergency'", ["(r)", "lets u3 in", "no such opening"]),
    ("INSERT INTO report_ties VALUES ('r', 'emergency', 'u9', 9000000000000000)", ["(r)", "lets u9 in", "no such opening"]),
    ("INSERT INTO report_ties VALUES ('nowhere', 'member', 'u9', NULL)", ["", "", ""]),
    ("DELETE FROM streams WHERE stream = 'r'", ["", "", ""]),
    // Whom it is found by.
    ("DELETE FROM blind_index WHERE stream = 'r' AND term = (SELECT min(term) FROM blind_index WHERE stream = 'r')",
     ["report r", "not everything that finds person/A", "more about them"]),
    ("INSERT INTO blind_index VALUES (zeroblob(32), 'r', 'person/A')", ["report r", "something that finds person/A", "nothing about them"]),
    ("UPDATE blind_index SET subject = 'person/B' WHERE stream = 'r'", ["report r", "finds person/B", "nothing about them"]),
    ("INSERT INTO blind_index SELECT term, 'part', subject FROM blind_index WHERE stream = 'r'",
     ["report part", "finds person/A", "nothing about them"]),
    ("INSERT INTO blind_index VALUES (zeroblob(32), 'nowhere', 'person/A')", ["report nowhere", "people who are found in it", "no such report"]),
];

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
            Err(StoreError::Damaged { detail }) => assert_eq!(words, &["", "", ""], "{sql}: {detail}"),
            other => panic!("{sql}: {other:?}"),
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
    let plain = "UPDATE users SET name = name; DELETE FROM checkpoints; DELETE FROM ledger_nodes; DELETE FROM ledger_entries;
        DELETE FROM way_in_changes; DELETE FROM accesses; UPDATE events SET leaf_index = NULL; DELETE FROM erasures; DELETE FROM erased_keys;
        DELETE FROM events WHERE stream <> 'r'; DELETE FROM report_ties WHERE report <> 'r'; DELETE FROM streams WHERE stream <> 'r';
        DELETE FROM blind_index WHERE stream <> 'r'; DELETE FROM projections WHERE report <> 'r'";
    change(&path, plain);
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
