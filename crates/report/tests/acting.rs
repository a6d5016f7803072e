//! Stepping in, leaving what is only offered, and telling several at one visit.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{id, officer, record, state, two_children};
use report::*;

#[test]
fn what_is_only_offered_is_left_with_a_line() {
    let mut desk = two_children();
    desk.facts(&["person.A.in_care=yes".into()]);
    let leave =
        |duty: &str, reason: &str| Command::Depart { duty: id(duty), reason: reason.into(), ndm: Ndm::default() };
    // Offered: one reason. Expected and required: the full record.
    for (duty, wrongs) in [("education-support:A", 1), ("strategy-meeting", 6), ("vpa:A", 6)] {
        assert_eq!(desk.refused(officer(), leave(duty, "")).problems().len(), wrongs, "{duty}");
    }
    desk.ok(leave("education-support:A", "the school does it already"));
    assert_eq!(state(&desk, "education-support:A"), Some(TaskState::Departed));
    assert_eq!(desk.refused(officer(), leave("strategy-meeting", "not needed")).problems().len(), 5);
}
