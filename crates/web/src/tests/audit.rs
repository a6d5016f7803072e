//! The auditor's pages: everything that was looked at, narrowed, and taken away; each noted first.

use store::{AccessFilter, Operation};

use super::Site;
use super::record::{actor, begin};
use crate::routes;
use crate::shared::access::Role;

/// A site with two reports that an officer and a supervisor opened.
async fn looked_at() -> (Site, Vec<String>) {
    let site = Site::new();
    let starter = actor(&site, Role::Officer, "starter").await;
    let mut references = Vec::new();
    for key in ["a", "b"] {
        references.push(begin(&site, &starter, key).await.reference().to_owned());
    }
    let mut officer = site.browser();
    officer.sign_in("starter", super::PASSWORD).await;
    for reference in &references {
        officer.get(&routes::report(reference)).await.is(200);
    }
    site.wait(20);
    let mut supervisor = site.signed_in(Role::Supervisor).await;
    supervisor.get(&routes::report(&references[1])).await;
    (site, references)
}

#[tokio::test]
async fn an_auditor_sees_who_looked_and_is_seen_doing_it() {
    let (site, references) = looked_at().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.get(routes::AUDIT).await;
    seen.is(200).says(&references[0]).says(&references[1]);
    seen.says("Opened the report").says("officer Example").says("Entries in the log");
    // Role and unit once for each person, and times as they are written everywhere.
    for (words, times) in [
        ("<span>24 November 2026 at 9:00am</span>", 2),
        ("officer Example, officer, Safeguarding", 1),
        ("<th scope=\"row\" role=\"rowheader\" class=\"govuk-table__header\"><span>officer Example</span>", 1),
        ("24 Nov 2026", 0),
    ] {
        assert_eq!(seen.text.matches(words).count(), times, "{words}");
    }
    // What is shown was noted before: it is there itself.
    seen.says("Read who looked").says("Auditing who looked at reports");

    let narrow = format!("{}?report={}", routes::AUDIT, references[0]);
    auditor.get(&narrow).await.is(200).says(&references[0]).does_not_say(&references[1]);
    // By the name they sign in with, and by the name that the list shows.
    for name in ["starter", "Officer%20Example"] {
        let narrow = format!("{}?person={name}&op=consult", routes::AUDIT);
        auditor.get(&narrow).await.is(200).says(&references[1]).does_not_say("auditor Example, auditor, ");
    }
    let narrow = format!("{}?from=25/11/2026", routes::AUDIT);
    auditor.get(&narrow).await.is(200).does_not_say(&references[0]);
    let narrow = format!("{}?until=24/11/2026&purpose=NO-SUCH", routes::AUDIT);
    auditor.get(&narrow).await.is(200).says("Nothing of this kind is in the log");
}

#[tokio::test]
async fn what_cannot_be_understood_is_said_beside_its_field() {
    let site = Site::new();
    let mut auditor = site.signed_in(Role::Auditor).await;
    let wrong = format!("{}?person=nobody&report=WM-1&from=soon", routes::AUDIT);
    let seen = auditor.get(&wrong).await;
    seen.is(422).says("Nobody signs in with this name").says("No report has this reference");
    seen.says("Enter a day, such as 24/11/2026");
    let turned = format!("{}?from=2/3/2026&until=1/3/2026", routes::AUDIT);
    auditor.get(&turned).await.is(422).says("The last day is before the first");
}

#[tokio::test]
async fn it_can_be_taken_away_and_that_is_noted_too() {
    let (site, references) = looked_at().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let seen = auditor.take(routes::AUDIT_CSV).await;
    seen.is(200).says(&references[0]);
    assert!(seen.text.starts_with("\u{feff}\"first\",\"last\""), "{}", seen.text);
    assert!(seen.text.lines().count() >= 4 && seen.text.contains("\r\n"));
    assert_eq!(seen.headers["content-disposition"], "attachment; filename=\"who-looked.csv\"");

    let seen = auditor.take(routes::AUDIT_LOG).await;
    seen.is(200).does_not_say("Officer Example");
    assert!(seen.text.starts_with("{\"waymark-audit-export\":1,"), "{}", seen.text);
    assert!(seen.text.contains("{\"checkpoint\":["), "{}", seen.text);
    assert!(seen.text.trim_end().ends_with('}'));

    let taken = AccessFilter { op: Some(Operation::Disclose), ..AccessFilter::default() };
    let noted = site.app.store.looks(&taken, None, 10).await.unwrap();
    let kinds: Vec<&str> = noted.iter().map(|look| look.kind.as_str()).collect();
    assert_eq!(kinds, ["log-taken", "looks-taken"]);
    auditor.get(routes::AUDIT).await.says("Took the table of who looked").says("Took a copy of the log");
    let said: Vec<&str> = noted.iter().filter_map(|look| look.reason.as_deref()).collect();
    assert_eq!(said, ["For the inspectorate: for a test"; 2]);
    auditor.get(routes::AUDIT).await.says("For the inspectorate: for a test");
    // Without both nothing is given, and nothing noted.
    let long = "a ".repeat(61) + "b";
    for file in [
        routes::AUDIT_CSV,
        routes::AUDIT_TOLD_CSV,
        routes::AUDIT_ERASED_CSV,
        routes::AUDIT_ACCOUNTS_CSV,
        routes::AUDIT_LOG,
    ] {
        for (recipient, reason, says) in [
            ("", "asked for", "Say who it is for"),
            ("the inspectorate", "", "Say why they need it"),
            ("the inspectorate", long.as_str(), "Shorten it to 120 characters or fewer"),
        ] {
            auditor.get(file).await.is(200).says("Who is this file for?");
            let seen = auditor.post(file, &[("recipient", recipient), ("reason", reason)]).await;
            seen.is(422).says(says);
            // What was right is there still.
            for kept in [recipient, reason].into_iter().filter(|kept| !kept.is_empty()) {
                seen.says(&format!("value=\"{kept}\""));
            }
            assert!(!seen.headers.contains_key("content-disposition"), "{file}");
        }
    }
    assert_eq!(site.app.store.looks(&taken, None, 10).await.unwrap().len(), 2);
    let refused = format!("{}?person=nobody", routes::AUDIT_CSV);
    auditor.get(&refused).await.is(400);
}

/// The page about one report holds the very look that shows it, however often: with a look noted while the page is read, a count
/// would now and then be one short.
#[tokio::test]
async fn the_page_about_a_report_holds_the_look_that_shows_it() {
    let (site, references) = looked_at().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    for times in 1_u32..=40 {
        let seen = auditor.get(&routes::looked_at(&references[0])).await;
        seen.is(200);
        // The first look gave a reason in words and is an entry of its own; those after it are counted in one.
        let counted = |row: &str| row.rsplit("<span>").next()?.split('<').next()?.parse::<u32>().ok();
        let looks: u32 = seen
            .text
            .split("<tr ")
            .filter(|row| row.contains("<span>auditor Example, auditor, "))
            .filter(|row| row.contains("Routine audit"))
            .filter_map(counted)
            .sum();
        assert_eq!(looks, times);
    }
}

/// The page about one report says what was done, which looks alike otherwise.
#[tokio::test]
async fn the_page_about_a_report_says_what_was_done() {
    let (site, references) = looked_at().await;
    let page = routes::looked_at(&references[0]);
    // Of another unit, and in neither report.
    let id = site.add_named(Role::Officer, "other").await;
    let user = site.app.store.user(&id).await.unwrap().unwrap();
    let unit = "Another unit".to_owned();
    site.change(store::User { unit, ..user }).await;
    let mut other = site.browser();
    other.sign_in("other", super::PASSWORD).await;
    other.get(&routes::report(&references[0])).await.is(403);
    let mut auditor = site.signed_in(Role::Auditor).await;
    auditor
        .get(&page)
        .await
        .is(200)
        .says("<th scope=\"col\" role=\"columnheader\" class=\"govuk-table__header\">What</th>")
        .says("<span>Opened the report</span>")
        .says("<span>Was refused a page of the report</span>");
}

/// An auditor sees who looked, and is not asked as if they opened the report.
#[tokio::test]
async fn an_auditor_is_asked_why_in_words_of_what_they_see() {
    let (site, references) = looked_at().await;
    let mut auditor = site.signed_in(Role::Auditor).await;
    let page = routes::why(&references[0], true);
    auditor
        .get(&page)
        .await
        .is(200)
        .says("Why do you look at who opened it?")
        .says("nothing of what is in it")
        .says("Show who looked")
        .does_not_say("Open the report")
        .does_not_say("working on this report");
    auditor.post(&page, &[]).await.is(422).says("Select why you look at who opened it");
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let (site, references) = looked_at().await;
    let auditor_id = site.add_named(Role::Auditor, "other").await;
    for _ in 0..60 {
        site.wait(16);
        let entry = store::AccessEntry {
            kind: "report-opened".to_owned(),
            op: Operation::Consult,
            stream: None,
            actor: auditor_id.clone(),
            purpose: "Practice".to_owned(),
            reason: None,
            at: site.app.now(),
            repeats: true,
        };
        site.app.store.note_access(entry).await.unwrap();
    }
    let mut auditor = site.signed_in(Role::Auditor).await;
    let first = auditor.get(routes::AUDIT).await;
    first.is(200).says("Earlier entries").does_not_say(&references[0]);
    let link = first.text.split("href=\"/audit?").find(|part| part.contains("Earlier entries")).unwrap();
    let link = format!("/audit?{}", link.split('"').next().unwrap().replace("&amp;", "&"));
    auditor.get(&link).await.is(200).says(&references[0]).says("Back to the latest");
}
