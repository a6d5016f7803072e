//! A decision of the officer: one line where the advice is followed and nothing intrudes on anybody, else the full
//! record of the National Decision Model. What may be decided is offered in the words of the pack.

use guidance::advice::DeviceAdvice;
use guidance::words::ChoiceWords;
use report::{Choice, Decision, Evidence, Intrusion, Power};

use super::{Ask, Block, Sheet, text};
use crate::shared::form::{Form, Mistakes};
use crate::shared::ndm::{STEPS, ndm_fields, read_ndm};
use crate::shared::ui::{Choices, Input, Textarea};

/// What has to be said of anything that intrudes on somebody.
const INTRUSION: [(&str, &str, &str); 3] = [
    ("necessity", "Why is it necessary?", ""),
    ("proportionality", "Why is it proportionate for a child?", "What they lose by it, and for how long."),
    ("lesser_means", "Which smaller steps did you consider, and why are they not enough?", ""),
];

pub(super) fn fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = advised(ask).into_iter().collect();
    blocks.push(sheet.choose(offered(ask)));
    blocks.push(
        sheet.text(
            Textarea::new("reason", "Why?")
                .hint(match is_about_device(ask) {
                    true => "One line is enough where you follow the advice and take nothing.",
                    false => {
                        "One line is enough where you follow what the guidance asks and nothing intrudes on anybody."
                    }
                })
                .rows(3),
        ),
    );
    blocks.push(sheet.line(consulted(ask)));
    if !is_about_device(ask) {
        blocks.push(
            sheet.choose(
                Choices::radios("follows", "Does this follow what the guidance asks?")
                    .option("yes", "Yes", "")
                    .option("no", "No, it departs from it", "That is yours to decide, with the full record.")
                    .inline(),
            ),
        );
    }
    let steps: Vec<&str> = STEPS.iter().map(|(field, ..)| *field).collect();
    blocks.push(Block::Fold {
        title: "The full record (National Decision Model)".to_owned(),
        says: "Needed for anything that intrudes on somebody, and where you depart from the advice. Otherwise leave it empty.".to_owned(),
        open: sheet.concerns(&steps),
        blocks: ndm_fields(sheet),
    });
    if choices(ask).any(|(choice, ..)| choice.is_intrusive()) {
        blocks.push(intrusion_fields(ask, sheet));
    }
    blocks
}

/// What the advice on a device is.
fn advised(ask: Ask<'_>) -> Option<Block> {
    let device = ask.opened.advice().devices.get(ask.duty.subject()?)?;
    let says = match device.advice {
        DeviceAdvice::Leave => "The advice: leave it.",
        DeviceAdvice::Preserve => "The advice: keep the evidence safe without taking it.",
        DeviceAdvice::SeizeWherePossible => "The advice: seize it where possible.",
    };
    Some(Block::Inset(format!("{says} {}", device.says.trim())))
}

fn is_about_device(ask: Ask<'_>) -> bool {
    ask.duty.subject().is_some_and(|subject| ask.opened.advice().devices.contains_key(subject))
}

/// What the pack offers for this duty; where it says nothing, doing what is asked, not doing it, or something else.
fn choices(ask: Ask<'_>) -> impl Iterator<Item = (Choice, String, String)> {
    let mut offered: Vec<(Choice, String, String)> = ask
        .words
        .choices
        .iter()
        .filter_map(|choice| Some((choice.value.parse().ok()?, choice.words.clone(), hint(choice))))
        .collect();
    if offered.is_empty() {
        offered = Choice::UNSAID.map(|choice| (choice, choice.says().to_owned(), String::new())).to_vec();
    }
    offered.into_iter()
}

/// Who was consulted: whom the pack names, or anybody.
fn consulted(ask: Ask<'_>) -> Input {
    let choices = ask.words.choices.iter();
    let named = choices.map(|choice| &choice.consult).find(|named| !named.is_empty());
    match named {
        Some(named) => Input::new("consulted", "Whom did you consult?")
            .hint(format!("This is decided with {named}: say who it was, by name.")),
        None => Input::new("consulted", "Whom did you consult, if anybody?")
            .hint("Social care, a supervisor, the crime registrar."),
    }
}

/// The help below a choice, who has to be consulted first, and whether a supervisor agrees.
fn hint(choice: &ChoiceWords) -> String {
    let mut says = choice.hint.clone();
    if !choice.consult.is_empty() {
        says.push_str(&format!(" Decided with {}.", choice.consult));
    }
    if choice.agree {
        says.push_str(" A supervisor has to agree.");
    }
    says.trim_start().to_owned()
}

fn offered(ask: Ask<'_>) -> Choices {
    choices(ask).fold(Choices::radios("choice", "What did you decide?"), |radios, (choice, words, hint)| {
        radios.option(choice.word(), words, hint)
    })
}

fn area(sheet: &Sheet<'_>, fields: &[(&str, &str, &str)]) -> Vec<Block> {
    fields.iter().map(|(field, label, hint)| sheet.text(Textarea::new(*field, *label).hint(*hint).rows(3))).collect()
}

fn intrusion_fields(ask: Ask<'_>, sheet: &Sheet<'_>) -> Block {
    let mut names = vec!["power", "exhibit"];
    names.extend(INTRUSION.iter().map(|(field, ..)| *field));
    let mut blocks = area(sheet, &INTRUSION);
    if choices(ask).any(|(choice, ..)| choice.takes_device()) {
        let powers = Power::ALL.iter().fold(Choices::radios("power", "Under which power?").small(), |radios, power| {
            radios.option(power.word(), power.says(), "")
        });
        blocks.push(sheet.choose(powers));
        blocks.push(sheet.line(Input::new("exhibit", "Exhibit or property reference, if there is one").width("20")));
    }
    Block::Fold {
        title: "Why it is lawful and proportionate".to_owned(),
        says: "Needed when somebody is interviewed under caution or arrested, or a device is taken or searched."
            .to_owned(),
        open: sheet.concerns(&names),
        blocks,
    }
}

pub(super) fn read(ask: Ask<'_>, form: &Form, mistakes: &mut Mistakes) -> Evidence {
    let choice = mistakes.choice(form, "choice", "Select what you decided", |sent| {
        let sent: Choice = sent.parse().ok()?;
        choices(ask).any(|(offered, ..)| offered == sent).then_some(sent)
    });
    let follows = if is_about_device(ask) {
        // The record itself sees whether a decision on a device follows the advice on it.
        Some(true)
    } else {
        mistakes.choice(form, "follows", "Say whether this follows what the guidance asks", |sent| match sent {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        })
    };
    let choice = choice.unwrap_or(Choice::Later);
    let intrusion = choice.is_intrusive().then(|| Intrusion {
        power: form.text("power").parse::<Power>().ok().filter(|_| choice.takes_device()),
        necessity: text(form, "necessity"),
        proportionality: text(form, "proportionality"),
        lesser_means: text(form, "lesser_means"),
        exhibit: text(form, "exhibit"),
    });
    Evidence::Decision(Decision {
        choice,
        reason: text(form, "reason"),
        follows_advice: follows.unwrap_or(true),
        ndm: read_ndm(form),
        intrusion,
        consulted: text(form, "consulted"),
    })
}
