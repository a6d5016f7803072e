//! Every address of the pages is in `crates/web/src/routes.rs`, so that all of them are in one place.

use super::source::{is_test, split};
use super::{Problem, Tree};

const ROUTES: &str = "crates/web/src/routes.rs";

/// Attributes of a template that hold an address.
const ATTRIBUTES: [&str; 4] = ["href=\"", "action=\"", "src=\"", "formaction=\""];

/// Templates and handlers name addresses by what `routes.rs` gives, never by writing them out.
/// In a template an address starts with `{{`, `{%` or `#`, or is `tel:`, `mailto:` or `https:`.
pub fn check(tree: &Tree) -> Vec<Problem> {
    let mut found = Vec::new();
    for file in tree.below("crates/web/templates/", ".html") {
        for (at, line) in file.text.lines().enumerate() {
            for attribute in ATTRIBUTES {
                for rest in line.split(attribute).skip(1) {
                    let given = ["{{", "{%", "#", "tel:", "mailto:", "https://"];
                    if !given.iter().any(|start| rest.starts_with(start)) {
                        found.push(Problem::new(&file.path, at + 1, says(attribute.trim_end_matches('"'))));
                    }
                }
            }
        }
    }
    for file in tree.below("crates/web/src/", ".rs") {
        if file.path == ROUTES || file.path.starts_with("crates/web/src/routes/") || is_test(&file.path) {
            continue;
        }
        let source = split(&file.text);
        let lines: Vec<&str> = source.code.lines().collect();
        for (line, text) in source.texts {
            // `.pointer("/a/b")` finds something in JSON and is no address.
            if lines.get(line - 1).is_some_and(|code| code.contains("pointer(")) {
                continue;
            }
            let mut chars = text.chars();
            let first = (chars.next(), chars.next());
            let address = matches!(first, (Some('/'), Some(c)) if c.is_ascii_lowercase() || c == '{');
            let filled = text.starts_with('{') && text.contains("}/");
            if address || filled || text.contains("href=\"/") {
                found.push(Problem::new(&file.path, line, says(&format!("\"{text}\""))));
            }
        }
    }
    found
}

fn says(what: &str) -> String {
    format!("{what} writes an address out: give it a name in {ROUTES}")
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::*;

    #[test]
    fn an_address_that_is_written_out_is_found() {
        let check = |path: &str, text: &str, problems: usize| {
            let found = check(&tree(&[(path, text)]));
            assert_eq!(found.len(), problems, "{path} {text}: {found:?}");
        };
        check("crates/web/templates/a.html", r##"<a href="{{ crate::routes::HOME }}"> <a href="#main">"##, 0);
        check("crates/web/templates/a.html", r#"<a href="tel:999"> <form action="{{ to }}">"#, 0);
        check("crates/web/templates/a.html", r#"<a href="/people">"#, 1);
        check("crates/web/templates/a.html", r#"<form action="save">"#, 1);
        check("crates/web/src/a/b.rs", "redirect(\"/people\")", 1);
        check("crates/web/src/a/b.rs", "format!(\"/people/{id}\")", 1);
        check("crates/web/src/a/b.rs", "format!(\"{PEOPLE}/{id}\")", 1);
        check("crates/web/src/a/b.rs", "value.pointer(\"/body/type\"); \"yes / no\"; \"/\"; \"{a}, {b}\"", 0);
        check("crates/web/src/a/b.rs", "#[cfg(test)]\nmod tests { fn f() { \"/people\"; } }", 0);
        check("crates/web/src/tests/b.rs", "\"/people\"", 0);
        check("crates/web/src/routes.rs", "\"/people\"", 0);
    }
}
