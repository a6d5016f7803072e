//! Worklist rows: written with the events they follow from, read page by page along an index.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::rows::{At, unless_unique};
use super::ties;
use crate::{
    Cursor, Order, ProjectionRow, StoreError, StreamId, Ties, WorklistFilter, WorklistPage, WorklistQuery, limits,
};

const COLUMNS: &str = "report, reference, unit, allocated_to, state, class, next_due_at, awaiting_review_since, \
                       updated_at, derived_by, started_by, restricted, alert_since, review_at";

/// Writes the row of a report. Most steps change nothing of it but when it changed, and SQLite writes every index anew whose
/// columns a statement names, whether they change or not: what is as it was is left alone.
pub(super) fn put(conn: &Connection, row: &ProjectionRow) -> Result<(), StoreError> {
    let was = by_report(conn, &row.report_id)?;
    let ties_stay = was.as_ref().is_some_and(|was| was.ties == as_kept(row).ties);
    let is_new = was.is_none_or(|was| {
        let updated_at = was.updated_at;
        was != ProjectionRow { updated_at, ..as_kept(row) }
    });
    if is_new {
        put_all(conn, row)?;
    } else {
        conn.prepare_cached("UPDATE projections SET updated_at = ?2 WHERE report = ?1")?
            .execute(params![row.report_id, At(row.updated_at)])?;
    }
    if ties_stay {
        return Ok(());
    }
    ties::put(conn, row)
}

/// A row as it is read back.
fn as_kept(row: &ProjectionRow) -> ProjectionRow {
    let cut = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
    let mut kept = row.clone();
    kept.next_due_at = kept.next_due_at.map(cut);
    kept.awaiting_review_since = kept.awaiting_review_since.map(cut);
    kept.review_at = kept.review_at.map(cut);
    let ties = &mut kept.ties;
    ties.members.sort_unstable();
    ties.conflicts.sort_unstable();
    ties.emergencies.sort_unstable();
    ties.emergencies.iter_mut().for_each(|(_, until)| *until = cut(*until));
    ties.alert_since = ties.alert_since.map(cut);
    kept
}

fn put_all(conn: &Connection, row: &ProjectionRow) -> Result<(), StoreError> {
    let sql = "INSERT INTO projections (report, reference, unit, allocated_to, state, class, next_due_at,
                                        awaiting_review_since, updated_at, derived_by, started_by, restricted, alert_since,
                                        review_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
               ON CONFLICT (report) DO UPDATE SET
                   reference = excluded.reference, unit = excluded.unit, allocated_to = excluded.allocated_to,
                   state = excluded.state, class = excluded.class, next_due_at = excluded.next_due_at,
                   awaiting_review_since = excluded.awaiting_review_since,
                   updated_at = excluded.updated_at, derived_by = excluded.derived_by,
                   started_by = excluded.started_by, restricted = excluded.restricted,
                   alert_since = excluded.alert_since, review_at = excluded.review_at";
    let values = params![
        row.report_id,
        row.reference,
        row.unit,
        row.allocated_to,
        row.state,
        row.class,
        row.next_due_at.map(At),
        row.awaiting_review_since.map(At),
        At(row.updated_at),
        row.derived_by,
        row.ties.started_by,
        row.ties.restricted,
        row.ties.alert_since.map(At),
        row.review_at.map(At),
    ];
    conn.prepare_cached(sql)?.execute(values).map_err(unless_unique("reference"))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<ProjectionRow> {
    Ok(ProjectionRow {
        report_id: row.get(0)?,
        reference: row.get(1)?,
        unit: row.get(2)?,
        allocated_to: row.get(3)?,
        state: row.get(4)?,
        class: row.get(5)?,
        next_due_at: row.get::<_, Option<At>>(6)?.map(|at| at.0),
        awaiting_review_since: row.get::<_, Option<At>>(7)?.map(|at| at.0),
        updated_at: row.get::<_, At>(8)?.0,
        derived_by: row.get(9)?,
        review_at: row.get::<_, Option<At>>(13)?.map(|at| at.0),
        ties: Ties {
            started_by: row.get(10)?,
            restricted: row.get(11)?,
            alert_since: row.get::<_, Option<At>>(12)?.map(|at| at.0),
            ..Ties::default()
        },
    })
}

pub(super) fn by_report(conn: &Connection, report: &StreamId) -> Result<Option<ProjectionRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM projections WHERE report = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([report], read).optional()?;
    whole(conn, found)
}

pub(super) fn by_reference(conn: &Connection, reference: &str) -> Result<Option<ProjectionRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM projections WHERE reference = ?1");
    let found = conn.prepare_cached(&sql)?.query_row([reference], read).optional()?;
    whole(conn, found)
}

/// A row with the people tied to the report.
fn whole(conn: &Connection, mut found: Option<ProjectionRow>) -> Result<Option<ProjectionRow>, StoreError> {
    if let Some(row) = &mut found {
        ties::fill(conn, row)?;
    }
    Ok(found)
}

/// A statement put together from fixed pieces; what a user gave is only ever bound.
struct Query {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    fn new(filter: &WorklistFilter) -> Self {
        let mut query = Self { conditions: Vec::new(), values: Vec::new() };
        if let Some(unit) = &filter.unit {
            query.add("unit = ?", [Value::Text(unit.clone())]);
        }
        if let Some(user) = &filter.allocated_to {
            query.add("allocated_to = ?", [Value::Text(user.to_string())]);
        }
        if let Some(user) = &filter.started_by {
            query.add("started_by = ?", [Value::Text(user.to_string())]);
        }
        if filter.unallocated {
            query.add("allocated_to IS NULL", []);
        }
        match filter.states.as_slice() {
            [] => {}
            [state] => query.add("state = ?", [Value::Text(state.clone())]),
            states => {
                let places = vec!["?"; states.len()].join(", ");
                query.add(&format!("state IN ({places})"), states.iter().cloned().map(Value::Text));
            }
        }
        if let Some(before) = filter.due_before {
            query.add("due_key < ?", [Value::Integer(before.as_microsecond())]);
        }
        if let Some(before) = filter.review_before {
            query.add("review_at < ?", [Value::Integer(before.as_microsecond())]);
        }
        if filter.awaiting_review {
            query.add("awaiting_review_since IS NOT NULL", []);
        }
        if let Some(digest) = &filter.not_derived_by {
            query.add("derived_by <> ?", [Value::Text(digest.clone())]);
        }
        if let Some(who) = &filter.seen_by {
            let (condition, values) = ties::seen_by(who);
            query.add(&condition, values);
            if filter.beyond_unit {
                let (condition, values) = ties::named(who);
                query.add(&condition, values);
            }
        }
        if filter.alerts {
            query.add("alert_since IS NOT NULL", []);
        }
        if let Some(until) = filter.alert_until {
            query.add("alert_since <= ?", [Value::Integer(until.as_microsecond())]);
        }
        query
    }

    fn add(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.values.extend(values);
    }

    fn wherever(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// The column an order goes by, and whether it goes up.
fn key(order: Order) -> (&'static str, bool) {
    match order {
        Order::SoonestDue => ("due_key", true),
        Order::LongestAwaitingReview => ("awaiting_review_since", true),
        Order::RecentlyUpdated => ("updated_at", false),
        Order::LongestKept => ("review_at", true),
        Order::LongestAlert => ("alert_since", true),
    }
}

/// The statement and values of one page; it asks for one row more, to know whether more follow.
fn page_query(asked: &WorklistQuery) -> Result<(String, Vec<Value>, u32), StoreError> {
    limits::at_most("list of states", asked.filter.states.len(), limits::STATES)?;
    let (column, up) = key(asked.order);
    let (direction, beyond) = if up { ("ASC", ">") } else { ("DESC", "<") };
    let (mut selects, mut values) = (Vec::new(), Vec::new());
    for filter in arms(asked) {
        let mut query = Query::new(&filter);
        if asked.order == Order::LongestAwaitingReview && !filter.awaiting_review {
            query.add("awaiting_review_since IS NOT NULL", []);
        }
        if asked.order == Order::LongestKept && filter.review_before.is_none() {
            query.add("review_at IS NOT NULL", []);
        }
        if asked.order == Order::LongestAlert && !filter.alerts {
            query.add("alert_since IS NOT NULL", []);
        }
        if let Some(after) = &asked.after {
            let place = [Value::Integer(after.key), Value::Text(after.report.to_string())];
            query.add(&format!("({column}, report) {beyond} (?, ?)"), place);
        }
        selects.push(format!("SELECT {COLUMNS}, {column} FROM projections {}", query.wherever()));
        values.append(&mut query.values);
    }
    let limit = asked.limit.clamp(1, limits::PAGE);
    let sql = format!(
        "{} ORDER BY {column} {direction}, report {direction} LIMIT {}",
        selects.join(" UNION ALL "),
        limit + 1
    );
    Ok((sql, values, limit))
}

/// By due time, each state is asked for on its own and the answers are merged: every one is read
/// along its index in order and no further than the page. A single `IN` would be answered by
/// going through all reports of the unit, the thousands that are closed among them.
fn arms(asked: &WorklistQuery) -> Vec<WorklistFilter> {
    let states: BTreeSet<&String> = asked.filter.states.iter().collect();
    if asked.order != Order::SoonestDue || states.len() < 2 {
        return vec![asked.filter.clone()];
    }
    let only = |state: &String| WorklistFilter { states: vec![state.clone()], ..asked.filter.clone() };
    states.into_iter().map(only).collect()
}

pub(super) fn page(conn: &Connection, asked: &WorklistQuery) -> Result<WorklistPage, StoreError> {
    let (sql, values, limit) = page_query(asked)?;
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(params_from_iter(values), |row| Ok((read(row)?, row.get::<_, i64>(14)?)))?;
    let mut found = found.collect::<Result<Vec<_>, _>>()?;
    for (row, _) in &mut found {
        ties::fill(conn, row)?;
    }
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more);
    let next = next.map(|(row, key)| Cursor { key: *key, report: row.report_id.clone() });
    Ok(WorklistPage { rows: found.into_iter().map(|(row, _)| row).collect(), next })
}

pub(super) fn count(conn: &Connection, filter: &WorklistFilter, at_most: u32) -> Result<u32, StoreError> {
    limits::at_most("list of states", filter.states.len(), limits::STATES)?;
    let query = Query::new(filter);
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM projections {} LIMIT {at_most})", query.wherever());
    Ok(conn.prepare_cached(&sql)?.query_row(params_from_iter(query.values), |row| row.get(0))?)
}

#[cfg(test)]
#[path = "projections_tests.rs"]
mod tests;
