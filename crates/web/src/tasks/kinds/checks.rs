//! Checks on police systems, as a matrix: each person or place by each system that the force lists.

use report::{CheckEntry, CheckResult, Evidence, MatrixField, PlaceId};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Cell, Choices, Input, Table, Textarea};

/// What a field of the matrix is called in the form and in what the record refuses.
fn key(field: &MatrixField) -> String {
    field.place.as_ref().map_or_else(|| field.system.clone(), |place| format!("{}.{place}", field.system))
}

/// What a field of the matrix is called by a reader.
fn name(ask: Ask<'_>, field: &MatrixField) -> String {
    let place = field.place.as_ref().and_then(|id| ask.opened.report.place(id.as_str()));
    place.map_or_else(|| field.name.clone(), |place| format!("{}: {}", field.name, place.address))
}

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let matrix = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
    let (entered, open): (Vec<_>, Vec<_>) = matrix.iter().partition(|field| field.entry.is_some());
    let mut blocks = Vec::new();
    if matrix.is_empty() {
        blocks.push(
            sheet.text(
                Textarea::new("no_place", "Why is no place known yet?")
                    .hint("Only where none is known. It counts until a place is added: then that one is checked.")
                    .rows(3),
            ),
        );
    }
    for place in places(&matrix) {
        let of_it = || open.iter().filter(|field| field.place.as_ref() == place);
        blocks.extend((of_it().count() > 1).then(|| all(ask, sheet, place)));
        blocks.extend(of_it().map(|field| one(ask, sheet, field)));
    }
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

/// The places of the matrix, each once, in its order; nothing stands for a person.
fn places(matrix: &[MatrixField]) -> Vec<Option<&PlaceId>> {
    let mut places: Vec<Option<&PlaceId>> = Vec::new();
    for field in matrix {
        if !places.contains(&field.place.as_ref()) {
            places.push(field.place.as_ref());
        }
    }
    places
}

/// What stands where nobody could look: that is not the same as nothing found.
const NOT_SEEN: &str = "Not known";

/// What the record says of a system that was answered together with the others: not the same as a field left empty.
const NOTHING_AT_ONCE: &str = "Nothing that matters here (entered for all systems at once)";

/// What the answer for all systems is called in the form.
fn all_key(place: Option<&PlaceId>) -> String {
    place.map_or_else(|| "all".to_owned(), |place| format!("all.{place}"))
}

/// The systems on which one person or place is still to be looked up, answered at once. Never answered beforehand.
fn all(ask: Ask<'_>, sheet: &Sheet<'_>, place: Option<&PlaceId>) -> Block {
    let key = all_key(place);
    let address = place.and_then(|id| ask.opened.report.place(id.as_str()));
    let of = address.map_or_else(String::new, |place| format!(": {}", place.address));
    let nothing = Choices::checkboxes(format!("{key}.nothing"), "Was nothing found on any of them?")
        .option("yes", "All were looked up, and nothing was found that matters here", "")
        .small();
    Block::Group {
        legend: format!("All systems at once{of}"),
        hint: "For every system below that you leave empty. What you enter for one of them counts for that one. We ask for a reference so that the search can be found again.".to_owned(),
        id: format!("{key}.at-once"),
        blocks: vec![
            sheet.choose(nothing),
            sheet.line(Input::new(&key, "If you have looked up all: reference of the search, or who searched and when")),
        ],
    }
}

/// What was said of all systems at once, for one person or place: the reference. Nothing where it was left empty.
fn read_all(form: &Form, place: Option<&PlaceId>, mistakes: &mut Mistakes) -> Option<String> {
    let key = all_key(place);
    let (said, reference) = (form.has(&format!("{key}.nothing")), text(form, &key));
    match (said, reference.is_empty()) {
        (false, true) => None,
        // Told here and not at each system that it would count for.
        (true, false) => match report::text::line(&key, &reference) {
            Ok(()) => Some(reference),
            Err(wrong) => {
                mistakes.add(&wrong.field, wrong.says);
                None
            }
        },
        (true, true) => {
            mistakes.add(&key, "Enter the reference of the search, or who searched and when");
            None
        }
        (false, false) => {
            mistakes.add(
                &format!("{key}.nothing"),
                "Say that nothing was found on any of them, or leave the reference for all of them empty",
            );
            None
        }
    }
}

/// The matrix as it stands: what counts now for each system, and what is still open.
pub(super) fn so_far(ask: Ask<'_>) -> Option<Block> {
    let matrix = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
    if matrix.iter().all(|field| field.entry.is_none()) {
        return None;
    }
    let mut table =
        Table::new("The checks as they stand", &["System", "Result", "Reference or reason", "What it showed"]);
    for field in &matrix {
        let (tag, why, found) = match field.entry.as_ref().map(|entry| &entry.result) {
            Some(CheckResult::Done { reference, found }) => (
                Cell::tag("Looked up", "green"),
                reference.as_str(),
                match found.as_str() {
                    "" => "Nothing noted",
                    found => found,
                },
            ),
            Some(CheckResult::Cannot { because }) => {
                let tag = Cell::tag("Could not be looked up", "yellow");
                (tag, because.as_str(), NOT_SEEN)
            }
            None => (Cell::tag("Not looked up yet", "blue"), "None yet", NOT_SEEN),
        };
        table.row(vec![Cell::text(name(ask, field)), tag, Cell::text(why), Cell::text(found)]);
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
            sheet.line(Input::new(&key, "Reference of the search, or why it cannot be done")),
            sheet.line(Input::new(format!("{key}.found"), "What it showed that matters here, if anything")),
        ],
    }
}

/// Whatever was filled in: the rest of the matrix stays open.
pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let mut entries = Vec::new();
    let matrix = ask.opened.report.matrix(ask.opened.pack(), ask.duty);
    if matrix.is_empty() {
        let no_place = text(form, "no_place");
        return Evidence::Checks { entries, no_place };
    }
    let at_once: Vec<_> =
        places(&matrix).into_iter().map(|place| (place.cloned(), read_all(form, place, mistakes))).collect();
    for field in matrix.iter().cloned() {
        let all = at_once.iter().find(|(place, _)| *place == field.place);
        let all = all.and_then(|(_, reference)| reference.as_ref());
        let key = key(&field);
        let (words, found) = (text(form, &key), text(form, &format!("{key}.found")));
        let result = match form.text(&result(&field)) {
            "cannot" => CheckResult::Cannot { because: words },
            "done" => CheckResult::Done { reference: words, found },
            _ if words.is_empty() && found.is_empty() => match all.filter(|_| field.entry.is_none()) {
                Some(reference) => {
                    CheckResult::Done { reference: reference.clone(), found: NOTHING_AT_ONCE.to_owned() }
                }
                None => continue,
            },
            _ => {
                mistakes.add(&result(&field), format!("{}: say whether it was looked up", name(ask, &field)));
                continue;
            }
        };
        entries.push(CheckEntry { system: field.system, place: field.place, result });
    }
    // Where everything filled in has a mistake already, nothing else is missing.
    if entries.is_empty() && mistakes.none() {
        let open = matrix.iter().find(|field| field.entry.is_none());
        let open = open.or(matrix.first());
        let at = open.map_or_else(|| "main-content".to_owned(), result);
        mistakes.add(&at, "Enter at least one system, with its reference or why it cannot be checked");
    }
    Evidence::Checks { entries, no_place: String::new() }
}
