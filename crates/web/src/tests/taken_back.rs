//! Whoever asked to end a report asks no more: with one button, until a supervisor has answered.

use super::Site;
use super::ending::{MISTAKE, page_seen, same_as};
use crate::reports::tests::begin;
use crate::routes;
use crate::shared::access::Role;

#[tokio::test]
async fn whoever_asked_takes_it_back_with_one_button_and_nobody_else_is_offered_it() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let mut other = site.signed_in(Role::CallHandler).await;
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    let first = begin(&mut officer).await;
    let again = begin(&mut officer).await;
    let (end, home) = (routes::end(&again), routes::report(&again));
    let button = "Withdraw what you asked</button>";
    officer.get(&end).await.does_not_say(button);
    officer.post(&end, &same_as(&first)).await.is(303);
    officer.get(&home).await.says("Withdraw what you asked, if");
    officer.get(&end).await.is(200).says(button).says("the school rang twice").says("the two stay linked");
    for them in [&mut other, &mut supervisor] {
        them.get(&home).await.is(200).does_not_say("Withdraw what");
        them.get(&end).await.is(200).does_not_say(button);
        let refused = them.post(&end, &[("then", "take-back")]).await;
        refused.is(422).says("only they can withdraw it");
    }
    let seen = page_seen(&mut supervisor, &again).await;
    officer.get(&end).await.is(200);
    // A second press is taken as done.
    for _ in 0..2 {
        let sent = officer.post(&end, &[("then", "take-back")]).await;
        officer
            .get(sent.is(303).to())
            .await
            .is(200)
            .says("You withdrew what you asked")
            .does_not_say("to end this report: the same incident");
    }
    supervisor.get(routes::REPORTS).await.does_not_say("Asked to end");
    let agree = [("verdict", "agree"), ("reasons", "one call"), ("seen", seen.as_str())];
    let late = supervisor.post(&routes::review(&again), &agree).await;
    late.is(422).says("The record has changed");
    let told = officer.get(&routes::timeline(&again)).await;
    told.says("Withdrew the request to end this report");
    // And may be asked again.
    officer.get(&end).await.does_not_say(button);
    officer.post(&end, MISTAKE).await.is(303);
    officer.get(&home).await.says("to end this report");
}
