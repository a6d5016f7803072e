//! Questions and answers.

use super::{add, answer, answer_all, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn an_experimental_report_is_asked_to_the_end() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "made", "sent"]).await;
    add(&mut browser, &reference, "Leo", "15", &["received"]).await;
    let answers = [("imagery", "yes"), ("aware", "yes"), ("willing", "yes"), ("reason", "established-relationship")];
    let asked = answer_all(&mut browser, &reference, &answers).await;
    let anybody = asked.iter().filter(|page| page.ends_with("/anybody")).count();
    assert_eq!(anybody, 1, "the nine are asked once: {asked:?}");
    assert!(asked.len() < 40, "{}", asked.len());
    browser
        .get(&routes::report(&reference))
        .await
        .is(200)
        .says("Experimental")
        .says("Do not view, copy")
        .says("Immediate concern")
        .says("Mia")
        .says(&routes::task(&reference, "vpa:A"))
        .says("in 24 hours")
        .does_not_say("{person}");
    browser.get(&routes::answers(&reference)).await.is(200).says("How old was Mia").says("14 years");
    browser.get(&routes::involved(&reference)).await.is(200).says("Leo").says("Person involved");
    // What was settled turns by one answer: it is told, with why and what it brings, and not found out.
    let turned = answer(&mut browser, &reference, "person.B.extorted", "yes").await;
    browser
        .get(turned.is(303).to())
        .await
        .is(200)
        .says("The class was <strong>Experimental</strong> and is now <strong>Aggravated</strong>")
        .says("There is extortion or blackmail")
        .says("New to do")
        .says(&routes::task(&reference, "interview-decision:B"));
}

#[tokio::test]
async fn the_day_it_happened_is_a_day_and_not_in_the_future() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let page = routes::question(&reference, "report.act_on");
    browser.get(&page).await.is(200).says("On what day did it happen?").says("Like 24/11/2026");
    for (typed, known, says) in [
        ("", "", "Enter the day it happened"),
        ("31/02/2026", "", "There is no 31 February 2026"),
        ("last summer", "", "Enter the day it happened"),
        ("25/11/2026", "", "This day is in the future"),
        ("20/11/2026", "not-known", "not both"),
    ] {
        let sent = [("report.act_on", typed), ("report.act_on.known", known)];
        browser.post(&page, &sent).await.is(422).says(says).says(typed);
    }
    browser.post(&page, &[("report.act_on.known", "not-known")]).await.is(303);
    let seen = browser.get(&page).await.hidden("seen");
    // A page that does not say what it showed showed nothing: what is there by now is not put over.
    let day = ("report.act_on", "20/11/2026");
    browser.post(&page, &[day]).await.is(409);
    browser.post(&page, &[day, ("seen", &seen)]).await.is(303);
    browser.get(&routes::answers(&reference)).await.says("On what day did it happen?").says("20 November 2026");
    browser.get(&page).await.says("value=\"2026-11-20\"");
}

#[tokio::test]
async fn a_question_left_out_is_asked_again_by_name() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    for (fact, says) in [
        ("person.A.threatened", "Select an answer, or not known yet: Did Mia"),
        ("person.A.part", "Select at least one answer: What part does Mia"),
    ] {
        let page = routes::question(&reference, fact);
        let seen = browser.post(&page, &[]).await;
        seen.is(422).says(says).does_not_say("this person");
    }
}

#[tokio::test]
async fn a_planned_meeting_with_open_checks_is_the_first_thing_to_do() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let home = routes::report(&reference);
    browser.get(&home).await.is(200).does_not_say("is planned, and");
    answer(&mut browser, &reference, "report.multi_agency_meeting_planned", "yes").await.is(303);
    let shown = browser.get(&home).await;
    shown.says("A meeting with other agencies is planned, and 2 checks on police systems are not done");
    let (_, now) = shown.text.split_once("id=\"now\"").unwrap();
    let (now, _) = now.split_once("id=\"ask\"").unwrap();
    assert!(now.contains("Check Mia on all police systems") && now.contains("Check the places"), "{now}");
}

#[tokio::test]
async fn the_day_something_happened_is_kept_with_the_answer() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    let page = routes::question(&reference, "report.imagery");
    let seen = browser.get(&page).await.hidden("seen");
    for (day, says) in [
        ("1/1/2099", Some("This day is in the future")),
        ("last week", Some("Enter the day it happened")),
        ("20/11/2026", None),
    ] {
        let sent = [("report.imagery", "yes"), ("seen", seen.as_str()), ("happened_on", day)];
        let came = browser.post(&page, &sent).await;
        match says {
            Some(says) => came.is(422).says(says),
            None => came.is(303),
        };
    }
    browser
        .get(&routes::answer(&reference, "report.imagery"))
        .await
        .says("It happened on 20 November 2026")
        .says("24 November 2026 at 9:00am by officer Example");
}

#[tokio::test]
async fn what_falls_away_is_shown_and_what_differs_is_chosen() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    answer(&mut browser, &reference, "person.A.willing", "yes").await.is(303);
    let part = "person.A.part";
    let seen = answer(&mut browser, &reference, part, "received").await;
    assert!(seen.is(303).to().contains("/changed?since="), "{}", seen.to());
    browser.get(seen.to()).await.is(200).says("willing for the image to be made").says("<strong>Yes</strong>");

    let fact = "report.imagery";
    answer(&mut browser, &reference, fact, "yes").await.is(303);
    let page = routes::question(&reference, fact);
    let shown = browser.get(&page).await;
    let seen = shown.hidden("seen");
    let sent = [(fact, "no"), ("seen", &*seen), ("said_by", "reporter")];
    let after = browser.post(&page, &sent).await;
    assert_eq!(after.is(303).to(), routes::answer(&reference, fact));
    let one = routes::answer(&reference, fact);
    browser.get(&one).await.is(200).says("nobody has chosen");
    browser.post(&one, &[("statement", "")]).await.is(422).says("Select the answer that counts").says("Say why");
    let statement = |text: &str| {
        text.split("name=\"statement\" type=\"radio\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let first = statement(&browser.get(&one).await.text);
    browser.post(&one, &[("statement", &first), ("reason", "Seen by an officer")]).await.is(303);
    browser.get(&one).await.says("What counts now: <strong>Yes</strong>").does_not_say("nobody has chosen");
    browser.get(&routes::take_back(&reference, first.parse().unwrap())).await.is(200);
    browser.post(&routes::take_back(&reference, first.parse().unwrap()), &[]).await.is(422);
    browser.post(&routes::take_back(&reference, first.parse().unwrap()), &[("reason", "A slip")]).await.is(303);
    browser.get(&one).await.says("Withdrawn: A slip").says("What counts now: <strong>No</strong>");
}

#[tokio::test]
async fn two_officers_with_two_answers_both_see_both() {
    let site = Site::new();
    let mut one = site.signed_in(Role::Officer).await;
    let mut two = site.signed_in(Role::Supervisor).await;
    let reference = begin(&mut one).await;
    let page = routes::question(&reference, "report.imagery");
    let seen = two.get(&page).await.hidden("seen");
    answer(&mut one, &reference, "report.imagery", "yes").await.is(303);
    let sent = [("report.imagery", "no"), ("seen", seen.as_str()), ("note", "the school says so")];
    two.post(&page, &sent)
        .await
        .is(409)
        // What was written beside the answer can be taken over.
        .says("the school says so")
        .says("Two answers to one question")
        .says("Leave it as it was saved, and go on")
        .says("Your answer, not saved")
        .says("Saved by officer Example")
        // To answer this question again takes everything along.
        .says("name=\"again\" value=\"yes\"")
        .says("name=\"note\" value=\"the school says so\"")
        .says("name=\"report.imagery\" value=\"no\"");
    let again = [("again", "yes"), ("report.imagery", "no"), ("note", "the school says so")];
    let filled = two.post(&page, &again).await;
    filled
        .is(200)
        .says("value=\"no\" checked")
        .does_not_say("value=\"yes\" checked")
        .says("the school says so</textarea>");
    let now =
        [again[1], again[2], ("seen", &filled.hidden("seen")), ("said_by", "other"), ("said_by_other", "The school")];
    // Nothing was kept before it was saved, and then it is.
    one.get(&routes::answer(&reference, "report.imagery")).await.does_not_say("the school says so");
    two.post(&page, &now).await.is(303);
    one.get(&routes::answer(&reference, "report.imagery")).await.says("the school says so");
}

#[tokio::test]
async fn a_concern_is_told_before_the_next_question() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let fact = "person.A.self_harm_or_suicide";
    let seen = answer(&mut browser, &reference, fact, "yes").await;
    let told = browser.get(seen.is(303).to()).await;
    told.is(200)
        .says("Do this now")
        .says("Act now to keep Mia safe")
        .says("Record what you did")
        .says(&routes::task(&reference, "immediate-referral:A"))
        .says("Go on with the questions");
}
