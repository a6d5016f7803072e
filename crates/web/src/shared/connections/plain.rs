//! Requests that can be read in one way only: a proxy in front may read one with two hosts, or with two ends, in another way than we do,
//! and let through what it would have stopped.

use axum::extract::Request;
use axum::http::{HeaderMap, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::shared::page::Problem;

/// Marks a request that came over a connection and could be read in two ways.
#[derive(Debug, Clone, Copy)]
pub(super) struct TwoWays;

/// Whether it says once for which host it is, and says at its head how long it is.
///
/// A length and chunks together are refused by refusing chunks: of the two the library below gives only the one it goes by. Browsers
/// say how long a form is, and so do proxies that pass it on.
pub(super) fn is_plain(version: Version, headers: &HeaderMap) -> bool {
    let hosts = headers.get_all(header::HOST).iter().count();
    let has_host = hosts == 1 || (hosts == 0 && version < Version::HTTP_11);
    has_host && !headers.contains_key(header::TRANSFER_ENCODING)
}

/// Refuses what was marked, with a page.
pub async fn refuse(request: Request, next: Next) -> Response {
    if request.extensions().get::<TwoWays>().is_none() {
        return next.run(request).await;
    }
    Problem::Malformed.into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_host_and_one_end() {
        for (plain, version, headers) in [
            (true, Version::HTTP_11, &[("host", "a")][..]),
            (true, Version::HTTP_11, &[("host", "a"), ("content-length", "3")]),
            (true, Version::HTTP_10, &[]),
            (false, Version::HTTP_11, &[]),
            (false, Version::HTTP_11, &[("host", "a"), ("host", "a")]),
            (false, Version::HTTP_10, &[("host", "a"), ("host", "b")]),
            (false, Version::HTTP_11, &[("host", "a"), ("transfer-encoding", "chunked")]),
            (false, Version::HTTP_11, &[("host", "a"), ("content-length", "3"), ("transfer-encoding", "chunked")]),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, HeaderValue::from_static(value));
            }
            assert_eq!(is_plain(version, &map), plain, "{version:?} {headers:?}");
        }
    }
}
