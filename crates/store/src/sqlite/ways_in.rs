//! Passkeys, identities at other providers, and the log of what changed about ways in.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::changes::{note, there_is};
use super::rows::{At, unless_unique};
use super::writer::Tx;
use super::{SqliteStore, accounts, changes, sessions, standing, tokens};
use crate::store::Answer;
use crate::{
    Change, ChangeEntry, Identity, OtherWays, Passkey, Removed, StoreError, TokenHash, User, UserId, WaysIn, limits,
    sign_in_key,
};

const PASSKEY: &str = "credential, user, name, checks, created_at, last_used_at";
const IDENTITY: &str = "issuer, subject, user, created_at";

fn read_passkey(row: &Row<'_>) -> rusqlite::Result<Passkey> {
    Ok(Passkey {
        credential: row.get(0)?,
        user: row.get(1)?,
        name: row.get(2)?,
        checks: row.get(3)?,
        created_at: row.get::<_, At>(4)?.0,
        last_used_at: row.get::<_, Option<At>>(5)?.map(|at| at.0),
    })
}

fn read_identity(row: &Row<'_>) -> rusqlite::Result<Identity> {
    Ok(Identity { issuer: row.get(0)?, subject: row.get(1)?, user: row.get(2)?, created_at: row.get::<_, At>(3)?.0 })
}

/// Whether anything of an account is different, and so has to be told.
fn differ(before: &User, after: &User) -> bool {
    let after = User { sign_in_name: sign_in_key(&after.sign_in_name), created_at: before.created_at, ..after.clone() };
    *before != after
}

/// INVARIANT (told in the same step): an account never changes without a line and an entry that say so.
fn change_user(tx: &Tx, user: &User, changes: &[Change]) -> Result<(), StoreError> {
    let before = accounts::by_id(tx, &user.id)?.ok_or(StoreError::NotFound { what: "user" })?;
    standing::holds(tx, &user.id)?;
    if changes.is_empty() && differ(&before, user) {
        return Err(StoreError::Contradiction { what: "an account changes and nothing says how" });
    }
    accounts::save_user(tx, user)?;
    if (&before.role, &before.password_hash) != (&user.role, &user.password_hash) {
        sessions::end_others(tx, &user.id, changes.iter().find_map(|change| change.session.as_ref()))?;
    }
    changes.iter().try_for_each(|change| note(tx, change))
}

fn put_right(tx: &Tx, user: &User, changes: &[Change]) -> Result<(), StoreError> {
    there_is(tx, &user.id)?;
    if standing::holds(tx, &user.id).is_ok() || changes.is_empty() {
        return Err(StoreError::Contradiction {
            what: "an account is put right that nobody changed outside, or nothing says so",
        });
    }
    let bare = User { password_hash: None, ..user.clone() };
    accounts::save_user(tx, &bare)?;
    for table in ["passkeys", "identities"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE user = ?1"))?.execute([&user.id])?;
    }
    sessions::end_all(tx, &user.id)?;
    tokens::end_all(tx, &user.id)?;
    changes.iter().try_for_each(|change| note(tx, change))
}

fn add_passkey(tx: &Tx, passkey: &Passkey, change: &Change) -> Result<(), StoreError> {
    there_is(tx, &passkey.user)?;
    standing::holds(tx, &passkey.user)?;
    let had = passkeys_of(tx, &passkey.user)?.len();
    limits::at_most("list of passkeys", had + 1, limits::PASSKEYS)?;
    let sql = "INSERT INTO passkeys (credential, user, name, checks, created_at, last_used_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        passkey.credential,
        passkey.user,
        passkey.name,
        passkey.checks,
        At(passkey.created_at),
        passkey.last_used_at.map(At),
    ];
    tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("passkey"))?;
    sessions::end_others(tx, &passkey.user, change.session.as_ref())?;
    note(tx, change)
}

fn passkey(conn: &Connection, credential: &[u8]) -> Result<Option<Passkey>, StoreError> {
    let sql = format!("SELECT {PASSKEY} FROM passkeys WHERE credential = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([credential], read_passkey).optional()?)
}

fn passkeys_of(conn: &Connection, user: &UserId) -> Result<Vec<Passkey>, StoreError> {
    let sql = format!("SELECT {PASSKEY} FROM passkeys WHERE user = ?1 ORDER BY created_at, credential");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([user], read_passkey)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// INVARIANT (`suite/standing`): a counter that somebody put back lets no copy in, because it is not what the last use left.
fn use_passkey(tx: &Tx, credential: &[u8], (was, checks): (&str, &str), at: Timestamp) -> Result<bool, StoreError> {
    let Some(found) = passkey(tx, credential)? else {
        return Ok(false);
    };
    standing::holds(tx, &found.user)?;
    let sql = "UPDATE passkeys SET checks = ?3, last_used_at = ?4 WHERE credential = ?1 AND checks = ?2";
    let used = tx.prepare_cached(sql)?.execute(params![credential, was, checks, At(at)])? > 0;
    if used && was != checks {
        changes::passkey_used(tx, &found.user, at)?;
    }
    Ok(used)
}

fn remove_passkey(
    tx: &Tx,
    (user, credential): (&UserId, &[u8]),
    others: &OtherWays,
    change: &Change,
) -> Result<Removed, StoreError> {
    standing::holds(tx, user)?;
    let all = passkeys_of(tx, user)?;
    if !all.iter().any(|passkey| passkey.credential == credential) {
        return Ok(Removed::Unknown);
    }
    let password = others.passwords && accounts::by_id(tx, user)?.is_some_and(|user| user.password_hash.is_some());
    let known = identities_of(tx, user)?;
    let provider = known.iter().any(|one| others.provider.as_deref() == Some(one.issuer.as_str()));
    if all.len() == 1 && !password && !provider {
        return Ok(Removed::LastWayIn);
    }
    tx.prepare_cached("DELETE FROM passkeys WHERE credential = ?1")?.execute([credential])?;
    sessions::end_others(tx, user, change.session.as_ref())?;
    note(tx, change)?;
    Ok(Removed::Done)
}

fn add_identity(tx: &Tx, identity: &Identity, change: &Change) -> Result<(), StoreError> {
    there_is(tx, &identity.user)?;
    standing::holds(tx, &identity.user)?;
    let sql = "INSERT INTO identities (issuer, subject, user, created_at) VALUES (?1, ?2, ?3, ?4)";
    let values = params![identity.issuer, identity.subject, identity.user, At(identity.created_at)];
    tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("identity"))?;
    sessions::end_others(tx, &identity.user, change.session.as_ref())?;
    note(tx, change)
}

fn identity(conn: &Connection, issuer: &str, subject: &str) -> Result<Option<Identity>, StoreError> {
    let sql = format!("SELECT {IDENTITY} FROM identities WHERE issuer = ?1 AND subject = ?2");
    Ok(conn.prepare_cached(&sql)?.query_row([issuer, subject], read_identity).optional()?)
}

fn identities_of(conn: &Connection, user: &UserId) -> Result<Vec<Identity>, StoreError> {
    let sql = format!("SELECT {IDENTITY} FROM identities WHERE user = ?1 ORDER BY issuer");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([user], read_identity)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl WaysIn for SqliteStore {
    fn change_user(&self, user: User, changes: Vec<Change>) -> Answer<'_, ()> {
        let checked = limits::user(&user).and_then(|()| changes.iter().try_for_each(limits::way_in_change));
        self.write(checked, move |conn| change_user(conn, &user, &changes))
    }

    fn put_right(&self, user: User, changes: Vec<Change>) -> Answer<'_, ()> {
        let checked = limits::user(&user).and_then(|()| changes.iter().try_for_each(limits::way_in_change));
        self.write(checked, move |tx| put_right(tx, &user, &changes))
    }

    fn renew_session(&self, old: &TokenHash, new: &TokenHash, at: Timestamp) -> Answer<'_, bool> {
        let (old, new) = (*old, *new);
        self.write(Ok(()), move |tx| sessions::renew(tx, (&old, &new), at))
    }

    fn add_passkey(&self, passkey: Passkey, change: Change) -> Answer<'_, ()> {
        let checked = limits::passkey(&passkey).and_then(|()| limits::way_in_change(&change));
        self.write(checked, move |conn| add_passkey(conn, &passkey, &change))
    }

    fn passkey(&self, credential: &[u8]) -> Answer<'_, Option<Passkey>> {
        let credential = credential.to_vec();
        self.read(move |conn| passkey(conn, &credential))
    }

    fn passkeys_of(&self, user: &UserId) -> Answer<'_, Vec<Passkey>> {
        let user = user.clone();
        self.read(move |conn| passkeys_of(conn, &user))
    }

    fn use_passkey(&self, credential: &[u8], was: &str, checks: &str, at: Timestamp) -> Answer<'_, bool> {
        let (credential, was, checks) = (credential.to_vec(), was.to_owned(), checks.to_owned());
        let short = limits::at_most("passkey", checks.len(), limits::VALUE);
        self.write(short, move |tx| use_passkey(tx, &credential, (&was, &checks), at))
    }

    fn remove_passkey(
        &self,
        user: &UserId,
        credential: &[u8],
        others: &OtherWays,
        change: Change,
    ) -> Answer<'_, Removed> {
        let (user, credential, others) = (user.clone(), credential.to_vec(), others.clone());
        self.write(limits::way_in_change(&change), move |conn| {
            remove_passkey(conn, (&user, &credential), &others, &change)
        })
    }

    fn add_identity(&self, identity: Identity, change: Change) -> Answer<'_, ()> {
        let checked = limits::identity(&identity).and_then(|()| limits::way_in_change(&change));
        self.write(checked, move |conn| add_identity(conn, &identity, &change))
    }

    fn identity(&self, issuer: &str, subject: &str) -> Answer<'_, Option<Identity>> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        self.read(move |conn| identity(conn, &issuer, &subject))
    }

    fn identities_of(&self, user: &UserId) -> Answer<'_, Vec<Identity>> {
        let user = user.clone();
        self.read(move |conn| identities_of(conn, &user))
    }

    fn note_change(&self, change: Change) -> Answer<'_, ()> {
        self.write(limits::way_in_change(&change), move |tx| changes::note_holding(tx, &change))
    }

    fn changes_of(&self, user: &UserId, before: Option<u64>, limit: u32) -> Answer<'_, Vec<ChangeEntry>> {
        let (user, ring) = (user.clone(), Arc::clone(&self.ring));
        self.read(move |conn| changes::of(conn, &ring, &user, before, limit))
    }
}
