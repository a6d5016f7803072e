//! Who is asking: cookie and session.
//!
//! One cookie serves before and after signing in. Signing in always makes a new one, so that a token
//! planted beforehand is worth nothing; so does proving again who one is. Forms carry a token bound to
//! the browser's whole time from signing in to the end, so that those already open stay good.

mod begin;

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
pub use begin::{KEPT_AFTER_END, Means, first_form_key, sign_in, step_up};
use jiff::{SignedDuration, Timestamp};
use report::Actor;
use store::{Session, StoreError, TokenHash, UserId};

use super::access::{self, Permission, Role};
use super::app::App;
use super::frame::Frame;
use super::page::Problem;
use super::record::Entered;
use super::secret;

/// How stale "last seen" may be. One write a minute at most for somebody reading pages.
const SEEN_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How long a proof of who somebody is counts as fresh: long enough to read what is about to be done,
/// short enough that a computer left open is no help to whoever sits down at it.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(5);

/// Somebody asking for something.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// The token of the cookie, or a new one.
    pub token: String,
    /// What the forms of this browser are bound to.
    pub form_key: String,
    /// True when the browser has still to be given the token.
    pub fresh: bool,
    /// Who it is, when signed in.
    pub signed: Option<Signed>,
    /// Who it was and why the session ended, when it did.
    pub ended: Option<Ended>,
    /// True when they are signed in to an account that was changed outside: it lets nobody in.
    pub changed_outside: bool,
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
    /// How they signed in.
    pub means: Means,
    /// True when they signed in, or proved again who they are, within [`FRESH_FOR`].
    pub fresh: bool,
    /// When the session ends if no other page is opened.
    pub ends_at: Timestamp,
    /// When it ends whatever is opened.
    pub ends_for_good_at: Timestamp,
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
    /// What its forms are bound to.
    family: TokenHash,
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
        Ok(Actor { id, name: self.name.clone(), role: self.role })
    }

    /// What the policies say: of the report they were let in to, where it is about one.
    pub fn may(&self, permission: Permission) -> bool {
        match &self.entered {
            Some(entered) if permission.of_a_report() => access::may_on(self, permission, &entered.row, entered.at),
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
    let asked = told(&request);
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let drawn =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if status.is_client_error() && !drawn || status.is_server_error() {
        let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::from_status(status));
        if let Problem::Internal(why) = &problem {
            tracing::error!(%asked, %why, "a page could not be given");
        }
        response = problem.show(Frame::new(&app, &visit, &path));
    }
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if visit.fresh && is_page && !response.headers().contains_key(header::SET_COOKIE) {
        set_cookie(&app, &visit.token, &mut response);
    }
    response
}

fn log(problem: &Problem, request: &Request) {
    tracing::error!(asked = %told(request), why = %problem, "a visitor could not be recognised");
}

/// What was asked for, for the log of the server: without what lets somebody in, which may still work when the page failed.
fn told(request: &Request) -> String {
    let parts = request.uri().path().split('/');
    let parts = parts.map(|part| match secret::looks_like_token(part) {
        true => "(link)",
        false => part,
    });
    let path: Vec<&str> = parts.collect();
    format!("{} {}", request.method(), path.join("/"))
}

async fn recognise(app: &App, headers: &HeaderMap) -> Result<Visit, Problem> {
    let Some(token) = cookie(app, headers) else {
        let token = secret::token()?;
        return Ok(Visit { form_key: token.clone(), token, fresh: true, ..Visit::default() });
    };
    let anonymous = Visit { form_key: token.clone(), token, ..Visit::default() };
    let hash = secret::digest(&anonymous.token);
    let (session, user) = match app.store.session(&hash).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(anonymous),
        Err(StoreError::ChangedOutside { .. }) => {
            return Ok(Visit { changed_outside: true, ..anonymous });
        }
        Err(why) => return Err(why.into()),
    };
    let anonymous = Visit { form_key: begin::form_key(&session), ..anonymous };
    let Some(role) = user.role.parse::<Role>().ok().filter(|_| !user.disabled) else {
        return Ok(anonymous);
    };
    // Where passwords are switched off, whoever came in with one is out as well.
    if !app.takes_passwords() && Means::of(&session.means) == Means::Password {
        return Ok(anonymous);
    }
    let now = app.now();
    if let Some(why) = has_ended(app, &session, now) {
        let ended = Ended { user: user.id, why, family: session.family };
        return Ok(Visit { ended: Some(ended), ..anonymous });
    }
    let mut seen = session.last_seen_at;
    if now.duration_since(seen) >= SEEN_EVERY {
        app.store.touch_session(&hash, now).await?;
        seen = now;
    }
    let signed = Signed {
        id: user.id,
        name: user.name,
        role,
        unit: user.unit,
        session: hash,
        means: Means::of(&session.means),
        fresh: now.duration_since(session.proved_at) < FRESH_FOR,
        ends_at: (seen + idle(app)).min(session.expires_at),
        ends_for_good_at: session.expires_at,
        entered: None,
    };
    Ok(Visit { signed: Some(signed), ..anonymous })
}

/// Whether a session is over, and why.
pub fn has_ended(app: &App, session: &Session, now: Timestamp) -> Option<Why> {
    if now >= session.expires_at {
        Some(Why::Long)
    } else if now.duration_since(session.last_seen_at) >= idle(app) {
        Some(Why::Idle)
    } else {
        None
    }
}

/// How long a session lasts without a page.
pub fn idle(app: &App) -> SignedDuration {
    SignedDuration::from_mins(i64::from(app.config.session.idle_minutes))
}

/// The name: over https one that browsers bind to this host, to https and to the whole site.
fn cookie_name(app: &App) -> &'static str {
    if app.config.secure() { "__Host-waymark" } else { "waymark" }
}

fn cookie(app: &App, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(app);
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, value)| *key == name && secret::looks_like_token(value)).map(|(_, value)| value.to_owned())
}

/// Gives the browser a token, until it is closed.
pub fn set_cookie(app: &App, token: &str, response: &mut Response) {
    let secure = if app.config.secure() { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(app));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

/// What limits count as one visitor: an IPv4 address, or the network of 64 bits that an IPv6 address is one of. Whoever has one such
/// address has all of that network.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(network.into())
        }
    }
}

/// What limits go by of an address as a proxy or the system writes it; as it is where it is none.
fn counted(written: &str) -> String {
    let bare = written.trim().trim_start_matches('[');
    let bare = bare.split(']').next().unwrap_or_default();
    // Some proxies add the port.
    let host = bare.split_once(':').filter(|(_, rest)| !rest.contains(':')).map_or(bare, |(host, _)| host);
    match host.parse::<IpAddr>() {
        Ok(address) => network(address).to_string(),
        Err(_) => written.trim().chars().take(64).collect(),
    }
}

/// The network address that a request comes from, as limits count it; empty when there is none, as in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer(pub String);

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        // Some proxies add a line of their own below one that the visitor sent: the last of the last line is the proxy's.
        let lines = parts.headers.get_all("x-forwarded-for");
        let forwarded =
            lines.iter().next_back().and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| network(peer.ip()).to_string());
        let address = forwarded.filter(|_| app.config.behind_proxy).map(counted).or(peer);
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
        parts.extensions.get::<Visit>().and_then(|visit| visit.signed.clone()).ok_or(Problem::Forbidden)
    }
}
