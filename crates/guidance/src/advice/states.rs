//! The words of the contract for where a conclusion stands.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+ }
        impl $name {
            /// The word of the contract.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
            /// The value for a word of the contract.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }
    };
}

words! {
    /// The class of a report or of one person's own conduct.
    Class {
        /// Takes no part (persons only).
        NotInvolved = "not-involved",
        /// No aggravating feature, in every completion of what is not known.
        Experimental = "experimental",
        /// Not settled by what is known; `ask_next` names what would settle it.
        Undetermined = "undetermined",
        /// An aggravating feature, in every completion of what is not known.
        Aggravated = "aggravated",
    }
}
words! {
    /// Whether something holds in every completion, in none, or in some.
    Truth {
        /// In every completion.
        Yes = "yes",
        /// In none.
        No = "no",
        /// In some.
        Undetermined = "undetermined",
    }
}
words! {
    /// May this person be entered as a suspect at all? Never a recommendation to do so.
    SuspectRole {
        /// Never.
        Never = "never",
        /// Open to the officer; not the default.
        Possible = "possible",
        /// Depends on what is not known.
        NotYetKnown = "not-yet-known",
    }
}
words! {
    /// How strongly the guidance asks for a duty.
    Strength {
        /// Required.
        Must = "must",
        /// Expected; leaving it is a recorded decision.
        Should = "should",
        /// Offered.
        Consider = "consider",
    }
}
words! {
    /// Where a duty stands.
    DutyState {
        /// To be done.
        Due = "due",
        /// May be needed: an unanswered fact could still raise it.
        NotYetKnown = "not-yet-known",
        /// Complete.
        Done = "done",
    }
}
words! {
    /// What to do about a device.
    DeviceAdvice {
        /// No routine seizure.
        Leave = "leave",
        /// Secure what is there without taking the device where that can be done.
        Preserve = "preserve",
        /// Seize where possible.
        SeizeWherePossible = "seize-where-possible",
    }
}
words! {
    /// Whether a Home Office outcome may be used.
    OutcomeState {
        /// Everything it needs holds.
        Open = "open",
        /// Not available, whatever else is found out.
        Blocked = "blocked",
        /// Something is still missing.
        NotYet = "not-yet",
    }
}
words! {
    /// Whether a crime is to be recorded.
    Record {
        /// A crime class is definite.
        Yes = "yes",
        /// None is possible.
        No = "no",
        /// One may be.
        NotYetKnown = "not-yet-known",
    }
}
