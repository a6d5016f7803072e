//! Exports: what is as it was signed passes, every change is found, and the first entry that is wrong is named.

use ledger::SignedNote;
use ledger::export::{Trust, checkpoint_line};
use proptest::prelude::*;

use crate::made::{at, cosigned, leaf, log, replaced, says, signed, some, thirteen, trust, verify, whole};
use crate::memory::{Log, log_key};

#[test]
fn what_is_as_it_was_signed_passes() {
    for size in 0..40 {
        let log = log(size);
        let lines = whole(&log, &[size / 2, size]);
        let verdict = verify(&lines, trust()).unwrap();
        assert_eq!(says(&verdict), Vec::<String>::new(), "{size}");
        assert_eq!((verdict.entries, verdict.signed, verdict.kept), (size, size, size / 2));
        assert_eq!((verdict.key_was_given, verdict.witnessed[0].size), (true, size));
        assert_eq!(verdict.witnessed[0].time, 1_764_129_600);
        let every_third: Vec<u64> = (0..size).step_by(3).collect();
        let verdict = verify(&some(&log, &every_third), Trust::default()).unwrap();
        assert_eq!(says(&verdict), Vec::<String>::new(), "{size}");
        assert!(!verdict.key_was_given);
    }
}

#[test]
fn checkpoints_kept_elsewhere_are_held_against_it() {
    let (now, before) = (log(20), log(12));
    let lines = whole(&now, &[20]);
    let elsewhere = |notes: Vec<SignedNote>| Trust { checkpoints: notes, ..trust() };
    let all = vec![signed(&now, 3, 1), signed(&now, 20, 1), signed(&now, 0, 1)];
    let verdict = verify(&lines, elsewhere(all)).unwrap();
    assert!(verdict.sound());
    assert_eq!(verdict.checkpoints, 4);

    // An older copy was put back, with everything in it right.
    let verdict = verify(&whole(&before, &[12]), elsewhere(vec![signed(&now, 20, 1)])).unwrap();
    let expected = "this is an older backup, or its end was cut off with its checkpoints: \
                    the checkpoint of 20 entries is ahead of the 12 here";
    assert_eq!(says(&verdict), [expected]);

    // The log was written anew from entry 12 on, and signed with the right key.
    let mut other: Vec<Vec<u8>> = (0..20).map(leaf).collect();
    other[12] = leaf(98);
    let other = Log::of(&other);
    let notes = vec![signed(&now, 10, 1), signed(&now, 15, 1), signed(&now, 20, 1)];
    let verdict = verify(&whole(&other, &[5, 20]), elsewhere(notes)).unwrap();
    assert_eq!(verdict.first_bad(), Some(10));
    assert!(says(&verdict)[0].starts_with("the entries 10 to 14: rewritten"));
    assert_eq!(verdict.findings.len(), 1, "the later ones say nothing new");

    // A checkpoint that another key signed.
    let verdict = verify(&lines, elsewhere(vec![signed(&now, 20, 2)])).unwrap();
    assert!(says(&verdict)[0].starts_with("the key is another one"), "{:?}", says(&verdict));
}

#[test]
fn a_log_signed_anew_with_another_key_needs_the_right_key_to_be_seen() {
    let log = log(9);
    let mut lines = whole(&log, &[9]);
    let (ours, other) = (log_key(1).verifier().to_string(), log_key(2).verifier().to_string());
    lines[0] = replaced(&lines[0], &ours, &other);
    *lines.iter_mut().rev().nth(1).unwrap() = checkpoint_line(&signed(&log, 9, 2)).into_bytes();
    assert!(verify(&lines, Trust::default()).unwrap().sound(), "nothing else is known of the log");
    let verdict = verify(&lines, trust()).unwrap();
    assert!(says(&verdict)[0].starts_with("the key is another one: the log says"));
    assert!(says(&verdict)[1].starts_with("the key is another one: the checkpoint of 9 entries"));
    let elsewhere = Trust { checkpoints: vec![cosigned(&log, 9)], ..Trust::default() };
    assert!(!verify(&lines, elsewhere).unwrap().sound());
}

#[test]
fn every_changed_byte_is_found_and_the_entry_named() {
    for (lines, shape) in [(whole(&log(7), &[4, 7]), "whole"), (some(&log(7), &[1, 2, 5]), "some")] {
        for place in 0..lines.len() {
            for byte in 0..lines[place].len() {
                for bit in [0x01, 0x20, 0x80] {
                    let mut lines = lines.clone();
                    lines[place][byte] ^= bit;
                    let text = String::from_utf8_lossy(&lines[place]).into_owned();
                    let Ok(verdict) = verify(&lines, trust()) else {
                        continue;
                    };
                    assert!(!verdict.sound(), "{shape} line {place}: {text}");
                    let within =
                        text.find("\"leaf\":").is_some_and(|at| byte >= at + 7 && byte + 1 < lines[place].len());
                    if within {
                        let entry: u64 = text[9..].split(',').next().unwrap().parse().unwrap();
                        assert_eq!(verdict.first_bad(), Some(entry), "{shape}: {text}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_no_export_is_refused_with_its_line() {
    let check = |lines: Vec<Vec<u8>>, line: u64| {
        let error = verify(&lines, trust()).unwrap_err();
        assert_eq!(error.line, line, "{error}");
    };
    check(vec![], 0);
    check(vec![b"{}".to_vec()], 1);
    check(vec![replaced(&thirteen()[0], "export\":1", "export\":2")], 1);
    for other in ["", "{}", "[1]", "{\"entry\":00}", "{\"end\":1}x", "{\"checkpoint\":[]}"] {
        let mut lines = thirteen();
        lines.insert(3, other.as_bytes().to_vec());
        check(lines, 4);
    }
    let mut twice = thirteen();
    twice.push(twice[0].clone());
    check(twice.clone(), 18);
    twice.swap(15, 16);
    check(twice, 17);
    let mut late = thirteen();
    late.swap(9, 10);
    check(late, 11);
    let mut early = some(&log(5), &[1]);
    early.remove(1);
    check(early, 2);
}

#[test]
fn far_numbers_cost_no_time() {
    let most = u64::MAX.to_string();
    let header = replaced(&thirteen()[0], "\"size\":13", &format!("\"size\":{most}"));
    let far = replaced(&thirteen()[at(3)], "\"entry\":3", "\"entry\":18446744073709551614");
    let verdict = verify(&[header, far.clone(), far], trust()).unwrap();
    assert_eq!(verdict.first_bad(), Some(0), "{:?}", says(&verdict));
    let lines = some(&log(9), &[1, 2]);
    let far = replaced(&lines[2], "\"entry\":1", &format!("\"entry\":{most}"));
    let verdict = verify(&[lines[0].clone(), lines[1].clone(), far.clone(), far], trust()).unwrap();
    assert!(!verdict.sound());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any lines at all: never a panic, and nothing but the log itself passes.
    #[test]
    fn any_mixture_of_lines_is_taken_or_refused(
        picks in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let right = thirteen();
        let mut other = whole(&log(30), &[8, 20, 30]);
        let mut pool = right.clone();
        pool.append(&mut other);
        pool.append(&mut some(&log(13), &[3, 4]));
        let mut lines: Vec<Vec<u8>> = picks.iter().map(|pick| pick.get(&pool).clone()).collect();
        lines.insert(0, right[0].clone());
        if let Ok(verdict) = verify(&lines, trust()) {
            prop_assert!(!verdict.sound());
        }
        let mut halved = right.clone();
        halved.truncate(cut.index(right.len() - 1) + 1);
        prop_assert!(!verify(&halved, trust()).is_ok_and(|verdict| verdict.sound()));
    }
}
