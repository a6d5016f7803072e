//! What was erased, on the auditor's page, and the auditor's other lists narrowed to a report that is gone.

use report::Command;
use store::{Erase, Subject, UserId};

use super::desk::Desk;
use super::record::actor;
use super::{PASSWORD, Site};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::act_as;

/// Two reports of which one was erased whole, and of the other who A is.
async fn erased(site: &Site) -> [Desk<'_>; 2] {
    let mut desks = Vec::new();
    for name in ["olive", "otto"] {
        let desk = Desk::new(site, actor(site, Role::Officer, name).await).await;
        let mut browser = site.browser();
        browser.sign_in(name, PASSWORD).await;
        let report = routes::report(&desk.reference);
        browser.get(&report).await.is(200);
        desks.push(desk);
    }
    let whole: [Desk<'_>; 2] = desks.try_into().map_err(|_| ()).unwrap();
    // Adam has an interest in the one that goes.
    let adam = actor(site, Role::Auditor, "adam").await;
    let who = report::Named { id: adam.id.clone(), name: adam.name.clone(), unit: "Safeguarding".to_owned() };
    let declare = Command::DeclareInterest { who, words: "a neighbour".to_owned() };
    let opened = whole[0].opened().await;
    act_as(&site.app, &adam, opened, declare, "declare").await.unwrap();
    for (desk, subject, reason) in [(&whole[0], None, "past its time"), (&whole[1], Some("A"), "asked for")] {
        let erase = Erase {
            stream: desk.opened().await.stream,
            subject: subject.map(|id| Subject::Person(id.parse().unwrap())),
            actor: UserId::new(desk.officer.id.as_str()).unwrap(),
            reason: reason.to_owned(),
            at: site.app.now(),
        };
        site.app.store.erase(erase).await.unwrap();
        site.app.recent.forget_all();
        site.wait(24 * 60);
    }
    whole
}

#[tokio::test]
async fn an_auditor_sees_who_erased_what_when_and_why() {
    let site = Site::new();
    let [gone, stays] = erased(&site).await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let list = auditor.get(routes::AUDIT).await;
    list.says(&format!("href=\"{}\"", routes::AUDIT_ERASED));
    let seen = auditor.get(routes::AUDIT_ERASED).await;
    seen.is(200)
        .says("The whole report")
        .says(&format!("{}, erased", gone.reference))
        .says("past its time")
        .says("24 November 2026")
        .says("Who Person A is")
        .says(&routes::looked_at(&stays.reference))
        .says("asked for")
        .says("officer Example, officer, Safeguarding");
    for (narrow, whole, person) in [
        (format!("report={}", gone.reference), true, false),
        (format!("report={}", stays.reference), false, true),
        ("person=olive".to_owned(), true, false),
        ("from=25/11/2026".to_owned(), false, true),
        ("until=24/11/2026".to_owned(), true, false),
    ] {
        let narrow = format!("{}?{narrow}", routes::AUDIT_ERASED);
        let seen = auditor.get(&narrow).await;
        let says = |words| seen.is(200).text.contains(words);
        let found = (says("The whole report"), says("Who Person A is"));
        assert_eq!(found, (whole, person), "{narrow}");
    }
    let csv = auditor.take(routes::AUDIT_ERASED_CSV).await;
    csv.is(200).says(&gone.reference).says("past its time");
    auditor.get(routes::AUDIT).await.says("Took the table of what was erased");
    // Whoever has an interest in it is not told; whoever is no auditor neither.
    let mut adam = site.browser();
    adam.sign_in("adam", PASSWORD).await;
    adam.get(routes::AUDIT_ERASED)
        .await
        .is(200)
        .says("Who Person A is")
        .does_not_say("past its time")
        .does_not_say(&gone.reference);
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    olive.get(routes::AUDIT_ERASED).await.is(403);
    olive.get(routes::AUDIT_ERASED_CSV).await.is(403);
}

#[tokio::test]
async fn the_looks_at_a_report_that_is_gone_are_found_by_its_reference() {
    let site = Site::new();
    let [gone, stays] = erased(&site).await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let narrow = format!("{}?report={}", routes::AUDIT, gone.reference);
    auditor
        .get(&narrow)
        .await
        .is(200)
        .says("Opened the report")
        .says(&format!("{}, erased", gone.reference))
        .does_not_say(&stays.reference);
    // To somebody with an interest in it there is none.
    let mut adam = site.browser();
    adam.sign_in("adam", PASSWORD).await;
    adam.get(&narrow).await.is(422).says("No report has this reference");
}
