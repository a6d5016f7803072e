//! The first page after signing in.

use askama::Template;

use crate::shared::access;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    name: String,
    hint: &'static str,
}

/// Greets, and says what the role is for.
pub async fn show(frame: Frame, signed: Signed) -> Answer {
    Ok(page(
        false,
        &Home {
            frame,
            hint: access::hint(signed.role),
            name: signed.name,
        },
    ))
}
