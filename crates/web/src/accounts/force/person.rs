//! Who somebody of the provider is here.

use serde_json::Value;
use store::{Identity, StoreError, User, sign_in_key};

use crate::Allow;
use crate::accounts::changes::{self, Kind, change};
use crate::accounts::{NO_ROLE, NO_UNIT, may_enter};
use crate::shared::app::App;
use crate::shared::force::{Provider, Told, Trouble};
use crate::shared::page::Problem;
use crate::shared::visit::Means;
use crate::shared::{secret, sign_ins, time};

/// The account of somebody whom the provider vouches for.
///
/// # Errors
/// [`Problem`] when the store fails; [`Trouble`] inside when they may not come in.
pub(super) async fn find(app: &App, provider: &Provider, told: &Told) -> Result<Result<User, Trouble>, Problem> {
    let settings = provider.settings();
    let granted = match allowed(&settings.allow, told.claims.get(&settings.allow_claim)) {
        Ok(granted) => granted,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let known = app.store.identity(provider.issuer(), &told.subject).await?;
    let user = match known {
        Some(identity) => app.store.user(&identity.user).await?,
        None => match first_time(app, provider, told).await? {
            Ok(user) => Some(user),
            Err(trouble) => return Ok(Err(trouble)),
        },
    };
    let user = match user {
        Some(user) if !user.disabled => user,
        Some(user) => return turned_away(app, &user, Trouble::Disabled).await,
        None => return Ok(Err(Trouble::Disabled)),
    };
    let user = match granted {
        Some(granted) if user.role != NO_ROLE => grant(app, user, granted).await?,
        _ => user,
    };
    if may_enter(&user) { Ok(Ok(user)) } else { turned_away(app, &user, Trouble::Waiting).await }
}

/// The provider vouches for them, and their account is not to be signed in to this way: in the log, for that account.
async fn turned_away(app: &App, user: &User, trouble: Trouble) -> Result<Result<User, Trouble>, Problem> {
    sign_ins::failed(app, Some(&user.id), Means::Force, false).await?;
    Ok(Err(trouble))
}

/// Whether it was noted for an account already.
pub(super) const fn is_noted(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Disabled | Trouble::Waiting | Trouble::SomebodyElse)
}

/// The value that lets somebody in, where values decide; the first of the settings counts.
fn allowed<'a>(allow: &'a [Allow], claim: Option<&Value>) -> Result<Option<&'a Allow>, Trouble> {
    if allow.is_empty() {
        return Ok(None);
    }
    let has = |wanted: &str| match claim {
        Some(Value::String(value)) => value == wanted,
        Some(Value::Array(values)) => values.iter().any(|value| value == wanted),
        _ => false,
    };
    allow.iter().find(|allow| has(&allow.value)).map(Some).ok_or(Trouble::NotAllowed)
}

/// Role and unit that go with a value, for an account that exists.
async fn grant(app: &App, user: User, granted: &Allow) -> Result<User, Problem> {
    let mut after = user.clone();
    if let Some(role) = granted.role {
        role.word().clone_into(&mut after.role);
    }
    if let Some(unit) = &granted.unit {
        unit.clone_into(&mut after.unit);
    }
    let changes = changes::between(app, &user, &after, None);
    if !changes.is_empty() {
        app.store.change_user(after.clone(), changes).await?;
    }
    Ok(after)
}

/// Somebody who was never here by this way: found by their user name and tied to the account, so that a
/// name which later belongs to somebody else at the provider opens nothing here.
async fn first_time(app: &App, provider: &Provider, told: &Told) -> Result<Result<User, Trouble>, Problem> {
    let settings = provider.settings();
    let Some(name) = user_name(&told.claims, &settings.person_claim) else {
        return Ok(Err(Trouble::NotBelieved(format!("no usable claim {}", settings.person_claim))));
    };
    let user = match app.store.user_by_sign_in_name(name).await? {
        Some(user) if user.disabled => return turned_away(app, &user, Trouble::Disabled).await,
        Some(user) => user,
        None if settings.make_accounts => make(app, name, &told.claims).await?,
        None => return Ok(Err(Trouble::NoAccount(name.to_owned()))),
    };
    let identity = Identity {
        issuer: provider.issuer().to_owned(),
        subject: told.subject.clone(),
        user: user.id.clone(),
        created_at: app.now(),
    };
    let tied = change(app, &user.id, None, Kind::ForceKnown, name);
    match app.store.add_identity(identity, tied).await {
        Ok(()) => Ok(Ok(user)),
        Err(StoreError::Duplicate { .. }) => turned_away(app, &user, Trouble::SomebodyElse).await,
        Err(why) => Err(why.into()),
    }
}

/// The user name in the claim. An e-mail address counts only where the provider has verified it.
fn user_name<'a>(claims: &'a Value, claim: &str) -> Option<&'a str> {
    let verified = claim != "email" || claims.get("email_verified") == Some(&Value::Bool(true));
    let name = claims.get(claim).and_then(Value::as_str).map(str::trim);
    name.filter(|name| verified && !name.is_empty() && name.chars().count() <= 100)
}

/// An account that can do nothing until a supervisor gives it a role.
async fn make(app: &App, name: &str, claims: &Value) -> Result<User, Problem> {
    let called = claims.get("name").and_then(Value::as_str).unwrap_or(name);
    let called: String = called.chars().take(100).collect();
    let user = User {
        id: secret::user_id()?,
        name: if report::text::line("name", &called).is_ok() && !called.trim().is_empty() {
            called
        } else {
            name.to_owned()
        },
        sign_in_name: sign_in_key(name),
        role: NO_ROLE.to_owned(),
        unit: NO_UNIT.to_owned(),
        password_hash: None,
        disabled: false,
        created_at: app.now(),
    };
    let made = changes::created(app, &user, None);
    app.store.add_user(user.clone(), made).await?;
    tracing::info!(user = %user.id, at = time::moment(app.now()), "an account without a role was made");
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_values_that_let_somebody_in_do() {
        let allow: Vec<Allow> =
            ["first", "second"].map(|value| Allow { value: value.to_owned(), role: None, unit: None }).into();
        let check = |claim: Option<Value>, expected: Option<&str>| {
            let found = allowed(&allow, claim.as_ref());
            let value = found.ok().flatten().map(|allow| allow.value.as_str());
            assert_eq!(value, expected, "{claim:?}");
        };
        check(Some(json!("second")), Some("second"));
        check(Some(json!(["x", "second", "first"])), Some("first"));
        check(Some(json!(["x"])), None);
        check(Some(json!("first second")), None);
        check(Some(json!({"first": true})), None);
        check(None, None);
        assert!(allowed(&[], None).is_ok());
    }

    #[test]
    fn a_mail_address_counts_when_it_is_verified() {
        let claims = json!({"email": "a@force.example", "upn": " pc1 ", "n": 3});
        assert_eq!(user_name(&claims, "email"), None);
        assert_eq!(user_name(&claims, "upn"), Some("pc1"));
        assert_eq!(user_name(&claims, "n"), None);
        assert_eq!(user_name(&claims, "missing"), None);
        let claims = json!({"email": "a@force.example", "email_verified": true});
        assert_eq!(user_name(&claims, "email"), Some("a@force.example"));
    }
}
