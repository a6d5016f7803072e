//! What advice concludes, without its words: for telling one pack from another.

use std::collections::BTreeSet;

use guidance::Advice;

/// Advice without its words: what is concluded and on which facts it rests.
pub fn bare(mut advice: Advice) -> Advice {
    let forget = |grounds: &mut Vec<guidance::advice::Ground>| {
        grounds.iter_mut().for_each(|ground| (ground.says, ground.cites) = Default::default())
    };
    advice.pack = guidance::advice::PackRef { id: String::new(), version: String::new(), digest: String::new() };
    forget(&mut advice.grounds);
    // Which facts it rests on is the engine's to find; the pack is judged by what is concluded.
    advice.why_not.clear();
    advice.ask_next.clear();
    advice.would_change.clear();
    advice.would_change_more.clear();
    advice.duties.iter_mut().for_each(|duty| duty.because_more = 0);
    advice.outcomes.iter_mut().for_each(|outcome| (outcome.because_more, outcome.needs_more) = (0, 0));
    advice.grounds.iter_mut().for_each(|ground| ground.because = Default::default());
    advice
        .persons
        .values_mut()
        .flat_map(|person| &mut person.grounds)
        .for_each(|ground| ground.because = Default::default());
    // What the welfare check rests on is what it asks, which the pack says.
    let engines = advice.duties.iter_mut().filter(|duty| duty.duty != "welfare-check");
    engines.for_each(|duty| duty.because = Default::default());
    advice.devices.values_mut().for_each(|device| device.because = Default::default());
    advice.outcomes.iter_mut().for_each(|outcome| outcome.because = Default::default());
    // Which rules it is by is told to programs beside what is concluded.
    advice.outcomes.iter_mut().for_each(|outcome| outcome.rules.clear());
    advice.devices.values_mut().for_each(|device| device.rule = Default::default());
    advice.crime.classes.iter_mut().for_each(|class| class.rule = Default::default());
    advice.contradictions.iter_mut().for_each(|one| one.rule = Default::default());
    for person in advice.persons.values_mut() {
        forget(&mut person.grounds);
        (person.harmed_because, person.suspect_role_because) = Default::default();
        (person.harmed_because_more, person.suspect_role_because_more) = (0, 0);
        (person.harmed_cites, person.suspect_role_cites) = Default::default();
    }
    advice.crime.classes.iter_mut().for_each(|class| (class.because, class.confirm_because) = Default::default());
    (advice.crime.because, advice.crime.because_more) = Default::default();
    advice.why_not.iter_mut().for_each(|near| near.says = Default::default());
    advice.duties.iter_mut().for_each(|duty| (duty.says, duty.cites) = Default::default());
    advice.devices.values_mut().for_each(|device| (device.says, device.cites) = Default::default());
    advice.outcomes.iter_mut().for_each(|outcome| (outcome.says, outcome.cites) = Default::default());
    advice.ask_next.iter_mut().for_each(|ask| ask.why = String::new());
    advice.contradictions.iter_mut().for_each(|contradiction| contradiction.says = String::new());
    advice
}

/// What a case shows: every kind of conclusion with its state and the facts it rests on, whoever it is about.
pub fn shows(advice: &Advice) -> BTreeSet<String> {
    let plain = |because: &[guidance::advice::Because]| {
        let mut facts: Vec<String> =
            because.iter().map(|b| format!("{}={:?}", b.fact.rsplit('.').next().unwrap(), b.value)).collect();
        facts.sort();
        facts.dedup();
        facts.join(" ")
    };
    let mut all = BTreeSet::from([format!("class {}", advice.class)]);
    for duty in &advice.duties {
        // What may be needed rests on whatever is open: too many kinds to keep a case for each.
        let why =
            if duty.state == guidance::advice::DutyState::NotYetKnown { String::new() } else { plain(&duty.because) };
        all.insert(format!("{} {} {why}", duty.duty, duty.state));
        all.insert(format!("{} {} by {}", duty.duty, duty.due, duty.time));
    }
    for person in advice.persons.values() {
        all.insert(format!("person {} {} {} {}", person.class, person.harmed, person.suspect_role, advice.class));
    }
    for ground in advice.grounds.iter().chain(advice.persons.values().flat_map(|p| &p.grounds)) {
        all.insert(format!("ground {} {}", ground.rule, plain(&ground.because)));
    }
    for device in advice.devices.values() {
        all.insert(format!("device {} {}", device.advice, plain(&device.because)));
    }
    for outcome in &advice.outcomes {
        let needs = outcome.needs.iter().filter(|need| !need.contains('.')).map(|need| need.split(':').next().unwrap());
        let needs: BTreeSet<&str> = if outcome.code == "21" { BTreeSet::new() } else { needs.collect() };
        all.insert(format!(
            "outcome {} {} {} {needs:?} {}",
            outcome.code,
            outcome.subject.is_some(),
            outcome.state,
            outcome.says.join(" ")
        ));
    }
    for class in &advice.crime.classes {
        all.insert(format!("crime {} {} {}", class.act, class.subject.is_some(), advice.crime.record));
        all.insert(format!("confirm {} {:?} {}", class.act, class.confirm, plain(&class.confirm_because)));
    }
    all.insert(format!("crime {}", advice.crime.record));
    all.extend(advice.contradictions.iter().map(|c| format!("contradiction {}", c.says)));
    all
}
