//! The lists there are, whose they are, and what each finds.

use jiff::Timestamp;
use report::Status;
use store::{Order, WorklistFilter};

use crate::routes;
use crate::shared::access::{self, Role};
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::visit::Signed;

/// Counting stops here: nobody needs to know whether it is 340 or 350, and a count must not cost more than a page.
const COUNTED: u32 = 100;

/// A list of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Those that whoever asks works on.
    Mine,
    /// Those that whoever asks began and that are still open, whichever unit has them now.
    Took,
    /// Those of their unit that are open.
    Unit,
    /// Those of their unit in which something is due now or its time has passed.
    Due,
    /// Those of their unit that wait for a supervisor.
    Review,
    /// Those of their unit that nobody works on.
    Nobodys,
    /// Those beyond their unit's that they may open: named in, begun by them, opened in an emergency.
    Beyond,
    /// Everything that is open.
    Open,
    /// Those of their unit whose day to look again at whether they are kept has come.
    Kept,
    /// Those of their unit that are closed; for an auditor all.
    Closed,
}

use List::{Beyond, Closed, Due, Kept, Mine, Nobodys, Open, Review, Took, Unit};

impl List {
    /// The lists of a role; the first is the one that is shown first.
    pub const fn of(role: Role) -> &'static [Self] {
        match role {
            Role::CallHandler => &[Took, Unit, Mine, Due, Beyond],
            Role::Officer => &[Mine, Due, Unit, Nobodys, Review, Beyond, Closed],
            Role::Supervisor => &[Review, Due, Unit, Nobodys, Mine, Beyond, Kept, Closed],
            Role::Auditor => &[Open, Closed],
            Role::Author => &[],
        }
    }

    /// The word in addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Mine => "mine",
            Took => "took",
            Unit => "unit",
            Due => "due",
            Review => "review",
            Nobodys => "nobodys",
            Beyond => "beyond",
            Open => "open",
            Kept => "kept",
            Closed => "closed",
        }
    }

    /// What it is called by somebody with this role: a supervisor does what an officer waits for.
    pub const fn title(self, role: Role) -> &'static str {
        match self {
            Mine => "My reports",
            Took => "Reports you took",
            Unit => "My unit's reports",
            Due => "Due now or overdue",
            Review if matches!(role, Role::Supervisor) => "Reports to review",
            Review => "Waiting for a supervisor",
            Nobodys => "Not taken on yet",
            Beyond => "Other reports you may open",
            Open => "All open reports",
            Kept => "Retention reviews due",
            Closed => "Closed reports",
        }
    }

    /// What is in it, in a sentence.
    pub const fn says(self) -> &'static str {
        match self {
            Mine => "Open reports that you work on, what is due soonest first.",
            Took => {
                "Reports you began that are still open, also where another unit has them now. What is due soonest comes first."
            }
            Unit => "Open reports of your unit, what is due soonest first.",
            Due => {
                "Open reports of your unit in which something is due now, or should have been done already. What has waited longest comes first."
            }
            Review => {
                "Reports of your unit in which a supervisor has to look at the record. What has waited longest comes first."
            }
            Nobodys => "Open reports of your unit that nobody has taken on.",
            Beyond => {
                "Reports you are named in, calls you took that another unit has now, and what you opened in an emergency, while it lasts."
            }
            Open => "Every report that is not closed, the last to change first.",
            Kept => {
                "Closed reports of your unit whose day has come to look again at whether they are still to be kept. What has waited longest comes first."
            }
            Closed => "Closed reports, the last to change first.",
        }
    }

    /// What to say when nothing is in it.
    pub const fn empty(self) -> &'static str {
        match self {
            Mine => "You have no open reports.",
            Took => "You have taken no report that is still open.",
            Unit => "Your unit has no open reports.",
            Due => "Nothing is due now in your unit's reports.",
            Review => "No report is waiting for review.",
            Nobodys => "Somebody works on every open report of your unit.",
            Beyond => "No other report is open to you.",
            Open => "There are no open reports.",
            Kept => "No closed report of your unit is due to be looked at again.",
            Closed => "No report has been closed.",
        }
    }

    /// Its address.
    pub fn href(self) -> String {
        format!("{}?list={}", routes::REPORTS, self.word())
    }

    /// The list with this word, if it is one of the role's.
    pub fn named(role: Role, word: &str) -> Option<Self> {
        Self::of(role).iter().copied().find(|list| list.word() == word)
    }

    /// What it finds.
    pub fn filter(self, signed: &Signed, now: Timestamp) -> WorklistFilter {
        let seen = WorklistFilter { seen_by: Some(access::seen_by(signed, now)), ..WorklistFilter::default() };
        let open = WorklistFilter { states: open_states(), ..seen.clone() };
        let unit = WorklistFilter { unit: Some(signed.unit.clone()), ..open.clone() };
        match self {
            Mine => WorklistFilter { allocated_to: Some(signed.id.clone()), ..open },
            Took => WorklistFilter { started_by: Some(signed.id.clone()), ..open },
            Unit => unit,
            Due => WorklistFilter { due_before: Some(now), ..unit },
            Review => WorklistFilter { unit: Some(signed.unit.clone()), awaiting_review: true, ..seen },
            Nobodys => WorklistFilter { unallocated: true, ..unit },
            Beyond => WorklistFilter { beyond_unit: true, ..seen },
            Open => open,
            Kept => WorklistFilter { unit: Some(signed.unit.clone()), review_before: Some(now), ..seen },
            Closed => WorklistFilter {
                unit: (signed.role != Role::Auditor).then(|| signed.unit.clone()),
                states: vec![Status::Closed.word().to_owned()],
                ..seen
            },
        }
    }

    /// The order it is shown in.
    pub const fn order(self) -> Order {
        match self {
            Review => Order::LongestAwaitingReview,
            Kept => Order::LongestKept,
            Closed | Open => Order::RecentlyUpdated,
            Mine | Took | Unit | Due | Nobodys | Beyond => Order::SoonestDue,
        }
    }

    /// How many reports are in it: `12`, or `99+`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn count(self, app: &App, signed: &Signed) -> Result<String, Problem> {
        let filter = self.filter(signed, app.now());
        let found = app.store.worklist_count(&filter, COUNTED).await?;
        Ok(if found >= COUNTED { format!("{}+", COUNTED - 1) } else { found.to_string() })
    }
}

fn open_states() -> Vec<String> {
    let open = Status::ALL.iter().filter(|status| **status != Status::Closed);
    open.map(|status| status.word().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_sent_to_its_own_lists_only() {
        for role in Role::ALL.iter().copied() {
            for list in List::of(role) {
                assert_eq!(List::named(role, list.word()), Some(*list));
            }
        }
        assert_eq!(List::named(Role::CallHandler, "review"), None);
        assert_eq!(List::named(Role::Author, "open"), None);
        assert_eq!(List::named(Role::Officer, "nothing"), None);
    }

    #[test]
    fn closed_is_the_only_state_that_is_not_open() {
        let open = open_states();
        assert_eq!(open.len() + 1, Status::ALL.len());
        assert!(!open.contains(&"closed".to_owned()));
    }
}
