//! An agreement counts for what a supervisor saw: pages say so before a change, and afterwards what changed.

use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, PASSWORD, Site};

const BEFORE: &str = "A supervisor has agreed to the record as it is now. What you change here";

async fn signed_in<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    let mut browser = site.browser();
    browser.sign_in(name, PASSWORD).await;
    browser
}

async fn agree(supervisor: &mut Browser<'_>, reference: &str) {
    let review = routes::review(reference);
    supervisor.get(&review).await.is(200);
    let seen = supervisor.get(&review).await.hidden("seen");
    let said = [("verdict", "agree"), ("reasons", "read in full"), ("seen", seen.as_str())];
    supervisor.post(&review, &said).await.is(303);
}

/// The officer enters something while the page of the supervisor is open.
#[tokio::test]
async fn nobody_agrees_to_what_they_have_not_seen() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let mut supervisor = signed_in(&site, "sam").await;
    desk.do_everything().await;
    let review = routes::review(&desk.reference);
    let page = supervisor.get(&review).await;
    page.is(200).does_not_say("Entered while your page was open");
    let (seen, version) = (page.hidden("seen"), page.hidden("version"));
    desk.facts(&["person.B.extorted=yes"]).await;
    let said = [("verdict", "agree"), ("reasons", "only curiosity"), ("seen", &seen), ("version", &version)];
    let again = supervisor.post(&review, &said).await;
    again
        .is(422)
        .says("The record has changed since you opened this page")
        .says("Entered while your page was open")
        .says("blackmail")
        .says("only curiosity</textarea>")
        .says("Aggravated");
    let seen = again.hidden("seen");
    let said = [("verdict", "send-back"), ("reasons", "who says so?"), ("seen", &seen)];
    supervisor.post(&review, &said).await.is(303);
}

#[tokio::test]
async fn what_changes_what_was_agreed_to_is_said_before_and_after() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let mut officer = signed_in(&site, "olive").await;
    let mut supervisor = signed_in(&site, "sam").await;
    let reference = desk.reference.as_str();
    let ask = routes::ask_for_review(reference);
    desk.do_everything().await;

    let change = [
        routes::task(reference, "crime-record"),
        routes::depart(reference, "removal-request"),
        routes::question(reference, "person.A.in_care"),
    ];
    for page in &change[..1] {
        officer.get(page).await.is(200).does_not_say(BEFORE);
    }
    officer.get(&ask).await.is(200);
    officer.get(&ask).await.says("What do you ask for?").says("By when do you need it?");
    officer.post(&ask, &[("note", "please read"), ("by_when", "the talk\nat four")]).await.is(422);
    officer.post(&ask, &[("note", "please read"), ("by_when", "tomorrow at four")]).await.is(303);
    officer.get(&ask).await.is(200).says("You need do nothing more for it").does_not_say("Entered since");
    let report = routes::report(reference);
    supervisor.get(&report).await.is(200).says("This report waits for a supervisor to review it").says("please read");
    supervisor.get(&routes::review(reference)).await.is(200).says("please read").says("Needed by: tomorrow at four");
    officer.get(&report).await.is(200).does_not_say("waits for a supervisor to review it");
    agree(&mut supervisor, reference).await;
    officer.get(&report).await.is(200).says("A supervisor has agreed. The outcome is yours to decide now");
    for page in [&change[0], &change[2]] {
        officer.get(page).await.is(200).says(BEFORE);
    }
    // What follows the outcome was no part of it.
    let decide = routes::outcome(reference, "21");
    officer.get(&decide).await.is(200);
    let all = [("for", "report"), ("for", "A"), ("for", "B"), ("reason", "talking helps more")];
    officer.post(&decide, &all).await.is(303);
    let explained = routes::task(reference, "outcome-explained:A");
    officer.get(&explained).await.is(200).says("novalidate").does_not_say(BEFORE);

    // An answer is changed. The way to close leads to asking again, which says what changed and what was asked before is over.
    desk.facts(&["report.uploaded_online=not-known"]).await;
    let close = officer.get(&routes::close(reference)).await;
    close.is(200).says(&format!("href=\"{ask}\""));
    officer
        .get(&ask)
        .await
        .is(200)
        .says("It has changed since")
        .says("Entered since")
        .says("Is an image online now")
        .says("Ask for a review</button>")
        .does_not_say("A review was asked for on");
    supervisor
        .get(&routes::review(reference))
        .await
        .is(200)
        .says("Entered since a supervisor agreed")
        .does_not_say("please read");
}

#[tokio::test]
async fn a_decision_stands_beside_what_was_advised_then_whatever_is_known_now() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let depart = report::Command::Depart {
        duty: "signposting:A".parse().unwrap(),
        reason: "asked for none".to_owned(),
        ndm: report::Ndm {
            information: "what is known".to_owned(),
            threat_and_risk: "none".to_owned(),
            powers_and_policy: "the guidance".to_owned(),
            options: "a call".to_owned(),
            action_and_review: "tomorrow".to_owned(),
        },
    };
    let version = desk.opened().await.version + 1;
    desk.act(depart).await;
    desk.facts(&["person.B.extorted=yes"]).await;
    let mut sam = signed_in(&site, "sam").await;
    let all = routes::advised_then(&desk.reference, version);
    sam.get(&routes::review(&desk.reference))
        .await
        .is(200)
        .says("Aggravated")
        .says("What was advised then")
        .says("wm-wrap\">Experimental</dd>")
        .says("To be done then")
        .says(&format!("href=\"{all}\""));
    sam.get(&all)
        .await
        .is(200)
        .says("What was advised then")
        .says("Class: Experimental")
        .says("Point Ann to advice and support")
        // On a telephone it is long: what it rested on and what was not open are folded.
        .says("What was to be done then")
        .says("__summary-text\">What this rested on<")
        .says("__summary-text\">Outcomes that were not open, and why: ");
    for missing in ["0", "1", "999999"] {
        let page = format!("{}?advised={missing}", routes::review(&desk.reference));
        sam.get(&page).await.is(404);
    }
}

/// One decision for several is one moment: what the first of them brings with it was not advised before the last.
#[tokio::test]
async fn one_decision_for_several_people_rests_on_one_advice() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let ndm = report::Ndm {
        information: "what is known".to_owned(),
        threat_and_risk: "none".to_owned(),
        powers_and_policy: "the guidance".to_owned(),
        options: "a call".to_owned(),
        action_and_review: "tomorrow".to_owned(),
    };
    desk.do_everything().await;
    let before = desk.opened().await.version;
    let after = desk
        .act(report::Command::DecideOutcome(report::DecideOutcome {
            code: "21".to_owned(),
            report: true,
            persons: vec!["A".parse().unwrap()],
            reason: "fits".to_owned(),
            ndm,
        }))
        .await;
    let decided: Vec<u64> = after
        .report
        .log
        .iter()
        .filter(|event| event.version > before)
        .filter(|event| matches!(event.body, report::EventBody::OutcomeDecided { .. }))
        .map(|event| event.version)
        .collect();
    assert_eq!(decided.len(), 2);
    let mut sam = signed_in(&site, "sam").await;
    let mut pages = Vec::new();
    for version in decided {
        let page = sam.get(&routes::advised_then(&desk.reference, version)).await;
        let (_, main) = page.is(200).text.split_once("<main").unwrap();
        let (main, _) = main.split_once("</main>").unwrap();
        pages.push(main.to_owned());
    }
    assert!(pages[0].contains("Advise Ann to delete"), "{}", pages[0]);
    // What was said of both stands there once, and so does an outcome that was open to all of them.
    let said = |words: &str| pages[0].matches(words).count();
    assert_eq!(said("<p>A child took part and did nothing aggravating."), 1);
    assert!(said("<span>The report, Ann, Ben</span>") > 0);
    assert_eq!(said("21: More investigation is not in the public interest"), 1);
    for rests in ["How old was Ann", "How old was Ben"] {
        assert!(said(rests) > 0, "{rests}");
    }
    assert_eq!(pages[0], pages[1]);
}
