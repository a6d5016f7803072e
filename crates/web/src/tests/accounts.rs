//! Signing in and out, links that work once, and the people who may.

use super::{PASSWORD, Site};
use crate::shared::access::Role;
use crate::{Purpose, offer, routes};

/// The part of an address that a test browser asks for.
fn path(link: &str) -> &str {
    link.strip_prefix("http://127.0.0.1:8080").unwrap()
}

#[tokio::test]
async fn in_and_out() {
    let site = Site::new();
    site.add(Role::Officer).await;
    let mut browser = site.browser();
    browser.get("/people?after=x").await.is(303);
    browser
        .get(&routes::sign_in_and_back("/signed-in?x=1&y"))
        .await
        .is(200)
        .says("value=\"/signed-in?x=1&#38;y\"");
    let before = browser.cookie.clone();
    let fields = [
        ("name", " OFFICER "),
        ("password", PASSWORD),
        ("next", "/signed-in?x=1&y"),
    ];
    assert_eq!(
        browser.post(routes::SIGN_IN, &fields).await.is(303).to(),
        "/signed-in?x=1&y"
    );
    assert_ne!(
        browser.cookie, before,
        "a token planted beforehand is worth nothing"
    );
    let inside = browser.cookie.clone();
    browser
        .get(routes::HOME)
        .await
        .is(200)
        .says("officer Example")
        .says("Cloudshire Police");
    browser.get(routes::SIGN_IN).await.is(303);
    browser.get(routes::HOME).await;
    assert_eq!(
        browser.post(routes::SIGN_OUT, &[]).await.is(303).to(),
        routes::SIGN_IN
    );
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
    browser
        .sign_in("", "")
        .await
        .is(422)
        .says("Enter your user name")
        .says("Enter your password");
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
        browser
            .sign_in(name, PASSWORD)
            .await
            .is(429)
            .says("Too many attempts")
            .says("Wait 15 minutes");
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
        browser
            .sign_in("officer", "wrong wrong wrong")
            .await
            .is(422);
        if site
            .app
            .store
            .failures("address ")
            .await
            .unwrap()
            .unwrap()
            .count
            < 6
        {
            browser.sign_in("officer", PASSWORD).await.is(303);
        }
    }
    site.browser()
        .sign_in("somebody-else", PASSWORD)
        .await
        .is(429);
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
    browser
        .get(routes::SIGN_IN)
        .await
        .says("you had been signed in for 12 hours");
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
        ("sign_in_name", "jo"),
        ("role", "officer"),
        ("password", "not kept anywhere"),
    ];
    let held = browser.post(routes::PERSON_NEW, &fields).await;
    held.is(200)
        .says("Sign in to send what you entered")
        .does_not_say("not kept anywhere");
    let hidden = |name: &str| {
        let (_, rest) = held
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"')
            .next()
            .unwrap()
            .replace("&#34;", "\"")
            .replace("&#92;", "\\")
    };
    let (next, kept, whose) = (hidden("next"), hidden("held"), hidden("whose"));
    let again = [
        ("name", "supervisor"),
        ("password", PASSWORD),
        ("next", &next),
        ("held", &kept),
        ("whose", &whose),
    ];

    site.add_named(Role::Supervisor, "another").await;
    let mut another = site.browser();
    another.get(routes::SIGN_IN).await;
    let theirs = [
        ("name", "another"),
        ("password", PASSWORD),
        ("next", &next),
        ("held", &kept),
        ("whose", &whose),
    ];
    another.post(routes::SIGN_IN, &theirs).await.is(303);

    let back = browser.post(routes::SIGN_IN, &again).await;
    back.is(200)
        .says("Send what you entered")
        .says("value=\"Jo &#34;Q&#34; Example\"")
        .says("action=\"/people/new\"");
    let sent = [
        ("name", "Jo \"Q\" Example"),
        ("unit", "Response"),
        ("sign_in_name", "jo"),
        ("role", "officer"),
    ];
    browser
        .post(routes::PERSON_NEW, &sent)
        .await
        .is(200)
        .says("was added");
}

#[tokio::test]
async fn the_first_account_is_made_once() {
    let site = Site::new();
    let link = offer(&site.app, Purpose::FirstStart, None).await.unwrap();
    let mut browser = site.browser();
    browser
        .get(path(&link))
        .await
        .is(200)
        .says("Set up Waymark");
    let token = link.split_once("token=").unwrap().1;
    let fields = |password: &'static str, again: &'static str| {
        vec![
            ("token", token.to_owned()),
            ("name", "Insp Example".to_owned()),
            ("unit", "HQ".to_owned()),
            ("sign_in_name", "insp".to_owned()),
            ("password", password.to_owned()),
            ("password_again", again.to_owned()),
        ]
    };
    for (password, again, says) in [
        (
            "short",
            "short",
            "Your password has 5 characters. It must have at least 12",
        ),
        ("", "", "Enter a password"),
        ("insp example", "insp example", "must not be your name"),
        (
            PASSWORD,
            "something else",
            "The two passwords are not the same",
        ),
    ] {
        let sent = fields(password, again);
        let sent: Vec<(&str, &str)> = sent
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        browser
            .post(routes::FIRST_START, &sent)
            .await
            .is(422)
            .says(says)
            .says("value=\"Insp Example\"");
    }
    let sent = fields(PASSWORD, PASSWORD);
    let sent: Vec<(&str, &str)> = sent
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(
        browser.post(routes::FIRST_START, &sent).await.is(303).to(),
        routes::PEOPLE
    );
    browser
        .get(routes::PEOPLE)
        .await
        .is(200)
        .says("Insp Example");
    let mut second = site.browser();
    second.get(path(&link)).await;
    second
        .post(routes::FIRST_START, &sent)
        .await
        .is(410)
        .says("used already");
    let none = [
        ("token", "x"),
        ("name", "A B"),
        ("unit", "HQ"),
        ("sign_in_name", "ab"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    second
        .post(routes::FIRST_START, &none)
        .await
        .is(410)
        .says("does not work");
}

#[tokio::test]
async fn a_link_signs_in_once_and_opening_it_uses_nothing_up() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::SignIn, Some(officer.clone()))
        .await
        .unwrap();
    let mut browser = site.browser();
    for _ in 0..3 {
        browser
            .get(path(&link))
            .await
            .is(200)
            .says("This link signs you in once");
    }
    browser.post(path(&link), &[]).await.is(303);
    browser
        .get(routes::HOME)
        .await
        .is(200)
        .says("officer Example");
    let mut second = site.browser();
    second.get(path(&link)).await;
    second
        .post(path(&link), &[])
        .await
        .is(410)
        .says("used already");
    let old = offer(&site.app, Purpose::SignIn, Some(officer.clone()))
        .await
        .unwrap();
    site.wait(24 * 60);
    second.post(path(&old), &[]).await.is(410).says("too old");
    // A link for one purpose does nothing for another.
    let password = offer(&site.app, Purpose::Password, Some(officer))
        .await
        .unwrap();
    let token = password.rsplit('/').next().unwrap();
    second.post(&routes::sign_in_link(token), &[]).await.is(410);
}

#[tokio::test]
async fn a_supervisor_adds_somebody_who_chooses_a_password() {
    let site = Site::new();
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor
        .get(routes::PERSON_NEW)
        .await
        .is(200)
        .does_not_say(" checked");
    let fields = [
        ("name", "Jo Example"),
        ("unit", "Response"),
        ("sign_in_name", "Jo"),
        ("role", "call-handler"),
    ];
    let seen = supervisor.post(routes::PERSON_NEW, &fields).await;
    seen.is(200).says("Jo Example was added");
    let (_, rest) = seen.text.split_once("<code>http://127.0.0.1:8080").unwrap();
    let link = rest.split('<').next().unwrap().to_owned();
    supervisor
        .post(routes::PERSON_NEW, &fields)
        .await
        .is(422)
        .says("Somebody has this user name already");
    supervisor.get(routes::PEOPLE).await.says("No password yet");

    let mut jo = site.browser();
    jo.sign_in("jo", "").await.is(422);
    jo.get(&link).await.is(200);
    jo.post(
        &link,
        &[("password", "too short"), ("password_again", "too short")],
    )
    .await
    .is(422)
    .says("It must have at least 12");
    jo.post(
        &link,
        &[
            ("password", "a new long one"),
            ("password_again", "a new long one"),
        ],
    )
    .await
    .is(303);
    jo.get(routes::HOME).await.is(200).says("call handler");
    jo.get(routes::PEOPLE).await.is(403);
    site.browser().sign_in("JO", "a new long one").await.is(303);
}

#[tokio::test]
async fn disabling_ends_sessions_and_role_changes_count_at_once() {
    let site = Site::new();
    let officer = routes::person(site.add(Role::Officer).await.as_str());
    let mut browser = site.browser();
    browser.sign_in("officer", PASSWORD).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let change = |role: &'static str, account: &'static str| {
        [
            ("name", "Officer Example"),
            ("unit", "CID"),
            ("role", role),
            ("account", account),
        ]
    };
    supervisor
        .get(&officer)
        .await
        .is(200)
        .says("value=\"officer\" checked");
    assert_eq!(
        supervisor
            .post(&officer, &change("supervisor", "active"))
            .await
            .is(303)
            .to(),
        format!("{officer}?saved=yes")
    );
    browser.get(routes::PEOPLE).await.is(200);
    supervisor
        .post(&officer, &change("officer", "disabled"))
        .await
        .is(303);
    browser.get(routes::HOME).await.is(303);
    browser.sign_in("officer", PASSWORD).await.is(422);
    supervisor.get(&officer).await.does_not_say("Make a link");
    supervisor
        .post(
            &routes::person_link(officer.rsplit('/').next().unwrap()),
            &[],
        )
        .await
        .is(409)
        .says("disabled");
    supervisor
        .post(&officer, &[("name", ""), ("unit", "x")])
        .await
        .is(422)
        .says("Enter their name")
        .says("Choose a role");
    supervisor.get(&routes::person("nobody")).await.is(404);
}

#[tokio::test]
async fn nobody_shuts_themselves_out() {
    let site = Site::new();
    let id = site.add(Role::Supervisor).await;
    let own = routes::person(id.as_str());
    let mut supervisor = site.browser();
    supervisor.sign_in("supervisor", PASSWORD).await;
    supervisor
        .get(&own)
        .await
        .is(200)
        .says("Another supervisor can change your role");
    supervisor
        .post(
            &own,
            &[
                ("name", "New Name"),
                ("unit", "HQ"),
                ("role", "auditor"),
                ("account", "disabled"),
            ],
        )
        .await
        .is(303);
    supervisor
        .get(routes::PEOPLE)
        .await
        .is(200)
        .says("New Name");
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let mut lost = site.browser();
    lost.sign_in("officer", PASSWORD).await.is(303);
    let link = offer(&site.app, Purpose::Password, Some(officer))
        .await
        .unwrap();
    let mut found = site.browser();
    found.get(path(&link)).await;
    found
        .post(
            path(&link),
            &[
                ("password", "quite another one"),
                ("password_again", "quite another one"),
            ],
        )
        .await
        .is(303);
    lost.get(routes::HOME).await.is(303);
    found.get(routes::HOME).await.is(200);
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions() {
    let site = Site::new();
    let mut desk = site.signed_in(Role::Officer).await;
    let mut phone = site.browser();
    phone.sign_in("officer", PASSWORD).await;
    let mut other = site.signed_in(Role::Auditor).await;
    let seen = desk.get(routes::OWN_SESSIONS).await;
    seen.is(200)
        .says("This browser")
        .says("Another browser")
        .says("24 November 2026 at 9:00am");
    let (_, rest) = seen.text.split_once("name=\"session\" value=\"").unwrap();
    let session = rest.split('"').next().unwrap();
    other
        .post(routes::OWN_SESSIONS, &[("session", session)])
        .await
        .is(303);
    phone.get(routes::HOME).await.is(200);
    desk.post(routes::OWN_SESSIONS, &[("session", session)])
        .await
        .is(303);
    phone.get(routes::HOME).await.is(303);
    desk.get(routes::HOME).await.is(200);
}
