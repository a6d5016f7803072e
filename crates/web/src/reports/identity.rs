//! Who somebody is, as the fields of a form. Never part of a fact.

use report::Identity;

use super::filled;
use crate::shared::form::{Form, Mistakes};
use crate::shared::time;
use crate::shared::ui::{Asks, Input, Textarea};

/// Who somebody is, as fields.
pub struct Fields {
    /// What they are called.
    pub names: Vec<Input>,
    /// Date of birth.
    pub born: Input,
    /// Everything else of one line.
    pub more: Vec<Input>,
    /// Anything else.
    pub notes: Textarea,
    /// Everything but the names is unfolded, because something there was entered or is wrong.
    pub open: bool,
}

/// What is folded away until it is needed.
const FOLDED: [&str; 10] = [
    "date_of_birth",
    "gender",
    "school",
    "needs",
    "ethnicity",
    "responsible_adults",
    "phones",
    "emails",
    "addresses",
    "notes",
];

impl Fields {
    /// With what was sent.
    pub fn new(form: &Form, mistakes: &Mistakes) -> Self {
        let line = |name: &str, label: &str, hint: &str| Input::new(name, label).hint(hint).sent(form, mistakes);
        let several = "More than one: put a semicolon between them.";
        Self {
            names: vec![
                line("known_as", "Known as", "What they like to be called. This is the name on every page."),
                line("given_names", "Given names", ""),
                line("family_name", "Family name", ""),
            ],
            born: Input::new("date_of_birth", "Date of birth")
                .hint("Like 24/11/2011.")
                .width("10")
                .sent(form, mistakes),
            more: vec![
                line("gender", "Gender", "In their own words."),
                line("school", "School or college", ""),
                line("needs", "Language, disability, what helps them to take part", ""),
                line("ethnicity", "Ethnicity", "As they give it."),
                line("responsible_adults", "Who holds parental responsibility", "Parents, carers, social worker."),
                line("phones", "Telephone numbers", several),
                line("emails", "Email addresses", several),
                line("addresses", "Addresses", several),
            ],
            notes: Textarea::new("notes", "Anything else that says who they are").rows(3).sent(form, mistakes),
            open: FOLDED.iter().any(|field| mistakes.about(field).is_some() || form.has(field)),
        }
    }

    /// All of them, in their order.
    pub fn all(&self) -> Vec<&dyn Asks> {
        let more = std::iter::once(&self.born).chain(&self.more);
        let lines = self.names.iter().chain(more);
        let mut all: Vec<&dyn Asks> = lines.map(|line| line as &dyn Asks).collect();
        all.push(&self.notes);
        all
    }
}

fn several(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// What was sent of who somebody is.
pub fn read(form: &Form, mistakes: &mut Mistakes) -> Identity {
    let text = |name: &str| form.text(name).to_owned();
    let born = form.text("date_of_birth");
    let date_of_birth = time::read_day(born);
    if !born.is_empty() && date_of_birth.is_none() {
        mistakes.no_day("date_of_birth", born, "Enter a date of birth like 24/11/2011, or leave it empty");
    }
    Identity {
        given_names: text("given_names"),
        family_name: text("family_name"),
        known_as: text("known_as"),
        date_of_birth,
        gender: text("gender"),
        phones: several(form.text("phones")),
        emails: several(form.text("emails")),
        addresses: several(form.text("addresses")),
        school: text("school"),
        needs: text("needs"),
        ethnicity: text("ethnicity"),
        responsible_adults: text("responsible_adults"),
        notes: text("notes"),
    }
}

/// What the record holds of who somebody is, as a form.
pub fn kept(identity: &Identity) -> Form {
    let born = identity.date_of_birth.map(|day| day.strftime("%d/%m/%Y").to_string()).unwrap_or_default();
    filled(&[
        ("given_names", &identity.given_names),
        ("family_name", &identity.family_name),
        ("known_as", &identity.known_as),
        ("date_of_birth", &born),
        ("gender", &identity.gender),
        ("phones", &identity.phones.join("; ")),
        ("emails", &identity.emails.join("; ")),
        ("addresses", &identity.addresses.join("; ")),
        ("school", &identity.school),
        ("needs", &identity.needs),
        ("ethnicity", &identity.ethnicity),
        ("responsible_adults", &identity.responsible_adults),
        ("notes", &identity.notes),
    ])
}
