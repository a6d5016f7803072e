//! Requests to the provider: short, small, never redirected.

use std::time::Duration;

use openidconnect::http::Method;
use openidconnect::{HttpRequest, HttpResponse};

/// The longest one request may take, from resolving the name to the last byte.
const SLOWEST: Duration = Duration::from_secs(8);
/// Bytes of an answer. A configuration has a few thousand, a set of keys some more.
const LARGEST: u64 = 256 * 1024;

/// An agent for one provider. A redirect is an answer like any other, and no good one: following it would
/// let a provider send us anywhere.
pub(super) fn agent(https_only: bool) -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(SLOWEST))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .https_only(https_only)
        .user_agent("waymark");
    // A provider on this machine is never behind a proxy.
    let config = if https_only { config } else { config.proxy(None) };
    config.build().new_agent()
}

/// Sends one request and waits for the whole answer: for a thread that may wait.
pub(super) fn send(agent: &ureq::Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let answer = if *request.method() == Method::GET { agent.run(request.map(|_| ()))? } else { agent.run(request)? };
    let (parts, body) = answer.into_parts();
    let body = body.into_with_config().limit(LARGEST).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, body))
}
