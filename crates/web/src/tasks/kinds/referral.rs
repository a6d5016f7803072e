//! A referral. It counts when the other side has given a reference; that it arrived is recorded apart. Where the pack says what may be
//! done instead, it can be recorded that somebody stepped in.

use report::{Evidence, Means};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Choices, Input, Textarea};
use crate::shared::words::first_upper;
use crate::tasks::when;

/// The field that says whether it was referred, or what was done instead.
const DONE: &str = "done";
const REFERRED: &str = "referred";

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    if ask.words.step_in.is_empty() {
        return referred(sheet);
    }
    let done = Choices::radios(DONE, "What was done?").option(REFERRED, "It was referred", "");
    let done = ask.words.step_in.iter().fold(done, |done, step| done.option(&step.value, &step.words, &step.hint));
    let mut stepped_in = vec![sheet.line(Input::new("by", "Who did it?").value(ask.officer))];
    stepped_in.extend(when::fields(sheet, "stepped_at", "When was it done?"));
    stepped_in.push(
        sheet.text(
            Textarea::new("words", "Anything else to add (optional)")
                .hint("Where the child is now, with whom, and who was told. Something else: say here what.")
                .rows(3),
        ),
    );
    vec![
        sheet.choose(done),
        group("If it was referred", "is-referred", referred(sheet)),
        group("If somebody stepped in", "is-stepped-in", stepped_in),
    ]
}

fn group(legend: &str, id: &str, blocks: Vec<Block>) -> Block {
    Block::If { legend: legend.to_owned(), id: id.to_owned(), blocks }
}

fn referred(sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = vec![
        sheet.line(Input::new("to", "Whom did you refer it to?").hint("The body and the person you spoke to.")),
        sheet.choose(means("How was it sent?")),
    ];
    blocks.extend(when::fields(sheet, "at", "When was it sent?"));
    blocks.push(
        sheet.line(
            Input::new("reference", "Their reference, if you have it")
                .hint("Leave empty until they give you one. The task stays open until then.")
                .width("20"),
        ),
    );
    blocks
}

/// How something was sent or said.
pub(super) fn means(legend: &str) -> Choices {
    Means::ALL.iter().fold(Choices::radios("means", legend).small(), |choices, means| {
        choices.option(means.word(), first_upper(means.says()), "")
    })
}

pub(super) fn read_means(form: &Form, mistakes: &mut Mistakes, missing: &str) -> Means {
    mistakes.choice(form, "means", missing, |sent| sent.parse().ok()).unwrap_or(Means::OtherMeans)
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    if ask.words.step_in.is_empty() {
        return read_referred(ask, form, mistakes);
    }
    let offered = |sent: &str| ask.words.step_in.iter().any(|step| step.value == sent);
    let says = "Say whether it was referred, or what was done instead";
    let done = mistakes.choice(form, DONE, says, |sent| (sent == REFERRED || offered(sent)).then(|| sent.to_owned()));
    let other: &[&str] = match done.as_deref() {
        Some(REFERRED) => &["words"],
        Some(_) => &["to", "reference"],
        None => &[],
    };
    for field in other.iter().filter(|field| !form.text(field).is_empty()) {
        mistakes.add(field, "This does not go with what you said above. Leave it empty, or change what was done");
    }
    match done {
        Some(what) if what != REFERRED => Evidence::SteppedIn {
            what,
            by: text(form, "by"),
            at: when::read(form, mistakes, "stepped_at", ask.now),
            words: text(form, "words"),
        },
        Some(_) => read_referred(ask, form, mistakes),
        // Nothing more is asked of somebody who has not said yet which it was.
        None => Evidence::Referral {
            to: "-".to_owned(),
            means: Means::OtherMeans,
            at: ask.now,
            reference: String::new(),
            acknowledged: None,
        },
    }
}

fn read_referred(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    Evidence::Referral {
        to: text(form, "to"),
        means: read_means(form, mistakes, "Select how it was sent"),
        at: when::read(form, mistakes, "at", ask.now),
        reference: text(form, "reference"),
        acknowledged: None,
    }
}
