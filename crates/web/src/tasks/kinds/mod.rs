//! One file for each kind of record that can complete a duty: what its form asks, and how that becomes
//! [`Evidence`]. Which duty wants which kind is said by the pack.

mod account;
mod checks;
mod crime;
mod decision;
mod meeting;
mod referral;
mod removal;
mod signposting;
mod told;
mod welfare;
mod words;

use guidance::words::DutyWords;
use jiff::Timestamp;
use report::{Command, DutyId, Evidence, TaskState, WaitsFor};

use super::form;
use crate::shared::app::App;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::record::Opened;
use crate::shared::visit::Signed;

/// What a form is made for: one duty of one report, by one officer, now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The report.
    pub(super) opened: &'a Opened,
    /// The duty.
    pub(super) duty: &'a DutyId,
    /// Its words in the pack.
    pub(super) words: &'a DutyWords,
    /// Who fills it in.
    pub(super) officer: &'a str,
    /// Now.
    pub(super) now: Timestamp,
}

impl<'a> Ask<'a> {
    /// For whoever is signed in, now.
    pub(super) fn new(
        app: &App,
        signed: &'a Signed,
        opened: &'a Opened,
        duty: &'a DutyId,
        words: &'a DutyWords,
    ) -> Self {
        Self { opened, duty, words, officer: &signed.name, now: app.now() }
    }

    /// What it waits for, where it follows the outcome and cannot be recorded yet.
    pub(super) fn waits_for(&self) -> Option<WaitsFor> {
        self.opened.report.waits_for_outcome(self.opened.pack(), self.words, self.duty)
    }

    /// Are any checks on police systems still open? They come before meetings and planned discussions.
    fn checks_are_open(&self) -> bool {
        self.opened
            .view
            .tasks
            .iter()
            .any(|task| task.evidence == "checks" && matches!(task.state, TaskState::Due | TaskState::PartDone))
    }
}

/// All that the page of a duty asks, whether the pack has a form for it or its kind has one.
pub(super) fn all_fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let blocks = match ask.words.evidence.as_str() {
        "form" => form::fields(ask, sheet),
        _ => fields(ask, sheet),
    };
    blocks.unwrap_or_default()
}

/// True where a page was sent as it was shown, with only what it fills in by itself.
pub(super) fn is_untouched(ask: Ask<'_>, sent: &Form) -> bool {
    let none = Mistakes::new();
    let printed = |sent: Option<&Form>| -> String {
        let blocks = all_fields(ask, &Sheet::new(sent, &none));
        blocks.iter().map(ToString::to_string).collect()
    };
    printed(None) == printed(Some(sent))
}

/// The form for a duty; nothing where it is done in another place: by a form of the pack, by a review.
pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Option<Vec<Block>> {
    Some(match ask.words.evidence.as_str() {
        "welfare" => welfare::fields(ask, sheet),
        "referral" => referral::fields(ask, sheet),
        "meeting" => meeting::fields(ask, sheet),
        "checks" => checks::fields(ask, sheet),
        "account" => account::fields(ask, sheet),
        "decision" => decision::fields(ask, sheet),
        "told" => told::fields(ask, sheet),
        "signposting" => signposting::fields(ask, sheet),
        "removal" => removal::fields(ask, sheet),
        "crime" => crime::fields(ask, sheet),
        "identify" => words::identify(sheet),
        "note" => words::note(sheet),
        _ => return None,
    })
}

/// Where a duty with parts stands, for whoever reads the page.
pub(super) fn overview(ask: Ask<'_>) -> Option<Block> {
    (ask.words.evidence == "checks").then(|| checks::so_far(ask)).flatten()
}

/// What the form said. Where something had to be chosen and was not, that is a mistake and the record holds a
/// stand-in: it is only good for finding out what else is wrong, never for keeping.
pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Option<Evidence> {
    Some(match ask.words.evidence.as_str() {
        "welfare" => welfare::read(ask, form),
        "referral" => referral::read(ask, form, mistakes),
        "meeting" => meeting::read(ask, form, mistakes),
        "checks" => checks::read(ask, form, mistakes),
        "account" => account::read(ask, form, mistakes),
        "decision" => decision::read(ask, form, mistakes),
        "told" => told::read(ask, form, mistakes),
        "signposting" => signposting::read(ask, form, mistakes),
        "removal" => removal::read(ask, form, mistakes),
        "crime" => crime::read(form, mistakes),
        "identify" => Evidence::Identify { note: form.text("note").to_owned() },
        "note" => Evidence::Note { text: form.text("text").to_owned() },
        _ => return None,
    })
}

/// What records it: for this duty, and where the form named others that were done with it, for them as well.
pub(super) fn command(duty: DutyId, evidence: Evidence, form: &Form) -> Command {
    if evidence.kind() != "told" {
        return Command::RecordEvidence { duty, evidence };
    }
    let mut each = told::each(duty, evidence, form);
    match each.pop() {
        Some((duty, evidence)) if each.is_empty() => Command::RecordEvidence { duty, evidence },
        last => {
            each.extend(last);
            Command::RecordTellings { each }
        }
    }
}

/// The words of a form's field.
fn text(form: &Form, field: &str) -> String {
    form.text(field).to_owned()
}
