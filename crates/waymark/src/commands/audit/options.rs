//! The command line of `waymark audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::{Where, entry};

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Write the log to standard output, as lines that can be checked anywhere. Stop the server first
    Export(Export),
    /// Check the log: an export, a proof, or the database itself
    Verify(Verify),
    /// Prove that an entry, or all of a report, is in the log (stop the server first), or that the log only grew
    Prove(Prove),
    /// Print the public key of the log, to be kept where it cannot be changed with the database
    Key {
        #[command(flatten)]
        at: Where,
    },
    /// Have others sign the head of the log
    #[command(subcommand)]
    Witness(Witness),
}

#[derive(Debug, Args)]
#[command(after_help = "\
An export holds who did what, when, on which report and for what purpose, and hashes of the encrypted words; the words
themselves are not in it. The format: docs/audit-export.md. That it was taken, and why, is the last entry of a whole one. While a server
runs, only the server can write that: auditors take the log from its pages. A log that is not as it was signed takes no entry;
it is exported all the same, for whoever has to find out what was changed.

Examples:
  waymark audit export --config waymark.toml --reason \"asked by the inspectorate\" > log.jsonl
  waymark audit export --config waymark.toml --reason \"a complaint\" --report WM-2026-000001 > report.jsonl
  waymark audit verify log.jsonl --key \"$(cat log-key)\"")]
pub struct Export {
    /// Why it is taken, in words, without names: it outlives the reports, encrypted in the log, for auditors
    #[arg(long, value_name = "WORDS")]
    pub reason: String,
    /// Only what is about this report, each entry with its proof
    #[arg(long, value_name = "REPORT", conflicts_with_all = ["from", "to"])]
    pub report: Option<String>,
    /// Only from this entry on, each entry with its proof
    #[arg(long, value_name = "ENTRY", value_parser = entry)]
    pub from: Option<u64>,
    /// Only up to this entry, each entry with its proof
    #[arg(long, value_name = "ENTRY", value_parser = entry)]
    pub to: Option<u64>,
    /// With the encrypted words themselves, not only their hash
    #[arg(long)]
    pub bytes: bool,
    #[command(flatten)]
    pub at: Where,
}

#[derive(Debug, Args)]
#[command(after_help = "\
FILE is what `waymark audit export` or `waymark audit prove` wrote; nothing else is needed, also on another machine. Without FILE
the database itself is checked, also while the server runs.

Exit codes: 0 everything is as it was signed, 1 something was changed or removed (each finding is named), 2 the file is no export, or that of checkpoints has none, 3 nothing signed speaks for the last entries of an export.")]
pub struct Verify {
    /// An export or a proof, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The public key of the log, as `waymark audit key` prints it
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
    /// A file of checkpoints that was kept elsewhere
    #[arg(long, value_name = "FILE")]
    pub checkpoints: Option<PathBuf>,
    #[command(flatten)]
    pub at: Where,
}

#[derive(Debug, Args)]
pub struct Prove {
    /// The number of an entry, or a report such as WM-2026-000001
    #[arg(value_name = "ENTRY|REPORT", required_unless_present = "since")]
    pub what: Option<String>,
    /// Prove that the log of today begins with the log of this many entries
    #[arg(long, value_name = "ENTRIES", value_parser = entry, conflicts_with = "what")]
    pub since: Option<u64>,
    /// Why the entry is shown to somebody, in words, without names: it outlives the reports, encrypted in the log, for auditors
    #[arg(long, value_name = "WORDS", required_unless_present = "since")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub at: Where,
}

#[derive(Debug, Subcommand)]
pub enum Witness {
    /// Add a witness: somebody who signs the head of the log when it only grew
    Add {
        /// Where it takes checkpoints, such as https://witness.example/
        #[arg(value_name = "URL")]
        url: String,
        /// Its public key: NAME+ID+BASE64
        #[arg(value_name = "KEY")]
        key: String,
        #[command(flatten)]
        at: Where,
    },
    /// List the witnesses and what each has signed last
    List {
        #[command(flatten)]
        at: Where,
    },
    /// Ask a witness no more; what it has signed is kept
    Remove {
        /// Its name, the part of its key before the first +
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        at: Where,
    },
    /// Offer the last checkpoint to every witness now and keep what they sign
    Offer {
        #[command(flatten)]
        at: Where,
    },
}
