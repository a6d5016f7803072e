//! A disk that is full, fails, or became read-only while officers work.

use std::process::Command;

use crate::chance::Chance;
use crate::journal::{self, Disk, Left};
use crate::kept;
use crate::long;
use crate::officer::{Answer, Officer, Told, all_work};
use crate::server::{Place, Server};
use crate::shim::{ANY, DATABASE, LOG, Number, OPEN, READ, SYNC, Shim, TRUNCATE, WRITE};

const EIO: i32 = 5;
/// What the server says when it keeps nothing any more.
const STOPS: &str = "the store stops taking writes";

/// Fails unless an officer was told, in a page, that the step was not kept.
#[track_caller]
fn was_told_no(answer: Option<Answer>, what: &str) {
    match answer {
        Some(Answer::Refused(500.., page)) => {
            assert!(page.contains("<h1"), "{what}: a page says so: {page}");
        }
        other => panic!("{what}: a step was to be refused, and came back {other:?}"),
    }
}

fn two(server: &mut Server) -> [Officer; 2] {
    ["one", "two"].map(|name| Officer::sign_in(server, name))
}

/// Room for so many bytes, then none; then room again, and work goes on without a restart.
pub fn full_at_many_sizes() {
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let mut server = Server::start(&place, Some(&shim));
    let mut officers = two(&mut server);
    let told = Told::default();
    let sizes = long(10, 40);
    for n in 0..sizes {
        // From not a byte to some hundred KB, in uneven steps: every place in a commit is met.
        let room = i64::try_from(n * n * long(2_311, 345) + n * 97).unwrap();
        shim.set(Number::Fired, 0);
        shim.set(Number::Room, room);
        let mut answers = all_work(&mut officers, 4000, &told, None);
        was_told_no(answers.remove(0), &format!("{room} bytes left"));
        shim.happened(&format!("{room} bytes left"));
        shim.heal();
        for officer in &mut officers {
            let answer = officer.step(&told, None);
            assert!(matches!(answer, Answer::Kept(_)), "after room was made ({room}): {answer:?}\n{}", server.said());
        }
        // The log is folded into the database here and there, so that it grows anew.
        all_work(&mut officers, 3, &told, None);
    }
    server.kill();
    let record = kept::look(&place.dir()).unwrap();
    assert_eq!(kept::lost(&told.steps(), &record), [""; 0]);
    println!("  full at {sizes} sizes, {} steps acknowledged, none lost", told.count());

    shim.set(Number::Fired, 0);
    shim.set(Number::Room, 0);
    if let Err(said) = Server::try_start(&place, Some(&shim), None) {
        assert!(said.contains("full"), "it says why it does not start: {said}");
    }
    shim.happened("starting on a full disk");
    shim.heal();
    assert_eq!(kept::lost(&told.steps(), &kept::look(&place.dir()).unwrap()), [""; 0]);
}

/// The same on a real disk that is too small, where this user may mount one.
pub fn full_for_real() {
    // Starting and signing in are written too, and take some hundred KB of a log that nothing has folded yet.
    let mut kept_in_all = 0;
    for kilobytes in [900, 1500, 2500].into_iter().take(long(2, 3)) {
        let place = Place::new();
        let built = journal::files(&place.dir());
        let size: usize = built.values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum::<usize>() + kilobytes;
        let option = format!("size={size}k,mode=700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &option, "waymark"]).arg(place.dir()).output();
        if !mounted.is_ok_and(|done| done.status.success()) {
            println!("  this user may mount nothing; the imagined full disk has to do");
            return;
        }
        let mounted = Mounted(&place);
        journal::lay_out(&built, &place.dir());
        let mut server = Server::start(&place, None);
        let mut officers = two(&mut server);
        let told = Told::default();
        let mut answers = all_work(&mut officers, 4000, &told, None);
        was_told_no(answers.remove(0), &format!("{kilobytes} KB left"));
        let free = rustix::fs::statvfs(place.dir()).unwrap();
        let free = free.f_bavail * free.f_frsize / 1024;
        assert!(free < 64, "{kilobytes} KB left: the disk has {free} KB still");
        server.kill();
        let left = journal::files(&place.dir());
        drop(mounted);
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("demo");
        journal::lay_out(&left, &dir);
        assert_eq!(kept::lost(&told.steps(), &kept::look(&dir).unwrap()), [""; 0]);
        kept_in_all += told.count();
        println!("  a disk with {kilobytes} KB left: {} steps acknowledged, none lost", told.count());
    }
    assert!(kept_in_all > 0, "nothing was kept that could be lost");
}

struct Mounted<'a>(&'a Place);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.dir()).status();
    }
}

/// A call that fails: which kind, on which files, whether it must stop all writing, and which calls in a long run;
/// in a short one the first two of them.
struct Failing {
    what: &'static str,
    ops: i64,
    files: i64,
    stops: bool,
    nths: &'static [i64],
}

/// Made many times in every step.
const OFTEN: &[i64] = &[1, 4, 28, 76, 193, 364];
/// Made when the log is folded into the database, every thirty steps or so.
const SELDOM: &[i64] = &[1, 2, 3, 5];
/// A connection is opened when all others are in use, and four stay open; or when one failed.
const ONCE: &[i64] = &[1];

const CALLS: [Failing; 7] = [
    Failing::new("flushing the log", SYNC, LOG, true, OFTEN),
    Failing::new("writing the log", WRITE, LOG, false, OFTEN),
    Failing::new("reading", READ, ANY, false, OFTEN),
    Failing::new("writing the database", WRITE, DATABASE, false, OFTEN),
    Failing::new("flushing the database", SYNC, DATABASE, false, SELDOM),
    Failing::new("opening", OPEN, ANY, false, ONCE),
    Failing::new("shortening", TRUNCATE, ANY, false, SELDOM),
];

impl Failing {
    const fn new(what: &'static str, ops: i64, files: i64, stops: bool, nths: &'static [i64]) -> Self {
        Self { what, ops, files, stops, nths }
    }
}

/// How often it is begun anew where the store stopped before the call that is to fail was made.
const AGAIN: usize = 10;
/// Rounds of work at most until the call that is to fail was made.
const UNTIL_MET: usize = 50;

pub fn failing_calls() {
    let mut met = 0;
    for call in &CALLS {
        for &nth in call.nths.iter().take(long(2, 6)) {
            let is_met = (0..AGAIN).any(|_| one_failing_call(call, nth));
            assert!(is_met, "{}: the store stopped each time before it", call.what);
            met += 1;
        }
    }
    println!("  {met} kinds and places, each of them met, none lost");
}

/// Fails the Nth call, lets officers work on, cuts the power, and starts again from what is really there. False where
/// the store stopped before that call was made.
fn one_failing_call(call: &Failing, nth: i64) -> bool {
    let what = format!("{}, call {nth}", call.what);
    let place = Place::new();
    let initial = journal::files(&place.dir());
    let shim = Shim::new(&place.dir(), &place.scratch(), true);
    let mut server = Server::start(&place, Some(&shim));
    let mut officers = two(&mut server);
    let told = Told::default();
    for round in 0..UNTIL_MET {
        if call.ops == OPEN {
            // A connection that failed to read is not used again: another is opened in its place.
            shim.fail(READ, ANY, 1, EIO);
            all_work(&mut officers, 4, &told, Some(&shim));
            // It was the writer that failed to read.
            if server.said().contains(STOPS) {
                server.kill();
                return false;
            }
        }
        if call.ops == OPEN || round == 0 {
            shim.fail(call.ops, call.files, nth, EIO);
        }
        all_work(&mut officers, 40, &told, Some(&shim));
        if shim.get(Number::Fired) > 0 {
            break;
        }
    }
    shim.happened(&what);
    if call.stops {
        let before = told.count();
        for officer in &mut officers {
            was_told_no(Some(officer.step(&told, Some(&shim))), &what);
        }
        assert_eq!(told.count(), before, "{what}: after a failed flush nothing may be kept");
        assert!(server.said().contains(STOPS), "{}", server.said());
    }
    assert!(server.runs(), "{what}: the server ended: {}", server.said());
    server.kill();
    let records = journal::parse(&shim.journal());
    let failed: Vec<String> = records.iter().filter_map(journal::Record::fault).collect();
    let mut disk = Disk::new(initial, Chance::new().0);
    records.iter().for_each(|record| disk.apply(record));
    let folder = tempfile::tempdir().unwrap();
    for (n, left) in [Left::Nothing, Left::Some, Left::Everything].into_iter().enumerate() {
        let dir = folder.path().join(n.to_string());
        journal::lay_out(&disk.image(left), &dir);
        let record = kept::look(&dir).unwrap_or_else(|why| panic!("{what} {failed:?}: {why}"));
        assert_eq!(kept::lost(&told.steps(), &record), [""; 0], "{what} {failed:?}, {left:?} left");
    }
    restart(&place, &told);
    println!("  {what}: failed {failed:?}, {} steps acknowledged, none lost", told.count());
    true
}

/// After a restart work goes on, on top of everything that was kept.
fn restart(place: &Place, told: &Told) {
    let mut server = Server::start(place, None);
    let mut officer = Officer::sign_in(&mut server, "after");
    let answer = officer.step(told, None);
    assert!(matches!(answer, Answer::Kept(_)), "{answer:?}");
    server.kill();
    assert_eq!(kept::lost(&told.steps(), &kept::look(&place.dir()).unwrap()), [""; 0]);
}

/// The disk is mounted anew, for reading only, as Linux does it after an error.
pub fn read_only_at_once() {
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let mut server = Server::start(&place, Some(&shim));
    let mut officers = two(&mut server);
    let told = Told::default();
    assert!(all_work(&mut officers, 10, &told, None).iter().all(Option::is_none));
    shim.set(Number::ReadOnly, 1);
    for answer in all_work(&mut officers, 10, &told, None) {
        was_told_no(answer, "read-only");
    }
    shim.happened("read-only");
    assert!(server.runs(), "{}", server.said());
    server.kill();
    shim.set(Number::Fired, 0);
    let said = Server::try_start(&place, Some(&shim), None).err().expect("nothing can be kept: it must not start");
    assert!(said.contains("read-only"), "{said}");
    shim.happened("starting on a disk for reading only");
    shim.heal();
    restart(&place, &told);
    println!("  read-only after {} steps, none lost", told.count());
}
