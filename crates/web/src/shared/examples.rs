//! The worked examples of the guidance, each with the advice it gets: what a rule means is seen best where it holds.

use std::sync::{Arc, OnceLock};

use guidance::words::RuleWords;
use guidance::{Advice, Pack};

/// One worked example.
#[derive(Debug)]
pub struct Example {
    /// Its name, which is that of its file: `blackmailed-for-money`.
    pub name: String,
    /// What happens in it, in a sentence.
    pub about: String,
    /// Where it comes from.
    pub source: String,
    /// Its facts, as written.
    pub text: String,
    /// What the guidance advises in it.
    pub advice: Advice,
}

/// All of them. They are advised on when somebody first looks, not when the server starts.
#[derive(Debug, Clone, Default)]
pub struct Examples(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    texts: Vec<(String, String)>,
    advised: OnceLock<Vec<Example>>,
}

impl Examples {
    /// From names and texts, as they lie beside the pack.
    pub fn new(texts: Vec<(String, String)>) -> Self {
        Self(Arc::new(Inner { texts, advised: OnceLock::new() }))
    }

    /// Every example that can be read, in the order of the names.
    pub fn of(&self, pack: &Pack) -> &[Example] {
        let all = &self.0.texts;
        self.0.advised.get_or_init(|| all.iter().filter_map(|(name, text)| advised(pack, name, text)).collect())
    }

    /// Those in which a rule holds.
    pub fn holding<'a>(&'a self, pack: &Pack, rule: &'a RuleWords) -> impl Iterator<Item = &'a Example> {
        self.of(pack).iter().filter(move |example| rule.holds_in(&example.advice))
    }
}

fn advised(pack: &Pack, name: &str, text: &str) -> Option<Example> {
    let facts = pack.read_toml(text).ok()?;
    Some(Example {
        name: name.trim_end_matches(".toml").to_owned(),
        about: said(text, "about"),
        source: said(text, "source"),
        text: text.to_owned(),
        advice: pack.advise(&pack.case(facts)),
    })
}

/// What an example says of itself in one line of its head: `about = "…"`.
fn said(text: &str, key: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='));
    line.unwrap_or_default().trim().trim_matches('"').replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn an_example_says_what_it_is_about() {
        let text = "about = \"She says \\\"no\\\" and he goes on\"\nsource = \"made up\"\n[report]\n";
        assert_eq!(said(text, "about"), "She says \"no\" and he goes on");
        assert_eq!(said(text, "source"), "made up");
        assert_eq!(said(text, "nothing"), "");
    }
}
