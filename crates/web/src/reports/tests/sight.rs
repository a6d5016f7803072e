//! What has to be seen at once: danger that an answer says, a class that turned, what does not fit, what comes first.

use super::{add, answer, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn danger_in_an_answer_is_as_urgent_as_a_concern_that_was_raised() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    let alert = format!("Immediate concern in <a href=\"{}\">", routes::report(&reference));
    browser.get(routes::HOME).await.does_not_say(&alert);
    answer(&mut browser, &reference, "person.A.self_harm_or_suicide", "yes").await.is(303);
    browser.get(routes::HOME).await.says(&alert);
    // Whether she is missing changes no advice any more, and is asked all the same.
    browser.get(&routes::report(&reference)).await.says("Is Mia missing now?");
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor.get(routes::HOME).await.says(&alert);
    supervisor.get(&format!("{}?list=unit", routes::REPORTS)).await.says("Act now: immediate concern");
}

#[tokio::test]
async fn whoever_took_the_call_is_told_to_pass_it_on() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::CallHandler).await;
    let reference = begin(&mut browser).await;
    let pass = format!("<a href=\"{}\">Pass it now to the unit that will attend</a>", routes::pass(&reference));
    browser.get(&routes::report(&reference)).await.says(&pass);
    browser.get(&routes::concern(&reference)).await.says(&pass);
    let mut officer = site.signed_in(Role::Officer).await;
    let own = begin(&mut officer).await;
    officer.get(&routes::concern(&own)).await.does_not_say("Pass it now");
}

#[tokio::test]
async fn that_it_became_aggravated_is_told_at_once() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    add(&mut browser, &reference, "Dan", "16", &["received"]).await;
    let to = answer(&mut browser, &reference, "person.B.threatened", "yes").await;
    browser
        .get(to.is(303).to())
        .await
        .says("and is now <strong>Aggravated</strong>")
        .says("Somebody was threatened")
        .says("New to do")
        .says(&routes::task(&reference, "interview-decision:B"));
    // Why a child did it names a ground of the other class, and is not asked any more.
    browser.get(&routes::report(&reference)).await.does_not_say("Why did Mia do it");
}

#[tokio::test]
async fn that_parents_must_not_be_told_is_told_at_once() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    let to = answer(&mut browser, &reference, "person.A.telling_parents_unsafe", "yes").await;
    browser.get(to.is(303).to()).await.says("Do this now").says("Send nothing to the home");
}

#[tokio::test]
async fn what_does_not_fit_leads_to_the_answers_that_do_not() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    answer(&mut browser, &reference, "report.imagery", "no").await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("yet somebody is pictured")
        .says("One of these answers has to change")
        .says(&format!("<a href=\"{}\">Is there an image", routes::question(&reference, "report.imagery")));
    // It is a "No" that stays in sight.
    browser.get(&routes::answers(&reference)).await.does_not_say("No to 1 question");
}

#[tokio::test]
async fn nobody_is_named_in_what_is_asked_of_anybody() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let anybody = routes::anybody(&reference);
    let before = routes::question(&reference, "");
    loop {
        let next = browser.get(&routes::next_question(&reference)).await;
        let next = next.is(303).to();
        if next == anybody {
            break;
        }
        let fact = next.strip_prefix(&before).unwrap();
        let value = if fact == "report.act_on" { "20/11/2026" } else { "no" };
        answer(&mut browser, &reference, fact, value).await.is(303);
    }
    browser
        .get(&routes::report(&reference))
        .await
        .says(&format!("<a href=\"{anybody}\">Did anything make it worse?"))
        .does_not_say("Did Mia sexually")
        .does_not_say("Did Mia threaten");
}
