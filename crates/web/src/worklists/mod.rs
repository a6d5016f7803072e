//! Lists of reports, and who works on each. No list names anybody in a report.

pub mod concern;
pub mod give;
pub mod list;
mod lists;
mod rows;

pub use lists::List;
pub use rows::table;
