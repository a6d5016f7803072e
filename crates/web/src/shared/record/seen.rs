//! Two officers changing the same thing: the second sees both before anything is put over the first.
//!
//! A page that changes what is recorded already carries, hidden, how many events the report had when the page was shown. What each of its
//! fields held then stands in the events. What the officer left alone stays as it is by now, whoever changed it; what only
//! they changed is kept; and where both changed the same, nothing is kept and the page is shown again with both.
//!
//! ```text
//! form as it was shown: seen::marked(kept(&report), &opened)             // `seen` goes into a hidden field
//! seen::edit(&app, &signed, opened, &form, &edit, &key, |form| command(form)).await
//! Err(acted) => { let again = seen::again(frame, shown, &form, acted, &controls)?; again.show(draw(..)) }
//! ```

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use report::{Actor, Command, EventBody};

use super::Opened;
use super::act::{Acted, act_on_newest};
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::Problem;
use crate::shared::time;
use crate::shared::ui::{Asks, SummaryList};
use crate::shared::visit::Signed;

/// The hidden field: how many events the report had when the page was shown.
pub const SEEN: &str = "seen";
/// Said of a field that somebody else changed as well, after its name.
pub const CHANGED_LINE: &str = "was changed after you opened this page. Look at both answers, then save what is right";
/// The mark of one answer that a page carried, hidden: without one it showed no answer, and what is there by now was not seen.
pub fn mark(form: &Form, field: &str) -> report::Seen {
    match form.text(field).parse() {
        Ok(report::Seen::NotCompared) | Err(_) => report::Seen::Nothing,
        Ok(seen) => seen,
    }
}

/// What has no words.
const NOTHING: &str = "Nothing";

/// What a page changes of what is recorded already.
pub struct Edit<'a, S> {
    /// The fields of the page that an event states, as the page shows them; nothing for an event about something else.
    pub states: S,
    /// Fields that only mean something together: where two officers changed any of the same row, it is for the second to decide.
    pub together: &'a [&'a [&'a str]],
}

/// Somebody else changed what the page is about. Nothing of it was stored.
#[derive(Debug)]
pub struct Overtaken {
    /// The report as it is now.
    opened: Opened,
    /// The page with the officer's own words, and what is recorded now wherever they had changed nothing.
    form: Form,
    changed: Vec<Changed>,
}

/// A field with two answers.
#[derive(Debug)]
struct Changed {
    field: String,
    /// What the officer sent, where they changed it.
    yours: Option<Vec<String>>,
    theirs: Vec<String>,
    /// Who recorded it and when, and whether it was the officer on another page; nothing where it is as the page showed it.
    by: Option<(Actor, Timestamp, bool)>,
}

/// What one field held.
#[derive(Default)]
struct Held {
    /// When the page was shown; nothing where the page does not say when that was.
    then: Vec<String>,
    now: Vec<String>,
    /// Who changed it since, and when.
    by: Option<(Actor, Timestamp)>,
}

/// A form with the mark of the report as it is now.
pub fn marked(form: Form, opened: &Opened) -> Form {
    form.with(SEEN, &[opened.version.to_string()])
}

/// What was sent under a name, whatever its order and the space around it.
fn values(form: &Form, field: &str) -> Vec<String> {
    let sent = form.all(field).iter().map(|value| value.trim());
    let mut sent: Vec<String> = sent.filter(|value| !value.is_empty()).map(str::to_owned).collect();
    sent.sort_unstable();
    sent
}

impl<S: Fn(&EventBody) -> Option<Form>> Edit<'_, S> {
    /// What each field that was ever stated held when the report had `seen` events, and holds now.
    fn held(&self, opened: &Opened, seen: u64) -> Vec<(String, Held)> {
        let mut all: Vec<(String, Held)> = Vec::new();
        for event in &opened.report.log {
            let Some(stated) = (self.states)(&event.body) else {
                continue;
            };
            for name in stated.names() {
                let at = all.iter().position(|(known, _)| known == name);
                let at = at.unwrap_or_else(|| {
                    all.push((name.to_owned(), Held::default()));
                    all.len() - 1
                });
                let Some((_, held)) = all.get_mut(at) else {
                    continue;
                };
                let value = values(&stated, name);
                if event.version <= seen {
                    held.then.clone_from(&value);
                } else if value != held.now {
                    held.by = Some((event.actor.clone(), event.recorded_at));
                }
                held.now = value;
            }
        }
        all
    }

    /// What is to be recorded: what was sent, and for what was left alone what is recorded by now.
    ///
    /// # Errors
    /// [`Overtaken`] where that would go over what somebody else entered meanwhile.
    fn merged(&self, opened: &Opened, sent: &Form, you: &Actor) -> Result<Form, Box<Overtaken>> {
        let marker = sent.text(SEEN).parse().ok();
        // A page that does not say what it showed, or says what cannot be, has shown nothing.
        let seen = marker.filter(|seen| (1..=opened.version).contains(seen));
        let all = self.held(opened, seen.unwrap_or_default());
        let mut form = sent.clone();
        let mut fields = Vec::with_capacity(all.len());
        for (name, held) in all {
            let yours = values(sent, &name);
            let touched = seen.is_none() || yours != held.then;
            if !touched {
                form = form.with(&name, &held.now);
            }
            fields.push((name, held, touched.then_some(yours)));
        }
        let differs = |(_, held, yours): &(String, Held, Option<Vec<String>>)| {
            yours.as_ref().is_some_and(|yours| *yours != held.now)
        };
        // What both changed to the same is no difference: so is what was kept from this page a moment ago.
        let moved = |(_, held, yours): &(String, Held, Option<Vec<String>>)| {
            held.now != held.then && yours.as_ref() != Some(&held.now)
        };
        let alone: Vec<&str> = fields.iter().map(|(name, ..)| name.as_str()).collect();
        let alone = alone.iter().filter(|name| !self.together.iter().any(|row| row.contains(*name)));
        let rows = self.together.iter().map(|row| row.to_vec());
        let rows: Vec<Vec<&str>> = rows.chain(alone.map(|name| vec![*name])).collect();
        let mut changed = Vec::new();
        for row in rows {
            let row = fields.iter().filter(|(name, ..)| row.contains(&name.as_str()));
            let row: Vec<_> = row.collect();
            if row.iter().any(|field| differs(field)) && row.iter().any(|field| moved(field)) {
                let told = row.iter().filter(|field| differs(field) || moved(field));
                changed.extend(told.map(|(field, held, yours)| Changed {
                    field: field.clone(),
                    yours: yours.clone(),
                    theirs: held.now.clone(),
                    by: held.by.clone().map(|(by, at)| {
                        let own = by.id == you.id;
                        (by, at, own)
                    }),
                }));
            }
        }
        if changed.is_empty() {
            return Ok(form);
        }
        Err(Box::new(Overtaken { form: marked(form, opened), opened: opened.clone(), changed }))
    }
}

/// Records what a page changes of what is recorded already: `command` makes it of the form to record. What it is compared with is what
/// is there when it is kept.
///
/// # Errors
/// [`Acted::Overtaken`] where somebody else changed the same; otherwise as for [`super::act`].
pub async fn edit<S: Fn(&EventBody) -> Option<Form>>(
    app: &App,
    signed: &Signed,
    opened: Opened,
    sent: &Form,
    edit: &Edit<'_, S>,
    key: &str,
    command: impl Fn(&Form) -> Command,
) -> Result<Opened, Acted> {
    let actor = signed.actor()?;
    let newest = |opened: &Opened| {
        let form = edit.merged(opened, sent, &actor);
        form.map(|form| command(&form)).map_err(Acted::Overtaken)
    };
    act_on_newest(app, &actor, opened, newest, key).await
}

/// A page that could not be saved, as it is shown again.
#[derive(Debug)]
pub struct Again {
    /// With what to put right, and with both answers where somebody else changed the same.
    pub frame: Frame,
    /// The report to show around it.
    pub opened: Opened,
    /// What stands in its fields.
    pub form: Form,
    status: Option<StatusCode>,
}

impl Again {
    /// The page that was drawn, with its status.
    pub fn show(&self, drawn: Response) -> Response {
        match self.status {
            Some(status) => (status, drawn).into_response(),
            None => drawn,
        }
    }
}

/// How a page is shown again, with everything that was entered still in it. `asked` are its controls, in their order.
///
/// # Errors
/// When it was no refusal but a problem of ours.
pub fn again(frame: Frame, shown: Opened, sent: &Form, acted: Acted, asked: &[&dyn Asks]) -> Result<Again, Problem> {
    let Acted::Overtaken(mut overtaken) = acted else {
        return Ok(Again { frame: frame.with(acted.mistakes()?), opened: shown, form: sent.clone(), status: None });
    };
    let place = |field: &str| asked.iter().position(|control| control.name() == field);
    overtaken.changed.sort_by_key(|changed| place(&changed.field));
    let mut mistakes = Mistakes::new();
    let mut frame = frame;
    for changed in &overtaken.changed {
        let Some(control) = place(&changed.field).and_then(|at| asked.get(at)) else {
            continue;
        };
        let label = control.label();
        if changed.by.is_some() {
            let says = format!("\u{201c}{label}\u{201d} {CHANGED_LINE}");
            mistakes.add(&changed.field, says);
        }
        frame.both.push((label.to_owned(), both(changed, *control)));
    }
    let Overtaken { opened, form, .. } = *overtaken;
    Ok(Again { frame: frame.with(mistakes), opened, form, status: Some(StatusCode::CONFLICT) })
}

fn both(changed: &Changed, control: &dyn Asks) -> SummaryList {
    let words = |values: &[String]| match control.words(values) {
        none if none.is_empty() => NOTHING.to_owned(),
        words => words,
    };
    let theirs = match &changed.by {
        Some((_, at, true)) => format!("Saved by you on another page, {}", time::moment(*at)),
        Some((by, at, false)) => format!("Saved by {}, {}", by.name, time::moment(*at)),
        None => "In the report, as when you opened the page".to_owned(),
    };
    let list = match &changed.yours {
        Some(yours) => SummaryList::new().row("Your answer, not saved", words(yours)),
        None => SummaryList::new().row("Your answer", "You did not change this"),
    };
    list.row(theirs, words(&changed.theirs))
}
