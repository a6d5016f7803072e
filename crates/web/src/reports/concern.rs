//! Immediate concern: raised from every page of a report, and answered later. What to do at once is told,
//! not asked.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{Command, Concern, ConcernKind, PersonId};

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, OnReport, Opened, ToDoNow, report_frame};
use crate::shared::time;
use crate::shared::ui::{Choices, SummaryList, Textarea, Why};
use crate::shared::visit::Signed;
use crate::shared::words::{cited, first_upper};

/// The field with how many answers the page showed.
const ANSWERS_SEEN: &str = "answers";
/// The value of the form that stands for nobody of the report.
const NOBODY: &str = "nobody";

#[derive(Template)]
#[template(path = "reports/concern.html")]
struct ConcernPage {
    frame: Frame,
    open: Vec<Listed>,
    /// Those of which somebody has said what came of them, the latest first.
    answered: Vec<Listed>,
    says: String,
    how: Vec<String>,
    why: Why,
    /// What has to be done at once where a question that tells of it would be answered yes.
    might: Vec<ToDoNow>,
    may_raise: bool,
    /// The form is folded where something was raised already, until it is sent.
    folded: bool,
    /// Where it is passed on, for who took the call and does not go, while nobody works on it.
    pass: Option<String>,
    next: String,
    report: String,
    kind: Choices,
    person: Choices,
    words: Textarea,
    action: Textarea,
}

/// A concern as it is listed: what it is, what is known of it, and where somebody says what came of it.
struct Listed {
    says: String,
    known: SummaryList,
    href: String,
}

fn listed(opened: &Opened, concern: &Concern) -> Listed {
    Listed {
        says: format!("{}: {}", first_upper(concern.kind.says()), concern.words),
        known: answers(known(opened, SummaryList::new(), concern), concern),
        href: routes::concern_answer(opened.reference(), concern.number),
    }
}

/// What is known of a concern: whom it is about, who raised it and when, and what was done at once.
fn known(opened: &Opened, list: SummaryList, concern: &Concern) -> SummaryList {
    let about = concern
        .person
        .as_ref()
        .map_or_else(|| "Nobody entered yet".to_owned(), |person| opened.person_name(person.as_str()));
    let action = match concern.action.as_str() {
        "" => "Not recorded",
        action => action,
    };
    list.row("About", about).row("Raised", raised(concern)).row("Done at once", action)
}

/// When it was raised, and by whom.
pub fn raised(concern: &Concern) -> String {
    format!("{} by {}", time::moment(concern.at), concern.by.name)
}

/// With everything said of what came of it, each with who said so and when.
fn answers(list: SummaryList, concern: &Concern) -> SummaryList {
    concern.answers.iter().fold(list, |list, said| {
        let when = time::moment(said.at);
        let who = format!("What came of it, by {}, {when}", said.by.name);
        list.row(who, &said.says)
    })
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let kind = ConcernKind::ALL.iter().fold(Choices::radios("kind", "What is the concern?"), |choices, kind| {
        choices.option(kind.word(), first_upper(kind.says()), "")
    });
    let person = opened
        .people()
        .fold(Choices::radios("person", "Who is it about?"), |choices, person| {
            choices.option(person.id.as_str(), person.label(), "")
        })
        .option(NOBODY, "Somebody who is not entered yet, or not known", "");
    let unanswered = opened.report.open_concerns();
    let all = opened.report.concerns.iter().rev();
    let answered = all.filter(|concern| !concern.answers.is_empty());
    let at_once = report::at_once(opened.pack());
    let mut shown = ConcernPage {
        says: at_once.map_or_else(String::new, |duty| duty.says.clone()),
        how: at_once.map(|duty| duty.how.clone()).unwrap_or_default(),
        why: Why::new(
            at_once.map_or("", |duty| &duty.title).replace("{person}", "the child"),
            cited(opened.pack(), at_once.map_or(&[][..], |duty| &duty.cites)),
        )
        .titled("Where this comes from"),
        open: unanswered.map(|concern| listed(opened, concern)).collect(),
        answered: answered.map(|concern| listed(opened, concern)).collect(),
        might: record::might_do_now(opened),
        next: routes::next_question(opened.reference()),
        report: routes::report(opened.reference()),
        may_raise: signed.may(Permission::AddToReports),
        folded: mistakes.none() && opened.report.open_concerns().next().is_some(),
        pass: (opened.report.allocation.is_none() && signed.may(Permission::PassOn) && !signed.may(Permission::Decide))
            .then(|| routes::pass(opened.reference())),
        kind: kind.sent(form, &mistakes),
        person: person.sent(form, &mistakes),
        words: Textarea::new("words", "What has been said or seen?").rows(3).sent(form, &mistakes),
        action: Textarea::new("action", "What have you done at once?")
            .hint("Leave empty if you are about to. You will be asked what came of it.")
            .rows(3)
            .sent(form, &mistakes),
        frame: report_frame(frame, opened),
    };
    // Acting comes first; whether somebody was in an earlier report can wait, and is offered on the page of who is involved.
    shown.frame.offer = None;
    page(!mistakes.none(), &shown)
}

/// What to do at once, and the form.
pub async fn show(OnReport { frame, signed, opened, .. }: OnReport) -> Answer {
    Ok(draw(frame, &signed, &opened, &Form::default()))
}

/// Raises it, and shows the report, where it now stands first.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let kind =
        mistakes.choice(&form, "kind", "Select what the concern is about", |sent| sent.parse::<ConcernKind>().ok());
    let person =
        mistakes.choice(&form, "person", "Select who it is about, or that it is not known", |sent| match sent {
            NOBODY => Some(None),
            id => id.parse::<PersonId>().ok().map(Some),
        });
    let words = mistakes.long_text(&form, "words", "Say in a few words what the concern is");
    let action = mistakes.optional_text(&form, "action");
    let (Some(kind), Some(person), true) = (kind, person, mistakes.none()) else {
        return Ok(draw(frame.with(mistakes), &signed, &opened, &form));
    };
    let shown = opened.clone();
    let command = Command::RaiseConcern { kind, person, words, action };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => {
            let said = match shown.report.is_closed() {
                true => "reopened",
                false => "raised",
            };
            go(&format!("{}?{said}=yes", routes::report(&reference)))
        }
        Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &signed, &shown, &form)),
    }
}

#[derive(Template)]
#[template(path = "reports/concern_answer.html")]
struct AnswerPage {
    frame: Frame,
    concern: SummaryList,
    /// Somebody said already what came of it.
    is_answered: bool,
    /// How many answers the page shows.
    seen: usize,
    back: String,
    answer: Textarea,
}

fn draw_answer(frame: Frame, opened: &Opened, number: u32, form: &Form) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let concern = opened.report.concerns.iter().find(|c| c.number == number).ok_or(Problem::NotFound)?;
    let kind = first_upper(concern.kind.says());
    let what = SummaryList::new().row("Concern", kind);
    let known = known(opened, what.row("In words", &concern.words), concern);
    let known = match concern.answers.as_slice() {
        [] => known.row("What came of it", "Not recorded yet"),
        _ => answers(known, concern),
    };
    let is_answered = !concern.answers.is_empty();
    let (asks, hint) = match is_answered {
        true => ("What else was done, and what came of it?", "It is kept beside what is there already."),
        false => ("What was done, and what came of it?", "Who was told and when, and how they are now."),
    };
    let shown = AnswerPage {
        concern: known,
        is_answered,
        seen: concern.answers.len(),
        back: routes::report(opened.reference()),
        answer: Textarea::new("answer", asks).hint(hint).sent(form, &mistakes),
        frame: report_frame(frame, opened),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// A concern, and the form to say what came of it.
pub async fn show_answer(OnReport { frame, opened, .. }: OnReport, Path((_, number)): Path<(String, u32)>) -> Answer {
    draw_answer(frame, &opened, number, &Form::default())
}

/// Somebody else said what came of it after this page was shown: it is read first, and what was written here is still in its field.
fn answered_meanwhile(opened: &Opened, number: u32, form: &Form) -> Option<String> {
    let seen: usize = form.text(ANSWERS_SEEN).parse().ok()?;
    let mut concerns = opened.report.concerns.iter();
    let answers = &concerns.find(|concern| concern.number == number)?.answers;
    let theirs = answers.get(seen..)?.last()?;
    // Sent twice, it is there once.
    let is_own = theirs.says == form.text("answer").trim();
    (!is_own).then(|| {
        format!(
            "{} said what came of it after you opened this page. Read that above. What you wrote is still here: save it if it adds something",
            theirs.by.name
        )
    })
}

/// Keeps what came of it.
pub async fn answer(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, number)): Path<(String, u32)>,
    form: Form,
) -> Answer {
    let answer = form.text("answer").to_owned();
    if let Some(says) = answered_meanwhile(&opened, number, &form) {
        let mut mistakes = Mistakes::new();
        mistakes.add("answer", says);
        return draw_answer(frame.with(mistakes), &opened, number, &form);
    }
    let shown = opened.clone();
    let command = Command::AnswerConcern { number, answer };
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => go(&format!("{}?answered=yes", routes::report(&reference))),
        Err(acted) => draw_answer(frame.with(acted.mistakes()?), &shown, number, &form),
    }
}
