//! From the last task to a closed report: checking, review, outcome, closing and what comes after.

use super::desk::{Desk, FULL};
use super::record::actor;
use super::{Browser, PASSWORD, Site};
use crate::routes;
use crate::shared::access::Role;

/// A browser in which somebody who is there already is signed in.
async fn at_desk<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    let mut browser = site.browser();
    browser.sign_in(name, PASSWORD).await;
    browser
}

/// Shows a page, then sends its form.
async fn fill(browser: &mut Browser<'_>, page: &str, fields: &[(&str, &str)]) -> super::Seen {
    let shown = browser.get(page).await;
    let seen = shown.is(200).hidden("seen");
    let mut fields = fields.to_vec();
    if !seen.is_empty() {
        fields.push(("seen", &seen));
    }
    browser.post(page, &fields).await
}

#[tokio::test]
async fn an_experimental_report_is_reviewed_decided_explained_and_closed() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let reference = desk.reference.as_str();
    let mut officer = at_desk(&site, "olive").await;
    let mut supervisor = at_desk(&site, "sam").await;

    officer.get(&routes::check(reference)).await.is(200).says("About the report").says("Ann").says("Change<");
    officer
        .get(&routes::outcomes(reference))
        .await
        .is(200)
        .says("Not yet")
        .says("Still missing")
        .says("anyway, as a departure from the advice");
    officer.get(&routes::close(reference)).await.is(200).says("What stands in the way").does_not_say("<textarea");
    desk.do_everything().await;

    let ask = routes::ask_for_review(reference);
    officer.get(&ask).await.is(200).says("No supervisor has reviewed this report yet");
    let seen = fill(&mut officer, &ask, &[("note", "please look at the phone")]).await;
    officer.get(seen.is(303).to()).await.is(200).says("A review was asked for on 24 November 2026");
    officer.get(routes::REPORTS).await.says("Waiting for a supervisor (1)");
    supervisor.get(routes::REPORTS).await.is(200).says("Reports to review (1)").says(reference);

    let review = routes::review(reference);
    supervisor
        .get(&review)
        .await
        .is(200)
        .says("please look at the phone")
        .says("What would change the advice")
        .says("black phone");
    let seen = fill(&mut supervisor, &review, &[("verdict", ""), ("reasons", "fine")]).await;
    seen.is(422).says("Select whether you agree or send it back").says("fine</textarea>");
    let seen =
        fill(&mut supervisor, &review, &[("verdict", "send-back"), ("reasons", "say why the phone stays")]).await;
    let back = seen.is(303).to().to_owned();
    supervisor.get(&back).await.is(200).says("Sent back. Its officer reads your reasons first");
    // They are the first thing on the report's own page, and in the line above each of its pages.
    officer
        .get(&routes::report(reference))
        .await
        .is(200)
        .says("say why the phone stays")
        .says("Put right what was sent back");
    officer.get(&ask).await.is(200).says("has sent this report back").says("say why the phone stays");
    fill(&mut officer, &ask, &[("note", "done")]).await.is(303);
    fill(&mut supervisor, &review, &[("verdict", "agree"), ("reasons", "complete and fair")]).await.is(303);
    // Whoever reviewed reads on, and is not asked why.
    supervisor.says_why_itself = true;
    supervisor.get(&routes::report(reference)).await.is(200);
    supervisor.says_why_itself = false;

    officer
        .get(&routes::outcomes(reference))
        .await
        .is(200)
        .says("Open now")
        .says("Make sure of this yourself")
        .does_not_say("To decide again")
        .says("Decide Outcome 21<");
    let decide = routes::outcome(reference, "21");
    let seen = fill(&mut officer, &decide, &[]).await;
    seen.is(422).says("Select what the outcome is for").says("Write the reason for this outcome");
    let fields = [("for", "report"), ("for", "A"), ("for", "B"), ("reason", "not in the public interest")];
    let seen = fill(&mut officer, &decide, &fields).await;
    officer
        .get(seen.is(303).to())
        .await
        .is(200)
        .says("The outcome was recorded")
        .says("not in the public interest")
        .says("The report, Ann, Ben: Outcome 21")
        .says("What follows from it")
        .says(&routes::task(reference, "outcome-explained:A"))
        .says("To decide again");

    let close = routes::close(reference);
    officer.get(&close).await.is(200).says("outcome-explained:A");
    let seen = officer.post(&close, &[]).await;
    seen.is(422).says("href=\"#outcome-explained:A\"").says("id=\"outcome-explained:A\"");
    desk.do_everything().await;
    fill(&mut officer, &close, &[("note", "explained to both")]).await.is(303);
    officer
        .get(&close)
        .await
        .is(200)
        .says("This report is closed")
        .says("Outcome 21")
        .does_not_say("Open the report again");

    afterwards(&site, reference, &mut officer, &mut supervisor).await;
}

async fn afterwards(site: &Site, reference: &str, officer: &mut Browser<'_>, supervisor: &mut Browser<'_>) {
    let addendum = routes::addendum(reference);
    fill(officer, &addendum, &[("text", "  ")]).await.is(422).says("Write what you want to add");
    fill(officer, &addendum, &[("text", "the school rang")]).await.is(303);
    officer.get(&routes::close(reference)).await.is(200).says("the school rang");
    let timeline = officer.get(&routes::timeline(reference)).await;
    timeline.is(200).says("Closed").says("Outcome 21").says("complete and fair");
    let newest = timeline.text.find("the school rang").unwrap();
    assert!(newest < timeline.text.find("complete and fair").unwrap());
    let earlier =
        timeline.does_not_say("Report begun").text.split("href=\"").find(|link| link.contains("before=")).unwrap();
    let earlier = earlier.split('"').next().unwrap();
    officer.get(earlier).await.is(200).says("Report begun").does_not_say("the school rang").says("Back to the latest");

    let mut auditor = site.signed_in(Role::Auditor).await;
    auditor
        .get(&routes::looked_at(reference))
        .await
        .is(200)
        .says("Review")
        .says("auditor Example")
        .says("Routine audit")
        .does_not_say("Experimental");
    officer.get(&routes::looked_at(reference)).await.is(403);

    let reopen = routes::reopen(reference);
    officer.get(&reopen).await.is(403);
    fill(supervisor, &reopen, &[("reason", "")]).await.is(422).says("Say why the report is opened again");
    fill(supervisor, &reopen, &[("reason", "a third child")]).await.is(303);
    supervisor.get(&reopen).await.is(409).says("open already");
    officer.get(&routes::close(reference)).await.is(200).does_not_say("This report is closed");
}

#[tokio::test]
async fn departing_needs_the_full_record_and_stays_visible() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    desk.facts(&["person.B.threatened=yes"]).await;
    let reference = desk.reference.as_str();
    let mut officer = at_desk(&site, "olive").await;
    let decide = routes::outcome(reference, "21");
    officer.get(&decide).await.is(200).says("Blocked").says("The report is aggravated").does_not_say("checked");
    let seen = fill(&mut officer, &decide, &[("for", "report"), ("reason", "he is sorry")]).await;
    let seen = seen.is(422).says("he is sorry</textarea>").says("Write the options you considered");
    for (step, _) in FULL {
        seen.says(&format!("href=\"#{step}\"")).says(&format!("id=\"{step}\""));
    }
    let mut fields = vec![("for", "report"), ("reason", "he is sorry")];
    fields.extend(FULL);
    fill(&mut officer, &decide, &fields).await.is(303);
    officer
        .get(&routes::outcomes(reference))
        .await
        .is(200)
        .says("departs from the advice")
        .says("No outcome of their own")
        .says("had something done to them");
    let mut supervisor = at_desk(&site, "sam").await;
    supervisor.get(&routes::review(reference)).await.is(200).says("Departs from the advice").says("the other ways");
    officer.get(&routes::close(reference)).await.is(200).says("A supervisor has not agreed");
}

#[tokio::test]
async fn nobody_reviews_what_they_work_on_or_is_coached() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Supervisor, "sam").await).await;
    actor(&site, Role::Officer, "olive").await;
    let review = routes::review(&desk.reference);
    let mut supervisor = at_desk(&site, "sam").await;
    let shown = supervisor.get(&review).await;
    shown.is(200).says("You cannot review this report").does_not_say("name=\"verdict\"");
    let seen = fill(&mut supervisor, &review, &[("verdict", "agree"), ("reasons", "mine")]).await;
    seen.is(409).says("You cannot review this report");
    let mut officer = at_desk(&site, "olive").await;
    officer.get(&review).await.is(200).does_not_say("What would change the advice").does_not_say("Your review");
    officer.post(&review, &[("verdict", "agree"), ("reasons", "x")]).await.is(403);
    let mut handler = site.signed_in(Role::CallHandler).await;
    handler.get(&routes::outcomes(&desk.reference)).await.is(200).does_not_say("Decide Outcome");
    handler.get(&routes::outcome(&desk.reference, "21")).await.is(403);
    for missing in ["99", "x", "21%20"] {
        supervisor.get(&routes::outcome(&desk.reference, missing)).await.is(404);
    }
}

#[tokio::test]
async fn pictures_and_too_much_text_are_refused_and_nothing_is_lost() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut officer = at_desk(&site, "olive").await;
    let long = "word ".repeat(4000);
    for (page, field) in [
        (routes::ask_for_review(&desk.reference), "note"),
        (routes::outcome(&desk.reference, "21"), "reason"),
        (routes::addendum(&desk.reference), "text"),
    ] {
        for bad in ["see data:image/png;base64,iVBORw0KGgo", "https://example.org/a.jpg", &long] {
            let seen = fill(&mut officer, &page, &[(field, bad)]).await;
            seen.is(422).says(bad.trim()).says(&format!("href=\"#{field}\""));
        }
    }
}
