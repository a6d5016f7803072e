//! What is tried: each reads input of one kind.

mod events;
mod exports;
mod facts;
mod loader;
mod notes;
#[cfg(feature = "pages")]
mod pages;
#[cfg(feature = "pages")]
mod stolen;

/// What came of an input.
#[derive(Debug, PartialEq, Eq)]
pub enum Was {
    /// Understood.
    Taken,
    /// Refused, with reasons.
    Refused,
    /// Neither: what is wrong.
    Wrong(String),
}

/// Something that reads input.
pub trait Target {
    /// Its name in the table.
    fn name(&self) -> &'static str;
    /// The next input.
    fn input(&mut self) -> Vec<u8>;
    /// Reads one.
    fn run(&mut self, input: &[u8]) -> Was;
    /// What of it was reached, a line each, for whoever wants to know.
    fn reached(&self) -> Vec<String> {
        Vec::new()
    }
}

/// All of them.
pub fn all(seed: u64) -> Vec<Box<dyn Target>> {
    let mut all: Vec<Box<dyn Target>> = vec![
        Box::new(facts::Made::new(seed)),
        Box::new(facts::Mutated::new(seed)),
        Box::new(loader::Loader::new(seed)),
        Box::new(events::Events::new(seed)),
        Box::new(notes::Notes::new(seed)),
        Box::new(exports::Exports::new(seed)),
    ];
    #[cfg(feature = "pages")]
    {
        all.push(Box::new(stolen::Stolen::new(seed)));
        all.push(Box::new(pages::Pages::new(seed)));
    }
    all
}
