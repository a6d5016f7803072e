//! What people read of a pack: its words, as pages, letters and the command line want them.

use crate::decide::DutyStands;
use crate::eval::About;
use crate::facts::{Entity, Facts};
use crate::pack::Pack;
use crate::words;

impl Pack {
    /// Id, version and digest.
    pub const fn reference(&self) -> &crate::advice::PackRef {
        &self.reference
    }
    /// Title of the guidance.
    pub fn title(&self) -> &str {
        &self.texts.pack.title
    }
    /// What the pack is.
    pub const fn about(&self) -> &words::PackWords {
        &self.texts.pack
    }
    /// The names that conditions use.
    pub fn names(&self) -> &[words::NameWords] {
        &self.texts.names
    }
    /// The properties that are proved at load, in the order of [`Self::proofs`].
    pub fn properties(&self) -> &[words::PropertyWords] {
        &self.texts.properties
    }
    /// All questions, in the order they are asked.
    pub fn questions(&self) -> &[words::Question] {
        &self.texts.questions
    }
    /// The question for a fact without its subject: `person.threatened`.
    pub fn question(&self, fact: &str) -> Option<&words::Question> {
        self.texts.questions.iter().find(|question| question.fact == fact)
    }
    /// The words of a fact without its subject, and of its answers: those of its question, or else its own. Empty where it has neither.
    pub fn fact_words(&self, fact: &str) -> (&str, &[words::AnswerWords]) {
        let asked = self.question(fact).map(|question| (question.words.as_str(), question.options.as_slice()));
        let own = || self.texts.facts.iter().find(|words| words.fact == fact);
        asked.or_else(|| own().map(|words| (words.words.as_str(), words.options.as_slice()))).unwrap_or_default()
    }
    /// All duties, in the order they are shown.
    pub fn duties(&self) -> &[words::DutyWords] {
        &self.texts.duties
    }
    /// The id that a duty which was decided on these facts has in their advice: `vpa:A`.
    pub fn duty_id(&self, stands: &DutyStands, facts: &Facts) -> String {
        let Some((id, _, shown)) = self.duty_ids.get(stands.duty) else { return String::new() };
        let of = |entity: Option<&Entity>| entity.map_or_else(|| id.clone(), |entity| format!("{id}:{}", entity.id));
        match stands.about {
            About::Report => shown.clone(),
            About::Person(at) => of(facts.person.get(at)),
            About::Device(at) => of(facts.device.get(at)),
        }
    }
    /// All outcomes.
    pub fn outcomes(&self) -> &[words::OutcomeWords] {
        &self.texts.outcomes
    }
    /// All services.
    pub fn services(&self) -> &[words::Service] {
        &self.texts.services
    }
    /// What is given on paper to keep, where the pack has it.
    pub fn leaflets(&self) -> Option<&words::Leaflets> {
        self.texts.leaflets.as_ref()
    }
    /// All statements of the guidance.
    pub fn statements(&self) -> &[words::Statement] {
        &self.texts.statements
    }
    /// All rules as somebody reads them.
    pub fn rules(&self) -> &[words::RuleWords] {
        &self.texts.rules
    }
    /// All forms.
    pub fn forms(&self) -> &[words::Form] {
        &self.texts.forms
    }
    /// All police systems to check.
    pub fn systems(&self) -> &[words::System] {
        &self.texts.systems
    }

    /// The days that are no working days, where the pack gives them.
    pub const fn calendar(&self) -> Option<&words::Calendar> {
        self.texts.calendar.as_ref()
    }
    /// When closed reports are reviewed and what stands against erasing, where the pack says it.
    pub const fn retention(&self) -> Option<&crate::retention::Retention> {
        self.texts.retention.as_ref()
    }
    /// Where the guidance comes from.
    pub fn sources(&self) -> &[words::SourceWords] {
        &self.texts.sources
    }
}
