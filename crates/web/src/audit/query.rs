//! What an auditor asks for: a person, a report, a time, an operation, a purpose.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use store::{AccessFilter, Operation, ProjectionRow, StreamId, User};

use crate::routes;
use crate::shared::access::{self, Permission};
use crate::shared::app::App;
use crate::shared::colleagues;
use crate::shared::form::{Form, Mistakes};
use crate::shared::page::Problem;
use crate::shared::record;
use crate::shared::time;
use crate::shared::ui::Input;
use crate::shared::visit::Signed;

/// The operations that the list can be narrowed to, and what they are called here. Those of the law that enter
/// something into a report are in its timeline; what was given to others by them, what was erased, and what was
/// administered, are on pages of their own.
pub const OPERATIONS: &[(&str, Operation)] = &[
    ("Viewed", Operation::Consult),
    ("Copies taken", Operation::Disclose),
    ("People compared", Operation::Combine),
    ("Sign-ins", Operation::SignIn),
];

/// The fields of the form, in their order.
const FIELDS: [&str; 5] = ["person", "report", "from", "until", "purpose"];

/// What is asked for, and how it was typed.
pub struct Query {
    /// For the store.
    pub filter: AccessFilter,
    /// What could not be understood.
    pub mistakes: Mistakes,
    form: Form,
}

impl Query {
    /// Reads what was typed and looks up who and what is meant.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn read(app: &App, signed: &Signed, form: Form) -> Result<Self, Problem> {
        let (mut filter, mut mistakes) = (AccessFilter::default(), Mistakes::new());
        // INVARIANT (a conflict of interest outweighs everything): neither shown nor counted nor taken out.
        filter.reader = Some(signed.id.clone());
        let person = form.text("person");
        if !person.is_empty() {
            match the_one(app, person).await? {
                Ok(user) => filter.actor = Some(user.id),
                Err(says) => mistakes.add("person", says),
            }
        }
        let report = form.text("report").to_uppercase();
        if !report.is_empty() {
            match the_report(app, signed, &report).await? {
                Some(report) => filter.report = Some(report),
                None => mistakes.add("report", "No report has this reference. It looks like WM-2026-000123"),
            }
        }
        filter.from = day(&form, "from", &mut mistakes).and_then(midnight);
        let until = day(&form, "until", &mut mistakes).and_then(|day| day.checked_add(1.day()).ok());
        filter.until = until.and_then(midnight);
        if let (Some(from), Some(until)) = (filter.from, filter.until)
            && from >= until
        {
            mistakes.add("until", "The last day is before the first. Enter a later one, or an earlier first day");
        }
        let purpose = form.text("purpose");
        filter.purpose = (!purpose.is_empty()).then(|| purpose.to_owned());
        let op = OPERATIONS.iter().find(|(_, op)| op.word() == form.text("op"));
        filter.op = op.map(|(_, op)| *op);
        Ok(Self { filter, mistakes, form })
    }

    /// The fields of the form.
    pub fn fields(&self) -> Vec<Input> {
        let [person, from, until] = self.person_and_days();
        let report = self.field("report", "Report, by its reference").width("20");
        let purpose = self.field("purpose", "Words in the purpose").width("20");
        vec![person, report, from, until, purpose]
    }

    /// The fields of the pages about what was given to others and what was erased: why is no purpose of the log there.
    pub fn fields_without_purpose(&self) -> Vec<Input> {
        let mut fields = self.fields();
        fields.pop();
        fields
    }

    /// The fields of the page about accounts, which are about no report and have no purpose.
    pub fn fields_of_accounts(&self) -> Vec<Input> {
        self.person_and_days().into()
    }

    fn person_and_days(&self) -> [Input; 3] {
        let day = |name, label: &str, like: &str| self.field(name, label).width("10").hint(like);
        [
            self.field("person", "Person, by the name they sign in with")
                .hint("Or their name as it stands in the list")
                .width("20"),
            day("from", "From this day on", "Like 24/11/2026."),
            day("until", "Up to and including this day", "Like 24/11/2026."),
        ]
    }

    fn field(&self, name: &str, label: &str) -> Input {
        Input::new(name, label).sent(&self.form, &self.mistakes)
    }

    /// The address of a page for the same question, with another operation or place in the list.
    pub fn address(&self, page: &str, op: Option<&str>, before: Option<u64>) -> String {
        let mut pairs: Vec<(&str, String)> = FIELDS
            .iter()
            .map(|name| (*name, self.form.text(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        pairs.extend(op.map(|op| ("op", op.to_owned())));
        pairs.extend(before.map(|before| ("before", before.to_string())));
        let query: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}={}", routes::escaped(value))).collect();
        if query.is_empty() { page.to_owned() } else { format!("{page}?{}", query.join("&")) }
    }

    /// The operation asked for, as it stands in an address.
    pub fn op(&self) -> Option<&'static str> {
        self.filter.op.map(Operation::word)
    }

    /// Where in the list the page begins.
    pub fn before(&self) -> Option<u64> {
        self.form.text("before").parse().ok()
    }
}

/// Whether somebody may read who looked at a report.
pub fn may_read_log_of(app: &App, signed: &Signed, row: &ProjectionRow) -> bool {
    access::may_on(signed, Permission::ReadAudit, row, app.now())
}

/// The report meant by a reference, erased ones too. One that is closed to them looks like one that does not exist.
async fn the_report(app: &App, signed: &Signed, reference: &str) -> Result<Option<StreamId>, Problem> {
    match record::admit(app, signed, Permission::ReadAudit, reference).await {
        Ok(entered) => return Ok(Some(entered.row.report_id.clone())),
        Err(Problem::Internal(why)) => return Err(Problem::Internal(why)),
        Err(_) => {}
    }
    let erased = app.store.erasures(reference).await?;
    let conflicts = app.store.conflicts_of(&signed.id).await?;
    let whole = erased.into_iter().find(|erased| erased.subject.is_none());
    let stream = whole.map(|erased| erased.stream);
    Ok(stream.filter(|stream| !conflicts.contains(stream)))
}

/// The person meant by the name they sign in with, or by their name as the list shows it where only one has it.
async fn the_one(app: &App, name: &str) -> Result<Result<User, String>, Problem> {
    if let Some(user) = app.store.user_by_sign_in_name(name).await? {
        return Ok(Ok(user));
    }
    let mut called = colleagues::called(app, name).await?;
    let names: Vec<&str> = called.iter().map(|user| user.sign_in_name.as_str()).collect();
    let several = format!("Several people have this name. Enter the one they sign in with: {}", names.join(", "));
    Ok(match called.pop() {
        Some(user) if called.is_empty() => Ok(user),
        Some(_) => Err(several),
        None => Err("Nobody signs in with this name, and nobody is called it".to_owned()),
    })
}

fn day(form: &Form, name: &str, mistakes: &mut Mistakes) -> Option<Date> {
    let typed = form.text(name);
    let read = time::read_day(typed);
    if !typed.is_empty() && read.is_none() {
        mistakes.no_day(name, typed, "Enter a day, such as 24/11/2026");
    }
    read
}

fn midnight(day: Date) -> Option<Timestamp> {
    time::read_moment(&day.to_string(), "0000")
}
