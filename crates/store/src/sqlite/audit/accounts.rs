//! Whether accounts and ways in are what the last entry about each left.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use super::super::rows::unsigned;
use super::super::{accounts, held};
use crate::keys::Keyring;
use crate::{LogFault, StoreError, UserId};

/// The first account that differs. The lines of what changed are held against the log before.
pub(in super::super) fn fit(conn: &Connection, ring: &Keyring) -> Result<(), StoreError> {
    nobodys(conn)?;
    let last = held::last_of_each(conn)?;
    let mut statement = conn.prepare("SELECT id FROM users ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let user: UserId = row.get(0)?;
        same(conn, ring, &user, &last)?;
    }
    Ok(())
}

fn same(
    conn: &Connection,
    ring: &Keyring,
    user: &UserId,
    last: &HashMap<UserId, (u64, String)>,
) -> Result<(), StoreError> {
    let Some((index, said)) = last.get(user) else {
        // Where no entry holds what an account is, this version has not opened the database for writing yet.
        return match last.is_empty() {
            true => Ok(()),
            false => Err(differs(user, as_it_is(conn, user)?, "of no such account".to_owned())),
        };
    };
    let found = held::digests(conn, ring, user)?.unwrap_or_default();
    let none_holds_as_much = || last.values().all(|(_, left)| held::is_from_before(left));
    if found == *said || held::fits_one_from_before(&found, said) && none_holds_as_much() {
        return Ok(());
    }
    let said = format!(
        "that entry {index}, the last about it, left its {} different (\"Accounts and keys\" has in words what was done to it)",
        held::which_differ(&found, said)
    );
    Err(differs(user, as_it_is(conn, user)?, said))
}

/// A way in, or a line of what changed, of an account that is not there.
fn nobodys(conn: &Connection) -> Result<(), StoreError> {
    for (table, found) in [
        ("way_in_changes", "none, though the list of what changed has it"),
        ("passkeys", "none, and a passkey of it"),
        ("identities", "none, and a tie of it to the force's own sign-in"),
    ] {
        let sql = format!(
            "SELECT user, (SELECT max(leaf_index) FROM way_in_changes AS w WHERE w.user = t.user) FROM {table} AS t
             WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id = t.user) ORDER BY user LIMIT 1"
        );
        let nobody = conn.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        if let Some((user, entry)) = nobody.optional()? {
            let entry: Option<i64> = entry;
            let said = match entry {
                Some(entry) => format!("that there is one: entry {} is about it", unsigned(entry)),
                None => "of no such account".to_owned(),
            };
            return Err(differs(&user, found.to_owned(), said));
        }
    }
    Ok(())
}

/// What it says of itself, in words. No name: what this is written to may be kept.
fn as_it_is(conn: &Connection, user: &UserId) -> Result<String, StoreError> {
    let Some(found) = accounts::by_id(conn, user)? else {
        return Ok("none".to_owned());
    };
    let may = match found.disabled {
        true => "disabled",
        false => "active",
    };
    Ok(format!("{} in {}, {may}", found.role, found.unit))
}

fn differs(user: &UserId, found: String, said: String) -> StoreError {
    LogFault::Row { what: format!("account {user}"), found, said }.into()
}
