//! Ties between people and reports: written with the row they belong to, and what a list shows to whom.
//!
//! The condition says in SQL what the policies of the web crate say, so that a page of a list costs the
//! same with a thousand reports and with a million. A test there holds the two to each other on random
//! worlds, and every row that is found is put to the policies once more.

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::rows::At;
use crate::{ProjectionRow, SeenBy, Sight, StoreError, StreamId, Ties, UserId, limits};

const MEMBER: &str = "member";
const CONFLICT: &str = "conflict";
const EMERGENCY: &str = "emergency";

/// Writes the ties of a report anew.
pub(super) fn put(conn: &Connection, row: &ProjectionRow) -> Result<(), StoreError> {
    let ties = &row.ties;
    for (what, count) in [
        ("list of people named", ties.members.len()),
        ("list of conflicts of interest", ties.conflicts.len()),
        ("list of emergency openings", ties.emergencies.len()),
    ] {
        limits::at_most(what, count, limits::TIES)?;
    }
    conn.prepare_cached("DELETE FROM report_ties WHERE report = ?1")?.execute([&row.report_id])?;
    let members = ties.members.iter().map(|user| (MEMBER, user, None));
    let conflicts = ties.conflicts.iter().map(|user| (CONFLICT, user, None));
    let emergencies = ties.emergencies.iter();
    let emergencies = emergencies.map(|(user, until)| (EMERGENCY, user, Some(At(*until))));
    for (tie, user, until) in members.chain(conflicts).chain(emergencies) {
        let sql = "INSERT INTO report_ties (report, tie, user, until) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (report, tie, user) DO UPDATE SET until = max(until, excluded.until)";
        conn.prepare_cached(sql)?.execute(params![row.report_id, tie, user, until])?;
    }
    Ok(())
}

/// Adds the people to a row that was read.
pub(super) fn fill(conn: &Connection, row: &mut ProjectionRow) -> Result<(), StoreError> {
    let sql = "SELECT tie, user, until FROM report_ties WHERE report = ?1 ORDER BY user";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([&row.report_id])?;
    let ties: &mut Ties = &mut row.ties;
    while let Some(found) = rows.next()? {
        let user: UserId = found.get(1)?;
        match found.get_ref(0)?.as_str().unwrap_or_default() {
            MEMBER => ties.members.push(user),
            CONFLICT => ties.conflicts.push(user),
            _ => ties.emergencies.push((user, found.get::<_, At>(2)?.0)),
        }
    }
    Ok(())
}

/// The reports that somebody has a conflict of interest with. Ties outlive the report: an erased one stays closed.
pub(super) fn conflicts_of(conn: &Connection, user: &UserId) -> Result<Vec<StreamId>, StoreError> {
    let sql = "SELECT report FROM report_ties WHERE user = ?1 AND tie = 'conflict' ORDER BY report";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A condition on a row, with its values in order.
type Condition = (String, Vec<Value>);

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn tied(tie: &str, user: &UserId) -> Condition {
    let sql = format!(
        "EXISTS (SELECT 1 FROM report_ties AS t WHERE t.report = projections.report AND t.tie = '{tie}' AND t.user = ?)"
    );
    (sql, vec![text(user.as_str())])
}

/// The reports that somebody may see.
pub(super) fn seen_by(who: &SeenBy) -> Condition {
    let (has_conflict, mut values) = tied(CONFLICT, &who.user);
    let none = format!("NOT {has_conflict}");
    if who.sight == Sight::Log {
        return (none, values);
    }
    let mut ways = vec!["(unit = ? AND restricted = 0)".to_owned(), "allocated_to = ?".to_owned()];
    values.extend([text(&who.unit), text(who.user.as_str())]);
    let (named, value) = tied(MEMBER, &who.user);
    ways.push(format!("(restricted = 1 AND {named})"));
    values.extend(value);
    ways.push(
        "EXISTS (SELECT 1 FROM report_ties AS t WHERE t.report = projections.report AND t.tie = 'emergency'
                 AND t.user = ? AND t.until > ?)"
            .to_owned(),
    );
    values.extend([text(who.user.as_str()), Value::Integer(who.now.as_microsecond())]);
    if who.sight == Sight::FirstCalls {
        ways.push("(started_by = ? AND restricted = 0 AND state <> 'closed')".to_owned());
        values.push(text(who.user.as_str()));
    }
    (format!("{none} AND ({})", ways.join(" OR ")), values)
}

/// The reports that somebody is named in, opened in an emergency or began, found along an index: what
/// they may see beyond their unit and what they work on.
pub(super) fn named(who: &SeenBy) -> Condition {
    let sql = "(report IN (SELECT report FROM report_ties WHERE user = ? AND tie IN ('member', 'emergency'))
                OR started_by = ?)
               AND NOT (unit = ? AND restricted = 0) AND allocated_to IS NOT ?";
    let user = || text(who.user.as_str());
    (sql.to_owned(), vec![user(), user(), text(&who.unit), user()])
}
