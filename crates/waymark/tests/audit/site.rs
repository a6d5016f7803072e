//! A database to try commands on.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;
use rusqlite::Connection;
use store::{
    AccessEntry, Append, EventId, Keys, Log as _, NewEvent, Operation, ProjectionRow, Record as _, SqliteStore,
    StreamId, Subject, UserId,
};
use tempfile::TempDir;

/// A database with its keys, its settings and a file of checkpoints elsewhere.
pub struct Site {
    pub folder: TempDir,
    pub runtime: tokio::runtime::Runtime,
}

pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Site {
    pub fn new() -> Self {
        let site = Self { folder: TempDir::new().unwrap(), runtime: tokio::runtime::Runtime::new().unwrap() };
        let settings = "database = \"data/waymark.db\"\nkeys = \"keys\"\ncheckpoints = \"elsewhere.notes\"\n";
        fs::write(site.path("waymark.toml"), settings).unwrap();
        site
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("data/waymark.db")
    }

    /// Adds so many events and looks to a report, and signs the log at the end.
    pub fn work(&self, report: &str, events: u64, first: u64) {
        let keys = Keys::at(self.path("keys")).with_checkpoints(self.path("elsewhere.notes"));
        let store = SqliteStore::open(self.database(), &keys).unwrap();
        self.runtime.block_on(async {
            for number in first..first + events {
                let append = append(report, number);
                store.append(append, None).await.unwrap();
                store.note_access(look(report, number)).await.unwrap();
            }
            store.checkpoint(at(first + events)).await.unwrap();
        });
    }

    /// Somebody looks so many times, a minute apart, the log is signed when the quarter of an hour is over, and one more look
    /// is noted late.
    pub fn look_again(&self, report: &str, from: u64, times: u64) {
        let keys = Keys::at(self.path("keys")).with_checkpoints(self.path("elsewhere.notes"));
        let store = SqliteStore::open(self.database(), &keys).unwrap();
        self.runtime.block_on(async {
            for number in (0..times).chain([5]) {
                if number == 5 {
                    store.checkpoint(at(from + 1)).await.unwrap();
                }
                let look = AccessEntry {
                    reason: None,
                    repeats: true,
                    at: at(from) + jiff::SignedDuration::from_mins(number as i64),
                    ..look(report, from)
                };
                store.note_access(look).await.unwrap();
            }
            store.checkpoint(at(from + 2)).await.unwrap();
        });
    }

    /// Runs a command on this site.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut all = arguments.to_vec();
        let settings = self.path("waymark.toml");
        all.extend(["--config", settings.to_str().unwrap()]);
        run(&all)
    }

    /// The key of the log, as its settings have it now.
    pub fn key(&self) -> String {
        let ran = self.run(&["key"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.trim().to_owned()
    }

    /// The entry of the log that was written last.
    pub fn last_entry(&self) -> String {
        let conn = Connection::open(self.database()).unwrap();
        let sql = "SELECT leaf FROM ledger_entries ORDER BY leaf_index DESC LIMIT 1";
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Changes the database behind the server's back.
    pub fn sql(&self, text: &str) {
        let conn = Connection::open(self.database()).unwrap();
        let triggers: Vec<(String, String)> = {
            let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
            let all = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            all.collect::<Result<_, _>>().unwrap()
        };
        for (trigger, _) in &triggers {
            conn.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        conn.execute_batch(&format!("PRAGMA foreign_keys = OFF; {text};")).unwrap();
        // Whoever does this puts them back, or is found by that alone.
        for (_, made) in triggers {
            conn.execute_batch(&made).unwrap();
        }
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    }
}

pub fn run(arguments: &[&str]) -> Ran {
    let ran = Command::new(env!("CARGO_BIN_EXE_waymark")).arg("audit").args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: ran.status.code().unwrap(), out: text(&ran.stdout), err: text(&ran.stderr) }
}

pub fn at(minutes: u64) -> Timestamp {
    Timestamp::from_second(1_764_000_000 + 3600 * minutes as i64).unwrap()
}

pub fn append(report: &str, number: u64) -> Append {
    let event = NewEvent {
        event_id: EventId::from_bytes(u128::from(number + 1).to_be_bytes()),
        kind: "fact-stated".into(),
        recorded_at: at(number),
        actor: "U1".into(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: format!("what was said number {number}").into_bytes(),
    };
    Append {
        stream: StreamId::new(report).unwrap(),
        expected_version: number,
        events: vec![event],
        projection: Some(ProjectionRow {
            report_id: StreamId::new(report).unwrap(),
            reference: format!("WM-2026-{report}"),
            unit: "north".into(),
            allocated_to: None,
            state: "open".into(),
            class: "undetermined".into(),
            next_due_at: None,
            awaiting_review_since: None,
            updated_at: at(number),
            derived_by: "sha256:one".into(),
            review_at: None,
            ties: store::Ties::default(),
        }),
        findable: Vec::new(),
    }
}

pub fn look(report: &str, number: u64) -> AccessEntry {
    AccessEntry {
        kind: "report-opened".into(),
        op: Operation::Consult,
        stream: Some(StreamId::new(report).unwrap()),
        actor: UserId::new("U2").unwrap(),
        purpose: "Reviewing".into(),
        reason: number.is_multiple_of(3).then(|| "asked by the superintendent".to_owned()),
        at: at(number),
        repeats: false,
    }
}

/// Ten events and ten looks: event N is entry 2N, the look after it entry 2N + 1.
pub fn twenty() -> Site {
    let site = Site::new();
    site.work("R1", 5, 0);
    site.work("R1", 5, 5);
    site
}
