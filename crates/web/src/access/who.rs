//! Who may see a report, and why.

use askama::Template;

use crate::routes;
use crate::shared::access::Permission;
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, page};
use crate::shared::record::{OnReport, Opened, report_frame};
use crate::shared::time;
use crate::shared::ui::SummaryList;
use crate::shared::visit::Signed;

#[derive(Template)]
#[template(path = "access/who.html")]
struct Who {
    frame: Frame,
    says: String,
    why: Option<String>,
    members: Vec<String>,
    interests: Vec<Interest>,
    emergencies: Vec<String>,
    places: Vec<(String, &'static str)>,
    with: SummaryList,
}

struct Interest {
    name: String,
    words: Option<String>,
    end: Option<String>,
}

/// The page.
pub async fn show(OnReport { frame, signed, opened, .. }: OnReport) -> Answer {
    Ok(page(false, &who(frame, &signed, &opened)))
}

fn who(frame: Frame, signed: &Signed, opened: &Opened) -> Who {
    let report = &opened.report;
    let access = &report.access;
    let controls = signed.may(Permission::ControlAccess);
    let interests = access.interests.iter().map(|interest| {
        let id = interest.who.id.as_str();
        let own = id == signed.id.as_str();
        Interest {
            name: format!("{}, {}", interest.who.name, interest.who.unit),
            words: controls.then(|| interest.words.clone()),
            end: (controls && !own).then(|| routes::conflict_ended(opened.reference(), id)),
        }
    });
    let emergencies = access.emergencies.iter().rev().map(|emergency| {
        let review = emergency.review.as_ref().map_or_else(
            || "not reviewed yet".to_owned(),
            |review| format!("{}: {}", review.by.name, review.finding.says()),
        );
        format!(
            "{}, {}, on {}, because {}. Review: {review}",
            emergency.by.name,
            emergency.unit,
            time::moment(emergency.at),
            emergency.purpose.says()
        )
    });
    let says = match &access.restricted {
        Some(_) => {
            let named = match access.members.len() {
                1 => "the person named here",
                _ => "the people named here",
            };
            format!("Only whoever works on it and {named}. It is in nobody else's lists.")
        }
        None => format!("Everybody in {} who works on reports, and whoever works on it.", report.unit),
    };
    let works = report.allocation.as_ref();
    let works = works.map_or("Nobody yet".to_owned(), |to| format!("{}, {}", to.name, to.unit));
    Who {
        says,
        why: access.restricted.clone(),
        members: access.members.iter().map(|member| format!("{}, {}", member.name, member.unit)).collect(),
        interests: interests.collect(),
        emergencies: emergencies.collect(),
        places: places(signed, opened),
        with: SummaryList::new().row("Unit", &report.unit).row("Works on it", works),
        frame: report_frame(frame, opened),
    }
}

fn places(signed: &Signed, opened: &Opened) -> Vec<(String, &'static str)> {
    let reference = opened.reference();
    let restricted = opened.report.access.restricted.is_some();
    let mut places = Vec::new();
    if signed.may(Permission::ControlAccess) {
        if restricted {
            places.push((routes::restrict(reference), "Name other people"));
            places.push((routes::lift(reference), "Lift the restriction"));
        } else {
            places.push((routes::restrict(reference), "Restrict it to people you name"));
        }
        places.push((routes::conflict_of(reference), "Say that somebody has a conflict of interest"));
    }
    if signed.may(Permission::DeclareConflict) {
        places.push((routes::conflict(reference), "Say that you have a conflict of interest"));
    }
    if signed.may(Permission::ReviewAccess) && !opened.report.access.emergencies.is_empty() {
        places.push((routes::emergencies(reference), "Emergency openings"));
    }
    if signed.may(Permission::PassOn) && !opened.report.is_closed() {
        places.push((routes::pass(reference), "Pass it to another unit"));
    }
    places
}
