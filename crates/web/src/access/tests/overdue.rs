//! An emergency opening that nobody of the unit reviews, as where the unit has no other supervisor.

use report::{Command, Link, LinkKind};

use super::{at_desk, move_to};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::Site;
use crate::tests::desk::Desk;
use crate::tests::record::{actor, begin};

#[tokio::test]
async fn an_opening_nobody_reviewed_for_a_day_is_for_every_supervisor_and_shows_nothing_else() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Supervisor, "sam").await;
    for (name, role) in [("otto", Role::Officer), ("sue", Role::Supervisor)] {
        actor(&site, role, name).await;
        move_to(&site, name, "Another unit").await;
    }
    let reference = desk.reference.as_str();
    let review = routes::emergencies(reference);
    let other = begin(&site, &desk.officer, "other").await;
    desk.act(Command::LinkReport(Link {
        report: other.report.id.clone().unwrap(),
        reference: other.reference().to_owned(),
        kind: LinkKind::SamePeople,
    }))
    .await;
    let fields = [("purpose", "cannot-wait"), ("reason", "nobody is there")];
    let mut otto = at_desk(&site, "otto").await;
    let opened = otto.post(&routes::emergency(reference), &fields).await;
    opened.is(303);
    // What would be refused is not offered: a link stands in both reports, and the other one is not open.
    let linked = routes::linked(reference);
    otto.get(&linked)
        .await
        .is(200)
        .says(other.reference())
        .says("That report is not open to you")
        .does_not_say("Withdraw this link");
    at_desk(&site, "olive").await.get(&linked).await.says("Withdraw this link").does_not_say("not open to you");
    // Neither passed on nor ended: whoever works on it would lose it.
    otto.get(&routes::end(reference)).await.is(403);
    let who = otto.get(&routes::access(reference)).await;
    who.is(200).does_not_say(&routes::pass(reference));

    site.wait(24 * 60 - 1);
    let mut sue = at_desk(&site, "sue").await;
    sue.get(routes::HOME).await.is(200).does_not_say(reference);
    sue.get(&review).await.is(403);

    site.wait(1);
    sue.get(routes::HOME).await.is(200).says(&review);
    sue.get(&review).await.is(200).says("nobody is there");
    sue.get(&routes::report(reference)).await.is(403);
    at_desk(&site, "otto").await.get(&review).await.is(403);

    let found = [("number", "1"), ("finding", "justified"), ("words", "they were missing")];
    sue.post(&review, &found)
        .await
        .is(200)
        .says("Your review is recorded")
        .says("they were missing")
        .does_not_say("<textarea");
    sue.get(routes::HOME).await.is(200).does_not_say(reference);
    sue.get(&review).await.is(403);
}

/// The rows of an opening are what its event says, on a clock as a machine has it.
#[tokio::test]
async fn an_opening_that_lasts_and_one_that_is_over_follow_from_the_log() {
    let site = Site::new();
    site.begin_between_ticks();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let fields = [("purpose", "cannot-wait"), ("reason", "nobody is there")];
    let mut otto = at_desk(&site, "otto").await;
    let opened = otto.post(&routes::emergency(&desk.reference), &fields).await;
    opened.is(303);
    site.verified_log().await;
    site.wait(24 * 60);
    site.verified_log().await;
}

#[tokio::test]
async fn where_the_unit_has_no_other_supervisor_all_are_told_at_once() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for (name, role) in [("otto", Role::Officer), ("sue", Role::Supervisor), ("sid", Role::Supervisor)] {
        actor(&site, role, name).await;
        move_to(&site, name, "Another unit").await;
    }
    let reference = desk.reference.as_str();
    let (review, report) = (routes::emergencies(reference), routes::report(reference));
    let mut otto = at_desk(&site, "otto").await;
    let fields = [("purpose", "cannot-wait"), ("reason", "nobody is there")];
    otto.get(&routes::emergency(reference)).await.is(200).says("or the unit has no other supervisor");
    let mut sue = at_desk(&site, "sue").await;
    sue.get(routes::HOME).await.is(200).does_not_say(reference);
    sue.get(&review).await.is(403);
    otto.post(&routes::emergency(reference), &fields).await.is(303);
    sue.get(routes::HOME).await.is(200).says(&review).says("24 November 2026 at 9:00am");
    sue.get(&review).await.is(200).says("nobody is there").does_not_say("Ann");
    sue.get(&report).await.is(403);
    at_desk(&site, "olive").await.get(&review).await.is(403);
    // Once the unit has one, it is theirs.
    actor(&site, Role::Supervisor, "sam").await;
    sue.get(routes::HOME).await.is(200).does_not_say(&review);
    sue.get(&review).await.is(403);
    // Nobody reviews their own: the only supervisor of a unit is no other one.
    let mut sam = at_desk(&site, "sam").await;
    sam.get(&review).await.is(200);
    let found = [("number", "1"), ("finding", "justified"), ("words", "they were missing")];
    sam.post(&review, &found).await.is(303);
    sue.get(&review).await.is(403);
}

#[tokio::test]
async fn nobody_opens_a_further_one_while_two_of_theirs_wait() {
    let site = Site::new();
    let olive = actor(&site, Role::Officer, "olive").await;
    actor(&site, Role::Supervisor, "sam").await;
    actor(&site, Role::Officer, "otto").await;
    move_to(&site, "otto", "Another unit").await;
    let mut references = Vec::new();
    for key in ["a", "b", "c"] {
        references.push(begin(&site, &olive, key).await.reference().to_owned());
    }
    let fields = [("purpose", "cannot-wait"), ("reason", "nobody is there")];
    let mut otto = at_desk(&site, "otto").await;
    let few = [("purpose", "cannot-wait"), ("reason", "x")];
    otto.get(&routes::emergency(&references[0]))
        .await
        .says("In three words or more")
        .says("While two that you opened wait");
    otto.post(&routes::emergency(&references[0]), &few).await.is(422).says("at least three words");
    for reference in &references[..2] {
        otto.get(&routes::emergency(reference)).await.is(200).says("Open it for one hour");
        otto.post(&routes::emergency(reference), &fields).await.is(303);
        site.wait(1);
    }
    let third = routes::emergency(&references[2]);
    let says = format!("({} and {})", references[0], references[1]);
    otto.get(&third)
        .await
        .is(200)
        .says("You cannot open another report")
        .says(&says)
        .does_not_say("Open it for one hour");
    otto.post(&third, &fields).await.is(422).says("Ask a supervisor to review one now");
    otto.get(&routes::report(&references[2])).await.is(403);
    // What is open to them stays so, and is no further one.
    otto.get(&routes::report(&references[0])).await.is(200);
    otto.post(&routes::emergency(&references[1]), &fields).await.is(303);
    let review = routes::emergencies(&references[0]);
    let mut sam = at_desk(&site, "sam").await;
    sam.get(&review).await.is(200);
    let found = [("number", "1"), ("finding", "justified"), ("words", "they were missing")];
    sam.post(&review, &found).await.is(303);
    otto.get(&third).await.is(200).says("Open it for one hour");
    otto.post(&third, &fields).await.is(303);
    otto.get(&routes::report(&references[2])).await.is(200);
}
