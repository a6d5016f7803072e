//! From names to facts: every word of a condition is looked up, its scope and its values checked.

use std::collections::BTreeMap;

use crate::cond::{Cond, and, negate, or};
use crate::expr::{Ast, Who};
use crate::mdd::Mask;
use crate::near::meant;
use crate::problem::Slip;
use crate::schema::{FactKind, NO, Schema, Scope, YES};

/// Largest condition after every name in it is written out.
pub(crate) const MAX_PARTS: usize = 20_000;

/// Where names are looked up.
pub(crate) struct Names<'a> {
    pub schema: &'a Schema,
    /// Named conditions: scope and text.
    pub defines: &'a BTreeMap<String, (Scope, Ast)>,
    /// Duties: scope of each.
    pub duties: &'a BTreeMap<String, Scope>,
}

/// What is wrong with a condition, and in which named condition it stands, if not in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub slip: Slip,
    /// The definition that is at fault; it is told there, once.
    pub within: Option<String>,
}

/// Looks up one condition in one scope. `own` is its name, when it has one. Tells all that is wrong with it.
pub(crate) fn resolve(names: &Names<'_>, scope: Scope, own: Option<&str>, ast: &Ast) -> Result<Cond, Vec<Failure>> {
    let placed = |failure: Failure| {
        let Some(name) = failure.within else { return failure };
        let alone = names.defines.get(&name).map(|(scope, ast)| look_up(names, *scope, Some(&name), ast).is_ok());
        // A name that is right by itself and wrong here is told nowhere else.
        if alone == Some(true) {
            let says = format!("\"{name}\" cannot be used here: {}", failure.slip.says);
            Failure { slip: Slip { says, ..failure.slip }, within: None }
        } else {
            Failure { within: Some(name), ..failure }
        }
    };
    look_up(names, scope, own, ast).map_err(|failures| failures.into_iter().map(placed).collect())
}

fn look_up(names: &Names<'_>, scope: Scope, own: Option<&str>, ast: &Ast) -> Result<Cond, Vec<Failure>> {
    let own: Vec<String> = own.map(str::to_owned).into_iter().collect();
    let named = own.len();
    let mut walk = Walk { names, open: own, named, parts: 0, at_fault: None, failures: Vec::new() };
    match walk.cond(Place { scope, within_any: false }, ast) {
        Ok(cond) if walk.failures.is_empty() => Ok(cond),
        Ok(_) => Err(walk.failures),
        Err(slip) => {
            walk.fail(slip, named);
            Err(walk.failures)
        }
    }
}

#[derive(Clone, Copy)]
struct Place {
    scope: Scope,
    within_any: bool,
}

struct Walk<'a> {
    names: &'a Names<'a>,
    /// Names that are being looked up, the own one first.
    open: Vec<String>,
    /// How many of them are the own one.
    named: usize,
    parts: usize,
    /// Set where the fault is not in the innermost name.
    at_fault: Option<String>,
    /// Of the parts before.
    failures: Vec<Failure>,
}

impl Walk<'_> {
    fn cond(&mut self, place: Place, ast: &Ast) -> Result<Cond, Slip> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(Slip::new(
                format!("with every name written out the condition has more than {MAX_PARTS} parts"),
                "say less in it, or fewer names that rest on each other",
            ));
        }
        Ok(match ast {
            Ast::Const(value) => Cond::Const(*value),
            Ast::Not(inner) => negate(self.cond(place, inner)?),
            Ast::And(parts) => and(self.all(place, parts)?),
            Ast::Or(parts) => or(self.all(place, parts)?),
            Ast::Any(who, inner) => self.quantified(place, *who, inner)?,
            Ast::Every(who, inner) => {
                let inner = Ast::Not(inner.clone());
                negate(self.quantified(place, *who, &inner)?)
            }
            Ast::Known(inner) => self.known(place, inner)?,
            Ast::Possible(inner) => {
                let inner = Ast::Not(inner.clone());
                negate(self.known(place, &inner)?)
            }
            Ast::Done(duty) => self.done(place, duty)?,
            Ast::AllDone(duty) => {
                self.duty(duty)?;
                Cond::AllDone(duty.clone())
            }
            // Told where the fact is written.
            Ast::Is(fact, _) | Ast::Has(fact, _) | Ast::Under(fact, _) | Ast::AtLeast(fact, _)
                if self.names.schema.is_unread(fact) =>
            {
                Cond::Const(false)
            }
            Ast::Is(fact, values) => self.is(place, fact, values)?,
            Ast::Has(fact, values) => self.has(place, fact, values)?,
            Ast::Under(fact, years) => self.age(place, fact, *years, true)?,
            Ast::AtLeast(fact, years) => self.age(place, fact, *years, false)?,
            Ast::Name(name) => self.named(place, name)?,
        })
    }

    fn all(&mut self, place: Place, parts: &[Ast]) -> Result<Vec<Cond>, Slip> {
        let within = self.open.len();
        let mut conds = Vec::new();
        for part in parts {
            match self.cond(place, part) {
                Ok(cond) => conds.push(cond),
                // One fault hides no other.
                Err(slip) if self.parts <= MAX_PARTS => self.fail(slip, within),
                Err(slip) => return Err(slip),
            }
        }
        Ok(conds)
    }

    /// Notes what is wrong, and goes back to where so many names are open.
    fn fail(&mut self, slip: Slip, within: usize) {
        let innermost = self.open.get(self.named..).and_then(<[String]>::last).cloned();
        let failure = Failure { slip, within: self.at_fault.take().or(innermost) };
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
        self.open.truncate(within);
    }

    fn quantified(&mut self, place: Place, who: Who, inner: &Ast) -> Result<Cond, Slip> {
        if place.within_any {
            return Err(Slip::new("\"any person (…)\" stands inside another", "give it a name and use it outside"));
        }
        if who == Who::Owner && place.scope != Scope::Device {
            return Err(Slip::new(
                "\"any owner (…)\" is only for conditions about a device",
                "write \"any person (…)\"",
            ));
        }
        let inner = self.cond(Place { scope: Scope::Person, within_any: true }, inner)?;
        Ok(Cond::Any(who, Box::new(inner)))
    }

    fn known(&mut self, place: Place, inner: &Ast) -> Result<Cond, Slip> {
        Ok(match self.cond(place, inner)? {
            Cond::Const(value) => Cond::Const(value),
            inner => Cond::Known(Box::new(inner)),
        })
    }

    fn duty(&self, duty: &str) -> Result<Scope, Slip> {
        self.names.duties.get(duty).copied().ok_or_else(|| {
            let help = meant(duty, self.names.duties.keys(), "duties.toml has the ids of the duties there are");
            Slip::new(format!("there is no duty \"{duty}\""), help)
        })
    }

    fn done(&self, place: Place, duty: &str) -> Result<Cond, Slip> {
        let scope = self.duty(duty)?;
        if scope != Scope::Report && scope != place.scope {
            return Err(Slip::new(
                format!("duty \"{duty}\" is for a {}, this condition is about a {}", scope.word(), place.scope.word()),
                format!("use \"all done {duty}\""),
            ));
        }
        if scope == Scope::Report && place.within_any {
            return Err(Slip::new(format!("\"done {duty}\" is about the report"), OUTSIDE));
        }
        Ok(Cond::Done(scope, duty.to_owned()))
    }

    /// The fact, if it may be named in this place.
    fn fact(&self, place: Place, name: &str) -> Result<&crate::schema::FactDef, Slip> {
        let Some(fact) = self.names.schema.get(name) else {
            let known = self.names.schema.by_name.keys().chain(self.names.defines.keys());
            let help = meant(name, known, "facts.toml has the facts there are");
            return Err(Slip::new(format!("there is no fact \"{name}\""), help));
        };
        if place.within_any && fact.scope != Scope::Person {
            return Err(Slip::new(
                format!("\"{name}\" is a fact of the {}, and stands inside \"any person (…)\"", fact.scope.word()),
                "inside write only facts of that person, and the rest outside",
            ));
        }
        if fact.scope != Scope::Report && fact.scope != place.scope {
            return Err(elsewhere(&format!("\"{name}\" is a fact of"), fact.scope, place.scope));
        }
        Ok(fact)
    }

    fn is(&self, place: Place, name: &str, values: &[String]) -> Result<Cond, Slip> {
        let fact = self.fact(place, name)?;
        let mut mask: Mask = 0;
        for value in values {
            if value == "not-known" {
                return Err(Slip::new(
                    format!("\"{name} is not-known\" is not a condition"),
                    "write \"not known (…)\" about what would have to be known",
                ));
            }
            mask |= match &fact.kind {
                FactKind::YesNo if value == "yes" => YES,
                FactKind::YesNo if value == "no" => NO,
                FactKind::YesNo => {
                    let help = format!("write \"{name} is yes\" or \"{name} is no\"");
                    return Err(Slip::new(format!("\"{name}\" is yes or no, not \"{value}\""), help));
                }
                FactKind::Choice(words) => match words.iter().position(|word| word == value) {
                    Some(at) => 1 << at,
                    None => return Err(no_value(name, value, words)),
                },
                FactKind::Age => {
                    let help = format!("write \"{name} under 18\" or \"{name} at least 18\"");
                    return Err(Slip::new(format!("\"{name}\" is compared, not matched"), help));
                }
                FactKind::Set(_) => {
                    let help = format!("write \"{name} has {value}\"");
                    return Err(Slip::new(format!("\"{name}\" holds several words"), help));
                }
                FactKind::People | FactKind::Words | FactKind::Day => {
                    return Err(Slip::new(
                        format!("\"{name}\" cannot be used in a condition"),
                        "use a fact that is yes or no, an age, or one word of a list",
                    ));
                }
            };
        }
        Ok(Cond::Fact(fact.scope, fact.first_var, mask))
    }

    fn has(&self, place: Place, name: &str, values: &[String]) -> Result<Cond, Slip> {
        let fact = self.fact(place, name)?;
        let FactKind::Set(words) = &fact.kind else {
            return Err(Slip::new(format!("\"{name}\" does not hold several words"), format!("write \"{name} is …\"")));
        };
        let mut parts = Vec::new();
        for value in values {
            match words.iter().position(|word| word == value) {
                Some(at) => parts.push(Cond::Fact(fact.scope, fact.first_var + at, YES)),
                None => return Err(no_value(name, value, words)),
            }
        }
        Ok(or(parts))
    }

    fn age(&self, place: Place, name: &str, years: u8, under: bool) -> Result<Cond, Slip> {
        let fact = self.fact(place, name)?;
        if fact.kind != FactKind::Age {
            return Err(Slip::new(
                format!("\"{name}\" is not an age"),
                format!("write \"{name} is …\" with a value it can have"),
            ));
        }
        let below = self.names.schema.bands.under(years);
        let mask = if under { below } else { self.names.schema.bands.all() & !below };
        Ok(Cond::Fact(fact.scope, fact.first_var, mask))
    }

    fn named(&mut self, place: Place, name: &str) -> Result<Cond, Slip> {
        let Some((scope, ast)) = self.names.defines.get(name) else {
            return Err(if self.names.schema.has(name) {
                let help = format!("write what it has to be, such as \"{name} is yes\"");
                Slip::new(format!("\"{name}\" is a fact"), help)
            } else {
                let help = meant(name, self.names.defines.keys(), "give it with [[define]], or use one that is there");
                Slip::new(format!("there is no condition \"{name}\""), help)
            });
        };
        if self.open.iter().any(|open| open == name) {
            // Told where the circle was entered, and only there.
            self.at_fault = self.open.first().filter(|first| *first != name).cloned();
            if self.at_fault.is_none() {
                self.open.truncate(1);
            }
            return Err(Slip::new(
                format!("\"{name}\" is used in its own definition"),
                "write there what it means without using it",
            ));
        }
        let place = match (scope, place) {
            (Scope::Report, Place { within_any: true, .. }) => {
                return Err(Slip::new(format!("\"{name}\" is about the report"), OUTSIDE));
            }
            (Scope::Report, _) => Place { scope: Scope::Report, within_any: false },
            (scope, place) if *scope == place.scope => place,
            (scope, place) => {
                return Err(elsewhere(&format!("\"{name}\" is about"), *scope, place.scope));
            }
        };
        self.open.push(name.to_owned());
        let made = self.cond(place, ast)?;
        self.open.pop();
        Ok(made)
    }
}

const OUTSIDE: &str = "it belongs outside \"any person (…)\"";

/// Something of another scope than the condition; `is` says of what, up to the scope.
fn elsewhere(is: &str, of: Scope, here: Scope) -> Slip {
    let says = format!("{is} a {}, this condition is about a {}", of.word(), here.word());
    let help = match (of, here) {
        (Scope::Person, Scope::Device) => "say of whom, with \"any owner (…)\"",
        (Scope::Person, _) => "say of whom, with \"any person (…)\"",
        _ => "only a condition about a device can look at a device",
    };
    Slip::new(says, help)
}

fn no_value(name: &str, value: &str, words: &[String]) -> Slip {
    let help = meant(value, words.iter(), &format!("it has {}", words.join(", ")));
    Slip::new(format!("\"{name}\" has no value \"{value}\""), help)
}
