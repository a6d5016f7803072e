//! All mistakes at once: what the record would refuse, beside what the page found itself.

use report::{Actor, Command, Context, Report};

use super::fresh_id;
use crate::shared::app::App;
use crate::shared::form::Mistakes;
use crate::shared::page::Problem;

/// Adds everything else that the record would refuse in a command to what the page found. Nothing is kept.
///
/// # Errors
/// A problem of ours.
pub fn also_wrong(
    app: &App,
    actor: Actor,
    report: &Report,
    command: Command,
    mistakes: &mut Mistakes,
) -> Result<(), Problem> {
    let context = Context {
        at: app.now(),
        actor,
        command: fresh_id('C')?,
    };
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
