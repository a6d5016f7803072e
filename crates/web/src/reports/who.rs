//! Who it was: asked of each person after a yes or "not known yet" for everybody.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use guidance::Value;
use guidance::words::Question;
use jiff::civil::Date;
use report::{Command, Conflict, NOT_KNOWN, SaidBy, StateFact};

use super::anybody::{fact, mark};
use super::question::{needs_words, next_address};
use super::source::{self, Source};
use super::{about_anybody, changed, fact_name, people_asked};
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::known::SAID_YES;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::seen::CHANGED_LINE;
use crate::shared::record::{self, Acted, OnReport, Opened, report_frame, seen};
use crate::shared::time;
use crate::shared::ui::{Choices, Textarea, Why};
use crate::shared::words::cited;

#[derive(Template)]
#[template(path = "reports/who.html")]
struct Who {
    frame: Frame,
    title: String,
    hint: String,
    said: &'static str,
    people: Vec<(Choices, String, String)>,
    words: Option<Textarea>,
    source: Source,
    why: Why,
    ask: String,
    add: String,
    skip: String,
}

/// What is to be asked of whom: the question at the head of the list, what was said of anybody, and the rest.
fn head<'a>(opened: &'a Opened, ask: &str) -> Option<(&'a Question, bool, String)> {
    let (first, rest) = ask.split_once(',').unwrap_or((ask, ""));
    let (name, said) = first.split_once(':')?;
    let question = about_anybody(opened).find(|question| fact_name(question) == name)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | ',');
    Some((question, said == "yes", rest.chars().filter(|c| plain(*c)).collect()))
}

/// The page; where it is shown again because a colleague was quicker, with the marks of the answers that it then shows.
fn draw(
    frame: Frame,
    opened: &Opened,
    ask: &str,
    sent: Option<&Form>,
    conflicts: &[Conflict],
) -> Result<Response, Problem> {
    let (question, yes, _) = head(opened, ask).ok_or(Problem::NotFound)?;
    let mistakes = frame.mistakes.clone();
    let people = people_asked(opened).into_iter().filter_map(|person| {
        let fact = fact(person, question)?;
        let current = opened.report.current(&fact);
        let label = opened.question_words(&fact);
        let choices = Choices::radios(fact.as_str(), label).yes_no_not_known().inline().small();
        let before = current
            .value
            .as_ref()
            .and_then(|value| value.as_word().map(str::to_owned))
            // After a yes nobody has said yet that it is not known of this one.
            .filter(|word| !(yes && word == NOT_KNOWN));
        let name = mark(&fact);
        // Somebody who was added after the page was shown is on it for the first time.
        let sent = sent.filter(|form| form.has(&name));
        let choices = match sent {
            Some(form) => choices.sent(form, &mistakes),
            None => choices.chosen(before.as_deref().unwrap_or_default()),
        };
        let is_shown = conflicts.iter().any(|conflict| conflict.fact == fact);
        let seen = match sent.filter(|_| !is_shown) {
            Some(form) => form.text(&name).to_owned(),
            None => current.seen().to_string(),
        };
        Some((choices, name, seen))
    });
    let empty = Form::default();
    let words = Textarea::new("words", "What was it?").rows(3).sent(sent.unwrap_or(&empty), &mistakes);
    let shown = Who {
        title: question.anybody.clone(),
        hint: question.hint.clone(),
        said: if yes {
            "You said yes. Who was it?"
        } else {
            "You said that it is not known yet. What is known of each?"
        },
        people: people.collect(),
        words: needs_words(question).then_some(words),
        source: Source::new(opened, sent.unwrap_or(&empty), &mistakes, false),
        why: Why::new(&question.why, cited(opened.pack(), &question.cites)),
        ask: ask.to_owned(),
        add: routes::entry_new(opened.reference(), "people"),
        skip: routes::report(opened.reference()),
        frame: report_frame(frame, opened).telling().back_to(routes::anybody(opened.reference())),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Asks who.
pub async fn show(OnReport { frame, opened, .. }: OnReport, InAddress(query): InAddress) -> Answer {
    draw(frame, &opened, query.text("ask"), None, &[])
}

fn read(
    opened: &Opened,
    question: &Question,
    yes: bool,
    form: &Form,
    mistakes: &mut Mistakes,
    today: Date,
) -> Vec<StateFact> {
    let mut stated = Vec::new();
    let words = mistakes.optional_text(form, "words");
    let happened_on = source::read_happened_on(form, mistakes, today);
    let said_by = source::read_said_by(form, mistakes);
    for person in people_asked(opened) {
        let Some(fact) = fact(person, question) else {
            continue;
        };
        let missing = format!("Select an answer for {}", person.label());
        let offered = |sent: &str| matches!(sent, "yes" | "no" | NOT_KNOWN).then(|| Value::word(sent));
        if let Some(value) = mistakes.choice(form, fact.as_str(), &missing, offered) {
            let is_yes = value.as_word() == Some("yes");
            let seen = seen::mark(form, &mark(&fact));
            let note = if is_yes { words.clone() } else { String::new() };
            stated.push(StateFact {
                fact,
                value,
                // Whoever told of it told of a yes. What they did not say of others is not put in their mouth.
                said_by: if is_yes { said_by.clone() } else { SaidBy::Police },
                happened_on: happened_on.filter(|_| is_yes),
                note,
                seen,
            });
        }
    }
    let any = |word: &str| stated.iter().any(|fact| fact.value.as_word() == Some(word));
    let awaits_who = yes && !any("yes");
    if mistakes.none() && yes && !any("yes") && !any(NOT_KNOWN) {
        let field = stated.first().map(|fact| fact.fact.to_string()).unwrap_or_default();
        mistakes.add(&field, "You said that somebody did. Select yes or not known for at least one person, or go back and change the answer to whether anybody did");
    }
    if needs_words(question) && any("yes") && words.is_empty() {
        mistakes.add("words", "Say in words what it was");
    }
    // Somebody did, whoever it was: that is not lost where nobody knows who.
    for fact in stated.iter_mut().filter(|fact| awaits_who && fact.value.as_word() == Some(NOT_KNOWN)) {
        SAID_YES.clone_into(&mut fact.note);
    }
    stated
}

/// Keeps who, and goes on to the next of the list.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let ask = form.text("ask");
    let (question, yes, rest) = head(&opened, ask).ok_or(Problem::Malformed)?;
    let mut mistakes = Mistakes::new();
    let today = time::today(app.now());
    let stated = read(&opened, question, yes, &form, &mut mistakes, today);
    if !mistakes.none() {
        return draw(frame.with(mistakes), &opened, ask, Some(&form), &[]);
    }
    let shown = opened.clone();
    match record::act(&app, &signed, opened, Command::StateFacts(stated), &form.digest()).await {
        Ok(_) if !rest.is_empty() => go(&routes::who(&reference, &rest)),
        Ok(after) => changed::on(&after, shown.version, &next_address(&after)),
        Err(Acted::Conflict(conflicts)) => {
            let now = record::load(&app, &shown.stream).await?;
            let drawn = draw(differs(frame, &now, &conflicts), &now, ask, Some(&form), &conflicts)?;
            Ok((StatusCode::CONFLICT, drawn).into_response())
        }
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            draw(frame, &shown, ask, Some(&form), &[])
        }
    }
}

/// Somebody answered of one of them meanwhile: both answers, above the page as it was sent. To save it once more is then a
/// decision, and what is still to ask after it is asked.
fn differs(mut frame: Frame, now: &Opened, conflicts: &[Conflict]) -> Frame {
    let mut mistakes = Mistakes::new();
    for conflict in conflicts {
        let label = now.question_words(&conflict.fact);
        let says = format!("\u{201c}{label}\u{201d} {CHANGED_LINE}");
        mistakes.add(conflict.fact.as_str(), says);
        let answers = record::both_answers(now, conflict, "");
        frame.both.push((label, answers));
    }
    frame.with(mistakes)
}
