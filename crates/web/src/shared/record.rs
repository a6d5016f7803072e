//! Opening a report and acting on it: the one way in for every page of a report.
//!
//! ```text
//! pub async fn submit(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
//!     match record::act(&app, &signed, opened, command, &form.digest()).await {   // the door has let them in and noted it
//!         Ok(after) => go(&routes::report(after.reference())),
//!         Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &form)),           // everything entered still there
//!     }
//! }
//! ```
//!
//! Nobody is shown a report before the policies allow it and the access log has it (`enter.rs`). A command is decided on the newest events; when
//! somebody else wrote in between it is decided again on theirs, so two officers never undo each other.

mod act;
mod anew;
mod derived;
pub mod drafts;
mod enter;
mod erased;
mod findable;
mod finding;
mod how_done;
mod keep;
mod look;
mod on_report;
mod opened;
mod operation;
mod order;
mod page;
mod recent;
pub mod seen;
mod shown;
mod stands;
pub mod together;
mod values;
mod withdrawn;
mod wrong;

pub use act::{Acted, act, act_as, act_on_both, begin};
pub use anew::derive_anew;
pub use derived::deriving;
pub use enter::{
    Entered, Look, admit, look, look_for, looks_like_one, note, note_refused, open_other, open_other_if, why_refused,
};
pub use erased::{copies_gone, erased_page};
pub use findable::{all_findable, make_findable};
pub use finding::{Asking, Candidate, Earlier, FoundPeople, earlier, find_people, say_match};
pub use how_done::how_done;
pub use keep::{folded, fresh_id, load, opened_by, read};
pub use look::{REPORTER, offering};
pub use on_report::{OnReport, reference};
pub use opened::Opened;
pub use page::{
    CONFLICT_LINE, ENDED, STANDING_LINE, Summary, ToDoNow, both_answers, conflict_page, grounds_with_why, might_do_now,
    next_step, report_frame,
};
pub use recent::Recent;
pub use report::class_words;
pub use values::value_words;
pub use withdrawn::{Came, gone, person_gone, withdrawal_words, withdrawn_by_this, withdrawn_page, written};
pub use wrong::also_wrong;

use super::app::App;
use super::page::Problem;
use super::visit::Signed;

/// The report that the door has let somebody in to.
///
/// # Errors
/// [`Problem::Forbidden`] for any other; otherwise what the store says.
pub async fn open(app: &App, signed: &Signed, reference: &str) -> Result<Opened, Problem> {
    let entered = signed.entered.as_ref();
    let entered = entered.filter(|entered| entered.row.reference == reference);
    let entered = entered.ok_or(Problem::Forbidden)?;
    load(app, &entered.row.report_id).await
}
