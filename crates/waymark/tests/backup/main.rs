//! Backups from the outside: made while officers write, brought back, and refused where they are not whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod elsewhere;
mod erased;
mod forged;
mod keys;
mod laptop;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use store::{Append, EventId, Keys, NewEvent, Operation, Record as _, SqliteStore, StreamId, Subject};
use tempfile::TempDir;

/// What is typed into every event, and must not be found in a backup.
const TYPED: &str = "the words of a child, made up";

fn waymark(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_waymark");
    Command::new(program).args(arguments).output().unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.build().unwrap()
}

#[track_caller]
fn says(output: &Output, code: i32, words: &str) {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(words), "\"{words}\" is not in: {text}");
}

/// A folder with a database, a key for backups, and what is needed to make one.
struct Force {
    keep: TempDir,
    public: String,
}

impl Force {
    fn new() -> Self {
        let keep = TempDir::new().unwrap();
        let made = waymark(&["backup", "--make-key", keep.path().join("key.txt").to_str().unwrap()]);
        says(&made, 0, "Without it no backup can be opened");
        let public = String::from_utf8(made.stdout).unwrap();
        let public = public.lines().next().unwrap().to_owned();
        assert!(public.starts_with("age1"), "{public}");
        Self { keep, public }
    }

    fn path(&self, name: &str) -> String {
        self.keep.path().join(name).to_str().unwrap().to_owned()
    }

    fn keys(&self) -> Keys {
        Keys::at(self.path("data/keys"))
    }

    fn store(&self) -> SqliteStore {
        SqliteStore::open(self.path("data/waymark.db"), &self.keys()).unwrap()
    }

    fn backup(&self) -> Output {
        let (dir, to) = (self.path("data"), self.path("backups"));
        waymark(&["backup", "--dir", &dir, "--to", &to, "--recipient", &self.public])
    }

    fn restore(&self, file: &Path, into: &str) -> Output {
        let (key, into, keys) = (self.path("key.txt"), self.path(into), self.path("data/keys"));
        let file = file.to_str().unwrap();
        waymark(&["restore", file, "--key", &key, "--keys", &keys, "--into", &into])
    }

    /// Every file in the folder of backups.
    fn backups(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("backups"));
        entries.into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Everything in the folder of the database that a backup might have left behind.
    fn left_over(&self) -> usize {
        let entries = fs::read_dir(self.path("data")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with(".backup")).count()
    }
}

fn event(stream: &str, version: u64) -> NewEvent {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&version.to_le_bytes());
    id[8..8 + stream.len()].copy_from_slice(stream.as_bytes());
    NewEvent {
        event_id: EventId::from_bytes(id),
        kind: "said".to_owned(),
        recorded_at: "2026-11-24T09:00:00Z".parse().unwrap(),
        actor: "U1".to_owned(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: format!("{stream} {version} {TYPED}").into_bytes(),
    }
}

async fn append(store: &SqliteStore, stream: &str, before: u64) {
    let append = Append {
        stream: StreamId::new(stream).unwrap(),
        expected_version: before,
        events: vec![event(stream, before + 1)],
        projection: None,
        findable: Vec::new(),
    };
    store.append(append, None).await.unwrap();
}

async fn versions(store: &SqliteStore) -> BTreeMap<String, u64> {
    let heads = store.all_streams(None, 100).await.unwrap();
    heads.into_iter().map(|head| (head.stream.to_string(), head.version)).collect()
}

#[test]
fn made_under_load_it_holds_everything_acknowledged_before_it() {
    let force = Force::new();
    let store = Arc::new(force.store());
    let acknowledged = Arc::new(Mutex::new(BTreeMap::<String, u64>::new()));
    let stop = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let officers: Vec<_> = (0..4)
        .map(|n| {
            let (store, told, stop) = (Arc::clone(&store), Arc::clone(&acknowledged), Arc::clone(&stop));
            runtime.spawn(async move {
                let stream = format!("r{n}");
                let mut version = 0;
                while !stop.load(Ordering::Relaxed) {
                    append(&store, &stream, version).await;
                    version += 1;
                    told.lock().unwrap().insert(stream.clone(), version);
                }
            })
        })
        .collect();
    let mut before = BTreeMap::new();
    for _ in 0..3 {
        while acknowledged.lock().unwrap().len() < 4 {
            std::thread::yield_now();
        }
        before.clone_from(&acknowledged.lock().unwrap());
        says(&force.backup(), 0, "4 reports, ");
        // Names tell them apart by the second and by the position of the log.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    stop.store(true, Ordering::Relaxed);
    for officer in officers {
        runtime.block_on(officer).unwrap();
    }
    let after = runtime.block_on(versions(&store));
    let mut backups = force.backups();
    backups.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
    assert_eq!(backups.len(), 3, "nothing but whole backups: {backups:?}");
    says(&force.restore(backups.last().unwrap(), "restored"), 0, "holds together");
    let restored = SqliteStore::open_for_reading(force.path("restored/waymark.db"), &force.keys()).unwrap();
    let found = runtime.block_on(versions(&restored));
    for (stream, version) in &found {
        assert!(before[stream] <= *version && *version <= after[stream], "{stream}: {before:?} {found:?} {after:?}");
        let events = runtime.block_on(restored.load(&StreamId::new(stream).unwrap(), 0)).unwrap();
        assert_eq!(events.last().unwrap().body, event(stream, *version).body);
    }
    assert_eq!(found.len(), 4);
}

#[test]
fn only_the_secret_key_opens_it_and_nothing_typed_can_be_read() {
    let force = Force::new();
    let runtime = runtime();
    runtime.block_on(append(&force.store(), "r", 0));
    says(&force.backup(), 0, "1 reports, 1 events");
    let backup = force.backups().remove(0);
    let bytes = fs::read(&backup).unwrap();
    let holds = |words: &str| bytes.windows(words.len()).any(|part| part == words.as_bytes());
    assert!(!holds(TYPED) && !holds("SQLite format") && !holds("contents.json"));
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);

    let other = Force::new();
    drop(other.store());
    let wrong = other.restore(&backup, "restored");
    says(&wrong, 2, "does not open it");
    assert!(!Path::new(&other.path("restored")).exists());
    fs::write(other.path("key.txt"), "no key\n").unwrap();
    says(&other.restore(&backup, "restored"), 2, "no secret key can be read");

    says(&force.restore(&backup, "restored"), 0, "Restored into");
    says(&force.restore(&backup, "restored"), 2, "nothing is overwritten");
    fs::create_dir(force.path("empty")).unwrap();
    says(&force.restore(&backup, "empty"), 0, "Restored into");
}

#[test]
fn a_cut_or_changed_file_restores_nothing() {
    let force = Force::new();
    let runtime = runtime();
    runtime.block_on(append(&force.store(), "r", 0));
    says(&force.backup(), 0, "1 events");
    let whole = fs::read(force.backups().remove(0)).unwrap();
    let bad = PathBuf::from(force.path("bad.age"));
    let cuts = [0, 10, 200, 300, whole.len() / 2, whole.len() - 16, whole.len() - 1];
    let cut = cuts.iter().map(|length| whole[..*length].to_vec());
    let changed = (0..12).map(|n| {
        let mut bytes = whole.clone();
        let at = n * (bytes.len() - 1) / 11;
        bytes[at] ^= 1;
        bytes
    });
    let longer = [whole.as_slice(), b"x"].concat();
    for bytes in cut.chain(changed).chain([longer]) {
        fs::write(&bad, &bytes).unwrap();
        let output = force.restore(&bad, "restored");
        assert_eq!(output.status.code(), Some(1), "{} bytes: {output:?}", bytes.len());
        let left: Vec<_> = fs::read_dir(force.keep.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().contains("restored")), "{left:?}");
    }
    fs::write(&bad, &whole).unwrap();
    says(&force.restore(&bad, "restored"), 0, "1 events");
}

#[test]
fn without_a_key_or_a_database_nothing_is_made() {
    let force = Force::new();
    let dir = force.path("data");
    says(&waymark(&["backup", "--dir", &dir]), 2, "--make-key");
    says(&waymark(&["backup", "--dir", &dir, "--recipient", "age1x"]), 2, "no age public key");
    says(&force.backup(), 2, "there is no database");
    says(&waymark(&["backup"]), 2, "--config FILE");
    says(&waymark(&["backup", "--make-key", &force.path("key.txt")]), 2, "no key is written over another");
    assert!(force.backups().is_empty());
    drop(force.store());
    says(&force.backup(), 0, "0 reports, 0 events");
    assert_eq!(force.left_over(), 0);
}

#[test]
fn the_doctor_tells_what_to_do_until_all_is_well() {
    let force = Force::new();
    let dir = force.path("data");
    let doctor = |more: &[&str]| waymark(&[&["doctor", "--dir", dir.as_str()], more].concat());
    says(&doctor(&[]), 1, "there is no database");
    drop(force.store());
    says(&doctor(&[]), 1, "waymark backup --make-key FILE");
    let to = format!("{dir}/backups");
    let made = waymark(&["backup", "--dir", &dir, "--to", &to, "--recipient", &force.public]);
    says(&made, 0, "0 events");
    says(&doctor(&[]), 1, "waymark keys copy FILE");
    let keys = force.path("keys.tar.age");
    let copied = ["keys", "copy", &keys, "--dir", &dir, "--recipient", &force.public];
    says(&waymark(&copied), 0, "It was read back and is whole");
    says(&doctor(&["--thorough"]), 0, "holds together");
    let json = doctor(&["--json"]);
    assert_eq!(json.status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(told["well"], true);
    let checks: Vec<&str> =
        told["checks"].as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    for check in ["sqlite", "database", "keys", "log", "key copy", "modes", "disk", "room", "backup"] {
        assert!(checks.contains(&check), "{check}: {checks:?}");
    }
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(format!("{dir}/waymark.db"), fs::Permissions::from_mode(0o644)).unwrap();
    says(&doctor(&[]), 1, "chmod 600");
}
