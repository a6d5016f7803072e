//! Looks as people read them: what was done, and names for ids. For the auditor's lists and for the page about one report.

use std::collections::BTreeMap;

use store::{AccessKind, NoAccessKind, NotedAccess, OPERATOR, UserId};

use super::access::Role;
use super::app::App;
use super::page::Problem;
use super::sign_ins::NO_ACCOUNT;
use super::words::first_upper;

/// What was done, in words.
pub fn what(noted: &NotedAccess) -> String {
    match noted.kind.parse() {
        Ok(kind) => says(kind).to_owned(),
        // A later version noted it.
        Err(NoAccessKind) => first_upper(&noted.kind.replace('-', " ")),
    }
}

const fn says(kind: AccessKind) -> &'static str {
    match kind {
        AccessKind::ReportOpened => "Opened the report",
        AccessKind::ReportRefused => "Was refused a page of the report",
        AccessKind::PeopleSearched => "Looked for a person",
        AccessKind::PersonFound => "Was shown somebody in the report among people found",
        AccessKind::PeopleMatched => "Said whether somebody is the same person as in another report",
        AccessKind::OwnDataGiven => "Took a copy of somebody\u{2019}s own data",
        AccessKind::ReportShown => "Showed the report on the command line, without names",
        AccessKind::ReportsListed => "Listed the reports on the command line",
        AccessKind::AdviceReplayed => "Derived advice again on the command line, without names",
        AccessKind::LogRead => "Read who looked",
        AccessKind::LogTaken => "Took a copy of the log",
        AccessKind::LooksTaken => "Took the table of who looked",
        AccessKind::ToldTaken => "Took the table of what was passed to others",
        AccessKind::ErasuresTaken => "Took the table of what was erased",
        AccessKind::AccountsTaken => "Took the table of accounts and keys",
        AccessKind::SignedIn => "Signed in",
        AccessKind::SignInFailed => "A sign-in as them failed",
    }
}

/// Purpose, and reason in words where there is one.
pub fn why(noted: &NotedAccess) -> String {
    match &noted.reason {
        Some(reason) => format!("{}: {reason}", noted.purpose),
        None => noted.purpose.clone(),
    }
}

/// Names of people, each looked up once.
#[derive(Default)]
pub struct People(BTreeMap<UserId, String>);

impl People {
    /// Name, role and unit as they are now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn named(&mut self, app: &App, id: &UserId) -> Result<String, Problem> {
        if !self.0.contains_key(id) {
            self.0.insert(id.clone(), person(app, id).await?);
        }
        Ok(self.0.get(id).cloned().unwrap_or_default())
    }
}

async fn person(app: &App, id: &UserId) -> Result<String, Problem> {
    let Some(user) = app.store.user(id).await? else {
        return Ok(match id.as_str() {
            OPERATOR => "Whoever runs the machine".to_owned(),
            NO_ACCOUNT => "Somebody, as no account there is".to_owned(),
            _ => format!("Account {id}"),
        });
    };
    let role = user.role.parse::<Role>().map_or("", Role::says);
    Ok(format!("{}, {role}, {}", user.name, user.unit))
}

/// To what kind of recipient something was given, from the word under which the event is stored. Those from before the word said
/// so have it in the report alone.
#[must_use]
pub fn told(kind: &str) -> &'static str {
    match kind.split_once(':').map(|(_, how)| how) {
        Some("referral") => "Another authority, by a referral",
        Some("meeting") => "Who took part in a meeting",
        Some("told") => "A child, a family or another body, who was told",
        Some("removal") => "A platform, by a request to remove something",
        Some("crime") => "A child who was harmed, about why no crime is recorded",
        _ => "Said in the report",
    }
}
