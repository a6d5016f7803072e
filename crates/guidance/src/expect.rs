//! What a worked example expects of the advice, and what of it the advice does not give.
//!
//! An example is a report in TOML with a table `[expect]` beside its facts:
//!
//! ```toml
//! [expect]
//! class = "aggravated"
//! persons.A = "experimental"             # class of a person
//! devices.A-phone = "preserve"           # advice on a device
//! duties = ["vpa:A"]                     # due or done
//! no_duties = ["abe-decision:A"]         # neither
//! not_listed = ["deletion-advice:A"]     # not even as one that may be due
//! duty_says."vpa:A" = ["assessment"]     # among its words
//! duty_due."checks:A" = "before-meeting"  # by when
//! may_be_due = ["adult-welfare:B"]       # not-yet-known
//! first_duty = "welfare-check"
//! outcome_21 = "not-yet"                 # for the report
//! outcomes.3 = "blocked"                 # any outcome for the report; "21:A" for a child
//! no_outcomes_for = ["A"]               # no line of their own
//! outcome_needs.22 = ["supervisor-review"]    # among what it needs
//! outcome_says.8 = ["responsibility"]    # among its words
//! asks = ["person.A.willing"]            # among what to ask next
//! crime_record = "yes"                   # whether a crime is to be recorded
//! crime_codes = ["86/10"]                # given
//! no_crime_code = ["86/2"]               # not given
//! confirms.A = ["86/2"]                  # the codes given for A that somebody has to confirm, and no other
//! no_code_for = ["A"]                    # no class put down for them
//! contradicts = ["report.imagery"]       # stands in what cannot all be right
//! never_suspect = ["A"]
//! suspect_roles.B = "not-yet-known"
//! ```

use toml::{Table, Value};

use crate::advice::{Advice, DutyState, Outcome};

/// Everything in the `[expect]` of an example that the advice does not meet, a sentence each; nothing for an example that expects
/// nothing.
///
/// # Errors
/// The text is no TOML, or its `[expect]` is no table: a sentence.
pub fn unmet(example: &str, advice: &Advice) -> Result<Vec<String>, String> {
    let table: Table = example.parse().map_err(|why: toml::de::Error| why.message().to_owned())?;
    match table.get("expect") {
        None => Ok(Vec::new()),
        Some(Value::Table(expect)) => {
            Ok(expect.iter().flat_map(|(key, wanted)| unmet_of(key, wanted, advice)).collect())
        }
        Some(_) => Err("expect is no table: write [expect]".to_owned()),
    }
}

/// Whether an example says what it expects.
pub fn expects(example: &str) -> bool {
    let table: Option<Table> = example.parse().ok();
    table.and_then(|table| table.get("expect")?.as_table().map(|expect| !expect.is_empty())).unwrap_or_default()
}

fn unmet_of(key: &str, wanted: &Value, advice: &Advice) -> Vec<String> {
    match (key, wanted) {
        ("class", Value::String(class)) => differs("the class", advice.class.word(), class),
        ("first_duty", Value::String(id)) => {
            differs("the first duty", advice.duties.first().map_or("nothing", |duty| &duty.id), id)
        }
        ("outcome_21", Value::String(state)) => outcome("21", state, advice),
        ("persons", Value::Table(persons)) => each(persons, |id, class| {
            differs(&format!("the class of {id}"), advice.persons.get(id).map_or("nothing", |p| p.class.word()), class)
        }),
        ("devices", Value::Table(devices)) => each(devices, |id, said| {
            differs(&format!("the advice on {id}"), advice.devices.get(id).map_or("nothing", |d| d.advice.word()), said)
        }),
        ("outcomes", Value::Table(outcomes)) => each(outcomes, |code, state| outcome(code, state, advice)),
        ("no_outcomes_for", Value::Array(ids)) => all(ids, |id| {
            let theirs = advice.outcomes.iter().find(|outcome| outcome.subject.as_deref() == Some(id));
            theirs.map(|outcome| format!("outcome {} is answered for {id}", outcome.code))
        }),
        ("duties", Value::Array(ids)) => all(ids, |id| (!raised(advice, id)).then(|| format!("{id} is not due"))),
        ("no_duties", Value::Array(ids)) => all(ids, |id| raised(advice, id).then(|| format!("{id} is due"))),
        ("may_be_due", Value::Array(ids)) => all(ids, |id| {
            let state = advice.duties.iter().find(|duty| *duty.id == *id).map(|duty| duty.state);
            (state != Some(DutyState::NotYetKnown)).then(|| format!("{id} is not one that may be due"))
        }),
        ("not_listed", Value::Array(ids)) => all(ids, |id| {
            advice.duties.iter().any(|duty| *duty.id == *id).then(|| format!("{id} is listed among the duties"))
        }),
        ("duty_says", Value::Table(duties)) => duties
            .iter()
            .flat_map(|(id, words)| {
                let said = advice.duties.iter().find(|duty| *duty.id == **id).map_or("", |duty| &duty.says);
                all(words.as_array().map_or(&[][..], Vec::as_slice), |words| {
                    (!said.contains(words)).then(|| format!("{id} does not say \"{words}\""))
                })
            })
            .collect(),
        ("duty_due", Value::Table(duties)) => each(duties, |id, due| {
            let found = advice.duties.iter().find(|duty| *duty.id == *id).map_or("nothing", |duty| &duty.due);
            differs(&format!("when {id} is due"), found, due)
        }),
        ("outcome_needs", Value::Table(outcomes)) => of_outcomes(outcomes, advice, |outcome, need| {
            (!outcome.needs.iter().any(|one| **one == *need)).then(|| format!("does not need {need}"))
        }),
        ("outcome_says", Value::Table(outcomes)) => of_outcomes(outcomes, advice, |outcome, words| {
            (!outcome.says.iter().any(|says| says.contains(words))).then(|| format!("does not say \"{words}\""))
        }),
        ("crime_record", Value::String(record)) => differs("crime.record", advice.crime.record.word(), record),
        ("asks", Value::Array(facts)) => all(facts, |fact| {
            let asked = advice.ask_next.iter().any(|ask| *ask.fact == *fact);
            (!asked).then(|| format!("{fact} is not asked next"))
        }),
        ("crime_codes", Value::Array(codes)) => {
            all(codes, |code| (!given(advice, code)).then(|| format!("crime code {code} is not given")))
        }
        ("no_crime_code", Value::Array(codes)) => {
            all(codes, |code| given(advice, code).then(|| format!("crime code {code} is given")))
        }
        ("confirms", Value::Table(people)) => {
            people.iter().flat_map(|(id, codes)| differs_in(&confirmed(advice, id), codes, id)).collect()
        }
        ("no_code_for", Value::Array(ids)) => all(ids, |id| {
            let mut classes = advice.crime.classes.iter();
            classes.any(|class| class.subject.as_deref() == Some(id)).then(|| format!("a crime class is for {id}"))
        }),
        ("contradicts", Value::Array(facts)) => all(facts, |fact| {
            let listed = advice.contradictions.iter().any(|both| both.facts.iter().any(|one| one == fact));
            (!listed).then(|| format!("{fact} stands in no contradiction"))
        }),
        ("never_suspect", Value::Array(ids)) => all(ids, |id| {
            let role = advice.persons.get(id).map_or("nothing", |person| person.suspect_role.word());
            (role != "never").then(|| format!("the role of suspect for {id} is {role}, expected never"))
        }),
        ("suspect_roles", Value::Table(roles)) => each(roles, |id, wanted| {
            let role = advice.persons.get(id).map_or("nothing", |person| person.suspect_role.word());
            differs(&format!("the role of suspect for {id}"), role, wanted)
        }),
        _ => vec![format!("[expect] has no key {key}, or not of this kind; crates/guidance/src/expect.rs lists them")],
    }
}

fn differs(what: &str, found: &str, wanted: &str) -> Vec<String> {
    if found == wanted { Vec::new() } else { vec![format!("{what} is {found}, expected {wanted}")] }
}

/// The codes given for somebody that have to be confirmed.
fn confirmed<'a>(advice: &'a Advice, id: &str) -> Vec<&'a str> {
    let classes = advice.crime.classes.iter();
    let theirs = classes.filter(|class| class.subject.as_deref() == Some(id) && class.confirm.is_some());
    theirs.filter_map(|class| class.code.as_deref()).collect()
}

fn differs_in(found: &[&str], wanted: &Value, id: &str) -> Vec<String> {
    let codes: Option<Vec<&str>> = wanted.as_array().map(|codes| codes.iter().filter_map(Value::as_str).collect());
    match codes {
        Some(codes) if codes == found => Vec::new(),
        _ => vec![format!("the codes for {id} that have to be confirmed are {found:?}, expected {wanted}")],
    }
}

/// Every entry of a table whose values are words.
fn each(table: &Table, unmet: impl Fn(&str, &str) -> Vec<String>) -> Vec<String> {
    let one = |(key, value): (&String, &Value)| match value.as_str() {
        Some(word) => unmet(key, word),
        None => vec![format!("what is expected of {key} is no word in quotes")],
    };
    table.iter().flat_map(one).collect()
}

/// Every entry of a list of words.
fn all(list: &[Value], unmet: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let one = |value: &Value| match value.as_str() {
        Some(word) => unmet(word),
        None => Some("a list in [expect] has something in it that is no word in quotes".to_owned()),
    };
    list.iter().filter_map(one).collect()
}

fn given(advice: &Advice, code: &str) -> bool {
    advice.crime.classes.iter().any(|class| class.code.as_deref() == Some(code))
}

fn raised(advice: &Advice, id: &str) -> bool {
    let duty = advice.duties.iter().find(|duty| *duty.id == *id);
    duty.is_some_and(|duty| matches!(duty.state, DutyState::Due | DutyState::Done))
}

/// `21` is the outcome of the report, `21:A` that of a child.
fn find<'a>(code: &str, advice: &'a Advice) -> Option<&'a Outcome> {
    let (number, subject) = match code.split_once(':') {
        Some((number, subject)) => (number, Some(subject)),
        None => (code, None),
    };
    let mut outcomes = advice.outcomes.iter();
    outcomes.find(|outcome| *outcome.code == *number && outcome.subject.as_deref() == subject)
}

/// A list of words for each of some outcomes.
fn of_outcomes(table: &Table, advice: &Advice, unmet: impl Fn(&Outcome, &str) -> Option<String>) -> Vec<String> {
    let one = |(code, words): (&String, &Value)| match (find(code, advice), words) {
        (Some(outcome), Value::Array(words)) => {
            all(words, |word| unmet(outcome, word).map(|says| format!("outcome {code} {says}")))
        }
        (None, _) => vec![format!("outcome {code} is nothing")],
        _ => vec![format!("what is expected of outcome {code} is no list")],
    };
    table.iter().flat_map(one).collect()
}

fn outcome(code: &str, wanted: &str, advice: &Advice) -> Vec<String> {
    let found = find(code, advice);
    let state = found.map_or("nothing", |outcome| outcome.state.word());
    let mut unmet = differs(&format!("outcome {code}"), state, wanted);
    let needs = found.map(|outcome| outcome.needs.join(", ")).filter(|needs| !needs.is_empty());
    if let (Some(says), Some(needs)) = (unmet.first_mut(), needs) {
        says.push_str(&format!(" (it needs {needs})"));
    }
    unmet
}
