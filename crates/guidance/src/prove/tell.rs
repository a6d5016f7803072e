//! A case that breaks a property, in words: those of the questions, as whoever wrote them would say it.

use rustc_hash::FxHashMap;

use super::{Prover, Sight};
use crate::compile::Settled;
use crate::mdd::{Diagrams, FALSE, Mask, NodeId, TRUE, Var};
use crate::schema::{FactDef, FactKind, Scope};

/// What is known of one person, of one device or of the report.
#[derive(Default)]
struct Known {
    /// As it stands behind "a person".
    age: String,
    /// Question and what is known of its answer.
    says: Vec<(String, String)>,
}

/// What a case consists of.
#[derive(Default)]
struct Case {
    report: Known,
    person: Known,
    device: Known,
    /// Duties that are done or not.
    done: Vec<String>,
}

impl Prover<'_> {
    /// One way into a knowledge diagram, with the other people who make up the set.
    pub(super) fn tell(&self, sight: &Sight, set: usize, node: NodeId) -> String {
        let case = self.case(node);
        let mut parts: Vec<String> = Vec::new();
        parts.extend(case.person.of("a person", "of whom"));
        for kind in sight.world.people_of(set).into_iter().filter_map(|kind| sight.world.kinds.list.get(kind)) {
            let who = if parts.is_empty() { "a person" } else { "another person" };
            let owns = if kind.owner { "who uses or owns the device, of whom" } else { "of whom" };
            let known = self.case(kind.known).person.of(who, owns);
            parts.push(known.unwrap_or_else(|| format!("{who} {owns} nothing is known")));
        }
        parts.extend(case.device.of("a device", "of which"));
        let report = if parts.is_empty() { "a report" } else { "in a report" };
        parts.extend(case.report.of(report, "where"));
        parts.extend(case.done);
        if parts.is_empty() { "whatever is known".to_owned() } else { parts.join("; ") }
    }

    /// What a change makes of a fact.
    pub(super) fn change(&self, var: Var, to: usize) -> String {
        let mut case = Case::default();
        self.take(&mut case, &[(var, to)]);
        let age = case.person.age;
        let aged = (!age.is_empty()).then(|| format!("this person is {age}"));
        let asked = [case.report.says, case.person.says, case.device.says].concat();
        let mut says: Vec<String> =
            asked.into_iter().map(|(question, answer)| format!("{question} is {answer}")).collect();
        says.extend(aged);
        says.extend(case.done);
        says.concat()
    }

    fn case(&self, node: NodeId) -> Case {
        let mut case = Case::default();
        self.take(&mut case, &shortest_way(&self.lift.known, node));
        case
    }

    fn take(&self, case: &mut Case, way: &[(Var, usize)]) {
        // The words of a set are neighbours and are told together.
        let mut rest = way;
        while let Some(((var, state), after)) = rest.split_first() {
            rest = after;
            let Some((scope, fact, word)) = self.fact(*var) else {
                case.done.extend(self.done(*var, *state));
                continue;
            };
            let known = match scope {
                Scope::Report => &mut case.report,
                Scope::Person => &mut case.person,
                Scope::Device => &mut case.device,
            };
            let mask = self.lift.states.get(usize::from(*var)).and_then(|states| states.get(*state)).copied();
            match &fact.kind {
                FactKind::Age => known.age = age_words(&self.pack.schema.bands.0, mask.unwrap_or_default()),
                FactKind::Set(values) => {
                    let mut words = vec![(word, *state)];
                    while let Some(((next, state), after)) = rest.split_first()
                        && let Some((_, same, word)) = self.fact(*next)
                        && same.at == fact.at
                    {
                        words.push((word, *state));
                        rest = after;
                    }
                    known.says.push((self.asked(fact), self.has(fact, values, &words)));
                }
                FactKind::Choice(values) => {
                    known.says.push((self.asked(fact), self.is(fact, values, mask.unwrap_or_default())));
                }
                _ => {
                    let answer = match state {
                        0 => format!("answered {}", self.answer(fact, "no")),
                        1 => format!("answered {}", self.answer(fact, "yes")),
                        _ => "not known".to_owned(),
                    };
                    known.says.push((self.asked(fact), answer));
                }
            }
        }
    }

    /// The fact that a variable belongs to, and which of its words it is.
    fn fact(&self, var: Var) -> Option<(Scope, &FactDef, usize)> {
        let layout = self.pack.compiled.layout;
        let scope = self.scope_of(var);
        let first = match scope {
            Scope::Report => layout.report_facts,
            Scope::Person => layout.person_facts,
            Scope::Device => layout.device_facts,
        };
        let at = usize::from(var).checked_sub(first)?;
        let fact = self.pack.schema.fact_of(scope, at)?;
        Some((scope, fact, at - fact.first_var))
    }

    /// A duty that is done or not, where the variable says so.
    fn done(&self, var: Var, state: usize) -> Option<String> {
        let layout = self.pack.compiled.layout;
        let scope = self.scope_of(var);
        let first = match scope {
            Scope::Report => 0,
            Scope::Person => layout.person,
            Scope::Device => layout.device,
        };
        let (id, all) = match self.pack.compiled.settled.get(&scope)?.get(usize::from(var) - first)? {
            Settled::Done(duty) => (duty, ""),
            Settled::AllDone(duty) => (duty, " for all whom it can be for"),
            Settled::Known(_) => return None,
        };
        let duty = self.pack.duty_rules.iter().find(|rule| *rule.id == **id);
        let title = duty.map_or_else(|| id.clone(), |rule| of_this(&rule.title));
        Some(format!("“{title}” ({id}) is {}{all}", if state == 1 { "done" } else { "not done" }))
    }

    /// The question in its own words; where nobody asks it, the name of the fact.
    fn asked(&self, fact: &FactDef) -> String {
        let question = self.question(fact);
        question.map_or_else(|| format!("“{}”", fact.name), |question| format!("“{}”", of_this(&question.words)))
    }

    fn question(&self, fact: &FactDef) -> Option<&crate::words::Question> {
        let is_it = |name: &str| name.split_once('.').is_some_and(|(_, name)| name == fact.name);
        self.pack.texts.questions.iter().find(|question| is_it(&question.fact))
    }

    /// An answer in the words it is given in.
    fn answer(&self, fact: &FactDef, value: &str) -> String {
        let options = self.question(fact).map_or(&[][..], |question| &question.options);
        let words = options.iter().find(|option| option.value == value);
        words.map_or_else(|| value.to_owned(), |option| format!("“{}”", of_this(&option.words)))
    }

    fn is(&self, fact: &FactDef, values: &[String], mask: Mask) -> String {
        let words: Vec<String> = values
            .iter()
            .enumerate()
            .filter(|(at, _)| mask >> at & 1 == 1)
            .map(|(_, value)| self.answer(fact, value))
            .collect();
        if words.len() == values.len() { "not known".to_owned() } else { format!("answered {}", words.join(" or ")) }
    }

    /// Which words of a set were chosen, which were not, and which may have been.
    fn has(&self, fact: &FactDef, values: &[String], words: &[(usize, usize)]) -> String {
        let mut said = Vec::new();
        for (state, how) in [(1, "with"), (0, "without"), (2, "perhaps with")] {
            let of = words.iter().filter(|(_, other)| *other == state);
            let of: Vec<String> =
                of.filter_map(|(at, _)| values.get(*at)).map(|value| self.answer(fact, value)).collect();
            if !of.is_empty() {
                said.push(format!("{how} {}", of.join(", ")));
            }
        }
        format!("answered {}", said.join(", and "))
    }
}

impl Known {
    /// "a person under 10, of whom … and …"; nothing where nothing is known.
    fn of(self, what: &str, of: &str) -> Option<String> {
        let aged = if self.age.is_empty() { what.to_owned() } else { format!("{what} {}", self.age) };
        // What has one answer is told together, what was answered with no after everything else.
        let mut answers: Vec<(String, Vec<String>)> = Vec::new();
        for (question, answer) in self.says {
            match answers.iter_mut().find(|(same, _)| *same == answer) {
                Some((_, questions)) => questions.push(question),
                None => answers.push((answer, vec![question])),
            }
        }
        answers.sort_by_key(|(answer, _)| answer == "answered no");
        let told = answers.into_iter().map(|(answer, questions)| match questions.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last} are each {answer}", others.join(", "))
            }
            _ => format!("{} is {answer}", questions.concat()),
        });
        let told: Vec<String> = told.collect();
        match (told.is_empty(), self.age.is_empty()) {
            (true, true) => None,
            (true, false) => Some(aged),
            // Before "of whom" a comma, before "where" and "who" none.
            _ if of.starts_with("of") => Some(format!("{aged}, {of} {}", told.join(", and "))),
            _ => Some(format!("{aged} {of} {}", told.join(", and "))),
        }
    }
}

/// The words of the pack without whom they are about.
fn of_this(words: &str) -> String {
    words.trim().replace("{person}", "this person").replace("{device}", "this device")
}

/// As it stands behind "a person".
fn age_words(starts: &[u8], mask: Mask) -> String {
    let bands: Vec<usize> = (0..=starts.len()).filter(|band| mask >> band & 1 == 1).collect();
    let (Some(low), Some(high)) = (bands.first(), bands.last()) else { return "of no age".to_owned() };
    if bands.len() > starts.len() {
        return "of an age that is not known".to_owned();
    }
    let from = low.checked_sub(1).and_then(|before| starts.get(before));
    match (from, starts.get(*high)) {
        (None, Some(next)) => format!("under {next}"),
        (Some(from), Some(next)) if from + 1 == *next => format!("aged {from}"),
        (Some(from), Some(next)) => format!("aged {from} to {}", next - 1),
        (Some(from), None) => format!("aged {from} or over"),
        (None, None) => "of any age".to_owned(),
    }
}

/// The way to where it holds that says least.
fn shortest_way(known: &Diagrams, node: NodeId) -> Vec<(Var, usize)> {
    let mut far = FxHashMap::default();
    let mut way = Vec::new();
    let mut node = node;
    while node > TRUE {
        let children = known.children(node).iter().copied().enumerate();
        let next = children.filter_map(|(value, child)| Some((length(known, child, &mut far)?, value, child))).min();
        let Some((_, value, child)) = next else { break };
        way.push((known.var(node), value));
        node = child;
    }
    way
}

/// How many answers it takes from here; nothing where it never holds.
fn length(known: &Diagrams, node: NodeId, far: &mut FxHashMap<NodeId, Option<usize>>) -> Option<usize> {
    if node <= TRUE {
        return (node != FALSE).then_some(0);
    }
    if let Some(found) = far.get(&node) {
        return *found;
    }
    let children = known.children(node).to_vec();
    let found = children.into_iter().filter_map(|child| length(known, child, far)).min().map(|least| least + 1);
    far.insert(node, found);
    found
}
