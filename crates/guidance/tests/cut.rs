//! No list of the advice is cut without a word: what would change the class, why a rule does not hold, and what something waits for are
//! all there, or it is told how much is left out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::collections::BTreeSet;

use common::random::{self, NINE, Rng};
use common::turn::{answers, examples, said, takes_part, with};
use guidance::advice::{Class, MoreChanges, Outcome};
use guidance::{Advice, Facts, Pack, Value};

/// Each is asked again for every answer that could be another.
const REPORTS: usize = 60;
/// Most sets of changes, most answers of a set, and most facts that something waits for. ARCHITECTURE.md states each.
const LIMITS: [(usize, &str); 3] = [
    (60, "60 sets of answers that would change the class"),
    (40, "40 answers of a set"),
    (20, "20 open facts that something waits for"),
];

fn advise(pack: &Pack, facts: &Facts) -> Advice {
    pack.advise(&pack.check(facts).unwrap())
}

/// So many children who took part. The nine answers of the first few, and of the others.
fn children(pack: &Pack, count: usize, (first, few): (usize, &str), others: &str) -> Facts {
    let mut text = "[report]\nimagery = \"yes\"\nage_appropriate = \"yes\"\n".to_owned();
    for at in 0..count {
        text += &format!("[[person]]\nid = \"P{at:03}\"\nage = 14\npart = [\"received\"]\n");
        let word = if at < first { few } else { others };
        NINE.iter().filter(|_| !word.is_empty()).for_each(|name| text += &format!("{name} = \"{word}\"\n"));
    }
    pack.read_toml(&text).unwrap()
}

/// Every single answer of yes or no that gives another class, with the class.
fn brute(pack: &Pack, facts: &Facts) -> BTreeSet<(String, String, String)> {
    let now = pack.class_of(&pack.check(facts).unwrap());
    let mut found = BTreeSet::new();
    for (scope, fact, words) in answers().into_iter().filter(|(.., words)| words == &["yes", "no"]) {
        let names: Vec<String> = match scope.as_str() {
            "report" => vec![format!("report.{fact}")],
            "person" => facts.person.iter().map(|person| format!("person.{}.{fact}", person.id)).collect(),
            _ => Vec::new(),
        };
        for name in names {
            for word in words.iter().filter(|word| said(facts, &name).and_then(Value::as_word) != Some(word)) {
                let class = pack.class_of(&pack.check(&with(facts, &name, Value::word(word))).unwrap());
                if class != now && class != Class::Undetermined {
                    found.insert((name.clone(), word.clone(), class.word().to_owned()));
                }
            }
        }
    }
    found
}

fn singles(advice: &Advice) -> BTreeSet<(String, String, String)> {
    let one = advice.would_change.iter().filter(|set| set.changes.len() == 1);
    one.flat_map(|set| {
        let then = set.then["class"].clone();
        set.changes
            .iter()
            .map(move |(name, value)| (name.to_string(), value.as_word().unwrap().to_owned(), then.clone()))
    })
    .collect()
}

#[test]
fn every_single_answer_that_gives_another_class_is_listed() {
    let pack = common::cheshire();
    let mut rng = Rng::new(43);
    let mut all = examples(&pack);
    all.extend((0..REPORTS).map(|at| (format!("random {at}"), random::report(&mut rng, 3, 0))));
    let (mut wrong, mut met) = (Vec::new(), 0);
    for (name, facts) in &all {
        let advice = advise(&pack, facts);
        let (told, found) = (singles(&advice), brute(&pack, facts));
        met += found.len();
        // A yes among the nine about somebody who takes no part changes their part: that is no other answer, and never told.
        let of_part = |name: &str| match name.split('.').collect::<Vec<_>>()[..] {
            ["person", id, fact] => NINE.contains(&fact) && !takes_part(facts, id),
            _ => false,
        };
        let left_out = found.difference(&told).filter(|(fact, ..)| !of_part(fact));
        let parts = told.iter().filter(|(fact, _, then)| of_part(fact) && then == "aggravated");
        wrong.extend(parts.map(|change| format!("{name}: changes a part: {change:?}")));
        wrong.extend(left_out.map(|change| format!("{name}: not told: {change:?}")));
        wrong.extend(told.difference(&found).map(|change| format!("{name}: told and not so: {change:?}")));
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(met > 300, "only {met} were found");
}

/// A yes about somebody who takes no part, or of whom that is not known, changes what they are: it is offered neither alone, where nobody
/// takes part, nor beside those who do.
#[test]
fn nobody_is_given_a_part_to_change_the_class() {
    let pack = common::cheshire();
    let reporter = "[[person]]\nid = \"C\"\nage = 14\npart = [\"reporting\"]\n";
    let unknown = "[[person]]\nid = \"D\"\nage = 14\n";
    let doer = "[[person]]\nid = \"B\"\nage = 14\npart = [\"made\"]\n";
    for (people, of_doer) in [(vec![], 0), (vec![reporter], 0), (vec![unknown], 0), (vec![reporter, doer], NINE.len())]
    {
        let advice = advise(&pack, &pack.read_toml(&people.concat()).unwrap());
        let worse = advice.would_change.iter().filter(|set| set.then["class"] == "aggravated");
        let worse: Vec<&str> = worse.flat_map(|set| set.changes.keys()).map(|name| name.as_str()).collect();
        assert_eq!(worse.len(), of_doer, "{worse:?}");
        assert!(worse.iter().all(|name| name.starts_with("person.B.")), "{worse:?}");
    }
}

#[test]
fn sets_that_are_not_listed_are_counted() {
    let pack = common::cheshire();
    let facts = children(&pack, 10, (0, ""), "no");
    let advice = advise(&pack, &facts);
    let all = brute(&pack, &facts).len();
    let [MoreChanges { then, sets, more_than: 0 }] = &advice.would_change_more[..] else {
        panic!("{:?}", advice.would_change_more)
    };
    assert_eq!(
        (then["class"].as_str(), advice.would_change.len(), sets + LIMITS[0].0),
        ("aggravated", LIMITS[0].0, all)
    );
}

#[test]
fn a_set_of_too_many_answers_is_told_of() {
    let pack = common::cheshire();
    for (of, listed) in [(4, true), (5, false), (100, false)] {
        let facts = children(&pack, 100.min(of * 2), (of, "yes"), "no");
        let advice = advise(&pack, &facts);
        assert_eq!(advice.class, Class::Aggravated);
        if listed {
            let sizes: Vec<usize> = advice.would_change.iter().map(|set| set.changes.len()).collect();
            assert_eq!((sizes, advice.would_change_more), (vec![of * NINE.len()], vec![]));
        } else {
            let then = [("class".to_owned(), "experimental".to_owned())].into();
            let more = MoreChanges { then, sets: 0, more_than: LIMITS[1].0 };
            assert_eq!((advice.would_change, advice.would_change_more), (vec![], vec![more]));
        }
    }
}

#[test]
fn every_child_is_told_why_a_rule_does_not_hold() {
    let pack = common::cheshire();
    let advice = advise(&pack, &children(&pack, 100, (0, ""), "no"));
    let profit = advice.why_not.iter().filter(|near| near.rule == "profit").count();
    assert_eq!((profit, advice.why_not.len()), (100, 100 * NINE.len()));
}

#[test]
fn facts_that_something_waits_for_and_are_not_named_are_counted() {
    let pack = common::cheshire();
    let most = LIMITS[2].0;
    let mut own = None;
    for (count, more) in [(1, 0), (most, 0), (most + 1, 1), (99, 99 - most)] {
        // A pictured child, and the class waits for one answer about each of the others.
        let mut facts = children(&pack, count + 1, (0, ""), "no");
        facts.person[1..].iter_mut().for_each(|person| _ = person.facts.remove("malicious"));
        let pictured = &mut facts.person[0].facts;
        pictured.insert("part".to_owned(), Value::Words(["pictured", "sent"].map(str::to_owned).to_vec()));
        pictured.extend(["aware", "willing"].map(|name| (name.to_owned(), Value::word("yes"))));
        let advice = advise(&pack, &facts);
        assert_eq!(advice.class, Class::Undetermined);
        let duty = advice.duties.iter().find(|duty| duty.id == "victim-needs:P000").unwrap();
        assert_eq!((duty.because.len(), duty.because_more), (count - more, more), "{count}");
        let of_child = |outcome: &&Outcome| outcome.code == "21" && outcome.subject.as_deref() == Some("P000");
        let outcome = advice.outcomes.iter().find(of_child).unwrap();
        let class = |name: &str| name.ends_with(".malicious");
        let all = outcome.because.len() + outcome.because_more;
        // Beside what the class waits for, what the child does.
        let own = *own.get_or_insert(all - count);
        assert_eq!((outcome.because.len(), all), (all.min(most), own + count), "{count}");
        let needed = outcome.needs.iter().filter(|need| class(need)).count();
        assert_eq!((needed, outcome.needs_more), (count - more, more), "{count}");
        let asked = advice.ask_next.iter().filter(|ask| class(&ask.fact)).count();
        assert_eq!(asked, count, "what is not named is asked for");
    }
}

#[test]
fn nothing_is_said_where_nothing_is_left_out() {
    let pack = common::cheshire();
    let facts = children(&pack, 1, (0, ""), "");
    let told = serde_json::to_string(&advise(&pack, &facts)).unwrap();
    assert!(!told.contains("_more\""), "{told}");
}

#[test]
fn what_is_counted_is_written_down() {
    let text = std::fs::read_to_string(common::folder().join("../../../ARCHITECTURE.md")).unwrap();
    let (_, limits) = text.split_once("### Limits").unwrap();
    let limits = limits.split("\n## ").next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for (_, says) in LIMITS {
        assert!(limits.contains(says), "ARCHITECTURE.md says nothing of: {says}");
    }
}
