//! Links from one document of the repository to another lead somewhere.

use super::{Problem, Tree};

/// Every `](path)` of a Markdown file that is no web address names a file or folder of the tree.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for file in tree.below("", ".md") {
        for (at, line) in file.text.lines().enumerate() {
            for rest in line.split("](").skip(1) {
                let Some((target, _)) = rest.split_once(')') else {
                    continue;
                };
                let (path, _) = target.split_once('#').unwrap_or((target, ""));
                if path.is_empty() || path.contains(':') {
                    continue;
                }
                let full = join(&file.path, path);
                let folder = format!("{}/", full.trim_end_matches('/'));
                if tree.get(&full).is_none() && !tree.0.iter().any(|other| other.path.starts_with(&folder)) {
                    found.push(Problem::new(&file.path, at + 1, format!("{target} leads nowhere")));
                }
            }
        }
    }
    found
}

fn join(from: &str, path: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn a_link_to_nothing_is_found() {
        let with = |line: &str| {
            check(&tree(&[("docs/decisions/0001-a.md", line), ("docs/bench.md", ""), ("README.md", "")])).len()
        };
        assert_eq!(
            with("[b](../bench.md) [r](../../README.md#start) [w](https://example.org) [h](#here) [d](../../docs)"),
            0
        );
        assert_eq!(with("[b](bench.md)"), 1);
    }
}
