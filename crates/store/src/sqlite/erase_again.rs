//! A database that was brought back from before an erasure: the keys are gone, and what was derived from the words is here
//! again. The keyring says what was destroyed ([`Keyring::all_gone`]), so the erasure is done again, and the log tells of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::writer::Tx;
use super::{audit, erase, ledger};
use crate::keys::{KeyId, Keyring, Owner};
use crate::{Erase, OPERATOR, StoreError, StreamId, Subject, UserId};

/// Why, in the log: who decided it, and why, is in the entries that this database does not have.
const REASON: &str = "Done again: this database is from before the erasure, and the keys were destroyed then";

/// What is to be erased again: the report, whose words (nothing for all of it), the keys.
type Owed = (StreamId, Option<Subject>, Vec<(KeyId, Subject)>);

/// Erasures that this database does not know of.
pub(super) fn owed(conn: &Connection, ring: &Keyring) -> Result<Vec<Owed>, StoreError> {
    let known = "SELECT 1 FROM erased_keys WHERE key_id = ?1";
    let used = "SELECT 1 FROM events WHERE stream = ?1 AND key_id = ?2 LIMIT 1";
    let (mut known, mut used) = (conn.prepare(known)?, conn.prepare(used)?);
    let mut by_report: BTreeMap<StreamId, Vec<(KeyId, Subject)>> = BTreeMap::new();
    for (id, owner) in ring.all_gone() {
        // Keys of what came after this database was copied, and of the words of the log, are of no report here.
        let Owner::Part(stream, subject) = owner else {
            continue;
        };
        let name = id.to_string();
        if !known.exists([&name])? && used.exists(params![stream, name])? {
            by_report.entry(stream).or_default().push((id, subject));
        }
    }
    let mut owed = Vec::new();
    for (stream, keys) in by_report {
        // What happened goes only with the whole report.
        if keys.iter().any(|(_, subject)| *subject == Subject::Report) {
            owed.push((stream, None, keys));
            continue;
        }
        for (id, subject) in keys {
            let key = vec![(id, subject.clone())];
            owed.push((stream.clone(), Some(subject), key));
        }
    }
    Ok(owed)
}

/// Keys that were destroyed before keyrings kept their names are noted there, as far as the log tells of it.
fn remember(tx: &Tx) -> Result<(), StoreError> {
    let mut gone = BTreeMap::new();
    let mut statement = tx.prepare("SELECT key_id, stream, subject FROM erased_keys")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, stream, subject): (String, StreamId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (Ok(id), Ok(of)) = (key.parse::<KeyId>(), subject.parse()) else {
            continue;
        };
        if tx.ring.has(&id) || tx.ring.gone(&id).is_some() {
            continue;
        }
        audit::is_told(tx, stream.as_str(), Some(&subject))?;
        gone.insert(id, Owner::Part(stream, of));
    }
    Ok(tx.ring.note_gone(gone)?)
}

/// At the opening, before anything else is written: each is meant again, and [`erase::finish_all`] goes on with it.
pub(super) fn again(tx: &Tx) -> Result<(), StoreError> {
    remember(tx)?;
    let owed = owed(tx, &tx.ring)?;
    if owed.is_empty() {
        return Ok(());
    }
    ledger::at_the_opening(tx, || mean(tx, &owed))?;
    tracing::warn!(count = owed.len(), "this database is from before erasures: they are done again");
    Ok(())
}

fn mean(tx: &Tx, owed: &[Owed]) -> Result<(), StoreError> {
    let actor = UserId::new(OPERATOR).map_err(|_| StoreError::Unreadable { what: "user" })?;
    for (stream, subject, keys) in owed {
        let erase = Erase {
            stream: stream.clone(),
            subject: subject.clone(),
            actor: actor.clone(),
            reason: REASON.into(),
            at: Timestamp::now(),
        };
        erase::mean_with(tx, &erase, keys)?;
    }
    Ok(())
}
