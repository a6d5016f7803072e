//! Whether somebody in a report was in an earlier one: what officers said of it, and who it may be besides.

use askama::Template;
use axum::extract::Path;
use report::matching::{Details, Party, lookups};
use report::{FactName, SamePerson};

use super::candidate::Shown;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::record::{self, Asking, Came, OnReport, Opened, report_frame};
use crate::shared::visit::Signed;

/// Why people are looked for from a report, in the log.
pub const PURPOSE: &str = "Earlier involvement of somebody in a report";
/// The question of the contract that earlier involvement can bear on.
const PERSISTENT: &str = "persistent";

#[derive(Template)]
#[template(path = "finding/earlier.html")]
struct Earlier {
    frame: Frame,
    name: String,
    person: String,
    said: Vec<Said>,
    found: Vec<Shown>,
    more: bool,
    known: bool,
    unfinished: bool,
    question: Option<(String, String)>,
}

/// What an officer said.
struct Said {
    says: &'static str,
    colour: &'static str,
    reference: String,
    href: String,
    reason: String,
    by: String,
    change: Option<String>,
}

/// The page.
pub async fn show(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    InAddress(query): InAddress,
) -> Answer {
    let Some(who) = opened.party(&id) else {
        return record::person_gone(frame, &opened, &id, Came::ToLook);
    };
    let details = Details::of_party(&opened.report, &who).ok_or(Problem::NotFound)?;
    let asking = Asking { signed: &signed, purpose: PURPOSE, reason: "", from: Some(&opened.stream) };
    let found = record::find_people(&app, asking, &details).await?;
    let may_say = signed.may(Permission::Decide);
    let decide = |other: &str, them: &str| may_say.then(|| routes::earlier_one(&reference, &id, other, them));
    let mut earlier = record::earlier(&app, &signed, &opened).await?;
    earlier.retain(|one| one.person.as_str() == id);
    let undecided = found.candidates.iter().filter(|one| {
        let other = one.elsewhere();
        other.is_none_or(|other| opened.report.match_with(&id, &other).is_none())
    });
    let shown = undecided.filter_map(|one| {
        let other = one.opened.reference();
        // Whoever only reported it is nobody's earlier self until they are entered as a person.
        let them = one.who.person().zip(who.person());
        Shown::new(one, them.and_then(|(them, _)| decide(other, them.as_str())))
    });
    let question =
        earlier.iter().any(|one| one.verdict == SamePerson::Same).then(|| question(&signed, &opened, &id)).flatten();
    let mut frame = report_frame(frame, &opened).back_to(routes::involved(&reference));
    if query.has("saved") {
        frame = frame.done("Recorded. You can change it when more is known");
    }
    let shown = Earlier {
        name: opened.party_name(&who),
        found: shown.collect(),
        more: found.more,
        known: !lookups(&details).is_empty(),
        unfinished: !record::all_findable(&app).await?,
        said: earlier
            .into_iter()
            .map(|one| Said {
                says: words(one.verdict),
                colour: colour(one.verdict),
                href: routes::report(&one.other.reference),
                change: decide(&one.other.reference, one.other.person.as_str()),
                reference: one.other.reference,
                reason: one.reason,
                by: one.said,
            })
            .collect(),
        question,
        person: match &who {
            Party::Person(_) => routes::entry(&reference, "people", &id),
            Party::Reporter => routes::safety(&reference),
        },
        frame,
    };
    Ok(page(false, &shown))
}

/// What was said, as a sentence begins.
pub const fn words(verdict: SamePerson) -> &'static str {
    match verdict {
        SamePerson::Same => "Same person",
        SamePerson::Different => "Not the same person",
        SamePerson::NotKnown => "Not known yet",
    }
}

const fn colour(verdict: SamePerson) -> &'static str {
    match verdict {
        SamePerson::Same => "blue",
        SamePerson::Different => "grey",
        SamePerson::NotKnown => "yellow",
    }
}

/// The question that earlier involvement can bear on, and its page: offered, never answered.
fn question(signed: &Signed, opened: &Opened, id: &str) -> Option<(String, String)> {
    let person = opened.person_id(id)?;
    let fact = FactName::person(&person, PERSISTENT).ok()?;
    opened.question(&fact)?;
    let may = signed.may(Permission::AddToReports) && !opened.report.is_closed();
    may.then(|| {
        let href = routes::question(opened.reference(), fact.as_str());
        (opened.question_words(&fact), href)
    })
}
