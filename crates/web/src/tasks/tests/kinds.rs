//! What each kind of record takes, and what it refuses.

use report::{Command, DecideOutcome, Ndm, TaskState};

use super::desk::{Desk, do_it, mistakes_lead_somewhere};
use super::work::{entered, work};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::Desk as Friends;
use crate::tests::record::actor;
use crate::tests::{PASSWORD, Site};

#[tokio::test]
async fn every_kind_of_task_is_done_on_its_page() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    for job in work() {
        let (duty, page) = (job.duty, desk.task(job.duty));
        assert_ne!(desk.state(duty).await, TaskState::Done, "{duty}");
        browser
            .get(&page)
            .await
            .is(200)
            .says("How to do it")
            .says("Why this is asked")
            .says("Immediate concern")
            .does_not_say(" checked>");
        let seen = browser.post(&page, &[]).await;
        seen.is(422);
        assert_eq!(mistakes_lead_somewhere(&seen), job.mistakes, "{duty}");
        do_it(&desk, &mut browser, duty, &job.fields).await;
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
    }
    let seen = browser.get(&desk.task("checks:A")).await;
    seen.says("no access tonight")
        .says("seen at the same address")
        .says("6 of 6 systems entered")
        .says("Look something up again");
    let seen = browser.get(&desk.task("initial-account:A")).await;
    seen.says("24 November 2026 at 8:30am");
    let seen = browser.get(&desk.task("signposting:A")).await;
    seen.says("Ada and her mother").says("24 November 2026 at 9:00am");
}

#[tokio::test]
async fn nothing_that_was_entered_is_lost_and_every_mistake_is_told_at_once() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("child-protection-referral:A");
    browser.get(&page).await;
    let seen = browser
        .post(
            &page,
            &[
                ("to", ""),
                ("means", "pigeon"),
                ("at", "then"),
                ("at.day", "32/11/2026"),
                ("at.time", "9:00"),
                ("reference", "R-<1>"),
            ],
        )
        .await;
    seen.is(422)
        .says("Enter whom it was sent to")
        .says("Select how it was sent")
        .says("There is no 32 November 2026")
        .says("R-&#60;1&#62;")
        .says("32/11/2026");
    assert_eq!(mistakes_lead_somewhere(&seen), 3);
    // A picture turned into text is refused kindly, on every free text.
    let page = desk.task("identify:C");
    browser.get(&page).await;
    let seen = browser.post(&page, &[("note", "see https://example.test/a.jpg")]).await;
    seen.is(422).says("Waymark never holds or links to imagery");
    let seen = browser.post(&page, &[("note", "later, see the log")]).await;
    seen.is(303);
    // In the future it cannot have been done.
    let page = desk.task("initial-account:A");
    browser.get(&page).await;
    let seen = browser
        .post(
            &page,
            &[
                ("taken_by", "me"),
                ("at", "then"),
                ("at.day", "25/11/2026"),
                ("at.time", "9:00"),
                ("setting", "x"),
                ("needs_met", "x"),
            ],
        )
        .await;
    seen.is(422).says("This time is in the future");
}

#[tokio::test]
async fn checks_are_entered_one_by_one_and_the_rest_stays_open() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let first = [("pnc.result", "done"), ("pnc", "S-1")];
    do_it(&desk, &mut browser, "checks:B", &first).await;
    assert_eq!(desk.state("checks:B").await, TaskState::PartDone);
    let page = desk.task("checks:B");
    let seen = browser.get(&page).await;
    seen.says("1 of 6 systems entered").says("name=\"pnd\"");
    let seen = browser.post(&page, &[("pnd.result", "done"), ("visor", "S-3")]).await;
    seen.is(422)
        .says("ViSOR (dangerous persons database): say whether it was looked up")
        .says(": enter the reference of the search, or why it cannot be done");
    assert_eq!(mistakes_lead_somewhere(&seen), 2);
    let again = [("pnc.result", "cannot"), ("pnc", "down")];
    do_it(&desk, &mut browser, "checks:B", &again).await;
    browser.get(&page).await.says("down").says("1 of 6 systems entered");
}

#[tokio::test]
async fn checks_that_showed_nothing_are_entered_at_once_and_each_keeps_its_own_answer() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("checks:B");
    let shown = browser.get(&page).await;
    shown.is(200).says("All systems at once").does_not_say("checked");
    for (field, value, says) in [
        ("all.nothing", "yes", "Enter the reference of the search, or who searched and when"),
        ("all", "S-9", "Say that nothing was found on any of them"),
    ] {
        let seen = browser.post(&page, &[(field, value)]).await;
        seen.is(422).says(says);
        assert_eq!(mistakes_lead_somewhere(&seen), 1, "{field}");
    }
    assert_eq!(desk.state("checks:B").await, TaskState::Due, "nothing is kept by half an answer");
    let sent =
        [("all.nothing", "yes"), ("all", "S-9, 9:30"), ("visor.result", "cannot"), ("visor", "no access tonight")];
    do_it(&desk, &mut browser, "checks:B", &sent).await;
    let seen = browser.get(&page).await;
    seen.says("no access tonight").says("S-9, 9:30").does_not_say("All systems at once");
    assert_eq!(seen.text.matches(">S-9, 9:30<").count(), 5, "{}", seen.text);
    let nothing = ">Nothing that matters here (entered for all systems at once)<";
    assert_eq!(seen.text.matches(nothing).count(), 5, "{}", seen.text);
    let unseen = seen.says("Could not be looked up").does_not_say("Nothing noted");
    assert_eq!(unseen.text.matches(">Not known<").count(), 1);
    assert_eq!(desk.state("checks:B").await, TaskState::Done);
}

#[tokio::test]
async fn without_a_place_one_is_added_or_said_why_none_is_known() {
    let desk = Desk::new().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let seen = browser.get(&desk.task("checks:location")).await;
    seen.is(200).says("Add a place").says("Why is no place known yet?");
    let seen = browser.post(&desk.task("checks:location"), &[("no_place", "")]).await;
    seen.is(422).says("Add the places that matter first");
    assert_eq!(mistakes_lead_somewhere(&seen), 1);
    let why = [("no_place", "The caller would not say where")];
    do_it(&desk, &mut browser, "checks:location", &why).await;
    browser.get(&desk.task("checks:location")).await.says("The caller would not say where").does_not_say("0 of 0");
}

#[tokio::test]
async fn whoever_stepped_in_records_that_and_not_a_referral() {
    let desk = Desk::full().await;
    desk.facts("person.A.self_harm_or_suicide=yes").await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "immediate-referral:A";
    let page = desk.task(duty);
    let shown = browser.get(&page).await;
    shown.says("Police protection").says("It was referred").does_not_say(" checked>");
    // What was typed for the other of the two is not dropped.
    let both = [("done", "police-protection"), ("to", "Social care"), ("stepped_at", "now")];
    let seen = browser.post(&page, &both).await;
    seen.is(422).says("This does not go with what you said above").says("Social care");
    assert_eq!(mistakes_lead_somewhere(&seen), 2);
    let other = [("done", "other"), ("by", "PC Example"), ("stepped_at", "now")];
    browser.post(&page, &other).await.is(422).says("Say what was done");
    let stepped =
        [("done", "police-protection"), ("by", "PC Example"), ("stepped_at", "now"), ("words", "With her aunt")];
    do_it(&desk, &mut browser, duty, &stepped).await;
    // Done once somebody who looks after children has taken it on.
    assert_eq!(desk.state(duty).await, TaskState::PartDone);
    browser.get(&routes::report(&desk.reference)).await.says("It is done once a referral is taken too");
    browser
        .get(&page)
        .await
        .says("Stepped in")
        .says("9:00am, by PC Example")
        .says("With her aunt")
        .does_not_say("Record that it arrived");
    // Other referrals have nothing that stands in for them.
    let referral = desk.task("child-protection-referral:A");
    browser.get(&referral).await.does_not_say("Police protection");
}

#[tokio::test]
async fn a_possible_class_is_put_down_for_a_part_and_what_waits_says_for_what() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut browser = site.browser();
    browser.sign_in("olive", PASSWORD).await;
    let task = |duty| routes::task(&desk.reference, duty);
    browser
        .get(&task("crime-record"))
        .await
        .is(200)
        .says("Ann&#39;s part")
        .does_not_say("By whom")
        .does_not_say("Confirm with");
    // Nothing is left to ask or to do before the outcome.
    desk.do_everything().await;
    browser
        .get(&task("deletion-advice:A"))
        .await
        .is(200)
        .says("The text below says what applies if it is. It depends on")
        .says("which outcome is decided")
        .does_not_say("on what is not known yet");
}

#[tokio::test]
async fn one_visit_is_typed_once_and_counts_for_everybody_who_was_told() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("next-steps-child:A");
    browser
        .get(&page)
        .await
        .is(200)
        .says("Was this done for these too?")
        .says("value=\"next-steps-parent:A\"")
        .says("value=\"questions-answered:B\"")
        .does_not_say("value=\"signposting:A\"")
        .does_not_say(" checked>");
    let mut told = entered("next-steps-child:A");
    told.extend([("also", "next-steps-parent:A"), ("also", "questions-answered:A")]);
    do_it(&desk, &mut browser, "next-steps-child:A", &told).await;
    for duty in ["next-steps-child:A", "next-steps-parent:A", "questions-answered:A"] {
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
        browser.get(&desk.task(duty)).await.says("Will school know?");
    }
    assert_eq!(desk.state("next-steps-child:B").await, TaskState::Due);
    // What is no telling is not done by it, and then nothing is.
    let page = desk.task("next-steps-child:B");
    browser.get(&page).await;
    let mut told = entered("next-steps-child:A");
    told.push(("also", "vpa:B"));
    browser.post(&page, &told).await.is(422);
    for duty in ["next-steps-child:B", "vpa:B"] {
        assert_eq!(desk.state(duty).await, TaskState::Due, "{duty}");
    }
}

#[tokio::test]
async fn advice_to_delete_asks_whether_it_was_given_and_then_what_they_say_was_deleted() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.do_everything().await;
    // Nobody is told of an outcome that a supervisor has not agreed to.
    desk.agreed(&actor(&site, Role::Supervisor, "sam").await).await;
    desk.act(Command::DecideOutcome(DecideOutcome {
        code: "21".to_owned(),
        report: true,
        persons: vec!["A".parse().unwrap(), "B".parse().unwrap()],
        reason: "proportionate".to_owned(),
        ndm: Ndm::default(),
    }))
    .await;
    let mut browser = site.browser();
    browser.sign_in("olive", PASSWORD).await;
    let page = routes::task(&desk.reference, "deletion-advice:A");
    const DELETED: &str = "Do they say that the images and messages are deleted?";
    browser
        .get(&page)
        .await
        .is(200)
        .says("Was the advice given?")
        .says(DELETED)
        .does_not_say("Has it been done?")
        .does_not_say(" checked>");
    let given =
        [("who", "Ann and her mother"), ("told", "yes"), ("by", "PC Example"), ("means", "in-person"), ("at", "now")];
    for (then, when, says) in [
        ("later", "", "Enter when it will be done, as far as they say"),
        ("done", "tonight", "You said when it will be done"),
        ("", "tonight", "You said when it will be done"),
    ] {
        let sent = [&given[..], &[("came_of_it", then), ("came_of_it_when", when)]].concat();
        let seen = browser.post(&page, &sent).await;
        seen.is(422).says(says);
        assert_eq!(mistakes_lead_somewhere(&seen), 1, "{then} {when}");
    }
    for (then, when, says) in
        [("", "", "Done"), ("later", "tonight", "Not yet, it will be: tonight"), ("done", "", DELETED)]
    {
        let sent = [&given[..], &[("came_of_it", then), ("came_of_it_when", when)]].concat();
        browser.get(&page).await;
        browser.post(&page, &sent).await.is(303);
        browser.get(&page).await.says(says);
    }
    // Where the usual words can be read one way only they stand, and nothing of it is asked.
    let told = routes::task(&desk.reference, "outcome-explained:A");
    browser.get(&told).await.says("Has it been done?").does_not_say("name=\"came_of_it\"");
}
