//! The people who may sign in, and how they come to a password.

use store::Passkey;

use super::{PASSWORD, Site, path};
use crate::accounts::changes::{Kind, change};
use crate::shared::access::Role;
use crate::shared::secret;
use crate::{Purpose, first_start, offer, routes};

#[tokio::test]
async fn the_first_account_is_made_once() {
    let site = Site::new();
    let link = first_start(&site.app).await.unwrap().unwrap();
    let printed_later = first_start(&site.app).await.unwrap().unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await.is(200).says("Set up Waymark");
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
        ("short", "short", "Your password has 5 characters. It must have at least 12"),
        ("", "", "Enter a password"),
        ("insp example", "insp example", "must not be your name"),
        ("passwordpassword", "passwordpassword", "everybody tries first"),
        (PASSWORD, "something else", "The two passwords are not the same"),
    ] {
        let sent = fields(password, again);
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(routes::FIRST_START, &sent).await.is(422).says(says).says("value=\"Insp Example\"");
    }
    let sent = fields(PASSWORD, PASSWORD);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post(routes::FIRST_START, &sent).await.is(303).to(), routes::PEOPLE);
    browser.get(routes::PEOPLE).await.is(200).says("Insp Example");
    let mut second = site.browser();
    second.get(path(&link)).await;
    second.post(routes::FIRST_START, &sent).await.is(410).says("used already");
    let mut by_another = sent.clone();
    by_another[0].1 = printed_later.split_once("token=").unwrap().1;
    second.post(routes::FIRST_START, &by_another).await.is(410);
    assert_eq!(first_start(&site.app).await.unwrap(), None);
    let none = [
        ("token", "x"),
        ("name", "A B"),
        ("unit", "HQ"),
        ("sign_in_name", "ab"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    second.post(routes::FIRST_START, &none).await.is(410).says("does not work");
}

#[tokio::test]
async fn a_supervisor_adds_somebody_who_chooses_a_password() {
    let site = Site::new();
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor.get(routes::PERSON_NEW).await.is(200).does_not_say(" checked");
    let fields = [
        ("name", "Jo Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("sign_in_name", "Jo"),
        ("role", "call-handler"),
    ];
    let seen = supervisor.post(routes::PERSON_NEW, &fields).await;
    seen.is(200).says("Jo Example was added");
    let (_, rest) = seen.text.split_once("<code>http://127.0.0.1:8080").unwrap();
    let link = rest.split('<').next().unwrap().to_owned();
    supervisor.post(routes::PERSON_NEW, &fields).await.is(422).says("Somebody has this user name already");
    supervisor.get(routes::PEOPLE).await.says("No password yet");

    let mut jo = site.browser();
    jo.sign_in("jo", "").await.is(422);
    jo.get(&link).await.is(200);
    jo.post(&link, &[("password", "too short"), ("password_again", "too short")])
        .await
        .is(422)
        .says("It must have at least 12");
    jo.post(&link, &[("password", "a new long one"), ("password_again", "a new long one")]).await.is(303);
    jo.get(routes::HOME).await.is(200).says("call handler");
    jo.get(routes::PEOPLE).await.is(403);
    site.browser().sign_in("JO", "a new long one").await.is(303);
}

#[tokio::test]
async fn disabling_and_another_role_end_sessions_and_count_at_once() {
    let site = Site::new();
    let officer = routes::person(site.add(Role::Officer).await.as_str());
    let mut browser = site.browser();
    browser.sign_in("officer", PASSWORD).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let change = |role: &'static str, account: &'static str| {
        [("name", "Officer Example"), ("unit", "CID"), ("unit_is_new", "yes"), ("role", role), ("account", account)]
    };
    supervisor.get(&officer).await.is(200).says("value=\"officer\" checked");
    assert_eq!(
        supervisor.post(&officer, &change("supervisor", "active")).await.is(303).to(),
        format!("{officer}?out=yes")
    );
    supervisor
        .get(&format!("{officer}?out=yes"))
        .await
        .says("The changes were saved, and they are signed out everywhere");
    browser.get(routes::PEOPLE).await.is(303);
    browser.sign_in("officer", PASSWORD).await.is(303);
    browser.get(routes::PEOPLE).await.is(200);
    // Another name or unit is no reason.
    let renamed = [("name", "Other Example"), ("unit", "CID"), ("role", "supervisor"), ("account", "active")];
    assert_eq!(supervisor.post(&officer, &renamed).await.is(303).to(), format!("{officer}?saved=yes"));
    browser.get(routes::PEOPLE).await.is(200);
    supervisor.post(&officer, &change("officer", "disabled")).await.is(303);
    browser.get(routes::HOME).await.is(303);
    browser.sign_in("officer", PASSWORD).await.is(422);
    supervisor.get(&officer).await.does_not_say("Make a link");
    supervisor.post(&routes::person_link(officer.rsplit('/').next().unwrap()), &[]).await.is(409).says("disabled");
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
    supervisor.get(&own).await.is(200).says("Another supervisor can change your role");
    supervisor
        .post(
            &own,
            &[
                ("name", "New Name"),
                ("unit", "HQ"),
                ("unit_is_new", "yes"),
                ("role", "auditor"),
                ("account", "disabled"),
            ],
        )
        .await
        .is(303);
    supervisor.get(routes::PEOPLE).await.is(200).says("New Name");
}

#[tokio::test]
async fn a_new_password_signs_out_everywhere_else() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let mut lost = site.browser();
    lost.sign_in("officer", PASSWORD).await.is(303);
    let link = offer(&site.app, Purpose::Password, Some(&officer), None).await.unwrap();
    let mut found = site.browser();
    found.get(path(&link)).await;
    found
        .post(path(&link), &[("password", "quite another one"), ("password_again", "quite another one")])
        .await
        .is(303);
    lost.get(routes::HOME).await.is(303);
    found.get(routes::HOME).await.is(200);
}

/// Whoever got in elsewhere is out when a passkey goes. Where it was done goes on, and says so.
#[tokio::test]
async fn a_passkey_that_is_removed_signs_out_everywhere_else() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let passkey = Passkey {
        credential: vec![1; 16],
        user: officer.clone(),
        name: "Blue key".to_owned(),
        checks: "{}".to_owned(),
        created_at: site.app.now(),
        last_used_at: None,
    };
    let added = change(&site.app, &officer, Some(&officer), Kind::PasskeyAdded, "Blue key");
    site.app.store.add_passkey(passkey, added).await.unwrap();
    let (mut elsewhere, mut here) = (site.browser(), site.browser());
    for browser in [&mut elsewhere, &mut here] {
        browser.sign_in("officer", PASSWORD).await.is(303);
    }
    let says = "you stay signed in here and are signed out everywhere else";
    here.get(routes::ACCOUNT).await.is(200).says("Blue key").says(says);
    let removed = here.post(routes::OWN_PASSKEY_REMOVE, &[("passkey", &secret::name_of(&[1; 16]))]).await;
    let says = "The passkey was removed, and you are signed out everywhere else";
    here.get(removed.is(303).to()).await.is(200).says(says).does_not_say("Blue key</h3>");
    elsewhere.get(routes::HOME).await.is(303);
}

/// A unit mistyped would stand alone: its reports would be nobody's.
#[tokio::test]
async fn a_unit_is_one_there_is_or_said_to_be_new() {
    let site = Site::new();
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let seen = supervisor.get(routes::PERSON_NEW).await;
    seen.is(200).says("There are: Safeguarding.").does_not_say("unit_is_new");
    let add = |name: &'static str, unit: &'static str| {
        [("name", name), ("unit", unit), ("sign_in_name", name), ("role", "officer")]
    };
    supervisor
        .post(routes::PERSON_NEW, &add("lee", "Safegarding"))
        .await
        .is(422)
        .says("Nobody is in a unit of this name yet")
        .says("value=\"Safegarding\"")
        .says("unit_is_new")
        .does_not_say("value=\"yes\" checked");
    supervisor.post(routes::PERSON_NEW, &add("lee", " safe guarding")).await.is(422);
    supervisor.post(routes::PERSON_NEW, &add("lee", "SAFEGUARDING ")).await.is(200);
    let mut new = add("max", "Roads").to_vec();
    new.push(("unit_is_new", "yes"));
    supervisor.post(routes::PERSON_NEW, &new).await.is(200);
    for (name, unit) in [("lee", "Safeguarding"), ("max", "Roads")] {
        let user = site.app.store.user_by_sign_in_name(name).await;
        assert_eq!(user.unwrap().unwrap().unit, unit);
    }
    // Whoever is alone in a unit and disabled keeps it when somebody saves their page again.
    let max = site.app.store.user_by_sign_in_name("max").await;
    let max = routes::person(max.unwrap().unwrap().id.as_str());
    let page = |account| [("name", "max"), ("unit", "Roads"), ("role", "officer"), ("account", account)];
    for account in ["disabled", "active"] {
        supervisor.post(&max, &page(account)).await.is(303);
    }
}
