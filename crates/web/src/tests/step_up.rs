//! Proving again who one is, and forms that stay good meanwhile.

use axum::routing::MethodFilter;

use super::desk::Desk;
use super::record::actor;
use super::{Browser, PASSWORD, Seen, Site, path};
use crate::shared::access::{Permission, Role};
use crate::shared::guard::Door;
use crate::{Config, Purpose, offer, routes};

/// A site whose address has a name, so that passkeys are possible.
pub(super) fn named() -> Site {
    Site::with(Config { public_url: "http://localhost:8080".to_owned(), ..Config::default() })
}

#[tokio::test]
async fn what_cannot_be_taken_back_asks_again_who_it_is() {
    let site = named();
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(routes::OWN_PASSKEY_NEW).await.is(200);
    site.wait(5);
    let to = browser.get(routes::OWN_PASSKEY_NEW).await.is(303).to().to_owned();
    assert_eq!(to, routes::step_up(routes::OWN_PASSKEY_NEW));
    browser.get(&to).await.is(200).says("Confirm that it is you");
    let next = ("next", routes::OWN_PASSKEY_NEW);
    browser
        .post(routes::CONFIRM, &[("password", "wrong wrong wrong"), next])
        .await
        .is(422)
        .says("The password is not right");
    browser.post(routes::CONFIRM, &[next]).await.is(422).says("Enter your password");
    let before = browser.cookie.clone();
    let seen = browser.post(routes::CONFIRM, &[("password", PASSWORD), next]).await;
    assert_eq!(seen.is(303).to(), routes::OWN_PASSKEY_NEW);
    assert_ne!(browser.cookie, before, "a proof gives a new token");
    browser.get(routes::OWN_PASSKEY_NEW).await.is(200);
    let after = browser.cookie.clone();
    browser.cookie = before;
    browser.get(routes::HOME).await.is(303);
    browser.cookie = after;
    site.wait(4);
    browser.get(routes::OWN_PASSKEY_NEW).await.is(200);
    site.wait(1);
    browser.get(routes::OWN_PASSKEY_NEW).await.is(303);
}

/// Every door that asks for a fresh proof does, for everybody whom it lets in at all.
#[tokio::test]
async fn every_such_door_asks_again_after_five_minutes() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    actor(&site, Role::Auditor, "ada").await;
    let mut asked = 0;
    for route in routes::all().listed {
        let (Door::Fresh(permission) | Door::FreshUnseen(permission)) = route.door else {
            continue;
        };
        let path = route.path.replace("{reference}", &desk.reference).replace("{id}", "A");
        let mut is_asked = false;
        for name in ["olive", "sam", "ada"] {
            let mut browser = site.browser();
            browser.sign_in(name, PASSWORD).await;
            let fresh = ask(&mut browser, route.method, &path).await;
            assert!(!asks(&fresh), "{name} {permission:?} {path}: {fresh:?}");
            site.wait(6);
            let later = ask(&mut browser, route.method, &path).await;
            let may = fresh.status.as_u16() != 403;
            assert_eq!(asks(&later), may, "{name} {permission:?} {path}: {later:?}");
            is_asked |= may;
        }
        assert!(is_asked, "nobody may: {path}");
        asked += 1;
    }
    assert!(asked > 15, "{asked}");
}

/// A computer that a supervisor left open is no help to whoever wants to change who may do what, or to sign somebody out.
#[test]
fn whatever_changes_an_account_is_behind_such_a_door() {
    let mut changing = 0;
    for route in routes::all().listed {
        let manages = |door| matches!(door, Door::May(Permission::ManagePeople));
        if route.method == MethodFilter::POST {
            assert!(!manages(route.door), "{}", route.path);
            changing += usize::from(matches!(route.door, Door::Fresh(Permission::ManagePeople)));
        }
    }
    assert!(changing >= 4, "{changing}");
}

async fn ask(browser: &mut Browser<'_>, method: MethodFilter, path: &str) -> Seen {
    browser.says_why_itself = true;
    if method == MethodFilter::GET { browser.get(path).await } else { browser.post(path, &[]).await }
}

/// Whether a page asks who it is: at once, or with the form that was sent kept on it.
fn asks(seen: &Seen) -> bool {
    seen.to().starts_with(routes::CONFIRM) || seen.text.contains("Nothing was done yet")
}

#[tokio::test]
async fn confirming_puts_off_no_end_and_leads_nowhere_else() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    for _ in 0..71 {
        site.wait(10);
        browser.get(routes::CONFIRM).await.is(200);
        browser.post(routes::CONFIRM, &[("password", PASSWORD)]).await.is(303);
    }
    site.wait(10);
    browser.get(routes::HOME).await.is(303);
    browser.sign_in("officer", PASSWORD).await.is(303);
    site.wait(6);
    browser.get(routes::CONFIRM).await.is(200);
    let seen = browser.post(routes::CONFIRM, &[("password", PASSWORD), ("next", "//example.org")]).await;
    assert_eq!(seen.is(303).to(), routes::HOME);
}

#[tokio::test]
async fn a_form_sent_too_late_is_kept_and_its_token_stays_good() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Supervisor).await;
    browser.get(routes::PERSON_NEW).await.is(200);
    let token = browser.token.clone();
    site.wait(6);
    let fields = [
        ("name", "Jo Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("sign_in_name", "jo"),
        ("role", "officer"),
    ];
    browser
        .post(routes::PERSON_NEW, &fields)
        .await
        .is(200)
        .says("Nothing was done yet")
        .says("name=\"name\" value=\"Jo Example\"")
        .says("action=\"/people/new\"");
    // Confirmed beside it, in another tab.
    browser.get(routes::CONFIRM).await;
    let seen = browser.post(routes::CONFIRM, &[("password", PASSWORD)]).await;
    assert_eq!(seen.is(303).to(), routes::CONFIRM);
    browser.get(routes::CONFIRM).await.says("You can close this tab");
    let mut again = vec![("form_token", token.as_str())];
    again.extend(fields);
    browser.post_bare(routes::PERSON_NEW, &again).await.is(200).says("Jo Example was added");
}

#[tokio::test]
async fn forms_left_open_stay_good_after_signing_in_again_but_only_for_the_same_person() {
    let site = Site::new();
    site.add(Role::Auditor).await;
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(routes::OWN_SESSIONS).await;
    let token = browser.token.clone();
    let form = [("form_token", token.as_str()), ("session", "none")];
    site.wait(16);
    browser.sign_in("officer", PASSWORD).await.is(303);
    browser.post_bare(routes::OWN_SESSIONS, &form).await.is(303);
    site.wait(16);
    browser.sign_in("auditor", PASSWORD).await.is(303);
    browser.post_bare(routes::OWN_SESSIONS, &form).await.is(403);
}

#[tokio::test]
async fn in_a_demonstration_a_button_confirms_and_nowhere_else() {
    for demonstration in [true, false] {
        let site = Site::with(Config { demonstration, ..Config::default() });
        let officer = site.add(Role::Officer).await;
        let mut user = site.app.store.user(&officer).await.unwrap().unwrap();
        user.password_hash = None;
        site.change(user).await;
        let link = offer(&site.app, Purpose::SignIn, Some(&officer), None).await.unwrap();
        let mut browser = site.browser();
        browser.get(path(&link)).await;
        browser.post(path(&link), &[]).await.is(303);
        site.wait(6);
        let asks = browser.get(routes::CONFIRM).await;
        let sent = browser.post(routes::CONFIRM, &[]).await;
        if demonstration {
            asks.says("have no passwords");
            sent.is(303);
        } else {
            asks.says("neither a password nor a passkey");
            sent.is(422);
        }
    }
    let set = "[web]\ndemonstration = true";
    assert!(toml::from_str::<Config>(set.trim_start_matches("[web]\n")).is_err());
}

/// A file leaves the page it is asked for from as it was: a proof leads to the page that asks for whom it is, and it is noted once.
#[tokio::test]
async fn after_a_proof_a_file_is_asked_for_and_given_once() {
    let site = Site::new();
    let mut auditor = site.signed_in(Role::Auditor).await;
    for file in [
        routes::AUDIT_CSV.to_owned(),
        format!("{}?person=auditor", routes::AUDIT_TOLD_CSV),
        routes::AUDIT_LOG.to_owned(),
    ] {
        site.wait(6);
        let asks = auditor.get(&file).await.is(303).to().to_owned();
        auditor.get(&asks).await.is(200).says("Confirm that it is you");
        let fields = [("password", PASSWORD), ("next", file.as_str())];
        let to = auditor.post(routes::CONFIRM, &fields).await;
        assert_eq!(to.is(303).to(), file);
        let taken = async || {
            let all = store::AccessFilter { op: Some(store::Operation::Disclose), ..store::AccessFilter::default() };
            site.app.store.looks(&all, None, 10).await.unwrap().len()
        };
        let before = taken().await;
        auditor.take(&file).await.is(200);
        assert_eq!(taken().await, before + 1, "{file}");
    }
}

/// A proof gives the session another name, and does not ask again why a report was opened.
#[tokio::test]
async fn why_a_report_was_opened_is_not_asked_again_after_a_proof() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    let report = routes::report(&desk.reference);
    let mut otto = site.browser();
    otto.sign_in("otto", PASSWORD).await;
    otto.get(&report).await.is(200);
    otto.says_why_itself = true;
    site.wait(6);
    let fields = [("password", PASSWORD), ("next", report.as_str())];
    otto.post(routes::CONFIRM, &fields).await.is(303);
    otto.get(&report).await.is(200);
    // Another session is asked.
    let mut again = site.browser();
    again.sign_in("otto", PASSWORD).await;
    again.says_why_itself = true;
    again.get(&report).await.is(303);
}
