//! One file a command.

mod advise;
pub mod audit;
mod backup;
mod backup_file;
mod config;
mod demo;
mod doctor;
mod guidance;
mod input;
mod keys;
mod keys_copy;
mod lines;
mod noted;
mod report;
mod restore;
mod rows;
mod serve;
mod space;
mod whole;

pub use self::keys::wrong as wrong_keys;
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
        Command::Demo(options) => demo::run(&options),
        Command::Serve { config } => serve::run(&config),
        Command::Config { check } => config::run(check.as_deref()),
        Command::Audit(command) => audit::run(&command),
        Command::Report(command) => report::run(&command),
        Command::Backup(options) => backup::run(&options),
        Command::Restore(options) => restore::run(&options),
        Command::Doctor(options) => doctor::run(&options),
        Command::Keys(command) => keys::run(&command),
    }
}
