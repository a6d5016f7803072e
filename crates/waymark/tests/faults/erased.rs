//! Erasures and rotations of the keys under power cuts: afterwards what was to go is whole or gone, the old key or the
//! new one opens everything, and what somebody was told is done is done on the disk, not only when it is opened again.
//!
//! A child (this test program again) does them one after the other to a small record; each is a [`Deed`].

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use jiff::Timestamp;
use store::{
    Append, Erase, EventId, Findable, Keys, Log as _, NewEvent, Operation, ProjectionRow, Record as _, SqliteStore,
    StreamId, Subject, Ties, UserId,
};

use crate::chance::Chance;
use crate::journal::{self, Disk, Files, Left, Record};
use crate::long;
use crate::shim::Shim;

/// Said to the program under test when it is to be the child: the folder of the record.
pub const CHILD: &str = "WAYMARK_FAULTS_ERASES";

/// What the child does, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    RotateFirst,
    ErasePerson,
    RotateAgain,
    EraseReport,
}

impl Deed {
    const ALL: [Self; 4] = [Self::RotateFirst, Self::ErasePerson, Self::RotateAgain, Self::EraseReport];
}

fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

fn operator() -> UserId {
    UserId::new("operator").unwrap()
}

fn at() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn person() -> Subject {
    Subject::Person("A".parse().unwrap())
}

fn keys(dir: &Path) -> Keys {
    Keys::at(dir.join("keys"))
}

fn open(dir: &Path) -> Result<SqliteStore, String> {
    SqliteStore::open(dir.join("waymark.db"), &keys(dir)).map_err(|why| why.to_string())
}

/// A runtime with a thread for what blocks.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap()
}

/// The row of a report in lists.
fn row(name: &str, derived_by: &str) -> ProjectionRow {
    ProjectionRow {
        report_id: stream(name),
        reference: format!("WM-{name}"),
        unit: format!("unit-of-{name}"),
        allocated_to: None,
        state: "open".into(),
        class: "undetermined".into(),
        next_due_at: None,
        awaiting_review_since: None,
        updated_at: at(),
        derived_by: derived_by.into(),
        review_at: None,
        ties: Ties::default(),
    }
}

/// Two reports with one person each, of whom one is to be erased.
async fn fill(store: &SqliteStore) {
    for (number, name) in (1_u128..).zip(["r", "other"]) {
        let event = |place: u128, kind: &str, subject: Subject| NewEvent {
            event_id: EventId::from_bytes((number << 64 | place).to_be_bytes()),
            kind: kind.into(),
            recorded_at: at(),
            actor: "officer-1".into(),
            subject,
            operation: Operation::Collect,
            body: format!("words {number} {place}").into_bytes(),
        };
        let append = Append {
            stream: stream(name),
            expected_version: 0,
            events: vec![event(1, "started", Subject::Report), event(2, "identity-stated", person())],
            projection: Some(row(name, "sha256:one")),
            findable: vec![Findable { subject: person(), terms: vec!["same".into()] }],
        };
        store.append(append, Some(name.into())).await.unwrap();
    }
}

/// The child: does everything, and says after each that it is done.
pub fn child(dir: &str) {
    let dir = Path::new(dir);
    runtime().block_on(async {
        let store = open(dir).unwrap();
        for deed in Deed::ALL {
            // As whoever works on it would have just done: what is to go stands in the write-ahead log too.
            if deed == Deed::EraseReport {
                let anew = Append {
                    stream: stream("r"),
                    expected_version: 2,
                    events: Vec::new(),
                    projection: Some(row("r", "sha256:two")),
                    findable: Vec::new(),
                };
                store.append(anew, None).await.unwrap();
            }
            let erase = |subject| Erase {
                stream: stream("r"),
                subject,
                actor: operator(),
                reason: "The time is over".into(),
                at: at(),
            };
            match deed {
                Deed::ErasePerson => drop(store.erase(erase(Some(person()))).await.unwrap()),
                Deed::EraseReport => drop(store.erase(erase(None)).await.unwrap()),
                Deed::RotateFirst | Deed::RotateAgain => {
                    let done = store.rotate_keys(&keys(dir), operator(), at()).await;
                    done.unwrap();
                }
            }
            println!("done");
            // What comes after this belongs to the next: nothing is done before it is noted how far this one came.
            std::io::stdin().read_line(&mut String::new()).unwrap();
        }
    });
}

/// Which deeds are done in a folder, as it is found when it is opened.
///
/// What is wrong: it does not open, does not hold together, or a deed is done by half.
fn done(dir: &Path) -> Result<Vec<Deed>, String> {
    runtime().block_on(async {
        let store = open(dir)?;
        let failed = |error: store::StoreError| error.to_string();
        store.verify().await.map_err(failed)?;
        let words = |events: Vec<store::StoredEvent>| {
            events.into_iter().filter(|event| event.erased.is_none() && event.body.starts_with(b"words ")).count()
        };
        let other = store.load(&stream("other"), 0).await.map_err(failed)?;
        if words(other) != 2 {
            return Err("words of a report that nobody erased are gone".into());
        }
        let ring = std::fs::read_to_string(keys(dir).ring()).unwrap();
        let conn = rusqlite::Connection::open(dir.join("waymark.db")).unwrap();
        let index: i64 =
            conn.query_row("SELECT count(*) FROM blind_index WHERE stream = 'r'", [], |row| row.get(0)).unwrap();
        let row = store.projection(&stream("r")).await.map_err(failed)?;
        let events = store.load(&stream("r"), 0).await.map_err(failed)?;
        let erasures = store.erasures("r").await.map_err(failed)?;
        let left = (
            words(events),
            index,
            row.iter().count(),
            ring.lines().filter(|line| line.starts_with("key ") && line.contains(" r/")).count(),
            erasures.iter().filter(|erased| erased.is_done).count(),
            erasures.len(),
        );
        let erased = match left {
            (2, 1, 1, 2, 0, 0) => 0,
            (1, 0, 1, 1, 1, 1) => 1,
            (0, 0, 0, 0, 2, 2) => 2,
            half => return Err(format!("an erasure is done by half: {half:?}")),
        };
        let rotated = store.keyring().map_err(failed)?.epoch - 1;
        let mut deeds = Vec::new();
        deeds.extend([Deed::ErasePerson, Deed::EraseReport].iter().take(erased));
        let rotations = [Deed::RotateFirst, Deed::RotateAgain];
        deeds.extend(rotations.iter().take(rotated as usize));
        deeds.sort_unstable();
        Ok(deeds)
    })
}

/// What stands in the files before anything opens them, of what was said to be gone.
fn remains(files: &Files, told: &[Deed]) -> Vec<String> {
    let count = |text: &str| {
        files
            .values()
            .map(|bytes| {
                let windows = bytes.windows(text.len());
                windows.filter(|found| *found == text.as_bytes()).count()
            })
            .sum::<usize>()
    };
    // What is left of a destroyed key is a line of its own kind, with its name and nothing of the key.
    let keys = |text: &str| {
        let rings = files.iter().filter(|(name, _)| name.ends_with("keyring"));
        let lines = rings.flat_map(|(_, bytes)| bytes.split(|byte| *byte == b'\n'));
        let named = |line: &&[u8]| line.windows(text.len()).any(|part| part == text.as_bytes());
        lines.filter(|line| !line.starts_with(b"gone ")).filter(named).count()
    };
    let mut found = Vec::new();
    let mut gone = |deed: Deed, what: &str, count: usize, most: usize| {
        if told.contains(&deed) && count > most {
            found.push(format!("{what} {count} times after {deed:?}"));
        }
    };
    gone(Deed::ErasePerson, "a key", keys(" r/person/A "), 0);
    gone(Deed::EraseReport, "a key", keys(" r/"), 0);
    // Its unit stands nowhere else in the database.
    let row = count("unit-of-r");
    gone(Deed::EraseReport, "the list row", row, 0);
    found
}

/// What the child did, as it was recorded.
struct Done {
    initial: Files,
    records: Vec<Record>,
    /// How long the journal was when each was said to be done.
    told: BTreeMap<Deed, u64>,
}

fn do_it() -> Done {
    let keep = tempfile::tempdir().unwrap();
    let root = keep.path().canonicalize().unwrap();
    let (dir, scratch) = (root.join("demo"), root.join("scratch"));
    std::fs::create_dir(&scratch).unwrap();
    runtime().block_on(async { fill(&open(&dir).unwrap()).await });
    let initial = journal::files(&dir);
    let shim = Shim::new(&dir, &scratch, true);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(CHILD, &dir).stdin(Stdio::piped()).stdout(Stdio::piped());
    shim.load(&mut command);
    let mut child = command.spawn().unwrap();
    let mut go_on = child.stdin.take().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let told = Deed::ALL
        .into_iter()
        .zip(lines)
        .map(|(deed, line)| {
            assert_eq!(line.unwrap(), "done");
            let by = shim.journal_length();
            writeln!(go_on).unwrap();
            (deed, by)
        })
        .collect();
    assert!(child.wait().unwrap().success());
    assert_eq!(done(&dir).unwrap(), Deed::ALL, "all of it was done");
    Done { initial, records: journal::parse(&shim.journal()), told }
}

/// Cuts the power after every call but those that only read, and looks: how often, and what was wrong.
fn cuts(all: &Done) -> (usize, Vec<String>) {
    let (mut chance, seed) = Chance::new();
    let mut disk = Disk::new(all.initial.clone(), chance.branch());
    let (mut looked, mut wrong) = (0, Vec::new());
    let each = [Left::Nothing, Left::Some, Left::Everything];
    for (n, record) in all.records.iter().enumerate() {
        disk.apply(record);
        let mut lefts = each.to_vec();
        if long(0, 1) == 0 {
            lefts = vec![each[chance.below(3)]];
        }
        let told: Vec<Deed> = all.told.iter().filter(|(_, by)| **by <= record.end).map(|(deed, _)| *deed).collect();
        for left in lefts {
            let files = disk.image(left);
            let folder = tempfile::tempdir().unwrap();
            let dir = folder.path().join("demo");
            journal::lay_out(&files, &dir);
            let what = format!("cut after call {n}, {left:?} left, seed {seed}");
            wrong.extend(remains(&files, &told).into_iter().map(|why| format!("{what}: {why}")));
            match done(&dir) {
                // One more than was told may be done: the next, of which nobody was told yet.
                Ok(found) if found.starts_with(&told) && found.len() <= told.len() + 1 => {}
                Ok(found) => wrong.push(format!("{what}: told {told:?}, found {found:?}")),
                Err(why) => wrong.push(format!("{what}: {why}")),
            }
            looked += 1;
        }
    }
    (looked, wrong)
}

pub fn whole_or_gone() {
    let all = do_it();
    let (looked, wrong) = cuts(&all);
    assert_eq!(wrong, [""; 0]);
    println!("  2 erasures and 2 rotations, {looked} power cuts, every one whole or gone, all of them open");
}

/// The controls: a disk that only says that it flushes, and a program that says too early that it is done.
pub fn a_lying_disk_and_an_early_word_are_caught() {
    let mut deaf = do_it();
    deaf.records.retain(|record| !record.is_flush());
    let (looked, wrong) = cuts(&deaf);
    assert!(!wrong.is_empty(), "nothing was flushed, and {looked} power cuts showed nothing");
    println!("  a disk that flushes nothing: {looked} power cuts, {} findings", wrong.len());

    let mut early = do_it();
    let mut before = 0;
    for by in early.told.values_mut() {
        before = std::mem::replace(by, before);
    }
    let (looked, wrong) = cuts(&early);
    assert!(!wrong.is_empty(), "done was said too early, and {looked} power cuts showed nothing");
    println!("  a word too early: {looked} power cuts, {} findings", wrong.len());
}
