//! The policies and the engine that applies them ([Cedar](https://www.cedarpolicy.com)).

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use jiff::{SignedDuration, Timestamp};
use report::{Role, Status};
use store::{ProjectionRow, StreamId, Ties, UserId};

use super::Permission;

/// Policies that fit their schema.
pub struct Policies {
    authorizer: Authorizer,
    /// Of each action the policies that speak of it, by its word. The engine goes through all that it is given, and of most of
    /// them it would only find that they are about something else.
    sets: HashMap<&'static str, PolicySet>,
    names: Names,
    /// What each role may ever do, by the words of both: derived once, asked at every door.
    ever: BTreeSet<(&'static str, &'static str)>,
}

/// Names of types, read once.
struct Names {
    user: EntityTypeName,
    role: EntityTypeName,
    report: EntityTypeName,
    action: EntityTypeName,
    service: EntityUid,
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Id of the account.
    pub id: &'a str,
    /// Role.
    pub role: Role,
    /// Unit.
    pub unit: &'a str,
}

/// What it is about.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// The service.
    Service,
    /// A report, at this moment.
    Report(&'a ProjectionRow, Timestamp),
}

/// Why the engine could not be asked. It counts as no.
type Unasked = Box<dyn std::error::Error>;

impl Policies {
    /// Reads and checks policies against their schema, in strict mode.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(schema: &str, policies: &str) -> Result<Self, Vec<String>> {
        let one = |why: &dyn std::fmt::Display| vec![why.to_string()];
        let (schema, warnings) = Schema::from_cedarschema_str(schema).map_err(|why| one(&why))?;
        let mut problems: Vec<String> = warnings.map(|warning| warning.to_string()).collect();
        let set: PolicySet = policies.parse().map_err(|why| one(&why))?;
        let checked = Validator::new(schema).validate(&set, ValidationMode::Strict);
        problems.extend(checked.validation_errors().map(ToString::to_string));
        problems.extend(checked.validation_warnings().map(ToString::to_string));
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = |text: &str| text.parse::<EntityTypeName>().map_err(|why| one(&why));
        let names = Names {
            user: name("User")?,
            role: name("Role")?,
            report: name("Report")?,
            action: name("Action")?,
            service: uid(&name("Service")?, "waymark"),
        };
        let mut sets = HashMap::new();
        for permission in Permission::ALL {
            let action = uid(&names.action, permission.word());
            let about = about(&set, &action).map_err(|why| one(&why))?;
            sets.insert(permission.word(), about);
        }
        let mut read = Self { authorizer: Authorizer::new(), sets, names, ever: BTreeSet::new() };
        read.ever = read.derive_ever();
        Ok(read)
    }

    /// May somebody do this? Whatever goes wrong means no, and is logged.
    pub fn allow(&self, who: Subject<'_>, permission: Permission, what: What<'_>) -> bool {
        if permission.of_a_report() != matches!(what, What::Report(..)) {
            tracing::error!(action = permission.word(), "asked about the wrong thing");
            return false;
        }
        match self.ask(who, permission, what) {
            Ok(allowed) => allowed,
            Err(why) => {
                tracing::error!(user = who.id, action = permission.word(), %why, "the policies could not be asked: refused");
                false
            }
        }
    }

    fn ask(&self, who: Subject<'_>, permission: Permission, what: What<'_>) -> Result<bool, Unasked> {
        let (request, entities) = self.question(who, permission, what)?;
        let set = self.sets.get(permission.word());
        let set = set.ok_or("no policies were read for it")?;
        let answer = self.authorizer.is_authorized(&request, set, &entities);
        // A policy that fails is left out by the engine. Left out, a `forbid` would let somebody in.
        if let Some(failed) = answer.diagnostics().errors().next() {
            return Err(failed.to_string().into());
        }
        Ok(answer.decision() == Decision::Allow)
    }

    /// A question as the engine takes it: also for measuring the engine alone.
    ///
    /// # Errors
    /// When the engine does not take it.
    pub fn question(
        &self,
        who: Subject<'_>,
        permission: Permission,
        what: What<'_>,
    ) -> Result<(Request, Entities), Unasked> {
        let principal = uid(&self.names.user, who.id);
        let action = uid(&self.names.action, permission.word());
        let user = Entity::new(
            principal.clone(),
            HashMap::from([
                ("role".to_owned(), entity(uid(&self.names.role, who.role.word()))),
                ("unit".to_owned(), text(who.unit)),
            ]),
            HashSet::new(),
        )?;
        let (resource, report) = match what {
            What::Service => (self.names.service.clone(), None),
            What::Report(row, now) => {
                let resource = uid(&self.names.report, row.report_id.as_str());
                let report = self.report(resource.clone(), row, now)?;
                (resource, Some(report))
            }
        };
        let entities = Entities::from_entities([user].into_iter().chain(report), None)?;
        let request = Request::new(principal, action, resource, Context::empty(), None)?;
        Ok((request, entities))
    }

    fn report(&self, uid_of: EntityUid, row: &ProjectionRow, now: Timestamp) -> Result<Entity, Unasked> {
        let user = |id: &UserId| entity(uid(&self.names.user, id.as_str()));
        let ties = &row.ties;
        let lasting = ties.emergencies.iter().filter(|(_, until)| *until > now);
        let overdue = ties.alert_since.is_some_and(|since| since <= super::overdue_before(now));
        let mut said = HashMap::from([
            ("unit".to_owned(), text(&row.unit)),
            ("open".to_owned(), RestrictedExpression::new_bool(row.state != Status::Closed.word())),
            ("restricted".to_owned(), RestrictedExpression::new_bool(ties.restricted)),
            ("members".to_owned(), RestrictedExpression::new_set(ties.members.iter().map(user))),
            ("conflicts".to_owned(), RestrictedExpression::new_set(ties.conflicts.iter().map(user))),
            ("emergency".to_owned(), RestrictedExpression::new_set(lasting.map(|(id, _)| user(id)))),
            ("alert_overdue".to_owned(), RestrictedExpression::new_bool(overdue)),
        ]);
        for (name, who) in [("started_by", &ties.started_by), ("allocated_to", &row.allocated_to)] {
            said.extend(who.as_ref().map(|id| (name.to_owned(), user(id))));
        }
        Ok(Entity::new(uid_of, said, HashSet::new())?)
    }

    /// Does the role ever have this permission?
    pub fn ever(&self, role: Role, permission: Permission) -> bool {
        self.ever.contains(&(role.word(), permission.word()))
    }

    /// Asks about every way in which somebody can be tied to a report.
    fn derive_ever(&self) -> BTreeSet<(&'static str, &'static str)> {
        let worlds = worlds();
        let now = Timestamp::UNIX_EPOCH;
        let mut found = BTreeSet::new();
        for role in Role::ALL.iter().copied() {
            let who = Subject { id: "me", role, unit: "mine" };
            for permission in Permission::ALL {
                let allowed = if permission.of_a_report() {
                    worlds.iter().any(|row| self.allow(who, permission, What::Report(row, now)))
                } else {
                    self.allow(who, permission, What::Service)
                };
                if allowed {
                    found.insert((role.word(), permission.word()));
                }
            }
        }
        found
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// The policies that an action can fit: those that name it, and those that name none. Actions are in no groups (the schema has
/// none), so whatever names others says nothing about it.
///
/// They are asked about that action alone, and so name none any more: the engine would make the list of actions anew for each
/// question, to find again what is known here.
fn about(set: &PolicySet, action: &EntityUid) -> Result<PolicySet, Unasked> {
    let fits = |policy: &&Policy| match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(actions) => actions.contains(action),
        ActionConstraint::Eq(other) => other == *action,
    };
    let mut about = PolicySet::new();
    for policy in set.policies().filter(fits) {
        let mut said = policy.to_json()?;
        if let Some(named) = said.get_mut("action") {
            *named = serde_json::json!({ "op": "All" });
        }
        about.add(Policy::from_json(Some(policy.id().clone()), said)?)?;
    }
    Ok(about)
}

fn entity(uid: EntityUid) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid)
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

/// Reports to which `me` is tied in every way at once, in each way alone and in none, restricted and not;
/// without a conflict of interest, which never lets anybody in.
fn worlds() -> Vec<ProjectionRow> {
    let (Ok(report), Ok(me)) = (StreamId::new("report"), UserId::new("me")) else {
        return Vec::new();
    };
    let until = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
    let mut all = Vec::new();
    let ways = [0b11111_u32, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, 0];
    for (ways, restricted) in ways.into_iter().flat_map(|ways| [(ways, false), (ways, true)]) {
        let has = |bit: u32| ways & (1 << bit) != 0;
        let mine = || vec![me.clone()];
        all.push(ProjectionRow {
            report_id: report.clone(),
            reference: String::new(),
            unit: if has(0) { "mine" } else { "another" }.to_owned(),
            allocated_to: has(1).then(|| me.clone()),
            state: Status::New.word().to_owned(),
            class: String::new(),
            next_due_at: None,
            awaiting_review_since: None,
            updated_at: Timestamp::UNIX_EPOCH,
            derived_by: String::new(),
            review_at: None,
            ties: Ties {
                started_by: has(2).then(|| me.clone()),
                restricted,
                members: if has(3) { mine() } else { Vec::new() },
                conflicts: Vec::new(),
                emergencies: if has(4) { vec![(me.clone(), until)] } else { Vec::new() },
                alert_since: None,
            },
        });
    }
    all
}

#[cfg(test)]
#[path = "policies_tests.rs"]
mod tests;
