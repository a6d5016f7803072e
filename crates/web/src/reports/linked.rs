//! Reports that belong together: a second incident or a counter-allegation is a report of its own that
//! carries its people across. Their ages and parts stay behind: they belong to the act.

use askama::Template;
use report::{Command, Link, LinkFrom, LinkKind, PersonId, Report, Thing};

use super::new::{More, read, reported_by, reported_why, take};
use super::safety::Fields;
use crate::routes;
use crate::shared::access::{self, Permission};
use crate::shared::app::App;
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::page::{Answer, Problem, go, page};
use crate::shared::record::{self, Acted, OnReport, Opened, report_frame};
use crate::shared::ui::{Choices, Input, Why};
use crate::shared::visit::Signed;
use crate::shared::words::first_upper;

#[derive(Template)]
#[template(path = "reports/linked.html")]
struct Linked {
    frame: Frame,
    links: Vec<Shown>,
    /// Links that were withdrawn, each with why, by whom and when.
    withdrawn: Vec<(String, String)>,
    existing_kind: Choices,
    existing: Input,
    kind: Choices,
    people: Choices,
    fields: Fields,
    reported_by: Choices,
    reported_why: Option<Why>,
    more: More,
}

/// A link there is.
struct Shown {
    says: String,
    href: String,
    /// Where it is withdrawn, or why it is not: it stands in both reports. Without words for whoever opened this one in an emergency.
    withdraw: Result<String, &'static str>,
}

fn kinds(name: &str) -> Choices {
    LinkKind::ALL.iter().fold(Choices::radios(name, "How do they belong together?"), |choices, kind| {
        choices.option(kind.word(), first_upper(kind.says()), "")
    })
}

/// How the two belong together, and which the other one is.
pub(super) fn words(link: &Link) -> String {
    format!("{}: {}", first_upper(link.kind.says()), link.reference)
}

async fn draw(app: &App, signed: &Signed, frame: Frame, opened: &Opened, form: &Form) -> Answer {
    let mistakes = frame.mistakes.clone();
    let all = || opened.report.links.iter();
    let mut links = Vec::new();
    let may_here = signed.may(Permission::Withdraw);
    for link in all().filter(|link| link.withdrawn.is_none()) {
        let number = link.number.to_string();
        let other = link.what.reference.as_str();
        // Nothing of it is shown, so that it is no look at it.
        let row = app.store.projection_by_reference(other).await?;
        let may = |row| access::may_on(signed, Permission::Withdraw, &row, app.now());
        links.push(Shown {
            says: words(&link.what),
            href: routes::report(other),
            withdraw: match (may_here, row.is_some_and(may)) {
                (true, true) => Ok(routes::withdraw(opened.reference(), "links", &number)),
                (_, false) => {
                    Err("That report is not open to you, so you cannot withdraw this link: it stands in both.")
                }
                (false, true) => Err(""),
            },
        });
    }
    let withdrawn = all().filter_map(|link| {
        let how = opened.report.withdrawal(&Thing::Link(link.number))?;
        Some((words(&link.what), record::withdrawal_words(&how)))
    });
    let people = opened.people().fold(
        Choices::checkboxes("people", "Who is carried over?")
            .hint("Who they are goes with them, and that it is known. Their age and part are asked again, because they belong to the act."),
        |choices, person| choices.option(person.id.as_str(), person.label(), ""),
    );
    let shown = Linked {
        links,
        withdrawn: withdrawn.collect(),
        existing_kind: kinds("existing_kind").sent(form, &mistakes),
        existing: Input::new("existing", "Reference of the other report").width("20").sent(form, &mistakes),
        kind: kinds("kind").sent(form, &mistakes),
        people: people.sent(form, &mistakes),
        fields: Fields::new(&app.pack, form, &mistakes),
        reported_by: reported_by(app, form, &mistakes),
        reported_why: reported_why(app),
        more: More::new(form, &mistakes),
        frame: report_frame(frame, opened),
    };
    Ok(page(!mistakes.none(), &shown))
}

/// Links there are, and the forms to make one.
pub async fn show(OnReport { app, frame, signed, opened, .. }: OnReport) -> Answer {
    draw(&app, &signed, frame, &opened, &Form::default()).await
}

/// Links with a report there is, or begins a linked one.
pub async fn submit(OnReport { app, frame, signed, opened, .. }: OnReport, form: Form) -> Answer {
    let mut mistakes = Mistakes::new();
    let done = if form.text("what") == "existing" {
        link(&app, &signed, &opened, &form, &mut mistakes).await?
    } else {
        begin(&app, &signed, &opened, &form, &mut mistakes).await?
    };
    let mistakes = match done {
        Some(Ok(to)) => return go(&to),
        Some(Err(acted)) => acted.mistakes()?,
        None => mistakes,
    };
    draw(&app, &signed, frame.with(mistakes), &opened, &form).await
}

/// Where to go when it was done, why it was not, or nothing when the form has mistakes.
type Done = Option<Result<String, Acted>>;

async fn link(
    app: &App,
    signed: &Signed,
    opened: &Opened,
    form: &Form,
    mistakes: &mut Mistakes,
) -> Result<Done, Problem> {
    let kind =
        mistakes.choice(form, "existing_kind", "Select how they belong together", |sent| sent.parse::<LinkKind>().ok());
    let reference = mistakes.line(form, "existing", "Enter the reference of the other report").to_uppercase();
    let (Some(kind), true) = (kind, mistakes.none()) else {
        return Ok(None);
    };
    let may = Permission::AddToReports;
    let Some(other) = other(app, signed, may, ("existing", &reference), mistakes).await? else {
        return Ok(None);
    };
    let there = Command::LinkReport(link_to(&other, kind)?);
    let here = Command::LinkReport(link_to(opened, kind)?);
    let key = form.digest();
    if let Err(acted) = record::act(app, signed, opened.clone(), there, &key).await {
        return Ok(Some(Err(acted)));
    }
    let told = record::act(app, signed, other, here, &format!("{key}-other")).await;
    Ok(Some(told.map(|_| routes::linked(opened.reference()))))
}

/// The other report, by the field that names it; nothing where it is none in which they `may` do this.
pub(super) async fn other(
    app: &App,
    signed: &Signed,
    may: Permission,
    (field, reference): (&str, &str),
    mistakes: &mut Mistakes,
) -> Result<Option<Opened>, Problem> {
    match record::open_other(app, signed, may, reference, "Linking reports").await {
        Err(Problem::NotFound | Problem::Forbidden | Problem::Sealed { .. }) => {
            let says = format!("No report {reference} is open to you. Check the reference");
            mistakes.add(field, says);
            Ok(None)
        }
        other => other.map(Some),
    }
}

/// How a report is named in another one that it belongs with.
pub(super) fn link_to(opened: &Opened, kind: LinkKind) -> Result<Link, Problem> {
    Ok(Link {
        report: opened.report.id.clone().ok_or(Problem::NotFound)?,
        reference: opened.reference().to_owned(),
        kind,
    })
}

async fn begin(
    app: &App,
    signed: &Signed,
    opened: &Opened,
    form: &Form,
    mistakes: &mut Mistakes,
) -> Result<Done, Problem> {
    let kind = mistakes.choice(form, "kind", "Select how they belong together", |sent| sent.parse::<LinkKind>().ok());
    let mut start = read(app, signed, form, mistakes)?;
    let report = opened.report.id.clone().ok_or(Problem::NotFound)?;
    let (Some(kind), true) = (kind, mistakes.none()) else {
        let (nothing, start) = (Report::default(), Command::Start(start));
        record::also_wrong(app, signed, &nothing, start, mistakes)?;
        return Ok(None);
    };
    let people: Vec<PersonId> = form.all("people").iter().filter_map(|id| id.parse().ok()).collect();
    start.linked =
        Some(LinkFrom { report, reference: opened.reference().to_owned(), kind, people: opened.report.carry(&people) });
    let key = form.digest();
    let begun = match record::begin(app, &signed.actor()?, start, &key).await {
        Ok(begun) => begun,
        Err(acted) => return Ok(Some(Err(acted))),
    };
    let to = routes::involved(begun.reference());
    take(app, signed, begun, &key).await?;
    Ok(Some(Ok(to)))
}
