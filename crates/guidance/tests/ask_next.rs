//! What to ask next, and in which order: what one answer settles comes first, then what the class needs, then the rest. Which fact is
//! which is found by trying every completion, by the evaluator that knows nothing of the engine. What part somebody had is known in all of
//! these reports: several words can be given for it, so that no single answer settles it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeMap;

use common::naive::settle::settle;
use common::naive::{Naive, Open, PERSON, REPORT};
use common::random::{self, Mood, NINE, Rng};
use guidance::{Facts, Pack, Value};

const REPORTS: usize = 3000;
/// Most completions of one report.
const MOST: [usize; 4] = [8, 32, 64, 128];
/// Facts that the class can turn on, and two that it can not.
const OPENED: [&str; 9] = [
    "age",
    "aware",
    "threatened",
    "profit_motive",
    "other_vulnerability",
    "other_vulnerability",
    "identified",
    "in_care",
    "self_harm_or_suicide",
];

/// How much an answer to a fact can do for the class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Rank {
    Nothing,
    /// Somewhere the class turns on it.
    Needed,
    /// After one of its answers the class is settled.
    Settles,
}

/// Every fact that is open and can be asked about, by its full name.
fn ranks(facts: &Facts) -> BTreeMap<String, Rank> {
    let naive = Naive::new(facts);
    let (open, classes) = (naive.open(), naive.class_in_each());
    let mut stride = 1;
    let mut ranks = BTreeMap::new();
    for what in &open {
        let ways = what.ways();
        let value = |world: usize| world / stride % ways;
        let settled = |wanted: usize| {
            let mut left = (0..classes.len()).filter(|world| value(*world) == wanted).map(|world| classes[world]);
            let first = left.next().unwrap();
            first != "undetermined" && left.all(|class| class == first)
        };
        let turns = (0..classes.len()).any(|world| {
            let base = world - value(world) * stride;
            (0..ways).any(|other| classes[base + other * stride] != classes[world])
        });
        let rank = match turns {
            false => Rank::Nothing,
            true if (0..ways).any(settled) => Rank::Settles,
            true => Rank::Needed,
        };
        stride *= ways;
        let of = |who: &usize, fact: &str| format!("person.{}.{fact}", facts.person[*who].id);
        let name = match what {
            // Which outcome was decided is never asked: it is the officer's decision.
            Open::Report(at) => match REPORT.get(*at) {
                Some(fact) => format!("report.{fact}"),
                None => continue,
            },
            Open::Fact(who, at) => of(who, PERSON[*at]),
            Open::Age(who, _) => of(who, "age"),
            Open::Part(who, _) => of(who, "part"),
        };
        ranks.insert(name, rank);
    }
    ranks
}

/// What is wrong with what is asked of one report.
fn wrong(pack: &Pack, facts: &Facts, met: &mut BTreeMap<Rank, usize>) -> Vec<String> {
    let advice = pack.advise(&pack.case(facts.clone()));
    let ranks = ranks(facts);
    let mut wrong = Vec::new();
    let mut before = Rank::Settles;
    for ask in &advice.ask_next {
        let rank = ranks.get(ask.fact.as_str()).copied().unwrap_or(Rank::Nothing);
        *met.entry(rank).or_default() += 1;
        if rank > before {
            wrong.push(format!("{} ({rank:?}) comes after what does less", ask.fact));
        }
        before = before.min(rank);
        let told = if ask.why.starts_with("settles the class") {
            Rank::Settles
        } else if ask.why.starts_with("needed for the class") {
            Rank::Needed
        } else {
            Rank::Nothing
        };
        if told != rank {
            wrong.push(format!("{} is {rank:?}, told as {}", ask.fact, ask.why));
        }
    }
    for (fact, _) in ranks.iter().filter(|(_, rank)| **rank > Rank::Nothing) {
        if !advice.ask_next.iter().any(|ask| ask.fact == *fact) {
            wrong.push(format!("{fact} is not asked, and the class turns on it"));
        }
    }
    wrong
}

/// A report in which little is grave, with a few answers left open.
fn report(rng: &mut Rng) -> Facts {
    let calm = Mood { unknown: 0, grave: rng.pick(&[0, 0, 0, 1]), worry: rng.pick(&[0, 0, 5]) };
    let mut facts = random::report(rng, 1, 1);
    let people = 1 + rng.below(3);
    facts.person = ["A", "B", "C"][..people].iter().map(|id| random::person(rng, calm, id)).collect();
    if rng.chance(60) {
        facts.report.remove("age_appropriate");
    }
    for _ in 0..rng.below(6) {
        let (who, fact) = (rng.below(people), rng.pick(&OPENED));
        let word = if fact == "age" { "child" } else { "not-known" };
        facts.person[who].facts.insert(fact.to_owned(), Value::word(word));
    }
    facts.device.clear();
    facts.done.clear();
    facts
}

#[test]
fn what_settles_the_class_comes_first_then_what_it_needs() {
    let pack = common::cheshire();
    let mut rng = Rng::new(22);
    let mut met = BTreeMap::new();
    let mut all = Vec::new();
    for at in 0..REPORTS {
        let mut facts = report(&mut rng);
        let most = rng.pick(&MOST);
        settle(&mut rng, &mut facts, most);
        let found = wrong(&pack, &facts, &mut met);
        if !found.is_empty() {
            all.push(format!("report {at}:\n{}\n{}", found.join("\n"), toml::to_string(&facts).unwrap()));
        }
    }
    assert!(all.is_empty(), "{} of {REPORTS} are wrong:\n{}", all.len(), all[..all.len().min(3)].join("\n"));
    assert!(met.len() == 3 && met.values().all(|count| *count > 300), "hardly met: {met:?}");
}

/// A girl of 14 about whom everything is answered but what is left out.
fn girl(left_out: &[&str]) -> Facts {
    let mut report = Facts::default();
    for (name, word) in [
        ("imagery", "yes"),
        ("act_on", "2026-11-02"),
        ("sexual_messages", "no"),
        ("request", "no"),
        ("uploaded_online", "no"),
        ("significant_risk", "no"),
        ("safeguarding_cannot_wait", "no"),
        ("multi_agency_meeting_planned", "no"),
        ("discussion_with_family_planned", "no"),
        ("sufficient_evidence", "no"),
        ("age_appropriate", "yes"),
    ] {
        report.report.insert(name.to_owned(), Value::word(word));
    }
    let mut facts = BTreeMap::from([("age".to_owned(), Value::Years(14))]);
    facts.insert("part".to_owned(), Value::Words(["pictured", "made", "sent"].map(str::to_owned).to_vec()));
    for name in ["identified", "aware", "willing"] {
        facts.insert(name.to_owned(), Value::word("yes"));
    }
    let welfare = ["self_harm_or_suicide", "other_concern_of_harm", "missing_now", "telling_parents_unsafe", "in_care"];
    let others = ["child_protection_plan", "other_vulnerability", "persistent", "family_or_partner"];
    for name in NINE.into_iter().chain(welfare).chain(others) {
        facts.insert(name.to_owned(), Value::word("no"));
    }
    facts.insert("reason".to_owned(), Value::word("attention"));
    facts.retain(|name, _| !left_out.contains(&name.as_str()));
    report.report.retain(|name, _| !left_out.contains(&name.as_str()));
    report.person.push(guidance::Entity { id: "A".to_owned(), facts });
    report
}

/// The same and two boys of 14 who received it, all of them with other answers here and there; none is an answer that is left out.
fn three(changed: &[(&str, &str)]) -> Facts {
    let mut report = girl(&[]);
    for id in ["B", "C"] {
        let mut boy = report.person[0].clone();
        boy.id = id.to_owned();
        boy.facts.insert("part".to_owned(), Value::Words(vec!["received".to_owned()]));
        boy.facts.retain(|name, _| name != "aware" && name != "willing");
        report.person.push(boy);
    }
    for (name, word) in changed {
        let (id, fact) = name.split_once('.').unwrap();
        let person = report.person.iter_mut().find(|person| person.id == id).unwrap();
        match *word {
            "" => person.facts.remove(fact),
            word => person.facts.insert(fact.to_owned(), Value::word(word)),
        };
    }
    report
}

fn asked_of(report: &Facts) -> Vec<String> {
    let pack = common::cheshire();
    pack.advise(&pack.check(report).unwrap()).ask_next.iter().map(|ask| ask.fact.to_string()).collect()
}

fn asked(left_out: &[&str]) -> Vec<String> {
    asked_of(&girl(left_out))
}

#[test]
fn the_order_of_what_is_asked_in_full() {
    assert_eq!(asked(&[]), Vec::<String>::new());
    // A threat settles the class. A "must" duty hangs on each of the next three, as questions are put; three grounds on the reason and one
    // duty that should be done on the image being online.
    assert_eq!(
        asked(&["uploaded_online", "reason", "persistent", "in_care", "self_harm_or_suicide", "threatened"]),
        [
            "person.A.threatened",
            "person.A.self_harm_or_suicide",
            "person.A.in_care",
            "person.A.persistent",
            "person.A.reason",
            "report.uploaded_online"
        ]
    );
    // Neither answer about the vulnerability, nor about what is appropriate, settles the class alone while a threat is open.
    assert_eq!(
        asked(&["age_appropriate", "self_harm_or_suicide", "other_vulnerability", "threatened"]),
        [
            "person.A.threatened",
            "person.A.other_vulnerability",
            "report.age_appropriate",
            "person.A.self_harm_or_suicide"
        ]
    );
    // Without the threat, that she has none settles it; that it is appropriate settles it as well.
    assert_eq!(
        asked(&["age_appropriate", "other_vulnerability"]),
        ["person.A.other_vulnerability", "report.age_appropriate"]
    );
}

#[test]
fn what_a_duty_brings_to_light_is_asked_last_until_it_is_done() {
    // The reason settles least of all; what settles more is asked after it for as long as nobody can know it.
    let all = ["in_care", "reason", "significant_risk", "sufficient_evidence"];
    for (done, order) in [
        (&[][..], ["person.A.in_care", "person.A.reason", "report.significant_risk", "report.sufficient_evidence"]),
        // People and places: the checks are done when all are.
        (
            &["checks:A"],
            ["person.A.in_care", "person.A.reason", "report.significant_risk", "report.sufficient_evidence"],
        ),
        (
            &["checks:A", "checks:location"],
            ["person.A.in_care", "report.significant_risk", "person.A.reason", "report.sufficient_evidence"],
        ),
        (
            &["initial-account:A"],
            ["person.A.in_care", "report.sufficient_evidence", "person.A.reason", "report.significant_risk"],
        ),
        (
            &["checks:A", "checks:location", "initial-account:A"],
            ["person.A.in_care", "report.significant_risk", "report.sufficient_evidence", "person.A.reason"],
        ),
    ] {
        let mut report = girl(&all);
        report.done = done.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(asked_of(&report), order, "{done:?}");
    }
}

/// By when the checks are due is asked while one of them is still to be made, and only what it turns on.
#[test]
fn by_when_the_checks_are_due_is_asked_until_they_are_made() {
    let (cannot, meeting, talk) = (
        "report.safeguarding_cannot_wait",
        "report.multi_agency_meeting_planned",
        "report.discussion_with_family_planned",
    );
    for (answers, done, wanted) in [
        (&[][..], &[][..], &[cannot, meeting, talk][..]),
        // One that is not made yet is enough.
        (&[], &["checks:A"], &[cannot, meeting, talk]),
        (&[], &["checks:A", "checks:location"], &[]),
        // Nothing is planned that they would come before.
        (&[(meeting, "no"), (talk, "no")], &[], &[]),
        (&[(meeting, "yes")], &[], &[cannot]),
        (&[(meeting, "yes"), (talk, "not-known"), (cannot, "not-known")], &[], &[cannot]),
        (&[(meeting, "yes"), (cannot, "no")], &[], &[]),
        (&[(meeting, "no"), (cannot, "no")], &[], &[talk]),
        // What cannot wait goes first; whether anything is planned says whether a reason is recorded.
        (&[(cannot, "yes")], &[], &[meeting, talk]),
    ] {
        let mut report =
            girl(&["safeguarding_cannot_wait", "multi_agency_meeting_planned", "discussion_with_family_planned"]);
        for (name, word) in answers {
            report.report.insert(name.replace("report.", ""), Value::word(word));
        }
        report.done = done.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(asked_of(&report), wanted, "{answers:?} {done:?}");
    }
    let pack = common::cheshire();
    let report = girl(&["safeguarding_cannot_wait"]);
    let asked = pack.advise(&pack.check(&report).unwrap()).ask_next;
    assert!(asked.is_empty(), "nothing is planned: {asked:?}");
    let report = girl(&["multi_agency_meeting_planned"]);
    let asked = &pack.advise(&pack.check(&report).unwrap()).ask_next[0];
    assert_eq!(asked.why, "bears on: by when to check A on all police systems");
}

/// Outcomes wait for whether the evidence is sufficient, also where no duty does.
#[test]
fn what_outcomes_wait_for_is_asked() {
    let pack = common::cheshire();
    let mut report = three(&[("B.threatened", "yes")]);
    assert_eq!(asked_of(&report), Vec::<String>::new());
    report.report.remove("sufficient_evidence");
    let asked = pack.advise(&pack.check(&report).unwrap()).ask_next;
    let asked: Vec<(&str, &str)> = asked.iter().map(|ask| (ask.fact.as_str(), ask.why.as_str())).collect();
    assert_eq!(asked, [("report.sufficient_evidence", "Outcomes 1, 2, 10 and 15 wait for it")]);
}

/// Whether a class has to be confirmed is asked of those it is not sure of.
#[test]
fn whether_a_class_has_to_be_confirmed_is_asked_of_adults() {
    let pack = common::cheshire();
    for (pictured, holder, wanted) in [(17, 19, true), (15, 19, false), (17, 17, false)] {
        let mut report = three(&[]);
        report.person.truncate(2);
        report.person[0].facts.insert("age".to_owned(), Value::Years(pictured));
        let boy = &mut report.person[1].facts;
        boy.insert("age".to_owned(), Value::Years(holder));
        boy.insert("works_with_children".to_owned(), Value::word("no"));
        let asked = pack.advise(&pack.check(&report).unwrap()).ask_next;
        let asked: Vec<(&str, &str)> = asked.iter().map(|ask| (ask.fact.as_str(), ask.why.as_str())).collect();
        let of_him = ("person.B.living_as_partners", "bears on: whether a crime class has to be confirmed");
        assert_eq!(asked.contains(&of_him), wanted, "{pictured} {holder}: {asked:?}");
        assert!(!asked.iter().any(|(fact, _)| *fact == "person.A.living_as_partners"), "{asked:?}");
    }
}

#[test]
fn what_settles_something_for_others_counts_for_them_too() {
    let threats = [("A.threatened", "yes"), ("B.threatened", "yes")];
    let with = |more: &[(&str, &str)]| asked_of(&three(&[&threats[..], more].concat()));
    // Whether one is in care settles a referral of one child; whether one of them groomed somebody, of all three.
    assert_eq!(with(&[("A.in_care", ""), ("B.groomed", "")]), ["person.B.groomed", "person.A.in_care"]);
    // Once another is known to have groomed, no referral waits any more, only what B did.
    assert_eq!(with(&[("A.in_care", ""), ("B.groomed", ""), ("C.groomed", "yes")]), ["person.B.groomed"]);
    // A duty of the whole report waits for what anybody answers.
    let families = [("A.family_or_partner", ""), ("C.family_or_partner", "")];
    assert_eq!(with(&families), ["person.A.family_or_partner", "person.C.family_or_partner"]);
    // One who is settles it for all.
    assert_eq!(with(&[&families[..], &[("B.family_or_partner", "yes")]].concat()), Vec::<String>::new());
}

/// Of a device nothing is asked that cannot change its advice: nothing where the report or its user settles it.
#[test]
fn of_a_device_only_what_its_advice_turns_on_is_asked() {
    let pack = common::cheshire();
    let nine = |threatened: &str| -> String {
        NINE.iter()
            .map(|name| format!("{name} = \"{}\"\n", if *name == "threatened" { threatened } else { "no" }))
            .collect()
    };
    for (threatened, evidence, asked) in [
        ("not-known", "", true),
        ("not-known", "not-known", true),
        ("not-known", "yes", false),
        ("not-known", "no", false),
        // Left, or seized where possible, whatever is on it.
        ("no", "", false),
        ("yes", "", false),
        ("yes", "not-known", false),
    ] {
        let holds = if evidence.is_empty() { String::new() } else { format!("holds_evidence = \"{evidence}\"\n") };
        let text = format!(
            "[report]\nimagery = \"yes\"\n[[person]]\nid = \"A\"\nage = 14\npart = [\"sent\"]\nother_vulnerability = \"no\"\n{}[[device]]\nid = \"x\"\n\
             used_or_owned_by = [\"A\"]\n{holds}",
            nine(threatened)
        );
        let advice = pack.advise(&pack.case(pack.read_toml(&text).unwrap()));
        let asks: Vec<&str> =
            advice.ask_next.iter().map(|ask| ask.fact.as_str()).filter(|fact| fact.starts_with("device")).collect();
        let expected: &[&str] = if asked { &["device.x.holds_evidence"] } else { &[] };
        assert_eq!(asks, expected, "threatened {threatened}, evidence {evidence:?}");
        let rests = &advice.devices["x"].because;
        let on_user = rests.iter().any(|because| because.fact == "device.x.used_or_owned_by");
        assert_eq!(on_user, threatened == "yes", "what is seized rests on whose it is: {rests:?}");
    }
}
