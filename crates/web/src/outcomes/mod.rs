//! Which outcomes are open, deciding one, closing a report and what can be done afterwards.

pub mod afterwards;
pub mod all;
pub mod close;
pub mod decide;
mod decided;
mod lines;
mod stands;
mod unanswered;

pub use lines::{Card, Line};
