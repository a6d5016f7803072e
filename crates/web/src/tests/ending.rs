//! A report begun by mistake or twice: asked about, looked at by a supervisor, closed without an outcome, and still there.

use super::{Browser, Seen, Site};
use crate::reports::tests::{add, answer, begin};
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
    officer.get(&close).await.is(200).says("Ask to end it without an outcome").says(&end);

    officer.get(&end).await.is(200).says("Nothing is deleted").does_not_say("checked");
    let nothing = officer.post(&end, &[]).await;
    nothing.is(422).says("Select why it should be ended").says("Say how it came to be begun");
    let without = officer.post(&end, &[("why", "same"), ("reason", "rang twice")]).await;
    without.is(422).says("Enter the reference of the report that has the same incident").says("rang twice</textarea>");
    let unknown = [("why", "same"), ("reference", "WM-2026-999999"), ("reason", "rang twice")];
    officer.post(&end, &unknown).await.is(422).says("No report WM-2026-999999 is open to you");
    let itself = [("why", "same"), ("reference", again.as_str()), ("reason", "rang twice")];
    officer.post(&end, &itself).await.is(422).says("A report cannot be linked with itself");

    let sent = [("why", "same"), ("reference", first.as_str()), ("reason", "the school rang twice")];
    let seen = officer.post(&end, &sent).await;
    let asked = format!("to end this report: the same incident as {first}");
    officer.get(seen.is(303).to()).await.is(200).says("It stays open until they agree").says(&asked);
    officer.get(&close).await.is(200).does_not_say("Ask to end it without an outcome");
    officer.get(&routes::report(&first)).await.is(200).says(&format!("Same incident, reported twice: {again}"));

    supervisor.get(routes::REPORTS).await.is(200).says(&again).says("Asked to end");
    let review = routes::review(&again);
    let page = supervisor.get(&review).await;
    page.is(200).says("asks to end this report").says("the school rang twice").says("close it without an outcome");
    let seen = page.hidden("seen");
    let agree = [("verdict", "agree"), ("reasons", "one call, two reports"), ("seen", seen.as_str())];
    let said = supervisor.post(&review, &agree).await;
    supervisor.get(said.is(303).to()).await.is(200).says("The report is closed without an outcome");
    let closed = officer.get(&close).await;
    closed.is(200).says("Ended without an outcome").says("the school rang twice").does_not_say("No outcome");
    let page = officer.get(&routes::report(&again)).await;
    page.is(200)
        .says("Closed")
        .says("Ended without an outcome: ")
        .says("asked for it, and ")
        .says("the school rang twice")
        .does_not_say("There is not enough information yet")
        .does_not_say("Crime recording")
        .does_not_say("Do now</h2>")
        .does_not_say("Check that every child")
        .does_not_say("Go on with the questions");
    officer.get(&routes::timeline(&again)).await.is(200).says(&format!("the same incident as {first}"));
    officer.get(&routes::involved(&again)).await.is(200).says("Ann");
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
    let sent = [("why", "mistake"), ("reason", "a call about something else")];
    officer.post(&routes::end(&reference), &sent).await.says("Somebody may be in danger");
    officer.get(&routes::report(&reference)).await.is(200).does_not_say("to end this report");
}

pub const MISTAKE: &[(&str, &str)] = &[("why", "mistake"), ("reason", "a call about something else")];

/// What is sent to end a report as the same incident as another.
pub fn same_as(reference: &str) -> [(&str, &str); 3] {
    [("why", "same"), ("reference", reference), ("reason", "the school rang twice")]
}

/// What a supervisor sends who read the page.
async fn agree(supervisor: &mut Browser<'_>, reference: &str) -> Seen {
    let review = routes::review(reference);
    let page = supervisor.get(&review).await;
    let seen = page.is(200).hidden("seen");
    let sent = [("verdict", "agree"), ("reasons", "one call, two reports"), ("seen", seen.as_str())];
    supervisor.post(&review, &sent).await
}

#[tokio::test]
async fn of_two_reports_of_one_incident_one_always_goes_on() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let first = begin(&mut officer).await;
    let again = begin(&mut officer).await;
    add(&mut officer, &first, "Bea", "13", &["pictured"]).await;
    add(&mut officer, &again, "Ann", "14", &["pictured"]).await;
    let (end, other_end) = (routes::end(&again), routes::end(&first));
    officer.get(&end).await.is(200).says("look whether everybody in this report is in the other one too (Ann)");
    officer.post(&end, &same_as(&first)).await.is(303);
    let link = format!("href=\"{}\">Open report {first}</a>", routes::report(&first));
    officer.get(&routes::report(&again)).await.says(&link);

    // The other way round the child would be in neither.
    let refused = officer.post(&other_end, &same_as(&again)).await;
    refused
        .is(422)
        .says("is asked to end as well: one of the two has to go on")
        .says("the school rang twice</textarea>");

    // The other one is asked about as well, as begun by mistake: whoever agrees to one sees it and is refused the other.
    officer.post(&other_end, MISTAKE).await.is(303);
    let page = supervisor.get(&routes::review(&again)).await;
    let link = format!("href=\"{}\">Report {first}</a>", routes::report(&first));
    page.is(200).says(&link).says("asked to end, begun by mistake. In it: Bea.");
    for reference in [&again, &first] {
        let refused = agree(&mut supervisor, reference).await;
        refused.is(422).says("one of the two has to go on").says("one call, two reports</textarea>");
    }
    let sent_back = [
        ("verdict", "send-back"),
        ("reasons", "this one goes on"),
        ("seen", &*page_seen(&mut supervisor, &first).await),
    ];
    supervisor.post(&routes::review(&first), &sent_back).await.is(303);
    agree(&mut supervisor, &again).await.is(303);
    officer
        .get(&routes::close(&again))
        .await
        .says(&format!("href=\"{}\">Open report {first}</a>", routes::report(&first)));

    // Once it is ended, the other one cannot be ended for it, nor as begun by mistake.
    let refused = officer.post(&other_end, &same_as(&again)).await;
    refused.is(422).says("was ended without an outcome");
    officer.post(&other_end, MISTAKE).await.is(303);
    let refused = agree(&mut supervisor, &first).await;
    refused.is(422).says("was ended without an outcome");
}

pub async fn page_seen(supervisor: &mut Browser<'_>, reference: &str) -> String {
    let page = supervisor.get(&routes::review(reference)).await;
    page.is(200).hidden("seen")
}

#[tokio::test]
async fn a_second_press_is_taken_as_done_and_the_other_report_learns_of_it_in_the_same_step() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let first = begin(&mut officer).await;
    let again = begin(&mut officer).await;
    let end = routes::end(&again);
    officer.get(&end).await.is(200);
    for _ in 0..2 {
        let sent = officer.post(&end, &same_as(&first)).await;
        assert!(sent.is(303).to().starts_with(&routes::report(&again)));
        let told = officer.get(&routes::timeline(&first)).await;
        told.is(200).says(&again);
    }
    // Another person's, and other words, are another matter: and what was written is still there.
    let refused = officer.post(&end, MISTAKE).await;
    refused.is(422).says("has been asked already").says("a call about something else</textarea>");

    // Sent back, the same may be asked again in the same words.
    let sent_back =
        [("verdict", "send-back"), ("reasons", "two calls"), ("seen", &*page_seen(&mut supervisor, &again).await)];
    supervisor.post(&routes::review(&again), &sent_back).await.is(303);
    officer.post(&end, &same_as(&first)).await.is(303);
    officer.get(&routes::report(&again)).await.says("to end this report");
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_before_anything_is_written() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let reference = begin(&mut officer).await;
    add(&mut officer, &reference, "Ann", "14", &["pictured"]).await;
    let end = routes::end(&reference);
    let fact = "person.A.self_harm_or_suicide";
    answer(&mut officer, &reference, fact, "yes").await.is(303);
    let task = routes::task(&reference, "immediate-referral:A");
    officer
        .get(&end)
        .await
        .is(200)
        .says("What stands in the way")
        .says(&task)
        .does_not_say("Ask a supervisor to end it");
    officer
        .post(&end, MISTAKE)
        .await
        .is(422)
        .says("What you wrote is still here")
        .says("a call about something else</textarea>");
    answer(&mut officer, &reference, fact, "no").await.is(303);
    let safety = routes::safety(&reference);
    let mark = officer.get(&safety).await.is(200).hidden("seen");
    let danger_not_known =
        [("in_danger", "not-known"), ("safe_to_talk", "yes"), ("child_where", "At school"), ("seen", &mark)];
    officer.post(&safety, &danger_not_known).await.is(303);
    officer.get(&end).await.is(200);
    officer.post(&end, MISTAKE).await.is(303);
    supervisor
        .get(&routes::review(&reference))
        .await
        .is(200)
        .says("Whether anybody is in immediate danger is not known yet");
    officer.get(&end).await.is(200).says("has been asked already").does_not_say("Ask a supervisor to end it");
}

#[tokio::test]
async fn a_report_that_was_ended_advises_nothing_on_its_page() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let reference = begin(&mut officer).await;
    add(&mut officer, &reference, "Ann", "14", &["pictured"]).await;
    let device = routes::entry_new(&reference, "devices");
    officer.get(&device).await.is(200);
    let phone = [("label", "Black phone"), ("users", "A")];
    officer.post(&device, &phone).await.is(303);
    let home = routes::report(&reference);
    officer.get(&home).await.is(200).says("Black phone");
    officer.get(&routes::end(&reference)).await.is(200);
    officer.post(&routes::end(&reference), MISTAKE).await.is(303);
    agree(&mut supervisor, &reference).await.is(303);
    officer.get(&home).await.is(200).does_not_say("Why this is advised").does_not_say("Black phone");
}
