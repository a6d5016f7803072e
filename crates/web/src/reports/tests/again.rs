//! The form that begins a report, sent again: one report comes of it, and no word is lost.

use super::FIRST;
use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Browser, Seen, Site};

async fn send(browser: &mut Browser<'_>, once: &str, changes: &[(&str, &str)]) -> Seen {
    let mut fields: Vec<(&str, &str)> = FIRST.to_vec();
    fields.push(("once", once));
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.post(routes::REPORT_NEW, &fields).await
}

#[tokio::test]
async fn sent_again_with_other_words_it_leads_to_the_report_and_no_word_is_lost() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let once = browser.get(routes::REPORT_NEW).await.hidden("once");
    let wrong = send(&mut browser, &once, &[("in_danger", "")]).await;
    wrong.is(422);
    assert_eq!(
        wrong.hidden("once"),
        once,
        "the page with mistakes is the same form"
    );
    let begun = send(&mut browser, &once, &[]).await;
    let to = begun.is(303).to().to_owned();
    let reference = to.split('/').nth(2).unwrap().to_owned();
    assert_eq!(
        send(&mut browser, &once, &[]).await.is(303).to(),
        to,
        "the same report"
    );

    let changes = [
        ("in_danger", "yes"),
        ("danger", "He is outside the school"),
        ("child_where", "At home now"),
        ("reported_by", "police"),
        ("incident_log", "LOG-2"),
    ];
    let seen = send(&mut browser, &once, &changes).await;
    seen.is(200)
        .says("You already started this report")
        .says(&reference)
        .says("somebody is in immediate danger")
        .says("At school")
        .says("At home now")
        .says("LOG-2")
        .says(&routes::question(&reference, "report.reported_by"))
        .says(&routes::entry_new(&reference, "references"))
        .does_not_say("Who are they");
    let fields: Vec<(&str, String)> = ["in_danger", "danger", "child_where", "safe_to_talk"]
        .iter()
        .map(|name| (*name, seen.hidden(name)))
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser
        .post(&routes::safety(&reference), &fields)
        .await
        .is(303);
    let report = browser.get(&routes::report(&reference)).await;
    report
        .is(200)
        .says("He is outside the school")
        .says("At home now");
    browser
        .get(routes::REPORTS)
        .await
        .is(200)
        .says("My reports (1)");
}

#[tokio::test]
async fn a_page_fetched_anew_begins_another_report_and_says_which_was_just_begun() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let page = browser.get(routes::REPORT_NEW).await;
    page.does_not_say("If this is the same incident");
    let first = send(&mut browser, &page.hidden("once"), &[]).await;
    let reference = first.is(303).to().split('/').nth(2).unwrap().to_owned();
    let page = browser.get(routes::REPORT_NEW).await;
    page.is(200)
        .says("If this is the same incident")
        .says(&routes::report(&reference));
    let second = send(&mut browser, &page.hidden("once"), &[]).await;
    assert_ne!(second.is(303).to().split('/').nth(2).unwrap(), reference);
    site.wait(31);
    let mut browser = site.browser();
    browser
        .sign_in(Role::Officer.word(), crate::tests::PASSWORD)
        .await;
    browser
        .get(routes::REPORT_NEW)
        .await
        .is(200)
        .does_not_say("If this is the same incident");
    let mut other = site.signed_in(Role::CallHandler).await;
    other
        .get(routes::REPORT_NEW)
        .await
        .is(200)
        .does_not_say("If this is the same incident");
}
