//! What is built today is what is built tomorrow: every manifest has its lock in git.

use super::{Problem, Tree};

/// Where Node packages come from for everybody.
const REGISTRY: &str = "https://registry.npmjs.org/";

/// Locks lie beside manifests, name the common registry only, and Node packages are pinned exactly.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut need = |manifest: &str, lock: String| {
        if tree.get(&lock).is_none_or(str::is_empty) {
            found.push(Problem::new(manifest, 0, format!("{lock} is not kept beside it")));
        }
    };
    for file in tree.below("", "Cargo.toml").filter(|file| file.text.contains("[workspace]\n")) {
        need(&file.path, file.path.replace("Cargo.toml", "Cargo.lock"));
    }
    for file in tree.below("", "package.json") {
        need(&file.path, file.path.replace("package.json", "package-lock.json"));
    }
    for file in tree.below("", "package.json") {
        for (at, line) in file.text.lines().enumerate() {
            if [": \"^", ": \"~", ": \"*", ": \">"].iter().any(|loose| line.contains(loose))
                && !line.contains("\"node\"")
            {
                found.push(Problem::new(&file.path, at + 1, "name the exact version"));
            }
        }
    }
    for file in tree.below("", "package-lock.json") {
        for (at, line) in file.text.lines().enumerate() {
            if let Some((_, from)) = line.split_once("\"resolved\": \"")
                && !from.starts_with(REGISTRY)
            {
                found.push(Problem::new(&file.path, at + 1, "comes from a registry that others may not reach"));
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
    fn a_missing_lock_a_loose_version_and_a_private_registry_are_found() {
        let check = |files: &[(&str, &str)], problems: usize| {
            let found = check(&tree(files));
            assert_eq!(found.len(), problems, "{found:?}");
        };
        let workspace = ("Cargo.toml", "[workspace]\nmembers = []");
        check(&[workspace, ("Cargo.lock", "version = 4")], 0);
        check(&[workspace], 1);
        check(&[("crates/a/Cargo.toml", "[package]")], 0);
        let pinned = ("tests/package.json", "{\n\"axe-core\": \"4.1.0\"\n}");
        check(&[pinned], 1);
        let good = ("tests/package-lock.json", "\"resolved\": \"https://registry.npmjs.org/axe-core\"");
        check(&[pinned, good], 0);
        check(&[("tests/package.json", "\"axe-core\": \"^4.1.0\""), good], 1);
        check(&[pinned, ("tests/package-lock.json", "\"resolved\": \"http://10.0.0.1/axe-core\"")], 1);
    }
}
