//! Users.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{At, unless_unique};
use super::sessions;
use super::writer::Tx;
use crate::{StoreError, User, UserId, limits, sign_in_key};

/// What [`read_user`] takes.
pub(super) const USER: &str = "users.id, name, sign_in_name, role, unit, password_hash, disabled, users.created_at";

pub(super) fn read_user(row: &Row<'_>, from: usize) -> rusqlite::Result<User> {
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
    conn.prepare_cached(sql)?.execute(values).map_err(unless_unique("sign-in name"))?;
    Ok(())
}

pub(super) fn save_user(tx: &Tx, user: &User) -> Result<(), StoreError> {
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
    let changed = tx.prepare_cached(sql)?.execute(values).map_err(unless_unique("sign-in name"))?;
    if changed == 0 {
        return Err(StoreError::NotFound { what: "user" });
    }
    if user.disabled {
        sessions::end_all(tx, &user.id)?;
    }
    Ok(())
}

pub(super) fn by_id(conn: &Connection, id: &UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE id = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([id], |row| read_user(row, 0)).optional()?)
}

pub(super) fn by_sign_in_name(conn: &Connection, name: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE sign_in_name = ?1");
    Ok(conn.prepare_cached(&sql)?.query_row([sign_in_key(name)], |row| read_user(row, 0)).optional()?)
}

pub(super) fn users(conn: &Connection, after: Option<&UserId>, limit: u32) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM users WHERE id > ?1 ORDER BY id LIMIT ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let after = after.map_or("", UserId::as_str);
    let rows = statement.query_map(params![after, limit.min(limits::PAGE)], |row| read_user(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
