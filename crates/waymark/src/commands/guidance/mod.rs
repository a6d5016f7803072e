//! `waymark guidance`: the guidance itself, for whoever wants to read, check or explain it.

mod check;
mod explain;
mod kept;
mod show;
mod tables;

use crate::cli::Guidance;
use crate::stop::Done;

/// Does what is asked about the guidance.
///
/// # Errors
/// A pack that cannot be read or is refused; a rule that is not there.
pub fn run(command: Guidance) -> Done {
    match command {
        Guidance::Check { folder } => check::run(folder.as_deref()),
        Guidance::Show { what, pack } => show::run(what, pack.pack.as_deref()),
        Guidance::Explain { rule, pack } => explain::run(&rule, pack.pack.as_deref()),
        Guidance::Tables { csv, pack } => tables::run(csv, pack.pack.as_deref()),
    }
}
