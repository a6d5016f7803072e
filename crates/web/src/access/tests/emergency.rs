//! What whoever opened a report in an emergency may not do: withdraw what others entered and rely on.

use report::{Command, Link, LinkKind};

use super::{at_desk, move_to};
use crate::reports::tests::begin;
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::opened_by;
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, Site};

/// Every page that leads to a withdrawal for those who work on the report, with where it leads.
fn pages(reference: &str, account: u64, evidence: u32) -> Vec<(String, String)> {
    let entry = |kind, id| routes::entry(reference, kind, id);
    let withdraw = |kind, id: &str| routes::withdraw(reference, kind, id);
    let task = "next-steps-child:A";
    vec![
        (entry("people", "A"), withdraw("people", "A")),
        (entry("places", "L1"), withdraw("places", "L1")),
        (entry("devices", "D1"), withdraw("devices", "D1")),
        (routes::involved(reference), withdraw("accounts", &account.to_string())),
        (routes::task(reference, task), routes::withdraw_evidence(reference, task, evidence)),
        (routes::answer(reference, "report.imagery"), routes::take_back(reference, 0)),
    ]
}

/// The first address of a take-back on a page has the number of its statement in it.
fn leads_to(text: &str, to: &str) -> bool {
    match to.strip_suffix("/statements/0/take-back") {
        Some(before) => text.contains(&format!("href=\"{before}/statements/")),
        None => text.contains(&format!("href=\"{to}\"")),
    }
}

async fn offers(browser: &mut Browser<'_>, pages: &[(String, String)], offered: bool) {
    for (page, to) in pages {
        let seen = browser.get(page).await;
        seen.is(200);
        assert_eq!(leads_to(&seen.text, to), offered, "{page}: {}", seen.text);
    }
}

#[tokio::test]
async fn whoever_opened_it_in_an_emergency_adds_and_withdraws_nothing() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let account = report::Account {
        platform: "Chat".to_owned(),
        username: "ann01".to_owned(),
        person: None,
        note: String::new(),
    };
    desk.act(Command::AddAccount(account)).await;
    desk.do_everything().await;
    actor(&site, Role::Supervisor, "sue").await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let reference = desk.reference.as_str();
    let opened = desk.opened().await;
    let account = opened.report.accounts[0].number;
    let told = "next-steps-child:A".parse().unwrap();
    let evidence = opened.report.evidence[&told][0].number;
    let pages = pages(reference, account, evidence);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&routes::report(reference)).await.is(200);
    offers(&mut olive, &pages, true).await;
    let linked = routes::linked(reference);

    let mut otto = at_desk(&site, "otto").await;
    // Both are open to him, one in an emergency alone.
    let own = begin(&mut otto).await;
    let other = opened_by(&site.app, &own).await.unwrap();
    desk.act(Command::LinkReport(Link {
        report: other.report.id.clone().unwrap(),
        reference: own.clone(),
        kind: LinkKind::SamePeople,
    }))
    .await;
    let emergency = routes::emergency(reference);
    otto.get(&emergency).await.is(200).says("You cannot decide anything in it, or withdraw what is entered in it");
    let fields = [("purpose", "danger"), ("reason", "he is on his way there")];
    otto.post(&emergency, &fields).await.is(303);
    offers(&mut otto, &pages, false).await;
    otto.get(&linked)
        .await
        .is(200)
        .says(&own)
        .does_not_say("Withdraw this link")
        .does_not_say("you cannot withdraw this link");
    // What is needed now he adds all the same.
    let place = routes::entry_new(reference, "places");
    otto.get(&place).await.is(200);
    let added = [("address", "3 Example Street")];
    otto.post(&place, &added).await.is(303);
    let reason = [("reason", "not needed")];
    for (_, to) in pages.iter().take(5) {
        otto.get(to).await.is(403);
        otto.post(to, &reason).await.is(403);
    }
    let now = desk.opened().await.report;
    assert!(now.person("A").is_some() && now.place("L1").is_some() && now.device("D1").is_some());
}
