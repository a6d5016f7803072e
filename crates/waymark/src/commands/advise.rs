//! `waymark advise`: one report in, a page of plain words or JSON out.

use std::io::{self, Write as _};

use crate::cli::Advise;
use crate::commands::input::{self, Format};
use crate::commands::lines;
use crate::stop::{Done, Stop};
use crate::{pack, page};

/// Advises on one report, or on one a line.
///
/// # Errors
/// Input that cannot be read or is wrong, with every problem.
pub fn run(options: &Advise) -> Done {
    if options.lines {
        return lines::run(&options.file, options.pack.pack.as_deref());
    }
    let (text, format) = input::read(&options.file)?;
    let pack = pack::load(options.pack.pack.as_deref())?;
    let facts = match format {
        Format::Json => pack.read_json(&text),
        Format::Toml => pack.read_toml(&text),
    }
    .map_err(|problems| Stop::problems(&input::place(&options.file), &problems))?;
    let advice = pack.advise(&pack.case(facts));
    let mut out = io::stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &advice).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(page::advice::page(&pack, &advice, options.would_change).as_bytes())?;
    }
    Ok(out.flush()?)
}
