//! Forms, referrals, withdrawn entries, and who may do what.

use report::TaskState;

use super::desk::{Desk, do_it, mistakes_lead_somewhere};
use super::work::entered;
use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::FULL;

#[tokio::test]
async fn a_form_is_filled_in_from_what_is_known_and_filed_under_a_reference() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    do_it(&desk, &mut browser, "welfare-check", &entered("welfare-check")).await;
    let page = desk.task("vpa:A");
    let seen = browser.get(&page).await;
    seen.is(200)
        .says("value=\"Ada\"")
        .says("value=\"14 years\"")
        .says(&format!("value=\"{}\"", desk.reference))
        .says("I want it gone")
        .says("value=\"B\"");
    let seen = browser.post(&page, &[]).await;
    seen.is(422);
    assert!(mistakes_lead_somewhere(&seen) >= 8, "{}", seen.text);
    let fields = [
        ("persons", "B"),
        ("name", "Ada"),
        ("age", "14"),
        ("narrative", "She sent it to one boy"),
        ("voice", "I want it gone"),
        ("demeanour", "quiet"),
        ("self_harm", "no"),
        ("other_harm", "not-known"),
        ("concerns", "c"),
        ("action", "a"),
        ("officer", "PC Example"),
        ("consent", "yes"),
    ];
    let seen = browser.post(&page, &fields).await;
    seen.is(303);
    assert_eq!(seen.to(), routes::filed_form(&desk.reference, "vpa:A", 1));
    let filed = format!("VPA-{}-AB-1", desk.reference);
    browser
        .get(seen.to())
        .await
        .is(200)
        .says(&filed)
        .says("She sent it to one boy")
        .says("Not known")
        .says("About Ada, Ben");
    for duty in ["vpa:A", "vpa:B"] {
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
    }
    browser.get(&desk.task("vpa:B")).await.says(&filed);
    // The screening is each child's own: it offers to name nobody else.
    browser.get(&desk.task("cse-screening:A")).await.is(200).does_not_say("name anybody else");
    for nothing in ["2", "x"] {
        let at = format!("{page}/forms/{nothing}");
        assert!(browser.get(&at).await.status.is_client_error());
    }
}

#[tokio::test]
async fn a_form_that_denies_a_yes_of_the_report_leads_to_the_answer_and_a_yes_of_its_own_is_told() {
    let desk = Desk::full().await;
    desk.facts("person.A.missing_now=yes").await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("vpa:A");
    let fields = |missing| {
        [
            ("name", "Ada"),
            ("age", "14"),
            ("narrative", "She sent it to one boy"),
            ("voice", "I want it gone"),
            ("demeanour", "quiet"),
            ("self_harm", "yes"),
            ("other_harm", "no"),
            ("missing", missing),
            ("concerns", "c"),
            ("action", "a"),
            ("officer", "PC Example"),
        ]
    };
    browser.get(&page).await.does_not_say("The answer of the report");
    let seen = browser.post(&page, &fields("no")).await;
    let question = routes::question(&desk.reference, "person.A.missing_now");
    seen.is(422)
        .says("Is the child missing now?: the report says Yes")
        .says(&format!("href=\"{question}\" target=\"_blank\""))
        .says("She sent it to one boy");
    assert_eq!(mistakes_lead_somewhere(&seen), 1);
    let seen = browser.post(&page, &fields("yes")).await;
    let filed = browser.get(seen.is(303).to()).await;
    filed
        .says("This went into the report with it")
        .says("hurt themself, or has thoughts of suicide?")
        .says("Next to do")
        .says("Act now to keep Ada safe")
        .does_not_say("Is Ada missing now?");
}

#[tokio::test]
async fn a_form_takes_over_what_was_done_and_who_can_be_reached_until_somebody_changes_it() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("vpa:A");
    let before = browser.get(&page).await;
    before.is(200).does_not_say("CSC-77").does_not_say("seen again tomorrow");
    for duty in ["welfare-check", "child-protection-referral:A"] {
        do_it(&desk, &mut browser, duty, &entered(duty)).await;
    }
    let authorities = routes::authorities(&desk.reference, "A");
    browser.get(&authorities).await.is(200);
    let body = [("kind", "childrens-services"), ("authority", "Example Council"), ("authority_reference", "L-5")];
    browser.post(&authorities, &body).await.is(303);
    let safety = routes::safety(&desk.reference);
    let mark = browser.get(&safety).await.is(200).hidden("seen");
    let reached = [
        ("seen", mark.as_str()),
        ("in_danger", "no"),
        ("safe_to_talk", "yes"),
        ("safe_number", "01632 960123"),
        ("when_safe", "after school"),
        ("reporter_name", "Teacher Example"),
        ("reporter_organisation", "Example School"),
    ];
    browser.post(&safety, &reached).await.is(303);
    let by = "report.reported_by";
    let question = routes::question(&desk.reference, by);
    let seen = browser.get(&question).await.hidden("seen");
    browser.post(&question, &[(by, "school"), ("seen", &seen)]).await.is(303);
    let seen = browser.get(&page).await;
    for known in ["CSC-77", "Example Council", "Teacher Example, Example School", "From the record."] {
        seen.says(known);
    }
    // Entered once for the report: of which child it is nobody has said, and two have this form.
    let of_report = ["seen again tomorrow", "01632 960123, after school"];
    for known in of_report {
        seen.does_not_say(known);
    }
    // What was referred is no answer to whom the screening was passed.
    browser.get(&desk.task("cse-screening:A")).await.does_not_say("CSC-77");
    browser.get(&desk.task("vpa:B")).await.does_not_say("CSC-77").does_not_say("Example Council");
    // Where one child has it, it is theirs.
    let withdraw = routes::withdraw(&desk.reference, "people", "B");
    browser.get(&withdraw).await.is(200);
    let reason = [("reason", "of another report")];
    browser.post(&withdraw, &reason).await.is(303);
    let alone = browser.get(&page).await;
    for known in of_report {
        alone.says(known);
    }
    let mine = browser.post(&page, &[("action", "she is with her aunt"), ("referral", "")]).await;
    mine.is(422).says("she is with her aunt").does_not_say("CSC-77").does_not_say("From the record.");
}

#[tokio::test]
async fn a_number_that_is_on_something_else_too_is_pointed_out() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "child-protection-referral:A";
    do_it(&desk, &mut browser, duty, &entered(duty)).await;
    browser.get(&desk.task(duty)).await.is(200).does_not_say("for something else, too");
    let crime = [("recorded", "yes"), ("reference", "csc 77"), ("code", "registrar")];
    do_it(&desk, &mut browser, "crime-record", &crime).await;
    browser.get(&desk.task(duty)).await.is(200).says("CSC-77 is in this report for something else, too");
    browser.get(&desk.task("crime-record")).await.says("csc 77 is in this report for something else, too");
}

#[tokio::test]
async fn a_referral_counts_with_its_reference_and_arrives_when_they_say_so() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let duty = "child-protection-referral:A";
    do_it(&desk, &mut browser, duty, &[("to", "Social care"), ("means", "telephone"), ("at", "now")]).await;
    assert_eq!(desk.state(duty).await, TaskState::PartDone);
    let arrived = routes::acknowledge(&desk.reference, duty, 1);
    browser.get(&desk.task(duty)).await.says(&arrived).says("Nobody has said yet that it arrived");
    browser.get(&arrived).await.is(200).says("Social care");
    let seen = browser.post(&arrived, &[]).await;
    seen.is(422);
    assert_eq!(mistakes_lead_somewhere(&seen), 2);
    let seen = browser
        .post(&arrived, &[("acknowledged_by", "Duty worker"), ("acknowledged_at", "now"), ("reference", "CSC-9")])
        .await;
    seen.is(303);
    assert_eq!(desk.state(duty).await, TaskState::Done);
    browser.get(&desk.task(duty)).await.says("Duty worker").says("CSC-9").does_not_say(&arrived);
    browser.get(&arrived).await.is(409);
}

#[tokio::test]
async fn what_was_recorded_by_mistake_is_withdrawn_and_stays_in_sight() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    do_it(&desk, &mut browser, "identify:C", &[("note", "wrong report")]).await;
    let withdraw = routes::withdraw_evidence(&desk.reference, "identify:C", 1);
    browser.get(&desk.task("identify:C")).await.says(&withdraw);
    browser.get(&withdraw).await.is(200).says("wrong report");
    browser.post(&withdraw, &[]).await.is(422).says("Say why it is withdrawn");
    browser.post(&withdraw, &[("reason", "meant for another")]).await.is(303);
    assert_eq!(desk.state("identify:C").await, TaskState::Due);
    browser
        .get(&desk.task("identify:C"))
        .await
        .says("wrong report")
        .says("Withdrawn: meant for another")
        .does_not_say(&withdraw);
    browser.get(&withdraw).await.is(200).says("Withdrawn already").says("meant for another").says("Back to the task");
}

#[tokio::test]
async fn who_may_not_read_or_may_not_decide_is_offered_no_form() {
    let desk = Desk::full().await;
    let page = desk.task("device-decision:D1");
    let mut auditor = desk.site.signed_in(Role::Auditor).await;
    auditor.get(&page).await.is(403);
    auditor.post(&page, &[("choice", "leave"), ("reason", "r")]).await.is(403);
    let mut handler = desk.site.signed_in(Role::CallHandler).await;
    handler
        .get(&page)
        .await
        .is(200)
        .says("An officer or a supervisor decides this")
        .does_not_say("Record your decision");
    handler.post(&page, &[("choice", "leave"), ("reason", "r")]).await.is(403);
    handler.get(&routes::depart(&desk.reference, "strategy-meeting")).await.is(403);
    do_it(&desk, &mut handler, "welfare-check", &entered("welfare-check")).await;
    let mut author = desk.site.signed_in(Role::Author).await;
    author.get(&page).await.is(403);
}

#[tokio::test]
async fn what_comes_later_or_is_done_elsewhere_or_is_nothing() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    browser
        .get(&desk.task("outcome-explained:A"))
        .await
        .is(200)
        .says("This comes after the outcome")
        .does_not_say("novalidate");
    browser.get(&desk.task("supervisor-review")).await.is(200).does_not_say("novalidate");
    for nothing in ["nonsense", "vpa:Z", "vpa", "checks:D1", "a%20b"] {
        browser.get(&desk.task(nothing)).await.is(404);
        browser.post(&desk.task(nothing), &[]).await.is(404);
    }
}

#[tokio::test]
async fn that_no_crime_is_recorded_has_its_reason() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("crime-record");
    browser.get(&page).await.is(200);
    let seen = browser.post(&page, &[("recorded", "no")]).await;
    seen.is(422).says("Say whether they were told");
    assert!(mistakes_lead_somewhere(&seen) >= 2, "{}", seen.text);
    let fields = [("recorded", "no"), ("reason", "Credible evidence to the contrary, rule A"), ("victim_told", "yes")];
    // What is known amounts to a crime: a line of reason is not enough.
    let seen = browser.post(&page, &fields).await;
    seen.is(422).says("recording none departs from the advice").says("Credible evidence to the contrary, rule A");
    assert_eq!(mistakes_lead_somewhere(&seen), 5);
    let full = [&fields[..], &FULL].concat();
    browser.post(&page, &full).await.is(303);
    browser
        .get(&page)
        .await
        .says("Departs from the advice")
        .says("who may come to harm")
        .says("No crime recorded, because")
        .says("Credible evidence to the contrary, rule A");
    assert_eq!(desk.state("crime-record").await, TaskState::Done);
}
