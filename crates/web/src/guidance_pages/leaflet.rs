//! A leaflet to print and leave with a child, or with a parent or carer. Nothing of any report is on it, so there is no look at one to
//! write down first; that it was given is recorded with the task of pointing to help.

use askama::Template;
use axum::extract::{Path, State};
use guidance::words::Service;

use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::time;

/// Who is spoken to as a child.
const CHILD: &str = "child";

#[derive(Template)]
#[template(path = "guidance_pages/leaflet.html")]
struct Sheet {
    frame: Frame,
    title: String,
    says: Vec<String>,
    services: Vec<Service>,
    after: Vec<String>,
    /// Before it is printed: when each number and address was last looked at.
    checked: Vec<String>,
    /// Whom to ask about what is held; empty where no setting says.
    contact: String,
}

/// The leaflet for one reader.
pub async fn show(State(app): State<App>, frame: Frame, Path(reader): Path<String>) -> Answer {
    let leaflet = app.pack.leaflets().and_then(|all| all.of(&reader));
    let leaflet = leaflet.ok_or(Problem::NotFound)?;
    let services: Vec<Service> = leaflet
        .services
        .iter()
        .filter_map(|id| app.pack.services().iter().find(|one| one.id == *id))
        .cloned()
        .map(
            |service| match reader == CHILD && !service.to_child.is_empty() {
                true => Service {
                    says: service.to_child.clone(),
                    ..service
                },
                false => service,
            },
        )
        .collect();
    let checked = services.iter().map(|service| {
        let on = time::day_words(&service.checked_on);
        let on = on.unwrap_or_else(|| service.checked_on.clone());
        format!(
            "{}: entered on {on}. Source: {}",
            service.name, service.source
        )
    });
    let sheet = Sheet {
        title: leaflet.title.clone(),
        says: leaflet.says.clone(),
        after: leaflet.after.clone(),
        checked: checked.collect(),
        contact: app.config.data_protection_contact.trim().to_owned(),
        services,
        frame: frame.back_to(routes::SERVICES).for_others(),
    };
    Ok(page(false, &sheet))
}
