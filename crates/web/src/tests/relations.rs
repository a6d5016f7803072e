//! Every route of a report, every role, every way of being tied to the report: what the door does is what
//! is written down here by hand, without the policies.

use axum::body::Body;
use axum::http::Request;
use axum::routing::MethodFilter;
use report::{Allocation, Command, EmergencyPurpose, Named};

use super::record::{actor, start};
use super::{Browser, PASSWORD, Site};
use crate::routes;
use crate::shared::access::{Permission, Role};
use crate::shared::record::{self, act_as, opened_by};

const HERE: &str = "Safeguarding";
const THERE: &str = "Another unit";

/// How somebody is tied to a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    OwnUnit,
    OtherUnit,
    WorksOnIt,
    RestrictedNotNamed,
    RestrictedNamed,
    RestrictedWorksOnIt,
    Conflict,
    ConflictAndNamedBefore,
    EmergencyLasts,
    EmergencyOver,
    TookTheCall,
    TookTheCallClosedOff,
}

const TIES: [Tie; 12] = [
    Tie::OwnUnit,
    Tie::OtherUnit,
    Tie::WorksOnIt,
    Tie::RestrictedNotNamed,
    Tie::RestrictedNamed,
    Tie::RestrictedWorksOnIt,
    Tie::Conflict,
    Tie::ConflictAndNamedBefore,
    Tie::EmergencyLasts,
    Tie::EmergencyOver,
    Tie::TookTheCall,
    Tie::TookTheCallClosedOff,
];

use Permission as P;

/// What somebody may do, by hand.
fn expected(role: Role, tie: Tie, permission: P) -> bool {
    if matches!(tie, Tie::Conflict | Tie::ConflictAndNamedBefore) {
        return false;
    }
    let police = matches!(role, Role::CallHandler | Role::Officer | Role::Supervisor);
    let decides = matches!(role, Role::Officer | Role::Supervisor);
    let supervises = role == Role::Supervisor;
    let unit = matches!(tie, Tie::OwnUnit | Tie::RestrictedNotNamed | Tie::RestrictedNamed);
    // Through the unit or by name everything that the role is for; whoever works on it does not supervise it.
    let whole = matches!(tie, Tie::OwnUnit | Tie::RestrictedNamed);
    let works = matches!(tie, Tie::WorksOnIt | Tie::RestrictedWorksOnIt);
    let call = tie == Tie::TookTheCall && role == Role::CallHandler;
    let emergency = tie == Tie::EmergencyLasts;
    match permission {
        P::Withdraw | P::PassOn => police && (whole || works || call),
        P::ReadReports | P::AddToReports => police && (whole || works || call || emergency),
        P::Decide => decides && (whole || works),
        P::Review | P::ControlAccess | P::Erase => supervises && whole,
        P::Export => decides && (whole || works),
        P::DeclareConflict => role == Role::Auditor || role != Role::Author && (whole || works || call),
        P::BreakGlass => police,
        P::ReviewAccess => supervises && unit,
        P::ReadAudit => role == Role::Auditor,
        _ => panic!("{permission:?} stands at no door of a report"),
    }
}

/// A report to which `role` is tied in this way. The user is called after the role.
async fn tied(site: &Site, role: Role, tie: Tie, boss: &report::Actor) -> Option<String> {
    let me = site.app.store.user_by_sign_in_name(role.word()).await;
    let me = me.unwrap().unwrap();
    let named =
        |unit: &str| Named { id: me.id.as_str().parse().unwrap(), name: me.name.clone(), unit: unit.to_owned() };
    let own = report::Actor { id: named(HERE).id, name: me.name.clone(), role };
    let key = format!("{role:?} {tie:?}");
    let began = matches!(tie, Tie::TookTheCall | Tie::TookTheCallClosedOff);
    if began && !matches!(role, Role::CallHandler | Role::Officer | Role::Supervisor) {
        return None;
    }
    let mut begun = start();
    let there = matches!(tie, Tie::OtherUnit | Tie::EmergencyLasts | Tie::EmergencyOver);
    begun.unit = if there { THERE } else { HERE }.to_owned();
    let by = if began { &own } else { boss };
    let opened = record::begin(&site.app, by, begun, &key).await.unwrap();
    let reference = opened.reference().to_owned();
    let reason = || "for a test".to_owned();
    let restrict = |members: Vec<Named>| Command::Restrict { members, unit: HERE.to_owned(), reason: reason() };
    let give = Command::Allocate(Allocation { to: own.id.clone(), name: own.name.clone(), unit: THERE.to_owned() });
    let conflict = Command::DeclareInterest { who: named(HERE), words: reason() };
    let pass = Command::PassToUnit { unit: THERE.to_owned(), reason: reason() };
    let emergency =
        Command::OpenInEmergency { unit: HERE.to_owned(), purpose: EmergencyPurpose::Danger, reason: reason() };
    let commands: Vec<(&report::Actor, Command)> = match tie {
        Tie::OwnUnit | Tie::OtherUnit => vec![],
        Tie::WorksOnIt => vec![(boss, give)],
        Tie::RestrictedNotNamed => vec![(boss, restrict(vec![]))],
        Tie::RestrictedNamed => vec![(boss, restrict(vec![named(HERE)]))],
        Tie::RestrictedWorksOnIt => vec![(boss, restrict(vec![])), (boss, give)],
        Tie::Conflict => vec![(boss, give), (boss, conflict)],
        Tie::ConflictAndNamedBefore => {
            vec![(boss, restrict(vec![named(HERE)])), (boss, conflict)]
        }
        Tie::EmergencyLasts | Tie::EmergencyOver => {
            if matches!(role, Role::Auditor | Role::Author) {
                return None;
            }
            vec![(&own, emergency)]
        }
        Tie::TookTheCall => vec![(boss, pass)],
        Tie::TookTheCallClosedOff => vec![(boss, restrict(vec![])), (boss, pass)],
    };
    for (number, (by, command)) in commands.into_iter().enumerate() {
        let opened = opened_by(&site.app, &reference).await.unwrap();
        let key = format!("{key} {number}");
        let shown = format!("{command:?}");
        act_as(&site.app, by, opened, command, &key).await.unwrap_or_else(|why| panic!("{shown}: {why:?}"));
    }
    Some(reference)
}

fn address(path: &str, reference: &str) -> String {
    let path = path.replace("{reference}", reference);
    path.split('/').map(|part| if part.starts_with('{') { "nothing" } else { part }).collect::<Vec<_>>().join("/")
}

/// Every route for one role, tied to a report in every way.
async fn every_route_for(role: Role) {
    let site = Site::new();
    let boss = actor(&site, Role::Supervisor, "boss").await;
    site.add(role).await;
    // Where that unit had no supervisor, its emergency openings would be for those of all.
    let there = site.add_named(Role::Supervisor, "supervisor there").await;
    let there = site.app.store.user(&there).await.unwrap().unwrap();
    site.change(store::User { unit: THERE.to_owned(), ..there }).await;
    // An hour before everything else, so that it is over.
    let over = tied(&site, role, Tie::EmergencyOver, &boss).await;
    site.wait(61);
    let mut browser = site.browser();
    browser.sign_in(role.word(), PASSWORD).await;
    browser.says_why_itself = true;
    let (mut tried, mut refused) = (0, 0);
    for tie in TIES {
        let reference = if tie == Tie::EmergencyOver { over.clone() } else { tied(&site, role, tie, &boss).await };
        let Some(reference) = reference else { continue };
        for route in routes::all().listed {
            if !routes::names_a_report(route.path) {
                continue;
            }
            let permission = route.door.permission().unwrap();
            let path = address(route.path, &reference);
            let is_get = route.method == MethodFilter::GET;
            let seen = try_it(&mut browser, is_get, &path).await;
            let let_in = seen.status.as_u16() != 403;
            let expected = expected(role, tie, permission);
            let what = format!("{role:?}, {tie:?}, {permission:?} at {path}");
            assert_eq!(let_in, expected, "{what}: {}", seen.status);
            assert!(!seen.status.is_server_error(), "{what}: {}", seen.status);
            tried += 1;
            refused += i32::from(!let_in);
        }
    }
    assert!(tried > 700 && refused > 150, "{tried} {refused}");
}

#[tokio::test]
async fn every_route_for_a_call_handler() {
    every_route_for(Role::CallHandler).await;
}

#[tokio::test]
async fn every_route_for_an_officer() {
    every_route_for(Role::Officer).await;
}

#[tokio::test]
async fn every_route_for_a_supervisor() {
    every_route_for(Role::Supervisor).await;
}

#[tokio::test]
async fn every_route_for_an_auditor() {
    every_route_for(Role::Auditor).await;
}

#[tokio::test]
async fn every_route_for_an_author() {
    every_route_for(Role::Author).await;
}

async fn try_it(browser: &mut Browser<'_>, is_get: bool, path: &str) -> super::Seen {
    if is_get {
        return browser.send(Request::get(path), Body::empty()).await;
    }
    browser.post_once(path, &[]).await
}

/// The lists of the auditor are about all reports and name none at their door: row by row they hold what the door
/// of each report would let through.
#[tokio::test]
async fn the_auditors_lists_hold_what_the_policies_allow() {
    let site = Site::new();
    let boss = actor(&site, Role::Supervisor, "boss").await;
    let role = Role::Auditor;
    site.add(role).await;
    let mut browser = site.browser();
    browser.sign_in(role.word(), PASSWORD).await;
    let mut hidden = 0;
    for tie in TIES {
        let Some(reference) = tied(&site, role, tie, &boss).await else {
            continue;
        };
        let row = site.app.store.projection_by_reference(&reference).await;
        let looked = store::AccessEntry {
            kind: store::AccessKind::ReportOpened.word().to_owned(),
            op: store::Operation::Consult,
            stream: Some(row.unwrap().unwrap().report_id),
            actor: store::UserId::new("looker").unwrap(),
            purpose: format!("Look at {reference}"),
            reason: None,
            at: site.app.now(),
            repeats: true,
        };
        site.app.store.note_access(looked).await.unwrap();
        let may = expected(role, tie, P::ReadAudit);
        hidden += i32::from(!may);
        for page in [routes::AUDIT, routes::AUDIT_CSV] {
            let seen = read_or_taken(&mut browser, page).await;
            seen.is(200);
            assert_eq!(seen.text.contains(&reference), may, "{tie:?} {page}");
            // Asked for by its reference, one that is closed to them is one that is not there.
            let narrowed = read_or_taken(&mut browser, &format!("{page}?report={reference}")).await;
            let status = match (may, page) {
                (true, _) => 200,
                (false, routes::AUDIT) => 422,
                (false, _) => 400,
            };
            narrowed.is(status);
            let unknown = read_or_taken(&mut browser, &format!("{page}?report=WM-2020-000001")).await;
            assert_eq!(narrowed.status == unknown.status, !may, "{tie:?} {page}");
            let told = narrowed.text.contains(&format!("Look at {reference}"));
            assert_eq!(told, may, "{tie:?} {page}");
        }
        let seen = browser.take(routes::AUDIT_LOG).await;
        seen.is(if hidden > 0 { 409 } else { 200 });
    }
    assert_eq!(hidden, 2, "both kinds of conflict");
}

/// A list as it is read, or as a file.
async fn read_or_taken(browser: &mut super::Browser<'_>, page: &str) -> super::Seen {
    if page.starts_with(routes::AUDIT_CSV) { browser.take(page).await } else { browser.get(page).await }
}
