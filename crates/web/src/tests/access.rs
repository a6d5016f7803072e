//! Who may go where: every role against every route.

use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::MethodFilter;

use super::Site;
use super::desk::Desk;
use super::record::actor;
use crate::routes;
use crate::shared::access::{Permission, Role, may};
use crate::shared::guard::Door;

/// An address of a route, with something in its places that is not there.
fn address(path: &str) -> String {
    path.replace("{digest}", "0")
        .replace("{name}", "x")
        .replace("{token}", &"t".repeat(43))
        .split('/')
        .map(|part| if part.starts_with('{') { "nobody" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn every_role_at_every_door() {
    let site = Site::new();
    let mut tried = 0;
    for role in Role::ALL.iter().copied() {
        let mut browser = site.signed_in(role).await;
        for route in routes::all().listed {
            let Some(permission) = route.door.permission() else {
                continue;
            };
            let path = address(route.path);
            browser.get(routes::OWN_SESSIONS).await;
            let seen = if route.method == MethodFilter::GET {
                browser.get(&path).await
            } else {
                browser.post(&path, &[]).await
            };
            let refused = seen.status.as_u16() == 403;
            assert_eq!(refused, !may(role, permission), "{role:?} at {path}: {}", seen.status);
            assert!(!seen.status.is_server_error(), "{role:?} at {path}: {}", seen.status);
            tried += 1;
        }
    }
    assert!(tried >= 40, "{tried}");
}

/// A report is asked about by its door and nowhere else, so no route of one may be without.
#[test]
fn every_route_of_a_report_has_a_door_that_asks_about_it() {
    for route in routes::all().listed {
        let below = route.path.starts_with("/reports/") && route.path != routes::REPORT_NEW;
        assert_eq!(crate::routes::names_a_report(route.path), below, "{}", route.path);
        if below {
            let permission = route.door.permission();
            assert!(permission.is_some_and(Permission::of_a_report), "{} {:?}", route.path, route.door);
        }
    }
}

#[tokio::test]
async fn nobody_comes_in_unknown() {
    let site = Site::new();
    for route in routes::all().listed {
        if route.door == Door::Open {
            continue;
        }
        let mut browser = site.browser();
        browser.get(routes::SIGN_IN).await;
        let path = address(route.path);
        if route.method == MethodFilter::GET {
            let seen = browser.get(&path).await;
            assert_eq!(seen.is(303).to(), routes::sign_in_and_back(&path));
        } else {
            browser.post(&path, &[]).await.is(200).says("What you entered was not saved");
        }
    }
}

#[tokio::test]
async fn no_form_is_taken_that_is_not_ours() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    let mut other = site.browser();
    other.get(routes::SIGN_IN).await;
    let theirs = other.token.clone();
    for route in routes::all().listed.iter().filter(|route| route.method == MethodFilter::POST) {
        let path = address(route.path);
        for (what, fields) in [
            ("none", vec![]),
            ("another visitor's", vec![("form_token", theirs.as_str())]),
            ("made up", vec![("form_token", "AAAA")]),
        ] {
            let seen = browser.post_bare(&path, &fields).await;
            assert_eq!(seen.status.as_u16(), 403, "{path}, token: {what}");
            seen.says("Please send that again");
        }
    }
    browser.get(routes::HOME).await.is(200);
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused_even_with_its_token() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    for (name, value, taken) in [
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "https://example.org", false),
        ("origin", "null", true),
        ("origin", "http://127.0.0.1:8080", true),
    ] {
        browser.get(routes::OWN_SESSIONS).await;
        let body = format!("form_token={}", browser.token);
        let request = Request::post(routes::OWN_SESSIONS)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        let seen = browser.send(request, Body::from(body)).await;
        assert_eq!(seen.status.as_u16(), if taken { 303 } else { 403 }, "{name}: {value}");
    }
}

/// Wherever somebody is who may add to reports, a child in danger is one press away.
#[tokio::test]
async fn the_way_to_an_immediate_concern_is_on_every_page() {
    let site = Site::new();
    let desk = Desk::new(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut pages = 0;
    for role in [Role::CallHandler, Role::Officer, Role::Supervisor] {
        let mut browser = site.signed_in(role).await;
        let shown = routes::all();
        for route in shown.listed.iter().filter(|route| route.method == MethodFilter::GET) {
            let path = address(&route.path.replace("{reference}", &desk.reference));
            let seen = browser.get(&path).await;
            let is_page = seen.text.contains("<main");
            if seen.status.as_u16() == 200 && is_page {
                assert!(seen.text.contains("Immediate concern</a>"), "{path}, as {role:?}");
                pages += 1;
            }
        }
    }
    assert!(pages > 60, "{pages} pages were seen");
}

/// Signed out in another tab, say: what was written is shown, to whoever's browser says that it wrote it on a page of ours.
#[tokio::test]
async fn words_that_were_not_taken_are_given_back_and_only_to_our_own_page() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    for (from, given_back) in [("same-origin", true), ("none", false), ("cross-site", false)] {
        let body = "form_token=AAAA&note=she+%3Cb%3Esaid%3C%2Fb%3E+so&password=pass+word&choice=yes";
        let request = Request::post(routes::OWN_SESSIONS)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", from);
        let seen = browser.send(request, Body::from(body)).await;
        seen.is(403).does_not_say("pass word").does_not_say("<b>said");
        match given_back {
            true => seen.says("she &#60;b&#62;said&#60;/b&#62; so"),
            false => seen.does_not_say("What you wrote"),
        };
    }
}

#[test]
fn every_path_is_listed_once() {
    let mut all: Vec<String> =
        routes::all().listed.iter().map(|route| format!("{:?} {}", route.method, route.path)).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
