//! Which routes were come to, and which need not be.

use std::collections::BTreeSet;

use axum::routing::MethodFilter;

use super::Seen;
use crate::routes;
use crate::tests::pictures::SWEPT;

/// Routes that give no page and take no form here, and why.
const NOT_HERE: &[(&str, &str)] =
    &[("GET /sign-in/force", NO_FORCE), ("GET /sign-in/force/back", NO_FORCE), ("GET /signed-out", NO_FORCE)];
const NO_FORCE: &str = "there is no sign-in of a force here; tests/journeys/sign-in-force.mjs has one";

/// Forms that take no words, and what they take.
const WORDLESS: &[(&str, &str)] = &[
    ("/sign-in", COMPARED),
    ("/sign-in/passkey", SCRIPT),
    ("/sign-in/link/{token}", BUTTON),
    ("/password/{token}", HASHED),
    ("/sign-out", BUTTON),
    ("/signed-in", BUTTON),
    ("/confirm", COMPARED),
    ("/stay", BUTTON),
    ("/account/changes", BUTTON),
    ("/account/password", HASHED),
    ("/account/passkeys/new", SCRIPT),
    ("/account/passkeys/remove", BUTTON),
    ("/people/{id}/link", BUTTON),
    ("/people/{id}/sessions", BUTTON),
    ("/reports/{reference}/give", "one of those who are there"),
];
const COMPARED: &str = "a password or a name to compare, kept nowhere";
const HASHED: &str = "a password, kept as a hash";
const SCRIPT: &str = "filled in by a script, and checked as an answer of a passkey";
const BUTTON: &str = "one button";

/// The routes there are, those that gave a page or an answer, and those that refused a picture in each of their words.
pub struct Reached {
    all: Vec<(&'static str, &'static str)>,
    had: BTreeSet<String>,
    pictured: BTreeSet<&'static str>,
}

impl Default for Reached {
    fn default() -> Self {
        let listed = routes::all().listed.into_iter();
        let all = listed.map(|route| {
            let method = if route.method == MethodFilter::GET { "GET" } else { "POST" };
            (method, route.path)
        });
        Self { all: all.collect(), had: BTreeSet::new(), pictured: BTreeSet::new() }
    }
}

impl Reached {
    /// The pattern of an address, as the router finds it: plain words go before what stands for anything.
    pub fn pattern(&self, method: &str, path: &str) -> Option<&'static str> {
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &&str| {
            let mine: Vec<&str> = pattern.split('/').collect();
            let same = |(mine, part): (&&str, &&str)| mine.starts_with('{') || mine == part;
            mine.len() == parts.len() && mine.iter().zip(&parts).all(same)
        };
        let of_method = self.all.iter().filter(|(had, _)| *had == method);
        of_method.map(|(_, pattern)| *pattern).filter(fits).min_by_key(|pattern| {
            let open = |part: &str| part.starts_with('{');
            pattern.split('/').map(open).collect::<Vec<_>>()
        })
    }

    /// Notes the route, where it was its own answer that came: no refusal, and nothing that is asked first.
    pub fn note(&mut self, method: &str, path: &str, seen: &Seen) {
        let to = seen.to();
        let asked_first = to.starts_with(routes::SIGN_IN) && path != routes::SIGN_OUT
            || to.starts_with(routes::CONFIRM)
            || to.contains("/why?next=")
            || seen.text.contains("Nothing was done yet")
            || seen.text.contains("What you entered was not saved");
        let answers = matches!(seen.status.as_u16(), 200 | 303 | 422);
        if let Some(pattern) = self.pattern(method, path)
            && answers
            && !asked_first
        {
            self.had.insert(format!("{method} {pattern}"));
        }
    }

    /// Notes that a form refused pictures.
    pub fn note_pictured(&mut self, path: &str) {
        self.pictured.extend(self.pattern("POST", path));
    }

    /// Fails on every form that was sent no picture, here or by `pictures.rs`, and stands on no list.
    #[track_caller]
    pub fn is_pictured(&self) {
        let posts = self.all.iter().filter(|(method, _)| *method == "POST");
        let missing: Vec<&str> = posts
            .map(|(_, path)| *path)
            .filter(|path| !self.pictured.contains(path))
            .filter(|path| !SWEPT.contains(path))
            .filter(|path| !WORDLESS.iter().any(|(not, _)| not == path))
            .collect();
        assert!(missing.is_empty(), "no picture was sent to {missing:#?}");
        let worded: Vec<&str> =
            WORDLESS.iter().map(|(path, _)| *path).filter(|path| self.pictured.contains(path)).collect();
        assert!(worded.is_empty(), "takes words after all: {worded:#?}");
    }

    /// Fails on every route that was not come to and stands on no list, and on every one of the list that was.
    #[track_caller]
    pub fn is_whole(&self) {
        let exempt = |route: &str| NOT_HERE.iter().any(|(not, _)| *not == route);
        let all = self.all.iter().map(|(method, path)| format!("{method} {path}"));
        let missing: Vec<String> = all.filter(|route| !self.had.contains(route) && !exempt(route)).collect();
        assert!(missing.is_empty(), "nobody came to {missing:#?}");
        let after_all: Vec<&str> =
            NOT_HERE.iter().map(|(route, _)| *route).filter(|route| self.had.contains(*route)).collect();
        assert!(after_all.is_empty(), "come to after all: {after_all:#?}");
    }
}
