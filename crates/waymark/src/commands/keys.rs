//! `waymark keys`: looking after the keys that everything is encrypted with.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;

use jiff::Timestamp;
use store::{KeyError, Keys, OPERATOR, Share, SqliteStore, UserId, recover_keys, recovery_shares};

use super::keys_copy;
use crate::cli::{self, Where};
use crate::server;
use crate::settings::{Settings, new_passphrase};
use crate::stop::{Done, Stop, told};

/// Shares that are printed, and how many of them are needed. Enough that two can be lost, and that two who
/// agree cannot get in.
const SHARES: (u8, u8) = (3, 5);

/// Does what is asked about the keys.
///
/// # Errors
/// Keys that cannot be used, a database that is in use, shares that do not fit.
pub fn run(command: &cli::Keys) -> Done {
    match command {
        cli::Keys::Show { shares, at } => show(at, *shares),
        cli::Keys::Rotate { at } => rotate(at),
        cli::Keys::Recover { at } => recover(at),
        cli::Keys::Copy(options) => keys_copy::run(options),
    }
}

pub(super) fn place(at: &Where) -> Result<(PathBuf, Keys), Stop> {
    let settings = Settings::at(at)?;
    let keys = settings.keys()?;
    Ok((settings.database, keys))
}

fn show(at: &Where, shares: bool) -> Done {
    let (database, keys) = place(at)?;
    let store = SqliteStore::open_for_reading(&database, &keys).map_err(|error| server::cannot_open(&error))?;
    let state = store.keyring().map_err(|error| failed(&error))?;
    let mut out = io::stdout();
    let opened = if state.by_passphrase { "a passphrase" } else { "a key file beside it" };
    writeln!(out, "Keyring: {}, opened with {opened}.", keys.ring().display())?;
    writeln!(out, "Epoch {}. Keys of reports and people: {}.", state.epoch, state.keys)?;
    writeln!(out, "The log is verified with: {}", state.log_key)?;
    if shares {
        print_shares(&keys)?;
    }
    Ok(())
}

fn rotate(at: &Where) -> Done {
    let (database, keys) = place(at)?;
    let next = match new_passphrase()? {
        Some(words) => keys.clone().with_passphrase(words),
        None => keys.clone(),
    };
    let store = SqliteStore::open(&database, &keys).map_err(|error| server::cannot_open(&error))?;
    let operator = UserId::new(OPERATOR).map_err(|error| Stop::failed(error.to_string()))?;
    let rotated = server::runtime()?.block_on(store.rotate_keys(&next, operator, Timestamp::now()));
    let epoch = rotated.map_err(|error| failed(&error))?;
    writeln!(told(), "Every key is under the key of epoch {epoch} now. Recovery shares from before no longer fit.")?;
    print_shares(&next)?;
    writeln!(
        told(),
        "Copies of the keys from before are of the old epoch. Make a new one in their place: waymark keys copy FILE"
    )?;
    Ok(())
}

fn recover(at: &Where) -> Done {
    let (_, keys) = place(at)?;
    let mut out = told();
    writeln!(out, "Type the recovery shares, a line each, then an empty line.")?;
    let mut shares: Vec<Share> = Vec::new();
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|error| Stop::input(format!("the shares could not be read: {error}")))?;
        if line.trim().is_empty() {
            break;
        }
        shares.push(line.parse().map_err(|error: KeyError| wrong(&error))?);
    }
    let epoch = recover_keys(&keys, &shares).map_err(|error| wrong(&error))?;
    writeln!(
        out,
        "The keyring of epoch {epoch} opens again. Rotate the keys now if the old key may be in other hands: waymark keys rotate"
    )?;
    Ok(())
}

/// Prints new shares, with what to do with them.
///
/// # Errors
/// A keyring that cannot be opened; nobody read them, which is said, for nothing else ever opens the keyring without its key.
pub fn print_shares(keys: &Keys) -> Done {
    let text = printed(keys)?;
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        Stop::failed(format!(
            "the recovery shares could not be printed: {error}; everything else is done. To print others: waymark keys show --shares"
        ))
    })
}

/// New shares, with what to do with them.
fn printed(keys: &Keys) -> Result<String, Stop> {
    let (needed, all) = SHARES;
    let shares = recovery_shares(keys, needed, all).map_err(|error| wrong(&error))?;
    let mut text = format!(
        "\nRecovery shares. Any {needed} of these {all} open the keyring when its key is lost; without them a lost key means that\n\
         every report is lost. Give each to another person, on paper. They are not shown again.\n\n"
    );
    for share in shares {
        text.push_str(&format!("  {share}\n"));
    }
    text.push('\n');
    Ok(text)
}

/// What stops a command that needs the keys: what was typed or named, or the keys themselves.
pub fn wrong(error: &KeyError) -> Stop {
    let says = format!("{error}; {}", error.help());
    match error {
        KeyError::Shares { .. } | KeyError::PassphraseTooShort { .. } => Stop::input(says),
        _ => Stop::failed(says),
    }
}

fn failed(error: &store::StoreError) -> Stop {
    match error {
        store::StoreError::Keys(error) => wrong(error),
        _ => Stop::failed(format!("{error}; {}", error.help())),
    }
}
