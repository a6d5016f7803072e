//! Restricting a report to people who are named, or naming others.

use askama::Template;
use axum::response::Response;
use report::{Command, Named};
use store::User;

use crate::routes;
use crate::shared::access::{Permission, may};
use crate::shared::app::App;
use crate::shared::colleagues::{self, OFFERED};
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::{Choices, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "access/restrict.html")]
struct Restrict {
    frame: Frame,
    action: String,
    restricted: bool,
    members: Choices,
    reason: Textarea,
}

/// Whoever may be named: works with reports, and has no conflict of interest here.
async fn people(app: &App, opened: &Opened) -> Result<Vec<User>, Problem> {
    let report = &opened.report;
    let conflict = |user: &User| {
        let mut interests = report.access.interests.iter();
        interests.any(|interest| interest.who.id.as_str() == user.id.as_str())
    };
    let mut people =
        colleagues::all(app, &report.unit, |user, role| may(role, Permission::ReadReports) && !conflict(user)).await?;
    // Those named already stay in sight, however many there are.
    people.sort_by_key(|user| !is_named(opened, user));
    people.truncate(OFFERED);
    Ok(people)
}

fn is_named(opened: &Opened, user: &User) -> bool {
    let mut members = opened.report.access.members.iter();
    members.any(|member| member.id.as_str() == user.id.as_str())
}

/// The page.
pub async fn show(OnReport { app, frame, signed, opened, .. }: OnReport) -> Answer {
    let people = people(&app, &opened).await?;
    Ok(draw(frame, &signed, &opened, &people, None))
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, people: &[User], sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let others = people.iter().filter(|user| user.id != signed.id);
    let choices =
        Choices::checkboxes("members", "Who may see it, besides you?").hint("Whoever works on the report sees it too.");
    let mut members = others.fold(choices, |choices, user| {
        let choices = choices.option(user.id.as_str(), &user.name, &user.unit);
        if sent.is_none() && is_named(opened, user) { choices.chosen(user.id.as_str()) } else { choices }
    });
    let mut reason = Textarea::new("reason", "Why only they?").rows(3);
    if let Some(form) = sent {
        members = members.sent(form, &mistakes);
        reason = reason.sent(form, &mistakes);
    }
    let shown = Restrict {
        action: routes::restrict(opened.reference()),
        restricted: opened.report.access.restricted.is_some(),
        members,
        reason,
        frame: report_frame(frame, opened).back_to(routes::access(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Restricts it.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let people = people(&app, &opened).await?;
    let sent = form.all("members");
    let chosen = people.iter().filter(|user| sent.iter().any(|id| id == user.id.as_str()));
    let members: Vec<Named> = chosen.map(colleagues::named).collect::<Result<_, _>>()?;
    let command = Command::Restrict { members, unit: signed.unit.clone(), reason: form.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::access(&reference)),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &signed, &opened, &people, Some(&form)))
        }
    }
}
