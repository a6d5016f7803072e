//! Which crate may build on which, and which slice of the pages may import what.

use super::source::{is_test, split};
use super::{Problem, Tree};

/// A crate and what of ours it may build on. The one place to change when a crate joins.
const LAYERS: &[(&str, &[&str])] = &[
    ("guidance", &[]),
    ("report", &["guidance"]),
    ("ledger", &[]),
    ("store", &["report", "ledger"]),
    ("documents", &["guidance", "report"]),
    ("web", &["guidance", "report", "store", "documents"]),
    ("waymark", &["guidance", "report", "ledger", "store", "documents", "web"]),
];

/// Folders of `crates/web/src` that every slice may import.
const SHARED: [&str; 3] = ["shared", "routes", "tests"];

fn may(name: &str) -> Option<&'static [&'static str]> {
    LAYERS.iter().find(|(of, _)| *of == name).map(|(_, may)| *may)
}

/// Every `Cargo.toml` and every `use` keeps to the table.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for file in tree.below("crates/", "/Cargo.toml") {
        let Some(name) = crate_of(&file.path) else {
            continue;
        };
        let Some(allowed) = may(name) else {
            let says = format!("crate {name} is in no layer: give it a row in xtask/src/tidy/layers.rs");
            found.push(Problem::new(&file.path, 0, says));
            continue;
        };
        let manifest: toml::Table = match file.text.parse() {
            Ok(manifest) => manifest,
            Err(why) => {
                found.push(Problem::new(&file.path, 0, format!("cannot be read: {why}")));
                continue;
            }
        };
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(list) = manifest.get(kind).and_then(|list| list.as_table()) else {
                continue;
            };
            for ours in list.keys().filter(|key| may(key).is_some()) {
                if !allowed.contains(&ours.as_str()) {
                    let says = format!("{name} may not build on {ours} ({kind})");
                    found.push(Problem::new(&file.path, 0, says));
                }
            }
        }
    }
    for file in tree.below("crates/", ".rs") {
        let Some(name) = crate_of(&file.path) else {
            continue;
        };
        let allowed = may(name).unwrap_or_default();
        for (line, first) in imports(&file.text) {
            if may(&first).is_some() && first != name && !allowed.contains(&first.as_str()) {
                found.push(Problem::new(&file.path, line, format!("{name} may not import {first}")));
            }
        }
    }
    found
}

/// First name of every `use`, with its line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let source = split(text);
    let first = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        let rest = line.strip_prefix("use ")?.trim_start_matches("::");
        Some(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
    };
    let lines = source.code.lines().enumerate();
    lines.filter_map(|(at, line)| Some((at + 1, first(line)?))).collect()
}

fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// A slice is a folder of `crates/web/src`; only `shared` and the addresses are for all.
pub fn slices(tree: &Tree) -> Vec<Problem> {
    let slice = |path: &str| {
        let (slice, _) = path.strip_prefix("crates/web/src/")?.split_once('/')?;
        Some(slice.to_owned())
    };
    let mut all: Vec<String> = tree.below("crates/web/src/", ".rs").filter_map(|file| slice(&file.path)).collect();
    all.sort();
    all.dedup();
    all.retain(|name| !SHARED.contains(&name.as_str()));
    let mut found = Vec::new();
    for file in tree.below("crates/web/src/", ".rs") {
        let Some(own) = slice(&file.path).filter(|_| !is_test(&file.path)) else {
            continue;
        };
        for (at, line) in split(&file.text).code.lines().enumerate() {
            for other in all.iter().filter(|other| **other != own) {
                let names = [format!("crate::{other}::"), format!("crate::{other};")];
                if names.iter().any(|name| line.contains(name)) {
                    let says = format!("{own} imports {other}: what both need belongs in shared");
                    found.push(Problem::new(&file.path, at + 1, says));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn the_table_holds_for_manifests_and_imports() {
        let manifest = |of: &str, needs: &str| {
            (format!("crates/{of}/Cargo.toml"), format!("[dependencies]\n{needs}.workspace = true\n"))
        };
        let check_one = |of: &str, needs: &str, problems: usize| {
            let (path, text) = manifest(of, needs);
            let found = check(&tree(&[(&path, &text)]));
            assert_eq!(found.len(), problems, "{of} on {needs}: {found:?}");
        };
        check_one("report", "guidance", 0);
        check_one("guidance", "serde", 0);
        check_one("waymark", "web", 0);
        check_one("guidance", "report", 1);
        check_one("report", "store", 1);
        check_one("store", "guidance", 1);
        check_one("store", "web", 1);
        check_one("surprise", "serde", 1);
        let check_import = |path: &str, text: &str, problems: usize| {
            let found = check(&tree(&[(path, text)]));
            assert_eq!(found.len(), problems, "{path}: {found:?}");
        };
        check_import("crates/report/src/a.rs", "use guidance::Facts;", 0);
        check_import("crates/report/src/a.rs", "use crate::store::X;", 0);
        check_import("crates/report/src/a.rs", "pub use ::store::X;", 1);
        check_import("crates/guidance/src/a.rs", "// use report::X;\nuse report::X;", 1);
    }

    #[test]
    fn a_slice_imports_shared_and_no_other_slice() {
        let with = |line: &str| {
            slices(&tree(&[
                ("crates/web/src/tasks/page.rs", line),
                ("crates/web/src/reviews/page.rs", ""),
                ("crates/web/src/shared/app.rs", ""),
                ("crates/web/src/routes/links.rs", ""),
                ("crates/web/src/lib.rs", "use crate::reviews::page;"),
            ]))
        };
        assert!(with("use crate::shared::app::App;\nuse crate::routes;\nuse crate::tasks::other;").is_empty());
        assert_eq!(with("\nuse crate::reviews::page;").len(), 1);
        assert_eq!(with("fn f() { crate::reviews::page::show() }").len(), 1);
    }
}
