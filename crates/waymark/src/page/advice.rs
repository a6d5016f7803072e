//! The page of advice: what an officer reads, from the class to the next question.

use guidance::Pack;
use guidance::advice::{Advice, Class, Duty, DutyState, Ground, PersonAdvice, SuspectRole, Truth};

use super::layout::{Text, cites, list, sentence};
use super::outcomes;
use super::recording::recording;
use super::words::{Words, due, full_name};

/// Questions shown; the rest is counted.
const MAX_ASKED: usize = 12;

/// The whole page.
pub fn page(pack: &Pack, advice: &Advice, would_change: bool) -> String {
    let words = Words::new(pack);
    let mut text = Text::for_stdout();
    class(&mut text, pack, words, advice);
    contradictions(&mut text, words, advice);
    people(&mut text, words, advice);
    duties(&mut text, words, advice);
    devices(&mut text, words, advice);
    outcomes::outcomes(&mut text, pack, words, advice);
    recording(&mut text, words, &advice.crime);
    if would_change {
        changes(&mut text, words, advice);
    }
    text.blank();
    text.para(0, "The guidance advises; you decide, and may depart from it with your reasons. Look up a source or a rule: waymark guidance explain G01");
    text.finish()
}

fn class(text: &mut Text, pack: &Pack, words: Words<'_>, advice: &Advice) {
    text.heading(&format!("This report: {}", advice.class));
    text.para(0, &format!("{}, version {}", pack.title(), pack.reference().version));
    if advice.grounds.is_empty() {
        let left = advice.ask_next.iter().filter(|ask| ask.is_for_the_class()).count();
        let all = advice.persons.values();
        let asks = if all.map(|person| person.class).all(|class| class == Class::NotInvolved) {
            "Nobody is entered yet who takes part in it."
        } else if left == 0 {
            "Nothing known so far settles it."
        } else {
            "Not settled by what is known so far; see what to ask next, below."
        };
        text.para(0, asks);
        return;
    }
    text.heading("Why");
    grounds(text, words, &advice.grounds);
}

/// The same ground for several people is one entry.
fn grounds(text: &mut Text, words: Words<'_>, all: &[Ground]) {
    let mut seen: Vec<&str> = Vec::new();
    for ground in all {
        if seen.contains(&ground.rule.as_str()) {
            continue;
        }
        seen.push(&ground.rule);
        text.item(2, "- ", &format!("{} {}", ground.says, cites(&ground.cites)));
        let mut told: Vec<String> = Vec::new();
        for same in all.iter().filter(|other| other.rule == ground.rule) {
            let reasons = words.reasons(&same.because);
            if !same.because.is_empty() && !told.contains(&reasons) {
                text.para(4, &reasons);
                told.push(reasons);
            }
        }
    }
}

fn contradictions(text: &mut Text, words: Words<'_>, advice: &Advice) {
    if advice.contradictions.is_empty() {
        return;
    }
    text.heading("Answers that cannot all be right");
    for contradiction in &advice.contradictions {
        text.item(2, "- ", &contradiction.says);
        let questions = words.questions(contradiction.facts.iter().map(String::as_str));
        text.para(4, &format!("Look again at: {}", questions.join(" ")));
    }
}

fn people(text: &mut Text, words: Words<'_>, advice: &Advice) {
    if advice.persons.is_empty() {
        return;
    }
    text.heading("Each person, by what they did themselves");
    let wide = advice.persons.keys().map(|id| id.chars().count()).max().unwrap_or_default();
    for (id, person) in &advice.persons {
        text.item(2, &format!("{id:wide$}  "), &in_words(person));
        // Only where it is said at all; what somebody's class rests on stands above.
        if person.harmed == Truth::Yes {
            let reasons = words.reasons(&person.harmed_because);
            text.para(wide + 4, &format!("Something was done to {id}: {reasons}"));
        }
    }
}

fn in_words(person: &PersonAdvice) -> String {
    let mut parts = vec![match person.class {
        Class::NotInvolved => "takes no part".to_owned(),
        class => class.to_string(),
    }];
    match person.harmed {
        Truth::Yes => parts.push("had something done to them".to_owned()),
        Truth::Undetermined if person.class != Class::NotInvolved => {
            parts.push("not settled whether something was done to them".to_owned())
        }
        _ => {}
    }
    if person.class != Class::NotInvolved {
        parts.push(
            match person.suspect_role {
                SuspectRole::Never => "never a suspect",
                // Only a child is experimental.
                SuspectRole::Possible if person.class == Class::Experimental => {
                    "a person involved, unless you decide otherwise with reasons"
                }
                SuspectRole::Possible => "a suspect only if you decide so, with reasons",
                SuspectRole::NotYetKnown => "not settled whether they could be a suspect",
            }
            .to_owned(),
        );
    }
    parts.join("; ")
}

/// Duties of one kind that stand the same way, for several people.
pub fn alike(duties: &[Duty]) -> Vec<Vec<&Duty>> {
    let mut groups: Vec<Vec<&Duty>> = Vec::new();
    for duty in duties {
        let same = |group: &&mut Vec<&Duty>| {
            group.first().is_some_and(|first| {
                first.duty == duty.duty && first.state == duty.state && first.provisional == duty.provisional
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(duty),
            None => groups.push(vec![duty]),
        }
    }
    groups
}

fn duties(text: &mut Text, words: Words<'_>, advice: &Advice) {
    let groups = alike(&advice.duties);
    let of =
        |state: DutyState| groups.iter().filter(move |group| group.first().is_some_and(|duty| duty.state == state));
    if of(DutyState::Due).next().is_some() {
        text.heading("To do, first things first");
    }
    let mut told: Vec<String> = Vec::new();
    for (number, group) in of(DutyState::Due).enumerate() {
        let Some(first) = group.first() else { continue };
        told.push(why(words, group));
        let marker = format!("{:>2}. ", number + 1);
        let precaution = if first.provisional { "; as a precaution, and may turn out not to be needed" } else { "" };
        text.item(
            1,
            &marker,
            &format!("{}: {}, {}{precaution}.", words.duties(group), first.strength, due(&first.due)),
        );
        text.para(5, &format!("{} {}", first.says, cites(&first.cites)));
        // The same reasons again and again hide those that differ.
        match told.last() {
            Some(why) if why.is_empty() => {}
            Some(why) => match told.iter().position(|other| other == why) {
                Some(before) if before < number => text.para(5, &format!("Because: as in {}.", before + 1)),
                _ => text.para(5, why),
            },
            None => {}
        }
    }
    // Before what hangs on the answers, and before a long list of outcomes.
    ask_next(text, words, advice);
    if of(DutyState::NotYetKnown).next().is_some() {
        text.heading("May be needed");
    }
    for group in of(DutyState::NotYetKnown) {
        let strength = group.first().map_or("", |duty| duty.strength.word());
        text.item(2, "- ", &format!("{}: {strength}.", words.duties(group)));
        text.para(4, &depends(words, group));
    }
    if of(DutyState::Done).next().is_some() {
        text.heading("Done");
    }
    for group in of(DutyState::Done) {
        text.item(2, "- ", &words.duties(group));
    }
}

/// Why something is to be done, of all those it is for.
fn why(words: Words<'_>, group: &[&Duty]) -> String {
    let Some(first) = group.first() else {
        return String::new();
    };
    if first.provisional {
        return format!("A precaution that may turn out not to be needed. {}", depends(words, group));
    }
    if first.because.is_empty() { String::new() } else { format!("Because: {}", words.reasons(&first.because)) }
}

fn depends(words: Words<'_>, group: &[&Duty]) -> String {
    match words.questions(facts_of(group)) {
        questions if questions.is_empty() => "It depends on what is still to be asked.".to_owned(),
        questions => {
            let more = group.iter().any(|duty| duty.because_more > 0);
            format!("It depends on: {}", some(&questions, more))
        }
    }
}

fn facts_of<'d>(group: &[&'d Duty]) -> impl Iterator<Item = &'d str> {
    group
        .iter()
        .flat_map(|duty| duty.because.iter().map(|because| because.fact.as_str()))
        .collect::<Vec<_>>()
        .into_iter()
}

/// The first few of a list of questions, and how many others there are: at least, where there are `more` than are in the list.
pub fn some(questions: &[String], more: bool) -> String {
    let shown = questions.iter().take(3).cloned().collect::<Vec<_>>().join(" ");
    match (questions.len().saturating_sub(3), more) {
        (0, false) => shown,
        (1, false) => format!("{shown} And one more answer."),
        (others, false) => format!("{shown} And {others} more answers."),
        (0, true) => format!("{shown} And more answers."),
        (others, true) => format!("{shown} And more than {others} more answers."),
    }
}

fn devices(text: &mut Text, words: Words<'_>, advice: &Advice) {
    if advice.devices.is_empty() {
        return;
    }
    text.heading("Devices");
    for (id, device) in &advice.devices {
        let what = sentence(&device.advice.word().replace('-', " "));
        text.item(2, "- ", &format!("{id}: {what}. {} {}", device.says, cites(&device.cites)));
        if !device.because.is_empty() {
            text.para(4, &format!("Because: {}", words.reasons(&device.because)));
        }
    }
}

fn ask_next(text: &mut Text, words: Words<'_>, advice: &Advice) {
    if advice.ask_next.is_empty() {
        return;
    }
    text.heading("To ask next: safety first, then what settles most");
    let mut groups: Vec<(Vec<&str>, &str)> = Vec::new();
    let (safety, rest): (Vec<_>, Vec<_>) =
        advice.ask_next.iter().partition(|ask| words.is_about_safety(full_name(&ask.fact)));
    for ask in safety.into_iter().chain(rest) {
        let fact = full_name(&ask.fact);
        let same = |facts: &[&str]| {
            facts
                .first()
                .map(|first| full_name(first))
                .is_some_and(|first| first.scope == fact.scope && first.name == fact.name)
        };
        match groups.iter_mut().find(|(facts, _)| same(facts)) {
            Some((facts, _)) => facts.push(&ask.fact),
            None => groups.push((vec![&ask.fact], &ask.why)),
        }
    }
    for (facts, why) in groups.iter().take(MAX_ASKED) {
        text.item(2, "- ", &words.questions(facts.iter().copied()).join(" "));
        text.para(4, &format!("{}.", sentence(why)));
    }
    match groups.len().saturating_sub(MAX_ASKED) {
        0 => {}
        1 => text.para(2, "One more question can wait."),
        more => text.para(2, &format!("{more} more questions can wait.")),
    }
}

fn changes(text: &mut Text, words: Words<'_>, advice: &Advice) {
    text.heading("What would change the advice (for supervisors and authors)");
    if advice.would_change.is_empty() && advice.would_change_more.is_empty() {
        text.para(2, "No other answer would give another class.");
    }
    for change in &advice.would_change {
        let facts: Vec<String> = change
            .changes
            .iter()
            .map(|(fact, value)| {
                let name = full_name(fact);
                format!("{} {}", words.question(name), words.answer(name, value))
            })
            .collect();
        let then: Vec<String> =
            change.then.iter().map(|(what, value)| format!("{} {value}", what.replace('_', " "))).collect();
        text.item(2, "- ", &format!("{}. Then: {}.", facts.join(". "), list(&then)));
    }
    for more in &advice.would_change_more {
        let then: Vec<String> =
            more.then.iter().map(|(what, value)| format!("{} {value}", what.replace('_', " "))).collect();
        let then = list(&then);
        let (sets, most) = (more.sets, more.more_than);
        let says = match sets {
            0 => format!(
                "no change of up to {most} answers was found that gives {then}; more than {most} together would."
            ),
            1 => format!("one more answer, or answers together, would give {then}."),
            _ => format!("{sets} more answers, or answers together, would give {then}."),
        };
        text.item(2, "- ", &format!("And more: {says}"));
    }
}
