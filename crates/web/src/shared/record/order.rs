//! The order in which questions are asked: by section, then person by person, then as the guidance lists them. Safety is the
//! first section after who is involved.

use report::{FactName, FactScope};

use super::Opened;

/// Place of a question's section, of the person or device it is about, and of the question itself.
pub type AskedAt = (usize, usize, usize);

impl Opened {
    /// Where a question stands in the order; nothing for a fact that the guidance has no question for.
    pub fn asked_at(&self, fact: &FactName) -> Option<AskedAt> {
        let questions = self.pack().questions();
        let place = questions.iter().position(|question| question.fact == fact.question())?;
        let named = &questions.get(place)?.section;
        let section = questions.iter().position(|question| question.section == *named)?;
        Some((section, self.subject_place(fact), place))
    }

    fn subject_place(&self, fact: &FactName) -> usize {
        let place = match fact.scope() {
            FactScope::Report => None,
            FactScope::Person(id) => {
                let mut people = self.report.people.iter();
                people.position(|person| person.id.as_str() == id)
            }
            FactScope::Device(id) => {
                let mut devices = self.report.devices.iter();
                devices.position(|device| device.id.as_str() == id)
            }
        };
        place.unwrap_or_default()
    }
}
