//! `docs/data.md` says how sensitive everything is that is kept: all tables are in it, and no others.

use std::collections::BTreeSet;

use rusqlite::Connection;
use store::SqliteStore;
use tempfile::TempDir;

use crate::fixture::*;

const TABLE: &str = include_str!("../../../../docs/data.md");
/// The levels that the document begins with.
const LEVELS: [&str; 5] = ["told", "that it is", "staff", "secret", "proof"];

/// Name and level of each row between this heading and the next.
fn rows(heading: &str) -> Vec<(String, String)> {
    let (_, section) = TABLE.split_once(&format!("## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let lines = section.lines().filter(|line| line.starts_with("| "));
    let rows = lines.skip(1).map(cells);
    rows.map(|row| {
        assert!(row.len() == 3 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        (row[0].trim_matches('`').to_owned(), row[1].clone())
    })
    .collect()
}

#[test]
fn every_table_is_in_the_document() {
    let folder = TempDir::new().unwrap();
    // Its own folder, which it makes: nobody else may read it.
    let path = folder.path().join("made").join("waymark.db");
    drop(SqliteStore::open(&path, &keys(&path)).unwrap());
    let database = Connection::open(&path).unwrap();
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
    let mut statement = database.prepare(sql).unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    let there: BTreeSet<String> = names.collect::<Result<_, _>>().unwrap();
    let told: BTreeSet<String> = rows("In the database").into_iter().map(|(name, _)| name).collect();
    assert_eq!(told, there);
}

#[test]
fn every_level_is_explained() {
    for (name, level) in rows("In the database").into_iter().chain(rows("Beside it")) {
        assert!(LEVELS.contains(&level.as_str()), "{name} is {level}");
    }
    for level in LEVELS {
        assert!(TABLE.contains(&format!("| **{level}** |")), "{level}");
    }
}
