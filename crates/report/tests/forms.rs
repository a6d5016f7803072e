//! What a form says that the report asks as well.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, START, id, officer, state, two_children};
use guidance::Value;
use report::*;

/// The form of A, filled in with what is required and with this.
fn filing(desk: &Desk, form: &str, answers: &[(&str, &str)]) -> Command {
    let Command::FileForm(mut filing) = desk.form(form, &["A", "B"]) else { panic!() };
    filing.answers.extend(answers.iter().map(|(field, answer)| ((*field).to_owned(), (*answer).to_owned())));
    Command::FileForm(filing)
}

fn answer(desk: &Desk, fact: &str) -> Option<String> {
    let current = desk.report.current(&id(fact));
    current.value.and_then(|value: Value| value.as_word().map(str::to_owned))
}

#[test]
fn a_yes_on_a_form_goes_into_the_report_and_raises_what_it_raises_there() {
    for (form, field, says, fact, duty) in [
        ("vpa", "self_harm", "yes", "self_harm_or_suicide", "immediate-referral:A"),
        ("vpa", "other_harm", "yes", "other_concern_of_harm", "immediate-referral:A"),
        ("vpa", "missing", "yes", "missing_now", "immediate-referral:A"),
        ("vpa", "telling_unsafe", "yes", "telling_parents_unsafe", "parent-not-told-decision:A"),
        ("cse-screening", "self_harm", "yes", "self_harm_or_suicide", "immediate-referral:A"),
        ("cse-screening", "judgement", "high", "other_concern_of_harm", "immediate-referral:A"),
    ] {
        // The record says No to all of them.
        let mut desk = two_children();
        assert_eq!(state(&desk, duty), None, "{field}");
        desk.ok(filing(&desk, form, &[(field, says)]));
        assert_eq!(answer(&desk, &format!("person.A.{fact}")).as_deref(), Some("yes"), "{field}");
        assert_eq!(answer(&desk, &format!("person.B.{fact}")).as_deref(), Some("no"), "of B it says nothing");
        assert_eq!(state(&desk, duty), Some(TaskState::Due), "{field}");
        let said = desk.report.current(&id(&format!("person.A.{fact}"))).standing[0].note.clone();
        assert_eq!(said, format!("From {}-R26-0001-AB-1", form.to_uppercase()));
    }
}

#[test]
fn what_a_form_does_not_answer_with_yes_changes_nothing_in_the_report() {
    let mut desk = two_children();
    let fact = "person.A.self_harm_or_suicide";
    for (in_report, on_form) in [("no", "no"), ("no", "not-known"), ("not-known", "no"), ("yes", "yes")] {
        desk.facts(&[format!("{fact}={in_report}")]);
        let before = desk.report.statements.len();
        desk.ok(filing(&desk, "vpa", &[("self_harm", on_form)]));
        assert_eq!(desk.report.statements.len(), before, "{in_report}, {on_form}");
    }
}

#[test]
fn a_yes_of_the_report_is_not_denied_on_a_form() {
    let mut desk = two_children();
    desk.facts(&["person.A.self_harm_or_suicide=yes".into()]);
    for says in ["no", "not-known"] {
        let refusal = desk.refused(officer(), filing(&desk, "vpa", &[("self_harm", says)]));
        let wrong = &refusal.problems()[0];
        assert_eq!(wrong.field, "self_harm");
        assert!(wrong.says.contains("the report says Yes. Select Yes here, or change the answer"), "{refusal}");
    }
    desk.ok(filing(&desk, "vpa", &[("self_harm", "yes")]));
}

#[test]
fn where_somebody_else_has_said_otherwise_it_is_settled_in_the_report() {
    let mut desk = two_children();
    let said =
        StateFact { said_by: SaidBy::Reporter, ..StateFact::police(id("person.A.missing_now"), Value::word("no")) };
    desk.ok(Command::StateFacts(vec![said]));
    let refusal = desk.refused(officer(), filing(&desk, "vpa", &[("missing", "yes")]));
    assert!(refusal.problems()[0].says.contains("somebody else has said otherwise"), "{refusal}");
}

#[test]
fn a_form_that_names_several_arrives_for_each_and_changes_nothing_that_was_agreed() {
    let mut desk = two_children();
    desk.ok(desk.form("vpa", &["A"]));
    desk.ok(desk.form("vpa", &["A", "B"]));
    desk.by(common::supervisor(), desk.review(Verdict::Agree));
    let arrived = |number, reference: &str| Command::AcknowledgeReferral {
        duty: id("vpa:A"),
        number,
        reference: reference.into(),
        acknowledgement: Acknowledgement { by: "duty desk".into(), at: START.parse().unwrap() },
    };
    assert_eq!(desk.refused(officer(), arrived(2, "none")).problems()[0].field, "reference");
    desk.refused(officer(), arrived(3, ""));
    desk.ok(arrived(2, "UNIT-9"));
    assert!(desk.report.is_agreed(common::pack()));
    let received = |duty: &str| -> Vec<(bool, String)> {
        let filed = desk.report.evidence_for(&id(duty));
        let forms = filed.iter().map(|filed| match &filed.evidence {
            Evidence::Form(form) => (form.received.is_some(), form.their_reference.clone()),
            other => panic!("{other:?}"),
        });
        forms.collect()
    };
    assert_eq!(received("vpa:A"), [(false, String::new()), (true, "UNIT-9".into())]);
    assert_eq!(received("vpa:B"), [(true, "UNIT-9".into())]);
    desk.refused(officer(), arrived(2, ""));
}
