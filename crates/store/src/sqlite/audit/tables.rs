//! Whether the other tables say what the log says.

use ledger::{Checkpoint, SignedNote};
use rusqlite::{Connection, OptionalExtension as _};

use super::super::rows::unsigned;
use super::super::{changes as accounts, held, ledger as log};
use crate::line::Line;
use crate::{LogFault, UserId};

/// The first thing that differs.
pub(in super::super) fn fit(conn: &Connection) -> Result<(), LogFault> {
    log::events_fit(conn)?;
    let told = |why: rusqlite::Error| broken(why.to_string());
    gaps(conn).map_err(told)?.map_or(Ok(()), |detail| Err(broken(detail)))?;
    told_of(conn).map_err(told)??;
    heads(conn).map_err(told)??;
    looks(conn).map_err(told)??;
    counts(conn).map_err(told)??;
    changes(conn).map_err(told)??;
    missing(conn).map_err(told)?
}

/// Whether the versions of a stream are not 1, 2, 3… up to the version the stream says it has.
pub(in super::super) fn gaps(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT count(*) FROM streams LEFT JOIN (
                   SELECT stream, count(*) AS events, min(version) AS first, max(version) AS last
                   FROM events GROUP BY stream) AS found USING (stream)
               WHERE found.events IS NOT streams.version OR found.first IS NOT 1 OR found.last IS NOT streams.version";
    let gaps: i64 = conn.query_row(sql, [], |row| row.get(0))?;
    Ok((gaps != 0).then(|| format!("{gaps} reports have gaps in their events")))
}

/// The lists of who looked and of what changed about accounts have nothing that no entry tells of, but what is older than the
/// log: such rows come before all others. What changed has no words beside those of its entry.
fn told_of(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    for (table, what) in [("accesses", "who looked"), ("way_in_changes", "what changed about accounts")] {
        let sql = format!(
            "SELECT id FROM {table} WHERE leaf_index IS NULL AND (
                 id < 1 OR id > coalesce((SELECT min(id) FROM {table} WHERE leaf_index IS NOT NULL),
                     CASE WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE leaf_index = 0 AND instr(leaf, ?1) > 0) THEN id ELSE -1 END)
             ) ORDER BY id LIMIT 1"
        );
        if let Some(id) = conn.query_row(&sql, [log::ADOPTED], |row| row.get::<_, i64>(0)).optional()? {
            return Ok(Err(broken(format!("the list of {what} was changed: no entry tells of its row {id}"))));
        }
    }
    let sql = "SELECT leaf_index FROM way_in_changes WHERE leaf_index IS NOT NULL AND detail <> '' ORDER BY id LIMIT 1";
    let worded = conn.query_row(sql, [], |row| row.get::<_, i64>(0)).optional()?;
    Ok(worded.map_or(Ok(()), |index| {
        Err(broken(format!("the list of what changed about accounts was changed: words beside those of entry {index}")))
    }))
}

/// Each signed head stands under the number of entries that it speaks for.
fn heads(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let mut statement = conn.prepare("SELECT size, note FROM checkpoints ORDER BY size")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (size, note): (i64, String) = (row.get(0)?, row.get(1)?);
        let read: Option<SignedNote> = note.parse().ok();
        let said = read.and_then(|note| Checkpoint::parse(note.text()).ok()).map(|read| read.size);
        if said != Some(unsigned(size)) {
            return Ok(Err(broken(format!(
                "what is kept as the checkpoint of {size} entries is another one, or none"
            ))));
        }
    }
    Ok(Ok(()))
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

/// Each look was as often as the entry says that was made when its quarter of an hour was over. Until then nothing but the
/// table knows it.
fn counts(conn: &Connection) -> rusqlite::Result<Result<(), LogFault>> {
    let changed = |index: i64| {
        broken(format!(
            "the list of who looked was changed: how often, or when last, is not what entry {} says",
            unsigned(index)
        ))
    };
    let once = "SELECT coalesce(leaf_index, 0) FROM accesses WHERE (count = 1 AND (last_at <> first_at OR counted_at IS NOT NULL)) OR count < 1 LIMIT 1";
    let once = conn.query_row(once, [], |row| row.get(0)).optional()?;
    if let Some(index) = once {
        return Ok(Err(changed(index)));
    }
    let columns: Vec<String> = log::COLUMNS.split(", ").map(|name| format!("a.{name}")).collect();
    let sql = format!(
        "SELECT {}, e.leaf_index, e.leaf FROM ledger_entries AS e LEFT JOIN accesses AS a ON a.counted_at = e.leaf_index
         WHERE instr(e.leaf, '\"kind\":\"repeats-counted\"') > 0 ORDER BY e.leaf_index",
        columns.join(", ")
    );
    // Counted once more, because of a look that was noted late.
    let mut later = conn.prepare(
        "SELECT EXISTS (SELECT 1 FROM (SELECT leaf_index, leaf FROM ledger_entries WHERE leaf_index = ?1 AND json_valid(leaf)) AS e
                        JOIN accesses AS a ON a.leaf_index = e.leaf ->> '$.entry'
                        WHERE a.counted_at > e.leaf_index AND a.count > e.leaf ->> '$.count')",
    )?;
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (index, leaf): (i64, String) = (row.get(10)?, row.get(11)?);
        let is_there = row.get::<_, Option<i64>>(0)?.is_some();
        let fits = match is_there {
            true => log::counted(&log::read(row)?) == leaf,
            false => later.query_row([index], |row| row.get(0))?,
        };
        if !fits {
            return Ok(Err(changed(index)));
        }
    }
    // One that says it is counted where no such entry is.
    let sql = "SELECT counted_at FROM accesses AS a WHERE counted_at IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM ledger_entries AS e WHERE e.leaf_index = a.counted_at
                               AND instr(e.leaf, '\"kind\":\"repeats-counted\"') > 0) LIMIT 1";
    let nowhere = conn.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(nowhere.map_or(Ok(()), |index| Err(changed(index))))
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
        let (at, held) = (row.get(4)?, held::of_leaf(&leaf));
        if accounts::leaf((&user, by.as_ref()), &kind, at, body(&leaf), held) != leaf {
            return Ok(Err(broken(format!(
                "the list of what changed about accounts was changed: what entry {} tells of is not what it says",
                unsigned(index)
            ))));
        }
    }
    Ok(Ok(()))
}

/// The digest of the words of an entry. It is the log's own: they are held against it elsewhere.
pub(super) fn body(leaf: &str) -> Option<&str> {
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
    Ok(Err(broken(format!("the {what} that entry {index} tells of was taken out of its table"))))
}

fn broken(detail: String) -> LogFault {
    LogFault::Broken { detail }
}
