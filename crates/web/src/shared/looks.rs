//! Looks as people read them: what was done, and names for ids. For the auditor's lists and for the page about one report.

use std::collections::BTreeMap;

use store::{NotedAccess, OPERATOR, UserId};

use super::access::Role;
use super::app::App;
use super::page::Problem;
use super::record::REFUSED;
use super::sign_ins::{FAILED, NO_ACCOUNT, SIGNED_IN};
use super::words::first_upper;

/// Showing a report with `waymark report show`.
pub const SHOWN: &str = "report-shown";
/// Listing all reports with `waymark report list`.
pub const LISTED: &str = "reports-listed";
/// Deriving advice again with `waymark report replay`.
pub const REPLAYED: &str = "advice-replayed";
/// Giving somebody their own data.
pub const GIVEN: &str = "own-data-given";
/// Reading one of the auditor's lists.
pub const LOG_READ: &str = "log-read";
/// Taking a copy of the whole log.
pub const LOG_TAKEN: &str = "log-taken";
/// Taking the table of looks.
pub const LOOKS_TAKEN: &str = "looks-taken";
/// Taking the table of what was told to others.
pub const TOLD_TAKEN: &str = "told-taken";
/// Taking the table of what was erased.
pub const ERASED_TAKEN: &str = "erasures-taken";
/// Taking the table of what was done to accounts and keys.
pub const ACCOUNTS_TAKEN: &str = "accounts-taken";

/// What was done, in words.
pub fn what(noted: &NotedAccess) -> String {
    let says = match noted.kind.as_str() {
        "report-opened" => "Opened the report",
        REFUSED => "Was refused a page of the report",
        "people-searched" => "Looked for a person",
        "person-found" => "Was shown somebody in the report among people found",
        "people-matched" => "Said whether somebody is the same person as in another report",
        GIVEN => "Took a copy of somebody\u{2019}s own data",
        SHOWN => "Showed the report on the command line, without names",
        LISTED => "Listed the reports on the command line",
        REPLAYED => "Derived advice again on the command line, without names",
        LOG_READ => "Read who looked",
        LOG_TAKEN => "Took a copy of the log",
        LOOKS_TAKEN => "Took the table of who looked",
        TOLD_TAKEN => "Took the table of what was passed to others",
        ERASED_TAKEN => "Took the table of what was erased",
        ACCOUNTS_TAKEN => "Took the table of accounts and keys",
        SIGNED_IN => "Signed in",
        FAILED => "A sign-in as them failed",
        other => return first_upper(&other.replace('-', " ")),
    };
    says.to_owned()
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
