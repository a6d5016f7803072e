//! "Save and come back later": half a form survives, is finished by whoever comes to it, and counts for nothing until then.

use report::TaskState;

use super::desk::{Desk, do_it};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::PASSWORD;
use crate::tests::markup::attribute;

const HALF: &[(&str, &str)] = &[
    ("choice", "achieving-best-evidence"),
    ("reason", "She asked for <b>time</b>"),
    ("draft_seen", "0"),
    ("then", "later"),
];

/// The state of the draft that the page shows.
fn seen(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"draft_seen\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// The fields of the form that can be put aside, as a browser sends them when nobody touched them.
fn as_shown(page: &str) -> Vec<(String, String)> {
    let form = page.split("<form ").find(|form| form.contains("name=\"draft_seen\""));
    let form = form.unwrap().split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let Some(name) = attribute(tag, "name").filter(|name| name != "form_token" && name != "then") else {
            continue;
        };
        let kind = attribute(tag, "type").unwrap_or_default();
        let chosen = !matches!(kind.as_str(), "radio" | "checkbox") || tag.contains(" checked");
        if !chosen {
            continue;
        }
        let value = match tag.strip_prefix("textarea") {
            // The line break that begins it belongs to the page.
            Some(rest) => rest.split_once(">\n").map_or("", |(_, text)| text).to_owned(),
            None => attribute(tag, "value").unwrap_or_default(),
        };
        fields.push((name, value));
    }
    fields
}

#[tokio::test]
async fn half_a_decision_is_kept_and_finished_by_somebody_else() {
    let desk = Desk::full().await;
    let page = desk.task("abe-decision:A");
    let mut browser = desk.site.signed_in(Role::Officer).await;
    browser.get(&page).await.is(200).says("Save and come back later").does_not_say("Throw away");
    let sent = browser.post(&page, HALF).await;
    assert_eq!(sent.is(303).to(), format!("{}?later=yes", routes::report(&desk.reference)));
    browser
        .get(sent.to())
        .await
        .says("Saved for later")
        .says("Begun by officer Example, 24 November 2026 at 9:00am, not recorded yet")
        .says("In progress");
    assert_eq!(desk.state("abe-decision:A").await, TaskState::PartDone);

    // Another officer, another browser: everything is there, and what was typed is text.
    desk.site.add_named(Role::Officer, "second").await;
    let mut second = desk.site.browser();
    second.sign_in("second", PASSWORD).await;
    let shown = second.get(&page).await;
    shown
        .is(200)
        .says("Begun by officer Example, 24 November 2026 at 9:00am, and not recorded yet.")
        .says("She asked for &#60;b&#62;time&#60;/b&#62;")
        .says("value=\"achieving-best-evidence\" checked");
    let version = seen(&shown.text);
    let whole = [HALF[0], HALF[1], ("follows", "yes"), ("draft_seen", version.as_str())];
    do_it(&desk, &mut second, "abe-decision:A", &whole).await;
    assert_eq!(desk.state("abe-decision:A").await, TaskState::Done);
    second.get(&page).await.does_not_say("and not recorded yet");
}

fn pairs(sent: &[(String, String)]) -> Vec<(&str, &str)> {
    sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn a_page_that_is_put_aside_as_it_was_shown_is_not_begun() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    for (duty, entered) in [("initial-account:A", "setting"), ("next-steps-child:A", "asked"), ("vpa:A", "voice")] {
        let page = desk.task(duty);
        let shown = browser.get(&page).await.text.clone();
        let mut sent = as_shown(&shown);
        sent.push(("then".to_owned(), "later".to_owned()));
        let says = browser.post(&page, &pairs(&sent)).await;
        says.is(422).says("Nothing has been entered yet");
        assert_eq!(desk.state(duty).await, TaskState::Due, "{duty}");
        let field = sent.iter_mut().find(|(name, _)| name == entered);
        field.unwrap_or_else(|| panic!("{duty} has no {entered}")).1 = "With her mother".to_owned();
        browser.post(&page, &pairs(&sent)).await.is(303);
        assert_eq!(desk.state(duty).await, TaskState::PartDone, "{duty}");
    }
}

#[tokio::test]
async fn two_officers_at_one_page_see_each_others_words_before_anything_is_replaced() {
    let desk = Desk::full().await;
    let page = desk.task("vpa:A");
    let mut first = desk.site.signed_in(Role::Officer).await;
    let mut second = desk.site.signed_in(Role::Supervisor).await;
    first.get(&page).await.is(200);
    second.get(&page).await.is(200);
    let field = crate::tests::pack()
        .forms()
        .iter()
        .find(|form| form.id == "vpa")
        .and_then(|form| form.section.iter().flat_map(|s| &s.field).find(|f| f.kind == "long-text"))
        .unwrap()
        .clone();
    let half = |words| [(field.id.as_str(), words), ("draft_seen", "0"), ("then", "later")];
    first.post(&page, &half("the words of the first")).await.is(303);
    let theirs = half("the words of the second");
    second
        .post(&page, &theirs)
        .await
        .is(422)
        .says("officer Example saved this for later after you opened it")
        .says("What was saved for later in the meantime")
        .says("the words of the first")
        .says("the words of the second")
        .says(&field.label);
    // Filing over it is held up in the same way.
    second.post(&page, &theirs[..2]).await.is(422).says("Somebody else saved this for later after you opened it");
    let version = desk.now().await.report.drafts[0].version.to_string();
    let both = [(field.id.as_str(), "both"), ("draft_seen", version.as_str()), ("then", "later")];
    second.post(&page, &both).await.is(303);
    first.get(&page).await.says("Begun by supervisor Example");
    let gone = first.post(&page, &[("then", "discard")]).await;
    assert_eq!(gone.is(303).to(), format!("{page}?done=thrown-away"));
    first.get(gone.to()).await.says("What was saved for later was thrown away").does_not_say("Begun by");
}

#[tokio::test]
async fn a_departure_and_an_outcome_can_wait() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = routes::depart(&desk.reference, "vpa:A");
    browser.get(&page).await.is(200).says("Save and come back later");
    let half = [("reason", "Filed by the other force"), ("draft_seen", "0"), ("then", "later")];
    browser.post(&page, &half).await.is(303);
    browser.get(&page).await.says("Filed by the other force").says("and not recorded yet");
    browser.get(&routes::report(&desk.reference)).await.says("Departure begun by officer Example");
    let page = routes::outcome(&desk.reference, "21");
    browser.get(&page).await.is(200);
    let sent =
        browser.post(&page, &[("for", "A"), ("reason", "Not yet"), ("draft_seen", "0"), ("then", "later")]).await;
    assert_eq!(sent.is(303).to(), format!("{}?later=yes", routes::outcomes(&desk.reference)));
    browser.get(sent.to()).await.says("Nothing is decided yet");
    browser.get(&page).await.says("value=\"A\" checked").says("Not yet");
    let picture = [("reason", "data:image/png;base64,iVBORw0KGgo="), ("draft_seen", "0"), ("then", "later")];
    browser.post(&page, &picture).await.is(422).says("Waymark never holds imagery");
}

/// What is asked for has to fit into what is taken.
#[test]
fn the_fullest_form_of_the_pack_can_be_sent() {
    for form in crate::tests::pack().forms() {
        let most = form.section.iter().flat_map(|section| &section.field).map(|field| match field.kind.as_str() {
            "long-text" => report::text::LONG,
            "text" => report::text::LINE,
            _ => 20,
        });
        let most: usize = most.sum();
        assert!(most * 3 < crate::shared::form::LARGEST_BODY, "{}: {most} characters", form.id);
    }
}

#[tokio::test]
async fn a_call_handler_cannot_put_a_decision_aside_and_an_auditor_sees_nothing_of_it() {
    let desk = Desk::full().await;
    let page = desk.task("abe-decision:A");
    let mut handler = desk.site.signed_in(Role::CallHandler).await;
    handler.get(&page).await.is(200).does_not_say("Save and come back later");
    handler.post(&page, HALF).await.is(403);
    let mut auditor = desk.site.signed_in(Role::Auditor).await;
    auditor.get(&page).await.is(403).does_not_say("Save and come back later");
    auditor.post(&page, HALF).await.is(403);
}
