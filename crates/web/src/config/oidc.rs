//! Signing in with the accounts that a force has already, by OpenID Connect.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::shared::access::Role;

/// The longest list of [`Allow`].
const MOST_ALLOWED: usize = 200;

/// The force's own sign-in. Not used while `issuer` is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Address of the provider; its configuration is found below it.
    pub issuer: String,
    /// What the provider calls this Waymark.
    pub client_id: String,
    /// File with the secret that goes with it; empty for a client without one.
    pub client_secret_file: PathBuf,
    /// What people call it, on the button: "Sign in with …".
    pub label: String,
    /// The claim whose value is the user name here, at somebody's first sign-in. Later the provider's own
    /// id of the person counts.
    pub person_claim: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Whether somebody without an account gets one, which can do nothing until a supervisor gives it a role.
    pub make_accounts: bool,
    /// The claim that says who may come in.
    pub allow_claim: String,
    /// Its values that may. Empty: everybody with an account.
    pub allow: Vec<Allow>,
}

/// A value of the claim that lets somebody in, and what it gives to accounts that exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The value.
    pub value: String,
    /// The role that goes with it, if it decides that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The unit that goes with it, if it decides that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            client_id: String::new(),
            client_secret_file: PathBuf::new(),
            label: "your force account".to_owned(),
            person_claim: "preferred_username".to_owned(),
            scopes: vec!["profile".to_owned()],
            make_accounts: false,
            allow_claim: String::new(),
            allow: Vec::new(),
        }
    }
}

impl Oidc {
    /// True when a provider is set.
    pub const fn used(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// The secret, without space around it; none where no file is named.
    ///
    /// # Errors
    /// A file that cannot be read or is empty, in words for whoever set it.
    pub fn secret(&self) -> Result<Option<String>, String> {
        if self.client_secret_file.as_os_str().is_empty() {
            return Ok(None);
        }
        let name = self.client_secret_file.display();
        let text = std::fs::read_to_string(&self.client_secret_file)
            .map_err(|why| format!("oidc.client_secret_file: {name} cannot be read: {why}"))?;
        match text.trim() {
            "" => Err(format!("oidc.client_secret_file: {name} is empty")),
            secret => Ok(Some(secret.to_owned())),
        }
    }

    /// Everything that is wrong, in words; empty when nothing is or no provider is set.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !self.used() {
            if !self.client_id.is_empty() {
                found.push("oidc.issuer: a client_id is set, so say which provider it is for".to_owned());
            }
            return found;
        }
        let rest = self
            .issuer
            .strip_prefix("https://")
            .map(|rest| (rest, true))
            .or_else(|| self.issuer.strip_prefix("http://").map(|rest| (rest, false)));
        match rest {
            Some((host, true)) if !host.is_empty() => {}
            Some((rest, false)) if super::is_this_machine(rest.split('/').next().unwrap_or_default()) => {}
            _ => found.push(format!("oidc.issuer: \"{}\" must start with https:// and name a host", self.issuer)),
        }
        for (name, value) in
            [("client_id", &self.client_id), ("label", &self.label), ("person_claim", &self.person_claim)]
        {
            if value.trim().is_empty() {
                found.push(format!("oidc.{name}: must not be empty where an issuer is set"));
            }
        }
        if let Err(why) = self.secret() {
            found.push(why);
        }
        if self.allow_claim.is_empty() != self.allow.is_empty() {
            found.push(
                "oidc.allow_claim and oidc.allow: set both, or neither to let in everybody with an account".to_owned(),
            );
        }
        if self.allow.len() > MOST_ALLOWED {
            found.push(format!("oidc.allow: at most {MOST_ALLOWED} values"));
        }
        if self.allow.iter().any(|one| one.value.is_empty()) {
            found.push("oidc.allow: a value must not be empty".to_owned());
        }
        if self.allow.iter().any(|one| one.unit.as_ref().is_some_and(|unit| unit.trim().is_empty())) {
            found.push("oidc.allow: leave a unit out rather than empty".to_owned());
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told() {
        let sound = || Oidc {
            issuer: "https://sign-in.force.example".to_owned(),
            client_id: "waymark".to_owned(),
            ..Oidc::default()
        };
        let check = |change: &dyn Fn(&mut Oidc), expected: &str| {
            let mut settings = sound();
            change(&mut settings);
            let found = settings.problems().join("\n");
            assert!(found.contains(expected), "{expected}: {found}");
        };
        assert!(Oidc::default().problems().is_empty());
        assert!(sound().problems().is_empty());
        check(&|it| it.issuer.clear(), "say which provider");
        check(&|it| it.issuer = "http://sign-in.force.example".to_owned(), "must start with https");
        check(&|it| it.issuer = "https://".to_owned(), "must start with https");
        check(&|it| it.client_id.clear(), "oidc.client_id");
        check(&|it| it.client_secret_file = "no/such/file".into(), "cannot be read");
        check(&|it| it.allow_claim = "groups".to_owned(), "set both");
        let allow = |value: &str, unit: Option<&str>| Allow {
            value: value.to_owned(),
            role: None,
            unit: unit.map(str::to_owned),
        };
        check(&|it| it.allow = vec![allow("", Some(" "))], "must not be empty");
        check(&|it| it.allow = vec![allow("x", Some(" "))], "leave a unit out");
        let here = Oidc {
            issuer: "http://127.0.0.1:9000/realm".to_owned(),
            allow_claim: "groups".to_owned(),
            allow: vec![allow("Waymark officers", Some("CID"))],
            ..sound()
        };
        assert_eq!(here.problems(), Vec::<String>::new());
    }
}
