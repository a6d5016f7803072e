//! The nine questions about what makes it worse: asked once for everybody, and of whom only where it is not no.

use super::{add, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Site, pack};

/// Their names, from the guidance.
fn nine() -> Vec<String> {
    let pack = pack();
    let asked = pack
        .questions()
        .iter()
        .filter(|one| !one.anybody.is_empty());
    let names: Vec<String> = asked
        .map(|one| one.fact.trim_start_matches("person.").to_owned())
        .collect();
    assert_eq!(names.len(), 9);
    names
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
    let names = nine();
    browser
        .post(&page, &[("threatened", "yes")])
        .await
        .is(422)
        .says("Select an answer: Did anybody groom");
    let sent = no_but(&names, "threatened", "yes");
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
async fn not_known_asks_who_as_well() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    for (name, part) in [("Mia", "sent"), ("Leo", "received")] {
        add(&mut browser, &reference, name, "14", &[part]).await;
    }
    let page = routes::anybody(&reference);
    browser.get(&page).await.is(200);
    let names = nine();
    let sent = no_but(&names, "groomed", "not-known");
    let seen = browser.post(&page, &sent).await;
    let who = routes::who(&reference, "groomed:not-known");
    assert_eq!(seen.is(303).to(), who);
    browser
        .get(&who)
        .await
        .is(200)
        .says("Did Leo groom a child?");
    let sent = [
        ("ask", "groomed:not-known"),
        ("person.A.groomed", "no"),
        ("person.B.groomed", "not-known"),
    ];
    browser.post(&who, &sent).await.is(303);
    browser
        .get(&routes::report(&reference))
        .await
        .says("Not settled yet");
}
