//! Restricted reports, conflicts of interest, and passing a report on.

use report::StartReport;
use store::{AccessKind, AccessesOf};

use super::{at_desk, move_to, purposes};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record;
use crate::tests::Site;
use crate::tests::desk::Desk;
use crate::tests::record::{actor, start};

#[tokio::test]
async fn a_restricted_report_is_there_for_those_named_and_for_nobody_else() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let otto = actor(&site, Role::Officer, "otto").await;
    actor(&site, Role::Officer, "orla").await;
    let reference = desk.reference.as_str();
    let restrict = routes::restrict(reference);
    let mut sam = at_desk(&site, "sam").await;
    let why = routes::why(reference, false);
    sam.get(routes::HOME).await;
    sam.post(&why, &[("purpose", "supervise")]).await.is(303);
    sam.get(&routes::access(reference)).await.is(200).says("Everybody in Safeguarding");
    sam.get(&restrict).await.is(200).does_not_say(" checked");
    sam.post(&restrict, &[("members", otto.id.as_str()), ("reason", "")])
        .await
        .is(422)
        .says("Say why only those named");
    let fields = [("members", otto.id.as_str()), ("reason", "a colleague is his father")];
    sam.post(&restrict, &fields).await.is(303);
    sam.get(&routes::access(reference)).await.is(200).says("Only whoever works on it and the people named here");
    let unit = format!("{}?list=unit", routes::REPORTS);
    for (name, sees) in [("otto", true), ("orla", false)] {
        let mut browser = at_desk(&site, name).await;
        let list = browser.get(&unit).await;
        list.is(200);
        assert_eq!(list.text.contains(reference), sees, "{name}");
        assert_eq!(list.text.contains("reports (1)"), sees, "{name}");
        let status = if sees { 303 } else { 403 };
        browser.get(&routes::report(reference)).await.is(status);
    }
    // Whoever works on it needs no naming.
    at_desk(&site, "olive").await.get(&routes::report(reference)).await.is(200);
    let lift = routes::lift(reference);
    sam.get(&lift).await.is(200);
    sam.post(&lift, &[("reason", "it is known now")]).await.is(303);
    let mut orla = at_desk(&site, "orla").await;
    orla.get(&unit).await.is(200).says(reference);
    // Nobody named beside whoever restricts it.
    sam.get(&restrict).await.is(200);
    let alone = [("reason", "nobody else has to see it")];
    sam.post(&restrict, &alone).await.is(303);
    sam.get(&routes::access(reference)).await.is(200).says("Only whoever works on it and the person named here");
}

#[tokio::test]
async fn a_conflict_of_interest_closes_the_report_at_once_and_outweighs_everything() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let reference = desk.reference.as_str();
    let report = routes::report(reference);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&report).await.is(200);
    let conflict = routes::conflict(reference);
    olive.get(&conflict).await.is(200).does_not_say("Ann");
    olive.post(&conflict, &[("words", "")]).await.is(422);
    let told = olive.post(&conflict, &[("words", "my niece is in it")]).await;
    olive.get(told.is(303).to()).await.is(200).says("The report is closed to you");
    for page in [report.clone(), routes::emergency(reference), routes::access(reference), conflict.clone()] {
        olive.get(&page).await.is(403).does_not_say("Ann");
    }
    olive.get(routes::REPORTS).await.does_not_say(reference);
    let fields = [("purpose", "danger"), ("reason", "he is there now")];
    olive.post(&routes::emergency(reference), &fields).await.is(403);

    let mut sam = at_desk(&site, "sam").await;
    sam.get(routes::HOME).await;
    sam.post(&routes::why(reference, false), &[("purpose", "supervise")]).await.is(303);
    sam.get(&routes::access(reference)).await.is(200).says("my niece is in it").says("Nobody yet");
    actor(&site, Role::Officer, "otto").await;
    let mut otto = at_desk(&site, "otto").await;
    otto.get(routes::HOME).await;
    otto.post(&routes::why(reference, false), &[("purpose", "help")]).await.is(303);
    otto.get(&routes::access(reference)).await.is(200).says("officer Example").does_not_say("my niece");
    let give = sam.get(&routes::give(reference)).await;
    give.is(200).does_not_say(desk.officer.id.as_str());
    let ended = routes::conflict_ended(reference, desk.officer.id.as_str());
    sam.get(&ended).await.is(200).says("my niece is in it");
    sam.post(&ended, &[("reason", "it was somebody of the same name")]).await.is(303);
    olive.get(&report).await.is(200);
}

#[tokio::test]
async fn a_supervisor_says_that_somebody_has_a_conflict_of_interest() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let reference = desk.reference.as_str();
    let mut sam = at_desk(&site, "sam").await;
    sam.get(routes::HOME).await;
    sam.post(&routes::why(reference, false), &[("purpose", "supervise")]).await.is(303);
    let page = routes::conflict_of(reference);
    sam.get(&page).await.is(200);
    sam.post(&page, &[("who", "nobody"), ("words", "x")])
        .await
        .is(422)
        .says("Nobody who sees reports has this user name");
    sam.post(&page, &[("who", "olive"), ("words", "coaches the team")]).await.is(303);
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&routes::report(reference)).await.is(403);
    let mut auditor = site.signed_in(Role::Auditor).await;
    auditor.get(&routes::looked_at(reference)).await.is(200);
    sam.post(&page, &[("who", "auditor"), ("words", "a cousin")]).await.is(303);
    auditor.get(&routes::looked_at(reference)).await.is(403);
    let list = format!("{}?list=open", routes::REPORTS);
    auditor.get(&list).await.is(200).does_not_say(reference);
}

#[tokio::test]
async fn whoever_took_the_call_passes_it_on_and_can_still_open_it() {
    let site = Site::new();
    actor(&site, Role::CallHandler, "cal").await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Response North").await;
    let mut cal = at_desk(&site, "cal").await;
    let reference = crate::reports::tests::begin(&mut cal).await;
    let pass = routes::pass(&reference);
    cal.get(&pass).await.is(200).says("Response North");
    cal.post(&pass, &[("unit", "Nowhere"), ("reason", "x")]).await.is(422).says("Select the unit");
    let words = "ring the school first";
    let passed = cal.post(&pass, &[("unit", "Response North"), ("reason", words)]).await;
    let told = passed.is(303).to().to_owned();
    cal.get(&told).await.says("is passed on. Tell the other unit now");
    let nobodys = format!("{}?list=nobodys", routes::REPORTS);
    let mut otto = at_desk(&site, "otto").await;
    otto.get(&nobodys).await.is(200).says(&reference);
    // The first thing that the other unit reads, with the way to take it on.
    let report = routes::report(&reference);
    otto.says_why_itself = false;
    otto.get(&report)
        .await
        .says("Nobody works on this report yet. Passed to Response North")
        .says(words)
        .says(&routes::give(&reference));
    cal.get(&report).await.is(200);
    let beyond = format!("{}?list=beyond", routes::REPORTS);
    cal.get(&beyond).await.is(200).says(&reference);
    // It stays first of what they read, whichever unit has it, and of nobody else's.
    cal.get(routes::HOME)
        .await
        .says("Reports you took (1)")
        .says("My unit&#39;s reports (0)")
        .says(&format!(">{reference}</a>"))
        .does_not_say("has no open reports");
    actor(&site, Role::CallHandler, "kim").await;
    let mut kim = at_desk(&site, "kim").await;
    kim.get(routes::HOME)
        .await
        .says("Reports you took (0)")
        .says("You have taken no report that is still open")
        .does_not_say(&reference);
}

/// Whoever tries reports that are not open to them, or references one after the other, is seen by the auditor.
#[tokio::test]
async fn whoever_is_refused_is_in_the_log() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let reference = desk.reference.as_str();
    let mut otto = at_desk(&site, "otto").await;
    let answers = routes::answers(reference);
    otto.get(&answers).await.is(403);
    otto.get(&routes::report(reference)).await.is(403);
    otto.get(&routes::report("WM-2026-000999")).await.is(403);

    let mut auditor = site.signed_in(Role::Auditor).await;
    let all = auditor.get(routes::AUDIT).await;
    all.is(200).says("Was refused a page of the report").says("Another unit");
    assert_eq!(all.text.matches("Was refused a page").count(), 2);
    let one = auditor.get(&routes::looked_at(reference)).await;
    one.is(200).says("Another unit").says("Refused: it is not open to them");
    // Twice within a quarter of an hour is one entry.
    assert_eq!(one.text.matches("Refused: it is not").count(), 1);
    // A refusal is no look: nobody who was refused has seen it.
    let views = purposes(&site, reference).await;
    assert!(views.iter().all(|(why, _)| !why.contains("Refused")));
}

/// Another report than that of the page is asked for in a field; a refusal is in the log as at its own door.
#[tokio::test]
async fn whoever_is_refused_another_report_than_that_of_the_page_is_in_the_log() {
    let site = Site::new();
    let olive = actor(&site, Role::Officer, "olive").await;
    let desk = Desk::two_friends(&site, olive.clone()).await;
    let elsewhere = StartReport { unit: "Another unit".to_owned(), ..start() };
    let otto = actor(&site, Role::Officer, "otto").await;
    let closed = record::begin(&site.app, &otto, elsewhere, "x").await.unwrap();
    let mut browser = at_desk(&site, "olive").await;
    let linked = routes::linked(&desk.reference);
    browser.get(&linked).await.is(200);
    for reference in [closed.reference(), "WM-2026-000999"] {
        let fields = [("what", "existing"), ("existing_kind", "same-people"), ("existing", reference)];
        let seen = browser.post(&linked, &fields).await;
        seen.is(422).says("is open to you. Check the reference");
    }
    let of = AccessesOf::User(olive.id.as_str().parse().unwrap());
    let noted = site.app.store.accesses(&of, None, 100).await.unwrap();
    let refused = noted.iter().filter(|one| one.kind == AccessKind::ReportRefused.word());
    let told: Vec<_> = refused.map(|one| (one.stream.clone(), one.purpose.as_str())).collect();
    let why = "Refused: it is not open to them";
    assert_eq!(told, [(None, why), (Some(closed.stream.clone()), why)]);
}
