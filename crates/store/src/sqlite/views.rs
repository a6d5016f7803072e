//! The access log.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{At, signed, unsigned};
use crate::{REPEAT_WINDOW, StoreError, View, ViewEntry, ViewsOf, limits};

const COLUMNS: &str = "id, report, user, purpose, first_at, last_at, count";

fn read(row: &Row<'_>) -> rusqlite::Result<ViewEntry> {
    Ok(ViewEntry {
        id: unsigned(row.get(0)?),
        report: row.get(1)?,
        user: row.get(2)?,
        purpose: row.get(3)?,
        first_at: row.get::<_, At>(4)?.0,
        last_at: row.get::<_, At>(5)?.0,
        count: unsigned(row.get(6)?),
    })
}

pub(super) fn record(conn: &Connection, view: &View) -> Result<ViewEntry, StoreError> {
    // Counted from the first view, not the last: an entry cannot stretch over a whole shift.
    let at = view.at.as_microsecond();
    let window = i64::try_from(REPEAT_WINDOW.as_micros()).unwrap_or(i64::MAX);
    let sql = format!(
        "UPDATE views SET count = count + 1, last_at = max(last_at, ?4)
         WHERE id = (SELECT id FROM views WHERE report = ?1 AND user = ?2 AND purpose = ?3
                     AND first_at > ?5 AND first_at <= ?4 ORDER BY first_at DESC LIMIT 1)
         RETURNING {COLUMNS}"
    );
    let values = params![
        view.report,
        view.user,
        view.purpose,
        at,
        at.saturating_sub(window)
    ];
    if let Some(entry) = conn
        .prepare_cached(&sql)?
        .query_row(values, read)
        .optional()?
    {
        return Ok(entry);
    }
    let sql = format!(
        "INSERT INTO views (report, user, purpose, first_at, last_at, count) VALUES (?1, ?2, ?3, ?4, ?4, 1)
         RETURNING {COLUMNS}"
    );
    Ok(conn
        .prepare_cached(&sql)?
        .query_row(params![view.report, view.user, view.purpose, at], read)?)
}

pub(super) fn list(
    conn: &Connection,
    of: &ViewsOf,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<ViewEntry>, StoreError> {
    let (column, whose) = match of {
        ViewsOf::Report(report) => ("report", report.as_str()),
        ViewsOf::User(user) => ("user", user.as_str()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM views WHERE {column} = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let before = before.map_or(i64::MAX, signed);
    let rows = statement.query_map(params![whose, before, limit.min(limits::PAGE)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
