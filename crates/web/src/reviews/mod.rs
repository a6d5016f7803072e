//! Looking at a whole report: an officer checks the answers and asks for a review, a supervisor reviews.

mod advised;
mod answers;
pub mod ask;
pub mod check;
mod decisions;
mod ending;
pub mod review;
mod then;
mod verdicts;

#[cfg(test)]
mod tests;
