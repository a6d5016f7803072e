//! What somebody with the rights of the administrator can do to the database, and what is said of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use crate::site::{Site, twenty};

/// What somebody does.
type Tamper<'a> = &'a dyn Fn(&Site);

/// The first entry that is wrong.
#[derive(Clone, Copy)]
enum First {
    Entry(u64),
    /// It is about no entry.
    None,
    /// It is in a table beside the log, and no export holds it.
    Table,
}

/// Both verifiers find it, the second one in an export that was written afterwards, and name the same entry.
fn found(site: &Site, what: &str, expected: &str, first: First, more: &[&str]) {
    let ran = site.run(&[&["verify"], more].concat());
    let said = format!("{what}: {}{}", ran.out, ran.err);
    assert_eq!(ran.code, 1, "{said}");
    assert!(ran.out.contains(expected), "{said}");
    let named = ran.err.split_once("the first entry that is wrong is ");
    let named = named.and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    let wanted = match first {
        First::Entry(entry) => Some(entry),
        First::None | First::Table => None,
    };
    assert_eq!(named, wanted, "{said}");

    let written = site.run(&["export", "--reason", "a test"]);
    assert_eq!(written.code, 0, "{what}: {}", written.err);
    let export = site.path("export.jsonl");
    fs::write(&export, written.out).unwrap();
    let key = more.iter().position(|word| *word == "--key");
    let key = key.map_or_else(|| site.key(), |place| more[place + 1].to_owned());
    let notes = site.path("elsewhere.notes");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let ran = Command::new("python3")
        .args([&script, &export])
        .args(["--key", key.as_str(), "--checkpoints"])
        .arg(notes)
        .output()
        .expect("python3 is needed for the second verifier");
    let said = String::from_utf8_lossy(&ran.stdout);
    let code = if matches!(first, First::Table) { 0 } else { 1 };
    assert_eq!(ran.status.code(), Some(code), "{what}: {said}");
    let named = wanted.map_or("-".to_owned(), |entry| entry.to_string());
    let ends = format!("first wrong entry: {named}\n");
    assert!(said.ends_with(&ends), "{what}: {said}");
}

#[test]
fn every_tampering_with_the_database_is_found_and_named() {
    let check = |what: &str, tamper: &dyn Fn(&Site), expected: &str, first: First| {
        let site = twenty();
        tamper(&site);
        found(&site, what, expected, first, &[]);
    };
    let sql = |text: &'static str| move |site: &Site| site.sql(text);
    check(
        "a byte of a body",
        &sql("UPDATE events SET body = CAST(x'00' || substr(body, 2) AS BLOB) WHERE leaf_index = 6"),
        "the words kept with entry 6 were changed",
        First::Entry(6),
    );
    check("a byte of a body, in the file", &hex_edit, "the words kept with entry 8 were changed", First::Entry(8));
    check(
        "two entries swapped",
        &sql("UPDATE ledger_entries SET leaf_index = -1 WHERE leaf_index = 4;
              UPDATE ledger_entries SET leaf_index = 4 WHERE leaf_index = 12;
              UPDATE ledger_entries SET leaf_index = 12 WHERE leaf_index = -1"),
        "the entries 4 and 12 were swapped",
        First::Entry(4),
    );
    check(
        "an entry deleted",
        &sql("DELETE FROM ledger_entries WHERE leaf_index = 9"),
        "entry 9 is missing",
        First::Entry(9),
    );
    check(
        "the end cut off",
        &sql(
            "DELETE FROM ledger_entries WHERE leaf_index >= 15; DELETE FROM ledger_nodes WHERE (idx + 1) << level > 15;
              DELETE FROM events WHERE leaf_index >= 15; DELETE FROM accesses WHERE leaf_index >= 15",
        ),
        "the log was cut after entry 14: it had 20 entries",
        First::Entry(15),
    );
    check(
        "the end cut off with its checkpoint",
        &sql(
            "DELETE FROM ledger_entries WHERE leaf_index >= 10; DELETE FROM ledger_nodes WHERE (idx + 1) << level > 10;
              DELETE FROM events WHERE leaf_index >= 10; DELETE FROM accesses WHERE leaf_index >= 10;
              DELETE FROM checkpoints WHERE size > 10",
        ),
        "the checkpoint of 20 entries is ahead of the 10 here",
        First::Entry(10),
    );
    check(
        "an entry edited",
        &sql(
            "UPDATE ledger_entries SET leaf = replace(leaf, '\"actor\":\"U2\"', '\"actor\":\"U1\"') WHERE leaf_index = 7",
        ),
        "entry 7 was changed",
        First::Entry(7),
    );
    check(
        "a hash edited",
        &sql("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 2"),
        "the hash kept over the entries 4 to 5 was changed; what it is over was not",
        First::Entry(4),
    );
    check(
        "a look deleted",
        &sql("DELETE FROM accesses WHERE leaf_index = 11"),
        "the look that entry 11 tells of was taken out of its table",
        First::Table,
    );
    check(
        "a look edited",
        &sql("UPDATE accesses SET user = 'U9' WHERE leaf_index = 11"),
        "what entry 11 tells of is not what it says",
        First::Table,
    );
    check(
        "an event deleted",
        &sql("DELETE FROM events WHERE leaf_index = 18"),
        "the words kept with entry 18 are gone",
        First::Entry(18),
    );
    check(
        "a checkpoint signed by somebody else",
        &|site| {
            let key = ledger::SigningKey::new(&origin(site), ledger::KeyKind::Log, &[7; 32]).unwrap();
            let head = checkpoint(site);
            let note = head.sign(&key).unwrap().to_string();
            site.sql(&format!("UPDATE checkpoints SET note = '{note}' WHERE size = 20"));
        },
        "the key is another one",
        First::None,
    );
}

/// Changes that no hash and no signature is about: what somebody without the keyring can do to the end of a log that was signed whole,
/// to what is kept beside its entries, and to rows that no entry tells of. Verified, each is named; nothing of it starts a server.
#[test]
fn what_no_signature_speaks_for_is_vouched_for_by_the_keyring() {
    let look =
        r#"{"actor":"U2","at":1,"kind":"report-opened","op":"consult","purpose":"Emergency","stream":"R1","v":1}"#;
    let added = |site: &Site| {
        // Entry 20 completes no node but its own.
        let node: String =
            ledger::leaf_hash(look.as_bytes()).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        site.sql(&format!(
            "INSERT INTO ledger_entries (leaf_index, leaf) VALUES (20, '{look}'); INSERT INTO ledger_nodes VALUES (0, 20, x'{node}');
             INSERT INTO accesses (leaf_index, kind, op, report, user, purpose, first_at, last_at, count)
             VALUES (20, 'report-opened', 'consult', 'R1', 'U2', 'Emergency', 1, 1, 1)"
        ));
    };
    let cases: &[(&str, Tamper<'_>, &str, bool)] = &[
        ("a look added at the end", &added, "the log has 21 entries, and no key vouches for it", false),
        (
            "what should vouch for it",
            &|site| site.sql("DELETE FROM ledger_head"),
            "no key vouches for it as it is",
            false,
        ),
        (
            "the nonce of words",
            &|site| site.sql("UPDATE ledger_entries SET nonce = zeroblob(12) WHERE words IS NOT NULL"),
            "of the log: the database has some that do not open",
            true,
        ),
        (
            "the key of words",
            &|site| site.sql("UPDATE ledger_entries SET key_id = lower(hex(randomblob(16))) WHERE words IS NOT NULL"),
            "of the log: the database has some that do not open",
            true,
        ),
        (
            "a look that no entry tells of",
            &|site| {
                site.sql(
                    "INSERT INTO accesses (kind, op, report, user, purpose, first_at, last_at, count)
                     VALUES ('report-opened', 'consult', 'R1', 'U9', 'Emergency', 1, 1, 1)",
                );
            },
            "the list of who looked was changed: no entry tells of its row",
            true,
        ),
        (
            "a step that a report says it has",
            &|site| site.sql("UPDATE streams SET version = version + 1"),
            "1 reports have gaps in their events",
            true,
        ),
        (
            "the number of a signed head",
            &|site| site.sql("UPDATE checkpoints SET size = 19 WHERE size = 20"),
            "what is kept as the checkpoint of 19 entries is another one",
            true,
        ),
        (
            "when a head was signed",
            &|site| site.sql("UPDATE checkpoints SET at = at + 1"),
            "the time of the last one was changed",
            false,
        ),
        (
            "a trigger",
            &|site| {
                let conn = Connection::open(site.database()).unwrap();
                conn.execute_batch("DROP TRIGGER events_are_never_removed; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
            },
            "the trigger events_are_never_removed is gone",
            true,
        ),
        (
            "the file elsewhere",
            &|site| fs::write(site.path("elsewhere.notes"), "").unwrap(),
            "the program had written a checkpoint of 20 entries into it",
            false,
        ),
        (
            "the file elsewhere, gone",
            &|site| fs::remove_file(site.path("elsewhere.notes")).unwrap(),
            "the program had written a checkpoint of 20 entries into it",
            false,
        ),
    ];
    for (what, tamper, expected, starts) in cases {
        let site = twenty();
        let ran = site.run(&["verify"]);
        assert_eq!(ran.code, 0, "{what}, before: {}{}", ran.out, ran.err);
        tamper(&site);
        let ran = site.run(&["verify"]);
        let said = format!("{what}: {}{}", ran.out, ran.err);
        assert_eq!(ran.code, 1, "{said}");
        assert!(ran.out.contains(expected) && !ran.out.contains("Everything is as it was signed"), "{said}");
        let keys = store::Keys::at(site.path("keys")).with_checkpoints(site.path("elsewhere.notes"));
        assert_eq!(store::SqliteStore::open(site.database(), &keys).is_ok(), *starts, "{what}");
    }
}

/// An export whose last checkpoint was taken out, and everything after the one before it written anew.
#[test]
fn an_export_whose_end_nothing_signed_speaks_for_is_not_called_sound() {
    let site = twenty();
    site.work("R1", 2, 10);
    let written = site.run(&["export", "--reason", "a test"]);
    let export = site.path("export.jsonl");
    let lines: Vec<&str> = written.out.lines().collect();
    let last = lines.iter().rposition(|line| line.starts_with("{\"checkpoint\"")).unwrap();
    let without: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != last).map(|(_, line)| *line).collect();
    fs::write(&export, format!("{}\n", without.join("\n"))).unwrap();
    let key = site.key();
    let ran = crate::site::run(&["verify", export.to_str().unwrap(), "--key", &key]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("Everything is as it was signed"), "{}", ran.out);
    assert!(ran.err.contains("came after the last checkpoint: nothing signed speaks for them"), "{}", ran.err);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify/verify.py");
    let second = Command::new("python3").arg(script).arg(&export).output().unwrap();
    let said = String::from_utf8_lossy(&second.stdout);
    assert_eq!(second.status.code(), Some(3), "{said}");
    assert!(
        said.contains("nothing signed speaks for the last") && said.contains("the key is the one in the export itself"),
        "{said}"
    );
}

/// How often somebody looked, and when last, is in the log once their quarter of an hour is over.
#[test]
fn a_count_of_looks_that_was_edited_is_found() {
    for (edit, sound) in [
        ("SELECT 1", true),
        ("UPDATE accesses SET count = 2 WHERE count = 4", false),
        ("UPDATE accesses SET count = 9 WHERE count = 4", false),
        ("UPDATE accesses SET count = 9, counted_at = NULL WHERE count = 4", false),
        ("UPDATE accesses SET count = 1, last_at = first_at, counted_at = NULL WHERE count = 4", false),
        ("UPDATE accesses SET last_at = last_at - 1 WHERE count = 4", false),
        ("UPDATE accesses SET counted_at = NULL WHERE count = 4", false),
        ("UPDATE accesses SET last_at = last_at + 1 WHERE leaf_index = 1", false),
        ("UPDATE accesses SET count = 4, counted_at = 3 WHERE leaf_index = 1", false),
        ("DELETE FROM accesses WHERE count = 4", false),
    ] {
        let site = Site::new();
        site.work("R1", 5, 0);
        site.look_again("R1", 100, 3);
        site.work("R1", 1, 5);
        site.sql(edit);
        let ran = site.run(&["verify"]);
        let said = format!("{edit}: {}{}", ran.out, ran.err);
        assert_eq!(ran.code, i32::from(!sound), "{said}");
        let names =
            ran.out.contains("the list of who looked was changed") || ran.out.contains("was taken out of its table");
        assert_eq!(names, !sound, "{said}");
    }
}

/// Changes one byte of the file itself, without any database.
fn hex_edit(site: &Site) {
    // Everything is in the file and not in the log beside it.
    site.sql("SELECT 1");
    let conn = Connection::open(site.database()).unwrap();
    let body: Vec<u8> = conn.query_row("SELECT body FROM events WHERE leaf_index = 8", [], |row| row.get(0)).unwrap();
    drop(conn);
    let mut file = fs::read(site.database()).unwrap();
    let place = file.windows(body.len()).position(|part| part == body).unwrap();
    file[place + 20] ^= 0x10;
    fs::write(site.database(), file).unwrap();
}

fn notes(site: &Site) -> Vec<ledger::SignedNote> {
    let text = fs::read_to_string(site.path("elsewhere.notes")).unwrap();
    text.split("\n----\n").skip(1).map(|note| note.parse().unwrap()).collect()
}

fn checkpoint(site: &Site) -> ledger::Checkpoint {
    ledger::Checkpoint::parse(notes(site).last().unwrap().text()).unwrap()
}

fn origin(site: &Site) -> String {
    checkpoint(site).origin
}

#[test]
fn an_older_backup_that_was_put_back_is_found() {
    let site = Site::new();
    site.work("R1", 5, 0);
    let backup = site.path("backup.db");
    site.sql("SELECT 1");
    fs::copy(site.database(), &backup).unwrap();
    site.work("R1", 5, 5);
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(site.path(&format!("data/waymark.db{ending}")));
    }
    fs::copy(&backup, site.database()).unwrap();
    let ran = site.run(&["verify"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("this is an older backup"), "{}", ran.out);
    // It takes no entry any more, and is exported all the same, for whoever has to find out.
    let ran_export = site.run(&["export", "--reason", "a test"]);
    assert_eq!(ran_export.code, 0, "{}", ran_export.err);
    let says = "that it was taken is written nowhere";
    assert!(ran_export.err.contains(says), "{}", ran_export.err);
    assert!(!ran_export.out.contains("log-taken"));
    assert!(ran.out.contains("the checkpoint of 20 entries is ahead of the 10 here"), "{}", ran.out);
}

#[test]
fn a_replaced_key_is_found() {
    let (site, other) = (twenty(), twenty());
    let key = site.key();
    // A whole other record, with keys of its own, in the place of the first.
    for folder in ["data", "keys"] {
        fs::remove_dir_all(site.path(folder)).unwrap();
        fs::rename(other.path(folder), site.path(folder)).unwrap();
    }
    assert_ne!(site.key(), key);
    // Against the key that was written down, and against the checkpoints kept elsewhere alone.
    let with_key: &[&str] = &["--key", &key];
    let another = "the key is another one";
    found(&site, "key", another, First::Entry(0), with_key);
    let of_another = "the checkpoint is of the log";
    found(&site, "checkpoints", of_another, First::None, &[]);
    // The checkpoints of the other one do not help.
    fs::copy(other.path("elsewhere.notes"), site.path("elsewhere.notes")).unwrap();
    found(&site, "with its own", another, First::None, with_key);
}
