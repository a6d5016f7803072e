//! The first questions of every report: is the child safe now, and who reports it. Asked when a report is
//! begun, and again whenever that changes.

use askama::Template;
use axum::response::Response;
use guidance::Pack;
use report::{Answer as Word, Command, EventBody, Report, Reporter, Safety};

use super::filled;
use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, go, page};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, OnReport, Opened, report_frame};
use crate::shared::ui::{Asks, Choices, Input, Textarea, Why};
use crate::shared::words::cited;

/// What the guidance asks of whoever hears of it first: looking how each child is, and acting at once where one may come to harm.
fn why(pack: &Pack) -> Option<Why> {
    let welfare = pack.duties().iter().find(|duty| duty.evidence == "welfare");
    let duties: Vec<_> = welfare.into_iter().chain(report::at_once(pack)).collect();
    let says: Vec<&str> = duties.iter().map(|duty| duty.says.as_str()).collect();
    let mut cites: Vec<String> = duties.iter().flat_map(|duty| duty.cites.to_vec()).collect();
    cites.sort();
    cites.dedup();
    (!says.is_empty()).then(|| Why::new(says.join(" "), cited(pack, &cites)))
}

/// The fields of the first questions, in the order they are asked.
pub struct Fields {
    /// Is anybody in immediate danger?
    pub in_danger: Choices,
    /// What the danger is.
    pub danger: Textarea,
    /// What was done at once.
    pub done_at_once: Textarea,
    /// Why this is asked before anything else.
    pub why: Option<Why>,
    /// Where the child is.
    pub child_where: Input,
    /// A number on which it is safe to call back: first of what is lost when the line drops.
    pub safe_number: Input,
    /// Can they talk safely?
    pub safe_to_talk: Choices,
    /// Who is with them.
    pub with_whom: Input,
    /// When and how.
    pub when_safe: Input,
    /// Who reports it.
    pub name: Input,
    /// Relation to the child.
    pub relation: Input,
    /// School, agency or platform.
    pub organisation: Input,
}

impl Fields {
    /// With what was sent.
    pub fn new(pack: &Pack, form: &Form, mistakes: &Mistakes) -> Self {
        let line = |name: &str, label: &str, hint: &str| Input::new(name, label).hint(hint).sent(form, mistakes);
        let words =
            |name: &str, label: &str, hint: &str| Textarea::new(name, label).hint(hint).rows(3).sent(form, mistakes);
        let answer = |name: &str, label: &str, hint: &str| {
            Choices::radios(name, label).hint(hint).yes_no_not_known().inline().sent(form, mistakes)
        };
        Self {
            in_danger: answer(
                "in_danger",
                "Is anybody in immediate danger?",
                "A life at risk, somebody about to be hurt, a child missing tonight.",
            ),
            danger: words("danger", "If so, what is the danger?", ""),
            done_at_once: words(
                "done_at_once",
                "What was done at once, if anything",
                "Such as: units sent, ambulance called.",
            ),
            why: why(pack),
            child_where: line("child_where", "Where is the child now?", "Leave empty if nobody can say."),
            safe_to_talk: answer(
                "safe_to_talk",
                "Is it safe for them to talk?",
                "Where nobody who may be a danger to them can hear or read along.",
            ),
            with_whom: line("with_whom", "Who is with them?", ""),
            safe_number: line(
                "safe_number",
                "A safe number to call back",
                "Of whoever reports it, or of the child: add whose it is, such as: mother\u{2019}s mobile.",
            ),
            when_safe: line(
                "when_safe",
                "When and how is it safe to call?",
                "Such as: after school, ask for the form tutor, leave no message.",
            ),
            name: line("reporter_name", "Name of the person reporting", ""),
            relation: line("reporter_relation", "Who they are to the child, or their post", ""),
            organisation: line("reporter_organisation", "School, agency or platform", "If they report for one."),
        }
    }

    /// All of them, in their order.
    fn all(&self) -> [&dyn Asks; 11] {
        [
            &self.in_danger,
            &self.danger,
            &self.done_at_once,
            &self.child_where,
            &self.safe_number,
            &self.safe_to_talk,
            &self.with_whom,
            &self.when_safe,
            &self.name,
            &self.relation,
            &self.organisation,
        ]
    }
}

/// What is read as one: a number that was put right by one officer and a time by another may belong to two people, and to call then
/// is a danger.
const TOGETHER: &[&[&str]] = &[
    &["in_danger", "danger", "done_at_once"],
    &["child_where", "safe_to_talk", "with_whom", "safe_number", "when_safe"],
    &["reporter_name", "reporter_relation", "reporter_organisation"],
];

fn word(form: &Form, name: &str) -> Option<Word> {
    form.text(name).parse().ok()
}

/// What was sent about safety.
pub fn read_safety(form: &Form) -> Safety {
    Safety {
        child_where: form.text("child_where").to_owned(),
        safe_to_talk: word(form, "safe_to_talk"),
        with_whom: form.text("with_whom").to_owned(),
        in_danger: word(form, "in_danger"),
        danger: form.text("danger").to_owned(),
        done_at_once: form.text("done_at_once").to_owned(),
    }
}

/// What was sent about whoever reports it.
pub fn read_reporter(form: &Form) -> Reporter {
    Reporter {
        name: form.text("reporter_name").to_owned(),
        relation: form.text("reporter_relation").to_owned(),
        organisation: form.text("reporter_organisation").to_owned(),
        safe_number: form.text("safe_number").to_owned(),
        when_safe: form.text("when_safe").to_owned(),
        person: None,
    }
}

/// What the report has.
pub(super) fn kept(report: &Report) -> Form {
    let mut pairs = safety_pairs(&report.safety).to_vec();
    pairs.extend(reporter_pairs(&report.reporter));
    filled(&pairs)
}

fn safety_pairs(safety: &Safety) -> [(&str, &str); 6] {
    let answer = |word: Option<Word>| word.map_or("", Word::word);
    [
        ("in_danger", answer(safety.in_danger)),
        ("danger", &safety.danger),
        ("done_at_once", &safety.done_at_once),
        ("child_where", &safety.child_where),
        ("safe_to_talk", answer(safety.safe_to_talk)),
        ("with_whom", &safety.with_whom),
    ]
}

fn reporter_pairs(reporter: &Reporter) -> [(&str, &str); 5] {
    [
        ("safe_number", &reporter.safe_number),
        ("when_safe", &reporter.when_safe),
        ("reporter_name", &reporter.name),
        ("reporter_relation", &reporter.relation),
        ("reporter_organisation", &reporter.organisation),
    ]
}

/// Which of the fields an event states.
fn states(body: &EventBody) -> Option<Form> {
    match body {
        EventBody::SafetyStated { safety } => Some(filled(&safety_pairs(safety))),
        EventBody::ReporterStated { reporter } => Some(filled(&reporter_pairs(reporter))),
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "reports/safety.html")]
struct SafetyPage {
    frame: Frame,
    seen: String,
    fields: Fields,
}

fn draw(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let fields = Fields::new(opened.pack(), form, &mistakes);
    let shown = SafetyPage { seen: form.text(SEEN).to_owned(), fields, frame: report_frame(frame, opened) };
    page(!mistakes.none(), &shown)
}

/// The first questions with what was answered.
pub async fn show(OnReport { frame, opened, .. }: OnReport) -> Answer {
    let form = seen::marked(kept(&opened.report), &opened);
    Ok(draw(frame, &opened, &form))
}

/// Keeps what changed.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let person = opened.report.reporter.person.clone();
    let safety = |form: &Form| Command::StateSafety(read_safety(form));
    let reporter = |form: &Form| Command::StateReporter(Reporter { person: person.clone(), ..read_reporter(form) });
    // What is wrong with either half is told before any of it is kept, or the page would hold an answer that it does not show.
    let mut mistakes = Mistakes::new();
    for half in [safety(&form), reporter(&form)] {
        record::also_wrong(&app, &signed, &opened.report, half, &mut mistakes)?;
    }
    if !mistakes.none() {
        return Ok(draw(frame.with(mistakes), &opened, &form));
    }
    let edit = Edit { states, together: TOGETHER };
    let (before, key) = (opened.version, form.digest());
    let first = format!("{key}-safety");
    // Whoever is refused is shown what is recorded by then, the first half of their own page included.
    let (mut shown, mut form) = (opened.clone(), form);
    let done = match seen::edit(&app, &signed, opened, &form, &edit, &first, safety).await {
        Ok(half) => {
            let done = seen::edit(&app, &signed, half.clone(), &form, &edit, &key, reporter).await;
            if done.is_err() {
                form = seen::marked(form, &half);
                shown = half;
            }
            done
        }
        refused => refused,
    };
    match done {
        Ok(after) => {
            let next = routes::report(&reference);
            go(&record::offering(&next, &after, before))
        }
        Err(acted) => {
            let fields = Fields::new(shown.pack(), &form, &Mistakes::new());
            let again = seen::again(frame, shown, &form, acted, &fields.all())?;
            Ok(again.show(draw(again.frame.clone(), &again.opened, &again.form)))
        }
    }
}
