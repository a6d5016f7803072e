//! The page to find a person.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use report::{Command, Identity};
use store::AccessesOf;
use tower::ServiceExt as _;

use super::*;
use crate::routes;
use crate::shared::record::act_as;
use crate::tests::Browser;

const CALL: (&str, &str) = ("why", "call");

pub async fn find(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Seen {
    browser.get(routes::FIND).await.is(200);
    let mut all = fields.to_vec();
    if !fields.iter().any(|(name, _)| *name == "why") {
        all.push(CALL);
    }
    browser.post(routes::FIND, &all).await
}

#[tokio::test]
async fn somebody_is_found_by_what_is_known_and_told_of_in_words() {
    let site = Site::new();
    let kept = report_with(&site, "Safeguarding", billie()).await;
    let mut browser = site.signed_in(Role::Officer).await;
    for (fields, says) in [
        (
            &[("given_names", "Billy"), ("family_name", "Kwibblethwait"), ("date_of_birth", "17/4/2011")][..],
            &[
                "Family name sounds alike",
                "Given name sounds alike",
                "Same date of birth",
                "Nothing that is known of both.",
            ][..],
        ),
        (
            &[("family_name", "Quibblethwaite"), ("date_of_birth", "4/5/2011")],
            &["Family name is the same", "Born in the same year", "Dates of birth are not the same"],
        ),
        (&[("phone", "+44 7700 900 451")], &["Same telephone number, ending 451"]),
    ] {
        let seen = find(&mut browser, fields).await;
        seen.is(200).says("Wilhelmina Rose Quibblethwaite (known as Billie)");
        seen.says("Born 17 April 2011").says(kept.reference());
        for words in says {
            seen.says(words);
        }
        seen.does_not_say("score").does_not_say("07700 900451").does_not_say("most");
    }
    let nobody = [("given_names", "Gideon"), ("family_name", "Fortescue")];
    find(&mut browser, &nobody).await.is(200).says("Nobody was found");
}

#[tokio::test]
async fn whoever_reported_it_is_found_and_the_next_page_offers_to_look() {
    let site = Site::new();
    let officer = actor(&site, Role::Officer, "began it").await;
    let mut begun = start();
    begun.reporter.name = "Wilhelmina Quibblethwaite".into();
    begun.reporter.safe_number = "07700 900451".into();
    let kept = record::begin(&site.app, &officer, begun, "began it").await.unwrap();
    let mut browser = site.signed_in(Role::Officer).await;
    find(&mut browser, &[("phone", "07700 900451")])
        .await
        .is(200)
        .says("Wilhelmina Quibblethwaite")
        .says("the person reporting, who is not entered as a person in it")
        .says(kept.reference());

    // Somebody like them in another report: the page after saving offers to look, and has not looked.
    let other = report_with(&site, "Safeguarding", Identity::default()).await;
    let reference = other.reference();
    let person = routes::entry(reference, "people", "A");
    browser.get(&person).await.is(200);
    let saved = browser.post(&person, &[("phones", "07700 900451")]).await;
    let next = format!("{}?look=A", routes::involved(reference));
    assert_eq!(saved.to(), next);
    browser.get(&next).await.is(200).says("was in an earlier report").does_not_say("Quibblethwaite");
    browser
        .get(&routes::earlier(reference, "A"))
        .await
        .is(200)
        .says("Wilhelmina Quibblethwaite")
        .says("Same telephone number, ending 451");
    // Nobody is offered who can be found by nothing, or who is not there.
    for nobody in ["Z", "%3Cb%3E", "reporter"] {
        browser
            .get(&format!("{}?look={nobody}", routes::involved(reference)))
            .await
            .does_not_say("was in an earlier report");
    }
}

#[tokio::test]
async fn what_finds_nobody_is_refused_in_words_and_no_search() {
    let site = Site::new();
    report_with(&site, "Safeguarding", billie()).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let me = site.app.store.user_by_sign_in_name("officer").await.unwrap().unwrap();
    for (fields, says) in [
        (&[][..], "Enter two things at least"),
        (&[("family_name", "Quibblethwaite")], "a family name alone finds too many people"),
        (&[("given_names", "Billie")], "Enter a family name or a date of birth as well"),
        (&[("date_of_birth", "17/04/2011")], "Enter a name as well"),
        (&[("date_of_birth", "31/02/2011"), ("family_name", "X")], "There is no 31 February 2011"),
        (&[("date_of_birth", "April 2011"), ("family_name", "X")], "Enter a date of birth like 24/11/2011"),
        (&[("phone", "900451")], "Enter the whole telephone number"),
        (&[("email", "billie")], "Enter a whole email address"),
        (&[("given_names", "!"), ("family_name", "?"), ("date_of_birth", "1/1/2011")], "Enter the name in letters"),
        (&[("phone", "07700 900451"), ("why", "")], "Select why you are looking"),
        (&[("phone", "07700 900451"), ("why", "supervise")], "Select why you are looking"),
        (&[("phone", "07700 900451"), ("why", "other")], "Say in a line what you need it for"),
    ] {
        let seen = find(&mut browser, fields).await;
        seen.is(422).says(says).does_not_say("Wilhelmina");
        for (_, value) in fields.iter().filter(|(name, value)| *name != "why" && !value.is_empty()) {
            seen.says(&format!("value=\"{value}\""));
        }
    }
    assert_eq!(noted(&site, &AccessesOf::User(me.id)).await, []);
}

#[tokio::test]
async fn a_search_is_in_the_log_and_what_was_typed_is_not() {
    let site = Site::new();
    let kept = report_with(&site, "Safeguarding", billie()).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let me = site.app.store.user_by_sign_in_name("officer").await.unwrap().unwrap();
    let fields = [("given_names", "Billy"), ("family_name", "Kwibblethwait"), ("phone", "07700 900451")];
    find(&mut browser, &fields).await.is(200);
    find(&mut browser, &fields).await.is(200);
    let why = "Somebody has rung or come in about them";
    let line = |kind: &str, count| (kind.to_owned(), "consult".to_owned(), why.to_owned(), count);
    let mine = noted(&site, &AccessesOf::User(me.id.clone())).await;
    assert_eq!(mine, [line("people-searched", 2), line("person-found", 2)]);
    // Whose report showed somebody is in the log of that report.
    let theirs = noted(&site, &AccessesOf::Report(kept.stream.clone())).await;
    assert_eq!(theirs, [line("person-found", 2)]);
    let other = [("phone", "07700 900451"), ("why", "other"), ("reason", "Her Wilhelmina asked")];
    find(&mut browser, &other).await.is(200);
    let mine = noted(&site, &AccessesOf::User(me.id)).await;
    assert_eq!(mine.last().unwrap().2, "Something else");
    let log = log(&site).await;
    assert!(log.contains("people-searched") && log.contains(why));
    for typed in ["illy", "wibble", "900451", "900 451", "Wilhelmina", "2011"] {
        assert!(!log.contains(typed), "{typed} in\n{log}");
    }
}

#[tokio::test]
async fn only_those_who_work_on_reports_look_for_people() {
    let site = Site::new();
    report_with(&site, "Safeguarding", billie()).await;
    for role in Role::ALL.iter().copied() {
        let mut browser = site.signed_in(role).await;
        let works = matches!(role, Role::CallHandler | Role::Officer | Role::Supervisor);
        let page = browser.get(routes::FIND).await;
        page.is(if works { 200 } else { 403 });
        let home = browser.get(routes::HOME).await;
        assert_eq!(home.text.contains("Find a person"), works, "{role:?}");
        let seen = browser.post(routes::FIND, &[("phone", "07700 900451"), CALL]).await;
        seen.is(if works { 200 } else { 403 });
        assert_eq!(seen.text.contains("Wilhelmina"), works, "{role:?}");
    }
    let mut nobody = site.browser();
    nobody.get(routes::FIND).await.is(303);
}

/// What may not be seen looks like what is not there: on the page, to the letter, and in the log.
#[tokio::test]
async fn of_what_may_not_be_seen_nothing_is_told() {
    let site = Site::new();
    let kept = report_with(&site, "Another unit", billie()).await;
    let mut browser = site.signed_in(Role::Supervisor).await;
    let there = find(&mut browser, &[("phone", "07700 900451")]).await;
    let nowhere = find(&mut browser, &[("phone", "07700 900999")]).await;
    there.is(200).says("Nobody was found");
    assert_eq!(bare(&there), bare(&nowhere));
    assert_eq!(noted(&site, &AccessesOf::Report(kept.stream)).await, []);
    let mut here = report_with(&site, "Safeguarding", billie()).await;
    find(&mut browser, &[("phone", "07700 900451")]).await.says(here.reference());
    // A conflict of interest closes it at once.
    let me = site.app.store.user_by_sign_in_name("supervisor").await.unwrap().unwrap();
    let boss = actor(&site, Role::Supervisor, "boss").await;
    let who = report::Named { id: me.id.as_str().parse().unwrap(), name: me.name, unit: me.unit };
    let words = "a niece".to_owned();
    here = act_as(&site.app, &boss, here, Command::DeclareInterest { who, words }, "conflict").await.unwrap();
    let seen = find(&mut browser, &[("phone", "07700 900451")]).await;
    seen.does_not_say(here.reference());
    assert_eq!(bare(&seen), bare(&nowhere));
}

#[tokio::test]
async fn nothing_is_shown_when_the_search_cannot_be_noted() {
    let site = Site::new();
    let kept = report_with(&site, "Safeguarding", billie()).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let page = browser.get(routes::FIND).await;
    let token = page.hidden("form_token");
    let broken = site.that_cannot_write();
    let send = |request: axum::http::request::Builder, body: String| {
        let request = request
            .header(header::COOKIE, &browser.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        broken.clone().oneshot(request.body(Body::from(body)).unwrap())
    };
    let earlier = routes::earlier(kept.reference(), "A");
    for answer in [
        send(Request::post(routes::FIND), format!("form_token={token}&phone=07700900451&why=call")).await.unwrap(),
        send(Request::get(earlier), String::new()).await.unwrap(),
    ] {
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body);
        // Either it fails, or it is first asked why they look, which shows nothing of the report.
        assert!(status == StatusCode::INTERNAL_SERVER_ERROR || status == StatusCode::SEE_OTHER, "{status}: {text}");
        assert!(!text.contains("Wilhelmina") && !text.contains("Billie"), "{text}");
    }
}

#[tokio::test]
async fn names_with_markup_are_shown_as_they_were_written() {
    let site = Site::new();
    let evil = "<script>alert(1)</script>";
    let identity = Identity {
        given_names: evil.into(),
        family_name: "Quibble\"><b>".into(),
        phones: vec!["07700 900451".into()],
        ..Identity::default()
    };
    report_with(&site, "Safeguarding", identity).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let fields = [("phone", "07700 900451"), ("given_names", evil), ("account", "\"><i>")];
    let seen = find(&mut browser, &fields).await;
    seen.is(200).says("&#60;script&#62;").does_not_say("<script>a").does_not_say("<b>").does_not_say("<i>");
}
