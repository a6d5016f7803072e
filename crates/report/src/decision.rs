//! A decision of the officer: one line where the advice is followed and nothing intrusive happens, else one
//! full National Decision Model record.

use serde::{Deserialize, Serialize};

use crate::closed_list::closed_list;
use crate::refusal::Wrong;
use crate::text;

/// The five steps of the National Decision Model. Every field long text; all empty where one line is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ndm {
    /// What is known, and from where.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub information: String,
    /// Who may come to harm, how, and the working strategy.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub threat_and_risk: String,
    /// The powers and the policy that apply.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub powers_and_policy: String,
    /// What else could be done, and why not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub options: String,
    /// What is done, and when it is looked at again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action_and_review: String,
}

impl Ndm {
    /// Each field: its name in forms, its label, its text.
    pub const fn fields(&self) -> [(&'static str, &'static str, &String); 5] {
        [
            ("information", "what you know and from where", &self.information),
            ("threat_and_risk", "the threat and the risk", &self.threat_and_risk),
            ("powers_and_policy", "the powers and policy you rely on", &self.powers_and_policy),
            ("options", "the options you considered", &self.options),
            ("action_and_review", "what you will do and when you will review it", &self.action_and_review),
        ]
    }

    /// True when every step is written.
    pub fn is_full(&self) -> bool {
        self.fields().iter().all(|(_, _, text)| !text.trim().is_empty())
    }

    /// True when nothing is written.
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, _, text)| text.is_empty())
    }

    pub(crate) fn guard(&self, wrongs: &mut Vec<Wrong>) {
        wrongs.extend(self.fields().into_iter().filter_map(|(field, _, words)| text::check(field, words).err()));
    }

    pub(crate) fn require_full(&self, because: &str, wrongs: &mut Vec<Wrong>) {
        let empty = self.fields().into_iter().filter(|(_, _, words)| words.trim().is_empty());
        for (at, (field, label, _)) in empty.enumerate() {
            // Why they are asked for is told once, not beside each of them.
            let says = if at == 0 { format!("Write {label}. {because}") } else { format!("Write {label}") };
            wrongs.push(Wrong::new(field, says));
        }
    }
}

closed_list! {
    /// What was decided. The page of each duty offers those that fit it.
    Choice {
        Leave = "leave", "Leave the device with whoever has it";
        Preserve = "preserve", "Preserve the evidence without taking the device";
        Seize = "seize", "Seize the device";
        Extract = "extract", "Extract information from the device";
        NoInterview = "no-interview", "No interview";
        VoluntaryInterview = "voluntary-interview", "Voluntary interview under caution, with safeguards";
        Arrest = "arrest", "Arrest and interview under caution";
        AchievingBestEvidence = "achieving-best-evidence", "Interview under Achieving Best Evidence";
        AccountIsEnough = "account-is-enough", "The initial account is enough";
        WitnessStatement = "witness-statement", "Written witness statement";
        Later = "later", "Not now; decide again later";
        Yes = "yes", "Yes";
        No = "no", "No";
        DoIt = "do-it", "Do what the guidance asks";
        DoNot = "do-not", "Do not do what the guidance asks";
        Other = "other", "Something else, given in the reason";
    }
}

impl Choice {
    /// What may be decided where the pack says nothing of it.
    pub const UNSAID: [Self; 4] = [Self::DoIt, Self::DoNot, Self::Other, Self::Later];

    /// Does it interfere with somebody's liberty, property or private life? Then one line is not enough.
    pub const fn is_intrusive(self) -> bool {
        matches!(self, Self::Seize | Self::Extract | Self::VoluntaryInterview | Self::Arrest)
    }

    /// Does it need a power to take or search something?
    pub const fn takes_device(self) -> bool {
        matches!(self, Self::Seize | Self::Extract)
    }
}

closed_list! {
    /// The power a device was taken or searched under.
    Power {
        Pace19 = "pace-s19", "PACE 1984 s.19: lawfully on premises";
        Pace20 = "pace-s20", "PACE 1984 s.20: information held on a computer";
        Pace32 = "pace-s32", "PACE 1984 s.32: search on arrest";
        Pace18 = "pace-s18", "PACE 1984 s.18: search of premises after arrest";
        Pace8Warrant = "pace-s8-warrant", "PACE 1984 s.8: search warrant";
        Pca4Warrant = "pca-s4-warrant", "Protection of Children Act 1978 s.4: warrant";
        Cjpa50 = "cjpa-s50", "Criminal Justice and Police Act 2001 s.50 or s.51: seize and sift";
        PcscAgreement = "pcsc-s37", "PCSC Act 2022 s.37: agreement to extraction, given by an adult who may give it";
        GivenUp = "given-up", "Handed over by an adult who may hand it over";
        OtherPower = "other", "Another power, named in powers and policy";
    }
}

/// Why something intrusive is lawful here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intrusion {
    /// The power used; asked where a device is taken or searched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Power>,
    /// Why it is necessary. Long text.
    pub necessity: String,
    /// Why it is proportionate for a child. Long text.
    pub proportionality: String,
    /// The lesser means considered, and why they do not do. Long text.
    pub lesser_means: String,
    /// Exhibit or property reference, if there is one. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub exhibit: String,
}

/// A significant decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub choice: Choice,
    /// The reason in a line or more. Long text, always asked.
    pub reason: String,
    /// The officer's own view: does it follow the advice? Where the engine can tell that it does not, it is a departure whatever this says.
    pub follows_advice: bool,
    /// The full record; asked for anything intrusive and for every departure.
    #[serde(default)]
    pub ndm: Ndm,
    /// Asked for anything intrusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intrusion: Option<Intrusion>,
    /// Who was consulted (social care, a supervisor, the registrar), if anybody. One line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub consulted: String,
}

impl Decision {
    /// Checks it as a whole. `departs` is true where it is known to depart from the advice.
    pub(crate) fn guard(&self, departs: bool, wrongs: &mut Vec<Wrong>) {
        if self.reason.trim().is_empty() {
            wrongs.push(Wrong::new(
                "reason",
                "Write the reason for your decision. One line is enough where you follow the advice",
            ));
        }
        wrongs.extend(text::check("reason", &self.reason).err());
        wrongs.extend(text::line("consulted", &self.consulted).err());
        self.ndm.guard(wrongs);
        if self.choice.is_intrusive() {
            self.ndm.require_full("A decision that intrudes on somebody needs the full record", wrongs);
            self.guard_intrusion(wrongs);
        } else if departs || !self.follows_advice {
            self.ndm.require_full(
                "This departs from the advice, which is yours to decide and needs the full record",
                wrongs,
            );
        }
    }

    fn guard_intrusion(&self, wrongs: &mut Vec<Wrong>) {
        let empty = Intrusion {
            power: None,
            necessity: String::new(),
            proportionality: String::new(),
            lesser_means: String::new(),
            exhibit: String::new(),
        };
        let given = self.intrusion.as_ref().unwrap_or(&empty);
        if self.choice.takes_device() && given.power.is_none() {
            wrongs.push(Wrong::new("power", "Select the power you rely on to take or search the device"));
        }
        for (field, label, words) in [
            ("necessity", "why this is necessary", &given.necessity),
            ("proportionality", "why this is proportionate", &given.proportionality),
            ("lesser_means", "which smaller steps you considered, and why they are not enough", &given.lesser_means),
        ] {
            if words.trim().is_empty() {
                wrongs.push(Wrong::new(field, format!("Write {label}")));
            }
            wrongs.extend(text::check(field, words).err());
        }
        wrongs.extend(text::line("exhibit", &given.exhibit).err());
    }
}
