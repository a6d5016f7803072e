//! Words as they stand on a page.

use guidance::Pack;

use super::frame::Link;
use crate::routes;

/// With its first letter in upper case, as at the beginning of a sentence or a label.
pub fn first_upper(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Cites as links to their pages, a statement of the guidance with its words: nobody knows the numbers by heart.
pub fn cited(pack: &Pack, cites: &[String]) -> Vec<Link> {
    let link = |cite: &String| {
        let statement = pack.statements().iter().find(|one| one.id == *cite);
        Link {
            href: routes::guidance_statement(cite),
            text: statement.map_or_else(|| cite.clone(), |one| format!("{cite}: {}", one.says)),
        }
    };
    cites.iter().map(link).collect()
}
