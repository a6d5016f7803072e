//! The command line: names, help texts and options. What each command does is in `commands`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::audit::options::Audit;

/// Guidance for reports of sexting by young people, from the first call to a proportionate outcome.
///
/// Waymark says at every moment what the guidance asks and why. It advises; the officer decides.
/// It never holds an image: give it answers, never pictures.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Exit codes: 0 all is well, 1 something failed, 2 the input or the command line is wrong.\n\
                  To look around with made-up reports: waymark demo"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Advise on a report written down as answers, in TOML or JSON
    Advise(Advise),
    /// Look at the guidance: check it, read it, ask where a rule comes from
    #[command(subcommand)]
    Guidance(Guidance),
    /// Look around: a made-up force with a report at every stage, on this computer only
    Demo(Demo),
    /// Serve the pages, for real use
    Serve {
        /// The settings file; to make one: waymark config > waymark.toml
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Print every setting with its meaning and its default, or check a settings file
    Config {
        /// Check this settings file instead
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
    },
    /// The log of who did what: export it, check it, prove what is in it, have it witnessed
    #[command(subcommand)]
    Audit(Audit),
    /// Look into the record: list reports, show one, replay the advice that was given, compare guidance
    #[command(subcommand)]
    Report(Report),
    /// Write an encrypted copy of everything, while the server runs
    Backup(Backup),
    /// Bring a backup back, into a folder of its own
    Restore(Restore),
    /// Look whether everything is in order for keeping reports, and say what to do
    Doctor(Doctor),
    /// Look after the keys that everything is encrypted with: show, rotate, recover
    #[command(subcommand)]
    Keys(Keys),
}

#[derive(Debug, Args)]
#[command(after_help = "\
The copy is of one moment and of everything acknowledged by then. It is encrypted to a public key (age1…), so this
computer can make backups and cannot read them. The secret key that belongs to it opens them, with Waymark or with
nothing but the tools age and tar:  age -d -i SECRET-KEY BACKUP | tar x

Examples:
  waymark backup --make-key backup-key.txt        once; then keep that file away from this computer
  waymark backup --config waymark.toml
  waymark backup --config waymark.toml --to /media/backups

Exit codes: 0 the backup is on the disk, 1 it failed and nothing of it is left, 2 the command line or a setting is wrong.")]
pub struct Backup {
    #[command(flatten)]
    pub at: Where,
    /// Write it into this folder instead of the one in the settings
    #[arg(long, value_name = "FOLDER")]
    pub to: Option<PathBuf>,
    /// Encrypt it to this public key instead of the one in the settings
    #[arg(long, value_name = "AGE1…")]
    pub recipient: Option<String>,
    /// Make no backup but a pair of keys: the secret one into this new file, the public one is printed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "dir", "to", "recipient"])]
    pub make_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Everything is decrypted beside the folder, checked, and only then given its name. Nothing is ever overwritten.

Example:
  waymark restore waymark-2026-11-24-031500Z-1042.tar.age --key backup-key.txt --keys keys --into restored \\
    --checkpoints /elsewhere/checkpoints

Exit codes: 0 it is restored, 1 it failed and nothing of it is left, 2 the command line is wrong or the key does not fit.")]
pub struct Restore {
    /// The backup
    #[arg(value_name = "BACKUP")]
    pub file: PathBuf,
    /// The folder to make; one that is there must be empty
    #[arg(long, value_name = "FOLDER")]
    pub into: PathBuf,
    /// The file with the secret key
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The keyring that belongs to it, which is in no backup: its folder, or the file that `waymark keys copy` wrote
    #[arg(long, value_name = "FOLDER|FILE")]
    pub keys: PathBuf,
    /// The file of checkpoints that was kept elsewhere: every one as old as the backup must hold
    #[arg(long, value_name = "FILE")]
    pub checkpoints: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 all is in order, 1 something has to be done, 2 the command line or a setting is wrong."
)]
pub struct Doctor {
    #[command(flatten)]
    pub at: Where,
    /// Print it as JSON, for monitoring
    #[arg(long)]
    pub json: bool,
    /// Also read the whole database and check that it holds together
    #[arg(long)]
    pub thorough: bool,
}

/// Which guidance to use.
#[derive(Debug, Args)]
pub struct PackChoice {
    /// Use the guidance in this folder instead of the Cheshire guidance that is built in
    #[arg(long, value_name = "DIR")]
    pub pack: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
The input is a [report] with its answers, a [[person]] for everybody in it and a [[device]] for each device.
What is left out was never asked; \"not-known\" was asked and nobody can say yet. Neither counts as no.

Examples:
  waymark advise report.toml
  waymark advise report.json --json
  waymark advise - < report.toml
  waymark advise --lines reports.jsonl > advice.jsonl

Exit codes: 0 advice was given, 1 something failed, 2 the input is wrong (every problem is listed with its place).")]
pub struct Advise {
    /// The report: a TOML or JSON file, or - to read it from standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Print the advice as JSON, for programs
    ///
    /// Input that is wrong gives {"error":[…]} in its place, on standard output too; the exit code is then 2.
    #[arg(long, conflicts_with_all = ["lines", "would_change"])]
    pub json: bool,
    /// Read one JSON report a line, write one JSON advice a line, in the same order
    ///
    /// A line that is wrong gives {"error":[…]} in its place; the exit code is then 2 at the end.
    #[arg(long, conflicts_with = "would_change")]
    pub lines: bool,
    /// Add what would change the advice: for supervisors and authors of guidance
    #[arg(long)]
    pub would_change: bool,
    #[command(flatten)]
    pub pack: PackChoice,
}

#[derive(Debug, Subcommand)]
pub enum Guidance {
    /// Check a pack: every problem with file and line, or what was proved about it
    Check {
        /// The folder of the pack; left out, the guidance that is built in
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Read one part of the guidance in plain words
    Show {
        /// Which part
        #[arg(value_enum, default_value = "duties")]
        what: Part,
        #[command(flatten)]
        pack: PackChoice,
    },
    /// Explain a rule: its condition, where it is written, what it cites, and examples where it holds
    Explain {
        /// A rule (threats), a duty (vpa), an outcome (21) or a statement of the guidance (G44)
        #[arg(value_name = "RULE")]
        rule: String,
        #[command(flatten)]
        pack: PackChoice,
    },
    /// Print the whole guidance as tables for reviewers, in Markdown
    Tables {
        /// One CSV table that spreadsheets open as it is
        #[arg(long)]
        csv: bool,
        #[command(flatten)]
        pack: PackChoice,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Everybody and everything in it is made up. It builds a report at every stage, from a first call to closed, prints the
address and one sign-in link for each role, and listens to this computer only, at http://localhost. Never enter anything real.")]
pub struct Demo {
    /// Listen on this port [default: the first free one from 8080]
    #[arg(long, value_name = "PORT", value_parser = port)]
    pub port: Option<u16>,
    /// Keep it in this folder, to start it again later [default: a folder that is removed at the end]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Report {
    /// List every report, a line each, without personal data. Stop the server first
    ///
    /// That they were listed, and why, is an entry of the log before the first line is written. While a server runs, only the
    /// server can write that: read the lists on its pages.
    List {
        /// Why they are listed, in words, without names: it outlives the reports, encrypted in the log, for auditors
        #[arg(long, value_name = "WORDS")]
        reason: String,
        #[command(flatten)]
        at: Where,
    },
    /// Show one report as it stands: tasks and what happened, without names. Stop the server first
    ///
    /// That it was shown, and why, is an entry of the log before the first line is written. While a server runs, only the
    /// server can write that: read the report on its page.
    Show {
        /// Its reference, such as WM-2026-000001
        #[arg(value_name = "REPORT")]
        report: String,
        /// Why it is read, in words, without names: it outlives the reports, encrypted in the log, for auditors
        #[arg(long, value_name = "WORDS")]
        reason: String,
        #[command(flatten)]
        at: Where,
        #[command(flatten)]
        pack: PackChoice,
    },
    /// Derive every advice ever given again, and say which comes out differently and why. Stop the server first
    ///
    /// One entry of the log for all of it, before anything is derived. Advice is derived under the version of the guidance it was
    /// given under: that in force, or one named with --pack. Exit code 1 when one differs; 3 when none does, and some was given
    /// under guidance that is not at hand, so that it could not be checked.
    Replay {
        /// Only this report, such as WM-2026-000001
        #[arg(value_name = "REPORT")]
        report: Option<String>,
        /// Why it is looked into, in words, without names: it outlives the reports, encrypted in the log, for auditors
        #[arg(long, value_name = "WORDS")]
        reason: String,
        #[command(flatten)]
        at: Where,
        /// The folder of another version of the guidance, beside that in force; once for each version that advice was given under
        #[arg(long = "pack", value_name = "DIR")]
        packs: Vec<PathBuf>,
    },
    /// Say which reports would come out differently under other guidance, before it takes force. Stop the server first
    ///
    /// Class, duties and outcomes are decided again from the facts of every report, under the guidance in force and under the
    /// other; those that differ are told by their reference, without personal data. Nothing is changed, and no decision that
    /// was made. One entry of the log for all of it, before anything is decided.
    Compare {
        /// Only this report, such as WM-2026-000001
        #[arg(value_name = "REPORT")]
        report: Option<String>,
        /// The folder of the other guidance
        #[arg(long, value_name = "DIR")]
        pack: PathBuf,
        /// Why it is looked into, in words, without names: it outlives the reports, encrypted in the log, for auditors
        #[arg(long, value_name = "WORDS")]
        reason: String,
        #[command(flatten)]
        at: Where,
    },
}

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Say what opens the keyring, how many keys it has, and what the log is verified with
    Show {
        /// Also print new recovery shares, each on a line, for whoever is to keep them
        #[arg(long)]
        shares: bool,
        #[command(flatten)]
        at: Where,
    },
    /// Put every key under a new one, so that old copies of the keyring are worthless. Stop the server first
    ///
    /// Cut off at any moment, nothing is lost: start it again. Afterwards only the recovery shares that are printed
    /// then fit. Where the environment names a file as WAYMARK_NEW_PASSPHRASE_FILE, the new key is under the passphrase in it.
    Rotate {
        #[command(flatten)]
        at: Where,
    },
    /// Write an encrypted copy of the keyring and what opens it, over the last copy, and read it back
    Copy(CopyKeys),
    /// Get in again with recovery shares, typed or piped in a line each, when the key file or the passphrase is lost
    Recover {
        #[command(flatten)]
        at: Where,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
A backup has no keys in it, and without them nobody can read it. So copy them too: every day, and after each rotation, to
another place than the backups. Always over the last copy, or what was erased lives on in the older ones. The copy is
encrypted to a public key (age1…), or with the passphrase in the file that the environment names as
WAYMARK_COPY_PASSPHRASE_FILE. Before it takes the place of the last one it is read back, whole.

Examples:
  waymark keys copy /media/keys/waymark-keys.tar.age --config waymark.toml
  waymark restore BACKUP --key backup-key.txt --keys /media/keys/waymark-keys.tar.age --into restored

Exit codes: 0 the copy is on the disk, 1 it failed and the last copy is as it was, 2 the command line or a setting is wrong.")]
pub struct CopyKeys {
    /// The file to write; a copy that is there already is replaced
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Encrypt it to this public key instead of the one in the settings
    #[arg(long, value_name = "AGE1…")]
    pub recipient: Option<String>,
    #[command(flatten)]
    pub at: Where,
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "a port is a whole number from 0 to 65535")
}

/// An entry of the log, by its place, or how many there are.
///
/// # Errors
/// What it should be, for whoever typed it.
pub fn entry(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "entries are counted in whole numbers, from 0")
}

/// Where the reports are.
#[derive(Debug, Args)]
pub struct Where {
    /// The settings file of the server
    #[arg(long, value_name = "FILE", conflicts_with = "dir")]
    pub config: Option<PathBuf>,
    /// The folder of a demo
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// A part of the guidance.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Part {
    /// What makes a report aggravated or experimental, and every other condition
    Rules,
    /// What has to be done, when and how
    Duties,
    /// What is asked and why
    Questions,
    /// The Home Office outcomes that come up
    Outcomes,
    /// Where children, parents, schools and officers can turn
    Services,
    /// What the guidance asks, statement by statement
    Statements,
    /// The facts, with the values each can have
    Facts,
    /// When a closed report is looked at again, and what stands against erasing it
    Keeping,
    /// Which days are no working days, and until when that is known
    WorkingDays,
    /// Where it all comes from
    Sources,
}
