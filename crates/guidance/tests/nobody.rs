//! While nobody who takes part has been entered, nothing is concluded: the class is undetermined, and no
//! outcome of the report is open or blocked, whatever else is answered and done.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::random::{self, NINE, Rng};
use guidance::advice::{Class, OutcomeState};
use guidance::{Facts, Pack, Value};

const REPORTS: usize = 3_000;

/// Parts of those who take no part.
const ASIDE: [&[&str]; 4] = [&["reporting"], &["parent-or-carer", "reporting"], &["other"], &[]];

/// Outcomes of the report that are open or blocked, and the class where it is definite.
fn concluded(pack: &Pack, facts: &Facts) -> Vec<String> {
    let advice = pack.advise(&pack.case(facts.clone()));
    let class = (advice.class != Class::Undetermined).then(|| format!("class {}", advice.class));
    let outcomes = advice.outcomes.iter().filter(|o| o.subject.is_none() && o.state != OutcomeState::NotYet);
    class.into_iter().chain(outcomes.map(|o| format!("{} {}: {}", o.code, o.state, o.says.join(" ")))).collect()
}

fn assert_nothing_is_concluded(pack: &Pack, facts: &Facts) {
    let concluded = concluded(pack, facts);
    assert!(concluded.is_empty(), "{}\n{}", concluded.join("\n"), toml::to_string(facts).unwrap());
}

#[test]
fn nothing_is_concluded_about_an_empty_report() {
    let pack = common::cheshire();
    assert_nothing_is_concluded(&pack, &Facts::default());
    let mut rng = Rng::new(31);
    for _ in 0..REPORTS {
        let mut facts = random::report(&mut rng, 1, 2);
        facts.person.clear();
        facts.done.retain(|id| random::REPORT_DUTIES.contains(&id.as_str()));
        for device in &mut facts.device {
            device.facts.insert("used_or_owned_by".to_owned(), Value::Words(Vec::new()));
        }
        assert_nothing_is_concluded(&pack, &facts);
    }
}

#[test]
fn nothing_is_concluded_where_nobody_takes_part() {
    let pack = common::cheshire();
    let mut rng = Rng::new(37);
    for _ in 0..REPORTS {
        let mut facts = random::report(&mut rng, 3, 2);
        for person in &mut facts.person {
            let part = rng.pick(&ASIDE).iter().map(|word| (*word).to_owned()).collect();
            person.facts.insert("part".to_owned(), Value::Words(part));
            for name in NINE.iter().filter(|_| rng.chance(50)) {
                person.facts.remove(*name);
            }
            // A yes among the nine would make them somebody who takes part.
            person.facts.retain(|name, value| !NINE.contains(&name.as_str()) || value.as_word() != Some("yes"));
        }
        assert_nothing_is_concluded(&pack, &facts);
    }
}

/// A control: as soon as somebody takes part, there is something to conclude.
#[test]
fn something_is_concluded_where_somebody_takes_part() {
    let pack = common::cheshire();
    let text = std::fs::read_to_string(common::folder().join("examples/all-done-experimental.toml")).unwrap();
    assert!(!concluded(&pack, &pack.read_toml(&text).unwrap()).is_empty());
}
