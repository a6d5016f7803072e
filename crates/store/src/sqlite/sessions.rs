//! Who is signed in.
//!
//! A session lets somebody in while a key of the keyring vouches for its row, nobody ended it, and its account is what the program
//! left (`standing`). Each end but the one that the row itself names is an entry of the log: a row that is put back after it is
//! found at the next start too.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::SqliteStore;
use super::accounts::{self, USER, read_user};
use super::held;
use super::rows::{At, unless_unique};
use super::sealed::{self, Seal};
use super::standing::{self, Did, Kind};
use super::writer::Tx;
use crate::keys::{Keyring, same};
use crate::{Session, StoreError, TokenHash, User, UserId};

const SESSION: &str = "token_hash, family, user, means, sessions.created_at, proved_at, last_seen_at, expires_at, seal";
/// How many columns that is: those of the user follow.
const SESSION_COLUMNS: usize = 9;
/// What ends, and what the log calls that.
const ENDED: (Kind, &str) = (Kind::Session, "session-ended");

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

impl SqliteStore {
    /// The session under this token, and whose it is, if it may be used.
    pub(super) async fn admitted(&self, token: TokenHash) -> Result<Option<(Session, User)>, StoreError> {
        let ring = Arc::clone(&self.ring);
        let read = self.readers.run_here(|conn| {
            let found = session(conn, &ring, &token)?;
            found.map(|found| Ok((held::of(conn, &ring, &found.1)?, found))).transpose()
        });
        let Some((is, found)) = read.await? else {
            return Ok(None);
        };
        match &self.writer {
            Some(writer) if !self.left.admits(&found.0, &is) => writer.run(move |tx| admitted(tx, &token)).await,
            // A store that is only read has nobody signed in: another process has the sessions.
            _ => Ok(Some(found)),
        }
    }
}

/// The same, as the writer sees it.
fn admitted(tx: &Tx, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
    let Some((session, user)) = session(tx, &tx.ring, token)? else {
        return Ok(None);
    };
    if !tx.left.lives(Kind::Session, token) {
        tracing::error!(user = %user.id, "a session that had ended was put back into the database: it lets nobody in");
        return Ok(None);
    }
    standing::holds(tx, &user.id)?;
    Ok(Some((session, user)))
}

pub(super) fn start(tx: &Tx, session: &Session) -> Result<(), StoreError> {
    if accounts::by_id(tx, &session.user)?.is_none_or(|user| user.disabled) {
        return Err(StoreError::NotFound { what: "user" });
    }
    standing::holds(tx, &session.user)?;
    let sql =
        "INSERT INTO sessions (token_hash, family, user, means, created_at, proved_at, last_seen_at, expires_at, seal)
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
        sealed::session(&tx.ring, session),
    ];
    tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("session token"))?;
    tx.did.borrow_mut().push(Did::Began(Kind::Session, session.token_hash));
    Ok(())
}

/// The session under this token. INVARIANT (`suite/rows`): one that nothing vouches for is none.
fn session(conn: &Connection, ring: &Keyring, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
    let sql = format!("SELECT {SESSION}, {USER} FROM sessions JOIN users ON users.id = user WHERE token_hash = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_row([token], |row| Ok((read_session(row)?, read_user(row, SESSION_COLUMNS)?)));
    let vouched = found
        .optional()?
        .filter(|((session, seal), _)| sealed::holds(seal, &sealed::session(ring, session), "a session"));
    Ok(vouched.map(|((session, _), user)| (session, user)))
}

/// Every session, with whether something vouches for it.
pub(super) fn each(
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

/// Gives a session another token, because its owner proved again who they are. That of before is worth nothing from then on.
pub(super) fn renew(tx: &Tx, (old, new): (&TokenHash, &TokenHash), at: Timestamp) -> Result<bool, StoreError> {
    let Some((was, user)) = admitted(tx, old)? else {
        return Ok(false);
    };
    let is =
        Session { token_hash: *new, proved_at: was.proved_at.max(at), last_seen_at: was.last_seen_at.max(at), ..was };
    write(tx, old, &is)?;
    standing::ended(tx, ENDED, Some(&user.id), old)?;
    tx.did.borrow_mut().push(Did::Began(Kind::Session, *new));
    Ok(true)
}

/// Notes that a session was used.
pub(super) fn touch(tx: &Tx, token: &TokenHash, at: Timestamp) -> Result<bool, StoreError> {
    let Some((was, _)) = session(tx, &tx.ring, token)? else {
        return Ok(false);
    };
    let is = Session { last_seen_at: was.last_seen_at.max(at), ..was };
    write(tx, token, &is)?;
    Ok(true)
}

/// Writes what changes about a session, and vouches for it anew.
fn write(tx: &Tx, under: &TokenHash, is: &Session) -> Result<(), StoreError> {
    let sql = "UPDATE sessions SET token_hash = ?2, proved_at = ?3, last_seen_at = ?4, seal = ?5 WHERE token_hash = ?1";
    let values = params![under, is.token_hash, At(is.proved_at), At(is.last_seen_at), sealed::session(&tx.ring, is)];
    tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("session token"))?;
    Ok(())
}

pub(super) fn end(tx: &Tx, token: &TokenHash) -> Result<bool, StoreError> {
    let sql = "DELETE FROM sessions WHERE token_hash = ?1 RETURNING user";
    let mut statement = tx.prepare_cached(sql)?;
    let owner: Option<UserId> = statement.query_row([token], |row| row.get(0)).optional()?;
    match &owner {
        Some(owner) => standing::ended(tx, ENDED, Some(owner), token).map(|()| true),
        None => Ok(false),
    }
}

/// Ends every session of somebody. Tells how many there were.
pub(super) fn end_all(tx: &Tx, user: &UserId) -> Result<u64, StoreError> {
    end_others(tx, user, None)
}

/// Ends every session of somebody but one: what lets them in, or as what, is not what it was when the others began.
pub(super) fn end_others(tx: &Tx, user: &UserId, but: Option<&TokenHash>) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sessions WHERE user = ?1 AND token_hash IS NOT ?2 RETURNING token_hash";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params![user, but], |row| row.get(0))?;
    let all = rows.collect::<Result<Vec<TokenHash>, _>>()?;
    for token in &all {
        standing::ended(tx, ENDED, Some(user), token)?;
    }
    Ok(all.len() as u64)
}

/// Removes those whose own end is over. That is in no entry: a row that is put back names it.
pub(super) fn forget_expired(tx: &Tx, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sessions WHERE expires_at <= ?1 RETURNING token_hash";
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map([At(now)], |row| row.get(0))?;
    let all = rows.collect::<Result<Vec<TokenHash>, _>>()?;
    let count = all.len() as u64;
    let gone = all.into_iter().map(|token| Did::Ended(Kind::Session, token));
    tx.did.borrow_mut().extend(gone);
    Ok(count)
}

pub(super) fn of(conn: &Connection, user: &UserId) -> Result<Vec<Session>, StoreError> {
    let sql = format!("SELECT {SESSION} FROM sessions WHERE user = ?1 ORDER BY created_at, token_hash");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([user], |row| Ok(read_session(row)?.0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
