//! Why somebody does not get in by the force's own sign-in, in words for them.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::shared::frame::Frame;
use crate::shared::page::page;

/// What went wrong. Words inside are for the log, but for those of [`Trouble::NoAccount`].
#[derive(Debug)]
pub enum Trouble {
    /// The provider gave no answer, or none that could be used.
    Unreachable(String),
    /// Not begun in this browser, used already, or too old.
    State,
    /// The provider says no.
    Denied(String),
    /// What came could not be verified.
    NotBelieved(String),
    /// No account has this user name.
    NoAccount(String),
    /// None of the values that let somebody in.
    NotAllowed,
    /// The account is tied to somebody else at the provider.
    SomebodyElse,
    /// The account is disabled.
    Disabled,
    /// The account has no role yet.
    Waiting,
    /// They confirmed as somebody else than who is signed in.
    NotTheSame,
}

impl Trouble {
    fn says(&self) -> String {
        let words = match self {
            Self::Unreachable(_) => "It cannot be reached just now. Try again in a minute, or sign in another way.",
            Self::State => {
                "This was begun in another browser, was used already, or took longer than 5 minutes. Begin again."
            }
            Self::Denied(_) => {
                "It did not let you in, or you turned back. Begin again, or ask whoever looks after accounts in your force."
            }
            Self::NotBelieved(_) => {
                "What it sent could not be verified, so you were not signed in. Begin again. If it happens again, tell whoever looks after Waymark in your force the time it happened."
            }
            Self::NoAccount(name) => {
                return format!(
                    "It knows you as {name}, and nobody has that user name in Waymark. Ask a supervisor to add you with it."
                );
            }
            Self::NotAllowed => {
                "Your force has not given you access to Waymark. Ask a supervisor if you need it for your work."
            }
            Self::SomebodyElse => {
                "The account with your user name belongs to somebody else there. Ask a supervisor to look at it."
            }
            Self::Disabled => "Your account in Waymark is disabled. Ask a supervisor if that is wrong.",
            Self::Waiting => {
                "Your account has been made. Before you can use it, a supervisor has to give it a role. Ask one, then sign in again."
            }
            Self::NotTheSame => {
                "You confirmed as somebody else than who is signed in here. Sign out first, or confirm as yourself."
            }
        };
        words.to_owned()
    }

    /// The page that says so.
    pub fn show(&self, frame: Frame, label: &str) -> Response {
        tracing::warn!(why = ?self, "the force's own sign-in let nobody in");
        let shown = TroublePage { frame, label: label.to_owned(), says: self.says() };
        // As for whatever else cannot be done: the reader is not at fault, and the server neither.
        (StatusCode::CONFLICT, page(false, &shown)).into_response()
    }
}

#[derive(Template)]
#[template(path = "accounts/force_trouble.html")]
struct TroublePage {
    frame: Frame,
    label: String,
    says: String,
}
