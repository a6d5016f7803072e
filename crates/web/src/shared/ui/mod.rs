//! The components that pages are made of, each a plain value with a template of its own. A page holds
//! them as fields and prints them with `{{ name }}`; whatever text they hold is escaped.
//!
//! What needs no state (buttons, tags, inset and warning text) is a macro in `templates/ui/macros.html`.

mod choices;
mod fields;
mod lists;

pub use choices::{Choice, Choices};
pub use fields::{Input, Textarea};
pub use lists::{
    Cell, Moment, Pagination, SummaryList, SummaryRow, Table, Task, TaskList, Timeline, Why,
};

/// Says of a component that what it prints is HTML already.
macro_rules! html {
    ($($component:ty),+) => { $(impl askama::filters::HtmlSafe for $component {})+ };
}
html!(
    Choices,
    Input,
    Textarea,
    Pagination,
    SummaryList,
    Table,
    TaskList,
    Timeline,
    Why
);

#[cfg(test)]
mod tests;
