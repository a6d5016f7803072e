//! Every statement of the guidance is carried by a rule, a question, a duty, an outcome, a page or a document.

use super::{Problem, Tree};

/// How many statements the Cheshire guidance has: G01 to G53.
const STATEMENTS: usize = 53;
const LIST: &str = "statements.toml";
const PACKS: &str = "guidance/";

/// Each pack lists all statements, and cites or carries every one.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    let templates: String = tree.below("crates/web/templates/", ".html").map(|file| file.text.as_str()).collect();
    for list in tree.below(PACKS, LIST).filter(|file| !file.path.contains("/broken/")) {
        let folder = list.path.trim_end_matches(LIST);
        let table: toml::Table = list.text.parse().unwrap_or_default();
        let mut carried: Vec<String> = Vec::new();
        let mut listed: Vec<&str> = Vec::new();
        let statements = table.get("statement").and_then(|all| all.as_array());
        for statement in statements.into_iter().flatten() {
            let id = statement.get("id").and_then(|id| id.as_str()).unwrap_or_default();
            listed.push(id);
            let by = statement.get("carried_by").and_then(|by| by.as_array());
            for name in by.into_iter().flatten() {
                let name = name.as_str().unwrap_or_default();
                if is_there(tree, name) {
                    carried.push(id.to_owned());
                } else {
                    let says = format!("{id} is carried by \"{name}\", which is not there");
                    found.push(Problem::new(&list.path, 0, says));
                }
            }
        }
        for file in
            tree.below(folder, ".toml").filter(|file| file.path != list.path && !file.path.contains("/examples/"))
        {
            let table: toml::Table = file.text.parse().unwrap_or_default();
            cites(&toml::Value::Table(table), false, &mut carried);
        }
        for number in 1..=STATEMENTS {
            let id = format!("G{number:02}");
            if !listed.contains(&id.as_str()) {
                found.push(Problem::new(&list.path, 0, format!("{id} is not listed")));
            } else if !carried.contains(&id) && !templates.contains(&id) {
                let says = format!("{id} is cited by no rule, question, duty, outcome, page or document");
                found.push(Problem::new(&list.path, 0, says));
            }
        }
    }
    found
}

/// A page is a template that some handler renders; a document is a file of docs.
fn is_there(tree: &Tree, name: &str) -> bool {
    let has = |path: String| tree.get(&path).is_some();
    match name.split_once(':') {
        Some(("page", page)) => {
            let rendered = format!("path = \"{page}.html\"");
            has(format!("crates/web/templates/{page}.html"))
                && tree.below("crates/web/src/", ".rs").any(|file| file.text.contains(&rendered))
        }
        Some(("document", document)) => has(format!("docs/{document}.md")),
        _ => false,
    }
}

/// Every text under a key `cites`, however deep.
fn cites(value: &toml::Value, cited: bool, out: &mut Vec<String>) {
    match value {
        toml::Value::String(text) if cited => out.push(text.clone()),
        toml::Value::Array(list) => list.iter().for_each(|item| cites(item, cited, out)),
        toml::Value::Table(table) => table.iter().for_each(|(key, item)| cites(item, cited || key == "cites", out)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn a_statement_that_nothing_carries_is_found() {
        let all: String = (1..=53).map(|n| format!("[[statement]]\nid = \"G{n:02}\"\n")).collect();
        let numbers = |last: usize| (1..=last).map(|n| format!("\"G{n:02}\"")).collect::<Vec<_>>().join(", ");
        let rules = |last: usize| format!("[[rule]]\ncites = [{}]\n", numbers(last));
        let carried_by = |name: &str| format!("{all}carried_by = [\"{name}\"]\n");
        let check = |list: &str, rules: &str, page: &str, problems: usize| {
            let found = check(&tree(&[
                ("guidance/x/v1/statements.toml", list),
                ("guidance/x/v1/duties.toml", rules),
                ("guidance/x/v1/examples/a.toml", "cites = [\"G53\"]"),
                ("crates/web/templates/a.html", page),
                ("crates/web/templates/b.html", ""),
                ("crates/web/src/a.rs", "#[template(path = \"a.html\")]"),
                ("docs/log.md", ""),
            ]));
            assert_eq!(found.len(), problems, "{found:?}");
        };
        check(&all, &rules(53), "", 0);
        check(&all, &rules(52), "", 1);
        check(&all, &rules(52), "why (G53)", 0);
        check(&carried_by("page:a"), &rules(52), "", 0);
        check(&carried_by("document:log"), &rules(52), "", 0);
        // Told twice: what carries it is not there, and so nothing does.
        for name in ["page:b", "page:c", "document:a", "a", ""] {
            check(&carried_by(name), &rules(52), "", 2);
        }
        check(&all, "says = \"G53\"", "", 53);
        check("", &rules(53), "", 53);
    }
}
