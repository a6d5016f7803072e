//! Seeing the class of a report differently: what an officer holds it to be, with the full record. The class stays what the guidance
//! makes of what is known; what somebody holds is shown beside it, and a supervisor looks at it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use guidance::advice::Class;
use report::{Actor, ClassHeld, Command, DraftOf, EventBody};

use crate::routes;
use crate::shared::blocks::{Block, Sheet};
use crate::shared::form::{Form, Mistakes};
use crate::shared::frame::Frame;
use crate::shared::ndm::{ndm_fields, read_ndm};
use crate::shared::page::{Answer, go, page};
use crate::shared::record::drafts::{self, DraftNote, Then};
use crate::shared::record::seen::CHANGED_LINE;
use crate::shared::record::{self, OnReport, Opened, class_words, grounds_with_why, report_frame, seen};
use crate::shared::time;
use crate::shared::ui::{Choices, SummaryList, Textarea, Why};
use crate::shared::visit::Signed;

/// What is asked.
const WHAT: &str = "What do you think the class is?";

/// What one officer holds the class to be, as it is shown beside what the guidance says.
pub struct Held {
    /// Who, what, and since when.
    pub says: String,
    /// In their words.
    pub reason: String,
    /// It differs from what the guidance says now.
    pub differs: bool,
}

/// What officers hold the class of a report to be, against the guidance: oldest first.
pub fn held(opened: &Opened) -> Vec<Held> {
    let all = opened.report.classes_held.iter();
    all.map(|held| one(opened, held)).collect()
}

fn one(opened: &Opened, held: &ClassHeld) -> Held {
    let differs = held.differs(opened.advice().class);
    let (who, class) = (&held.by.name, class_words(held.class));
    let since = format!("Said on {}, when the guidance said: {}.", time::moment(held.at), class_words(held.advised));
    Held {
        says: match differs {
            true => format!("{who} disagrees with the class. Their view: {class}. {since}"),
            false => format!(
                "{who} had another view of the class: {class}. {since} The guidance now says the same, so it no longer differs."
            ),
        },
        reason: held.reason.clone(),
        differs,
    }
}

/// Who began to say so, and did not record it yet; empty where nobody did.
pub fn begun(opened: &Opened) -> String {
    opened.report.draft(&DraftOf::Class).map_or_else(String::new, |draft| {
        let when = time::moment(draft.at);
        format!("Begun by {}, {when}, and not recorded yet", draft.by.name)
    })
}

#[derive(Template)]
#[template(path = "reports/class.html")]
struct ClassPage {
    frame: Frame,
    reference: String,
    class: &'static str,
    colour: &'static str,
    grounds: Vec<(String, Why)>,
    closed: bool,
    /// What this officer holds, which they can take back here.
    own: Option<Held>,
    /// They said it after this page was shown to them, on another one: what they sent is shown to be put in its place.
    instead: bool,
    /// What colleagues hold.
    others: Vec<Held>,
    /// How many events the report had when the page was shown.
    seen: u64,
    draft: DraftNote,
    blocks: Vec<Block>,
}

/// The page: what the guidance says and why, and the form; for whoever holds something else already, a way to take it back.
pub async fn show(OnReport { frame, signed, opened, .. }: OnReport) -> Answer {
    draw(frame, &signed, &opened, None)
}

fn draw(frame: Frame, signed: &Signed, opened: &Opened, sent: Option<&Form>) -> Answer {
    let mistakes = frame.mistakes.clone();
    let begun = opened.report.draft(&DraftOf::Class).map(drafts::form);
    let sheet = Sheet::new(sent.or(begun.as_ref()), &mistakes);
    let you = signed.actor()?.id;
    let own = opened.report.class_held_by(&you);
    let instead = own.is_some() && sent.is_some_and(|sent| !ends(sent));
    let blocks = match own {
        Some(_) if !instead => {
            vec![sheet.text(Textarea::new("reason", "Why do you withdraw your view?").rows(3))]
        }
        _ => fields(opened, &sheet),
    };
    let others = opened.report.classes_held.iter();
    let others = others.filter(|held| held.by.id != you);
    let shown = ClassPage {
        reference: opened.reference().to_owned(),
        class: opened.class_words(),
        colour: opened.class_colour(),
        grounds: grounds_with_why(opened),
        closed: opened.report.is_closed(),
        own: own.map(|own| one(opened, own)),
        instead,
        others: others.map(|held| one(opened, held)).collect(),
        seen: opened.version,
        draft: DraftNote::of(opened, &DraftOf::Class, sent, drafts::plain_label),
        blocks,
        frame: report_frame(frame, opened),
    };
    Ok(page(!mistakes.none(), &shown))
}

fn fields(opened: &Opened, sheet: &Sheet<'_>) -> Vec<Block> {
    let now = opened.advice().class;
    let others = ClassHeld::OFFERED.iter().filter(|class| **class != now);
    let choices = others.fold(Choices::radios("class", WHAT), |choices, class| {
        choices.option(class.word(), class_words(*class), meaning(*class))
    });
    let reason = Textarea::new("reason", "Why do you disagree?")
        .hint("In a line or two. It is shown beside the class, and to whoever reviews the report.")
        .rows(3);
    let mut blocks = vec![sheet.choose(choices), sheet.text(reason)];
    blocks.extend(ndm_fields(sheet));
    blocks
}

const fn meaning(class: Class) -> &'static str {
    match class {
        Class::Aggravated => "Somebody did something that the guidance counts as aggravating.",
        Class::Experimental => "Nothing aggravating was done.",
        Class::Undetermined | Class::NotInvolved => "What is known does not show it, whatever the answers say.",
    }
}

/// Records what somebody holds the class to be, or takes that back.
pub async fn submit(OnReport { app, frame, signed, reference, opened }: OnReport, sent: Form) -> Answer {
    let aside = drafts::command(&DraftOf::Class, &sent);
    let mut mistakes = Mistakes::new();
    if let Some(says) = drafts::overtaken(&opened, &DraftOf::Class, &sent).filter(|_| aside.is_none()) {
        mistakes.add("main-content", says);
        return draw(frame.with(mistakes), &signed, &opened, Some(&sent));
    }
    if aside.is_none()
        && let Some(again) = said_meanwhile(frame.clone(), &signed.actor()?, &opened, &sent)
    {
        let drawn = draw(again, &signed, &opened, Some(&sent))?;
        return Ok((StatusCode::CONFLICT, drawn).into_response());
    }
    let reason = sent.text("reason").to_owned();
    let command = if let Some(aside) = aside {
        aside
    } else if ends(&sent) {
        Command::HoldClassNoLonger { reason }
    } else {
        let missing = "Select what you think the class is";
        let class = mistakes.choice(&sent, "class", missing, Class::from_word);
        let command = Command::HoldClass {
            // Something else than what is derived, so that all else that is wrong is told at once.
            class: class.unwrap_or_else(|| other_than(opened.advice().class)),
            reason,
            ndm: read_ndm(&sent),
        };
        if class.is_none() {
            record::also_wrong(&app, &signed, &opened.report, command, &mut mistakes)?;
            return draw(frame.with(mistakes), &signed, &opened, Some(&sent));
        }
        command
    };
    match record::act(&app, &signed, opened.clone(), command, &sent.digest()).await {
        Ok(_) if drafts::then(&sent) == Then::Later => go(&format!("{}?aside=yes#grounds", routes::report(&reference))),
        Ok(_) if drafts::then(&sent) == Then::Discard => go(&routes::class(&reference)),
        Ok(_) => go(&format!("{}?saved=yes#grounds", routes::report(&reference))),
        Err(acted) => {
            let now = record::load(&app, &opened.stream).await?;
            draw(frame.with(acted.mistakes()?), &signed, &now, Some(&sent))
        }
    }
}

/// Does the form take back what was held?
fn ends(sent: &Form) -> bool {
    sent.text("ends") == "yes"
}

/// What was said of the class after the page was shown: by a colleague, or by the officer on another page. The page is shown again
/// with it, and with what was written; to send it once more is then a decision. Nothing where nobody said anything.
fn said_meanwhile(mut frame: Frame, you: &Actor, opened: &Opened, sent: &Form) -> Option<Frame> {
    // A page made before this was compared does not say what it showed.
    let seen: u64 = sent.text(seen::SEEN).parse().ok()?;
    let own = opened.report.class_held_by(&you.id);
    let kept = own.is_some_and(|held| {
        let class = held.class.word() == sent.text("class");
        class && held.reason == sent.text("reason").trim() && held.ndm == read_ndm(sent)
    });
    let since = opened.report.log.iter();
    let since = since.filter(|event| event.version > seen);
    let mut mistakes = Mistakes::new();
    for event in since {
        let (is_own, who, when) = (event.actor.id == you.id, &event.actor.name, time::moment(event.recorded_at));
        let theirs = match &event.body {
            EventBody::ClassHeld { class, reason, .. } => {
                format!("{}\n{reason}", class_words(*class))
            }
            EventBody::ClassHeldNoLonger { reason } => {
                format!("View withdrawn\n{reason}")
            }
            _ => continue,
        };
        match (is_own, ends(sent)) {
            // Sent twice, it is there once. And what a colleague says takes nothing from what is taken back.
            (true, false) if kept => {}
            (false, true) => {}
            (true, _) => {
                let says = format!("Your view of the class {CHANGED_LINE}");
                mistakes.add(if ends(sent) { "reason" } else { "class" }, says);
                let yours = match ends(sent) {
                    true => "View withdrawn".to_owned(),
                    false => Class::from_word(sent.text("class"))
                        .map_or_else(String::new, |class| class_words(class).to_owned()),
                };
                let yours = format!("{yours}\n{}", sent.text("reason"));
                let both = SummaryList::new()
                    .row("Your answer, not saved", yours.trim())
                    .row(format!("Saved by you on another page, {when}"), theirs);
                frame.both.push((WHAT.to_owned(), both));
            }
            (false, false) => mistakes.add(
                "class",
                format!("{who} recorded their view of the class after you opened this page: read that first. What you wrote is still here; record it if it is still your view, and both are kept"),
            ),
        }
    }
    (!mistakes.none()).then(|| frame.with(mistakes))
}

fn other_than(class: Class) -> Class {
    let mut offered = ClassHeld::OFFERED.into_iter();
    offered.find(|other| *other != class).unwrap_or(class)
}
