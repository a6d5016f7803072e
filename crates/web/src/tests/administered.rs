//! What is done to accounts is in the log, whichever page does it, and the auditor reads it in words.

use store::AdministeredFilter;

use super::{PASSWORD, Site};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::changed;

/// The words of everything that was administered, the latest first.
async fn kinds(site: &Site) -> Vec<String> {
    let all = site.app.store.administered(&AdministeredFilter::default(), None, 100);
    all.await.unwrap().into_iter().map(|entry| entry.kind).collect()
}

/// A supervisor has added somebody, moved and disabled them, and ended their sessions.
async fn administered() -> (Site, String) {
    let site = Site::new();
    let id = site.add_named(Role::Officer, "kim").await;
    let mut kim = site.browser();
    kim.sign_in("kim", PASSWORD).await;
    let mut boss = site.signed_in(Role::Supervisor).await;
    let added = [
        ("name", "Jo Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("sign_in_name", "jo"),
        ("role", "call-handler"),
    ];
    boss.post(routes::PERSON_NEW, &added).await.is(200);
    let person = routes::person(id.as_str());
    boss.get(&person).await;
    boss.post(&format!("{person}/sessions"), &[]).await.is(303);
    // There is none left: nothing is done, and nothing is said.
    boss.post(&format!("{person}/sessions"), &[]).await.is(303);
    boss.post(&format!("{person}/link"), &[]).await.is(200);
    let changed = [
        ("name", "Kim Example"),
        ("unit", "Response"),
        ("unit_is_new", "yes"),
        ("role", "supervisor"),
        ("account", "disabled"),
    ];
    boss.post(&person, &changed).await.is(303);
    (site, id.to_string())
}

#[tokio::test]
async fn every_page_that_changes_an_account_is_in_the_log() {
    let (site, _) = administered().await;
    let expected = [
        "account-disabled",
        "account-role",
        "account-name",
        "account-link-made",
        "account-signed-out",
        "account-link-made",
        "account-created",
        "account-created",
        "account-created",
    ];
    assert_eq!(kinds(&site).await, expected);
    for kind in expected {
        assert!(changed::says(kind.strip_prefix("account-").unwrap()).is_some());
    }
    // No entry has a word in it that says who somebody is.
    for leaf in site.leaves().await {
        for readable in ["Kim", "Jo ", "Response", "Example", "kim\""] {
            assert!(!leaf.contains(readable), "{leaf}");
        }
    }
}

#[tokio::test]
async fn an_auditor_reads_in_words_what_was_done_to_accounts() {
    let (site, _) = administered().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.get(routes::AUDIT_ACCOUNTS).await;
    seen.is(200)
        .says("supervisor Example")
        .says("Kim Example, supervisor, Response")
        .says("supervisor in Response, before: officer in Safeguarding")
        .says("The account was disabled")
        .says("Signed out everywhere by a supervisor")
        .says("A link to choose a password or add a passkey was made");
    let narrow = format!("{}?person=jo", routes::AUDIT_ACCOUNTS);
    auditor.get(&narrow).await.is(200).says("Jo Example").does_not_say("The account was disabled");
    let later = format!("{}?from=1/1/2030", routes::AUDIT_ACCOUNTS);
    auditor.get(&later).await.says("Nothing of this kind is in the log");
    let wrong = format!("{}?person=nobody", routes::AUDIT_ACCOUNTS);
    auditor.get(&wrong).await.is(422).says("Nobody signs in with this name");

    let csv = auditor.take(routes::AUDIT_ACCOUNTS_CSV).await;
    csv.is(200).says("The account was disabled");
    let when: Vec<&str> = csv.text.lines().skip(1).filter_map(|line| line.rsplit("\",\"").nth(1)).collect();
    assert!(when.iter().all(|when| when.parse::<jiff::Timestamp>().is_ok()), "moments are for programs: {when:?}");
    assert!(csv.text.lines().count() >= 10, "{}", csv.text);
    // That it was read and taken is in the list of looks.
    let list = auditor.get(routes::AUDIT).await;
    list.says("Read who looked").says("Took the table of accounts and keys");
}

#[tokio::test]
async fn only_auditors_read_it() {
    let site = Site::new();
    for role in Role::ALL.iter().copied() {
        let mut browser = site.signed_in(role).await;
        let status = if role == Role::Auditor { 200 } else { 403 };
        browser.get(routes::AUDIT_ACCOUNTS).await.is(status);
        browser.get(routes::AUDIT_ACCOUNTS_CSV).await.is(status);
    }
}
