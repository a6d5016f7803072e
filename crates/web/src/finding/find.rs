//! Finding a person by what is known of them. What is typed is sent as a form and never stands in an address;
//! who looked and why is in the log before anybody is looked for, what was typed is not.

use std::borrow::Cow;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use report::matching::{Details, lookups};
use report::{Account, Identity, Names};

use super::candidate::Shown;
use crate::shared::access::Role;
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, page};
use crate::shared::purpose::{LONGEST_REASON, NO_NAMES};
use crate::shared::record::{self, Asking, FoundPeople};
use crate::shared::time;
use crate::shared::ui::{Choices, Input};
use crate::shared::visit::Signed;

/// Why somebody looks for a person: the word in the form, and the words on the page and in the log.
type Why = (&'static str, &'static str);

const OTHER: &str = "other";
const WHY: [Why; 5] = [
    ("call", "Somebody has rung or come in about them"),
    ("report", "They are in a report that I work on"),
    ("safety", "There is concern for somebody's safety now"),
    ("supervise", "To supervise the work on a report"),
    (OTHER, "Something else"),
];

fn offered(role: Role) -> impl Iterator<Item = Why> {
    let supervises = role == Role::Supervisor;
    WHY.into_iter().filter(move |(word, _)| supervises || *word != "supervise")
}

#[derive(Template)]
#[template(path = "finding/find.html")]
struct Find {
    frame: Frame,
    names: Vec<Input>,
    marks: Vec<Input>,
    why: Choices,
    reason: Input,
    found: Option<Vec<Shown>>,
    more: bool,
    unfinished: bool,
}

/// The page.
pub async fn show(State(app): State<App>, frame: Frame, signed: Signed) -> Answer {
    draw(&app, frame, &signed, &Form::default(), None).await
}

/// Looks, and shows who was found.
pub async fn submit(State(app): State<App>, frame: Frame, signed: Signed, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let (identity, accounts) = read(&form, &mut mistakes);
    let details = Details { identity: Cow::Borrowed(&identity), accounts: accounts.iter().collect() };
    if mistakes.none() && lookups(&details).is_empty() {
        not_enough(&identity, &mut mistakes);
    }
    let purpose = mistakes.choice(&form, "why", "Select why you are looking", |sent| {
        offered(signed.role).find(|(word, _)| *word == sent)
    });
    let reason = match purpose {
        Some((OTHER, _)) => mistakes.line(&form, "reason", "Say in a line what you need it for"),
        _ => mistakes.optional_line(&form, "reason"),
    };
    if reason.chars().count() > LONGEST_REASON && mistakes.about("reason").is_none() {
        let says = format!("Shorten it to {LONGEST_REASON} characters or fewer");
        mistakes.add("reason", says);
    }
    if let Some(name) = Names::of([&identity]).found_in(&reason) {
        let says = format!("“{name}” is a name that you look for. Auditors read this: say it without names");
        mistakes.add("reason", says);
    }
    let (Some((_, purpose)), true) = (purpose, mistakes.none()) else {
        return draw(&app, frame.with(mistakes), &signed, &form, None).await;
    };
    let asking = Asking { signed: &signed, purpose, reason: &reason, from: None };
    let found = record::find_people(&app, asking, &details).await?;
    draw(&app, frame, &signed, &form, Some(found)).await
}

/// What was entered, as somebody in a report would have it.
fn read(form: &Form, mistakes: &mut Mistakes) -> (Identity, Vec<Account>) {
    let mut line = |name: &str| mistakes.optional_line(form, name);
    let one = |text: String| if text.is_empty() { vec![] } else { vec![text] };
    let mut identity = Identity {
        given_names: line("given_names"),
        family_name: line("family_name"),
        phones: one(line("phone")),
        emails: one(line("email")),
        ..Identity::default()
    };
    let account = |username| Account { platform: String::new(), username, person: None, note: String::new() };
    let accounts = one(line("account")).into_iter().map(account).collect();
    let born = form.text("date_of_birth");
    identity.date_of_birth = time::read_day(born);
    if !born.is_empty() && identity.date_of_birth.is_none() {
        let says = "Enter a date of birth like 24/11/2011, or leave it empty";
        mistakes.no_day("date_of_birth", born, says);
    }
    (identity, accounts)
}

/// Nothing of what was entered finds anybody: what is missing, at the field where it is.
fn not_enough(identity: &Identity, mistakes: &mut Mistakes) {
    let named = |name: &str| !name.is_empty();
    let (given, family) = (named(&identity.given_names), named(&identity.family_name));
    if !identity.phones.is_empty() {
        let says = "Enter the whole telephone number: at least 9 digits";
        mistakes.add("phone", says);
    }
    if !identity.emails.is_empty() {
        mistakes.add("email", "Enter a whole email address, like name@example.org");
    }
    if !mistakes.none() {
        return;
    }
    match (given, family, identity.date_of_birth) {
        (true, true, _) | (true, _, Some(_)) | (_, true, Some(_)) => {
            mistakes.add("family_name", "Enter the name in letters");
        }
        (false, true, None) => {
            let says = "Enter a given name or a date of birth as well: a family name alone finds too many people";
            mistakes.add("given_names", says);
        }
        (true, false, None) => {
            mistakes.add("family_name", "Enter a family name or a date of birth as well");
        }
        (false, false, Some(_)) => {
            mistakes.add("family_name", "Enter a name as well: many people share a date of birth");
        }
        (false, false, None) => {
            let says = "Enter two things at least of name and date of birth, or a telephone number, email address or account name";
            mistakes.add("given_names", says);
        }
    }
}

async fn draw(
    app: &App,
    frame: Frame,
    signed: &Signed,
    form: &Form,
    found: Option<FoundPeople>,
) -> Result<Response, Problem> {
    let mistakes = frame.mistakes.clone();
    let input = |name: &str, label: &str, hint: &str| Input::new(name, label).hint(hint).sent(form, &mistakes);
    let why = offered(signed.role)
        .fold(Choices::radios("why", "Why are you looking?"), |choices, (word, says)| choices.option(word, says, ""));
    let more = found.as_ref().is_some_and(|found| found.more);
    let shown = |found: FoundPeople| {
        let candidates = found.candidates.iter();
        candidates.filter_map(|one| Shown::new(one, None)).collect()
    };
    let shown = Find {
        names: vec![
            input("given_names", "Given name", "Or what they like to be called."),
            input("family_name", "Family name", ""),
            input("date_of_birth", "Date of birth", "Like 24/11/2011.").width("10"),
        ],
        marks: vec![
            input("phone", "Telephone number", "The whole number.").kind("tel").width("20"),
            input("email", "Email address", ""),
            input("account", "Account name", "On any platform, with or without the @."),
        ],
        why: why.sent(form, &mistakes),
        reason: input("reason", "What do you need it for? One line, if none of these says it", NO_NAMES),
        found: found.map(shown),
        more,
        unfinished: !record::all_findable(app).await?,
        frame,
    };
    Ok(page(!mistakes.none(), &shown))
}
