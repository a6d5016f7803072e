//! What a form is made of that is put together piece by piece: each kind of record gives a list of blocks, and one template prints them.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Link;
use crate::shared::ui::{Choices, Input, SummaryList, Table, Textarea};

/// One piece of a form, in the order it is read.
#[derive(Debug, Clone, Template)]
#[template(path = "tasks/block.html")]
pub(crate) enum Block {
    /// A field of one line.
    Input(Input),
    /// A field of several lines.
    Textarea(Textarea),
    /// Radios or checkboxes.
    Choices(Choices),
    /// A table to read.
    Table(Table),
    /// Particulars to read.
    List(SummaryList),
    /// A heading.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// A paragraph that stands out.
    Inset(String),
    /// A way to another page, which is opened beside this one so that nothing entered here is lost.
    Beside(Link),
    /// Links with a line above them.
    Links { says: String, links: Vec<Link> },
    /// Fields that belong together. `id` is unique on the page.
    Group { legend: String, hint: String, id: String, blocks: Vec<Block> },
    /// Fields that belong to one of several answers. `id` is unique on the page.
    If { legend: String, id: String, blocks: Vec<Block> },
    /// Short fields side by side where there is room.
    Row(Vec<Block>),
    /// Fields that are only needed at times, folded away until they are.
    Fold { title: String, says: String, open: bool, blocks: Vec<Block> },
}

impl HtmlSafe for Block {}

/// What was sent and what was wrong with it, for filling fields in again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    sent: Option<&'a Form>,
    mistakes: &'a Mistakes,
}

impl<'a> Sheet<'a> {
    /// `sent` is nothing for a page that is only looked at.
    pub const fn new(sent: Option<&'a Form>, mistakes: &'a Mistakes) -> Self {
        Self { sent, mistakes }
    }

    /// True while a field holds what is known: nothing else was sent or put aside for it.
    pub fn holds(&self, field: &str, known: &str) -> bool {
        self.sent.is_none_or(|form| form.text(field) == known.trim())
    }

    pub fn line(&self, field: Input) -> Block {
        Block::Input(match self.sent {
            Some(form) => field.sent(form, self.mistakes),
            None => field,
        })
    }

    pub fn text(&self, field: Textarea) -> Block {
        Block::Textarea(match self.sent {
            Some(form) => field.sent(form, self.mistakes),
            None => field,
        })
    }

    pub fn choose(&self, field: Choices) -> Block {
        Block::Choices(match self.sent {
            Some(form) => field.sent(form, self.mistakes),
            None => field,
        })
    }

    /// What was sent for a field that has something wrong with it.
    pub fn refused(&self, field: &str) -> Option<&'a str> {
        self.mistakes.about(field)?;
        self.sent.map(|form| form.text(field)).filter(|sent| !sent.is_empty())
    }

    /// True when one of these fields was filled in or has something wrong with it: then it must be in sight.
    pub fn concerns(&self, fields: &[&str]) -> bool {
        self.sent.is_some_and(|form| fields.iter().any(|field| form.has(field) || self.mistakes.about(field).is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_prints_what_is_wrong_in_it() {
        let form = Form::default();
        let mut mistakes = Mistakes::new();
        for field in ["second", "first"] {
            mistakes.add(field, format!("mend {field}"));
        }
        let sheet = Sheet::new(Some(&form), &mistakes);
        let group = Block::Group {
            legend: "<Both>".to_owned(),
            hint: String::new(),
            id: "both".to_owned(),
            blocks: vec![sheet.line(Input::new("first", "First")), sheet.text(Textarea::new("second", "Second"))],
        };
        let printed = group.to_string();
        assert!(printed.contains("&#60;Both&#62;"), "{printed}");
        assert!(printed.contains("mend second"), "{printed}");
        assert!(sheet.concerns(&["first"]) && !sheet.concerns(&["other"]));
    }
}
