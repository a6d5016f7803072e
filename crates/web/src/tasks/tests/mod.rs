//! Every task of a report through its own page, as an officer does it.

mod decisions;
mod desk;
mod entries;
mod forms;
mod kinds;
mod later;
mod work;

use report::Choice;

/// The kinds of record that a page of this slice or a review can complete.
const KINDS: &[&str] = &[
    "welfare",
    "referral",
    "meeting",
    "checks",
    "account",
    "decision",
    "form",
    "told",
    "signposting",
    "removal",
    "identify",
    "crime",
    "note",
    "review",
];

/// What the pack writes has to be something that a page can take.
#[test]
fn every_duty_of_the_pack_has_a_page_that_can_complete_it() {
    let pack = crate::tests::pack();
    for duty in pack.duties() {
        assert!(
            KINDS.contains(&duty.evidence.as_str()),
            "{}: {}",
            duty.id,
            duty.evidence
        );
        let choices: Vec<Choice> = duty
            .choices
            .iter()
            .map(|choice| choice.value.parse().unwrap())
            .collect();
        let is_decision = duty.evidence == "decision";
        assert_eq!(!choices.is_empty(), is_decision, "{}", duty.id);
        assert!(
            !is_decision || choices.contains(&Choice::Later),
            "{}",
            duty.id
        );
        let has_form = pack.forms().iter().any(|form| form.id == duty.id);
        assert_eq!(has_form, duty.evidence == "form", "{}", duty.id);
    }
}
