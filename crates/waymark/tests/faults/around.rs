//! What is not the disk: the clock, and what the system gives out.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::kept;
use crate::long;
use crate::officer::{Answer, Officer, Told, all_work};
use crate::server::{Place, Server};
use crate::shim::{Number, Shim};

const DAY: i64 = 24 * 60 * 60;

/// The clock jumps back and forth while officers work. Some are signed out by it; nothing is lost or out of order.
pub fn clock_jumps() {
    let place = Place::new();
    let shim = Shim::new(&place.dir(), &place.scratch(), false);
    let told = Told::default();
    // From a day ago to a year ahead, and back: links of one time need not work at the other.
    for (n, jump) in [0, -DAY, 400 * DAY, -3 * DAY, 0].into_iter().enumerate() {
        shim.set(Number::Clock, 0);
        let mut server = Server::start(&place, Some(&shim));
        let mut officers = ["one", "two"].map(|name| Officer::sign_in(&mut server, &format!("{name}-{n}")));
        assert!(all_work(&mut officers, 6, &told, None).iter().all(Option::is_none));
        shim.set(Number::Fired, 0);
        shim.set(Number::Clock, jump);
        for answer in all_work(&mut officers, 6, &told, None).into_iter().flatten() {
            // Signed out, or told that it cannot be now: never silence, never a fault.
            assert!(matches!(answer, Answer::Refused(..500, _)), "{jump}: {answer:?}\n{}", server.said());
        }
        // Without a jump nothing is to be met: the count is able to say no.
        assert_eq!(shim.get(Number::Fired) > 0, jump != 0, "{jump}: met");
        assert!(server.runs(), "{jump}: {}", server.said());
        shim.set(Number::Clock, 0);
        server.kill();
        let record = kept::look(&place.dir()).unwrap_or_else(|why| panic!("{jump}: {why}"));
        assert_eq!(kept::lost(&told.steps(), &record), [""; 0], "{jump}");
    }
    println!("  five jumps, {} steps acknowledged, none lost", told.count());
}

/// More connections than a server may open files.
pub struct Crowd(#[expect(dead_code, reason = "held open")] Vec<TcpStream>);

impl Crowd {
    pub fn at(server: &Server, most: u32) -> Self {
        let address = server.address.strip_prefix("http://").unwrap();
        let address = address.parse().unwrap();
        let one = |_| TcpStream::connect_timeout(&address, Duration::from_millis(50)).ok();
        Self((0..most + 20).filter_map(one).collect())
    }
}

/// Fewer than this, and it does not start.
pub const FILES: u32 = 48;

/// More connections than the system gives files for. The server stays, and serves again when they are gone.
pub fn out_of_files() {
    // The last is more than anybody here asks for: the count of calls that met the end is able to say no.
    for (most, meets) in [(FILES, true), (64, true), (100, true), (2048, false)]
        .into_iter()
        .filter(|(most, meets)| *most == FILES || !meets || long(0, 1) == 1)
    {
        let place = Place::new();
        let told = Told::default();
        let shim = Shim::new(&place.dir(), &place.scratch(), false);
        let mut server = Server::try_start(&place, Some(&shim), Some(most)).expect("it starts with so few");
        let mut officers = ["one", "two"].map(|name| Officer::sign_in(&mut server, name));
        all_work(&mut officers, 6, &told, None);
        shim.set(Number::Fired, 0);
        let crowd = Crowd::at(&server, most.min(100));
        // They may wait or be refused; what they are told is kept must be.
        all_work(&mut officers, 2, &told, None);
        let met = shim.get(Number::Fired);
        assert_eq!(met > 0, meets, "{most} files: {met} calls met the end");
        drop(crowd);
        assert!(server.runs(), "{most}: {}", server.said());
        let begun = Instant::now();
        let served = loop {
            match officers[0].step(&told, None) {
                Answer::Kept(_) => break true,
                _ if begun.elapsed() > Duration::from_secs(20) => break false,
                _ => std::thread::sleep(Duration::from_millis(100)),
            }
        };
        assert!(served, "{most} files: it did not serve again: {}", server.said());
        server.kill();
        assert_eq!(kept::lost(&told.steps(), &kept::look(&place.dir()).unwrap()), [""; 0]);
        println!("  {most} files at most, {met} calls met the end, {} steps acknowledged, none lost", told.count());
    }
}
