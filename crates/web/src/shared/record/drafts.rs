//! "Save and come back later": a page put aside half-filled, for the same officer or another to finish. What was entered is part of the
//! record and counts for nothing until it is recorded.

use askama::Template;
use askama::filters::HtmlSafe;
use report::{Command, Draft, DraftOf};

use super::{Opened, seen};
use crate::shared::form::Form;
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::words::first_upper;

/// The button that was pressed: nothing for recording, else one of the two below.
const THEN: &str = "then";
const LATER: &str = "later";
const DISCARD: &str = "discard";
/// Which state of the draft the page showed.
const SEEN: &str = "draft_seen";
/// Said when a page is recorded over what somebody else put aside in the meantime.
const OVERTAKEN: &str = "Somebody else saved this for later after you opened it. What they entered is shown below: take over what should stay, then go on";

/// Said of a page that is put aside as it was shown.
pub const NOTHING_ENTERED: &str = "Nothing has been entered yet, so there is nothing to save for later";

/// What to do with a page that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Record it.
    Record,
    /// Put it aside.
    Later,
    /// Throw away what was put aside.
    Discard,
}

/// What to do with this page.
pub fn then(sent: &Form) -> Then {
    match sent.text(THEN) {
        LATER => Then::Later,
        DISCARD => Then::Discard,
        _ => Then::Record,
    }
}

/// The command that puts a page aside or throws away what was; nothing where the page is to be recorded.
pub fn command(of: &DraftOf, sent: &Form) -> Option<Command> {
    let of = of.clone();
    match then(sent) {
        Then::Record => None,
        Then::Discard => Some(Command::DiscardDraft { of }),
        Then::Later => {
            let mut fields = report::Fields::new();
            for (name, value) in sent.pairs().filter(|(name, _)| !matches!(*name, THEN | SEEN | seen::SEEN)) {
                fields.entry(name.to_owned()).or_default().push(value.to_owned());
            }
            Some(Command::SaveDraft { of, fields, seen: sent.text(SEEN).parse().unwrap_or_default() })
        }
    }
}

/// What was put aside, as if it had just been sent.
pub fn form(draft: &Draft) -> Form {
    let pairs =
        draft.fields.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.clone(), value.clone())));
    Form::from_pairs(pairs.collect())
}

/// Why a page cannot be recorded: somebody put another state of it aside after it was opened.
pub fn overtaken(opened: &Opened, of: &DraftOf, sent: &Form) -> Option<&'static str> {
    let seen: Option<u64> = sent.text(SEEN).parse().ok();
    let now = opened.report.draft(of).map_or(0, |draft| draft.version);
    // A page made before there were drafts does not say what it showed.
    seen.is_some_and(|seen| seen < now).then_some(OVERTAKEN)
}

/// What a page says of its draft: first thing in its form, and its buttons last.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/draft.html")]
pub struct DraftNote {
    seen: u64,
    /// Who left it and when; empty where nothing was put aside.
    says: String,
    /// What somebody else entered, where this page did not show it.
    theirs: Option<SummaryList>,
}

impl HtmlSafe for DraftNote {}

/// The buttons that put a page aside or throw away what was.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/draft_buttons.html")]
pub struct DraftButtons {
    later: &'static str,
    discard: Option<&'static str>,
}

impl HtmlSafe for DraftButtons {}

impl DraftNote {
    /// For a page that shows `sent`, or else the draft where there is one. `label` names a field in words.
    pub fn of(opened: &Opened, of: &DraftOf, sent: Option<&Form>, label: impl Fn(&str) -> String) -> Self {
        let Some(draft) = opened.report.draft(of) else {
            return Self { seen: 0, says: String::new(), theirs: None };
        };
        let is_new = sent.is_some_and(|sent| sent.text(SEEN).parse() != Ok(draft.version));
        let theirs = is_new.then(|| {
            draft.fields.iter().fold(SummaryList::new(), |list, (name, values)| {
                let said = values.join(", ");
                if said.trim().is_empty() { list } else { list.row(label(name), said) }
            })
        });
        Self {
            seen: draft.version,
            says: format!("Begun by {}, {}, and not recorded yet.", draft.by.name, time::moment(draft.at)),
            theirs,
        }
    }

    /// The buttons that belong to it.
    pub fn buttons(&self) -> DraftButtons {
        DraftButtons { later: LATER, discard: (self.seen > 0).then_some(DISCARD) }
    }
}

/// The name of a field as words, where the page has none better: `threat_and_risk` is `Threat and risk`.
pub fn plain_label(name: &str) -> String {
    first_upper(&name.replace(['_', '.'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_becomes_of_the_page() {
        let form = |pairs: &[(&str, &str)]| {
            Form::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        let of = DraftOf::Outcome("21".to_owned());
        assert_eq!(command(&of, &form(&[("reason", "x")])), None);
        assert_eq!(
            command(&of, &form(&[("then", "discard"), ("reason", "x")])),
            Some(Command::DiscardDraft { of: of.clone() })
        );
        let sent = form(&[("then", "later"), ("draft_seen", "7"), ("for", "A"), ("for", "B"), ("reason", "x")]);
        let fields = [("for", vec!["A", "B"]), ("reason", vec!["x"])];
        let fields = fields.map(|(name, values)| (name.to_owned(), values.into_iter().map(str::to_owned).collect()));
        let saved = Command::SaveDraft { of: of.clone(), fields: fields.into(), seen: 7 };
        assert_eq!(command(&of, &sent), Some(saved));
        assert_eq!(plain_label("threat_and_risk"), "Threat and risk");
    }
}
