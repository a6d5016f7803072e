//! Recording a crime on the page of advice: whether there is one, its possible classes, and why.

use guidance::advice::{Because, Crime, CrimeClass, Record};

use super::advice::some;
use super::layout::{Text, cites, list};
use super::words::Words;

/// Adds what is to be recorded, and what that rests on.
pub fn recording(text: &mut Text, words: Words<'_>, crime: &Crime) {
    text.heading("Recording");
    text.para(
        2,
        match crime.record {
            Record::Yes => {
                "There is a crime to record. Possible classes; the registrar settles which is the principal one:"
            }
            Record::NotYetKnown => "Whether there is a crime to record is not settled yet.",
            Record::No => "No crime is known of. Record the reason why there is none.",
        },
    );
    crime.says.iter().for_each(|says| text.para(2, says));
    // Each class says below what it rests on.
    let (open, settled): (Vec<&Because>, Vec<&Because>) = crime.because.iter().partition(|because| is_open(because));
    if crime.record == Record::NotYetKnown && !open.is_empty() {
        let questions = words.questions(open.iter().map(|because| because.fact.as_str()));
        let more = crime.because_more > 0;
        text.para(2, &format!("It depends on: {}", some(&questions, more)));
    } else if crime.classes.is_empty() && !settled.is_empty() {
        let settled: Vec<Because> = settled.into_iter().cloned().collect();
        text.para(2, &format!("Because: {}", words.reasons(&settled)));
    }
    // What nobody is named for stands apart: it is not for whoever did the same.
    let kind = |class: &CrimeClass| (class.act.clone(), class.subject.is_some());
    let mut shown = Vec::new();
    for class in &crime.classes {
        if shown.contains(&kind(class)) {
            continue;
        }
        shown.push(kind(class));
        let same = || crime.classes.iter().filter(|other| kind(other) == kind(class));
        let whose: Vec<&str> = same().filter_map(|other| other.subject.as_deref()).collect();
        let mut parts = vec![match &class.code {
            Some(code) => format!("{code} {}", class.act),
            None => format!("{} (no code: ask the registrar)", class.act),
        }];
        parts.push(if whose.is_empty() { "no person is named".to_owned() } else { format!("act of {}", list(&whose)) });
        parts.extend(class.from.as_ref().map(|day| format!("acts from {day}")));
        parts.extend(class.until.as_ref().map(|day| format!("acts until {day}")));
        parts.extend(class.confirm.as_ref().map(|who| format!("the {who} confirms")));
        text.item(2, "- ", &format!("{} {}", parts.join("; "), cites(&class.cites)));
        let mut told: Vec<String> = Vec::new();
        for same in same() {
            let reasons = words.reasons(&same.because);
            if !same.because.is_empty() && !told.contains(&reasons) {
                text.para(4, &format!("Because: {reasons}"));
                told.push(reasons);
            }
        }
    }
}

/// Whether a reason is that something is open.
fn is_open(because: &Because) -> bool {
    matches!(because.value.as_word(), Some("not-known" | "not-asked"))
}
