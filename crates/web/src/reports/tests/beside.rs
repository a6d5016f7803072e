//! What is said beside something and loses nothing: another class, another answer to a concern, a link taken back.

use report::{Command, CrimeRecord, EventBody, Evidence, Named};

use super::{add, begin, two_at_a_desk};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{act_as, opened_by};
use crate::tests::desk::{Desk, FULL};
use crate::tests::record::actor;
use crate::tests::{PASSWORD, Site};

const OFFICER: &str = "officer Example";

#[tokio::test]
async fn another_class_is_shown_beside_the_one_the_guidance_gives() {
    let site = Site::new();
    let (desk, mut officer, mut supervisor) = two_at_a_desk(&site).await;
    let (home, page) = (routes::report(&desk.reference), routes::class(&desk.reference));
    officer.get(&home).await.says("Disagree with the class");
    officer
        .get(&page)
        .await
        .is(200)
        .says("value=\"aggravated\"")
        .does_not_say("value=\"experimental\"")
        .does_not_say("value=\"not-involved\"")
        .does_not_say(" checked");
    let bare = [("reason", "reads like a threat")];
    officer
        .post(&page, &bare)
        .await
        .is(422)
        .says("Select what you think the class is")
        .says("Write what you know and from where")
        .says("reads like a threat</textarea>");
    // Put aside, it counts for nothing.
    let later = [&bare[..], &[("then", "later")]].concat();
    officer.post(&page, &later).await.is(303);
    officer.get(&page).await.says("reads like a threat</textarea>").says("and not recorded yet");
    officer.get(&home).await.says("and not recorded yet");
    let seen = officer.get(&page).await.hidden("draft_seen");
    let full =
        [&[("class", "aggravated"), ("reason", "reads like a threat"), ("draft_seen", &seen)], &FULL[..]].concat();
    officer.post(&page, &full).await.is(303);
    let says = format!("{OFFICER} disagrees with the class. Their view: Aggravated.");
    for browser in [&mut officer, &mut supervisor] {
        browser
            .get(&home)
            .await
            .says(&says)
            .says("reads like a threat")
            .says(">Experimental</strong>")
            .says("disagrees: Aggravated</a>");
        browser
            .get(&routes::timeline(&desk.reference))
            .await
            .says("Officer&#39;s view of the class: Aggravated. The guidance says: Experimental");
    }
    supervisor
        .get(&routes::review(&desk.reference))
        .await
        .says("Officer&#39;s view of the class: Aggravated. The guidance says: Experimental")
        .says("Departs from the advice")
        .says("who may come to harm");

    // By what is known later it is the same.
    desk.facts(&["person.B.threatened=yes"]).await;
    supervisor.get(&home).await.says("so it no longer differs").does_not_say("disagrees: Aggravated</a>");
    supervisor.get(&routes::review(&desk.reference)).await.says("The guidance now says the same");
    officer.post(&page, &[("ends", "yes"), ("reason", "")]).await.is(422).says("Say why you withdraw your view");
    let ends = [("ends", "yes"), ("reason", "there is no difference")];
    officer.post(&page, &ends).await.is(303);
    officer.get(&home).await.does_not_say(OFFICER_HELD);
    // That it was held stays a decision that whoever reviews the report reads.
    supervisor
        .get(&routes::review(&desk.reference))
        .await
        .says("Officer&#39;s view of the class was: Aggravated. Withdrawn since")
        .says("who may come to harm")
        .says("there is no difference");
}

const OFFICER_HELD: &str = "had another view of the class";

#[tokio::test]
async fn what_two_officers_say_of_one_concern_is_all_kept() {
    let site = Site::new();
    let mut first = site.signed_in(Role::Officer).await;
    let reference = begin(&mut first).await;
    add(&mut first, &reference, "Mia", "14", &["pictured"]).await;
    let raised = [("kind", "self-harm"), ("person", "A"), ("words", "She said she cannot go on")];
    first.post(&routes::concern(&reference), &raised).await.is(303);
    let mut second = site.signed_in(Role::Supervisor).await;
    let page = routes::concern_answer(&reference, 1);
    let (one, other) = (first.get(&page).await.hidden("answers"), second.get(&page).await.hidden("answers"));
    let said = [("answer", "Safe with her aunt"), ("answers", &one)];
    let answered = first.post(&page, &said).await;
    answered.is(303);
    let after = first.get(answered.to()).await;
    after.says("What came of the concern is kept");
    first.post(&page, &said).await.is(303);
    let also = "Her school nurse was told at ten";
    let seen = second.post(&page, &[("answer", also), ("answers", &other)]).await;
    seen.is(422)
        .says("Safe with her aunt")
        .says("said what came of it after you opened this page")
        .says(&format!("{also}</textarea>"))
        .says("Leave it as it is");
    let now = seen.hidden("answers");
    second.post(&page, &[("answer", also), ("answers", &now)]).await.is(303);
    let shown = second.get(&page).await;
    shown.says("Safe with her aunt").says(also).says("Back to the report</a>").says("Raised</dt>");
    assert_eq!(shown.text.matches("What came of it, by ").count(), 2);
    // Where open ones are listed the answered ones are too, each with who raised it and who answered.
    let listed = second.get(&routes::concern(&reference)).await;
    let by = listed.text.matches(" by officer Example</dd>").count();
    assert_eq!(by, 1, "who raised it: {}", listed.text);
    listed
        .says("<h2 class=\"govuk-heading-m\">Answered</h2>")
        .says("She said she cannot go on")
        .says("What came of it, by officer Example, ")
        .says("What came of it, by supervisor Example, ")
        .says(also)
        .says("Back to the report</a>");
}

#[tokio::test]
async fn what_a_colleague_withdrew_meanwhile_is_said_to_be_withdrawn() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut officer = site.browser();
    officer.sign_in("olive", PASSWORD).await;
    let mut colleague = site.signed_in(Role::Supervisor).await;
    let entry = routes::withdraw(&desk.reference, "devices", "D1");
    let note = desk
        .act(Command::RecordEvidence {
            duty: "crime-record".parse().unwrap(),
            evidence: Evidence::Crime {
                record: CrimeRecord::Recorded {
                    reference: "07/1/26".to_owned(),
                    code: "86/2".to_owned(),
                    persons: Vec::new(),
                },
            },
        })
        .await;
    let number = note.report.evidence.values().flatten().last().unwrap().number;
    let evidence = routes::withdraw_evidence(&desk.reference, "crime-record", number);
    for (page, name, on) in [
        (&entry, "black phone", routes::involved(&desk.reference)),
        (&evidence, "", routes::task(&desk.reference, "crime-record")),
    ] {
        officer.get(page).await.is(200).says("Why is it withdrawn?");
        colleague.get(page).await;
        let theirs = [("reason", "it is of another report")];
        colleague.post(page, &theirs).await.is(303);
        // Sent a second time it is there once, and leads to where it led.
        colleague.post(page, &theirs).await.is(303);
        let own = [("reason", "entered twice by me")];
        let seen = officer.post(page, &own).await;
        seen.is(409)
            .says("Withdrawn already")
            .says(name)
            .says("withdrawn by supervisor Example, ")
            .says("it is of another report")
            .says("What you wrote was not recorded")
            .says("entered twice by me")
            .does_not_say("There is a problem")
            .says(&format!("<p><a href=\"{on}\">"));
        officer.get(page).await.is(200).says("Withdrawn already").does_not_say("What you wrote");
        officer.get(&on).await.says("it is of another report (withdrawn by supervisor Example, ");
    }
    assert_eq!(
        desk.opened()
            .await
            .report
            .log
            .iter()
            .filter(|event| matches!(
                event.body,
                EventBody::EntryWithdrawn { .. } | EventBody::EvidenceWithdrawn { .. }
            ))
            .count(),
        2
    );
}

#[tokio::test]
async fn a_wrong_link_is_withdrawn_in_both_reports_or_in_neither() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let (here, there) = (begin(&mut browser).await, begin(&mut browser).await);
    let page = routes::linked(&here);
    browser.get(&page).await;
    let link = [("what", "existing"), ("existing_kind", "same-people"), ("existing", there.as_str())];
    browser.post(&page, &link).await.is(303);
    let shown = browser.get(&page).await;
    shown.says(&there).says("Withdraw this link");
    let withdraw = shown
        .text
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|href| href.contains("/withdraw/links/"))
        .unwrap()
        .to_owned();
    browser.get(&withdraw).await.is(200).says(&there);
    browser.post(&withdraw, &[("reason", "")]).await.is(422);
    for (at, other) in [(&here, &there), (&there, &here)] {
        browser.get(&routes::linked(at)).await.says(other).says("Withdraw this link");
    }
    let reason = [("reason", "another child of the same name")];
    browser.post(&withdraw, &reason).await.is(303);
    for (at, other) in [(&here, &there), (&there, &here)] {
        browser
            .get(&routes::linked(at))
            .await
            .says("Withdrawn, entered by mistake")
            .says(other)
            .says("another child of the same name")
            .does_not_say("Withdraw this link");
        browser.get(&routes::report(at)).await.does_not_say("Linked report</dt>");
        browser.get(&routes::timeline(at)).await.says(&format!("Link with report {other}"));
    }
    browser.get(&withdraw).await.is(200).says("Withdrawn already");
}

#[tokio::test]
async fn a_link_with_a_report_that_is_not_open_to_somebody_stays_in_both() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let sam = actor(&site, Role::Supervisor, "sam").await;
    let mut browser = site.browser();
    browser.sign_in("olive", PASSWORD).await;
    let there = begin(&mut browser).await;
    let page = routes::linked(&desk.reference);
    browser.get(&page).await;
    let link = [("what", "existing"), ("existing_kind", "same-people"), ("existing", there.as_str())];
    browser.post(&page, &link).await.is(303);
    let number = desk.opened().await.report.links[0].number.to_string();
    let withdraw = routes::withdraw(&desk.reference, "links", &number);
    browser.get(&withdraw).await.is(200);
    let other = opened_by(&site.app, &there).await.unwrap();
    let conflict = Command::DeclareInterest {
        who: Named { id: desk.officer.id.clone(), name: desk.officer.name.clone(), unit: "Safeguarding".to_owned() },
        words: "a neighbour".to_owned(),
    };
    act_as(&site.app, &sam, other, conflict, "conflict").await.unwrap();
    let reason = [("reason", "the wrong one")];
    browser.post(&withdraw, &reason).await.is(422).says("is open to you").says("the wrong one</textarea>");
    for at in [&desk.reference, &there] {
        let report = opened_by(&site.app, at).await.unwrap();
        assert_eq!(report.report.standing_links().count(), 1, "{at}");
    }
}
