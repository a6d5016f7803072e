//! A request to have something taken down.

use report::Evidence;

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ui::{Input, SummaryList, Textarea};
use crate::tasks::when;

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let helps = ask
        .opened
        .pack()
        .services()
        .iter()
        .filter(|service| service.removal)
        .fold(SummaryList::new(), |list, service| {
            list.row(&service.name, format!("{}\n{}", service.says.trim(), service.web))
        });
    vec![
        Block::Heading("Services that help".to_owned()),
        Block::List(helps),
        Block::Heading("The request".to_owned()),
        sheet.line(
            Input::new("service", "Which platform or service was asked?")
                .hint("With the account or address in words. Never a link to the image itself."),
        ),
        sheet.line(Input::new("asked_by", "Who asked?").hint("The child, a parent with them, the school or you.")),
        when::day_field(sheet, "on", "Which day?"),
        sheet.line(Input::new("reference", "Their reference, if there is one").width("20")),
        sheet.text(Textarea::new("result", "What came of it, if known").rows(3)),
    ]
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    Evidence::Removal {
        service: text(form, "service"),
        asked_by: text(form, "asked_by"),
        on: when::read_day(form, mistakes, "on", ask.now),
        reference: text(form, "reference"),
        result: text(form, "result"),
    }
}
