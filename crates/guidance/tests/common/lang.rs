//! Conditions of a pack read a second time, by a parser that shares nothing with the engine's.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum C {
    Const(bool),
    Not(Box<C>),
    And(Vec<C>),
    Or(Vec<C>),
    /// `any` or `every`, `person` or `owner`.
    Over(String, String, Box<C>),
    Known(Box<C>),
    Possible(Box<C>),
    Done(String),
    AllDone(String),
    Is(String, Vec<String>),
    Has(String, Vec<String>),
    Under(String, u8),
    AtLeast(String, u8),
    Name(String),
}

fn words(text: &str) -> Vec<String> {
    let spaced: String =
        text.chars().flat_map(|c| if "(),".contains(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
    spaced.split_whitespace().map(str::to_owned).collect()
}

struct Words(std::iter::Peekable<std::vec::IntoIter<String>>);

impl Words {
    fn next(&mut self) -> String {
        self.0.next().expect("the condition ends too early")
    }
    fn take(&mut self, word: &str) -> bool {
        self.0.next_if(|next| next == word).is_some()
    }
    fn must(&mut self, word: &str) {
        assert!(self.take(word), "\"{word}\" is missing before {:?}", self.0.peek());
    }
    fn all(&mut self) -> C {
        let first = self.part();
        for joint in ["and", "or"] {
            if self.0.peek().is_some_and(|next| next == joint) {
                let mut parts = vec![first];
                while self.take(joint) {
                    parts.push(self.part());
                }
                return if joint == "and" { C::And(parts) } else { C::Or(parts) };
            }
        }
        first
    }
    fn inside(&mut self) -> Box<C> {
        self.must("(");
        let inner = self.all();
        self.must(")");
        Box::new(inner)
    }
    fn values(&mut self) -> Vec<String> {
        self.must("(");
        let mut values = vec![self.next()];
        while self.take(",") {
            values.push(self.next());
        }
        self.must(")");
        values
    }
    fn part(&mut self) -> C {
        if self.0.peek().is_some_and(|next| next == "(") {
            return *self.inside();
        }
        let word = self.next();
        match word.as_str() {
            "not" => C::Not(Box::new(self.part())),
            "always" => C::Const(true),
            "never" => C::Const(false),
            "any" | "every" => {
                let who = self.next();
                C::Over(word, who, self.inside())
            }
            "known" => C::Known(self.inside()),
            "possible" => C::Possible(self.inside()),
            "done" => C::Done(self.next()),
            "all" => {
                self.must("done");
                C::AllDone(self.next())
            }
            _ => self.fact(word),
        }
    }
    fn fact(&mut self, fact: String) -> C {
        if self.take("is") {
            C::Is(fact, vec![self.next()])
        } else if self.take("in") {
            C::Is(fact, self.values())
        } else if self.take("under") {
            C::Under(fact, self.next().parse().unwrap())
        } else if self.take("at") {
            self.must("least");
            C::AtLeast(fact, self.next().parse().unwrap())
        } else if self.take("has") {
            if self.take("any") {
                self.must("of");
                C::Has(fact, self.values())
            } else {
                C::Has(fact, vec![self.next()])
            }
        } else {
            C::Name(fact)
        }
    }
}

/// Reads a condition of a pack that is known to be well written.
pub fn parse(text: &str) -> C {
    let mut words = Words(words(text).into_iter().peekable());
    let all = words.all();
    assert!(words.0.peek().is_none(), "left over in {text}");
    all
}

impl fmt::Display for C {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Self], joint: &str| {
            let parts: Vec<String> =
                parts
                    .iter()
                    .map(|part| {
                        if matches!(part, Self::And(_) | Self::Or(_)) { format!("({part})") } else { part.to_string() }
                    })
                    .collect();
            parts.join(joint)
        };
        match self {
            Self::Const(true) => write!(f, "always"),
            Self::Const(false) => write!(f, "never"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(parts) => write!(f, "{}", joined(parts, " and ")),
            Self::Or(parts) => write!(f, "{}", joined(parts, " or ")),
            Self::Over(how, who, inner) => write!(f, "{how} {who} ({inner})"),
            Self::Known(inner) => write!(f, "known ({inner})"),
            Self::Possible(inner) => write!(f, "possible ({inner})"),
            Self::Done(duty) => write!(f, "done {duty}"),
            Self::AllDone(duty) => write!(f, "all done {duty}"),
            Self::Is(fact, values) => write!(f, "{fact} in ({})", values.join(", ")),
            Self::Has(fact, values) => write!(f, "{fact} has any of ({})", values.join(", ")),
            Self::Under(fact, years) => write!(f, "{fact} under {years}"),
            Self::AtLeast(fact, years) => write!(f, "{fact} at least {years}"),
            Self::Name(name) => write!(f, "{name}"),
        }
    }
}

/// Every condition that differs from this one by one dropped part, one negated part or one dropped value.
pub fn mutants(c: &C) -> Vec<(String, C)> {
    let inside = |inner: &C, wrap: &dyn Fn(C) -> C| -> Vec<(String, C)> {
        mutants(inner).into_iter().map(|(what, made)| (what, wrap(made))).collect()
    };
    let negated = |c: &C| (format!("negate {c}"), C::Not(Box::new(c.clone())));
    match c {
        C::Const(_) => Vec::new(),
        C::Not(inner) => inside(inner, &|made| C::Not(Box::new(made))),
        C::Known(inner) => inside(inner, &|made| C::Known(Box::new(made))),
        C::Possible(inner) => inside(inner, &|made| C::Possible(Box::new(made))),
        C::Over(how, who, inner) => {
            let mut all = inside(inner, &|made| C::Over(how.clone(), who.clone(), Box::new(made)));
            all.push(negated(c));
            all
        }
        C::And(parts) | C::Or(parts) => {
            let joined = |parts: Vec<C>| if matches!(c, C::And(_)) { C::And(parts) } else { C::Or(parts) };
            let mut all = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                let mut fewer = parts.clone();
                fewer.remove(at);
                all.push((format!("drop {part}"), if fewer.len() == 1 { fewer.remove(0) } else { joined(fewer) }));
                for (what, made) in mutants(part) {
                    let mut other = parts.clone();
                    other[at] = made;
                    all.push((what, joined(other)));
                }
            }
            all
        }
        C::Is(name, values) | C::Has(name, values) => {
            let mut all = vec![negated(c)];
            for at in (0..values.len()).filter(|_| values.len() > 1) {
                let mut fewer = values.clone();
                let value = fewer.remove(at);
                let made =
                    if matches!(c, C::Is(..)) { C::Is(name.clone(), fewer) } else { C::Has(name.clone(), fewer) };
                all.push((format!("drop {name} {value}"), made));
            }
            all
        }
        C::Done(_) | C::AllDone(_) | C::Under(..) | C::AtLeast(..) | C::Name(_) => vec![negated(c)],
    }
}
