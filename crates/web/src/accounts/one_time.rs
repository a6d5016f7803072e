//! Links that work once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::SignedDuration;
use store::{OneTimeToken, TokenUse, UserId};

use super::changes::{Kind, change};
use crate::routes;
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::{Problem, page};
use crate::shared::secret;

/// What a link is for. One for one purpose does nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Make the first account, of a supervisor. Belongs to nobody yet.
    FirstStart,
    /// Sign in without a password: for a demonstration.
    SignIn,
    /// Choose a password.
    Password,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::FirstStart => "first-start",
            Self::SignIn => "sign-in",
            Self::Password => "password",
        }
    }
}

/// Makes a link that works once, for as long as the settings say, and gives its whole address.
///
/// # Errors
/// When the store cannot keep it: there is no such user, or a fault.
pub async fn offer(app: &App, purpose: Purpose, user: Option<&UserId>, by: Option<&UserId>) -> Result<String, Problem> {
    let token = offer_token(app, purpose, user, by).await?;
    let path = match purpose {
        Purpose::FirstStart => routes::first_start(&token),
        Purpose::SignIn => routes::sign_in_link(&token),
        Purpose::Password => routes::choose_password(&token),
    };
    Ok(format!("{}{path}", app.config.public_url))
}

/// The token of such a link alone.
pub(super) async fn offer_token(
    app: &App,
    purpose: Purpose,
    user: Option<&UserId>,
    by: Option<&UserId>,
) -> Result<String, Problem> {
    let token = secret::token()?;
    let expires_at = app.now() + SignedDuration::from_hours(i64::from(app.config.session.link_hours));
    let kept = OneTimeToken {
        token_hash: secret::digest(&token),
        purpose: purpose.code().to_owned(),
        user: user.cloned(),
        expires_at,
    };
    let kind = match purpose {
        Purpose::SignIn => Kind::SignInLinkMade,
        Purpose::Password | Purpose::FirstStart => Kind::LinkMade,
    };
    let made = user.map(|user| change(app, user, by, kind, ""));
    app.store.add_token(kept, made).await?;
    Ok(token)
}

/// Why a link does not work.
pub(super) enum Spent {
    Used,
    Expired,
    Unknown,
}

/// Uses a link up.
pub(super) async fn take(app: &App, purpose: Purpose, token: &str) -> Result<Result<OneTimeToken, Spent>, Problem> {
    if !secret::looks_like_token(token) {
        return Ok(Err(Spent::Unknown));
    }
    Ok(match app.store.take_token(&secret::digest(token), purpose.code(), app.now()).await? {
        TokenUse::Taken(kept) => Ok(kept),
        TokenUse::AlreadyUsed => Err(Spent::Used),
        TokenUse::Expired => Err(Spent::Expired),
        TokenUse::Unknown => Err(Spent::Unknown),
    })
}

impl Spent {
    /// The page that says so.
    pub(super) fn show(&self, frame: Frame) -> Response {
        let says = match self {
            Self::Used => "This link has been used already. Each works once.",
            Self::Expired => "This link is too old.",
            Self::Unknown => "This link does not work. Check that you copied all of it.",
        };
        (StatusCode::GONE, page(false, &SpentPage { frame, says })).into_response()
    }
}

#[derive(Template)]
#[template(path = "accounts/spent.html")]
struct SpentPage {
    frame: Frame,
    says: &'static str,
}
