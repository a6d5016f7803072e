//! Ending a report that was begun by mistake, or a second time for one incident. A supervisor agrees before it is closed.

use askama::Template;
use report::{Command, EventBody, Link, LinkKind};

use super::linked::{link_to, other};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::ending::{Hinders, gone_too, hinders, people};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, Input, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "reports/end.html")]
struct End {
    frame: Frame,
    /// What was recorded here for tasks: it does not go over to another report.
    recorded: Vec<String>,
    /// Why it cannot be ended now, each with the place where that is put right.
    hinders: Vec<Hinders>,
    /// There is nothing in the way, or something was written already and is not to be lost.
    asks: bool,
    /// Whoever reads it has asked, and no supervisor has answered: how it was asked.
    own: Option<Own>,
    /// Who is in this report.
    people: String,
    why: Choices,
    reference: Input,
    reason: Textarea,
}

/// What somebody asked and may take back.
struct Own {
    /// When, and to end it as what.
    says: String,
    /// In their words.
    reason: String,
    /// The two reports stay linked.
    linked: bool,
}

/// The button that takes back what was asked, and its name.
const THEN: &str = "then";
const TAKE_BACK: &str = "take-back";

/// Why it is to be ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Mistake,
    Same,
}

impl Why {
    fn sent(word: &str) -> Option<Self> {
        match word {
            "mistake" => Some(Self::Mistake),
            "same" => Some(Self::Same),
            _ => None,
        }
    }
}

fn own(opened: &Opened, signed: &Signed) -> Option<Own> {
    let ending = opened.report.asked_to_end()?;
    (ending.by.id.as_str() == signed.id.as_str()).then(|| Own {
        says: format!("You asked on {}: {}.", time::moment(ending.at), ending.says()),
        reason: ending.reason.clone(),
        linked: ending.same_as.is_some(),
    })
}

fn draw(frame: Frame, opened: &Opened, signed: &Signed, form: &Form) -> Answer {
    let hinders = hinders(opened, true)?;
    let mistakes = frame.mistakes.clone();
    let duties = opened.report.evidence.keys();
    let recorded = duties.filter(|duty| !opened.report.evidence_for(duty).is_empty());
    let why = Choices::radios("why", "Why should it be ended?")
        .option("mistake", "It was begun by mistake", "Nothing like it was reported, or it is no matter for Waymark")
        .option("same", "Another report has the same incident", "It was begun twice: the other one goes on")
        .sent(form, &mistakes);
    let shown = End {
        recorded: recorded.map(|duty| opened.duty_title(duty.as_str())).collect(),
        asks: hinders.is_empty() || !form.text("reason").is_empty(),
        hinders,
        own: own(opened, signed),
        people: people(opened),
        why,
        reference: Input::new("reference", "Reference of the other report")
            .hint("If another report has the same incident. Like WM-2026-000123.")
            .width("20")
            .sent(form, &mistakes),
        reason: Textarea::new("reason", "How it came to be begun, and how you know")
            .hint("The supervisor reads this before anything else.")
            .rows(4)
            .sent(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::close(opened.reference())),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// The page.
pub async fn show(OnReport { frame, signed, opened, .. }: OnReport) -> Answer {
    if opened.report.is_closed() {
        return Err(Problem::NotAllowed("This report is closed already.".to_owned()));
    }
    draw(frame, &opened, &signed, &Form::default())
}

/// Asks, or takes back what was asked. The other report is told that it has the same incident.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    if form.text(THEN) == TAKE_BACK {
        return take_back(&app, frame, &signed, opened, &form).await;
    }
    let mut mistakes = Mistakes::new();
    let why = mistakes.choice(&form, "why", "Select why it should be ended", Why::sent);
    let same = match why {
        Some(Why::Same) => same(&app, &signed, &form, &mut mistakes).await?,
        Some(Why::Mistake) | None => None,
    };
    let command = Command::AskToEnd {
        same_as: same.as_ref().map(|(_, link)| link.clone()),
        reason: form.text("reason").to_owned(),
    };
    let is_done = asked_by(&opened, &signed, &command);
    if !is_done && mistakes.none() && !hinders(&opened, true)?.is_empty() {
        let says = "This report cannot be ended now: see what stands in the way. What you wrote is still here";
        mistakes.add("main-content", says);
    }
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return draw(frame.with(mistakes), &opened, &signed, &form);
    }
    // Asked again after it was sent back it is another request, though in the same words.
    let key = format!("{}-{}", form.digest(), opened.version);
    let told = |there: &Opened| link_to(there, LinkKind::SameIncident).map(Command::LinkReport);
    let done = match same {
        // Sent twice by a second press: what was asked stands.
        Some((other, _)) if is_done => record::act(&app, &signed, other, told(&opened)?, &key).await,
        None if is_done => Ok(opened.clone()),
        // The other report learns of it in the same step.
        Some((other, _)) => {
            let there = (other, told(&opened)?);
            let here = (opened.clone(), command);
            record::act_on_both(&app, &signed.actor()?, here, there, &key).await
        }
        None => record::act(&app, &signed, opened.clone(), command, &key).await,
    };
    match done {
        Ok(_) => go(&format!("{}?ending=yes", routes::report(&reference))),
        Err(acted) => draw(frame.with(acted.mistakes()?), &opened, &signed, &form),
    }
}

/// Asks no more. A second press finds it done.
async fn take_back(app: &App, frame: Frame, signed: &Signed, opened: Opened, form: &Form) -> Answer {
    let shown = opened.clone();
    let done = if is_taken_back(&opened, signed) {
        Ok(opened)
    } else {
        record::act(app, signed, opened, Command::TakeBackEnding, &form.digest()).await
    };
    match done {
        Ok(after) => go(&format!("{}?goes-on=yes", routes::report(after.reference()))),
        Err(acted) => draw(frame.with(acted.mistakes()?), &shown, signed, form),
    }
}

/// The last thing said about an end is that this person asks no more.
fn is_taken_back(opened: &Opened, signed: &Signed) -> bool {
    let mut events = opened.report.log.iter().rev();
    let last = events.find(|event| {
        matches!(
            event.body,
            EventBody::EndingAsked { .. } | EventBody::EndingTakenBack { .. } | EventBody::Reviewed { .. }
        )
    });
    last.is_some_and(|event| {
        matches!(event.body, EventBody::EndingTakenBack { .. }) && event.actor.id.as_str() == signed.id.as_str()
    })
}

/// The same person has asked the same already.
fn asked_by(opened: &Opened, signed: &Signed, command: &Command) -> bool {
    let (Some(ending), Command::AskToEnd { same_as, reason }) = (&opened.report.ending, command) else {
        return false;
    };
    let reference = same_as.as_ref().map(|link| &link.reference);
    ending.by.id.as_str() == signed.id.as_str() && ending.same_as.as_ref() == reference && ending.reason == *reason
}

/// The report with the same incident, and how this one names it.
async fn same(
    app: &App,
    signed: &Signed,
    form: &Form,
    mistakes: &mut Mistakes,
) -> Result<Option<(Opened, Link)>, Problem> {
    let missing = "Enter the reference of the report that has the same incident";
    let reference = mistakes.line(form, "reference", missing).to_uppercase();
    if reference.is_empty() {
        return Ok(None);
    }
    let may = Permission::AddToReports;
    let Some(other) = other(app, signed, may, ("reference", &reference), mistakes).await? else {
        return Ok(None);
    };
    if let Some(says) = gone_too(&other) {
        mistakes.add("reference", says);
        return Ok(None);
    }
    let link = link_to(&other, LinkKind::SameIncident)?;
    Ok(Some((other, link)))
}
