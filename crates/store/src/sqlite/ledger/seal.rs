//! What vouches for the log as it stands: an HMAC over its head, and over what was signed of it, in the transaction that changes them.
//!
//! Signatures speak for the log up to the last of them. After that anybody who can write to the database could add an entry with its
//! hashes, change the last ones or take them away. Nobody can make the HMAC without the keyring.

use jiff::Timestamp;
use ledger::Hash;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::{At, signed, unsigned};
use crate::keys::{Keyring, same};
use crate::{LedgerHead, LogFault, StoreError};

/// What the HMAC is made for.
const VOUCHES: &str = "log head";

/// What was signed of a log: how many checkpoints there are, and when the last was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Signed {
    count: u64,
    last: Option<Timestamp>,
}

/// The file of checkpoints elsewhere that was last written, and how many entries the last of them speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Elsewhere {
    pub file: String,
    pub reaches: u64,
}

/// What is there.
struct Found {
    size: u64,
    signed: Signed,
    elsewhere: Option<Elsewhere>,
    seal: [u8; 32],
}

fn found(conn: &Connection) -> Result<Option<Found>, StoreError> {
    let sql = "SELECT size, signed, signed_at, outside, reaches, seal FROM ledger_head";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([], |row| {
        let last = row.get::<_, Option<At>>(2)?.map(|at| at.0);
        let signed = Signed { count: unsigned(row.get(1)?), last };
        let elsewhere = match (row.get(3)?, row.get::<_, Option<i64>>(4)?) {
            (Some(file), Some(reaches)) => Some(Elsewhere { file, reaches: unsigned(reaches) }),
            _ => None,
        };
        Ok(Found { size: unsigned(row.get(0)?), signed, elsewhere, seal: row.get(5)? })
    });
    Ok(found.optional()?)
}

fn seal(ring: &Keyring, size: u64, root: Hash, signed: Signed, elsewhere: Option<&Elsewhere>) -> [u8; 32] {
    let at = signed.last.map_or_else(|| "never".to_owned(), |at| at.as_microsecond().to_string());
    let elsewhere = elsewhere.map(|it| format!("{} {}", it.reaches, it.file)).unwrap_or_default();
    ring.blind(VOUCHES, format!("{size} {root} {} {at} {elsewhere}", signed.count).as_bytes())
}

/// The log has grown to this, and nothing more of it is signed.
pub(super) fn grown(conn: &Connection, ring: &Keyring, head: LedgerHead) -> Result<(), StoreError> {
    let (signed, elsewhere) = match found(conn)? {
        Some(found) => (found.signed, found.elsewhere),
        None => (of_rows(conn)?, None),
    };
    put(conn, ring, head, signed, elsewhere)
}

/// One more head of it is signed.
pub(super) fn one_more(conn: &Connection, ring: &Keyring, head: LedgerHead) -> Result<(), StoreError> {
    let elsewhere = found(conn)?.and_then(|found| found.elsewhere);
    put(conn, ring, head, of_rows(conn)?, elsewhere)
}

/// The file elsewhere has a checkpoint that reaches so far.
pub(super) fn elsewhere(conn: &Connection, ring: &Keyring, head: LedgerHead, is: Elsewhere) -> Result<(), StoreError> {
    let signed = found(conn)?.map_or_else(|| of_rows(conn), |found| Ok(found.signed))?;
    put(conn, ring, head, signed, Some(is))
}

/// What was noted of the file elsewhere. Whether a key vouches for it is for [`holds`] to say.
pub(super) fn noted_elsewhere(conn: &Connection) -> Result<Option<Elsewhere>, StoreError> {
    Ok(found(conn)?.and_then(|found| found.elsewhere))
}

/// What the rows say.
fn of_rows(conn: &Connection) -> Result<Signed, StoreError> {
    let sql = "SELECT count(*), (SELECT at FROM checkpoints ORDER BY size DESC LIMIT 1) FROM checkpoints";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([], |row| {
        let last = row.get::<_, Option<At>>(1)?.map(|at| at.0);
        Ok(Signed { count: unsigned(row.get(0)?), last })
    })?)
}

fn put(
    conn: &Connection,
    ring: &Keyring,
    head: LedgerHead,
    says: Signed,
    elsewhere: Option<Elsewhere>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO ledger_head (only, size, signed, signed_at, outside, reaches, seal) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (only) DO UPDATE SET size = ?1, signed = ?2, signed_at = ?3, outside = ?4, reaches = ?5, seal = ?6";
    let sealed = seal(ring, head.size, head.root, says, elsewhere.as_ref());
    let (file, reaches) = elsewhere.map(|it| (it.file, signed(it.reaches))).unzip();
    let values = params![signed(head.size), signed(says.count), says.last.map(At), file, reaches, sealed];
    conn.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// That a key vouches for the log as it stands. Tells whether there is such an HMAC at all: a database of an earlier version has none.
pub(super) fn holds(conn: &Connection, ring: &Keyring, head: LedgerHead) -> Result<bool, LogFault> {
    let broken = |why: StoreError| LogFault::Broken { detail: why.to_string() };
    let Some(found) = found(conn).map_err(broken)? else {
        return Ok(false);
    };
    let size = head.size;
    if !same(&found.seal, &seal(ring, size, head.root, found.signed, found.elsewhere.as_ref())) {
        return Err(LogFault::Unvouched { size, said: found.size });
    }
    if of_rows(conn).map_err(broken)? != found.signed {
        return Err(LogFault::Broken {
            detail: "signed heads of it were taken away or added, or the time of the last one was changed".to_owned(),
        });
    }
    Ok(true)
}
