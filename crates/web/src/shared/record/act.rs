//! Acting on a report: decide, append by compare-and-swap, decide again when somebody else was first.

use report::{
    Actor, Command, Conflict, Context, Link, LinkKind, Refusal, Report, ReportId, StartReport, handle, handle_on,
};
use store::{Append, AppendError, StreamId};

use super::keep::{self, append, append_to, fresh_id, load};
use super::recent::Folded;
use super::seen::{CHANGED_LINE, Overtaken};
use super::{CONFLICT_LINE, Opened, together};
use crate::shared::app::App;
use crate::shared::form::Mistakes;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::visit::Signed;

/// How often a command is decided anew before the officer is asked to try again. More than this many
/// officers writing to one report within the same instant is not police work.
const TRIES: u32 = 3;

/// Why a command was not carried out. Nothing of it was stored.
#[derive(Debug)]
pub enum Acted {
    /// The record refused it: what was wrong, for the fields of the form.
    Refused(Refusal),
    /// Somebody else answered the same questions since the page was shown: [`super::conflict_page`].
    Conflict(Vec<Conflict>),
    /// Somebody else changed what the page is about since it was shown: [`super::again`].
    Overtaken(Box<Overtaken>),
    /// A page could not be given.
    Problem(Problem),
}

impl Acted {
    /// What was wrong, for the error summary and the fields. What belongs to no field leads to the top of the page.
    ///
    /// # Errors
    /// When it was no refusal but a problem of ours.
    pub fn mistakes(self) -> Result<Mistakes, Problem> {
        let mut mistakes = Mistakes::new();
        let mut add = |field: &str, says: String| {
            mistakes.add(if field.is_empty() { "main-content" } else { field }, says);
        };
        match self {
            Self::Problem(problem) => return Err(problem),
            Self::Refused(refusal) => {
                for wrong in refusal.problems() {
                    add(&wrong.field, wrong.says);
                }
            }
            Self::Conflict(conflicts) => {
                for conflict in conflicts {
                    add(conflict.fact.as_str(), CONFLICT_LINE.to_owned());
                }
            }
            Self::Overtaken(_) => add("", format!("Something {CHANGED_LINE}")),
        }
        Ok(mistakes)
    }
}

impl From<Problem> for Acted {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Refusal> for Acted {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Conflict(conflicts) => Self::Conflict(conflicts),
            refusal => Self::Refused(refusal),
        }
    }
}

/// Carries out a command on a report, and gives the report as it is then. `key` is the digest of the form
/// ([`Form::digest`](crate::shared::form::Form::digest)): with the same one a second time nothing is written.
///
/// # Errors
/// [`Acted`]: refused, answered by somebody else meanwhile, or a problem of ours.
pub async fn act(app: &App, signed: &Signed, opened: Opened, command: Command, key: &str) -> Result<Opened, Acted> {
    act_as(app, &signed.actor()?, opened, command, key).await
}

/// Like [`act`], for whoever is no visitor of a page.
///
/// # Errors
/// As for [`act`].
pub async fn act_as(app: &App, actor: &Actor, opened: Opened, command: Command, key: &str) -> Result<Opened, Acted> {
    act_on_newest(app, actor, opened, |_| Ok(command.clone()), key).await
}

/// Like [`act_as`], with a command that is made anew of the report as it is each time it is tried: what it compares, it compares
/// with what is there when it is kept.
///
/// # Errors
/// As for [`act`], and what making the command says.
pub(super) async fn act_on_newest(
    app: &App,
    actor: &Actor,
    mut opened: Opened,
    command: impl Fn(&Opened) -> Result<Command, Acted>,
    key: &str,
) -> Result<Opened, Acted> {
    let context = context(app, actor)?;
    let key = owned(actor, key);
    for _ in 0..TRIES {
        let handled = handle_on(&opened.report, command(&opened)?, &context, &app.pack)?;
        let Some((events, after)) = handled else {
            return Ok(opened);
        };
        let stream = opened.stream.clone();
        let (append, after) = append_to(app, &opened.folded, &events, after, stream)?;
        // While the disk is waited for, what the answer needs is worked out; it is given to nobody before.
        let adding = together::add(app, vec![append], &key);
        let meanwhile = async { keep::as_it_will_be(app, opened.stream.clone(), after) };
        let (added, after) = tokio::join!(biased; adding, meanwhile);
        match added? {
            Ok(done) => {
                let first = done.first().filter(|first| first.repeated);
                return Ok(match first {
                    Some(first) => load(app, &first.stream).await?,
                    None => keep::as_it_is(app, after?, opened.report),
                });
            }
            Err(AppendError::Conflict { .. }) => opened = load(app, &opened.stream).await?,
            Err(why) => return Err(Problem::from(why).into()),
        }
    }
    let says = "Several people are adding to this report at the same moment.";
    Err(Problem::Conflict(says.to_owned()).into())
}

/// Begins a report. Where it follows from another, the other one learns of it in the same step. The
/// report id and reference of `start` are given here.
///
/// # Errors
/// As for [`act`].
pub async fn begin(app: &App, actor: &Actor, mut start: StartReport, key: &str) -> Result<Opened, Acted> {
    let key = owned(actor, key);
    let context = context(app, actor)?;
    // A start that is refused uses up no number of the year: it is tried with none.
    let tried = StartReport { reference: "none-yet".to_owned(), ..start.clone() };
    handle(&Report::default(), Command::Start(tried), &context, &app.pack)?;
    let year = time::year(app.now());
    start.reference = app.store.next_reference(year).await.map_err(Problem::from)?;
    start.report = fresh_id('R')?;
    let stream = StreamId::new(start.report.as_str()).map_err(Problem::internal)?;
    for _ in 0..TRIES {
        let nothing = Folded { destroyed: app.store.keys_destroyed(), ..Folded::default() };
        let events = handle(&nothing.report, Command::Start(start.clone()), &context, &app.pack)?;
        let (begun, after) = append(app, &nothing, &events, stream.clone())?;
        let mut together = vec![begun];
        together.extend(told_other(app, actor, &start).await?);
        match together::add(app, together, &key).await? {
            Ok(done) => {
                let first = done.first().filter(|first| first.repeated);
                return Ok(match first {
                    Some(first) => load(app, &first.stream).await?,
                    None => keep::after(app, stream, after, nothing.report)?,
                });
            }
            Err(AppendError::Conflict { .. }) => {}
            Err(why) => return Err(Problem::from(why).into()),
        }
    }
    let says = "Several people are adding to the other report at the same moment.";
    Err(Problem::Conflict(says.to_owned()).into())
}

/// What the report that a new one follows from is told of it.
async fn told_other(app: &App, actor: &Actor, start: &StartReport) -> Result<Option<Append>, Acted> {
    let Some(linked) = &start.linked else {
        return Ok(None);
    };
    let stream = StreamId::new(linked.report.as_str()).map_err(Problem::internal)?;
    let other = load(app, &stream).await?;
    let link = link(&start.report, &start.reference, linked.kind);
    let context = context(app, actor)?;
    let events = handle(&other.report, Command::LinkReport(link), &context, &app.pack)?;
    let (told, _) = append(app, &other.folded, &events, stream)?;
    Ok(Some(told))
}

/// Carries out a command on each of two reports, both or neither. Gives the first as it is then.
///
/// # Errors
/// As for [`act`].
pub async fn act_on_both(
    app: &App,
    actor: &Actor,
    first: (Opened, Command),
    second: (Opened, Command),
    key: &str,
) -> Result<Opened, Acted> {
    let context = context(app, actor)?;
    let key = owned(actor, key);
    let ((mut here, command), (mut there, other)) = (first, second);
    for _ in 0..TRIES {
        let events = handle(&here.report, command.clone(), &context, &app.pack)?;
        let told = Context { command: fresh_id('C')?, ..context.clone() };
        let others = handle(&there.report, other.clone(), &told, &app.pack)?;
        let mut together = Vec::new();
        let (part, after) = append(app, &here.folded, &events, here.stream.clone())?;
        together.extend((!events.is_empty()).then_some(part));
        let (part, _) = append(app, &there.folded, &others, there.stream.clone())?;
        together.extend((!others.is_empty()).then_some(part));
        if together.is_empty() {
            return Ok(here);
        }
        match together::add(app, together, &key).await? {
            Ok(done) if done.iter().any(|done| done.repeated) => {
                return Ok(load(app, &here.stream).await?);
            }
            Ok(_) => return Ok(keep::after(app, here.stream, after, here.report)?),
            Err(AppendError::Conflict { .. }) => {
                here = load(app, &here.stream).await?;
                there = load(app, &there.stream).await?;
            }
            Err(why) => return Err(Problem::from(why).into()),
        }
    }
    let says = "Several people are adding to one of the reports at the same moment.";
    Err(Problem::Conflict(says.to_owned()).into())
}

fn link(report: &ReportId, reference: &str, kind: LinkKind) -> Link {
    Link { report: report.clone(), reference: reference.to_owned(), kind }
}

pub(super) fn context(app: &App, actor: &Actor) -> Result<Context, Problem> {
    Ok(Context { at: app.now(), actor: actor.clone(), command: fresh_id('C')? })
}

/// Keys are shared by all callers of the store: each officer's are their own.
fn owned(actor: &Actor, key: &str) -> String {
    format!("{}:{key}", actor.id)
}
