//! Routes, and what stands around all of them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::LARGEST_BODY;
use crate::shared::page::Problem;
use crate::shared::{connections, headers, requests, visit};

/// Everything that answers requests. Tests call it with `oneshot`.
pub fn router(app: App) -> Router {
    let secure = app.config.secure();
    routes::all()
        .router(&app)
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(app.clone(), requests::limit))
        .layer(middleware::from_fn(connections::heads::check))
        .layer(middleware::from_fn(connections::refuse))
        .layer(middleware::from_fn_with_state(app.clone(), visit::around))
        .layer(middleware::from_fn(move |request, next| headers::add(secure, request, next)))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// Serves until `until` is done, then lets the pages under way finish.
pub async fn serve(app: App, listener: TcpListener, until: impl Future<Output = ()> + Send + 'static) {
    let connections = app.connections.clone();
    connections::serve((router(app), connections), listener, until).await;
}
