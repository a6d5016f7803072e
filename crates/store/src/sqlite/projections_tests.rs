//! The plans of the statements that worklists are read with.

use super::*;
use crate::sqlite::schema;

/// The worklists people open all day are read along an index, in its order: a page costs the
/// same with a thousand reports and with a million.
#[test]
fn worklists_are_read_along_an_index_without_sorting() {
    let conn = Connection::open_in_memory().unwrap();
    schema::migrate(&conn, schema::STEPS).unwrap().unwrap();
    let any = WorklistFilter::default;
    let unit = Some("north".to_owned());
    let states = |n: usize| {
        ["open", "review"][..n]
            .iter()
            .map(|s| (*s).to_owned())
            .collect::<Vec<_>>()
    };
    let now = Some(jiff::Timestamp::UNIX_EPOCH);
    let after = Some(Cursor {
        key: 5,
        report: StreamId::new("r").unwrap(),
    });
    for (filter, order, index) in [
        (any(), Order::SoonestDue, "projections_due"),
        (
            WorklistFilter {
                due_before: now,
                ..any()
            },
            Order::SoonestDue,
            "projections_due",
        ),
        (
            WorklistFilter {
                unit: unit.clone(),
                ..any()
            },
            Order::SoonestDue,
            "projections_unit",
        ),
        (
            WorklistFilter {
                unit: unit.clone(),
                due_before: now,
                ..any()
            },
            Order::SoonestDue,
            "projections_unit",
        ),
        (
            WorklistFilter {
                unit: unit.clone(),
                states: states(1),
                ..any()
            },
            Order::SoonestDue,
            "projections_unit_state",
        ),
        (
            WorklistFilter {
                unit: unit.clone(),
                states: states(2),
                ..any()
            },
            Order::SoonestDue,
            "projections_unit_state",
        ),
        (
            WorklistFilter {
                allocated_to: "u".parse().ok(),
                states: states(2),
                ..any()
            },
            Order::SoonestDue,
            "projections_allocated",
        ),
        (
            WorklistFilter {
                started_by: "u".parse().ok(),
                states: states(2),
                ..any()
            },
            Order::SoonestDue,
            "projections_took",
        ),
        (
            WorklistFilter {
                states: states(1),
                ..any()
            },
            Order::SoonestDue,
            "projections_state",
        ),
        (
            WorklistFilter {
                unit,
                awaiting_review: true,
                ..any()
            },
            Order::LongestAwaitingReview,
            "projections_review",
        ),
        (
            WorklistFilter {
                unit: Some("north".to_owned()),
                review_before: now,
                ..any()
            },
            Order::LongestKept,
            "projections_kept",
        ),
        (any(), Order::RecentlyUpdated, "projections_updated"),
        (
            WorklistFilter {
                unit: Some("north".to_owned()),
                states: states(1),
                ..any()
            },
            Order::RecentlyUpdated,
            "projections_unit_updated",
        ),
        (
            WorklistFilter {
                unit: Some("north".to_owned()),
                alerts: true,
                ..any()
            },
            Order::LongestAlert,
            "projections_alerts",
        ),
        (
            WorklistFilter {
                alert_until: now,
                ..any()
            },
            Order::LongestAlert,
            "projections_alerts_overdue",
        ),
    ] {
        for after in [None, after.clone()] {
            let query = WorklistQuery {
                filter: filter.clone(),
                order,
                after,
                limit: 25,
            };
            let (sql, values, _) = page_query(&query).unwrap();
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let lines = statement
                .query_map(params_from_iter(values), |row| row.get::<_, String>(3))
                .unwrap();
            let plan = lines.map(Result::unwrap).collect::<Vec<_>>().join("; ");
            assert!(
                plan.contains(&format!("USING INDEX {index} ")) || plan.ends_with(index),
                "{query:?}: {plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "{query:?}: {plan}");
        }
    }
}
