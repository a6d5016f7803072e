//! What somebody is in a report. A child is a person involved unless an officer says otherwise, with reasons.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use guidance::advice::SuspectRole;
use report::{Command, DraftOf, EventBody, Ndm, PersonRole};

use crate::routes;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::ndm::read_ndm;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::drafts::{self, DraftNote};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::ui::{Asks, Choices, Textarea};
use crate::shared::words::first_upper;

/// The checkboxes.
const ROLES: &str = "roles";

#[derive(Template)]
#[template(path = "reports/roles.html")]
struct Roles {
    frame: Frame,
    seen: String,
    name: String,
    says: &'static str,
    /// The role of suspect is not open, for good or for now.
    never: bool,
    draft: DraftNote,
    /// The full record is unfolded: something in it was entered, or has to be put right.
    open: bool,
    roles: Choices,
    reason: Textarea,
    ndm: Vec<Textarea>,
}

fn kept(roles: &[PersonRole]) -> Form {
    let words: Vec<String> = roles.iter().map(|role| role.word().to_owned()).collect();
    Form::default().with(ROLES, &words)
}

fn choices<'a>(offered: impl Iterator<Item = &'a PersonRole>) -> Choices {
    offered.fold(Choices::checkboxes(ROLES, "Roles in this report"), |choices, role| {
        choices.option(role.word(), first_upper(role.says()), "")
    })
}

fn reason() -> Textarea {
    Textarea::new("reason", "Reason").hint("Needed only for the role of suspect.").rows(3)
}

/// The full record, which the role of suspect needs.
fn ndm() -> [Textarea; 5] {
    let fields = Ndm::default();
    let fields = fields.fields();
    fields.map(|(name, label, _)| Textarea::new(name, first_upper(label)).rows(3))
}

/// `sent` is nothing for a page that is only looked at: then it shows what was put aside, or else what is recorded.
fn draw(frame: Frame, opened: &Opened, id: &str, sent: Option<&Form>) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let person = opened.report.person(id).ok_or(Problem::NotFound)?;
    let of = DraftOf::Roles(person.id.clone());
    // What was put aside ends when roles are recorded, so it is never older than they are.
    let kept = opened.report.draft(&of).map_or_else(|| kept(&person.roles), drafts::form);
    let kept = seen::marked(kept, opened);
    let form = sent.unwrap_or(&kept);
    let draft = DraftNote::of(opened, &of, sent, drafts::plain_label);
    let suspect = opened.advice().persons.get(id).map(|advice| advice.suspect_role);
    let never = suspect != Some(SuspectRole::Possible);
    let offered = PersonRole::ALL.iter().filter(|role| !(never && **role == PersonRole::Suspect));
    let empty = Ndm::default();
    let ndm = ndm().map(|field| field.sent(form, &mistakes));
    let shown = Roles {
        seen: form.text(SEEN).to_owned(),
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
        open: !mistakes.none() || form.has("reason") || empty.fields().iter().any(|(name, ..)| form.has(name)),
        roles: choices(offered).sent(form, &mistakes),
        reason: reason().sent(form, &mistakes),
        ndm: ndm.into(),
        frame: report_frame(frame, opened).back_to(routes::entry(opened.reference(), "people", id)),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// The roles somebody has.
pub async fn show(OnReport { frame, opened, .. }: OnReport, Path((_, id)): Path<(String, String)>) -> Answer {
    match opened.report.person(&id) {
        Some(_) => draw(frame, &opened, &id, None),
        None => gone(frame, &opened, &id, None),
    }
}

/// That somebody was withdrawn meanwhile, with what was sent of their roles.
fn gone(frame: Frame, opened: &Opened, id: &str, sent: Option<&Form>) -> Answer {
    let person = opened.report.people.iter().find(|person| person.id.as_str() == id);
    let held = person.map(|person| kept(&person.roles));
    let (roles, reason, ndm) = (choices(PersonRole::ALL.iter()), reason(), ndm());
    let mut fields: Vec<&dyn Asks> = vec![&roles, &reason];
    fields.extend(ndm.iter().map(|field| field as &dyn Asks));
    record::person_gone(frame, opened, id, Came::to_change(sent, &held.unwrap_or_default(), &fields))
}

/// Keeps the roles.
pub async fn save(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let Some(person) = opened.person_id(&id) else {
        return gone(frame, &opened, &id, Some(&form));
    };
    let of = DraftOf::Roles(person.clone());
    if let Some(aside) = drafts::command(&of, &form) {
        return match record::act(&app, &signed, opened.clone(), aside, &form.digest()).await {
            Ok(_) => go(&format!("{}?later=yes", routes::entry(&reference, "people", &id))),
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
    let command = |form: &Form| {
        let roles = form.all(ROLES).iter();
        Command::RecordRoles {
            person: person.clone(),
            roles: roles.filter_map(|word| word.parse().ok()).collect(),
            reason: form.text("reason").to_owned(),
            ndm: read_ndm(form),
        }
    };
    let states = |body: &EventBody| match body {
        EventBody::RolesRecorded { person: stated, roles, .. } if *stated == person => Some(kept(roles)),
        _ => None,
    };
    let edit = Edit { states, together: &[] };
    let shown = opened.clone();
    match seen::edit(&app, &signed, opened, &form, &edit, &form.digest(), command).await {
        Ok(_) => go(&routes::entry(&reference, "people", &id)),
        Err(acted) => {
            let roles = choices(PersonRole::ALL.iter());
            let again = seen::again(frame, shown, &form, acted, &[&roles])?;
            let drawn = draw(again.frame.clone(), &again.opened, &id, Some(&again.form))?;
            Ok(again.show(drawn))
        }
    }
}
