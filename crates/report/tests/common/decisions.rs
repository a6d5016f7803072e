//! Decisions as somebody takes them who follows the advice.

use guidance::advice::DeviceAdvice;
use report::{Choice, Command, Decision, DutyId, Evidence, Intrusion, Ndm, Power, duty_words};

use super::{Desk, full, pack};

pub fn decision(choice: Choice) -> Evidence {
    Evidence::Decision(Decision {
        choice,
        reason: "follows the advice".into(),
        follows_advice: true,
        ndm: Ndm::default(),
        intrusion: None,
        consulted: String::new(),
    })
}

impl Desk {
    /// What the advice on a device says, else the first that the pack offers for the duty.
    pub fn decision_for(&self, duty: &DutyId, device: Option<DeviceAdvice>) -> Command {
        let choice = match device {
            Some(DeviceAdvice::Leave) => Choice::Leave,
            Some(DeviceAdvice::Preserve) => Choice::Preserve,
            Some(DeviceAdvice::SeizeWherePossible) => Choice::Seize,
            None => duty_words(pack(), duty).unwrap().choices[0].value.parse().unwrap(),
        };
        let mut evidence = decision(choice);
        if let Evidence::Decision(decision) = &mut evidence {
            decision.consulted = "Test Registrar".into();
        }
        if let (Evidence::Decision(decision), true) = (&mut evidence, choice.is_intrusive()) {
            decision.ndm = full();
            decision.intrusion = Some(Intrusion {
                power: Some(Power::Pace19),
                necessity: "needed".into(),
                proportionality: "least that does".into(),
                lesser_means: "asked the school".into(),
                exhibit: "EX-1".into(),
            });
        }
        Command::RecordEvidence { duty: duty.clone(), evidence }
    }
}
