//! Earlier involvement: who it may be, what an officer says of it, and where that shows.

use report::{Command, EventBody, Identity, Named, SamePerson};
use store::AccessesOf;

use super::*;
use crate::routes;
use crate::shared::record::act_as;
use crate::tests::Browser;

/// Two reports of the unit with the same child in them, spelt differently.
async fn two(site: &Site) -> (Opened, Opened) {
    let older = report_with(site, "Safeguarding", billie()).await;
    let spelt = Identity {
        given_names: "Wilhelmina".into(),
        family_name: "Quibblethwait".into(),
        date_of_birth: "2011-04-17".parse().ok(),
        ..Identity::default()
    };
    (older, report_with(site, "Safeguarding", spelt).await)
}

async fn say(browser: &mut Browser<'_>, page: &str, verdict: &str, reason: &str) -> Seen {
    browser.get(page).await.is(200);
    browser.post(page, &[("verdict", verdict), ("reason", reason)]).await
}

#[tokio::test]
async fn an_officer_says_who_it_is_and_it_shows_on_both_reports() {
    let site = Site::new();
    let (older, newer) = two(&site).await;
    let (old, new) = (older.reference(), newer.reference());
    let mut browser = site.signed_in(Role::Officer).await;
    let earlier = routes::earlier(new, "A");
    let one = routes::earlier_one(new, "A", old, "A");
    browser.get(&routes::involved(new)).await.says(&earlier);
    browser.get(&routes::entry(new, "people", "A")).await.says(&earlier);
    let seen = browser.get(&earlier).await;
    seen.is(200).says("Family name is the same but for one letter").says("Same date of birth").says(&one);
    seen.does_not_say("What was said");
    let page = browser.get(&one).await;
    page.is(200).says("Quibblethwaite").says("Quibblethwait<").says("07700 900451").says("Not known yet");
    assert!(!page.text.contains(" checked"), "nothing is chosen beforehand");

    for (verdict, reason, says) in [
        ("", "asked the school", "Select whether it is the same person"),
        ("same", "  ", "Say in a few words what it rests on"),
        ("perhaps", "asked the school", "Select whether it is the same person"),
    ] {
        say(&mut browser, &one, verdict, reason).await.is(422).says(says);
    }
    assert!(again(&site, &newer).await.report.matches.is_empty());

    let done = say(&mut browser, &one, "same", "Asked her mother").await;
    done.is(303);
    let seen = browser.get(done.to()).await;
    seen.says("Same person").says("Asked her mother").says("Recorded").says("persistent");
    seen.does_not_say("Compare, and say");
    browser.get(&routes::report(new)).await.says("Earlier involvement").says(&format!("report {old}"));
    browser.get(&routes::report(old)).await.says("Earlier involvement").says(&format!("report {new}"));
    let line = "Wilhelmina Quibblethwait is the same person as somebody in another report";
    browser.get(&routes::timeline(new)).await.says(line).says("Asked her mother").does_not_say(old);

    // Nothing follows by itself.
    let (before, after) = (newer.view.advice.clone(), again(&site, &newer).await);
    assert_eq!(before, after.view.advice);
    assert_eq!(newer.report.statements, after.report.statements);
    let there = again(&site, &older).await;
    let told = there.report.matches_of("A");
    assert_eq!((told[0].verdict, told[0].other.reference.as_str()), (SamePerson::Same, new));

    // A later word counts instead; said twice, it is kept once.
    let count = after.version;
    browser.get(&one).await.says("Asked her mother");
    say(&mut browser, &one, "different", "A cousin of the same name").await.is(303);
    say(&mut browser, &one, "different", "A cousin of the same name").await.is(303);
    assert_eq!(again(&site, &newer).await.version, count + 1);
    browser.get(&routes::report(new)).await.does_not_say("Earlier involvement");
    let seen = browser.get(&earlier).await;
    seen.says("Not the same person").does_not_say("Asked her mother").does_not_say("persistent");
}

#[tokio::test]
async fn what_is_said_is_in_the_log_as_a_combination_of_both_reports() {
    let site = Site::new();
    let (older, newer) = two(&site).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let one = routes::earlier_one(newer.reference(), "A", older.reference(), "A");
    browser.get(&routes::earlier(newer.reference(), "A")).await.is(200);
    say(&mut browser, &one, "same", "Asked Wilhelmina herself").await.is(303);
    for opened in [&older, &newer] {
        let all = noted(&site, &AccessesOf::Report(opened.stream.clone())).await;
        let combined: Vec<_> = all.iter().filter(|(_, op, ..)| op == "combine").collect();
        assert_eq!(combined.len(), 1, "{all:?}");
        assert_eq!(combined[0].0, "people-matched");
        let after = again(&site, opened).await;
        let last = after.report.log.last().unwrap();
        assert!(matches!(last.body, EventBody::PersonMatched { .. }), "{last:?}");
    }
    let searched = noted(&site, &AccessesOf::Report(newer.stream.clone())).await;
    let searched = searched.iter().find(|(kind, ..)| kind == "people-searched").unwrap();
    assert_eq!((searched.1.as_str(), searched.2.as_str()), ("consult", super::super::earlier::PURPOSE));
    let log = log(&site).await;
    let events = log.lines().filter(|line| line.contains("person-matched"));
    assert_eq!(events.clone().count(), 2, "{log}");
    assert!(events.clone().all(|line| line.contains("\"op\":\"combine\"")), "{log}");
    assert!(!log.contains("Wilhelmina") && !log.contains("Asked"), "{log}");
}

#[tokio::test]
async fn a_call_handler_sees_who_it_may_be_and_an_officer_says() {
    let site = Site::new();
    let (older, newer) = two(&site).await;
    let one = routes::earlier_one(newer.reference(), "A", older.reference(), "A");
    let mut caller = site.signed_in(Role::CallHandler).await;
    let seen = caller.get(&routes::earlier(newer.reference(), "A")).await;
    seen.is(200).says("Same date of birth").does_not_say("Compare, and say");
    caller.get(&one).await.is(403);
    caller.post(&one, &[("verdict", "same"), ("reason", "x")]).await.is(403);
    let mut auditor = site.signed_in(Role::Auditor).await;
    auditor.get(&routes::earlier(newer.reference(), "A")).await.is(403);
    assert!(again(&site, &newer).await.report.matches.is_empty());
}

#[tokio::test]
async fn a_report_that_is_closed_to_the_reader_is_not_there() {
    let site = Site::new();
    let (older, newer) = two(&site).await;
    let (old, new) = (older.reference().to_owned(), newer.reference());
    let mut browser = site.signed_in(Role::Officer).await;
    let earlier = routes::earlier(new, "A");
    let one = routes::earlier_one(new, "A", &old, "A");
    say(&mut browser, &one, "same", "Asked her mother").await.is(303);
    let boss = actor(&site, Role::Supervisor, "boss").await;
    let restrict = Command::Restrict {
        members: Vec::<Named>::new(),
        unit: "Safeguarding".into(),
        reason: "an officer's child".into(),
    };
    act_as(&site.app, &boss, again(&site, &older).await, restrict, "restrict").await.unwrap();
    for page in [&earlier, &routes::report(new), &routes::involved(new), &routes::timeline(new)] {
        browser.get(page).await.is(200).does_not_say(&old);
    }
    browser.get(&one).await.is(404);
    browser.post(&one, &[("verdict", "different"), ("reason", "x")]).await.is(404);
    // The same as of a report that there never was, and of somebody who is not in one.
    browser.get(&routes::earlier_one(new, "A", "WM-2026-000999", "A")).await.is(404);
    browser.get(&routes::earlier_one(new, "A", new, "Z")).await.is(404);
    browser.get(&routes::earlier(new, "Z")).await.is(404);
    let kept = again(&site, &newer).await;
    assert_eq!(kept.report.matches_of("A")[0].verdict, SamePerson::Same);
}

/// Counting through addresses shows nobody: who has nothing in common with the person is not there, and their report was not looked at.
#[tokio::test]
async fn somebody_who_is_no_match_is_not_shown() {
    let site = Site::new();
    let (older, newer) = two(&site).await;
    let stranger = Identity {
        given_names: "Hector".into(),
        family_name: "Ommundsen".into(),
        date_of_birth: "1979-02-03".parse().ok(),
        school: "St Example's".into(),
        ..Identity::default()
    };
    let theirs = report_with(&site, "Safeguarding", stranger).await;
    let (new, other) = (newer.reference(), theirs.reference());
    let mut browser = site.signed_in(Role::Officer).await;
    browser.get(&routes::report(new)).await.is(200);
    let compare = routes::earlier_one(new, "A", other, "A");
    browser.get(&compare).await.is(404).does_not_say("Hector").does_not_say("St Example");
    let said = [("verdict", "different"), ("reason", "x")];
    browser.post(&compare, &said).await.is(404);
    // Not even somebody of the same report, whom no search finds.
    let same = routes::earlier_one(new, "A", new, "A");
    browser.get(&same).await.is(404);
    assert!(again(&site, &newer).await.report.matches.is_empty());
    let looked = noted(&site, &AccessesOf::Report(theirs.stream.clone())).await;
    assert!(looked.is_empty(), "nobody looked at it: {looked:?}");

    // Of whom something was said, it can be changed, whatever is known of them later.
    let one = routes::earlier_one(new, "A", older.reference(), "A");
    say(&mut browser, &one, "not-known", "Ask her mother").await.is(303);
    let change = Command::StateIdentity {
        person: first(),
        identity: Identity { given_names: "Hector".into(), ..Identity::default() },
    };
    let officer = actor(&site, Role::Officer, "amends").await;
    let older = again(&site, &older).await;
    act_as(&site.app, &officer, older, change, "amend").await.unwrap();
    browser.get(&one).await.is(200).says("Ask her mother").says("Hector");
}

#[tokio::test]
async fn where_too_little_is_known_it_is_said_what_is_missing() {
    let site = Site::new();
    let nobody = Identity { known_as: "Billie".into(), ..Identity::default() };
    let opened = report_with(&site, "Safeguarding", nobody).await;
    let mut browser = site.signed_in(Role::Officer).await;
    let seen = browser.get(&routes::earlier(opened.reference(), "A")).await;
    seen.is(200).says("Not enough is known").says("Say who Billie is");
}
