//! Every statement of the guidance, G01 to G53, is put into practice by something: a rule, a question, a
//! duty, advice on a device, an outcome, or a page that carries it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;

use guidance::Pack;

fn rows() -> Vec<String> {
    (1..=53).map(|row| format!("G{row:02}")).collect()
}

/// Rows that nothing cites and nothing carries.
fn unused(pack: &Pack) -> Vec<String> {
    let used: BTreeSet<String> = pack
        .rules()
        .iter()
        .flat_map(|rule| rule.cites.clone())
        .chain(pack.questions().iter().flat_map(|question| question.cites.clone()))
        .chain(pack.duties().iter().flat_map(|duty| duty.cites.clone()))
        .chain(pack.outcomes().iter().flat_map(|outcome| outcome.cites.clone()))
        .collect();
    let carried =
        |row: &str| pack.statements().iter().any(|statement| statement.id == row && !statement.carried_by.is_empty());
    rows().into_iter().filter(|row| !used.contains(row) && !carried(row)).collect()
}

/// The pack with every mention of a row taken out of every list of cites.
fn without(row: &str) -> Vec<(String, String)> {
    let quoted = format!("\"{row}\"");
    common::files(&common::folder())
        .into_iter()
        .map(|(name, text)| {
            let text = text
                .lines()
                .map(|line| {
                    if !line.starts_with("cites = [") || !line.contains(&quoted) {
                        return line.to_owned();
                    }
                    let fewer = line
                        .replace(&format!("{quoted}, "), "")
                        .replace(&format!(", {quoted}"), "")
                        .replace(&quoted, "\"Somewhere else\"");
                    assert!(!fewer.contains(&quoted), "{name}: {line}");
                    fewer
                })
                .collect::<Vec<_>>()
                .join("\n");
            (name, text)
        })
        .collect()
}

#[test]
fn the_statements_are_g01_to_g53() {
    let pack = common::cheshire();
    let ids: Vec<String> = pack.statements().iter().map(|statement| statement.id.clone()).collect();
    assert_eq!(ids, rows());
}

#[test]
fn every_statement_is_cited_or_carried() {
    assert_eq!(unused(&common::cheshire()), Vec::<String>::new());
}

#[test]
fn a_statement_that_loses_its_last_cite_is_missed() {
    let pack = common::cheshire();
    let carried: Vec<&str> =
        pack.statements().iter().filter(|s| !s.carried_by.is_empty()).map(|s| s.id.as_str()).collect();
    // Rows from every part of the guidance; all fifty-three would load the pack fifty-three times.
    for row in ["G04", "G12", "G16", "G22", "G25", "G31", "G36", "G44", "G49", "G53"] {
        assert!(!carried.contains(&row), "{row} is carried by a page: choose another");
        let fewer = common::load(&without(row)).unwrap_or_else(|problems| panic!("{row}: {problems:?}"));
        assert_eq!(unused(&fewer), [row], "{row}");
    }
}
