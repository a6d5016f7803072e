//! Whether what decides who may see a report, and whom it is found by, is what its events say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::rows::At;
use super::super::{append, erase, erase_again, index, projections, tokens};
use crate::keys::Keyring;
use crate::{
    Derived, DerivedAccess, Deriving, Listed, LogFault, ProjectionRow, RowsHeld, StoreError, StreamId, UserId,
};

/// The first row that differs. One report is in memory at a time.
pub(in super::super) fn fit(conn: &Connection, ring: &Keyring, deriving: &Deriving) -> Result<RowsHeld, StoreError> {
    strays(conn)?;
    let (name, value) = &deriving.findable_when;
    let mut held = RowsHeld { findable: tokens::setting(conn, name)?.as_ref() == Some(value), ..RowsHeld::default() };
    // In a copy from before an erasure what was derived is there still: the first start does it again.
    let owed = erase_again::owed(conn, ring)?;
    let mut owed: BTreeSet<StreamId> = owed.into_iter().map(|(stream, ..)| stream).collect();
    // So is one of a part that is under way.
    let mut under_way = conn.prepare("SELECT stream FROM erasures WHERE done_at IS NULL")?;
    let mut rows = under_way.query([])?;
    while let Some(row) = rows.next()? {
        owed.insert(row.get(0)?);
    }
    let mut statement = conn.prepare("SELECT stream FROM streams ORDER BY stream")?;
    let mut streams = statement.query([])?;
    while let Some(row) = streams.next()? {
        let stream: StreamId = row.get(0)?;
        // What is left of these is held against the log with the erasure.
        if erase::is_erased(conn, &stream)? || owed.contains(&stream) {
            continue;
        }
        let events = append::load(conn, ring, &stream, 1)?;
        match (deriving.derive)(&stream, &events) {
            Err(_) => held.unreadable += 1,
            Ok(derived) => {
                access(conn, &stream, derived.access.as_ref(), deriving.now)?;
                looks_in_emergencies(conn, &stream, &derived, deriving.emergency)?;
                held.listed += u64::from(listed(conn, &stream, derived.listed.as_ref())?);
                if held.findable {
                    findable(conn, ring, &stream, &derived)?;
                }
                held.reports += 1;
            }
        }
    }
    Ok(held)
}

/// Rows of what is no report.
fn strays(conn: &Connection) -> Result<(), StoreError> {
    for (table, column, found) in [
        ("events", "stream", "events, and nothing else of it"),
        ("projections", "report", "a row in the lists"),
        ("report_ties", "report", "somebody tied to it"),
        ("blind_index", "stream", "people who are found in it"),
    ] {
        let sql = format!(
            "SELECT {column} FROM {table} AS t WHERE NOT EXISTS (SELECT 1 FROM streams WHERE streams.stream = t.{column}) LIMIT 1"
        );
        let stray = conn.query_row(&sql, [], |row| row.get::<_, String>(0));
        if let Some(stream) = stray.optional()? {
            let said = match table {
                "events" => "that there is such a report",
                _ => "of no such report",
            };
            return Err(differs(&stream, None, found.to_owned(), said.to_owned()));
        }
    }
    Ok(())
}

fn differs(stream: &str, reference: Option<&str>, found: String, said: String) -> StoreError {
    let what = match reference {
        Some(reference) => format!("report {reference} ({stream})"),
        None => format!("report {stream}"),
    };
    LogFault::Row { what, found, said }.into()
}

/// The columns and ties by which it is decided who may see it.
fn access(
    conn: &Connection,
    stream: &StreamId,
    derived: Option<&DerivedAccess>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let there = projections::by_report(conn, stream)?;
    let (row, said) = match (there, derived) {
        (None, None) => return Ok(()),
        (Some(row), None) => {
            let said = "that it was never begun".to_owned();
            let found = "a row in the lists".to_owned();
            return Err(differs(stream.as_str(), Some(&row.reference), found, said));
        }
        (None, Some(said)) => {
            let found = "no row in the lists".to_owned();
            let begun = "that it was begun".to_owned();
            return Err(differs(stream.as_str(), Some(&said.reference), found, begun));
        }
        (Some(row), Some(said)) => (row, said),
    };
    for (what, found, said) in columns(&row, said) {
        if found != said {
            let differ = |words: String| format!("{what} {words}");
            let reference = Some(row.reference.as_str());
            return Err(differs(stream.as_str(), reference, differ(found), differ(said)));
        }
    }
    if let Some((found, told)) = emergencies(&row, said, now) {
        return Err(differs(stream.as_str(), Some(&row.reference), found, told));
    }
    Ok(())
}

/// That whoever looked because of an emergency had opened it: a tie that somebody put into the database, and took out again, leaves
/// the look.
fn looks_in_emergencies(
    conn: &Connection,
    stream: &StreamId,
    derived: &Derived,
    purpose: &str,
) -> Result<(), StoreError> {
    let sql = "SELECT user, first_at, leaf_index FROM accesses WHERE report = ?1 AND purpose = ?2 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut looks = statement.query(params![stream, purpose])?;
    while let Some(look) = looks.next()? {
        let (user, at, entry): (UserId, At, Option<i64>) = (look.get(0)?, look.get(1)?, look.get(2)?);
        let opened = |(who, from, until): &(UserId, Timestamp, Timestamp)| {
            *who == user && from.as_microsecond() <= at.0.as_microsecond() && at.0 <= *until
        };
        if !derived.openings.iter().any(opened) {
            let entry = entry.map_or_else(String::new, |entry| format!(" (entry {entry} of the log)"));
            let found = format!("a look by {user} at {} because of an emergency{entry}", at.0);
            let said = "of no opening by them in an emergency then".to_owned();
            let reference = derived.access.as_ref().map(|access| access.reference.as_str());
            return Err(differs(stream.as_str(), reference, found, said));
        }
    }
    Ok(())
}

/// Where it stands in the lists. False where that was not to be held against anything: the row is by other guidance.
fn listed(conn: &Connection, stream: &StreamId, derived: Option<&Listed>) -> Result<bool, StoreError> {
    let there = projections::by_report(conn, stream)?;
    let (Some(row), Some(said)) = (there, derived) else {
        // Of what was never begun there is no row to stand anywhere.
        return Ok(false);
    };
    if row.derived_by != said.derived_by {
        return Ok(false);
    }
    let since = |at: Option<Timestamp>| at.map_or("none".to_owned(), |at| at.to_string());
    for (what, found, said) in [
        ("where it stands:", row.state.clone(), said.state.clone()),
        ("class:", row.class.clone(), said.class.clone()),
        ("next due:", since(row.next_due_at), since(said.next_due_at)),
        ("waiting for a supervisor since:", since(row.awaiting_review_since), since(said.awaiting_review_since)),
        ("last written to:", since(Some(row.updated_at)), since(Some(said.updated_at))),
        ("to be looked at again from:", since(row.review_at), since(said.review_at)),
    ] {
        if found != said {
            let reference = Some(row.reference.as_str());
            let (found, said) = (format!("{what} {found}"), format!("{what} {said}"));
            return Err(differs(stream.as_str(), reference, found, said));
        }
    }
    Ok(true)
}

/// Each in words, as it is and as it has to be.
fn columns(row: &ProjectionRow, said: &DerivedAccess) -> [(&'static str, String, String); 9] {
    let one = |user: &Option<UserId>| user.as_ref().map_or("nobody", UserId::as_str).to_owned();
    let all = |users: &[UserId]| {
        let users: BTreeSet<&str> = users.iter().map(UserId::as_str).collect();
        match users.is_empty() {
            true => "nobody".to_owned(),
            false => users.into_iter().collect::<Vec<_>>().join(", "),
        }
    };
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let since = |at: Option<Timestamp>| at.map_or("none".to_owned(), |at| at.to_string());
    let (ties, must) = (&row.ties, &said.ties);
    [
        ("reference:", row.reference.clone(), said.reference.clone()),
        ("unit:", row.unit.clone(), said.unit.clone()),
        ("who works on it:", one(&row.allocated_to), one(&said.allocated_to)),
        ("closed:", yes(row.state == "closed"), yes(said.closed)),
        ("who began it:", one(&ties.started_by), one(&must.started_by)),
        ("restricted:", yes(ties.restricted), yes(must.restricted)),
        ("named in it:", all(&ties.members), all(&must.members)),
        ("with a conflict of interest:", all(&ties.conflicts), all(&must.conflicts)),
        ("an emergency opening that waits for a supervisor since:", since(ties.alert_since), since(must.alert_since)),
    ]
}

/// Those that let somebody in are there, and no other: when the row was written, some that are over now still lasted.
fn emergencies(row: &ProjectionRow, said: &DerivedAccess, now: Timestamp) -> Option<(String, String)> {
    let words =
        |(user, until): (&UserId, &Timestamp)| format!("an emergency opening that lets {user} in until {until}");
    let (there, opened) = (&row.ties.emergencies, &said.ties.emergencies);
    if let Some((user, until)) = there.iter().find(|one| !opened.contains(one)) {
        return Some((words((user, until)), "of no such opening".to_owned()));
    }
    // Somebody who opened it twice has one row, until the later moment.
    let mut lasting = BTreeMap::new();
    for (user, until) in opened.iter().filter(|(_, until)| *until > now) {
        let last = lasting.entry(user).or_insert(until);
        *last = (*last).max(until);
    }
    let gone = lasting.into_iter().find(|(user, until)| !there.iter().any(|(who, at)| who == *user && at == *until));
    gone.map(|one| ("no such opening".to_owned(), words(one)))
}

/// What people are found by is what their words give.
fn findable(conn: &Connection, ring: &Keyring, stream: &StreamId, derived: &Derived) -> Result<(), StoreError> {
    let mut expected = BTreeSet::new();
    for findable in &derived.findable {
        for term in index::terms(conn, ring, stream, findable)? {
            expected.insert((term, findable.subject.to_string()));
        }
    }
    let mut statement = conn.prepare_cached("SELECT term, subject FROM blind_index WHERE stream = ?1")?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let found: ([u8; 32], String) = (row.get(0)?, row.get(1)?);
        if !expected.remove(&found) {
            let words = format!("something that finds {} in it", found.1);
            let said = "nothing about them that it could come from".to_owned();
            return Err(differs(stream.as_str(), None, words, said));
        }
    }
    match expected.first() {
        None => Ok(()),
        Some((_, subject)) => {
            let found = format!("not everything that finds {subject} in it");
            let said = "more about them".to_owned();
            Err(differs(stream.as_str(), None, found, said))
        }
    }
}
