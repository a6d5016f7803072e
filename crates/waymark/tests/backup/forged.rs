//! A backup that somebody forged: the key it is encrypted to is public, so anybody can make one of a changed database.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use rusqlite::Connection;
use store::{AccessEntry, Change, Log as _, SqliteStore, Store as _, User};

use super::{Force, append, runtime, says, waymark};

/// What is in a backup: its list, and its files.
struct Opened {
    contents: serde_json::Value,
    files: Vec<(String, Vec<u8>)>,
}

fn open(backup: &Path, key: &str) -> Opened {
    let key: age::x25519::Identity = fs::read_to_string(key)
        .unwrap()
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY"))
        .unwrap()
        .parse()
        .unwrap();
    let decrypted = age::decrypt(&key, &fs::read(backup).unwrap()).unwrap();
    let mut archive = tar::Archive::new(decrypted.as_slice());
    let mut files = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        files.push((name, bytes));
    }
    let (_, list) = files.remove(0);
    let contents = serde_json::from_slice(&list).unwrap();
    Opened { contents, files }
}

/// Packs and encrypts it as anybody can, with what the list says put right.
fn pack(mut opened: Opened, recipient: &str, to: &Path) {
    let files: Vec<serde_json::Value> =
        opened.files.iter().map(|(name, bytes)| serde_json::json!({"name": name, "bytes": bytes.len()})).collect();
    opened.contents["files"] = files.into();
    let list = serde_json::to_vec(&opened.contents).unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    let first = ("contents.json".to_owned(), list);
    for (name, bytes) in std::iter::once(first).chain(opened.files) {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        let appended = archive.append_data(&mut header, name, bytes.as_slice());
        appended.unwrap();
    }
    let recipient: age::x25519::Recipient = recipient.parse().unwrap();
    let sealed = age::encrypt(&recipient, &archive.into_inner().unwrap()).unwrap();
    fs::write(to, sealed).unwrap();
}

/// The backup with its database changed.
fn forged(force: &Force, backup: &Path, sql: &str) -> PathBuf {
    let mut opened = open(backup, &force.path("key.txt"));
    let (_, database) = opened.files.iter_mut().find(|(name, _)| name.ends_with(".db")).unwrap();
    let file = force.path("forged.db");
    fs::write(&file, &database).unwrap();
    let conn = Connection::open(&file).unwrap();
    let triggers: Vec<(String, String)> = {
        let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        let all = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        all.collect::<Result<_, _>>().unwrap()
    };
    let drop: String = triggers.iter().map(|(trigger, _)| format!("DROP TRIGGER {trigger};")).collect();
    let again: String = triggers.iter().map(|(_, made)| format!("{made};")).collect();
    conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {drop} {sql}; {again}")).unwrap();
    let counts = "SELECT (SELECT count(*) FROM streams), (SELECT count(*) FROM events)";
    let (reports, events): (i64, i64) = conn.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    conn.close().unwrap();
    *database = fs::read(&file).unwrap();
    opened.contents["reports"] = reports.into();
    opened.contents["events"] = events.into();
    let to = PathBuf::from(force.path("forged.tar.age"));
    pack(opened, &force.public, &to);
    to
}

fn restored(force: &Force, backup: &Path, into: &str, checkpoints: &str) -> Output {
    let (key, keys, into) = (force.path("key.txt"), force.path("data/keys"), force.path(into));
    let backup = backup.to_str().unwrap();
    waymark(&["restore", backup, "--key", &key, "--keys", &keys, "--into", &into, "--checkpoints", checkpoints])
}

/// Everything from entry 4 on.
const CUT: &str = "DELETE FROM ledger_entries WHERE leaf_index >= 4;
    DELETE FROM ledger_nodes WHERE (idx + 1) << level > 4;
    DELETE FROM events WHERE leaf_index >= 4; DELETE FROM accesses WHERE leaf_index >= 4;
    UPDATE streams SET version = 2;";

#[test]
fn a_forged_backup_is_refused_and_what_was_changed_is_named() {
    let (force, runtime) = (Force::new(), runtime());
    let file = force.path("checkpoints");
    let keys = force.keys().with_checkpoints(&file);
    let store = SqliteStore::open(force.path("data/waymark.db"), &keys).unwrap();
    // Events are the even entries, looks the odd ones.
    for before in 0..3 {
        runtime.block_on(append(&store, "r", before));
        let look = AccessEntry {
            kind: "report-opened".into(),
            op: store::Operation::Consult,
            stream: Some("r".parse().unwrap()),
            actor: "U2".parse().unwrap(),
            purpose: "Reviewing".into(),
            reason: None,
            at: "2026-11-24T09:00:00Z".parse().unwrap(),
            repeats: false,
        };
        runtime.block_on(store.note_access(look)).unwrap();
    }
    let now = "2026-11-24T10:00:00Z".parse().unwrap();
    runtime.block_on(store.checkpoint(now)).unwrap();
    drop(store);
    says(&force.backup(), 0, "3 events");
    let backup = force.backups().remove(0);
    let restore = |backup: &Path, into: &str| restored(&force, backup, into, &file);
    // The control: what is packed again without a change is restored.
    let same = forged(&force, &backup, "SELECT 1;");
    says(&restore(&same, "same"), 0, "for 6 of the 6 entries");

    let cut_with_heads = format!("{CUT} DELETE FROM checkpoints WHERE size > 4;");
    for (sql, named) in [
        (
            "UPDATE events SET body = CAST(x'00' || substr(body, 2) AS BLOB) WHERE leaf_index = 2;",
            "entry 2 of report r is not the one in the log",
        ),
        ("UPDATE events SET actor = 'U9' WHERE leaf_index = 4;", "entry 3 of report r is not the one in the log"),
        ("UPDATE ledger_entries SET leaf = replace(leaf, 'U2', 'U1') WHERE leaf_index = 3;", "entry 3 was changed"),
        ("DELETE FROM ledger_entries WHERE leaf_index = 3;", "entry 3 is missing"),
        ("UPDATE accesses SET user = 'U9' WHERE leaf_index = 3;", "what entry 3 tells of is not what it says"),
        ("DELETE FROM accesses WHERE leaf_index = 3;", "the look that entry 3 tells of was taken out of its table"),
        (CUT, "the log has 4 entries, but 6 were signed"),
    ] {
        let backup = forged(&force, &backup, sql);
        let refused = restore(&backup, "refused");
        says(&refused, 1, named);
        assert!(!Path::new(&force.path("refused")).exists(), "{sql}");
    }
    // Cut off with what was signed over it, it would be no other than an older backup, if a key vouched for that end.
    let older = forged(&force, &backup, &cut_with_heads);
    says(&restore(&older, "older"), 1, "the log has 4 entries, and no key vouches for it as it is");
}

/// Who may do what is changed, and nothing that the log holds.
#[test]
fn a_forged_backup_that_lets_somebody_do_more_is_refused_and_the_row_is_named() {
    let (force, runtime) = (Force::new(), runtime());
    let file = force.path("checkpoints");
    let keys = force.keys().with_checkpoints(&file);
    let store = SqliteStore::open(force.path("data/waymark.db"), &keys).unwrap();
    let now: jiff::Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let user = User {
        id: "u1".parse().unwrap(),
        name: "PC Example".into(),
        sign_in_name: "example".into(),
        role: "officer".into(),
        unit: "north".into(),
        password_hash: Some("made up".into()),
        disabled: false,
        created_at: now,
    };
    let made = Change {
        user: user.id.clone(),
        by: None,
        session: None,
        kind: "created".into(),
        detail: String::new(),
        at: now,
    };
    runtime.block_on(store.add_user(user, made)).unwrap();
    runtime.block_on(append(&store, "r", 0));
    runtime.block_on(store.checkpoint(now)).unwrap();
    drop(store);
    says(&force.backup(), 0, "1 events");
    let backup = force.backups().remove(0);
    let same = forged(&force, &backup, "SELECT 1;");
    let fits = "Accounts, ways in, erasures and who may see each of 0 reports fit what the log says";
    says(&restored(&force, &same, "same", &file), 0, fits);
    for (sql, named) in [
        (
            "UPDATE users SET role = 'supervisor';",
            "account u1: the database has supervisor in north, active, the log says that entry 0, the last about it, left its name, role, unit, or whether it may sign in different",
        ),
        ("UPDATE users SET password_hash = 'mine';", "left its password different"),
        ("INSERT INTO passkeys VALUES (x'01', 'u1', 'mine', '{}', 0, NULL);", "left its passkeys different"),
        (
            "INSERT INTO erased_keys SELECT key_id, stream, 'report' FROM events;",
            "a key that is to be destroyed, the log says no entry that says so",
        ),
        ("INSERT INTO report_ties VALUES ('nowhere', 'member', 'u1', NULL);", "refer to something that is not there"),
        (
            "INSERT INTO blind_index VALUES (zeroblob(32), 'nowhere', 'person/A');",
            "people who are found in it, the log says of no such report",
        ),
    ] {
        let backup = forged(&force, &backup, sql);
        says(&restored(&force, &backup, "refused", &file), 1, named);
        assert!(!Path::new(&force.path("refused")).exists(), "{sql}");
    }
}
