//! The edge between a commit and the page that tells of it: the program ends on either side of it, and the officer,
//! who was told nothing, sends the same form again.

use std::collections::BTreeMap;

use crate::chance::Chance;
use crate::kept::{self, Record};
use crate::long;
use crate::officer::{Answer, Officer, Told};
use crate::server::{Place, Server};

/// Where it ends, in the order in which a commit meets them.
const POINTS: [&str; 4] = ["sealed", "inserted", "keys-kept", "committed"];
/// Commits until officers are signed in, and some more: it ends while they work.
const FROM: usize = 40;
const STEPS: usize = 400;
/// Rounds at most.
const MOST: usize = 40;

/// How often a step is in the record.
fn times(record: &Record, mark: &str) -> usize {
    record.values().map(|found| found.times(mark)).sum()
}

pub fn the_same_form_again() {
    let (mut chance, seed) = Chance::new();
    let mut met: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for round in 0..MOST {
        // A commit is not always that of the step: on until both sides of the edge were met.
        let met_both = (0..2).all(|side| met.values().any(|sides| sides[side] > 0));
        if round >= long(3, 8) && met_both {
            break;
        }
        for point in POINTS {
            let at = format!("{point}:{}", FROM + chance.below(40));
            let what = format!("round {round}, {at}, seed {seed}");
            let place = Place::new();
            let told = Told::default();
            let mut server = Server::start_to_end_at(&place, &at);
            let mut officer = Officer::sign_in(&mut server, "one");
            let mut steps = 0;
            let last = loop {
                match officer.step(&told, None) {
                    Answer::Kept(_) if steps < STEPS => steps += 1,
                    last => break last,
                }
            };
            assert!(matches!(last, Answer::Silence), "{what}: {last:?}");
            drop(server);
            let mark = officer.under_way();

            // Whoever was told that it is kept finds it; the step under way is whole or not there.
            let record = kept::look(&place.dir()).unwrap_or_else(|why| panic!("{what}: {why}"));
            assert_eq!(kept::lost(&told.steps(), &record), [""; 0], "{what}");
            let before = times(&record, &mark);
            assert!(before < 2, "{what}: {mark} is there {before} times");
            met.entry(point).or_default()[before] += 1;

            let mut server = Server::start(&place, None);
            officer.goes_on_at(&server);
            let again = officer.again(&told);
            assert!(matches!(again, Answer::Kept(_)), "{what}: {again:?}\n{}", server.said());
            let twice = officer.again(&told);
            assert!(matches!(twice, Answer::Kept(_)), "{what}: {twice:?}");
            assert!(server.runs());
            server.kill();
            let record = kept::look(&place.dir()).unwrap_or_else(|why| panic!("{what}: {why}"));
            assert_eq!(kept::lost(&told.steps(), &record), [""; 0], "{what}");
            let now = times(&record, &mark);
            assert_eq!(now, 1, "{what}: {mark} was sent again, and is there {now} times");
        }
    }
    // Both sides of the edge were met, or this proved nothing.
    let [absent, present] = met.values().fold([0, 0], |[a, b], [x, y]| [a + x, b + y]);
    assert!(absent > 0 && present > 0, "{met:?}");
    println!(
        "  ended {absent} times before the step was kept and {present} times after, told nothing either time; sent again, it is there once"
    );
}
