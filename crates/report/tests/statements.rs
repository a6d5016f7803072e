//! Statements: who said what, which one counts, what a change makes moot, and two officers at once.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, id, officer, split};
use guidance::Value;
use guidance::advice::Class;
use report::{Command, EventBody, PersonId, Refusal, Role, SaidBy, Seen, Standing, StateFact, StatementId};

fn said(fact: &str, by: SaidBy, seen: Seen) -> Command {
    let (name, value) = split(fact);
    Command::StateFacts(vec![StateFact { said_by: by, seen, ..StateFact::police(id(&name), value) }])
}

fn by(person: &str) -> SaidBy {
    SaidBy::Person(id::<PersonId>(person))
}

fn desk() -> Desk {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured+sent"]);
    desk.person("Ben", &["age=15", "part=received"]);
    desk
}

const THREAT: &str = "person.B.threatened";

/// What was said, in order, by whom; the value that counts in the end; whether it is disputed.
fn check(told: &[(SaidBy, &str)], counts: &str, disputed: bool) {
    let mut desk = desk();
    for (who, value) in told {
        desk.ok(said(&format!("{THREAT}={value}"), who.clone(), Seen::NotCompared));
    }
    let current = desk.report.current(&id(THREAT));
    assert_eq!((current.value, current.disputed), (Some(Value::word(counts)), disputed), "{told:?}");
    assert_eq!(desk.report.statements_on(&id(THREAT)).len(), told.len(), "every statement is kept");
    assert_eq!(desk.view().disputes.len(), usize::from(disputed));
}

#[test]
fn statements_that_differ_are_not_known_until_somebody_chooses() {
    let other = || SaidBy::Other("school log".into());
    check(&[(SaidBy::Police, "no")], "no", false);
    check(&[(by("A"), "yes"), (by("B"), "no")], "not-known", true);
    check(&[(by("A"), "yes"), (by("B"), "no"), (by("B"), "yes")], "yes", false);
    check(&[(by("A"), "no"), (by("B"), "no"), (other(), "no")], "no", false);
    check(&[(by("A"), "no"), (SaidBy::Police, "yes")], "not-known", true);
    check(&[(SaidBy::Police, "not-known"), (by("A"), "yes")], "yes", false);
    check(&[(by("A"), "no"), (SaidBy::Police, "not-known")], "not-known", true);
    check(&[(SaidBy::Police, "not-known")], "not-known", false);
    check(&[(SaidBy::Police, "no"), (SaidBy::Police, "yes")], "yes", false);
}

#[test]
fn a_choice_holds_until_somebody_says_something_new() {
    let mut desk = desk();
    desk.ok(said(&format!("{THREAT}=yes"), by("A"), Seen::NotCompared));
    desk.ok(said(&format!("{THREAT}=no"), by("B"), Seen::NotCompared));
    let statement: StatementId = desk.report.current(&id(THREAT)).standing[0].id;
    let choose = |reason: &str| Command::ChooseStatement { fact: id(THREAT), statement, reason: reason.into() };
    assert_eq!(desk.refused(officer(), choose("")).problems()[0].field, "reason");
    desk.ok(choose("the messages bear it out"));
    assert_eq!(desk.report.current(&id(THREAT)).value, Some(Value::word("yes")));
    assert_eq!(desk.view().advice.class, Class::Aggravated);
    desk.ok(said(&format!("{THREAT}=yes"), SaidBy::Reporter, Seen::NotCompared));
    assert_eq!(desk.report.current(&id(THREAT)).chosen, Some(statement), "somebody agrees: the choice holds");
    desk.ok(said(&format!("{THREAT}=no"), SaidBy::Other("a friend".into()), Seen::NotCompared));
    assert!(desk.report.current(&id(THREAT)).disputed, "somebody says something new: choose again");
}

#[test]
fn taken_back_is_kept_as_taken_back() {
    let mut desk = desk();
    desk.ok(said(&format!("{THREAT}=yes"), by("A"), Seen::NotCompared));
    let statement = desk.report.current(&id(THREAT)).standing[0].id;
    let back = Command::TakeBack { statement, reason: "A says she meant somebody else".into() };
    desk.ok(back.clone());
    let fact = id(THREAT);
    assert_eq!(desk.report.current(&fact).value, None);
    assert!(matches!(desk.report.statements_on(&fact)[0].standing, Standing::TakenBack(_)));
    assert!(matches!(desk.refused(officer(), back), Refusal::NotAllowed { .. }));
}

#[test]
fn two_officers_who_change_the_same_answer_both_learn_of_it() {
    let mut desk = desk();
    let fact = id(THREAT);
    let seen = desk.report.current(&fact).seen();
    assert_eq!(seen, Seen::Nothing);
    desk.ok(said(&format!("{THREAT}=no"), SaidBy::Police, seen));
    let second = actor("otto", Role::Officer);
    let refusal = desk.refused(second.clone(), said(&format!("{THREAT}=yes"), SaidBy::Police, seen));
    let Refusal::Conflict(conflicts) = refusal else { panic!("{refusal}") };
    assert_eq!(conflicts[0].yours, Value::word("yes"));
    assert_eq!(conflicts[0].theirs[0].value, Value::word("no"));
    assert_eq!(conflicts[0].theirs[0].entered_by, officer());

    let now = desk.report.current(&fact).seen();
    assert_eq!(now.to_string().parse::<Seen>().unwrap(), now);
    desk.by(second.clone(), said(&format!("{THREAT}=yes"), SaidBy::Police, now));
    let same = desk.by(second, said(&format!("{THREAT}=yes"), SaidBy::Police, seen));
    assert!(same.is_empty(), "the same answer again is no conflict and nothing new");
}

#[test]
fn answers_that_a_change_makes_moot_are_set_aside_and_shown() {
    let aside = |events: Vec<report::Event>| -> Vec<String> {
        let names = events.into_iter().filter_map(|e| match e.body {
            EventBody::AnswerSetAside { fact, .. } => Some(fact.as_str().to_owned()),
            _ => None,
        });
        names.collect()
    };
    let mut desk = desk();
    desk.nothing_wrong("A", true);
    desk.person("Cal", &["age=19", "part=requested"]);
    desk.facts(&["person.C.works_with_children=no".into(), "person.C.online_only=yes".into()]);

    let now_a_child = aside(desk.ok(said("person.C.age=16", SaidBy::Police, Seen::NotCompared)));
    assert_eq!(now_a_child, ["person.C.online_only", "person.C.works_with_children"]);
    let not_pictured = aside(desk.ok(said("person.A.part=sent", SaidBy::Police, Seen::NotCompared)));
    assert_eq!(not_pictured, ["person.A.aware", "person.A.willing"]);
    assert_eq!(desk.view().set_aside.len(), 4);
    let facts = desk.view().facts;
    assert!(!facts.person[0].facts.contains_key("aware"));

    desk.ok(said("person.A.part=pictured+sent", SaidBy::Police, Seen::NotCompared));
    assert_eq!(desk.report.current(&id("person.A.aware")).value, None, "asked again, not quietly back");
    assert!(desk.view().advice.ask_next.iter().any(|ask| ask.fact == "person.A.aware"));
}

/// What is known of B, who received it and of whom nothing aggravating is said but this; how many of B's answers fall away once B
/// only reports it.
fn only_reports(said_of_b: &[(SaidBy, &str)], aside: usize) {
    let mut desk = desk();
    desk.nothing_wrong("B", false);
    for (who, fact) in said_of_b {
        desk.ok(said(fact, who.clone(), Seen::NotCompared));
    }
    let before = desk.report.statements.len();
    desk.ok(said("person.B.part=reporting", SaidBy::Police, Seen::NotCompared));
    let view = desk.view();
    let away: Vec<&str> = view.set_aside.iter().map(|statement| statement.fact.as_str()).collect();
    assert_eq!(away.len(), aside, "{said_of_b:?}: {away:?}");
    assert_eq!(desk.report.statements.len(), before + 1, "every statement is kept");
    let because =
        |s: &&report::Statement| matches!(&s.standing, Standing::SetAside(why) if why.starts_with("Person B "));
    assert_eq!(view.set_aside.iter().filter(because).count(), aside);
    desk.ok(said("person.B.part=received", SaidBy::Police, Seen::NotCompared));
    let asked = desk.view().advice.ask_next.iter().filter(|ask| ask.fact.starts_with("person.B.")).count();
    assert!(aside == 0 || asked >= 9, "asked again, not quietly back: {asked}");
}

#[test]
fn what_is_asked_of_those_who_take_part_falls_away_with_their_part() {
    // The nine, and whether B has done it before.
    let answered = 10;
    only_reports(&[], answered);
    only_reports(&[(SaidBy::Police, "person.B.extorted=not-known")], answered);
    // A yes makes B take part, whatever part is entered, so that nothing falls away.
    only_reports(&[(SaidBy::Police, "person.B.threatened=yes")], 0);
    // A says that B threatened, and nobody has chosen yet: that stays to be chosen.
    only_reports(&[(by("A"), "person.B.threatened=yes")], answered - 1);
    // A says what the police say: that B did not. Both statements fall away.
    only_reports(&[(by("A"), "person.B.threatened=no")], answered + 1);
}

#[test]
fn age_appropriateness_is_set_aside_when_the_ages_no_longer_raise_it() {
    let mut desk = desk();
    desk.nothing_wrong("A", true);
    desk.nothing_wrong("B", false);
    desk.facts(&["person.A.age=15".into(), "person.B.age=16".into()]);
    desk.facts(&["report.age_appropriate=yes".into()]);
    desk.facts(&["person.A.other_vulnerability=no".into()]);
    assert!(desk.view().set_aside.is_empty());
    desk.facts(&["person.B.age=15".into()]);
    let aside: Vec<String> = desk.view().set_aside.iter().map(|s| s.fact.as_str().to_owned()).collect();
    assert_eq!(aside, ["report.age_appropriate"]);
}

#[test]
fn answers_that_the_pack_does_not_know_are_refused_at_their_field() {
    let mut desk = desk();
    for (fact, field) in [
        ("person.B.threatened=perhaps", "person.B.threatened"),
        ("person.B.age=121", "person.B.age"),
        ("report.no_such_question=yes", "report.no_such_question"),
        ("person.Z.threatened=yes", "person.Z.threatened"),
        ("report.outcome_decided=21", "report.outcome_decided"),
    ] {
        let refusal = desk.refused(officer(), said(fact, SaidBy::Police, Seen::NotCompared));
        let fields: Vec<String> = refusal.problems().into_iter().map(|w| w.field).collect();
        assert_eq!(fields, [field], "{refusal}");
        assert!(refusal.to_string().starts_with(char::is_uppercase), "{refusal}");
    }
    let both = Command::StateFacts(vec![
        StateFact::police(id("person.B.threatened"), Value::word("maybe")),
        StateFact::police(id("person.A.threatened"), Value::word("maybe")),
    ]);
    let fields: Vec<String> = desk.refused(officer(), both).problems().into_iter().map(|w| w.field).collect();
    assert_eq!(fields, ["person.A.threatened", "person.B.threatened"], "all of it at once");
    assert_eq!(desk.report.current(&id(THREAT)).value, None, "nothing of it was recorded");
}
