//! The guidance engine: text of a pack in, checked pack out; facts in, advice out.
//!
//! Pure and total: no clock, file, socket or randomness, and [`Pack::advise`] never fails.
//!
//! The way through: [`Pack::load`] reads the files of a pack (`node`, `shaped`, `spec`), looks up every name
//! (`expr`, `resolve`), compiles every condition into one set of decision diagrams (`mdd`, `compile`) and
//! proves the pack's properties over all facts (`prove`). [`Pack::read_toml`] and [`Pack::read_json`] turn text
//! into [`Facts`]; [`Pack::case`] turns facts into sets of still possible values (`case`);
//! [`Pack::advise`] reads the diagrams (`eval`, `advise`).
//!
//! What is not known is exact: a conclusion is definite when it holds in every completion of what is not
//! known, and only then. Absent and not-known never count as "no".

pub mod advice;
mod advise;
mod asked;
mod assemble;
mod case;
mod compile;
mod cond;
mod day;
mod decide;
mod differences;
mod digest;
mod due;
mod eval;
pub mod expect;
mod explain;
mod expr;
pub mod facts;
mod group;
mod holds;
mod joint;
mod leaflet;
mod many;
mod masks;
mod mdd;
mod near;
mod node;
mod pack;
mod problem;
mod prove;
mod read;
mod reading;
mod reasons;
mod resolve;
mod restrict;
mod rests;
pub mod retention;
mod rules;
mod schema;
mod shaped;
mod share;
mod shown;
mod spec;
mod texts;
mod turned;
mod vectors;
pub mod words;
mod write;

pub use advice::Advice;
pub use case::Case;
pub use decide::{Decided, DutyStands, OutcomeStands};
pub use differences::{Differences, Stands};
pub use eval::About;
pub use explain::NOBODY;
pub use facts::{Entity, Facts, Value};
pub use near::meant;
pub use pack::{Pack, Source};
pub use problem::Problem;
pub use prove::Proof;
pub use read::{MAX_ENTITIES, MAX_ID, MAX_WORDS};
pub use schema::ADULT;
pub use share::{List, Text};
