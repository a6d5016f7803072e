//! Who may see a report: restriction, conflicts of interest, emergencies, passing on.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, officer, supervisor};
use jiff::SignedDuration;
use report::{Actor, Allocation, Command, EMERGENCY, EmergencyPurpose, Finding, MOST_MEMBERS, Named, Refusal, Role};

fn named(id: &str) -> Named {
    Named { id: common::id(id), name: format!("PC {id}"), unit: "Team 1".into() }
}

fn restrict(members: Vec<Named>, reason: &str) -> Command {
    Command::Restrict { members, unit: "Team 1".into(), reason: reason.into() }
}

fn emergency(reason: &str) -> Command {
    Command::OpenInEmergency { unit: "Team 2".into(), purpose: EmergencyPurpose::Missing, reason: reason.into() }
}

fn declare(who: &Actor, words: &str) -> Command {
    Command::DeclareInterest { who: named(who.id.as_str()), words: words.into() }
}

fn members(desk: &Desk) -> Vec<&str> {
    desk.report.access.members.iter().map(|m| m.id.as_str()).collect()
}

#[test]
fn only_supervisors_say_who_may_see_a_report() {
    let mut desk = Desk::started();
    let reason = || "r".to_owned();
    for role in [Role::CallHandler, Role::Officer, Role::Auditor, Role::Author] {
        for command in [
            restrict(vec![], "r"),
            Command::LiftRestriction { reason: reason() },
            Command::EndInterest { who: common::id("olive"), reason: reason() },
            Command::ReviewEmergency { number: 1, finding: Finding::Justified, words: reason() },
        ] {
            let refused = desk.refused(actor("x", role), command);
            assert!(matches!(refused, Refusal::NotAllowed { .. }), "{role:?}: {refused:?}");
        }
    }
}

#[test]
fn whoever_restricts_is_named_and_naming_the_same_changes_nothing() {
    let mut desk = Desk::started();
    let boss = supervisor();
    assert!(matches!(desk.refused(boss.clone(), restrict(vec![], " ")), Refusal::Problems(_)));
    desk.by(boss.clone(), restrict(vec![named("orla"), named("orla")], "r"));
    assert_eq!(members(&desk).len(), 2);
    assert!(members(&desk).contains(&boss.id.as_str()) && members(&desk).contains(&"orla"));
    assert!(desk.by(boss.clone(), restrict(vec![named("orla")], "again")).is_empty());
    let many = (0..MOST_MEMBERS).map(|n| named(&format!("n{n}"))).collect();
    assert!(matches!(desk.refused(boss.clone(), restrict(many, "r")), Refusal::Problems(_)));
    desk.by(boss.clone(), Command::LiftRestriction { reason: "known now".into() });
    assert!(desk.report.access.restricted.is_none() && members(&desk).is_empty());
    desk.refused(boss, Command::LiftRestriction { reason: "again".into() });
}

#[test]
fn a_conflict_of_interest_takes_somebody_off_the_report_and_keeps_them_off() {
    let mut desk = Desk::started();
    let (me, boss) = (officer(), supervisor());
    let give =
        |to: &Actor| Command::Allocate(Allocation { to: to.id.clone(), name: to.name.clone(), unit: "Team 1".into() });
    desk.ok(give(&me));
    desk.by(boss.clone(), restrict(vec![named(me.id.as_str())], "r"));
    let other = actor("orla", Role::Officer);
    desk.refused(other, declare(&me, "gossip"));
    desk.ok(declare(&me, "a niece"));
    assert!(desk.report.allocation.is_none());
    assert!(!members(&desk).contains(&me.id.as_str()));
    assert!(desk.ok(declare(&me, "twice")).is_empty());
    assert!(matches!(desk.refused(boss.clone(), give(&me)), Refusal::Problems(_)));
    assert!(matches!(
        desk.refused(boss.clone(), restrict(vec![named(me.id.as_str()), named("orla")], "r")),
        Refusal::Problems(_)
    ));
    desk.refused(me.clone(), emergency("now"));
    desk.by(boss.clone(), Command::EndInterest { who: me.id.clone(), reason: "same name".into() });
    desk.by(boss.clone(), give(&me));
    desk.by(boss.clone(), declare(&boss, "a neighbour"));
    desk.refused(boss.clone(), Command::EndInterest { who: boss.id.clone(), reason: "mine".into() });
}

#[test]
fn an_auditor_says_that_they_have_a_conflict_and_nothing_else() {
    let mut desk = Desk::started();
    let auditor = actor("aud", Role::Auditor);
    desk.refused(auditor.clone(), declare(&officer(), "x"));
    desk.refused(auditor.clone(), emergency("x"));
    desk.by(auditor.clone(), declare(&auditor, "a cousin"));
    assert!(desk.report.access.has_interest(&auditor.id));
}

#[test]
fn an_emergency_lasts_an_hour_and_is_reviewed_once_by_another() {
    let mut desk = Desk::started();
    let boss = supervisor();
    assert!(matches!(desk.refused(boss.clone(), emergency("")), Refusal::Problems(_)));
    for few in ["x", "missing", "he is", "now ... !", "- - -"] {
        let said = desk.refused(boss.clone(), emergency(few)).to_string();
        assert!(said.contains("at least three words"), "{few}: {said}");
    }
    desk.by(boss.clone(), emergency("missing since noon"));
    let opened = desk.report.access.emergencies[0].clone();
    assert_eq!(opened.until, opened.at + EMERGENCY);
    let second = SignedDuration::from_secs(1);
    assert!(desk.report.access.open_emergency(&boss.id, opened.until - second).is_some());
    assert!(desk.report.access.open_emergency(&boss.id, opened.until).is_none());
    assert!(desk.report.access.open_emergency(&officer().id, opened.at).is_none());
    assert!(desk.by(boss.clone(), emergency("again")).is_empty(), "while it lasts it is one");
    let review = |number| Command::ReviewEmergency { number, finding: Finding::NotJustified, words: "w".into() };
    desk.refused(boss, review(1));
    let other = actor("sue", Role::Supervisor);
    desk.refused(other.clone(), review(2));
    desk.by(other.clone(), review(1));
    desk.refused(other, review(1));
    assert_eq!(desk.report.access.unreviewed().count(), 0);
}

#[test]
fn what_a_shell_asks_with_follows_the_events() {
    let mut desk = Desk::started();
    let project = |desk: &Desk| desk.report.projection(common::pack(), desk.now).unwrap().unwrap();
    let before = project(&desk).access;
    assert_eq!(before.started_by, Some(officer().id));
    assert!(!before.restricted && before.members.is_empty() && before.emergency_waits_since.is_none());
    desk.by(supervisor(), restrict(vec![named("orla")], "r"));
    desk.by(actor("cal", Role::CallHandler), emergency("missing since noon"));
    desk.by(actor("zoe", Role::Officer), declare(&actor("zoe", Role::Officer), "mine"));
    let after = project(&desk).access;
    assert!(after.restricted && after.members.len() == 2);
    assert_eq!(after.interests, vec![actor("zoe", Role::Officer).id]);
    assert_eq!(after.emergencies.len(), 1);
    assert!(after.emergency_waits_since.is_some());
    desk.now += EMERGENCY;
    assert!(project(&desk).access.emergencies.is_empty());
    desk.ok(Command::PassToUnit { unit: "Team 2".into(), reason: "nearer".into() });
    assert_eq!(project(&desk).unit, "Team 2");
    assert_eq!(project(&desk).allocated_to, None);
}
