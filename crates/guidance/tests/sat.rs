//! A SAT solver on the pack's conclusions over full answers about three people: the negation of each
//! property has no answer, the same question finds one as soon as a rule is broken, and the engine agrees
//! with the answers it finds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use batsat::Lit;
use common::random::{NINE, Rng};
use common::sat::answer::facts;
use common::sat::{About, Copy, PEOPLE, Sat};
use guidance::advice::{Class, DeviceAdvice, DutyState, OutcomeState, SuspectRole};

/// How many answers of the solver are given to the engine.
const SAMPLES: usize = 400;

const ME: About = About::Person(0);
/// Taking part, in the words of the contract page and not by the pack's own name for it.
const TAKES_PART: &str = "(part has any of (pictured, made, sent, received, forwarded, requested, targeted) or sexual_abuse is yes \
    or incited_or_coerced is yes or groomed is yes or extorted is yes or threatened is yes or malicious is yes \
    or without_knowledge_or_consent is yes or other_aggravating is yes or profit_motive is yes)";
const DOER: &str = "part has any of (made, sent, received, forwarded, requested)";

type Files = Vec<(String, String)>;

/// What must not happen, each as literals that must not hold together.
fn forbidden(sat: &mut Sat) -> Vec<(String, Vec<Lit>)> {
    let now = Copy::default();
    let mut all: Vec<(String, Vec<Lit>)> = Vec::new();
    let takes_part = sat.when(TAKES_PART, ME, &now);
    let anybody = sat.when(&format!("any person {TAKES_PART}"), About::Report, &now);
    let (mine, aggravated, experimental) = (
        sat.when("aggravated", ME, &now),
        sat.when("report_aggravated", About::Report, &now),
        sat.when("report_experimental", About::Report, &now),
    );
    all.push(("two classes at once".to_owned(), vec![aggravated, experimental]));
    all.push(("no class although somebody takes part".to_owned(), vec![anybody, !aggravated, !experimental]));
    all.push(("a class although nobody takes part".to_owned(), vec![!anybody, aggravated]));
    all.push(("aggravated without taking part".to_owned(), vec![!takes_part, mine]));
    all.push(("less grave than one of its people".to_owned(), vec![mine, !aggravated]));
    let adult = sat.when("age at least 18", ME, &now);
    all.push(("an adult takes part and is not aggravated".to_owned(), vec![takes_part, adult, !mine]));
    for name in NINE {
        let did = sat.when(&format!("{name} is yes"), ME, &now);
        all.push((format!("{name} and not aggravated"), vec![did, !mine]));
    }
    for answer in ["aware", "willing"] {
        let bad = sat.when(&format!("part has pictured and {answer} is no"), ME, &now);
        all.push((format!("not {answer} and not aggravated"), vec![bad, !aggravated]));
    }
    let child = sat.when(&format!("{TAKES_PART} and age under 18 and identified is yes"), ME, &now);
    for duty in ["vpa", "cse-screening", "next-steps-child", "questions-answered", "signposting", "checks"] {
        let raised = sat.duty(duty, ME, &now);
        all.push((format!("a child without {duty}"), vec![child, !raised]));
    }
    let harm = sat.when(&format!("{TAKES_PART} and age under 18 and self_harm_or_suicide is yes"), ME, &now);
    let referral = sat.duty("immediate-referral", ME, &now);
    all.push(("self-harm without an immediate referral".to_owned(), vec![harm, !referral]));
    let under_ten = sat.when("age under 10", ME, &now);
    let never = sat.when("suspect_never", ME, &now);
    all.push(("a suspect under ten".to_owned(), vec![under_ten, !never]));
    let open = sat.open_21(&now);
    for (what, text) in [
        ("in an aggravated report", "report_aggravated"),
        ("with nobody taking part", "not any person (takes_part)"),
        ("for somebody under ten", &format!("any person ({DOER} and age under 10)")),
        ("for somebody who is not identified", &format!("any person ({DOER} and identified is no)")),
        ("without a supervisor", "not done supervisor-review"),
        ("without a welfare check", "not done welfare-check"),
        ("with evidence and no decision on it", "sufficient_evidence is yes and not done evidence-decision"),
    ] {
        let holds = sat.when(text, About::Report, &now);
        all.push((format!("outcome 21 open {what}"), vec![open, holds]));
    }
    for (what, text) in [
        ("without a VPA", format!("{TAKES_PART} and age under 18 and identified is yes and not done vpa")),
        ("for repeated conduct", format!("{TAKES_PART} and persistent is yes and not done persistence-decision")),
        ("with a referral left", "age under 18 and in_care is yes and not done child-protection-referral".to_owned()),
    ] {
        let holds = sat.when(&text, ME, &now);
        all.push((format!("outcome 21 open {what}"), vec![open, holds]));
    }
    all.extend(lowered(sat));
    all
}

/// The law that what is worse never lowers: two copies of a report that differ in one answer.
fn lowered(sat: &mut Sat) -> Vec<(String, Vec<Lit>)> {
    let mut all = Vec::new();
    let worse =
        NINE.iter().map(|name| (*name, true)).chain([("aware", false), ("willing", false), ("age_appropriate", false)]);
    for (name, graver) in worse {
        let before = Copy(Some((name.to_owned(), 0, !graver)));
        let after = Copy(Some((name.to_owned(), 0, graver)));
        for (what, text, about) in [
            ("the class of the report", "report_aggravated", About::Report),
            ("the class of the person", "aggravated", ME),
            ("the class of somebody else", "aggravated", About::Person(1)),
        ] {
            let (was, is) = (sat.when(text, about, &before), sat.when(text, about, &after));
            all.push((format!("{name} lowers {what}"), vec![was, !is]));
        }
        for duty in ["immediate-referral", "child-protection-referral"] {
            for about in [ME, About::Person(1)] {
                let (was, is) = (sat.duty(duty, about, &before), sat.duty(duty, about, &after));
                all.push((format!("{name} lowers {duty} of {about:?}"), vec![was, !is]));
            }
        }
        let (was, is) = (sat.seize(&before), sat.seize(&after));
        all.push((format!("{name} lowers the advice on the device"), vec![was, !is]));
        let (was, is) = (sat.open_21(&before), sat.open_21(&after));
        all.push((format!("{name} opens outcome 21"), vec![!was, is]));
    }
    all
}

/// Names of all properties for which the solver finds a breaking answer.
fn broken(files: &Files) -> Vec<String> {
    let mut sat = Sat::new(files);
    let forbidden = forbidden(&mut sat);
    forbidden.into_iter().filter(|(_, lits)| sat.possible(lits)).map(|(what, _)| what).collect()
}

#[test]
fn no_full_answer_breaks_a_property() {
    assert_eq!(broken(&common::files(&common::folder())), Vec::<String>::new());
}

/// Controls: the same questions find the break in packs that are broken on purpose.
#[test]
fn a_broken_pack_is_found_out() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "classification.toml",
            "when = \"takes_part and threatened is yes\"",
            "when = \"never\"",
            "threatened and not aggravated",
        ),
        (
            "classification.toml",
            "when = \"takes_part and age at least 18\"\nsays",
            "when = \"takes_part and age at least 19\"\nsays",
            "an adult takes part and is not aggravated",
        ),
        (
            "classification.toml",
            "when = \"takes_part and profit_motive is yes\"",
            "when = \"profit_motive is no\"",
            "aggravated without taking part",
        ),
        (
            "classification.toml",
            "(aware is no or willing is no)\"",
            "(aware is no and willing is yes)\"",
            "willing lowers the class of the report",
        ),
        (
            "classification.toml",
            "never = \"not takes_part or age under 10 or",
            "never = \"not takes_part or age under 9 or",
            "a suspect under ten",
        ),
        (
            "duties.toml",
            "id = \"vpa\"\nscope = \"person\"\nwhen = \"named_child\"",
            "id = \"vpa\"\nscope = \"person\"\nwhen = \"named_child and aggravated\"",
            "a child without vpa",
        ),
        (
            "duties.toml",
            "when = \"child and (self_harm_or_suicide is yes or other_concern",
            "when = \"child and (other_concern",
            "self-harm without an immediate referral",
        ),
        (
            "duties.toml",
            "or (takes_part and age under 13)",
            "or (takes_part and age under 13 and not malicious is yes)",
            "malicious lowers child-protection-referral of Person(0)",
        ),
        (
            "devices.toml",
            "any owner (aggravated)",
            "any owner (aggravated and not malicious is yes)",
            "malicious lowers the advice on the device",
        ),
        (
            "outcomes.toml",
            "needs = [\"every-must-before-outcome\"]",
            "needs = [\"vpa\"]",
            "outcome 21 open without a supervisor",
        ),
        (
            "outcomes.toml",
            "when = \"report_experimental\"\nsays = \"The report has",
            "when = \"always\"\nsays = \"The report has",
            "outcome 21 open with nobody taking part",
        ),
    ];
    for (file, find, with, expected) in cases {
        let mut files = common::files(&common::folder());
        let (_, text) = files.iter_mut().find(|(name, _)| name == file).unwrap();
        assert_eq!(text.matches(find).count(), 1, "{file}: {find}");
        *text = text.replace(find, with);
        let found = broken(&files);
        assert!(found.iter().any(|what| what == expected), "{file}: {with}: expected {expected}, found {found:?}");
    }
}

#[test]
fn the_engine_agrees_with_the_answers_of_the_solver() {
    let files = common::files(&common::folder());
    let pack = common::cheshire();
    let mut sat = Sat::new(&files);
    let now = Copy::default();
    let (aggravated, experimental, open, seize) = (
        sat.when("report_aggravated", About::Report, &now),
        sat.when("report_experimental", About::Report, &now),
        sat.open_21(&now),
        sat.seize(&now),
    );
    let duties: [&str; 8] = [
        "vpa",
        "cse-screening",
        "immediate-referral",
        "child-protection-referral",
        "initial-account",
        "interview-decision",
        "abe-decision",
        "deletion-advice",
    ];
    let mut people = Vec::new();
    for who in 0..PEOPLE {
        let about = About::Person(who);
        let raised: Vec<Lit> = duties.iter().map(|duty| sat.duty(duty, about, &now)).collect();
        people.push((
            sat.when("takes_part", about, &now),
            sat.when("aggravated", about, &now),
            sat.when("suspect_never", about, &now),
            raised,
        ));
    }
    let vars: Vec<Lit> = sat.vars().values().copied().collect();
    let mut rng = Rng::new(5);
    let mut seen = [0_usize; 3];
    for sample in 0..SAMPLES {
        // Some conclusion that is wanted, and some answers at random that go with it.
        let mut assumed = [vec![], vec![experimental], vec![open], vec![seize]][sample % 4].clone();
        for _ in 0..rng.below(40) {
            let lit = rng.pick(&vars);
            assumed.push(if rng.chance(50) { lit } else { !lit });
            if !sat.possible(&assumed) {
                assumed.pop();
            }
        }
        assert!(sat.possible(&assumed));
        let facts = facts(&sat);
        let advice = pack.advise(&pack.check(&facts).unwrap_or_else(|problems| panic!("{problems:?}")));
        let shown = || toml::to_string(&facts).unwrap();
        assert_eq!(advice.class == Class::Aggravated, sat.holds(aggravated), "{}", shown());
        assert_eq!(advice.class == Class::Experimental, sat.holds(experimental), "{}", shown());
        assert_eq!(advice.devices["D"].advice == DeviceAdvice::SeizeWherePossible, sat.holds(seize), "{}", shown());
        let report = advice.outcomes.iter().find(|outcome| outcome.code == "21" && outcome.subject.is_none()).unwrap();
        assert_eq!(report.state == OutcomeState::Open, sat.holds(open), "{}", shown());
        for (person, (takes_part, mine, never, raised)) in facts.person.iter().zip(&people) {
            let said = &advice.persons[&person.id];
            assert_eq!(said.class != Class::NotInvolved, sat.holds(*takes_part), "{} {}", person.id, shown());
            assert_eq!(said.class == Class::Aggravated, sat.holds(*mine), "{} {}", person.id, shown());
            assert_eq!(said.suspect_role == SuspectRole::Never, sat.holds(*never), "{} {}", person.id, shown());
            for (duty, lit) in duties.iter().zip(raised) {
                let id = format!("{duty}:{}", person.id);
                let state = advice.duties.iter().find(|duty| duty.id == id).map(|duty| duty.state);
                assert_ne!(state, Some(DutyState::NotYetKnown), "everything is known: {id} {}", shown());
                assert_eq!(state.is_some(), sat.holds(*lit), "{id} {}", shown());
            }
        }
        for (at, lit) in [experimental, aggravated, open].into_iter().enumerate() {
            seen[at] += usize::from(sat.holds(lit));
        }
    }
    assert!(seen.iter().all(|count| *count > SAMPLES / 10), "hardly reached: {seen:?}");
}
