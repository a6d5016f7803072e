//! A supervisor says that somebody has a conflict of interest, or has one no longer.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{ActorId, Command};
use store::User;

use crate::routes;
use crate::shared::access::{Permission, may};
use crate::shared::app::App;
use crate::shared::colleagues;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::{Input, Textarea};

#[derive(Template)]
#[template(path = "access/conflict_of.html")]
struct ConflictOf {
    frame: Frame,
    action: String,
    who: Input,
    words: Textarea,
}

#[derive(Template)]
#[template(path = "access/conflict_ended.html")]
struct Ended {
    frame: Frame,
    action: String,
    name: String,
    words: String,
    reason: Textarea,
}

/// The page.
pub async fn show(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw(frame, &opened, &Form::default()))
}

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let shown = ConflictOf {
        action: routes::conflict_of(opened.reference()),
        who: Input::new("who", "Who has it? Their user name")
            .hint("What they type when they sign in.")
            .sent(form, &mistakes),
        words: Textarea::new("words", "What is their interest, in a few words?").rows(3).sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::access(opened.reference())),
    };
    page(!mistakes.none(), &shown)
}

/// Somebody who could see a report or its log.
async fn find(app: &App, name: &str) -> Result<Option<User>, Problem> {
    let found = app.store.user_by_sign_in_name(name).await?;
    Ok(found.filter(|user| {
        let role = user.role.parse();
        role.is_ok_and(|role| may(role, Permission::DeclareConflict))
    }))
}

/// Records it.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let name = mistakes.line(&form, "who", "Enter the user name of whoever has it");
    let found = if name.is_empty() { None } else { find(&app, &name).await? };
    if found.is_none() && mistakes.none() {
        mistakes.add("who", "Nobody who sees reports has this user name. Check it");
    }
    let (Some(user), true) = (found, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &opened, &form));
    };
    let command = Command::DeclareInterest { who: colleagues::named(&user)?, words: form.text("words").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) if user.id == signed.id => go(&format!("{}?conflict=recorded", routes::HOME)),
        Ok(_) => go(&routes::access(&reference)),
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &opened, &form)),
    }
}

/// The page to say that it has ended.
pub async fn show_ended(OnReport { frame, opened, .. }: OnReport, Path((_, id)): Path<(String, String)>) -> Answer {
    draw_ended(frame, &opened, &id, &Form::default())
}

fn draw_ended(frame: Frame, opened: &Opened, id: &str, form: &Form) -> Answer {
    let mistakes = frame.mistakes.clone();
    let mut interests = opened.report.access.interests.iter();
    let interest = interests.find(|interest| interest.who.id.as_str() == id);
    let interest = interest.ok_or(Problem::NotFound)?;
    let shown = Ended {
        action: routes::conflict_ended(opened.reference(), id),
        name: interest.who.name.clone(),
        words: interest.words.clone(),
        reason: Textarea::new("reason", "Why is there no conflict of interest any more?").rows(3).sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::access(opened.reference())),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Records that it has ended.
pub async fn end(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let who: ActorId = id.parse().map_err(|_| Problem::NotFound)?;
    let command = Command::EndInterest { who, reason: form.text("reason").to_owned() };
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&routes::access(&reference)),
        Err(acted) => draw_ended(frame.with(acted.mistakes()?), &opened, &id, &form),
    }
}
