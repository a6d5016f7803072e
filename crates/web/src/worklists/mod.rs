//! Lists of reports. No list names anybody in a report.

pub mod list;
mod lists;
mod rows;

pub use lists::List;
pub use rows::table;
