//! The words of a pack for people, gathered from its entries.

use crate::retention::Retention;
use crate::rules::ids;
use crate::spec::{OutcomeEntry, Spec};
use crate::words::{
    Calendar, DutyWords, FactWords, Form, Leaflets, NameWords, OutcomeWords, PackWords, PropertyWords, Question,
    RuleWords, Service, SourceWords, Statement, System,
};

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    pub pack: PackWords,
    pub names: Vec<NameWords>,
    pub properties: Vec<PropertyWords>,
    pub questions: Vec<Question>,
    pub facts: Vec<FactWords>,
    pub duties: Vec<DutyWords>,
    pub outcomes: Vec<OutcomeWords>,
    pub services: Vec<Service>,
    pub leaflets: Option<Leaflets>,
    pub statements: Vec<Statement>,
    pub rules: Vec<RuleWords>,
    pub forms: Vec<Form>,
    pub systems: Vec<System>,
    pub calendar: Option<Calendar>,
    pub sources: Vec<SourceWords>,
    pub retention: Option<Retention>,
}

impl Texts {
    pub(crate) fn of(spec: &Spec) -> Self {
        Self {
            pack: spec.pack.as_ref().map_or_else(PackWords::default, |entry| PackWords {
                title: entry.it.title.clone(),
                jurisdiction: entry.it.jurisdiction.clone(),
                says: entry.it.says.clone(),
                in_force_from: entry.it.in_force_from.clone(),
            }),
            names: spec
                .defines
                .iter()
                .map(|entry| NameWords {
                    id: entry.it.id.clone(),
                    scope: entry.it.scope.clone(),
                    says: entry.it.says.clone(),
                    when: one_line(&entry.it.when),
                })
                .collect(),
            properties: spec
                .properties
                .iter()
                .map(|entry| PropertyWords {
                    id: entry.it.id.clone(),
                    says: entry.it.says.clone(),
                    cites: entry.it.cites.clone(),
                })
                .collect(),
            questions: spec.questions.iter().map(|entry| entry.it.clone()).collect(),
            facts: spec
                .facts
                .iter()
                .filter(|entry| !entry.it.words.is_empty())
                .map(|entry| FactWords {
                    fact: format!("{}.{}", entry.it.scope, entry.it.name),
                    words: entry.it.words.clone(),
                    options: entry.it.options.clone(),
                })
                .collect(),
            duties: spec
                .duties
                .iter()
                .map(|entry| {
                    let duty = &entry.it;
                    DutyWords {
                        id: duty.id.clone(),
                        scope: duty.scope.clone(),
                        title: duty.title.clone(),
                        says: duty.says.clone(),
                        how: duty.how.clone(),
                        who: duty.who.clone(),
                        strength: duty.strength.word().to_owned(),
                        due: duty.due.clone(),
                        evidence: duty.evidence.clone(),
                        at_once: duty.at_once,
                        choices: duty.choices.clone(),
                        step_in: duty.step_in.clone(),
                        also: duty.also.clone(),
                        away_from_home: duty.away_from_home.clone(),
                        done_before: duty.done_before.clone(),
                        telling: duty.telling.clone(),
                        cites: duty.cites.clone(),
                    }
                })
                .collect(),
            outcomes: spec
                .outcomes
                .iter()
                .map(|entry| OutcomeWords {
                    code: entry.it.code.clone(),
                    title: entry.it.title.clone(),
                    says: entry.it.says.clone(),
                    intrusive: entry.it.intrusive,
                    names_crime: entry.it.names_crime,
                    order: entry.it.order,
                    never: never(&entry.it),
                    cites: entry.it.cites.clone(),
                })
                .collect(),
            services: spec.services.iter().map(|entry| entry.it.clone()).collect(),
            leaflets: spec.leaflets.as_ref().map(|entry| entry.it.clone()),
            statements: spec.statements.iter().map(|entry| entry.it.clone()).collect(),
            rules: rules(spec),
            forms: spec.forms.iter().map(|entry| entry.it.clone()).collect(),
            systems: spec.systems.iter().map(|entry| entry.it.clone()).collect(),
            calendar: spec.calendar.as_ref().map(|entry| entry.it.clone()),
            retention: retention(spec),
            sources: spec
                .sources
                .iter()
                .map(|entry| SourceWords {
                    id: entry.it.id.clone(),
                    title: entry.it.title.clone(),
                    says: entry.it.says.clone(),
                    place: entry.it.place.clone(),
                })
                .collect(),
        }
    }
}

fn never(outcome: &OutcomeEntry) -> Vec<String> {
    let blocked = outcome.blocked.iter().enumerate().filter(|(_, condition)| condition.never);
    blocked.map(|(at, _)| ids::outcome(&outcome.code, "blocked", at)).collect()
}

fn retention(spec: &Spec) -> Option<Retention> {
    Some(Retention {
        schedule: spec.schedule.as_ref()?.it.clone(),
        reviews: spec.reviews.iter().map(|entry| entry.it.clone()).collect(),
        holds: spec.holds.iter().map(|entry| entry.it.clone()).collect(),
        own_data: spec.own_data.as_ref()?.it.clone(),
    })
}

fn rules(spec: &Spec) -> Vec<RuleWords> {
    let mut all = Vec::new();
    let mut push =
        |id: String, scope: &str, when: &str, then: String, says: &str, cites: &[String], file: &str, line: u32| {
            all.push(RuleWords {
                id,
                scope: scope.to_owned(),
                when: one_line(when),
                then,
                says: says.to_owned(),
                cites: cites.to_vec(),
                file: file.to_owned(),
                line,
            });
        };
    for entry in &spec.rules {
        let rule = &entry.it;
        let then = format!("the {} is aggravated", if rule.of == "person" { "person's conduct" } else { "report" });
        push(rule.id.clone(), &rule.scope, &rule.when, then, &rule.says, &rule.cites, &entry.file, entry.line);
    }
    if let Some(entry) = &spec.suspect {
        let says = "Somebody of whom this holds is never entered as a suspect; for anybody else it is the officer's decision and not the default.";
        push(
            "suspect-never".to_owned(),
            "person",
            &entry.it.never,
            "never a suspect".to_owned(),
            says,
            &entry.it.cites,
            &entry.file,
            entry.line,
        );
    }
    for entry in &spec.grounds {
        let it = &entry.it;
        push(
            it.id.clone(),
            &it.scope,
            &it.when,
            "names the ground of experimental".to_owned(),
            &it.says,
            &it.cites,
            &entry.file,
            entry.line,
        );
    }
    for entry in &spec.duties {
        let it = &entry.it;
        let then = format!("{} {}", it.strength.word(), it.title);
        push(ids::duty(&it.id), &it.scope, &it.when, then, &it.says, &it.cites, &entry.file, entry.line);
        let lines = entry.inner_lines.get("due_when").map_or(&[][..], Vec::as_slice);
        for (at, (time, line)) in it.due_when.iter().zip(lines).enumerate() {
            let says = if time.says.is_empty() { &it.says } else { &time.says };
            let then = format!("due {}", time.due.as_ref().unwrap_or(&it.due));
            let id = ids::time(&it.id, at);
            push(id, &it.scope, &time.when, then, says, &time.cites, &entry.file, *line);
        }
    }
    for entry in &spec.devices {
        let it = &entry.it;
        push(
            ids::device(&it.id),
            "device",
            &it.when,
            format!("advice {}", it.advice),
            &it.says,
            &it.cites,
            &entry.file,
            entry.line,
        );
    }
    for entry in &spec.outcomes {
        let it = &entry.it;
        for (at, (kind, condition)) in
            it.blocked.iter().map(|c| ("blocked", c)).chain(it.requires.iter().map(|c| ("requires", c))).enumerate()
        {
            let scope = if condition.audience == "report" { "report" } else { "person" };
            let id = ids::outcome(&it.code, kind, at);
            push(
                id,
                scope,
                &condition.when,
                format!("outcome {} {kind}", it.code),
                &condition.says,
                &condition.cites,
                &entry.file,
                entry.line,
            );
        }
    }
    for entry in &spec.crimes {
        let it = &entry.it;
        let then =
            it.code.as_ref().map_or_else(|| "the registrar is asked".to_owned(), |code| format!("crime class {code}"));
        push(ids::crime(&it.id), &it.scope, &it.when, then, &it.act, &it.cites, &entry.file, entry.line);
        if let Some(unsure) = &it.unsure {
            let then = format!("the {} confirms the class", unsure.confirm);
            let line = entry.line_of("unsure");
            push(ids::unsure(&it.id), &it.scope, &unsure.when, then, &it.act, &unsure.cites, &entry.file, line);
        }
    }
    if let Some(entry) = &spec.record {
        let then = "whether a crime is recorded is not yet known".to_owned();
        let it = &entry.it;
        push(ids::NOT_ENTERED.to_owned(), "report", &it.when, then, &it.says, &it.cites, &entry.file, entry.line);
    }
    for entry in &spec.contradictions {
        let it = &entry.it;
        push(
            ids::contradiction(&it.id),
            &it.scope,
            &it.when,
            "answers that cannot all be right".to_owned(),
            &it.says,
            &[],
            &entry.file,
            entry.line,
        );
    }
    all
}

/// A condition written over several lines, in one.
fn one_line(when: &str) -> String {
    when.split_whitespace().collect::<Vec<_>>().join(" ")
}
