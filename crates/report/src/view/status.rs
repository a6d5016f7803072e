//! Where a report stands.

use guidance::Pack;
use guidance::advice::Advice;

use super::{Gate, Task, gates, tasks};
use crate::closed_list::closed_list;
use crate::event::Verdict;
use crate::state::Report;

closed_list! {
    /// Where a report stands. Derived, never set.
    Status {
        New = "new", "New";
        BeingWorkedOn = "being-worked-on", "Being worked on";
        ReadyForReview = "ready-for-review", "Ready to ask for review";
        WaitingForReview = "waiting-for-review", "Waiting for review";
        EndingAsked = "ending-asked", "Asked to end";
        SentBack = "sent-back", "Sent back";
        ReadyToClose = "ready-to-close", "Ready to close";
        Closed = "closed", "Closed";
    }
}

impl Status {
    /// Does a supervisor have to look at it? It is in their list once it is ready, whether somebody asked or not.
    pub const fn waits_for_supervisor(self) -> bool {
        matches!(self, Self::ReadyForReview | Self::WaitingForReview | Self::EndingAsked)
    }
}

impl Report {
    pub(super) fn status(&self, pack: &Pack, advice: &Advice, tasks: &[Task], gates: &[Gate]) -> Status {
        let outcome_waits = self.outcome(None).is_some() && gates::lacks_agreement(self, pack, advice, tasks);
        let asked_since_review = self.review_asked.is_some_and(|(_, version)| version > self.last_review);
        let sent_back = self.reviews.last().is_some_and(|r| r.verdict == Verdict::SendBack);
        if self.is_closed() {
            Status::Closed
        } else if self.asked_to_end().is_some() {
            Status::EndingAsked
        } else if asked_since_review {
            Status::WaitingForReview
        } else if sent_back {
            Status::SentBack
        } else if gates.is_empty() && self.is_started() {
            Status::ReadyToClose
        } else if outcome_waits || (!self.is_agreed(pack) && tasks::only_review_is_left(tasks)) {
            Status::ReadyForReview
        } else if self.people.is_empty() && self.evidence.is_empty() && self.allocation.is_none() {
            Status::New
        } else {
            Status::BeingWorkedOn
        }
    }
}
