//! What was recorded for a duty, in words: everything, withdrawn entries too.

use report::{Evidence, Filed, NumberOn};

use super::kinds::Ask;
use super::particulars::{list, system};
use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Link;
use crate::shared::record::withdrawal_words;
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;

/// One entry as it is shown.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    /// "Recorded by PC Example on 24 November 2026 at 9:30am".
    pub(super) title: String,
    /// Its particulars.
    pub(super) list: SummaryList,
    /// It departs from the advice given then.
    pub(super) departs: bool,
    /// Why it was withdrawn, by whom and when, if it was.
    pub(super) withdrawn: Option<String>,
    /// What can be done with it.
    pub(super) links: Vec<Link>,
}

/// Every entry for a duty, newest first, with what whoever looks at it may do with each.
pub(super) fn entries(ask: Ask<'_>, signed: &Signed) -> Vec<Recorded> {
    let filed = ask.opened.report.evidence.get(ask.duty);
    let mut entries: Vec<Recorded> = filed
        .into_iter()
        .flatten()
        .map(|filed| Recorded {
            title: format!("{}, {}", filed.by.name, time::moment(filed.at)),
            list: short(ask, filed),
            departs: filed.departs,
            withdrawn: ask.opened.report.evidence_withdrawal(ask.duty, filed.number).map(|how| withdrawal_words(&how)),
            links: links(ask, filed, signed),
        })
        .collect();
    entries.reverse();
    entries
}

/// Numbers recorded here that are on something else of this report as well, each in a sentence. Other reports are not looked at.
pub(super) fn twice(ask: Ask<'_>) -> Vec<String> {
    let found = ask.opened.report.numbers_also_on(ask.duty).into_iter();
    let place = |on: NumberOn| match on {
        NumberOn::Task(duty) => ask.opened.duty_title(duty.as_str()),
        NumberOn::Reference(kind) => format!("{} of this report", kind.says()),
    };
    found
        .map(|(number, on)| {
            let on: Vec<String> = on.into_iter().map(place).collect();
            format!("{number} is in this report for something else, too: {}.", on.join("; "))
        })
        .collect()
}

/// Checks are shown together, as they stand; each entry then only says what it was about.
fn short(ask: Ask<'_>, filed: &Filed) -> SummaryList {
    match &filed.evidence {
        Evidence::Checks { entries, no_place } if filed.withdrawn.is_none() && no_place.is_empty() => {
            let names: Vec<String> = entries.iter().map(|entry| system(ask, entry)).collect();
            SummaryList::new().row("Entered", names.join(", "))
        }
        evidence => list(ask, evidence),
    }
}

fn links(ask: Ask<'_>, filed: &Filed, signed: &Signed) -> Vec<Link> {
    let (reference, duty) = (ask.opened.reference(), ask.duty.as_str());
    let link = |href: String, text: &str| Link { href, text: text.to_owned() };
    let mut links = Vec::new();
    if let Evidence::Form(form) = &filed.evidence {
        links.push(link(
            routes::filed_form(reference, duty, filed.number),
            &format!("Read or print {}", form.reference),
        ));
    }
    if filed.withdrawn.is_some() {
        return links;
    }
    let awaits = match &filed.evidence {
        Evidence::Referral { acknowledged, .. } => acknowledged.is_none(),
        Evidence::Form(form) => form.received.is_none() && form.is_passed_on(ask.opened.pack()),
        _ => false,
    };
    if awaits && signed.may(Permission::AddToReports) {
        links.push(link(routes::acknowledge(reference, duty, filed.number), "Record that it arrived"));
    }
    if signed.may(Permission::Withdraw) && !ask.opened.report.is_closed() {
        links.push(link(routes::withdraw_evidence(reference, duty, filed.number), "Withdraw this entry"));
    }
    links
}
