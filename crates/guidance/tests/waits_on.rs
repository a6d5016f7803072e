//! What waits says what it waits for: its own open facts, and those of everybody it can turn on, or of the class. What no
//! answer can bring about any more waits for nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::random::NINE;
use guidance::advice::{Because, DutyState, OutcomeState};

const WELFARE: [&str; 8] = [
    "self_harm_or_suicide",
    "other_concern_of_harm",
    "missing_now",
    "telling_parents_unsafe",
    "in_care",
    "child_protection_plan",
    "other_vulnerability",
    "persistent",
];

/// A girl who sent an image to a boy, both 14, with everything answered that is not left out and some of it otherwise.
fn report(otherwise: &[(&str, &str)]) -> String {
    let answer = |name: &str, usual: &str| {
        let told = otherwise.iter().find(|(other, _)| *other == name).map_or(usual, |(_, word)| word);
        let fact = name.rsplit('.').next().unwrap();
        if told.is_empty() { String::new() } else { format!("{fact} = \"{told}\"\n") }
    };
    let mut text = String::from("[report]\n");
    text += &answer("report.imagery", "yes");
    for name in ["significant_risk", "sufficient_evidence", "uploaded_online", "sexual_messages", "request"] {
        text += &answer(&format!("report.{name}"), "no");
    }
    for (id, part) in [("A", r#"["pictured", "sent"]"#), ("B", r#"["received"]"#)] {
        text += &format!("[[person]]\nid = \"{id}\"\nage = 14\npart = {part}\n");
        for name in ["identified", "aware", "willing"].iter().filter(|name| id == "A" || **name == "identified") {
            text += &answer(&format!("{id}.{name}"), "yes");
        }
        for name in NINE.into_iter().chain(WELFARE).chain(["family_or_partner"]) {
            text += &answer(&format!("{id}.{name}"), "no");
        }
    }
    text
}

fn names(because: &[Because]) -> Vec<&str> {
    because.iter().map(|because| because.fact.as_str()).collect()
}

#[test]
fn what_a_duty_waits_for() {
    let pack = common::cheshire();
    for (otherwise, duty, facts) in [
        // Its own facts, and not those of another child.
        (&[("A.in_care", ""), ("B.in_care", "")][..], "child-protection-referral:A", &["person.A.in_care"][..]),
        (
            &[("A.in_care", ""), ("A.telling_parents_unsafe", "")],
            "parent-not-told-decision:A",
            &["person.A.telling_parents_unsafe"],
        ),
        // Its own and the report's.
        (
            &[("report.significant_risk", ""), ("B.in_care", "")],
            "child-protection-referral:B",
            &["report.significant_risk", "person.B.in_care"],
        ),
        (&[("report.uploaded_online", "not-known")], "removal-online", &["report.uploaded_online"]),
        // The report's, and beside it those of anybody who could bring it about as well.
        (
            &[("report.significant_risk", ""), ("A.in_care", "")],
            "strategy-meeting",
            &["report.significant_risk", "person.A.in_care"],
        ),
        // Those of anybody, for a duty of the whole report.
        (
            &[("A.threatened", "yes"), ("A.family_or_partner", ""), ("B.family_or_partner", "not-known")],
            "strategy-meeting",
            &["person.A.family_or_partner", "person.B.family_or_partner"],
        ),
        // It waits for what another did, and nothing of its own is open: the class is, by the same answer.
        (&[("B.malicious", "")], "victim-needs:A", &["person.B.malicious"]),
    ] {
        let advice = pack.advise(&pack.check(&pack.read_toml(&report(otherwise)).unwrap()).unwrap());
        let found = advice.duties.iter().find(|found| found.id == duty).unwrap_or_else(|| panic!("no {duty}"));
        assert_eq!(found.state, DutyState::NotYetKnown, "{duty} {otherwise:?}");
        assert_eq!(names(&found.because), facts, "{duty} {otherwise:?}");
    }
}

#[test]
fn what_an_outcome_waits_for() {
    let pack = common::cheshire();
    for (otherwise, code, whom, facts) in [
        // What the report has to be waits for what the class waits for.
        (&[("B.malicious", "")][..], "21", None, &["person.B.malicious"][..]),
        (&[("B.malicious", "")], "21", Some("A"), &["person.B.malicious"]),
        (&[("B.malicious", ""), ("A.willing", "")], "21", None, &["person.A.willing", "person.B.malicious"]),
        // Of everybody, what this one asks: not the class, which is settled.
        (&[("B.persistent", "")], "21", None, &["person.B.persistent"]),
        (
            &[("A.persistent", ""), ("B.persistent", "not-known")],
            "21",
            None,
            &["person.A.persistent", "person.B.persistent"],
        ),
        // Of one child, that child's.
        (&[("A.persistent", ""), ("B.persistent", "not-known")], "21", Some("B"), &["person.B.persistent"]),
        // Evidence that there is not, no answer that is still to come can bring: that shuts it out, and no answer is needed.
        (&[("B.threatened", "yes"), ("A.persistent", "")], "1", None, &["report.sufficient_evidence"]),
        (&[("B.threatened", "yes"), ("report.sufficient_evidence", "")], "1", None, &["report.sufficient_evidence"]),
    ] {
        let advice = pack.advise(&pack.check(&pack.read_toml(&report(otherwise)).unwrap()).unwrap());
        let found = advice.outcomes.iter().find(|o| o.code == code && o.subject.as_deref() == whom);
        let found = found.unwrap_or_else(|| panic!("no {code} {whom:?}"));
        assert_eq!(found.state, OutcomeState::NotYet, "{code} {whom:?} {otherwise:?}");
        assert_eq!(names(&found.because), facts, "{code} {whom:?} {otherwise:?}");
        let open: Vec<&str> =
            found.because.iter().filter(|because| is_open(because)).map(|b| b.fact.as_str()).collect();
        let needed: Vec<&str> =
            found.needs.iter().map(|need| need.as_str()).filter(|need| need.contains('.')).collect();
        assert_eq!(needed, open, "{code} {whom:?} {otherwise:?}");
    }
}

fn is_open(because: &Because) -> bool {
    matches!(because.value.as_word(), Some("not-known" | "not-asked"))
}

/// Nothing about them is open, and the class is settled: whether two children are referred waits for what somebody else did.
#[test]
fn what_waits_for_others_names_their_open_facts() {
    let pack = common::cheshire();
    let text = report(&[("B.threatened", "yes"), ("B.groomed", ""), ("B.extorted", "not-known")]);
    let advice = pack.advise(&pack.check(&pack.read_toml(&text).unwrap()).unwrap());
    assert_eq!(advice.class, guidance::advice::Class::Aggravated);
    let of = |id: &str| advice.duties.iter().find(|duty| duty.id == id).unwrap();
    let referral = of("child-protection-referral:A");
    assert_eq!(referral.state, DutyState::NotYetKnown);
    assert_eq!(names(&referral.because), ["person.B.groomed", "person.B.extorted"]);
    assert_eq!(names(&of("child-protection-referral:B").because), ["person.B.groomed", "person.B.extorted"]);
}

/// A decision that nobody is asked for is nothing an outcome waits for: in an aggravated report Outcome 21 is open to nobody.
#[test]
fn no_outcome_waits_for_a_duty_that_is_none() {
    let pack = common::cheshire();
    for (_, facts) in common::turn::examples(&pack) {
        let advice = pack.advise(&pack.case(facts));
        for outcome in &advice.outcomes {
            for done in outcome.because.iter().filter(|because| because.value.as_word() == Some("no")) {
                let Some(duty) = done.fact.strip_prefix("done.") else { continue };
                let listed = advice.duties.iter().any(|listed| listed.id == duty);
                assert!(listed, "outcome {} {:?} rests on {duty}", outcome.code, outcome.subject);
            }
        }
    }
    let text = report(&[("B.threatened", "yes"), ("A.malicious", ""), ("A.persistent", "yes")]);
    let advice = pack.advise(&pack.check(&pack.read_toml(&text).unwrap()).unwrap());
    let outcome = advice.outcomes.iter().find(|o| o.code == "21" && o.subject.as_deref() == Some("A")).unwrap();
    assert_eq!(outcome.state, OutcomeState::NotYet);
    assert!(!outcome.because.iter().any(|because| because.fact.contains("persistence")), "{:?}", outcome.because);
    assert!(!outcome.says.iter().any(|says| says.contains("persistent")), "{:?}", outcome.says);
}

/// What shuts an outcome out is what it needs, where nothing else is missing.
#[test]
fn an_outcome_that_is_shut_out_needs_what_shuts_it_out() {
    let pack = common::cheshire();
    let text = format!("done = [\"interview-decision:B\"]\n{}", report(&[("B.threatened", "yes")]));
    let advice = pack.advise(&pack.check(&pack.read_toml(&text).unwrap()).unwrap());
    for whom in [None, Some("B")] {
        let outcome = advice.outcomes.iter().find(|o| o.code == "1" && o.subject.as_deref() == whom).unwrap();
        assert_eq!(
            (outcome.state, &outcome.needs[..]),
            (OutcomeState::NotYet, &["report.sufficient_evidence".into()][..])
        );
    }
}

/// The welfare check asks about each who takes part what has not been asked, and says so; an account that nobody knows is treated as what
/// it may be.
#[test]
fn duties_say_what_is_not_known() {
    let pack = common::cheshire();
    let duty = |text: &str, id: &str| {
        let advice = pack.advise(&pack.check(&pack.read_toml(text).unwrap()).unwrap());
        let duty = advice.duties.into_iter().find(|duty| duty.id == id).unwrap();
        let because: Vec<String> = duty.because.iter().map(|because| because.fact.to_string()).collect();
        (duty.says, because)
    };
    let (says, because) = duty(&report(&[]), "welfare-check");
    assert!(!says.contains("ask it now") && because.is_empty(), "{says} {because:?}");
    let open = [("A.self_harm_or_suicide", ""), ("B.missing_now", "not-known")];
    let (says, because) = duty(&report(&open), "welfare-check");
    assert!(says.ends_with("ask it now."), "{says}");
    assert_eq!(because, ["person.A.self_harm_or_suicide", "person.B.missing_now"]);
    // Where a concern is known already, the referral says what to do.
    let (says, _) = duty(&report(&[("A.self_harm_or_suicide", ""), ("A.missing_now", "yes")]), "welfare-check");
    assert!(!says.contains("ask it now"), "{says}");
    for (age, online, possible) in [
        ("\"not-known\"", "yes", true),
        ("\"not-known\"", "not-known", true),
        ("\"not-known\"", "no", false),
        ("\"adult\"", "yes", false),
        ("14", "yes", false),
    ] {
        let text = format!(
            "[[person]]\nid = \"X\"\nage = {age}\npart = [\"requested\"]\nidentified = \"no\"\nonline_only = \"{online}\"\n"
        );
        let (says, because) = duty(&text, "identify:X");
        assert_eq!(says.contains("possible adult"), possible, "{age} {online}: {says}");
        let named = because.iter().filter(|fact| fact.ends_with(".online_only") || fact.ends_with(".age")).count();
        assert!(named == 2 || !possible, "{age} {online}: {because:?}");
    }
}

/// Where nothing but duties is missing, an outcome rests on those that are not done, the first of them named.
#[test]
fn an_outcome_that_waits_for_duties_alone_says_which() {
    let pack = common::cheshire();
    let advice = pack.advise(&pack.check(&pack.read_toml(&report(&[])).unwrap()).unwrap());
    let found = advice.outcomes.iter().find(|o| o.code == "21" && o.subject.is_none()).unwrap();
    assert_eq!(found.state, OutcomeState::NotYet);
    assert!(found.because.iter().all(|b| b.fact.starts_with("done.") && b.value.as_word() == Some("no")));
    let done: Vec<String> = found.because.iter().map(|because| because.fact.replacen("done.", "", 1)).collect();
    assert_eq!(found.needs[..done.len()], done);
    assert_eq!((found.because.len() + found.because_more, found.because.len()), (found.needs.len(), 20));
}
