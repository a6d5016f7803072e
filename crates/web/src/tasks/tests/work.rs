//! One entry for every kind of record, as an officer fills it in.

/// What an officer enters on the page of each duty, after how many mistakes an empty form has.
const WORK: &str = "
welfare-check 2
    finding=Both at home with a parent
    voice.A=I want it gone
    demeanour.A=quiet
    action=seen again tomorrow
child-protection-referral:A 3
    to=Children's social care
    means=telephone
    at=now
    reference=CSC-77
checks:A 1
    pnc.result=done
    pnc=S-1
    pnd.result=done
    pnd=S-2
    visor.result=cannot
    visor=no access tonight
    local-crime-intelligence.result=done
    local-crime-intelligence=S-4
    local-crime-intelligence.found=seen at the same address
    child-protection.result=done
    child-protection=S-5
    incident-logs.result=done
    incident-logs=S-6
checks:location 1
    pnd.L1.result=done
    pnd.L1=S-2
    visor.L1.result=cannot
    visor.L1=no access tonight
    local-crime-intelligence.L1.result=done
    local-crime-intelligence.L1=S-4
    child-protection.L1.result=done
    child-protection.L1=S-5
    incident-logs.L1.result=done
    incident-logs.L1=S-6
strategy-meeting 3
    on=24/11/2026
    with=Social care and the school
    before_checks_because=Ben is at home alone with her
identify:C 1
    note=Asked the platform to keep the account data
initial-account:A 4
    taken_by=PC Example
    at=then
    at.day=24/11/2026
    at.time=08:30
    setting=At school with a teacher
    needs_met=Breaks
interview-decision:B 3
    choice=no-interview
    reason=not needed
    follows=yes
abe-decision:A 3
    choice=account-is-enough
    reason=she asked for it
    follows=yes
crime-record 1
    recorded=yes
    reference=07/1234/26
    code=registrar
next-steps-child:A 2
    who=Ada
    told=yes
    by=PC Example
    means=in-person
    at=now
    asked=Will school know?
signposting:A 4
    who=Ada and her mother
    at=now
    services=childline
    services=report-remove
    declined=childline
    leaflet=no
removal-online 3
    service=The platform
    asked_by=Ada with her mother
    on=2026-11-24
victim-needs:A 1
    text=News by telephone once a week
";

/// One duty of [`WORK`].
pub struct Job {
    pub duty: &'static str,
    pub mistakes: usize,
    pub fields: Vec<(&'static str, &'static str)>,
}

pub fn work() -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for line in WORK.lines().filter(|line| !line.is_empty()) {
        if let Some(field) = line.strip_prefix("    ") {
            jobs.last_mut().unwrap().fields.push(field.split_once('=').unwrap());
        } else {
            let (duty, mistakes) = line.split_once(' ').unwrap();
            jobs.push(Job { duty, mistakes: mistakes.parse().unwrap(), fields: Vec::new() });
        }
    }
    jobs
}

/// What an officer enters for one duty.
pub fn entered(duty: &str) -> Vec<(&'static str, &'static str)> {
    work().into_iter().find(|job| job.duty == duty).unwrap().fields
}
