//! A child, parent or carer was told, or why not yet.

use report::{DutyId, Evidence, Task, TaskState, Telling, Then};

use super::meeting::before_checks;
use super::referral::{means, read_means};
use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Choices, Input, Textarea};
use crate::tasks::when;

/// The field with the other tasks that it counts for; for those of another child with their id after it.
const ALSO: &str = "also";

/// Of what was asked, the same for every family.
const ASKED_NOTHING: &str = "If they asked nothing, say so; left empty, it says that no questions were noted.";

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    // Where what they are told to do could be taken for what is asked, the pack says which.
    let own = ask.words.telling.as_ref();
    let asks = own.map_or("Has it been done?", |own| own.done.as_str());
    let told = Choices::radios("told", asks).option("yes", "Yes", "").option(
        "no",
        "Not yet, or it cannot be done",
        "The task stays open. Leaving it for good is a departure, with full reasons.",
    );
    let mut yes = vec![sheet.line(Input::new("by", "Who spoke to them?").value(ask.officer))];
    yes.push(sheet.choose(means("How?")));
    yes.extend(when::fields(sheet, "at", "When?"));
    yes.push(
        sheet.text(
            Textarea::new("asked", "What did they ask, and what was answered?")
                .hint(format!("{ASKED_NOTHING} Where you did not know, say by when they will hear."))
                .rows(4),
        ),
    );
    if let Some(own) = own.filter(|own| !own.then.is_empty()) {
        yes.extend(came_of_it(&own.then, sheet));
    }
    yes.extend(before_checks(ask, sheet, "a talk with the child or family"));
    let mut blocks = vec![
        sheet.line(
            Input::new("who", "Who was told, or will be told?")
                .hint("Everybody who was spoken to, or is to be: the child, a mother, a social worker."),
        ),
        sheet.choose(told),
        group("If yes", "done", yes),
        group(
            "If not yet, or it cannot be done",
            "not-done",
            vec![sheet.text(Textarea::new("because", "Why not yet?").rows(3))],
        ),
    ];
    blocks.extend(others(ask, sheet));
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
    vec![sheet.choose(then), sheet.line(Input::new("came_of_it_when", "When will it be done? (optional)"))]
}

/// Other tasks of telling somebody that are open: one visit often does several. Those of another child have fields of their own for
/// who was told and what they asked: what one family says is in no entry of another.
fn others(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let tasks = ask.opened.view.tasks.iter();
    let open = tasks
        .filter(|task| task.evidence == "told" && task.id != *ask.duty)
        .filter(|task| matches!(task.state, TaskState::Due | TaskState::PartDone));
    let (own, theirs): (Vec<&Task>, Vec<&Task>) = open.partition(|task| task.id.subject() == ask.duty.subject());
    let offer = |choices: Choices, tasks: &[&Task]| {
        let choices = tasks.iter().fold(choices, |choices, task| choices.option(task.id.as_str(), &task.title, ""));
        sheet.choose(choices.small())
    };
    let mut blocks = Vec::new();
    if !own.is_empty() {
        let choices = Choices::checkboxes(ALSO, "Was this done for these too? (optional)")
            .hint("What is entered above is then recorded for each of them.");
        blocks.push(offer(choices, &own));
    }
    let (mut children, mut fields) = (Vec::new(), Vec::new());
    for child in subjects(&theirs) {
        let name = ask.opened.person_name(child);
        let tasks: Vec<&Task> = theirs.iter().filter(|task| task.id.subject() == Some(child)).copied().collect();
        let [also, who, asked] = fields_of(child);
        let choices = Choices::checkboxes(&also, format!("What was done for {name}? (optional)"));
        let parts = vec![
            offer(choices, &tasks),
            sheet.line(Input::new(&who, format!("Who was told about {name}?"))),
            sheet.text(
                Textarea::new(&asked, format!("What did they ask about {name}, and what was answered?"))
                    .hint(ASKED_NOTHING)
                    .rows(3),
            ),
        ];
        fields.extend([also, who, asked]);
        children.push(group(&name, &format!("visit-{child}"), parts));
    }
    if !children.is_empty() {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        blocks.push(Block::Fold {
            title: "Others were told at the same visit".to_owned(),
            says: "Each child has an entry of their own: when, how and by whom are taken from above, who was told and what they asked is entered here.".to_owned(),
            open: sheet.concerns(&fields),
            blocks: children,
        });
    }
    blocks
}

/// Whom tasks are about, each once.
fn subjects<'a>(tasks: &[&'a Task]) -> Vec<&'a str> {
    let mut subjects: Vec<&str> = tasks.iter().filter_map(|task| task.id.subject()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// The fields about another child: what was done, who was told, what they asked.
fn fields_of(child: &str) -> [String; 3] {
    [ALSO, "who", "asked"].map(|field| format!("{field}.{child}"))
}

/// The other children that something was entered for.
fn others_entered(form: &Form) -> Vec<String> {
    let children = form.pairs().filter(|(_, value)| !value.trim().is_empty());
    let children = children.filter_map(|(name, _)| {
        let (field, child) = name.split_once('.')?;
        [ALSO, "who", "asked"].contains(&field).then(|| child.to_owned())
    });
    let mut children: Vec<String> = children.collect();
    children.sort();
    children.dedup();
    children
}

fn ticked(form: &Form, field: &str) -> Vec<DutyId> {
    let ticked = form.all(field).iter();
    ticked.filter_map(|duty| duty.parse().ok()).collect()
}

/// One entry for this duty, and one for each that was done at the same visit.
pub(super) fn each(duty: DutyId, evidence: Evidence, form: &Form) -> Vec<(DutyId, Evidence)> {
    let mut each: Vec<(DutyId, Evidence)> =
        ticked(form, ALSO).into_iter().map(|also| (also, evidence.clone())).collect();
    for child in others_entered(form) {
        let [also, who, asked] = fields_of(&child);
        let theirs = of_family(evidence.clone(), text(form, &who), text(form, &asked));
        let duties = ticked(form, &also).into_iter();
        each.extend(duties.map(|duty| (duty, theirs.clone())));
    }
    each.insert(0, (duty, evidence));
    each
}

/// The same visit, to another family.
fn of_family(mut evidence: Evidence, theirs: String, they_asked: String) -> Evidence {
    if let Evidence::Told { who, telling, .. } = &mut evidence {
        *who = theirs;
        if let Telling::Told { asked, then, .. } = telling {
            *asked = they_asked;
            // What comes of it is asked of each family by itself.
            *then = None;
        }
    }
    evidence
}

/// What was entered for other children has to say for whom, and of what was told.
fn check_others(ask: Ask<'_>, form: &Form, was_told: Option<bool>, mistakes: &mut Mistakes) {
    let is_of = |duty: &DutyId, child: Option<&str>| duty.subject() == child;
    if ticked(form, ALSO).iter().any(|duty| !is_of(duty, ask.duty.subject())) {
        let others = ticked(form, ALSO).into_iter();
        let others = others.filter(|duty| !is_of(duty, ask.duty.subject()));
        let names: Vec<String> =
            others.filter_map(|duty| duty.subject().map(|id| ask.opened.person_name(id))).collect();
        let whom = match names.is_empty() {
            true => "somebody else".to_owned(),
            false => names.join(" and "),
        };
        let says = format!("This is about {whom}. Record it for them with their own words");
        mistakes.add(ALSO, says);
    }
    for child in others_entered(form) {
        let name = ask.opened.person_name(&child);
        let [also, who, _] = fields_of(&child);
        let duties = ticked(form, &also);
        if duties.is_empty() {
            let says = format!("Select what was done for {name}, or clear what is entered about them");
            mistakes.add(&also, says);
        } else if duties.iter().any(|duty| !is_of(duty, Some(&child))) {
            mistakes.add(&also, format!("Select only what was done for {name}"));
        }
        if was_told == Some(false) {
            let says = format!("You say that nobody was told yet. Say on the task of {name} why they were not");
            mistakes.add(&also, says);
        } else if text(form, &who).is_empty() {
            mistakes.add(&who, format!("Enter who was told about {name}"));
        }
    }
}

fn group(legend: &str, id: &str, blocks: Vec<Block>) -> Block {
    Block::If { legend: legend.to_owned(), id: id.to_owned(), blocks }
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
    check_others(ask, form, was_told, mistakes);
    let telling = match was_told {
        Some(false) => Telling::NotTold { because: text(form, "because") },
        // Nothing more is asked of somebody who has not said yet whether it was done.
        None => Telling::NotTold { because: "-".to_owned() },
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
        mistakes.add("came_of_it_when", "You said when it will be done. Select that it will be, or leave this empty");
    }
    then
}
