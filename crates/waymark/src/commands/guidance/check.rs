//! `waymark guidance check`: is this pack sound, and what was proved about it?

use std::io::{self, Write as _};
use std::path::Path;

use guidance::expect::unmet;

use crate::pack::Texts;
use crate::page::layout::Text;
use crate::stop::{Done, Stop};

/// Loads a pack and says what came of it; every worked example is advised on as well, and held against what it expects.
///
/// # Errors
/// Every problem of the pack, or of its examples.
pub fn run(folder: Option<&Path>) -> Done {
    let texts = Texts::of(folder)?;
    let pack = texts.load().map_err(|stop| match stop {
        Stop::Input(mut problems) => {
            problems.push(match problems.len() {
                1 => "This pack is refused: one problem.".to_owned(),
                count => format!("This pack is refused: {count} problems."),
            });
            Stop::Input(problems)
        }
        other => other,
    })?;
    let mut wrong = Vec::new();
    for (name, example) in &texts.examples {
        match pack.read_toml(example) {
            Ok(facts) => {
                let unmet = unmet(example, &pack.advise(&pack.case(facts)));
                let unmet = unmet.unwrap_or_else(|says| vec![says]);
                wrong.extend(unmet.iter().map(|says| format!("examples/{name}: {says}")));
            }
            Err(problems) => wrong.extend(problems.iter().map(|problem| format!("examples/{name}: {problem}"))),
        }
    }
    if !wrong.is_empty() {
        return Err(Stop::Input(wrong));
    }
    let mut text = Text::for_stdout();
    text.heading(&format!("{}, version {}", pack.title(), pack.reference().version));
    text.para(0, "Sound: every name is known, every condition can be read, every property holds.");
    text.line(&pack.reference().digest);
    text.blank();
    let counts = [
        (pack.rules().len(), "conditions"),
        (pack.questions().len(), "questions"),
        (pack.duties().len(), "duties"),
        (pack.outcomes().len(), "outcomes"),
        (pack.statements().len(), "statements of the guidance"),
        (pack.services().len(), "services"),
        (pack.forms().len(), "forms"),
        (texts.examples.len(), "worked examples, each with the advice it expects"),
    ];
    for (count, what) in counts {
        text.line(&format!("{count:>5}  {what}"));
    }
    if !pack.proofs().is_empty() {
        text.heading("Proved, for everything that can be known or not known");
        for proof in pack.proofs() {
            text.item(2, "- ", &proof.says);
        }
    }
    let mut out = io::stdout().lock();
    out.write_all(text.finish().as_bytes())?;
    Ok(out.flush()?)
}
