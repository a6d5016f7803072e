//! Signing in and out, sessions, and links that sign in once.

use super::{PASSWORD, Site, path};
use crate::shared::access::Role;
use crate::{Purpose, offer, routes};

#[tokio::test]
async fn in_and_out() {
    let site = Site::new();
    site.add(Role::Officer).await;
    let mut browser = site.browser();
    browser.get("/people?after=x").await.is(303);
    browser.get(&routes::sign_in_and_back("/signed-in?x=1&y")).await.is(200).says("value=\"/signed-in?x=1&#38;y\"");
    let before = browser.cookie.clone();
    let fields = [("name", " OFFICER "), ("password", PASSWORD), ("next", "/signed-in?x=1&y")];
    assert_eq!(browser.post(routes::SIGN_IN, &fields).await.is(303).to(), "/signed-in?x=1&y");
    assert_ne!(browser.cookie, before, "a token planted beforehand is worth nothing");
    let inside = browser.cookie.clone();
    browser.get(routes::HOME).await.is(200).says("officer Example").says("Cloudshire Police");
    browser.get(routes::SIGN_IN).await.is(303);
    browser.get(routes::HOME).await;
    let out = browser.post(routes::SIGN_OUT, &[]).await;
    let out = out.is(303).to();
    assert_eq!(out, format!("{}?out=yes", routes::SIGN_IN));
    browser.get(out).await.is(200).says("You are signed out");
    browser.cookie = inside;
    browser.get(routes::HOME).await.is(303);
    browser.cookie = before;
    browser.get(routes::HOME).await.is(303);
}

#[tokio::test]
async fn wrong_names_and_wrong_passwords_read_alike() {
    let site = Site::new();
    site.add(Role::Officer).await;
    let mut browser = site.browser();
    let wrong = browser.sign_in("officer", "wrong wrong wrong").await;
    let unknown = browser.sign_in("nobody", "wrong wrong wrong").await;
    let says = "The user name or the password is not right";
    wrong.is(422).says(says).does_not_say("wrong wrong");
    unknown.is(422).says(says);
    browser.sign_in("", "").await.is(422).says("Enter your user name").says("Enter your password");
}

#[tokio::test]
async fn an_account_that_fails_too_often_waits() {
    let site = Site::new();
    site.add(Role::Officer).await;
    site.add(Role::Auditor).await;
    let mut browser = site.browser();
    for name in ["officer", "nobody"] {
        for _ in 0..5 {
            browser.sign_in(name, "wrong wrong wrong").await.is(422);
        }
        let seen = browser.sign_in(name, PASSWORD).await;
        seen.is(429).says("Too many attempts").says("Wait 15 minutes");
        assert_eq!(seen.headers["retry-after"], "900");
    }
    browser.sign_in("auditor", PASSWORD).await.is(303);
    site.wait(15);
    let mut later = site.browser();
    later.sign_in("officer", PASSWORD).await.is(303);
}

#[tokio::test]
async fn a_success_clears_the_account_but_not_the_address() {
    let mut config = crate::Config::default();
    config.sign_in.failures_per_address = 6;
    let site = Site::with(config);
    site.add(Role::Officer).await;
    for _ in 0..6 {
        let mut browser = site.browser();
        browser.sign_in("officer", "wrong wrong wrong").await.is(422);
        if site.app.store.failures("address ").await.unwrap().unwrap().count < 6 {
            browser.sign_in("officer", PASSWORD).await.is(303);
        }
    }
    site.browser().sign_in("somebody-else", PASSWORD).await.is(429);
}

#[tokio::test]
async fn sessions_end_by_themselves() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    site.wait(14);
    browser.get(routes::HOME).await.is(200);
    site.wait(14);
    browser.get(routes::HOME).await.is(200);
    site.wait(15);
    let to = browser.get("/signed-in").await.is(303).to().to_owned();
    browser
        .get(&to)
        .await
        .is(200)
        .says("signed out because no page was opened for 15 minutes")
        .says("value=\"/signed-in\"");

    browser.sign_in("officer", PASSWORD).await.is(303);
    for _ in 0..72 {
        browser.get(routes::HOME).await.is(200);
        site.wait(10);
    }
    browser.get(routes::HOME).await.is(303);
    browser.get(routes::SIGN_IN).await.says("you had been signed in for 12 hours");
}

#[tokio::test]
async fn what_was_being_written_survives_the_end_of_a_session() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    browser.get(routes::PERSON_NEW).await;
    site.wait(20);
    let fields = [
        ("name", "Jo \"Q\" Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("sign_in_name", "jo"),
        ("role", "officer"),
        ("password", "not kept anywhere"),
    ];
    let held = browser.post(routes::PERSON_NEW, &fields).await;
    held.is(200).says("Sign in to send what you entered").does_not_say("not kept anywhere");
    let hidden = |name: &str| {
        let (_, rest) = held.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().replace("&#34;", "\"").replace("&#92;", "\\")
    };
    let (next, kept, whose) = (hidden("next"), hidden("held"), hidden("whose"));
    let again = [("name", "supervisor"), ("password", PASSWORD), ("next", &next), ("held", &kept), ("whose", &whose)];

    site.add_named(Role::Supervisor, "another").await;
    let mut another = site.browser();
    another.get(routes::SIGN_IN).await;
    let theirs = [("name", "another"), ("password", PASSWORD), ("next", &next), ("held", &kept), ("whose", &whose)];
    another.post(routes::SIGN_IN, &theirs).await.is(303);

    let back = browser.post(routes::SIGN_IN, &again).await;
    back.is(200).says("Send what you entered").says("value=\"Jo &#34;Q&#34; Example\"").says("action=\"/people/new\"");
    let sent = [
        ("name", "Jo \"Q\" Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("sign_in_name", "jo"),
        ("role", "officer"),
    ];
    browser.post(routes::PERSON_NEW, &sent).await.is(200).says("was added");
}

#[tokio::test]
async fn a_link_signs_in_once_and_opening_it_uses_nothing_up() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::SignIn, Some(&officer), None).await.unwrap();
    let mut browser = site.browser();
    for _ in 0..3 {
        browser.get(path(&link)).await.is(200).says("This link signs you in once");
    }
    browser.post(path(&link), &[]).await.is(303);
    browser.get(routes::HOME).await.is(200).says("officer Example");
    let mut second = site.browser();
    second.get(path(&link)).await;
    second.post(path(&link), &[]).await.is(410).says("used already");
    let old = offer(&site.app, Purpose::SignIn, Some(&officer), None).await.unwrap();
    site.wait(24 * 60);
    second.post(path(&old), &[]).await.is(410).says("too old");
    // A link for one purpose does nothing for another.
    let password = offer(&site.app, Purpose::Password, Some(&officer), None).await.unwrap();
    let token = password.rsplit('/').next().unwrap();
    second.post(&routes::sign_in_link(token), &[]).await.is(410);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions() {
    let site = Site::new();
    let mut desk = site.signed_in(Role::Officer).await;
    let mut phone = site.browser();
    phone.sign_in("officer", PASSWORD).await;
    let mut other = site.signed_in(Role::Auditor).await;
    let seen = desk.get(routes::OWN_SESSIONS).await;
    seen.is(200).says("This browser").says("Another browser").says("24 November 2026 at 9:00am");
    let (_, rest) = seen.text.split_once("name=\"session\" value=\"").unwrap();
    let session = rest.split('"').next().unwrap();
    other.post(routes::OWN_SESSIONS, &[("session", session)]).await.is(303);
    phone.get(routes::HOME).await.is(200);
    desk.post(routes::OWN_SESSIONS, &[("session", session)]).await.is(303);
    phone.get(routes::HOME).await.is(303);
    desk.get(routes::HOME).await.is(200);
}
