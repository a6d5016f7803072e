//! What is shown: lists, tables, moments in time, reasons.

use askama::Template;

use crate::shared::frame::Link;

/// "Why we ask", folded away, with links to what the guidance says.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/why.html")]
pub struct Why {
    title: &'static str,
    says: String,
    /// Several things of which each is a line of its own.
    lines: Vec<String>,
    cites: Vec<Link>,
    /// Address of the rule, and what the rule says.
    rule: Option<(String, String)>,
}

impl Why {
    /// With what it comes from, in words: see [`crate::shared::words::cited`].
    pub fn new(says: impl Into<String>, cites: Vec<Link>) -> Self {
        Self { title: "Why we ask", says: says.into(), lines: Vec::new(), cites, rule: None }
    }

    /// What something rests on, a line each.
    pub fn rests_on(mut lines: Vec<String>, cites: Vec<Link>) -> Self {
        let says = if lines.len() == 1 { lines.pop().unwrap_or_default() } else { String::new() };
        Self { lines, ..Self::new(says, cites).titled("What this rests on") }
    }

    /// With the page of the rule, where its worked examples are.
    #[must_use]
    pub fn with_rule(mut self, href: impl Into<String>, says: impl Into<String>) -> Self {
        self.rule = Some((href.into(), says.into()));
        self
    }

    /// Another title: "Why this is advised".
    #[must_use]
    pub const fn titled(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }
}

/// One row of a [`SummaryList`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// What it is.
    pub key: String,
    /// What was answered; line ends are kept.
    pub value: String,
    /// Where it can be changed.
    pub change: Option<String>,
}

/// Answers to check, or particulars to read.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ui/summary_list.html")]
pub struct SummaryList {
    rows: Vec<SummaryRow>,
}

impl SummaryList {
    /// Without rows.
    pub const fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a row that is only read.
    #[must_use]
    pub fn row(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.rows.push(SummaryRow { key: key.into(), value: value.into(), change: None });
        self
    }

    /// Adds a row with a link to the page where it is changed.
    #[must_use]
    pub fn changeable(mut self, key: impl Into<String>, value: impl Into<String>, change: impl Into<String>) -> Self {
        self.rows.push(SummaryRow { key: key.into(), value: value.into(), change: Some(change.into()) });
        self
    }
}

/// One line of a [`TaskList`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What is to be done.
    pub title: String,
    /// When, and by whom; may be empty.
    pub hint: String,
    /// Where it is done; `None` while it cannot be.
    pub href: Option<String>,
    /// "Done", "Overdue", "Due today".
    pub status: String,
    /// Colour of the tag (`blue`, `red`, `yellow`, `green`, `grey` …); empty for plain text, which is for what needs nobody's attention.
    pub colour: &'static str,
}

/// What is to be done, a line each.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/task_list.html")]
pub struct TaskList {
    name: String,
    tasks: Vec<Task>,
}

impl TaskList {
    /// `name` begins the ids, and is unique on the page.
    pub fn new(name: impl Into<String>, tasks: Vec<Task>) -> Self {
        Self { name: name.into(), tasks }
    }

    /// True when there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    fn id(&self, index: &usize) -> String {
        format!("{}-{}", self.name, index + 1)
    }
}

/// One cell of a [`Table`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    href: Option<String>,
    colour: &'static str,
    /// Said under it; may be empty.
    beside: String,
}

impl Cell {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), href: None, colour: "", beside: String::new() }
    }

    /// A link.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), colour: "", beside: String::new() }
    }

    /// A coloured tag.
    pub fn tag(text: impl Into<String>, colour: &'static str) -> Self {
        Self { text: text.into(), href: None, colour, beside: String::new() }
    }

    /// With something said under it.
    #[must_use]
    pub fn beside(mut self, says: impl Into<String>) -> Self {
        self.beside = says.into();
        self
    }
}

/// A table. On a telephone each row is a block in which every cell says what it is.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/table.html")]
pub struct Table {
    caption: String,
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
    packed: bool,
}

impl Table {
    /// With a caption and the heads of its columns. The first cell of each row is its head.
    pub fn new(caption: impl Into<String>, heads: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            heads: heads.iter().map(|head| (*head).to_owned()).collect(),
            rows: Vec::new(),
            packed: false,
        }
    }

    /// For many rows of many cells: on a telephone cells stand beside one another where they fit, not each on a line of its own.
    #[must_use]
    pub const fn packed(mut self) -> Self {
        self.packed = true;
        self
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// What a cell is, beside it on a telephone.
    fn head(&self, index: &usize) -> &str {
        self.heads.get(*index).map_or("", String::as_str)
    }

    /// What it shows.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// True when there is no row.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }
}

/// One moment of a [`Timeline`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What happened.
    pub title: String,
    /// Who did it; may be empty.
    pub by: String,
    /// When, for programs: `2026-11-24T09:30:00Z`.
    pub at: String,
    /// When, for people: see [`crate::shared::time::moment`].
    pub when: String,
    /// More; may be empty, line ends are kept.
    pub says: String,
    /// What was entered in one go, each with its time; usually empty.
    pub lines: Vec<(String, String)>,
}

/// What happened, one moment after another.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/timeline.html")]
pub struct Timeline {
    moments: Vec<Moment>,
}

impl Timeline {
    /// In the order given.
    pub const fn new(moments: Vec<Moment>) -> Self {
        Self { moments }
    }
}

/// Links to the page before and the page after.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/pagination.html")]
pub struct Pagination {
    earlier: Option<String>,
    later: Option<String>,
}

impl Pagination {
    /// Where the two links lead; `None` at either end.
    pub const fn new(earlier: Option<String>, later: Option<String>) -> Self {
        Self { earlier, later }
    }
}
