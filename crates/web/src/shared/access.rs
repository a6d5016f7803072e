//! Who may do what. What is allowed stands in `policies/waymark.cedar` and nowhere else; here are the names
//! of what can be asked, and the way to ask.

mod policies;

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
pub use policies::{Policies, Subject, What};
pub use report::Role;
use store::{ProjectionRow, SeenBy, Sight};

use super::page::Problem;
use super::visit::Signed;

/// One thing that can be done. A route names the one it needs; the policies know it by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Be signed in at all: the first page, one's own sessions, one's own password.
    Enter,
    /// Read what the guidance says.
    ReadGuidance,
    /// Begin a report and write down what the caller says.
    StartReport,
    /// See lists of reports: in them what one may read, or read the log of.
    ListReports,
    /// Look for people in all reports: in what is found, those one may read.
    FindPeople,
    /// See which other answers would change the advice. Not for those who record the answers: it would coach them.
    SeeWhatWouldChange,
    /// Try out guidance before it takes force.
    TryGuidance,
    /// Add people, change what they may do, give them a new way in.
    ManagePeople,
    /// Read a report.
    ReadReports,
    /// Answer questions and add people, places and devices.
    AddToReports,
    /// Withdraw what was entered by mistake, or take back what was said, whoever entered it.
    Withdraw,
    /// Pass a report to another unit.
    PassOn,
    /// Do the tasks of a report and decide: devices, interviews, notifications, outcomes.
    Decide,
    /// Review another officer's report: agree or send back; reopen.
    Review,
    /// Take a copy of a report out of Waymark.
    Export,
    /// Let go of a report, or of somebody in it, for good.
    Erase,
    /// Say who may see a report: restrict it, name people, say that somebody has a conflict of interest.
    ControlAccess,
    /// Say that one has a conflict of interest oneself.
    DeclareConflict,
    /// Open a report in an emergency.
    BreakGlass,
    /// Say whether an emergency opening was justified.
    ReviewAccess,
    /// See who looked at what.
    ReadAudit,
}

use Permission as P;

impl Permission {
    /// All of them, those of one report last.
    pub const ALL: [Self; 21] = [
        P::Enter,
        P::ReadGuidance,
        P::StartReport,
        P::ListReports,
        P::FindPeople,
        P::SeeWhatWouldChange,
        P::TryGuidance,
        P::ManagePeople,
        P::ReadReports,
        P::AddToReports,
        P::Withdraw,
        P::PassOn,
        P::Decide,
        P::Review,
        P::Export,
        P::Erase,
        P::ControlAccess,
        P::DeclareConflict,
        P::BreakGlass,
        P::ReviewAccess,
        P::ReadAudit,
    ];

    /// The action in the policies.
    pub const fn word(self) -> &'static str {
        match self {
            P::Enter => "enter",
            P::ReadGuidance => "read-guidance",
            P::StartReport => "start-report",
            P::ListReports => "list-reports",
            P::FindPeople => "find-people",
            P::SeeWhatWouldChange => "see-what-would-change",
            P::TryGuidance => "try-guidance",
            P::ManagePeople => "manage-people",
            P::ReadReports => "read",
            P::AddToReports => "add",
            P::Withdraw => "withdraw",
            P::PassOn => "pass-on",
            P::Decide => "decide",
            P::Review => "review",
            P::Export => "export",
            P::Erase => "erase",
            P::ControlAccess => "control-access",
            P::DeclareConflict => "declare-conflict",
            P::BreakGlass => "break-glass",
            P::ReviewAccess => "review-access",
            P::ReadAudit => "read-log",
        }
    }

    /// Is it about one report, or about the service?
    pub const fn of_a_report(self) -> bool {
        !matches!(
            self,
            P::Enter
                | P::ReadGuidance
                | P::StartReport
                | P::ListReports
                | P::FindPeople
                | P::SeeWhatWouldChange
                | P::TryGuidance
                | P::ManagePeople
        )
    }
}

static IN_FORCE: LazyLock<Result<Policies, String>> = LazyLock::new(|| {
    Policies::read(include_str!("../../policies/waymark.cedarschema"), include_str!("../../policies/waymark.cedar"))
        .map_err(|problems| problems.join("; "))
});

/// An emergency opening that waits since then, or longer, is for a supervisor of any unit.
pub fn overdue_before(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN)
}

/// The policies in force. Asked for at start, so that nothing is served without them.
///
/// # Errors
/// They are not what their schema says: ours to mend.
pub fn in_force() -> Result<&'static Policies, Problem> {
    IN_FORCE.as_ref().map_err(|why| Problem::internal(format_args!("policies: {why}")))
}

/// May this role ever do this: for some report, where it is about one? Derived from the policies. Which
/// report it is [`may_on`] says.
pub fn may(role: Role, permission: Permission) -> bool {
    IN_FORCE.as_ref().is_ok_and(|policies| policies.ever(role, permission))
}

/// May somebody do this with this report now?
pub fn may_on(signed: &Signed, permission: Permission, report: &ProjectionRow, now: Timestamp) -> bool {
    let who = Subject { id: signed.id.as_str(), role: signed.role, unit: &signed.unit };
    IN_FORCE.as_ref().is_ok_and(|policies| policies.allow(who, permission, What::Report(report, now)))
}

/// What a list of reports needs to ask the policies about each.
pub const fn listed_for(role: Role) -> Permission {
    match role {
        Role::Auditor => P::ReadAudit,
        _ => P::ReadReports,
    }
}

/// As whom somebody looks at lists.
pub fn seen_by(signed: &Signed, now: Timestamp) -> SeenBy {
    SeenBy {
        user: signed.id.clone(),
        unit: signed.unit.clone(),
        sight: match signed.role {
            Role::Auditor => Sight::Log,
            Role::CallHandler => Sight::FirstCalls,
            Role::Officer | Role::Supervisor | Role::Author => Sight::Work,
        },
        now,
    }
}

/// What a role is for, beside the choice of it.
pub const fn hint(role: Role) -> &'static str {
    match role {
        Role::CallHandler => "Takes the first call and starts reports",
        Role::Officer => "Works on reports and decides",
        Role::Supervisor => "Reviews reports, and adds and removes people",
        Role::Auditor => "Sees who looked at which report and why, never what is in it",
        Role::Author => "Reads the guidance, its rules, examples and proofs; sees no reports",
    }
}
