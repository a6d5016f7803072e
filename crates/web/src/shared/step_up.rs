//! Proving again who one is, before something that cannot be taken back.

use askama::Template;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::app::App;
use super::form::Form;
use super::frame::Frame;
use super::held::sendable;
use super::page::page;
use super::visit::{FRESH_FOR, Visit};
use crate::routes;

#[derive(Template)]
#[template(path = "accounts/confirm_held.html")]
struct ConfirmHeld {
    frame: Frame,
    minutes: i64,
    to: String,
    fields: Vec<(String, String)>,
}

/// Sends somebody to confirm that it is them, and then back. What they sent stays on the page: confirming
/// opens beside it, and the forms of a browser stay good, so nothing is written twice.
pub fn ask(app: &App, visit: &Visit, request: &Request) -> Response {
    let here = request.uri().path_and_query().map_or(routes::HOME, |here| here.as_str());
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Redirect::to(&routes::step_up(here)).into_response();
    }
    let form = request.extensions().get::<Form>().cloned().unwrap_or_default();
    let asks = ConfirmHeld {
        frame: Frame::new(app, visit, here),
        minutes: FRESH_FOR.as_mins(),
        to: here.to_owned(),
        fields: sendable(&form),
    };
    page(false, &asks)
}
