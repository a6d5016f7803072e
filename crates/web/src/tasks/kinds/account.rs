//! An initial account: that it was taken, how, and how the child's needs were met. Never what the image shows.

use report::Evidence;

use super::meeting::before_checks;
use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Input, Textarea};
use crate::tasks::when;

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = vec![sheet.line(Input::new("taken_by", "Who took the account?").value(ask.officer))];
    blocks.extend(when::fields(sheet, "at", "When was it taken?"));
    blocks.extend([
        sheet.text(
            Textarea::new("setting", "Where was it, and who was there?")
                .hint("Who was with the child, and whether they have a part in this.")
                .rows(3),
        ),
        sheet.text(
            Textarea::new("needs_met", "How were the child's needs met?")
                .hint("What helped them to speak: breaks, an interpreter, simple words, somebody they trust.")
                .rows(4),
        ),
        sheet.line(
            Input::new("body_worn_video", "Body-worn video reference, if there is one")
                .hint("The reference only. The recording stays where it is kept.")
                .width("20"),
        ),
        Block::Inset("What the child said is written in your own system or as answers in this report. What was said about whom is recorded with the answer, under who said so.".to_owned()),
    ]);
    blocks.extend(before_checks(ask, sheet, "a talk with the child or family"));
    blocks
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    Evidence::Account {
        taken_by: text(form, "taken_by"),
        at: when::read(form, mistakes, "at", ask.now),
        setting: text(form, "setting"),
        needs_met: text(form, "needs_met"),
        body_worn_video: text(form, "body_worn_video"),
        before_checks_because: text(form, "before_checks_because"),
    }
}
