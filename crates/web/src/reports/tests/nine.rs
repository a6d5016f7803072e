//! The nine questions about what makes it worse: asked once for everybody, and of whom only where it is not no.

use super::{add, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Browser, Seen, Site, pack};

/// Their names, from the guidance.
fn nine() -> Vec<String> {
    let pack = pack();
    let asked = pack.questions().iter().filter(|one| !one.anybody.is_empty());
    let names: Vec<String> = asked.map(|one| one.fact.trim_start_matches("person.").to_owned()).collect();
    assert_eq!(names.len(), 9);
    names
}

/// A report of two children: Mia, who is A, sent it, and Leo received it.
async fn two_friends(browser: &mut Browser<'_>) -> String {
    let reference = begin(browser).await;
    for (name, part) in [("Mia", "sent"), ("Leo", "received")] {
        add(browser, &reference, name, "14", &[part]).await;
    }
    reference
}

/// No to all of them but one.
fn no_but<'a>(names: &'a [String], one: &str, answer: &'a str) -> Vec<(&'a str, &'a str)> {
    let said = |name: &'a String| (name.as_str(), if name == one { answer } else { "no" });
    names.iter().map(said).collect()
}

#[tokio::test]
async fn a_yes_asks_who_and_only_of_that() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    add(&mut browser, &reference, "Leo", "15", &["received", "forwarded"]).await;
    let page = routes::anybody(&reference);
    browser.get(&page).await.is(200).says("Did anybody threaten somebody?");
    let names = nine();
    browser.post(&page, &[("threatened", "yes")]).await.is(422).says("Select an answer: Did anybody groom");
    let sent = no_but(&names, "threatened", "yes");
    let seen = browser.post(&page, &sent).await;
    assert_eq!(seen.is(303).to(), routes::who(&reference, "threatened:yes"));
    let who = seen.to().to_owned();
    let shown = browser.get(&who).await;
    shown.is(200).says("Who was it?").says("Did Leo threaten somebody?");
    let marks = marks(&shown, "threatened");
    let answers = |of_leo: &'static str| {
        let said = [("ask", "threatened:yes"), ("person.A.threatened", "no"), ("person.B.threatened", of_leo)];
        from(&marks, &said)
    };
    browser.post(&who, &answers("no")).await.is(422).says("You said that somebody did");
    browser.post(&who, &answers("yes")).await.is(303);
    browser.get(&routes::report(&reference)).await.says("Aggravated").says("Somebody was threatened.");
}

#[tokio::test]
async fn not_known_asks_who_as_well() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = two_friends(&mut browser).await;
    let page = routes::anybody(&reference);
    browser.get(&page).await.is(200);
    let names = nine();
    let sent = no_but(&names, "groomed", "not-known");
    let seen = browser.post(&page, &sent).await;
    let who = routes::who(&reference, "groomed:not-known");
    assert_eq!(seen.is(303).to(), who);
    let shown = browser.get(&who).await;
    shown.is(200).says("Did Leo groom a child?");
    let sent = [("ask", "groomed:not-known"), ("person.A.groomed", "no"), ("person.B.groomed", "not-known")];
    let marks = marks(&shown, "groomed");
    browser.post(&who, &from(&marks, &sent)).await.is(303);
    browser.get(&routes::report(&reference)).await.says("Not settled yet");
}

/// What a page that asks who carries hidden, of both children.
fn marks(shown: &Seen, name: &str) -> Vec<(String, String)> {
    ["A", "B"]
        .map(|person| format!("seen.person.{person}.{name}"))
        .map(|mark| (mark.clone(), shown.hidden(&mark)))
        .into()
}

/// The page as it was opened: what it carries hidden.
async fn opened(browser: &mut Browser<'_>, page: &str, people: &[&str]) -> Vec<(String, String)> {
    let shown = browser.get(page).await;
    shown.is(200);
    let names = nine();
    let marks = people.iter().flat_map(|person| {
        let mark = |name: &String| format!("seen.person.{person}.{name}");
        names.iter().map(mark).collect::<Vec<_>>()
    });
    marks
        .map(|mark| {
            let value = shown.hidden(&mark);
            (mark, value)
        })
        .collect()
}

/// These answers, from a page that carried these marks.
fn from<'a>(marks: &'a [(String, String)], answers: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let marks = marks.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    marks.chain(answers.iter().copied()).collect()
}

#[tokio::test]
async fn somebody_added_while_the_page_was_open_was_not_asked_about() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let mut colleague = site.signed_in(Role::CallHandler).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    let page = routes::anybody(&reference);
    let marks = opened(&mut browser, &page, &["A"]).await;
    add(&mut colleague, &reference, "Leo", "15", &["received"]).await;
    let names = nine();
    let sent = no_but(&names, "", "no");
    browser.post(&page, &from(&marks, &sent)).await.is(303);
    // Mia was answered of; Leo, whom the page did not name, still has to be.
    let shown = browser.get(&page).await;
    shown
        .is(200)
        .says("Still to answer for Leo. A no is kept for each of them.")
        .says("Did anybody threaten somebody?");
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Not settled yet");
    let marks = opened(&mut browser, &page, &["B"]).await;
    browser.post(&page, &from(&marks, &sent)).await.is(303);
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Experimental");
}

#[tokio::test]
async fn an_answer_that_a_colleague_was_quicker_with_is_seen_and_none_is_lost() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let mut colleague = site.signed_in(Role::CallHandler).await;
    let reference = two_friends(&mut browser).await;
    let page = routes::anybody(&reference);
    let marks = opened(&mut browser, &page, &["A", "B"]).await;
    let theirs = opened(&mut colleague, &page, &["A", "B"]).await;
    let names = nine();
    let none = no_but(&names, "", "no");
    colleague.post(&page, &from(&theirs, &none)).await.is(303);
    // A yes goes on to ask who, where the colleague's no stands to be looked at.
    let yes = no_but(&names, "threatened", "yes");
    let seen = browser.post(&page, &from(&marks, &yes)).await;
    assert_eq!(seen.is(303).to(), routes::who(&reference, "threatened:yes"));
    // Not known yet would go over it: both are shown, and all nine are still there.
    let unsure = no_but(&names, "groomed", "not-known");
    let seen = browser.post(&page, &from(&marks, &unsure)).await;
    seen.is(409)
        .says("Two answers to the same")
        .says("leave it as it is now</a>")
        .says("Did Leo groom a child?")
        .says("was changed after you opened this page");
    assert_eq!(seen.text.matches("id=\"both\"").count(), 1);
    assert_eq!(seen.text.matches("value=\"no\" checked").count(), 8);
    assert_eq!(seen.text.matches("value=\"not-known\" checked").count(), 1);
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Experimental");
    let again: Vec<(String, String)> = marks.iter().map(|(name, _)| (name.clone(), seen.hidden(name))).collect();
    let seen = browser.post(&page, &from(&again, &unsure)).await;
    assert_eq!(seen.is(303).to(), routes::who(&reference, "groomed:not-known"));
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Not settled yet");
}

#[tokio::test]
async fn who_said_so_goes_with_a_yes() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = two_friends(&mut browser).await;
    let page = routes::anybody(&reference);
    let names = nine();
    let sent = no_but(&names, "threatened", "not-known");
    browser.post(&page, &sent).await.is(303);
    let who = routes::who(&reference, "threatened:not-known");
    let shown = browser.get(&who).await;
    shown.is(200).says("Who said so?");
    let sent = [
        ("ask", "threatened:not-known"),
        ("person.A.threatened", "no"),
        ("person.B.threatened", "yes"),
        ("said_by", "person:A"),
        ("happened_on", "1/2/2020"),
    ];
    // Without what the page showed it was not compared with anything: the colleague's answer is not put over.
    let unmarked = browser.post(&who, &sent).await;
    unmarked.is(409).says("was changed after you opened this page");
    let marks = marks(&shown, "threatened");
    browser.post(&who, &from(&marks, &sent)).await.is(303);
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Aggravated").does_not_say("Answers conflict");
    let shown = browser.get(&routes::answer(&reference, "person.B.threatened")).await;
    shown.is(200).says("Mia").says("1 February 2020");
    // She said it of Leo. That she did nothing herself is nobody's account.
    let shown = browser.get(&routes::answer(&reference, "person.A.threatened")).await;
    shown.is(200).does_not_say("1 February 2020");
}

#[tokio::test]
async fn what_is_still_to_ask_is_not_lost_where_a_colleague_was_quicker() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let mut colleague = site.signed_in(Role::CallHandler).await;
    let reference = two_friends(&mut browser).await;
    let page = routes::anybody(&reference);
    let marks = opened(&mut browser, &page, &["A", "B"]).await;
    let names = nine();
    let mut sent = no_but(&names, "groomed", "yes");
    for (name, value) in &mut sent {
        if *name == "threatened" {
            *value = "yes";
        }
    }
    let seen = browser.post(&page, &from(&marks, &sent)).await;
    let who = seen.is(303).to().to_owned();
    let shown = browser.get(&who).await;
    let seen_then = ["seen.person.A.groomed", "seen.person.B.groomed"].map(|mark| (mark, shown.hidden(mark)));
    let ask = shown.hidden("ask");
    assert_eq!(ask.matches(':').count(), 2, "{ask}");
    super::answer(&mut colleague, &reference, "person.B.groomed", "no").await.is(303);
    let answers = |marks: &[(&'static str, String)]| {
        let mut all = vec![
            ("ask".to_owned(), ask.clone()),
            ("person.A.groomed".to_owned(), "no".to_owned()),
            ("person.B.groomed".to_owned(), "yes".to_owned()),
        ];
        all.extend(marks.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        all
    };
    let first = answers(&seen_then);
    let first: Vec<(&str, &str)> = first.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let told = browser.post(&who, &first).await;
    told.is(409).says("Two answers to the same").says("Did Leo groom a child?");
    let fresh = ["seen.person.A.groomed", "seen.person.B.groomed"].map(|mark| (mark, told.hidden(mark)));
    let again = answers(&fresh);
    let again: Vec<(&str, &str)> = again.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let seen = browser.post(&who, &again).await;
    let next = seen.is(303).to().to_owned();
    assert_eq!(next, routes::who(&reference, "threatened:yes"));
    let shown = browser.get(&routes::report(&reference)).await;
    shown.is(200).says("Aggravated");
}

#[tokio::test]
async fn a_yes_outlives_whoever_leaves_before_saying_who_it_was() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = two_friends(&mut browser).await;
    let names = nine();
    let mut sent = no_but(&names, "incited_or_coerced", "yes");
    sent.push(("said_by", "reporter"));
    let seen = browser.post(&routes::anybody(&reference), &sent).await;
    let who = seen.is(303).to().to_owned();
    // Kept without a name, so nobody is said to have done it, and nobody not to have.
    let answer = routes::answer(&reference, "person.A.incited_or_coerced");
    let kept = browser.get(&answer).await;
    kept.says("Not known yet").says("Somebody did. Who it was is not entered yet.");
    browser.get(&routes::answer(&reference, "person.A.threatened")).await.says("Whoever reported it");
    browser.get(&routes::report(&reference)).await.says("Not settled yet");
    // Nothing is selected for anybody on the page that asks who.
    let shown = browser.get(&who).await;
    shown.does_not_say(" checked");
    let marks = marks(&shown, "incited_or_coerced");
    let answers = [
        ("ask", "incited_or_coerced:yes"),
        ("person.A.incited_or_coerced", "no"),
        ("person.B.incited_or_coerced", "yes"),
    ];
    browser.post(&who, &from(&marks, &answers)).await.is(303);
    let report = browser.get(&routes::report(&reference)).await;
    report.says("Aggravated");
}
