//! `waymark audit` against a real database, sound and tampered with, and against a real small witness.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod elsewhere;
mod many;
mod signing;
mod site;
mod small;
mod sound;
mod tampered;
mod witnessed;
