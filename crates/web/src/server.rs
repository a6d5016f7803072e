//! Routes, and what stands around all of them.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::routes;
use crate::shared::app::App;
use crate::shared::form::LARGEST_BODY;
use crate::shared::page::Problem;
use crate::shared::{headers, incoming, requests, visit};

/// The longest a page may take, waiting for a turn to check a password included.
const SLOWEST: Duration = Duration::from_secs(30);

/// Everything that answers requests. Tests call it with `oneshot`.
pub fn router(app: App) -> Router {
    let secure = app.config.secure();
    routes::all()
        .router(&app)
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::WrongMethod)
        .layer(middleware::from_fn_with_state(
            app.clone(),
            incoming::check_form,
        ))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            SLOWEST,
        ))
        .layer(middleware::from_fn_with_state(app.clone(), requests::limit))
        .layer(middleware::from_fn_with_state(app.clone(), visit::around))
        .layer(middleware::from_fn(move |request, next| {
            headers::add(secure, request, next)
        }))
        .layer(CompressionLayer::new())
        .with_state(app)
}

/// Serves until `until` is done, then lets the pages under way finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    until: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(until)
        .await
}
