//! What every page of a report is asked with.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::{Opened, open};
use crate::shared::app::App;
use crate::shared::frame::Frame;
use crate::shared::page::Problem;
use crate::shared::visit::Signed;

/// A request about a report, from somebody whom its door has let in: the report is open for them, and the look is noted
/// (`enter.rs`). A handler that takes it cannot show another report than the one the door was asked about.
pub struct OnReport {
    /// What every handler shares.
    pub app: App,
    /// What stands around the page.
    pub frame: Frame,
    /// Who asks.
    pub signed: Signed,
    /// The report, as the address names it.
    pub reference: String,
    /// The report.
    pub opened: Opened,
}

impl FromRequestParts<App> for OnReport {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Ok(frame) = Frame::from_request_parts(parts, app).await;
        let signed = Signed::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(Problem::internal)?;
        let reference = reference(&params).ok_or(Problem::NotFound)?.to_owned();
        let opened = open(app, &signed, &reference).await?;
        Ok(Self { app: app.clone(), frame, signed, reference, opened })
    }
}

/// The report that an address names.
pub fn reference(params: &RawPathParams) -> Option<&str> {
    params.iter().find_map(|(name, value)| (name == "reference").then_some(value))
}
