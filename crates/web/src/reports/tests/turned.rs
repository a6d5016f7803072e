//! What an answer changes is told at once: what is new to do, what is not to do any more, and what does not fit.

use super::{add, answer, answer_all, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn tasks_that_come_and_fall_away_are_told_though_the_class_stays() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let fact = "person.A.in_care";
    let to = answer(&mut browser, &reference, fact, "yes").await;
    let to = to.is(303).to().to_owned();
    assert!(to.contains("/changed?since="), "{to}");
    let referral = routes::task(&reference, "child-protection-referral:A");
    browser.get(&to).await.is(200).says("New to do").says(&referral).does_not_say("No longer to do");
    let back = answer(&mut browser, &reference, fact, "no").await;
    let back = back.is(303).to().to_owned();
    assert!(back.contains("/changed?since="), "{back}");
    browser
        .get(&back)
        .await
        .is(200)
        .says("No longer to do")
        .does_not_say("New to do")
        .does_not_say("It is done already");
    let nothing = answer(&mut browser, &reference, "person.A.missing_now", "no").await;
    assert!(!nothing.is(303).to().contains("/changed"), "{}", nothing.to());
}

#[tokio::test]
async fn a_date_of_birth_that_does_not_fit_is_told_when_it_is_saved() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    let page = routes::entry_new(&reference, "people");
    browser.get(&page).await.is(200);
    let fields = |born| {
        [("known_as", "Mia"), ("age", "14"), ("identified", "yes"), ("part", "pictured"), ("date_of_birth", born)]
    };
    let says = "By date of birth Mia was 11 when it was reported. The age given is 14. Check which is right";
    let person = routes::entry(&reference, "people", "A");
    let to = browser.post(&page, &fields("01/06/2015")).await;
    assert!(to.is(303).to().starts_with(&person), "{}", to.to());
    let shown = browser.get(to.to()).await;
    shown.is(200).says(says).says("Change the age").says("Change the date of birth");
    let report = browser.get(&routes::report(&reference)).await;
    report.is(200).says(says).says("Change the date of birth");
    let at = |words: &str| report.text.find(words).unwrap();
    assert!(at(says) < at("Go on with the questions"));
    let seen = shown.hidden("seen");
    let right = [("known_as", "Mia"), ("date_of_birth", "01/06/2012"), ("seen", &*seen)];
    let to = browser.post(&person, &right).await;
    assert!(to.is(303).to().starts_with(&routes::involved(&reference)), "{}", to.to());
    browser.get(&person).await.is(200).does_not_say("Check which is right");
}

#[tokio::test]
async fn that_all_was_put_is_not_that_all_is_known() {
    for (answers, says) in [
        (&[("in_care", "not-known")][..], "All questions have been put."),
        (&[][..], "Everything that matters now has been asked"),
    ] {
        let site = Site::new();
        let mut browser = site.signed_in(Role::Officer).await;
        let reference = begin(&mut browser).await;
        add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
        answer_all(&mut browser, &reference, answers).await;
        let page = browser.get(&format!("{}?asked=yes", routes::report(&reference))).await;
        page.is(200).says(says);
        let put = page.text.contains("All questions have been put.");
        assert_eq!(put, !answers.is_empty());
    }
}

#[tokio::test]
async fn whoever_has_the_same_name_is_a_link_away() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    let page = routes::entry_new(&reference, "people");
    let fields = [("known_as", "mia"), ("age", "14"), ("identified", "yes"), ("part", "received")];
    browser.post(&page, &fields).await.is(422).says("If it is the same person, <a href=").says("open Mia</a>");
}
