//! Sign-ins, and those that failed, where an auditor sees them.

use std::collections::BTreeMap;

use store::{AccessFilter, NotedAccess, Operation};

use super::{PASSWORD, Site};
use crate::shared::access::Role;
use crate::{Config, Purpose, offer, routes};

const WRONG: &str = "wrong wrong wrong";

/// The list of sign-ins, the first of them first.
async fn listed(site: &Site) -> Vec<NotedAccess> {
    let filter = AccessFilter { op: Some(Operation::SignIn), ..AccessFilter::default() };
    let mut found = site.app.store.looks(&filter, None, 200).await.unwrap();
    found.reverse();
    found
}

#[tokio::test]
async fn an_auditor_sees_who_signed_in_and_how() {
    let site = Site::new();
    let olive = site.add_named(Role::Officer, "olive").await;
    site.browser().sign_in("olive", PASSWORD).await.is(303);
    // A second one a moment later is no repeat of the first.
    site.browser().sign_in("olive", PASSWORD).await.is(303);
    let link = offer(&site.app, Purpose::SignIn, Some(&olive), None).await.unwrap();
    let mut browser = site.browser();
    browser.get(super::path(&link)).await.is(200);
    browser.post(super::path(&link), &[]).await.is(303);

    let all = listed(&site).await;
    let told: Vec<_> = all.iter().map(|noted| (noted.kind.as_str(), noted.purpose.as_str(), noted.count)).collect();
    let by_password = ("signed-in", "With a password", 1);
    let by_link = ("signed-in", "With a link that works once", 1);
    assert_eq!(told, [by_password, by_password, by_link]);
    assert!(all.iter().all(|noted| noted.actor == olive && noted.leaf.is_some()));

    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.get(&format!("{}?op=sign-in", routes::AUDIT)).await;
    seen.is(200).says("Signed in").says("With a link that works once");
    let file = auditor.take(&format!("{}?op=sign-in", routes::AUDIT_CSV)).await;
    file.is(200).says("\"Signed in\",\"sign-in\"").says("With a password");
    // They are no looks, and change no account.
    for page in [routes::AUDIT, routes::AUDIT_CSV] {
        let seen = if page == routes::AUDIT { auditor.get(page).await } else { auditor.take(page).await };
        seen.is(200).says("Read who looked").does_not_say("With a password");
    }
    let seen = auditor.get(routes::AUDIT_ACCOUNTS).await;
    seen.is(200).says("The account was made").does_not_say("With a password");
}

/// However often somebody tries: one entry in a quarter of an hour for each account and way, and one that counts the rest.
#[tokio::test]
async fn failures_are_counted_for_an_account_and_nothing_typed_is_kept() {
    let mut config = Config::default();
    config.sign_in.failures_per_account = 1_000;
    config.sign_in.failures_per_address = 1_000;
    let site = Site::with(config);
    let olive = site.add_named(Role::Officer, "olive").await;
    let kim = site.add_named(Role::Officer, "kim").await;
    let off = store::User { disabled: true, ..site.app.store.user(&kim).await.unwrap().unwrap() };
    site.change(off).await;
    let size = || async { site.app.store.ledger_head().await.unwrap().size };
    let before = size().await;
    let mut browser = site.browser();
    for _ in 0..6 {
        browser.sign_in("olive", WRONG).await.is(422);
        browser.sign_in("kim", PASSWORD).await.is(422);
        browser.sign_in("my-password-by-mistake", WRONG).await.is(422);
        browser.sign_in("another-typed-name", WRONG).await.is(422);
    }
    assert_eq!(size().await, before + 3, "one entry an account, and one for all that are none");
    let counts: BTreeMap<String, u64> = listed(&site)
        .await
        .into_iter()
        .map(|noted| {
            assert_eq!((noted.kind.as_str(), noted.purpose.as_str()), ("sign-in-failed", "With a password"));
            (noted.actor.to_string(), noted.count)
        })
        .collect();
    let expected = [(olive.to_string(), 6), (kim.to_string(), 6), ("no-account".to_owned(), 12)];
    assert_eq!(counts, expected.into_iter().collect());
    // When the quarter of an hour is over, how many they were is in the log as well.
    site.wait(16);
    site.app.store.checkpoint(site.app.now()).await.unwrap();
    assert_eq!(size().await, before + 6);
    let log = site.verified_log().await;
    assert_eq!(log.matches("\"count\":12").count(), 1, "{log}");
    for typed in ["mistake", "typed", WRONG] {
        assert!(!log.contains(typed), "{typed}");
    }

    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.get(&format!("{}?op=sign-in", routes::AUDIT)).await;
    seen.is(200).says("A sign-in as them failed").says("Somebody, as no account there is");
    seen.does_not_say("mistake");
}

#[tokio::test]
async fn failing_to_confirm_who_one_is_is_in_the_log() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    site.wait(6);
    officer.get(routes::CONFIRM).await.is(200);
    officer.post(routes::CONFIRM, &[("password", WRONG)]).await.is(422);
    let all = listed(&site).await;
    let last = all.last().unwrap();
    let told = (last.kind.as_str(), last.purpose.as_str());
    assert_eq!(told, ("sign-in-failed", "With a password, to confirm who it is"));
}
