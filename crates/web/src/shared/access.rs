//! Who may do what: one table, and nothing is allowed that it does not say.

pub use report::Role;

/// One thing that can be done. A route names the one it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Be signed in at all: the first page, one's own sessions, one's own password.
    Enter,
    /// Read what the guidance says.
    ReadGuidance,
    /// Begin a report and write down what the caller says.
    StartReport,
    /// Read reports.
    ReadReports,
    /// Answer questions and add people, places and devices.
    AddToReports,
    /// Do the tasks of a report and decide: devices, interviews, notifications, outcomes.
    Decide,
    /// Review another officer's report: agree or send back; reopen.
    Review,
    /// See which other answers would change the advice. Not for those who record the answers: it would coach them.
    SeeWhatWouldChange,
    /// See who looked at what.
    ReadAudit,
    /// Try out guidance before it takes force.
    TryGuidance,
    /// Add people, change what they may do, give them a new way in.
    ManagePeople,
}

use Permission as P;
use Role::{Auditor, Author, CallHandler, Officer, Supervisor};

/// The whole of who may do what.
pub const TABLE: &[(Permission, &[Role])] = &[
    (
        P::Enter,
        &[CallHandler, Officer, Supervisor, Auditor, Author],
    ),
    (
        P::ReadGuidance,
        &[CallHandler, Officer, Supervisor, Auditor, Author],
    ),
    (P::StartReport, &[CallHandler, Officer, Supervisor]),
    (P::ReadReports, &[CallHandler, Officer, Supervisor, Auditor]),
    (P::AddToReports, &[CallHandler, Officer, Supervisor]),
    (P::Decide, &[Officer, Supervisor]),
    (P::Review, &[Supervisor]),
    (P::SeeWhatWouldChange, &[Supervisor, Author]),
    (P::ReadAudit, &[Auditor]),
    (P::TryGuidance, &[Author]),
    (P::ManagePeople, &[Supervisor]),
];

/// What [`TABLE`] says.
pub fn may(role: Role, permission: Permission) -> bool {
    TABLE
        .iter()
        .any(|(named, roles)| *named == permission && roles.contains(&role))
}

/// What a role is for, beside the choice of it.
pub const fn hint(role: Role) -> &'static str {
    match role {
        CallHandler => "Takes the first call and starts reports",
        Officer => "Works on reports and decides",
        Supervisor => "Reviews reports, and adds and removes people",
        Auditor => "Reads reports and who looked at them; changes nothing",
        Author => "Writes and tries guidance; sees no reports",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_for_a_living_changes_nothing() {
        for permission in [
            P::StartReport,
            P::AddToReports,
            P::Decide,
            P::Review,
            P::ManagePeople,
        ] {
            assert!(!may(Auditor, permission), "{permission:?}");
            assert!(!may(Author, permission), "{permission:?}");
        }
        assert!(!may(Author, P::ReadReports));
    }

    #[test]
    fn nobody_who_records_answers_is_shown_what_would_change_them() {
        assert!(!may(CallHandler, P::SeeWhatWouldChange));
        assert!(!may(Officer, P::SeeWhatWouldChange));
    }
}
