//! Crime recording: number and class, or the reason why there is none.

use guidance::advice::Record;
use report::{Answer, CrimeRecord, Evidence};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ndm::{STEPS, ndm_fields, read_ndm};
use crate::shared::ui::{Cell, Choices, Input, Table, Textarea};

/// The value for a class that the list does not have.
const OTHER: &str = "other";
/// The value for a class that the registrar settles.
const REGISTRAR: &str = "registrar";

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let crime = &ask.opened.advice().crime;
    let says = match crime.record {
        Record::Yes => {
            "What is known amounts to an offence, so it is recorded as a crime. That does not make a child a criminal: how it is dealt with is a separate question."
        }
        Record::No => "Nothing that is known amounts to an offence. Record the reason.",
        Record::NotYetKnown => {
            "It is not settled yet whether what is reported amounts to an offence. The clock runs all the same."
        }
    };
    let recorded = Choices::radios("recorded", "Has a crime been recorded?").option("yes", "Yes", "").option(
        "no",
        "No, and there is a reason",
        "",
    );
    let told = Choices::radios(
        "victim_told",
        "Was the person it was done to, or their parent or carer, told that none is recorded?",
    )
    .yes_no_not_known()
    .inline();
    // Where somebody is not entered yet, that is said as well.
    let says = std::iter::once(says).chain(crime.says.iter().map(|says| says.as_str()));
    let mut blocks = vec![Block::Inset(says.collect::<Vec<_>>().join(" "))];
    blocks.extend(possible(ask));
    blocks.push(sheet.choose(recorded));
    blocks.push(group(
        "If a crime is recorded",
        "is-recorded",
        vec![
            sheet.line(Input::new("reference", "Crime number").width("20")),
            sheet.choose(classes(ask)),
            sheet.line(Input::new("other_code", "Class code, if it is another").width("10")),
        ],
    ));
    blocks.push(group(
        "If none is recorded",
        "none-recorded",
        vec![
            sheet
                .text(Textarea::new("reason", "Why is no crime recorded?").hint("Give the rule that applies.").rows(3)),
            sheet.choose(told),
        ],
    ));
    if ask.opened.advice().crime.record == Record::Yes {
        let names: Vec<&str> = STEPS.iter().map(|(field, ..)| *field).collect();
        blocks.push(Block::Fold {
            title: "The full record (National Decision Model), where none is recorded".to_owned(),
            says: "Needed here where no crime is recorded: that departs from the advice. Otherwise leave it empty."
                .to_owned(),
            open: sheet.concerns(&names),
            blocks: ndm_fields(sheet),
        });
    }
    blocks
}

fn group(legend: &str, id: &str, blocks: Vec<Block>) -> Block {
    Block::If { legend: legend.to_owned(), id: id.to_owned(), blocks }
}

/// What the pack finds possible. A help: the principal crime is the registrar's.
fn possible(ask: Ask<'_>) -> Option<Block> {
    let classes = &ask.opened.advice().crime.classes;
    if classes.is_empty() {
        return None;
    }
    let confirmed = classes.iter().any(|class| class.confirm.is_some());
    // Whose part it is put down for says nothing about guilt.
    let columns: &[&str] = if confirmed { &["Act", "Class", "For", "Confirm with"] } else { &["Act", "Class", "For"] };
    let mut table = Table::new("Classes that may apply. The crime registrar settles the principal crime", columns);
    for class in classes {
        let whom = class.subject.as_deref().map_or_else(
            || "Not linked to a person: under ten, harmed, or age not known".to_owned(),
            |id| format!("{}'s part", ask.opened.person_name(id)),
        );
        let mut row = vec![
            Cell::text(&class.act),
            Cell::text(class.code.as_deref().unwrap_or("Ask the registrar")),
            Cell::text(whom),
        ];
        if confirmed {
            row.push(Cell::text(match class.confirm.as_deref() {
                Some("registrar") => "The crime registrar",
                Some(other) => other,
                None => "Nobody",
            }));
        }
        table.row(row);
    }
    Some(Block::Table(table))
}

fn classes(ask: Ask<'_>) -> Choices {
    let mut seen: Vec<&str> = Vec::new();
    let mut choices = Choices::radios("code", "Class as recorded").small();
    for class in &ask.opened.advice().crime.classes {
        let Some(code) = class.code.as_deref().filter(|code| !seen.contains(code)) else {
            continue;
        };
        seen.push(code);
        choices = choices.option(code, code, &class.act);
    }
    choices.option(REGISTRAR, "The crime registrar is asked", "").option(OTHER, "Another class", "")
}

pub(super) fn read(form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let recorded = mistakes.choice(form, "recorded", "Say whether a crime has been recorded", |sent| match sent {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let steps = STEPS.iter().map(|(field, ..)| *field);
    let other: Vec<&str> = match recorded {
        Some(true) => std::iter::once("reason").chain(steps).collect(),
        Some(false) => vec!["reference", "other_code"],
        None => Vec::new(),
    };
    for field in other.iter().filter(|field| !form.text(field).is_empty()) {
        mistakes.add(
            field,
            "This does not go with what you said above. Leave it empty, or change whether a crime is recorded",
        );
    }
    let record = match recorded {
        Some(true) => CrimeRecord::Recorded { reference: text(form, "reference"), code: read_code(form, mistakes) },
        Some(false) => CrimeRecord::NotRecorded {
            reason: text(form, "reason"),
            victim_told: mistakes
                .choice(form, "victim_told", "Say whether they were told, or that it is not known yet", |sent| {
                    sent.parse().ok()
                })
                .unwrap_or(Answer::NotKnown),
            ndm: read_ndm(form),
        },
        // Nothing more is asked of somebody who has not said yet which it is.
        None => CrimeRecord::Recorded { reference: "0".to_owned(), code: REGISTRAR.to_owned() },
    };
    Evidence::Crime { record }
}

fn read_code(form: &Form, mistakes: &mut Mistakes) -> String {
    if form.text("code") == OTHER {
        return mistakes.line(form, "other_code", "Enter the code of the other class");
    }
    text(form, "code")
}
