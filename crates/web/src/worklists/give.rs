//! Who works on a report: an officer takes it on, a supervisor gives it to somebody.

use askama::Template;
use axum::response::Response;
use report::{Allocation, Command};
use store::{User, UserId};

use crate::routes;
use crate::shared::access::{Permission, Role, may};
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::Choices;
use crate::shared::visit::Signed;

/// Accounts asked of the store at once.
const AT_ONCE: u32 = 100;
/// At most this many are offered: a longer list of radios is no choice. Those of the report's unit come first.
const OFFERED: usize = 60;

#[derive(Template)]
#[template(path = "worklists/give.html")]
struct Give {
    frame: Frame,
    action: String,
    pass: String,
    now: String,
    /// Whoever asks works on it already.
    is_mine: bool,
    /// The only one it can be given to: whoever asks.
    only: Option<String>,
    to: Choices,
}

/// The page.
pub async fn show(OnReport { app, frame, signed, opened, .. }: OnReport) -> Answer {
    let people = people(&app, &signed, &opened).await?;
    Ok(draw(frame, &signed, &opened, &people, None))
}

/// Whoever may be given this report by whoever asks: an officer takes it on, a supervisor gives it to anybody who decides.
async fn people(app: &App, signed: &Signed, opened: &Opened) -> Result<Vec<User>, Problem> {
    if !signed.may(Permission::Review) {
        return Ok(app.store.user(&signed.id).await?.into_iter().collect());
    }
    let decides = |user: &User| {
        let role = user.role.parse::<Role>();
        let mut interests = opened.report.access.interests.iter();
        let conflict = interests.any(|interest| interest.who.id.as_str() == user.id.as_str());
        !conflict && !user.disabled && role.is_ok_and(|role| may(role, Permission::Decide))
    };
    let mut found: Vec<User> = Vec::new();
    let mut after: Option<UserId> = None;
    loop {
        let some = app.store.users(after.as_ref(), AT_ONCE).await?;
        after = some.last().map(|user| user.id.clone());
        found.extend(some.into_iter().filter(decides));
        if after.is_none() {
            break;
        }
    }
    let unit = &opened.report.unit;
    found.sort_by_key(|user| (user.unit != *unit, user.name.to_lowercase()));
    found.truncate(OFFERED);
    Ok(found)
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, people: &[User], sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let choices = Choices::radios("to", "Who works on this report?").as_heading();
    let mut to = people.iter().fold(choices, |choices, user| choices.option(user.id.as_str(), &user.name, &user.unit));
    if let Some(form) = sent {
        to = to.sent(form, &mistakes);
    }
    let now = opened.report.allocation.as_ref();
    let me = |id: &str| id == signed.id.as_str();
    let shown = Give {
        is_mine: now.is_some_and(|now| me(now.to.as_str())),
        frame: report_frame(frame, opened),
        action: routes::give(opened.reference()),
        pass: routes::pass(opened.reference()),
        now: now.map_or_else(
            || "Nobody works on it yet.".to_owned(),
            |now| format!("{}, {}, works on it now.", now.name, now.unit),
        ),
        only: match people {
            [one] if me(one.id.as_str()) => Some(one.id.as_str().to_owned()),
            _ => None,
        },
        to,
    };
    page(!mistakes.none(), &shown)
}

/// Gives it.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let people = people(&app, &signed, &opened).await?;
    let mut mistakes = Mistakes::new();
    let to = mistakes.choice(&form, "to", "Select who works on this report", |sent| {
        people.iter().find(|user| user.id.as_str() == sent)
    });
    let Some(to) = to else {
        return Ok(draw(frame.with(mistakes), &signed, &opened, &people, Some(&form)));
    };
    let allocation = Allocation {
        to: to.id.as_str().parse().map_err(Problem::internal)?,
        name: to.name.clone(),
        unit: to.unit.clone(),
    };
    let command = Command::Allocate(allocation);
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::report(&reference)),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &signed, &opened, &people, Some(&form)))
        }
    }
}
