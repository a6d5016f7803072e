//! What tests make the program do wrong is in no program that is installed.

use super::{Problem, Tree};

/// The one file that may ask for it.
const PLACE: &str = "crates/store/src/fail.rs";
/// What stands before everything that is for tests.
const CONDITION: &str = "#[cfg(debug_assertions)]";
/// What stands before what takes its place.
const OTHERWISE: &str = "#[cfg(not(debug_assertions))]";
/// Variables of the environment that make the program end, or say what is not so.
const SWITCHES: [&str; 2] = ["WAYMARK_FAIL_AT", "WAYMARK_ACK_EARLY"];
/// Functions that act on them, beside `point`, which does nothing without its condition.
const ACTS: &str = "fail::tells_early()";

/// The switches are named in one file, all of it under its condition; whoever acts on them is too; and what is
/// installed is built without.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for file in tree.below("crates/", ".rs") {
        if !file.path.contains("/src/") {
            continue;
        }
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let named = SWITCHES.iter().any(|name| line.contains(name));
            if named && file.path != PLACE && !line.starts_with("//") {
                found.push(Problem::new(
                    &file.path,
                    at + 1,
                    format!("only {PLACE} may be switched so by the environment"),
                ));
            }
            let before = at.checked_sub(1).and_then(|at| lines.get(at)).copied();
            if line.contains(ACTS) && before != Some(CONDITION) {
                found.push(Problem::new(&file.path, at + 1, format!("write {CONDITION} in the line before")));
            }
        }
    }
    let items = tree.get(PLACE).unwrap_or_default().lines().enumerate();
    let mut before = "";
    for (at, line) in items {
        let is_item =
            ["pub ", "fn ", "const ", "static ", "use ", "impl ", "mod "].iter().any(|word| line.starts_with(word));
        if is_item && before != CONDITION && before != OTHERWISE {
            found.push(Problem::new(PLACE, at + 1, format!("write {CONDITION} in the line before")));
        }
        before = line;
    }
    let manifest = tree.get("Cargo.toml").unwrap_or_default();
    let mut profile = "";
    for (at, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            profile = line;
        }
        let tests = ["[profile.dev", "[profile.test", "[profile.fuzz"];
        let is_theirs = tests.iter().any(|name| profile.starts_with(name));
        if profile.starts_with("[profile.") && !is_theirs && line.starts_with("debug-assertions") {
            let says = "what is installed would do what tests make it do: leave this out";
            found.push(Problem::new("Cargo.toml", at + 1, says));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn a_switch_without_its_condition_is_found() {
        let good = "#[cfg(debug_assertions)]\npub fn point() {\n    var(\"WAYMARK_FAIL_AT\")\n}\n\n\
                    #[cfg(not(debug_assertions))]\npub fn point() {}\n";
        let check = |files: &[(&str, &str)], problems: usize| {
            let found = check(&tree(files));
            assert_eq!(found.len(), problems, "{found:?}");
        };
        check(&[(PLACE, good)], 0);
        check(&[(PLACE, &good.replacen(CONDITION, "", 1))], 1);
        let elsewhere = "fn a() {\n    var(\"WAYMARK_ACK_EARLY\");\n}\n";
        check(&[(PLACE, good), ("crates/web/src/a.rs", elsewhere)], 1);
        check(&[(PLACE, good), ("crates/web/tests/a.rs", elsewhere)], 0);
        let acts = "    #[cfg(debug_assertions)]\n    if fail::tells_early() {\n";
        check(&[(PLACE, good), ("crates/store/src/w.rs", acts)], 0);
        let always = acts.replace(CONDITION, "");
        check(&[(PLACE, good), ("crates/store/src/w.rs", &always)], 1);
        let manifest = "[profile.dev]\ndebug-assertions = true\n[profile.release]\nlto = true\n";
        check(&[(PLACE, good), ("Cargo.toml", manifest)], 0);
        let on = format!("{manifest}debug-assertions = true\n");
        check(&[(PLACE, good), ("Cargo.toml", &on)], 1);
        let inherits = "[profile.dist]\ninherits = \"release\"\ndebug-assertions = true\n";
        check(&[(PLACE, good), ("Cargo.toml", inherits)], 1);
    }
}
