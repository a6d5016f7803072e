//! Deciding one outcome: for the report, for children, or both. A line of reason where the advice has it
//! open and it stays with nobody; else the full record.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::{Command, DecideOutcome, DraftOf, Ndm, PersonId, Task, TaskState, is_after_outcome};

use super::lines::children;
use super::{Card, Line};
use crate::routes;
use crate::shared::app::App;
use crate::shared::crimes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::drafts::{self, DraftNote};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::{Choices, Textarea};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "outcomes/decide.html")]
struct Decide {
    frame: Frame,
    action: String,
    card: Card,
    /// What else is open before the outcome and not among what this outcome waits for, "must" duties too: title and address.
    open: Vec<(String, String)>,
    /// For whom no crime is recorded, where this outcome says that there was one.
    without_crime: Vec<String>,
    /// Where a crime is recorded.
    crime: Option<String>,
    draft: DraftNote,
    whom: Choices,
    reason: Textarea,
    full: Vec<Textarea>,
}

/// The page.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, code)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let card = Card::of(&opened, &code, true).ok_or(Problem::NotFound)?;
    Ok(draw(frame, &opened, card, None))
}

fn draw(frame: Frame, opened: &Opened, card: Card, sent: Option<&Form>) -> Response {
    let mistakes = frame.mistakes.clone();
    let of = DraftOf::Outcome(card.code.clone());
    let begun = opened.report.draft(&of).map(drafts::form).unwrap_or_default();
    let form = sent.unwrap_or(&begun);
    let departs = card.lines.iter().any(Line::departs);
    let steps = [
        ("information", "What you know, and from where", ""),
        (
            "threat_and_risk",
            "Threat and risk",
            "Who may come to harm, and how; for the child too, from a record of this outcome",
        ),
        ("powers_and_policy", "Powers and policy", ""),
        ("options", "The options you considered", ""),
        ("action_and_review", "What you do, and when you look at it again", ""),
    ];
    let full = if departs || card.intrusive { &steps[..] } else { &[] };
    let hint = match card.intrusive {
        true => "With how you know what you had to make sure of yourself",
        false => "A line is enough where the outcome is open: with how you know what you had to make sure of yourself",
    };
    let shown = Decide {
        action: routes::outcome(opened.reference(), &card.code),
        draft: DraftNote::of(opened, &of, sent, drafts::plain_label),
        open: also_open(opened, &card),
        without_crime: without_crime(opened, &card),
        crime: crimes::task(opened),
        whom: whom(opened, &card).sent(form, &mistakes),
        reason: Textarea::new("reason", "Why this outcome").hint(hint).rows(3).sent(form, &mistakes),
        full: full
            .iter()
            .map(|(name, label, hint)| Textarea::new(*name, *label).hint(*hint).rows(3).sent(form, &mistakes))
            .collect(),
        frame: report_frame(frame, opened).back_to(routes::outcomes(opened.reference())),
        card,
    };
    page(!mistakes.none(), &shown)
}

/// What comes before the outcome, is open and is not among what this one waits for.
fn also_open(opened: &Opened, card: &Card) -> Vec<(String, String)> {
    let tasks = opened.view.tasks.iter().filter(|task| {
        matches!(task.state, TaskState::Due | TaskState::PartDone)
            && task.evidence != "review"
            && !is_after_outcome(&task.duty.due)
    });
    let line = |task: &Task| {
        let place = routes::task(opened.reference(), task.id.as_str());
        (task.title.clone(), place)
    };
    let needed = |line: &(String, String)| card.lines.iter().any(|of| of.needs.iter().any(|need| need.1 == line.1));
    tasks.map(line).filter(|line| !needed(line)).collect()
}

/// Names of those it can be decided for and for whom no crime is recorded, where it says that somebody committed one.
fn without_crime(opened: &Opened, card: &Card) -> Vec<String> {
    if !crimes::is_named_by(opened, &card.code) {
        return Vec::new();
    }
    let offered = card.lines.iter().filter(|line| !line.never);
    let people = offered.flat_map(|line| &line.values).filter(|value| *value != "report");
    let without = crimes::without(opened, people.cloned());
    without.iter().map(|id| opened.person_name(id)).collect()
}

/// What it can be decided for: the report, and whomever the advice answers it for. Nothing is chosen beforehand.
fn whom(opened: &Opened, card: &Card) -> Choices {
    let line = |value: &str| {
        let is_of = |line: &&Line| line.values.iter().any(|of| of == value);
        card.lines.iter().find(is_of)
    };
    let state = |value: &str| line(value).map_or("", Line::state_words);
    let offered = |value: &str| line(value).is_some_and(|line| !line.never);
    let mut choices = Choices::checkboxes("for", "What is it decided for?")
        .hint("Select all that apply. Each child is looked at one by one");
    if line("report").is_none() || offered("report") {
        choices = choices.option("report", "The report as a whole", state("report"));
    }
    children(opened).into_iter().filter(|(id, _)| offered(id)).fold(choices, |choices, (id, name)| {
        let hint = state(&id);
        choices.option(id, name, hint)
    })
}

/// Records it.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, code)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let card = Card::of(&opened, &code, true).ok_or(Problem::NotFound)?;
    let mut mistakes = Mistakes::new();
    let of = DraftOf::Outcome(code.clone());
    if let Some(aside) = drafts::command(&of, &form) {
        return put_aside(&app, frame, &signed, &opened, (card, &form), aside).await;
    }
    if let Some(says) = drafts::overtaken(&opened, &of, &form) {
        mistakes.add("main-content", says);
        return Ok(draw(frame.with(mistakes), &opened, card, Some(&form)));
    }
    let command = Command::DecideOutcome(DecideOutcome {
        code,
        report: form.all("for").iter().any(|sent| sent == "report"),
        persons: persons(&form, &mut mistakes),
        reason: form.text("reason").to_owned(),
        ndm: ndm(&form),
    });
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return Ok(draw(frame.with(mistakes), &opened, card, Some(&form)));
    }
    match record::act(&app, &signed, opened.clone(), command, &form.digest()).await {
        Ok(_) => go(&format!("{}?decided=yes", routes::outcomes(&reference))),
        Err(acted) => {
            let frame = frame.with(acted.mistakes()?);
            Ok(draw(frame, &opened, card, Some(&form)))
        }
    }
}

/// Puts the page aside, or throws away what was put aside.
async fn put_aside(
    app: &App,
    frame: Frame,
    signed: &Signed,
    opened: &Opened,
    (card, form): (Card, &Form),
    command: Command,
) -> Answer {
    match record::act(app, signed, opened.clone(), command, &form.digest()).await {
        Ok(after) => go(&format!("{}?later=yes", routes::outcomes(after.reference()))),
        Err(acted) => {
            let now = record::load(app, &opened.stream).await?;
            Ok(draw(frame.with(acted.mistakes()?), &now, card, Some(form)))
        }
    }
}

fn persons(form: &Form, mistakes: &mut Mistakes) -> Vec<PersonId> {
    let mut persons = Vec::new();
    for sent in form.all("for").iter().filter(|sent| *sent != "report") {
        match sent.parse() {
            Ok(person) => persons.push(person),
            Err(_) => mistakes.add("for", "Select who it is for from the list"),
        }
    }
    persons
}

fn ndm(form: &Form) -> Ndm {
    let text = |name: &str| form.text(name).to_owned();
    Ndm {
        information: text("information"),
        threat_and_risk: text("threat_and_risk"),
        powers_and_policy: text("powers_and_policy"),
        options: text("options"),
        action_and_review: text("action_and_review"),
    }
}

#[cfg(test)]
mod tests {
    use crate::routes;
    use crate::shared::access::Role;
    use crate::tests::desk::{Desk, FULL};
    use crate::tests::record::actor;
    use crate::tests::{PASSWORD, Site};

    #[tokio::test]
    async fn a_charge_takes_the_full_record_though_it_is_open() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        let facts = ["person.B.extorted=yes", "report.sufficient_evidence=yes"];
        desk.facts(&facts).await;
        desk.do_everything().await;
        let mut officer = site.browser();
        officer.sign_in("olive", PASSWORD).await;
        let page = routes::outcome(&desk.reference, "1");
        officer.get(&page).await.is(200).says(">Open</strong>").says("this outcome stays with somebody");
        let short = [("for", "report"), ("for", "B"), ("reason", "blackmail")];
        officer
            .post(&page, &short)
            .await
            .is(422)
            .says("stays with somebody, so it needs the full record")
            .says("blackmail</textarea>");
        let full: Vec<_> = short.into_iter().chain(FULL).collect();
        officer.post(&page, &full).await.is(303);
    }

    #[tokio::test]
    async fn what_a_supervisor_asked_for_takes_a_line_and_nobody_is_told_before_they_agree() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        let sam = actor(&site, Role::Supervisor, "sam").await;
        desk.do_everything().await;
        let (mut officer, mut supervisor) = (site.browser(), site.browser());
        officer.sign_in("olive", PASSWORD).await;
        supervisor.sign_in("sam", PASSWORD).await;
        let page = |code| routes::outcome(&desk.reference, code);
        let whom = [("for", "report"), ("for", "A"), ("for", "B")];
        let against: Vec<_> = whom.into_iter().chain([("reason", "no interest")]).chain(FULL).collect();
        officer.get(&page("22")).await.is(200);
        officer.post(&page("22"), &against).await.is(303);
        let explain = routes::task(&desk.reference, "outcome-explained:A");
        officer
            .get(&explain)
            .await
            .is(200)
            .says("A supervisor has to agree to the outcome before anybody is told of it")
            .says("Once a supervisor has agreed")
            .says(&routes::ask_for_review(&desk.reference));
        let review = routes::review(&desk.reference);
        let seen = supervisor.get(&review).await.hidden("seen");
        let back = [("verdict", "send-back"), ("reasons", "why not 21?"), ("seen", &seen)];
        supervisor.post(&review, &back).await.is(303);
        officer.get(&page("21")).await.is(200).does_not_say("Where this departs from the advice");
        let follows: Vec<_> = whom.into_iter().chain([("reason", "as was asked")]).collect();
        officer.post(&page("21"), &follows).await.is(303);
        officer.get(&explain).await.says("A supervisor has to agree to the outcome");
        desk.agreed(&sam).await;
        officer
            .get(&explain)
            .await
            .does_not_say("A supervisor has to agree to the outcome")
            .says("Who was told, or will be told?");
    }
}
