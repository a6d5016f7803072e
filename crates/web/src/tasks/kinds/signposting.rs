//! Services that help, as the pack lists them: to whom what was offered, what was declined.

use guidance::words::{Leaflet, Service};
use report::Evidence;

use super::{Ask, Block, Sheet, text};
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Link;
use crate::shared::ui::{Choices, Input};
use crate::tasks::when;

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let services = || {
        ask.opened
            .pack()
            .services()
            .iter()
            .filter(|service| is_for_family(service))
    };
    let offered = services().fold(
        Choices::checkboxes("services", "Which services did you offer?")
            .hint("Two or three that fit help more than the whole list. Ask first whether it is safe to have a number or paper at home.")
            .small(),
        |choices, service| choices.option(&service.id, &service.name, particulars(service)),
    );
    let declined = services().fold(
        Choices::checkboxes("declined", "Was any of them declined?")
            .hint("Select those that were offered and not wanted. It is only noted.")
            .small(),
        |choices, service| choices.option(&service.id, &service.name, ""),
    );
    let leaflet = Choices::radios("leaflet", "Was a leaflet with these given?")
        .option("yes", "Yes", "")
        .option("no", "No", "")
        .inline();
    let declined_open = sheet.concerns(&["declined"]);
    let mut blocks = vec![
        sheet.line(
            Input::new("who", "Who was it offered to?")
                .hint("Everybody you spoke to about it: the child, a mother, a carer."),
        ),
        sheet.choose(offered),
        Block::Fold {
            title: "Something was declined".to_owned(),
            says: String::new(),
            open: declined_open,
            blocks: vec![sheet.choose(declined)],
        },
        sheet.choose(leaflet),
    ];
    blocks.extend(leaflets(ask));
    blocks.extend(when::fields(sheet, "at", "When?"));
    blocks
}

/// The sheets there are to print and leave with them.
fn leaflets(ask: Ask<'_>) -> Vec<Block> {
    let Some(leaflets) = ask.opened.pack().leaflets() else {
        return Vec::new();
    };
    let beside = |(reader, leaflet): (&str, &Leaflet)| {
        let whom = match reader {
            "child" => "a child",
            _ => "a parent or carer",
        };
        Block::Beside(Link {
            href: routes::leaflet(reader),
            text: format!("Leaflet to print for {whom}: {}", leaflet.title),
        })
    };
    leaflets.all().into_iter().map(beside).collect()
}

fn is_for_family(service: &Service) -> bool {
    service
        .audience
        .iter()
        .any(|audience| audience == "child" || audience == "parent-or-carer")
}

fn particulars(service: &Service) -> String {
    let audience: Vec<&str> = service
        .audience
        .iter()
        .map(|word| match word.as_str() {
            "parent-or-carer" => "parent or carer",
            other => other,
        })
        .collect();
    let contact = [service.phone.as_str(), service.web.as_str()];
    let contact = contact
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let mut says = service.says.trim().to_owned();
    if !contact.is_empty() {
        says = format!("{says} {contact}.");
    }
    format!("{says} For: {}.", audience.join(", "))
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let leaflet =
        mistakes.choice(
            form,
            "leaflet",
            "Say whether a leaflet was given",
            |sent| match sent {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        );
    Evidence::Signposting {
        who: text(form, "who"),
        at: Some(when::read(form, mistakes, "at", ask.now)),
        services: form.all("services").to_vec(),
        declined: form.all("declined").to_vec(),
        leaflet: leaflet.unwrap_or(false),
    }
}
