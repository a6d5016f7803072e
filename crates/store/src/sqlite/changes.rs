//! What changed about accounts and ways in: a line for whom it is about, and the entry of the log that tells of it.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::rows::{At, signed, unsigned};
use super::standing::Did;
use super::writer::Tx;
use super::{accounts, held, ledger, standing, words};
use crate::keys::{Keyring, digest, hex};
use crate::line::Line;
use crate::{Administered, AdministeredFilter, Change, ChangeEntry, Operation, StoreError, UserId, limits};

/// Before the word of a change, in the log.
pub(super) const ACCOUNT: &str = "account-";
/// An account from before entries said what they leave it as.
const ADOPTED: &str = "adopted";

/// That there is such a user.
pub(super) fn there_is(conn: &Connection, user: &UserId) -> Result<(), StoreError> {
    match accounts::by_id(conn, user)? {
        Some(_) => Ok(()),
        None => Err(StoreError::NotFound { what: "user" }),
    }
}

/// Writes the line and its entry, after the change itself: the entry holds what it leaves the account as. That it was what the
/// program left it as is asked before the change (`standing::holds`). Which, in words, is
/// encrypted beside the entry and nowhere else.
pub(super) fn note(tx: &Tx, change: &Change) -> Result<(), StoreError> {
    for user in [Some(&change.user), change.by.as_ref()].into_iter().flatten() {
        there_is(tx, user)?;
    }
    let sealed = match change.detail.as_str() {
        "" => None,
        detail => Some(words::seal(&tx.ring, change.at, detail)?),
    };
    let body = sealed.as_ref().map(|words| hex(&digest(&words.sealed)));
    let left = held::digests(tx, &tx.ring, &change.user)?;
    let leaf = leaf(
        (&change.user, change.by.as_ref()),
        &change.kind,
        change.at.as_microsecond(),
        body.as_deref(),
        left.as_deref(),
    );
    let index = ledger::add(tx, &leaf, sealed.as_ref())?;
    let sql = "INSERT INTO way_in_changes (user, changed_by, kind, detail, at, leaf_index)
               VALUES (?1, ?2, ?3, '', ?4, ?5)";
    let values = params![change.user, change.by, change.kind, At(change.at), signed(index)];
    tx.prepare_cached(sql)?.execute(values)?;
    let left = left.map(|left| Did::Account(change.user.clone(), left));
    tx.did.borrow_mut().extend(left);
    Ok(())
}

/// The entry that says what a use of a passkey left its account as: its counter has moved. It changes nothing of who gets in, so that
/// its owner is told nothing.
pub(super) fn passkey_used(tx: &Tx, user: &UserId, at: Timestamp) -> Result<(), StoreError> {
    let left = held::digests(tx, &tx.ring, user)?;
    let leaf = Line::default()
        .maybe("account", left.as_deref())
        .number("at", at.as_microsecond())
        .text("kind", "passkey-used")
        .text("op", Operation::SignIn.word())
        .text("user", user.as_str())
        .number("v", 1);
    ledger::add(tx, &leaf.end(), None)?;
    tx.did.borrow_mut().extend(left.map(|left| Did::Account(user.clone(), left)));
    Ok(())
}

/// Of a change that changes nothing of the account itself.
pub(super) fn note_holding(tx: &Tx, change: &Change) -> Result<(), StoreError> {
    standing::holds(tx, &change.user)?;
    note(tx, change)
}

/// The entry of a change: about whom and by whom, what, when, and the digests of its words and of the account.
pub(super) fn leaf(
    (about, by): (&UserId, Option<&UserId>),
    kind: &str,
    at: i64,
    body: Option<&str>,
    held: Option<&str>,
) -> String {
    Line::default()
        .text("about", about.as_str())
        .maybe("account", held)
        .maybe("actor", by.map(UserId::as_str))
        .number("at", at)
        .maybe("body", body)
        .text("kind", &format!("{ACCOUNT}{kind}"))
        .text("op", Operation::Administer.word())
        .number("v", 1)
        .end()
}

/// At the opening: of accounts from before, one entry each that holds what they are. Once there is an entry that holds as much, an
/// account that none tells of was put there behind the program, and stays without; and so does one that is not what an entry that
/// holds less left it as.
pub(super) fn adopt(tx: &Tx) -> Result<(), StoreError> {
    let last = held::last_of_each(tx)?;
    if last.values().any(|(_, left)| !held::is_from_before(left)) {
        return Ok(());
    }
    // The store has no clock: the latest that it knows of accounts.
    let sql =
        "SELECT id, max(created_at, coalesce((SELECT max(at) FROM way_in_changes), created_at)) FROM users ORDER BY id";
    let all = {
        let mut statement = tx.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, At>(1)?.0)))?;
        rows.collect::<Result<Vec<(UserId, _)>, _>>()?
    };
    let mut adopted = Vec::new();
    for (user, at) in all {
        let is = held::digests(tx, &tx.ring, &user)?.unwrap_or_default();
        let fits = match last.get(&user) {
            Some((_, left)) => held::fits_one_from_before(&is, left),
            None => last.is_empty(),
        };
        if fits {
            adopted.push((user, at));
        }
    }
    if adopted.is_empty() {
        return Ok(());
    }
    ledger::at_the_opening(tx, || {
        adopted.into_iter().try_for_each(|(user, at)| {
            let (kind, detail) = (ADOPTED.to_owned(), String::new());
            let by = None;
            note(tx, &Change { user, by, session: None, kind, detail, at })
        })
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<(Option<u64>, ChangeEntry)> {
    let entry = ChangeEntry {
        id: unsigned(row.get(0)?),
        change: Change {
            user: row.get(1)?,
            by: row.get(2)?,
            session: None,
            kind: row.get(3)?,
            detail: row.get(4)?,
            at: row.get::<_, At>(5)?.0,
        },
    };
    Ok((row.get::<_, Option<i64>>(6)?.map(unsigned), entry))
}

/// The changes about a user, newest first.
pub(super) fn of(
    conn: &Connection,
    ring: &Keyring,
    user: &UserId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<ChangeEntry>, StoreError> {
    let sql = "SELECT id, user, changed_by, kind, detail, at, leaf_index FROM way_in_changes
               WHERE user = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let before = before.map_or(i64::MAX, signed);
    let rows = statement.query_map(params![user, before, limit.min(limits::PAGE)], read)?;
    let mut all = Vec::new();
    for row in rows {
        let (leaf, mut entry) = row?;
        if let Some(leaf) = leaf
            && let Some(words) = ledger::words_of(conn, leaf)?
        {
            let opened = words::shown(conn, ring, entry.change.at, &words)?;
            entry.change.detail = opened.unwrap_or_default();
        }
        all.push(entry);
    }
    Ok(all)
}

/// The entries of the log about the service itself, newest first: at most `limit` before the place `before`.
/// They are read from the log and from no other table.
pub(super) fn administered(
    conn: &Connection,
    ring: &Keyring,
    filter: &AdministeredFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Administered>, StoreError> {
    // An entry that is no JSON any more was changed: that is for the verification to say, and no reason to
    // show nothing.
    let sql = "SELECT leaf_index, leaf ->> '$.kind', leaf ->> '$.actor', leaf ->> '$.about', leaf ->> '$.at'
               FROM (SELECT leaf_index, CASE WHEN json_valid(leaf) THEN leaf ELSE '{}' END AS leaf
                     FROM ledger_entries INDEXED BY ledger_administered
                     WHERE instr(leaf, '\"op\":\"administer\"') > 0 AND leaf_index < ?1)
               WHERE (?2 IS NULL OR leaf ->> '$.actor' = ?2 OR leaf ->> '$.about' = ?2)
                 AND (?3 IS NULL OR leaf ->> '$.at' >= ?3) AND (?4 IS NULL OR leaf ->> '$.at' < ?4)
               ORDER BY leaf_index DESC LIMIT ?5";
    let values = params![
        before.map_or(i64::MAX, signed),
        filter.person,
        filter.from.map(|at| at.as_microsecond()),
        filter.until.map(|at| at.as_microsecond()),
        limit.min(limits::PAGE)
    ];
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(values, |row| {
        Ok(Administered {
            leaf: unsigned(row.get(0)?),
            kind: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
            actor: row.get(2)?,
            about: row.get(3)?,
            at: row.get::<_, Option<At>>(4)?.map(|at| at.0),
            words: None,
        })
    })?;
    let mut all: Vec<Administered> = rows.collect::<Result<_, _>>()?;
    for entry in &mut all {
        if let Some(at) = entry.at
            && let Some(words) = ledger::words_of(conn, entry.leaf)?
        {
            entry.words = words::shown(conn, ring, at, &words)?;
        }
    }
    Ok(all)
}
