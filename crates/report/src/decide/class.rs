//! Holding the class to be another one than the guidance gives, and taking that back.

use guidance::Pack;
use guidance::advice::Class;

use super::decisions::unusable;
use super::{Bodies, required, settle};
use crate::actor::Context;
use crate::class_held::ClassHeld;
use crate::decision::Ndm;
use crate::event::EventBody;
use crate::refusal::Wrong;
use crate::state::Report;
use crate::view::class_words;

pub(super) fn hold(report: &Report, pack: &Pack, context: &Context, class: Class, reason: String, ndm: Ndm) -> Bodies {
    let advised = report.advise(pack).map_err(|problems| unusable(&problems))?.advice().class;
    let mut wrongs = Vec::new();
    if !ClassHeld::OFFERED.contains(&class) {
        wrongs.push(Wrong::new("class", "This cannot be a view of the class. Select one of the answers"));
    } else if class == advised {
        let says = format!(
            "The guidance now says the same: {}. There is nothing to record, or select another view of the class",
            class_words(advised)
        );
        wrongs.push(Wrong::new("class", says));
    }
    required("reason", &reason, "Say why you disagree", &mut wrongs);
    ndm.guard(&mut wrongs);
    ndm.require_full("Disagreeing with the class is yours to decide and needs the full record", &mut wrongs);
    settle(wrongs)?;
    let said = report.class_held_by(&context.actor.id);
    if said.is_some_and(|held| held.class == class && held.reason == reason && held.ndm == ndm) {
        return Ok(Vec::new());
    }
    Ok(vec![EventBody::ClassHeld { class, advised, reason, ndm }])
}

/// What one officer holds, nobody else takes back.
pub(super) fn hold_no_longer(report: &Report, context: &Context, reason: String) -> Bodies {
    let mut wrongs = Vec::new();
    required("reason", &reason, "Say why you withdraw your view", &mut wrongs);
    if report.class_held_by(&context.actor.id).is_none() {
        wrongs.push(Wrong::new("", "You have not recorded a view of the class, or have withdrawn it already"));
    }
    settle(wrongs)?;
    Ok(vec![EventBody::ClassHeldNoLonger { reason }])
}
