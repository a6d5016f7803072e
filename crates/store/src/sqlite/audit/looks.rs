//! Who did what with which report, over all of them: what the auditor's page lists.

use rusqlite::{Connection, params};

use super::super::ledger as log;
use super::super::rows::signed;
use crate::keys::Keyring;
use crate::{AccessFilter, NotedAccess, StoreError, limits};

/// Accesses that the filter lets through, newest first; sign-ins, which are no looks, where they are asked for: at most `limit` with an id below `before`.
pub(in super::super) fn looks(
    conn: &Connection,
    ring: &Keyring,
    filter: &AccessFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<NotedAccess>, StoreError> {
    let sql = format!(
        "SELECT {} FROM accesses WHERE id < ?1
           AND (?2 IS NULL OR report = ?2) AND (?3 IS NULL OR user = ?3) AND op = coalesce(?4, op) AND (?4 IS NOT NULL OR op <> 'sign-in')
           AND (?5 IS NULL OR last_at >= ?5) AND (?6 IS NULL OR first_at < ?6)
           AND (?7 IS NULL OR instr(lower(purpose), lower(?7)) > 0)
           AND (?8 IS NULL OR NOT EXISTS (SELECT 1 FROM report_ties AS t
                                          WHERE t.user = ?8 AND t.tie = 'conflict' AND t.report = accesses.report))
         ORDER BY id DESC LIMIT ?9",
        log::COLUMNS
    );
    let values = params![
        before.map_or(i64::MAX, signed),
        filter.report,
        filter.actor,
        filter.op.map(|op| op.word()),
        filter.from.map(|at| at.as_microsecond()),
        filter.until.map(|at| at.as_microsecond()),
        filter.purpose,
        filter.reader,
        limit.min(limits::PAGE)
    ];
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found: Vec<NotedAccess> = statement.query_map(values, log::read)?.collect::<Result<_, _>>()?;
    for access in &mut found {
        access.reason = log::reason(conn, ring, access)?;
    }
    Ok(found)
}
