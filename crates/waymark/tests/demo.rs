//! The demonstration from start to stop, and the record looked into while it runs and after.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use jiff::Timestamp;
use store::{
    Append, Erase, EventId, Keys, Log as _, NewEvent, Operation, SqliteStore, Store as _, StreamId,
    Subject,
};

fn waymark(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

fn report(verb: &[&str], folder: &Path) -> Output {
    waymark(&[&["report"], verb, &["--dir", folder.to_str().unwrap()]].concat())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A demonstration that runs, and what it printed before it was ready.
struct Running {
    child: Child,
    printed: Vec<String>,
}

impl Running {
    #[expect(
        clippy::zombie_processes,
        reason = "stopping it, or dropping it, waits"
    )]
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = Vec::new();
        loop {
            let line = lines.next().expect("it ended before it was ready").unwrap();
            let ready = line.starts_with("Ready after");
            printed.push(line);
            if ready {
                return Self { child, printed };
            }
        }
    }

    fn links(&self) -> Vec<&str> {
        self.printed
            .iter()
            .filter_map(|line| {
                line.split_whitespace()
                    .find(|word| word.contains("/sign-in/link/"))
            })
            .collect()
    }

    fn stop(&mut self) {
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(asked.success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where the test failed before it was stopped; otherwise there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The status line of a page.
fn get(url: &str) -> String {
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page.lines().next().unwrap().to_owned()
}

#[test]
fn from_start_to_stop() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("demo");
    let mut running = Running::start(&mut waymark(&["demo", "--dir", folder.to_str().unwrap()]));
    assert_eq!(running.links().len(), 6, "{:#?}", running.printed);
    for link in running.links() {
        assert_eq!(get(link), "HTTP/1.1 200 OK");
    }

    let list = out(&report(&["list"], &folder));
    for state in [
        "being worked on",
        "waiting for review",
        "sent back",
        "closed",
    ] {
        assert!(list.contains(state), "no report is {state}:\n{list}");
    }
    for class in ["undetermined", "experimental", "aggravated"] {
        assert!(list.contains(class), "no report is {class}:\n{list}");
    }
    assert!(list.ends_with("11 reports.\n"), "{list}");
    let again = waymark(&["demo", "--dir", folder.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(
        again.status.code(),
        Some(1),
        "two must not write to one database"
    );
    running.stop();

    let mut running = Running::start(&mut waymark(&["demo", "--dir", folder.to_str().unwrap()]));
    assert_eq!(running.links().len(), 6);
    assert!(
        out(&report(&["list"], &folder)).ends_with("11 reports.\n"),
        "nothing is built twice"
    );
    shows_nothing_beside_a_server(&folder);
    running.stop();

    shows_without_names(&folder);
    says_what_was_erased(&folder);
    replays(&folder);
}

#[test]
fn a_folder_of_its_own_is_removed_at_the_end() {
    let parent = tempfile::tempdir().unwrap();
    let folders = || std::fs::read_dir(parent.path()).unwrap().count();
    let mut running = Running::start(waymark(&["demo"]).env("TMPDIR", parent.path()));
    assert_eq!(folders(), 1);
    running.stop();
    assert_eq!(folders(), 0);
}

/// Why a report is read.
const WHY: &str = "asked by the inspector";

/// The entries of the log.
fn entries(folder: &Path) -> Vec<String> {
    let keys = Keys::at(folder.join("keys"));
    let store = SqliteStore::open_for_reading(folder.join("waymark.db"), &keys).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let size = runtime.block_on(store.ledger_head()).unwrap().size;
    let from = size.saturating_sub(50);
    let found = runtime.block_on(store.ledger_entries(from, 50)).unwrap();
    let found = found.into_iter().map(|entry| (entry.index, entry.leaf));
    std::iter::once(size.to_string())
        .chain(found.map(|(index, leaf)| format!("{index} {leaf}")))
        .collect()
}

/// While a server has it, nobody else can write the entry, and so nothing is shown.
fn shows_nothing_beside_a_server(folder: &Path) {
    let shown = report(&["show", "WM-2026-000001", "--reason", WHY], folder);
    assert_eq!(shown.status.code(), Some(1));
    assert_eq!(out(&shown), "");
}

fn shows_without_names(folder: &Path) {
    let list = out(&report(&["list"], folder));
    let references: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|word| word.starts_with("WM-"))
        .collect();
    assert_eq!(references.len(), 11);
    for reference in references {
        let before = entries(folder);
        let shown = report(&["show", reference, "--reason", WHY], folder);
        let text = out(&shown);
        assert_eq!(shown.status.code(), Some(0), "{text}");
        // Who read it and why is in the log.
        let after = entries(folder);
        let size = |all: &[String]| all[0].parse::<u64>().unwrap();
        assert_eq!(size(&after), size(&before) + 1, "{reference}");
        let last = after.last().unwrap();
        assert!(last.contains("\"kind\":\"report-shown\""), "{last}");
        assert!(last.contains("\"actor\":\"operator\"") && !last.contains(WHY));
        assert!(text.starts_with(reference));
        for name in [
            "Alex",
            "Blake",
            "Casey",
            "Drew",
            "Harper",
            "Jules",
            "Quinn",
            "Sam ",
            "Parent Example",
            "Example Street",
            "01632",
        ] {
            assert!(!text.contains(name), "{reference} tells {name}:\n{text}");
        }
    }
    let before = entries(folder);
    let unknown = report(&["show", "WM-2026-999999", "--reason", WHY], folder);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(entries(folder), before);
}

/// A report that was erased is told from one that never was, and the log verifies without it.
fn says_what_was_erased(folder: &Path) {
    let reference = "WM-2026-000003";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = folder.join("waymark.db");
        let store = SqliteStore::open(&database, &Keys::at(folder.join("keys"))).unwrap();
        let row = store.projection_by_reference(reference).await.unwrap();
        let erase = Erase {
            stream: row.unwrap().report_id,
            subject: None,
            actor: "supervisor-one".parse().unwrap(),
            reason: "past its time".to_owned(),
            at: Timestamp::now(),
        };
        store.erase(erase).await.unwrap();
        store.checkpoint(Timestamp::now()).await.unwrap();
    });
    let shown = report(&["show", reference, "--reason", WHY], folder);
    let says = String::from_utf8(shown.stderr).unwrap();
    assert_eq!(shown.status.code(), Some(2));
    assert!(says.contains("was erased at"), "{says}");
    let replayed = out(&report(&["replay"], folder));
    assert!(
        replayed.contains("10 reports replayed") && replayed.contains("1 report was erased"),
        "{replayed}"
    );
    let verified = waymark(&["audit", "verify", "--dir", folder.to_str().unwrap()]);
    let verified = { verified }.output().unwrap();
    let says = out(&verified);
    assert_eq!(verified.status.code(), Some(0), "{says}");
    assert!(
        says.ends_with("Everything is as it was signed.\n"),
        "{says}"
    );
}

/// Every advice comes out as it was given; one that was not given as it stands is found.
fn replays(folder: &Path) {
    let sound = report(&["replay"], folder);
    assert_eq!(sound.status.code(), Some(0), "{}", out(&sound));
    assert!(
        out(&sound).contains("10 reports replayed") && out(&sound).contains("0 times it differs"),
        "{}",
        out(&sound)
    );

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let reference = runtime.block_on(alter(&folder.join("waymark.db")));
    let altered = report(&["replay"], folder);
    assert_eq!(altered.status.code(), Some(1));
    assert!(
        out(&altered).contains(&format!("{reference}, entry ")),
        "{}",
        out(&altered)
    );
    assert!(
        out(&altered).contains("the advice is another"),
        "{}",
        out(&altered)
    );
    let other = report(&["replay", "WM-2026-000002"], folder);
    assert_eq!(
        other.status.code(),
        Some(0),
        "the other reports are as they were: {}",
        out(&other)
    );
}

/// Writes an advice that was never given behind the last one of the first report.
async fn alter(database: &Path) -> String {
    let store = SqliteStore::open(database, &Keys::at(database.with_file_name("keys"))).unwrap();
    let row = store
        .projection_by_reference("WM-2026-000001")
        .await
        .unwrap()
        .unwrap();
    let stream: StreamId = row.report_id;
    let events = store.load(&stream, 1).await.unwrap();
    let last = events.last().unwrap().version;
    let given = events
        .iter()
        .rev()
        .find(|event| event.kind == "advice-given")
        .unwrap();
    let mut body: serde_json::Value = serde_json::from_slice(&given.body).unwrap();
    body["version"] = (last + 1).into();
    body["id"] = "altered-1".into();
    body["body"]["advice"] = format!("sha256:{}", "0".repeat(64)).into();
    let event = NewEvent {
        event_id: EventId::from_bytes([7; 16]),
        kind: given.kind.clone(),
        recorded_at: given.recorded_at,
        actor: given.actor.clone(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: body.to_string().into_bytes(),
    };
    store
        .append(
            Append {
                stream,
                expected_version: last,
                events: vec![event],
                projection: None,
                findable: Vec::new(),
            },
            None,
        )
        .await
        .unwrap();
    row.reference
}
