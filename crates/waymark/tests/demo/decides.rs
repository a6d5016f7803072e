//! Rows that decide who may do what, of reports as pages make them: they fit the log, and what is changed with SQL does not.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::waymark;

/// What is done to the database, and what is said of it.
const CHANGES: &[(&str, &str)] = &[
    ("DELETE FROM report_ties WHERE tie = 'member'", "named in it: nobody, the log says named in it: officer-two"),
    ("UPDATE projections SET restricted = 0", "restricted: no, the log says restricted: yes"),
    (
        "INSERT INTO report_ties SELECT report, 'conflict', 'officer-one', NULL FROM projections LIMIT 1",
        "with a conflict of interest: officer-one, the log says with a conflict of interest: nobody",
    ),
    (
        "UPDATE projections SET unit = 'Mine' WHERE state <> 'closed'",
        "the database has unit: Mine, the log says unit: ",
    ),
    (
        "UPDATE projections SET allocated_to = 'supervisor' WHERE allocated_to IS NOT NULL",
        "who works on it: supervisor, the log says who works on it: ",
    ),
    ("UPDATE projections SET state = 'working' WHERE state = 'closed'", "closed: no, the log says closed: yes"),
    (
        "UPDATE projections SET awaiting_review_since = NULL",
        "waiting for a supervisor since: none, the log says waiting for a supervisor since: 20",
    ),
    ("UPDATE projections SET next_due_at = NULL", "next due: none, the log says next due: "),
    (
        "UPDATE projections SET class = 'experimental' WHERE class = 'aggravated'",
        "class: experimental, the log says class: aggravated",
    ),
    ("DELETE FROM projections WHERE state = 'closed'", "no row in the lists, the log says that it was begun"),
    ("DELETE FROM blind_index WHERE term = (SELECT max(term) FROM blind_index)", "not everything that finds "),
    (
        "UPDATE users SET role = 'supervisor' WHERE id = 'officer-one'",
        "account officer-one: the database has supervisor in ",
    ),
    (
        "INSERT INTO users VALUES ('u9', 'N', 'n', 'auditor', 'north', NULL, 0, 0)",
        "account u9: the database has auditor in north, active, the log says of no such account",
    ),
    ("DELETE FROM users WHERE id = 'officer-two'", "account officer-two: the database has none"),
    ("INSERT INTO passkeys VALUES (x'01', 'officer-one', 'mine', '{}', 0, NULL)", "left its passkeys different"),
    (
        "INSERT INTO identities VALUES ('https://mine.example', 'me', 'officer-one', 0)",
        "left its ties to the force's own sign-in different",
    ),
    (
        "INSERT INTO sessions VALUES (zeroblob(32), zeroblob(32), 'supervisor', 'password', 0, 0, 0, 9000000000000000, zeroblob(32))",
        "a session of account supervisor: the database has one that began at 1970-01-01T00:00:00Z, the log says of no such one",
    ),
    (
        "INSERT INTO one_time_tokens VALUES (zeroblob(32), 'sign-in', 'supervisor', 9000000000000000, NULL, zeroblob(32))",
        "a one-time link of account supervisor: ",
    ),
    (
        "INSERT INTO erased_keys SELECT key_id, stream, 'report' FROM events LIMIT 1",
        "a key that is to be destroyed, the log says no entry that says so",
    ),
    ("DELETE FROM streams WHERE stream = (SELECT max(stream) FROM streams)", "events, and nothing else of it"),
];

pub fn decides(folder: &Path) {
    let (code, said) = verify(folder);
    assert_eq!(code, 0, "{said}");
    let fits = "Accounts, ways in, erasures and who may see each of 16 reports fit what the log says\n";
    assert!(said.contains(fits), "{said}");
    assert!(!said.contains("held against nothing"), "{said}");

    let keep = tempfile::tempdir().unwrap();
    for (sql, words) in CHANGES {
        let copy = copied(folder, &keep.path().join("copy"));
        let conn = Connection::open(copy.join("waymark.db")).unwrap();
        conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        conn.close().unwrap();
        let (code, said) = verify(&copy);
        assert_eq!(code, 1, "{sql}: {said}");
        assert!(said.contains("NOT as it was signed"), "{sql}: {said}");
        assert!(said.contains(words), "{sql}: {said}");
        assert!(
            said.contains("keep a copy of the database") || said.contains("Keep a copy of the database"),
            "{sql}: {said}"
        );
    }
}

fn verify(folder: &Path) -> (i32, String) {
    let dir = folder.to_str().unwrap();
    let ran = waymark(&["audit", "verify", "--dir", dir]).output().unwrap();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    (ran.status.code().unwrap(), text)
}

/// The folder of a demonstration, copied in the place of the last copy.
fn copied(from: &Path, to: &Path) -> PathBuf {
    let _ = fs::remove_dir_all(to);
    let copied = std::process::Command::new("cp").arg("-r").args([from, to]).status();
    assert!(copied.unwrap().success());
    to.to_owned()
}
