//! How many pages an account, or an address that nobody is signed in from, may ask for.
//!
//! Each has a bucket that fills evenly over the minute; how many buckets are remembered is bounded, and the
//! least busy are forgotten first, so nobody can fill the memory or hide by crowding others out. Assets do
//! not count: browsers keep them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::page::Problem;
use super::visit::{Peer, Visit};
use crate::routes;

/// Buckets remembered at once: some megabytes.
const REMEMBERED: usize = 20_000;
const MINUTE: Duration = Duration::from_secs(60);

/// The buckets of one server.
#[derive(Debug, Clone)]
pub struct Requests {
    begun: Instant,
    /// When each bucket will be full again, since `begun`.
    full_at: Arc<Mutex<HashMap<String, Duration>>>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { begun: Instant::now(), full_at: Arc::default() }
    }
}

impl Requests {
    /// Takes one out of a bucket of `per_minute`; false when it is empty.
    fn take(&self, key: &str, per_minute: u32) -> bool {
        self.take_at(key, per_minute, self.begun.elapsed())
    }

    fn take_at(&self, key: &str, per_minute: u32, now: Duration) -> bool {
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let each = MINUTE / per_minute.max(1);
        let full_at = buckets.get(key).copied().unwrap_or(now).max(now) + each;
        if full_at > now + MINUTE {
            return false;
        }
        if buckets.len() >= REMEMBERED && !buckets.contains_key(key) {
            forget(&mut buckets, now);
        }
        buckets.insert(key.to_owned(), full_at);
        true
    }
}

/// Forgets the buckets that are full; where that leaves too many, the fuller half.
fn forget(buckets: &mut HashMap<String, Duration>, now: Duration) {
    buckets.retain(|_, full_at| *full_at > now);
    if buckets.len() < REMEMBERED {
        return;
    }
    let mut all: Vec<Duration> = buckets.values().copied().collect();
    let half = all.len() / 2;
    let (_, middle, _) = all.select_nth_unstable(half);
    let middle = *middle;
    buckets.retain(|_, full_at| *full_at > middle);
}

/// Refuses whoever asks for more than their share.
pub async fn limit(State(app): State<App>, Peer(address): Peer, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with(routes::ASSETS) {
        return next.run(request).await;
    }
    let limits = app.config.requests;
    let signed = request.extensions().get::<Visit>().and_then(|visit| visit.signed.as_ref());
    let (key, most) = signed.map_or_else(
        || (format!("address {address}"), limits.per_address),
        |signed| (format!("account {}", signed.id), limits.per_account),
    );
    if app.requests.take(&key, most) {
        next.run(request).await
    } else {
        tracing::warn!(%key, "asked for more pages than allowed");
        Problem::TooFast.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_a_minute_and_no_more() {
        let requests = Requests::default();
        let at = Duration::from_secs;
        for _ in 0..60 {
            assert!(requests.take_at("a", 60, at(0)));
        }
        assert!(!requests.take_at("a", 60, at(0)));
        assert!(requests.take_at("b", 60, at(0)), "others are not affected");
        assert!(requests.take_at("a", 60, at(1)), "one a second comes back");
        assert!(!requests.take_at("a", 60, at(1)));
        for _ in 0..60 {
            assert!(requests.take_at("a", 60, at(1000)));
        }
        assert!(!requests.take_at("a", 60, at(1000)));
    }

    #[test]
    fn memory_is_bounded_and_the_busy_are_remembered() {
        let requests = Requests::default();
        let now = Duration::ZERO;
        for _ in 0..60 {
            requests.take_at("busy", 60, now);
        }
        for number in 0..REMEMBERED * 3 {
            assert!(requests.take_at(&number.to_string(), 60, now));
        }
        assert!(requests.full_at.lock().unwrap().len() <= REMEMBERED);
        assert!(!requests.take_at("busy", 60, now));
    }
}
