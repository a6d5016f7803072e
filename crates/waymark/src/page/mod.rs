//! Text for people: layout, words, and the page of advice.

pub mod advice;
pub mod layout;
mod outcomes;
mod recording;
pub mod words;
