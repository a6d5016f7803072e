//! Two people beside each other, and whether they are the same: for an officer to say, with what it rests on.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use report::matching::{Details, compare, is_found};
use report::{Elsewhere, Identity, Person, SamePerson};

use super::candidate::full_name;
use super::earlier::words;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::{Cell, Choices, Table, Textarea};
use crate::shared::visit::Signed;

/// Why the other report is looked at, in its log.
const PURPOSE: &str = "Comparing people of two reports";

#[derive(Template)]
#[template(path = "finding/same.html")]
struct Same {
    frame: Frame,
    name: String,
    alike: Vec<String>,
    differ: Vec<String>,
    beside: Table,
    verdict: Choices,
    reason: Textarea,
}

/// Who is compared: of this report and of the other.
type Asked = (String, String, String, String);

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed, Path(asked): Path<Asked>) -> Answer {
    let (here, there) = both(&app, &signed, &asked).await?;
    let them = asked.3.parse().map_err(|_| Problem::NotFound)?;
    let report = there.report.id.clone().ok_or(Problem::NotFound)?;
    let other = Elsewhere { report, reference: asked.2.clone(), person: them };
    // What was said before is shown, to be changed.
    let said = here.report.match_with(&asked.1, &other);
    let said = said.map(|said| {
        let pairs = [("verdict", said.verdict.word()), ("reason", &said.reason)];
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Form::from_pairs(pairs.map(owned).to_vec())
    });
    draw(frame, (&here, &there), &asked, &said.unwrap_or_default())
}

/// Both reports: this one through its door, the other as the policies allow, its look noted.
async fn both(app: &App, signed: &Signed, asked: &Asked) -> Result<(Opened, Opened), Problem> {
    let here = record::open(app, signed, &asked.0).await?;
    here.report.person(&asked.1).ok_or(Problem::NotFound)?;
    let read = Permission::ReadReports;
    let shows = |there: &Opened| may_be_shown((&here, &asked.1), (there, &asked.3));
    let there = record::open_other_if(app, signed, read, (&asked.2, PURPOSE), shows).await;
    // What may not be seen and what is not there look the same.
    let there = there.map_err(|problem| match problem {
        Problem::Forbidden | Problem::Sealed { .. } => Problem::NotFound,
        other => other,
    })?;
    Ok((here, there))
}

/// Whether somebody of another report may be shown beside somebody of this one: where the search finds them, or an officer has
/// said something of the two already. Nobody reads by counting through addresses who is in other reports.
fn may_be_shown((here, me): (&Opened, &str), (there, them): (&Opened, &str)) -> bool {
    let details = Details::of(&here.report, me).zip(Details::of(&there.report, them));
    let Some((one, other)) = details.filter(|_| here.stream != there.stream) else {
        return false;
    };
    let said = || {
        let elsewhere = Elsewhere {
            report: there.report.id.clone()?,
            reference: there.reference().to_owned(),
            person: them.parse().ok()?,
        };
        here.report.match_with(me, &elsewhere)
    };
    is_found(&one, &other) || said().is_some()
}

fn draw(frame: Frame, (here, there): (&Opened, &Opened), asked: &Asked, form: &Form) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let of = |opened: &Opened, id: &str| {
        let person = opened.report.person(id).cloned();
        person.ok_or(Problem::NotFound)
    };
    let (me, them) = (of(here, &asked.1)?, of(there, &asked.3)?);
    let details = Details::of(&here.report, &asked.1).zip(Details::of(&there.report, &asked.3));
    let told = details.and_then(|(one, other)| compare(&one, &other));
    let verdict =
        SamePerson::ALL.iter().fold(Choices::radios("verdict", "Is it the same person?"), |choices, verdict| {
            choices.option(verdict.word(), words(*verdict), "")
        });
    let shown = Same {
        name: me.label(),
        beside: beside((here, &me), (there, &them)),
        alike: told.as_ref().map(|told| told.alike.clone()).unwrap_or_default(),
        differ: told.map(|told| told.differ).unwrap_or_default(),
        verdict: verdict.sent(form, &mistakes),
        reason: Textarea::new("reason", "What does it rest on?")
            .hint("In a line or two: what you compared, whom you asked.")
            .rows(3)
            .sent(form, &mistakes),
        frame: report_frame(frame, here).back_to(routes::earlier(&asked.0, &asked.1)),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// What is known of both, beside each other; what neither has is left out.
fn beside(here: (&Opened, &Person), there: (&Opened, &Person)) -> Table {
    let head = |opened: &Opened| format!("Report {}", opened.reference());
    let heads = ["What", &head(here.0), &head(there.0)];
    let mut table = Table::new("Beside each other", &heads);
    let lines = |(opened, person): (&Opened, &Person)| {
        let identity: &Identity = &person.identity;
        let day = |day: jiff::civil::Date| {
            let day = day.to_string();
            time::day_words(&day).unwrap_or(day)
        };
        let theirs = opened.report.standing_accounts();
        let theirs = theirs.filter(|one| one.person.as_ref() == Some(&person.id));
        let accounts: Vec<String> = theirs.map(|one| format!("{} on {}", one.username, one.platform)).collect();
        let roles: Vec<&str> = person.shown_roles().iter().map(|role| role.says()).collect();
        [
            ("Name", full_name(identity).unwrap_or_default()),
            ("Date of birth", identity.date_of_birth.map(day).unwrap_or_default()),
            ("Gender", identity.gender.clone()),
            ("Telephone", identity.phones.join(", ")),
            ("Email", identity.emails.join(", ")),
            ("Accounts", accounts.join(", ")),
            ("Address", identity.addresses.join(", ")),
            ("School or college", identity.school.clone()),
            ("Parental responsibility", identity.responsible_adults.clone()),
            ("Role", roles.join(", ")),
        ]
    };
    for ((what, one), (_, other)) in lines(here).into_iter().zip(lines(there)) {
        if !(one.is_empty() && other.is_empty()) {
            let cell = |text: String| Cell::text(if text.is_empty() { "Not known".to_owned() } else { text });
            table.row(vec![Cell::text(what), cell(one), cell(other)]);
        }
    }
    table
}

/// Keeps what the officer says, in both reports.
pub async fn submit(
    State(app): State<App>,
    frame: Frame,
    signed: Signed,
    Path(asked): Path<Asked>,
    form: Form,
) -> Answer {
    let (here, there) = both(&app, &signed, &asked).await?;
    let mut mistakes = Mistakes::new();
    let verdict = mistakes.choice(
        &form,
        "verdict",
        "Select whether it is the same person, or that it is not known yet",
        |sent| sent.parse::<SamePerson>().ok(),
    );
    let reason = mistakes.long_text(&form, "reason", "Say in a few words what it rests on");
    let (Some(verdict), true) = (verdict, mistakes.none()) else {
        return draw(frame.with(mistakes), (&here, &there), &asked, &form);
    };
    let id = |id: &str| id.parse().map_err(|_| Problem::NotFound);
    let (me, them) = (id(&asked.1)?, id(&asked.3)?);
    let key = form.digest();
    let done = record::say_match(&app, &signed, (here.clone(), me), (&asked.2, them), (verdict, &reason), &key);
    match done.await {
        Ok(_) => go(&format!("{}?saved=1", routes::earlier(&asked.0, &asked.1))),
        Err(acted) => draw(frame.with(acted.mistakes()?), (&here, &there), &asked, &form),
    }
}
