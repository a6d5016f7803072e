//! One-time tokens, failed sign-ins, settings, and forgetting what has ended.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::accounts;
use super::rows::{At, unless_unique};
use super::sealed::{self, Seal};
use crate::keys::{Keyring, same};
use crate::{Failures, OneTimeToken, StoreError, TokenHash, TokenUse, limits};

const LINK: &str = "token_hash, purpose, user, expires_at, used_at, seal";

pub(super) fn add_token(
    conn: &Connection,
    ring: &Keyring,
    token: &OneTimeToken,
) -> Result<(), StoreError> {
    if let Some(user) = &token.user
        && accounts::by_id(conn, user)?.is_none()
    {
        return Err(StoreError::NotFound { what: "user" });
    }
    let sql = "INSERT INTO one_time_tokens (token_hash, purpose, user, expires_at, seal) VALUES (?1, ?2, ?3, ?4, ?5)";
    let values = params![
        token.token_hash,
        token.purpose,
        token.user,
        At(token.expires_at),
        sealed::link(ring, token, None)
    ];
    conn.prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("one-time token"))?;
    Ok(())
}

/// INVARIANT (`suite/rows`): a link that nothing vouches for is none.
pub(super) fn take_token(
    conn: &Connection,
    ring: &Keyring,
    (hash, purpose): (&TokenHash, &str),
    now: Timestamp,
) -> Result<TokenUse, StoreError> {
    let sql = format!("SELECT {LINK} FROM one_time_tokens WHERE token_hash = ?1 AND purpose = ?2");
    let found = conn
        .prepare_cached(&sql)?
        .query_row(params![hash, purpose], read);
    let Some((token, used, seal)) = found.optional()? else {
        return Ok(TokenUse::Unknown);
    };
    if !sealed::holds(&seal, &sealed::link(ring, &token, used), "a one-time link") {
        return Ok(TokenUse::Unknown);
    }
    if used.is_some() {
        return Ok(TokenUse::AlreadyUsed);
    }
    if token.expires_at.as_microsecond() <= now.as_microsecond() {
        return Ok(TokenUse::Expired);
    }
    let sql = "UPDATE one_time_tokens SET used_at = ?2, seal = ?3 WHERE token_hash = ?1";
    let seal = sealed::link(ring, &token, Some(now));
    conn.prepare_cached(sql)?
        .execute(params![hash, At(now), seal])?;
    Ok(TokenUse::Taken(token))
}

/// Every link, with whether something vouches for it.
pub(super) fn each_link(
    conn: &Connection,
    ring: &Keyring,
    take: &mut dyn FnMut(OneTimeToken, bool) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(&format!(
        "SELECT {LINK} FROM one_time_tokens ORDER BY expires_at"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (link, used, seal) = read(row)?;
        let holds = same(&seal, &sealed::link(ring, &link, used));
        take(link, holds)?;
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
    Ok((
        link,
        row.get::<_, Option<At>>(4)?.map(|at| at.0),
        row.get(5)?,
    ))
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
    conn.prepare_cached(sql)?
        .execute(params![key, limits::FAILURE_KEYS])?;
    let sql = "INSERT INTO sign_in_failures (key, count, since, last) VALUES (?1, 1, ?2, ?2)
               ON CONFLICT (key) DO UPDATE SET
                   count = CASE WHEN since < ?3 THEN 1 ELSE count + 1 END,
                   since = CASE WHEN since < ?3 THEN excluded.since ELSE since END,
                   last = excluded.last
               RETURNING count, since, last";
    Ok(conn
        .prepare_cached(sql)?
        .query_row(params![key, At(at), At(window_start)], read_failures)?)
}

fn read_failures(row: &Row<'_>) -> rusqlite::Result<Failures> {
    Ok(Failures {
        count: row.get(0)?,
        since: row.get::<_, At>(1)?.0,
        last: row.get::<_, At>(2)?.0,
    })
}

pub(super) fn failures(conn: &Connection, key: &str) -> Result<Option<Failures>, StoreError> {
    let sql = "SELECT count, since, last FROM sign_in_failures WHERE key = ?1";
    Ok(conn
        .prepare_cached(sql)?
        .query_row([key], read_failures)
        .optional()?)
}

pub(super) fn clear_failures(conn: &Connection, key: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM sign_in_failures WHERE key = ?1")?
        .execute([key])?;
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

pub(super) fn forget_expired(conn: &Connection, now: Timestamp) -> Result<u64, StoreError> {
    let sessions = conn
        .prepare_cached("DELETE FROM sessions WHERE expires_at <= ?1")?
        .execute([At(now)])?;
    let tokens = conn
        .prepare_cached("DELETE FROM one_time_tokens WHERE expires_at <= ?1")?
        .execute([At(now)])?;
    Ok((sessions + tokens) as u64)
}
