//! A site with somebody of every role, signed in.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use store::{Change, Keys, SqliteStore, Store, User, UserId};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use web::config::RequestLimits;
use web::{App, Config, Purpose};

use crate::corpus;

/// Everybody who can sign in; officers and supervisors do most.
pub const ROLES: &[&str] =
    &["officer", "officer", "officer", "supervisor", "supervisor", "call-handler", "auditor", "author"];

/// The SHA-1 of "correct horse battery".
const STOLEN: &str = "98DECC62ECE399A22ED30D490EF333BE7FDE7385";

/// Pages a minute.
const FAST: u32 = 100_000;

/// What came back.
pub struct Seen {
    pub status: u16,
    pub page: String,
    /// Where a redirection leads.
    pub to: Option<String>,
}

#[derive(Default)]
struct Browser {
    cookie: String,
    token: String,
}

/// The site.
pub struct Site {
    runtime: Runtime,
    app: App,
    router: Router,
    browsers: BTreeMap<&'static str, Browser>,
    _folder: TempDir,
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let store: Arc<dyn Store> = Arc::new(
            SqliteStore::open(folder.path().join("data/waymark.db"), &Keys::at(folder.path().join("keys"))).unwrap(),
        );
        // One that people are made to try is in the list.
        let stolen = folder.path().join("stolen.txt");
        fs::write(&stolen, format!("{STOLEN}:3\n")).unwrap();
        let config = Config {
            stolen_passwords: stolen,
            // Nobody reads as fast; without this most of what is sent would come no further than the limit.
            requests: RequestLimits { per_account: FAST, per_address: FAST },
            ..Config::default()
        };
        let app = App::new(store, Arc::new(corpus::pack()), config).unwrap();
        let site = Self { router: web::router(app.clone()), app, runtime, browsers: BTreeMap::new(), _folder: folder };
        let mut roles = ROLES.to_vec();
        roles.dedup();
        for role in roles {
            let user = User {
                id: UserId::new(role).unwrap(),
                name: format!("{role} Example"),
                sign_in_name: role.to_owned(),
                role: role.to_owned(),
                unit: "Safeguarding".to_owned(),
                password_hash: None,
                disabled: false,
                created_at: jiff::Timestamp::now(),
            };
            let made = Change {
                user: user.id.clone(),
                by: None,
                session: None,
                kind: "created".to_owned(),
                detail: String::new(),
                at: user.created_at,
            };
            site.runtime.block_on(site.app.store.add_user(user, made)).unwrap();
        }
        site
    }

    /// Asks for a page, or sends a form with the token of the last page; `None` where the address is none.
    pub fn ask(&mut self, role: &'static str, method: &str, path: &str, body: &[u8]) -> Option<Seen> {
        if self.browsers.get(role).is_none_or(|browser| browser.token.is_empty()) {
            self.sign_in(role);
        }
        let seen = self.send(role, method, path, body)?;
        let thrown_out = seen.to.as_deref().is_some_and(|to| to.starts_with("/sign-in"));
        if thrown_out {
            self.browsers.remove(role);
        }
        Some(seen)
    }

    fn sign_in(&mut self, role: &'static str) {
        self.browsers.insert(role, Browser::default());
        let user = UserId::new(role).unwrap();
        let link = self.runtime.block_on(web::offer(&self.app, Purpose::SignIn, Some(&user), None));
        let Ok(link) = link else { return };
        let path = link.find("/sign-in").map(|at| link[at..].to_owned()).unwrap_or_default();
        self.send(role, "GET", &path, b"");
        self.send(role, "POST", &path, b"");
        self.send(role, "GET", "/signed-in", b"");
    }

    fn send(&mut self, role: &'static str, method: &str, path: &str, body: &[u8]) -> Option<Seen> {
        let browser = self.browsers.entry(role).or_default();
        let mut request = Request::builder().method(method).uri(path);
        if !browser.cookie.is_empty() {
            request = request.header(header::COOKIE, &browser.cookie);
        }
        let mut bytes = Vec::new();
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            bytes.extend_from_slice(format!("form_token={}&", browser.token).as_bytes());
            bytes.extend_from_slice(body);
        }
        let request = request.body(Body::from(bytes)).ok()?;
        let router = self.router.clone();
        let (parts, page) = self.runtime.block_on(async move {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            (parts, body.collect().await.unwrap().to_bytes())
        });
        let text = |name| parts.headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
        if let Some(cookie) = text(header::SET_COOKIE).and_then(|cookie| cookie.split(';').next()) {
            cookie.clone_into(&mut browser.cookie);
        }
        let page = String::from_utf8_lossy(&page).into_owned();
        if let Some((_, rest)) = page.split_once("name=\"form_token\" value=\"") {
            rest.split('"').next().unwrap_or_default().clone_into(&mut browser.token);
        }
        Some(Seen { status: parts.status.as_u16(), page, to: text(header::LOCATION).map(str::to_owned) })
    }
}
