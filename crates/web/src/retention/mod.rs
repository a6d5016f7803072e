//! Whether a closed report is kept: the review, erasing, and giving somebody their own data.

pub mod erase;
pub mod own_data;
pub mod review;

#[cfg(test)]
mod tests;
