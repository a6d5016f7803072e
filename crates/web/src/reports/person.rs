//! Somebody in a report: adding them, and saying who they are.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::{AddPerson, Command, DraftOf, EventBody, PersonId};

use super::control::{self, Control};
use super::question::next_address;
use super::{changed, identity, unfit};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::incoming::InAddress;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::seen::{self, Edit, SEEN};
use crate::shared::record::{self, Came, OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{SummaryList, Why};
use crate::shared::visit::Signed;
use crate::shared::words::{cited, first_upper};

/// What is asked at once of everybody who is added, in the words of the guidance.
const FIRST: [&str; 3] = ["part", "age", "identified"];

#[derive(Template)]
#[template(path = "reports/person_new.html")]
struct PersonNew {
    frame: Frame,
    others: Vec<String>,
    /// Somebody who is called the same already: their name and page.
    same: Option<(String, String)>,
    questions: Vec<(Control, Why)>,
    fields: identity::Fields,
    reference: String,
}

/// Words of the guidance about somebody who has no name yet.
fn plain(words: &str) -> String {
    words.replace("{person}", "this person")
}

/// Who is called so already, by the name that this form gives.
fn same_name(opened: &Opened, form: &Form) -> Option<(String, String)> {
    let given = format!("{} {}", form.text("given_names"), form.text("family_name"));
    let mut names = [form.text("known_as").trim(), given.trim()].into_iter();
    let name = names.find(|name| !name.is_empty())?.to_lowercase();
    let other = opened.people().find(|other| other.label().to_lowercase() == name)?;
    let page = routes::entry(opened.reference(), "people", other.id.as_str());
    Some((other.label(), page))
}

fn draw_new(frame: Frame, opened: &Opened, form: &Form) -> Response {
    let mistakes = frame.mistakes.clone();
    let asked = FIRST.iter().filter_map(|name| {
        let question = opened.pack().question(&format!("person.{name}"))?;
        let words = plain(&question.words);
        let asks = Control::new(opened, question, name, &words).sent(form, &mistakes);
        Some((asks, Why::new(&question.why, cited(opened.pack(), &question.cites))))
    });
    let shown = PersonNew {
        same: same_name(opened, form),
        others: opened.people().map(report::Person::label).collect(),
        questions: asked.collect(),
        fields: identity::Fields::new(form, &mistakes),
        reference: opened.reference().to_owned(),
        frame: report_frame(frame, opened),
    };
    page(!mistakes.none(), &shown)
}

/// The page to add somebody.
pub async fn show_new(OnReport { frame, opened, .. }: OnReport) -> Answer {
    Ok(draw_new(frame, &opened, &Form::default()))
}

/// Adds them, and goes on to the next person or to the questions.
pub async fn add(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let mut facts = BTreeMap::new();
    for name in FIRST {
        let Some(question) = app.pack.question(&format!("person.{name}")) else {
            continue;
        };
        let words = plain(&question.words);
        let asked = (name, words.as_str());
        if let Some(value) = control::read_named(&form, &mut mistakes, name, asked, question) {
            facts.insert(name.to_owned(), value);
        }
    }
    let identity = identity::read(&form, &mut mistakes);
    let command = Command::AddPerson(AddPerson { identity, facts });
    if !mistakes.none() {
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return Ok(draw_new(frame.with(mistakes), &opened, &form));
    }
    let shown = opened.clone();
    match record::act(&app, &signed, opened, command, &form.digest()).await {
        Ok(after) => {
            let added = after.report.people.last().map(|added| added.id.as_str());
            if let Some(added) = added.filter(|added| unfit::of(&after, added).is_some()) {
                let page = routes::entry(&reference, "people", added);
                return go(&record::offering(&format!("{page}?saved=yes"), &after, shown.version));
            }
            let next = if form.text("then") == "another" {
                routes::entry_new(&reference, "people")
            } else {
                next_address(&after)
            };
            changed::on(&after, shown.version, &next)
        }
        Err(acted) => Ok(draw_new(frame.with(acted.mistakes()?), &shown, &form)),
    }
}

#[derive(Template)]
#[template(path = "reports/person.html")]
struct PersonPage {
    frame: Frame,
    seen: String,
    name: String,
    known: SummaryList,
    links: Vec<(String, &'static str)>,
    /// An age that does not fit the date of birth, and where it is put right.
    unfit: Option<(String, Vec<(String, String)>)>,
    fields: identity::Fields,
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, id: &PersonId, form: &Form) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let person = opened.report.person(id.as_str()).ok_or(Problem::NotFound)?;
    let reference = opened.reference();
    let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
    let roles = first_upper(&roles.join(", "));
    let bodies: Vec<&str> = person.authorities.iter().map(|body| body.name.as_str()).collect();
    let mut known = SummaryList::new();
    for name in FIRST {
        let fact = report::FactName::person(id, name).map_err(Problem::internal)?;
        let value = opened.report.current(&fact).value;
        let words = value.map_or_else(|| "Not asked yet".to_owned(), |value| opened.value_words(&fact, &value));
        known = known.changeable(opened.question_words(&fact), words, routes::question(reference, fact.as_str()));
    }
    known = known
        .changeable(
            "Role in this report",
            match opened.report.draft(&DraftOf::Roles(id.clone())) {
                Some(draft) => format!(
                    "{roles}\nA change was begun by {}, {}, and is not recorded yet",
                    draft.by.name,
                    time::moment(draft.at)
                ),
                None => roles,
            },
            routes::roles(reference, id.as_str()),
        )
        .changeable(
            "Responsible bodies",
            if bodies.is_empty() { "None entered".to_owned() } else { bodies.join(", ") },
            routes::authorities(reference, id.as_str()),
        );
    let shown = PersonPage {
        seen: form.text(SEEN).to_owned(),
        name: person.label(),
        known,
        links: links(signed, reference, id),
        unfit: unfit::of(opened, id.as_str()),
        fields: identity::Fields::new(form, &mistakes),
        frame: report_frame(frame, opened).back_to(routes::involved(reference)),
    };
    Ok(page(!mistakes.none(), &shown))
}

fn links(signed: &Signed, reference: &str, id: &PersonId) -> Vec<(String, &'static str)> {
    let id = id.as_str();
    let mut links = vec![(routes::earlier(reference, id), "Earlier involvement")];
    if signed.may(Permission::Export) {
        links.push((routes::own_data(reference, id), "Give them their own data"));
    }
    if signed.may(Permission::Withdraw) {
        let withdraw = routes::withdraw(reference, "people", id);
        links.push((withdraw, "Withdraw this entry, made by mistake"));
    }
    links
}

/// That somebody was withdrawn meanwhile, with what was sent of who they are.
fn gone(frame: Frame, opened: &Opened, id: &str, sent: Option<&Form>) -> Answer {
    let person = opened.report.people.iter().find(|person| person.id.as_str() == id);
    let held = person.map(|person| identity::kept(&person.identity));
    let fields = identity::Fields::new(&Form::default(), &Mistakes::new());
    record::person_gone(frame, opened, id, Came::to_change(sent, &held.unwrap_or_default(), &fields.all()))
}

/// Who somebody is.
pub async fn show(
    OnReport { frame, signed, opened, .. }: OnReport,
    Path((_, id)): Path<(String, String)>,
    InAddress(query): InAddress,
) -> Answer {
    let Some(id) = opened.person_id(&id) else {
        return gone(frame, &opened, &id, None);
    };
    let frame = if query.has("later") {
        frame.done("Your changes to the role are kept. Nothing is recorded yet")
    } else if query.has("saved") {
        frame.done("Saved")
    } else {
        frame
    };
    let form = opened.report.person(id.as_str()).map(|person| identity::kept(&person.identity)).unwrap_or_default();
    draw(frame, &signed, &opened, &id, &seen::marked(form, &opened))
}

/// Keeps who they are.
pub async fn save(
    OnReport { app, frame, signed, reference, opened }: OnReport,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Answer {
    let Some(person) = opened.person_id(&id) else {
        return gone(frame, &opened, &id, Some(&form));
    };
    let mut mistakes = Mistakes::new();
    let identity = identity::read(&form, &mut mistakes);
    if !mistakes.none() {
        let command = Command::StateIdentity { person: person.clone(), identity };
        record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
        return draw(frame.with(mistakes), &signed, &opened, &person, &form);
    }
    let shown = opened.clone();
    let states = |body: &EventBody| match body {
        EventBody::IdentityStated { person: stated, identity } if *stated == person => Some(identity::kept(identity)),
        _ => None,
    };
    // A telephone number of one officer and a school of another are both right.
    let edit = Edit { states, together: &[] };
    let command = |form: &Form| Command::StateIdentity {
        person: person.clone(),
        identity: identity::read(form, &mut Mistakes::new()),
    };
    // Compared as it would be kept: a space less between two numbers is no change.
    let sent = identity::kept(&identity).with(SEEN, &[form.text(SEEN).to_owned()]);
    match seen::edit(&app, &signed, opened, &sent, &edit, &form.digest(), command).await {
        Ok(after) => {
            let next = match unfit::of(&after, person.as_str()) {
                Some(_) => format!("{}?saved=yes", routes::entry(&reference, "people", person.as_str())),
                None => routes::involved(&reference),
            };
            go(&record::offering(&next, &after, shown.version))
        }
        Err(acted) => {
            let fields = identity::Fields::new(&form, &Mistakes::new());
            let again = seen::again(frame, shown, &form, acted, &fields.all())?;
            let drawn = draw(again.frame.clone(), &signed, &again.opened, &person, &again.form)?;
            Ok(again.show(drawn))
        }
    }
}
