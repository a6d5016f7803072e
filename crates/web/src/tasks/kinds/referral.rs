//! A referral. It counts when the other side has given a reference; that it arrived is recorded apart.

use report::{Evidence, Means};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Choices, Input};
use crate::shared::words::first_upper;
use crate::tasks::when;

pub(super) fn fields(sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = vec![
        sheet.line(
            Input::new("to", "Whom did you refer it to?")
                .hint("The body and the person you spoke to."),
        ),
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
    Means::ALL.iter().fold(
        Choices::radios("means", legend).small(),
        |choices, means| choices.option(means.word(), first_upper(means.says()), ""),
    )
}

pub(super) fn read_means(form: &Form, mistakes: &mut Mistakes, missing: &str) -> Means {
    mistakes
        .choice(form, "means", missing, |sent| sent.parse().ok())
        .unwrap_or(Means::OtherMeans)
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    Evidence::Referral {
        to: text(form, "to"),
        means: read_means(form, mistakes, "Select how it was sent"),
        at: when::read(form, mistakes, "at", ask.now),
        reference: text(form, "reference"),
        acknowledged: None,
    }
}
