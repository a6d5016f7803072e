//! Every task of a report through its own page, as an officer does it.

mod crimes;
mod decisions;
mod desk;
mod entries;
mod forms;
mod kinds;
mod later;
mod places;
mod work;

use guidance::words::{DECISIONS, EVIDENCE};
use jiff::Timestamp;
use report::{Choice, DutyId};

use super::kinds::{Ask, all_fields};
use crate::shared::blocks::Sheet;
use crate::shared::form::Mistakes;

/// A review is given by reviewing, on a page of its own.
const ELSEWHERE: &str = "review";

/// What the pack writes has to be something that a page can take.
#[tokio::test]
async fn every_duty_of_the_pack_has_a_page_that_can_complete_it() {
    let desk = desk::Desk::full().await;
    let opened = desk.now().await;
    let mut met = Vec::new();
    for words in opened.pack().duties() {
        let id = match words.scope.as_str() {
            "person" => format!("{}:A", words.id),
            "device" => format!("{}:D1", words.id),
            _ => words.id.clone(),
        };
        let duty: DutyId = id.parse().unwrap();
        let ask = Ask { opened: &opened, duty: &duty, words, officer: "PC Starter", now: Timestamp::UNIX_EPOCH };
        let asks = all_fields(ask, &Sheet::new(None, &Mistakes::new()));
        assert_eq!(asks.is_empty(), words.evidence == ELSEWHERE, "{id}");
        if words.evidence == "decision" {
            let later = |choice: &guidance::words::ChoiceWords| choice.value == "later";
            assert!(words.choices.iter().any(later), "{id} can be put off");
        }
        met.push(words.evidence.as_str());
    }
    // Whatever may be written into a pack is met with here.
    assert!(EVIDENCE.iter().all(|kind| met.contains(kind)), "{met:?}");
}

#[test]
fn whatever_a_pack_may_offer_to_decide_the_record_can_keep() {
    let kept: Vec<&str> = Choice::ALL.iter().map(|choice| choice.word()).collect();
    assert_eq!(DECISIONS.as_slice(), kept);
}
