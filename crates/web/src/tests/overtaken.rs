//! An outcome whose facts have changed since is told first wherever somebody could act on it; what the law does not allow is not
//! offered; and whoever entered an answer that counts does not agree to it.

use guidance::Value;
use report::{Command, DecideOutcome, Ndm, StateFact};

use super::desk::{Desk, FULL};
use super::record::actor;
use super::{PASSWORD, Site};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::act_as;

const TOLD: &str = "It can no longer stand as it was decided. Decide again, and tell whoever acted on it.";

fn charge(person: &str) -> Command {
    let step = |name: &str| FULL.iter().find(|(step, _)| *step == name).unwrap().1.to_owned();
    Command::DecideOutcome(DecideOutcome {
        code: "1".to_owned(),
        report: false,
        persons: vec![person.parse().unwrap()],
        reason: "blackmail".to_owned(),
        ndm: Ndm {
            information: step("information"),
            threat_and_risk: step("threat_and_risk"),
            powers_and_policy: step("powers_and_policy"),
            options: step("options"),
            action_and_review: step("action_and_review"),
        },
    })
}

#[tokio::test]
async fn a_charge_on_facts_that_have_changed_is_told_first() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let (mut officer, mut supervisor) = (site.browser(), site.browser());
    officer.sign_in("olive", PASSWORD).await;
    supervisor.sign_in("sam", PASSWORD).await;
    desk.facts(&["person.B.extorted=yes", "report.sufficient_evidence=yes"]).await;
    desk.do_everything().await;
    desk.act(charge("B")).await;
    let report = routes::report(&desk.reference);
    let outcomes = routes::outcomes(&desk.reference);
    for page in [&report, &outcomes] {
        officer.get(page).await.is(200).does_not_say(TOLD);
    }
    desk.facts(&["person.B.age=9"]).await;
    for page in [&report, &outcomes] {
        officer
            .get(page)
            .await
            .is(200)
            .says("Outcome 1 for Ben was decided on facts that have changed.")
            .says(TOLD)
            .says("Then: 14 years. Now: 9 years.")
            .says("no criminal responsibility");
    }
    officer.get(&outcomes).await.says("Still to decide for: ").says("It no longer stands as it was decided");
    supervisor.get(&routes::review(&desk.reference)).await.is(200).says(TOLD).says("Then: 14 years. Now: 9 years.");
}

#[tokio::test]
async fn what_the_law_does_not_allow_is_not_offered_and_what_criminalises_least_comes_first() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut officer = site.browser();
    officer.sign_in("olive", PASSWORD).await;
    let page = officer.get(&routes::outcomes(&desk.reference)).await;
    page.is(200)
        .says("The law does not allow it here")
        .does_not_say("Decide Outcome 3 ")
        .does_not_say("Decide Outcome 11 ")
        .says("Decide Outcome 1 anyway");
    let at = |code: &str| page.text.find(&format!("id=\"outcome-{code}\"")).unwrap();
    assert!(at("21") < at("8"), "Outcome 21 before community resolution");
    officer.get(&routes::outcome(&desk.reference, "11")).await.does_not_say("value=\"B\"");
}

#[tokio::test]
async fn nobody_agrees_to_an_answer_of_their_own() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let sam = actor(&site, Role::Supervisor, "sam").await;
    let mut supervisor = site.browser();
    supervisor.sign_in("sam", PASSWORD).await;
    let review = routes::review(&desk.reference);
    supervisor.get(&review).await.says("Record the review");
    let fact = "person.B.extorted".parse().unwrap();
    let stated = Command::StateFacts(vec![StateFact::police(fact, Value::word("yes"))]);
    let opened = desk.opened().await;
    act_as(&site.app, &sam, opened, stated, "theirs").await.unwrap();
    supervisor
        .get(&review)
        .await
        .is(200)
        .does_not_say("Record the review")
        .says("You entered these yourself:")
        .says("blackmail");
}
