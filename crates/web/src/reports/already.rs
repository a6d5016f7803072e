//! The form that begins a report, sent again: the report that it began, and what was sent differently this time. No second one
//! is begun, and no word is lost.

use askama::Template;
use axum::response::Response;
use report::{Answer as Word, Report, Status};
use store::{Order, WorklistFilter, WorklistQuery};

use super::new::REPORTED_BY;
use super::safety::kept;
use crate::routes;
use crate::shared::access;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::{Frame, Link};
use crate::shared::page::{Problem, page};
use crate::shared::record::{Opened, load, report_frame, seen};
use crate::shared::time;
use crate::shared::ui::{Cell, Table};
use crate::shared::visit::Signed;

/// The first questions by their fields, in few words.
const FIRST: [(&str, &str); 11] = [
    ("in_danger", "Immediate danger"),
    ("danger", "What the danger is"),
    ("done_at_once", "What was done about it"),
    ("child_where", "Where the child is"),
    ("safe_to_talk", "Safe to talk"),
    ("with_whom", "Who is with them"),
    ("safe_number", "Safe number"),
    ("when_safe", "When it is safe to call"),
    ("reporter_name", "Who reports it"),
    ("reporter_relation", "Who they are to the child"),
    ("reporter_organisation", "School, agency or platform"),
];
/// What has no words.
const NOTHING: &str = "Nothing";

/// Rows fetched at once to find reports that were begun just now, and how often at most.
const ROWS: u32 = 100;
const PAGES: usize = 10;
/// How long a report that was begun is pointed out to whoever begins another.
const LATELY: jiff::SignedDuration = jiff::SignedDuration::from_mins(30);
/// How many of them at most, those that changed last. Each is read to know when it was begun; nobody looks through more.
const POINTED_OUT: usize = 5;

#[derive(Template)]
#[template(path = "reports/already.html")]
struct Already {
    frame: Frame,
    reference: String,
    when: String,
    /// Somebody is in danger now, and the report does not have it.
    danger: bool,
    table: Table,
    /// The first questions with what was sent differently, to save them with one button; nothing where there is none.
    first: Vec<(String, String)>,
    /// What would be saved goes over answers that are newer than the form.
    newer: bool,
    /// Where the rest is put right.
    others: Vec<Link>,
}

/// What was sent differently and is not in the report.
#[derive(Default)]
pub(super) struct Changed {
    /// Question, what the report has, what was sent.
    rows: Vec<(&'static str, String, String)>,
    /// The first questions with what was sent differently, everything else as the report has it; nothing where it has them.
    first: Option<Form>,
    /// Those of them whose answers in the report are newer than the form.
    newer: Vec<&'static str>,
    /// Somebody is in danger now, and the report does not have it.
    danger: bool,
    others: Vec<Link>,
}

impl Changed {
    /// True when the report has all of it.
    pub(super) const fn nothing(&self) -> bool {
        self.rows.is_empty()
    }

    /// The report is closed: nothing in it is changed any more, and what is new is added.
    fn only_added_to(&mut self, reference: &str) {
        (self.first, self.newer) = (None, Vec::new());
        let link = |href, text: &str| Link { href, text: text.to_owned() };
        let danger = link(routes::concern(reference), "Say that somebody is in danger");
        let addendum = link(routes::addendum(reference), "Add it to the closed report");
        self.others = self.danger.then_some(danger).into_iter().collect();
        self.others.push(addendum);
    }
}

/// What was sent otherwise than what the report was begun with, and that the report does not have. Where only the report
/// has moved on since, that is nothing.
pub(super) fn changed(app: &App, opened: &Opened, sent: &Form) -> Changed {
    let (mut changed, begun) = (Changed::default(), opened.as_begun());
    let (first, has) = (kept(&begun), kept(&opened.report));
    let mut fields = Vec::with_capacity(FIRST.len());
    for (field, label) in FIRST {
        let (first, held, now) = (first.text(field), has.text(field), sent.text(field));
        if now == first || now == held {
            fields.push((field.to_owned(), held.to_owned()));
            continue;
        }
        fields.push((field.to_owned(), now.to_owned()));
        changed.newer.extend((held != first).then_some(label));
        changed.danger |= field == "in_danger" && now == Word::Yes.word();
        changed.rows.push((label, said(held), said(now)));
    }
    let saves = || seen::marked(Form::from_pairs(fields), opened);
    changed.first = (!changed.nothing()).then(saves);
    let reference = opened.reference();
    let mut other = |label, held: String, now: String, href: String, text: &str| {
        changed.rows.push((label, held, now));
        let text = text.to_owned();
        changed.others.push(Link { href, text });
    };
    let by = sent.text("reported_by");
    let (first, held) = (reporter_of(&begun), reporter_of(&opened.report));
    let question = app.pack.question(REPORTED_BY);
    let words = |value: &str| {
        let mut options = question.iter().flat_map(|question| &question.options);
        options.find(|option| option.value == value).map(|option| option.words.clone())
    };
    if let Some(now) = words(by).filter(|_| by != first && by != held) {
        let href = routes::question(reference, REPORTED_BY);
        let held = words(&held).unwrap_or_else(|| NOTHING.to_owned());
        other("Who reports this", held, now, href, "Say who reports it");
    }
    let log = sent.text("incident_log");
    let logs = |report: &Report| -> Vec<String> {
        let logs = report.standing_references();
        logs.map(|log| log.reference.clone()).collect()
    };
    let held = logs(&opened.report);
    let known = held.iter().chain(&logs(&begun)).any(|known| known == log);
    if !log.is_empty() && !known {
        let href = routes::entry_new(reference, "references");
        other("Incident log", said(&held.join(", ")), log.to_owned(), href, "Add the incident log");
    }
    let at = super::new::reported_at(sent, &mut Mistakes::new());
    if let Some((at, held)) = at.zip(opened.report.reported_at).filter(|(at, held)| at != held) {
        let href = routes::addendum(reference);
        let text = "Add when it was reported: the time itself stays as it was entered first";
        other("When it was reported", time::moment(held), time::moment(at), href, text);
    }
    if opened.report.is_closed() {
        changed.only_added_to(reference);
    }
    changed
}

/// Who reports it, as the word of the answer; empty where it was not answered.
fn reporter_of(report: &Report) -> String {
    let fact = REPORTED_BY.parse();
    let value = fact.ok().and_then(|fact| report.current(&fact).value);
    let word = value.as_ref().and_then(|value| value.as_word());
    word.unwrap_or_default().to_owned()
}

fn said(text: &str) -> String {
    match text.parse::<Word>() {
        Ok(answer) => answer.says().to_owned(),
        Err(_) if text.is_empty() => NOTHING.to_owned(),
        Err(_) => text.to_owned(),
    }
}

/// The page: which report it is, and what was sent differently, with where it belongs.
pub(super) fn draw(frame: Frame, opened: &Opened, changed: Changed) -> Response {
    let mut table = Table::new("What you sent now", &["Question", "In the report", "Sent now"]);
    for (label, held, now) in changed.rows {
        let held = if changed.newer.contains(&label) { format!("{held} (entered since you started it)") } else { held };
        table.row(vec![Cell::text(label), Cell::text(held), Cell::text(now)]);
    }
    let pairs = changed.first.iter().flat_map(Form::pairs);
    let shown = Already {
        reference: opened.reference().to_owned(),
        when: opened.report.started_at.map(time::moment).unwrap_or_default(),
        danger: changed.danger,
        table,
        first: pairs.map(|(field, value)| (field.to_owned(), value.to_owned())).collect(),
        newer: !changed.newer.is_empty(),
        others: changed.others,
        frame: report_frame(frame, opened),
    };
    page(false, &shown)
}

/// A report that somebody began a moment ago.
pub(super) struct Begun {
    pub reference: String,
    pub href: String,
    /// When they began it.
    pub at: String,
}

/// Open reports that somebody began within the last half hour, up to [`POINTED_OUT`]: perhaps it is one of them that they
/// come back to.
///
/// # Errors
/// What the store says.
pub(super) async fn begun_lately(app: &App, signed: &Signed) -> Result<Vec<Begun>, Problem> {
    let now = app.now();
    let seen_by = Some(access::seen_by(signed, now));
    let mut query = WorklistQuery {
        filter: WorklistFilter { seen_by, ..WorklistFilter::default() },
        order: Order::RecentlyUpdated,
        limit: ROWS,
        ..WorklistQuery::default()
    };
    let permission = access::listed_for(signed.role);
    let mut begun: Vec<Begun> = Vec::new();
    // What was begun since then was changed since then.
    for _ in 0..PAGES {
        let found = app.store.worklist(&query).await?;
        let mut all_lately = true;
        for row in found.rows {
            all_lately &= now.duration_since(row.updated_at) < LATELY;
            let theirs = row.ties.started_by.as_ref() == Some(&signed.id);
            let is_open = row.state != Status::Closed.word();
            if all_lately && theirs && is_open && access::may_on(signed, permission, &row, now) {
                let started = load(app, &row.report_id).await?.report.started_at;
                let lately = started.filter(|at| now.duration_since(*at) < LATELY);
                begun.extend(lately.map(|at| Begun {
                    href: routes::report(&row.reference),
                    reference: row.reference,
                    at: time::hour(at),
                }));
                if begun.len() == POINTED_OUT {
                    return Ok(begun);
                }
            }
        }
        query.after = found.next.filter(|_| all_lately);
        if query.after.is_none() {
            break;
        }
    }
    Ok(begun)
}
