//! Which questions are not asked of these facts, because the pack says while what they are asked and that is ruled out.

use std::collections::BTreeMap;

use crate::case::Case;
use crate::eval::{About, Env};
use crate::pack::Pack;
use crate::schema::Scope;

impl Pack {
    /// Facts by their full name, `person.A.aware`, that are not asked about by what is known now, each with why in the words of
    /// the pack; `{person}` and `{device}` stand for the one it is about. What is not known rules nothing out.
    pub fn not_asked(&self, case: &Case) -> BTreeMap<String, &str> {
        let env = Env::remembering(&self.compiled, case);
        let mut not_asked = BTreeMap::new();
        for (fact, asked) in self.schema.facts.iter().zip(&self.asked) {
            let Some((asked, only_while)) = asked.as_ref().and_then(|asked| Some((asked, asked.only_while?))) else {
                continue;
            };
            let moot = self.texts.questions.get(asked.order).map_or("", |question| question.moot.as_str());
            let formula = self.formula(only_while);
            let mut look = |about: About, name: String| {
                if !env.reach(formula, about).possible() {
                    not_asked.insert(name, moot);
                }
            };
            match fact.scope {
                Scope::Report => look(About::Report, format!("report.{}", fact.name)),
                Scope::Person => case.facts.person.iter().enumerate().for_each(|(at, person)| {
                    look(About::Person(at), format!("person.{}.{}", person.id, fact.name));
                }),
                Scope::Device => case.facts.device.iter().enumerate().for_each(|(at, device)| {
                    look(About::Device(at), format!("device.{}.{}", device.id, fact.name));
                }),
            }
        }
        not_asked
    }
}
