//! One-time tokens, failed sign-ins and settings.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::accounts;
use super::rows::{At, unless_unique};
use super::sealed::{self, Seal};
use super::standing::{self, Did, Kind};
use super::writer::Tx;
use crate::keys::{Keyring, same};
use crate::{Failures, OneTimeToken, StoreError, TokenHash, TokenUse, UserId, limits};

const LINK: &str = "token_hash, purpose, user, expires_at, used_at, seal";

/// What the log calls the use of a link.
const USED: (Kind, &str) = (Kind::Link, "link-used");
/// What it calls one that works no more because its account was put right.
const ENDED: (Kind, &str) = (Kind::Link, "link-ended");

pub(super) fn add_token(tx: &Tx, token: &OneTimeToken) -> Result<(), StoreError> {
    if let Some(user) = &token.user
        && accounts::by_id(tx, user)?.is_none()
    {
        return Err(StoreError::NotFound { what: "user" });
    }
    let sql = "INSERT INTO one_time_tokens (token_hash, purpose, user, expires_at, seal) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values =
        params![token.token_hash, token.purpose, token.user, At(token.expires_at), sealed::link(&tx.ring, token, None)];
    tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("one-time token"))?;
    tx.did.borrow_mut().push(Did::Began(Kind::Link, token.token_hash));
    Ok(())
}

/// INVARIANT (`suite/rows`): a link that nothing vouches for is none, and one that was used works no second time, whatever its row
/// says (`suite/standing`).
pub(super) fn take_token(tx: &Tx, (hash, purpose): (&TokenHash, &str), now: Timestamp) -> Result<TokenUse, StoreError> {
    let sql = format!("SELECT {LINK} FROM one_time_tokens WHERE token_hash = ?1 AND purpose = ?2");
    let found = tx.prepare_cached(&sql)?.query_row(params![hash, purpose], read);
    let Some((token, used, seal)) = found.optional()? else {
        return Ok(TokenUse::Unknown);
    };
    let expected = sealed::link(&tx.ring, &token, used);
    if !sealed::holds(&seal, &expected, "a one-time link") {
        return Ok(TokenUse::Unknown);
    }
    if used.is_some() {
        return Ok(TokenUse::AlreadyUsed);
    }
    if !tx.left.lives(Kind::Link, hash) {
        tracing::error!("a one-time link that was used was put back into the database: it lets nobody in");
        return Ok(TokenUse::AlreadyUsed);
    }
    if token.expires_at.as_microsecond() <= now.as_microsecond() {
        return Ok(TokenUse::Expired);
    }
    let sql = "UPDATE one_time_tokens SET used_at = ?2, seal = ?3 WHERE token_hash = ?1";
    let seal = sealed::link(&tx.ring, &token, Some(now));
    tx.prepare_cached(sql)?.execute(params![hash, At(now), seal])?;
    standing::ended(tx, USED, token.user.as_ref(), hash)?;
    Ok(TokenUse::Taken(token))
}

/// Every link, with whether it was used and whether something vouches for it.
pub(super) fn each_link(
    conn: &Connection,
    ring: &Keyring,
    take: &mut dyn FnMut(OneTimeToken, bool, bool) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(&format!("SELECT {LINK} FROM one_time_tokens ORDER BY expires_at"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (link, used, seal) = read(row)?;
        let holds = same(&seal, &sealed::link(ring, &link, used));
        take(link, used.is_some(), holds)?;
    }
    Ok(())
}

/// Ends every link of somebody that was not used.
pub(super) fn end_all(tx: &Tx, user: &UserId) -> Result<(), StoreError> {
    let sql = "DELETE FROM one_time_tokens WHERE user = ?1 AND used_at IS NULL RETURNING token_hash";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([user], |row| row.get(0))?;
    for token in rows.collect::<Result<Vec<TokenHash>, _>>()? {
        standing::ended(tx, ENDED, Some(user), &token)?;
    }
    Ok(())
}

/// A link, when it was used, and what vouches for both.
fn read(row: &Row<'_>) -> rusqlite::Result<(OneTimeToken, Option<Timestamp>, Seal)> {
    let link = OneTimeToken {
        token_hash: row.get(0)?,
        purpose: row.get(1)?,
        user: row.get(2)?,
        expires_at: row.get::<_, At>(3)?.0,
    };
    Ok((link, row.get::<_, Option<At>>(4)?.map(|at| at.0), row.get(5)?))
}

pub(super) fn count_failure(
    conn: &Connection,
    key: &str,
    at: Timestamp,
    window_start: Timestamp,
) -> Result<Failures, StoreError> {
    // One more than one fits only when the key is there already or another gives way.
    let sql = "DELETE FROM sign_in_failures WHERE key IN (
                   SELECT key FROM sign_in_failures ORDER BY count, last
                   LIMIT max(0, (SELECT count(*) FROM sign_in_failures) + 1 - ?2))
               AND NOT EXISTS (SELECT 1 FROM sign_in_failures WHERE key = ?1)";
    conn.prepare_cached(sql)?.execute(params![key, limits::FAILURE_KEYS])?;
    let sql = "INSERT INTO sign_in_failures (key, count, since, last) VALUES (?1, 1, ?2, ?2)
               ON CONFLICT (key) DO UPDATE SET
                   count = CASE WHEN since < ?3 THEN 1 ELSE count + 1 END,
                   since = CASE WHEN since < ?3 THEN excluded.since ELSE since END,
                   last = excluded.last
               RETURNING count, since, last";
    Ok(conn.prepare_cached(sql)?.query_row(params![key, At(at), At(window_start)], read_failures)?)
}

fn read_failures(row: &Row<'_>) -> rusqlite::Result<Failures> {
    Ok(Failures { count: row.get(0)?, since: row.get::<_, At>(1)?.0, last: row.get::<_, At>(2)?.0 })
}

pub(super) fn failures(conn: &Connection, key: &str) -> Result<Option<Failures>, StoreError> {
    let sql = "SELECT count, since, last FROM sign_in_failures WHERE key = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([key], read_failures).optional()?)
}

pub(super) fn clear_failures(conn: &Connection, key: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM sign_in_failures WHERE key = ?1")?.execute([key])?;
    Ok(())
}

pub(super) fn setting(conn: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn set_setting(conn: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings (key, value) VALUES (?1, ?2)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.prepare_cached(sql)?.execute([key, value])?;
    Ok(())
}

/// Forgets links whose time is over. That is in no entry: a row that is put back names it.
pub(super) fn forget_expired(tx: &Tx, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM one_time_tokens WHERE expires_at <= ?1 RETURNING token_hash";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([At(now)], |row| row.get(0))?;
    let all = rows.collect::<Result<Vec<TokenHash>, _>>()?;
    let count = all.len() as u64;
    let gone = all.into_iter().map(|token| Did::Ended(Kind::Link, token));
    tx.did.borrow_mut().extend(gone);
    Ok(count)
}
