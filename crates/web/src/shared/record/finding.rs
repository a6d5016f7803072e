//! Finding people who are in a report, though their names are encrypted; and saying that two are the same.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use report::matching::{Details, Match, Party, compare, lookups};
use report::{Command, Elsewhere, PersonId, SamePerson};
use store::{AccessEntry, AccessKind, Operation, ProjectionRow, Search, StreamId, Subject, limits};

use super::act::{Acted, act_on_both};
use super::enter::admit_or_note;
use super::keep::{load, load_aside};
use super::opened::Opened;
use super::stands::{Stands, against};
use crate::shared::access::{self, Permission};
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::visit::Signed;

/// Purpose of the entry of the log under which two people are compared or said to be one.
const MATCHING: &str = "Saying whether two people are the same";

/// Who looks for people, and why.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// Who.
    pub signed: &'a Signed,
    /// Why, from a list of ours.
    pub purpose: &'static str,
    /// Why in their words; empty where none are needed.
    pub reason: &'a str,
    /// The report they look from, in which nobody is looked for.
    pub from: Option<&'a StreamId>,
}

/// Somebody in a report who may be the one that was looked for.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The report; whoever asked may read it.
    pub opened: Arc<Opened>,
    /// Who in it.
    pub who: Party,
    /// What they have in common and where they differ, in words.
    pub told: Match,
}

impl Candidate {
    /// Who it is, as other reports name them; nothing for whoever only reported it.
    pub fn elsewhere(&self) -> Option<Elsewhere> {
        Some(Elsewhere {
            report: self.opened.report.id.clone()?,
            reference: self.opened.reference().to_owned(),
            person: self.who.person()?.clone(),
        })
    }
}

/// Whom a search came upon.
#[derive(Debug, Default)]
pub struct FoundPeople {
    /// Those with most in common first.
    pub candidates: Vec<Candidate>,
    /// More people share a detail than are looked at in one search.
    pub more: bool,
}

/// Looks for people like these in the reports that somebody may read. The search is in the log before anybody
/// is looked for, and whose report shows somebody before anybody is shown.
///
/// # Errors
/// What the store says; nothing was shown then.
pub async fn find_people(app: &App, asking: Asking<'_>, asked: &Details<'_>) -> Result<FoundPeople, Problem> {
    note(app, asking, AccessKind::PeopleSearched, asking.from).await?;
    let search = Search {
        terms: lookups(asked),
        seen_by: access::seen_by(asking.signed, app.now()),
        except: asking.from.cloned(),
        limit: limits::CANDIDATES,
    };
    let came_upon = app.store.find(search).await?;
    let mut reports: BTreeMap<StreamId, Option<Arc<Opened>>> = BTreeMap::new();
    let mut candidates = Vec::new();
    for found in came_upon.found {
        if !reports.contains_key(&found.stream) {
            let opened = readable(app, asking.signed, &found.stream).await?;
            reports.insert(found.stream.clone(), opened.map(Arc::new));
        }
        let opened = reports.get(&found.stream).and_then(Option::as_ref);
        let Some(opened) = opened else {
            continue;
        };
        let who = match &found.subject {
            Subject::Person(id) => opened.person_id(id.as_str()).map(Party::Person),
            Subject::Reporter => Some(Party::Reporter),
            Subject::Report | Subject::Place(_) => None,
        };
        let told = who.and_then(|who| {
            let details = Details::of_party(&opened.report, &who)?;
            Some((compare(asked, &details)?, who))
        });
        candidates.extend(told.map(|(told, who)| {
            let opened = Arc::clone(opened);
            Candidate { opened, who, told }
        }));
    }
    candidates.sort_by_key(|one| {
        let told = &one.told;
        let newest = Reverse(one.opened.reference().to_owned());
        (Reverse(told.likeness), Reverse(told.alike.len()), told.differ.len(), newest)
    });
    let mut shown: Vec<&StreamId> = Vec::new();
    for candidate in &candidates {
        let stream = &candidate.opened.stream;
        if !shown.contains(&stream) {
            note(app, asking, AccessKind::PersonFound, Some(stream)).await?;
            shown.push(stream);
        }
    }
    Ok(FoundPeople { candidates, more: came_upon.more })
}

/// A report, where the policies let somebody read it: asked once more, though the search asked already.
async fn readable(app: &App, signed: &Signed, stream: &StreamId) -> Result<Option<Opened>, Problem> {
    let Some(row) = app.store.projection(stream).await? else {
        return Ok(None);
    };
    if !access::may_on(signed, Permission::ReadReports, &row, app.now()) {
        return Ok(None);
    }
    match load_aside(app, stream).await {
        Ok(opened) => Ok(as_said(&row, opened, app.now())?),
        Err(Problem::NotFound) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Nothing where the row lets somebody in that the events do not speak of.
fn as_said(row: &ProjectionRow, opened: Opened, at: Timestamp) -> Result<Option<Opened>, Problem> {
    match against(row, &opened.report, at)? {
        Stands::AsSaid => Ok(Some(opened)),
        // Or somebody has just written to it: they are found the next time.
        Stands::Otherwise(_) => {
            tracing::error!(report = %row.report_id, "the row of a report is not what its events say: nobody is found in it");
            Ok(None)
        }
    }
}

async fn note(app: &App, asking: Asking<'_>, kind: AccessKind, stream: Option<&StreamId>) -> Result<(), Problem> {
    let access = AccessEntry {
        kind: kind.word().to_owned(),
        op: Operation::Consult,
        stream: stream.cloned(),
        actor: asking.signed.id.clone(),
        purpose: asking.purpose.to_owned(),
        reason: (!asking.reason.is_empty()).then(|| asking.reason.to_owned()),
        at: app.now(),
        repeats: asking.reason.is_empty(),
    };
    app.store.note_access(access).await?;
    Ok(())
}

/// Somebody in another report, where an officer said so, and whoever looks may know of it.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Who in this report.
    pub person: PersonId,
    /// Who in the other one.
    pub other: Elsewhere,
    /// What was said.
    pub verdict: SamePerson,
    /// What it rests on.
    pub reason: String,
    /// Who said it, and when, in words.
    pub said: String,
}

/// What officers said of people here and in other reports, as far as those may be read. Of others nothing is told.
///
/// # Errors
/// What the store says.
pub async fn earlier(app: &App, signed: &Signed, opened: &Opened) -> Result<Vec<Earlier>, Problem> {
    let mut found = Vec::new();
    let people = opened.people();
    for said in people.flat_map(|person| opened.report.matches_of(person.id.as_str())) {
        let stream = StreamId::new(said.other.report.as_str()).map_err(Problem::internal)?;
        let row = app.store.projection(&stream).await?;
        let may = |row: &_| access::may_on(signed, Permission::ReadReports, row, app.now());
        if row.as_ref().is_some_and(may) {
            found.push(Earlier {
                person: said.person.clone(),
                other: said.other.clone(),
                verdict: said.verdict,
                reason: said.reason.clone(),
                said: format!("{}, {}", said.by.name, crate::shared::time::moment(said.at)),
            });
        }
    }
    Ok(found)
}

/// Says of somebody in one report whether they are somebody in another, in both at once. In the log it is a
/// combination, before and with the events themselves.
///
/// # Errors
/// As for [`act`](super::act).
pub async fn say_match(
    app: &App,
    signed: &Signed,
    here: (Opened, PersonId),
    there: (&str, PersonId),
    (verdict, reason): (SamePerson, &str),
    key: &str,
) -> Result<Opened, Acted> {
    let entered = admit_or_note(app, signed, Permission::AddToReports, there.0).await?;
    let other = load(app, &entered.row.report_id).await?;
    let say = |person: &PersonId, of: &Opened, them: &PersonId| {
        let report = of.report.id.clone().ok_or(Problem::NotFound)?;
        Ok::<_, Problem>(Command::MatchPerson {
            person: person.clone(),
            other: Elsewhere { report, reference: of.reference().to_owned(), person: them.clone() },
            verdict,
            reason: reason.to_owned(),
        })
    };
    let (here, me) = here;
    let commands = (say(&me, &other, &there.1)?, say(&there.1, &here, &me)?);
    for stream in [&here.stream, &other.stream] {
        let access = AccessEntry {
            kind: AccessKind::PeopleMatched.word().to_owned(),
            op: Operation::Combine,
            stream: Some(stream.clone()),
            actor: signed.id.clone(),
            purpose: MATCHING.to_owned(),
            reason: None,
            at: app.now(),
            repeats: true,
        };
        app.store.note_access(access).await.map_err(Problem::from)?;
    }
    act_on_both(app, &signed.actor()?, (here, commands.0), (other, commands.1), key).await
}
