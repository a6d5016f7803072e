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

/// Told once for all outcomes that fell by the same answer, at the moment it is given, and not again at the next one.
#[tokio::test]
async fn an_answer_that_overtakes_an_outcome_says_so_at_once() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut officer = site.browser();
    officer.sign_in("olive", PASSWORD).await;
    desk.facts(&["person.B.extorted=yes", "report.sufficient_evidence=yes"]).await;
    desk.do_everything().await;
    desk.act(charge("B")).await;
    let decided = desk.opened().await.version;
    desk.facts(&["person.B.age=9"]).await;
    let fallen = desk.opened().await.version;
    let again = "See the outcomes and decide again";
    let page = officer.get(&routes::changed(&desk.reference, decided)).await;
    page.is(200).says(TOLD).says("Then: 14 years. Now: 9 years.").says(again);
    assert_eq!(page.text.matches("What has changed:").count(), 1);
    officer.get(&routes::outcomes(&desk.reference)).await.says(TOLD).does_not_say(again);
    desk.facts(&["person.B.in_care=yes"]).await;
    officer.get(&routes::changed(&desk.reference, fallen)).await.is(200).does_not_say(TOLD);
}

/// What was done under the advice of before may have to be put right: that is said where the answer is given.
#[tokio::test]
async fn what_was_done_on_advice_that_turned_is_put_right() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut officer = site.browser();
    officer.sign_in("olive", PASSWORD).await;
    desk.do_everything().await;
    let done = desk.opened().await.version;
    desk.facts(&["person.B.extorted=yes"]).await;
    let page = officer.get(&routes::changed(&desk.reference, done)).await;
    page.is(200)
        .says("It is done already")
        .says("What Ben said was a first account, without a caution.")
        .does_not_say("What Ann said");
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
