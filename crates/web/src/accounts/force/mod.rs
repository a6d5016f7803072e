//! Signing in with the accounts that the force has already: the pages, and who somebody is here.

mod pages;
mod person;

pub use pages::{back, signed_out, start};
