//! Power cuts: hundreds of disks as they might have been left, each opened and compared.
//!
//! The controls write to SQLite with less care: `NORMAL` flushes its log only now and then, `OFF` never. They must
//! be seen to lose what they said was kept, on the same imagined disk; one that does not fails the test.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use crate::chance::Chance;
use crate::journal::{self, Disk, Files, Left, Record};
use crate::kept;
use crate::long;
use crate::officer::{Officer, Told, all_work};
use crate::server::{Place, Server};
use crate::shim::Shim;

/// Said to the program under test when it is to be a control, and how careful it is to be.
pub const CHILD: &str = "WAYMARK_FAULTS_CHILD";
const STEPS_OF_A_CONTROL: u32 = 400;

/// Moments in a journal, in order: some anywhere, some just after a flush, where the next loss is nearest.
fn moments(records: &[Record], count: usize, chance: &mut Chance) -> Vec<usize> {
    let flushes: Vec<usize> = (0..records.len()).filter(|at| records[*at].is_flush()).collect();
    let mut chosen: Vec<usize> = (0..count)
        .map(|n| match (n % 3, flushes.is_empty()) {
            (0, false) => flushes[chance.below(flushes.len())] + 1,
            _ => chance.below(records.len() + 1),
        })
        .collect();
    chosen.push(records.len());
    chosen.sort_unstable();
    chosen
}

/// Cuts the power at so many moments and looks at each disk: when, what was left, its files.
fn cuts(initial: Files, journal: &[u8], count: usize, mut look: impl FnMut(u64, Left, Files)) {
    let records = journal::parse(journal);
    let (mut chance, seed) = Chance::new();
    println!("  {} calls recorded, seed {seed}", records.len());
    let mut disk = Disk::new(initial, chance.branch());
    let mut applied = 0;
    for (n, at) in moments(&records, count, &mut chance).into_iter().enumerate() {
        records[applied..at].iter().for_each(|record| disk.apply(record));
        applied = at;
        let left = [Left::Some, Left::Nothing, Left::Some, Left::Everything][n % 4];
        let when = at.checked_sub(1).map_or(0, |last| records[last].end);
        look(when, left, disk.image(left));
    }
}

/// What power cuts took and halved, of so many steps acknowledged.
pub struct Cut {
    pub steps: usize,
    pub cuts: usize,
    pub lost: Vec<String>,
    pub halves: Vec<String>,
}

/// Cuts the power of what a server did at so many moments, and compares each disk with what officers were told.
pub fn cut(initial: Files, shim: &Shim, place: &Place, told: &Told, count: usize) -> Cut {
    let whole = kept::look(&place.dir()).unwrap();
    let steps = told.steps();
    let mut found = Cut { steps: steps.len(), cuts: 0, lost: kept::lost(&steps, &whole), halves: Vec::new() };
    cuts(initial, &shim.journal(), count, |when, left, files| {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("demo");
        journal::lay_out(&files, &dir);
        let record = kept::look(&dir).unwrap_or_else(|why| panic!("cut at {when}, {left:?} left: {why}"));
        let due = steps.iter().filter(|step| step.by <= when);
        let says = |what: String| format!("{what}: cut at {when}, {left:?} left");
        found.lost.extend(kept::lost(due, &record).into_iter().map(says));
        found.halves.extend(kept::halves(&record, &whole).into_iter().map(says));
        found.cuts += 1;
    });
    found
}

pub fn nothing_acknowledged_is_lost() {
    let place = Place::new();
    let initial = journal::files(&place.dir());
    let shim = Shim::new(&place.dir(), &place.scratch(), true);
    let mut server = Server::start(&place, Some(&shim));
    let mut officers = ["one", "two"].map(|name| Officer::sign_in(&mut server, name));
    let told = Told::default();
    let last = all_work(&mut officers, long(60, 300), &told, Some(&shim));
    assert!(last.iter().all(Option::is_none), "{last:?}");
    server.kill();
    let found = cut(initial, &shim, &place, &told, long(60, 300));
    assert_eq!(found.lost, [""; 0]);
    assert_eq!(found.halves, [""; 0]);
    println!("  {} steps acknowledged, {} power cuts, none lost, none half-written", found.steps, found.cuts);
}

/// The control: SQLite by itself, as careful as it was told to be.
pub fn child(care: &str) {
    let conn = Connection::open(std::env::var("WAYMARK_FAULTS_DATABASE").unwrap()).unwrap();
    let wal: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).unwrap();
    assert_eq!(wal, "wal");
    conn.pragma_update(None, "synchronous", care).unwrap();
    conn.execute_batch("CREATE TABLE IF NOT EXISTS steps (n INTEGER PRIMARY KEY, said TEXT)").unwrap();
    for n in 0..STEPS_OF_A_CONTROL {
        conn.execute("INSERT INTO steps VALUES (?1, ?2)", (n, "x".repeat(300))).unwrap();
        println!("step {n}");
    }
}

/// How many of the power cuts lost a step, or the whole database, with SQLite this careful.
fn losses(care: &str) -> usize {
    let keep = tempfile::tempdir().unwrap();
    let root = keep.path().canonicalize().unwrap();
    let (dir, scratch) = (root.join("demo"), root.join("scratch"));
    std::fs::create_dir(&dir).unwrap();
    std::fs::create_dir(&scratch).unwrap();
    let shim = Shim::new(&dir, &scratch, true);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(CHILD, care).env("WAYMARK_FAULTS_DATABASE", dir.join("control.db"));
    shim.load(&mut command);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut told: Vec<(u32, u64)> = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let n = line.strip_prefix("step ").unwrap().parse().unwrap();
        told.push((n, shim.journal_length()));
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(told.len(), STEPS_OF_A_CONTROL as usize);
    let mut lost = 0;
    cuts(Files::new(), &shim.journal(), long(40, 400), |when, _, files| {
        let due = told.iter().filter(|(_, by)| *by <= when).count();
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("demo");
        journal::lay_out(&files, &dir);
        lost += usize::from(due > 0 && !holds(&dir, due));
    });
    println!("  {care}: {lost} power cuts lost something");
    lost
}

/// Whether the first so many steps are all there.
fn holds(dir: &Path, due: usize) -> bool {
    let count = || -> rusqlite::Result<(String, i64)> {
        let conn = Connection::open(dir.join("control.db"))?;
        let sound = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        let due = i64::try_from(due).unwrap();
        let sql = "SELECT count(*) FROM steps WHERE n < ?1";
        Ok((sound, conn.query_row(sql, [due], |row| row.get(0))?))
    };
    count().is_ok_and(|(sound, found)| sound == "ok" && found == i64::try_from(due).unwrap())
}

pub fn full_holds_and_the_controls_are_caught() {
    assert_eq!(losses("FULL"), 0, "what keeps everything is seen to lose: the disk is imagined wrongly");
    for care in ["NORMAL", "OFF"] {
        assert!(losses(care) > 0, "{care} lost nothing: this test could not see a loss");
    }
}
