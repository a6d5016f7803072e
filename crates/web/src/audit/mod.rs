//! The auditor's pages: who looked at which report and why, over all of them, and the state of the log; what was given to others;
//! what was erased; what was done to accounts and keys.
//! Reading them is in the log itself.

pub mod administered;
pub mod disclosed;
pub mod erased;
pub mod files;
pub mod list;
pub mod looked;
mod query;
mod rows;
mod take;
