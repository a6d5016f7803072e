//! A child, parent or carer was told, or why not yet.

use report::{DutyId, Evidence, TaskState, Telling, Then};

use super::meeting::before_checks;
use super::referral::{means, read_means};
use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Choices, Input, Textarea};
use crate::tasks::when;

/// The field with the other tasks that it counts for.
const ALSO: &str = "also";

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    // Where what they are told to do could be taken for what is asked, the pack says which.
    let own = ask.words.telling.as_ref();
    let asks = own.map_or("Has it been done?", |own| own.done.as_str());
    let told = Choices::radios("told", asks)
        .option("yes", "Yes", "")
        .option(
            "no",
            "Not yet, or it cannot be done",
            "The task stays open. Leaving it for good is a departure, with full reasons.",
        );
    let mut yes = vec![sheet.line(Input::new("by", "Who spoke to them?").value(ask.officer))];
    yes.push(sheet.choose(means("How?")));
    yes.extend(when::fields(sheet, "at", "When?"));
    yes.push(sheet.text(
        Textarea::new("asked", "What did they ask, and what was answered?")
            .hint("If they asked nothing, say so; left empty, it says that no questions were noted. Where you did not know, say by when they will hear.")
            .rows(4),
    ));
    if let Some(own) = own.filter(|own| !own.then.is_empty()) {
        yes.extend(came_of_it(&own.then, sheet));
    }
    yes.extend(before_checks(ask, sheet, "a talk with the child or family"));
    let mut blocks = vec![
        sheet.line(Input::new("who", "Who was told, or is to be?").hint(
            "Everybody who was spoken to, or is to be: the child, a mother, a social worker.",
        )),
        sheet.choose(told),
        group("If yes", "done", yes),
        group(
            "If not yet, or it cannot be done",
            "not-done",
            vec![sheet.text(Textarea::new("because", "Why not yet?").rows(3))],
        ),
    ];
    blocks.extend(others(ask).map(|choices| sheet.choose(choices)));
    blocks
}

/// What they say came of it. It need not be answered.
fn came_of_it(asks: &str, sheet: &Sheet<'_>) -> Vec<Block> {
    let then = Choices::radios("came_of_it", format!("{asks} (optional)"))
        .hint("It is asked, and nobody is made to prove it. What you learn later can be recorded here again.")
        .option("done", "Yes", "")
        .option("not-done", "No", "")
        .option("not-known", "Not known yet", "")
        .option("later", "Not yet, it will be", "Say below when.")
        .small();
    vec![
        sheet.choose(then),
        sheet.line(Input::new(
            "came_of_it_when",
            "When will it be done? (optional)",
        )),
    ]
}

/// Other tasks of telling somebody that are open: one visit often does several.
fn others(ask: Ask<'_>) -> Option<Choices> {
    let tasks = ask.opened.view.tasks.iter();
    let mut open = tasks
        .filter(|task| task.evidence == "told" && task.id != *ask.duty)
        .filter(|task| matches!(task.state, TaskState::Due | TaskState::PartDone))
        .peekable();
    open.peek()?;
    let choices = Choices::checkboxes(ALSO, "Was this done for these too? (optional)")
        .hint("What is entered above is then recorded for each of them.")
        .small();
    Some(open.fold(choices, |choices, task| {
        choices.option(task.id.as_str(), &task.title, "")
    }))
}

/// What the same telling is recorded for as well.
pub(super) fn also(form: &Form) -> Vec<DutyId> {
    let ticked = form.all(ALSO).iter();
    ticked.filter_map(|duty| duty.parse().ok()).collect()
}

fn group(legend: &str, id: &str, blocks: Vec<Block>) -> Block {
    Block::If {
        legend: legend.to_owned(),
        id: id.to_owned(),
        blocks,
    }
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let missing = match &ask.words.telling {
        Some(own) => format!("Answer this: {}", own.done),
        None => "Say whether it has been done".to_owned(),
    };
    let was_told = mistakes.choice(form, "told", &missing, |sent| match sent {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    let telling = match was_told {
        Some(false) => Telling::NotTold {
            because: text(form, "because"),
        },
        // Nothing more is asked of somebody who has not said yet whether it was done.
        None => Telling::NotTold {
            because: "-".to_owned(),
        },
        Some(true) => Telling::Told {
            at: when::read(form, mistakes, "at", ask.now),
            means: read_means(form, mistakes, "Select how they were told"),
            asked: text(form, "asked"),
            then: read_then(form, mistakes),
        },
    };
    Evidence::Told {
        who: text(form, "who"),
        by: text(form, "by"),
        telling,
        before_checks_because: text(form, "before_checks_because"),
    }
}

fn read_then(form: &Form, mistakes: &mut Mistakes) -> Option<Then> {
    let when = text(form, "came_of_it_when");
    let then = match form.text("came_of_it") {
        "done" => Some(Then::Done),
        "not-done" => Some(Then::NotDone),
        "not-known" => Some(Then::NotKnown),
        "later" => return Some(Then::Later { when }),
        _ => None,
    };
    if !when.is_empty() {
        mistakes.add(
            "came_of_it_when",
            "You said when it will be done. Select that it will be, or leave this empty",
        );
    }
    then
}
