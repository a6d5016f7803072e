//! What is typed about why a report is opened, which outlives it.

use store::AccessesOf;

use super::at_desk;
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::opened_by;
use crate::tests::Site;
use crate::tests::desk::Desk;
use crate::tests::record::actor;

#[tokio::test]
async fn of_a_report_that_nobody_opened_in_an_emergency_none_is_told() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    let mut sam = at_desk(&site, "sam").await;
    sam.get(&routes::emergencies(&desk.reference))
        .await
        .is(200)
        .says("Nobody has opened this report in an emergency")
        .does_not_say("Somebody opened")
        .does_not_say("waiting for review");
}

#[tokio::test]
async fn a_name_is_refused_where_the_report_may_be_read_and_to_be_told_of_it_is_a_look() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for (role, name) in [(Role::Officer, "otto"), (Role::Auditor, "audrey")] {
        actor(&site, role, name).await;
    }
    let fields = |reason| [("purpose", "other"), ("reason", reason)];
    let mut otto = at_desk(&site, "otto").await;
    let why = routes::why(&desk.reference, false);
    otto.get(&why).await.is(200).says("No names: auditors read this, and it stays when the report is erased");
    otto.post(&why, &fields("the mother of ANN rang"))
        .await
        .is(422)
        .says("“ANN” is a name of somebody in the report")
        .says("the mother of ANN rang");
    // Why is still asked, and that the name is there was not told without a trace.
    let report = routes::report(&desk.reference);
    otto.get(&report).await.is(303);
    let stream = opened_by(&site.app, &desk.reference).await.unwrap().stream;
    let of = AccessesOf::Report(stream);
    let noted = site.app.store.accesses(&of, None, 50).await.unwrap();
    assert_eq!(noted.len(), 1, "{noted:?}");
    assert_eq!((noted[0].purpose.as_str(), &noted[0].reason), ("Something else", &None));
    otto.post(&why, &fields("a mother rang")).await.is(303);
    otto.get(&report).await.is(200);
    // Whoever sees nothing of a report is told nothing of it either.
    let mut audrey = at_desk(&site, "audrey").await;
    let why = routes::why(&desk.reference, true);
    audrey.get(&why).await.is(200).says("No names: auditors read this");
    audrey.post(&why, &fields("asked about Ann")).await.is(303);
}
