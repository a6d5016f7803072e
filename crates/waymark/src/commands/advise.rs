//! `waymark advise`: one report in, a page of plain words or JSON out.

use std::io::{self, Write as _};

use guidance::Problem;

use crate::cli::Advise;
use crate::commands::input::{self, Format};
use crate::commands::lines::{self, Refused};
use crate::stop::{Done, Stop, told};
use crate::{pack, page};

/// Advises on one report, or on one a line.
///
/// # Errors
/// Input that cannot be read or is wrong, with every problem.
pub fn run(options: &Advise) -> Done {
    if options.lines {
        return lines::run(&options.file, options.pack.pack.as_deref());
    }
    match one(options) {
        Err(wrong) if options.json => as_json(wrong),
        done => done.map_err(Wrong::told),
    }
}

/// Why there is no advice.
enum Wrong {
    /// The answers, with every problem.
    Answers(Vec<Problem>, String),
    Else(Stop),
}

impl From<Stop> for Wrong {
    fn from(stop: Stop) -> Self {
        Self::Else(stop)
    }
}

impl From<io::Error> for Wrong {
    fn from(error: io::Error) -> Self {
        Self::Else(error.into())
    }
}

impl Wrong {
    fn told(self) -> Stop {
        match self {
            Self::Answers(problems, place) => Stop::problems(&place, &problems),
            Self::Else(stop) => stop,
        }
    }
}

/// A program that asked for JSON reads one thing on standard output, advice or what is wrong, in the shape that it has
/// with `--lines`.
fn as_json(wrong: Wrong) -> Done {
    let error = match wrong {
        Wrong::Answers(problems, _) => problems,
        Wrong::Else(Stop::Input(lines)) => {
            let problem = |says| Problem { says, ..Problem::default() };
            lines.into_iter().map(problem).collect()
        }
        Wrong::Else(stop) => return Err(stop),
    };
    let mut out = told();
    serde_json::to_writer_pretty(&mut out, &Refused { error }).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Err(Stop::InputTold)
}

fn one(options: &Advise) -> Result<(), Wrong> {
    let (text, format) = input::read(&options.file)?;
    let pack = pack::load(options.pack.pack.as_deref())?;
    let facts = match format {
        Format::Json => pack.read_json(&text),
        Format::Toml => pack.read_toml(&text),
    }
    .map_err(|problems| Wrong::Answers(problems, input::place(&options.file)))?;
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
