//! Several crimes of one report: for whom which is recorded, and what is told where an outcome names one and none is.

use crate::routes;
use crate::shared::access::Role;
use crate::tests::desk::{Desk, FULL};
use crate::tests::record::actor;
use crate::tests::{PASSWORD, Site};

#[tokio::test]
async fn one_crime_is_recorded_after_the_other_and_for_whom_each_is() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.facts(&["person.B.part=received+forwarded", "person.B.threatened=yes"]).await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let task = routes::task(&desk.reference, "crime-record");
    let before = olive.get(&task).await;
    before.is(200).says("Ben&#39;s part").says("Not recorded").says("Whose part is it about?").does_not_say(" checked");
    before.does_not_say("Add another crime");
    let crime = |number, code, whose| [("recorded", "yes"), ("reference", number), ("code", code), ("persons", whose)];
    olive.post(&task, &crime("07/1/26", "86/2", "nobody there")).await.is(422).says("Select whose part it is about");
    olive.post(&task, &crime("07/1/26", "86/2", "Z")).await.is(422).says("Select whose part it is about");
    olive.post(&task, &crime("07/1/26", "86/2", "B")).await.is(303);
    let once = olive.get(&task).await;
    once.says("Add another crime").says("Recorded</strong>").says("07/1/26, class 86/2").says("Another is");
    olive.get(&task).await;
    olive.post(&task, &crime("07/2/26", "86/10", "B")).await.is(303);
    let both = "07/1/26, class 86/2; 07/2/26, class 86/10";
    olive.get(&routes::report(&desk.reference)).await.says(both);
    olive.get(&routes::review(&desk.reference)).await.says("07/2/26, class 86/10: Ben");
    let none = [("recorded", "no"), ("reason", "as was said"), ("victim_told", "no"), ("persons", "B")];
    olive.post(&task, &none).await.is(422).says("This does not go with what you said above");
}

/// Told wherever somebody decides, and in nobody's way.
#[tokio::test]
async fn a_charge_of_somebody_for_whom_no_crime_is_recorded_is_told() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    desk.facts(&["person.B.extorted=yes", "report.sufficient_evidence=yes"]).await;
    desk.do_everything().await;
    let mut olive = site.browser();
    olive.sign_in("olive", PASSWORD).await;
    let (charge, nothing_more) = (routes::outcome(&desk.reference, "1"), routes::outcome(&desk.reference, "10"));
    olive.get(&nothing_more).await.is(200).does_not_say("No crime is recorded");
    olive.get(&charge).await.is(200).says("No crime is recorded for Ben");
    let decided: Vec<_> = [("for", "report"), ("for", "B"), ("reason", "blackmail")].into_iter().chain(FULL).collect();
    olive.post(&charge, &decided).await.is(303);
    let says = "Outcome 1 is decided for Ben. No crime is recorded for Ben.";
    let task = routes::task(&desk.reference, "crime-record");
    let pages = [routes::outcomes(&desk.reference), routes::review(&desk.reference), task.clone()];
    for page in &pages {
        olive.get(page).await.is(200).says(says);
    }
    olive.get(&task).await;
    let crime = [("recorded", "yes"), ("reference", "07/2/26"), ("code", "35"), ("persons", "B")];
    olive.post(&task, &crime).await.is(303);
    for page in &pages {
        olive.get(page).await.is(200).does_not_say("No crime is recorded for Ben");
    }
}
