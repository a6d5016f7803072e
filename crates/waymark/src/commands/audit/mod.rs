//! `waymark audit`: the log of who did what, for those who have to be sure of it. Nothing here changes it but an export,
//! which adds that it was taken.

mod ahead;
mod checking;
mod export;
mod meter;
mod offer;
pub mod options;
mod place;
mod prove;
mod signed;
mod verify;
mod witness;

use std::io::{self, Write as _};

pub use checking::{daily as check_daily, last as last_check};
pub use offer::{at_the_end as offer_at_the_end, offering};
use options::Audit;
pub use place::Place;

use crate::stop::Done;

/// Does what is asked about the log.
///
/// # Errors
/// A log that is not as it was signed (exit code 1), a file that is no export (2), a database that cannot be read.
pub fn run(command: &Audit) -> Done {
    match command {
        Audit::Export(options) => export::run(options),
        Audit::Verify(options) => verify::run(options),
        Audit::Prove(options) => prove::run(options),
        Audit::Key { at } => {
            let key = Place::of(at)?.key()?;
            Ok(writeln!(io::stdout(), "{key}")?)
        }
        Audit::Witness(command) => witness::run(command),
    }
}

/// A number with commas between its thousands.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let length = digits.len();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (length - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A moment by a witness's clock, in seconds since 1970.
fn moment(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
    at.map_or_else(|| "a time that cannot be read".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
