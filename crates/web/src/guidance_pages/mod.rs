//! The guidance in force, for anybody to read: what it asks, the rules and questions that put it into practice,
//! and what was proved of them.

mod carried;
pub mod examples;
pub mod index;
pub mod kept;
pub mod leaflet;
pub mod rules;
pub mod statements;
pub mod words;
