//! All mistakes at once: what the record would refuse, beside what the page found itself.

use report::{Command, Report};

use super::act::context;
use crate::shared::app::App;
use crate::shared::form::Mistakes;
use crate::shared::page::Problem;
use crate::shared::visit::Signed;

/// Adds everything else that the record would refuse in a command to what the page found. Nothing is kept.
///
/// # Errors
/// A problem of ours.
pub fn also_wrong(
    app: &App,
    signed: &Signed,
    report: &Report,
    command: Command,
    mistakes: &mut Mistakes,
) -> Result<(), Problem> {
    let context = context(app, &signed.actor()?)?;
    if let Err(refusal) = report::decide(report, command, &context, &app.pack) {
        for wrong in refusal.problems() {
            // What is about no single field is told once every field is right.
            if !wrong.field.is_empty() && mistakes.about(&wrong.field).is_none() {
                mistakes.add(&wrong.field, wrong.says);
            }
        }
    }
    Ok(())
}
