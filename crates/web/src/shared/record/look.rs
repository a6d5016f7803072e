//! Somebody who can be found was just entered: the next page offers to look whether they are in other reports.
//! To look is a consultation with a purpose, so nobody is looked for before somebody asks for it.

use report::About;
use report::matching::{self, lookups};

use super::Opened;
use crate::routes;
use crate::shared::access::{Permission, may};
use crate::shared::frame::{Frame, Link};

/// Stands in an address for whoever reported it.
pub const REPORTER: &str = "reporter";
/// The part of an address that says whom the page offers to look for.
const LOOK: &str = "look";

/// The next page, with the offer where somebody can be found by something else than when the report had this version. Not for
/// whoever reported it: most often that is a teacher; they can be looked for on the page of who is involved.
pub fn offering(next: &str, after: &Opened, version: u64) -> String {
    let log = &after.report.log;
    let is_who = |about: About| matches!(about, About::Person(_));
    let mut since = log.iter().filter(|event| event.version > version);
    if !since.any(|event| is_who(event.body.about())) {
        return next.to_owned();
    }
    let before = after.as_of(version);
    let changed = matching::changed(&before, &after.report);
    let mut changed = changed.iter().filter(|(_, terms)| !terms.is_empty());
    let Some(id) = changed.find_map(|(who, _)| who.person()) else {
        return next.to_owned();
    };
    let joint = if next.contains('?') { '&' } else { '?' };
    format!("{next}{joint}{LOOK}={id}")
}

/// Puts the offer around a page of the report, where its address asks for it and whoever reads may follow it.
pub(super) fn offered(frame: &mut Frame, opened: &Opened) {
    let Some(id) = frame.look.take() else {
        return;
    };
    let may_look = frame.who.as_ref().is_some_and(|who| may(who.role, Permission::ReadReports));
    let who = opened.party(&id).filter(|_| may_look);
    let known = who.filter(|who| {
        let details = matching::Details::of_party(&opened.report, who);
        details.is_some_and(|details| !lookups(&details).is_empty())
    });
    frame.offer =
        known.map(|who| Link { href: routes::earlier(opened.reference(), &id), text: opened.party_name(&who) });
}
