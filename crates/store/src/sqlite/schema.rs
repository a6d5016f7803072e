//! Layouts of the database and the steps between them.
//!
//! One SQL file is one step; the number of steps taken is SQLite's `user_version`. Steps only go
//! forward, a published one is never edited, and each is one transaction: it is taken whole or
//! not at all.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::{LogFault, StoreError};

/// Marks a database as ours: "Waym" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x5761_796D;

/// The steps, oldest first. Step *n* leads to layout *n + 1*.
pub(super) const STEPS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_record.sql"),
    include_str!("../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../migrations/sqlite/0003_access_log.sql"),
    include_str!("../../migrations/sqlite/0004_keys.sql"),
    include_str!("../../migrations/sqlite/0005_ledger.sql"),
    include_str!("../../migrations/sqlite/0006_erasure.sql"),
    include_str!("../../migrations/sqlite/0007_sign_in.sql"),
    include_str!("../../migrations/sqlite/0008_access.sql"),
    include_str!("../../migrations/sqlite/0009_retention.sql"),
    include_str!("../../migrations/sqlite/0010_administered.sql"),
    include_str!("../../migrations/sqlite/0011_lists.sql"),
    include_str!("../../migrations/sqlite/0012_disclosed.sql"),
    include_str!("../../migrations/sqlite/0013_took.sql"),
    include_str!("../../migrations/sqlite/0014_vouched.sql"),
    include_str!("../../migrations/sqlite/0015_standing.sql"),
    include_str!("../../migrations/sqlite/0016_counters.sql"),
];

/// What stands in the way of using a database.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    NotOurs,
    Newer { found: u32 },
    Older { found: u32 },
    Step { to: u32, detail: String },
}

/// The newest layout a list of steps leads to.
pub(super) fn newest(steps: &[&str]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// Reads the layout of a database; `None` for one that is still empty.
fn layout(conn: &Connection) -> rusqlite::Result<Result<Option<u32>, Unfit>> {
    let mark: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (mark, found, tables) {
        (0, 0, 0) => Ok(None),
        (APPLICATION_ID, found, _) => Ok(Some(found)),
        _ => Err(Unfit::NotOurs),
    })
}

/// Checks, before anything is changed, that a database is empty or ours.
pub(super) fn check_ours(conn: &Connection, steps: &[&str]) -> rusqlite::Result<Result<(), Unfit>> {
    Ok(match layout(conn)? {
        Ok(Some(found)) if found > newest(steps) => Err(Unfit::Newer { found }),
        Ok(_) => Ok(()),
        Err(unfit) => Err(unfit),
    })
}

/// Brings a database to the newest layout.
pub(super) fn migrate(conn: &Connection, steps: &[&str]) -> rusqlite::Result<Result<(), Unfit>> {
    if let Err(unfit) = check_ours(conn, steps)? {
        return Ok(Err(unfit));
    }
    let found: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (to, step) in (1..).zip(steps).skip_while(|(to, _)| *to <= found) {
        if let Err(error) = take(conn, to, step) {
            if !conn.is_autocommit() {
                conn.execute_batch("ROLLBACK")?;
            }
            return Ok(Err(Unfit::Step { to, detail: error.to_string() }));
        }
    }
    Ok(Ok(()))
}

fn take(conn: &Connection, to: u32, step: &str) -> rusqlite::Result<()> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    conn.execute_batch(step)?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", to)?;
    conn.execute_batch("COMMIT")
}

/// Checks that a database opened for reading has exactly the layout this program reads.
pub(super) fn check(conn: &Connection, steps: &[&str]) -> rusqlite::Result<Result<(), Unfit>> {
    Ok(match layout(conn)? {
        Err(unfit) => Err(unfit),
        Ok(None) => Err(Unfit::Older { found: 0 }),
        Ok(Some(found)) if found < newest(steps) => Err(Unfit::Older { found }),
        Ok(Some(found)) if found > newest(steps) => Err(Unfit::Newer { found }),
        Ok(Some(_)) => Ok(()),
    })
}

/// Everything that a database is made of, by what it is and its name.
fn parts(conn: &Connection) -> rusqlite::Result<BTreeMap<(String, String), String>> {
    let sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

/// That the tables, triggers and indexes are those of the newest layout: a trigger that is gone no longer keeps rows from being
/// changed, and one that somebody put there changes what the program writes.
///
/// # Errors
/// [`LogFault::Layout`] with the first that differs.
pub(super) fn fit(conn: &Connection) -> Result<(), StoreError> {
    let sound = Connection::open_in_memory()?;
    // Steps that are published lead from nothing to the newest layout.
    if migrate(&sound, STEPS)?.is_err() {
        return Ok(());
    }
    let (sound, found) = (parts(&sound)?, parts(conn)?);
    let gone = sound.iter().find_map(|((kind, name), sql)| match found.get(&(kind.clone(), name.clone())) {
        None => Some(format!("the {kind} {name} is gone")),
        Some(is) if is != sql => Some(format!("the {kind} {name} was changed")),
        Some(_) => None,
    });
    let foreign = || {
        let mut all = found.keys();
        all.find(|part| !sound.contains_key(part)).map(|(kind, name)| format!("the {kind} {name} is not one of ours"))
    };
    match gone.or_else(foreign) {
        Some(detail) => Err(LogFault::Layout { detail }.into()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_layout(layout: usize) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        migrate(&conn, &STEPS[..layout]).unwrap().unwrap();
        conn
    }

    fn version(conn: &Connection) -> u32 {
        conn.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    fn tables(conn: &Connection) -> String {
        let sql = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn from_every_layout_the_newest_is_reached_with_what_was_kept() {
        let newest_tables = tables(&at_layout(STEPS.len()));
        for layout in 1..=STEPS.len() {
            let conn = at_layout(layout);
            assert_eq!(version(&conn) as usize, layout);
            conn.execute_batch(
                "INSERT INTO streams VALUES ('r', 1);
                 INSERT INTO events (stream, version, event_id, kind, recorded_at, actor, codec, body)
                 VALUES ('r', 1, zeroblob(16), 'started', 0, 'a', 1, x'00ff');",
            )
            .unwrap();
            assert_eq!(migrate(&conn, STEPS).unwrap(), Ok(()));
            assert_eq!(version(&conn), newest(STEPS));
            assert_eq!(tables(&conn), newest_tables, "from layout {layout}");
            let body: Vec<u8> = conn.query_row("SELECT body FROM events", [], |row| row.get(0)).unwrap();
            assert_eq!(body, [0, 255]);
            assert_eq!(check(&conn, STEPS).unwrap(), Ok(()));
        }
    }

    #[test]
    fn every_table_is_strict() {
        let conn = at_layout(STEPS.len());
        let sql = "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                   AND name NOT LIKE 'sqlite_%' AND NOT strict";
        assert_eq!(conn.query_row(sql, [], |row| row.get::<_, i64>(0)), Ok(0));
    }

    #[test]
    fn a_step_that_fails_leaves_the_layout_before_it() {
        let conn = at_layout(2);
        let before = tables(&conn);
        for step in ["CREATE TABLE a (x) STRICT; CREATE TABLE a (x)", "CREATE TABLE a (x); INSERT INTO a VALUES (1, 2)"]
        {
            let steps = [STEPS[0], STEPS[1], step];
            assert!(matches!(migrate(&conn, &steps).unwrap(), Err(Unfit::Step { to: 3, .. })));
            assert!(conn.is_autocommit());
            assert_eq!((version(&conn), tables(&conn)), (2, before.clone()));
        }
        assert_eq!(migrate(&conn, STEPS).unwrap(), Ok(()));
    }

    #[test]
    fn a_newer_or_foreign_database_is_left_alone() {
        let newer = at_layout(STEPS.len());
        assert_eq!(migrate(&newer, &STEPS[..1]).unwrap(), Err(Unfit::Newer { found: newest(STEPS) }));
        let foreign = Connection::open_in_memory().unwrap();
        foreign.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert_eq!(migrate(&foreign, STEPS).unwrap(), Err(Unfit::NotOurs));
        let empty = Connection::open_in_memory().unwrap();
        assert_eq!(check(&empty, STEPS).unwrap(), Err(Unfit::Older { found: 0 }));
    }
}
