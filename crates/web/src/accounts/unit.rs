//! The unit of somebody. Who sees which report follows it, letter for letter: one mistyped would stand alone.

use std::collections::BTreeSet;

use crate::shared::app::App;
use crate::shared::colleagues;
use crate::shared::form::{Form, Mistakes};
use crate::shared::page::Problem;
use crate::shared::ui::{Choices, Input};

/// Named below the field at most: more are found by typing.
const NAMED: usize = 12;
/// The box that is ticked for a unit that nobody is in yet.
const NEW: &str = "unit_is_new";

/// The field, and the box beside it where it is needed.
pub struct Field {
    pub unit: Input,
    pub is_new: Option<Choices>,
}

/// Units that somebody who may sign in belongs to, and the one that somebody has now: it stays theirs, also when
/// nobody else is in it and their account is disabled.
///
/// # Errors
/// What the store says.
pub async fn all(app: &App, now: Option<&str>) -> Result<BTreeSet<String>, Problem> {
    let people = colleagues::all(app, "", |_, _| true).await?;
    let units = people.into_iter().map(|user| user.unit);
    Ok(units.chain(now.map(str::to_owned)).collect())
}

/// Their unit as it is, and as it was sent.
pub fn field(units: &BTreeSet<String>, now: &str, sent: Option<&Form>, mistakes: &Mistakes) -> Field {
    let mut named: Vec<_> = units.iter().take(NAMED).map(String::as_str).collect();
    if units.len() > NAMED {
        named.push("and others");
    }
    let mut unit = Input::new("unit", "Unit").value(now);
    if !named.is_empty() {
        unit = unit.hint(format!("There are: {}.", named.join(", ")));
    }
    let mut is_new = None;
    if let Some(form) = sent {
        unit = unit.sent(form, mistakes);
        let asked = form.has(NEW) || mistakes.about("unit").is_some() && form.has("unit");
        is_new = asked.then(|| {
            Choices::checkboxes(NEW, "If it is spelt right")
                .option("yes", "It is a new unit: nobody is in it yet", "")
                .sent(form, mistakes)
        });
    }
    Field { unit, is_new }
}

/// What was sent, spelt as those who are in the unit already have it.
pub fn read(units: &BTreeSet<String>, form: &Form, mistakes: &mut Mistakes) -> String {
    let unit = mistakes.line(form, "unit", "Enter their unit");
    let plain = |name: &str| {
        let words: Vec<_> = name.split_whitespace().map(str::to_lowercase).collect();
        words.join(" ")
    };
    if let Some(known) = units.iter().find(|known| plain(known) == plain(&unit)) {
        return known.clone();
    }
    if mistakes.about("unit").is_none() && form.text(NEW) != "yes" {
        mistakes.add("unit", "Nobody is in a unit of this name yet. Check how it is spelt, or tick that it is new");
    }
    unit
}
