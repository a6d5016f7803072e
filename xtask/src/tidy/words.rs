//! SQL stays in `store`, HTML and HTTP stay in `web`.

use super::source::{is_test, split};
use super::{Problem, Tree};

/// Who alone may build on these.
const OWNED: &[(&str, &[&str])] = &[
    ("store", &["rusqlite", "libsqlite3-sys", "tokio-postgres", "deadpool-postgres", "sqlx", "diesel"]),
    ("web", &["axum", "askama", "askama_web", "tower", "tower-http", "http", "hyper", "http-body-util", "reqwest"]),
];

/// Starts of SQL statements; each counts only together with the word that follows it somewhere.
const SQL: &[(&str, &str)] = &[
    ("SELECT ", ""),
    ("INSERT ", "INTO "),
    ("UPDATE ", " SET "),
    ("DELETE ", "FROM "),
    ("CREATE ", "TABLE "),
    ("CREATE ", "INDEX "),
    ("PRAGMA ", ""),
    ("BEGIN ", "IMMEDIATE"),
];

const HTML: &[&str] = &["<html", "<body", "<div", "<span", "<p>", "<form", "<input", "<table", "<a href", "</"];

/// No other crate builds on a database or a web server, or has their words in its texts.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for file in tree.below("crates/", "/Cargo.toml") {
        let table: toml::Table = file.text.parse().unwrap_or_default();
        let own = crate_of(&file.path);
        let Some(needs) = table.get("dependencies").and_then(|list| list.as_table()) else {
            continue;
        };
        for (owner, crates) in OWNED.iter().filter(|(owner, _)| *owner != own) {
            for key in needs.keys().filter(|key| crates.contains(&key.as_str())) {
                found.push(Problem::new(&file.path, 0, format!("only {owner} may build on {key}")));
            }
        }
    }
    for file in tree.below("crates/", ".rs").filter(|file| !is_test(&file.path)) {
        let own = crate_of(&file.path);
        for (line, text) in split(&file.text).texts {
            let starts = text.trim_start();
            let sql = SQL.iter().any(|(first, then)| starts.starts_with(first) && text.contains(then));
            if sql && own != "store" {
                found.push(Problem::new(&file.path, line, "SQL stays in crates/store"));
            }
            if own != "web" && HTML.iter().any(|tag| text.contains(tag)) {
                found.push(Problem::new(&file.path, line, "HTML stays in crates/web"));
            }
        }
    }
    found
}

fn crate_of(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn sql_and_html_are_told_from_plain_words() {
        let check = |path: &str, text: &str, problems: usize| {
            let found = check(&tree(&[(path, text)]));
            assert_eq!(found.len(), problems, "{path} {text}: {found:?}");
        };
        check("crates/store/src/a.rs", "let q = \"SELECT 1\";", 0);
        check("crates/web/src/a.rs", "let q = \"SELECT 1\";", 1);
        check("crates/web/src/a.rs", "let q = \"UPDATE reports SET a = 1\";", 1);
        check("crates/web/src/a.rs", "let q = \"Update the report and set it aside\";", 0);
        check("crates/web/src/a.rs", "let q = \"<p>{}</p>\";", 0);
        check("crates/report/src/a.rs", "let q = \"<p>{}</p>\";", 1);
        check("crates/report/src/a.rs", "let q = \"fewer than <3> people\";", 0);
        check("crates/waymark/Cargo.toml", "[dependencies]\nrusqlite = \"1\"\naxum = \"1\"", 2);
        check("crates/store/Cargo.toml", "[dependencies]\nrusqlite = \"1\"", 0);
    }
}
