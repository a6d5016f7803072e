//! What happened to a report, and who looked at it.

pub mod looked_at;
#[expect(clippy::module_inception, reason = "the page is what the slice is named for")]
pub mod timeline;
