//! The five steps of the National Decision Model in a form, for every page that takes a decision in full.

use report::Ndm;

use super::blocks::{Block, Sheet};
use super::form::Form;
use super::ui::Textarea;

/// The steps of the model: field, label, help.
pub const STEPS: [(&str, &str, &str); 5] = [
    ("information", "Information: what do you know, and from where?", ""),
    (
        "threat_and_risk",
        "Threat and risk: who may come to harm, and how?",
        "From what happened, and from what you are about to do. Think of what it does to a child.",
    ),
    ("powers_and_policy", "Powers and policy: what do you rely on?", ""),
    ("options", "Options: what else could be done, and why not that?", "Begin with the smallest step."),
    ("action_and_review", "Action and review: what will you do, and when is it looked at again?", ""),
];

/// Their fields.
pub(crate) fn ndm_fields(sheet: &Sheet<'_>) -> Vec<Block> {
    STEPS.iter().map(|(field, label, hint)| sheet.text(Textarea::new(*field, *label).hint(*hint).rows(3))).collect()
}

/// Reads the five steps.
pub(crate) fn read_ndm(form: &Form) -> Ndm {
    let text = |field: &str| form.text(field).to_owned();
    Ndm {
        information: text("information"),
        threat_and_risk: text("threat_and_risk"),
        powers_and_policy: text("powers_and_policy"),
        options: text("options"),
        action_and_review: text("action_and_review"),
    }
}
