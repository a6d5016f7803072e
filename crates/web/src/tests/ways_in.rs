//! One's own account, sessions, passkeys, and what is shown of what changed.

use jiff::SignedDuration;

use super::step_up::named;
use super::{PASSWORD, Site, path};
use crate::shared::access::Role;
use crate::shared::secret;
use crate::{Purpose, offer, routes};

const ANOTHER: &str = "a heron on the weir";

#[tokio::test]
async fn a_changed_password_counts_and_ends_the_other_sessions() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let mut other = site.browser();
    other.sign_in("officer", PASSWORD).await;
    browser.get(routes::ACCOUNT).await.is(200).says("Your account");
    browser.get(routes::OWN_PASSWORD).await.is(200);
    let send = |present: &'static str, new: &'static str, again: &'static str| {
        [("present_password", present), ("password", new), ("password_again", again)]
    };
    for (fields, says) in [
        (send("", ANOTHER, ANOTHER), "Enter your present password"),
        (send("wrong wrong wrong", ANOTHER, ANOTHER), "This is not your present password"),
        (send(PASSWORD, ANOTHER, "x"), "The two passwords are not the same"),
        (send(PASSWORD, "officer example", "officer example"), "must not be your name"),
        (send(PASSWORD, "Password 12345", "Password 12345"), "everybody tries first"),
    ] {
        browser.post(routes::OWN_PASSWORD, &fields).await.is(422).says(says).does_not_say(ANOTHER);
    }
    let seen = browser.post(routes::OWN_PASSWORD, &send(PASSWORD, ANOTHER, ANOTHER)).await;
    let to = seen.is(303).to().to_owned();
    browser.get(&to).await.is(200).says("signed out everywhere else").says("A new password was chosen: by you");
    other.get(routes::HOME).await.is(303);
    let mut again = site.browser();
    again.sign_in("officer", PASSWORD).await.is(422);
    again.sign_in("officer", ANOTHER).await.is(303);
}

#[tokio::test]
async fn what_changed_is_read_at_the_next_sign_in_and_then_no_more() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let page = routes::person(officer.as_str());
    supervisor.get(&page).await;
    let fields = [
        ("name", "Officer Example"),
        ("unit", "CID"),
        ("unit_is_new", "yes"),
        ("role", "supervisor"),
        ("account", "active"),
    ];
    supervisor.post(&page, &fields).await.is(303);
    supervisor.get(&page).await.says("Role or unit changed");
    supervisor.post(&routes::person_link(officer.as_str()), &[]).await.is(200);

    let mut browser = site.browser();
    browser.get(routes::SIGN_IN).await;
    let fields = [("name", "officer"), ("password", PASSWORD), ("next", "/reports")];
    let to = browser.post(routes::SIGN_IN, &fields).await.is(303).to().to_owned();
    assert_eq!(to, routes::own_changes("/reports"));
    let read = browser.get(&to).await;
    read.is(200)
        .says("supervisor in CID, before: officer in Safeguarding, by supervisor Example")
        .says("A link to choose a password or add a passkey was made");
    assert_eq!(read.hidden("next"), "/reports");
    let seen = browser.post(routes::OWN_CHANGES, &[("next", "/reports")]).await;
    assert_eq!(seen.is(303).to(), "/reports");
    browser.get(routes::ACCOUNT).await.says("Role or unit changed");
    assert_eq!(browser.get(routes::OWN_CHANGES).await.is(303).to(), routes::HOME);

    let mut later = site.browser();
    later.get(routes::SIGN_IN).await;
    let seen = later.post(routes::SIGN_IN, &fields).await;
    assert_eq!(seen.is(303).to(), "/reports");
}

#[tokio::test]
async fn a_link_used_and_an_account_disabled_are_in_the_log() {
    let site = Site::new();
    let officer = site.add(Role::Officer).await;
    let link = offer(&site.app, Purpose::SignIn, Some(&officer), None).await.unwrap();
    let mut browser = site.browser();
    browser.get(path(&link)).await;
    browser.post(path(&link), &[]).await.is(303);
    browser.get(routes::ACCOUNT).await.says("Somebody signed in with a link that works once");
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let page = routes::person(officer.as_str());
    supervisor.get(&page).await.says("In 1 browser.");
    supervisor.post(&routes::person_sessions(officer.as_str()), &[]).await.is(303);
    browser.get(routes::HOME).await.is(303);
    supervisor.get(&page).await.says("Nowhere at the moment");
    let fields = [("name", "Officer Example"), ("unit", "Safeguarding"), ("role", "officer"), ("account", "disabled")];
    supervisor.post(&page, &fields).await.is(303);
    let kinds: Vec<String> = site
        .app
        .store
        .changes_of(&officer, None, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.change.kind)
        .collect();
    let expected = ["disabled", "name", "signed-out", "link-used", "sign-in-link-made", "created"];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_one() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let mut others = Vec::new();
    for _ in 0..2 {
        let mut other = site.browser();
        other.sign_in("officer", PASSWORD).await;
        others.push(other);
    }
    browser.get(routes::OWN_SESSIONS).await.says("with a password").says("Sign out everywhere else");
    browser.post(routes::OWN_SESSIONS, &[("session", "others")]).await.is(303);
    for mut other in others {
        other.get(routes::HOME).await.is(303);
    }
    browser.get(routes::OWN_SESSIONS).await.is(200).does_not_say("Sign out everywhere else");
}

#[tokio::test]
async fn the_eleventh_browser_signs_out_the_one_used_longest_ago() {
    let site = Site::new();
    let mut first = site.signed_in(Role::Officer).await;
    let mut second = site.browser();
    second.sign_in("officer", PASSWORD).await;
    site.wait(2);
    first.get(routes::HOME).await.is(200);
    for _ in 0..9 {
        site.browser().sign_in("officer", PASSWORD).await.is(303);
    }
    second.get(routes::HOME).await.is(303);
    first.get(routes::HOME).await.is(200);
}

#[tokio::test]
async fn the_page_says_when_the_session_ends_and_staying_puts_it_off() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    browser
        .get(routes::HOME)
        .await
        .says("You will be signed out at 9:15am unless you open another page before")
        .says("data-ends=\"900\"");
    site.wait(14);
    let left = browser.post(routes::STAY, &[]).await;
    assert_eq!(left.is(200).text, "900");
    site.wait(14);
    browser.get(routes::HOME).await.says("You will be signed out at 9:43am");
    // Shortly before the end that nothing puts off.
    for _ in 0..49 {
        site.wait(14);
        browser.get(routes::HOME).await.is(200);
    }
    browser.get(routes::HOME).await.says("You will be signed out at 9:00pm, however many pages you open");
    let left = browser.post(routes::STAY, &[]).await;
    let seconds: i64 = left.is(200).text.parse().unwrap();
    assert!(SignedDuration::from_secs(seconds) <= SignedDuration::from_mins(15));
    site.wait(15);
    browser.post(routes::STAY, &[]).await.says("Sign in to send");
}

#[tokio::test]
async fn passkeys_are_offered_where_the_address_has_a_name() {
    let site = named();
    let mut browser = site.browser();
    browser.get(routes::SIGN_IN).await.says("Sign in with a passkey");
    browser
        .get(&routes::passkey_and_back("/reports"))
        .await
        .is(200)
        .says("This page needs JavaScript")
        .says("Use your password instead")
        .says("&#34;userVerification&#34;:&#34;required&#34;")
        .does_not_say("mediation");
    let number = Site::new();
    let mut browser = number.signed_in(Role::Officer).await;
    browser.get(routes::ACCOUNT).await.says("Passkeys cannot be used here");
    browser.get(routes::OWN_PASSKEY_NEW).await.is(409);
    let mut stranger = number.browser();
    stranger.get(routes::SIGN_IN).await.does_not_say("with a passkey");
    stranger.get(routes::PASSKEY).await.is(404);
}

#[tokio::test]
async fn a_challenge_is_for_one_browser_once_and_for_five_minutes() {
    let site = named();
    let late = "That took longer than 5 minutes, or was sent twice";
    let wrong = "The passkey was not accepted";
    for (wait, again, says) in [(4, false, wrong), (5, false, late), (0, true, late)] {
        let mut browser = site.browser();
        let page = browser.get(routes::PASSKEY).await;
        let challenge = page.hidden("challenge");
        let fields = [("challenge", challenge.as_str()), ("answer", "{}")];
        site.wait(wait);
        if again {
            browser.post(routes::PASSKEY, &fields).await.says(wrong);
        }
        browser.post(routes::PASSKEY, &fields).await.is(422).says(says);
    }
    let mut one = site.browser();
    let page = one.get(routes::PASSKEY).await;
    let challenge = page.hidden("challenge");
    let mut two = site.browser();
    two.get(routes::PASSKEY).await;
    let fields = [("challenge", challenge.as_str()), ("answer", "{}")];
    two.post(routes::PASSKEY, &fields).await.is(422).says(late);
}

#[tokio::test]
async fn an_account_without_a_role_opens_nothing() {
    let site = Site::new();
    let id = site.add(Role::Officer).await;
    let mut user = site.app.store.user(&id).await.unwrap().unwrap();
    user.role = "none-yet".to_owned();
    site.change(user).await;
    site.browser().sign_in("officer", PASSWORD).await.is(422);
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor.get(routes::PEOPLE).await.says("No role yet").says("Needs a role");
    supervisor.get(&routes::person(id.as_str())).await.is(200).does_not_say("value=\"officer\" checked");
}

#[tokio::test]
async fn a_session_cannot_be_used_by_what_stands_on_pages() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let token = browser.cookie.split('=').next_back().unwrap().to_owned();
    let hash = secret::digest(&token);
    for page in [routes::OWN_SESSIONS, routes::ACCOUNT, routes::HOME] {
        browser.get(page).await.is(200).does_not_say(&token).does_not_say(&secret::hex(&hash));
    }
}
