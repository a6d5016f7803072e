//! A form of the pack, filled in from what is known already. The officer checks it and may change it.

use std::collections::BTreeMap;

use guidance::words::{Form as PackForm, FormField, FormSection};
use report::{PersonId, TaskState};

use super::kinds::Ask;
use super::known::known;
use crate::routes;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::Form;
use crate::shared::frame::Link;
use crate::shared::record::drafts::plain_label;
use crate::shared::ui::{Choices, Input, Textarea};

/// Said of a field that is filled in already.
const FROM_RECORD: &str = "From the record.";
/// The field of the page with the other people a filing names.
const ALSO: &str = "persons";

fn pack_form<'a>(ask: Ask<'a>) -> Option<&'a PackForm> {
    ask.opened.pack().forms().iter().find(|form| form.id == ask.duty.duty())
}

/// The form as blocks; nothing where the pack has none for this duty.
pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Option<Vec<Block>> {
    let form = pack_form(ask)?;
    let mut blocks = vec![
        Block::Words(form.says.trim().to_owned()),
        Block::Inset(
            "What is known already is filled in from the report. Check it, and change what is not right for this form."
                .to_owned(),
        ),
    ];
    blocks.extend(not_sent(form).map(Block::Inset));
    blocks.extend(also_names(ask, form).map(|choices| sheet.choose(choices)));
    for (number, section) in form.section.iter().enumerate() {
        blocks.push(Block::Group {
            legend: section.title.clone(),
            hint: section.says.trim().to_owned(),
            id: format!("section-{}", number + 1),
            blocks: in_section(ask, sheet, section),
        });
    }
    Some(blocks)
}

/// Said before and after filing: filing sends nothing.
pub(super) fn not_sent(form: &PackForm) -> Option<String> {
    (!form.pass_to.is_empty()).then(|| {
        format!(
            "Filed here, and not sent. Waymark sends nothing: pass it to {} in the way your force does, then record who received it.",
            form.pass_to
        )
    })
}

/// The fields of a section. What need not be said, and about which nothing is known, is folded away after the rest.
fn in_section(ask: Ask<'_>, sheet: &Sheet<'_>, section: &FormSection) -> Vec<Block> {
    let in_sight = |field: &&FormField| field.required || !known(ask, field).is_empty();
    let (first, folded): (Vec<&FormField>, Vec<&FormField>) = section.field.iter().partition(in_sight);
    let blocks_of = |fields: Vec<&FormField>| -> Vec<Block> {
        let each = fields.into_iter();
        each.flat_map(|field| std::iter::once(one(ask, sheet, field)).chain(beside(ask, sheet, field))).collect()
    };
    let mut blocks = blocks_of(first);
    if folded.len() == 1 {
        blocks.extend(blocks_of(folded));
    } else if !folded.is_empty() {
        let fields: Vec<&str> = folded.iter().map(|field| field.id.as_str()).collect();
        let open = sheet.concerns(&fields);
        blocks.push(Block::Fold {
            title: format!("{}: {} more, if known", section.title, folded.len()),
            says: String::new(),
            open,
            blocks: blocks_of(folded),
        });
    }
    blocks
}

/// Where the form was refused because the report answers this differently: the way there.
fn beside(ask: Ask<'_>, sheet: &Sheet<'_>, field: &FormField) -> Option<Block> {
    let answer = sheet.refused(&field.id)?;
    let person = format!("person.{}.", ask.duty.subject().unwrap_or_default());
    let fact = field.fact(answer)?.replacen("person.", &person, 1);
    Some(Block::Beside(Link {
        href: routes::question(ask.opened.reference(), &fact),
        text: format!("The answer of the report: {}", field.label),
    }))
}

/// Others with the same duty still open, whom this filing may name too.
fn also_names(ask: Ask<'_>, form: &PackForm) -> Option<Choices> {
    if !form.names_others {
        return None;
    }
    let others: Vec<&str> = ask
        .opened
        .view
        .tasks
        .iter()
        .filter(|task| task.id.duty() == ask.duty.duty() && task.id != *ask.duty)
        .filter(|task| matches!(task.state, TaskState::Due | TaskState::PartDone))
        .filter_map(|task| task.id.subject())
        .collect();
    if others.is_empty() {
        return None;
    }
    let choices = Choices::checkboxes(ALSO, "Does this filing name anybody else?")
        .hint(format!(
            "It then counts for each of them. What is answered below is about {} alone.",
            ask.opened.person_name(ask.duty.subject().unwrap_or_default())
        ))
        .small();
    Some(others.into_iter().fold(choices, |choices, id| choices.option(id, ask.opened.person_name(id), "")))
}

/// What a field of the page is called, for somebody who reads it elsewhere.
pub(super) fn label(ask: Ask<'_>, field: &str) -> String {
    let fields = pack_form(ask).into_iter().flat_map(|form| &form.section).flat_map(|section| &section.field);
    fields.into_iter().find(|one| one.id == field).map_or_else(|| plain_label(field), |one| one.label.clone())
}

fn one(ask: Ask<'_>, sheet: &Sheet<'_>, field: &FormField) -> Block {
    let known = known(ask, field);
    let label = if field.required { field.label.clone() } else { format!("{} (optional)", field.label) };
    // Said only while the field still holds it.
    let hint = match !known.is_empty() && sheet.holds(&field.id, &known) {
        true => format!("{} {FROM_RECORD}", field.hint.trim()).trim().to_owned(),
        false => field.hint.clone(),
    };
    match field.kind.as_str() {
        "yes-no" => sheet
            .choose(Choices::radios(&field.id, label).hint(&hint).yes_no_not_known().inline().small().chosen(&known)),
        "choice" => {
            let radios = Choices::radios(&field.id, label).hint(&hint).small();
            let offered = field
                .options
                .iter()
                .fold(radios, |radios, option| radios.option(&option.value, &option.words, &option.hint));
            sheet.choose(offered.chosen(&known))
        }
        "text" => sheet.line(Input::new(&field.id, label).hint(&hint).value(known)),
        _ => sheet.text(Textarea::new(&field.id, label).hint(&hint).rows(4).value(known)),
    }
}

/// Whom the filing names: whose task it is, and whoever was ticked.
pub(super) fn persons(subject: &PersonId, sent: &Form) -> Vec<PersonId> {
    let also = sent.all(ALSO).iter().filter_map(|id| id.parse().ok());
    let mut persons = vec![subject.clone()];
    persons.extend(also);
    persons
}

/// What was entered, by field; fields left empty are left out.
pub(super) fn answers(ask: Ask<'_>, sent: &Form) -> BTreeMap<String, String> {
    let fields = pack_form(ask).into_iter().flat_map(|form| &form.section).flat_map(|section| &section.field);
    fields
        .filter(|field| sent.has(&field.id))
        .map(|field| (field.id.clone(), sent.text(&field.id).to_owned()))
        .collect()
}
