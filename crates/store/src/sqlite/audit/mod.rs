//! The log of a database file as it is, right or not: what auditors export and verify.
//!
//! Opening a store refuses a log that was tampered with; this does not, because somebody has to be able to say
//! what was done to it. It needs no keys: an entry holds no words.

mod accounts;
mod disclosed;
mod erased;
mod export;
mod looks;
mod reports;
mod signed_in;
mod tables;

use std::path::Path;

use ledger::{Hash, Nodes, VerifierKey};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

pub(super) use self::accounts::fit as accounts_fit;
pub(super) use self::disclosed::disclosed;
pub(super) use self::erased::{fit as erasures_fit, is_told};
pub use self::export::LogExport;
pub(super) use self::looks::looks;
pub(super) use self::reports::fit as reports_fit;
pub(super) use self::signed_in::fit as sessions_fit;
pub(super) use self::tables::{fit as tables_fit, gaps};
use super::ledger::{self as log, Stored};
use super::rows::{signed, unsigned};
use super::{open, schema, words};
use crate::keys::Keyring;
use crate::{Deriving, KeptCheckpoint, Keys, LogFault, OpenError, RowsHeld, StoreError};

/// The log of a database file, opened for reading beside whoever writes to it. Everything read is of one moment.
pub struct LogFile {
    conn: Connection,
}

/// An entry as it is stored, with what is stored for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its place, counted from 0.
    pub index: u64,
    /// Its bytes.
    pub leaf: Vec<u8>,
    /// The hashes of the nodes it completes, from its own upwards, as far as they are there.
    pub nodes: Vec<Hash>,
    /// The encrypted words it speaks for.
    pub stored: StoredBytes,
}

/// The encrypted words that an entry speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredBytes {
    /// It speaks for none.
    None,
    /// It speaks for some, and none are stored.
    Gone,
    /// Their SHA-256.
    Digest([u8; 32]),
    /// Themselves.
    Bytes(Vec<u8>),
}

impl LogFile {
    /// Opens the file. What is in the log is not asked.
    ///
    /// # Errors
    /// [`OpenError`] when it is no database of this layout.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let conn = open::for_reading(path)?;
        conn.execute_batch("BEGIN")
            .map_err(|error| OpenError::Other { path: path.into(), detail: error.to_string() })?;
        Ok(Self { conn })
    }

    /// The public key of the log whose keys these are.
    ///
    /// # Errors
    /// [`StoreError`] when the keyring cannot be opened.
    pub fn key(keys: &Keys) -> Result<VerifierKey, StoreError> {
        log::verifier(&Keyring::open(keys, false)?)
    }

    /// Whether a key vouches for the log up to its last entry, signed or not, and whether it leads to what the program last noted
    /// beside its keyring, and whether the file of checkpoints has what was written into it. Of the database as it is now, which is younger than what this sees.
    ///
    /// # Errors
    /// [`OpenError::Log`] when it does not.
    pub fn vouched(path: impl AsRef<Path>, keys: &Keys) -> Result<(), OpenError> {
        let (path, ring) = (path.as_ref(), Keyring::open(keys, false)?);
        let conn = open::for_reading(path)?;
        log::reached_holds(&conn, &ring)?;
        keys.checkpoints().map_or(Ok(()), |file| log::still_there(&conn, file))?;
        let told = |detail: String| OpenError::Other { path: path.into(), detail };
        conn.execute_batch("BEGIN").map_err(|error| told(error.to_string()))?;
        Ok(log::vouched(&conn, &ring)?)
    }

    /// How many entries there are, or were: the hashes kept over them remember more when entries were taken out.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn size(&self) -> Result<u64, StoreError> {
        size(&self.conn)
    }

    /// Gives every entry that is there, in order, from one place up to before another, one at a time.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read, or what `take` says.
    pub fn each<E: From<StoreError>>(
        &self,
        from: u64,
        to: u64,
        bytes: bool,
        take: &mut dyn FnMut(LogRow) -> Result<(), E>,
    ) -> Result<(), E> {
        each(&self.conn, from, to, bytes, take)
    }

    /// The places of everything about a report, named by its reference or its id.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn about(&self, report: &str) -> Result<Vec<u64>, StoreError> {
        let sql = "SELECT leaf_index FROM ledger_entries
                   WHERE instr(leaf, '\"stream\":\"' || coalesce((SELECT report FROM projections WHERE reference = ?1), ?1) || '\"') > 0
                   ORDER BY leaf_index";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([report], |row| row.get(0).map(unsigned))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Checkpoints in order: at most `limit` of more than `after` entries.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn checkpoints(&self, after: Option<u64>, limit: u32) -> Result<Vec<KeptCheckpoint>, StoreError> {
        log::kept(&self.conn, after, limit)
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn last_checkpoint(&self) -> Result<Option<KeptCheckpoint>, StoreError> {
        log::last(&self.conn)
    }

    /// Whether the other tables say what the log says: each event, and each look at a report, is the one that
    /// its entry tells of, none is missing and none is one too many.
    ///
    /// # Errors
    /// [`LogFault`], naming the first that is not.
    pub fn tables_fit(&self) -> Result<(), LogFault> {
        tables::fit(&self.conn)
    }

    /// Whether the rows that decide who may do what are what the log and, as far as their keys are there, the events say:
    /// accounts and ways in, sessions and links, what was erased, who may see which report, whom it is found by. To be asked when
    /// [`LogFile::tables_fit`] holds.
    ///
    /// # Errors
    /// [`StoreError::Log`] with the first row that is not, or what stopped reading.
    pub fn rows_fit(&self, keys: &Keys, deriving: &Deriving) -> Result<RowsHeld, StoreError> {
        let ring = Keyring::open(keys, false)?;
        erased::fit(&self.conn, &ring)?;
        accounts::fit(&self.conn, &ring)?;
        signed_in::fit(&self.conn, &ring)?;
        words::fit(&self.conn, &ring)?;
        schema::fit(&self.conn)?;
        reports::fit(&self.conn, &ring, deriving)
    }
}

impl Nodes for LogFile {
    fn node(&self, level: u8, index: u64) -> Option<Hash> {
        Stored(&self.conn).node(level, index)
    }
}

fn size(conn: &Connection) -> Result<u64, StoreError> {
    let sql = "SELECT max((SELECT coalesce(max(leaf_index) + 1, 0) FROM ledger_entries),
                          (SELECT coalesce(max(idx) + 1, 0) FROM ledger_nodes WHERE level = 0))";
    Ok(unsigned(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
}

fn each<E: From<StoreError>>(
    conn: &Connection,
    from: u64,
    to: u64,
    bytes: bool,
    take: &mut dyn FnMut(LogRow) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
    let sql = "SELECT leaf_index, leaf, coalesce(events.body, words) FROM ledger_entries
               LEFT JOIN events USING (leaf_index)
               WHERE leaf_index >= ?1 AND leaf_index < ?2 ORDER BY leaf_index";
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let mut rows = statement.query(params![signed(from), signed(to)]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let index = row.get(0).map(unsigned).map_err(failed)?;
        // Taken as bytes: what somebody put there need not be text.
        let leaf = raw(row.get_ref(1).map_err(failed)?).to_vec();
        let stored = match row.get_ref(2).map_err(failed)? {
            ValueRef::Null if !speaks(&leaf) => StoredBytes::None,
            ValueRef::Null => StoredBytes::Gone,
            value if bytes => StoredBytes::Bytes(raw(value).to_vec()),
            value => StoredBytes::Digest(Sha256::digest(raw(value)).into()),
        };
        let nodes = (0..=index.trailing_ones() as u8).map_while(|level| Stored(conn).node(level, index >> level));
        let nodes = nodes.collect();
        take(LogRow { index, leaf, nodes, stored })?;
    }
    Ok(())
}

fn raw(value: ValueRef<'_>) -> &[u8] {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        _ => &[],
    }
}

/// Whether an entry names the digest of words stored for it. The one that stands for the time before there was a
/// log names a digest over many events; [`LogFile::tables_fit`] holds it against them.
fn speaks(leaf: &[u8]) -> bool {
    let holds = |text: &str| leaf.windows(text.len()).any(|part| part == text.as_bytes());
    holds("\"body\":\"") && !holds(log::ADOPTED)
}
