//! Nothing half-done is kept, and nothing that names somebody's machine.

use super::{Problem, Tree};

/// Written in halves, so that this file does not find itself.
const UNDONE: [(&str, &str); 8] = [
    ("to", "do!"),
    ("unimple", "mented!"),
    ("#[ig", "nore"),
    ("FIX", "ME"),
    ("XX", "X"),
    ("TO", "DO"),
    ("test.sk", "ip("),
    ("test.on", "ly("),
];
const HOMES: [(&str, &str); 5] = [("/ho", "me/"), ("/Use", "rs/"), ("/ro", "ot/"), ("/wo", "rk/"), ("C:", "\\")];
const KINDS: [&str; 10] = [".rs", ".toml", ".html", ".mjs", ".js", ".scss", ".md", ".sql", ".json", "/run"];

/// No mark of something left undone.
pub fn check(tree: &Tree) -> Vec<Problem> {
    find(tree, &UNDONE, "is left over: finish it, or write an issue")
}

/// No path into somebody's home or workplace.
pub fn machines(tree: &Tree) -> Vec<Problem> {
    find(tree, &HOMES, "names a place on one machine: use a path from the root of the repository")
}

fn find(tree: &Tree, marks: &[(&str, &str)], says: &str) -> Vec<Problem> {
    let marks: Vec<String> = marks.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut found = Vec::new();
    for file in tree.0.iter().filter(|file| KINDS.iter().any(|kind| file.path.ends_with(kind))) {
        // Packages of others may be called anything.
        if file.path.ends_with("package-lock.json") {
            continue;
        }
        for (at, line) in file.text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| stands_alone(line, mark)) {
                found.push(Problem::new(&file.path, at + 1, format!("{mark} {says}")));
            }
        }
    }
    found
}

/// Is the mark in the line, and not inside a longer word or path?
fn stands_alone(line: &str, mark: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let path = mark.starts_with('/');
    let word = mark.ends_with(char::is_alphanumeric);
    let mut rest = line;
    let mut before = None;
    while let Some((left, right)) = rest.split_once(mark) {
        let last = left.chars().next_back().or(before);
        let joined = letter(last) || (path && matches!(last, Some('.' | '/' | '-')));
        let joins = word && letter(right.chars().next());
        if !joined && !joins {
            return true;
        }
        before = mark.chars().next_back();
        rest = right;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn marks_are_found_as_words_and_not_inside_others() {
        let undone = |text: &str| check(&tree(&[("a.rs", text)])).len();
        assert_eq!(undone(&format!("// {}{} later", "FIX", "ME")), 1);
        assert_eq!(undone(&format!("{}{}()", "to", "do!")), 1);
        assert_eq!(undone(&format!("#[ig{}]", "nore")), 1);
        assert_eq!(undone("let what_to_do = mastodon; // to do, autodo"), 0);
        assert_eq!(undone("PREFIXX"), 0);
    }

    #[test]
    fn paths_into_a_home_are_found_and_addresses_are_not() {
        let paths = |text: &str| machines(&tree(&[("docs/a.md", text)])).len();
        assert_eq!(paths(&format!("see /ho{}anna/waymark", "me/")), 1);
        assert_eq!(paths(&format!("\"/ro{}.cargo\"", "ot/")), 1);
        assert_eq!(paths(&format!("https://example.org/ho{}page", "me/")), 0);
        assert_eq!(paths("guidance/cheshire/v1"), 0);
    }
}
