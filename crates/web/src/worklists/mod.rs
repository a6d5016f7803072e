//! Lists of reports, and who works on each. No list names anybody in a report.

mod alerts;
pub mod concern;
pub mod give;
pub mod list;
mod lists;
mod rows;

pub use alerts::{Alert, Urgent, alerts, urgent};
pub use lists::List;
pub use rows::{kept_table, table};
