//! Conditions as they are written: `takes_part and (age at least 18 or threatened is yes)`.
//!
//! ```text
//! condition = part { "and" part } | part { "or" part }          never both without brackets
//! part      = "not" part | "(" condition ")"
//!           | ("any" | "every") ("person" | "owner") "(" condition ")"
//!           | ("known" | "possible") "(" condition ")"
//!           | "done" duty | "all done" duty | "always" | "never"
//!           | fact "is" value | fact "in" "(" value { "," value } ")"
//!           | fact "has" value | fact "has any of" "(" value { "," value } ")"
//!           | fact "under" years | fact "at least" years
//!           | name of another condition
//! ```
//! No loops, no arithmetic, no scripts: so everything about a pack can be proved.

use crate::problem::Slip;
use crate::shaped::stands_in;

/// Longest condition, in characters: the longest of the Cheshire pack has about 300.
pub(crate) const MAX_LENGTH: usize = 2_000;
/// Deepest brackets.
pub(crate) const MAX_DEPTH: usize = 40;

const NAME_A_PART: &str = "give a part of it a name with [[define]]";
const A_PART: &str = "write what has to hold, such as \"threatened is yes\"";

/// A condition, names not yet looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ast {
    Const(bool),
    Not(Box<Ast>),
    And(Vec<Ast>),
    Or(Vec<Ast>),
    Any(Who, Box<Ast>),
    Every(Who, Box<Ast>),
    Known(Box<Ast>),
    Possible(Box<Ast>),
    Done(String),
    AllDone(String),
    Is(String, Vec<String>),
    Has(String, Vec<String>),
    Under(String, u8),
    AtLeast(String, u8),
    Name(String),
}

/// Over whom a quantifier ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    Person,
    Owner,
}

const RESERVED: &[&str] = &[
    "and", "or", "not", "is", "in", "has", "any", "every", "known", "possible", "done", "all", "under", "at", "least",
    "always", "never", "of",
];

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
}

/// Reads one condition.
pub(crate) fn parse(text: &str) -> Result<Ast, Slip> {
    if stands_in(text) {
        return Ok(Ast::Const(false));
    }
    if text.chars().count() > MAX_LENGTH {
        return Err(Slip::new(format!("the condition is longer than {MAX_LENGTH} characters"), NAME_A_PART));
    }
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Slip::new("the condition is empty", "write \"always\" for one that always holds"));
    }
    let mut parser = Parser { tokens, at: 0 };
    let ast = parser.condition(0)?;
    match parser.peek() {
        None => Ok(ast),
        Some(")") => Err(Slip::new("there is a closing bracket too many", "take it out, or open one before it")),
        Some(word) => Err(Slip::new(format!("\"{word}\" does not belong here"), "join parts with \"and\" or \"or\"")),
    }
}

fn tokens(text: &str) -> Result<Vec<&str>, Slip> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        let end = if matches!(first, '(' | ')' | ',') {
            1
        } else {
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len())
        };
        if end == 0 {
            return Err(Slip::new(
                format!("\"{first}\" is not used in conditions"),
                "use only words, numbers, brackets and commas",
            ));
        }
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    Ok(tokens)
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }
    fn next(&mut self) -> Option<&'a str> {
        let token = self.peek();
        self.at += 1;
        token
    }
    fn expect(&mut self, token: &str, after: &str) -> Result<(), Slip> {
        let put = || format!("put \"{token}\" there");
        match self.next() {
            Some(found) if found == token => Ok(()),
            Some(found) => Err(Slip::new(format!("after {after} there should be \"{token}\", not \"{found}\""), put())),
            None => Err(Slip::new(format!("after {after} there should be \"{token}\", but the condition ends"), put())),
        }
    }

    fn condition(&mut self, depth: usize) -> Result<Ast, Slip> {
        if depth > MAX_DEPTH {
            return Err(Slip::new(format!("brackets are nested more than {MAX_DEPTH} deep"), NAME_A_PART));
        }
        let first = self.part(depth)?;
        let Some(joint @ ("and" | "or")) = self.peek() else { return Ok(first) };
        let mut parts = vec![first];
        while let Some(word @ ("and" | "or")) = self.peek() {
            if word != joint {
                return Err(Slip::new("\"and\" and \"or\" are mixed", "put brackets around what belongs together"));
            }
            self.at += 1;
            parts.push(self.part(depth)?);
        }
        Ok(if joint == "and" { Ast::And(parts) } else { Ast::Or(parts) })
    }

    fn bracketed(&mut self, depth: usize, after: &str) -> Result<Box<Ast>, Slip> {
        self.expect("(", after)?;
        let inner = self.condition(depth + 1)?;
        self.expect(")", "the condition in brackets")?;
        Ok(Box::new(inner))
    }

    fn part(&mut self, depth: usize) -> Result<Ast, Slip> {
        if depth > MAX_DEPTH {
            return Err(Slip::new(format!("\"not\" and brackets are nested more than {MAX_DEPTH} deep"), NAME_A_PART));
        }
        let Some(word) = self.next() else {
            return Err(Slip::new("the condition ends where a part of it should stand", A_PART));
        };
        match word {
            "not" => Ok(Ast::Not(Box::new(self.part(depth + 1)?))),
            "(" => {
                let inner = self.condition(depth + 1)?;
                self.expect(")", "the condition in brackets")?;
                Ok(inner)
            }
            "always" => Ok(Ast::Const(true)),
            "never" => Ok(Ast::Const(false)),
            "any" | "every" => {
                let who = match self.next() {
                    Some("person") => Who::Person,
                    Some("owner") => Who::Owner,
                    _ => {
                        return Err(Slip::new(
                            format!("after \"{word}\" there should be \"person\" or \"owner\""),
                            format!("write \"{word} person (…)\", or \"{word} owner (…)\" about a device"),
                        ));
                    }
                };
                let inner = self.bracketed(depth, "\"person\" or \"owner\"")?;
                Ok(if word == "any" { Ast::Any(who, inner) } else { Ast::Every(who, inner) })
            }
            "known" => Ok(Ast::Known(self.bracketed(depth, "\"known\"")?)),
            "possible" => Ok(Ast::Possible(self.bracketed(depth, "\"possible\"")?)),
            "done" => Ok(Ast::Done(self.name("\"done\"")?)),
            "all" => {
                self.expect("done", "\"all\"")?;
                Ok(Ast::AllDone(self.name("\"all done\"")?))
            }
            ")" | "," => Err(Slip::new(format!("\"{word}\" stands where a condition should"), A_PART)),
            name if RESERVED.contains(&name) => {
                Err(Slip::new(format!("\"{name}\" stands where a condition should"), A_PART))
            }
            name => self.test(name),
        }
    }

    fn name(&mut self, after: &str) -> Result<String, Slip> {
        match self.next() {
            Some(word) if !RESERVED.contains(&word) && !matches!(word, "(" | ")" | ",") => Ok(word.to_owned()),
            _ => Err(Slip::new(
                format!("after {after} there should be a name"),
                "write the name there, in small letters and without quotes",
            )),
        }
    }

    fn values(&mut self, after: &str) -> Result<Vec<String>, Slip> {
        self.expect("(", after)?;
        let mut values = vec![self.name(after)?];
        loop {
            match self.next() {
                Some(",") => values.push(self.name("a comma")?),
                Some(")") => return Ok(values),
                _ => {
                    return Err(Slip::new(
                        "a list of values does not end",
                        "write it in brackets with commas, as (one, two, three)",
                    ));
                }
            }
        }
    }

    fn years(&mut self, after: &str) -> Result<u8, Slip> {
        self.next().and_then(|word| word.parse().ok()).filter(|years| (1..=120).contains(years)).ok_or_else(|| {
            Slip::new(
                format!("after {after} there should be an age in whole years, 1 to 120"),
                "write the age in figures, such as 18",
            )
        })
    }

    fn test(&mut self, name: &str) -> Result<Ast, Slip> {
        let name = name.to_owned();
        match self.peek() {
            Some("is") => {
                self.at += 1;
                Ok(Ast::Is(name, vec![self.name("\"is\"")?]))
            }
            Some("in") => {
                self.at += 1;
                Ok(Ast::Is(name, self.values("\"in\"")?))
            }
            Some("has") => {
                self.at += 1;
                if self.peek() == Some("any") {
                    self.at += 1;
                    self.expect("of", "\"has any\"")?;
                    Ok(Ast::Has(name, self.values("\"has any of\"")?))
                } else {
                    Ok(Ast::Has(name, vec![self.name("\"has\"")?]))
                }
            }
            Some("under") => {
                self.at += 1;
                Ok(Ast::Under(name, self.years("\"under\"")?))
            }
            Some("at") => {
                self.at += 1;
                self.expect("least", "\"at\"")?;
                Ok(Ast::AtLeast(name, self.years("\"at least\"")?))
            }
            _ => Ok(Ast::Name(name)),
        }
    }
}

/// Every age named in a condition.
pub(crate) fn thresholds(ast: &Ast, found: &mut Vec<u8>) {
    match ast {
        Ast::Under(_, years) | Ast::AtLeast(_, years) => found.push(*years),
        Ast::Not(inner) | Ast::Any(_, inner) | Ast::Every(_, inner) | Ast::Known(inner) | Ast::Possible(inner) => {
            thresholds(inner, found);
        }
        Ast::And(parts) | Ast::Or(parts) => parts.iter().for_each(|part| thresholds(part, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (text, shape) in [
            ("always", "Const(true)"),
            ("threatened is yes", "Is(\"threatened\", [\"yes\"])"),
            ("age under 13 and takes_part", "And([Under(\"age\", 13), Name(\"takes_part\")])"),
            ("not (a or b)", "Not(Or([Name(\"a\"), Name(\"b\")]))"),
            ("any person (part has any of (made, sent))", "Any(Person, Has(\"part\", [\"made\", \"sent\"]))"),
            ("known (age at least 18)", "Known(AtLeast(\"age\", 18))"),
            ("all done device-decision", "AllDone(\"device-decision\")"),
        ] {
            assert_eq!(format!("{:?}", parse(text).unwrap()), shape, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, says) in [
            ("", "empty"),
            ("a and b or c", "mixed"),
            ("(a", "ends"),
            ("a)", "too many"),
            ("a b", "does not belong"),
            ("age under x", "whole years"),
            ("age under 121", "whole years"),
            ("any dog (a)", "person"),
            ("a == b", "not used"),
            ("is", "stands where"),
            ("a is", "there should be a name"),
            ("part has any of (made sent)", "a list of values"),
        ] {
            let said = parse(text).unwrap_err();
            assert!(said.says.contains(says) && !said.help.is_empty(), "{text}: {said:?}");
        }
        let deep = format!("{}a{}", "(".repeat(60), ")".repeat(60));
        assert!(parse(&deep).unwrap_err().says.contains("deep"));
        assert!(parse(&"not ".repeat(400)).is_err());
        assert!(parse(&"a and ".repeat(400)).unwrap_err().says.contains("longer"));
    }
}
