//! `waymark config`: every setting, documented; or a settings file checked.

use std::io::{self, Write as _};
use std::path::Path;

use crate::pack;
use crate::settings::{Settings, documented};
use crate::stop::Done;

/// Prints every setting with its default, or checks a file.
///
/// # Errors
/// Every setting that is wrong; guidance that is refused.
pub fn run(check: Option<&Path>) -> Done {
    let mut out = io::stdout().lock();
    let Some(path) = check else {
        out.write_all(documented().as_bytes())?;
        return Ok(out.flush()?);
    };
    let settings = Settings::read(path)?;
    let pack = pack::load(settings.pack())?;
    writeln!(out, "{}: fine.", path.display())?;
    writeln!(
        out,
        "Pages for {} at {}, listening on {}.",
        settings.web.force_name, settings.web.public_url, settings.web.address
    )?;
    writeln!(
        out,
        "Reports in {}. Guidance: {}, version {}.",
        settings.database.display(),
        pack.title(),
        pack.reference().version
    )?;
    Ok(out.flush()?)
}
