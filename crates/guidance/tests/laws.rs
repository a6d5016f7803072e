//! The two laws of order at the end of the contract page, tried from outside on random reports of up to
//! five people: what is worse never lowers, and what was not known never turns round.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::random::{self, NINE, Rng};
use guidance::advice::{Class, DeviceAdvice, DutyState, OutcomeState};
use guidance::{Advice, Facts, Pack, Value};

const REPORTS: usize = 800;
/// Changes tried on each report, one after the other.
const STEPS: usize = 4;
const ACTIVE: [&str; 7] = ["pictured", "made", "sent", "received", "forwarded", "requested", "targeted"];

fn advise(pack: &Pack, facts: &Facts) -> Advice {
    pack.advise(&pack.case(facts.clone()))
}

fn grave(class: Class) -> u8 {
    match class {
        Class::NotInvolved => 0,
        Class::Experimental => 1,
        Class::Undetermined => 2,
        Class::Aggravated => 3,
    }
}

fn firm(advice: DeviceAdvice) -> u8 {
    match advice {
        DeviceAdvice::Leave => 0,
        DeviceAdvice::Preserve => 1,
        DeviceAdvice::SeizeWherePossible => 2,
    }
}

fn outcome(advice: &Advice, who: Option<&str>) -> Option<OutcomeState> {
    state(advice, "21", who)
}

fn state(advice: &Advice, code: &str, who: Option<&str>) -> Option<OutcomeState> {
    advice.outcomes.iter().find(|o| o.code == code && o.subject.as_deref() == who).map(|o| o.state)
}

/// 0 not raised, 1 may be needed, 2 due; one that is done counts as due.
fn raised(advice: &Advice, id: &str) -> u8 {
    match advice.duties.iter().find(|duty| duty.id == id).map(|duty| duty.state) {
        None => 0,
        Some(DutyState::NotYetKnown) => 1,
        Some(DutyState::Due | DutyState::Done) => 2,
    }
}

/// Turns one answer to the graver one; says which.
fn worsen(rng: &mut Rng, facts: &mut Facts) -> String {
    if rng.chance(15) {
        facts.report.insert("age_appropriate".to_owned(), Value::word("no"));
        return "age_appropriate = no".to_owned();
    }
    let who = rng.below(facts.person.len());
    let (name, word) = if rng.chance(25) { (rng.pick(&["aware", "willing"]), "no") } else { (rng.pick(&NINE), "yes") };
    let person = &mut facts.person[who];
    person.facts.insert(name.to_owned(), Value::word(word));
    format!("{}.{name} = {word}", person.id)
}

/// Everything that fell although the facts got worse. `done` is fixed, so a done duty stays raised or falls away.
fn fallen(facts: &Facts, before: &Advice, after: &Advice) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut holds = |what: String, holds: bool| {
        if !holds {
            wrong.push(what);
        }
    };
    holds(format!("class {} to {}", before.class, after.class), grave(after.class) >= grave(before.class));
    for (id, was) in &before.persons {
        let is = after.persons[id].class;
        holds(format!("class of {id} {} to {is}", was.class), grave(is) >= grave(was.class));
    }
    for (id, was) in &before.devices {
        let is = after.devices[id].advice;
        holds(format!("device {id} {} to {is}", was.advice), firm(is) >= firm(was.advice));
    }
    for person in &facts.person {
        for duty in ["immediate-referral", "child-protection-referral"] {
            let id = format!("{duty}:{}", person.id);
            holds(format!("{id} is lowered"), raised(after, &id) >= raised(before, &id));
        }
        let whom = Some(person.id.as_str());
        holds(
            format!("21 opens for {}", person.id),
            outcome(after, whom) != Some(OutcomeState::Open) || outcome(before, whom) == Some(OutcomeState::Open),
        );
    }
    holds(
        "21 opens".to_owned(),
        outcome(after, None) != Some(OutcomeState::Open) || outcome(before, None) == Some(OutcomeState::Open),
    );
    wrong
}

/// Answers one thing that was not known; nothing where all is known.
fn learn(rng: &mut Rng, pack: &Pack, facts: &mut Facts) -> Option<String> {
    let open = |value: Option<&Value>| value.is_none_or(|value| value.as_word() == Some("not-known"));
    let yes_no = |fact: &str| {
        pack.question(fact).is_some()
            && ![
                "report.reported_by",
                "report.act_on",
                "person.reason",
                "person.age",
                "person.part",
                "device.used_or_owned_by",
            ]
            .contains(&fact)
    };
    let mut slots: Vec<(usize, String)> = Vec::new();
    for question in pack.questions() {
        let (scope, name) = question.fact.split_once('.').unwrap();
        if scope == "report" && yes_no(&question.fact) && open(facts.report.get(name)) {
            slots.push((usize::MAX, name.to_owned()));
        }
        for (who, person) in facts.person.iter().enumerate().filter(|_| scope == "person") {
            let asked = match name {
                "age" => !matches!(person.facts.get("age"), Some(Value::Years(_))),
                "part" => !person.facts.contains_key("part"),
                // Never asked, but the duty that asks it is done: that is an answer already.
                "telling_parents_unsafe" if facts.done.contains(&format!("next-steps-parent:{}", person.id)) => false,
                _ => yes_no(&question.fact) && open(person.facts.get(name)),
            };
            if asked {
                slots.push((who, name.to_owned()));
            }
        }
    }
    if slots.is_empty() {
        return None;
    }
    let (who, name) = rng.pick(&slots);
    let word = rng.pick(&["yes", "no", "no"]);
    if who == usize::MAX {
        facts.report.insert(name.clone(), Value::word(word));
        return Some(format!("{name} = {word}"));
    }
    let person = &mut facts.person[who];
    let value = match name.as_str() {
        "age" => match person.facts.get("age").and_then(Value::as_word) {
            Some("adult") => Value::Years(18),
            Some("child") => Value::Years(rng.pick(&[9, 12, 14, 17])),
            _ => rng.pick(&[
                Value::word("child"),
                Value::word("adult"),
                Value::Years(8),
                Value::Years(11),
                Value::Years(14),
                Value::Years(40),
            ]),
        },
        "part" => Value::Words(ACTIVE.iter().filter(|_| rng.chance(30)).map(|part| (*part).to_owned()).collect()),
        _ if word == "yes" && NINE.contains(&name.as_str()) && !takes_part(person) => {
            // Somebody who took no part did it after all: a change of part, not an answer.
            return None;
        }
        _ => Value::word(word),
    };
    person.facts.insert(name.clone(), value.clone());
    Some(format!("{}.{name} = {value:?}", person.id))
}

fn takes_part(person: &guidance::Entity) -> bool {
    let active = matches!(person.facts.get("part"), Some(Value::Words(words)) if words.iter().any(|word| ACTIVE.contains(&word.as_str())));
    active || NINE.iter().any(|name| person.facts.get(*name).and_then(Value::as_word) == Some("yes"))
}

/// Everything definite that an answer turned round.
fn turned(_: &Facts, before: &Advice, after: &Advice) -> Vec<String> {
    let definite = |class: Class| class != Class::Undetermined;
    let mut wrong = Vec::new();
    if definite(before.class) && before.class != after.class {
        wrong.push(format!("class {} to {}", before.class, after.class));
    }
    for (id, was) in before.persons.iter().filter(|(_, was)| definite(was.class)) {
        if was.class != after.persons[id].class {
            wrong.push(format!("class of {id} {} to {}", was.class, after.persons[id].class));
        }
    }
    for outcome in &before.outcomes {
        let (code, whom, was) = (&outcome.code, outcome.subject.as_deref(), outcome.state);
        let is = state(after, code, whom);
        let same = match was {
            OutcomeState::Open if **code == *"21" => is == Some(was),
            // Nothing is answered any more about a child who turns out to have been harmed, or to have done nothing.
            OutcomeState::Open | OutcomeState::Blocked => is == Some(was) || (is.is_none() && whom.is_some()),
            OutcomeState::NotYet => true,
        };
        if !same {
            wrong.push(format!("{code} for {whom:?} {was} to {is:?}"));
        }
    }
    wrong
}

/// Tries a law on many reports on two threads; `step` changes the facts, `wrong` names what broke.
fn hold(
    seed: u64,
    step: fn(&mut Rng, &Pack, &mut Facts) -> Option<String>,
    wrong: fn(&Facts, &Advice, &Advice) -> Vec<String>,
) {
    let pack = &common::cheshire();
    let moved: usize = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..2).map(|thread| scope.spawn(move || run(pack, &mut Rng::new(seed + thread), step, wrong))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(moved > REPORTS / 20, "the changes hardly ever changed anything: {moved}");
}

fn run(
    pack: &Pack,
    rng: &mut Rng,
    step: fn(&mut Rng, &Pack, &mut Facts) -> Option<String>,
    wrong: fn(&Facts, &Advice, &Advice) -> Vec<String>,
) -> usize {
    let mut moved = 0;
    for _ in 0..REPORTS / 2 {
        let mut facts = random::report(rng, 5, 2);
        let mut before = advise(pack, &facts);
        for _ in 0..STEPS {
            let was = facts.clone();
            let Some(change) = step(rng, pack, &mut facts) else { break };
            let after = advise(pack, &facts);
            let broken = wrong(&facts, &before, &after);
            assert!(broken.is_empty(), "{change}: {}\n{}", broken.join(", "), toml::to_string(&was).unwrap());
            moved += usize::from(before.class != after.class || before.outcomes != after.outcomes);
            before = after;
        }
    }
    moved
}

#[test]
fn what_is_worse_never_lowers() {
    hold(11, |rng, _, facts| Some(worsen(rng, facts)), fallen);
}

#[test]
fn what_was_not_known_never_turns_round() {
    hold(23, learn, turned);
}

/// A control: the same checks notice when a graver answer is taken back, and when a definite answer is turned.
#[test]
fn the_checks_can_fail() {
    let pack = common::cheshire();
    let text = std::fs::read_to_string(common::folder().join("examples/blackmailed-for-money.toml")).unwrap();
    let graver = pack.read_toml(&text).unwrap();
    let mut milder = graver.clone();
    milder.person[1].facts.insert("extorted".to_owned(), Value::word("no"));
    let (before, after) = (advise(&pack, &graver), advise(&pack, &milder));
    assert!(!fallen(&graver, &before, &after).is_empty());
    assert!(!turned(&graver, &before, &after).is_empty());
}
