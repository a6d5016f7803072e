//! A leaflet to print and leave with a child, or with a parent or carer. Nothing of any report is on it, so there is no look at one to
//! write down first; that it was given is recorded with the task of pointing to help. Which services it shows is in its address: two or
//! three that fit help more than the whole list. The task leaves out those that do not fit its report, and adds what is said where
//! something is known, such as to somebody who is blackmailed: general words, which tell nothing of it.

use askama::Template;
use axum::extract::{Path, Query, State};
use guidance::words::Service;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;
use crate::shared::ui::Choices;

/// Who is spoken to as a child.
const CHILD: &str = "child";
/// Names a service that the officer chose.
const WITH: &str = "with";

#[derive(Template)]
#[template(path = "guidance_pages/leaflet.html")]
struct Sheet {
    frame: Frame,
    title: String,
    says: Vec<String>,
    /// What is said where something is known of the report it is printed for.
    also: Vec<String>,
    /// The facts of that.
    facts: Vec<String>,
    services: Vec<Service>,
    after: Vec<String>,
    /// Before it is printed: when each number and address was last looked at.
    checked: Vec<String>,
    /// Before it is printed: which services are on it.
    choose: Choices,
    action: String,
    /// The same leaflet with every service.
    every: String,
    /// Ids and names of services that do not fit the report it is printed for.
    left_out: Vec<(String, String)>,
    /// Whom to ask about what is held; empty where no setting says.
    contact: String,
}

/// The leaflet for one reader.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(reader): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let leaflet = app.pack.leaflets().and_then(|all| all.of(&reader));
    let leaflet = leaflet.ok_or(Problem::NotFound)?;
    let asked = Form::from_pairs(query);
    let named = leaflet.services.iter();
    let all = named.filter_map(|id| app.pack.services().iter().find(|one| one.id == *id));
    let (mut left_out, mut offered): (Vec<&Service>, Vec<&Service>) =
        all.partition(|service| asked.all(routes::WITHOUT).contains(&service.id));
    // Nobody to turn to is no leaflet.
    if offered.is_empty() {
        std::mem::swap(&mut offered, &mut left_out);
    }
    let choices = Choices::checkboxes(WITH, "Which of these fit?").small();
    let choose = offered.iter().fold(choices, |choices, service| choices.option(&service.id, &service.name, ""));
    let is_chosen = |service: &&&Service| asked.all(WITH).contains(&service.id);
    let chosen: Vec<&Service> = offered.iter().filter(is_chosen).copied().collect();
    let shown = if chosen.is_empty() { offered } else { chosen };
    let services: Vec<Service> = shown
        .into_iter()
        .cloned()
        .map(|service| match reader == CHILD && !service.to_child.is_empty() {
            true => Service { says: service.to_child.clone(), ..service },
            false => service,
        })
        .collect();
    let checked = services.iter().map(|service| {
        let on = time::day_words(&service.checked_on);
        let on = on.unwrap_or_else(|| service.checked_on.clone());
        format!("{}: entered on {on}. Source: {}", service.name, service.source)
    });
    let also = leaflet.also.iter().filter(|said| asked.all(routes::ALSO).contains(&said.fact));
    let facts: Vec<&str> = also.clone().map(|said| said.fact.as_str()).collect();
    let sheet = Sheet {
        title: leaflet.title.clone(),
        says: leaflet.says.clone(),
        after: leaflet.after.clone(),
        checked: checked.collect(),
        choose: choose.sent(&asked, &Mistakes::new()),
        action: routes::leaflet(&reader),
        every: routes::leaflet_for(&reader, &[], &facts),
        also: also.flat_map(|said| said.says.clone()).collect(),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
        left_out: left_out.into_iter().map(|service| (service.id.clone(), service.name.clone())).collect(),
        contact: app.config.data_protection_contact.trim().to_owned(),
        services,
        frame: frame.back_to(routes::SERVICES).for_others(),
    };
    Ok(page(false, &sheet))
}
