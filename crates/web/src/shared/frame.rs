//! What stands around every page: header, navigation, way back, standing line, mistakes.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use askama::filters::HtmlSafe;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::access::{Permission, Role, may};
use super::app::App;
use super::form::Mistakes;
use super::record::{STANDING_LINE, Summary};
use super::ui::SummaryList;
use super::visit::{Signed, Visit};
use super::{assets, secret, time};
use crate::routes;

/// What stands around a page. A handler asks for one as an argument, adds what it knows, and gives it
/// to its template as the field `frame`.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Which force this is.
    pub force_name: Arc<str>,
    /// Who is signed in.
    pub who: Option<Who>,
    /// The main places, as far as the role may go there.
    pub navigation: Vec<Place>,
    /// The way back.
    pub back: Option<Link>,
    /// What stands above every page of whoever records anything.
    pub standing: Option<Standing>,
    /// What is always in sight of a report: class, what to do now, what is still to ask.
    pub report: Option<Summary>,
    /// What to put right. The layout prints the summary, and the page goes out with status 422.
    pub mistakes: Mistakes,
    /// What somebody else changed meanwhile as well: what was asked, and both answers. The page goes out with status 409.
    pub both: Vec<(String, SummaryList)>,
    /// What was just done, in a banner.
    pub done: Option<String>,
    /// Whom the address of this page asks to offer to look for, in the words of the address.
    pub look: Option<String>,
    /// The task that somebody came from to enter something, in the words of the address: they are led back to it.
    pub then: Option<String>,
    /// Somebody just entered who may be in other reports, and where to look.
    pub offer: Option<Link>,
    /// It is printed for somebody outside: the sheet does not say whom it was shown to, nor that it is kept safe.
    pub for_others: bool,
    visitor: String,
}

/// Who is signed in, for the header. Worked out when a page first reads a part of it: a form that is sent leads to another page,
/// and needs nothing of it.
#[derive(Clone)]
pub struct Who(Arc<(App, Signed, OnceLock<Header>)>);

/// What the header says of whoever is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// May they decide: on the report they were let in to, where they were?
    pub decides: bool,
    /// When the page was made, for whoever prints it.
    pub now: String,
    /// When they are signed out, by the clock.
    pub until: String,
    /// Seconds until then, for the warning.
    pub left: i64,
    /// True when opening pages does not put it off.
    pub for_good: bool,
}

impl Who {
    fn new(app: &App, signed: &Signed) -> Self {
        Self(Arc::new((app.clone(), signed.clone(), OnceLock::new())))
    }
}

impl Deref for Who {
    type Target = Header;

    fn deref(&self) -> &Header {
        let (app, signed, header) = &*self.0;
        header.get_or_init(|| Header {
            name: signed.name.clone(),
            role: signed.role,
            decides: signed.may(Permission::Decide),
            now: time::moment(app.now()),
            until: time::hour(signed.ends_at),
            left: signed.ends_at.duration_since(app.now()).as_secs(),
            for_good: signed.ends_at == signed.ends_for_good_at,
        })
    }
}

impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Who")
    }
}

/// A place in the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Address.
    pub href: &'static str,
    /// Name.
    pub text: &'static str,
    /// True when the page is there or below.
    pub here: bool,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Address.
    pub href: String,
    /// What is read.
    pub text: String,
}

/// What stands above every page of whoever records anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Never view, copy, screenshot, forward or film the image: in the words of the page that sets it.
    pub line: String,
    /// Address of the page for an immediate concern.
    pub concern: String,
}

/// The hidden field that every form with `method="post"` carries: `{{ frame.token() }}`.
#[derive(Debug, Clone)]
pub struct Token(String);

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // base64url: nothing in it needs escaping.
        write!(f, r#"<input type="hidden" name="{}" value="{}">"#, super::form::TOKEN_FIELD, self.0)
    }
}
impl HtmlSafe for Token {}

/// The main places. A place is shown to those who may go there.
const PLACES: &[(Permission, &str, &str)] = &[
    (Permission::Enter, routes::HOME, "Home"),
    (Permission::ListReports, routes::REPORTS, "Reports"),
    (Permission::FindPeople, routes::FIND, "Find a person"),
    (Permission::ReadAudit, routes::AUDIT, "Who looked"),
    (Permission::ReadGuidance, routes::GUIDANCE, "Guidance"),
    (Permission::ManagePeople, routes::PEOPLE, "People"),
];

impl Frame {
    /// The frame of a visitor's page.
    pub fn new(app: &App, visit: &Visit, path: &str) -> Self {
        let signed = visit.signed.as_ref();
        let navigation = signed.map_or_else(Vec::new, |signed| {
            let may_go = PLACES.iter().filter(|(permission, ..)| may(signed.role, *permission));
            may_go.map(|(_, href, text)| Place { href, text, here: is_at(path, href) }).collect()
        });
        // An immediate concern is one step away from wherever somebody is who may record it.
        let standing = signed
            .filter(|signed| may(signed.role, Permission::AddToReports))
            .map(|_| Standing { line: STANDING_LINE.to_owned(), concern: routes::CONCERN_WHICH.to_owned() });
        Self {
            force_name: app.config.force_name.as_str().into(),
            who: signed.map(|signed| Who::new(app, signed)),
            standing,
            navigation,
            visitor: visit.form_key.clone(),
            ..Self::default()
        }
    }

    /// A frame without anybody in it, whose forms are bound to this key: for the one page that is sent
    /// together with a new cookie.
    pub fn bare(app: &App, form_key: &str) -> Self {
        Self { force_name: app.config.force_name.as_str().into(), visitor: form_key.to_owned(), ..Self::default() }
    }

    /// With a way back, "Back".
    #[must_use]
    pub fn back_to(mut self, href: impl Into<String>) -> Self {
        self.back = Some(Link { href: href.into(), text: "Back".to_owned() });
        self
    }

    /// Of a page that is printed and given to somebody outside.
    #[must_use]
    pub const fn for_others(mut self) -> Self {
        self.for_others = true;
        self
    }

    /// With what stands above every page of a report.
    #[must_use]
    pub fn standing(mut self, line: impl Into<String>, concern: impl Into<String>) -> Self {
        self.standing = Some(Standing { line: line.into(), concern: concern.into() });
        self
    }

    /// Of a page on which all is told that has to be done at once.
    #[must_use]
    pub fn telling(mut self) -> Self {
        if let Some(report) = &mut self.report {
            report.told = true;
        }
        self
    }

    /// With what to put right.
    #[must_use]
    pub fn with(mut self, mistakes: Mistakes) -> Self {
        self.mistakes = mistakes;
        self
    }

    /// With what was just done.
    #[must_use]
    pub fn done(mut self, words: impl Into<String>) -> Self {
        self.done = Some(words.into());
        self
    }

    /// Address of an asset.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The hidden field that a form carries. Without randomness it is empty, and the form is refused.
    pub fn token(&self) -> Token {
        Token(secret::form_token(&self.visitor).unwrap_or_default())
    }
}

fn is_at(path: &str, place: &str) -> bool {
    path == place || (place != routes::HOME && path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')))
}

impl FromRequestParts<App> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let visit = parts.extensions.get::<Visit>().cloned().unwrap_or_default();
        let mut frame = Self::new(app, &visit, parts.uri.path());
        let query = parts.uri.query().unwrap_or_default();
        let asked = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)).map(str::to_owned);
        frame.look = asked("look=");
        frame.then = asked("then=");
        Ok(frame)
    }
}
