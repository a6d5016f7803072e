//! A class that an officer holds to be right where the guidance gives another one. The class of the report stays what is derived:
//! what somebody holds is shown beside it, with their reasons, and a supervisor looks at it.

use guidance::advice::Class;
use jiff::Timestamp;

use crate::actor::Actor;
use crate::decision::Ndm;
use crate::id::ActorId;
use crate::state::Report;

/// What one officer holds the class to be; the last they said counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassHeld {
    /// What they hold it to be.
    pub class: Class,
    /// What the guidance gave when they said so.
    pub advised: Class,
    /// In a line or more.
    pub reason: String,
    /// In full.
    pub ndm: Ndm,
    /// Who holds it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
}

impl ClassHeld {
    /// What a report can be held to be: that somebody takes no part is said of people only.
    pub const OFFERED: [Class; 3] = [Class::Experimental, Class::Aggravated, Class::Undetermined];

    /// Does it differ from what the guidance gives now? The facts may have changed since.
    pub fn differs(&self, now: Class) -> bool {
        self.class != now
    }
}

impl Report {
    /// What officers hold the class to be where that is not what the guidance gives now: each once, the first said first.
    pub fn classes_held_against(&self, now: Class) -> Vec<Class> {
        let mut all = Vec::new();
        for held in self.classes_held.iter().filter(|held| held.differs(now)) {
            if !all.contains(&held.class) {
                all.push(held.class);
            }
        }
        all
    }

    /// What somebody holds the class to be, where they said so and did not take it back.
    pub fn class_held_by(&self, actor: &ActorId) -> Option<&ClassHeld> {
        self.classes_held.iter().find(|held| held.by.id == *actor)
    }
}
