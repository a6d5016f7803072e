//! How a command ends when it cannot go on, and the exit codes that scripts rely on.

use std::io::{self, Write as _};
use std::process::ExitCode;

use guidance::Problem;

use crate::files::plain;

/// What every command returns.
pub type Done = Result<(), Stop>;

/// Why a command ends early.
#[derive(Debug)]
pub enum Stop {
    /// Something failed that is not the input's fault: exit code 1. What failed, then what to do.
    Failed(String),
    /// The input is wrong: exit code 2. Every problem, a line each.
    Input(Vec<String>),
    /// Everything was told already; only the exit code 2 is left to give.
    InputTold,
    /// What could be checked is as it should be, and part of it could not be checked: exit code 3. What is needed for that.
    NotChecked(String),
    /// Whoever reads the output has stopped reading. Nothing is wrong: exit code 0.
    NobodyReads,
}

impl Stop {
    /// Something failed.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::Failed(what.into())
    }

    /// One thing is wrong with the input.
    pub fn input(what: impl Into<String>) -> Self {
        Self::Input(vec![what.into()])
    }

    /// Every problem of an input or a pack, `place` being the name of the file it came from.
    pub fn problems(place: &str, problems: &[Problem]) -> Self {
        let line = |problem: &Problem| {
            if problem.file.is_empty() { format!("{place}: {problem}") } else { problem.to_string() }
        };
        Self::Input(problems.iter().map(line).collect())
    }
}

impl From<io::Error> for Stop {
    /// For what is written to standard output; files say what they are where they are opened.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::NobodyReads
        } else {
            Self::Failed(format!("the output could not be written: {error}"))
        }
    }
}

/// Tells on standard error what stopped the command and gives its exit code.
pub fn exit(done: Done) -> ExitCode {
    let mut stderr = io::stderr().lock();
    // A closed standard error leaves nobody to tell; the exit code still says it.
    let mut tell = |text: &str| drop(writeln!(stderr, "{}", plain(&printable(text))));
    match done {
        Ok(()) | Err(Stop::NobodyReads) => ExitCode::SUCCESS,
        Err(Stop::Failed(what)) => {
            tell(&what);
            ExitCode::from(1)
        }
        Err(Stop::Input(problems)) => {
            problems.iter().for_each(|problem| tell(problem));
            ExitCode::from(2)
        }
        Err(Stop::NotChecked(what)) => {
            tell(&what);
            ExitCode::from(3)
        }
        Err(Stop::InputTold) => ExitCode::from(2),
    }
}

/// What came in from outside must not steer somebody's terminal: control characters are shown, not sent.
pub fn printable(text: &str) -> String {
    let shown = |c: char| {
        if c != '\n' && (c.is_control() || turns(c)) { c.escape_default().to_string() } else { c.to_string() }
    };
    text.chars().map(shown).collect()
}

/// Whether a character turns the direction of what follows, so that a text reads as another one.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
