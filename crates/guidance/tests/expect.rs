//! What an example expects is held against the advice, and what is not met is said in words.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use guidance::expect::{expects, unmet};

#[test]
fn what_is_not_met_is_said() {
    let pack = common::cheshire();
    let advice = pack.advise(&pack.case(pack.read_toml("[report]\nimagery = \"yes\"").expect("a good report")));
    for (expect, says) in [
        ("class = \"undetermined\"", None),
        ("class = \"aggravated\"", Some("the class is undetermined, expected aggravated")),
        ("clas = \"aggravated\"", Some("no key clas")),
        ("class = 3", Some("not of this kind")),
        ("first_duty = \"vpa:A\"", Some("the first duty is welfare-check, expected vpa:A")),
        ("duties = [\"welfare-check\"]", None),
        ("duties = [\"vpa:A\"]", Some("vpa:A is not due")),
        ("no_duties = [\"welfare-check\"]", Some("welfare-check is due")),
        ("persons.A = \"experimental\"", Some("the class of A is nothing, expected experimental")),
        ("outcome_21 = \"open\"", Some("outcome 21 is not-yet, expected open (it needs")),
        ("outcomes.3 = \"not-yet\"", None),
        ("outcomes.\"21:A\" = \"open\"", Some("outcome 21:A is nothing")),
        ("may_be_due = [\"removal-online\"]", None),
        ("may_be_due = [\"welfare-check\"]", Some("welfare-check is not one that may be due")),
        ("not_listed = [\"vpa:A\"]", None),
        ("not_listed = [\"removal-online\"]", Some("removal-online is listed")),
        ("duty_says.welfare-check = [\"how each child is\"]", None),
        ("duty_says.welfare-check = [\"weather\"]", Some("welfare-check does not say \"weather\"")),
        ("duty_due.\"checks:location\" = \"before-meeting\"", None),
        ("duty_due.\"checks:A\" = \"now\"", Some("when checks:A is due is nothing, expected now")),
        ("outcome_needs.21 = [\"welfare-check\"]", None),
        ("outcome_needs.21 = [\"vpa:A\"]", Some("outcome 21 does not need vpa:A")),
        ("outcome_needs.\"21:A\" = [\"vpa:A\"]", Some("outcome 21:A is nothing")),
        ("outcome_says.8 = [\"entered first\"]", None),
        ("outcome_says.8 = [\"weather\"]", Some("outcome 8 does not say \"weather\"")),
        ("outcome_says.8 = \"takes part\"", Some("what is expected of outcome 8 is no list")),
        ("crime_record = \"not-yet-known\"", None),
        ("crime_record = \"yes\"", Some("crime.record is not-yet-known, expected yes")),
        ("asks = [\"report.act_on\"]", Some("report.act_on is not asked next")),
        ("never_suspect = [\"A\"]", Some("for A is nothing")),
        ("suspect_roles.A = \"possible\"", Some("the role of suspect for A is nothing, expected possible")),
        ("no_outcomes_for = [\"A\"]", None),
        ("no_outcomes_for = \"A\"", Some("[expect] has no key no_outcomes_for, or not of this kind")),
        ("no_crime_code = [\"86/2\"]", None),
        ("crime_codes = [\"86/2\"]", Some("crime code 86/2 is not given")),
        ("confirms.A = []", None),
        ("confirms.A = [\"86/2\"]", Some("the codes for A that have to be confirmed are [], expected [\"86/2\"]")),
        ("contradicts = [\"report.imagery\"]", Some("report.imagery stands in no contradiction")),
        ("duties = [3]", Some("no word in quotes")),
    ] {
        let unmet = unmet(&format!("[report]\n[expect]\n{expect}"), &advice).unwrap();
        match says {
            None => assert!(unmet.is_empty(), "{expect}: {unmet:?}"),
            Some(says) => assert!(unmet.iter().any(|one| one.contains(says)), "{expect}: {unmet:?}"),
        }
    }
    assert!(unmet("expect = 3", &advice).is_err());
    assert!(unmet("[expect", &advice).is_err());
    assert_eq!(unmet("[report]", &advice).unwrap(), Vec::<String>::new());
    assert!(!expects("[report]") && expects("[expect]\nclass = \"aggravated\""));
}
