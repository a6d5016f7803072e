//! A form that was sent when it could not be taken yet: it is held on the page that asks for what is missing, and sent again after.

use askama::Template;

use super::form::Form;
use super::frame::Frame;

/// The page that sends it again: what was entered is not saved before somebody presses the button.
#[derive(Template)]
#[template(path = "send_held.html")]
pub struct SendHeld {
    /// What stands around it; with the token that the form needs now.
    pub frame: Frame,
    /// What was missing, and is there now.
    pub says: &'static str,
    /// Where it is sent.
    pub to: String,
    /// Its fields: see [`read_held`].
    pub fields: Vec<(String, String)>,
}

/// The fields of a form as one text, to be carried through signing in. Never passwords.
pub(super) fn held(form: &Form) -> String {
    serde_json::to_string(&sendable(form)).unwrap_or_default()
}

/// The fields of a form that may stand on a page to be sent again. Never passwords.
pub(super) fn sendable(form: &Form) -> Vec<(String, String)> {
    form.pairs()
        .filter(|(name, _)| !name.contains("password"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What [`held`] made, read back; `None` for anything else.
pub fn read_held(text: &str) -> Option<Vec<(String, String)>> {
    serde_json::from_str(text).ok()
}
