//! Why a rule did not hold: every answer that is named would have made it hold, and no other answer would. The answers are turned one
//! by one and the advice is asked for again, so nothing here looks at how the engine finds them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::random::{self, NINE, Rng};
use common::turn::{answers, examples, said, takes_part, with};
use guidance::{Advice, Facts, Pack, Value};

/// Each costs some hundred pieces of advice.
const REPORTS: usize = 60;
const THREADS: usize = 2;

/// A rule, whom it is about, and the answer that is missing.
type Near = (String, Option<String>, String);

/// Rules of the class that hold, and for whom.
fn holding(pack: &Pack, facts: &Facts) -> BTreeSet<(String, Option<String>)> {
    let advice = pack.advise(&pack.check(facts).unwrap());
    let of_people = advice
        .persons
        .iter()
        .flat_map(|(id, person)| person.grounds.iter().map(|ground| (ground.rule.to_string(), Some(id.clone()))));
    let of_people: BTreeSet<_> = of_people.collect();
    let theirs: BTreeSet<&String> = of_people.iter().map(|(rule, _)| rule).collect();
    let of_report = advice.grounds.iter().map(|ground| ground.rule.to_string()).filter(|rule| !theirs.contains(rule));
    of_report.map(|rule| (rule, None)).chain(of_people.clone()).collect()
}

fn rules() -> Vec<(String, bool)> {
    let text = std::fs::read_to_string(common::folder().join("classification.toml")).unwrap();
    let table: toml::Table = text.parse().unwrap();
    let rules = table["rule"].as_array().unwrap().iter();
    rules.map(|rule| (rule["id"].as_str().unwrap().to_owned(), rule["scope"].as_str() == Some("person"))).collect()
}

/// Every rule that one other answer about the same person, or about the report, would make hold.
fn brute(pack: &Pack, rules: &[(String, bool)], facts: &Facts) -> BTreeSet<Near> {
    let now = holding(pack, facts);
    let mut near = BTreeSet::new();
    for (scope, fact, words) in answers() {
        let whose: Vec<Option<&str>> = match scope.as_str() {
            "report" => vec![None],
            "person" => facts.person.iter().map(|person| Some(person.id.as_str())).collect(),
            _ => Vec::new(),
        };
        for id in whose {
            // A yes among the nine about somebody who takes no part changes their part: it is no answer that was missing.
            if id.is_some_and(|id| NINE.contains(&fact.as_str()) && !takes_part(facts, id)) {
                continue;
            }
            let name = id.map_or_else(|| format!("report.{fact}"), |id| format!("person.{id}.{fact}"));
            for word in words.iter().filter(|word| said(facts, &name).and_then(Value::as_word) != Some(word)) {
                let then = holding(pack, &with(facts, &name, Value::word(word)));
                for (rule, subject) in then.difference(&now) {
                    let known = rules.iter().find(|(id, _)| id == rule);
                    // Grounds that only name an experimental class are no rules of it.
                    let Some((_, of_person)) = known else { continue };
                    if id.is_none() || (*of_person && subject.as_deref() == id) {
                        near.insert((rule.clone(), subject.clone(), name.clone()));
                    }
                }
            }
        }
    }
    near
}

fn told(advice: &Advice) -> BTreeSet<Near> {
    let near = advice.why_not.iter();
    near.map(|near| {
        let [missing] = &*near.missing else { panic!("{:?} names not one answer", near.missing) };
        (near.rule.to_string(), near.subject.as_ref().map(ToString::to_string), missing.fact.to_string())
    })
    .collect()
}

/// Where what is told differs from what turning every answer finds.
fn wrong(pack: &Pack, rules: &[(String, bool)], name: &str, facts: &Facts, met: &mut usize) -> Vec<String> {
    let advice = pack.advise(&pack.check(facts).unwrap());
    let mut wrong = Vec::new();
    for missing in advice.why_not.iter().flat_map(|near| near.missing.iter()) {
        let value = said(facts, &missing.fact).cloned().unwrap_or_else(|| Value::word("not-asked"));
        if missing.value != value {
            wrong.push(format!("{name}: {} is {value:?}, told as {:?}", missing.fact, missing.value));
        }
    }
    let (told, found) = (told(&advice), brute(pack, rules, facts));
    *met += told.len();
    wrong.extend(told.difference(&found).map(|near| format!("{name}: told and not so: {near:?}")));
    wrong.extend(found.difference(&told).map(|near| format!("{name}: not told: {near:?}")));
    wrong
}

#[test]
fn exactly_the_answers_that_were_missing_are_named() {
    let pack = common::cheshire();
    let mut rng = Rng::new(21);
    let mut all = examples(&pack);
    all.extend((0..REPORTS).map(|at| (format!("random {at}"), random::report(&mut rng, 3, 0))));
    let rules = rules();
    let part = |from: usize| {
        let mut met = 0;
        let mine = all.iter().skip(from).step_by(THREADS);
        let wrong: Vec<String> = mine.flat_map(|(name, facts)| wrong(&pack, &rules, name, facts, &mut met)).collect();
        (wrong, met)
    };
    let results: Vec<(Vec<String>, usize)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|from| {
                scope.spawn({
                    let part = &part;
                    move || part(from)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let met: usize = results.iter().map(|(_, met)| met).sum();
    let wrong: Vec<String> = results.into_iter().flat_map(|(wrong, _)| wrong).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(met > 3000, "only {met} were told");
}

#[test]
fn two_children_and_one_answer_that_was_missing() {
    let pack = common::cheshire();
    // He did one thing and nobody asked about another; a third answer is not known. She was aware, and whether willing is not known.
    let mut text =
        "[[person]]\nid = \"A\"\nage = 14\npart = [\"pictured\"]\naware = \"yes\"\nwilling = \"not-known\"\n"
            .to_owned();
    for name in NINE {
        text.push_str(&format!("{name} = \"no\"\n"));
    }
    text.push_str(
        "[[person]]\nid = \"B\"\nage = 15\npart = [\"received\"]\nthreatened = \"yes\"\nextorted = \"not-known\"\n",
    );
    for name in NINE.iter().filter(|name| !["threatened", "extorted", "groomed"].contains(name)) {
        text.push_str(&format!("{name} = \"no\"\n"));
    }
    // The mother takes no part: no answer about her was missing.
    text.push_str("[[person]]\nid = \"M\"\nage = 40\npart = [\"parent-or-carer\"]\n");
    let advice = pack.advise(&pack.case(pack.read_toml(&text).unwrap()));
    let told: Vec<String> = advice
        .why_not
        .iter()
        .map(|near| {
            let missing: Vec<String> =
                near.missing.iter().map(|b| format!("{} {}", b.fact, b.value.as_word().unwrap())).collect();
            format!("{}: {}", near.rule, missing.join(", "))
        })
        .collect();
    let rules = [
        ("sexual-abuse", "sexual_abuse"),
        ("incitement-or-coercion", "incited_or_coerced"),
        ("grooming", "groomed"),
        ("extortion", "extorted"),
        ("threats", "threatened"),
        ("malice", "malicious"),
        ("without-knowledge-or-consent", "without_knowledge_or_consent"),
        ("other-aggravating-feature", "other_aggravating"),
        ("profit", "profit_motive"),
    ];
    let mut wanted = Vec::new();
    for (rule, fact) in rules {
        wanted.push(format!("{rule}: person.A.{fact} no"));
        match fact {
            "threatened" => {}
            "extorted" => wanted.push(format!("{rule}: person.B.{fact} not-known")),
            "groomed" => wanted.push(format!("{rule}: person.B.{fact} not-asked")),
            _ => wanted.push(format!("{rule}: person.B.{fact} no")),
        }
    }
    wanted.push("pictured-unaware-or-unwilling: person.A.aware yes".to_owned());
    wanted.push("pictured-unaware-or-unwilling: person.A.willing not-known".to_owned());
    assert_eq!(told, wanted);
}
