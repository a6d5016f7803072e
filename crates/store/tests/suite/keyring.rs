//! The keyring: what is refused, in which words, and that no key is ever lost that something is under.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use store::{Append, KeyError, Keys, NewEvent, OpenError, Record as _, SqliteStore, StoreError, Subject};
use tempfile::TempDir;

use crate::fixture::*;

struct Place {
    path: PathBuf,
    keys: Keys,
    _directory: TempDir,
}

fn place() -> Place {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    Place { keys: keys(&path), path, _directory: directory }
}

impl Place {
    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path, &self.keys).unwrap()
    }

    #[track_caller]
    fn refused(&self, keys: &Keys) -> KeyError {
        let before = fs::read(&self.path).ok();
        let ring = fs::read(keys.ring()).ok();
        let error = self.refused_new(keys);
        let after = fs::read(keys.ring()).ok();
        assert_eq!(after, ring, "a refused keyring was changed");
        let after = fs::read(&self.path).ok();
        assert_eq!(after, before, "a refused database was changed");
        error
    }

    #[track_caller]
    fn refused_new(&self, keys: &Keys) -> KeyError {
        let opened = SqliteStore::open(&self.path, keys);
        match opened.err().expect("it was opened") {
            OpenError::Keys(error) => {
                assert!(!error.help().is_empty() && !error.to_string().ends_with('.'));
                error
            }
            other => panic!("{other}"),
        }
    }

    fn ring(&self) -> PathBuf {
        self.keys.ring()
    }
}

fn about(name: &str, version: u64, subject: Subject) -> Append {
    let event = NewEvent { subject, ..event("step") };
    append(name, version, vec![event])
}

/// A database with words under four keys.
async fn filled(place: &Place) {
    let store = place.open();
    let part = |name: &str| name.parse().unwrap();
    let subjects = [Subject::Report, Subject::Person(part("A")), Subject::Person(part("B")), Subject::Reporter];
    for (version, subject) in (0..).zip(subjects) {
        store.append(about("r", version, subject), None).await.unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_database_gets_a_private_keyring_with_a_key_for_each_subject() {
    let place = place();
    filled(&place).await;
    let folder = place.keys.folder();
    assert_eq!(mode(folder), 0o700);
    assert_eq!((mode(&place.ring()), mode(&folder.join("epoch-1.key"))), (0o600, 0o600));
    let text = fs::read_to_string(place.ring()).unwrap();
    let owners: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("key ")?.split(' ').nth(1)).collect();
    assert_eq!(owners, ["log", "index", "r/report", "r/person/A", "r/person/B", "r/reporter"]);
    assert!(text.starts_with("waymark-keyring 2\ndatabase "));
    // Opened again, nobody gets a second key.
    let store = place.open();
    store.append(about("r", 4, Subject::Reporter), None).await.unwrap();
    drop(store);
    assert_eq!(fs::read_to_string(place.ring()).unwrap(), text);
    assert_eq!(place.open().load(&stream("r"), 0).await.unwrap().len(), 5);
}

#[tokio::test]
async fn what_opens_it_must_be_right_and_private() {
    let place = place();
    filled(&place).await;
    let folder = place.keys.folder().to_path_buf();
    let key = folder.join("epoch-1.key");

    for (path, open, private) in
        [(folder.clone(), 0o750, 0o700), (key.clone(), 0o640, 0o600), (place.ring(), 0o604, 0o600)]
    {
        fs::set_permissions(&path, fs::Permissions::from_mode(open)).unwrap();
        let expected = KeyError::TooOpen { path: path.clone(), mode: open, wanted: private };
        assert_eq!(place.refused(&place.keys), expected);
        fs::set_permissions(&path, fs::Permissions::from_mode(private)).unwrap();
    }

    let right = fs::read(&key).unwrap();
    fs::write(&key, format!("waymark-epoch-key 1 {}\n", "0".repeat(64))).unwrap();
    assert_eq!(place.refused(&place.keys), KeyError::WrongKey { what: "key file", path: place.ring() });
    fs::write(&key, "something else\n").unwrap();
    assert!(matches!(place.refused(&place.keys), KeyError::Damaged { line: 1, .. }));
    fs::remove_file(&key).unwrap();
    assert_eq!(place.refused(&place.keys), KeyError::NoKeyFile { path: key.clone() });
    fs::write(&key, right).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();

    let ring = fs::read(place.ring()).unwrap();
    fs::remove_file(place.ring()).unwrap();
    assert_eq!(place.refused(&place.keys), KeyError::Missing { path: place.ring() });
    assert!(!place.ring().exists(), "a lost keyring must never be replaced by an empty one");
    fs::write(place.ring(), ring).unwrap();
    fs::set_permissions(place.ring(), fs::Permissions::from_mode(0o600)).unwrap();
    place.open();
}

#[tokio::test]
async fn a_passphrase_leaves_nothing_on_the_disk_that_opens_it() {
    let place = place();
    let words = "plainly made-up words for a test";
    let mut with = Place { keys: place.keys.clone().with_passphrase(words), ..place };
    filled(&with).await;
    assert!(!with.keys.folder().join("epoch-1.key").exists());
    assert_eq!(with.open().load(&stream("r"), 0).await.unwrap().len(), 4);

    let bare = keys(&with.path);
    assert_eq!(with.refused(&bare), KeyError::PassphraseNeeded);
    let wrong = bare.clone().with_passphrase("plainly made-up words for a Test");
    assert_eq!(with.refused(&wrong), KeyError::WrongKey { what: "passphrase", path: with.ring() });

    with.path = with.path.with_file_name("other.db");
    let short = Keys::at(with.path.with_extension("short")).with_passphrase("too short");
    assert!(matches!(with.refused_new(&short), KeyError::PassphraseTooShort { .. }));
}

#[tokio::test]
async fn a_keyring_belongs_to_one_database() {
    let (one, other) = (place(), place());
    filled(&one).await;
    filled(&other).await;
    let expected = KeyError::OtherDatabase { path: other.ring() };
    assert_eq!(one.refused(&other.keys), expected);
    let new = place();
    assert_eq!(new.refused_new(&other.keys), expected);
    let reading = SqliteStore::open_for_reading(&one.path, &other.keys).err();
    assert_eq!(reading, Some(OpenError::Keys(expected)));
}

#[tokio::test]
async fn a_keyring_older_than_the_database_is_refused() {
    let place = place();
    filled(&place).await;
    let old = fs::read(place.ring()).unwrap();
    let store = place.open();
    store.append(about("s", 0, Subject::Report), None).await.unwrap();
    drop(store);
    let new = fs::read(place.ring()).unwrap();
    fs::write(place.ring(), old).unwrap();
    assert_eq!(place.refused(&place.keys), KeyError::Behind { path: place.ring() });
    fs::write(place.ring(), new).unwrap();
    place.open();
}

/// What a power cut leaves behind the last line that was flushed is dropped; a damaged line that
/// something is under stops everything.
#[tokio::test]
async fn what_was_never_acknowledged_is_dropped_and_what_was_is_missed() {
    let place = place();
    filled(&place).await;
    let whole = fs::read_to_string(place.ring()).unwrap();
    for torn in ["key 0123", "\0\0\0\0\n\0\0", "key zz r/report 00\n"] {
        fs::write(place.ring(), format!("{whole}{torn}")).unwrap();
        let store = place.open();
        assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 4);
        drop(store);
        assert_eq!(fs::read_to_string(place.ring()).unwrap().lines().count(), whole.lines().count());
    }
    let lines: Vec<&str> = whole.lines().collect();
    for at in 6..lines.len() {
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        // The last digit belongs to the tag.
        let last = changed[at].pop().unwrap();
        changed[at].push(if last == '0' { '1' } else { '0' });
        fs::write(place.ring(), changed.join("\n") + "\n").unwrap();
        match place.refused(&place.keys) {
            KeyError::Damaged { line, .. } => assert_eq!(line, at + 1),
            other => panic!("{other}"),
        }
    }
    for at in 0..4 {
        let mut changed = lines.clone();
        changed[at] = "waymark";
        fs::write(place.ring(), changed.join("\n") + "\n").unwrap();
        assert!(matches!(place.refused(&place.keys), KeyError::Damaged { .. }), "line {}", at + 1);
    }
    fs::write(place.ring(), whole.replace("waymark-keyring 2", "waymark-keyring 3")).unwrap();
    assert_eq!(place.refused(&place.keys), KeyError::Newer { path: place.ring() });
}

#[tokio::test]
async fn a_body_that_was_changed_or_moved_is_found() {
    for change in [
        "UPDATE events SET body = zeroblob(256) WHERE version = 2",
        "UPDATE events SET actor = 'somebody-else' WHERE version = 2",
        "UPDATE events SET kind = 'other' WHERE version = 2",
        "UPDATE events SET recorded_at = recorded_at + 1 WHERE version = 2",
        "UPDATE events SET key_commitment = zeroblob(32) WHERE version = 2",
        "UPDATE events SET nonce = zeroblob(12) WHERE version = 2",
        "UPDATE events SET key_id = (SELECT key_id FROM events WHERE version = 3) WHERE version = 2",
        "UPDATE events SET body = (SELECT body FROM events WHERE version = 1) WHERE version = 2",
        "UPDATE events SET body = x'7b7d', codec = 1 WHERE version = 2",
    ] {
        let place = place();
        filled(&place).await;
        let outside = Connection::open(&place.path).unwrap();
        outside.execute_batch("DROP TRIGGER events_are_never_changed").unwrap();
        assert_eq!(outside.execute(change, []).unwrap(), 1);
        drop(outside);
        let answer = place.open().load(&stream("r"), 0).await;
        match answer {
            Err(StoreError::Unreadable { .. }) if change.contains("codec") => {}
            Err(StoreError::Damaged { detail }) => {
                assert!(detail.starts_with("entry 2 of r "), "{detail}")
            }
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_reader_beside_the_writing_process_learns_new_keys() {
    let place = place();
    filled(&place).await;
    let writing = place.open();
    let reading = SqliteStore::open_for_reading(&place.path, &place.keys).unwrap();
    writing.append(about("s", 0, Subject::Report), None).await.unwrap();
    assert_eq!(reading.load(&stream("s"), 0).await.unwrap().len(), 1);
    assert_eq!(reading.load(&stream("r"), 0).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_database_from_before_there_were_keys_gets_them() {
    let place = place();
    fs::create_dir_all(place.path.parent().unwrap()).unwrap();
    fs::set_permissions(place.path.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    let old = Connection::open(&place.path).unwrap();
    for step in ["0001_record", "0002_accounts", "0003_access_log"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("migrations/sqlite/{step}.sql"));
        old.execute_batch(&fs::read_to_string(file).unwrap()).unwrap();
    }
    old.execute_batch(
        "PRAGMA application_id = 0x5761796D; PRAGMA user_version = 3;
         INSERT INTO streams VALUES ('r', 1);
         INSERT INTO events (stream, version, event_id, kind, recorded_at, actor, codec, body)
         VALUES ('r', 1, zeroblob(16), 'started', 0, 'a', 1, x'00ff');
         INSERT INTO idempotency VALUES ('u1:key', 0, 'r', 1);",
    )
    .unwrap();
    drop(old);
    fs::set_permissions(&place.path, fs::Permissions::from_mode(0o600)).unwrap();

    let store = place.open();
    assert_eq!(store.load(&stream("r"), 0).await.unwrap()[0].body, [0, 255]);
    let again = store.append(append("other", 0, vec![event("a")]), Some("u1:key".into())).await.unwrap();
    assert!(again.repeated && again.stream == stream("r"));
    drop(store);
    assert!(!fs::read(&place.path).unwrap().windows(6).any(|six| six == b"u1:key"));
}
