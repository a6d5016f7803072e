//! Going to the force's own sign-in, coming back from it, and having signed out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::person;
use crate::accounts::{changes, confirm, local};
use crate::shared::app::App;
use crate::shared::force::{Provider, Trouble};
use crate::shared::form::Form;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::visit::{self, Means, Visit};
use crate::shared::{secret, sign_ins};

fn provider(app: &App) -> Result<&Arc<Provider>, Problem> {
    app.force.as_ref().ok_or(Problem::NotFound)
}

/// Sends somebody there. A link and no form, because the policy lets forms go to ourselves only; what it
/// changes is one entry in memory.
pub async fn start(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let provider = provider(&app)?;
    let next = Form::from_pairs(query).text("next").to_owned();
    let begun = provider.begin(&app, &visit, &next).await;
    match begun {
        Ok(url) => {
            let mut response = Redirect::to(&url).into_response();
            // Whoever comes by this link first has no cookie yet, and what was begun belongs to it.
            if visit.fresh {
                visit::set_cookie(&app, &visit.token, &mut response);
            }
            Ok(response)
        }
        Err(trouble) => Ok(trouble.show(frame, provider.label())),
    }
}

/// Takes what somebody brought back.
pub async fn back(
    State(app): State<App>,
    frame: Frame,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let provider = provider(&app)?;
    match arrive(&app, provider, &visit, &Form::from_pairs(query)).await? {
        Ok(response) => Ok(response),
        Err(trouble) => {
            // What was never begun here is no try: anybody can call this address. Whose it would have been only the provider
            // knows, but for those whom it named and who are turned away here: they are noted where that is found.
            let noted = match &trouble {
                Trouble::State => true,
                trouble => person::is_noted(trouble),
            };
            if !noted {
                let signed = visit.signed.as_ref().map(|signed| &signed.id);
                sign_ins::failed(&app, signed, Means::Force, signed.is_some()).await?;
            }
            Ok(trouble.show(frame, provider.label()))
        }
    }
}

async fn arrive(
    app: &App,
    provider: &Arc<Provider>,
    visit: &Visit,
    brought: &Form,
) -> Result<Result<Response, Trouble>, Problem> {
    let Some(started) = provider.started(app, visit, brought.text("state")) else {
        return Ok(Err(Trouble::State));
    };
    if brought.has("iss") && brought.text("iss") != provider.issuer() {
        let other = format!("the answer is of {}", brought.text("iss"));
        return Ok(Err(Trouble::NotBelieved(other)));
    }
    if brought.has("error") || !brought.has("code") {
        return Ok(Err(Trouble::Denied(brought.text("error").to_owned())));
    }
    let (next, confirms) = (started.next.clone(), started.confirms);
    let code = brought.text("code").to_owned();
    let told = match provider.ask(app, started, code).await {
        Ok(told) => told,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let user = match person::find(app, provider, &told).await? {
        Ok(user) => user,
        Err(trouble) => return Ok(Err(trouble)),
    };
    if confirms {
        let Some(signed) = visit.signed.as_ref().filter(|signed| signed.id == user.id) else {
            return Ok(Err(Trouble::NotTheSame));
        };
        let form = Form::from_pairs(vec![("next".to_owned(), next)]);
        return confirm::confirmed(app, signed, &form).await.map(Ok);
    }
    let to = changes::first(app, &user.id, &local(&next)).await?;
    let mut response = Redirect::to(&to).into_response();
    let token = secret::token()?;
    visit::sign_in(app, visit, &user, Means::Force, &token, &mut response).await?;
    Ok(Ok(response))
}

#[derive(Template)]
#[template(path = "accounts/signed_out.html")]
struct SignedOut {
    frame: Frame,
    label: String,
    there: String,
}

/// Signed out here. The force's own sign-in may still know the browser: a link ends that too.
pub async fn signed_out(State(app): State<App>, frame: Frame, visit: Visit) -> Answer {
    let there = match &app.force {
        Some(provider) if visit.signed.is_none() => provider.sign_out().await,
        _ => None,
    };
    let (Some(provider), Some(there)) = (&app.force, there) else {
        return go(crate::routes::SIGN_IN);
    };
    let shown = SignedOut { frame, label: provider.label().to_owned(), there };
    Ok(page(false, &shown))
}
