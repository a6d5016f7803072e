//! Nothing that was typed is readable: every file the store writes is searched for it, as UTF-8 and
//! UTF-16, in hexadecimal and in all three shifts of base64.
//!
//! Control: the same search over a database with one row of codec 1 finds every one of the texts.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use store::{Append, Findable, NewEvent, Operation, Record as _, SqliteStore, Store as _, Subject};
use tempfile::TempDir;

use crate::fixture::*;
use crate::forms::{base64, forms, json_escaped};

/// What officers type: made up, and each long enough not to come about by chance.
const TYPED: &[&str] = &[
    "Wilhelmina Quibblethwaite",
    "Quibblethwaite",
    "07700 900 451",
    "7 Nowhere Crescent, Cloudchester",
    "She said that she had sent it to Bartholomew on Sunday",
    "Æthelred Çelik",
    "wilhelmina.q@example.org",
    "quibble_the_cat_2011",
    "2011-04-17",
];

/// What terms are made of besides what was typed: it must not be readable either.
const TERMED: [&str; 2] = ["initial-born w", "name-year KPL0 2011"];

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else {
        return false;
    };
    hay.iter().enumerate().any(|(at, byte)| byte == first && hay[at..].starts_with(needle))
}

/// What was typed, the form it is looked for in, and the bytes of that form.
type Needle<'a> = (&'a str, &'a str, Vec<u8>);

/// Everything found of what was typed, with file and form. One pass over each file: the first four bytes at
/// each place say which needles could stand there.
fn found(folder: &Path) -> Vec<String> {
    let mut needles: HashMap<[u8; 4], Vec<Needle<'_>>> = HashMap::new();
    for text in TYPED.iter().chain(&TERMED) {
        for (form, needle) in forms(text) {
            let start = needle[..4].try_into().unwrap();
            needles.entry(start).or_default().push((text, form, needle));
        }
    }
    let mut found = BTreeSet::new();
    for file in files(folder) {
        let bytes = fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for (at, four) in bytes.windows(4).enumerate() {
            for (text, form, needle) in needles.get(four).into_iter().flatten() {
                if bytes[at..].starts_with(needle) {
                    found.insert(format!("{text} as {form} in {name}"));
                }
            }
        }
    }
    found.into_iter().collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

fn typed_event(text: &str, subject: Subject) -> NewEvent {
    let body = format!("{{\"type\":\"identity-stated\",\"notes\":\"{text}\",\"escaped\":\"{}\"}}", json_escaped(text));
    NewEvent { subject, operation: Operation::Collect, body: body.into_bytes(), ..event("identity-stated") }
}

/// What was typed as what somebody is found by, as it is and as the record makes terms of it.
fn findable(text: &str, subject: Subject) -> Findable {
    let lower = text.to_lowercase();
    Findable {
        subject,
        terms: vec![
            text.to_owned(),
            format!("phone {text}"),
            format!("account {lower}"),
            format!("{} {text}", TERMED[0]),
            TERMED[1].to_owned(),
        ],
    }
}

/// Types everything there is to type, under every kind of subject, and uses it in keys as well.
async fn type_it_all(store: &SqliteStore) {
    let part = |name: &str| name.parse().unwrap();
    let subjects = [Subject::Report, Subject::Person(part("A")), Subject::Reporter, Subject::Place(part("L1"))];
    let mut version = 0;
    for text in TYPED {
        let events = subjects.iter().map(|about| typed_event(text, about.clone())).collect();
        let append = Append {
            projection: Some(row("r")),
            findable: subjects.iter().map(|about| findable(text, about.clone())).collect(),
            ..append("r", version, events)
        };
        let key = format!("officer-1:{text}");
        version = store.append(append, Some(key)).await.unwrap().version;
        store.count_failure(text, at(0), at(-60)).await.unwrap();
    }
    // Enough to go past the end of the log and back into the database.
    for _ in 0..60 {
        let events = TYPED.iter().map(|text| typed_event(text, Subject::Report)).collect();
        version = store.append(append("r", version, events), None).await.unwrap().version;
    }
    let kept = store.load(&stream("r"), 0).await.unwrap();
    assert_eq!(kept.len() as u64, version);
    let back: Vec<u8> = kept.iter().flat_map(|event| event.body.clone()).collect();
    for text in TYPED {
        assert!(contains(&back, text.as_bytes()), "{text} does not read back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_typed_is_readable_in_any_file() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    type_it_all(&store).await;

    // While it is open: database, -wal, -shm, keyring.
    let names = |folder| {
        files(folder).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let open = names(directory.path());
    for expected in ["waymark.db", "waymark.db-wal", "waymark.db-shm", "keyring", "epoch-1.key"] {
        assert!(open.iter().any(|name| name == expected), "{expected} is not in {open:?}");
    }
    assert_eq!(found(directory.path()), [""; 0]);

    // A copy made as backups are made, and what is left after closing.
    let outside = Connection::open(&path).unwrap();
    let copy = directory.path().join("copy.db");
    outside.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    drop(outside);
    drop(store);
    assert!(names(directory.path()).iter().any(|name| name == "copy.db"));
    assert_eq!(found(directory.path()), [""; 0]);
}

#[tokio::test]
async fn control_the_search_finds_what_codec_1_keeps_readable() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    drop(SqliteStore::open(&path, &keys(&path)).unwrap());
    let outside = Connection::open(&path).unwrap();
    outside.execute("INSERT INTO streams (stream, version) VALUES ('r', ?1)", [TYPED.len() as i64]).unwrap();
    for (version, text) in (1_i64..).zip(TYPED) {
        let sql = "INSERT INTO events (stream, version, event_id, kind, recorded_at, actor, codec, body)
                   VALUES ('r', ?1, randomblob(16), 'identity-stated', 0, 'a', 1, ?2)";
        outside.execute(sql, params![version, typed_event(text, Subject::Report).body]).unwrap();
    }
    drop(outside);
    let found = found(directory.path());
    for text in TYPED {
        assert!(
            found.iter().any(|line| line.starts_with(&format!("{text} as UTF-8"))),
            "{text} was not found: {found:?}"
        );
    }
    // And rows of codec 1 are read as they always were.
    let store = SqliteStore::open(&path, &keys(&path)).unwrap();
    let kept = store.load(&stream("r"), 0).await.unwrap();
    for (event, text) in kept.iter().zip(TYPED) {
        assert_eq!(event.body, typed_event(text, Subject::Report).body);
    }
}

#[test]
fn control_every_form_of_a_text_is_recognised() {
    use std::io::Write as _;
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("file");
    for text in TYPED {
        for (form, needle) in forms(text) {
            let mut file = fs::File::create(&path).unwrap();
            file.write_all(&[0, 1, 2]).unwrap();
            file.write_all(&needle).unwrap();
            assert!(found(directory.path()).iter().any(|line| line.contains(form)), "{text} as {form}");
        }
    }
    // "any carnal pleas" is the example every description of base64 has.
    assert_eq!(base64(b"any carnal pleasure", 0, b"+/"), b"YW55IGNhcm5hbCBwbGVhc3Vy");
}
