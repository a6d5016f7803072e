//! Pure crates: time, identity and new ids come as arguments, and nothing is read or sent.

use super::source::{is_test, split};
use super::{Problem, Tree};

/// The crates that decide, and what else they may build on. A list of what is allowed, because a
/// list of what is not would never be complete.
const PURE: &[(&str, &[&str])] = &[
    (
        "guidance",
        &[
            // The calendar; it is asked for no time of now.
            "jiff",
            "jsonc-parser",
            // Hashes without a random seed: the same order on every run.
            "rustc-hash",
            "serde",
            "serde_json",
            "sha2",
            // Short lists without a heap of their own.
            "smallvec",
            "thiserror",
            "toml",
        ],
    ),
    (
        "report",
        &[
            "guidance",
            "jiff",
            "rphonetic",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "percent-encoding",
            "unicode-normalization",
        ],
    ),
    (
        "ledger",
        &[
            "base64",
            "ed25519-dalek",
            // Looks for a byte, many at a time.
            "memchr",
            "sha2",
            "thiserror",
        ],
    ),
];

/// Ways to the outside, in the standard library and elsewhere.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io",
    "File::open",
    "SystemTime",
    "Instant::",
    "::now()",
    "TimeZone::system",
    "rand::",
    "getrandom",
    "RandomState",
    "tokio::",
    "async fn",
    "rusqlite",
    "println!",
    "eprintln!",
    "print!(",
];

/// No pure crate names or builds on a way to the outside.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for (name, allowed) in PURE {
        let manifest = format!("crates/{name}/Cargo.toml");
        let table: toml::Table = tree.get(&manifest).and_then(|text| text.parse().ok()).unwrap_or_default();
        let needs = table.get("dependencies").and_then(|list| list.as_table());
        for key in needs.into_iter().flat_map(|list| list.keys()) {
            if !allowed.contains(&key.as_str()) {
                let says = format!(
                    "{name} is pure and may not build on {key}; if {key} reads and sends nothing, add it in xtask/src/tidy/pure.rs"
                );
                found.push(Problem::new(&manifest, 0, says));
            }
        }
        let folder = format!("crates/{name}/src/");
        for file in tree.below(&folder, ".rs").filter(|file| !is_test(&file.path)) {
            for (at, line) in split(&file.text).code.lines().enumerate() {
                for outside in OUTSIDE.iter().filter(|outside| line.contains(**outside)) {
                    let says = format!("{name} is pure and names {outside}: let the caller give what it needs");
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
    fn the_outside_is_found_in_code_and_in_manifests_and_not_in_tests() {
        let check = |path: &str, text: &str, problems: usize| {
            let found = check(&tree(&[(path, text)]));
            assert_eq!(found.len(), problems, "{path} {text}: {found:?}");
        };
        check("crates/report/src/a.rs", "fn f(now: Timestamp) {}", 0);
        check("crates/report/src/a.rs", "// Timestamp::now()\nlet s = \"std::fs\";", 0);
        check("crates/report/src/a.rs", "let t = Timestamp::now();", 1);
        check("crates/guidance/src/a/b.rs", "let t = std::fs::read(p);", 1);
        check("crates/guidance/src/a.rs", "#[cfg(test)]\nmod tests { use std::fs; }", 0);
        check("crates/guidance/src/tests.rs", "use std::fs;", 0);
        check("crates/guidance/tests/a.rs", "use std::fs;", 0);
        check("crates/store/src/a.rs", "use std::fs;", 0);
        check("crates/guidance/Cargo.toml", "[dependencies]\nserde.workspace = true", 0);
        check("crates/guidance/Cargo.toml", "[dependencies]\ntokio.workspace = true", 1);
    }
}
