//! The plans of the statements that worklists are read with.

use super::*;
use crate::UserId;
use crate::sqlite::schema;

/// The worklists people open all day are read along an index, in its order: a page costs the
/// same with a thousand reports and with a million.
#[test]
fn worklists_are_read_along_an_index_without_sorting() {
    let conn = Connection::open_in_memory().unwrap();
    schema::migrate(&conn, schema::STEPS).unwrap().unwrap();
    let any = WorklistFilter::default;
    let unit = Some("north".to_owned());
    let states = |n: usize| ["open", "review"][..n].iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let now = Some(jiff::Timestamp::UNIX_EPOCH);
    let after = Some(Cursor { key: 5, report: StreamId::new("r").unwrap() });
    for (filter, order, index) in [
        (any(), Order::SoonestDue, "projections_due"),
        (WorklistFilter { due_before: now, ..any() }, Order::SoonestDue, "projections_due"),
        (WorklistFilter { unit: unit.clone(), ..any() }, Order::SoonestDue, "projections_unit"),
        (WorklistFilter { unit: unit.clone(), due_before: now, ..any() }, Order::SoonestDue, "projections_unit"),
        (
            WorklistFilter { unit: unit.clone(), states: states(1), ..any() },
            Order::SoonestDue,
            "projections_unit_state",
        ),
        (
            WorklistFilter { unit: unit.clone(), states: states(2), ..any() },
            Order::SoonestDue,
            "projections_unit_state",
        ),
        (
            WorklistFilter { allocated_to: "u".parse().ok(), states: states(2), ..any() },
            Order::SoonestDue,
            "projections_allocated",
        ),
        (
            WorklistFilter { started_by: "u".parse().ok(), states: states(2), ..any() },
            Order::SoonestDue,
            "projections_took",
        ),
        (WorklistFilter { states: states(1), ..any() }, Order::SoonestDue, "projections_state"),
        (WorklistFilter { unit, awaiting_review: true, ..any() }, Order::LongestAwaitingReview, "projections_review"),
        (
            WorklistFilter { unit: Some("north".to_owned()), review_before: now, ..any() },
            Order::LongestKept,
            "projections_kept",
        ),
        (any(), Order::RecentlyUpdated, "projections_updated"),
        (
            WorklistFilter { unit: Some("north".to_owned()), states: states(1), ..any() },
            Order::RecentlyUpdated,
            "projections_unit_updated",
        ),
        (
            WorklistFilter { unit: Some("north".to_owned()), alerts: true, ..any() },
            Order::LongestAlert,
            "projections_alerts",
        ),
        (WorklistFilter { alert_until: now, ..any() }, Order::LongestAlert, "projections_alerts_overdue"),
    ] {
        for after in [None, after.clone()] {
            let query = WorklistQuery { filter: filter.clone(), order, after, limit: 25 };
            let (sql, values, _) = page_query(&query).unwrap();
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let lines = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
            let plan = lines.map(Result::unwrap).collect::<Vec<_>>().join("; ");
            assert!(plan.contains(&format!("USING INDEX {index} ")) || plan.ends_with(index), "{query:?}: {plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{query:?}: {plan}");
        }
    }
}

/// Each index that a statement names is written anew, so a step that changes nothing of the row names none.
#[test]
fn what_did_not_change_of_a_row_is_left_alone_and_what_did_is_read_back() {
    let conn = Connection::open_in_memory().unwrap();
    schema::migrate(&conn, schema::STEPS).unwrap().unwrap();
    conn.execute_batch(
        "INSERT INTO streams VALUES ('r', 1);
         CREATE TEMP TABLE written (what TEXT);
         CREATE TEMP TRIGGER row_written AFTER UPDATE OF unit ON main.projections
         BEGIN INSERT INTO written VALUES ('row'); END;
         CREATE TEMP TRIGGER tie_removed AFTER DELETE ON main.report_ties
         BEGIN INSERT INTO written VALUES ('tie'); END;",
    )
    .unwrap();
    let written = || -> String {
        let sql = "SELECT coalesce(group_concat(what), '') FROM written";
        let found = conn.query_row(sql, [], |row| row.get(0)).unwrap();
        conn.execute_batch("DELETE FROM written").unwrap();
        found
    };
    let at = |seconds| Timestamp::new(seconds, 123_456_789).unwrap();
    let user = |name: &str| UserId::new(name).unwrap();
    let mut row = ProjectionRow {
        report_id: StreamId::new("r").unwrap(),
        reference: "WM-1".into(),
        unit: "north".into(),
        allocated_to: None,
        state: "open".into(),
        class: "undetermined".into(),
        next_due_at: Some(at(1)),
        awaiting_review_since: Some(at(2)),
        updated_at: at(3),
        derived_by: "one".into(),
        review_at: Some(at(4)),
        ties: Ties { members: vec![user("b"), user("a")], emergencies: vec![(user("c"), at(5))], ..Ties::default() },
    };
    let report = row.report_id.clone();
    let read = || by_report(&conn, &report).unwrap().unwrap();
    put(&conn, &row).unwrap();
    assert_eq!(written(), "");
    row.updated_at = at(6);
    put(&conn, &row).unwrap();
    assert_eq!(written(), "", "only when it changed");
    assert_eq!(read().updated_at, Timestamp::from_microsecond(6_123_456).unwrap());
    let changes: [fn(&mut ProjectionRow); 6] = [
        |row| row.unit = "south".into(),
        |row| row.state = "review".into(),
        |row| row.class = "aggravated".into(),
        |row| row.next_due_at = None,
        |row| row.derived_by = "two".into(),
        |row| row.ties.restricted = true,
    ];
    for change in changes {
        change(&mut row);
        put(&conn, &row).unwrap();
        assert!(written().starts_with("row"));
        put(&conn, &row).unwrap();
        assert_eq!(written(), "", "the same again");
        let updated_at = read().updated_at;
        assert_eq!(read(), ProjectionRow { updated_at, ..as_kept(&row) });
    }
    row.ties.conflicts.push(user("a"));
    put(&conn, &row).unwrap();
    assert_eq!(written(), "row,tie,tie,tie");
    assert_eq!(read().ties, as_kept(&row).ties);
}
