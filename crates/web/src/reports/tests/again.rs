//! The form that begins a report, sent again: one report comes of it, and no word is lost.

use store::{AccessKind, AccessesOf};

use super::FIRST;
use crate::reports::new::SENT_AGAIN;
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::opened_by;
use crate::tests::record::actor;
use crate::tests::{Browser, PASSWORD, Seen, Site};

/// Why somebody looked at a report, by the log, and how often.
async fn purposes(site: &Site, reference: &str) -> Vec<(String, u64)> {
    let opened = opened_by(&site.app, reference).await.unwrap();
    let of = AccessesOf::Report(opened.stream.clone());
    let views = site.app.store.accesses(&of, None, 100).await.unwrap();
    let opened = views.into_iter().filter(|view| view.kind == AccessKind::ReportOpened.word());
    opened.map(|view| (view.purpose, view.count)).collect()
}

/// The reference in an address of a report.
fn reference_in(to: &str) -> String {
    to.split('/').nth(2).unwrap().to_owned()
}

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
    assert_eq!(wrong.hidden("once"), once, "the page with mistakes is the same form");
    let begun = send(&mut browser, &once, &[]).await;
    let to = begun.is(303).to().to_owned();
    let reference = to.split('/').nth(2).unwrap().to_owned();
    assert_eq!(send(&mut browser, &once, &[]).await.is(303).to(), to, "the same report");

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
    let names = ["in_danger", "danger", "child_where", "safe_to_talk", "seen"];
    let fields: Vec<(&str, String)> = names.iter().map(|name| (*name, seen.hidden(name))).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&routes::safety(&reference), &fields).await.is(303);
    let report = browser.get(&routes::report(&reference)).await;
    report.is(200).says("He is outside the school").says("At home now");
    browser.get(routes::REPORTS).await.is(200).says("My reports (1)");
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
    page.is(200).says("If this is the same incident").says(&format!("{reference}</a> at 9:00am."));
    let second = send(&mut browser, &page.hidden("once"), &[]).await;
    assert_ne!(second.is(303).to().split('/').nth(2).unwrap(), reference);
    site.wait(31);
    let mut browser = site.browser();
    browser.sign_in(Role::Officer.word(), PASSWORD).await;
    browser.get(routes::REPORT_NEW).await.is(200).does_not_say("If this is the same incident");
    let mut other = site.signed_in(Role::CallHandler).await;
    other.get(routes::REPORT_NEW).await.is(200).does_not_say("If this is the same incident");
}

#[tokio::test]
async fn sent_again_it_shows_the_report_with_the_look_in_the_log() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let once = browser.get(routes::REPORT_NEW).await.hidden("once");
    let begun = send(&mut browser, &once, &[]).await;
    let to = begun.is(303).to().to_owned();
    let reference = reference_in(&to);
    let entry = |count| (SENT_AGAIN.to_owned(), count);
    assert!(!purposes(&site, &reference).await.contains(&entry(1)));
    let changes = [("child_where", "At home now")];
    send(&mut browser, &once, &changes).await.is(200).says("You already started this report");
    assert!(purposes(&site, &reference).await.contains(&entry(1)));
    assert_eq!(send(&mut browser, &once, &[]).await.is(303).to(), to);
    assert!(purposes(&site, &reference).await.contains(&entry(2)));
}

#[tokio::test]
async fn sent_again_by_whoever_is_shut_out_since_it_shows_nothing_of_the_report() {
    let site = Site::new();
    let otto = actor(&site, Role::Officer, "otto").await;
    let mut sam = site.signed_in(Role::Supervisor).await;
    let mut olive = site.signed_in(Role::Officer).await;
    let mut cal = site.signed_in(Role::CallHandler).await;
    for (browser, is_conflict) in [(&mut olive, true), (&mut cal, false)] {
        let once = browser.get(routes::REPORT_NEW).await.hidden("once");
        let begun = send(browser, &once, &[("safe_number", "01632 960 001")]).await;
        let reference = reference_in(begun.is(303).to());
        let report = routes::report(&reference);
        if is_conflict {
            let conflict = routes::conflict(&reference);
            browser.get(&conflict).await.is(200);
            let words = [("words", "my niece is in it")];
            browser.post(&conflict, &words).await.is(303);
        } else {
            let restrict = routes::restrict(&reference);
            sam.get(&restrict).await.is(200);
            let fields = [("members", otto.id.as_str()), ("reason", "his father")];
            sam.post(&restrict, &fields).await.is(303);
        }
        browser.get(&report).await.is(403);
        for changes in [&[][..], &[("child_where", "At home now")]] {
            browser.get(routes::REPORT_NEW).await.is(200);
            let seen = send(browser, &once, changes).await;
            seen.does_not_say("At school").does_not_say("960 001");
            assert_eq!(seen.is(303).to(), report, "conflict: {is_conflict}");
            browser.get(seen.to()).await.is(403);
        }
        let looked = purposes(&site, &reference).await;
        assert!(looked.iter().all(|(why, _)| why != SENT_AGAIN));
    }
}

#[tokio::test]
async fn a_report_that_moved_on_is_no_difference_and_newer_answers_are_never_put_back_unsaid() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let once = browser.get(routes::REPORT_NEW).await.hidden("once");
    let begun = send(&mut browser, &once, &[]).await;
    let to = begun.is(303).to().to_owned();
    let reference = reference_in(&to);
    let mut cal = site.signed_in(Role::CallHandler).await;
    let safety = routes::safety(&reference);
    let mark = cal.get(&safety).await.is(200).hidden("seen");
    let mut newer: Vec<(&str, &str)> = FIRST[..2].to_vec();
    newer.extend([("seen", mark.as_str()), ("child_where", "At the hospital"), ("safe_number", "01632 960 002")]);
    cal.post(&safety, &newer).await.is(303);

    // As the form was: nothing is new, and nothing is offered. What a colleague entered already is no difference either.
    for changes in [&[][..], &[("child_where", "At the hospital")]] {
        let seen = send(&mut browser, &once, changes).await;
        assert!(seen.is(303).to().starts_with(&to), "{}", seen.to());
    }
    // Only what was sent differently would be saved; the rest stays as the colleague left it.
    let other = [("with_whom", "Her aunt")];
    let seen = send(&mut browser, &once, &other).await;
    seen.is(200).says("Her aunt").does_not_say("over them");
    assert_eq!(seen.hidden("child_where"), "At the hospital");
    assert_eq!(seen.hidden("safe_number"), "01632 960 002");
    assert_eq!(seen.hidden("with_whom"), "Her aunt");
    // Over a newer answer only with a warning.
    let both = [("child_where", "At home now")];
    let seen = send(&mut browser, &once, &both).await;
    seen.is(200).says("At the hospital (entered since you started it)").says("puts it over them");
    assert_eq!(seen.hidden("child_where"), "At home now");
    assert_eq!(seen.hidden("safe_number"), "01632 960 002");
}

#[tokio::test]
async fn only_what_they_began_within_half_an_hour_and_is_open_is_pointed_out() {
    let site = Site::new();
    let mut olive = site.signed_in(Role::Officer).await;
    let (mut begun, mut last) = (Vec::new(), String::new());
    for _ in 0..2 {
        let once = olive.get(routes::REPORT_NEW).await.hidden("once");
        let seen = send(&mut olive, &once, &[]).await;
        begun.push(reference_in(seen.is(303).to()));
        last = once;
        // Whoever opens no page for a quarter of an hour is signed out.
        for _ in 0..2 {
            site.wait(10);
            olive.get(routes::REPORTS).await.is(200);
        }
    }
    // Begun 40 minutes ago, and touched now by a colleague.
    let mut other = site.signed_in(Role::CallHandler).await;
    let safety = routes::safety(&begun[0]);
    let mark = other.get(&safety).await.is(200).hidden("seen");
    let moved = [("child_where", "At home now"), ("seen", mark.as_str())];
    let now: Vec<(&str, &str)> = [&FIRST[..2], &moved].concat();
    other.post(&safety, &now).await.is(303);
    // And more than a page of others that were changed since.
    for number in 0..25 {
        let number = number.to_string();
        let begins = [("child_where", number.as_str())];
        let page = other.get(routes::REPORT_NEW).await;
        send(&mut other, &page.hidden("once"), &begins).await.is(303);
    }
    let page = olive.get(routes::REPORT_NEW).await;
    page.is(200).says(&format!("{}</a> at 9:20am.", begun[1])).does_not_say(&begun[0]);
    let end = routes::end(&begun[1]);
    olive.get(&end).await.is(200);
    let fields = [("why", "mistake"), ("reason", "It was a test call")];
    olive.post(&end, &fields).await.is(303);
    let mut sam = site.signed_in(Role::Supervisor).await;
    let review = routes::review(&begun[1]);
    let seen = sam.get(&review).await.hidden("seen");
    let agree = [("verdict", "agree"), ("reasons", "so it was")];
    let agree = [&agree[..], &[("seen", seen.as_str())]].concat();
    sam.post(&review, &agree).await.is(303);
    let ended = opened_by(&site.app, &begun[1]).await.unwrap();
    assert!(ended.report.is_closed());
    olive.get(routes::REPORT_NEW).await.is(200).does_not_say(&begun[1]);
    // Sent again now, it can only be added to.
    let changes = [("in_danger", "yes"), ("danger", "He is outside")];
    send(&mut olive, &last, &changes)
        .await
        .is(200)
        .says(&routes::concern(&begun[1]))
        .says(&routes::addendum(&begun[1]))
        .does_not_say("Save these first answers");
}
