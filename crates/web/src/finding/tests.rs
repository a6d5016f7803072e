//! Finding people through the router and a real store: who finds whom, what is said, and what the log has of it.

mod kept;
mod matched;
mod search;

use report::{AddPerson, Command, Identity, PersonId};
use store::{AccessesOf, Operation, limits};

use crate::shared::access::Role;
use crate::shared::record::{self, Opened, act_as, opened_by};
use crate::tests::record::{actor, start};
use crate::tests::{Seen, Site};

/// Somebody with a whole name, a date of birth and a number.
fn billie() -> Identity {
    Identity {
        given_names: "Wilhelmina Rose".into(),
        family_name: "Quibblethwaite".into(),
        known_as: "Billie".into(),
        date_of_birth: "2011-04-17".parse().ok(),
        phones: vec!["07700 900451".into()],
        ..Identity::default()
    }
}

/// A report of a unit with one person in it, entered by somebody else than whoever looks.
async fn report_with(site: &Site, unit: &str, identity: Identity) -> Opened {
    let number = site.app.store.all_streams(None, 100).await.unwrap().len();
    let name = format!("officer {number}");
    let officer = actor(site, Role::Officer, &name).await;
    let mut begun = start();
    begun.unit = unit.to_owned();
    let opened = record::begin(&site.app, &officer, begun, &name).await.unwrap();
    let add = AddPerson { identity, ..AddPerson::default() };
    act_as(&site.app, &officer, opened, Command::AddPerson(add), "add").await.unwrap()
}

async fn again(site: &Site, opened: &Opened) -> Opened {
    opened_by(&site.app, opened.reference()).await.unwrap()
}

fn first() -> PersonId {
    "A".parse().unwrap()
}

/// Looks in the log by kind, oldest first: kind, operation, purpose and count.
async fn noted(site: &Site, of: &AccessesOf) -> Vec<(String, String, String, u64)> {
    let all = site.app.store.accesses(of, None, limits::PAGE).await.unwrap();
    let mut lines: Vec<_> = all
        .into_iter()
        .filter(|one| one.op != Operation::SignIn.word())
        .map(|one| (one.kind, one.op, one.purpose, one.count))
        .collect();
    lines.reverse();
    lines
}

/// Every line of the log, for what must not stand in it.
async fn log(site: &Site) -> String {
    site.leaves().await.into_iter().map(|leaf| leaf + "\n").collect()
}

/// A page without what is different each time or was typed: the token, and the values of fields.
fn bare(seen: &Seen) -> String {
    let mut parts = seen.text.split(" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('"').map_or("", |(_, rest)| rest))
}
