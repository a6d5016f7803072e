//! Who may see a report: saying why one looks, restricting it, conflicts of interest, emergencies and their
//! review, passing it to another unit.

pub mod conflict_of_another;
pub mod emergency;
pub mod lift;
pub mod own_conflict;
pub mod pass;
pub mod restrict;
pub mod review;
pub mod who;
pub mod why;

#[cfg(test)]
mod tests;
