//! Who is asking: cookie and session.
//!
//! One cookie serves before and after signing in. Signing in always makes a new one, so that a token
//! planted beforehand is worth nothing. Forms carry a token bound to it.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use report::Actor;
use store::{Session, TokenHash, User, UserId};

use super::access::{self, Permission, Role};
use super::app::App;
use super::frame::Frame;
use super::page::Problem;
use super::record::Entered;
use super::secret;

/// How stale "last seen" may be. One write a minute at most for somebody reading pages.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// Somebody asking for something.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// The token of the cookie, or a new one.
    pub token: String,
    /// True when the browser has still to be given the token.
    pub fresh: bool,
    /// Who it is, when signed in.
    pub signed: Option<Signed>,
    /// Who it was and why the session ended, when it did.
    pub ended: Option<Ended>,
}

/// Somebody signed in. A handler asks for one as an argument; its route has named the permission already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Id of the user.
    pub id: UserId,
    /// Name, as others read it.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Unit worked in.
    pub unit: String,
    /// Names the session; cannot be used as one.
    pub session: TokenHash,
    /// The report that the door has let them in to.
    pub entered: Option<Entered>,
}

/// A session that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Whose it was.
    pub user: UserId,
    /// Why.
    pub why: Why,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing was fetched for a while.
    Idle,
    /// Signed in for as long as anybody may be.
    Long,
}

impl Signed {
    /// Who this is, for the record.
    ///
    /// # Errors
    /// Never for users made here: their ids are ids of the record too.
    pub fn actor(&self) -> Result<Actor, Problem> {
        let id = self.id.as_str().parse().map_err(Problem::internal)?;
        Ok(Actor {
            id,
            name: self.name.clone(),
            role: self.role,
        })
    }

    /// What the policies say: of the report they were let in to, where it is about one.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.entered {
            Some(entered) if permission.of_a_report() => {
                access::may_on(self, permission, &entered.row, entered.at)
            }
            _ => access::may(self.role, permission),
        }
    }
}

/// Finds out who is asking, and draws the page for whatever went wrong inside.
pub async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let visit = match recognise(&app, request.headers()).await {
        Ok(visit) => visit,
        Err(problem) => {
            log(&problem, &request);
            return problem.show(Frame::new(&app, &Visit::default(), ""));
        }
    };
    let path = request.uri().path().to_owned();
    let asked = format!("{} {path}", request.method());
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let drawn = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if status.is_client_error() && !drawn || status.is_server_error() {
        let problem = response
            .extensions_mut()
            .remove::<Problem>()
            .unwrap_or_else(|| Problem::from_status(status));
        if let Problem::Internal(why) = &problem {
            tracing::error!(%asked, %why, "a page could not be given");
        }
        response = problem.show(Frame::new(&app, &visit, &path));
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if visit.fresh && is_page && !response.headers().contains_key(header::SET_COOKIE) {
        set_cookie(&app, &visit.token, &mut response);
    }
    response
}

fn log(problem: &Problem, request: &Request) {
    tracing::error!(asked = %format_args!("{} {}", request.method(), request.uri().path()), why = %problem, "a visitor could not be recognised");
}

async fn recognise(app: &App, headers: &HeaderMap) -> Result<Visit, Problem> {
    let Some(token) = cookie(app, headers) else {
        return Ok(Visit {
            token: secret::token()?,
            fresh: true,
            ..Visit::default()
        });
    };
    let anonymous = Visit {
        token,
        ..Visit::default()
    };
    let hash = secret::digest(&anonymous.token);
    let Some((session, user)) = app.store.session(&hash).await? else {
        return Ok(anonymous);
    };
    let Some(role) = user.role.parse::<Role>().ok().filter(|_| !user.disabled) else {
        return Ok(anonymous);
    };
    let now = app.now();
    if let Some(why) = has_ended(app, &session, now) {
        let ended = Ended { user: user.id, why };
        return Ok(Visit {
            ended: Some(ended),
            ..anonymous
        });
    }
    if now.duration_since(session.last_seen_at) >= SEEN_EVERY {
        app.store.touch_session(&hash, now).await?;
    }
    let signed = Signed {
        id: user.id,
        name: user.name,
        role,
        unit: user.unit,
        session: hash,
        entered: None,
    };
    Ok(Visit {
        signed: Some(signed),
        ..anonymous
    })
}

/// Whether a session is over, and why.
pub fn has_ended(app: &App, session: &Session, now: Timestamp) -> Option<Why> {
    let idle = SignedDuration::from_mins(i64::from(app.config.session.idle_minutes));
    if now >= session.expires_at {
        Some(Why::Long)
    } else if now.duration_since(session.last_seen_at) >= idle {
        Some(Why::Idle)
    } else {
        None
    }
}

/// The name: over https one that browsers bind to this host, to https and to the whole site.
fn cookie_name(app: &App) -> &'static str {
    if app.config.secure() {
        "__Host-waymark"
    } else {
        "waymark"
    }
}

fn cookie(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    let sent = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = sent
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(key, value)| *key == name && secret::looks_like_token(value))
        .map(|(_, value)| value.to_owned())
}

/// Gives the browser a token, until it is closed.
pub fn set_cookie(app: &App, token: &str, response: &mut Response) {
    let secure = if app.config.secure() { "; Secure" } else { "" };
    let cookie = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}",
        cookie_name(app)
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

/// Starts a session for a user under `token`, which has to be new, and ends the one that the browser came with.
///
/// # Errors
/// When the store cannot keep it.
pub async fn sign_in(
    app: &App,
    visit: &Visit,
    user: &User,
    token: &str,
    response: &mut Response,
) -> Result<(), Problem> {
    let now = app.now();
    app.store.end_session(&secret::digest(&visit.token)).await?;
    // Sessions that ended by themselves are cleared away here: as often as new ones come.
    app.store
        .forget_expired(now - SignedDuration::from_hours(24))
        .await?;
    let session = Session {
        token_hash: secret::digest(token),
        user: user.id.clone(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + SignedDuration::from_hours(i64::from(app.config.session.absolute_hours)),
    };
    app.store.start_session(session).await?;
    tracing::info!(user = %user.id, "signed in");
    set_cookie(app, token, response);
    Ok(())
}

/// The network address that a request comes from; empty when there is none, as in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer(pub String);

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let forwarded = parts
            .headers
            .get("x-forwarded-for")
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next());
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip().to_string());
        let address = forwarded
            .filter(|_| app.config.behind_proxy)
            .map(|last| last.trim().chars().take(64).collect())
            .or(peer);
        Ok(Self(address.unwrap_or_default()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Visit>()
            .and_then(|visit| visit.signed.clone())
            .ok_or(Problem::Forbidden)
    }
}
