//! Seeing the class differently while a colleague, or another page, says something too.

use super::{begin, two_at_a_desk};
use crate::routes;
use crate::tests::desk::FULL;
use crate::tests::{Browser, Seen, Site};

/// A class and the reason for it.
type View = (&'static str, &'static str);

const THREAT: View = ("aggravated", "it reads like a threat");
const UNSURE: View = ("undetermined", "nobody knows yet");

/// Sends the page that `shown` is, with this view.
async fn hold(browser: &mut Browser<'_>, page: &str, shown: &Seen, view: View) -> Seen {
    let (class, reason) = view;
    let (seen, draft) = (shown.hidden("seen"), shown.hidden("draft_seen"));
    let own = [("class", class), ("reason", reason), ("seen", &seen), ("draft_seen", &draft)];
    browser.post(page, &[&own[..], &FULL[..]].concat()).await
}

#[tokio::test]
async fn what_a_colleague_said_meanwhile_is_read_before_another_view_stands_beside_it() {
    let site = Site::new();
    let (desk, mut officer, mut supervisor) = two_at_a_desk(&site).await;
    let page = routes::class(&desk.reference);
    let shown = officer.get(&page).await;
    shown.is(200).does_not_say("a colleague said");
    let theirs = supervisor.get(&page).await;
    hold(&mut supervisor, &page, &theirs, THREAT).await.is(303);
    let again = hold(&mut officer, &page, &shown, UNSURE).await;
    again
        .is(409)
        .says("What a colleague said")
        .says("it reads like a threat")
        .says("supervisor Example recorded their view of the class after you opened this page")
        .says("nobody knows yet</textarea>")
        .says("value=\"undetermined\" checked");
    hold(&mut officer, &page, &again, UNSURE).await.is(303);
    // Both stand, and neither runs into the other.
    let home = officer.get(&routes::report(&desk.reference)).await;
    for says in ["supervisor Example disagrees: Aggravated", "officer Example disagrees: Not settled yet"] {
        home.says(&format!("#grounds\">{says}</a>"));
    }
    assert_eq!(home.text.matches("class=\"wm-sight__held\"").count(), 2);
    // So they do in lists.
    let unit = format!("{}?list=unit", routes::REPORTS);
    let both = "Experimental<span class=\"wm-table__beside\">other views: Aggravated, Not settled yet</span>";
    supervisor.get(&unit).await.says(both);
    supervisor.get(routes::CONCERN_WHICH).await.says("Experimental; other views: Aggravated, Not settled yet.");
    // What a colleague says later stops nobody from taking back their own.
    let shown = supervisor.get(&page).await;
    let (seen, reason) = (shown.hidden("seen"), "it was no threat");
    let ends = [("ends", "yes"), ("reason", reason), ("seen", &seen)];
    supervisor.post(&page, &ends).await.is(303);
    supervisor.get(&unit).await.says("other view: Not settled yet");
}

#[tokio::test]
async fn a_second_page_puts_nothing_in_place_of_what_was_said_on_the_first() {
    let site = Site::new();
    let (desk, mut officer, _) = two_at_a_desk(&site).await;
    let page = routes::class(&desk.reference);
    let first = officer.get(&page).await;
    let second = officer.get(&page).await;
    for _ in 0..2 {
        // Sent twice, it is there once.
        hold(&mut officer, &page, &first, THREAT).await.is(303);
    }
    let again = hold(&mut officer, &page, &second, UNSURE).await;
    again
        .is(409)
        .says("Your answer, not saved")
        .says("Saved by you on another page")
        .says("it reads like a threat")
        .says("Your view of the class instead")
        .says("nobody knows yet</textarea>");
    let held = desk.opened().await;
    assert_eq!(held.report.classes_held.len(), 1);
    assert_eq!(held.report.classes_held[0].reason, "it reads like a threat");
    hold(&mut officer, &page, &again, UNSURE).await.is(303);
    let held = desk.opened().await;
    assert_eq!(held.report.classes_held.len(), 1);
    assert_eq!(held.report.classes_held[0].reason, "nobody knows yet");
    // A page that shows another view than it takes back takes nothing back.
    let seen = first.hidden("seen");
    let ends = [("ends", "yes"), ("reason", "a slip"), ("seen", &seen)];
    officer.post(&page, &ends).await.is(409).says("Withdraw my view").says("a slip</textarea>");
}

#[tokio::test]
async fn what_is_put_aside_is_said_in_words_that_fit_where_it_leads() {
    let site = Site::new();
    let (desk, mut officer, _) = two_at_a_desk(&site).await;
    let page = routes::class(&desk.reference);
    let shown = officer.get(&page).await;
    let (seen, draft) = (shown.hidden("seen"), shown.hidden("draft_seen"));
    let later = [("reason", "reads like a threat"), ("seen", &seen), ("draft_seen", &draft), ("then", "later")];
    let done = officer.post(&page, &later).await;
    assert_eq!(done.is(303).to(), format!("{}?aside=yes#grounds", routes::report(&desk.reference)));
    let home = routes::report(&desk.reference);
    officer
        .get(&format!("{home}?aside=yes"))
        .await
        .says("It stands below as begun")
        .says("and not recorded yet")
        .does_not_say("The task is in the list");
    let other = begin(&mut officer).await;
    officer.get(&routes::report(&other)).await.does_not_say("not recorded yet");
}
