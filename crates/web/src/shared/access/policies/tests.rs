//! What the policies say of roles, of themselves, and of questions that go wrong.

use super::*;

const SCHEMA: &str = include_str!("../../../../policies/waymark.cedarschema");
const POLICIES: &str = include_str!("../../../../policies/waymark.cedar");

fn me(role: Role) -> Subject<'static> {
    Subject {
        id: "me",
        role,
        unit: "mine",
    }
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
    let failing = format!(
        "{POLICIES}\nforbid (principal, action, resource is Report) when {{ 9223372036854775807 + 1 == 0 }};"
    );
    let failing = Policies::read(SCHEMA, &failing).unwrap_or_else(|why| panic!("{why:#?}"));
    assert!(!failing.allow(me(Role::Officer), Permission::ReadReports, what));
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
        (
            P::DeclareConflict,
            &[CallHandler, Officer, Supervisor, Auditor],
        ),
    ] {
        for role in Role::ALL.iter().copied() {
            let expected = roles.contains(&role);
            assert_eq!(
                read.ever(role, permission),
                expected,
                "{role:?} {permission:?}"
            );
        }
    }
}

/// Those that cannot decide about an action are left out when it is asked about. With all of them the answers are the same.
#[test]
fn the_policies_about_an_action_decide_as_all_of_them_do() {
    let read = Policies::read(SCHEMA, POLICIES).unwrap_or_else(|why| panic!("{why:#?}"));
    let all: PolicySet = POLICIES.parse().unwrap();
    let now = Timestamp::UNIX_EPOCH;
    let mut asked = 0;
    for mut row in worlds() {
        for conflict in [false, true] {
            if conflict {
                row.ties.conflicts = vec![UserId::new("me").unwrap()];
            }
            for (role, permission) in Role::ALL
                .iter()
                .flat_map(|r| Permission::ALL.map(|p| (*r, p)))
            {
                let what = match permission.of_a_report() {
                    true => What::Report(&row, now),
                    false => What::Service,
                };
                let (request, entities) = read.question(me(role), permission, what).unwrap();
                let answer = read.authorizer.is_authorized(&request, &all, &entities);
                let allowed = answer.decision() == Decision::Allow;
                assert_eq!(
                    read.allow(me(role), permission, what),
                    allowed,
                    "{role:?} {permission:?}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 2_000);
    assert!(
        read.sets
            .values()
            .all(|set| set.policies().count() < all.policies().count())
    );
}
