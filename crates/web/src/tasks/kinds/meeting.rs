//! A strategy or multi-agency meeting. The checks come before it, unless safety cannot wait.

use report::Evidence;

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Input, Textarea};
use crate::tasks::when;

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks = vec![
        when::day_field(sheet, "on", "Which day is or was it held?"),
        Block::Inset(
            "A meeting that is still to come keeps this task open. Enter it again once it was held.".to_owned(),
        ),
        sheet.line(Input::new("with", "With whom?").hint("The bodies and people who take part.")),
        sheet.line(Input::new("reference", "Reference of the minutes, if there is one").width("20")),
    ];
    blocks.extend(before_checks(ask, sheet, "a meeting"));
    blocks
}

/// Asked only while checks on police systems are open.
pub(super) fn before_checks(ask: Ask<'_>, sheet: &Sheet<'_>, what: &str) -> Option<Block> {
    ask.checks_are_open().then(|| {
        sheet.text(
            Textarea::new("before_checks_because", "Why could this not wait for the checks?")
                .hint(format!("Not all checks on police systems are done. Where {what} is planned they come first, unless somebody's safety cannot wait."))
                .rows(3),
        )
    })
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    Evidence::Meeting {
        on: when::read_day(form, mistakes, "on", ask.now),
        with: text(form, "with"),
        reference: text(form, "reference"),
        before_checks_because: text(form, "before_checks_because"),
    }
}
