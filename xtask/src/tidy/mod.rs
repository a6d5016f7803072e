//! `cargo xtask tidy`: what can be read off the files without building anything.
//!
//! Each check is a pure function from the files of the tree to the problems found, so that each has
//! tests on good and on bad input. ARCHITECTURE.md states the invariants; these checks hold them.

mod addresses;
mod crypto;
mod layers;
mod leftovers;
mod length;
mod links;
mod locks;
mod pure;
mod source;
mod statements;
mod switches;
mod words;

use std::path::Path;

use crate::count::Count;
use crate::run::read;

/// A file of the tree.
#[derive(Debug, Clone)]
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text; empty for a file that is no text.
    pub text: String,
}

/// All files that are, or would be, kept in git.
#[derive(Debug, Clone, Default)]
pub struct Tree(pub Vec<File>);

impl Tree {
    /// Text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
    /// Files below a folder, or below any when it is empty, whose name ends so.
    pub fn below<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = &'a File> {
        self.0.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(end))
    }
}

/// What a check found: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path from the root.
    pub path: String,
    /// Line from 1; 0 where no line is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub says: String,
    /// A warning is shown and does not fail.
    pub warning: bool,
}

impl Problem {
    fn new(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, says: says.into(), warning: false }
    }
}

type Check = fn(&Tree) -> Vec<Problem>;

const CHECKS: &[(&str, Check)] = &[
    ("a crate builds only on the layers below it", layers::check),
    ("a slice of the pages imports no other slice", layers::slices),
    ("pure crates name no clock, file, socket or randomness", pure::check),
    ("SQL only in store, HTML and HTTP only in web", words::check),
    ("every address is in routes.rs", addresses::check),
    ("every statement of the guidance is carried", statements::check),
    ("files are short", length::check),
    ("nothing is left over", leftovers::check),
    ("no path of anybody's machine", leftovers::machines),
    ("what tests make go wrong is in no program that is installed", switches::check),
    ("locks are kept beside what they lock", locks::check),
    ("links between documents lead somewhere", links::check),
    ("every use of cryptography is in its inventory", crypto::check),
];

/// Runs all checks on the tree at `root` and prints what they find.
///
/// # Errors
/// The tree could not be read.
pub fn all(root: &Path) -> Result<Count, String> {
    let tree = load(root)?;
    let mut total = Count::default();
    for (name, check) in CHECKS {
        let found = check(&tree);
        let well = found.iter().all(|problem| problem.warning);
        println!("{} {name}", if well { "ok    " } else { "FAILED" });
        for problem in &found {
            let kind = if problem.warning { "warning: " } else { "" };
            let line = if problem.line > 0 { format!(":{}", problem.line) } else { String::new() };
            println!("         {kind}{}{line}: {}", problem.path, problem.says);
        }
        total = total.and(Count::one(well));
    }
    Ok(total)
}

/// `cargo xtask tidy`.
///
/// # Errors
/// The tree could not be read.
pub fn run(root: &Path) -> Result<bool, String> {
    let count = all(root)?;
    println!("{} passed, {} failed", count.passed, count.failed);
    Ok(count.failed == 0)
}

fn load(root: &Path) -> Result<Tree, String> {
    let list = read(root, "git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .ok_or("git could not list the files: tidy reads what git keeps")?;
    let mut files: Vec<File> = list
        .split('\0')
        .filter(|path| !path.is_empty() && root.join(path).is_file())
        .map(|path| File { path: path.to_owned(), text: std::fs::read_to_string(root.join(path)).unwrap_or_default() })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(Tree(files))
}

/// A tree for tests, from pairs of path and text.
#[cfg(test)]
pub fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
    Tree(files.iter().map(file).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn reads_what_git_keeps_or_would_keep_and_not_what_it_ignores() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::write(root.join(".gitignore"), "out\n").unwrap();
        std::fs::write(root.join("kept.rs"), "fn a() {}").unwrap();
        std::fs::write(root.join("new.rs"), "fn b() {}").unwrap();
        std::fs::write(root.join("out"), "x").unwrap();
        for arguments in [&["init", "-q"][..], &["add", "kept.rs"]] {
            assert!(Command::new("git").args(arguments).current_dir(root).status().unwrap().success());
        }
        let tree = load(root).unwrap();
        let paths: Vec<&str> = tree.0.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".gitignore", "kept.rs", "new.rs"]);
        assert_eq!(tree.get("kept.rs"), Some("fn a() {}"));
    }
}
