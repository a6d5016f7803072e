//! What ends the work on a report, or opens and closes it to somebody: with choices that there are, and markup in every
//! word that goes with them. On a site of its own, where people and a unit are called markup too.

use report::{Actor, AddPerson, Command, Identity, SaidBy, StateFact};

use super::walk::Walk;
use super::{Browser, MARKUP, Site, at_desk, site};
use crate::routes;
use crate::shared::access::Role;
use crate::shared::record::{Opened, act_as, opened_by};
use crate::tests::desk::{Desk, FULL};
use crate::tests::record::{actor, begin};

/// Everybody whom the pages of this site are shown to.
const EVERYBODY: [&str; 6] = ["olive", "sam", "otto", "cal", "ada", "may"];

struct Cast<'a> {
    olive: Browser<'a>,
    sam: Browser<'a>,
    otto: Browser<'a>,
    cal: Browser<'a>,
}

pub async fn all(walk: &mut Walk) {
    let site = site();
    let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
    for (role, name) in [
        (Role::Supervisor, "sam"),
        (Role::Supervisor, "sue"),
        (Role::Officer, "otto"),
        (Role::CallHandler, "cal"),
        (Role::Auditor, "ada"),
        (Role::Author, "may"),
    ] {
        actor(&site, role, name).await;
    }
    let mut cast = Cast {
        olive: at_desk(&site, "olive").await,
        sam: at_desk(&site, "sam").await,
        otto: at_desk(&site, "otto").await,
        cal: at_desk(&site, "cal").await,
    };
    walk.say_why(&mut cast.otto, &desk.reference, false).await;
    renamed(walk, &site, &mut cast).await;
    cast.otto = at_desk(&site, "otto").await;
    twins(walk, &site, &desk.officer, &mut cast).await;
    by_mistake(walk, &site, &desk.officer, &mut cast).await;
    who_sees_it(walk, &site, &desk.reference, &mut cast).await;
    closed(walk, &desk, &mut cast).await;
    kept_and_erased(walk, &site, &desk.reference, &mut cast).await;
    audited(walk, &site).await;
    walk.again(&site, &EVERYBODY).await;
    let pass = routes::pass(&desk.reference);
    let unit = [("unit", MARKUP)];
    walk.send(&mut cast.olive, &pass, &pass, &unit).await;
    walk.get(&mut cast.sam, routes::REPORTS).await.is(200);
    walk.get(&mut cast.otto, &routes::report(&desk.reference)).await.is(200);
}

async fn id(site: &Site, name: &str) -> String {
    let user = site.app.store.user_by_sign_in_name(name).await.unwrap();
    user.unwrap().id.to_string()
}

/// People are called markup, and one of them is in a unit that is.
async fn renamed(walk: &mut Walk, site: &Site, cast: &mut Cast<'_>) {
    for (name, role, unit) in [
        ("sam", "supervisor", "Safeguarding"),
        ("olive", "officer", "Safeguarding"),
        ("cal", "call-handler", "Safeguarding"),
        ("otto", "officer", MARKUP),
    ] {
        let id = id(site, name).await;
        let page = routes::person(&id);
        let right = [("unit", unit), ("unit_is_new", "yes"), ("role", role), ("account", "active")];
        walk.send(&mut cast.sam, &page, &page, &right).await;
        if name == "otto" {
            for form in [routes::person_link(&id), routes::person_sessions(&id)] {
                walk.post(&mut cast.sam, &form, &[]).await;
            }
        }
    }
}

/// A report with somebody in it who is in another one too.
async fn with_twin(site: &Site, officer: &Actor, key: &str) -> Opened {
    let begun = begin(site, officer, key).await;
    let identity = Identity {
        given_names: MARKUP.to_owned(),
        family_name: MARKUP.to_owned(),
        date_of_birth: "2011-04-17".parse().ok(),
        phones: vec!["07700 900451".to_owned()],
        ..Identity::default()
    };
    let add = AddPerson { identity, ..AddPerson::default() };
    let add = Command::AddPerson(add);
    act_as(&site.app, officer, begun, add, &format!("{key} added")).await.unwrap()
}

/// What is asked where reports share somebody, where nothing was answered yet, and where answers differ; and the copy
/// of what is held of them.
async fn twins(walk: &mut Walk, site: &Site, officer: &Actor, cast: &mut Cast<'_>) {
    let twin = with_twin(site, officer, "twin").await;
    let other = with_twin(site, officer, "other").await;
    let at = twin.reference().to_owned();
    let olive = &mut cast.olive;
    let earlier = routes::earlier(&at, "A");
    let shown = walk.get(olive, &earlier).await;
    let same = routes::earlier_one(&at, "A", other.reference(), "A");
    shown.is(200).says(&same);
    walk.send(olive, &same, &same, &[]).await;

    let anybody = routes::anybody(&at);
    let asks = walk.send(olive, &anybody, &anybody, &[("said_by", "other")]).await;
    // Yes to all of them: who it is of each, and of the last in words what it was.
    let mut who = asks.is(303).to().to_owned();
    while who.contains("/who") {
        let right = [("said_by", "other"), ("happened_on", "")];
        let next = walk.send(olive, &who, &who, &right).await;
        who = next.to().to_owned();
    }

    // Somebody has to say later that a referral arrived: a form filled in whole says so at once.
    let opened = opened_by(&site.app, &at).await.unwrap();
    let mut tasks = opened.view.tasks.iter();
    let referral = tasks.find(|task| task.evidence == "referral").unwrap();
    let sent = [("to", MARKUP), ("means", "telephone"), ("at", "now")];
    let page = routes::task(&at, referral.id.as_str());
    walk.get(olive, &page).await;
    walk.post(olive, &page, &sent).await.is(303);
    let arrived = routes::acknowledge(&at, referral.id.as_str(), 1);
    walk.send(olive, &arrived, &arrived, &[]).await;
    let withdraw = routes::withdraw_evidence(&at, referral.id.as_str(), 1);
    walk.send(olive, &withdraw, &withdraw, &[]).await;

    let own = routes::own_data(&at, "A");
    for kind in ["html", "json"] {
        // The words of the markup are names of theirs by now, and none may stand in what goes into the log.
        let right = [("kind", kind), ("to", "<u>nobody</u>")];
        let noted = walk.send(olive, &own, &own, &right).await;
        walk.get(olive, noted.is(303).to()).await.is(200);
        let copy = walk.get(olive, &routes::own_data_copy(&at, "A", kind)).await;
        copy.is(200).says("alert(1)");
    }

    let mut differs = other;
    for (said_by, value) in [(SaidBy::Police, "yes"), (SaidBy::Other(MARKUP.to_owned()), "no")] {
        let fact = StateFact {
            said_by,
            note: MARKUP.to_owned(),
            ..StateFact::police("report.imagery".parse().unwrap(), guidance::Value::word(value))
        };
        let command = Command::StateFacts(vec![fact]);
        differs = act_as(&site.app, officer, differs, command, value).await.unwrap();
    }
    let answer = routes::answer(differs.reference(), "report.imagery");
    walk.send(olive, &answer, &answer, &[]).await;
}

/// A report that was begun by mistake is ended, and erased for a reason in markup.
async fn by_mistake(walk: &mut Walk, site: &Site, officer: &Actor, cast: &mut Cast<'_>) {
    let begun = begin(site, officer, "by mistake").await;
    let at = begun.reference();
    let end = routes::end(at);
    let mistake = [("why", "mistake"), ("reference", "")];
    walk.send(&mut cast.olive, &end, &end, &mistake).await;
    let (review, erase) = (routes::review(at), routes::erase(at));
    walk.send(&mut cast.sam, &review, &review, &[("verdict", "agree")]).await;
    walk.send(&mut cast.sam, &erase, &erase, &[("what", "whole-report"), ("does", "ask")]).await;
    walk.send(&mut at_desk(site, "sue").await, &erase, &erase, &agrees("whole-report")).await;
    let gone = walk.get(&mut cast.sam, &routes::report(at)).await;
    gone.says("was erased");
}

/// The report is closed to somebody, opened to them, and given to somebody else.
async fn who_sees_it(walk: &mut Walk, site: &Site, at: &str, cast: &mut Cast<'_>) {
    let (olive, otto) = (id(site, "olive").await, id(site, "otto").await);
    let own = id(site, "sam").await;
    let sam = &mut cast.sam;
    let restrict = routes::restrict(at);
    let members = [("members", olive.as_str())];
    walk.send(sam, &restrict, &restrict, &members).await;
    let emergency = routes::emergency(at);
    walk.get(&mut cast.otto, &routes::report(at)).await.is(403);
    walk.send(&mut cast.otto, &emergency, &emergency, &[]).await;
    walk.get(&mut cast.otto, &routes::report(at)).await.is(200);
    let ended = routes::conflict_ended(at, &otto);
    for (page, right) in [
        (routes::emergencies(at), None),
        (routes::lift(at), None),
        (routes::conflict_of(at), Some(("who", "otto"))),
        (ended, None),
        (routes::give(at), Some(("to", own.as_str()))),
        (routes::give(at), Some(("to", olive.as_str()))),
    ] {
        let right: Vec<(&str, &str)> = right.into_iter().collect();
        walk.send(sam, &page, &page, &right).await;
        walk.get(sam, &routes::access(at)).await;
    }
    let conflict = routes::conflict(at);
    walk.send(&mut cast.cal, &conflict, &conflict, &[]).await;
}

/// Everything is done, reviewed, decided and closed.
async fn closed(walk: &mut Walk, desk: &Desk<'_>, cast: &mut Cast<'_>) {
    let at = desk.reference.as_str();
    desk.do_everything().await;
    let tasks = desk.opened().await.view.tasks.clone();
    for filed in tasks.iter().filter(|task| task.evidence == "form") {
        let page = routes::filed_form(at, filed.id.as_str(), 1);
        walk.get(&mut cast.olive, &page).await.is(200);
    }
    let ask = routes::ask_for_review(at);
    walk.send(&mut cast.olive, &ask, &ask, &[]).await;
    let review = routes::review(at);
    let agree = [("verdict", "agree")];
    walk.send(&mut cast.sam, &review, &review, &agree).await;
    let decide = routes::outcome(at, "21");
    walk.send(&mut cast.olive, &decide, &decide, &[]).await;
    desk.do_everything().await;
    for page in [routes::close(at), routes::addendum(at)] {
        walk.send(&mut cast.olive, &page, &page, &[]).await;
    }
}

/// What a supervisor sends who agrees: why it cannot wait is for whoever asks.
fn agrees(what: &str) -> Vec<(&str, &str)> {
    let mut fields = vec![("what", what), ("does", "erase")];
    fields.extend(FULL.map(|(step, _)| (step, "")));
    fields
}

/// What was closed is kept, who somebody is is erased, and it is opened again.
async fn kept_and_erased(walk: &mut Walk, site: &Site, at: &str, cast: &mut Cast<'_>) {
    let (keep, erase, reopen) = (routes::retention(at), routes::erase(at), routes::reopen(at));
    walk.send(&mut cast.sam, &keep, &keep, &[("until", "24/11/2030")]).await;
    walk.send(&mut cast.sam, &erase, &erase, &[("what", "A"), ("does", "ask")]).await;
    let mut sue = at_desk(site, "sue").await;
    walk.get(&mut sue, &erase).await.is(200).says("before its day");
    walk.send(&mut sue, &erase, &erase, &agrees("A")).await;
    walk.send(&mut cast.sam, &reopen, &reopen, &[]).await;
}

/// Files that are given once it is said for whom and why.
const FILES: [&str; 3] = [routes::AUDIT_CSV, routes::AUDIT_ACCOUNTS_CSV, routes::AUDIT_LOG];

/// All of that is in the log, which an auditor reads and takes away.
async fn audited(walk: &mut Walk, site: &Site) {
    let mut ada = at_desk(site, "ada").await;
    for (page, shown) in [
        (routes::AUDIT, "&#60;script&#62;alert(1)"),
        (routes::AUDIT_TOLD, "&#60;script&#62;alert(1)"),
        (routes::AUDIT_ACCOUNTS, "&#60;script&#62;alert(1)"),
        (routes::AUDIT_CSV, "<script>alert(1)</script>\"\"'>"),
        (routes::AUDIT_ACCOUNTS_CSV, "<script>alert(1)</script>\"\"'>"),
        (routes::AUDIT_LOG, ""),
    ] {
        let seen = if FILES.contains(&page) {
            walk.send(&mut ada, page, page, &[]).await
        } else {
            walk.get(&mut ada, page).await
        };
        seen.is(200).says(shown);
    }
    for page in [routes::AUDIT_TOLD_CSV, routes::AUDIT_ERASED_CSV] {
        walk.send(&mut ada, page, page, &[]).await.is(200);
    }
}
