//! What a browser sends: read once, with a limit, and only when it came from a page of this visitor.

use std::convert::Infallible;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest as _, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;

use super::app::App;
use super::form::{Form, LARGEST_BODY, TOKEN_FIELD};
use super::held::sendable;
use super::page::Problem;
use super::secret;
use super::visit::Visit;

/// How much of a body that is too large is still read, so that the browser gets the page that says so.
const DRAINED: usize = 4 * 1024 * 1024;

/// Refuses what changes something unless it came from a page of this visitor, and reads its fields once.
pub async fn check_form(State(app): State<App>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match read_form(&app, request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn read_form(app: &App, request: Request) -> Result<Request, Problem> {
    let (mut parts, body) = request.into_parts();
    let slowest = app.connections.limits().body;
    let body = tokio::time::timeout(slowest, read_body(body)).await.map_err(|_| Problem::TooSlow)??;
    let bare = Request::from_parts(parts.clone(), Body::from(body));
    let axum::Form(pairs) =
        axum::Form::<Vec<(String, String)>>::from_request(bare, &()).await.map_err(|_| Problem::Malformed)?;
    let form = Form::from_pairs(pairs);
    let visitor = parts.extensions.get::<Visit>().map(|visit| visit.form_key.as_str()).unwrap_or_default();
    if !is_from_here(app, &parts.headers) || !secret::form_token_holds(visitor, form.text(TOKEN_FIELD)) {
        let vouched = is_vouched_for(&parts.headers);
        return Err(Problem::NotFromHere {
            back: vouched.then(|| parts.uri.path().to_owned()),
            written: if vouched { written(&form) } else { Vec::new() },
        });
    }
    parts.extensions.insert(form);
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn read_body(mut body: Body) -> Result<Bytes, Problem> {
    // What says itself that it is larger is not waited for.
    let says = usize::try_from(body.size_hint().lower());
    if says.is_err() || says.is_ok_and(|says| says > DRAINED) {
        return Err(Problem::TooLarge);
    }
    let mut kept = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Problem::Malformed)?.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > DRAINED {
            break;
        }
        if length <= LARGEST_BODY {
            kept.extend_from_slice(&data);
        }
    }
    if length > LARGEST_BODY { Err(Problem::TooLarge) } else { Ok(kept.into()) }
}

/// Second line behind the token: where browsers say that a form comes from. With `no-referrer` they send
/// `Origin: null` for our own forms too, so that says nothing; `Sec-Fetch-Site` does.
fn is_from_here(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text("origin").filter(|origin| *origin != "null") else {
        return true;
    };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    origin == app.config.public_url || text("host").is_some_and(|asked| asked == host)
}

/// Does the browser itself say that the form is one of ours? No other site can have anything shown then.
fn is_vouched_for(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site == "same-origin")
}

/// What somebody wrote in words.
fn written(form: &Form) -> Vec<String> {
    let words = sendable(form).into_iter().map(|(_, value)| value);
    words.filter(|value| value.trim().contains(char::is_whitespace)).collect()
}

/// The fields of the form that was sent; none for a page that was only fetched.
impl<S: Send + Sync> FromRequestParts<S> for Form {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// The fields that stand in an address, after its question mark.
pub struct InAddress(pub Form);

impl<S: Send + Sync> FromRequestParts<S> for InAddress {
    type Rejection = QueryRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, QueryRejection> {
        let Query(pairs) = Query::from_request_parts(parts, state).await?;
        Ok(Self(Form::from_pairs(pairs)))
    }
}
