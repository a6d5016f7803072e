//! The log: entries added in the transaction of what they tell of, and the tree over them.
//!
//! Every command adds its leaves as it goes; they are hashed into the tree once, at the end of the
//! transaction, in their order. What a command undoes takes its leaves with it.

mod access;
mod adopt;
mod check;
mod checkpoint;
mod outside;
mod reached;
mod seal;

use std::cell::RefCell;

use ledger::{Frontier, Hash, Node, Nodes, leaf_hash};
use rusqlite::{Connection, OptionalExtension as _, params};

pub(super) use self::access::{COLUMNS, counted, list, note, read, reason, settle_counts, words_of};
pub(super) use self::adopt::{KIND as ADOPTED, adopt, at_the_opening};
pub(super) use self::check::{check_rows, events_fit, opened, vouched};
pub(super) use self::checkpoint::{check_note, kept, last, sign, verifier};
pub(super) use self::outside::{Outside, check_outside, held_against, is_elsewhere, still_there};
pub(super) use self::reached::{Reached, held as reached_holds};
use super::rows::{signed, unsigned};
use super::writer::Tx;
use crate::keys::Keyring;
use crate::{LedgerHead, LogFault, StoreError};

/// The end of the log while a transaction is under way.
pub(super) struct Tail {
    /// As committed.
    frontier: Frontier,
    /// Leaves of this transaction, in order.
    pending: Vec<Hash>,
}

impl Tail {
    pub(super) fn new(frontier: Frontier) -> RefCell<Self> {
        let pending = Vec::new();
        RefCell::new(Self { frontier, pending })
    }

    /// Where the next leaf goes.
    fn next(&self) -> u64 {
        self.frontier.size() + self.pending.len() as u64
    }

    /// For [`Tail::back_to`] when a command is undone.
    pub(super) fn mark(&self) -> usize {
        self.pending.len()
    }

    /// Forgets the leaves after a mark.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.pending.truncate(mark);
    }

    /// The committed head.
    pub(super) fn head(&self) -> LedgerHead {
        LedgerHead { size: self.frontier.size(), root: self.frontier.root() }
    }

    /// Writes the nodes that the leaves of this transaction complete. Gives the end of the log as it is
    /// once the transaction is committed.
    pub(super) fn grow(&self, conn: &Connection, ring: &Keyring) -> Result<Option<Frontier>, StoreError> {
        if self.pending.is_empty() {
            return Ok(None);
        }
        let mut frontier = self.frontier.clone();
        let sql = "INSERT INTO ledger_nodes (level, idx, hash) VALUES (?1, ?2, ?3)";
        let mut insert = conn.prepare_cached(sql)?;
        for leaf in &self.pending {
            for Node { level, index, hash } in frontier.append(*leaf) {
                insert.execute(params![level, signed(index), hash.as_bytes()])?;
            }
        }
        seal::grown(conn, ring, LedgerHead { size: frontier.size(), root: frontier.root() })?;
        Ok(Some(frontier))
    }

    /// The transaction is over: committed with this end, or not at all.
    pub(super) fn settle(&mut self, committed: Option<Frontier>) {
        if let Some(frontier) = committed {
            self.frontier = frontier;
        }
        self.pending.clear();
    }
}

/// At the opening, after everything else: a log of an earlier version, or of nothing, is vouched for from here on.
pub(super) fn vouch(tx: &Tx) -> Result<(), StoreError> {
    let head = tx.tail.borrow().head();
    match seal::holds(tx, &tx.ring, head)? {
        true => Ok(()),
        false => seal::grown(tx, &tx.ring, head),
    }
}

/// Words that go with an entry, encrypted.
pub(super) struct Words {
    pub key_id: String,
    pub nonce: [u8; crate::keys::NONCE],
    pub sealed: Vec<u8>,
}

/// Adds an entry. Gives its place.
pub(super) fn add(tx: &Tx, leaf: &str, words: Option<&Words>) -> Result<u64, StoreError> {
    let index = tx.tail.borrow().next();
    let sql = "INSERT INTO ledger_entries (leaf_index, leaf, words, key_id, nonce) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.prepare_cached(sql)?.execute(params![
        signed(index),
        leaf,
        words.map(|words| &words.sealed),
        words.map(|words| &words.key_id),
        words.map(|words| words.nonce),
    ])?;
    tx.tail.borrow_mut().pending.push(leaf_hash(leaf.as_bytes()));
    Ok(index)
}

/// Nodes as they were stored.
pub(super) struct Stored<'a>(pub &'a Connection);

impl Nodes for Stored<'_> {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        let sql = "SELECT hash FROM ledger_nodes WHERE level = ?1 AND idx = ?2";
        let mut statement = self.0.prepare_cached(sql).ok()?;
        let found = statement.query_row(params![level, signed(index)], |row| row.get::<_, [u8; 32]>(0));
        found.optional().ok()?.map(Hash::new)
    }
}

/// The size of the log as committed.
pub(super) fn size(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT coalesce(max(leaf_index) + 1, 0) FROM ledger_entries";
    Ok(unsigned(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
}

/// The end of the log at a size it has or had.
pub(super) fn frontier(conn: &Connection, size: u64) -> Result<Frontier, StoreError> {
    Frontier::restore(size, &Stored(conn)).map_err(|missing| broken(&format!("{missing}")))
}

/// Size and hash as committed.
pub(super) fn head(conn: &Connection) -> Result<LedgerHead, StoreError> {
    let size = size(conn)?;
    let root = frontier(conn, size)?.root();
    Ok(LedgerHead { size, root })
}

fn broken(detail: &str) -> StoreError {
    let detail = detail.to_owned();
    StoreError::Damaged { detail: LogFault::Broken { detail }.to_string() }
}
