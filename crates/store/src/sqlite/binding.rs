//! A database and its keyring belong together: found out at every opening, before anything is written.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

use crate::keys::{KeyId, Keyring};
use crate::{KeyError, Keys, OpenError};

/// What the HMAC of an idempotency key is made for.
pub(super) const IDEMPOTENCY: &str = "idempotency";
/// What the HMAC of a counted sign-in is made for.
pub(super) const FAILURES: &str = "sign-in-failures";

/// Newest entries whose keys are looked for at every opening: enough to tell that a keyring is a copy
/// from before, and no work.
const NEWEST: u32 = 100;

/// The keyring of a database opened for writing. A database that has none yet gets one.
pub(super) fn writing(conn: &Connection, path: &Path, keys: &Keys) -> Result<Keyring, OpenError> {
    let told = |error: rusqlite::Error| OpenError::Other { path: path.into(), detail: error.to_string() };
    let ring = match bound(conn).map_err(told)? {
        Some(database) => {
            let ring = Keyring::open(keys, true)?;
            belongs(&ring, database)?;
            ring
        }
        None => {
            // A start that was cut off after the keyring was written left one without a key in it.
            let ring = if keys.ring().exists() { Keyring::open(keys, true)? } else { Keyring::create(keys)? };
            if ring.parts() > 0 {
                return Err(other_database(&ring).into());
            }
            bind(conn, &ring).map_err(told)?;
            ring
        }
    };
    complete(conn, &ring, told)?;
    ring.mend()?;
    Ok(ring)
}

/// The keyring of a database opened for reading.
pub(super) fn reading(conn: &Connection, path: &Path, keys: &Keys) -> Result<Keyring, OpenError> {
    let told = |error: rusqlite::Error| OpenError::Other { path: path.into(), detail: error.to_string() };
    let ring = Keyring::open(keys, false)?;
    match bound(conn).map_err(told)? {
        Some(database) => belongs(&ring, database)?,
        None => return Err(other_database(&ring).into()),
    }
    Ok(ring)
}

fn belongs(ring: &Keyring, database: [u8; 16]) -> Result<(), KeyError> {
    if ring.database() == database { Ok(()) } else { Err(other_database(ring)) }
}

fn other_database(ring: &Keyring) -> KeyError {
    KeyError::OtherDatabase { path: ring.path().into() }
}

fn bound(conn: &Connection) -> rusqlite::Result<Option<[u8; 16]>> {
    conn.query_row("SELECT database_id FROM keyring", [], |row| row.get(0)).optional()
}

/// Notes the keyring in the database. What a database from before there were keys holds readable, and
/// what can be kept without being readable, is changed in the same step.
fn bind(conn: &Connection, ring: &Keyring) -> rusqlite::Result<()> {
    let tx = conn.unchecked_transaction()?;
    tx.execute("INSERT INTO keyring (only, database_id) VALUES (1, ?1)", [ring.database()])?;
    let old: Vec<String> = {
        let mut statement = tx.prepare("SELECT DISTINCT key FROM idempotency")?;
        statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?
    };
    for key in old {
        let blind = ring.blind_text(IDEMPOTENCY, &key);
        tx.execute("UPDATE idempotency SET key = ?2 WHERE key = ?1", [key, blind])?;
    }
    tx.execute("DELETE FROM sign_in_failures", [])?;
    tx.commit()
}

/// Refuses a keyring without the keys that entries of the database are written under. The newest are
/// looked at always; all of them when a line of the keyring cannot be read.
fn complete(conn: &Connection, ring: &Keyring, told: impl Fn(rusqlite::Error) -> OpenError) -> Result<(), OpenError> {
    let missing = |limit: Option<u32>| -> rusqlite::Result<bool> {
        let sql = "SELECT DISTINCT key_id FROM (SELECT key_id FROM events WHERE key_id IS NOT NULL
                                                ORDER BY position DESC LIMIT ?1)
                   WHERE key_id NOT IN (SELECT key_id FROM erased_keys)";
        let mut statement = conn.prepare(sql)?;
        let ids = statement.query_map([limit.map_or(-1, i64::from)], |row| row.get::<_, String>(0))?;
        for id in ids {
            if id?.parse::<KeyId>().is_ok_and(|id| !ring.has(&id) && ring.gone(&id).is_none()) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let path = ring.path().to_path_buf();
    if let Some(line) = ring.bad_line()
        && missing(None).map_err(&told)?
    {
        let detail = "this line cannot be read, and entries of the database are under keys that are missing";
        return Err(KeyError::Damaged { path, line, detail }.into());
    }
    if missing(Some(NEWEST)).map_err(&told)? {
        return Err(KeyError::Behind { path }.into());
    }
    Ok(())
}
