//! A site to try pages on: the real router over a real database in a directory of its own, with a clock
//! that tests move. Slices use it for their tests too.

mod access;
mod administered;
mod asvs;
mod audit;
mod connections;
pub mod desk;
mod disclosed;
mod ending;
mod erased;
mod leaflet;
pub mod markup;
mod no_passwords;
mod outcome;
mod overtaken;
mod people;
mod pictures;
mod protection;
mod reading;
pub mod record;
mod relations;
mod requests;
mod sign_in;
mod sign_ins;
mod step_up;
mod summary;
mod taken_back;
mod verified;
mod ways_in;
mod worlds;

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use guidance::{Pack, Source};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use store::{Keys, SqliteStore, Store, User, UserId};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::accounts::changes;
use crate::config::RequestLimits;
use crate::shared::access::Role;
use crate::shared::form::TOKEN_FIELD;
use crate::{App, Config, router};

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery";

/// A site with nobody in it.
pub struct Site {
    pub app: App,
    router: Router,
    clock: Arc<Mutex<Timestamp>>,
    directory: TempDir,
}

/// One browser: keeps its cookie, and the token of the last page it saw.
pub struct Browser<'a> {
    site: &'a Site,
    pub cookie: String,
    pub token: String,
    /// Asked why it opens a report, it stays there; otherwise it gives the first reason offered and goes on.
    pub says_why_itself: bool,
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

/// The Cheshire pack, read and proved once.
pub fn pack() -> Arc<Pack> {
    static PACK: OnceLock<Arc<Pack>> = OnceLock::new();
    let read = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1");
        let mut files: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
            .collect();
        files.sort();
        let sources: Vec<Source<'_>> = files.iter().map(|(name, text)| Source { name, text }).collect();
        Arc::new(Pack::load(&sources).unwrap())
    };
    Arc::clone(PACK.get_or_init(read))
}

/// The text of a worked example of the pack.
fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../guidance/cheshire/v1/examples");
    fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap()
}

impl Site {
    pub fn new() -> Self {
        Self::with(Config {
            force_name: "Cloudshire Police".to_owned(),
            data_protection_contact: "Data protection team, 01632 960001".to_owned(),
            requests: RequestLimits { per_account: 100_000, per_address: 100_000 },
            ..Config::default()
        })
    }

    /// The same site over a store that can no longer write.
    pub fn that_cannot_write(&self) -> Router {
        let path = self.directory.path().join("data/waymark.db");
        let keys = Keys::at(self.directory.path().join("keys"));
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open_for_reading(path, &keys).unwrap());
        router(self.app.clone().with(|app| app.store = store))
    }

    pub fn with(config: Config) -> Self {
        let directory = TempDir::new().unwrap();
        let keys = Keys::at(directory.path().join("keys"));
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(directory.path().join("data/waymark.db"), &keys).unwrap());
        let clock = Arc::new(Mutex::new("2026-11-24T09:00:00Z".parse::<Timestamp>().unwrap()));
        let shown = Arc::clone(&clock);
        let app = App::new(store, pack(), config)
            .unwrap()
            .with_examples(vec![
                ("blackmailed-for-money.toml".to_owned(), example("blackmailed-for-money")),
                ("swap-between-friends.toml".to_owned(), example("swap-between-friends")),
            ])
            .with_clock(Arc::new(move || *shown.lock().unwrap()));
        Self { router: router(app.clone()), app, clock, directory }
    }

    /// A clock as a machine has it, with more digits of a second than a row keeps.
    pub fn begin_between_ticks(&self) {
        *self.clock.lock().unwrap() += SignedDuration::from_nanos(123_456_789);
    }

    /// Lets time pass.
    pub fn wait(&self, minutes: i64) {
        *self.clock.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    /// Adds somebody whose user name is the code of their role, with [`PASSWORD`].
    pub async fn add(&self, role: Role) -> UserId {
        self.add_named(role, role.word()).await
    }

    pub async fn add_named(&self, role: Role, name: &str) -> UserId {
        let id = crate::shared::secret::user_id().unwrap();
        let user = User {
            id: id.clone(),
            name: format!("{} Example", role.says()),
            sign_in_name: name.to_owned(),
            role: role.word().to_owned(),
            unit: "Safeguarding".to_owned(),
            password_hash: Some(self.app.passwords.hash(PASSWORD.to_owned()).await.unwrap()),
            disabled: false,
            created_at: self.app.now(),
        };
        let made = changes::created(&self.app, &user, None);
        self.app.store.add_user(user, made).await.unwrap();
        id
    }

    /// Changes an account as if the settings had.
    pub async fn change(&self, user: User) {
        let before = self.app.store.user(&user.id).await.unwrap().unwrap();
        let changed = changes::between(&self.app, &before, &user, None);
        self.app.store.change_user(user, changed).await.unwrap();
    }

    pub const fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookie: String::new(), token: String::new(), says_why_itself: false }
    }

    /// A browser in which somebody new with this role is signed in.
    pub async fn signed_in(&self, role: Role) -> Browser<'_> {
        self.add(role).await;
        let mut browser = self.browser();
        browser.sign_in(role.word(), PASSWORD).await;
        browser
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Seen {
        let seen = self.send(Request::get(path), Body::empty()).await;
        if self.says_why_itself || !seen.to().contains("/why?next=") {
            return seen;
        }
        let asked = self.send(Request::get(seen.to()), Body::empty()).await;
        self.say_why(&asked).await.is(303);
        self.send(Request::get(path), Body::empty()).await
    }

    /// Gives the first reason that a page offers.
    async fn say_why(&mut self, asked: &Seen) -> Seen {
        let part = |from: &str| {
            let (_, rest) = asked.text.split_once(from).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let purpose = part("name=\"purpose\" type=\"radio\" value=\"");
        let action = asked.text.split("<form method=\"post\" action=\"").nth(2);
        let action = action.unwrap().split('"').next().unwrap().to_owned();
        let fields = [("form_token", self.token.clone()), ("purpose", purpose), ("reason", "for a test".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post_bare(&action, &fields).await
    }

    /// Takes a file out of the log, and says for whom and why.
    pub async fn take(&mut self, path: &str) -> Seen {
        let asked = self.get(path).await;
        if asked.status != StatusCode::OK {
            return asked;
        }
        asked.says("Who is this file for?");
        self.post(path, &[("recipient", "the inspectorate"), ("reason", "for a test")]).await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let seen = self.post_once(path, fields).await;
        if self.says_why_itself || !seen.text.contains("Why are you opening it?") {
            return seen;
        }
        self.say_why(&seen).await.is(303);
        self.post_once(path, fields).await
    }

    async fn post_once(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let token = self.token.clone();
        let mut all = vec![(TOKEN_FIELD, token.as_str())];
        all.extend(fields);
        self.post_bare(path, &all).await
    }

    /// Sends a form as it is.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.join("&"))).await
    }

    pub async fn send(&mut self, mut request: axum::http::request::Builder, body: Body) -> Seen {
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        let path = request.uri_ref().map_or("", |uri| uri.path()).to_owned();
        let response = self.site.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        protection::is_protected(&path, &parts.headers);
        let text = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        summary::reads_like_the_form(&path, &text);
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            self.cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        }
        if let Some((_, rest)) = text.split_once(&format!("name=\"{TOKEN_FIELD}\" value=\"")) {
            self.token = rest.split('"').next().unwrap().to_owned();
        }
        Seen { status: parts.status, headers: parts.headers, text }
    }

    pub async fn sign_in(&mut self, name: &str, password: &str) -> Seen {
        self.get(crate::routes::SIGN_IN).await;
        let seen = self.post(crate::routes::SIGN_IN, &[("name", name), ("password", password)]).await;
        if seen.status == StatusCode::SEE_OTHER {
            self.get(crate::routes::OWN_SESSIONS).await;
        }
        seen
    }
}

impl Seen {
    /// What a hidden field of the page holds; empty where there is none of this name.
    pub fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let value = self.text.split(&field).nth(1);
        value.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    pub fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }

    /// Fails unless the status is this one; prints the page.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text.contains(words), "\"{words}\" is not in\n{}", self.text);
        self
    }

    #[track_caller]
    pub fn does_not_say(&self, words: &str) -> &Self {
        let unsaid = !self.without_tokens().contains(words);
        assert!(unsaid, "\"{words}\" is in\n{}", self.text);
        self
    }

    /// What it says but for the tokens of its forms: drawn at random, they spell any short name sooner or later.
    fn without_tokens(&self) -> String {
        let mut parts = self.text.split("name=\"form_token\" value=\"");
        let before = parts.next().unwrap_or_default().to_owned();
        let after = parts.filter_map(|part| part.split_once('"'));
        after.fold(before, |said, (_, rest)| said + rest)
    }
}

/// The part of a link's address that a test browser asks for.
fn path(link: &str) -> &str {
    let local = ["http://127.0.0.1:8080", "http://localhost:8080"];
    let path = local.iter().find_map(|site| link.strip_prefix(site));
    path.unwrap()
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
