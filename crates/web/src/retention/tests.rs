//! Keeping, erasing and giving out, through the pages.

mod own_data;

use guidance::Value;
use report::{Actor, Command, DecideOutcome, Identity, Ndm, SaidBy, StateFact, Verdict};
use store::{AccessKind, AccessesOf};

use crate::config::RequestLimits;
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{act_as, derive_anew, load, opened_by};
use crate::tests::desk::{Desk, FULL};
use crate::tests::record::actor;
use crate::tests::{Browser, PASSWORD, Seen, Site};

fn site(backups_kept_days: u32) -> Site {
    Site::with(crate::Config {
        backups_kept_days,
        data_protection_contact: "Data protection team, 01632 960001".to_owned(),
        requests: RequestLimits { per_account: 100_000, per_address: 100_000 },
        ..crate::Config::default()
    })
}

async fn at_desk<'a>(site: &'a Site, name: &str) -> Browser<'a> {
    let mut browser = site.browser();
    browser.sign_in(name, PASSWORD).await;
    browser
}

/// Two friends, everything done, agreed and closed with Outcome 21. Olive worked on it, Sam agreed; Sue had no part in it.
async fn closed(site: &Site) -> Desk<'_> {
    let desk = Desk::two_friends(site, actor(site, Role::Officer, "olive").await).await;
    let sam = actor(site, Role::Supervisor, "sam").await;
    actor(site, Role::Supervisor, "sue").await;
    let who = |given: &str| Identity {
        given_names: given.to_owned(),
        family_name: "Markerson".to_owned(),
        notes: format!("note about {given}"),
        date_of_birth: "2012-05-03".parse().ok(),
        ..Identity::default()
    };
    for (person, given) in [("A", "Annabel"), ("B", "Benedict")] {
        let person = person.parse().unwrap();
        let identity = who(given);
        desk.act(Command::StateIdentity { person, identity }).await;
    }
    let mut said = StateFact::police("person.A.threatened".parse().unwrap(), Value::word("no"));
    said.said_by = SaidBy::Person("B".parse().unwrap());
    said.note = "Benedict says so".to_owned();
    desk.act(Command::StateFacts(vec![said])).await;
    desk.do_everything().await;
    let agree = Command::Review {
        verdict: Verdict::Agree,
        reasons: "fair".to_owned(),
        seen: desk.opened().await.report.review_matter(&site.app.pack),
    };
    by(site, &desk, &sam, agree, "agree").await;
    let outcome = DecideOutcome {
        code: "21".to_owned(),
        report: true,
        persons: vec!["A".parse().unwrap(), "B".parse().unwrap()],
        reason: "not in the public interest".to_owned(),
        ndm: Ndm::default(),
    };
    desk.act(Command::DecideOutcome(outcome)).await;
    desk.do_everything().await;
    desk.act(Command::Close { note: String::new() }).await;
    desk
}

async fn by(site: &Site, desk: &Desk<'_>, who: &Actor, command: Command, key: &str) {
    let opened = opened_by(&site.app, &desk.reference).await.unwrap();
    act_as(&site.app, who, opened, command, key).await.unwrap();
}

/// Shows a page, then sends its form.
async fn fill(browser: &mut Browser<'_>, page: &str, fields: &[(&str, &str)]) -> Seen {
    browser.get(page).await.is(200);
    browser.post(page, fields).await
}

const DAY: i64 = 24 * 60;

#[tokio::test]
async fn a_review_comes_due_is_listed_and_puts_off() {
    let site = site(0);
    let desk = closed(&site).await;
    let page = routes::retention(&desk.reference);
    let list = format!("{}?list=kept", routes::REPORTS);
    let mut sue = at_desk(&site, "sue").await;
    sue.get(&page)
        .await
        .is(200)
        .says("24 November 2036")
        .says("10 years after it was closed on 24 November 2026")
        .says("To be confirmed by the force")
        .says("Nobody has decided it")
        .says("3 May 2030")
        .says("only if the force wants it");
    sue.get(&list).await.is(200).says("Retention reviews due (0)");
    let seen = fill(&mut sue, &page, &[("until", "soon"), ("reasons", "")]).await;
    seen.is(422).says("Enter the day on which").says("Say why it is kept");
    let fields = [("until", "01/12/2026"), ("reasons", "the appeal runs until then")];
    fill(&mut sue, &page, &fields).await.is(303);
    sue.get(&page).await.is(200).says("Kept until 1 December 2026").says("the appeal runs until then");
    site.wait(7 * DAY);
    let mut sue = at_desk(&site, "sue").await;
    sue.get(&list).await.is(200).says("Retention reviews due (1)").says(&page).says("1 December 2026");
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&list).await.is(200).does_not_say("Retention reviews due");
    olive.get(&page).await.is(403);
    olive.get(&routes::timeline(&desk.reference)).await.is(200).says("Kept; looked at again on 1 December 2026");
    let opened = opened_by(&site.app, &desk.reference).await.unwrap();
    let of = AccessesOf::Report(opened.stream.clone());
    let views = site.app.store.accesses(&of, None, 50).await.unwrap();
    let mut opened = views.iter().filter(|view| view.kind == AccessKind::ReportOpened.word());
    assert!(opened.any(|view| view.purpose == "To decide whether it is kept"), "{views:?}");
}

#[tokio::test]
async fn new_guidance_gives_every_closed_report_its_day() {
    let site = site(0);
    let desk = closed(&site).await;
    let opened = desk.opened().await;
    let store = &site.app.store;
    let right = store.projection(&opened.stream).await.unwrap().unwrap();
    assert!(right.review_at.is_some());
    assert_eq!(derive_anew(&site.app).await.unwrap(), 0);
    let older = store::ProjectionRow { derived_by: "sha256:older".to_owned(), review_at: None, ..right.clone() };
    let append = store::Append {
        stream: opened.stream.clone(),
        expected_version: opened.version,
        events: Vec::new(),
        projection: Some(older),
        findable: Vec::new(),
    };
    store.append(append, None).await.unwrap();
    assert_eq!(derive_anew(&site.app).await.unwrap(), 1);
    assert_eq!(store.projection(&opened.stream).await.unwrap(), Some(right));
}

/// What one supervisor sends who asks another to agree.
fn asking<'a>(what: &'a str, reasons: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("what", what), ("reasons", reasons), ("does", "ask")];
    fields.extend(FULL);
    fields
}

/// Suki, who had no part in it, asks in full that something is erased before its day.
async fn asked_early(site: &Site, reference: &str, what: &str, reasons: &str) {
    actor(site, Role::Supervisor, "suki").await;
    let page = routes::erase(reference);
    let mut suki = at_desk(site, "suki").await;
    assert_eq!(fill(&mut suki, &page, &asking(what, reasons)).await.is(303).to(), page);
}

#[tokio::test]
async fn before_its_day_nobody_erases_alone_and_the_page_says_so() {
    let site = site(0);
    let desk = closed(&site).await;
    let page = routes::erase(&desk.reference);
    let mut sue = at_desk(&site, "sue").await;
    sue.get(&page)
        .await
        .is(200)
        .says("It is early.")
        .says("not due before 24 November 2036")
        .says("another supervisor agrees")
        .says("Ask another supervisor to agree")
        .does_not_say("Erase it for good");
    let alone = [("what", "whole-report"), ("reasons", "past its time"), ("does", "erase")];
    fill(&mut sue, &page, &alone).await.is(422).says("It is early").says("another one agrees");
    let bare = [("what", "whole-report"), ("reasons", "past its time"), ("does", "ask")];
    fill(&mut sue, &page, &bare).await.is(422).says("needs the full record");
    let asks = asking("whole-report", "of no use");
    assert_eq!(fill(&mut sue, &page, &asks).await.is(303).to(), page);
    sue.get(&page).await.is(200).says("You asked on").says("Another supervisor has to agree").says("of no use");
    fill(&mut sue, &page, &alone).await.is(422).says("You asked for this yourself");
    sue.get(&routes::retention(&desk.reference)).await.says("Asked that the whole report is erased before its day");
    assert!(opened_by(&site.app, &desk.reference).await.is_ok());
    // Whoever worked on it agrees to nothing.
    let mut olive = at_desk(&site, "olive").await;
    olive.get(&page).await.is(403);
    olive
        .get(&routes::timeline(&desk.reference))
        .await
        .says("Asked another supervisor to erase before the day of review");
    let mut sam = at_desk(&site, "sam").await;
    sam.get(&page).await.is(200).says("supervisor Example asked on").says("Erase it for good").says(FULL[0].1);
    // One who has an older page open and asks as well, erases nothing.
    fill(&mut sam, &page, &asks).await.is(422).says("has asked for this already");
    assert!(opened_by(&site.app, &desk.reference).await.is_ok());
    fill(&mut sam, &page, &alone).await.is(303);
    sam.get(&routes::report(&desk.reference)).await.is(410).says("was erased");
    site.verified_log().await;
}

#[tokio::test]
async fn nobody_erases_what_they_worked_on_or_without_proving_who_they_are() {
    let site = site(0);
    let desk = closed(&site).await;
    let page = routes::erase(&desk.reference);
    let fields = [("what", "whole-report"), ("reasons", "past its time")];
    let mut sue = at_desk(&site, "sue").await;
    asked_early(&site, &desk.reference, "whole-report", "past its time").await;
    sue.get(&page).await.is(200).says("Erase for good");
    site.wait(6);
    let to = sue.get(&page).await.is(303).to().to_owned();
    assert_eq!(to, routes::step_up(&page));
    sue.post(&page, &fields).await.is(200).says("Confirm that it is you");
    assert!(opened_by(&site.app, &desk.reference).await.is_ok());
    let mut sam = at_desk(&site, "sam").await;
    let seen = fill(&mut sam, &page, &[("what", ""), ("reasons", "")]).await;
    seen.is(422).says("Select what is erased").says("Say why it is erased");
    let named = [("what", "whole-report"), ("reasons", "Annabel is of age")];
    fill(&mut sam, &page, &named).await.is(422).says("“Annabel” is a name of somebody in the report");
    // Giving the report to somebody makes it theirs.
    let mine = Command::Reopen { reason: "for a test".to_owned() };
    let boss = actor(&site, Role::Supervisor, "boss").await;
    by(&site, &desk, &boss, mine, "reopen").await;
    fill(&mut sam, &page, &[]).await.is(422);
    sam.get(&page).await.is(200).says("This report is open").does_not_say("Erase it for good");
    sam.post(&page, &fields).await.is(422).says("This report is open");
    assert!(opened_by(&site.app, &desk.reference).await.is_ok());
}

#[tokio::test]
async fn who_somebody_is_goes_and_what_happened_stays() {
    let site = site(30);
    let desk = closed(&site).await;
    let page = routes::erase(&desk.reference);
    let mut sue = at_desk(&site, "sue").await;
    sue.get(&page)
        .await
        .is(200)
        .says("Only who Annabel Markerson is")
        .says("not due before 24 November 2036")
        .says("due to be deleted on 24 December 2026");
    let fields = [("what", "A"), ("reasons", "asked for, and nothing speaks against it")];
    asked_early(&site, &desk.reference, "A", "asked for").await;
    let to = fill(&mut sue, &page, &fields).await.is(303).to().to_owned();
    assert_eq!(to, routes::retention(&desk.reference));
    sue.get(&to).await.is(200).does_not_say("Annabel").says("Benedict").says("Who Person A is, is to be erased");
    sue.get(&page).await.is(200).does_not_say("Only who Person A is").says("Only who Benedict");
    let mut olive = at_desk(&site, "olive").await;
    for page in [
        routes::report(&desk.reference),
        routes::involved(&desk.reference),
        routes::timeline(&desk.reference),
        routes::answers(&desk.reference),
    ] {
        olive.get(&page).await.is(200).does_not_say("Annabel");
    }
    let again = fill(&mut sue, &page, &fields).await;
    again.is(422).says("has been erased already");
    holds(&site).await;
}

/// The log verifies from its export alone, everything follows from it, and no name is in it.
async fn holds(site: &Site) {
    let text = site.verified_log().await;
    assert!(!text.contains("Annabel") && !text.contains("Markerson"));
}

#[tokio::test]
async fn an_erased_report_is_gone_everywhere_and_its_address_says_so() {
    let site = site(30);
    let desk = closed(&site).await;
    actor(&site, Role::Auditor, "audrey").await;
    let stream = desk.opened().await.stream.clone();
    asked_early(&site, &desk.reference, "whole-report", "past its time").await;
    let mut sue = at_desk(&site, "sue").await;
    let fields = [("what", "whole-report"), ("reasons", "past its time")];
    let to = fill(&mut sue, &routes::erase(&desk.reference), &fields).await;
    let to = to.is(303).to().to_owned();
    assert_eq!(to, routes::report(&desk.reference));
    let mut olive = at_desk(&site, "olive").await;
    for (browser, knows_why) in [(&mut sue, true), (&mut olive, false)] {
        for page in [
            routes::report(&desk.reference),
            routes::timeline(&desk.reference),
            routes::involved(&desk.reference),
            routes::emergency(&desk.reference),
        ] {
            let seen = browser.get(&page).await;
            seen.is(410)
                .says("was erased")
                .says("24 November 2026")
                .says("supervisor Example, Safeguarding")
                .says("due to be deleted on 24 December 2026")
                .does_not_say("Annabel")
                .does_not_say("Open it in an emergency");
            assert_eq!(seen.text.contains("past its time"), knows_why, "{page}");
        }
        for list in ["closed", "unit", "mine"] {
            let list = format!("{}?list={list}", routes::REPORTS);
            browser.get(&list).await.is(200).does_not_say(&desk.reference);
        }
    }
    let mut audrey = at_desk(&site, "audrey").await;
    audrey.get(&routes::looked_at(&desk.reference)).await.is(410).says("past its time");
    // Every event has lost its words, so the replay of advice has nothing to derive and says erased.
    let kept = site.app.store.load(&stream, 0).await.unwrap();
    assert!(kept.len() > 50 && kept.iter().all(|event| event.erased.is_some() && event.body.is_empty()));
    let left = load(&site.app, &stream).await.unwrap();
    assert!(left.report.people.is_empty() && left.report.reference.is_empty());
    assert!(left.view.timeline.iter().all(|entry| entry.says == "Erased"));
    assert_eq!(site.app.store.projection(&stream).await, Ok(None));
    holds(&site).await;
    // Sent again, it says the same and does nothing.
    sue.post(&routes::erase(&desk.reference), &fields).await.is(410);
}

#[tokio::test]
async fn a_decision_that_was_not_carried_out_is_shown_and_finished() {
    let site = site(0);
    let desk = closed(&site).await;
    let sam = Actor {
        id: site.app.store.user_by_sign_in_name("sam").await.unwrap().unwrap().id.as_str().parse().unwrap(),
        name: "sam".to_owned(),
        role: Role::Supervisor,
    };
    asked_early(&site, &desk.reference, "whole-report", "past its time").await;
    let decide = Command::DecideErasure { person: None, reasons: "past its time".to_owned(), confirmed: Vec::new() };
    by(&site, &desk, &sam, decide, "decided, and then the power went").await;
    let mut sue = at_desk(&site, "sue").await;
    let page = routes::erase(&desk.reference);
    sue.get(&page).await.is(200).says("and it was not finished");
    let fields = [("what", "whole-report"), ("reasons", "another reason")];
    fill(&mut sue, &page, &fields).await.is(303);
    // The reason that was decided on counts.
    sue.get(&routes::report(&desk.reference)).await.is(410).says("past its time");
}
