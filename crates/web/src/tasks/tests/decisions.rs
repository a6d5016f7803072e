//! Decisions and departures: a line where the advice is followed, the full record where it is not.

use report::TaskState;

use super::desk::{Desk, do_it, mistakes_lead_somewhere};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::FULL;

#[tokio::test]
async fn a_device_is_left_in_one_line_and_seized_only_in_full() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("device-decision:D2");
    browser
        .get(&page)
        .await
        .is(200)
        .says("The advice: seize it where possible")
        .says("phone of B")
        .does_not_say("<details class=\"govuk-details\" open>");
    let bare = [("choice", "seize"), ("reason", "he shared it")];
    let seen = browser.post(&page, &bare).await;
    seen.is(422).says("Select the power you rely on").says("<details class=\"govuk-details\" open>");
    assert_eq!(mistakes_lead_somewhere(&seen), 9);
    let full = [
        ("choice", "seize"),
        ("reason", "he shared it"),
        ("information", "i"),
        ("threat_and_risk", "t"),
        ("powers_and_policy", "p"),
        ("options", "o"),
        ("action_and_review", "a"),
        ("power", "pace-s19"),
        ("necessity", "n"),
        ("proportionality", "p"),
        ("lesser_means", "l"),
        ("exhibit", "EX/1"),
    ];
    do_it(&desk, &mut browser, "device-decision:D2", &full).await;
    browser.get(&page).await.says("PACE 1984 s.19").says("EX/1").does_not_say("Departs from the advice");
    // Leaving it against the advice is a departure, and the record says so by itself.
    let seen = browser.post(&page, &[("choice", "leave"), ("reason", "the school holds it")]).await;
    seen.is(422).says("This departs from the advice");
    let seen = browser.post(&page, &[&full[..1], &[("choice", "leave")], &full[1..7]].concat()).await;
    seen.is(303);
    browser.get(&page).await.says("Departs from the advice");
}

#[tokio::test]
async fn departing_needs_full_reasons_and_can_end() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "strategy-meeting";
    let depart = routes::depart(&desk.reference, duty);
    browser.get(&desk.task(duty)).await.says(&depart);
    browser.get(&depart).await.is(200).says("What the guidance asks");
    let seen = browser.post(&depart, &[("reason", "held last week")]).await;
    seen.is(422).says("held last week");
    assert_eq!(mistakes_lead_somewhere(&seen), 5);
    let full = [
        ("reason", "held last week"),
        ("information", "i"),
        ("threat_and_risk", "t"),
        ("powers_and_policy", "p"),
        ("options", "o"),
        ("action_and_review", "a"),
    ];
    browser.post(&depart, &full).await.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Departed);
    browser.get(&desk.task(duty)).await.says("held last week").says("Do it after all");
    browser.get(&depart).await.is(200).says("Do it after all");
    browser.post(&depart, &[("ends", "yes"), ("reason", "")]).await.is(422);
    browser.post(&depart, &[("ends", "yes"), ("reason", "they asked for one")]).await.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Due);
}

#[tokio::test]
async fn whom_the_guidance_names_is_consulted_and_telling_after_all_departs() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    desk.facts("person.A.telling_parents_unsafe=yes").await;
    let page = desk.task("parent-not-told-decision:A");
    browser.get(&page).await.is(200).says("Decided with children&#39;s social care.");
    let told =
        |consulted| [("choice", "do-not"), ("reason", "she asked us to"), ("follows", "yes"), ("consulted", consulted)];
    let seen = browser.post(&page, &told("")).await;
    seen.is(422).says("This departs from the advice");
    assert_eq!(mistakes_lead_somewhere(&seen), 6);
    let full = [&told("Test Social Worker")[..], &FULL].concat();
    do_it(&desk, &mut browser, "parent-not-told-decision:A", &full).await;
    browser.get(&page).await.says("Departs from the advice");
}

#[tokio::test]
async fn what_is_only_offered_is_left_with_a_line() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "education-support:A";
    browser.get(&desk.task(duty)).await.says("leave it, with a line why").does_not_say("depart from this with reasons");
    let leave = routes::depart(&desk.reference, duty);
    browser.get(&leave).await.is(200).says("Why is it not done here?").does_not_say("Powers and policy");
    let seen = browser.post(&leave, &[("reason", "")]).await;
    assert_eq!(mistakes_lead_somewhere(seen.is(422)), 1);
    let sent = browser.post(&leave, &[("reason", "school does it already")]).await;
    sent.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Departed);
    browser.get(&desk.task(duty)).await.says("school does it already");
}
