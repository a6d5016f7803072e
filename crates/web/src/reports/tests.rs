//! The pages of a report, through the router and a real store.

use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Browser, Seen, Site};

/// The fields of a form.
type Fields<'a> = &'a [(&'a str, &'a str)];

const FIRST: Fields<'_> = &[
    ("in_danger", "no"),
    ("safe_to_talk", "yes"),
    ("child_where", "At school"),
    ("reported_by", "school"),
    ("incident_log", "LOG-1"),
];

/// Begins a report, and gives its reference.
async fn begin(browser: &mut Browser<'_>) -> String {
    browser.get(routes::REPORT_NEW).await.is(200);
    let seen = browser.post(routes::REPORT_NEW, FIRST).await;
    seen.is(303);
    let to = seen.to().to_owned();
    let reference = to
        .strip_prefix("/reports/")
        .and_then(|rest| rest.split('/').next());
    let reference = reference.unwrap().to_owned();
    assert_eq!(to, routes::entry_new(&reference, "people"));
    reference
}

async fn add(
    browser: &mut Browser<'_>,
    reference: &str,
    name: &str,
    age: &str,
    parts: &[&str],
) -> Seen {
    let page = routes::entry_new(reference, "people");
    browser.get(&page).await.is(200);
    let mut fields = vec![("known_as", name), ("age", age), ("identified", "yes")];
    fields.extend(parts.iter().map(|part| ("part", *part)));
    let seen = browser.post(&page, &fields).await;
    seen.is(303);
    seen
}

/// Answers one question on its page.
async fn answer(browser: &mut Browser<'_>, reference: &str, fact: &str, value: &str) -> Seen {
    let page = routes::question(reference, fact);
    let shown = browser.get(&page).await;
    let seen = hidden(&shown, "seen");
    browser.post(&page, &[(fact, value), ("seen", &seen)]).await
}

/// The value of a hidden field.
fn hidden(page: &Seen, name: &str) -> String {
    let (_, rest) = page
        .text
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or(("", "\""));
    rest.split('"').next().unwrap().to_owned()
}

/// Answers whatever is asked, until nothing is: what `answers` says, else no. Gives the questions in order.
async fn answer_all(
    browser: &mut Browser<'_>,
    reference: &str,
    answers: &[(&str, &str)],
) -> Vec<String> {
    let said = |name: &str| {
        answers
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("no", |(_, value)| *value)
    };
    let mut asked = Vec::new();
    let mut to = routes::next_question(reference);
    for _ in 0..200 {
        let seen = browser.get(&to).await;
        if seen.status.as_u16() == 303 {
            to = seen.to().to_owned();
            continue;
        }
        seen.is(200);
        asked.push(to.clone());
        if let Some((_, fact)) = to.split_once("/questions/") {
            let name = fact.rsplit('.').next().unwrap();
            let next = answer(browser, reference, fact, said(name)).await;
            next.is(303);
            to = next.to().to_owned();
        } else if to.ends_with("/anybody") {
            let names = seen.text.split("type=\"radio\"").skip(1);
            let mut fields: Vec<&str> = Vec::new();
            for part in seen.text.split("name=\"").skip(1) {
                let name = part.split('"').next().unwrap();
                if part.contains("type=\"radio\"")
                    && !fields.contains(&name)
                    && name != "form_token"
                {
                    fields.push(name);
                }
            }
            assert!(names.count() > 0);
            let sent: Vec<(&str, &str)> = fields.iter().map(|name| (*name, said(name))).collect();
            let next = browser.post(&to, &sent).await;
            next.is(303);
            to = next.to().to_owned();
        } else {
            return asked;
        }
    }
    panic!("the questions never end: {asked:?}");
}

#[tokio::test]
async fn an_experimental_report_is_asked_to_the_end() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(
        &mut browser,
        &reference,
        "Mia",
        "14",
        &["pictured", "made", "sent"],
    )
    .await;
    add(&mut browser, &reference, "Leo", "15", &["received"]).await;
    let answers = [
        ("imagery", "yes"),
        ("aware", "yes"),
        ("willing", "yes"),
        ("reason", "established-relationship"),
    ];
    let asked = answer_all(&mut browser, &reference, &answers).await;
    let anybody = asked
        .iter()
        .filter(|page| page.ends_with("/anybody"))
        .count();
    assert_eq!(anybody, 1, "the nine are asked once: {asked:?}");
    assert!(asked.len() < 40, "{}", asked.len());
    browser
        .get(&routes::report(&reference))
        .await
        .is(200)
        .says("Experimental")
        .says("Do not view, copy")
        .says("Immediate concern")
        .says("Mia")
        .says(&routes::task(&reference, "vpa:A"))
        .says("in 24 hours")
        .does_not_say("{person}");
    browser
        .get(&routes::answers(&reference))
        .await
        .is(200)
        .says("How old was Mia")
        .says("14 years");
    browser
        .get(&routes::involved(&reference))
        .await
        .is(200)
        .says("Leo")
        .says("Person involved");
}

#[tokio::test]
async fn a_yes_asks_who_and_only_of_that() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    add(
        &mut browser,
        &reference,
        "Leo",
        "15",
        &["received", "forwarded"],
    )
    .await;
    let page = routes::anybody(&reference);
    browser
        .get(&page)
        .await
        .is(200)
        .says("Did anybody threaten somebody?");
    let names = [
        "sexual_abuse",
        "incited_or_coerced",
        "groomed",
        "extorted",
        "threatened",
        "malicious",
        "without_knowledge_or_consent",
        "other_aggravating",
        "profit_motive",
    ];
    browser
        .post(&page, &[("threatened", "yes")])
        .await
        .is(422)
        .says("Select an answer: Did anybody groom");
    let sent: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (*name, if *name == "threatened" { "yes" } else { "no" }))
        .collect();
    let seen = browser.post(&page, &sent).await;
    assert_eq!(seen.is(303).to(), routes::who(&reference, "threatened:yes"));
    let who = seen.to().to_owned();
    let shown = browser.get(&who).await;
    shown
        .is(200)
        .says("Who was it?")
        .says("Did Leo threaten somebody?");
    let ask = ("ask", "threatened:yes");
    browser
        .post(
            &who,
            &[
                ask,
                ("person.A.threatened", "no"),
                ("person.B.threatened", "no"),
            ],
        )
        .await
        .is(422)
        .says("You said that somebody did");
    browser
        .post(
            &who,
            &[
                ask,
                ("person.A.threatened", "no"),
                ("person.B.threatened", "yes"),
            ],
        )
        .await
        .is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("Aggravated")
        .says("Somebody was threatened.");
}

#[tokio::test]
async fn what_falls_away_is_shown_and_what_differs_is_chosen() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    answer(&mut browser, &reference, "person.A.willing", "yes")
        .await
        .is(303);
    let part = "person.A.part";
    let seen = answer(&mut browser, &reference, part, "received").await;
    assert!(
        seen.is(303).to().contains("/changed?since="),
        "{}",
        seen.to()
    );
    browser
        .get(seen.to())
        .await
        .is(200)
        .says("take part willingly")
        .says("<strong>Yes</strong>");

    let fact = "report.imagery";
    answer(&mut browser, &reference, fact, "yes").await.is(303);
    let page = routes::question(&reference, fact);
    let shown = browser.get(&page).await;
    let seen = hidden(&shown, "seen");
    let sent = [(fact, "no"), ("seen", &*seen), ("said_by", "reporter")];
    let after = browser.post(&page, &sent).await;
    assert_eq!(after.is(303).to(), routes::answer(&reference, fact));
    let one = routes::answer(&reference, fact);
    browser.get(&one).await.is(200).says("nobody has chosen");
    browser
        .post(&one, &[("statement", "")])
        .await
        .is(422)
        .says("Select the statement")
        .says("Say why");
    let statement = |text: &str| {
        text.split("name=\"statement\" type=\"radio\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    };
    let first = statement(&browser.get(&one).await.text);
    browser
        .post(
            &one,
            &[("statement", &first), ("reason", "Seen by an officer")],
        )
        .await
        .is(303);
    browser
        .get(&one)
        .await
        .says("What counts now: <strong>Yes</strong>")
        .does_not_say("nobody has chosen");
    browser
        .get(&routes::take_back(&reference, first.parse().unwrap()))
        .await
        .is(200);
    browser
        .post(&routes::take_back(&reference, first.parse().unwrap()), &[])
        .await
        .is(422);
    browser
        .post(
            &routes::take_back(&reference, first.parse().unwrap()),
            &[("reason", "A slip")],
        )
        .await
        .is(303);
    browser
        .get(&one)
        .await
        .says("Taken back: A slip")
        .says("What counts now: <strong>No</strong>");
}

#[tokio::test]
async fn two_officers_with_two_answers_both_see_both() {
    let site = Site::new();
    let mut one = site.signed_in(Role::Officer).await;
    let mut two = site.signed_in(Role::Supervisor).await;
    let reference = begin(&mut one).await;
    let page = routes::question(&reference, "report.imagery");
    let seen = hidden(&two.get(&page).await, "seen");
    answer(&mut one, &reference, "report.imagery", "yes")
        .await
        .is(303);
    two.post(&page, &[("report.imagery", "no"), ("seen", &seen)])
        .await
        .is(409)
        .says("Two answers to one question")
        .says("Your answer, not saved")
        .says("Saved by officer Example");
}

#[tokio::test]
async fn a_concern_stands_first_until_it_is_answered() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::CallHandler).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let page = routes::concern(&reference);
    browser.get(&page).await.is(200).says("Act first");
    browser
        .post(&page, &[("kind", "self-harm")])
        .await
        .is(422)
        .says("Select who it is about")
        .says("value=\"self-harm\" checked");
    let sent = [
        ("kind", "self-harm"),
        ("person", "A"),
        ("words", "She said she cannot go on"),
        ("action", "Units sent"),
    ];
    browser.post(&page, &sent).await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("She said she cannot go on")
        .says(&routes::task(&reference, "immediate-referral:A"));
    let answer = routes::concern_answer(&reference, 1);
    browser.get(&answer).await.is(200).says("Units sent");
    browser.post(&answer, &[("answer", "")]).await.is(422);
    browser
        .post(
            &answer,
            &[("answer", "Safe with her mother, seen by a nurse")],
        )
        .await
        .is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .does_not_say("Immediate concern. Self-harm");
}

#[tokio::test]
async fn bad_input_loses_nothing_and_pictures_are_refused() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(routes::REPORT_NEW).await;
    let sent = [
        ("child_where", "At home <b>now</b>"),
        ("in_danger", "yes"),
        ("reported_on", "tomorrow"),
    ];
    let seen = browser.post(routes::REPORT_NEW, &sent).await;
    seen.is(422)
        .says("At home &#60;b&#62;now")
        .says("Enter the day it was reported");
    let seen = browser.post(routes::REPORT_NEW, &sent[..2]).await;
    seen.is(422)
        .says("Say in a few words what the danger is")
        .says("href=\"#safe_to_talk\"");
    let reference = begin(&mut browser).await;
    let page = routes::entry_new(&reference, "people");
    browser
        .post(
            &page,
            &[("age", "140"), ("known_as", "Mia"), ("identified", "yes")],
        )
        .await
        .is(422)
        .says("Enter the age in whole years")
        .says("Select at least one answer")
        .says("value=\"Mia\"");
    let page = routes::entry_new(&reference, "places");
    browser
        .post(&page, &[("address", "https://example.org/a.jpg")])
        .await
        .is(422)
        .says("Waymark never holds or links to imagery")
        .says("https://example.org/a.jpg");
}

#[tokio::test]
async fn entries_are_added_changed_and_withdrawn() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let new = |kind: &str| routes::entry_new(&reference, kind);
    let forms: [(&str, Fields<'_>, &str); 4] = [
        (
            "places",
            &[("address", "1 Example Road"), ("why", "Home")],
            "1 Example Road",
        ),
        (
            "devices",
            &[("label", "Black phone"), ("users", "A")],
            "Black phone",
        ),
        (
            "accounts",
            &[("platform", "Chat"), ("username", "mia01"), ("person", "A")],
            "mia01 on Chat",
        ),
        (
            "references",
            &[("kind", "exhibit"), ("reference", "ABC/1")],
            "ABC/1",
        ),
    ];
    for (kind, fields, shown) in forms {
        browser.get(&new(kind)).await.is(200);
        browser
            .post(&new(kind), &[])
            .await
            .is(422)
            .says("There is a problem");
        browser.post(&new(kind), fields).await.is(303);
        browser.get(&routes::involved(&reference)).await.says(shown);
    }
    let place = routes::entry(&reference, "places", "L1");
    browser.get(&place).await.is(200).says("1 Example Road");
    browser
        .post(&place, &[("address", "2 Example Road")])
        .await
        .is(303);
    let person = routes::entry(&reference, "people", "A");
    browser.get(&person).await.is(200).says("value=\"Mia\"");
    browser
        .post(&person, &[("known_as", "Maya"), ("date_of_birth", "soon")])
        .await
        .is(422)
        .says("value=\"Maya\"");
    browser
        .post(
            &person,
            &[("known_as", "Maya"), ("date_of_birth", "1/2/2012")],
        )
        .await
        .is(303);
    let bodies = routes::authorities(&reference, "A");
    browser.get(&bodies).await.is(200);
    browser
        .post(
            &bodies,
            &[("kind", "school"), ("authority", "Example High")],
        )
        .await
        .is(303);
    browser
        .get(&bodies)
        .await
        .says("School or college: Example High");
    browser
        .post(&bodies, &[("remove", "School or college: Example High")])
        .await
        .is(303);
    browser.get(&bodies).await.does_not_say("Example High");
    let roles = routes::roles(&reference, "A");
    browser
        .get(&roles)
        .await
        .is(200)
        .says("Person involved")
        .does_not_say("checked");
    browser
        .post(&roles, &[("roles", "suspect")])
        .await
        .is(422)
        .says("Say why this person is entered as a suspect");
    browser
        .post(&roles, &[("roles", "witness"), ("roles", "victim")])
        .await
        .is(303);
    let withdraw = routes::withdraw(&reference, "places", "L1");
    browser.get(&withdraw).await.is(200).says("2 Example Road");
    browser.post(&withdraw, &[("reason", "")]).await.is(422);
    browser
        .post(&withdraw, &[("reason", "Entered twice")])
        .await
        .is(303);
    browser
        .get(&routes::involved(&reference))
        .await
        .says("2 Example Road: Entered twice")
        .says("Maya");
}

#[tokio::test]
async fn a_counter_allegation_carries_its_people_and_not_their_ages() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let page = routes::linked(&reference);
    browser.get(&page).await.is(200);
    browser
        .post(
            &page,
            &[
                ("what", "existing"),
                ("existing_kind", "same-people"),
                ("existing", "WM-1"),
            ],
        )
        .await
        .is(422)
        .says("There is no report WM-1");
    let mut sent = vec![
        ("what", "new"),
        ("kind", "counter-allegation"),
        ("people", "A"),
    ];
    sent.extend(FIRST);
    let seen = browser.post(&page, &sent).await;
    seen.is(303);
    let involved = browser.get(seen.to()).await;
    involved.is(200).says("Mia").does_not_say("14 years");
    browser.get(&page).await.says("Counter-allegation: WM-");
}

#[tokio::test]
async fn the_first_questions_can_be_answered_again() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    let page = routes::safety(&reference);
    browser.get(&page).await.is(200).says("value=\"At school\"");
    let sent = [
        ("in_danger", "yes"),
        ("danger", "He is on his way there"),
        ("safe_to_talk", "no"),
        ("reporter_name", "Ms Example"),
    ];
    browser.post(&page, &sent).await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("Immediate danger: He is on his way there")
        .says("Safe to talk: no");
}

#[tokio::test]
async fn an_auditor_reads_and_is_offered_nothing_to_change() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let reference = begin(&mut officer).await;
    add(&mut officer, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    for page in [
        routes::report(&reference),
        routes::involved(&reference),
        routes::answers(&reference),
        routes::answer(&reference, "person.A.age"),
        routes::concern(&reference),
    ] {
        let seen = auditor.get(&page).await;
        seen.is(200)
            .does_not_say("<button type=\"submit\" class=\"govuk-button");
    }
    auditor.get(&routes::report("WM-1999-000001")).await.is(404);
}
