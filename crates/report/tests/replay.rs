//! Replay: stored advice is found again from the facts, what was altered is told, and a new version of the guidance changes nothing before it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod common;

use common::{Desk, full, id, officer, pack, pack_with};
use report::*;

#[test]
fn replay_tells_what_was_altered() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured"]);
    desk.facts(&["person.A.threatened=yes".into()]);
    desk.ok(Command::Depart { duty: id("vpa:A"), reason: "filed by another force".into(), ndm: full() });
    let is_same = |events: &[Event]| replay(events, &[pack()]).iter().all(|r| r.verdict == ReplayVerdict::Same);
    assert!(is_same(&desk.events));
    let altered = |from: &str, to: &str| -> Vec<Event> {
        let lines = desk.events.iter().map(|e| serde_json::to_string(e).unwrap());
        let mut changed = 0;
        let events = lines
            .map(|line| {
                changed += usize::from(line.contains(from));
                serde_json::from_str(&line.replace(from, to)).unwrap()
            })
            .collect();
        assert!(changed > 0, "{from} is in no event");
        events
    };
    for (from, to, verdict) in [
        ("\"value\":\"yes\"", "\"value\":\"no\"", "facts-differ"),
        ("\"advice\":\"sha256:", "\"advice\":\"sha256:0", "advice-differs"),
        ("\"state\":\"due\"", "\"state\":\"done\"", "kept-advice-altered"),
        (&pack().reference().digest, "sha256:00", "other-pack"),
    ] {
        let results = replay(&altered(from, to), &[pack()]);
        let verdicts: Vec<String> =
            results.iter().map(|r| serde_json::to_value(r).unwrap()["verdict"].as_str().unwrap().to_owned()).collect();
        assert!(verdicts.iter().any(|v| v == verdict), "{from}: {verdicts:?}");
    }
}

#[test]
fn a_new_version_of_the_guidance_is_told_with_the_next_step_and_changes_nothing_before() {
    let mut desk = Desk::started();
    desk.person("Ann", &["age=14", "part=pictured"]);
    let next = pack_with(|name, text| match name {
        "pack.toml" => text.replacen("version = \"1\"", "version = \"2\"", 1),
        _ => text,
    });
    let context = Context { at: desk.now, actor: officer(), command: id("next") };
    let addendum = || Command::AddAddendum { text: "the school rang".into() };
    let events = handle(&desk.report, addendum(), &context, &next).unwrap();
    assert!(matches!(&events[1].body, EventBody::AdviceGiven { pack, .. } if pack.version == "2"));
    assert_eq!(desk.ok(addendum()).len(), 1, "under the same version nothing is new");
    let before = desk.events.len();
    desk.events.truncate(before - 1);
    desk.events.extend(events);
    let verdicts = |packs: &[&guidance::Pack]| -> Vec<ReplayVerdict> {
        replay(&desk.events, packs).into_iter().map(|result| result.verdict).collect()
    };
    let under_one = verdicts(&[pack()]);
    let (last, earlier) = under_one.split_last().unwrap();
    assert!(matches!(last, ReplayVerdict::OtherPack { .. }));
    assert!(earlier.iter().all(|v| *v == ReplayVerdict::Same));
    // With every version at hand each speaks for its own.
    for packs in [[pack(), &next], [&next, pack()]] {
        assert!(verdicts(&packs).iter().all(|v| *v == ReplayVerdict::Same));
    }
}
