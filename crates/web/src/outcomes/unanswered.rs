//! Those for whom the advice answers no outcome of their own, and why: nobody is left out of the page in silence.

use guidance::advice::{Class, Truth};
use guidance::{ADULT, Value};
use report::PersonId;

use super::lines::children;
use crate::shared::record::Opened;

/// Why not, as far as the advice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Harmed,
    OtherPart,
    TakesNoPart,
    Adult,
    DidNothing,
}

impl Why {
    const ALL: [Self; 5] = [Self::Harmed, Self::OtherPart, Self::DidNothing, Self::Adult, Self::TakesNoPart];

    fn of(opened: &Opened, id: &PersonId) -> Self {
        let advice = opened.advice();
        let said = advice.persons.get(id.as_str());
        let is_harmed = said.is_some_and(|said| {
            said.harmed == Truth::Yes && said.class != Class::Aggravated && advice.class == Class::Aggravated
        });
        if is_harmed {
            Self::Harmed
        } else if said.is_some_and(|said| said.class == Class::NotInvolved) {
            Self::TakesNoPart
        } else if is_adult(opened, id) {
            Self::Adult
        } else if said.is_some_and(|said| said.class == Class::Aggravated) {
            Self::OtherPart
        } else {
            Self::DidNothing
        }
    }

    /// Read after one name or several.
    const fn says(self) -> &'static str {
        match self {
            Self::Harmed => {
                "had something done to them. No outcome is decided for a child who was harmed in an aggravated report"
            }
            Self::OtherPart => {
                "did not make, send, receive, pass on or ask for an image themselves, so has no outcome of their own here. What they did counts for the outcome of the report"
            }
            Self::DidNothing => {
                "did not make, send, receive, pass on or ask for anything, so there is nothing to decide an outcome for"
            }
            Self::Adult => {
                "18 or over. Only children are looked at one by one; what an adult did counts for the report"
            }
            Self::TakesNoPart => "took no part in what happened",
        }
    }
}

fn is_adult(opened: &Opened, id: &PersonId) -> bool {
    match opened.answer(&format!("person.{id}.age")) {
        Some(Value::Years(years)) => years >= ADULT,
        Some(Value::Word(word)) => word == "adult",
        _ => false,
    }
}

/// Names and why, those of whom the same is said together.
pub fn unanswered(opened: &Opened) -> Vec<(String, &'static str)> {
    let answered = children(opened);
    let others: Vec<_> = opened
        .people()
        .filter(|person| answered.iter().all(|(id, _)| id != person.id.as_str()))
        .map(|person| (person.label(), Why::of(opened, &person.id)))
        .collect();
    Why::ALL
        .into_iter()
        .filter_map(|why| {
            let alike = others.iter().filter(|(_, other)| *other == why);
            let names: Vec<&str> = alike.map(|(name, _)| name.as_str()).collect();
            (!names.is_empty()).then(|| (names.join(", "), why.says()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::access::Role;
    use crate::tests::Site;
    use crate::tests::desk::Desk;
    use crate::tests::record::actor;

    /// Who is told of, and why.
    type Names = &'static [(&'static str, Why)];

    #[tokio::test]
    async fn everybody_is_on_the_page_with_why() {
        let rows: [(&[&str], Names); 7] = [
            (&[], &[]),
            (&["person.B.threatened=yes"], &[("Ann", Why::Harmed)]),
            (&["person.B.age=30"], &[("Ann", Why::Harmed), ("Ben", Why::Adult)]),
            (&["person.B.age=adult"], &[("Ann", Why::Harmed), ("Ben", Why::Adult)]),
            (&["person.B.part=targeted"], &[("Ben", Why::DidNothing)]),
            (&["person.B.part=other", "person.B.extorted=yes"], &[("Ann", Why::Harmed), ("Ben", Why::OtherPart)]),
            (&["person.B.part=parent-or-carer"], &[("Ben", Why::TakesNoPart)]),
        ];
        for (facts, expected) in rows {
            let site = Site::new();
            let desk = Desk::two_friends(&site, actor(&site, Role::Officer, "olive").await).await;
            if !facts.is_empty() {
                desk.facts(facts).await;
            }
            let expected: Vec<_> = expected.iter().map(|(name, why)| ((*name).to_owned(), why.says())).collect();
            assert_eq!(unanswered(&desk.opened().await), expected, "{facts:?}");
        }
    }
}
