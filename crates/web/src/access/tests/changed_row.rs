//! A row that somebody changes in the database under the running program lets nobody in: the events of the report decide.

use jiff::SignedDuration;
use report::{Command, Named};
use store::{Append, ProjectionRow, UserId};

use super::{at_desk, move_to};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{act_as, opened_by};
use crate::tests::desk::Desk;
use crate::tests::record::actor;
use crate::tests::{Browser, Site};

/// Writes the row of a report anew and nothing else, as SQL would.
async fn put(site: &Site, reference: &str, row: ProjectionRow) {
    let opened = opened_by(&site.app, reference).await.unwrap();
    let append = Append {
        stream: opened.stream.clone(),
        expected_version: opened.version,
        events: Vec::new(),
        projection: Some(row),
        findable: Vec::new(),
    };
    site.app.store.append(append, None).await.unwrap();
}

async fn id(site: &Site, name: &str) -> UserId {
    site.app.store.user_by_sign_in_name(name).await.unwrap().unwrap().id
}

/// Shown the page, or asked why they open it.
async fn is_let_in(browser: &mut Browser<'_>, page: &str) -> bool {
    let seen = browser.get(page).await;
    assert!(matches!(seen.status.as_u16(), 200 | 303 | 403 | 409), "{page}: {}", seen.status);
    matches!(seen.status.as_u16(), 200 | 303)
}

/// Olive works on it and sam named them both; ines is of the unit and has a conflict of interest, otto and sue are of another unit.
async fn restricted(site: &Site) -> Desk<'_> {
    let desk = Desk::two_friends(site, actor(site, Role::Officer, "olive").await).await;
    for (name, role) in [("ines", Role::Officer), ("otto", Role::Officer), ("sue", Role::Supervisor)] {
        actor(site, role, name).await;
    }
    actor(site, Role::Auditor, "audrey").await;
    for name in ["otto", "sue"] {
        move_to(site, name, "Another unit").await;
    }
    let sam = actor(site, Role::Supervisor, "sam").await;
    let named = |who: &report::Actor| Named { id: who.id.clone(), name: who.name.clone(), unit: "Unit".to_owned() };
    let mut key = 0;
    let mut by_sam = async |command: Command| {
        key += 1;
        let opened = opened_by(&site.app, &desk.reference).await.unwrap();
        act_as(&site.app, &sam, opened, command, &format!("sam {key}")).await.unwrap();
    };
    for name in ["ines", "audrey"] {
        let who = id(site, name).await.as_str().parse().unwrap();
        let who = Named { id: who, name: name.to_owned(), unit: "Unit".to_owned() };
        by_sam(Command::DeclareInterest { who, words: "knows the family".to_owned() }).await;
    }
    let members = vec![named(&desk.officer)];
    by_sam(Command::Restrict { members, unit: "Unit".to_owned(), reason: "a colleague's child".to_owned() }).await;
    desk
}

#[tokio::test]
async fn no_changed_column_and_no_changed_tie_lets_anybody_in_under_the_running_program() {
    let site = Site::new();
    let desk = restricted(&site).await;
    let reference = desk.reference.clone();
    let (otto, ines, olive) = (id(&site, "otto").await, id(&site, "ines").await, id(&site, "olive").await);
    let now = site.app.now();
    let long_ago = now - SignedDuration::from_hours(72);
    let soon = now + SignedDuration::from_hours(1);
    let right = site.app.store.projection_by_reference(&reference).await.unwrap().unwrap();
    type Change<'a> = Box<dyn Fn(&mut ProjectionRow) + 'a>;
    let changes: Vec<(&str, Change<'_>)> = vec![
        ("unit", Box::new(|row| row.unit = "Another unit".to_owned())),
        ("allocated to otto", Box::new(|row| row.allocated_to = Some(otto.clone()))),
        ("allocated to nobody", Box::new(|row| row.allocated_to = None)),
        ("state", Box::new(|row| row.state = "closed".to_owned())),
        ("begun by otto", Box::new(|row| row.ties.started_by = Some(otto.clone()))),
        ("not restricted", Box::new(|row| row.ties.restricted = false)),
        (
            "not restricted, in another unit",
            Box::new(|row| {
                row.ties.restricted = false;
                row.unit = "Another unit".to_owned();
            }),
        ),
        ("otto named", Box::new(|row| row.ties.members.push(otto.clone()))),
        ("nobody named", Box::new(|row| row.ties.members.clear())),
        ("no conflict", Box::new(|row| row.ties.conflicts.clear())),
        (
            "no conflict, not restricted",
            Box::new(|row| {
                row.ties.conflicts.clear();
                row.ties.restricted = false;
            }),
        ),
        ("olive has a conflict", Box::new(|row| row.ties.conflicts.push(olive.clone()))),
        ("opened by otto", Box::new(|row| row.ties.emergencies.push((otto.clone(), soon)))),
        (
            "opened by ines, no conflict",
            Box::new(|row| {
                row.ties.conflicts.clear();
                row.ties.emergencies.push((ines.clone(), soon));
            }),
        ),
        ("an opening waits", Box::new(|row| row.ties.alert_since = Some(long_ago))),
    ];
    let report = routes::report(&reference);
    let review = routes::emergencies(&reference);
    let log = routes::looked_at(&reference);
    let cast = [
        ("olive", &report),
        ("sam", &report),
        ("ines", &report),
        ("otto", &report),
        ("sue", &review),
        ("audrey", &log),
    ];
    let mut expected = Vec::new();
    let mut browsers = Vec::new();
    for (name, page) in cast {
        let mut browser = at_desk(&site, name).await;
        expected.push(is_let_in(&mut browser, page).await);
        browsers.push(browser);
    }
    assert_eq!(expected, [true, true, false, false, false, false]);
    for (what, change) in changes {
        let mut changed = right.clone();
        change(&mut changed);
        put(&site, &reference, changed).await;
        let mut told = 0;
        for ((name, page), browser) in cast.iter().zip(&mut browsers) {
            let seen = browser.get(page).await;
            assert!(matches!(seen.status.as_u16(), 403 | 409), "{what}: {name} gets {}", seen.status);
            seen.does_not_say("Ann");
            // Who may see it by its events is told that something is wrong, and nobody else.
            if seen.status.as_u16() == 409 {
                seen.says("This report was changed outside Waymark");
                assert!(["olive", "sam"].contains(name), "{what}: {name} is told that there is such a report");
                told += 1;
            }
        }
        // Who works on it is kept out by the row alone where it says so.
        assert!(told > 0 || what == "unit", "{what}");
        put(&site, &reference, right.clone()).await;
        let again = is_let_in(&mut browsers[0], &report).await;
        assert!(again, "{what}: put right, and still closed");
    }
}

/// A row that was read a moment before somebody wrote to the report is no change from outside.
#[tokio::test]
async fn a_step_between_two_readings_is_no_change_from_outside() {
    let site = Site::new();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    let mut olive = at_desk(&site, "olive").await;
    let report = routes::report(&desk.reference);
    olive.get(&report).await.is(200);
    for number in 0..20 {
        let unit = format!("Unit {number}");
        let pass = Command::PassToUnit { unit, reason: "for a test".to_owned() };
        let (seen, _) = tokio::join!(olive.get(&report), desk.act(pass));
        assert!(seen.status.as_u16() != 409, "{}", seen.text);
    }
}
