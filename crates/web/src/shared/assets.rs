//! The few files a page needs, inside the binary. Their addresses carry a digest of what they hold, so
//! a browser may keep them for ever and still never use an old one.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};

use super::page::{Answer, Problem};
use crate::routes;

struct Asset {
    name: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
}

macro_rules! built {
    ($name:literal, $kind:literal) => {
        Asset {
            name: $name,
            kind: $kind,
            plain: include_bytes!(concat!(env!("OUT_DIR"), "/", $name)),
            gzip: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz")),
        }
    };
}

const ASSETS: [Asset; 4] = [
    built!("app.css", "text/css; charset=utf-8"),
    built!("app.js", "text/javascript; charset=utf-8"),
    built!("passkey.js", "text/javascript; charset=utf-8"),
    built!("icon.svg", "image/svg+xml"),
];

/// One digest over all of them: 16 hexadecimal digits.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for asset in &ASSETS {
        all.update(asset.plain);
    }
    all.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
});

/// Address of an asset: `/assets/0123456789abcdef/app.css`.
pub fn address(name: &str) -> String {
    routes::asset(&DIGEST, name)
}

/// Gives an asset out.
///
/// # Errors
/// Not found, also for a digest that is not the present one.
pub async fn show(Path((digest, name)): Path<(String, String)>, headers: HeaderMap) -> Answer {
    let asset = ASSETS.iter().find(|asset| asset.name == name && digest == *DIGEST).ok_or(Problem::NotFound)?;
    let squeezed =
        headers.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok()).is_some_and(|accepted| {
            accepted.split(',').any(|coding| coding.trim() == "gzip" || coding.trim().starts_with("gzip;q=1"))
        });
    let common = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ];
    let response: Response = if squeezed {
        (common, [(header::CONTENT_ENCODING, "gzip")], asset.gzip).into_response()
    } else {
        (common, asset.plain).into_response()
    };
    Ok(response)
}
