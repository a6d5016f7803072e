//! A welfare check: what was found, what each child said and wants, what was done.

use guidance::Value;
use report::{ChildSeen, Evidence, FactName, NOT_KNOWN, PersonId};

use super::{Ask, Block, Sheet, text};
use crate::routes;
use crate::shared::form::Form;
use crate::shared::frame::Link;
use crate::shared::ui::Textarea;

/// The section of questions that a welfare check settles.
const SECTION: &str = "welfare";

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let links = still_to_ask(ask);
    if !links.is_empty() {
        blocks.push(Block::Links { says: "Not known yet. Ask with the check, and answer here:".to_owned(), links });
    }
    blocks.push(
        sheet
            .text(Textarea::new("finding", "What did you find?").hint(
                "Where everybody is, who is with them, and whether they are safe. Say who could not be reached.",
            )),
    );
    for person in seen(ask) {
        let name = ask.opened.person_name(person.as_str());
        blocks.push(Block::Group {
            legend: format!("{name}, if seen or spoken to"),
            hint: "Leave both empty if not.".to_owned(),
            id: format!("child.{person}"),
            blocks: vec![
                sheet.text(
                    Textarea::new(format!("voice.{person}"), format!("What did {name} say and want?"))
                        .hint("In their own words.")
                        .rows(3),
                ),
                sheet.text(
                    Textarea::new(format!("demeanour.{person}"), format!("How did {name} seem?"))
                        .hint("What you saw and heard, not what you concluded.")
                        .rows(3),
                ),
            ],
        });
    }
    blocks.push(
        sheet.text(
            Textarea::new("action", "What was done, who will check again, and when?")
                .hint("Or that nothing was needed, and why."),
        ),
    );
    blocks
}

/// Whom the check is about: whoever the duty names, else every child the advice gives a task of their own.
fn seen(ask: Ask<'_>) -> Vec<PersonId> {
    let named = ask.duty.subject();
    let has_form = |id: &str| {
        ask.opened
            .view
            .tasks
            .iter()
            .any(|task| task.id.subject() == Some(id) && matches!(task.evidence.as_str(), "form" | "signposting"))
    };
    ask.opened
        .people()
        .map(|person| &person.id)
        .filter(|id| named.map_or_else(|| has_form(id.as_str()), |named| named == id.as_str()))
        .cloned()
        .collect()
}

/// Questions on welfare that nobody has answered with yes or no.
fn still_to_ask(ask: Ask<'_>) -> Vec<Link> {
    let questions: Vec<&str> = ask
        .opened
        .pack()
        .questions()
        .iter()
        .filter(|question| question.section == SECTION)
        .filter_map(|question| question.fact.strip_prefix("person."))
        .collect();
    let facts = seen(ask).into_iter().flat_map(|person| {
        questions.iter().filter_map(move |fact| FactName::person(&person, fact).ok()).collect::<Vec<_>>()
    });
    facts
        .filter(|fact| {
            let answer = ask.opened.answer(fact.as_str());
            answer.is_none() || answer == Some(Value::word(NOT_KNOWN))
        })
        .map(|fact| Link {
            href: routes::question(ask.opened.reference(), fact.as_str()),
            text: ask.opened.question_words(&fact),
        })
        .collect()
}

pub(super) fn read(ask: Ask<'_>, form: &Form) -> Evidence {
    let children = seen(ask)
        .into_iter()
        .map(|person| ChildSeen {
            voice: text(form, &format!("voice.{person}")),
            demeanour: text(form, &format!("demeanour.{person}")),
            person,
        })
        .filter(|child| !child.voice.is_empty() || !child.demeanour.is_empty())
        .collect();
    Evidence::Welfare { finding: text(form, "finding"), children, action: text(form, "action") }
}
