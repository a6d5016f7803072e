//! What is begun and put aside: kept for whoever finishes it, and counting for nothing until then.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, actor, full, id, officer, pack, state, supervisor, two_children};
use report::*;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect()
}

fn vpa() -> DraftOf {
    DraftOf::Task(id("vpa:A"))
}

fn save(of: DraftOf, pairs: &[(&str, &str)], seen: u64) -> Command {
    Command::SaveDraft { of, fields: fields(pairs), seen }
}

fn task(desk: &Desk, duty: &str) -> Task {
    desk.view().tasks.into_iter().find(|t| t.id.as_str() == duty).unwrap()
}

#[test]
fn a_form_put_aside_is_begun_and_not_done() {
    let mut desk = two_children();
    let (done, matter) = (desk.report.done(pack()), desk.report.review_matter(pack()));
    let advised = desk.report.advice.len();
    desk.ok(save(vpa(), &[("what_happened", "she told her teacher")], 0));
    let begun = task(&desk, "vpa:A");
    assert_eq!(begun.state, TaskState::PartDone);
    assert_eq!(begun.begun.as_ref().map(|b| (b.by.as_str(), b.departs)), Some(("PC olive", false)));
    assert_eq!(desk.report.done(pack()), done);
    assert_eq!(desk.report.review_matter(pack()), matter, "it changes nothing that a supervisor agrees to");
    assert_eq!(desk.report.advice.len(), advised, "and nothing the advice rests on");
    let gates = desk.view().gates;
    assert!(gates.iter().any(|g| g.duty() == Some(&id("vpa:A"))), "it still stands in the way of closing");
    // Another officer finishes it; filing ends the draft, and only this one.
    let other = actor("oscar", Role::Officer);
    let kept = desk.report.draft(&vpa()).unwrap().clone();
    desk.by(
        other.clone(),
        save(vpa(), &[("what_happened", "she told her teacher"), ("next", "tomorrow")], kept.version),
    );
    assert_eq!(desk.report.draft(&vpa()).unwrap().by.id, other.id);
    desk.ok(save(DraftOf::Task(id("vpa:B")), &[("what_happened", "he asked for it")], 0));
    let file = desk.form("vpa", &["A", "B"]);
    desk.ok(file);
    assert_eq!(task(&desk, "vpa:A").begun, None);
    assert_eq!(state(&desk, "vpa:B"), Some(TaskState::Done));
    assert!(desk.report.draft(&DraftOf::Task(id("vpa:B"))).is_some(), "what was begun on the page of B is not lost");
    desk.ok(Command::DiscardDraft { of: DraftOf::Task(id("vpa:B")) });
    assert!(desk.report.drafts.is_empty());
    desk.refused(officer(), Command::DiscardDraft { of: vpa() });
}

#[test]
fn two_officers_at_one_form_never_overwrite_each_other_unseen() {
    let mut desk = two_children();
    let other = actor("oscar", Role::Officer);
    desk.ok(save(vpa(), &[("what_happened", "first")], 0));
    let refusal = desk.refused(other.clone(), save(vpa(), &[("what_happened", "second")], 0));
    assert!(refusal.problems()[0].says.starts_with("PC olive saved this for later after you opened it"), "{refusal}");
    assert_eq!(desk.report.draft(&vpa()).unwrap().fields, fields(&[("what_happened", "first")]));
    // The same again is no conflict and nothing new.
    assert!(desk.by(other.clone(), save(vpa(), &[("what_happened", "first")], 0)).is_empty());
    let seen = desk.report.draft(&vpa()).unwrap().version;
    desk.by(other, save(vpa(), &[("what_happened", "both")], seen));
}

#[test]
fn decisions_and_departures_can_wait_too() {
    let mut desk = two_children();
    desk.ok(save(DraftOf::Departure(id("vpa:A")), &[("reason", "filed by another force")], 0));
    assert_eq!(
        (task(&desk, "vpa:A").state, task(&desk, "vpa:A").begun.map(|b| b.departs)),
        (TaskState::Due, Some(true))
    );
    desk.ok(Command::Depart { duty: id("vpa:A"), reason: "filed by another force".into(), ndm: full() });
    assert!(desk.report.drafts.is_empty());
    let outcome = || DraftOf::Outcome("21".into());
    desk.ok(save(outcome(), &[("reason", "not in the public interest")], 0));
    assert!(desk.view().outcomes_to_decide.iter().any(|p| p.as_str() == "A"), "nothing is decided by it");
    desk.ok(Command::DecideOutcome(DecideOutcome {
        code: "21".into(),
        report: true,
        persons: Vec::new(),
        reason: "not in the public interest".into(),
        ndm: full(),
    }));
    assert_eq!(desk.report.draft(&outcome()), None);
    let roles = || DraftOf::Roles(id("A"));
    desk.ok(save(roles(), &[("reason", "to be talked over")], 0));
    assert!(desk.report.draft(&roles()).is_some());
    let said = Command::RecordRoles {
        person: id("A"),
        roles: vec![PersonRole::Victim],
        reason: String::new(),
        ndm: Ndm::default(),
    };
    desk.ok(said);
    assert_eq!(desk.report.draft(&roles()), None);
    desk.refused(officer(), save(DraftOf::Roles(id("Z")), &[("reason", "x")], 0));
}

#[test]
fn nothing_comes_in_that_a_record_would_refuse() {
    let mut desk = two_children();
    let picture = "data:image/png;base64,iVBORw0KGgo=";
    let refusal = desk.refused(officer(), save(vpa(), &[("what_happened", picture), ("next", "x")], 0));
    assert_eq!(refusal.problems()[0].field, "what_happened");
    desk.refused(officer(), save(vpa(), &[("what_happened", "  ")], 0));
    desk.refused(officer(), save(vpa(), &[("<b>", "x")], 0));
    desk.refused(officer(), save(DraftOf::Task(id("vpa:Z")), &[("a", "x")], 0));
    desk.refused(officer(), save(DraftOf::Task(id("no-such-task")), &[("a", "x")], 0));
    desk.refused(officer(), save(DraftOf::Outcome("99".into()), &[("a", "x")], 0));
    desk.refused(actor("audrey", Role::Auditor), save(vpa(), &[("a", "x")], 0));
    let many = (0..400).map(|n| (format!("f{n}"), vec!["x".to_owned()])).collect();
    desk.refused(officer(), Command::SaveDraft { of: vpa(), fields: many, seen: 0 });
    desk.by(supervisor(), save(vpa(), &[("what_happened", "as told")], 0));
    let told = desk.view().timeline.pop().unwrap();
    assert!(told.says.starts_with("Put aside, not finished: Submit a Vulnerable Person Assessment"), "{}", told.says);
}
