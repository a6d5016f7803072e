//! What shows that a duty is done. A duty is never ticked: it is done by evidence of the kind its pack asks for.

use std::collections::BTreeMap;

use guidance::Pack;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::closed_list::closed_list;
use crate::decision::{Decision, Ndm};
use crate::id::{PersonId, PlaceId};
use crate::people::Answer;
use crate::telling::Telling;

/// One child as seen or heard during the welfare check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildSeen {
    /// Who.
    pub person: PersonId,
    /// What the child said and wants, in their words. Long text.
    pub voice: String,
    /// How the child seemed. Long text.
    pub demeanour: String,
}

closed_list! {
    /// How something was sent or said.
    Means {
        Telephone = "telephone", "by telephone";
        InPerson = "in-person", "in person";
        Portal = "portal", "through a portal or form";
        Email = "email", "by secure email";
        Letter = "letter", "by letter";
        OtherMeans = "other", "another way";
    }
}

/// Somebody at the other end said that the referral arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who acknowledged it. One line.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What came of looking somebody or a place up on one system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result")]
pub enum CheckResult {
    /// It was looked up.
    #[serde(rename = "done")]
    Done {
        /// Reference of the search. One line.
        reference: String,
        /// What it showed that matters here. Long text, may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        found: String,
    },
    /// It cannot be looked up.
    #[serde(rename = "cannot")]
    Cannot {
        /// Why not. One line.
        because: String,
    },
}

/// One field of the matrix of checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckEntry {
    /// Id of the system in the pack: `pnc`.
    pub system: String,
    /// The place; nothing where a person is checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// What came of it.
    #[serde(flatten)]
    pub result: CheckResult,
}

/// Was a crime recorded?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "recorded")]
pub enum CrimeRecord {
    /// Recorded.
    #[serde(rename = "yes")]
    Recorded {
        /// Crime number. One line.
        reference: String,
        /// Class code as recorded; `registrar` where the registrar is asked. One line.
        code: String,
        /// Whose part it is about; nobody where that is not said, as in records from before it was asked.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        persons: Vec<PersonId>,
    },
    /// Not recorded.
    #[serde(rename = "no")]
    NotRecorded {
        /// Why there is none. Long text.
        reason: String,
        /// Was the victim, or their parent or carer, told that none is recorded?
        victim_told: Answer,
        /// In full where the advice is to record one.
        #[serde(default, skip_serializing_if = "Ndm::is_empty")]
        ndm: Ndm,
    },
}

/// Evidence for one duty, of the kind its pack asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Evidence {
    /// A welfare check.
    #[serde(rename = "welfare")]
    Welfare {
        /// What was found. Long text.
        finding: String,
        /// Each child seen or spoken to.
        children: Vec<ChildSeen>,
        /// What was done. Long text.
        action: String,
    },
    /// A referral. Complete with the other side's reference; its acknowledgement comes separately.
    #[serde(rename = "referral")]
    Referral {
        /// To whom. One line.
        to: String,
        /// How.
        means: Means,
        /// When it was sent.
        at: Timestamp,
        /// The other side's reference, once known. One line.
        reference: String,
        /// Proof that it arrived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acknowledged: Option<Acknowledgement>,
    },
    /// Somebody stepped in themselves, where even a referral was too slow.
    #[serde(rename = "stepped-in")]
    SteppedIn {
        /// What was done, a value that the pack offers for the duty: `police-protection`.
        what: String,
        /// Who did it. One line.
        by: String,
        /// When.
        at: Timestamp,
        /// More about it. Long text; needed where `what` is [`SOMETHING_ELSE`].
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A strategy or multi-agency meeting.
    #[serde(rename = "meeting")]
    Meeting {
        /// The day it is or was held.
        on: Date,
        /// With whom. One line.
        with: String,
        /// Reference of its minutes, if any. One line.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        /// Asked when checks were still open: why it could not wait for them. Long text.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        before_checks_because: String,
    },
    /// Checks on police systems, one or more fields of the matrix.
    #[serde(rename = "checks")]
    Checks {
        /// The fields entered now; each replaces an earlier one for the same system and place.
        entries: Vec<CheckEntry>,
        /// Where places are checked and none is known: why. Long text; it counts until there is a place.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        no_place: String,
    },
    /// An initial account.
    #[serde(rename = "account")]
    Account {
        /// Who took it. One line.
        taken_by: String,
        /// When.
        at: Timestamp,
        /// Where, and who was there. Long text.
        setting: String,
        /// How the child's needs were met. Long text.
        needs_met: String,
        /// Reference of body-worn video, if any. One line.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        body_worn_video: String,
        /// Asked when a discussion was planned and checks were still open: why it could not wait for them. Long text.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        before_checks_because: String,
    },
    /// A decision of the officer.
    #[serde(rename = "decision")]
    Decision(Decision),
    /// A form that was filed. Made by filing it, never entered by hand.
    #[serde(rename = "form")]
    Form(FiledForm),
    /// A child, parent or carer was told, or why not.
    #[serde(rename = "told")]
    Told {
        /// Who was told. One line.
        who: String,
        /// By whom. One line.
        by: String,
        /// Told or not.
        #[serde(flatten)]
        telling: Telling,
        /// Asked when a discussion was planned and checks were still open: why it could not wait for them. Long text.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        before_checks_because: String,
    },
    /// Pointed to services.
    #[serde(rename = "signposting")]
    Signposting {
        /// To whom: the child, a parent or carer. One line; nothing in records from before it was asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        who: String,
        /// When; nothing in records from before it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
        /// Ids of services of the pack that were offered.
        services: Vec<String>,
        /// Those of them that were declined.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        declined: Vec<String>,
        /// Was the leaflet given?
        leaflet: bool,
    },
    /// A request to remove something online.
    #[serde(rename = "removal")]
    Removal {
        /// The platform or service asked. One line.
        service: String,
        /// Who asks. One line.
        asked_by: String,
        /// When.
        on: Date,
        /// Their reference, if any. One line.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
        /// What came of it, if known. Long text.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        result: String,
    },
    /// What was done to find out who somebody is.
    #[serde(rename = "identify")]
    Identify {
        /// In words. Long text.
        note: String,
    },
    /// Crime recording.
    #[serde(rename = "crime")]
    Crime {
        /// Recorded, or why not.
        #[serde(flatten)]
        record: CrimeRecord,
    },
    /// Anything else: what was done, in words.
    #[serde(rename = "note")]
    Note {
        /// In words. Long text.
        text: String,
    },
}

/// A form as it was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledForm {
    /// Id of the form in the pack: `vpa`.
    pub form: String,
    /// Version of the form.
    pub version: String,
    /// Unique reference, such as `VPA-R26-0001-A-1`.
    pub reference: String,
    /// The people it names.
    pub persons: Vec<PersonId>,
    /// Answers by field.
    pub answers: BTreeMap<String, String>,
    /// Proof that it arrived where it was passed on to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Acknowledgement>,
    /// Their reference, once known. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub their_reference: String,
}

impl FiledForm {
    /// Is it given to somebody outside Waymark once it is filed? A form that the pack does not know is not.
    pub fn is_passed_on(&self, pack: &Pack) -> bool {
        pack.forms().iter().any(|form| form.id == self.form && !form.pass_to.is_empty())
    }
}

/// The value of something that the list does not have.
pub(crate) const SOMETHING_ELSE: &str = "other";

/// What is noted with an answer that was given on a form: where it was given.
pub fn form_note(reference: &str) -> String {
    format!("From {reference}")
}

impl Evidence {
    /// The kind as packs write it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Welfare { .. } => "welfare",
            // It stands in for a referral.
            Self::Referral { .. } | Self::SteppedIn { .. } => "referral",
            Self::Meeting { .. } => "meeting",
            Self::Checks { .. } => "checks",
            Self::Account { .. } => "account",
            Self::Decision(_) => "decision",
            Self::Form(_) => "form",
            Self::Told { .. } => "told",
            Self::Signposting { .. } => "signposting",
            Self::Removal { .. } => "removal",
            Self::Identify { .. } => "identify",
            Self::Crime { .. } => "crime",
            Self::Note { .. } => "note",
        }
    }
}

/// Evidence as it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// Numbered from 1 within its duty.
    pub number: u32,
    /// What shows it.
    pub evidence: Evidence,
    /// True for a decision that departs from the advice given then.
    pub departs: bool,
    /// Who entered it.
    pub by: Actor,
    /// When it was entered.
    pub at: Timestamp,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
}
