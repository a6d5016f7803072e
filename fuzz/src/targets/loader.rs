//! Packs of guidance, with one file changed.

use guidance::{Pack, Source};

use super::{Target, Was};
use crate::corpus;
use crate::mutate::{self, Chance};

/// The loader of packs.
pub struct Loader {
    files: Vec<(String, String)>,
    /// What packs that must be refused have in them.
    bad: Vec<String>,
    chance: Chance,
}

impl Loader {
    pub fn new(seed: u64) -> Self {
        Self {
            files: corpus::guidance(),
            bad: corpus::files("guidance/broken", ".toml").into_iter().map(|(_, text)| text).collect(),
            chance: Chance::new(seed ^ 2),
        }
    }
}

impl Target for Loader {
    fn name(&self) -> &'static str {
        "packs"
    }

    /// Name of the changed file, a line end, its text.
    fn input(&mut self) -> Vec<u8> {
        let chance = &mut self.chance;
        let (name, text) = chance.one(&self.files).clone();
        let other =
            if chance.below(2) == 0 { chance.one(&self.bad).clone() } else { chance.one(&self.files).1.clone() };
        let mut changed = if chance.below(2) == 0 {
            mutate::lines(&text, &other, chance).into_bytes()
        } else {
            let mut bytes = text.into_bytes();
            mutate::bytes(&mut bytes, other.as_bytes(), chance);
            bytes
        };
        let mut input = format!("{name}\n").into_bytes();
        input.append(&mut changed);
        input
    }

    fn run(&mut self, input: &[u8]) -> Was {
        let text = String::from_utf8_lossy(input);
        let (name, changed) = text.split_once('\n').unwrap_or_default();
        let sources: Vec<Source<'_>> = self
            .files
            .iter()
            .map(|(file, text)| Source { name: file, text: if file == name { changed } else { text } })
            .collect();
        match Pack::load(&sources) {
            Ok(_) => Was::Taken,
            Err(problems) if problems.is_empty() => Was::Wrong("refused without a reason".to_owned()),
            Err(_) => Was::Refused,
        }
    }
}
