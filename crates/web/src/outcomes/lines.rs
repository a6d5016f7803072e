//! What the advice says of an outcome, for the report and for each child, in words.

use std::collections::BTreeSet;

use guidance::advice::{Outcome, OutcomeState};
use report::{DraftOf, OutcomeDecision};

use crate::routes;
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::Why;

/// What is missing for an outcome stands in sight while it is no more than this; more is counted.
const MOST_IN_SIGHT: usize = 3;

/// One outcome with what the advice says of it.
pub struct Card {
    /// `21`.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it means.
    pub says: String,
    /// What is said of it, the report first; those of whom the same is said stand together.
    pub lines: Vec<Line>,
    /// Address to decide it; nothing where whoever reads may not.
    pub decide: Option<String>,
    /// Who put a decision aside, and when; empty where nobody did.
    pub begun: String,
}

/// What is said of one outcome, for everybody of whom the same is said.
pub struct Line {
    /// `The report`, or names.
    pub who: Vec<String>,
    /// What a form sends for each: `report`, or the id of the person.
    pub values: Vec<String>,
    /// Where it stands.
    pub state: OutcomeState,
    /// Why it is blocked, or what has to hold first.
    pub reasons: Vec<String>,
    /// What is missing: words, and where it is done or answered.
    pub needs: Vec<(String, String)>,
    /// The answers it rests on, in words.
    because: Vec<String>,
    cites: Vec<String>,
}

impl Line {
    fn of(opened: &Opened, outcome: &Outcome) -> Self {
        let person = outcome.subject.as_deref();
        let needs = outcome.needs.iter();
        let because = outcome.because.iter();
        Self {
            who: vec![who(opened, person)],
            values: vec![person.unwrap_or("report").to_owned()],
            state: outcome.state,
            reasons: outcome.says.iter().map(String::from).collect(),
            needs: needs
                .map(|need| (opened.need_words(need), place(opened, need)))
                .collect(),
            because: because
                .map(|because| opened.because_words(because))
                .collect(),
            cites: outcome.cites.to_vec(),
        }
    }

    /// The same is said of both, whatever answers it rests on for each.
    fn is_like(&self, other: &Self) -> bool {
        self.state == other.state && self.reasons == other.reasons && self.needs == other.needs
    }

    fn join(&mut self, other: Self) {
        self.who.extend(other.who);
        self.values.extend(other.values);
        for because in other.because {
            if !self.because.contains(&because) {
                self.because.push(because);
            }
        }
    }

    /// The names, one after another.
    pub fn names(&self) -> String {
        self.who.join(", ")
    }

    /// The answers it rests on, and the guidance behind it; nothing where it rests on no answer.
    pub fn why(&self) -> Option<Why> {
        (!self.because.is_empty()).then(|| Why::rests_on(self.because.clone(), &self.cites))
    }

    /// Where it stands, in words.
    pub const fn state_words(&self) -> &'static str {
        state_words(self.state)
    }

    /// The colour of its tag.
    pub const fn colour(&self) -> &'static str {
        match self.state {
            OutcomeState::Open => "green",
            OutcomeState::NotYet => "yellow",
            OutcomeState::Blocked => "red",
        }
    }
}

impl Card {
    /// Every outcome of the guidance that the advice answers here: open ones first, then what can still
    /// come, then what is blocked. `decides` is true where whoever reads may decide one.
    pub fn all(opened: &Opened, decides: bool) -> Vec<Self> {
        let codes = opened.pack().outcomes();
        let mut cards: Vec<Self> = codes
            .iter()
            .filter_map(|outcome| Self::of(opened, &outcome.code, decides))
            .collect();
        cards.sort_by_key(|card| rank(card.best()));
        cards
    }

    /// One outcome; nothing where the guidance or the advice does not know it.
    pub fn of(opened: &Opened, code: &str, decides: bool) -> Option<Self> {
        let words = opened.pack().outcomes().iter().find(|o| o.code == code)?;
        let mut lines: Vec<Line> = Vec::new();
        let answered = opened.advice().outcomes.iter();
        for outcome in answered.filter(|outcome| outcome.code == code) {
            let line = Line::of(opened, outcome);
            match lines.iter_mut().find(|other| other.is_like(&line)) {
                Some(other) => other.join(line),
                None => lines.push(line),
            }
        }
        if lines.is_empty() {
            return None;
        }
        Some(Self {
            code: words.code.clone(),
            title: words.title.clone(),
            says: words.says.clone(),
            lines,
            decide: decides.then(|| routes::outcome(opened.reference(), code)),
            begun: opened
                .report
                .draft(&DraftOf::Outcome(code.to_owned()))
                .map_or_else(String::new, |draft| {
                    format!(
                        "Begun by {}, {}. Nothing is decided yet",
                        draft.by.name,
                        time::moment(draft.at)
                    )
                }),
        })
    }

    /// Where it stands for whom: colour, state, names. One line a state.
    pub fn states(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut states: Vec<(&'static str, &'static str, String)> = Vec::new();
        for line in &self.lines {
            match states
                .iter_mut()
                .find(|(_, words, _)| *words == line.state_words())
            {
                Some((.., names)) => {
                    names.push_str(", ");
                    names.push_str(&line.names());
                }
                None => states.push((line.colour(), line.state_words(), line.names())),
            }
        }
        states
    }

    /// What is missing, where it is little, and how much it is.
    pub fn missing(&self) -> (Vec<&(String, String)>, usize) {
        let mut needs: Vec<&(String, String)> = Vec::new();
        for need in self.lines.iter().flat_map(|line| &line.needs) {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
        let all = needs.len();
        if all > MOST_IN_SIGHT {
            needs.clear();
        }
        (needs, all)
    }

    /// What has to hold and does not yet: an answer may be there, and not be what it asks for.
    pub fn held_up(&self) -> Vec<&String> {
        let mut reasons: Vec<&String> = Vec::new();
        let held = self
            .lines
            .iter()
            .filter(|line| line.state == OutcomeState::NotYet);
        for reason in held.flat_map(|line| &line.reasons) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// Is it open for nobody? Deciding it is then a departure from the advice.
    pub fn departs(&self) -> bool {
        self.best() != OutcomeState::Open
    }

    /// The best that can be said of it for anybody.
    pub fn best(&self) -> OutcomeState {
        let states = self.lines.iter().map(|line| line.state);
        states
            .min_by_key(|state| rank(*state))
            .unwrap_or(OutcomeState::Blocked)
    }
}

const fn rank(state: OutcomeState) -> u8 {
    match state {
        OutcomeState::Open => 0,
        OutcomeState::NotYet => 1,
        OutcomeState::Blocked => 2,
    }
}

/// Where an outcome stands, in words.
pub const fn state_words(state: OutcomeState) -> &'static str {
    match state {
        OutcomeState::Open => "Open",
        OutcomeState::NotYet => "Not yet",
        OutcomeState::Blocked => "Blocked",
    }
}

/// The report, or somebody by name.
pub fn who(opened: &Opened, person: Option<&str>) -> String {
    person.map_or_else(|| "The report".to_owned(), |id| opened.person_name(id))
}

/// Where something that is missing is done or answered.
fn place(opened: &Opened, need: &str) -> String {
    let reference = opened.reference();
    match opened.task(need) {
        Some(task) if task.evidence == "review" => routes::review(reference),
        None if need.contains('.') => routes::question(reference, need),
        _ => routes::task(reference, need),
    }
}

/// The outcome that counts for the report and for each child: a sentence for all that were decided together.
pub fn decided(opened: &Opened) -> Vec<String> {
    let report = &opened.report;
    let people = opened.people().map(|person| Some(&person.id));
    let mut together: Vec<(&OutcomeDecision, Vec<String>)> = Vec::new();
    for decision in std::iter::once(None)
        .chain(people)
        .filter_map(|person| report.outcome(person))
    {
        let whom = who(
            opened,
            decision.person.as_ref().map(report::PersonId::as_str),
        );
        let with = |other: &OutcomeDecision| {
            other.code == decision.code
                && other.at == decision.at
                && other.reason == decision.reason
                && other.departs == decision.departs
        };
        match together.iter_mut().find(|(other, _)| with(other)) {
            Some((_, names)) => names.push(whom),
            None => together.push((decision, vec![whom])),
        }
    }
    together
        .into_iter()
        .map(|(decision, names)| sentence(opened, decision, &names.join(", ")))
        .collect()
}

fn sentence(opened: &Opened, decision: &OutcomeDecision, whom: &str) -> String {
    let title = opened
        .pack()
        .outcomes()
        .iter()
        .find(|outcome| outcome.code == decision.code)
        .map_or_else(String::new, |outcome| format!(", {}", outcome.title));
    let departs = if decision.departs {
        " This departs from the advice."
    } else {
        ""
    };
    format!(
        "{whom}: Outcome {}{title}. Decided by {} on {}. {}.{departs}",
        decision.code,
        decision.by.name,
        time::moment(decision.at),
        decision.reason.trim_end_matches('.'),
    )
}

/// Children the advice answers some outcome for: id and name, in the order of their ids.
pub fn children(opened: &Opened) -> Vec<(String, String)> {
    let ids: BTreeSet<&str> = opened
        .advice()
        .outcomes
        .iter()
        .filter_map(|outcome| outcome.subject.as_deref())
        .collect();
    ids.into_iter()
        .map(|id| (id.to_owned(), opened.person_name(id)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::access::Role;
    use crate::tests::Site;
    use crate::tests::desk::Desk;
    use crate::tests::record::actor;

    /// An answer that is not what an outcome asks for is said on its card: nothing is missing, and yet it waits.
    #[tokio::test]
    async fn what_holds_an_outcome_up_is_missing_or_said() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        desk.facts(&["person.B.extorted=yes"]).await;
        for (evidence, asked) in [("no", false), ("not-known", true)] {
            desk.facts(&[&format!("report.sufficient_evidence={evidence}")])
                .await;
            desk.do_everything().await;
            let card = Card::of(&desk.opened().await, "1", true).unwrap();
            assert_eq!(card.best(), OutcomeState::NotYet, "{evidence}");
            let (held, (missing, _)) = (card.held_up(), card.missing());
            assert!(
                held.iter()
                    .any(|says| says.contains("evidence has to be sufficient")),
                "{held:?}"
            );
            assert_eq!(!missing.is_empty(), asked, "{missing:?}");
        }
    }
}
