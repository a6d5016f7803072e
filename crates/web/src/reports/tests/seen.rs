//! Two officers with the same page open: the second sees what the first saved, and nothing is put over it unseen.

use super::{FIRST, Fields, begin};
use crate::routes;
use crate::shared::access::Role;
use crate::tests::{Browser, Seen, Site};

/// One page that both change, in the words of a row for each field.
struct Both<'a> {
    page: &'a str,
    /// Everything that the page holds when both open it.
    shown: Fields<'a>,
    /// What the second officer, who saves first, changes.
    theirs: Fields<'a>,
    /// What the first, who saves second, changes.
    yours: Fields<'a>,
}

impl Both<'_> {
    /// What the page sends with these changes in it, and with the mark that it carried.
    fn with<'a>(&'a self, changes: Fields<'a>, mark: &'a str) -> Vec<(&'a str, &'a str)> {
        let kept = self.shown.iter();
        let kept = kept.filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let mut fields: Vec<_> = kept.copied().collect();
        fields.extend(changes);
        fields.push(("seen", mark));
        fields
    }

    /// Both open the page and the second saves; then what the first gets who saves, and the page that both had.
    async fn saved_by_both(&self, a: &mut Browser<'_>, b: &mut Browser<'_>) -> Seen {
        let mark = a.get(self.page).await.is(200).hidden("seen");
        let same = b.get(self.page).await.is(200).hidden("seen");
        assert_eq!(mark, same, "nothing happened in between");
        let theirs = self.with(self.theirs, &same);
        b.post(self.page, &theirs).await.is(303);
        a.post(self.page, &self.with(self.yours, &mark)).await
    }
}

/// Whoever opens the page first and saves second, whoever saves first, and a report that the first began.
async fn desk(site: &Site) -> (Browser<'_>, Browser<'_>, String) {
    let mut a = site.signed_in(Role::Officer).await;
    let reference = begin(&mut a).await;
    (a, site.signed_in(Role::CallHandler).await, reference)
}

/// True where the page has all these in its fields.
fn holds(page: &Seen, fields: Fields<'_>) -> bool {
    fields.iter().all(|(name, value)| {
        let (named, holding) = (format!("name=\"{name}\""), format!("value=\"{value}\""));
        let mut tags = page.text.split('<').filter(|tag| tag.contains(named.as_str()));
        tags.any(|tag| {
            let chosen = !tag.contains("type=\"radio\"") || tag.contains(" checked");
            let written = tag.starts_with("textarea") && tag.ends_with(&format!("\n{value}"));
            tag.contains(holding.as_str()) && chosen || written
        })
    })
}

/// The second sees both and nothing is changed; saving again is a decision and is kept; a page without its mark has seen nothing.
async fn told_then_kept((mut a, mut b): (Browser<'_>, Browser<'_>), both: Both<'_>, says: &[&str]) {
    let told = both.saved_by_both(&mut a, &mut b).await;
    told.is(409)
        .says("Two answers to the same")
        .says("Your answer, not saved")
        .says("Saved by call handler Example, 24 November 2026 at");
    for words in says {
        told.says(words);
    }
    assert!(holds(&told, both.yours), "own words: {}", told.text);
    let now = b.get(both.page).await;
    assert!(holds(&now, both.theirs), "nothing changed: {}", now.text);
    // The page as it was has seen no more than before, and one whose mark is missing or broken has seen nothing.
    for broken in ["1", "", "x", "0", "999999"] {
        let again = both.with(both.yours, broken);
        a.post(both.page, &again).await.is(409);
    }
    let fresh = told.hidden("seen");
    let again = both.with(both.yours, &fresh);
    a.post(both.page, &again).await.is(303);
    let now = b.get(both.page).await;
    assert!(holds(&now, both.yours), "decided: {}", now.text);
}

/// What the first questions hold of a report that was just begun.
const SAFE: Fields<'_> = &[FIRST[0], FIRST[1], FIRST[2]];

#[tokio::test]
async fn where_a_child_is_safe_is_never_put_back_unseen() {
    let site = Site::new();
    let (a, b, reference) = desk(&site).await;
    let both = Both {
        page: &routes::safety(&reference),
        shown: SAFE,
        theirs: &[("child_where", "With her grandmother")],
        yours: &[("child_where", "At home")],
    };
    let says = [
        "Where is the child now?</h3>",
        "With her grandmother</dd>",
        "At home</dd>",
        "href=\"#child_where\">\u{201c}Where is the child now?\u{201d} was changed",
    ];
    told_then_kept((a, b), both, &says).await;
}

#[tokio::test]
async fn what_belongs_together_is_told_together() {
    let site = Site::new();
    let (a, b, reference) = desk(&site).await;
    let both = Both {
        page: &routes::safety(&reference),
        shown: SAFE,
        theirs: &[("safe_number", "01632 960 001")],
        yours: &[("when_safe", "After school")],
    };
    let says = [
        "A safe number to call back</h3>",
        "01632 960 001</dd>",
        "You did not change this",
        "When and how is it safe to call?</h3>",
        "In the report, as when you opened the page",
        // To save again keeps their number.
        "value=\"01632 960 001\"",
    ];
    told_then_kept((a, b), both, &says).await;
}

#[tokio::test]
async fn what_two_changed_apart_is_kept_of_both() {
    let site = Site::new();
    let (mut a, mut b, reference) = desk(&site).await;
    let page = routes::safety(&reference);
    let both = Both {
        page: &page,
        shown: SAFE,
        theirs: &[("in_danger", "yes"), ("danger", "He is outside")],
        yours: &[("reporter_name", "Ms Example")],
    };
    both.saved_by_both(&mut a, &mut b).await.is(303);
    let now = a.get(&page).await;
    assert!(holds(&now, both.theirs) && holds(&now, both.yours));
    // Both save the same: there is nothing to decide.
    let both = Both {
        shown: &[SAFE[1], SAFE[2], both.yours[0]],
        theirs: &[("in_danger", "no")],
        yours: &[("in_danger", "no")],
        ..both
    };
    both.saved_by_both(&mut a, &mut b).await.is(303);
    let now = a.get(&page).await;
    assert!(holds(&now, &[("in_danger", "no")]));
}

/// These answers about safety, from a page with this mark.
fn marked<'a>(answers: &[(&'a str, &'a str)], mark: &'a str) -> Vec<(&'a str, &'a str)> {
    let rest = [("safe_to_talk", "yes"), ("seen", mark)];
    answers.iter().copied().chain(rest).collect()
}

#[tokio::test]
async fn a_page_with_a_mistake_in_it_keeps_nothing_and_what_is_put_right_is_kept() {
    let site = Site::new();
    let (mut a, _, reference) = desk(&site).await;
    let page = routes::safety(&reference);
    let danger = [("in_danger", "yes"), ("danger", "He is outside")];
    let mark = a.get(&page).await.is(200).hidden("seen");
    a.post(&page, &marked(&danger, &mark)).await.is(303);
    let mark = a.get(&page).await.is(200).hidden("seen");
    // No danger any more, and a number that cannot be: refused as a whole.
    let wrong = [("in_danger", "no"), ("safe_number", "https://pictures.example/a.jpg")];
    let told = a.post(&page, &marked(&wrong, &mark)).await;
    let again = told.is(422).hidden("seen");
    assert!(holds(&a.get(&page).await, &danger), "nothing of it was kept");
    // Put right, and the danger is back.
    a.post(&page, &marked(&danger, &again)).await.is(303);
    assert!(holds(&a.get(&page).await, &danger));
}

/// Both change the same of an entry.
async fn entry(
    kind: &str,
    id: &str,
    added: Fields<'_>,
    (shown, theirs, yours): (Fields<'_>, Fields<'_>, Fields<'_>),
    says: &[&str],
) {
    let site = Site::new();
    let (mut a, b, reference) = desk(&site).await;
    let new = routes::entry_new(&reference, kind);
    a.get(&new).await.is(200);
    a.post(&new, added).await.is(303);
    let both = Both { page: &routes::entry(&reference, kind, id), shown, theirs, yours };
    told_then_kept((a, b), both, says).await;
}

/// Somebody who was added.
const MIA: Fields<'_> = &[
    ("known_as", "Mia"),
    ("phones", "07700 900001"),
    ("age", "14"),
    ("identified", "yes"),
    ("part", "pictured"),
    ("part", "sent"),
];
/// Who they are.
const WHO: Fields<'_> = &[MIA[0], MIA[1]];

#[tokio::test]
async fn who_somebody_is_is_never_put_back_unseen() {
    entry(
        "people",
        "A",
        MIA,
        (WHO, &[("phones", "07700 900002"), ("school", "Example High")], &[("phones", "07700 900003")]),
        &[
            "Telephone numbers</h3>",
            "07700 900002</dd>",
            "07700 900003</dd>",
            // What they left alone is as the other made it.
            "value=\"Example High\"",
        ],
    )
    .await;
}

#[tokio::test]
async fn different_things_about_one_person_are_kept_of_both() {
    let site = Site::new();
    let (mut a, mut b, reference) = desk(&site).await;
    let new = routes::entry_new(&reference, "people");
    a.get(&new).await.is(200);
    a.post(&new, MIA).await.is(303);
    let both = Both {
        page: &routes::entry(&reference, "people", "A"),
        shown: WHO,
        theirs: &[("phones", "07700 900002; 07700 900004")],
        yours: &[("school", "Example High")],
    };
    both.saved_by_both(&mut a, &mut b).await.is(303);
    let now = a.get(both.page).await;
    assert!(holds(&now, both.theirs) && holds(&now, both.yours));
    // The form that kept it, sent once more with the spaces it was typed with, is no second answer.
    let mark = now.hidden("seen");
    let typed = [("phones", "07700 900005;07700 900006")];
    for _ in 0..2 {
        let sent = both.with(&typed, &mark);
        a.post(both.page, &sent).await.is(303);
    }
}

#[tokio::test]
async fn a_place_is_never_put_back_unseen() {
    entry(
        "places",
        "L1",
        &[("address", "1 Example Road"), ("why", "Home")],
        (
            &[("address", "1 Example Road"), ("why", "Home")],
            &[("address", "2 Example Road")],
            // Said of the address that they saw.
            &[("why", "Home of the other child")],
        ),
        &["Address, or which place it is</h3>", "2 Example Road</dd>", "Home of the other child</dd>"],
    )
    .await;
}

#[tokio::test]
async fn a_device_is_never_put_back_unseen() {
    entry(
        "devices",
        "D1",
        &[("label", "Black phone"), ("users", "nobody-here")],
        (
            &[("label", "Black phone")],
            &[("label", "Black phone, cracked"), ("whereabouts", "Her mother has it")],
            &[("whereabouts", "In her bag")],
        ),
        &[
            "Where is it now, and who has it?</h3>",
            "Her mother has it</dd>",
            "In her bag</dd>",
            // What they left alone is as the other made it.
            "value=\"Black phone, cracked\"",
        ],
    )
    .await;
}

#[tokio::test]
async fn what_somebody_is_is_never_put_back_unseen() {
    let site = Site::new();
    let (mut a, b, reference) = desk(&site).await;
    let new = routes::entry_new(&reference, "people");
    a.get(&new).await.is(200);
    a.post(&new, MIA).await.is(303);
    let page = routes::roles(&reference, "A");
    let mark = a.get(&page).await.hidden("seen");
    let first = [("roles", "witness"), ("seen", &mark)];
    a.post(&page, &first).await.is(303);
    let both = Both {
        page: &page,
        shown: &[("roles", "witness")],
        theirs: &[("roles", "witness"), ("roles", "victim")],
        yours: &[("roles", "subject")],
    };
    let says = ["Roles in this report</h3>", "Victim, Witness</dd>", "Subject</dd>"];
    told_then_kept((a, b), both, &says).await;
}

#[tokio::test]
async fn what_was_put_aside_of_a_role_is_recorded_over_nothing_newer() {
    let site = Site::new();
    let (mut a, mut b, reference) = desk(&site).await;
    let new = routes::entry_new(&reference, "people");
    a.get(&new).await.is(200);
    a.post(&new, MIA).await.is(303);
    let page = routes::roles(&reference, "A");
    let mark = a.get(&page).await.hidden("seen");
    let later =
        [("roles", "witness"), ("reason", "She saw it"), ("seen", &mark), ("draft_seen", "0"), ("then", "later")];
    a.post(&page, &later).await.is(303);
    let shown = b.get(&page).await;
    shown.is(200).says("She saw it</textarea>");
    let (mark, draft) = (shown.hidden("seen"), shown.hidden("draft_seen"));
    let mine = [("roles", "victim"), ("seen", &mark), ("draft_seen", &draft)];
    b.post(&page, &mine).await.is(303);
    let yours = [("roles", "witness"), ("reason", "She saw it"), ("seen", &mark), ("draft_seen", &draft)];
    a.post(&page, &yours).await.is(409).says("Victim</dd>").says("She saw it</textarea>");
}
