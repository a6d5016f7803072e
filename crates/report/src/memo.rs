//! The advice last worked out for a report, kept for whoever asks again.
//!
//! One command asks several times for the advice on the same facts: to decide it, for the worklist, for the page. Advice is a function
//! of pack and facts, and both are compared, so what is remembered can not be wrong, and nothing has to be forgotten when the report goes on.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use guidance::{Advice, Facts};

use crate::digest::digest;

/// Advices kept: that before a command and that after it.
const KEPT: usize = 2;

/// Shared by a report and its copies. It is no part of what the report is: all are equal.
#[derive(Clone, Default)]
pub(crate) struct Memo(Arc<Mutex<Vec<Advised>>>);

/// Facts and the advice on them, shared by everybody who asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Advised(Arc<Remembered>);

#[derive(Debug)]
struct Remembered {
    /// Digest of the pack.
    pack: String,
    facts: Facts,
    advice: Advice,
    /// Digest of the advice, once it was asked for: writing all of it out takes longer than most of a step.
    digest: OnceLock<String>,
}

impl PartialEq for Remembered {
    fn eq(&self, other: &Self) -> bool {
        (&self.pack, &self.facts, &self.advice) == (&other.pack, &other.facts, &other.advice)
    }
}

impl Advised {
    /// The facts as they counted.
    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    /// The advice on them.
    pub fn advice(&self) -> &Advice {
        &self.0.advice
    }

    /// Digest over the advice as JSON.
    pub(crate) fn digest(&self) -> &str {
        self.0.digest.get_or_init(|| digest(&self.0.advice))
    }
}

impl Memo {
    /// The advice on these facts, if it was among the last ones worked out.
    pub(crate) fn advice(&self, pack: &str, facts: &Facts) -> Option<Advised> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|known| known.0.pack == pack && known.0.facts == *facts).cloned()
    }

    /// Remembers the advice on these facts, and gives it back to be shared.
    pub(crate) fn keep(&self, pack: &str, facts: Facts, advice: Advice) -> Advised {
        let new = Advised(Arc::new(Remembered { pack: pack.to_owned(), facts, advice, digest: OnceLock::new() }));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.truncate(KEPT - 1);
        known.insert(0, new.clone());
        new
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl std::fmt::Debug for Memo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memo")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use guidance::{Entity, Value};

    use super::*;

    fn facts(id: &str) -> Facts {
        let person = Entity { id: id.to_owned(), facts: [("age".to_owned(), Value::Years(14))].into() };
        Facts { person: vec![person], ..Facts::default() }
    }

    fn advice(says: &str) -> Advice {
        let empty = serde_json::json!({
            "pack": {"id": says, "version": "1", "digest": says}, "class": "undetermined", "grounds": [], "persons": {}, "duties": [],
            "devices": {}, "why_not": [], "outcomes": [], "crime": {"record": "not-yet-known", "classes": []}, "ask_next": [],
            "would_change": [], "contradictions": []
        });
        serde_json::from_value(empty).unwrap()
    }

    #[test]
    fn what_is_remembered_is_of_this_pack_and_these_facts() {
        let memo = Memo::default();
        let said = |pack: &str, facts: &Facts| memo.advice(pack, facts).map(|advised| advised.advice().pack.id.clone());
        memo.keep("one", facts("A"), advice("first"));
        assert_eq!(said("one", &facts("A")).as_deref(), Some("first"));
        assert_eq!(said("two", &facts("A")), None, "another pack says something else");
        assert_eq!(said("one", &facts("B")), None);
        memo.clone().keep("one", facts("B"), advice("second"));
        assert_eq!(said("one", &facts("A")).as_deref(), Some("first"), "before and after are both wanted");
        assert_eq!(said("one", &facts("B")).as_deref(), Some("second"), "a copy shares it");
        memo.keep("one", facts("C"), advice("third"));
        assert_eq!(said("one", &facts("A")), None, "no more than two are kept");
        assert_eq!(said("one", &facts("B")).as_deref(), Some("second"));
    }
}
