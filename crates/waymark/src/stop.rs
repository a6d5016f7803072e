//! How a command ends when it cannot go on, and the exit codes that scripts rely on.

use std::io::{self, StdoutLock, Write};
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

/// Standard output of a command whose exit code says what it found or did: where nobody reads on (`| head -1`), the rest is not
/// written, and the command comes to its end with the code that it would have had.
pub struct Told {
    out: StdoutLock<'static>,
    nobody_reads: bool,
}

/// Takes standard output for such a command.
pub fn told() -> Told {
    Told { out: io::stdout().lock(), nobody_reads: false }
}

impl Told {
    fn or_nobody<T>(&mut self, written: io::Result<T>, instead: T) -> io::Result<T> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.nobody_reads = true;
                Ok(instead)
            }
            written => written,
        }
    }
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.nobody_reads {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.or_nobody(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.nobody_reads {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.or_nobody(flushed, ())
    }
}

/// Letters of what somebody typed that are repeated to them at most.
const REPEATED: usize = 80;

/// What somebody typed, as it is repeated in one line of a message.
pub fn repeated(typed: &str) -> String {
    let mut shown: String = typed.chars().take(REPEATED).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if typed.chars().nth(REPEATED).is_some() {
        shown.push('…');
    }
    shown
}

/// What came in from outside must not steer somebody's terminal: control characters are shown, not sent. As other tools show them
/// (`cat -v`): the escape character as `^[`; what has no such name, by its number, as `<U+202E>`.
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\0'..='\u{1f}' | '\u{7f}' => {
                shown.push('^');
                shown.push(char::from_u32(u32::from(c) ^ 0x40).unwrap_or('?'));
            }
            c if c.is_control() || turns(c) => shown.push_str(&format!("<U+{:04X}>", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a character turns the direction of what follows, so that a text reads as another one.
pub fn turns(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_and_everything_else_reads_as_it_was_typed() {
        for (typed, shown) in [
            ("Zoë \"x\" 'y' \\ ok\n", "Zoë \"x\" 'y' \\ ok\n"),
            ("\u{1b}]0;title\u{7}", "^[]0;title^G"),
            ("a\0b\r\u{7f}", "a^@b^M^?"),
            ("\u{9b}2J", "<U+009B>2J"),
            ("ab\u{202e}dc", "ab<U+202E>dc"),
            ("ผู้ 👩\u{200d}👧 e\u{301}", "ผู้ 👩\u{200d}👧 e\u{301}"),
        ] {
            assert_eq!(printable(typed), shown);
        }
    }

    #[test]
    fn what_was_typed_is_repeated_in_one_line() {
        assert_eq!(repeated("a\nall is well"), "a all is well");
        assert_eq!(repeated(&"x".repeat(80)), "x".repeat(80));
        assert_eq!(repeated(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
    }
}
