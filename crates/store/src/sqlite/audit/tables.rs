//! Whether the other tables say what the log says.

use rusqlite::Connection;

use super::super::ledger as log;
use super::super::rows::unsigned;
use crate::LogFault;
use crate::line::Line;

/// The first thing that differs.
pub(super) fn fit(conn: &Connection) -> Result<(), LogFault> {
    log::events_fit(conn)?;
    let told = |why: rusqlite::Error| broken(why.to_string());
    looks(conn).map_err(told)??;
    missing(conn).map_err(told)?
}

/// Each look is the one its entry tells of.
fn looks(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let sql = "SELECT leaf_index, kind, op, report, user, purpose, first_at, leaf
               FROM accesses LEFT JOIN ledger_entries USING (leaf_index) WHERE leaf_index IS NOT NULL ORDER BY leaf_index";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (index, leaf): (i64, Option<String>) = (row.get(0)?, row.get(7)?);
        let leaf = leaf.unwrap_or_default();
        // The digest of the words is the log's own: they are held against it elsewhere.
        let body = leaf
            .split_once("\"body\":\"")
            .and_then(|(_, rest)| rest.get(..64));
        let line = Line::default()
            .text("actor", &row.get::<_, String>(4)?)
            .number("at", row.get(6)?)
            .maybe("body", body)
            .text("kind", &row.get::<_, String>(1)?)
            .text("op", &row.get::<_, String>(2)?)
            .text("purpose", &row.get::<_, String>(5)?)
            .maybe("stream", row.get::<_, Option<String>>(3)?.as_deref())
            .number("v", 1);
        if line.end() != leaf {
            return Ok(Err(broken(format!(
                "the list of who looked was changed: what entry {} tells of is not what it says",
                unsigned(index)
            ))));
        }
    }
    Ok(Ok(()))
}

/// No look and no event that an entry tells of was taken out of its table.
fn missing(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let sql = "SELECT leaf_index, instr(leaf, '\"event\":\"') > 0 FROM ledger_entries AS entry
               WHERE (instr(leaf, '\"event\":\"') > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE events.leaf_index = entry.leaf_index))
                  OR (instr(leaf, '\"purpose\":\"') > 0 AND instr(leaf, '\"kind\":\"repeats-counted\"') = 0
                      AND NOT EXISTS (SELECT 1 FROM accesses WHERE accesses.leaf_index = entry.leaf_index))
               ORDER BY leaf_index LIMIT 1";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(Ok(()));
    };
    let index = unsigned(row.get(0)?);
    let what = if row.get(1)? { "event" } else { "look" };
    Ok(Err(broken(format!(
        "the {what} that entry {index} tells of was taken out of its table"
    ))))
}

fn broken(detail: String) -> LogFault {
    LogFault::Broken { detail }
}
