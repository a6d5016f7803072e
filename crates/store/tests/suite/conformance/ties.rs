//! Who may see a report: the ties of a row, and lists as somebody sees them.

use store::{ProjectionRow, SeenBy, Sight, Ties, WorklistFilter, WorklistQuery};

use crate::fixture::*;

pub async fn ties_read_back_as_given_and_follow_the_row(store: Shared) {
    let mut tied = row("r");
    tied.ties = Ties {
        started_by: Some(user_id("cal")),
        restricted: true,
        members: vec![user_id("olive"), user_id("sam")],
        conflicts: vec![user_id("otto")],
        emergencies: vec![(user_id("orla"), at(3600))],
        alert_since: Some(at(5)),
    };
    store.append(append_row(0, tied.clone()), None).await.unwrap();
    let read = store.projection(&tied.report_id).await.unwrap();
    assert_eq!(read.as_ref(), Some(&tied));
    let read = store.projection_by_reference(&tied.reference).await;
    assert_eq!(read.unwrap().as_ref(), Some(&tied));
    let listed = store.worklist(&WorklistQuery::default()).await.unwrap();
    assert_eq!(listed.rows, [tied.clone()]);
    tied.ties = Ties::default();
    let next = store::Append { events: vec![event("restriction-lifted")], ..append_row(1, tied.clone()) };
    store.append(next, None).await.unwrap();
    let read = store.projection(&tied.report_id).await.unwrap();
    assert_eq!(read, Some(tied));
}

/// Reports of two units: plain, restricted, with conflicts, emergencies and alerts.
async fn filled(store: &Shared) -> Vec<ProjectionRow> {
    let mut rows = Vec::new();
    for n in 0..64_i64 {
        let mut row = row(&format!("r{n:02}"));
        row.unit = ["north", "south"][(n % 2) as usize].into();
        row.state = ["open", "closed"][(n / 32) as usize].into();
        row.allocated_to = (n % 5 == 0).then(|| user_id("me"));
        let me = |yes: bool| if yes { vec![user_id("me")] } else { Vec::new() };
        row.ties = Ties {
            started_by: (n % 7 == 0).then(|| user_id("me")),
            restricted: n % 3 == 0,
            members: me(n % 6 == 0),
            conflicts: me(n % 11 == 0),
            emergencies: if n % 4 == 1 {
                vec![(user_id("me"), at(if n % 8 == 1 { 100 } else { 10 }))]
            } else {
                Vec::new()
            },
            alert_since: (n % 9 == 0).then(|| at(4 + i64::from(n % 2 == 0) * 2)),
        };
        store.append(append_row(0, row.clone()), None).await.unwrap();
        rows.push(row);
    }
    rows
}

pub async fn a_list_and_its_count_hold_what_somebody_may_see(store: Shared) {
    let rows = filled(&store).await;
    let mut found_at_all = 0;
    for sight in [Sight::Work, Sight::FirstCalls, Sight::Log] {
        for (beyond_unit, alerts, until, begun) in [
            (false, false, None, false),
            (true, false, None, false),
            (false, true, None, false),
            (false, false, Some(at(5)), false),
            (false, false, None, true),
        ] {
            let who = SeenBy { user: user_id("me"), unit: "north".into(), sight, now: at(10) };
            let filter = WorklistFilter {
                seen_by: Some(who.clone()),
                beyond_unit,
                alerts,
                alert_until: until,
                started_by: begun.then(|| user_id("me")),
                ..WorklistFilter::default()
            };
            let expected = rows.iter().filter(|row| {
                sees(&who, row)
                    && (!beyond_unit || beyond(&who, row))
                    && (!alerts || row.ties.alert_since.is_some())
                    && (!begun || row.ties.started_by == Some(user_id("me")))
                    && until.is_none_or(|until| row.ties.alert_since.is_some_and(|at| at <= until))
            });
            let mut expected: Vec<_> = expected.cloned().collect();
            let query = WorklistQuery { filter: filter.clone(), limit: 100, ..WorklistQuery::default() };
            let mut found = store.worklist(&query).await.unwrap().rows;
            found.sort_by_key(|row| row.report_id.clone());
            expected.sort_by_key(|row| row.report_id.clone());
            assert_eq!(found, expected, "{filter:?}");
            let count = store.worklist_count(&filter, 1000).await.unwrap();
            assert_eq!(count as usize, expected.len(), "{filter:?}");
            found_at_all += found.len();
        }
    }
    assert!(found_at_all > 60, "{found_at_all}");
}

/// What somebody may see, said the slow way.
pub fn sees(who: &SeenBy, row: &ProjectionRow) -> bool {
    let ties = &row.ties;
    if ties.conflicts.contains(&who.user) {
        return false;
    }
    let mut emergencies = ties.emergencies.iter();
    who.sight == Sight::Log
        || row.unit == who.unit && !ties.restricted
        || row.allocated_to.as_ref() == Some(&who.user)
        || ties.restricted && ties.members.contains(&who.user)
        || emergencies.any(|(user, until)| *user == who.user && *until > who.now)
        || who.sight == Sight::FirstCalls
            && ties.started_by.as_ref() == Some(&who.user)
            && !ties.restricted
            && row.state != "closed"
}

/// What is beyond somebody's unit and not theirs to work on, said the slow way.
pub fn beyond(who: &SeenBy, row: &ProjectionRow) -> bool {
    let ties = &row.ties;
    let mut emergencies = ties.emergencies.iter();
    let named = ties.members.contains(&who.user)
        || emergencies.any(|(user, _)| *user == who.user)
        || ties.started_by.as_ref() == Some(&who.user);
    named && (row.unit != who.unit || ties.restricted) && row.allocated_to.as_ref() != Some(&who.user)
}
