//! The rule that CONTRIBUTING shows is one that loads in place of the one there is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use common::{files, folder, load};

const MARK: &str = "[[duty]]\n";

/// The example, without the indent that it has in a list.
fn shown() -> String {
    let path = folder().join("../../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(path).unwrap();
    let block = text.split("```toml\n").find(|part| part.trim_start().starts_with(MARK)).expect("a duty is shown");
    let lines = block.split("```").next().unwrap().lines();
    lines.map(|line| format!("{}\n", line.trim())).collect()
}

/// Of a `[[duty]]`, the line with its id.
fn id(duty: &str) -> &str {
    duty.lines().find(|line| line.starts_with("id = ")).unwrap()
}

#[test]
fn the_duty_that_contributing_shows_loads() {
    let shown = shown();
    let mut files = files(&folder());
    let (_, duties) = files.iter_mut().find(|(name, _)| name == "duties.toml").unwrap();
    let had = duties.split(MARK).skip(1).find(|duty| id(duty) == id(&shown)).unwrap().to_owned();
    *duties = duties.replace(&format!("{MARK}{had}"), &format!("{shown}\n"));
    assert!(duties.contains(shown.trim()), "it stands in the pack");
    if let Err(problems) = load(&files) {
        panic!("{problems:#?}");
    }
}
