//! Erasing who somebody is, or a whole report. It cannot be taken back: the decision is in the record before
//! anything goes, and what was begun is finished whatever happens to the page. Before its day one supervisor
//! asks, with the full record, and another one agrees.

use std::sync::Arc;

use askama::Template;
use jiff::civil::Date;
use report::{ActorId, Command, PersonId};
use store::{Erase, PartId, StoreError, Subject};

use crate::routes;
use crate::shared::app::App;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::ndm::{ndm_fields, read_ndm};
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, copies_gone, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, Input, SummaryList};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

/// What the form sends for all of it.
const WHOLE: &str = "whole-report";

#[derive(Template)]
#[template(path = "retention/erase.html")]
struct Page {
    frame: Frame,
    reference: String,
    /// Why nothing can be erased now, with what to do.
    refused: Vec<String>,
    /// What was decided and not carried out: something ended the program in between.
    left_over: Vec<String>,
    /// The day before which erasing the whole report is early.
    early: Option<String>,
    /// What was asked for early, by whom and why.
    asked: Vec<Asked>,
    /// Why it cannot wait, in full, for what is early and nobody has asked for.
    departs: Vec<Block>,
    /// Something can be erased by this supervisor now.
    can_erase: bool,
    copies: String,
    what: Choices,
    confirmed: Option<Choices>,
    reasons: Input,
}

/// Something that a supervisor wants erased before its day.
struct Asked {
    says: String,
    then: String,
    why: SummaryList,
}

/// The page.
pub async fn show(OnReport { app, frame, signed, opened, .. }: OnReport) -> Answer {
    draw(&app, frame, &signed, &opened, None)
}

fn draw(app: &App, frame: Frame, signed: &Signed, opened: &Opened, sent: Option<&Form>) -> Answer {
    let me = signed.actor()?.id;
    let mistakes = frame.mistakes.clone();
    let report = &opened.report;
    let retention = report.retention(opened.pack());
    let against = retention.as_ref().map(|r| r.against.as_slice()).unwrap_or_default();
    let mut refused: Vec<String> =
        against.iter().filter(|against| against.refuses).map(|against| against.says.clone()).collect();
    if !report.is_closed() {
        refused.push("This report is open. Whether it is kept is decided once it is closed.".to_owned());
    }
    let today = time::today(app.now());
    let early = report.early_until(opened.pack(), None, &me, today).map(time::date);
    let whose = || std::iter::once(None).chain(not_erased(opened).map(Some));
    let is_early = |whose: Option<&PersonId>| report.early_until(opened.pack(), whose, &me, today).is_some();
    let asks = |whose: &Option<&PersonId>| is_early(*whose) && report.erasure_asked(*whose).is_none();
    let by_me = |whose: Option<&PersonId>| {
        report.erasure_asked(whose).is_some_and(|asked| asked.by.id.as_str() == signed.id.as_str())
    };
    let decided = |whose: Option<&PersonId>| report.erasure_decided(whose).is_some();
    let erases = |whose: &Option<&PersonId>| {
        let agrees = !asks(whose) && !by_me(*whose);
        !is_early(*whose) || agrees || decided(*whose)
    };
    let sheet = Sheet::new(sent, &mistakes);
    let departs = if whose().any(|whose| asks(&whose)) { ndm_fields(&sheet) } else { Vec::new() };
    let can_erase = whose().any(|whose| erases(&whose));
    let mut what = whats(opened, &me, today);
    let mut reasons = Input::new("reasons", "Why? One line").hint(
        "It stays in the log when the report is gone, and auditors read it. Do not write a name or anything else that says who somebody is.",
    );
    let mut confirmed = to_confirm(against);
    if let Some(form) = sent {
        what = what.sent(form, &mistakes);
        reasons = reasons.sent(form, &mistakes);
        confirmed = confirmed.map(|choices| choices.sent(form, &mistakes));
    }
    let shown = Page {
        refused,
        left_over: left_over(opened),
        asked: whose().filter_map(|whose| asked(signed, opened, whose)).collect(),
        departs,
        can_erase,
        early,
        copies: copies_gone(app, app.now()),
        what,
        confirmed,
        reasons,
        reference: opened.reference().to_owned(),
        frame: report_frame(frame, opened).back_to(routes::retention(opened.reference())),
    };
    Ok(page(!mistakes.none(), &shown))
}

fn not_erased(opened: &Opened) -> impl Iterator<Item = &PersonId> {
    opened.people().map(|person| &person.id).filter(|person| !opened.report.identity_erased(person))
}

/// What somebody asked for early and is not decided, and what comes next.
fn asked(signed: &Signed, opened: &Opened, whose: Option<&PersonId>) -> Option<Asked> {
    let report = &opened.report;
    if report.erasure_decided(whose).is_some() {
        return None;
    }
    let asked = report.erasure_asked(whose)?;
    let what = whose.map_or_else(
        || "the whole report".to_owned(),
        |person| format!("who {} is", opened.person_name(person.as_str())),
    );
    let (who, then) = match asked.by.id.as_str() == signed.id.as_str() {
        true => {
            ("You", "Another supervisor has to agree: ask them to open this page. Until they do, nothing is erased.")
        }
        false => (
            asked.by.name.as_str(),
            "If you agree, select it below, say why in your own words, and erase it. If you do not, keep it until a later day instead.",
        ),
    };
    let why = asked.ndm.fields().into_iter();
    let why = why.fold(SummaryList::new().row("Why", &asked.reasons), |list, (_, label, words)| {
        list.row(first_upper(label), words)
    });
    Some(Asked {
        says: format!("{who} asked on {} that {what} is erased before its day.", time::moment(asked.at)),
        then: then.to_owned(),
        why,
    })
}

fn whats(opened: &Opened, me: &ActorId, today: Date) -> Choices {
    let early = |whose: Option<&PersonId>| match opened.report.early_until(opened.pack(), whose, me, today) {
        Some(day) => format!(" It is early: not due to be looked at before {}.", time::date(day)),
        None => String::new(),
    };
    let choices = Choices::radios("what", "What is erased?").option(
        WHOLE,
        "The whole report",
        format!(
            "Everything in it. What is left is that there was a report with this reference, and who decided that it goes.{}",
            early(None)
        ),
    );
    opened
        .people()
        .filter(|person| !opened.report.identity_erased(&person.id))
        .fold(choices, |choices, person| {
            let hint = format!(
                "Name, date of birth, how to reach them, accounts. What happened stays, and speaks of Person {}. Words that somebody typed stay as they are.{}",
                person.id,
                early(Some(&person.id))
            );
            choices.option(person.id.as_str(), format!("Only who {} is", person.label()), hint)
        })
}

fn to_confirm(against: &[report::StandsAgainst]) -> Option<Choices> {
    let mut seen = against.iter().filter(|against| !against.refuses).peekable();
    seen.peek()?;
    let choices = Choices::checkboxes("confirmed", "Have you seen to this?");
    Some(seen.fold(choices, |choices, against| choices.option(&against.id, &against.says, against.cites.join("; "))))
}

/// Decisions whose words are still there.
fn left_over(opened: &Opened) -> Vec<String> {
    let people = opened.people().filter(|person| !opened.report.identity_erased(&person.id));
    let whose = std::iter::once(None).chain(people.map(Some));
    whose
        .filter_map(|person| {
            let decided = opened.report.erasure_decided(person.map(|person| &person.id))?;
            let what = person.map_or_else(
                || "The whole report".to_owned(),
                |person| format!("Who {} is", person.label()),
            );
            let when = time::moment(decided.at);
            Some(format!("{what}: {} decided on {when} that it is erased, and it was not finished. Select it below to finish it.", decided.by.name))
        })
        .collect()
}

/// Decides, and erases.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let what = mistakes.choice(&form, "what", "Select what is erased", |sent| match sent {
        WHOLE => Some(None),
        id => opened.person_id(id).map(Some),
    });
    let Some(person) = what else {
        mistakes.line(&form, "reasons", "Say why it is erased");
        return draw(&app, frame.with(mistakes), &signed, &opened, Some(&form));
    };
    let (reasons, confirmed) = (form.text("reasons").to_owned(), form.all("confirmed").to_vec());
    let asks = form.text("does") == "ask";
    let command = match asks {
        true => Command::AskErasure { person: person.clone(), reasons, confirmed, ndm: read_ndm(&form) },
        false => Command::DecideErasure { person: person.clone(), reasons, confirmed },
    };
    let decided = match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(decided) => decided,
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            return draw(&app, frame, &signed, &opened, Some(&form));
        }
    };
    if asks {
        return go(&routes::erase(&reference));
    }
    carry_out(&app, &signed, &decided, person.as_ref()).await?;
    match person {
        None => go(&routes::report(&reference)),
        Some(_) => go(&routes::retention(&reference)),
    }
}

/// Erases what the record says is to be erased. In a task of its own: whoever closes the page in between does
/// not stop it between two steps.
async fn carry_out(app: &App, signed: &Signed, decided: &Opened, person: Option<&PersonId>) -> Result<(), Problem> {
    let decision = decided.report.erasure_decided(person);
    let decision = decision.ok_or_else(|| Problem::internal("an erasure that nobody decided"))?;
    let subject = person.map(|id| PartId::new(id.as_str()).map(Subject::Person));
    let erase = Erase {
        stream: decided.stream.clone(),
        subject: subject.transpose().map_err(Problem::internal)?,
        actor: signed.id.clone(),
        reason: decision.reasons.clone(),
        at: app.now(),
    };
    let store = Arc::clone(&app.store);
    let task = tokio::spawn(async move { store.erase(erase).await });
    let erased = task.await.map_err(Problem::internal)?;
    // Also when it failed half-way: keys may be gone.
    app.recent.forget_all();
    match erased {
        // It is erased. What is left to do is done after a later step, and is for whoever runs the service to know.
        Err(why @ StoreError::NotEmptied) => {
            tracing::warn!(%why, "an erasure waits for a reader to end");
            Ok(())
        }
        erased => Ok(erased.map(drop)?),
    }
}
