//! Answering a question again that was answered before.

use super::{add, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;

#[tokio::test]
async fn answering_again_is_filled_in_with_what_was_written() {
    let site = Site::new();
    let mut browser = site.signed_in(Role::Officer).await;
    let reference = begin(&mut browser).await;
    add(&mut browser, &reference, "Mia", "14", &["pictured"]).await;
    let page = routes::question(&reference, "report.imagery");
    let seen = browser.get(&page).await.hidden("seen");
    let sent = [
        ("report.imagery", "yes"),
        ("seen", &seen),
        ("said_by", "person:A"),
        ("happened_on", "1/11/2026"),
        ("note", "one picture"),
    ];
    browser.post(&page, &sent).await.is(303);
    let said = routes::answer(&reference, "report.imagery");
    let again = routes::question_again(&reference, "report.imagery");
    browser.get(&said).await.says(&format!("href=\"{again}\">Answer this question again</a>"));
    let shown = browser.get(&again).await;
    shown
        .is(200)
        .says("value=\"yes\" checked")
        .says("value=\"person:A\" checked")
        .says("value=\"1/11/2026\"")
        .says("one picture</textarea>");
    // Who comes by another way has the answer that counts, and says anew what it rests on.
    browser
        .get(&page)
        .await
        .says("value=\"yes\" checked")
        .does_not_say("value=\"person:A\" checked")
        .does_not_say("one picture</textarea>");
    // Said by the same person, it takes the place of what they said before: nobody has to choose.
    let seen = shown.hidden("seen");
    let now = [("report.imagery", "no"), ("seen", &seen), ("said_by", "person:A")];
    browser.post(&page, &now).await.is(303);
    browser
        .get(&said)
        .await
        .says("What counts now: <strong>No</strong>")
        .says("Replaced by a later answer from the same source");
}
