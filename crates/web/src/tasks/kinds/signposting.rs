//! Services that help, as the pack lists them: to whom what was offered, what was declined.

use guidance::Value;
use guidance::words::{Leaflet, Service};
use report::Evidence;

use super::{Ask, Block, Sheet, text};
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Link;
use crate::shared::ui::{Choices, Input};
use crate::tasks::when;

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let services = || ask.opened.pack().services().iter().filter(|service| is_for_family(service));
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
    ];
    // To print one is the way to a yes.
    blocks.extend(leaflets(ask));
    blocks.push(sheet.choose(leaflet));
    blocks.extend(when::fields(sheet, "at", "When?"));
    blocks
}

/// The sheets there are to print and leave with them, each without what does not fit this report.
fn leaflets(ask: Ask<'_>) -> Vec<Block> {
    let Some(leaflets) = ask.opened.pack().leaflets() else {
        return Vec::new();
    };
    let beside = |(reader, leaflet): (&str, &Leaflet)| {
        let whom = match reader {
            "child" => "a child",
            _ => "a parent or carer",
        };
        let services = leaflet.services.iter();
        let unfit: Vec<&str> = services.filter(|id| does_not_fit(ask, id)).map(String::as_str).collect();
        let also = leaflet.also.iter().filter(|said| ask.opened.is_said(said, None));
        let also: Vec<&str> = also.map(|said| said.fact.as_str()).collect();
        Block::Beside(Link {
            href: routes::leaflet_for(reader, &unfit, &also),
            text: format!("Leaflet to print for {whom}: {}", leaflet.title),
        })
    };
    leaflets.all().into_iter().map(beside).collect()
}

/// Is the fact that a service is left out for answered with no? Not known is not.
fn does_not_fit(ask: Ask<'_>, id: &str) -> bool {
    let mut services = ask.opened.pack().services().iter();
    let service = services.find(|service| service.id == id && !service.unless_no.is_empty());
    let fact = service.map(|service| format!("report.{}", service.unless_no));
    let answer = fact.and_then(|fact| ask.opened.answer(&fact));
    answer.as_ref().and_then(Value::as_word) == Some("no")
}

fn is_for_family(service: &Service) -> bool {
    service.audience.iter().any(|audience| audience == "child" || audience == "parent-or-carer")
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
    let contact = contact.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    // Last, so that no stop is taken for a part of an address.
    let says = service.says.trim();
    let says = format!("{says} For: {}. {contact}", audience.join(", "));
    says.trim_end().to_owned()
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let leaflet = mistakes.choice(form, "leaflet", "Say whether a leaflet was given", |sent| match sent {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    Evidence::Signposting {
        who: text(form, "who"),
        at: Some(when::read(form, mistakes, "at", ask.now)),
        services: form.all("services").to_vec(),
        declined: form.all("declined").to_vec(),
        leaflet: leaflet.unwrap_or(false),
    }
}
