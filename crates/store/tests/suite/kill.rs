//! `kill -9` at any moment, and a disk that fails: what was acknowledged is there.
//!
//! A child process (this test program again) appends under load and prints every step it was
//! told is kept. The parent kills it and looks. Killing the process shows that nothing is
//! acknowledged before COMMIT; that COMMIT itself reaches the disk is `synchronous=FULL`, which
//! the tests of the writer hold.
//!
//! Control: the same child printing its steps *before* they are answered has to be caught. If it
//! were not, the test could not see a loss. (A writer changed to answer before COMMIT fails
//! `fifty_kills_lose_no_acknowledged_step` as well.)

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use store::{AppendError, Record as _, SqliteStore, StoreError};
use tempfile::TempDir;

use crate::fixture::*;

/// The database the child works on, and how: `honest` or `early`.
const DATABASE: &str = "WAYMARK_TEST_DATABASE";
const MANNER: &str = "WAYMARK_TEST_MANNER";

const KILLS: u32 = 50;
const WORKERS: usize = 8;

/// Streams the workers share: two to each, so that some appends meet and are refused.
const STREAMS: usize = WORKERS / 2;

#[test]
fn child_appends() {
    let Ok(path) = std::env::var(DATABASE) else {
        return;
    };
    let early = std::env::var(MANNER).is_ok_and(|manner| manner == "early");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store: Shared = Arc::new(SqliteStore::open(&path, &keys(Path::new(&path))).unwrap());
        let stopped = Arc::new(AtomicBool::new(false));
        let workers: Vec<_> = (0..WORKERS)
            .map(|n| tokio::spawn(work(Arc::clone(&store), format!("r{}", n % STREAMS), early, Arc::clone(&stopped))))
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        if stopped.load(Ordering::Relaxed) {
            report_how_it_stopped(&store).await;
        }
    });
}

/// Appends until killed, or until the disk fails.
async fn work(store: Shared, name: String, early: bool, stopped: Arc<AtomicBool>) {
    let mut version = store.load(&stream(&name), 0).await.unwrap().len() as u64;
    while !stopped.load(Ordering::Relaxed) {
        let events = (0..=version % 3).map(|_| event("step")).collect();
        let append = store.append(append(&name, version, events), None);
        if early {
            say(&format!("{name} {}", version + 1));
        }
        match append.await {
            Ok(answer) => {
                version = answer.version;
                say(&format!("{name} {version}"));
            }
            Err(AppendError::Conflict { current, .. }) => version = current,
            Err(_) => stopped.store(true, Ordering::Relaxed),
        }
    }
}

/// After the failure: no more writes, not even one that would fit, and reads as before.
async fn report_how_it_stopped(store: &Shared) {
    for _ in 0..2 {
        let answer = store.set_setting("tiny", "x").await;
        assert!(matches!(answer, Err(StoreError::Stopped { .. })), "{answer:?}");
    }
    assert!(!store.load(&stream("r0"), 0).await.unwrap().is_empty());
    let mut out = std::io::stdout().lock();
    out.write_all(b"end stopped, and again, and reads go on\n").unwrap();
}

/// One line, whole and at once: what is in the pipe stays there when the child is killed.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("step {line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn child(path: &Path, manner: &str) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    command.args(["--exact", "kill::child_appends", "--nocapture"]);
    command.env(DATABASE, path).env(MANNER, manner).stdout(Stdio::piped());
    command
}

/// What the child said, from its whole lines.
#[derive(Default)]
struct Said {
    /// The greatest version acknowledged of each stream.
    greatest: BTreeMap<String, u64>,
    steps: usize,
    stopped: Option<String>,
}

impl Said {
    fn read(out: impl Read) -> Self {
        let mut out = BufReader::new(out);
        let mut said = Self::default();
        let mut line = String::new();
        while out.read_line(&mut line).unwrap() > 0 {
            if let Some(whole) = line.strip_suffix('\n') {
                said.hear(whole);
            }
            line.clear();
        }
        said
    }

    fn hear(&mut self, line: &str) {
        if let Some((_, how)) = line.split_once("end ") {
            self.stopped = Some(how.to_owned());
        } else if let Some((_, step)) = line.split_once("step ")
            && let Some((name, version)) = step.split_once(' ')
        {
            let kept = self.greatest.entry(name.to_owned()).or_default();
            *kept = (*kept).max(version.parse().unwrap());
            self.steps += 1;
        }
    }
}

/// What was acknowledged and is not there. Anything else wrong fails at once.
fn lost(path: &Path, acknowledged: &BTreeMap<String, u64>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(path, &keys(path)).unwrap();
        store.verify().await.unwrap();
        let mut lost = Vec::new();
        for (name, version) in acknowledged {
            // Without gaps, as just verified: if this version is there, so are all before it.
            let kept = store.load(&stream(name), 0).await.unwrap().len() as u64;
            if kept < *version {
                lost.push(format!("{name} {version}"));
            }
        }
        lost
    })
}

struct Killed {
    steps: usize,
    lost: Vec<String>,
}

/// Starts a child, kills it after a while, and compares.
fn killed_after(path: &Path, manner: &str, wait: Duration) -> Killed {
    let mut child = child(path, manner).spawn().unwrap();
    let out = child.stdout.take().unwrap();
    // Read meanwhile: a full pipe would hold the child up.
    let reading = std::thread::spawn(move || Said::read(out));
    std::thread::sleep(wait);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(9), "the child ended by itself: {status}");
    let said = reading.join().unwrap();
    Killed { steps: said.steps, lost: lost(path, &said.greatest) }
}

/// Waits of 5 to 705 ms, unlike each other and unlike those of the last run.
fn waits() -> impl Iterator<Item = Duration> {
    let mut seed = u64::from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos());
    std::iter::repeat_with(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(5 + (seed >> 33) % 700)
    })
}

fn place() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    (directory, path)
}

#[test]
fn fifty_kills_lose_no_acknowledged_step() {
    let mut steps = 0;
    let (mut keep, mut path) = place();
    for (kill, wait) in (0..KILLS).zip(waits()) {
        // Mostly on what the last kill left behind, at times on nothing: opening is killed too.
        if kill % 5 == 4 {
            (keep, path) = place();
        }
        let killed = killed_after(&path, "honest", wait);
        assert_eq!(killed.lost, [""; 0], "kill {kill} after {wait:?}");
        steps += killed.steps;
    }
    drop(keep);
    assert!(steps > 1000, "only {steps} steps: this was no load");
    println!("{KILLS} kills, {steps} steps acknowledged, none lost");
}

#[test]
fn control_steps_said_too_early_are_found_lost() {
    let (_keep, path) = place();
    let mut found = 0;
    for _ in 0..10 {
        found += killed_after(&path, "early", Duration::from_millis(250)).lost.len();
    }
    assert!(found > 0, "ten kills of a child that acknowledges too early, and no loss was seen");
}

#[test]
fn a_failing_disk_stops_the_writing_and_loses_nothing() {
    let (_keep, path) = place();
    // A limit on the size of files stands for the disk: writing beyond it fails as a broken disk
    // does, in the middle of a commit. The signal that comes with it is ignored. In blocks of 512 bytes: room
    // for the layout, and then for some steps.
    let mut limited = Command::new("sh");
    let honest = child(&path, "honest");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$@\"", "sh"]);
    limited.arg(honest.get_program()).args(honest.get_args());
    limited.env(DATABASE, &path).env(MANNER, "honest").stdout(Stdio::piped());
    let mut child = limited.spawn().unwrap();
    let said = Said::read(child.stdout.take().unwrap());
    assert!(child.wait().unwrap().success());

    assert!(said.steps > 10, "{} steps before the disk failed", said.steps);
    assert_eq!(said.stopped.as_deref(), Some("stopped, and again, and reads go on"));
    assert_eq!(lost(&path, &said.greatest), [""; 0]);
}
