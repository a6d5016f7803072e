//! A date of birth that does not fit the age given: told where it is saved and above the questions, with the way to put either right.

use report::{FactScope, Lacks, Missing};

use crate::routes;
use crate::shared::record::Opened;

/// Whose age does not fit their date of birth, where that is what is missing.
pub fn age_of(missing: &Missing) -> Option<&str> {
    match &missing.at {
        Lacks::Check(fact) if fact.name() == "age" => match fact.scope() {
            FactScope::Person(id) => Some(id),
            _ => None,
        },
        _ => None,
    }
}

/// Every age that does not fit, each with where it, the day or the date of birth is put right.
pub fn to_check(opened: &Opened) -> Vec<(String, Vec<(String, String)>)> {
    let reference = opened.reference();
    let ages = opened.view.missing.iter().filter(|_| !opened.report.is_closed());
    let line = |missing: &Missing| {
        let id = age_of(missing)?;
        let mut ways = ways(opened, id);
        ways.push((
            format!("{}#date_of_birth", routes::entry(reference, "people", id)),
            "Change the date of birth".to_owned(),
        ));
        Some((missing.says.clone(), ways))
    };
    ages.filter_map(line).collect()
}

/// What does not fit about one person, and where the age or the day is changed; the date of birth stands on their own page.
pub fn of(opened: &Opened, person: &str) -> Option<(String, Vec<(String, String)>)> {
    let mut missing = opened.view.missing.iter();
    let unfit = missing.find(|missing| age_of(missing) == Some(person))?;
    Some((unfit.says.clone(), ways(opened, person)))
}

fn ways(opened: &Opened, person: &str) -> Vec<(String, String)> {
    let reference = opened.reference();
    let age = format!("person.{person}.age");
    let day = "report.act_on";
    let mut ways = vec![(routes::question(reference, &age), "Change the age".to_owned())];
    if opened.answer(day).is_some() {
        ways.push((routes::question(reference, day), "Change the day it happened".to_owned()));
    }
    ways
}
