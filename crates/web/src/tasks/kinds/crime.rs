//! Crime recording: number and class, or the reason why there is none.

use guidance::advice::{Class, CrimeClass, Record, SuspectRole};
use report::{Answer, CrimeRecord, Evidence, PersonId};

use super::{Ask, Block, Sheet, text};
use crate::shared::crimes::{self, Crime, REGISTRAR};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ndm::{STEPS, ndm_fields, read_ndm};
use crate::shared::ui::{Cell, Choices, Input, Table, Textarea};

/// The value for a class that the list does not have.
const OTHER: &str = "other";
/// The field that says whose part it is about.
const PERSONS: &str = "persons";

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
    blocks.extend(so_far(ask));
    blocks.push(sheet.choose(recorded));
    blocks.push(group(
        "If a crime is recorded",
        "is-recorded",
        vec![
            sheet.line(Input::new("reference", "Crime number").width("20")),
            sheet.choose(classes(ask)),
            sheet.line(Input::new("other_code", "Class code, if it is another").width("10")),
        ]
        .into_iter()
        .chain(whose(ask).map(|whose| sheet.choose(whose)))
        .collect(),
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

/// What may be recorded for whom, what is, and what an outcome says that is not. A help: the principal crime is the registrar's.
fn so_far(ask: Ask<'_>) -> Vec<Block> {
    let opened = ask.opened;
    let (crimes, classes) = (crimes::recorded(opened), &opened.advice().crime.classes);
    let mut blocks: Vec<Block> = crimes::lacking(opened).into_iter().map(Block::Inset).collect();
    blocks.extend(possible(ask, &crimes, classes).map(Block::Table));
    let open = crimes::without(opened, doers(classes));
    if !open.is_empty() && !crimes.is_empty() {
        let names: Vec<String> = open.iter().map(|id| opened.person_name(id)).collect();
        blocks.push(Block::Words(format!(
            "No crime is recorded yet for {}. Not every class above needs a record of its own: the crime registrar settles that.",
            names.join(", ")
        )));
    }
    blocks
}

/// Those for whose part a class may apply, each once.
fn doers(classes: &[CrimeClass]) -> Vec<String> {
    let mut ids: Vec<String> = classes.iter().filter_map(|class| class.subject.as_deref().map(str::to_owned)).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Each person with each class that may apply to their part, and whether it is recorded.
fn possible(ask: Ask<'_>, crimes: &[Crime<'_>], classes: &[CrimeClass]) -> Option<Table> {
    if classes.is_empty() {
        return None;
    }
    let confirmed = classes.iter().any(|class| class.confirm.is_some());
    // Whose part it is put down for says nothing about guilt.
    let columns: &[&str] = match confirmed {
        true => &["For", "Act", "Class", "Confirm with", "Recorded"],
        false => &["For", "Act", "Class", "Recorded"],
    };
    let caption = "Classes that may apply, and what is recorded. The crime registrar settles the principal crime";
    let mut table = Table::new(caption, columns);
    let place = |class: &&CrimeClass| {
        let subject = class.subject.as_deref();
        subject.map_or(usize::MAX, |id| ask.opened.people().position(|one| one.id.as_str() == id).unwrap_or(0))
    };
    let mut classes: Vec<&CrimeClass> = classes.iter().collect();
    classes.sort_by_key(place);
    for class in classes {
        let whom = class.subject.as_deref().map_or_else(
            || "Not linked to a person: under ten, harmed, or age not known".to_owned(),
            |id| format!("{}'s part", ask.opened.person_name(id)),
        );
        let mut row = vec![
            Cell::text(whom),
            Cell::text(&class.act),
            Cell::text(class.code.as_deref().unwrap_or("Ask the registrar")),
        ];
        if confirmed {
            row.push(Cell::text(match class.confirm.as_deref() {
                Some("registrar") => "The crime registrar",
                Some(other) => other,
                None => "Nobody",
            }));
        }
        row.push(stands(class, crimes));
        table.row(row);
    }
    Some(table)
}

/// Whether a class is recorded for whom it may apply to; where another one is, which.
fn stands(class: &CrimeClass, crimes: &[Crime<'_>]) -> Cell {
    let theirs = crimes.iter().filter(|crime| match class.subject.as_deref() {
        Some(person) => crime.is_of(person),
        None => crime.persons.is_empty(),
    });
    let (this, others): (Vec<&Crime<'_>>, Vec<&Crime<'_>>) =
        theirs.partition(|crime| class.code.as_deref() == Some(crime.code));
    let named = |crimes: &[&Crime<'_>]| crimes.iter().map(|crime| crime.says()).collect::<Vec<_>>().join("; ");
    match (this.as_slice(), others.as_slice()) {
        ([], []) => Cell::tag("Not recorded", "grey"),
        ([], others) => Cell::tag("Another is", "grey").beside(named(others)),
        (this, _) => Cell::tag("Recorded", "green").beside(named(this)),
    }
}

/// Whose part it is about: those who take part and may be named with a crime. Nobody is chosen beforehand.
fn whose(ask: Ask<'_>) -> Option<Choices> {
    let advice = &ask.opened.advice().persons;
    let may_be = |person: &&report::Person| {
        let theirs = advice.get(person.id.as_str());
        theirs.is_some_and(|it| it.class != Class::NotInvolved && it.suspect_role != SuspectRole::Never)
    };
    let choices = Choices::checkboxes(PERSONS, "Whose part is it about?").small().hint(
        "Select everybody whose part this one crime is about. Leave it empty where nobody is known. Record the next crime after this one. \
         It says nothing about guilt.",
    );
    let mut people = ask.opened.people().filter(may_be).peekable();
    people.peek()?;
    Some(people.fold(choices, |choices, person| choices.option(person.id.as_str(), person.label(), "")))
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
        Some(false) => vec!["reference", "other_code", PERSONS],
        None => Vec::new(),
    };
    for field in other.iter().filter(|field| !form.text(field).is_empty()) {
        mistakes.add(
            field,
            "This does not go with what you said above. Leave it empty, or change whether a crime is recorded",
        );
    }
    let record = match recorded {
        Some(true) => CrimeRecord::Recorded {
            reference: text(form, "reference"),
            code: read_code(form, mistakes),
            persons: read_persons(form, mistakes),
        },
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
        None => CrimeRecord::Recorded { reference: "0".to_owned(), code: REGISTRAR.to_owned(), persons: Vec::new() },
    };
    Evidence::Crime { record }
}

fn read_code(form: &Form, mistakes: &mut Mistakes) -> String {
    if form.text("code") == OTHER {
        return mistakes.line(form, "other_code", "Enter the code of the other class");
    }
    text(form, "code")
}

fn read_persons(form: &Form, mistakes: &mut Mistakes) -> Vec<PersonId> {
    let mut persons = Vec::new();
    for sent in form.all(PERSONS) {
        match sent.parse() {
            Ok(person) => persons.push(person),
            Err(_) => mistakes.add(PERSONS, "Select whose part it is about from the list"),
        }
    }
    persons
}
