//! The look of whoever sends a form: in the log with what the form adds, just before it, and also when it adds nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{at_desk, purposes};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::form::TOKEN_FIELD;
use crate::tests::Site;
use crate::tests::desk::Desk;
use crate::tests::record::actor;

/// Kinds of the newest entries of the log, oldest first.
async fn newest(site: &Site, from: u64) -> Vec<String> {
    let kind = |leaf: &str| {
        let (_, rest) = leaf.split_once("\"kind\":\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    site.leaves().await.iter().skip(from as usize).map(|leaf| kind(leaf)).collect()
}

#[tokio::test]
async fn the_look_stands_just_before_what_the_form_adds_and_alone_where_it_adds_nothing() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let page = routes::addendum(&desk.reference);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(routes::HOME).await.is(200);

    let before = site.app.store.ledger_head().await.unwrap().size;
    olive.post(&page, &[("text", "")]).await.is(422);
    assert_eq!(newest(&site, before).await, ["report-opened"]);
    assert_eq!(purposes(&site, &desk.reference).await.len(), 1);

    // Another quarter of an hour, another entry.
    site.wait(16);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(routes::HOME).await.is(200);
    let before = site.app.store.ledger_head().await.unwrap().size;
    let added = [("text", "the school rang again")];
    olive.post(&page, &added).await.is(303);
    let entries = newest(&site, before).await;
    assert_eq!(entries[0], "report-opened", "{entries:?}");
    assert!(entries.len() > 1, "{entries:?}");
    assert_eq!(purposes(&site, &desk.reference).await.len(), 2);
}

#[tokio::test]
async fn a_form_whose_look_cannot_be_noted_shows_nothing() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = at_desk(&site, "olive").await;
    let page = routes::addendum(&desk.reference);
    olive.get(&page).await.is(200);
    for text in ["", "the school rang again"] {
        let request = Request::post(&page)
            .header(header::COOKIE, &olive.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = format!("{TOKEN_FIELD}={}&text={text}", olive.token);
        let body = Body::from(body.replace(' ', "+"));
        let broken = site.that_cannot_write();
        let answer = broken.oneshot(request.body(body).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("Ann"));
    }
}
