//! What was given to somebody else by what was done in a report: a referral, a meeting, something told.

use rusqlite::{Connection, params};

use super::super::rows::{At, signed, unsigned};
use crate::{AccessFilter, Disclosed, StoreError, limits};

/// The entries of the log about such events that the filter lets through, newest first: at most `limit` before the
/// place `before`. They are read from the log and from no other table.
pub(in super::super) fn disclosed(
    conn: &Connection,
    filter: &AccessFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Disclosed>, StoreError> {
    // An entry that is no JSON any more was changed: that is for the verification to say.
    let sql = "SELECT leaf_index, leaf ->> '$.kind', leaf ->> '$.actor', leaf ->> '$.stream', leaf ->> '$.version', leaf ->> '$.at'
               FROM (SELECT leaf_index, CASE WHEN json_valid(leaf) THEN leaf ELSE '{}' END AS leaf
                     FROM ledger_entries INDEXED BY ledger_disclosed
                     WHERE instr(leaf, '\"op\":\"disclose\"') > 0 AND instr(leaf, '\"event\":\"') > 0 AND leaf_index < ?1)
               WHERE leaf ->> '$.stream' IS NOT NULL
                 AND (?2 IS NULL OR leaf ->> '$.stream' = ?2) AND (?3 IS NULL OR leaf ->> '$.actor' = ?3)
                 AND (?4 IS NULL OR leaf ->> '$.at' >= ?4) AND (?5 IS NULL OR leaf ->> '$.at' < ?5)
                 AND (?6 IS NULL OR NOT EXISTS (SELECT 1 FROM report_ties AS t
                                                WHERE t.user = ?6 AND t.tie = 'conflict' AND t.report = leaf ->> '$.stream'))
               ORDER BY leaf_index DESC LIMIT ?7";
    let values = params![
        before.map_or(i64::MAX, signed),
        filter.report,
        filter.actor,
        filter.from.map(|at| at.as_microsecond()),
        filter.until.map(|at| at.as_microsecond()),
        filter.reader,
        limit.min(limits::PAGE)
    ];
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| {
        Ok(Disclosed {
            leaf: unsigned(row.get(0)?),
            kind: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            actor: row.get(2)?,
            stream: row.get(3)?,
            version: row.get::<_, Option<i64>>(4)?.map_or(0, unsigned),
            at: row.get::<_, At>(5)?.0,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
