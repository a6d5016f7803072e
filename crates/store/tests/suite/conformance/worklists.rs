//! Worklist rows.

use std::cmp::Reverse;

use store::{Order, ProjectionRow, StoreError, WorklistFilter, WorklistQuery};

use crate::fixture::*;

/// Rows of every kind, with many ties: 3 units, 3 users and nobody, 3 states, due times or none.
async fn filled(store: &Shared) -> Vec<ProjectionRow> {
    let mut rows = Vec::new();
    for n in 0..96_i64 {
        let mut row = row(&format!("r{:02}", (n * 37) % 96));
        row.unit = ["north", "south", "west"][(n % 3) as usize].into();
        row.state = ["recording", "review", "closed"][(n / 2 % 3) as usize].into();
        row.allocated_to = (n % 4 != 0).then(|| user_id(&format!("u{}", n % 4)));
        row.next_due_at = (n % 5 != 0).then(|| at(n / 7 % 6));
        row.awaiting_review_since = (n % 6 == 2).then(|| at(-n / 12));
        row.updated_at = at(n / 3 % 9);
        row.review_at = (n % 4 == 1).then(|| at(n / 11 % 5));
        row.ties.alert_since = (n % 7 == 3).then(|| at(n / 13 % 4));
        row.derived_by = format!("sha256:{}", n % 2);
        store.append(append_row(0, row.clone()), None).await.unwrap();
        rows.push(row);
    }
    rows
}

/// What a filter means, said the slow way.
fn wanted(filter: &WorklistFilter, row: &ProjectionRow) -> bool {
    filter.unit.as_ref().is_none_or(|unit| *unit == row.unit)
        && filter.allocated_to.as_ref().is_none_or(|user| row.allocated_to.as_ref() == Some(user))
        && (!filter.unallocated || row.allocated_to.is_none())
        && (filter.states.is_empty() || filter.states.contains(&row.state))
        && filter.due_before.is_none_or(|before| row.next_due_at.is_some_and(|due| due < before))
        && (!filter.awaiting_review || row.awaiting_review_since.is_some())
        && filter.review_before.is_none_or(|before| row.review_at.is_some_and(|at| at < before))
        && filter.not_derived_by.as_ref().is_none_or(|digest| *digest != row.derived_by)
}

/// What a query should list, said the slow way.
fn expected(query: &WorklistQuery, rows: &[ProjectionRow]) -> Vec<ProjectionRow> {
    let mut found: Vec<_> = rows.iter().filter(|row| wanted(&query.filter, row)).cloned().collect();
    found.sort_by_key(|row| row.report_id.clone());
    match query.order {
        Order::SoonestDue => found.sort_by_key(|row| (row.next_due_at.is_none(), row.next_due_at)),
        Order::LongestAwaitingReview => {
            found.retain(|row| row.awaiting_review_since.is_some());
            found.sort_by_key(|row| row.awaiting_review_since);
        }
        Order::LongestKept => {
            found.retain(|row| row.review_at.is_some());
            found.sort_by_key(|row| row.review_at);
        }
        Order::LongestAlert => {
            found.retain(|row| row.ties.alert_since.is_some());
            found.sort_by_key(|row| row.ties.alert_since);
        }
        Order::RecentlyUpdated => {
            found.sort_by_key(|row| (Reverse(row.updated_at), Reverse(row.report_id.clone())));
        }
    }
    found
}

fn filters() -> Vec<WorklistFilter> {
    let any = WorklistFilter::default;
    vec![
        any(),
        WorklistFilter { unit: Some("north".into()), ..any() },
        WorklistFilter { unit: Some("nowhere' OR 1=1 --".into()), ..any() },
        WorklistFilter { allocated_to: Some(user_id("u1")), ..any() },
        WorklistFilter { unallocated: true, ..any() },
        WorklistFilter { states: vec!["review".into()], ..any() },
        WorklistFilter { states: vec!["review".into(), "recording".into(), "no-such".into()], ..any() },
        WorklistFilter { due_before: Some(at(3)), ..any() },
        WorklistFilter { awaiting_review: true, ..any() },
        WorklistFilter { review_before: Some(at(3)), ..any() },
        WorklistFilter { not_derived_by: Some("sha256:1".into()), ..any() },
        WorklistFilter {
            unit: Some("south".into()),
            allocated_to: Some(user_id("u2")),
            states: vec!["recording".into(), "review".into()],
            due_before: Some(at(5)),
            ..any()
        },
    ]
}

async fn all_pages(store: &Shared, query: &WorklistQuery) -> Vec<ProjectionRow> {
    let mut rows = Vec::new();
    let mut query = query.clone();
    loop {
        let page = store.worklist(&query).await.unwrap();
        assert!(page.rows.len() <= query.limit as usize);
        rows.extend(page.rows);
        // Through its text form, as a link carries it.
        query.after = page.next.map(|cursor| cursor.to_string().parse().unwrap());
        if query.after.is_none() {
            return rows;
        }
    }
}

pub async fn each_condition_selects_its_rows(store: Shared) {
    let rows = filled(&store).await;
    for filter in filters() {
        let query = WorklistQuery { filter, limit: 500, ..Default::default() };
        let page = store.worklist(&query).await.unwrap();
        assert_eq!(page.rows, expected(&query, &rows), "{:?}", query.filter);
        assert_eq!(page.next, None);
    }
}

pub async fn paging_shows_every_row_once_in_order(store: Shared) {
    let rows = filled(&store).await;
    for order in [
        Order::SoonestDue,
        Order::LongestAwaitingReview,
        Order::RecentlyUpdated,
        Order::LongestKept,
        Order::LongestAlert,
    ] {
        for filter in filters() {
            for limit in [1, 7, 32] {
                let query = WorklistQuery { filter: filter.clone(), order, after: None, limit };
                assert_eq!(all_pages(&store, &query).await, expected(&query, &rows), "{query:?}");
            }
        }
    }
}

pub async fn rows_that_come_and_go_do_not_disturb_paging(store: Shared) {
    filled(&store).await;
    let mut query = WorklistQuery { limit: 10, ..Default::default() };
    let before = all_pages(&store, &query).await;
    let first = store.worklist(&query).await.unwrap();
    // One row comes in at the very top; the row the cursor names goes to the very end.
    let top = ProjectionRow { next_due_at: Some(at(-1000)), ..row("top") };
    store.append(append_row(0, top), None).await.unwrap();
    let moved = ProjectionRow { next_due_at: None, ..first.rows[9].clone() };
    store.append(append_row(1, moved), None).await.unwrap();

    query.after = first.next;
    let second = store.worklist(&query).await.unwrap();
    assert_eq!(second.rows, before[10..20]);
}

pub async fn a_count_agrees_with_its_list(store: Shared) {
    let rows = filled(&store).await;
    for filter in filters() {
        let found = rows.iter().filter(|row| wanted(&filter, row)).count() as u32;
        for at_most in [0, 5, 1000] {
            let counted = store.worklist_count(&filter, at_most).await;
            assert_eq!(counted, Ok(found.min(at_most)), "{filter:?}");
        }
    }
}

pub async fn a_row_can_be_derived_anew_without_events(store: Shared) {
    store.append(append_row(0, row("r")), None).await.unwrap();
    let newer = ProjectionRow { derived_by: "sha256:two".into(), class: "aggravated".into(), ..row("r") };
    let anew = |expected| store::Append { events: vec![], ..append_row(expected, newer.clone()) };
    assert!(store.append(anew(2), None).await.is_err());
    assert_eq!(store.append(anew(1), None).await.unwrap().version, 1);
    assert_eq!(store.projection(&stream("r")).await, Ok(Some(newer.clone())));
    assert_eq!(store.load(&stream("r"), 0).await.unwrap().len(), 1);

    // Events without a row leave the row as it is.
    store.append(append("r", 1, vec![event("noted")]), None).await.unwrap();
    assert_eq!(store.projection(&stream("r")).await, Ok(Some(newer)));
}

pub async fn a_reference_belongs_to_one_report(store: Shared) {
    store.append(append_row(0, row("r")), None).await.unwrap();
    let taken = ProjectionRow { reference: row("r").reference, ..row("s") };
    let answer = store.append(append_row(0, taken), None).await;
    assert_eq!(answer, Err(StoreError::Duplicate { what: "reference" }.into()));
    assert_eq!(store.load(&stream("s"), 0).await, Ok(vec![]));

    assert_eq!(store.projection_by_reference("WM-r").await, Ok(Some(row("r"))));
    assert_eq!(store.projection_by_reference("wm-r").await, Ok(None));
}
