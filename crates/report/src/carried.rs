//! Who goes with a report into one that is linked with it: who they are and that this is known. Their age and part stay behind, because
//! they belong to the act.

use guidance::Value;

use crate::id::{FactName, PersonId};
use crate::people::CarriedPerson;
use crate::state::Report;

/// The fact that says whether it is known who somebody is.
pub(crate) const IDENTIFIED: &str = "identified";

impl Report {
    /// People as they are carried into a linked report: who they are, never their age or part.
    pub fn carry(&self, people: &[PersonId]) -> Vec<CarriedPerson> {
        people
            .iter()
            .filter_map(|id| self.person(id.as_str()))
            .map(|p| CarriedPerson {
                person: p.id.clone(),
                identified: self.is_identified(&p.id),
                identity: p.identity.clone(),
                authorities: p.authorities.clone(),
            })
            .collect()
    }

    fn is_identified(&self, person: &PersonId) -> bool {
        let fact = FactName::person(person, IDENTIFIED).ok();
        fact.and_then(|fact| self.current(&fact).value) == Some(Value::word("yes"))
    }
}
