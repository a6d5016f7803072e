//! Waymark, the one binary: every command is a file of its own under `commands`.

mod cli;
mod commands;
mod demo;
mod pack;
mod page;
mod server;
mod settings;
mod signing;
mod stop;

use std::process::ExitCode;

use clap::Parser as _;

/// Advice is made of many small pieces of text that live as long as a page: docs/decisions/0041.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    stop::exit(commands::run(cli::Cli::parse()))
}
