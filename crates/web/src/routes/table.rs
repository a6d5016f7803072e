//! Routes being listed, each with its door.

use std::convert::Infallible;

use axum::Router;
use axum::handler::Handler;
use axum::middleware;
use axum::routing::{MethodFilter, on};

use crate::shared::app::App;
use crate::shared::guard::{self, Door};

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

/// Routes being listed. Nothing gets in that does not name its door.
#[derive(Default)]
pub(crate) struct Routes {
    #[cfg(test)]
    pub(crate) listed: Vec<Listed>,
    routes: Vec<(
        &'static str,
        axum::routing::MethodRouter<App, Infallible>,
        Door,
    )>,
}

impl Routes {
    pub(super) fn get<H: Handler<T, App>, T: 'static>(
        self,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.add(MethodFilter::GET, door, path, handler)
    }

    pub(super) fn post<H: Handler<T, App>, T: 'static>(
        self,
        door: Door,
        path: &'static str,
        handler: H,
    ) -> Self {
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

    /// The router, each route behind its door.
    pub(crate) fn router(self, app: &App) -> Router<App> {
        self.routes
            .into_iter()
            .fold(Router::new(), |router, (path, method, door)| {
                let guarded =
                    middleware::from_fn_with_state(app.clone(), move |app, request, next| {
                        guard::stand(door, names_a_report(path), app, request, next)
                    });
                router.route(path, method.route_layer(guarded))
            })
    }
}
