//! Records that are plain words.

use super::{Block, Sheet};
use crate::shared::ui::Textarea;

/// What was done to find out who somebody is.
pub(super) fn identify(sheet: &Sheet<'_>) -> Vec<Block> {
    vec![
        sheet.text(
            Textarea::new("note", "What was done to find out who this is?")
                .hint("Platform, exact user name, dates; whom you asked, what they keep, and what came of it."),
        ),
    ]
}

/// Anything else that was done.
pub(super) fn note(sheet: &Sheet<'_>) -> Vec<Block> {
    vec![
        sheet.text(
            Textarea::new("text", "What was done?")
                .hint("What was offered or agreed, with whom, and when somebody will look again."),
        ),
    ]
}
