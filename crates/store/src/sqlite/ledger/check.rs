//! Whether log, tree and events belong together: a little at every opening, everything on demand.

use ledger::{Frontier, Hash, Node, leaf_hash};
use rusqlite::Connection;

use super::super::codec;
use super::super::rows::unsigned;
use super::{Stored, adopt, checkpoint, frontier, head, reached, seal, size};
use crate::keys::{Keyring, digest, hex};
use crate::{LedgerHead, LogFault, Operation, StoreError};

/// At every opening: the ends of all tables meet, and the last checkpoint holds. Gives the end of the log.
pub(in super::super) fn opened(conn: &Connection, ring: &Keyring) -> Result<Frontier, LogFault> {
    let broken = |detail: String| LogFault::Broken { detail };
    let told = |why: StoreError| broken(why.to_string());
    let count = |sql: &str| -> Result<u64, LogFault> {
        let found: Result<i64, _> = conn.query_row(sql, [], |row| row.get(0));
        found.map(unsigned).map_err(|why| broken(why.to_string()))
    };
    let size = size(conn).map_err(told)?;
    let last = checkpoint::last(conn).map_err(told)?;
    let signed_for = last.as_ref().map_or(0, |last| last.size);
    if signed_for > size {
        return Err(LogFault::Behind { found: size, signed: signed_for });
    }
    let nodes = count("SELECT coalesce(max(idx) + 1, 0) FROM ledger_nodes WHERE level = 0")?;
    let events = count("SELECT coalesce(max(leaf_index) + 1, 0) FROM events")?;
    if nodes != size || events > size {
        return Err(broken(format!("it has {size} entries, hashes of {nodes}, and events up to entry {events}")));
    }
    if let Some(last) = &last {
        let key = checkpoint::verifier(ring).map_err(told)?;
        checkpoint::check_note(conn, &key, &last.note, size)?;
    }
    frontier(conn, size).map_err(told)
}

/// A key vouches for the log up to its end. One that nothing vouches for is of an earlier version, and then its keyring has no note
/// of how far the log had come either.
pub(in super::super) fn vouched(conn: &Connection, ring: &Keyring) -> Result<(), LogFault> {
    let head = head(conn).map_err(|why| LogFault::Broken { detail: why.to_string() })?;
    let LedgerHead { size, root } = head;
    if !seal::holds(conn, ring, LedgerHead { size, root })? && !reached::is_of_before(ring) {
        return Err(LogFault::Unvouched { size, said: 0 });
    }
    Ok(())
}

/// The whole log: each entry is under its hash, each hash follows from those below it, and every checkpoint holds.
pub(in super::super) fn check_rows(conn: &Connection, ring: &Keyring) -> Result<u64, LogFault> {
    let broken = |detail: String| LogFault::Broken { detail };
    let told = |why: rusqlite::Error| broken(why.to_string());
    let mut statement =
        conn.prepare("SELECT leaf_index, leaf, words FROM ledger_entries ORDER BY leaf_index").map_err(told)?;
    let mut rows = statement.query([]).map_err(told)?;
    let mut tree = Frontier::new();
    while let Some(row) = rows.next().map_err(told)? {
        let (index, leaf): (i64, String) = (row.get(0).map_err(told)?, row.get(1).map_err(told)?);
        let words: Option<Vec<u8>> = row.get(2).map_err(told)?;
        if unsigned(index) != tree.size() {
            return Err(broken(format!("entry {} is missing", tree.size())));
        }
        if words.is_some_and(|words| !leaf.contains(&hex(&digest(&words)))) {
            return Err(broken(format!("the words of entry {index} were changed")));
        }
        for node in tree.append(leaf_hash(leaf.as_bytes())) {
            same(conn, &node).map_err(|()| broken(format!("entry {index} was changed, or a hash over it")))?;
        }
    }
    let key = checkpoint::verifier(ring).map_err(|why| broken(why.to_string()))?;
    let mut after = None;
    loop {
        let notes = checkpoint::kept(conn, after, 100).map_err(|why| broken(why.to_string()))?;
        for note in &notes {
            checkpoint::check_note(conn, &key, &note.note, tree.size())?;
            after = Some(note.size);
        }
        if notes.is_empty() {
            return Ok(tree.size());
        }
    }
}

fn same(conn: &Connection, node: &Node) -> Result<(), ()> {
    use ledger::Nodes as _;
    let stored: Option<Hash> = Stored(conn).node(node.level, node.index);
    (stored == Some(node.hash)).then_some(()).ok_or(())
}

/// Every event is the one that its entry, or the first entry of all, tells of.
pub(in super::super) fn events_fit(conn: &Connection) -> Result<(), LogFault> {
    events(conn)?;
    adopt::check(conn)
}

/// Every event that is in the log is word for word the one its entry tells of.
fn events(conn: &Connection) -> Result<(), LogFault> {
    let broken = |detail: String| LogFault::Broken { detail };
    let told = |why: rusqlite::Error| broken(why.to_string());
    let sql = "SELECT stream, version, event_id, kind, recorded_at, actor, key_commitment, body, leaf, leaf_index
               FROM events LEFT JOIN ledger_entries USING (leaf_index)
               WHERE leaf_index IS NOT NULL ORDER BY position";
    let mut statement = conn.prepare(sql).map_err(told)?;
    let mut rows = statement.query([]).map_err(told)?;
    while let Some(row) = rows.next().map_err(told)? {
        let leaf: Option<String> = row.get(8).map_err(told)?;
        let line = codec::stored_line(row).map_err(told)?;
        let tells = |op: Operation| Some(line.clone().text("op", op.word()).end()) == leaf;
        if !Operation::ALL.into_iter().any(tells) {
            let stream: String = row.get(0).map_err(told)?;
            let version: i64 = row.get(1).map_err(told)?;
            let index: i64 = row.get(9).map_err(told)?;
            return Err(broken(format!(
                "entry {version} of report {stream} is not the one in the log (entry {index} there)"
            )));
        }
    }
    Ok(())
}
