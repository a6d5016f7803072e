//! Giving somebody their own data.

use report::{Command, Identity};
use store::{AccessesOf, Operation};

use super::{at_desk, closed, fill, site};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::act_as;
use crate::tests::desk::Desk;
use crate::tests::record::{actor, begin};

#[tokio::test]
async fn their_own_data_is_noted_before_it_leaves_and_names_nobody_else() {
    let site = site(0);
    let desk = closed(&site).await;
    let page = routes::own_data(&desk.reference, "A");
    let mut sue = at_desk(&site, "sue").await;
    sue.get(&page)
        .await
        .is(200)
        .says("Waymark does not decide that")
        .says("Data Protection Act 2018 s.45")
        .says("need a person to check");
    fill(&mut sue, &page, &[])
        .await
        .is(422)
        .says("Select who asks")
        .says("Say who will receive it, without a name")
        .says("Select the format");
    let named = [("asks", "parent"), ("to", "the mother of Annabel"), ("kind", "html")];
    fill(&mut sue, &page, &named)
        .await
        .is(422)
        .says("“Annabel” is a name of somebody in the report")
        .says("Without a name");
    let fields = |kind| [("asks", "parent"), ("to", "her mother, passport seen"), ("kind", kind)];
    for (kind, content) in [("html", "text/html; charset=utf-8"), ("json", "application/json; charset=utf-8")] {
        // The page it was asked for from does not stay as it was: it leads to one that has the copy.
        let to = fill(&mut sue, &page, &fields(kind)).await;
        let to = to.is(303).to().to_owned();
        let file = routes::own_data_copy(&desk.reference, "A", kind);
        sue.get(&to).await.is(200).says("It is noted").says(&format!("href=\"{file}\""));
        sue.get(&file).await.is(200);
        let seen = sue.get(&file).await;
        seen.is(200)
            .says("Annabel")
            .says("3 May 2012")
            .says("said by somebody else")
            .says("Outcome 21")
            .does_not_say("Benedict")
            .does_not_say("note about")
            .does_not_say("black phone")
            .does_not_say("olive");
        assert_eq!(seen.headers["content-type"], content);
        if kind == "html" {
            seen.says("To ask about it: Data protection team, 01632 960001")
                .says("Childline, 0800 1111")
                // A parent reads it: it says whose it is, and "you" to nobody else.
                .says("written down about Annabel Markerson")
                .says("does not mean that anybody thinks Annabel Markerson did it")
                .says("Annabel Markerson wants to talk to somebody")
                .says("Who Annabel Markerson is")
                .says("Outcome for Annabel Markerson")
                .does_not_say("for you</dt>")
                .does_not_say(" about you");
        }
        let attached = format!("attachment; filename=\"{}-A.{kind}\"", desk.reference);
        assert_eq!(seen.headers["content-disposition"], attached.as_str());
    }
    let of = AccessesOf::Report(desk.opened().await.stream.clone());
    let noted = site.app.store.accesses(&of, None, 50).await.unwrap();
    let given: Vec<_> = noted.iter().filter(|entry| entry.op == Operation::Disclose.word()).collect();
    assert_eq!(given.len(), 2);
    assert_eq!(given[0].purpose, "Whoever has parental responsibility asks for them");
    assert_eq!(given[0].reason.as_deref(), Some("Person A: her mother, passport seen"));
    // What was noted for one person is noted for nobody else, and not by anybody else.
    let mut sam = at_desk(&site, "sam").await;
    for (browser, person) in [(&mut sue, "B"), (&mut sam, "A")] {
        let page = routes::own_data(&desk.reference, person);
        let file = routes::own_data_copy(&desk.reference, person, "html");
        assert_eq!(browser.get(&file).await.is(303).to(), page);
        let given = format!("{page}?given=html");
        browser.get(&given).await.is(200).says("Who asks?");
    }
    site.wait(6);
    let mut late = at_desk(&site, "sue").await;
    let file = routes::own_data_copy(&desk.reference, "A", "html");
    assert_eq!(late.get(&file).await.is(303).to(), page);
    sue.get(&page).await.is(303);
    sue.post(&page, &fields("json")).await.is(200).says("Confirm that it is you").does_not_say("Markerson");
    sue.get(&routes::own_data(&desk.reference, "Z")).await.is(303);
}

#[tokio::test]
async fn it_is_reached_from_the_page_of_the_person_while_the_report_is_open() {
    let site = site(0);
    let olive = actor(&site, Role::Officer, "olive").await;
    let desk = Desk::two_friends(&site, olive).await;
    actor(&site, Role::Supervisor, "sam").await;
    let cal = actor(&site, Role::CallHandler, "cal").await;
    let opened = desk.opened().await;
    assert!(!opened.report.is_closed());
    let link = routes::own_data(&desk.reference, "A");
    let person = routes::entry(&desk.reference, "people", "A");
    let mut sam = at_desk(&site, "sam").await;
    sam.get(&person).await.is(200).says(&link);
    sam.get(&link).await.is(200).says("Who asks?");
    // Whoever may not take it out is not led there.
    let taken = begin(&site, &cal, "taken").await;
    let add = Command::AddPerson(report::AddPerson::default());
    let reference = taken.reference().to_owned();
    act_as(&site.app, &cal, taken, add, "add").await.unwrap();
    let mut cal = at_desk(&site, "cal").await;
    cal.get(&routes::entry(&reference, "people", "A"))
        .await
        .is(200)
        .says("Earlier involvement")
        .does_not_say("own-data");
}

#[tokio::test]
async fn markup_in_names_stays_text_in_the_copy() {
    let site = site(0);
    let olive = actor(&site, Role::Officer, "olive").await;
    let opened = begin(&site, &olive, "begin").await;
    let identity = Identity { given_names: "<b>Ann</b><script>".to_owned(), ..Identity::default() };
    let add = Command::AddPerson(report::AddPerson { identity, ..report::AddPerson::default() });
    let reference = opened.reference().to_owned();
    act_as(&site.app, &olive, opened, add, "add").await.unwrap();
    let mut browser = at_desk(&site, "olive").await;
    let page = routes::own_data(&reference, "A");
    let fields = [("asks", "themself"), ("to", "her, passport seen"), ("kind", "html")];
    fill(&mut browser, &page, &fields).await.is(303);
    browser
        .get(&routes::own_data_copy(&reference, "A", "html"))
        .await
        .is(200)
        .says("Ann")
        // To themself it says "you"; whose age nobody knows is not sent to what is for children.
        .says("written down about you")
        .says("Who you are")
        .does_not_say("Childline")
        .does_not_say("<b>")
        .does_not_say("<script>");
}

#[tokio::test]
async fn nothing_goes_to_a_home_that_is_told_nothing() {
    let site = site(0);
    let olive = actor(&site, Role::Officer, "olive").await;
    let desk = Desk::two_friends(&site, olive).await;
    let mut browser = at_desk(&site, "olive").await;
    let page = routes::own_data(&desk.reference, "A");
    let holds = "Nothing goes to the home of Ann:";
    browser.get(&page).await.is(200).does_not_say(holds);
    let noted = [("asks", "parent"), ("to", "passport seen"), ("kind", "html")];
    fill(&mut browser, &page, &noted).await.is(303);
    let copy = routes::own_data_copy(&desk.reference, "A", "html");
    browser.get(&copy).await.is(200);
    desk.facts(&["person.A.telling_parents_unsafe=yes"]).await;
    // On every page of the report, and where something leaves it.
    for page in [routes::involved(&desk.reference), page.clone()] {
        browser.get(&page).await.is(200).says(holds);
    }
    // Noted for a parent before that was known.
    assert_eq!(browser.get(&copy).await.is(303).to(), page);
    let given = |asks| [("asks", asks), ("to", "passport seen"), ("kind", "html")];
    fill(&mut browser, &page, &given("parent"))
        .await
        .is(422)
        .says("first change the decision that the home is told nothing");
    fill(&mut browser, &page, &given("themself")).await.is(303);
    browser.get(&copy).await.is(200);
}

/// A mother, a solicitor and a court are told different things of what they may do with it.
#[tokio::test]
async fn each_who_may_be_given_it_is_told_what_it_is_for() {
    let site = site(0);
    let olive = actor(&site, Role::Officer, "olive").await;
    let desk = Desk::two_friends(&site, olive).await;
    desk.do_everything().await;
    let mut browser = at_desk(&site, "olive").await;
    let page = routes::own_data(&desk.reference, "A");
    let copy = routes::own_data_copy(&desk.reference, "A", "html");
    let words = [
        ("themself", "You have a right to see it"),
        ("parent", "because you asked for Ann"),
        ("representative", "because you act for Ann: use it for that only"),
        ("other", "because a court or the Information Commissioner asked"),
    ];
    for (asks, _) in words {
        let noted = [("asks", asks), ("to", "passport seen"), ("kind", "html")];
        fill(&mut browser, &page, &noted).await.is(303);
        let given = browser.get(&copy).await;
        for (whose, says) in words {
            let told = given.is(200).text.contains(says);
            assert_eq!(told, asks == whose, "{asks}: {says}");
        }
        given.does_not_say("{person}").does_not_say("nothing else");
        let checks = "<dt>The police were to check ";
        assert_eq!(given.text.matches(checks).count(), 1, "{}", given.text);
        assert!(given.text.matches(": looked up").count() > 1);
        given.says("on all police systems: what was typed");
        // No child reads what a court is given, and nobody complains of the Commissioner to the Commissioner.
        for says in ["wants to talk to somebody", "Childline", "ico.org.uk"] {
            assert!(asks != "other" || !given.text.contains(says), "{says}");
        }
        site.wait(1);
    }
}
