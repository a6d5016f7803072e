//! Beginning a report, what is in it, links.

use super::{FIRST, Fields, add, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn bad_input_loses_nothing_and_pictures_are_refused() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(routes::REPORT_NEW).await;
    let sent = [("child_where", "At home <b>now</b>"), ("in_danger", "yes"), ("reported_on", "tomorrow")];
    let seen = browser.post(routes::REPORT_NEW, &sent).await;
    // Everything at once: what the page finds wrong, and what the record would refuse.
    seen.is(422)
        .says("At home &#60;b&#62;now")
        .says("Enter the day it was reported")
        .says("Say in a few words what the danger is")
        .says("href=\"#safe_to_talk\"")
        .does_not_say("The reference may only have");
    let contrary = [("in_danger", "no"), ("danger", "somebody has a knife")];
    let seen = browser.post(routes::REPORT_NEW, &contrary).await;
    seen.is(422).says("but described a danger");
    let seen = browser.post(routes::REPORT_NEW, &sent[..2]).await;
    seen.is(422).says("Say in a few words what the danger is").says("href=\"#safe_to_talk\"");
    let reference = begin(&mut browser).await;
    // No number of the year went to what was refused.
    assert!(reference.ends_with("-000001"), "{reference}");
    let page = routes::entry_new(&reference, "people");
    browser
        .post(
            &page,
            &[
                ("age", "140"),
                ("known_as", "Mia"),
                ("identified", "yes"),
                ("date_of_birth", "2030"),
                ("notes", "see data:image/png;base64,iVBORw0KGgo="),
            ],
        )
        .await
        .is(422)
        // The error leads to its field, which is in sight then.
        .says("<details class=\"govuk-details\" open>")
        .says("href=\"#date_of_birth\"")
        .says("href=\"#notes\"")
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
        ("places", &[("address", "1 Example Road"), ("why", "Home")], "1 Example Road"),
        ("devices", &[("label", "Black phone"), ("users", "A")], "Black phone"),
        ("accounts", &[("platform", "Chat"), ("username", "mia01"), ("person", "A")], "mia01 on Chat"),
        ("references", &[("kind", "exhibit"), ("reference", "ABC/1")], "ABC/1"),
    ];
    for (kind, fields, shown) in forms {
        browser.get(&new(kind)).await.is(200);
        browser.post(&new(kind), &[]).await.is(422).says("There is a problem");
        browser.post(&new(kind), fields).await.is(303);
        browser.get(&routes::involved(&reference)).await.says(shown);
    }
    let place = routes::entry(&reference, "places", "L1");
    let mark = browser.get(&place).await.is(200).hidden("seen");
    let moved = [("address", "2 Example Road"), ("seen", mark.as_str())];
    browser.post(&place, &moved).await.is(303);
    let person = routes::entry(&reference, "people", "A");
    let mark = browser.get(&person).await.is(200).hidden("seen");
    browser.post(&person, &[("known_as", "Maya"), ("date_of_birth", "soon")]).await.is(422).says("value=\"Maya\"");
    browser.post(&person, &[("known_as", "Maya"), ("date_of_birth", "1/2/2012"), ("seen", &mark)]).await.is(303);
    let bodies = routes::authorities(&reference, "A");
    browser.get(&bodies).await.is(200);
    browser.post(&bodies, &[("kind", "school"), ("authority", "Example High")]).await.is(303);
    browser.get(&bodies).await.says("School or college: Example High");
    // A child may have several.
    let care = [("kind", "childrens-services"), ("authority", "Example Council")];
    browser.post(&bodies, &care).await.is(303);
    browser.get(&bodies).await.says("School or college: Example High").says("Example Council");
    browser.post(&bodies, &[("remove", "School or college: Example High")]).await.is(303);
    browser.get(&bodies).await.says("Example Council").does_not_say("Example High");
    let roles = routes::roles(&reference, "A");
    browser.get(&roles).await.is(200).says("Person involved").does_not_say("checked");
    browser.post(&roles, &[("roles", "suspect")]).await.is(422).says("Say why Maya is entered as a suspect");
    browser.post(&roles, &[("roles", "witness"), ("roles", "victim")]).await.is(303);
    let withdraw = routes::withdraw(&reference, "places", "L1");
    browser.get(&withdraw).await.is(200).says("2 Example Road");
    browser.post(&withdraw, &[("reason", "")]).await.is(422);
    browser.post(&withdraw, &[("reason", "Entered twice")]).await.is(303);
    browser.get(&routes::involved(&reference)).await.says("2 Example Road: Entered twice").says("Maya");
    let wrongly = [("accounts", "mia01 on Chat", "Withdraw mia01"), ("references", "ABC/1", "Withdraw ABC/1")];
    for (kind, name, link) in wrongly {
        let involved = browser.get(&routes::involved(&reference)).await;
        involved.says(link);
        let at = routes::withdraw(&reference, kind, "");
        let number = involved.text.rsplit(&at).next().unwrap();
        let withdraw = format!("{at}{}", number.split('"').next().unwrap());
        browser.get(&withdraw).await.is(200).says(name);
        let sent = [("reason", "")];
        browser.post(&withdraw, &sent).await.is(422).says("Say why");
        let sent = [("reason", "Of another report")];
        browser.post(&withdraw, &sent).await.is(303);
        browser.get(&routes::involved(&reference)).await.says(&format!("{name}: Of another report")).does_not_say(link);
        browser
            .get(&withdraw)
            .await
            .is(200)
            .says("Withdrawn already")
            .says(name)
            .says("withdrawn by officer Example, ")
            .says("Of another report")
            .says("Who and what is involved</a></p>");
    }
    for nowhere in ["0", "x", "99"] {
        let page = routes::withdraw(&reference, "accounts", nowhere);
        browser.get(&page).await.is(404);
    }
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
        .post(&page, &[("what", "existing"), ("existing_kind", "same-people"), ("existing", "WM-1")])
        .await
        .is(422)
        .says("No report WM-1 is open to you");
    let mut sent = vec![("what", "new"), ("kind", "counter-allegation"), ("people", "A")];
    sent.extend(FIRST);
    let seen = browser.post(&page, &sent).await;
    seen.is(303);
    let involved = browser.get(seen.to()).await;
    involved.is(200).says("Mia").does_not_say("14 years");
    browser.get(&page).await.says("Counter-allegation: WM-");
}

#[tokio::test]
async fn an_auditor_sees_the_log_and_never_the_content() {
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
        routes::report("WM-1999-000001"),
    ] {
        auditor.get(&page).await.is(403).does_not_say("Mia");
    }
    auditor
        .get(&routes::looked_at(&reference))
        .await
        .is(200)
        .says("officer Example")
        .does_not_say("Mia")
        .does_not_say("Undetermined")
        .does_not_say("Not settled yet");
}

#[tokio::test]
async fn what_is_still_to_add_leads_to_where_it_is_added() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let device = routes::entry_new(&reference, "devices");
    let home = routes::report(&reference);
    browser.get(&home).await.says(&routes::entry_new(&reference, "places")).does_not_say(&device);
    // A telephone is asked for once there is an image that it may hold.
    let question = routes::question(&reference, "report.imagery");
    browser.post(&question, &[("report.imagery", "yes")]).await.is(303);
    browser.get(&home).await.says(&device);
    browser.get(&routes::check(&reference)).await.says(&device);
    browser.get(&device).await;
    let sent = [("label", "A telephone"), ("users", "A")];
    browser.post(&device, &sent).await.is(303);
    browser.get(&home).await.does_not_say(&device);
}

#[tokio::test]
async fn what_was_entered_in_one_go_stands_together_with_its_times() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    site.wait(2);
    add(&mut browser, &reference, "Mia", "14", &["pictured", "sent"]).await;
    let page = routes::timeline(&reference);
    let seen = browser.get(&page).await;
    let moments = seen.text.matches("moj-timeline__item").count();
    assert_eq!(moments, 1, "{}", seen.text);
    let (began, added) = (seen.text.find("Report begun"), seen.text.find("Mia added"));
    assert!(began.is_some() && began < added, "from first to last");
    // A supervisor's entry in between stands by itself.
    let mut other = site.signed_in(Role::Supervisor).await;
    let addendum = routes::addendum(&reference);
    other.get(&addendum).await;
    other.post(&addendum, &[("text", "Rang the school")]).await.is(303);
    add(&mut browser, &reference, "Ben", "15", &["received"]).await;
    let seen = browser.get(&page).await;
    assert_eq!(seen.text.matches("moj-timeline__item").count(), 3);
}

#[tokio::test]
async fn the_pages_that_ask_first_say_why_they_ask() {
    let site = Site::new();
    let mut officer = site.signed_in(Role::Officer).await;
    let reference = begin(&mut officer).await;
    for (page, cite) in [
        (routes::REPORT_NEW.to_owned(), "G23"),
        (routes::safety(&reference), "G40"),
        (routes::linked(&reference), "G02"),
        (routes::entry_new(&reference, "people"), "G03"),
        (routes::entry_new(&reference, "devices"), "G37"),
    ] {
        let link = format!("href=\"{}\"", routes::guidance_statement(cite));
        officer.get(&page).await.says("Why we ask").says(&link);
    }
}
