//! What may be said on the command line.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a run goes.
#[derive(Debug)]
pub struct Options {
    /// When it ends.
    pub time: Duration,
    /// Or after so many inputs.
    pub inputs: u64,
    /// What every input follows from.
    pub seed: u64,
    /// Only targets with this in their name.
    pub only: Option<String>,
    /// Tell at the end what was reached: of the pages every form and field.
    pub reached: bool,
}

impl Options {
    /// Reads them.
    ///
    /// # Errors
    /// What is not known.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut options =
            Self { time: Duration::from_secs(30), inputs: u64::MAX, seed: now.as_secs(), only: None, reached: false };
        while let Some(word) = words.next() {
            if word == "--reached" {
                options.reached = true;
                continue;
            }
            let value = words.next().ok_or_else(|| format!("{word} takes a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{word} takes a number, not {value}"));
            match word.as_str() {
                "--seconds" => options.time = Duration::from_secs(number()?),
                "--inputs" => options.inputs = number()?,
                "--seed" => options.seed = number()?,
                "--only" => options.only = Some(value.clone()),
                _ => {
                    return Err(format!("{word} is not known; use --seconds, --inputs, --seed, --only or --reached"));
                }
            }
        }
        Ok(options)
    }
}
