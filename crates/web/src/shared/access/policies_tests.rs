//! The policies as they are in force, and what is refused.

use super::*;

const SCHEMA: &str = include_str!("../../../policies/waymark.cedarschema");
const POLICIES: &str = include_str!("../../../policies/waymark.cedar");

fn me(role: Role) -> Subject<'static> {
    Subject { id: "me", role, unit: "mine" }
}

#[test]
fn the_policies_fit_their_schema_and_every_permission_is_somebodys() {
    let read = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    for permission in Permission::ALL {
        let somebody = Role::ALL.iter().any(|role| read.ever(*role, permission));
        assert!(somebody, "{permission:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for (from, to) in [
        ("Role::\"author\"", "Role::\"autor\""),
        ("Action::\"erase\"", "Action::\"eraze\""),
        ("resource.restricted", "resource.restricted_to"),
        ("resource has allocated_to && ", ""),
        ("permit (", "allow ("),
    ] {
        assert!(POLICIES.contains(from), "{from}");
        let broken = POLICIES.replace(from, to);
        assert!(Policies::read(SCHEMA, &broken).is_err(), "{from} to {to}");
    }
}

/// The engine would leave the failing `forbid` out and let everybody in.
#[test]
fn a_policy_that_fails_refuses() {
    let row = worlds().swap_remove(0);
    let what = What::Report(&row, Timestamp::UNIX_EPOCH);
    let sound = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    assert!(sound.allow(me(Role::Officer), Permission::ReadReports, what));
    let failing =
        format!("{POLICIES}\nforbid (principal, action, resource is Report) when {{ 9223372036854775807 + 1 == 0 }};");
    let failing = Policies::read(SCHEMA, &failing).unwrap_or_else(|why| panic!("{why:#?}"));
    assert!(!failing.allow(me(Role::Officer), Permission::ReadReports, what));
}

/// Of every role and action, tied to a report in every way, with and without a conflict of interest: what is left out of the
/// policies that are asked would not have said anything.
#[test]
fn the_policies_of_an_action_say_what_all_of_them_say() {
    let read = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    let all: PolicySet = POLICIES.parse().unwrap();
    let whole = |who, permission, what: What<'_>| {
        let (request, entities) = read.question(who, permission, what).unwrap();
        let answer = read.authorizer.is_authorized(&request, &all, &entities);
        answer.decision() == Decision::Allow
    };
    let mut rows = worlds();
    for row in worlds() {
        let ties = Ties { conflicts: vec![UserId::new("me").unwrap()], ..row.ties.clone() };
        rows.push(ProjectionRow { ties, ..row });
    }
    let closed = rows.iter().cloned().map(|row| ProjectionRow { state: Status::Closed.word().to_owned(), ..row });
    let rows: Vec<ProjectionRow> = rows.iter().cloned().chain(closed).collect();
    let mut allowed = 0;
    for (role, permission) in Role::ALL.iter().flat_map(|role| Permission::ALL.map(|permission| (*role, permission))) {
        let about = |row| match permission.of_a_report() {
            true => What::Report(row, Timestamp::UNIX_EPOCH),
            false => What::Service,
        };
        for row in &rows {
            let (who, what) = (me(role), about(row));
            let answer = read.allow(who, permission, what);
            assert_eq!(answer, whole(who, permission, what), "{role:?} {permission:?} {row:?}");
            allowed += usize::from(answer);
        }
    }
    assert!(allowed > 100, "{allowed}");
    let fewest = read.sets.values().map(|set| set.policies().count()).min();
    assert!(fewest < Some(all.policies().count() / 2), "{fewest:?}");
}

#[test]
fn a_question_about_the_wrong_thing_is_refused() {
    let read = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    let row = worlds().swap_remove(0);
    let now = Timestamp::UNIX_EPOCH;
    assert!(!read.allow(me(Role::Officer), Permission::ReadReports, What::Service));
    let asked = What::Report(&row, now);
    assert!(!read.allow(me(Role::Officer), Permission::Enter, asked));
}

#[test]
fn roles_do_what_they_are_for() {
    let read = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    use Permission as P;
    use Role::{Auditor, Author, CallHandler, Officer, Supervisor};
    let work = &[CallHandler, Officer, Supervisor][..];
    for (permission, roles) in [
        (P::Enter, Role::ALL),
        (P::StartReport, work),
        (P::ListReports, &[CallHandler, Officer, Supervisor, Auditor]),
        (P::FindPeople, work),
        (P::ReadReports, work),
        (P::AddToReports, work),
        (P::Withdraw, work),
        (P::PassOn, work),
        (P::Decide, &[Officer, Supervisor]),
        (P::Review, &[Supervisor]),
        (P::SeeWhatWouldChange, &[Supervisor, Author]),
        (P::ReadAudit, &[Auditor]),
        (P::TryGuidance, &[Author]),
        (P::ManagePeople, &[Supervisor]),
        (P::ControlAccess, &[Supervisor]),
        (P::ReviewAccess, &[Supervisor]),
        (P::Erase, &[Supervisor]),
        (P::Export, &[Officer, Supervisor]),
        (P::BreakGlass, work),
        (P::DeclareConflict, &[CallHandler, Officer, Supervisor, Auditor]),
    ] {
        for role in Role::ALL.iter().copied() {
            let expected = roles.contains(&role);
            assert_eq!(read.ever(role, permission), expected, "{role:?} {permission:?}");
        }
    }
}
