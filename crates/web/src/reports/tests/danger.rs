//! Danger comes first: what is told and asked of it, and concerns.

use super::{add, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn a_concern_stands_first_until_it_is_answered() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::CallHandler).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let page = routes::concern(&reference);
    browser.get(&page).await.is(200).says("Act first");
    browser
        .post(&page, &[("kind", "self-harm")])
        .await
        .is(422)
        .says("Select who it is about")
        .says("value=\"self-harm\" checked");
    let sent =
        [("kind", "self-harm"), ("person", "A"), ("words", "She said she cannot go on"), ("action", "Units sent")];
    browser.post(&page, &sent).await.is(303);
    browser
        .get(&page)
        .await
        .says("wm-wrap\">Mia</dd>")
        .says("wm-wrap\">Units sent</dd>")
        .says("wm-wrap\">24 November 2026 at 9:");
    browser
        .get(&routes::report(&reference))
        .await
        .says(" about Mia: She said she cannot go on. Raised 24 November 2026 at 9:")
        .says("Act on the immediate concern")
        .says(&routes::task(&reference, "immediate-referral:A"));
    // A report of the same day, overdue since it came in, does not stand before it.
    let other = begin(&mut browser).await;
    let list = browser.get(routes::REPORTS).await;
    list.says("Act now: immediate concern");
    assert!(list.text.find(&reference) < list.text.find(&other), "{}", list.text);
    // A supervisor, whose first list is another one, reads it before anything else.
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    for home in [supervisor.get(routes::HOME).await, browser.get(routes::HOME).await] {
        home.says("Immediate concern in").says(&routes::report(&reference));
    }
    let answer = routes::concern_answer(&reference, 1);
    browser.get(&answer).await.is(200).says("Units sent");
    browser.post(&answer, &[("answer", "")]).await.is(422);
    browser.post(&answer, &[("answer", "Safe with her mother, seen by a nurse")]).await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .does_not_say("Immediate concern. Self-harm")
        .does_not_say("Act on the immediate concern");
    browser.get(routes::REPORTS).await.does_not_say("Act now");
    supervisor.get(routes::HOME).await.does_not_say("Immediate concern in");
}

#[tokio::test]
async fn the_first_questions_can_be_answered_again() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    let page = routes::safety(&reference);
    let shown = browser.get(&page).await;
    shown.is(200).says("value=\"At school\"");
    let seen = shown.hidden("seen");
    let sent = [
        ("seen", seen.as_str()),
        ("in_danger", "yes"),
        ("danger", "He is on his way there"),
        ("safe_to_talk", "no"),
        ("reporter_name", "Ms Example"),
    ];
    browser.post(&page, &sent).await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("Immediate danger: He is on his way there")
        .says("Safe to talk: no");
}

#[tokio::test]
async fn danger_is_told_before_anything_else_is_asked() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::CallHandler).await;
    browser.get(routes::REPORT_NEW).await;
    let sent = [("in_danger", "yes"), ("danger", "He is on his way there"), ("safe_to_talk", "no")];
    let seen = browser.post(routes::REPORT_NEW, &sent).await;
    let told = browser.get(seen.is(303).to()).await;
    told.is(200)
        .says("Act first, record afterwards")
        .says("Immediate danger: He is on his way there")
        .says("Go on with the report");
}
