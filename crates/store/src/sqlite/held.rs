//! What lets somebody in, and as what, as four digests that go into each entry about their account: a row that is changed
//! behind the program is not what the last entry about it left.
//!
//! They are HMACs under the key of the keyring that other things are looked up by: names and roles are few enough to be tried.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use super::accounts;
use crate::keys::{Keyring, hex};
use crate::line::Line;
use crate::{StoreError, User, UserId};

/// What the HMACs are made for.
const HELD: &str = "account held";
/// Bytes of each that are kept: nobody finds a second account with the same 128 bits.
const SHORT: usize = 16;

/// What each digest is over, in words and in order.
pub(super) const PARTS: [&str; 4] =
    ["name, role, unit, or whether it may sign in", "password", "passkeys", "ties to the force's own sign-in"];

/// The digests of an account as it is now; nothing where there is no such account.
pub(super) fn digests(conn: &Connection, ring: &Keyring, user: &UserId) -> Result<Option<String>, StoreError> {
    let Some(found) = accounts::by_id(conn, user)? else {
        return Ok(None);
    };
    let [about, password] = of_row(ring, &found);
    let passkeys = digest(ring, user, 2, &passkeys(conn, user)?);
    let ties = digest(ring, user, 3, &identities(conn, user)?);
    Ok(Some([about, password, passkeys, ties].join(".")))
}

/// The first two of them, which are over the row of the account itself.
pub(super) fn of_row(ring: &Keyring, user: &User) -> [String; 2] {
    let password = user.password_hash.as_deref().unwrap_or_default();
    [digest(ring, &user.id, 0, &account(user)), digest(ring, &user.id, 1, password)]
}

fn digest(ring: &Keyring, user: &UserId, place: i64, part: &str) -> String {
    let line = Line::default().number("part", place).text("user", user.as_str()).text("what", part);
    let whole = ring.blind(HELD, line.end().as_bytes());
    hex(whole.get(..SHORT).unwrap_or(&whole))
}

/// Which parts of an account are not what an entry left, in words.
pub(super) fn which_differ(is: &str, was: &str) -> String {
    let pairs = is.split('.').zip(was.split('.')).zip(PARTS);
    let parts = pairs.filter(|((is, was), _)| is != was);
    parts.map(|(_, part)| part).collect::<Vec<_>>().join(" and its ")
}

fn account(user: &User) -> String {
    Line::default()
        .number("created", user.created_at.as_microsecond())
        .number("disabled", i64::from(user.disabled))
        .text("name", &user.name)
        .text("role", &user.role)
        .text("signs-in-as", &user.sign_in_name)
        .text("unit", &user.unit)
        .end()
}

/// Of what checks a passkey's answers, the public key alone: the rest is written at each use, the counter among it.
fn passkeys(conn: &Connection, user: &UserId) -> Result<String, StoreError> {
    let sql = "SELECT hex(credential), name, created_at,
                      CASE WHEN json_valid(checks) THEN checks -> '$.cred.cred' END
               FROM passkeys WHERE user = ?1 ORDER BY credential";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user], |row| {
        Ok(Line::default()
            .text("credential", &row.get::<_, String>(0)?)
            .text("name", &row.get::<_, String>(1)?)
            .number("since", row.get(2)?)
            .maybe("key", row.get::<_, Option<String>>(3)?.as_deref())
            .end())
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn identities(conn: &Connection, user: &UserId) -> Result<String, StoreError> {
    let sql = "SELECT issuer, subject FROM identities WHERE user = ?1 ORDER BY issuer, subject";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user], |row| {
        Ok(Line::default().text("issuer", &row.get::<_, String>(0)?).text("subject", &row.get::<_, String>(1)?).end())
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

/// The digests that an entry holds.
pub(super) fn of_leaf(leaf: &str) -> Option<&str> {
    value(leaf, "\"account\":\"")
}

/// What stands behind a name in an entry. In no text does that stand as it does here: quotes in it are escaped.
fn value<'a>(leaf: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = leaf.split_once(name)?;
    Some(rest.split_once('"')?.0)
}

/// What the last entry about each account left it as. Read from the log, and from no list beside it.
pub(super) fn last_of_each(conn: &Connection) -> Result<HashMap<UserId, String>, StoreError> {
    let sql = "SELECT leaf FROM ledger_entries INDEXED BY ledger_administered
               WHERE instr(leaf, '\"op\":\"administer\"') > 0 ORDER BY leaf_index";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut last = HashMap::new();
    while let Some(row) = rows.next()? {
        let leaf: String = row.get(0)?;
        let about = value(&leaf, "\"about\":\"").and_then(|id| UserId::new(id).ok());
        if let (Some(user), Some(left)) = (about, of_leaf(&leaf)) {
            last.insert(user, left.to_owned());
        }
    }
    Ok(last)
}

/// An account as an entry left it, where no account may be there any more.
pub(super) fn there_is_one(conn: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM ledger_entries INDEXED BY ledger_administered
               WHERE instr(leaf, '\"op\":\"administer\"') > 0 AND instr(leaf, '\"account\":\"') > 0 LIMIT 1";
    let found = conn.query_row(sql, [], |_| Ok(())).optional()?;
    Ok(found.is_some())
}
