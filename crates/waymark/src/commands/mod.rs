//! One file a command.

mod advise;
mod guidance;
mod input;
mod lines;

use crate::cli::{Cli, Command};
use crate::stop::Done;

/// Does what the command line asks for.
///
/// # Errors
/// Whatever stops the command, with its exit code.
pub fn run(cli: Cli) -> Done {
    match cli.command {
        Command::Advise(options) => advise::run(&options),
        Command::Guidance(command) => guidance::run(command),
    }
}
