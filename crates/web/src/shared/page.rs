//! From a template to a response, and the page somebody gets when things go wrong.

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::frame::Frame;
use super::summary::in_page_order;
use crate::routes;

/// Why a page could not be given. Becomes a page of its own with the frame of the service around it;
/// what went wrong inside goes to the log in full and never to the reader.
#[derive(Debug, Clone)]
pub enum Problem {
    /// There is nothing at this address, or nothing that this reader may know of.
    NotFound,
    /// The reader's role does not allow it.
    Forbidden,
    /// The reader may not open this report, or there is none: they are not told which.
    Sealed {
        /// What they asked for.
        reference: String,
        /// May they open it in an emergency?
        offer: bool,
    },
    /// Somebody else changed the same thing in the meantime; the words say what.
    Conflict(String),
    /// It cannot be done, or not now; the words say why and what to do instead.
    NotAllowed(String),
    /// The account was changed in the database and not by the program.
    ChangedOutside,
    /// The row of the report was changed in the database and not by the program.
    ReportChangedOutside,
    /// The body was larger than [`super::form::LARGEST_BODY`].
    TooLarge,
    /// The address is longer than any of ours.
    AddressTooLong,
    /// The headers are more than browsers send.
    HeadersTooLong,
    /// The body did not come in time.
    TooSlow,
    /// The request made no sense: not made by a page of ours.
    Malformed,
    /// The form did not come from a page of this session. With what was written in it, where the browser vouches that it came from a
    /// page of ours: it is shown, so that it can be copied.
    NotFromHere {
        /// The page it was written on.
        back: Option<String>,
        /// What was written.
        written: Vec<String>,
    },
    /// The address is right, the method is not.
    WrongMethod,
    /// Too many attempts; minutes to wait.
    TooMany(u32),
    /// More pages in a minute than anybody reads.
    TooFast,
    /// Ours to mend. The words are for the log.
    Internal(Arc<str>),
}

/// What somebody does whose account was changed outside.
pub const CHANGED_OUTSIDE: &str = "Ask a supervisor: they open the account under People, check it and save it. Tell whoever looks after Waymark in your force too, so that they find out who can write to the database.";

/// What a handler returns: a response, or a [`Problem`] that becomes a page.
pub type Answer = Result<Response, Problem>;

impl Problem {
    /// Ours to mend: `why` goes to the log.
    pub fn internal(why: impl fmt::Display) -> Self {
        Self::Internal(why.to_string().into())
    }

    /// What the browser is told.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Sealed { .. } | Self::NotFromHere { .. } => StatusCode::FORBIDDEN,
            Self::Conflict(_) | Self::NotAllowed(_) | Self::ChangedOutside | Self::ReportChangedOutside => {
                StatusCode::CONFLICT
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLong => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany(_) | Self::TooFast => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The problem that a bare status from a library stands for.
    pub fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Self::Forbidden,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            status if status.is_client_error() => Self::Malformed,
            status => Self::internal(format_args!("a library answered {status}")),
        }
    }

    /// Heading and paragraphs of the page.
    fn words(&self) -> (&'static str, Vec<String>) {
        let (heading, says): (_, &[&str]) = match self {
            Self::NotFound => (
                "Page not found",
                &[
                    "If you typed the address, check that it is right. If you followed a link, it may have been removed.",
                ],
            ),
            Self::Forbidden => (
                "You cannot see this page",
                &[
                    "Your role does not allow this, or you do not have access to this report. If you need it for your work, ask a supervisor.",
                ],
            ),
            Self::Sealed { reference, offer } => return sealed(reference, *offer),
            Self::Conflict(says) => {
                let rest = "Nothing of yours was saved. Go back, look at what is there now, and enter it again if it is still right.";
                return ("Somebody else changed this", vec![says.clone(), rest.to_owned()]);
            }
            Self::NotAllowed(says) => return ("That cannot be done", vec![says.clone()]),
            Self::ChangedOutside => (
                "This account was changed outside Waymark",
                &[
                    "Somebody changed it in the database. Until that is put right nobody can use it, and nothing else about it can be changed.",
                    CHANGED_OUTSIDE,
                ],
            ),
            Self::ReportChangedOutside => (
                "This report was changed outside Waymark",
                &[
                    "Somebody changed in the database who may see it. Until that is put right nobody can open it. Nothing that was written in it is lost.",
                    "Tell whoever looks after Waymark in your force: they find out what differs with waymark audit verify, and who can write to the database.",
                    "If a child may be in danger now, do not wait for that: act on what you know, and tell a supervisor.",
                ],
            ),
            Self::TooLarge => (
                "That is too much text",
                &[
                    "What you sent is larger than Waymark accepts, and was not saved. Go back and shorten it.",
                    "Files and pictures cannot be sent.",
                ],
            ),
            Self::AddressTooLong => (
                "That address is too long",
                &[
                    "Waymark reads no address of this length, and nothing was saved. Go back and come to the page another way.",
                ],
            ),
            Self::HeadersTooLong => (
                "Your browser sent too much",
                &[
                    "With the address it sent more than Waymark reads, in most cases too many cookies. Nothing was saved.",
                    "Remove the cookies of this site in your browser, then sign in again. If that does not help, ask whoever looks after Waymark in your force.",
                ],
            ),
            Self::TooSlow => (
                "That did not arrive in time",
                &["The connection is slow or was interrupted, and nothing was saved. Go back and send it again."],
            ),
            Self::Malformed => ("That request could not be read", &["Nothing was saved. Go back and try again."]),
            Self::NotFromHere { .. } => (
                "Please send that again",
                &[
                    "You signed in or out after you opened the page that you sent, perhaps in another window, or were signed out from elsewhere. Nothing was saved.",
                    "Open the page again, sign in if you are asked to, and enter it there.",
                ],
            ),
            Self::WrongMethod => ("Page not found", &["This address cannot be used like that. Go back and try again."]),
            Self::TooMany(minutes) => {
                return (
                    "Too many attempts",
                    vec![format!(
                        "Wait {minutes} minutes, then try again. If you have forgotten your password, ask a supervisor for a new link."
                    )],
                );
            }
            Self::TooFast => (
                "Too many pages at once",
                &["Too many pages were opened in a minute. Nothing was saved. Wait a minute, go back and try again."],
            ),
            Self::Internal(_) => (
                "Sorry, something went wrong",
                &[
                    "It is a fault of Waymark. What you last sent may not have been saved.",
                    "Try again in a minute. If it happens again, tell whoever looks after Waymark in your force the time it happened.",
                ],
            ),
        };
        (heading, says.iter().map(|words| (*words).to_owned()).collect())
    }

    /// The way into a report that cannot wait.
    fn emergency(&self) -> Option<String> {
        match self {
            Self::Sealed { reference, offer } => offer.then(|| routes::emergency(reference)),
            _ => None,
        }
    }

    /// The page.
    pub fn show(&self, frame: Frame) -> Response {
        let (heading, paragraphs) = self.words();
        let status = self.status();
        let page = ProblemPage {
            frame,
            heading,
            paragraphs,
            emergency: self.emergency(),
            written: match self {
                Self::NotFromHere { written, .. } => written.clone(),
                _ => Vec::new(),
            },
            back: match self {
                Self::NotFromHere { back, .. } => back.clone(),
                _ => None,
            },
        };
        let mut response = (status, render(&page)).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    /// Seconds after which it is worth asking again, for programs; people read it on the page.
    const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(minutes) => Some(minutes.saturating_mul(60)),
            Self::TooFast => Some(60),
            _ => None,
        }
    }
}

fn sealed(reference: &str, offer: bool) -> (&'static str, Vec<String>) {
    let mut says = vec![
        format!(
            "Report {reference} is not open to you. It may be another unit's, or only for people who are named in it, or closed to you because you know somebody in it or have another interest in it (a conflict of interest), or there may be no such report."
        ),
        "If you need it for your work, ask your supervisor or the unit that has it.".to_owned(),
    ];
    if offer {
        says.push("If a child may come to harm before you reach them, you can open it now. It is for one hour, you say why, and a supervisor is told and looks at it afterwards.".to_owned());
    }
    ("You cannot open this report", says)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(why) => write!(f, "internal: {why}"),
            other => write!(f, "{}", other.words().0),
        }
    }
}

/// Carries the problem to [`super::visit::around`], which knows the visitor and draws the page.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<super::secret::NoRandomness> for Problem {
    fn from(why: super::secret::NoRandomness) -> Self {
        Self::internal(why)
    }
}

impl From<store::StoreError> for Problem {
    fn from(why: store::StoreError) -> Self {
        match why {
            store::StoreError::ChangedOutside { .. } => Self::ChangedOutside,
            why => Self::internal(why),
        }
    }
}

impl From<store::AppendError> for Problem {
    fn from(why: store::AppendError) -> Self {
        match why {
            store::AppendError::Conflict { .. } => {
                Self::Conflict("Somebody else added to this report while you were writing.".to_owned())
            }
            store::AppendError::Store(why) => why.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    heading: &'static str,
    paragraphs: Vec<String>,
    emergency: Option<String>,
    /// Words that were sent and not saved.
    written: Vec<String>,
    /// The page to open again.
    back: Option<String>,
}

/// A page, with status 200, or 422 when its frame carries mistakes to put right.
pub fn page<T: Template>(frame_has_mistakes: bool, template: &T) -> Response {
    let status = if frame_has_mistakes { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = match frame_has_mistakes {
        true => rendered(template.render().map(in_page_order)),
        false => render(template),
    };
    (status, page).into_response()
}

/// On to another page after something was done: the browser fetches it anew, and going back repeats nothing.
pub fn go(to: &str) -> Answer {
    Ok(Redirect::to(to).into_response())
}

fn render<T: Template>(template: &T) -> Response {
    rendered(template.render())
}

fn rendered(page: askama::Result<String>) -> Response {
    match page {
        Ok(text) => Html(text).into_response(),
        Err(why) => Problem::internal(why).into_response(),
    }
}
