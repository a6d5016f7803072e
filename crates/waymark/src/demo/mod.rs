//! A force that does not exist, for looking around: users, and a report at every stage.
//!
//! The reports are data (`demo/reports.toml`), carried out step by step through the same way that pages use, with a
//! clock that was moved back. Nothing is written past the rules of the record.

mod build;
mod data;
mod desk;
mod evidence;

pub use build::build;
pub use data::Demo;
