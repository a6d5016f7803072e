//! What an answer that is still open settles: as it was found, and in words.

use super::Ask;
use crate::share::Text;

/// What an answer settles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settles {
    /// What it does for the class of the report.
    pub class: ForClass,
    /// The first thing beside the class that hangs on it.
    pub bears_on: Option<BearsOn>,
}

/// What an answer does for the class of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForClass {
    /// The class does not wait for it.
    #[default]
    Nothing,
    /// The class waits for it, among others.
    Needed,
    /// One answer of it settles the class by itself.
    Alone,
}

/// What else hangs on an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BearsOn {
    /// A duty: its title in the pack, and the id of the person it is for.
    Duty(Text, Option<Text>),
    /// Whether there is a crime to record.
    Record,
    /// Codes that are valid from or until a day.
    Codes,
    /// The name of a ground, and nothing more.
    Ground,
    /// Whether somebody can be a suspect at all.
    Role,
    /// What becomes of a device.
    Device,
    /// By when a duty is due: its title in the pack, and the id of the person it is for.
    ByWhen(Text, Option<Text>),
    /// Whether somebody has to confirm a crime class.
    Confirmed,
    /// Outcomes that wait for it, by their codes.
    Outcomes(Vec<Text>),
}

impl Settles {
    /// In words, with each person as `name` calls them by their id.
    pub fn says(&self, name: impl Fn(&str) -> String) -> String {
        let class = match self.class {
            ForClass::Nothing => "",
            ForClass::Needed => "needed for the class",
            ForClass::Alone => "settles the class",
        };
        let Some(bears_on) = &self.bears_on else { return class.to_owned() };
        let between = if class.is_empty() { "" } else { "; " };
        let bears = if matches!(bears_on, BearsOn::Outcomes(_)) { "" } else { "bears on: " };
        [class, between, bears, &bears_on.says(name)].concat()
    }
}

impl BearsOn {
    fn says(&self, name: impl Fn(&str) -> String) -> String {
        let words = match self {
            Self::Duty(title, whom) => return of_duty(title, whom.as_ref(), name),
            Self::ByWhen(title, whom) => return format!("by when to {}", of_duty(title, whom.as_ref(), name)),
            Self::Outcomes(codes) => return waiting(codes),
            Self::Record => "whether a crime is recorded",
            Self::Codes => "which crime codes were in force",
            Self::Ground => "the ground of the class",
            Self::Role => "whether the role of suspect is possible",
            Self::Device => "the advice on the device",
            Self::Confirmed => "whether a crime class has to be confirmed",
        };
        words.to_owned()
    }
}

impl Ask {
    /// Does the answer only give a ground its name?
    pub fn only_names_a_ground(&self) -> bool {
        self.settles == Settles { class: ForClass::Nothing, bears_on: Some(BearsOn::Ground) }
    }

    /// Does the class of the report wait for the answer?
    pub fn is_for_the_class(&self) -> bool {
        self.settles.class != ForClass::Nothing
    }
}

fn of_duty(title: &str, whom: Option<&Text>, name: impl Fn(&str) -> String) -> String {
    let title = lower_first(title);
    whom.map_or_else(|| title.clone(), |whom| named(&title, &name(whom)))
}

/// `Outcomes 1, 2 and 10 wait for it`.
fn waiting(codes: &[Text]) -> String {
    let codes: Vec<&str> = codes.iter().map(Text::as_str).collect();
    match codes.split_last() {
        Some((last, [])) => format!("Outcome {last} waits for it"),
        Some((last, first)) => format!("Outcomes {} and {last} wait for it", first.join(", ")),
        None => String::new(),
    }
}

/// The words with whom they are about; what a name holds is not looked at again.
fn named(words: &str, whom: &str) -> String {
    words.split("{person}").collect::<Vec<_>>().join(whom)
}

/// To go on a sentence with. An abbreviation such as VPA keeps its capitals.
fn lower_first(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !chars.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => words.to_owned(),
    }
}
