//! What was told to others, on the auditor's page: from the step itself to the list, and narrowed.

use store::{Erase, UserId};

use super::Site;
use super::desk::Desk;
use super::record::{actor, begin};
use crate::routes;
use crate::shared::access::Role;

#[tokio::test]
async fn an_auditor_sees_what_was_told_to_others_without_a_word_of_it() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.do_everything().await;
    let told = desk.reference.as_str();
    let starter = actor(&site, Role::Officer, "starter").await;
    let silent = begin(&site, &starter, "silent").await;
    let silent = silent.reference();

    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.get(routes::AUDIT_TOLD).await;
    seen.is(200).says(told).says("officer Example");
    seen.does_not_say(silent).does_not_say("the mother");
    // What was told, and nothing of what was only entered.
    let kept = desk.opened().await;
    let disclosed = kept.report.log.iter().filter(|event| {
        let body = serde_json::to_value(&event.body).unwrap();
        ["told", "referral", "meeting"].contains(&body["evidence"]["kind"].as_str().unwrap_or(""))
    });
    let disclosed = disclosed.count();
    assert!(disclosed >= 2, "{disclosed}");
    assert_eq!(seen.text.matches(&routes::looked_at(told)).count(), disclosed);
    for (narrow, there) in [
        (format!("report={told}"), true),
        (format!("report={silent}"), false),
        ("person=olive".to_owned(), true),
        ("person=starter".to_owned(), false),
        ("from=1/1/2027".to_owned(), false),
    ] {
        let narrow = format!("{}?{narrow}", routes::AUDIT_TOLD);
        let seen = auditor.get(&narrow).await;
        let listed = seen.is(200).text.contains(&routes::looked_at(told));
        assert_eq!(listed, there, "{narrow}");
    }
    let wrong = format!("{}?person=nobody", routes::AUDIT_TOLD);
    auditor.get(&wrong).await.is(422);
    seen.says(&format!("href=\"{}\"", routes::AUDIT_TOLD_CSV));
    let csv = auditor.take(routes::AUDIT_TOLD_CSV).await;
    csv.is(200).does_not_say("the mother");
    assert_eq!(csv.text.matches(told).count(), disclosed, "{}", csv.text);
    let wrong = format!("{}?person=nobody", routes::AUDIT_TOLD_CSV);
    auditor.get(&wrong).await.is(400);
    // Reading it is an entry; nobody else may.
    let list = auditor.get(routes::AUDIT).await;
    list.says("Read who looked").says("Took the table of what was passed to others");
    let mut olive = site.browser();
    olive.sign_in("olive", super::PASSWORD).await;
    olive.get(routes::AUDIT_TOLD).await.is(403);
    olive.get(routes::AUDIT_TOLD_CSV).await.is(403);
}

#[tokio::test]
async fn a_report_that_was_erased_is_named_and_leads_nowhere() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.do_everything().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let to_whom = |page: &str| {
        let kinds = ["by a referral", "in a meeting", "who was told"];
        kinds.map(|kind| page.matches(kind).count())
    };
    let before = to_whom(&auditor.get(routes::AUDIT_TOLD).await.text);
    assert!(before.iter().sum::<usize>() > 0, "{before:?}");
    let mut olive = site.browser();
    olive.sign_in("olive", super::PASSWORD).await;
    olive.get(&routes::report(&desk.reference)).await.is(200);
    let stream = desk.opened().await.stream;
    let erase = Erase {
        stream: stream.clone(),
        subject: None,
        actor: UserId::new(desk.officer.id.as_str()).unwrap(),
        reason: "The time is over".to_owned(),
        at: site.app.now(),
    };
    site.app.store.erase(erase).await.unwrap();
    // Who, when, which report and to what kind of recipient outlive the words: the log of disclosures is asked for these.
    let seen = auditor.get(routes::AUDIT_TOLD).await;
    assert_eq!(to_whom(&seen.is(200).text), before, "{}", seen.text);
    let csv = auditor.take(routes::AUDIT_TOLD_CSV).await;
    assert_eq!(to_whom(&csv.is(200).text), before, "{}", csv.text);
    for page in [routes::AUDIT_TOLD, routes::AUDIT] {
        let seen = auditor.get(page).await;
        seen.is(200).says(&format!("{}, erased", desk.reference));
        seen.does_not_say(stream.as_str());
        seen.does_not_say(&routes::looked_at(&desk.reference));
    }
}
