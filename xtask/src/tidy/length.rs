//! Files are short: one that grows past the limit holds two ideas.

use super::{Problem, Tree};

/// A file may be longer than this, but is shown.
const WARN: usize = 250;
/// No file is longer than this.
const FAIL: usize = 400;
const KINDS: [&str; 5] = [".rs", ".html", ".mjs", ".js", ".scss"];

/// Lines of Rust, templates and scripts, tests included.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let measured = tree.0.iter().filter(|file| KINDS.iter().any(|kind| file.path.ends_with(kind)));
    let mut found: Vec<Problem> = measured
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let says = format!("{lines} lines; keep to {WARN}, never more than {FAIL}: split it by idea");
            let problem = Problem::new(&file.path, 0, says);
            (lines > WARN).then_some(Problem { warning: lines <= FAIL, ..problem })
        })
        .collect();
    found.sort_by(|a, b| a.warning.cmp(&b.warning).then_with(|| a.path.cmp(&b.path)));
    found
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn long_files_are_shown_and_very_long_ones_fail() {
        let with = |path: &str, lines: usize| {
            let text = "x\n".repeat(lines);
            check(&tree(&[(path, &text)])).first().map(|problem| problem.warning)
        };
        assert_eq!(with("a.rs", 250), None);
        assert_eq!(with("a.rs", 251), Some(true));
        assert_eq!(with("a.html", 400), Some(true));
        assert_eq!(with("tests/a.mjs", 401), Some(false));
        assert_eq!(with("duties.toml", 900), None);
    }
}
