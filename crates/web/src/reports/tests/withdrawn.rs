//! What a colleague has withdrawn while somebody else had its page open: who withdrew it, and nothing that was written is lost.

use super::{Fields, two_at_a_desk};
use crate::routes;
use crate::tests::{Browser, Site};

/// A page, what is sent from it, and what is shown of that when it could not be kept.
type Row<'a> = (String, Fields<'a>, &'a [&'a str]);

/// Opens every page, has its subject withdrawn, and sends each: all say who withdrew it, and show what was written.
async fn keeps_what_was_written(
    (olive, sam): (&mut Browser<'_>, &mut Browser<'_>),
    (reference, kind, id): (&str, &str, &str),
    name: &str,
    rows: &[Row<'_>],
) {
    for (page, ..) in rows {
        olive.get(page).await.is(200).does_not_say("Withdrawn already");
    }
    let withdraw = routes::withdraw(reference, kind, id);
    sam.get(&withdraw).await.is(200);
    let reason = [("reason", "Entered twice")];
    sam.post(&withdraw, &reason).await.is(303);
    let involved = format!("href=\"{}\">Who and what", routes::involved(reference));
    for (page, sent, written) in rows {
        let before = desk_size(olive, reference).await;
        for seen in [olive.get(page).await, olive.post(page, sent).await] {
            seen.says("Withdrawn already")
                .says(name)
                .says("withdrawn by supervisor Example, ")
                .says("Entered twice")
                .says(&involved)
                .says("Nothing of it can be changed.");
            let was_sent = seen.status.as_u16() == 409;
            assert!(was_sent || seen.status.as_u16() == 200, "{page}");
            for words in *written {
                assert_eq!(was_sent, seen.text.contains(words), "{page}: {words}");
            }
            let told = seen.text.contains("What you wrote was not recorded");
            assert_eq!(told, was_sent && !written.is_empty(), "{page}");
        }
        assert_eq!(before, desk_size(olive, reference).await, "{page}");
    }
}

/// How long the timeline of a report is.
async fn desk_size(browser: &mut Browser<'_>, reference: &str) -> usize {
    let timeline = browser.get(&routes::timeline(reference)).await;
    timeline.is(200).text.matches("moj-timeline__item").count()
}

#[tokio::test]
async fn somebody_withdrawn_meanwhile_is_told_of_on_every_page_about_them() {
    let site = Site::new();
    let (desk, mut olive, mut sam) = two_at_a_desk(&site).await;
    let reference = desk.reference.as_str();
    let rows: &[Row<'_>] = &[
        (
            routes::entry(reference, "people", "B"),
            // What is as it was before was not written now.
            &[("given_names", "Ben"), ("school", "Example High")],
            &["School or college</dt>", "Example High</dd>"],
        ),
        (routes::entry(reference, "people", "B"), &[("given_names", "Ben")], &[]),
        (
            routes::roles(reference, "B"),
            &[("roles", "witness"), ("reason", "saw it on the bus")],
            &["Witness</dd>", "saw it on the bus</dd>"],
        ),
        (
            routes::authorities(reference, "B"),
            &[("kind", "school"), ("authority", "Exampleton High")],
            &["School or college</dd>", "Exampleton High</dd>"],
        ),
        (
            routes::question(reference, "person.B.age"),
            &[("person.B.age", "13"), ("note", "his mother says so")],
            &["13</dd>", "his mother says so</dd>"],
        ),
        (
            routes::own_data(reference, "B"),
            &[("asks", "parent"), ("to", "his mother, passport seen")],
            &["his mother, passport seen</dd>"],
        ),
    ];
    let (a, b) = (&mut olive, &mut sam);
    keeps_what_was_written((a, b), (reference, "people", "B"), "Ben", rows).await;
    let earlier = olive.get(&routes::earlier(reference, "B")).await;
    earlier.is(200).says("Withdrawn already");
    for nobody in [
        routes::entry(reference, "people", "Z"),
        routes::roles(reference, "Z"),
        routes::authorities(reference, "Z"),
        routes::own_data(reference, "Z"),
        routes::earlier(reference, "Z"),
        routes::question(reference, "person.Z.age"),
    ] {
        olive.get(&nobody).await.is(404);
    }
}

#[tokio::test]
async fn a_place_and_a_device_withdrawn_meanwhile_are_told_of() {
    let site = Site::new();
    let (desk, mut olive, mut sam) = two_at_a_desk(&site).await;
    let reference = desk.reference.as_str();
    let rows: &[Row<'_>] = &[(
        routes::entry(reference, "places", "L1"),
        &[("address", "2 Example Street"), ("why", "home of Ann")],
        &["2 Example Street</dd>"],
    )];
    let (a, b) = (&mut olive, &mut sam);
    let at = (reference, "places", "L1");
    keeps_what_was_written((a, b), at, "1 Example Street", rows).await;
    let rows: &[Row<'_>] = &[
        (
            routes::entry(reference, "devices", "D1"),
            &[("label", "black phone"), ("whereabouts", "with her aunt")],
            &["with her aunt</dd>"],
        ),
        (routes::question(reference, "device.D1.holds_evidence"), &[("device.D1.holds_evidence", "no")], &["No</dd>"]),
    ];
    let (a, b) = (&mut olive, &mut sam);
    let at = (reference, "devices", "D1");
    keeps_what_was_written((a, b), at, "lack phone", rows).await;
    for nothing in ["places", "devices"] {
        olive.get(&routes::entry(reference, nothing, "X9")).await.is(404);
    }
}

/// A form of three pages is not typed a second time because a colleague tidied up.
#[tokio::test]
async fn a_task_for_somebody_withdrawn_meanwhile_keeps_what_was_filled_in() {
    let site = Site::new();
    let (desk, mut olive, mut sam) = two_at_a_desk(&site).await;
    let reference = desk.reference.as_str();
    let task = routes::task(reference, "next-steps-child:B");
    let depart = routes::depart(reference, "next-steps-child:B");
    olive.get(&task).await.is(200);
    olive.get(&depart).await.is(200);
    let withdraw = routes::withdraw(reference, "people", "B");
    sam.get(&withdraw).await.is(200);
    let reason = [("reason", "Entered twice")];
    sam.post(&withdraw, &reason).await.is(303);
    let gone = "Ben was withdrawn from this report while you had the page open";
    let sent = [("who", "Ben and his mother"), ("told", "yes"), ("at", "now")];
    olive.post(&task, &sent).await.is(422).says(gone).says("value=\"Ben and his mother\"");
    let sent = [("reason", "he moved away")];
    olive.post(&depart, &sent).await.is(422).says(gone).says("he moved away</textarea>");
    for page in [&task, &depart] {
        olive.get(page).await.is(200).says("Withdrawn already").says("Ben</strong>: withdrawn by supervisor Example");
    }
    let nobodys = routes::task(reference, "next-steps-child:Z");
    olive.get(&nobodys).await.is(404);
}

/// What was sent on cannot arrive any more once a colleague has withdrawn that it was sent.
#[tokio::test]
async fn an_entry_withdrawn_meanwhile_keeps_who_said_that_it_arrived() {
    let site = Site::new();
    let (desk, mut olive, mut sam) = two_at_a_desk(&site).await;
    desk.facts(&["person.A.other_concern_of_harm=yes"]).await;
    desk.do_everything().await;
    let opened = desk.opened().await;
    let filed = opened.report.evidence.iter().find_map(|(duty, filed)| {
        let referral = filed.iter().find(|one| one.evidence.kind() == "referral")?;
        Some((duty.as_str().to_owned(), referral.number))
    });
    let (duty, number) = filed.unwrap();
    let page = routes::acknowledge(&desk.reference, &duty, number);
    olive.get(&page).await.is(200).says("Who said that it arrived?");
    let withdraw = routes::withdraw_evidence(&desk.reference, &duty, number);
    sam.get(&withdraw).await.is(200);
    let reason = [("reason", "of another report")];
    sam.post(&withdraw, &reason).await.is(303);
    let sent = [("acknowledged_by", "Duty worker Example"), ("acknowledged_at", "now"), ("reference", "CSC-77")];
    olive
        .post(&page, &sent)
        .await
        .is(409)
        .says("Withdrawn already")
        .says("of another report")
        .says("Duty worker Example</dd>")
        .says("CSC-77</dd>")
        .says("Back to the task</a>");
    olive.get(&page).await.is(200).says("Withdrawn already");
}
