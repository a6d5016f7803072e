//! Replaying a stream: every stored advice is derived again from the events before it and must come out the same.

use guidance::Pack;
use guidance::advice::PackRef;
use jiff::Timestamp;
use serde::Serialize;

use crate::digest::digest;
use crate::event::{Event, EventBody};
use crate::state::Report;

/// How one stored advice came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum ReplayVerdict {
    /// The same facts, the same advice.
    Same,
    /// The advice is another one.
    AdviceDiffers {
        /// Digest of the advice derived now.
        derived: String,
    },
    /// The facts are others: events were changed, or are folded differently.
    FactsDiffer {
        /// Digest of the facts derived now.
        derived: String,
    },
    /// It was given under another pack than those at hand, which cannot speak for it.
    OtherPack {
        /// The pack it was given under.
        given_by: PackRef,
    },
    /// The advice kept in full is not the one whose digest is kept beside it.
    KeptAdviceAltered,
    /// The pack refuses the facts.
    Refused {
        /// Its problems, in words.
        problems: Vec<String>,
    },
}

/// One stored advice, replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayResult {
    /// Position of the stored advice in the stream.
    pub version: u64,
    /// When it was given.
    pub at: Timestamp,
    /// Digest of the advice as stored.
    pub stored: String,
    /// How it came out.
    #[serde(flatten)]
    pub verdict: ReplayVerdict,
}

/// Derives every stored advice again, in the order of the stream, each under the pack it was given under, where that is among these.
pub fn replay(events: &[Event], packs: &[&Pack]) -> Vec<ReplayResult> {
    let mut report = Report::default();
    let mut results = Vec::new();
    for event in events {
        if let EventBody::AdviceGiven { pack: given_by, facts, advice, full, .. } = &event.body {
            let verdict = match packs.iter().find(|pack| pack.reference().digest == given_by.digest) {
                Some(pack) => verdict(&report, pack, facts, advice, full.as_ref()),
                None => ReplayVerdict::OtherPack { given_by: given_by.clone() },
            };
            results.push(ReplayResult {
                version: event.version,
                at: event.recorded_at,
                stored: advice.clone(),
                verdict,
            });
        }
        report.evolve(event);
    }
    results
}

fn verdict(report: &Report, pack: &Pack, facts: &str, advice: &str, full: Option<&serde_json::Value>) -> ReplayVerdict {
    let derived = match report.advise(pack) {
        Ok(advised) => advised,
        Err(problems) => {
            return ReplayVerdict::Refused { problems: problems.iter().map(ToString::to_string).collect() };
        }
    };
    let (facts_now, advice_now) = (digest(derived.facts()), digest(derived.advice()));
    let kept = full.and_then(|kept| serde_json::from_value::<guidance::Advice>(kept.clone()).ok());
    if facts_now != facts {
        ReplayVerdict::FactsDiffer { derived: facts_now }
    } else if advice_now != advice {
        ReplayVerdict::AdviceDiffers { derived: advice_now }
    } else if full.is_some() && kept.map(|kept| digest(&kept)).as_ref() != Some(&advice_now) {
        ReplayVerdict::KeptAdviceAltered
    } else {
        ReplayVerdict::Same
    }
}
