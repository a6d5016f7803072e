//! The auditor's pages: who looked at which report and why, over all of them, and the state of the log.
//! Reading them is in the log itself.

pub mod files;
pub mod looked;
mod query;
mod rows;
