//! Random worlds: every list holds exactly what the policies allow of it, and its count says no more.

use jiff::{SignedDuration, Timestamp};
use report::{Actor, Status};
use store::{
    Append, EventId, Findable, NewEvent, Operation, ProjectionRow, Search, StreamId, Subject, Ties, UserId,
    WorklistQuery,
};

use super::Site;
use super::record::signed;
use crate::accounts::changes;
use crate::shared::access::{self, Permission, Role};
use crate::shared::visit::Signed;
use crate::worklists::{List, alerts};

/// Numbers that only look random, so that a failure can be repeated.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    fn some(&mut self, from: &[UserId]) -> Vec<UserId> {
        let mut some: Vec<UserId> = from.iter().filter(|_| self.one_in(4)).cloned().collect();
        some.sort();
        some
    }
}

const UNITS: [&str; 3] = ["north", "south", "east"];

fn row(chance: &mut Chance, number: u64, users: &[UserId], now: Timestamp) -> ProjectionRow {
    let hour = SignedDuration::from_hours(1);
    let restricted = chance.one_in(3);
    let maybe = |yes: bool, at: Timestamp| yes.then_some(at);
    let emergencies = chance.some(users).into_iter();
    ProjectionRow {
        report_id: StreamId::new(format!("R{number}")).unwrap(),
        reference: format!("WM-2026-{number:06}"),
        unit: (*chance.of(&UNITS)).to_owned(),
        allocated_to: chance.one_in(2).then(|| chance.of(users).clone()),
        state: chance.of(Status::ALL).word().to_owned(),
        class: "undetermined".to_owned(),
        next_due_at: maybe(chance.one_in(2), now - hour),
        awaiting_review_since: maybe(chance.one_in(3), now - hour),
        updated_at: now,
        derived_by: "test".to_owned(),
        review_at: maybe(chance.one_in(2), if chance.one_in(2) { now - hour } else { now + hour }),
        ties: Ties {
            started_by: chance.one_in(2).then(|| chance.of(users).clone()),
            restricted,
            members: if restricted { chance.some(users) } else { Vec::new() },
            conflicts: chance.some(users),
            emergencies: emergencies
                .map(|user| {
                    let lasts = chance.one_in(2);
                    (user, if lasts { now + hour } else { now })
                })
                .collect(),
            alert_since: maybe(chance.one_in(3), now - hour * (1 + 23 * chance.below(3) as i32)),
        },
    }
}

/// What each list is of, whoever asks.
fn fits(list: List, me: &Signed, row: &ProjectionRow, now: Timestamp) -> bool {
    let open = row.state != Status::Closed.word();
    let unit = row.unit == me.unit;
    let mine = row.allocated_to.as_ref() == Some(&me.id);
    match list {
        List::Mine => open && mine,
        List::Took => open && row.ties.started_by.as_ref() == Some(&me.id),
        List::Unit => open && unit,
        List::Due => open && unit && row.next_due_at.is_some_and(|due| due < now),
        List::Review => unit && row.awaiting_review_since.is_some(),
        List::Nobodys => open && unit && row.allocated_to.is_none(),
        List::Beyond => (!unit || row.ties.restricted) && !mine,
        List::Open => open,
        List::Kept => unit && row.review_at.is_some_and(|at| at < now),
        List::Closed => !open && (unit || me.role == Role::Auditor),
    }
}

fn colleague(id: &UserId, role: Role, unit: &str) -> Signed {
    let actor = Actor { id: id.as_str().parse().unwrap(), name: String::new(), role };
    Signed { unit: unit.to_owned(), ..signed(&actor) }
}

async fn supervisor_of(site: &Site, unit: &str) {
    let user = store::User {
        id: UserId::new(format!("supervisor-{unit}")).unwrap(),
        name: format!("Supervisor {unit}"),
        sign_in_name: format!("supervisor-{unit}"),
        role: Role::Supervisor.word().to_owned(),
        unit: unit.to_owned(),
        password_hash: None,
        disabled: false,
        created_at: site.app.now(),
    };
    let made = changes::created(&site.app, &user, None);
    site.app.store.add_user(user, made).await.unwrap();
}

async fn put(site: &Site, row: ProjectionRow, number: u64) {
    let event = NewEvent {
        event_id: EventId::from_bytes(u128::from(number).to_be_bytes()),
        kind: "test".to_owned(),
        recorded_at: site.app.now(),
        actor: "test".to_owned(),
        subject: Subject::Report,
        operation: Operation::Collect,
        body: vec![0],
    };
    let append = Append {
        stream: row.report_id.clone(),
        expected_version: 0,
        events: vec![event],
        projection: Some(row),
        findable: vec![Findable {
            subject: Subject::Person("A".parse().unwrap()),
            terms: vec!["everybody".to_owned()],
        }],
    };
    site.app.store.append(append, None).await.unwrap();
}

#[tokio::test]
async fn lists_and_counts_are_exactly_what_the_policies_allow() {
    let (mut shown, mut kept_back) = (0, 0);
    for seed in 0..24_u64 {
        let site = Site::new();
        let now = site.app.now();
        let mut chance = Chance(seed);
        let users: Vec<UserId> = (0..6).map(|number| UserId::new(format!("U{number}")).unwrap()).collect();
        // Where a unit had no supervisor, what waits in it would be for those of all.
        for unit in UNITS {
            supervisor_of(&site, unit).await;
        }
        let mut rows = Vec::new();
        for number in 0..40 {
            let row = row(&mut chance, number, &users, now);
            put(&site, row.clone(), number).await;
            rows.push(row);
        }
        for id in &users {
            for role in Role::ALL.iter().copied() {
                let unit = chance.of::<&str>(&UNITS);
                let me = colleague(id, role, unit);
                for list in List::of(role) {
                    let may = |row: &&ProjectionRow| access::may_on(&me, access::listed_for(role), row, now);
                    let all = rows.iter().filter(|row| fits(*list, &me, row, now));
                    let all: Vec<_> = all.collect();
                    let mut expected: Vec<_> = all.iter().copied().filter(may).collect();
                    let query =
                        WorklistQuery { filter: list.filter(&me, now), order: list.order(), after: None, limit: 100 };
                    let mut found = site.app.store.worklist(&query).await.unwrap().rows;
                    let count = list.count(&site.app, &me).await.unwrap();
                    let what = format!("seed {seed}, {role:?} {id} of {}, {list:?}", me.unit);
                    assert_eq!(count, expected.len().to_string(), "{what}");
                    found.sort_by(|a, b| a.reference.cmp(&b.reference));
                    expected.sort_by(|a, b| a.reference.cmp(&b.reference));
                    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{what}");
                    shown += found.len();
                    kept_back += all.len() - found.len();
                }
                // A search comes upon exactly those reports, and its limit counts no other.
                if access::may(role, Permission::FindPeople) {
                    let may = |row: &&ProjectionRow| access::may_on(&me, Permission::ReadReports, row, now);
                    let mut expected: Vec<_> = rows.iter().filter(may).collect();
                    expected.sort_by(|a, b| a.report_id.cmp(&b.report_id));
                    let limit = u32::try_from(expected.len()).unwrap();
                    let search = Search {
                        terms: vec!["everybody".to_owned()],
                        seen_by: access::seen_by(&me, now),
                        except: None,
                        limit,
                    };
                    let came_upon = site.app.store.find(search).await.unwrap();
                    let streams: Vec<_> = came_upon.found.iter().map(|one| &one.stream).collect();
                    let expected: Vec<_> = expected.iter().map(|row| &row.report_id).collect();
                    assert_eq!(streams, expected, "seed {seed}, {role:?} {id}");
                    assert!(!came_upon.more, "seed {seed}, {role:?} {id}");
                }
                let alerts = alerts(&site.app, &me).await.unwrap();
                let expected = rows.iter().filter(|row| {
                    row.ties.alert_since.is_some() && access::may_on(&me, Permission::ReviewAccess, row, now)
                });
                assert_eq!(alerts.len(), expected.count(), "seed {seed}, {role:?} {id}");
            }
        }
    }
    assert!(shown > 1_000 && kept_back > 1_000, "{shown} {kept_back}");
}

/// Everything that somebody may read is in one of their lists: nobody has to know a reference by heart.
#[tokio::test]
async fn what_may_be_read_is_found_in_a_list() {
    let site = Site::new();
    let now = site.app.now();
    let mut chance = Chance(7);
    let users: Vec<UserId> = (0..4).map(|number| UserId::new(format!("U{number}")).unwrap()).collect();
    for number in 0..120 {
        let row = row(&mut chance, number, &users, now);
        put(&site, row.clone(), number).await;
        for role in [Role::CallHandler, Role::Officer, Role::Supervisor, Role::Auditor] {
            let me = colleague(&users[0], role, "north");
            let open = row.state != Status::Closed.word();
            if open && access::may_on(&me, access::listed_for(role), &row, now) {
                let lists = List::of(role).iter();
                let mut holds = lists.filter(|list| fits(**list, &me, &row, now));
                assert!(holds.next().is_some(), "{role:?} {row:?}");
            }
        }
    }
}
