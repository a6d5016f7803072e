//! Checks on police systems, as a matrix: each person or place by each system that the force lists.

use report::{CheckEntry, CheckResult, Evidence, MatrixField};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Cell, Choices, Input, Table};

/// What a field of the matrix is called in the form and in what the record refuses.
fn key(field: &MatrixField) -> String {
    field.place.as_ref().map_or_else(
        || field.system.clone(),
        |place| format!("{}.{place}", field.system),
    )
}

/// What a field of the matrix is called by a reader.
fn name(ask: Ask<'_>, field: &MatrixField) -> String {
    let place = field
        .place
        .as_ref()
        .and_then(|id| ask.opened.report.place(id.as_str()));
    place.map_or_else(
        || field.name.clone(),
        |place| format!("{}: {}", field.name, place.address),
    )
}

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let matrix = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
    let (entered, open): (Vec<_>, Vec<_>) = matrix.iter().partition(|field| field.entry.is_some());
    let mut blocks: Vec<Block> = open.iter().map(|field| one(ask, sheet, field)).collect();
    if !entered.is_empty() {
        let keys: Vec<String> = entered.iter().map(|field| result(field)).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        blocks.push(Block::Fold {
            title: "Look something up again".to_owned(),
            says: "The new entry counts; the earlier one is kept.".to_owned(),
            open: sheet.concerns(&keys),
            blocks: entered.iter().map(|field| one(ask, sheet, field)).collect(),
        });
    }
    blocks
}

/// The matrix as it stands: what counts now for each system, and what is still open.
pub(super) fn so_far(ask: Ask<'_>) -> Option<Block> {
    let matrix = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
    if matrix.iter().all(|field| field.entry.is_none()) {
        return None;
    }
    let mut table = Table::new(
        "The checks as they stand",
        &["System", "Result", "Reference or reason", "What it showed"],
    );
    for field in &matrix {
        let (tag, why, found) = match field.entry.as_ref().map(|entry| &entry.result) {
            Some(CheckResult::Done { reference, found }) => (
                Cell::tag("Done", "green"),
                reference.as_str(),
                found.as_str(),
            ),
            Some(CheckResult::Cannot { because }) => {
                (Cell::tag("Cannot", "yellow"), because.as_str(), "")
            }
            None => (Cell::tag("Open", "blue"), "None yet", ""),
        };
        let found = if found.is_empty() {
            "Nothing noted"
        } else {
            found
        };
        table.row(vec![
            Cell::text(name(ask, field)),
            tag,
            Cell::text(why),
            Cell::text(found),
        ]);
    }
    Some(Block::Table(table))
}

fn result(field: &MatrixField) -> String {
    format!("{}.result", key(field))
}

fn one(ask: Ask<'_>, sheet: &Sheet<'_>, field: &MatrixField) -> Block {
    let key = key(field);
    let looked_up = Choices::radios(result(field), "Was it looked up?")
        .option("done", "Yes", "")
        .option("cannot", "It cannot be", "")
        .inline()
        .small();
    Block::Group {
        legend: name(ask, field),
        hint: String::new(),
        id: key.clone(),
        blocks: vec![
            sheet.choose(looked_up),
            sheet.line(Input::new(
                &key,
                "Reference of the search, or why it cannot be done",
            )),
            sheet.line(Input::new(
                format!("{key}.found"),
                "What it showed that matters here, if anything",
            )),
        ],
    }
}

/// Whatever was filled in: the rest of the matrix stays open.
pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let mut entries = Vec::new();
    for field in ask.opened.report.matrix(ask.opened.pack(), ask.duty) {
        let key = key(&field);
        let (words, found) = (text(form, &key), text(form, &format!("{key}.found")));
        let result = match form.text(&result(&field)) {
            "cannot" => CheckResult::Cannot { because: words },
            "done" => CheckResult::Done {
                reference: words,
                found,
            },
            _ if words.is_empty() && found.is_empty() => continue,
            _ => {
                mistakes.add(
                    &result(&field),
                    format!("{}: say whether it was looked up", name(ask, &field)),
                );
                continue;
            }
        };
        entries.push(CheckEntry {
            system: field.system,
            place: field.place,
            result,
        });
    }
    // Where everything filled in has a mistake already, nothing else is missing.
    if entries.is_empty() && mistakes.none() {
        let first = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
        let open = first
            .iter()
            .find(|field| field.entry.is_none())
            .or(first.first());
        let at = open.map_or_else(|| "main-content".to_owned(), result);
        mistakes.add(
            &at,
            "Enter at least one system, with its reference or why it cannot be checked",
        );
    }
    Evidence::Checks { entries }
}
