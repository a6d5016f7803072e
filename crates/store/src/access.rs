//! What a look, a search, an export is called in the log, and whose are wanted of it.

use std::str::FromStr;

use jiff::SignedDuration;

use crate::{StreamId, UserId};

/// Looks at one report by one user for one purpose within this time of the first are one entry
/// with a count: turning pages is not new access, and the log stays readable.
pub const REPEAT_WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// What somebody is about to do, of what is noted before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessKind {
    /// A report is opened.
    ReportOpened,
    /// A page of a report is refused.
    ReportRefused,
    /// A person is looked for.
    PeopleSearched,
    /// Somebody in a report is shown among people found.
    PersonFound,
    /// It is said whether somebody is the same person as in another report.
    PeopleMatched,
    /// Somebody is given their own data.
    OwnDataGiven,
    /// A report is shown on the command line.
    ReportShown,
    /// The reports are listed on the command line.
    ReportsListed,
    /// Advice is derived again on the command line.
    AdviceReplayed,
    /// One of the auditor's lists is read.
    LogRead,
    /// A copy of the whole log is taken.
    LogTaken,
    /// The table of looks is taken.
    LooksTaken,
    /// The table of what was told to others is taken.
    ToldTaken,
    /// The table of what was erased is taken.
    ErasuresTaken,
    /// The table of what was done to accounts and keys is taken.
    AccountsTaken,
    /// Somebody signs in.
    SignedIn,
    /// A sign-in fails.
    SignInFailed,
}

impl AccessKind {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::ReportOpened,
        Self::ReportRefused,
        Self::PeopleSearched,
        Self::PersonFound,
        Self::PeopleMatched,
        Self::OwnDataGiven,
        Self::ReportShown,
        Self::ReportsListed,
        Self::AdviceReplayed,
        Self::LogRead,
        Self::LogTaken,
        Self::LooksTaken,
        Self::ToldTaken,
        Self::ErasuresTaken,
        Self::AccountsTaken,
        Self::SignedIn,
        Self::SignInFailed,
    ];

    /// The word that stands in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ReportOpened => "report-opened",
            Self::ReportRefused => "report-refused",
            Self::PeopleSearched => "people-searched",
            Self::PersonFound => "person-found",
            Self::PeopleMatched => "people-matched",
            Self::OwnDataGiven => "own-data-given",
            Self::ReportShown => "report-shown",
            Self::ReportsListed => "reports-listed",
            Self::AdviceReplayed => "advice-replayed",
            Self::LogRead => "log-read",
            Self::LogTaken => "log-taken",
            Self::LooksTaken => "looks-taken",
            Self::ToldTaken => "told-taken",
            Self::ErasuresTaken => "erasures-taken",
            Self::AccountsTaken => "accounts-taken",
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
        }
    }
}

/// The word of an access that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no kind of access")]
pub struct NoAccessKind;

impl FromStr for AccessKind {
    type Err = NoAccessKind;

    fn from_str(word: &str) -> Result<Self, NoAccessKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(NoAccessKind)
    }
}

/// Whose entries are wanted from the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessesOf {
    /// Everybody who opened this report.
    Report(StreamId),
    /// Everything this user opened.
    User(UserId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_access_has_a_word_of_its_own_and_is_read_back() {
        for kind in AccessKind::ALL {
            assert_eq!(kind.word().parse(), Ok(kind));
        }
        assert_eq!("report-".parse::<AccessKind>(), Err(NoAccessKind));
    }
}
