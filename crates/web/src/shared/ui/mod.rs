//! The components that pages are made of, each a plain value with a template of its own. A page holds
//! them as fields and prints them with `{{ name }}`; whatever text they hold is escaped.
//!
//! What needs no state (buttons, tags, inset and warning text) is a macro in `templates/ui/macros.html`.

mod choices;
mod fields;
mod lists;

pub use choices::{Choice, Choices};
pub use fields::{Field, Input, Kind, Line, Lines, Textarea};
pub use lists::{Cell, Moment, Pagination, SummaryList, SummaryRow, Table, Task, TaskList, Timeline, Why};

/// A control that was or will be sent: what it asks, and what is sent in words.
pub trait Asks {
    /// The name it is sent under, which is the id of its first control.
    fn name(&self) -> &str;
    /// What it asks.
    fn label(&self) -> &str;
    /// What was sent, as it is read.
    fn words(&self, sent: &[String]) -> String {
        sent.join(", ")
    }
}

/// Says of a component that what it prints is HTML already.
macro_rules! html {
    ($($component:ty),+) => { $(impl askama::filters::HtmlSafe for $component {})+ };
}
html!(Choices, Input, Textarea, Pagination, SummaryList, Table, TaskList, Timeline, Why);

#[cfg(test)]
mod tests;
