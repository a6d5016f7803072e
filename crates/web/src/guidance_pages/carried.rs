//! What puts a statement of the guidance, or another source, into practice.

use guidance::Pack;

use super::kept;
use crate::routes;

/// One thing that cites a source.
pub struct Carrier {
    /// What it is called or what it says.
    pub words: String,
    /// Where it is shown.
    pub href: String,
}

/// Everything that cites one source.
#[derive(Default)]
pub struct Carried {
    /// Rules: what each says.
    pub rules: Vec<Carrier>,
    /// Questions.
    pub questions: Vec<Carrier>,
    /// Duties.
    pub duties: Vec<Carrier>,
    /// Outcomes.
    pub outcomes: Vec<Carrier>,
    /// Forms.
    pub forms: Vec<Carrier>,
    /// How long reports are kept.
    pub keeping: Vec<Carrier>,
}

impl Carried {
    /// Whatever cites this, in the order of the pack. What says the same in several places, such as of the report and of each child, is
    /// listed once.
    pub fn by(pack: &Pack, cite: &str) -> Self {
        let cites = |all: &[String]| all.iter().any(|one| one == cite);
        let carrier = |words: String, href: String| Carrier { words, href };
        let duties = pack.duties().iter().filter(|duty| cites(&duty.cites));
        let questions = pack.questions().iter().filter(|q| cites(&q.cites));
        let outcomes = pack.outcomes().iter().filter(|o| cites(&o.cites));
        let forms = pack.forms().iter().filter(|form| cites(&form.cites));
        let keeping = kept::entries(pack).into_iter();
        // A duty is shown once, with its own words.
        let rules = pack.rules().iter();
        let rules = rules.filter(|rule| cites(&rule.cites) && !rule.id.starts_with("duty-"));
        Self {
            rules: once(rules.map(|rule| carrier(rule.says.clone(), routes::rule(&rule.id)))),
            questions: questions
                .map(|q| {
                    let place = format!("{}#{}", routes::QUESTIONS, anchor(&q.fact));
                    carrier(plain(&q.words), place)
                })
                .collect(),
            duties: duties
                .map(|duty| {
                    let place = format!("{}#{}", routes::DUTIES, duty.id);
                    carrier(plain(&duty.title), place)
                })
                .collect(),
            outcomes: outcomes
                .map(|o| {
                    let place = format!("{}#outcome-{}", routes::OUTCOMES, o.code);
                    carrier(format!("Outcome {}: {}", o.code, o.title), place)
                })
                .collect(),
            forms: forms.map(|form| carrier(form.title.clone(), format!("{}#{}", routes::DUTIES, form.id))).collect(),
            keeping: keeping
                .filter(|entry| cites(&entry.cites))
                .map(|entry| {
                    let place = format!("{}#{}", routes::KEEPING, entry.id);
                    carrier(entry.title, place)
                })
                .collect(),
        }
    }

    /// True when nothing cites it.
    pub const fn is_empty(&self) -> bool {
        self.rules.is_empty()
            && self.questions.is_empty()
            && self.duties.is_empty()
            && self.outcomes.is_empty()
            && self.forms.is_empty()
            && self.keeping.is_empty()
    }

    /// Each kind with its heading, those that are empty left out.
    pub fn groups(&self) -> Vec<(&'static str, &[Carrier])> {
        let all = [
            ("Questions", self.questions.as_slice()),
            ("What is to be done", self.duties.as_slice()),
            ("Outcomes", self.outcomes.as_slice()),
            ("Forms", self.forms.as_slice()),
            ("How long reports are kept", self.keeping.as_slice()),
            ("Rules", self.rules.as_slice()),
        ];
        all.into_iter().filter(|(_, some)| !some.is_empty()).collect()
    }
}

/// Without those whose words were there before.
fn once(all: impl Iterator<Item = Carrier>) -> Vec<Carrier> {
    all.fold(Vec::new(), |mut kept: Vec<Carrier>, one| {
        if !kept.iter().any(|other| other.words == one.words) {
            kept.push(one);
        }
        kept
    })
}

/// Words of the pack without the name of anybody.
pub fn plain(words: &str) -> String {
    words.replace("{person}", "this person").replace("{device}", "this device")
}

/// An id on a page from the name of a fact: `person-threatened`.
pub fn anchor(fact: &str) -> String {
    fact.replace('.', "-")
}
