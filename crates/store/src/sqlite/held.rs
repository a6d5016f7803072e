//! What lets somebody in, and as what, as five digests that go into each entry about their account: a row that is changed
//! behind the program is not what the last entry about it left.
//!
//! They are HMACs under the key of the keyring that other things are looked up by: names and roles are few enough to be tried.

use std::collections::HashMap;
use std::iter;

use rusqlite::Connection;

use super::accounts;
use super::rows::unsigned;
use crate::keys::{Keyring, hex};
use crate::line::Line;
use crate::{StoreError, User, UserId};

/// What the HMACs are made for.
const HELD: &str = "account held";
/// Bytes of each that are kept: nobody finds a second account with the same 128 bits.
const SHORT: usize = 16;

/// What each digest is over, in words and in order.
pub(super) const PARTS: [&str; 5] = [
    "name, role, unit, or whether it may sign in",
    "password",
    "passkeys",
    "ties to the force's own sign-in",
    "counters of passkeys",
];
/// Places of two of them: where the passkeys are others, so are their counters, and that says nothing more.
const PASSKEYS: usize = 2;
const COUNTERS: usize = 4;

/// The digests of an account as it is now; nothing where there is no such account.
pub(super) fn digests(conn: &Connection, ring: &Keyring, user: &UserId) -> Result<Option<String>, StoreError> {
    accounts::by_id(conn, user)?.map(|found| of(conn, ring, &found)).transpose()
}

/// The digests of an account whose row was read just now.
pub(super) fn of(conn: &Connection, ring: &Keyring, user: &User) -> Result<String, StoreError> {
    let (passkeys, counters) = passkeys(conn, &user.id)?;
    let password = user.password_hash.clone().unwrap_or_default();
    let parts = [account(user), password, passkeys, identities(conn, &user.id)?, counters];
    let digests = (0..).zip(&parts).map(|(place, part)| digest(ring, &user.id, place, part));
    Ok(digests.collect::<Vec<_>>().join("."))
}

fn digest(ring: &Keyring, user: &UserId, place: i64, part: &str) -> String {
    let line = Line::default().number("part", place).text("user", user.as_str()).text("what", part);
    let whole = ring.blind(HELD, line.end().as_bytes());
    hex(whole.get(..SHORT).unwrap_or(&whole))
}

/// Which parts of an account are not what an entry left, in words.
pub(super) fn which_differ(is: &str, was: &str) -> String {
    let pairs = is.split('.').zip(was.split('.').chain(iter::repeat("")));
    let differ: Vec<bool> = pairs.map(|(is, was)| is != was).collect();
    let said = |place: usize| differ.get(place) == Some(&true);
    let told = |place: usize| said(place) && !(place == COUNTERS && said(PASSKEYS));
    let parts = PARTS.into_iter().enumerate().filter(|(place, _)| told(*place));
    parts.map(|(_, part)| part).collect::<Vec<_>>().join(" and its ")
}

/// Whether an entry is from before there were counters in it.
pub(super) fn is_from_before(left: &str) -> bool {
    left.split('.').count() < PARTS.len()
}

/// Whether an account is what an entry from before left it as, as far as that says.
pub(super) fn fits_one_from_before(is: &str, left: &str) -> bool {
    is_from_before(left) && is.strip_prefix(left).is_some_and(|rest| rest.starts_with('.'))
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

/// Of what checks a passkey's answers, first the public key alone; then all of it, which is written at each use that moves its
/// counter: a counter that is put back would let a copy in.
fn passkeys(conn: &Connection, user: &UserId) -> Result<(String, String), StoreError> {
    let sql = "SELECT hex(credential), name, created_at,
                      CASE WHEN json_valid(checks) THEN checks -> '$.cred.cred' END, checks
               FROM passkeys WHERE user = ?1 ORDER BY credential";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user], |row| {
        let credential: String = row.get(0)?;
        let key = Line::default()
            .text("credential", &credential)
            .text("name", &row.get::<_, String>(1)?)
            .number("since", row.get(2)?)
            .maybe("key", row.get::<_, Option<String>>(3)?.as_deref());
        let counter = Line::default().text("checks", &row.get::<_, String>(4)?).text("credential", &credential);
        Ok((key.end(), counter.end()))
    })?;
    let (keys, counters): (Vec<_>, Vec<_>) = rows.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    Ok((keys.join("\n"), counters.join("\n")))
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

/// What the last entry about each account left it as, and the place of that entry. Read from the log, and from no list beside it.
pub(super) fn last_of_each(conn: &Connection) -> Result<HashMap<UserId, (u64, String)>, StoreError> {
    let sql = "SELECT leaf_index, leaf FROM ledger_entries INDEXED BY ledger_accounts
               WHERE instr(leaf, '\"account\":\"') > 0 ORDER BY leaf_index";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut last = HashMap::new();
    while let Some(row) = rows.next()? {
        let (index, leaf): (i64, String) = (row.get(0)?, row.get(1)?);
        // A change of an account is about it; that a passkey was used names its user.
        let about =
            value(&leaf, "\"about\":\"").or_else(|| value(&leaf, "\"user\":\"")).and_then(|id| UserId::new(id).ok());
        if let (Some(user), Some(left)) = (about, of_leaf(&leaf)) {
            last.insert(user, (unsigned(index), left.to_owned()));
        }
    }
    Ok(last)
}
