//! The control of every fault: a server that says "kept" a moment before it is (`WAYMARK_ACK_EARLY`, debug builds only).
//! Each fault is put on it in that moment, and the comparison that finds nothing in the trials has to find the loss.
//! And steps kept by half, or twice, which no server here makes: they are made by hand.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::around::{Crowd, FILES};
use crate::chance::Chance;
use crate::journal::{self, Disk, Left};
use crate::kept;
use crate::long;
use crate::officer::{Answer, Officer, Told, all_work};
use crate::power;
use crate::server::{Place, Server};
use crate::shim::{LOG, Number, SYNC, Shim, WRITE};

const EIO: i32 = 5;
/// Longer than a server that tells too early needs for what it told of: a look and a step, half a second each.
const SETTLED: Duration = Duration::from_millis(1100);

/// What happens in the moment between the word and the commit.
type Fault = fn(&Shim);
const DISK: [(&str, Fault); 3] = [
    ("failed flush of the log", |shim| {
        shim.fail(SYNC, LOG, 1, EIO);
    }),
    ("failed write of the log", |shim| {
        shim.fail(WRITE, LOG, 1, EIO);
    }),
    ("read-only", |shim| shim.set(Number::ReadOnly, 1)),
];

/// An officer, and a report that was begun.
fn begun(server: &mut Server) -> (Officer, Told) {
    let mut officer = Officer::sign_in(server, "early");
    let told = Told::default();
    let answer = officer.step(&told, None);
    assert!(matches!(answer, Answer::Kept(_)), "{answer:?}");
    (officer, told)
}

/// The officer is told that a step is kept, a moment before it is.
fn tell(server: &Server, place: &Place, officer: &mut Officer, told: &Told, what: &str) {
    place.tells_early();
    let answer = officer.step(told, None);
    assert!(matches!(answer, Answer::Kept(_)), "{what}: {answer:?}\n{}", server.said());
}

/// Waits for a fault that is met by a commit that was told of already.
fn met(shim: &Shim, what: &str) {
    let since = Instant::now();
    while shim.get(Number::Fired) == 0 && since.elapsed() < SETTLED {
        std::thread::sleep(Duration::from_millis(10));
    }
    shim.happened(what);
}

/// What was begun is there, and the comparison says that the other step is not.
fn is_seen(dir: &Path, told: &Told, what: &str) {
    let record = kept::look(dir).unwrap_or_else(|why| panic!("{what}: {why}"));
    let lost = kept::lost(&told.steps(), &record);
    assert!(told.count() > 1, "{what}");
    assert_eq!(lost.len(), 1, "{what}: told too early, and no loss was seen");
    println!("  {what}: a step that was told too early is seen to be lost");
}

pub fn a_word_too_early_is_caught() {
    for (what, fault) in DISK {
        let place = Place::new();
        let initial = journal::files(&place.dir());
        let shim = Shim::new(&place.dir(), &place.scratch(), true);
        let mut server = Server::start(&place, Some(&shim));
        let (mut officer, told) = begun(&mut server);
        tell(&server, &place, &mut officer, &told, what);
        fault(&shim);
        met(&shim, what);
        server.kill();
        // What was not flushed is in the memory of the system still: the power goes as well.
        let mut disk = Disk::new(initial, Chance::new().0);
        let records = journal::parse(&shim.journal());
        records.iter().for_each(|record| disk.apply(record));
        let left = place.scratch().join("left");
        journal::lay_out(&disk.image(Left::Nothing), &left);
        is_seen(&left, &told, what);
    }

    let what = "disk full";
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let mut server = Server::start(&place, Some(&shim));
    let (mut officer, told) = begun(&mut server);
    shim.set(Number::Room, 0);
    // A log that was folded is written from its start, and needs no room for a while. An honest server says so when it does.
    while matches!(officer.step(&told, None), Answer::Kept(_)) {}
    shim.set(Number::Fired, 0);
    tell(&server, &place, &mut officer, &told, what);
    met(&shim, what);
    server.kill();
    is_seen(&place.dir(), &told, what);

    let what = "kill -9, the clock wrong";
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let mut server = Server::start(&place, Some(&shim));
    let (mut officer, told) = begun(&mut server);
    shim.set(Number::Clock, 5 * 60);
    tell(&server, &place, &mut officer, &told, what);
    shim.happened(what);
    server.kill();
    is_seen(&place.dir(), &told, what);

    let what = "kill -9, out of files";
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let mut server = Server::try_start(&place, Some(&shim), Some(FILES)).expect("it starts");
    let (mut officer, told) = begun(&mut server);
    let crowd = Crowd::at(&server, FILES);
    tell(&server, &place, &mut officer, &told, what);
    shim.happened(what);
    server.kill();
    is_seen(&place.dir(), &told, what);
    drop(crowd);
}

pub fn a_word_too_early_is_caught_by_power_cuts() {
    let place = Place::new();
    let initial = journal::files(&place.dir());
    let shim = Shim::new(&place.dir(), &place.scratch(), true);
    let mut server = Server::start(&place, Some(&shim));
    let mut officers = [Officer::sign_in(&mut server, "early")];
    let told = Told::default();
    all_work(&mut officers, 1, &told, Some(&shim));
    place.tells_early();
    for _ in 0..long(4, 20) {
        // One step at a time: the next would be made of what is not there yet, and refused.
        let last = all_work(&mut officers, 1, &told, Some(&shim));
        assert!(last.iter().all(Option::is_none), "{last:?}");
        std::thread::sleep(SETTLED);
    }
    server.kill();
    let found = power::cut(initial, &shim, &place, &told, long(40, 100));
    assert!(!found.lost.is_empty(), "the server told too early, and {} power cuts showed no loss", found.cuts);
    println!(
        "  {} steps told too early, {} power cuts: {} times one was seen to be lost",
        found.steps,
        found.cuts,
        found.lost.len()
    );
}

/// Takes the last event of a report out of a database, whatever forbids it.
fn take_out_the_last(dir: &Path, report: &str) {
    let conn = Connection::open(dir.join("waymark.db")).unwrap();
    let mut named = conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers: Vec<String> = named.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for trigger in triggers {
        conn.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    let of = "(SELECT report FROM projections WHERE reference = ?1)";
    for sql in [
        format!(
            "DELETE FROM events WHERE stream = {of} AND version = (SELECT max(version) FROM events WHERE stream = {of})"
        ),
        format!("UPDATE streams SET version = version - 1 WHERE stream = {of}"),
    ] {
        assert_eq!(conn.execute(&sql, [report]).unwrap(), 1, "{sql}");
    }
}

pub fn a_step_by_half_or_twice_is_caught() {
    let place = Place::new();
    let mut server = Server::start(&place, None);
    let mut officer = Officer::sign_in(&mut server, "early");
    let told = Told::default();
    let answer = officer.step(&told, None);
    assert!(matches!(answer, Answer::Kept(_)), "{answer:?}");
    let report = told.steps().remove(0).report;
    server.kill();

    let record = kept::look(&place.dir()).unwrap();
    assert_eq!(kept::halves(&record, &record), [""; 0]);
    let mut half = kept::look(&place.dir()).unwrap();
    let begun = half[&report].by_half().expect("beginning is several events");
    half.insert(report.clone(), begun);
    assert_eq!(kept::halves(&half, &record), [report.as_str()]);

    // Sent again with another kind chosen it is another form, and its mark is there twice.
    let mut server = Server::start(&place, None);
    officer.goes_on_at(&server);
    let answer = officer.step(&told, None);
    assert!(matches!(answer, Answer::Kept(_)), "{answer:?}");
    let mark = officer.under_way();
    officer.changes_the_form("kind", "other");
    let answer = officer.again(&told);
    assert!(matches!(answer, Answer::Kept(_)), "{answer:?}");
    assert!(server.runs());
    server.kill();
    let record = kept::look(&place.dir()).unwrap();
    assert_eq!(record[&report].times(&mark), 2, "{mark}");

    take_out_the_last(&place.dir(), &report);
    let why = kept::look(&place.dir()).expect_err("the end of a step is gone");
    println!("  a step by half is seen, one that is there twice as well; in the database: {why}");
}
