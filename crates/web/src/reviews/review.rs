//! A supervisor's review: everything on one page, then agree or send back. Never of one's own.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use guidance::advice::Because;
use report::{ANSWERED_IT_THEMSELVES, Command, Refusal, Verdict};

use super::advised::{DONE, Group, people, tasks};
use super::answers::{Section, Shown, sections};
use super::check::set_aside;
use super::decisions::{self, Decided};
use super::ending::{self, Ending};
use super::{then, verdicts};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::crimes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::overtaken::{Overtaken, overtaken};
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Acted, Opened, grounds_with_why, report_frame};
use crate::shared::ui::{Choices, Table, Textarea, Timeline, Why};
use crate::shared::visit::Signed;
use crate::shared::would_change::would_change;

#[derive(Template)]
#[template(path = "reviews/review.html")]
struct Review {
    frame: Frame,
    reference: String,
    stands: &'static str,
    /// Outcomes that no longer stand as they were decided.
    overtaken: Vec<Overtaken>,
    /// For whom an outcome says that there was a crime, and none is recorded.
    lacking: Vec<String>,
    /// Where a crime is recorded.
    crime: Option<String>,
    /// Each crime that is recorded, and for whom.
    crimes: Vec<String>,
    /// What the review was asked for, and by when.
    note: Vec<String>,
    /// To be ended without an outcome.
    ending: Option<Ending>,
    /// What was entered since a supervisor agreed, where that no longer counts.
    since: Vec<String>,
    class: &'static str,
    colour: &'static str,
    grounds: Vec<(String, Why)>,
    people: Table,
    decisions: Vec<Decided>,
    asked: Vec<Group>,
    all_done: bool,
    missing: Vec<String>,
    contradictions: Vec<String>,
    sections: Vec<Section>,
    set_aside: Vec<(String, String)>,
    would_change: Vec<(String, Vec<String>)>,
    given: Option<Timeline>,
    /// They had a hand in it, so that somebody else reviews it.
    own: Option<Own>,
    form: Option<(Choices, Textarea)>,
    /// What the page shows, by its digest and its version: a review is of that and of nothing later.
    seen: (String, u64),
    /// What was entered while the page that was sent was open.
    meanwhile: Vec<String>,
    may_ask: bool,
    /// A supervisor agrees to it as it is now.
    agreed: bool,
}

/// Why whoever reads may not review it.
struct Own {
    why: &'static str,
    /// What they answered themselves.
    answers: Vec<String>,
}

/// The page. Whoever may not review reads the same, without the form and without what would change the advice.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let query = Form::from_pairs(query);
    if let Ok(version) = query.text("advised").parse() {
        return then::draw(frame, &opened, version);
    }
    let said = query.text("said").parse::<Verdict>();
    let frame = match said {
        Ok(Verdict::Agree) if opened.report.ended().is_some() => {
            frame.done("You agreed. The report is closed without an outcome")
        }
        Ok(Verdict::Agree) => frame.done("You agreed to the record as it is now"),
        Ok(Verdict::SendBack) => frame.done("Sent back. Its officer reads your reasons first"),
        Err(_) => frame,
    };
    let ending = ending::asked(&app, &signed, &opened).await?;
    Ok(draw(frame, (&opened, ending), &signed, &Form::default()))
}

fn draw(frame: Frame, (opened, ending): (&Opened, Option<Ending>), signed: &Signed, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let advice = opened.advice();
    let closed = opened.report.is_closed();
    let (asks, agrees) = match opened.report.asked_to_end() {
        Some(_) => ("Do you agree to end this report?", "It should not go on: close it without an outcome"),
        None => ("Do you agree with the record?", "The record as it is now is complete, fair and proportionate"),
    };
    let verdict = Choices::radios("verdict", asks)
        .option("agree", "Agree", agrees)
        .option("send-back", "Send back", "Something has to be done first")
        .sent(form, &mistakes);
    let reasons = Textarea::new("reasons", "Why")
        .hint("Why you agree, or what has to be done before you can")
        .sent(form, &mistakes);
    let would_change = if signed.may(Permission::SeeWhatWouldChange) {
        would_change(advice, |fact, value| opened.because_words(&Because { fact: fact.into(), value: value.clone() }))
    } else {
        Vec::new()
    };
    let asked = tasks(opened);
    let reviews = signed.may(Permission::Review) && !closed;
    let who = signed.actor().map(|actor| actor.id);
    let own = who.ok().filter(|_| reviews);
    let own = own.and_then(|who| Some((opened.report.no_review_by(advice, &who)?, who)));
    let own = own.map(|(why, who)| Own {
        why,
        answers: match why {
            ANSWERED_IT_THEMSELVES => opened.report.answers_to_review_of(advice, &who),
            _ => Vec::new(),
        }
        .iter()
        .map(|fact| opened.question_words(fact))
        .collect(),
    });
    let shown = Review {
        reference: opened.reference().to_owned(),
        stands: verdicts::stands(opened),
        overtaken: overtaken(opened),
        lacking: crimes::lacking(opened),
        crime: crimes::task(opened),
        crimes: crimes::lines(opened),
        note: opened.asked_for_review(),
        ending,
        since: verdicts::since(opened),
        class: opened.class_words(),
        colour: opened.class_colour(),
        grounds: grounds_with_why(opened),
        people: people(opened),
        decisions: decisions::all(opened),
        all_done: asked.iter().all(|group| group.title == DONE),
        asked,
        missing: opened.view.missing.iter().map(|missing| missing.says.clone()).collect(),
        contradictions: advice.contradictions.iter().map(|c| c.says.clone()).collect(),
        sections: sections(opened, Shown::ToRead),
        set_aside: set_aside(opened),
        would_change,
        given: verdicts::given(opened),
        form: (reviews && own.is_none()).then_some((verdict, reasons)),
        own,
        seen: (opened.report.review_matter(opened.pack()), opened.version),
        meanwhile: meanwhile(opened, form),
        agreed: opened.report.is_agreed(opened.pack()),
        may_ask: signed.may(Permission::AddToReports) && !closed,
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// What was entered since the page was shown that this form was sent from; nothing where that is no part of a review.
fn meanwhile(opened: &Opened, form: &Form) -> Vec<String> {
    let version = form.text("version").parse::<u64>();
    match version {
        Ok(version) if form.text("seen") != opened.report.review_matter(opened.pack()) => {
            verdicts::entered_after(opened, version)
        }
        _ => Vec::new(),
    }
}

/// Records what the supervisor says.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(reference): Path<String>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let ending = ending::asked(&app, &signed, &opened).await?;
    let mut mistakes = Mistakes::new();
    let missing = "Select whether you agree or send it back";
    let verdict = mistakes.choice(&form, "verdict", missing, |sent| sent.parse::<Verdict>().ok());
    let Some(verdict) = verdict else {
        mistakes.long_text(&form, "reasons", "Say why");
        return Ok(draw(frame.with(mistakes), (&opened, ending), &signed, &form));
    };
    let command =
        Command::Review { verdict, reasons: form.text("reasons").to_owned(), seen: form.text("seen").to_owned() };
    let others = ending.iter().flat_map(|ending| &ending.others);
    let mut stops = others.map(|other| other.stops.as_str());
    if let (Verdict::Agree, Some(stops)) = (verdict, stops.find(|stops| !stops.is_empty())) {
        mistakes.add("verdict", stops);
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return Ok(draw(frame.with(mistakes), (&opened, ending), &signed, &form));
    }
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&format!("{}?said={}", routes::review(&reference), verdict.word())),
        Err(Acted::Refused(Refusal::NotAllowed { says })) => Err(Problem::NotAllowed(format!("{says}."))),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, (&opened, ending), &signed, &form))
        }
    }
}
