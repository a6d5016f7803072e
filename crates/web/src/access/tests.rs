//! Who may see a report, through its pages.

mod changed_row;
mod closed;
mod emergency;
mod forms;
mod overdue;
mod unlogged;
mod why;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use store::{AccessKind, AccessesOf};
use tower::ServiceExt as _;

use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{act_as, opened_by};
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, PASSWORD, Site};

async fn at_desk<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    let mut browser = site.browser();
    browser.sign_in(name, PASSWORD).await;
    browser.says_why_itself = true;
    browser
}

/// Puts a user into another unit.
async fn move_to(site: &Site, name: &str, unit: &str) {
    let user = site.app.store.user_by_sign_in_name(name).await;
    let user = store::User { unit: unit.to_owned(), ..user.unwrap().unwrap() };
    site.change(user).await;
}

async fn purposes(site: &Site, reference: &str) -> Vec<(String, u64)> {
    let opened = opened_by(&site.app, reference).await.unwrap();
    let of = AccessesOf::Report(opened.stream.clone());
    let views = site.app.store.accesses(&of, None, 100).await.unwrap();
    let said = views.into_iter().rev().filter(|view| view.kind == AccessKind::ReportOpened.word());
    said.map(|view| (view.purpose, view.count)).collect()
}

#[tokio::test]
async fn why_is_asked_once_before_anything_is_shown() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    let report = routes::report(&desk.reference);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&report).await.is(200).says("Ann");
    let mut otto = at_desk(&site, "otto").await;
    let answers = routes::answers(&desk.reference);
    let seen = otto.get(&answers).await;
    seen.is(303).does_not_say("Ann");
    let why = seen.to().to_owned();
    otto.get(&why)
        .await
        .is(200)
        .says("Why are you opening it?")
        .says("Data Protection Act 2018, section 62")
        .does_not_say("Ann")
        .does_not_say(" checked");
    let action = routes::why(&desk.reference, false);
    otto.post(&action, &[("next", &answers)]).await.is(422).says("Select why you are opening it").does_not_say("Ann");
    otto.post(&action, &[("next", &answers), ("purpose", "other")])
        .await
        .is(422)
        .says("Say in a line what you need it for");
    // Nothing was noted of all that, because nothing was shown.
    assert_eq!(purposes(&site, &desk.reference).await.len(), 1);
    let went = otto.post(&action, &[("next", &answers), ("purpose", "help")]).await;
    assert_eq!(went.is(303).to(), answers);
    for path in [&answers, &report, &answers] {
        otto.get(path).await.is(200).says("Ann");
    }
    let noted = purposes(&site, &desk.reference).await;
    assert_eq!(noted, [("Working on the report".to_owned(), 1), ("To help whoever works on it".to_owned(), 3)]);
    // A quarter of an hour later it is another entry.
    site.wait(16);
    let mut otto = at_desk(&site, "otto").await;
    otto.get(&report).await.is(303);
}

#[tokio::test]
async fn what_was_written_before_why_was_asked_is_not_lost() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    let mut otto = at_desk(&site, "otto").await;
    otto.get(routes::HOME).await;
    let concern = routes::concern(&desk.reference);
    let fields = [("kind", "missing"), ("person", "A"), ("words", "not home since noon")];
    let asked = otto.post(&concern, &fields).await;
    asked.is(200).says("Why are you opening it?").says("not home since noon").does_not_say("Ann");
    let (_, held) = asked.text.split_once("name=\"held\" value=\"").unwrap();
    let held = held.split('"').next().unwrap();
    let held = held.replace("&#34;", "\"");
    let why = routes::why(&desk.reference, false);
    let chosen = [("next", concern.as_str()), ("held", &held), ("purpose", "new-call")];
    otto.post(&why, &chosen)
        .await
        .is(200)
        .says("Send what you entered")
        .says("value=\"not home since noon\"")
        .says(&format!("action=\"{concern}\""));
    otto.post(&concern, &fields).await.is(303);
}

/// A page without what is made by chance, which may spell anything.
fn without_tokens(text: &str) -> String {
    let tokens = text.split("name=\"form_token\" value=\"");
    tokens.map(|part| part.split_once('"').map_or(part, |p| p.1)).collect()
}

#[tokio::test]
async fn when_a_look_cannot_be_noted_nothing_is_shown() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = at_desk(&site, "olive").await;
    let report = routes::report(&desk.reference);
    olive.get(&report).await.is(200).says("Ann");
    let broken = site.that_cannot_write();
    for path in [
        report,
        routes::answers(&desk.reference),
        routes::timeline(&desk.reference),
        routes::involved(&desk.reference),
        routes::access(&desk.reference),
    ] {
        let request = Request::get(&path).header(header::COOKIE, &olive.cookie);
        let answer = broken.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = without_tokens(&String::from_utf8_lossy(&body));
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(text.contains("Sorry, something went wrong"), "{text}");
        for word in ["Ann", "Ben", "Experimental", "black phone"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}

#[tokio::test]
async fn a_report_that_is_not_open_looks_like_one_that_is_not_there() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let mut otto = at_desk(&site, "otto").await;
    let mut pages = Vec::new();
    for reference in [desk.reference.as_str(), "WM-2026-777777"] {
        for path in [routes::report(reference), routes::emergency(reference)] {
            let seen = otto.get(&path).await;
            let text = seen.text.replace(reference, "REFERENCE");
            pages.push((seen.status, without_tokens(&text)));
        }
    }
    assert_eq!(pages[0], pages[2]);
    assert_eq!(pages[1], pages[3]);
    assert_eq!(pages[0].0, StatusCode::FORBIDDEN);
    let fields = [("purpose", "danger"), ("reason", "he is on his way there")];
    otto.post(&routes::emergency("WM-2026-777777"), &fields).await.is(422).says("There is no report WM-2026-777777");
    let list = format!("{}?list=beyond", routes::REPORTS);
    otto.get(&list).await.is(200).does_not_say(&desk.reference);
}

#[tokio::test]
async fn an_emergency_lasts_an_hour_is_told_and_is_reviewed_by_another() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for name in ["sam", "sue"] {
        actor(&site, Role::Supervisor, name).await;
    }
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let reference = desk.reference.as_str();
    let report = routes::report(reference);
    let emergency = routes::emergency(reference);
    let mut otto = at_desk(&site, "otto").await;
    otto.get(&report).await.is(403).says("You cannot open this report").says(&emergency).does_not_say("Ann");
    otto.get(&emergency).await.is(200).says("one hour").does_not_say("Ann");
    otto.post(&emergency, &[("purpose", "danger"), ("reason", "")]).await.is(422).says("Say what has happened");
    let fields = [("purpose", "danger"), ("reason", "he is on his way there")];
    // At a computer somebody left open it is not done: first they prove who they are, and lose nothing by it.
    site.wait(6);
    let to = otto.get(&emergency).await.is(303).to().to_owned();
    assert_eq!(to, routes::step_up(&emergency));
    otto.post(&emergency, &fields).await.is(200).says("Confirm that it is you").says("he is on his way there");
    otto.get(&report).await.is(403);
    let proof = [("password", PASSWORD), ("next", emergency.as_str())];
    assert_eq!(otto.post(routes::CONFIRM, &proof).await.is(303).to(), emergency);
    otto.post(&emergency, &fields).await.is(303);
    otto.get(&report)
        .await
        .is(200)
        .says("Ann")
        .says("It is open to you until")
        .says(&routes::outcomes(reference))
        .does_not_say(&routes::close(reference))
        .does_not_say(&routes::end(reference))
        .does_not_say(&routes::give(reference));
    otto.get(&routes::outcome(reference, "21")).await.is(403);
    otto.get(&routes::safety(reference)).await.is(200);
    let beyond = format!("{}?list=beyond", routes::REPORTS);
    otto.get(&beyond).await.is(200).says(reference).says("Other reports you may open (1)");
    assert_eq!(purposes(&site, reference).await[0].0, "Emergency");

    let review = routes::emergencies(reference);
    let mut sam = at_desk(&site, "sam").await;
    for page in [routes::HOME, routes::REPORTS] {
        sam.get(page).await.is(200).says(&format!("Report {reference} was opened in an emergency")).says(&review);
    }
    let mut olive = at_desk(&site, "olive").await;
    olive.get(routes::HOME).await.does_not_say("in an emergency");
    olive.get(&review).await.is(403);
    otto.get(&review).await.is(403);
    sam.get(&review)
        .await
        .is(200)
        .says("he is on his way there")
        .says("a child may be in danger now")
        .does_not_say("Ann")
        .does_not_say("Experimental");
    sam.post(&review, &[("number", "1"), ("finding", "justified"), ("words", "")])
        .await
        .is(422)
        .says("Say why you find so");
    let found = [("number", "1"), ("finding", "justified"), ("words", "nobody answered the telephone")];
    sam.post(&review, &found).await.is(303);
    sam.get(routes::HOME).await.does_not_say("in an emergency");
    sam.post(&review, &found).await.is(422).says("reviewed this already");

    site.wait(14);
    otto.get(&report).await.is(200);
    for _ in 0..4 {
        site.wait(12);
        otto.get(routes::HOME).await.is(200);
    }
    otto.get(&report).await.is(403).does_not_say("Ann");
    otto.get(&beyond).await.is(200).does_not_say(reference);
}

#[tokio::test]
async fn an_emergency_that_was_not_justified_ends_with_the_finding() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let reference = desk.reference.as_str();
    let (report, emergency) = (routes::report(reference), routes::emergency(reference));
    let mut otto = at_desk(&site, "otto").await;
    otto.get(&emergency).await.is(200);
    let fields = [("purpose", "danger"), ("reason", "to see how it went")];
    otto.post(&emergency, &fields).await.is(303);
    otto.get(&report).await.is(200);
    let mut sam = at_desk(&site, "sam").await;
    let review = routes::emergencies(reference);
    sam.get(&review).await.is(200);
    let found = [("number", "1"), ("finding", "not-justified"), ("words", "he could have rung")];
    sam.post(&review, &found).await.is(303);
    otto.get(&report).await.is(403).does_not_say("Ann");
}

#[tokio::test]
async fn nobody_reviews_an_emergency_of_their_own() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let sam = actor(&site, Role::Supervisor, "sam").await;
    actor(&site, Role::Supervisor, "sue").await;
    let reference = desk.reference.as_str();
    let restrict = report::Command::Restrict {
        members: Vec::new(),
        unit: "Safeguarding".to_owned(),
        reason: "for a test".to_owned(),
    };
    let sue = site.app.store.user_by_sign_in_name("sue").await.unwrap().unwrap();
    let sue = report::Actor { id: sue.id.as_str().parse().unwrap(), name: sue.name, role: Role::Supervisor };
    let opened = opened_by(&site.app, reference).await.unwrap();
    act_as(&site.app, &sue, opened, restrict, "r").await.unwrap();
    let mut browser = at_desk(&site, "sam").await;
    browser.get(&routes::report(reference)).await.is(403);
    browser.get(&routes::emergency(reference)).await.is(200);
    let fields = [("purpose", "cannot-wait"), ("reason", "sue is away")];
    browser.post(&routes::emergency(reference), &fields).await.is(303);
    let review = routes::emergencies(reference);
    browser.get(&review).await.is(200).says("Another supervisor has to review it").does_not_say("<textarea");
    let found = [("number", "1"), ("finding", "justified"), ("words", "mine")];
    browser.post(&review, &found).await.is(422).says("Another supervisor");
    assert_eq!(sam.name, "sam");
    let mut other = at_desk(&site, "sue").await;
    other.get(&review).await.is(200).says("sue is away");
    other.post(&review, &found).await.is(303);
}
