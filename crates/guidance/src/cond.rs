//! A condition with everything looked up, and how conditions are joined.

use crate::expr::Who;
use crate::mdd::Mask;
use crate::schema::Scope;

/// A condition with everything looked up. `Ord` so that equal parts can be shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cond {
    Const(bool),
    /// Variable of the scope's facts, and the values that satisfy.
    Fact(Scope, usize, Mask),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Any(Who, Box<Self>),
    /// True in every completion.
    Known(Box<Self>),
    /// Is the duty of this id done, for the one in question?
    Done(Scope, String),
    /// Is it done for everybody or every device it can be for?
    AllDone(String),
}

/// The condition as if everything were told: what is "known" of it is then simply so.
pub(crate) fn as_if_told(cond: &Cond) -> Cond {
    let all = |parts: &[Cond]| parts.iter().map(as_if_told).collect();
    match cond {
        Cond::Const(_) | Cond::Fact(..) | Cond::Done(..) | Cond::AllDone(_) => cond.clone(),
        Cond::Known(inner) => as_if_told(inner),
        Cond::Not(inner) => negate(as_if_told(inner)),
        Cond::And(parts) => and(all(parts)),
        Cond::Or(parts) => or(all(parts)),
        Cond::Any(who, body) => Cond::Any(*who, Box::new(as_if_told(body))),
    }
}

pub(crate) fn negate(cond: Cond) -> Cond {
    match cond {
        Cond::Const(value) => Cond::Const(!value),
        Cond::Not(inner) => *inner,
        other => Cond::Not(Box::new(other)),
    }
}

pub(crate) fn and(parts: Vec<Cond>) -> Cond {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Cond::Const(true) => {}
            Cond::Const(false) => return Cond::Const(false),
            Cond::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    single(flat, true, Cond::And)
}

/// Joins alternatives; "any person (a) or any person (b)" is "any person (a or b)", which keeps the
/// number of things to be folded over people small.
pub(crate) fn or(parts: Vec<Cond>) -> Cond {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Cond::Const(false) => {}
            Cond::Const(true) => return Cond::Const(true),
            Cond::Or(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    for who in [Who::Person, Who::Owner] {
        let (same, rest): (Vec<Cond>, Vec<Cond>) =
            flat.into_iter().partition(|part| matches!(part, Cond::Any(w, _) if *w == who));
        flat = rest;
        let bodies: Vec<Cond> = same
            .into_iter()
            .filter_map(|part| if let Cond::Any(_, body) = part { Some(*body) } else { None })
            .collect();
        if !bodies.is_empty() {
            flat.push(Cond::Any(who, Box::new(or(bodies))));
        }
    }
    single(flat, false, Cond::Or)
}

fn single(mut parts: Vec<Cond>, empty: bool, join: fn(Vec<Cond>) -> Cond) -> Cond {
    parts.dedup();
    match parts.len() {
        0 => Cond::Const(empty),
        1 => parts.pop().unwrap_or(Cond::Const(empty)),
        _ => join(parts),
    }
}
