//! What the advice says of an outcome, for the report and for each child, in words.

use std::collections::BTreeSet;

use guidance::advice::{Because, Outcome};
use report::{AsAdvised, DraftOf};

use super::stands::Stands;
use crate::routes;
use crate::shared::frame::Link;
use crate::shared::record::Opened;
use crate::shared::time;
use crate::shared::ui::Why;
use crate::shared::words::cited;

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
    /// It stays with somebody, so deciding it takes the full record.
    pub intrusive: bool,
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
    pub state: Stands,
    /// It was sent back, and waits for nothing but the review: to decide it follows the advice.
    pub once_reviewed: bool,
    /// The law does not allow it: it is not offered.
    pub never: bool,
    /// Who decided against it, where somebody did.
    pub against: Option<String>,
    /// Why it is blocked, or what has to hold first.
    pub reasons: Vec<String>,
    /// What is missing: words, and where it is done or answered.
    pub needs: Vec<(String, String)>,
    /// The answers it rests on, in words.
    because: Vec<String>,
    cites: Vec<Link>,
}

impl Line {
    fn of(opened: &Opened, outcome: &Outcome) -> Self {
        let person = outcome.subject.as_deref();
        let against = against(opened, outcome);
        // An answer that was given and shuts it out is said among the reasons; it is not missing.
        let is_given = |need: &str| {
            let yes_or_no = |because: &Because| matches!(because.value.as_word(), Some("yes" | "no"));
            outcome.because.iter().any(|because| because.fact.as_str() == need && yes_or_no(because))
        };
        let needs = outcome.needs.iter().filter(|need| !is_given(need));
        let because = outcome.because.iter();
        Self {
            who: vec![who(opened, person)],
            values: vec![person.unwrap_or("report").to_owned()],
            state: Stands::of(outcome, against.is_some()),
            once_reviewed: is_once_reviewed(opened, outcome),
            never: is_never(opened, outcome),
            against,
            reasons: outcome.says.iter().map(String::from).collect(),
            needs: needs.map(|need| (opened.need_words(need), place(opened, need))).collect(),
            because: because.map(|because| opened.because_words(because)).collect(),
            cites: cited(opened.pack(), &outcome.cites),
        }
    }

    /// The same is said of both, whatever answers it rests on for each.
    fn is_like(&self, other: &Self) -> bool {
        self.state == other.state
            && self.once_reviewed == other.once_reviewed
            && self.never == other.never
            && self.against == other.against
            && self.reasons == other.reasons
            && self.needs == other.needs
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
        (!self.because.is_empty()).then(|| Why::rests_on(self.because.clone(), self.cites.clone()))
    }

    /// Does deciding it depart from the advice?
    pub fn departs(&self) -> bool {
        !self.is_open() && !self.once_reviewed
    }

    /// Does what it takes stand on the card already?
    pub fn is_told_above(&self) -> bool {
        matches!(self.state, Stands::Open | Stands::NotYet)
    }

    /// Does nothing stand in its way?
    pub fn is_open(&self) -> bool {
        self.state == Stands::Open
    }

    /// Where it stands, in words.
    pub const fn state_words(&self) -> &'static str {
        self.state.words()
    }

    /// The colour of its tag.
    pub const fn colour(&self) -> &'static str {
        match self.state {
            Stands::Open => "green",
            Stands::NotYet => "yellow",
            Stands::Against => "orange",
            Stands::Unidentified => "grey",
            Stands::Blocked => "red",
        }
    }
}

fn is_once_reviewed(opened: &Opened, outcome: &Outcome) -> bool {
    let person = outcome.subject.as_deref().map(str::parse).transpose();
    let Ok(person) = person else { return false };
    let (pack, advice, code) = (opened.pack(), opened.advice(), &outcome.code);
    let stands = opened.report.as_advised(pack, advice, code, person.as_ref());
    stands == AsAdvised::OnceReviewed
}

fn is_never(opened: &Opened, outcome: &Outcome) -> bool {
    let person = outcome.subject.as_deref().map(str::parse).transpose();
    let Ok(person) = person else { return false };
    let (pack, advice) = (opened.pack(), opened.advice());
    let why = opened.report.law_rules_out(pack, advice, &outcome.code, person.as_ref());
    why.is_some()
}

/// Who decided against it, when and with which words, in a sentence.
fn against(opened: &Opened, outcome: &Outcome) -> Option<String> {
    let person = match outcome.subject.as_deref() {
        Some(id) => Some(id.parse().ok()?),
        None => None,
    };
    let (pack, advice) = (opened.pack(), opened.advice());
    let against = opened.report.decided_against(pack, advice, &outcome.code, person.as_ref())?;
    Some(format!(
        "{} decided against it, {}: {}. Deciding it all the same departs from that, with the full record. If it was \
         wrong, decide that task again.",
        against.by.name,
        time::moment(against.at),
        against.words,
    ))
}

impl Card {
    /// Every outcome of the guidance that the advice answers here: open ones first, then what can still
    /// come, then what is blocked. `decides` is true where whoever reads may decide one.
    pub fn all(opened: &Opened, decides: bool) -> Vec<Self> {
        let codes = opened.pack().outcomes();
        let mut cards: Vec<(u32, Self)> = codes
            .iter()
            .filter_map(|outcome| Some((outcome.order, Self::of(opened, &outcome.code, decides)?)))
            .collect();
        cards.sort_by_key(|(order, card)| (card.best().rank(), *order));
        cards.into_iter().map(|(_, card)| card).collect()
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
        let decide = decides && !lines.iter().all(|line| line.never);
        Some(Self {
            code: words.code.clone(),
            title: words.title.clone(),
            says: words.says.clone(),
            intrusive: words.intrusive,
            lines,
            decide: decide.then(|| routes::outcome(opened.reference(), code)),
            begun: opened.report.draft(&DraftOf::Outcome(code.to_owned())).map_or_else(String::new, |draft| {
                format!("Begun by {}, {}. Nothing is decided yet", draft.by.name, time::moment(draft.at))
            }),
        })
    }

    /// Where it stands for whom: colour, state, names. One line a state.
    pub fn states(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut states: Vec<(&'static str, &'static str, String)> = Vec::new();
        for line in &self.lines {
            match states.iter_mut().find(|(_, words, _)| *words == line.state_words()) {
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
        let held = self.lines.iter().filter(|line| line.state == Stands::NotYet);
        for reason in held.flat_map(|line| &line.reasons) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }

    /// What else it takes where nothing is missing any more: no question asks it.
    pub fn to_make_sure_of(&self) -> Vec<&String> {
        let open = self.lines.iter().filter(|line| line.is_open());
        let mut sure: Vec<&String> = Vec::new();
        for reason in open.flat_map(|line| &line.reasons) {
            if !sure.contains(&reason) {
                sure.push(reason);
            }
        }
        sure
    }

    /// Who decided against it, each decision once.
    pub fn against(&self) -> Vec<&String> {
        let mut all: Vec<&String> = Vec::new();
        for says in self.lines.iter().filter_map(|line| line.against.as_ref()) {
            if !all.contains(&says) {
                all.push(says);
            }
        }
        all
    }

    /// Does the law not allow it for anybody here?
    pub fn never(&self) -> bool {
        self.lines.iter().all(|line| line.never)
    }

    /// Does it follow the advice for nobody? Deciding it is then a departure from it.
    pub fn departs(&self) -> bool {
        self.lines.iter().all(Line::departs)
    }

    /// The best that can be said of it for anybody.
    pub fn best(&self) -> Stands {
        let states = self.lines.iter().map(|line| line.state);
        states.min_by_key(|state| state.rank()).unwrap_or(Stands::Blocked)
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
        None if need == guidance::NOBODY => routes::entry_new(reference, "people"),
        None if need.contains('.') => routes::question(reference, need),
        _ => routes::task(reference, need),
    }
}

/// Children the advice answers some outcome for: id and name, in the order of their ids.
pub fn children(opened: &Opened) -> Vec<(String, String)> {
    let ids: BTreeSet<&str> =
        opened.advice().outcomes.iter().filter_map(|outcome| outcome.subject.as_deref()).collect();
    ids.into_iter().map(|id| (id.to_owned(), opened.person_name(id))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::access::Role;
    use crate::tests::Site;
    use crate::tests::desk::Desk;
    use crate::tests::record::actor;

    /// Who is not identified may be found out; how old they were may not.
    #[tokio::test]
    async fn who_is_not_identified_yet_rules_nothing_out_for_good() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        let of_a = async |code: &str| {
            let card = Card::of(&desk.opened().await, code, true).unwrap();
            let mut lines = card.lines.iter();
            let of_ann = |line: &&Line| line.values.iter().any(|id| id == "A");
            lines.find(of_ann).unwrap().state
        };
        assert_eq!(of_a("8").await, Stands::NotYet);
        desk.facts(&["person.A.identified=no"]).await;
        assert_eq!(of_a("8").await, Stands::Unidentified);
        assert_eq!(of_a("2").await, Stands::Blocked, "nothing aggravating");
        desk.facts(&["person.A.age=9"]).await;
        assert_eq!(of_a("8").await, Stands::Blocked, "under ten as well");
    }

    /// An answer that is not what an outcome asks for is said on its card: nothing is missing, and yet it waits.
    #[tokio::test]
    async fn what_holds_an_outcome_up_is_missing_or_said() {
        let site = Site::new();
        let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
        desk.facts(&["person.B.extorted=yes"]).await;
        for (evidence, asked) in [("no", false), ("not-known", true)] {
            desk.facts(&[&format!("report.sufficient_evidence={evidence}")]).await;
            desk.do_everything().await;
            let card = Card::of(&desk.opened().await, "1", true).unwrap();
            assert_eq!(card.best(), Stands::NotYet, "{evidence}");
            let (held, (missing, _)) = (card.held_up(), card.missing());
            assert!(held.iter().any(|says| says.contains("evidence has to be sufficient")), "{held:?}");
            assert_eq!(!missing.is_empty(), asked, "{missing:?}");
        }
    }
}
