//! Finding people: by what is known of somebody, and whether somebody in a report was in an earlier one.
//! Waymark says what two people have in common and where they differ; the officer says whether they are one.

mod candidate;
pub mod earlier;
pub mod find;
pub mod same;

#[cfg(test)]
mod tests;
