//! The force's own sign-in (OpenID Connect): where people are sent, and whether what they bring back is to be
//! believed.
//!
//! Authorization code with PKCE. State and nonce belong to the browser that began and are used once;
//! issuer, audience, signature, times and nonce of what comes back are checked before a word of it is
//! believed; no token is kept.

mod http;
mod provider;
mod trouble;

pub use provider::{Provider, Started, Told};
pub use trouble::Trouble;
