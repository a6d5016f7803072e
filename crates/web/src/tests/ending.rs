//! A report begun by mistake or twice: asked about, looked at by a supervisor, closed without an outcome, and still there.

use super::Site;
use crate::reports::tests::{add, begin};
use crate::routes;
use crate::shared::access::Role;

#[tokio::test]
async fn a_report_begun_twice_is_ended_once_a_supervisor_agrees() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let first = begin(&mut officer).await;
    let again = begin(&mut officer).await;
    add(&mut officer, &again, "Ann", "14", &["pictured"]).await;
    let (close, end) = (routes::close(&again), routes::end(&again));
    officer
        .get(&close)
        .await
        .is(200)
        .says("Ask to end it without an outcome")
        .says(&end);

    officer
        .get(&end)
        .await
        .is(200)
        .says("Nothing is deleted")
        .does_not_say("checked");
    let nothing = officer.post(&end, &[]).await;
    nothing
        .is(422)
        .says("Select why it should be ended")
        .says("Say how it came to be begun");
    let without = officer
        .post(&end, &[("why", "same"), ("reason", "rang twice")])
        .await;
    without
        .is(422)
        .says("Enter the reference of the report that has the same incident")
        .says("rang twice</textarea>");
    let unknown = [
        ("why", "same"),
        ("reference", "WM-2026-999999"),
        ("reason", "rang twice"),
    ];
    officer
        .post(&end, &unknown)
        .await
        .is(422)
        .says("No report WM-2026-999999 is open to you");
    let itself = [
        ("why", "same"),
        ("reference", again.as_str()),
        ("reason", "rang twice"),
    ];
    officer
        .post(&end, &itself)
        .await
        .is(422)
        .says("A report cannot be linked with itself");

    let sent = [
        ("why", "same"),
        ("reference", first.as_str()),
        ("reason", "the school rang twice"),
    ];
    let seen = officer.post(&end, &sent).await;
    let asked = format!("to end this report: the same incident as {first}");
    officer
        .get(seen.is(303).to())
        .await
        .is(200)
        .says("It stays open until they agree")
        .says(&asked);
    officer
        .get(&close)
        .await
        .is(200)
        .does_not_say("Ask to end it without an outcome");
    officer
        .get(&routes::report(&first))
        .await
        .is(200)
        .says(&format!("Same incident, reported twice: {again}"));

    supervisor
        .get(routes::REPORTS)
        .await
        .is(200)
        .says(&again)
        .says("Asked to end");
    let review = routes::review(&again);
    let page = supervisor.get(&review).await;
    page.is(200)
        .says("asks to end this report")
        .says("the school rang twice")
        .says("close it without an outcome");
    let seen = page.hidden("seen");
    let agree = [
        ("verdict", "agree"),
        ("reasons", "one call, two reports"),
        ("seen", seen.as_str()),
    ];
    let said = supervisor.post(&review, &agree).await;
    supervisor
        .get(said.is(303).to())
        .await
        .is(200)
        .says("The report is closed without an outcome");
    let closed = officer.get(&close).await;
    closed
        .is(200)
        .says("Ended without an outcome")
        .says("the school rang twice")
        .does_not_say("No outcome");
    let page = officer.get(&routes::report(&again)).await;
    page.is(200)
        .says("Closed")
        .does_not_say("Do now</h2>")
        .does_not_say("Check that every child")
        .does_not_say("Go on with the questions");
    officer
        .get(&routes::timeline(&again))
        .await
        .is(200)
        .says(&format!("the same incident as {first}"));
    officer
        .get(&routes::involved(&again))
        .await
        .is(200)
        .says("Ann");
}

#[tokio::test]
async fn nobody_ends_a_report_while_somebody_may_be_in_danger() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let reference = begin(&mut officer).await;
    add(&mut officer, &reference, "Ann", "14", &["pictured"]).await;
    let concern = routes::concern(&reference);
    officer.get(&concern).await.is(200);
    let raised = [("kind", "danger"), ("person", "A"), ("words", "a threat")];
    officer.post(&concern, &raised).await.is(303);
    let sent = [
        ("why", "mistake"),
        ("reason", "a call about something else"),
    ];
    officer
        .post(&routes::end(&reference), &sent)
        .await
        .says("Somebody may be in danger");
    officer
        .get(&routes::report(&reference))
        .await
        .is(200)
        .does_not_say("to end this report");
}
