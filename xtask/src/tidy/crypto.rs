//! Every use of cryptography is in the inventory, and nothing else is.

use std::collections::BTreeSet;

use super::source::{is_test, split};
use super::{File, Problem, Tree};

/// The inventory.
const INVENTORY: &str = "docs/cryptography.md";

/// Crates that encrypt, sign, hash or draw chance, as paths begin with them. One that is added to the program is added here.
const CRATES: &[&str] = &[
    "aes_gcm_siv",
    "age",
    "argon2",
    "ed25519_dalek",
    "getrandom",
    "hkdf",
    "hmac",
    "openidconnect",
    "rand",
    "rsa",
    "rustls",
    "sha1",
    "sha2",
    "subtle",
    "webauthn_rs",
    "webauthn_rs_core",
];

/// Files that use a crate and do not stand in the inventory, and the other way round.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let named = named(tree.get(INVENTORY).unwrap_or_default());
    let uses = tree
        .below("crates/", ".rs")
        .filter(|file| !is_test(&file.path) && !file.path.ends_with("_tests.rs") && uses(file));
    let uses: BTreeSet<&str> = uses.map(|file| file.path.as_str()).collect();
    let missing = uses
        .iter()
        .filter(|path| !named.contains(**path))
        .map(|path| Problem::new(path, 0, format!("it uses cryptography; say what for and with what in {INVENTORY}")));
    let gone = named
        .iter()
        .filter(|path| !uses.contains(path.as_str()))
        .map(|path| Problem::new(INVENTORY, 0, format!("{path} uses no cryptography; take its line out")));
    missing.chain(gone).collect()
}

/// Whether a path in the code begins with one of the crates.
fn uses(file: &File) -> bool {
    let code = split(&file.text).code;
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    CRATES.iter().any(|name| {
        let path = format!("{name}::");
        code.match_indices(&path).any(|(at, _)| {
            let before = code.get(..at).unwrap_or_default();
            // A crate may be named from the root (`::hmac`), a module of ours is below another (`crate::hmac`).
            let before = match before.strip_suffix("::") {
                Some(before) if !before.ends_with(is_part) => before,
                _ => before,
            };
            !before.ends_with(is_part) && !before.ends_with(':')
        })
    })
}

/// The files of the inventory: the first cell of each row.
fn named(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(path, _)| path.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        let tree = Tree(files.iter().map(file).collect());
        check(&tree).into_iter().map(|problem| format!("{}: {}", problem.path, problem.says)).collect()
    }

    #[test]
    fn what_is_used_and_what_is_named_are_the_same() {
        let inventory = (INVENTORY, "| file | |\n|---|---|\n| `crates/a/src/one.rs` | x |\n");
        let one = ("crates/a/src/one.rs", "use sha2::Sha256;\n");
        assert!(found(&[inventory, one]).is_empty());
        for code in [
            "use hmac::Mac;",
            "fn a() { age::x25519::Identity::generate(); }",
            "fn a() -> Result<(), ::getrandom::Error>",
        ] {
            let two = ("crates/a/src/two.rs", code);
            assert_eq!(found(&[inventory, one, two]).len(), 1, "{code}");
        }
        for code in [
            "// use sha2::Sha256;",
            "fn a() { message::b(); crate::age::c(); }",
            "fn a() { \"sha2::Sha256\"; }",
            "#[cfg(test)]\nmod tests { use sha2::Sha256; }",
        ] {
            let two = ("crates/a/src/two.rs", code);
            assert!(found(&[inventory, one, two]).is_empty(), "{code}");
        }
        let gone = found(&[inventory]);
        assert!(gone[0].contains("take its line out"), "{gone:?}");
    }
}
