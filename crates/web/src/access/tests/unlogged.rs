//! What cannot be written into the log is not shown: every address of a report, and every one of the auditor's, over a
//! store that can no longer write.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::MethodFilter;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{at_desk, without_tokens};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::form::TOKEN_FIELD;
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, Site};

/// What was typed, and how the whole log begins.
const WORDS: [&str; 6] = ["Ann", "Ben", "black phone", "1 Example Street", "Zebra", "waymark-audit-export"];

/// What opens without a look: nothing of the report is on it.
const OPEN: [&str; 4] = ["access/conflict", "emergency", "looked-at/why", "why"];

async fn ask(router: &Router, browser: &Browser<'_>, path: &str, body: Option<&str>) -> (StatusCode, String) {
    let request = match body {
        None => Request::get(path),
        Some(_) => Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
    };
    let body = body.map(|body| format!("{TOKEN_FIELD}={}&{body}", browser.token));
    let request = request.header(header::COOKIE, &browser.cookie);
    let request = request.body(Body::from(body.unwrap_or_default())).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, without_tokens(&String::from_utf8_lossy(&body)))
}

/// Addresses of a route: each place of the path filled with what there is in the report.
fn addresses(path: &str, reference: &str, duties: &[String]) -> Vec<String> {
    let id = match path {
        _ if path.contains("/places/") => "L1",
        _ if path.contains("/devices/") => "D1",
        _ => "A",
    };
    let path = path
        .replace("{reference}", reference)
        .replace("{id}", id)
        .replace("{thing}", "person")
        .replace("{fact}", "person.A.threatened")
        .replace("{number}", "1")
        .replace("{code}", "21")
        .replace("{other}", "r-none")
        .replace("{them}", "A");
    if !path.contains("{duty}") {
        return vec![path];
    }
    duties.iter().map(|duty| path.replace("{duty}", &routes::escaped(duty))).collect()
}

#[tokio::test]
async fn no_address_shows_a_word_when_the_look_cannot_be_logged() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.do_everything().await;
    actor(&site, Role::Supervisor, "sam").await;
    actor(&site, Role::Auditor, "ada").await;
    let reference = desk.reference.as_str();
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&routes::report(reference)).await.is(200).says("Ann");
    let mut sam = at_desk(&site, "sam").await;
    sam.says_why_itself = false;
    sam.get(&routes::report(reference)).await.is(200);
    let mut ada = at_desk(&site, "ada").await;
    ada.get(&routes::looked_at(reference)).await.is(303);
    let fields = [("purpose", "audit"), ("reason", "Zebra reason")];
    ada.get(routes::HOME).await.is(200);
    let why = routes::why(reference, true);
    ada.post(&why, &fields).await.is(303);
    ada.get(&routes::looked_at(reference)).await.is(200);
    super::move_to(&site, "ada", "Zebra Team").await;

    let (healthy, broken) = (crate::router(site.app.clone()), site.that_cannot_write());
    let opened = desk.opened().await;
    let duties: Vec<String> = opened.view.tasks.iter().map(|task| task.id.to_string()).collect();
    let (mut shown, mut open) = (BTreeSet::new(), BTreeSet::new());
    for browser in [&olive, &sam, &ada] {
        let (status, text) = ask(&broken, browser, routes::GUIDANCE, None).await;
        assert_eq!(status, StatusCode::OK, "the store is read: {text}");
        for route in routes::all().listed {
            let audit = route.path.starts_with(routes::AUDIT);
            if route.method != MethodFilter::GET || !(audit || routes::names_a_report(route.path)) {
                continue;
            }
            for path in addresses(route.path, reference, &duties) {
                let (healthy_status, text) = ask(&healthy, browser, &path, None).await;
                let says = |text: &str| {
                    let word = WORDS.iter().find(|word| text.contains(**word));
                    word.copied().or_else(|| (audit && text.contains(reference)).then_some("reference"))
                };
                let (status, kept) = ask(&broken, browser, &path, None).await;
                assert_eq!(says(&kept), None, "{path}: {status}");
                if says(&text).is_some() {
                    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
                    shown.insert(route.path);
                }
                if (healthy_status, status) == (StatusCode::OK, StatusCode::OK) {
                    open.insert(route.path);
                }
            }
        }
    }
    // What opens all the same is the page that asks why, or for more than there is, and says nothing of the report.
    let open: Vec<&str> = open.iter().filter_map(|path| Some(path.split_once("{reference}/")?.1)).collect();
    assert_eq!(open, OPEN);
    // The control: with a store that writes, the same addresses do show what was typed.
    assert!(shown.len() >= 35, "{} {shown:?}", shown.len());

    // A copy of one person's own data leaves once a form has noted it.
    let page = routes::own_data(reference, "A");
    let body = "asks=themself&to=Zebra&kind=html";
    olive.get(&page).await.is(200);
    let (status, text) = ask(&broken, &olive, &page, Some(body)).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{text}");
    assert!(!WORDS.iter().any(|word| text.contains(word)), "{text}");
    let (status, text) = ask(&healthy, &olive, &page, Some(body)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let copy = routes::own_data_copy(reference, "A", "html");
    let (status, text) = ask(&broken, &olive, &copy, None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{text}");
    assert!(!WORDS.iter().any(|word| text.contains(word)), "{text}");
    let (status, text) = ask(&healthy, &olive, &copy, None).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert!(text.contains("Ann"), "{text}");
}

/// A form that is not filled in is shown again, with what the report says above it: not where the look cannot be logged.
#[tokio::test]
async fn no_form_shows_a_word_when_the_look_cannot_be_logged() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.do_everything().await;
    actor(&site, Role::Supervisor, "sam").await;
    let reference = desk.reference.as_str();
    let mut olive = at_desk(&site, "olive").await;
    let mut sam = at_desk(&site, "sam").await;
    for browser in [&mut olive, &mut sam] {
        browser.get(&routes::report(reference)).await.is(200);
    }
    let (healthy, broken) = (crate::router(site.app.clone()), site.that_cannot_write());
    let opened = desk.opened().await;
    let tasks = opened.view.tasks.iter();
    let duties: Vec<String> = tasks.map(|task| task.id.to_string()).collect();
    let (mut sent, mut shown) = (BTreeSet::new(), BTreeSet::new());
    for route in routes::all().listed {
        if route.method != MethodFilter::POST || !routes::names_a_report(route.path) {
            continue;
        }
        for path in addresses(route.path, reference, &duties) {
            for browser in [&olive, &sam] {
                let (status, text) = ask(&broken, browser, &path, Some("")).await;
                let says = |text: &str| WORDS.iter().any(|word| text.contains(word));
                assert!(!says(&text), "{path}: {status} {text}");
                assert_ne!(status, StatusCode::SEE_OTHER, "{path}");
                sent.insert(route.path);
                // The control: with a store that writes, the form comes back with what was typed.
                if says(&ask(&healthy, browser, &path, Some("")).await.1) {
                    shown.insert(route.path);
                }
            }
        }
    }
    assert!(sent.len() >= 46, "{} {sent:?}", sent.len());
    assert!(shown.len() >= 20, "{} {shown:?}", shown.len());
}
