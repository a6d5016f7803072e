//! The pages of Waymark: the only crate that knows HTTP and HTML.
//!
//! ```text
//! routes.rs     every address and who may go there
//! server.rs     what stands around all of them: headers, visitor, forms, limits
//! shared/       what slices share: app, access, frame, form, page, ui, visit
//! access/       who may see a report: why, restriction, conflicts, emergencies (a slice)
//! accounts/     signing in and out, one's own account, people, sessions (a slice)
//! tasks/        the page of each duty, and the record that completes it
//! reports/      beginning, questions, who and what is in it  (a slice)
//! finding/      finding a person, and who was in an earlier report (a slice)
//! worklists/    lists of reports, and who works on one      (a slice)
//! reviews/      checking answers, a supervisor's review     (a slice)
//! outcomes/     deciding outcomes, closing, afterwards      (a slice)
//! retention/    whether a closed report is kept, erasing, somebody's own data (a slice)
//! timeline/     what happened, and who looked               (a slice)
//! audit/        who looked at what, over all reports        (a slice)
//! guidance_pages/  the guidance behind the advice           (a slice)
//! home.rs       the first page: what waits for whoever is signed in
//! templates/    one per page; ui/ for components, layout.html around all
//! assets/       style, script and icon; build.rs makes them part of the binary
//! ```
//!
//! # What holds
//! - A route names its door in `routes.rs`; there is no way to add one without. Nothing is allowed that
//!   `policies/waymark.cedar` does not permit; the door of a report asks about that report.
//! - A page cannot decide: it makes a command of the record, or shows what is derived.
//! - Whatever changes something is a POST with the token of the form. It is checked before any handler
//!   runs, for every route.
//! - A slice imports `shared` and the core crates, never another slice.
//! - Nothing a user sends is more than text; nothing is uploaded; a body has at most 256 KB.
//! - No page needs JavaScript but those that ask for a passkey. None has a script or style inside it: the policy forbids it.
//!
//! # To add a page
//! One page is one file, with its test at the foot or beside it:
//!
//! 1. `src/<slice>/<page>.rs`: the template's struct with a field `frame: Frame`, what is asked (fields
//!    from `shared::ui`), the handler that shows it and the handler that takes the form.
//! 2. `templates/<slice>/<page>.html`: `{% extends "layout.html" %}`, `{% block title %}`,
//!    `{% block main %}`. A component is printed with `{{ name }}`; a form begins with
//!    `{{ frame.token() }}`. Never use `whitespace = "suppress"`: askama then eats spaces inside attributes.
//! 3. `routes.rs`: the address as a constant, and two lines with its door.
//!
//! ```text
//! pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, form: Form) -> Answer {
//!     let mut mistakes = Mistakes::new();
//!     let place = mistakes.line(&form, "place", "Enter where the child is");
//!     if !mistakes.none() {
//!         return Ok(draw(frame.with(mistakes), &form));      // 422, everything entered still there
//!     }
//!     match record::act(&app, &signed, opened, command, &form.digest()).await {
//!         Ok(_) => go(&routes::report(&reference)),          // 303: going back repeats nothing
//!         Err(acted) => Ok(draw(frame.with(acted.mistakes()?), &form)),
//!     }
//! }
//! ```
//!
//! The door of the route has asked the policies and written down who looks, and why, before the handler runs;
//! `OnReport` has the report that it let them in to and no other, opened. A page of no report takes `State(app)`, `Frame` and
//! `Signed` one by one; `InAddress` has the fields after the question mark. Events, versions, worklist rows and forms
//! sent twice are the business of `shared/record.rs`. `record::report_frame` puts the standing line, the way
//! to an immediate concern and the summary of the report around its pages.
//!
//! What cannot be taken back has the door `Fresh(permission)`: whoever comes proves again who they are, and
//! nothing of what they entered is lost.
//!
//! `Signed` says who it is; the route has let them in already. `Frame` brings header, navigation and
//! form token: add `.back_to(…)`, and `.standing(line, concern)` on every page of a report. A mistake is
//! named after its field; the summary links to the field, and `ui` fields take what was sent and what
//! was wrong with `.sent(&form, &mistakes)`. Anything else that goes wrong is a
//! [`shared::page::Problem`], which becomes a page; `?` turns an error of the store into one, and the log
//! has it in full.

mod access;
mod accounts;
mod audit;
pub mod config;
mod finding;
mod guidance_pages;
mod home;
mod outcomes;
mod reports;
mod retention;
mod reviews;
pub mod routes;
mod server;
pub mod shared;
mod tasks;
mod timeline;
mod worklists;

pub use accounts::first_start::{first_start, way_back};
pub use accounts::one_time::{Purpose, offer};
pub use audit::looked::WITNESSED;
pub use config::{Allow, Config, Oidc};
pub use server::{router, serve};
pub use shared::app::App;

#[cfg(test)]
mod tests;
