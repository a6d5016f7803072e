//! What a request may have before its body: an address and headers far longer than any browser sends are answered with a page that
//! says so. The HTTP library has limits of its own beyond these, where it answers without a page.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::shared::page::Problem;

/// Bytes of an address. The longest of ours is a list with every filter set, of which each has some hundred letters at most.
pub const ADDRESS: usize = 8 * 1024;
/// Bytes of all headers together: several times what browsers and proxies send.
pub const HEADERS: usize = 32 * 1024;
/// How many headers there may be.
pub const COUNT: usize = 100;
/// How many the HTTP library takes apart: so many more than [`COUNT`] that whoever has a few too many gets our page.
pub(super) const TAKEN_APART: usize = 3 * COUNT;

/// Answers what is too long before anything looks at it.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    match too_long(&request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn too_long(request: &Request) -> Option<Problem> {
    let (uri, headers) = (request.uri(), request.headers());
    let host = uri.authority().map_or(0, |host| host.as_str().len());
    let address = host + uri.path_and_query().map_or(0, |rest| rest.as_str().len());
    if address > ADDRESS {
        return Some(Problem::AddressTooLong);
    }
    // With the colon, the space and the end of each line.
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    (bytes > HEADERS || headers.len() > COUNT).then_some(Problem::HeadersTooLong)
}
