//! Who acts, and the moment they act in: everything that the pure record cannot know by itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::closed_list::closed_list;
use crate::id::{ActorId, CommandId};

closed_list! {
    /// What somebody may do here.
    Role {
        CallHandler = "call-handler", "call handler";
        Officer = "officer", "officer";
        Supervisor = "supervisor", "supervisor";
        Auditor = "auditor", "auditor";
        Author = "author", "guidance author";
    }
}

/// Somebody who works with reports, as they were at that moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Stays the same when the name or the role changes.
    pub id: ActorId,
    /// For a reader: `PC 1234 Example`.
    pub name: String,
    /// The role in which they acted.
    pub role: Role,
}

/// The moment a command is decided in. The record names no clock and no source of chance: both come in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Now: when it is entered, which may be long after it happened.
    pub at: Timestamp,
    /// Who enters it.
    pub actor: Actor,
    /// A fresh id. Ids of the events are made from it, so a repeated command makes the same ids.
    pub command: CommandId,
}
