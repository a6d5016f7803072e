//! The outcomes on the page of advice: for the report, then for the children, those answered alike together.

use guidance::Pack;
use guidance::advice::{Advice, Because, Outcome, OutcomeState};

use super::advice::some;
use super::layout::{Text, cites, list};
use super::words::Words;

/// More duties than this are counted, not named: they stand in the list of what to do.
const MAX_NAMED: usize = 3;

/// Adds the outcomes.
pub fn outcomes(text: &mut Text, pack: &Pack, words: Words<'_>, advice: &Advice) {
    let of_report: Vec<&Outcome> = advice.outcomes.iter().filter(|outcome| outcome.subject.is_none()).collect();
    if !of_report.is_empty() {
        text.heading("Outcomes for the report");
        states(text, pack, words, advice, &of_report, "", "");
    }
    let mut groups: Vec<(Vec<&str>, Vec<&Outcome>, Vec<String>)> = Vec::new();
    for id in advice.persons.keys() {
        let outcomes: Vec<&Outcome> =
            advice.outcomes.iter().filter(|outcome| outcome.subject.as_deref() == Some(id)).collect();
        if outcomes.is_empty() {
            continue;
        }
        let said: Vec<String> =
            outcomes.iter().map(|outcome| said(pack, words, advice, outcome, id, "each of them")).collect();
        match groups.iter_mut().find(|(.., known)| *known == said) {
            Some((ids, ..)) => ids.push(id),
            None => groups.push((vec![id], outcomes, said)),
        }
    }
    for (ids, outcomes, _) in &groups {
        text.heading(&format!("Outcomes for {}", list(ids)));
        let name = if let [one] = ids.as_slice() { *one } else { "each of them" };
        states(text, pack, words, advice, outcomes, ids.first().copied().unwrap_or_default(), name);
    }
}

fn states(
    text: &mut Text,
    pack: &Pack,
    words: Words<'_>,
    advice: &Advice,
    outcomes: &[&Outcome],
    subject: &str,
    name: &str,
) {
    for (state, heading) in
        [(OutcomeState::Open, "Open"), (OutcomeState::NotYet, "Not yet"), (OutcomeState::Blocked, "Blocked")]
    {
        let mut here = outcomes.iter().filter(|outcome| outcome.state == state).peekable();
        if here.peek().is_some() {
            text.para(2, &format!("{heading}:"));
        }
        for outcome in here {
            text.item(4, "- ", &said(pack, words, advice, outcome, subject, name));
        }
    }
}

/// One outcome in words. `name` is what the child with the id `subject` is called.
fn said(pack: &Pack, words: Words<'_>, advice: &Advice, outcome: &Outcome, subject: &str, name: &str) -> String {
    let title =
        pack.outcomes().iter().find(|words| words.code == outcome.code).map_or("", |words| words.title.as_str());
    let mut parts = vec![format!("{} {title}.", outcome.code)];
    parts.extend(outcome.says.iter().map(String::from));
    let (duties, facts): (Vec<&str>, Vec<&str>) = outcome
        .needs
        .iter()
        .map(guidance::Text::as_str)
        .partition(|id| advice.duties.iter().any(|duty| duty.id == *id));
    if duties.len() > MAX_NAMED {
        parts.push(format!("{} things to do come first, see above.", duties.len()));
    } else if !duties.is_empty() {
        let titles: Vec<String> = duties.iter().map(|id| words.duty_of_id(&renamed(id, ':', subject, name))).collect();
        parts.push(format!("First: {}.", titles.join("; ")));
    }
    // An answer that was given and shuts it out is said above; it is not open.
    let is_given = |fact: &str| {
        let yes_or_no = |because: &Because| matches!(because.value.as_word(), Some("yes" | "no"));
        outcome.because.iter().any(|because| because.fact.as_str() == fact && yes_or_no(because))
    };
    let facts: Vec<&str> = facts.into_iter().filter(|fact| !is_given(fact)).collect();
    if !facts.is_empty() {
        let facts: Vec<String> = facts.iter().map(|fact| renamed(fact, '.', subject, name)).collect();
        parts.push(format!(
            "Not settled: {}",
            some(&words.questions(facts.iter().map(String::as_str)), outcome.needs_more > 0)
        ));
    }
    parts.push(cites(&outcome.cites));
    parts.join(" ")
}

/// An id with another name in the place of its subject.
fn renamed(id: &str, between: char, subject: &str, name: &str) -> String {
    let parts: Vec<&str> =
        id.split(between).enumerate().map(|(at, part)| if at == 1 && part == subject { name } else { part }).collect();
    parts.join(&between.to_string())
}
