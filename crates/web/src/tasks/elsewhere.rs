//! Duties that have no form of their own: where they are done.

use report::WaitsFor;

use super::kinds::Ask;
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Link;
use crate::shared::visit::Signed;

/// Where a duty is done that has no form here: a review, or what comes after the outcome.
pub(super) fn elsewhere(ask: Ask<'_>, signed: &Signed) -> Option<Link> {
    let reference = ask.opened.reference();
    let is_review = ask.words.evidence == "review";
    let (href, text) = if is_review && signed.may(Permission::Review) {
        (routes::review(reference), "Review the report")
    } else if is_review {
        (routes::check(reference), "Check your answers and ask for a review")
    } else {
        match ask.waits_for()? {
            WaitsFor::Outcome => (routes::outcomes(reference), "See the outcomes"),
            WaitsFor::Agreement => (routes::ask_for_review(reference), "Ask for a review"),
        }
    };
    Some(Link { href, text: text.to_owned() })
}
