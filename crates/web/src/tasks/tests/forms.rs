//! Forms that were filed: nothing is sent from here, and who received it is recorded.

use report::TaskState;

use super::desk::{Desk, mistakes_lead_somewhere};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::Desk as Friends;
use crate::tests::record::actor;
use crate::tests::{PASSWORD, Site};

const SENDS_NOTHING: &str = "Waymark sends nothing: pass it to your force&#39;s referral unit";

#[tokio::test]
async fn a_form_is_filed_and_arrives_when_they_say_so() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("vpa:A");
    browser.get(&page).await.is(200).says(SENDS_NOTHING);
    let fields = [
        ("persons", "B"),
        ("name", "Ada"),
        ("age", "14"),
        ("narrative", "She sent it to one boy"),
        ("voice", "I want it gone"),
        ("demeanour", "quiet"),
        ("self_harm", "no"),
        ("other_harm", "no"),
        ("concerns", "c"),
        ("action", "a"),
        ("officer", "PC Example"),
    ];
    let filed = browser.post(&page, &fields).await.is(303).to().to_owned();
    let arrived = routes::acknowledge(&desk.reference, "vpa:A", 1);
    let report = routes::report(&desk.reference);
    let waits = "Waiting for receipt: 2";
    browser.get(&report).await.is(200).says(waits);
    browser.get(&filed).await.is(200).says(SENDS_NOTHING).says("Nobody has said yet that it arrived").says(&arrived);
    browser.get(&page).await.says("Nobody has said yet that it arrived where it is passed on to").says(&arrived);
    browser.get(&arrived).await.is(200).says("Filed as");
    let seen = browser.post(&arrived, &[]).await;
    assert_eq!(mistakes_lead_somewhere(seen.is(422)), 2);
    let by = [("acknowledged_by", "Duty worker"), ("acknowledged_at", "now"), ("reference", "UNIT-9")];
    browser.post(&arrived, &by).await.is(303);
    browser.get(&report).await.is(200).does_not_say(waits);
    // It names both, so it arrived for both.
    for duty in ["vpa:A", "vpa:B"] {
        browser.get(&desk.task(duty)).await.says("Duty worker").says("UNIT-9").does_not_say("Nobody has said yet");
    }
    browser.get(&filed).await.says("Duty worker").does_not_say(&arrived);
    browser.get(&arrived).await.is(409);
}

#[tokio::test]
async fn two_families_told_at_one_visit_have_an_entry_each() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("questions-answered:A");
    browser
        .get(&page)
        .await
        .is(200)
        .says("Others were told at the same visit")
        .says("Who was told about Ben?")
        .says("What did they ask about Ben, and what was answered?")
        // One thing is said of an empty field, whosever it is.
        .does_not_say("Leave empty if they asked nothing")
        .says("name=\"also.B\"");
    let own = [
        ("who", "Ann and her mother"),
        ("told", "yes"),
        ("by", "PC Example"),
        ("means", "in-person"),
        ("at", "now"),
        ("asked", "Will school know?"),
        ("before_checks_because", "could not wait"),
    ];
    let ticked = ("also.B", "questions-answered:B");
    for (more, says) in [
        (&[ticked][..], "Enter who was told about Ben"),
        (&[("who.B", "his father")], "Select what was done for Ben"),
        (&[("also", "questions-answered:B")], "This is about Ben. Record it for them"),
        (&[("also.B", "questions-answered:C"), ("who.B", "his father")], "Select only what was done for Ben"),
        (&[ticked, ("who.B", "his father"), ("told", "no")], "Say on the task of Ben why they were not"),
        (&[ticked, ("who.B", "his father"), ("asked.B", "data:image/png;base64,iVBORw0KGgo=")], "About Ben: "),
    ] {
        let sent = [&own[..], more].concat();
        let seen = browser.post(&page, &sent).await;
        seen.is(422).says(says).says("Will school know?");
        assert_eq!(desk.state("questions-answered:A").await, TaskState::Due, "{says}");
    }
    let theirs = [ticked, ("who.B", "Ben and his father"), ("asked.B", "Is he in trouble?")];
    let sent = [&own[..], &theirs].concat();
    browser.post(&page, &sent).await.is(303);
    for (duty, theirs, others) in [
        (
            "questions-answered:A",
            ["Ann and her mother", "Will school know?"],
            ["Ben and his father", "Is he in trouble?"],
        ),
        (
            "questions-answered:B",
            ["Ben and his father", "Is he in trouble?"],
            ["Ann and her mother", "Will school know?"],
        ),
    ] {
        assert_eq!(desk.state(duty).await, TaskState::Done, "{duty}");
        let shown = browser.get(&desk.task(duty)).await;
        for words in theirs {
            shown.says(words);
        }
        for words in others {
            shown.does_not_say(words);
        }
    }
    browser
        .get(&routes::timeline(&desk.reference))
        .await
        .says("Asked and answered: Will school know?")
        .says("Asked and answered: Is he in trouble?");
}

/// What each service of a leaflet says to a child.
fn said_to_a_child(site: &Site, reader: &str) -> Vec<String> {
    let pack = &site.app.pack;
    let leaflet = pack.leaflets().unwrap().of(reader).unwrap();
    let service = |id: &String| pack.services().iter().find(|one| one.id == *id).unwrap();
    let all = leaflet.services.iter().map(service);
    all.map(|service| service.to_child.clone()).collect()
}

#[tokio::test]
async fn leaflets_are_beside_pointing_to_help_and_an_empty_field_says_nothing() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let task = |duty: &str| routes::task(&desk.reference, duty);
    let page = olive.get(&task("signposting:A")).await;
    for reader in ["child", "parent-or-carer"] {
        page.says(&format!("href=\"{}\" target", routes::leaflet(reader)));
    }
    let to_child = "You can talk to somebody about anything";
    let leaflet = olive.get(&routes::leaflet("child")).await;
    leaflet.is(200).says(to_child);
    let services = said_to_a_child(&site, "child");
    assert!(services.iter().all(|words| !words.is_empty() && leaflet.text.contains(words)));
    let parents = olive.get(&routes::leaflet("parent-or-carer")).await;
    parents.is(200).does_not_say(to_child);
    desk.do_everything().await;
    olive.get(&task("next-steps-child:A")).await.says("wm-wrap\">No questions were noted</dd>");
}

/// Only a no leaves out: while nobody knows, whatever may help stands on it.
#[tokio::test]
async fn a_leaflet_of_a_report_without_an_image_has_nobody_who_takes_images_down() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let task = routes::task(&desk.reference, "signposting:A");
    let (remove, down) = ("Report Remove", "Take It Down");
    for (answer, left_out) in [("yes", false), ("not-known", false), ("no", true)] {
        desk.facts(&[&format!("report.imagery={answer}")]).await;
        let page = olive.get(&task).await;
        for reader in ["child", "parent-or-carer"] {
            let start = format!("href=\"{}", routes::leaflet(reader));
            let link = page.is(200).text.split(&start).nth(1).unwrap();
            let query = link.split('"').next().unwrap().replace("&#38;", "&");
            let address = format!("{}{query}", routes::leaflet(reader));
            let sheet = olive.get(&address).await;
            let (_, printed) = sheet.is(200).text.split_once("<h1").unwrap();
            for service in [remove, down] {
                assert_eq!(!printed.contains(service), left_out, "{answer}: {service}");
            }
            assert_eq!(sheet.text.contains("Left out, as not needed"), left_out);
            sheet.says("CEOP Safety Centre").does_not_say(&desk.reference);
        }
    }
}

/// General words, and none of the report: only where something is known are they on it.
#[tokio::test]
async fn a_leaflet_says_what_to_do_about_blackmail_only_where_somebody_is_blackmailed() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let task = routes::task(&desk.reference, "signposting:A");
    for (answer, is_said) in [("no", false), ("not-known", false), ("yes", true)] {
        desk.facts(&[&format!("person.B.extorted={answer}")]).await;
        let page = olive.get(&task).await;
        for (reader, words) in [("child", "You are not to blame"), ("parent-or-carer", "The child is not to blame")] {
            let also: &[&str] = if is_said { &["person.extorted"] } else { &[] };
            let address = routes::leaflet_for(reader, &[], also);
            page.is(200).says(&format!("href=\"{address}\" target"));
            let sheet = olive.get(&address).await;
            assert_eq!(sheet.is(200).text.contains(words), is_said, "{answer}: {reader}");
            assert_eq!(sheet.text.contains("do not pay"), is_said, "{answer}: {reader}");
            sheet.does_not_say(&desk.reference);
        }
    }
    let chosen = format!("{}&with=childline", routes::leaflet_for("child", &[], &["person.extorted"]));
    let child = olive.get(&chosen).await;
    child.is(200).says("You are not to blame").says("name=\"also\" value=\"person.extorted\"");
    child.says("You are not in trouble for telling us").does_not_say("Victim Support</h2>");
    let odd = olive.get(&routes::leaflet_for("child", &[], &["person.aware", "<b>"])).await;
    odd.is(200).does_not_say("You are not to blame").does_not_say("person.aware").does_not_say("<b>");
}

/// What fits depends on the part a child had, and on what was done to them.
#[tokio::test]
async fn education_and_support_is_worded_by_what_is_known_of_the_child() {
    let site = Site::new();
    let desk = Friends::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let of = |child: &str| routes::task(&desk.reference, &format!("education-support:{child}"));
    let (sent, received, harmed) = ("This child made or sent", "This child received it", "Something was done to this");
    olive.get(&of("A")).await.is(200).says(sent).does_not_say(received).does_not_say(harmed);
    olive.get(&of("B")).await.is(200).says(received).does_not_say(sent).does_not_say(harmed);
    desk.facts(&["person.B.threatened=yes"]).await;
    olive.get(&of("A")).await.is(200).says(sent).says(harmed);
    olive.get(&of("B")).await.is(200).does_not_say(harmed);
}

#[tokio::test]
async fn what_fell_away_meanwhile_keeps_what_was_written() {
    let desk = Desk::full().await;
    let mut browser = desk.site.signed_in(Role::Officer).await;
    let page = desk.task("next-steps-parent:A");
    browser.get(&page).await.is(200);
    desk.facts("person.A.telling_parents_unsafe=yes").await;
    let sent = [("who", "her mother"), ("told", "yes"), ("at", "now")];
    browser.post(&page, &sent).await.is(422).says("This is not asked for any more").says("value=\"her mother\"");
    browser.get(&page).await.is(404);
}
