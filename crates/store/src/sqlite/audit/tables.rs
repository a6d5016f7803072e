//! Whether the other tables say what the log says.

use rusqlite::Connection;

use super::super::rows::unsigned;
use super::super::{changes as accounts, ledger as log};
use crate::line::Line;
use crate::{LogFault, UserId};

/// The first thing that differs.
pub(super) fn fit(conn: &Connection) -> Result<(), LogFault> {
    log::events_fit(conn)?;
    let told = |why: rusqlite::Error| broken(why.to_string());
    looks(conn).map_err(told)??;
    changes(conn).map_err(told)??;
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
        let line = Line::default()
            .text("actor", &row.get::<_, String>(4)?)
            .number("at", row.get(6)?)
            .maybe("body", body(&leaf))
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

/// Each change of an account is the one its entry tells of. Lines from before have no entry.
fn changes(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let sql = "SELECT leaf_index, user, changed_by, kind, at, leaf
               FROM way_in_changes LEFT JOIN ledger_entries USING (leaf_index) WHERE leaf_index IS NOT NULL ORDER BY leaf_index";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (index, leaf): (i64, Option<String>) = (row.get(0)?, row.get(5)?);
        let leaf = leaf.unwrap_or_default();
        let (user, by): (UserId, Option<UserId>) = (row.get(1)?, row.get(2)?);
        let kind: String = row.get(3)?;
        if accounts::leaf(&user, by.as_ref(), &kind, row.get(4)?, body(&leaf)) != leaf {
            return Ok(Err(broken(format!(
                "the list of what changed about accounts was changed: what entry {} tells of is not what it says",
                unsigned(index)
            ))));
        }
    }
    Ok(Ok(()))
}

/// The digest of the words of an entry. It is the log's own: they are held against it elsewhere.
fn body(leaf: &str) -> Option<&str> {
    let (_, rest) = leaf.split_once("\"body\":\"")?;
    rest.get(..64)
}

/// Nothing that an entry tells of was taken out of its table.
fn missing(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let sql = "SELECT leaf_index, CASE WHEN instr(leaf, '\"event\":\"') > 0 THEN 'event'
                                       WHEN instr(leaf, '\"about\":\"') > 0 THEN 'change of an account' ELSE 'look' END
               FROM ledger_entries AS entry
               WHERE (instr(leaf, '\"event\":\"') > 0 AND NOT EXISTS (SELECT 1 FROM events WHERE events.leaf_index = entry.leaf_index))
                  OR (instr(leaf, '\"purpose\":\"') > 0 AND instr(leaf, '\"kind\":\"repeats-counted\"') = 0
                      AND NOT EXISTS (SELECT 1 FROM accesses WHERE accesses.leaf_index = entry.leaf_index))
                  OR (instr(leaf, '\"about\":\"') > 0
                      AND NOT EXISTS (SELECT 1 FROM way_in_changes WHERE way_in_changes.leaf_index = entry.leaf_index))
               ORDER BY leaf_index LIMIT 1";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(Ok(()));
    };
    let index = unsigned(row.get(0)?);
    let what: String = row.get(1)?;
    Ok(Err(broken(format!(
        "the {what} that entry {index} tells of was taken out of its table"
    ))))
}

fn broken(detail: String) -> LogFault {
    LogFault::Broken { detail }
}
