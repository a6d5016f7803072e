//! What is told where something is known: blackmail first of all, why a question is asked all the same, and how the child is reached.

use super::{Fields, add, answer, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Browser, Seen, Site, pack};

const STEP: &str = "do not pay, do not send more, do not answer";
const TITLE: &str = "Somebody is being blackmailed: do this now";

/// Is the list told, and not folded away?
fn is_told(seen: &Seen) -> bool {
    let (list, heading) = (seen.text.find(STEP), seen.text.find("<h1"));
    let folded = seen.text.find(&format!("summary-text\">{TITLE}"));
    list.is_some() && folded.is_none() && list < heading
}

/// No to all of the nine but blackmail.
async fn nine(browser: &mut Browser<'_>, reference: &str, blackmail: &str) -> Seen {
    let page = routes::anybody(reference);
    browser.get(&page).await.is(200);
    let (all, mut sent) = (pack(), Vec::new());
    for question in all.questions().iter().filter(|one| !one.anybody.is_empty()) {
        let name = question.fact.trim_start_matches("person.").to_owned();
        let said = if name == "extorted" { blackmail } else { "no" };
        sent.push((name, said.to_owned()));
    }
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, said)| (name.as_str(), said.as_str())).collect();
    browser.post(&page, &sent).await
}

async fn who(browser: &mut Browser<'_>, to: &str, said: Fields<'_>) -> Seen {
    let shown = browser.get(to).await;
    let marks: Vec<(String, String)> = ["A", "B"]
        .iter()
        .map(|id| format!("seen.person.{id}.extorted"))
        .map(|name| (name.clone(), shown.hidden(&name)))
        .collect();
    let mut sent: Vec<(&str, &str)> = marks.iter().map(|(name, mark)| (name.as_str(), mark.as_str())).collect();
    sent.push(("ask", "extorted:yes"));
    sent.extend(said);
    browser.post(&routes::who(reference(to), "extorted:yes"), &sent).await
}

fn reference(address: &str) -> &str {
    address.trim_start_matches("/reports/").split('/').next().unwrap()
}

#[tokio::test]
async fn blackmail_is_asked_before_what_happened_and_a_yes_is_told_what_to_do_at_once() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let report = begin(&mut browser).await;
    add(&mut browser, &report, "Mia", "14", &["pictured", "sent"]).await;
    add(&mut browser, &report, "Leo", "15", &["received"]).await;
    // Who they are and whether they are safe comes first, and then this.
    for id in ["A", "B"] {
        for fact in ["self_harm_or_suicide", "other_concern_of_harm", "missing_now", "telling_parents_unsafe"] {
            answer(&mut browser, &report, &format!("person.{id}.{fact}"), "no").await.is(303);
        }
    }
    assert_eq!(browser.get(&routes::next_question(&report)).await.to(), routes::anybody(&report));
    let page = browser.get(&routes::anybody(&report)).await;
    let place = |words: &str| page.text.find(words).unwrap();
    assert!(place("Did anybody blackmail somebody?") < place("Did anybody sexually abuse a child?"));
    assert!(!is_told(&browser.get(&routes::report(&report)).await));
    // Whoever raises a concern first reads it there.
    browser.get(&routes::concern(&report)).await.is(200).says(&format!("summary-text\">{TITLE}")).says(STEP);
    let asks = nine(&mut browser, &report, "yes").await;
    let to = asks.is(303).to().to_owned();
    assert_eq!(to, routes::who(&report, "extorted:yes"));
    assert!(is_told(&browser.get(&to).await), "the first thing after a yes");
    // Whoever leaves before it is said who it was has said yes all the same.
    assert!(is_told(&browser.get(&routes::report(&report)).await));
    who(&mut browser, &to, &[("person.A.extorted", "not-known"), ("person.B.extorted", "not-known")]).await.is(303);
    assert!(is_told(&browser.get(&routes::report(&report)).await), "nobody knows who it was");
    let seen = who(&mut browser, &to, &[("person.A.extorted", "no"), ("person.B.extorted", "yes")]).await;
    seen.is(303);
    assert!(is_told(&browser.get(&routes::report(&report)).await));
    // On every other page it stands under its title, above everything else of the report.
    let other = browser.get(&routes::involved(&report)).await;
    assert!(!is_told(&other) && other.text.find(TITLE) < other.text.find("wm-sight"), "{}", other.text);
    other.says(&format!("summary-text\">{TITLE}")).says(STEP);
    answer(&mut browser, &report, "person.B.extorted", "no").await.is(303);
    for page in [routes::report(&report), routes::involved(&report)] {
        browser.get(&page).await.is(200).does_not_say(STEP);
    }
    // A yes on the page of the question itself leads to where it is told.
    let yes = answer(&mut browser, &report, "person.B.extorted", "yes").await;
    let to = yes.is(303).to().to_owned();
    browser.get(&to).await;
    let report = routes::report(&report);
    assert!(to.contains(&report), "{to}");
}

#[tokio::test]
async fn what_follows_from_an_answer_is_asked_with_a_reason() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let report = begin(&mut browser).await;
    let image = routes::question(&report, "report.imagery");
    let told = "It is asked all the same";
    browser.get(&image).await.is(200).does_not_say(told);
    add(&mut browser, &report, "Leo", "15", &["received"]).await;
    browser.get(&image).await.is(200).does_not_say(told);
    add(&mut browser, &report, "Mia", "14", &["pictured"]).await;
    browser.get(&image).await.is(200).says(told);
}

/// Somebody nobody knows cannot be asked how they are.
#[tokio::test]
async fn welfare_is_asked_of_an_account_that_nobody_knows_in_words_for_that() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let report = begin(&mut browser).await;
    add(&mut browser, &report, "an account", "15", &["sent"]).await;
    let told = "Do not try to reach them to ask";
    for fact in ["self_harm_or_suicide", "other_concern_of_harm", "missing_now", "telling_parents_unsafe"] {
        let page = routes::question(&report, &format!("person.A.{fact}"));
        for (known, is_told) in [("yes", false), ("not-known", false), ("no", true)] {
            answer(&mut browser, &report, "person.A.identified", known).await.is(303);
            let seen = browser.get(&page).await;
            assert_eq!(seen.is(200).text.contains(told), is_told, "{fact}: {known}");
        }
    }
}

/// On a telephone what stands first is what is seen first.
#[tokio::test]
async fn the_safe_number_and_what_is_due_now_stand_before_everything_else() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(routes::REPORT_NEW).await.is(200);
    let mut fields = super::FIRST.to_vec();
    fields.extend([("safe_number", "01632 960123"), ("when_safe", "after six")]);
    let begun = browser.post(routes::REPORT_NEW, &fields).await;
    let page = browser.get(&routes::report(reference(begun.is(303).to()))).await;
    let places =
        ["Safe number", "Where the child is", ">Do now<", "Class of the report", "Still to ask", "At a glance"];
    let main = page.is(200).text.split_once("<main").unwrap().1;
    let at: Vec<usize> =
        places.iter().map(|words| main.find(words).unwrap_or_else(|| panic!("{words}: {main}"))).collect();
    assert!(at.is_sorted(), "{at:?}");
    assert_eq!(main.matches("01632 960123").count(), 1);
}
