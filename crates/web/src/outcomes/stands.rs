//! Where an outcome stands: what the advice says, and whether what rules it out can change.

use guidance::advice::{Because, Outcome, OutcomeState};

/// Where an outcome stands for somebody: what the advice says, and whether somebody decided against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Everything it needs holds.
    Open,
    /// Something is still missing.
    NotYet,
    /// A decision in this report speaks against it.
    Against,
    /// Nothing but that somebody is not identified rules it out: that can be found out.
    Unidentified,
    /// What is known rules it out.
    Blocked,
}

impl Stands {
    pub(super) fn of(outcome: &Outcome, against: bool) -> Self {
        match outcome.state {
            OutcomeState::Blocked if is_for_now(outcome) => Self::Unidentified,
            OutcomeState::Blocked => Self::Blocked,
            _ if against => Self::Against,
            OutcomeState::Open => Self::Open,
            OutcomeState::NotYet => Self::NotYet,
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::NotYet => "Not yet",
            Self::Against => "Decided against",
            Self::Unidentified => "Not identified yet",
            Self::Blocked => "Blocked",
        }
    }

    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::NotYet => 1,
            Self::Against => 2,
            Self::Unidentified => 3,
            Self::Blocked => 4,
        }
    }
}

/// Is the one thing that blocks it that somebody is not identified? Who that is may be found out yet.
fn is_for_now(outcome: &Outcome) -> bool {
    let is_unidentified =
        |because: &Because| because.fact.ends_with(".identified") && because.value.as_word() == Some("no");
    outcome.says.len() == 1 && outcome.because.iter().any(is_unidentified)
}
