//! What somebody is in a report. A child is a person involved unless an officer says otherwise, with reasons.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use guidance::advice::SuspectRole;
use report::{Command, DraftOf, Ndm, PersonRole};

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::drafts::{self, DraftNote};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::ui::{Choices, Textarea};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "reports/roles.html")]
struct Roles {
    frame: Frame,
    name: String,
    says: &'static str,
    never: bool,
    draft: DraftNote,
    /// The full record is unfolded: something in it was entered, or has to be put right.
    open: bool,
    roles: Choices,
    reason: Textarea,
    ndm: Vec<Textarea>,
}

/// `sent` is nothing for a page that is only looked at: then it shows what was put aside, or else what is recorded.
fn draw(frame: Frame, opened: &Opened, id: &str, sent: Option<&Form>) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let person = opened.report.person(id).ok_or(Problem::NotFound)?;
    let of = DraftOf::Roles(person.id.clone());
    let recorded = person.roles.iter();
    let recorded = recorded.map(|role| ("roles".to_owned(), role.word().to_owned()));
    let kept = opened
        .report
        .draft(&of)
        .map_or_else(|| Form::from_pairs(recorded.collect()), drafts::form);
    let form = sent.unwrap_or(&kept);
    let draft = DraftNote::of(opened, &of, sent, drafts::plain_label);
    let suspect = opened
        .advice()
        .persons
        .get(id)
        .map(|advice| advice.suspect_role);
    let never = suspect == Some(SuspectRole::Never);
    let offered = PersonRole::ALL
        .iter()
        .filter(|role| !(never && **role == PersonRole::Suspect));
    let roles = offered.fold(
        Choices::checkboxes("roles", "Roles in this report"),
        |choices, role| choices.option(role.word(), first_upper(role.says()), ""),
    );
    let empty = Ndm::default();
    let ndm = empty.fields().map(|(name, label, _)| {
        Textarea::new(name, first_upper(label))
            .rows(3)
            .sent(form, &mistakes)
    });
    let shown = Roles {
        name: person.label(),
        says: match suspect {
            Some(SuspectRole::Never) => {
                "The role of suspect is not open here: the law or the guidance rules it out for this person."
            }
            Some(SuspectRole::Possible) => {
                "The role of suspect is open, and is not the default. It needs your full reasons."
            }
            Some(SuspectRole::NotYetKnown) | None => {
                "Whether the role of suspect is open is not known yet. Person involved is right until it is."
            }
        },
        never,
        draft,
        open: !mistakes.none()
            || form.has("reason")
            || empty.fields().iter().any(|(name, ..)| form.has(name)),
        roles: roles.sent(form, &mistakes),
        reason: Textarea::new("reason", "Reason")
            .hint("Needed only for the role of suspect.")
            .rows(3)
            .sent(form, &mistakes),
        ndm: ndm.into(),
        frame: report_frame(frame, opened).back_to(routes::entry(opened.reference(), "people", id)),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// The roles somebody has.
pub async fn show(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    draw(frame, &opened, &id, None)
}

/// Keeps the roles.
pub async fn save(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let opened = record::open(&app, &signed, &reference).await?;
    let person = opened.person_id(&id).ok_or(Problem::NotFound)?;
    let of = DraftOf::Roles(person.clone());
    if let Some(aside) = drafts::command(&of, &form) {
        return match record::act(&app, &signed, opened.clone(), aside, &form.digest()).await {
            Ok(_) => go(&format!(
                "{}?later=yes",
                routes::entry(&reference, "people", &id)
            )),
            Err(acted) => {
                let now = record::load(&app, &opened.stream).await?;
                draw(frame.with(acted.mistakes()?), &now, &id, Some(&form))
            }
        };
    }
    if let Some(says) = drafts::overtaken(&opened, &of, &form) {
        let mut mistakes = Mistakes::new();
        mistakes.add("main-content", says);
        return draw(frame.with(mistakes), &opened, &id, Some(&form));
    }
    let text = |name: &str| form.text(name).to_owned();
    let command = Command::RecordRoles {
        person,
        roles: form
            .all("roles")
            .iter()
            .filter_map(|word| word.parse().ok())
            .collect(),
        reason: text("reason"),
        ndm: Ndm {
            information: text("information"),
            threat_and_risk: text("threat_and_risk"),
            powers_and_policy: text("powers_and_policy"),
            options: text("options"),
            action_and_review: text("action_and_review"),
        },
    };
    let shown = opened.clone();
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(_) => go(&routes::entry(&reference, "people", &id)),
        Err(acted) => draw(frame.with(acted.mistakes()?), &shown, &id, Some(&form)),
    }
}
