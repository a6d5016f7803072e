//! Waymark, the one binary: every command is a file of its own under `commands`.

mod cli;
mod commands;
mod demo;
mod files;
mod pack;
mod page;
mod server;
mod settings;
mod signing;
mod stop;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    stop::exit(commands::run(cli::Cli::parse()))
}
