//! A Waymark where nobody gets in with a password.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use store::{Passkey, UserId};
use tower::ServiceExt as _;

use super::{Browser, PASSWORD, Site, path};
use crate::accounts::changes::{Kind, change};
use crate::config::SignInLimits;
use crate::shared::access::Role;
use crate::{Config, Purpose, first_start, offer, routes, way_back};

/// With the token of a page that has a form: a page from before, say. The page to sign in has none here.
async fn with_token(site: &Site) -> Browser<'_> {
    let user = site.add_named(Role::Auditor, "ada").await;
    let link = offer(&site.app, Purpose::SignIn, Some(&user), None).await.unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200);
    browser
}

/// The SHA-1 hash of [`PASSWORD`].
const STOLEN: &str = "98DECC62ECE399A22ED30D490EF333BE7FDE7385";

fn config() -> Config {
    Config {
        public_url: "http://localhost:8080".to_owned(),
        sign_in: SignInLimits { passwords: false, ..SignInLimits::default() },
        ..Config::default()
    }
}

#[tokio::test]
async fn a_password_lets_nobody_in_also_not_the_right_one() {
    let site = Site::with(config());
    site.add(Role::Officer).await;
    let mut browser = with_token(&site).await;
    browser
        .get(routes::SIGN_IN)
        .await
        .is(200)
        .says("Sign in with a passkey")
        .says("ask a supervisor for a link with which you add one")
        .does_not_say("name=\"password\"");
    browser.sign_in("officer", PASSWORD).await.is(409).says("Passwords are switched off here");
    browser.get(routes::HOME).await.is(303);
}

#[tokio::test]
async fn a_link_leads_to_a_passkey_and_to_no_password() {
    let site = Site::with(config());
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::Password, Some(&officer), None).await.unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200).says("adds a passkey").does_not_say("name=\"password\"");
    // Also not for whoever had the page open before.
    let chosen = [("password", PASSWORD), ("password_again", PASSWORD)];
    let entered = browser.post(path(&link), &chosen).await;
    assert_eq!(entered.is(303).to(), routes::OWN_PASSKEY_NEW);
    browser.get(routes::OWN_PASSKEY_NEW).await.is(200).says("Add a passkey").does_not_say(routes::OWN_PASSWORD);
    browser
        .get(routes::ACCOUNT)
        .await
        .is(200)
        .says("Passwords are switched off here")
        .does_not_say(routes::OWN_PASSWORD);
    browser.get(routes::OWN_PASSWORD).await.is(409);
    browser.post(routes::OWN_PASSWORD, &chosen).await.is(409);
    browser.post(path(&link), &[]).await.is(410);
    // Nor is it asked for to confirm.
    site.wait(6);
    browser.get(routes::CONFIRM).await.is(200).does_not_say("name=\"password\"");
    browser.post(routes::CONFIRM, &[("password", PASSWORD)]).await.is(409);
}

#[tokio::test]
async fn the_first_account_and_those_it_adds_have_none() {
    let site = Site::with(config());
    let link = first_start(&site.app).await.unwrap().unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200).does_not_say("name=\"password\"");
    let token = link.split_once("token=").unwrap().1.to_owned();
    let fields = [
        ("token", token.as_str()),
        ("name", "Supervisor Example"),
        ("unit", "Safeguarding"),
        ("sign_in_name", "super"),
    ];
    let made = browser.post(routes::FIRST_START, &fields).await;
    assert_eq!(made.is(303).to(), routes::OWN_PASSKEY_NEW);
    let fields =
        [("name", "Officer Example"), ("unit", "Safeguarding"), ("sign_in_name", "officer"), ("role", "officer")];
    browser.get(routes::PERSON_NEW).await.is(200);
    browser.post(routes::PERSON_NEW, &fields).await.is(200).says("add a passkey of their own");
    browser.get(routes::PEOPLE).await.is(200).does_not_say("No password yet");
}

/// Who came in with a password before they were switched off is out.
#[tokio::test]
async fn a_session_that_a_password_began_ends_with_them() {
    let site = Site::new();
    let browser = site.signed_in(Role::Officer).await;
    for (passwords, status) in [(true, 200), (false, 303)] {
        let mut set = config();
        set.sign_in.passwords = passwords;
        let app = site.app.clone().with(|app| app.config = Arc::new(set));
        let request = Request::get(routes::HOME).header(header::COOKIE, &browser.cookie);
        let request = request.body(Body::empty()).unwrap();
        let answer = crate::router(app).oneshot(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{passwords}");
    }
}

/// Whoever would be shut out for good is let in by whoever runs the machine.
#[tokio::test]
async fn where_no_supervisor_has_a_way_in_the_server_prints_one() {
    let site = Site::with(config());
    assert_eq!(way_back(&site.app).await.unwrap(), None, "nobody yet");
    let officer = site.add(Role::Officer).await;
    assert_eq!(way_back(&site.app).await.unwrap(), None, "not for officers");
    site.add(Role::Supervisor).await;
    let (_, link) = way_back(&site.app).await.unwrap().unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200).says("adds a passkey");
    let entered = browser.post(path(&link), &[]).await;
    assert_eq!(entered.is(303).to(), routes::OWN_PASSKEY_NEW);
    let key = |user: &UserId, credential: u8| Passkey {
        credential: vec![credential],
        user: user.clone(),
        name: "Blue key".to_owned(),
        checks: "{}".to_owned(),
        created_at: site.app.now(),
        last_used_at: None,
    };
    let note = |user: &UserId| change(&site.app, user, None, Kind::PasskeyAdded, "Blue key");
    let store = &site.app.store;
    store.add_passkey(key(&officer, 1), note(&officer)).await.unwrap();
    assert!(way_back(&site.app).await.unwrap().is_some());
    let users = store.users(None, 100).await.unwrap();
    let supervisor = users.iter().find(|user| user.role == Role::Supervisor.word());
    let supervisor = &supervisor.unwrap().id;
    store.add_passkey(key(supervisor, 2), note(supervisor)).await.unwrap();
    assert_eq!(way_back(&site.app).await.unwrap(), None);
}

/// A form that was being written when the session ended is kept, and can be sent after another way in.
#[tokio::test]
async fn what_was_written_is_kept_where_no_password_is_asked_for() {
    let site = Site::with(config());
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::SignIn, Some(&officer), None).await.unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await;
    browser.post(path(&link), &[]).await.is(303);
    browser.get(routes::REPORT_NEW).await.is(200);
    site.wait(60);
    let kept = browser.post(routes::REPORT_NEW, &[("whereabouts", "At the weir")]).await;
    kept.says("How to sign in").says("At the weir").does_not_say("name=\"password\"");
}

#[test]
fn a_way_in_has_to_be_left() {
    let problems = |public_url: &str| {
        let config = Config { public_url: public_url.to_owned(), ..config() };
        config.problems()
    };
    assert_eq!(problems("http://localhost:8080"), [""; 0]);
    assert_eq!(problems("https://waymark.example.police.uk"), [""; 0]);
    for number in ["http://127.0.0.1:8080", "http://[::1]:8080", "https://192.0.2.7"] {
        let found = problems(number);
        let [only] = &found[..] else { panic!("{number}: {found:?}") };
        assert!(only.starts_with("sign_in.passwords: false leaves no way in"), "{only}");
    }
}

#[tokio::test]
async fn a_password_that_was_stolen_elsewhere_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stolen.txt");
    // Of PASSWORD, between two others.
    let lines = format!("{:0>40}:9\r\n{STOLEN}:2\r\n{:F>40}:1\r\n", 0, "F");
    std::fs::write(&file, lines).unwrap();
    let site = Site::with(Config { stolen_passwords: file, ..Config::default() });
    let says = "in a list of passwords that were stolen elsewhere";
    let link = first_start(&site.app).await.unwrap().unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    let first = |password| {
        [
            ("token", token.as_str()),
            ("name", "Supervisor Example"),
            ("unit", "Safeguarding"),
            ("sign_in_name", "super"),
            ("password", password),
            ("password_again", password),
        ]
    };
    let other = "three other made up words";
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200);
    browser.post(routes::FIRST_START, &first(PASSWORD)).await.is(422).says(says).does_not_say(PASSWORD);
    browser.post(routes::FIRST_START, &first(other)).await.is(303);
    let chosen = |password| [("present_password", other), ("password", password), ("password_again", password)];
    browser.get(routes::OWN_PASSWORD).await.is(200);
    browser.post(routes::OWN_PASSWORD, &chosen(PASSWORD)).await.is(422).says(says);
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::Password, Some(&officer), None).await.unwrap();
    let mut theirs = site.browser();
    theirs.get(path(&link)).await.is(200);
    theirs.post(path(&link), &chosen(PASSWORD)[1..]).await.is(422).says(says);
    // The link is not used up by it.
    theirs.post(path(&link), &chosen(other)[1..]).await.is(303);
}
