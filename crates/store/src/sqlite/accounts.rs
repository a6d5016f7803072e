//! Users and their sessions.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{At, unless_unique};
use super::sealed::{self, Seal};
use crate::keys::{Keyring, same};
use crate::{Session, StoreError, TokenHash, User, UserId, limits, sign_in_key};

const USER: &str =
    "users.id, name, sign_in_name, role, unit, password_hash, disabled, users.created_at";
const SESSION: &str = "token_hash, family, user, means, sessions.created_at, proved_at, last_seen_at, expires_at, seal";
/// How many columns that is: those of the user follow.
const SESSION_COLUMNS: usize = 9;

fn read_user(row: &Row<'_>, from: usize) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(from)?,
        name: row.get(from + 1)?,
        sign_in_name: row.get(from + 2)?,
        role: row.get(from + 3)?,
        unit: row.get(from + 4)?,
        password_hash: row.get(from + 5)?,
        disabled: row.get(from + 6)?,
        created_at: row.get::<_, At>(from + 7)?.0,
    })
}

/// A session, and what vouches for it.
fn read_session(row: &Row<'_>) -> rusqlite::Result<(Session, Seal)> {
    let session = Session {
        token_hash: row.get(0)?,
        family: row.get(1)?,
        user: row.get(2)?,
        means: row.get(3)?,
        created_at: row.get::<_, At>(4)?.0,
        proved_at: row.get::<_, At>(5)?.0,
        last_seen_at: row.get::<_, At>(6)?.0,
        expires_at: row.get::<_, At>(7)?.0,
    };
    Ok((session, row.get(8)?))
}

pub(super) fn add_user(conn: &Connection, user: &User) -> Result<(), StoreError> {
    if by_id(conn, &user.id)?.is_some() {
        return Err(StoreError::Duplicate { what: "user id" });
    }
    let sql = "INSERT INTO users (id, name, sign_in_name, role, unit, password_hash, disabled, created_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        user.id,
        user.name,
        sign_in_key(&user.sign_in_name),
        user.role,
        user.unit,
        user.password_hash,
        user.disabled,
        At(user.created_at),
    ];
    conn.prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("sign-in name"))?;
    Ok(())
}

pub(super) fn save_user(conn: &Connection, user: &User) -> Result<(), StoreError> {
    let sql = "UPDATE users SET name = ?2, sign_in_name = ?3, role = ?4, unit = ?5, password_hash = ?6, disabled = ?7
               WHERE id = ?1";
    let values = params![
        user.id,
        user.name,
        sign_in_key(&user.sign_in_name),
        user.role,
        user.unit,
        user.password_hash,
        user.disabled,
    ];
    let changed = conn
        .prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("sign-in name"))?;
    if changed == 0 {
        return Err(StoreError::NotFound { what: "user" });
    }
    if user.disabled {
        end_sessions_of(conn, &user.id)?;
    }
    Ok(())
}

pub(super) fn by_id(conn: &Connection, id: &UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE id = ?1");
    Ok(conn
        .prepare_cached(&sql)?
        .query_row([id], |row| read_user(row, 0))
        .optional()?)
}

pub(super) fn by_sign_in_name(conn: &Connection, name: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE sign_in_name = ?1");
    Ok(conn
        .prepare_cached(&sql)?
        .query_row([sign_in_key(name)], |row| read_user(row, 0))
        .optional()?)
}

pub(super) fn users(
    conn: &Connection,
    after: Option<&UserId>,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let after = after.map_or("", UserId::as_str);
    let rows = statement.query_map(params![after, limit.min(limits::PAGE)], |row| {
        read_user(row, 0)
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn start_session(
    conn: &Connection,
    ring: &Keyring,
    session: &Session,
) -> Result<(), StoreError> {
    if by_id(conn, &session.user)?.is_none_or(|user| user.disabled) {
        return Err(StoreError::NotFound { what: "user" });
    }
    let sql = "INSERT INTO sessions (token_hash, family, user, means, created_at, proved_at, last_seen_at, expires_at, seal)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let values = params![
        session.token_hash,
        session.family,
        session.user,
        session.means,
        At(session.created_at),
        At(session.proved_at),
        At(session.last_seen_at),
        At(session.expires_at),
        sealed::session(ring, session),
    ];
    conn.prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("session token"))?;
    Ok(())
}

/// The session under this token. INVARIANT (`suite/rows`): one that nothing vouches for is none.
pub(super) fn session(
    conn: &Connection,
    ring: &Keyring,
    token: &TokenHash,
) -> Result<Option<(Session, User)>, StoreError> {
    let sql = format!(
        "SELECT {SESSION}, {USER} FROM sessions JOIN users ON users.id = user WHERE token_hash = ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row([token], |row| {
        Ok((read_session(row)?, read_user(row, SESSION_COLUMNS)?))
    });
    let vouched = found.optional()?.filter(|((session, seal), _)| {
        sealed::holds(seal, &sealed::session(ring, session), "a session")
    });
    Ok(vouched.map(|((session, _), user)| (session, user)))
}

/// Every session, with whether something vouches for it.
pub(super) fn each_session(
    conn: &Connection,
    ring: &Keyring,
    take: &mut dyn FnMut(Session, bool) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare(&format!("SELECT {SESSION} FROM sessions ORDER BY user"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (session, seal) = read_session(row)?;
        let holds = same(&seal, &sealed::session(ring, &session));
        take(session, holds)?;
    }
    Ok(())
}

/// Gives a session another token, because its owner proved again who they are.
pub(super) fn renew_session(
    conn: &Connection,
    ring: &Keyring,
    (old, new): (&TokenHash, &TokenHash),
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Some((was, _)) = session(conn, ring, old)? else {
        return Ok(false);
    };
    let is = Session {
        token_hash: *new,
        proved_at: was.proved_at.max(at),
        last_seen_at: was.last_seen_at.max(at),
        ..was
    };
    let sql = "UPDATE sessions SET token_hash = ?2, proved_at = ?3, last_seen_at = ?4, seal = ?5 WHERE token_hash = ?1";
    let values = params![
        old,
        new,
        At(is.proved_at),
        At(is.last_seen_at),
        sealed::session(ring, &is)
    ];
    let renewed = conn
        .prepare_cached(sql)?
        .execute(values)
        .map_err(unless_unique("session token"))?;
    Ok(renewed > 0)
}

pub(super) fn touch_session(
    conn: &Connection,
    token: &TokenHash,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE sessions SET last_seen_at = max(last_seen_at, ?2) WHERE token_hash = ?1";
    Ok(conn.prepare_cached(sql)?.execute(params![token, At(at)])? > 0)
}

pub(super) fn end_session(conn: &Connection, token: &TokenHash) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("DELETE FROM sessions WHERE token_hash = ?1")?
        .execute([token])?
        > 0)
}

pub(super) fn end_sessions_of(conn: &Connection, user: &UserId) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached("DELETE FROM sessions WHERE user = ?1")?
        .execute([user])? as u64)
}

pub(super) fn sessions_of(conn: &Connection, user: &UserId) -> Result<Vec<Session>, StoreError> {
    let sql =
        format!("SELECT {SESSION} FROM sessions WHERE user = ?1 ORDER BY created_at, token_hash");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([user], |row| Ok(read_session(row)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
