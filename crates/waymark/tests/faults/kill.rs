//! `kill -9` of the whole server while officers work, again and again on what the last one left.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::chance::Chance;
use crate::kept;
use crate::long;
use crate::officer::{Officer, Told};
use crate::server::{Place, Server};

pub fn again_and_again() {
    let place = Place::new();
    let told = Told::default();
    let (mut chance, seed) = Chance::new();
    let kills = long(6, 40);
    for kill in 0..kills {
        let mut server = Server::start(&place, None);
        let mut officers = ["one", "two"].map(|name| Officer::sign_in(&mut server, &format!("{name}-{kill}")));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for officer in &mut officers {
                scope.spawn(|| officer.work(usize::MAX, &told, None, &stop));
            }
            std::thread::sleep(Duration::from_millis(50 + chance.below(600) as u64));
            server.kill();
            stop.store(true, Ordering::Relaxed);
        });
        let record = kept::look(&place.dir()).unwrap_or_else(|why| panic!("kill {kill}, seed {seed}: {why}"));
        assert_eq!(kept::lost(&told.steps(), &record), [""; 0], "kill {kill}, seed {seed}");
    }
    assert!(told.count() > kills * 3, "{} steps: this was no load", told.count());
    println!("  {kills} kills, {} steps acknowledged, none lost", told.count());
}
