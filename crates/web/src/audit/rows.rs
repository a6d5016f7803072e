//! Looks as the auditor's lists show them: names for ids, references for streams.

use std::collections::BTreeMap;

use store::{NotedAccess, StreamId};

use super::query::may_read_log_of;
use crate::routes;
use crate::shared::app::App;
use crate::shared::looks::{People, what, why};
use crate::shared::page::Problem;
use crate::shared::ui::Cell;
use crate::shared::visit::Signed;

/// A look with names in it.
pub struct Look {
    /// As it is kept.
    pub noted: NotedAccess,
    /// Name, role and unit as they are now.
    pub who: String,
    /// What was done.
    pub what: String,
    /// The report; nothing where it is about none.
    pub report: Option<Named>,
    /// Purpose, and reason in words where there is one.
    pub why: String,
}

/// Names of people and of reports.
#[derive(Default)]
pub(super) struct Names {
    people: People,
    reports: Reports,
}

impl Names {
    /// Puts names in. Each person and report is looked up once. What the policies do not allow of it is left out: the
    /// store has asked the same in SQL, and if the two ever differ, less is shown and the log says so.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) async fn look(
        &mut self,
        app: &App,
        signed: &Signed,
        noted: NotedAccess,
    ) -> Result<Option<Look>, Problem> {
        let report = match &noted.stream {
            None => None,
            Some(stream) => match self.reports.named(app, signed, stream).await? {
                None => return Ok(None),
                report => report,
            },
        };
        Ok(Some(Look {
            who: self.people.named(app, &noted.actor).await?,
            what: what(&noted),
            report,
            why: why(&noted),
            noted,
        }))
    }
}

/// A report in a list of the auditor.
#[derive(Clone)]
pub struct Named {
    /// Its reference; of one that was erased the one it had.
    pub says: String,
    is_erased: bool,
}

impl Named {
    /// Leads to who looked at it, as long as it is there.
    pub(super) fn cell(&self) -> Cell {
        if self.is_erased {
            Cell::text(format!("{}, erased", self.says))
        } else {
            Cell::link(&self.says, routes::looked_at(&self.says))
        }
    }
}

/// Reports by their references, each looked up once.
#[derive(Default)]
pub(super) struct Reports(BTreeMap<StreamId, Option<Named>>);

impl Reports {
    /// The report; nothing for one whose looks the policies do not let this auditor read.
    pub(super) async fn named(
        &mut self,
        app: &App,
        signed: &Signed,
        stream: &StreamId,
    ) -> Result<Option<Named>, Problem> {
        if !self.0.contains_key(stream) {
            let named = |says, is_erased| Some(Named { says, is_erased });
            let report = match app.store.projection(stream).await? {
                Some(row) if !may_read_log_of(app, signed, &row) => {
                    tracing::error!(user = %signed.id, "a list of looks found a report that the policies do not allow");
                    None
                }
                Some(row) => named(row.reference, false),
                None => named(reference_it_had(app, stream).await?, true),
            };
            self.0.insert(stream.clone(), report);
        }
        Ok(self.0.get(stream).cloned().flatten())
    }
}

/// The reference of a report that was erased; its id where not even that is left.
async fn reference_it_had(app: &App, stream: &StreamId) -> Result<String, Problem> {
    let erased = app.store.erasures(stream.as_str()).await?;
    let reference = erased.into_iter().find_map(|erased| erased.reference);
    Ok(reference.unwrap_or_else(|| stream.to_string()))
}
