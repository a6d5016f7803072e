//! Connections: how long each may take, and how many there are at once.
//!
//! Whoever opens a connection and then says nothing, or says it a letter at a time, costs the server a place. So
//! each has its time, and where all places are taken the one that has been quiet longest goes first. A page that is
//! being made is never cut short for that. Nothing that an officer is writing hangs on a connection: the browser
//! opens another when the form is sent.

pub(crate) mod heads;
mod places;
mod plain;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tower::ServiceExt as _;

use super::visit::network;

pub use places::{Connections, Place};
pub use plain::refuse;

/// How long to leave the system alone when it has no more connections to give.
const PAUSE: Duration = Duration::from_secs(1);

/// What one connection may take, and how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From being opened until the first request has come, its body aside.
    pub first: Duration,
    /// From one answer until the next request has come, its body aside. Longer than proxies keep connections that they do not
    /// use, so that it is they who end them.
    pub idle: Duration,
    /// From the head of a request until all of its body has come.
    pub body: Duration,
    /// After which a connection ends with the page under way.
    pub whole: Duration,
    /// For that page.
    pub ending: Duration,
    /// At once, from everywhere.
    pub in_all: usize,
    /// At once, from one address. Not where a proxy stands in front, whose address everybody has.
    pub of_address: usize,
}

impl Limits {
    /// What holds for a program that may have so many files and connections open: half of these stay for the database.
    fn with_files(files: u64) -> Self {
        let half = usize::try_from(files / 2).unwrap_or(usize::MAX);
        let in_all = half.clamp(2, 512);
        Self {
            first: Duration::from_secs(30),
            idle: Duration::from_secs(150),
            body: Duration::from_secs(30),
            whole: Duration::from_secs(60 * 60),
            ending: Duration::from_secs(60),
            in_all,
            of_address: in_all / 2,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let files = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        Self::with_files(files.current.unwrap_or(u64::MAX))
    }
}

/// Takes connections and answers what is asked on them until `until` is done; then lets the pages under way finish.
pub(crate) async fn serve(
    (router, connections): (Router, Connections),
    listener: TcpListener,
    until: impl Future<Output = ()> + Send + 'static,
) {
    let (serving, stops) = watch::channel(());
    let mut until = pin!(until);
    let mut tasks = JoinSet::new();
    loop {
        let (stream, from) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    not_accepted(&error).await;
                    continue;
                }
            },
            () = &mut until => break,
        };
        while tasks.try_join_next().is_some() {}
        // Without a place it is closed at once.
        if let Some(place) = connections.admit(network(from.ip())) {
            tasks.spawn(attend(router.clone(), stream, from, place, stops.clone()));
        }
    }
    drop(serving);
    drop(listener);
    while tasks.join_next().await.is_some() {}
}

/// A visitor who went away again is nothing; a system that has nothing left to give is left alone for a moment.
async fn not_accepted(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "no connection can be taken");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Answers what is asked on one connection, within its times.
async fn attend(router: Router, stream: TcpStream, from: SocketAddr, place: Place, mut stops: watch::Receiver<()>) {
    let place = Arc::new(place);
    let limits = place.limits();
    let asked = Arc::clone(&place);
    let service = service_fn(move |request: Request<Incoming>| {
        let busy = asked.busy();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(from));
        let is_plain = plain::is_plain(request.version(), request.headers());
        if !is_plain {
            request.extensions_mut().insert(plain::TwoWays);
        }
        let answer = router.clone().oneshot(request);
        async move {
            let mut answer = answer.await?;
            drop(busy);
            if !is_plain {
                // Nobody knows where the next request on it begins.
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_headers(heads::TAKEN_APART)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut first = pin!(tokio::time::sleep(limits.first));
    let mut ends = pin!(tokio::time::sleep(limits.whole));
    let (mut is_first, mut is_ending) = (true, false);
    loop {
        tokio::select! {
            done = connection.as_mut() => {
                if let Err(error) = done {
                    tracing::debug!(%from, %error, "a connection ended");
                }
                return;
            }
            () = place.given_away() => return,
            () = &mut first, if is_first => {
                is_first = false;
                if !place.was_asked() {
                    tracing::debug!(%from, "a connection was closed: nothing was asked on it");
                    return;
                }
                continue;
            }
            // Whoever sends it has gone: the server stops.
            _ = stops.changed(), if !is_ending => if !place.was_asked() {
                return;
            },
            () = &mut ends => if is_ending {
                return;
            },
        }
        is_ending = true;
        ends.as_mut().reset(Instant::now() + limits.ending);
        connection.as_mut().graceful_shutdown();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_written_down() {
        let most = Limits::with_files(u64::MAX);
        let seconds = |time: Duration, minutes: u64| time == Duration::from_secs(minutes * 60);
        assert!(seconds(most.whole, 60) && seconds(most.ending, 1));
        let text = include_str!("../../../../ARCHITECTURE.md");
        let (_, limits) = text.split_once("### Limits").unwrap();
        let limits = limits.split("\n## ").next().unwrap();
        let limits: Vec<&str> = limits.split_whitespace().collect();
        let limits = limits.join(" ");
        for says in [
            format!("{} seconds until the first request has come", most.first.as_secs()),
            format!("{} seconds from one answer until the next request", most.idle.as_secs()),
            format!("{} seconds until all of a form has come", most.body.as_secs()),
            "an hour in all, and a minute for the page under way".to_owned(),
            format!("{} connections at once, {} of one address", most.in_all, most.of_address),
            format!("{} KB of a form", crate::shared::form::LARGEST_BODY / 1024),
            format!("{} KB of an address", heads::ADDRESS / 1024),
            format!("{} headers with {} KB in all", heads::COUNT, heads::HEADERS / 1024),
        ] {
            assert!(limits.contains(&says), "ARCHITECTURE.md says nothing of: {says}");
        }
    }

    #[test]
    fn few_files_are_few_connections() {
        for (files, in_all, of_address) in [(0, 2, 1), (200, 100, 50), (1024, 512, 256), (u64::MAX, 512, 256)] {
            let limits = Limits::with_files(files);
            assert_eq!((limits.in_all, limits.of_address), (in_all, of_address));
        }
    }
}
