//! Routes being listed, each with its door.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawPathParams, Request};
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, on};
use tower_http::timeout::TimeoutLayer;

use crate::shared::app::App;
use crate::shared::guard::{self, Door};
use crate::shared::incoming;
use crate::shared::page::Problem;

/// The longest a page may take once all of its form has come, waiting for a turn to check a password included.
const SLOWEST: Duration = Duration::from_secs(30);

/// One route, for tests that go through all of them.
#[cfg(test)]
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) method: MethodFilter,
    pub(crate) path: &'static str,
    pub(crate) door: Door,
}

/// Does an address name a report? Its door then asks about that report.
pub(crate) fn names_a_report(path: &str) -> bool {
    path.contains("{reference}")
}

/// What is counted in a report, in an address.
const NUMBER: &str = "{number}";

/// There is nothing where an address should have a number and has none.
async fn numbered(params: RawPathParams, request: Request, next: Next) -> Response {
    let numbers = params.iter().filter(|(name, _)| *name == "number");
    let mut numbers = numbers.map(|(_, value)| value.parse::<u32>());
    if numbers.any(|number| number.is_err()) {
        return Problem::NotFound.into_response();
    }
    next.run(request).await
}

/// Routes being listed. Nothing gets in that does not name its door.
#[derive(Default)]
pub(crate) struct Routes {
    #[cfg(test)]
    pub(crate) listed: Vec<Listed>,
    routes: Vec<(&'static str, axum::routing::MethodRouter<App, Infallible>, Door)>,
}

impl Routes {
    pub(super) fn get<H: Handler<T, App>, T: 'static>(self, door: Door, path: &'static str, handler: H) -> Self {
        self.add(MethodFilter::GET, door, path, handler)
    }

    pub(super) fn post<H: Handler<T, App>, T: 'static>(self, door: Door, path: &'static str, handler: H) -> Self {
        self.add(MethodFilter::POST, door, path, handler)
    }

    fn add<H: Handler<T, App>, T: 'static>(
        mut self,
        method: MethodFilter,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
        #[cfg(test)]
        self.listed.push(Listed { method, path, door });
        self.routes.push((path, on(method, handler), door));
        self
    }

    /// The router, each route behind its door. A form is read and checked in front of it, where there is a route that takes one:
    /// any other method gets the page that says so.
    pub(crate) fn router(self, app: &App) -> Router<App> {
        self.routes.into_iter().fold(Router::new(), |router, (path, method, door)| {
            let guarded = middleware::from_fn_with_state(app.clone(), move |app, request, next| {
                guard::stand(door, names_a_report(path), app, request, next)
            });
            let checked = middleware::from_fn_with_state(app.clone(), incoming::check_form);
            let slowest = StatusCode::SERVICE_UNAVAILABLE;
            // The door is asked first, also where there is nothing behind it.
            let method = match path.contains(NUMBER) {
                true => method.route_layer(middleware::from_fn(numbered)),
                false => method,
            };
            let method = method
                .route_layer(guarded)
                .route_layer(TimeoutLayer::with_status_code(slowest, SLOWEST))
                .route_layer(checked);
            router.route(path, method)
        })
    }
}
