//! A number of another system that is on more than one thing of a report is told, and nothing is refused.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, id};
use report::{Command, CrimeRecord, DutyId, Evidence, Means, NumberOn, Reference, ReferenceKind};

fn referral(desk: &Desk, reference: &str) -> Evidence {
    let (to, means, at) = ("Children's social care".into(), Means::Telephone, desk.now);
    Evidence::Referral { to, means, at, reference: reference.into(), acknowledged: None }
}

fn also_on(desk: &Desk, duty: &str) -> Vec<(String, Vec<NumberOn>)> {
    desk.report.numbers_also_on(&id::<DutyId>(duty))
}

#[test]
fn a_number_that_is_on_something_else_too_is_told_however_it_is_written() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured", "in_care=yes"]);
    desk.person("Ben", &["age=15", "part=received", "in_care=yes"]);
    let (ann, ben): (DutyId, DutyId) = (id("child-protection-referral:A"), id("child-protection-referral:B"));
    let first = referral(&desk, "CSC-77");
    desk.ok(Command::RecordEvidence { duty: ann.clone(), evidence: first });
    assert_eq!(also_on(&desk, ann.as_str()), []);
    let same = referral(&desk, "csc 77");
    desk.ok(Command::RecordEvidence { duty: ben.clone(), evidence: same });
    assert_eq!(also_on(&desk, ann.as_str()), [("CSC-77".to_owned(), vec![NumberOn::Task(ben.clone())])]);
    assert_eq!(also_on(&desk, ben.as_str()), [("csc 77".to_owned(), vec![NumberOn::Task(ann.clone())])]);

    desk.ok(Command::WithdrawEvidence { duty: ben.clone(), number: 1, reason: "it was Ann's".into() });
    assert_eq!(also_on(&desk, ann.as_str()), [], "what was withdrawn is on nothing");
    let empty = referral(&desk, "");
    desk.ok(Command::RecordEvidence { duty: ben, evidence: empty });
    assert_eq!(also_on(&desk, ann.as_str()), [], "no number yet is no number");
}

#[test]
fn a_crime_number_among_the_references_is_no_surprise_and_as_a_referral_it_is() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured", "in_care=yes"]);
    let crime = Evidence::Crime {
        record: CrimeRecord::Recorded { reference: "07/1234/26".into(), code: "registrar".into(), persons: Vec::new() },
    };
    desk.ok(Command::RecordEvidence { duty: id("crime-record"), evidence: crime });
    let reference = Reference { kind: ReferenceKind::Crime, reference: "07/1234/26".into(), note: String::new() };
    desk.ok(Command::AddReference(reference));
    assert_eq!(also_on(&desk, "crime-record"), []);
    let referral = referral(&desk, "07/1234/26");
    desk.ok(Command::RecordEvidence { duty: id("child-protection-referral:A"), evidence: referral });
    let on = |duty| also_on(&desk, duty).pop().unwrap().1;
    assert_eq!(on("crime-record"), [NumberOn::Task(id("child-protection-referral:A"))]);
    let both = [NumberOn::Task(id("crime-record")), NumberOn::Reference(ReferenceKind::Crime)];
    assert_eq!(on("child-protection-referral:A"), both);
}
