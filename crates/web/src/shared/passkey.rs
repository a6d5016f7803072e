//! Passkeys: what is asked of an authenticator, and whether its answer is good.
//!
//! The checking is the library's. Here is what it does not know: where an unfinished ceremony is kept, whose
//! key it was, and that a key which may have been copied is refused.

use serde_json::Value;
use store::{Passkey as Kept, StoreError, UserId};
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::app::App;
use super::page::Problem;
use super::pending::Pending;
use super::visit::{Means, Visit};
use super::{secret, sign_ins};
use crate::Config;

/// Bytes of an answer. Real ones have a few hundred to a few thousand.
const LONGEST_ANSWER: usize = 16 * 1024;

/// The checks, and the ceremonies under way.
#[derive(Debug)]
pub struct Passkeys {
    site: Webauthn,
    adding: Pending<PasskeyRegistration>,
    signing: Pending<DiscoverableAuthentication>,
}

/// A challenge for a page: under which name it is kept, and what the browser hands to the authenticator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Goes out with the page and comes back with the answer.
    pub name: String,
    /// JSON, as the standard writes it.
    pub options: String,
}

/// Why an answer was not accepted.
#[derive(Debug)]
pub enum Refused {
    /// The challenge was never given to this browser, was used already, or is too old.
    Challenge,
    /// Nobody here has this passkey.
    Unknown,
    /// Its counter went back: there may be a second one like it. Whose it is.
    Copied(UserId),
    /// Anything else. The words are for the log.
    Wrong(String),
}

impl Refused {
    /// What was wrong and what to do, for whoever holds the passkey.
    pub const fn says(&self) -> &'static str {
        match self {
            Self::Challenge => "That took longer than 5 minutes, or was sent twice. Use your passkey again",
            Self::Unknown => {
                "Waymark does not know this passkey. It may have been removed. Use another one, or another way in"
            }
            Self::Copied(_) => {
                "This passkey may have been copied, so it was not accepted. Get in another way, remove the passkey, and tell a supervisor"
            }
            Self::Wrong(_) => "The passkey was not accepted. Try again, or use another way in",
        }
    }
}

/// An answer that was good.
#[derive(Debug)]
pub struct Proved {
    /// Whose passkey it was.
    pub user: UserId,
}

impl Passkeys {
    /// The checks for this site; none where its address has no name: browsers tie passkeys to names.
    ///
    /// # Errors
    /// When the address of the site cannot be used, which the settings refuse before.
    pub fn new(config: &Config) -> Result<Option<Self>, Problem> {
        let origin: Url = config.public_url.parse().map_err(Problem::internal)?;
        let host = origin.host_str().unwrap_or_default().to_owned();
        if !config.has_name() {
            return Ok(None);
        }
        let site = WebauthnBuilder::new(&host, &origin)
            .and_then(|builder| builder.rp_name("Waymark").build())
            .map_err(Problem::internal)?;
        Ok(Some(Self { site, adding: Pending::default(), signing: Pending::default() }))
    }

    /// Asks for a new passkey of a user, who has some already.
    ///
    /// # Errors
    /// When randomness is missing or what is kept of one cannot be read.
    pub fn begin_adding(
        &self,
        app: &App,
        visit: &Visit,
        user: &store::User,
        had: &[Kept],
    ) -> Result<Challenge, Problem> {
        let had: Vec<Passkey> = had.iter().map(read).collect::<Result<_, _>>()?;
        let known = had.iter().map(|key| key.cred_id().clone()).collect();
        let (options, state) = self
            .site
            .start_passkey_registration(handle(&user.id), &user.sign_in_name, &user.name, Some(known))
            .map_err(Problem::internal)?;
        let name = secret::token()?;
        self.adding.put(&visit.form_key, &name, app.now(), state);
        let options = for_new(&options)?;
        Ok(Challenge { name, options })
    }

    /// The new passkey, ready to be kept: id and checks.
    pub fn finish_adding(
        &self,
        app: &App,
        visit: &Visit,
        name: &str,
        answer: &str,
    ) -> Result<(Vec<u8>, String), Refused> {
        let begun = self.adding.take(&visit.form_key, name, app.now());
        let state = begun.ok_or(Refused::Challenge)?;
        let answer: RegisterPublicKeyCredential = parse(answer)?;
        let key = self.site.finish_passkey_registration(&answer, &state).map_err(wrong)?;
        let checks = serde_json::to_string(&key).map_err(wrong)?;
        Ok((key.cred_id().to_vec(), checks))
    }

    /// Asks for any passkey of this site.
    ///
    /// # Errors
    /// When randomness is missing.
    pub fn begin_signing(&self, app: &App, visit: &Visit) -> Result<Challenge, Problem> {
        let (options, state) = self.site.start_discoverable_authentication().map_err(Problem::internal)?;
        let name = secret::token()?;
        self.signing.put(&visit.form_key, &name, app.now(), state);
        let options = for_any(&options)?;
        Ok(Challenge { name, options })
    }

    /// Whose passkey an answer says it is of, right or not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn whose(&self, app: &App, answer: &str) -> Result<Option<UserId>, Problem> {
        let Ok(answer) = parse::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let Ok((_, credential)) = self.site.identify_discoverable_authentication(&answer) else {
            return Ok(None);
        };
        let kept = app.store.passkey(credential).await?;
        Ok(kept.map(|kept| kept.user))
    }

    /// Whose passkey answered; its counter is kept before anybody is let in.
    ///
    /// # Errors
    /// [`Problem`] when the store fails; [`Refused`] inside for an answer that is not good.
    pub async fn finish_signing(
        &self,
        app: &App,
        visit: &Visit,
        name: &str,
        answer: &str,
    ) -> Result<Result<Proved, Refused>, Problem> {
        let Some(state) = self.signing.take(&visit.form_key, name, app.now()) else {
            return Ok(Err(Refused::Challenge));
        };
        let answer: PublicKeyCredential = match parse(answer) {
            Ok(answer) => answer,
            Err(refused) => return Ok(Err(refused)),
        };
        let (whose, credential) = match self.site.identify_discoverable_authentication(&answer) {
            Ok(named) => named,
            Err(why) => return Ok(Err(wrong(why))),
        };
        let Some(kept) = app.store.passkey(credential).await? else {
            return Ok(Err(Refused::Unknown));
        };
        if handle(&kept.user) != whose {
            return Ok(Err(Refused::Wrong("the passkey is of somebody else than it says".to_owned())));
        }
        let mut key = read(&kept)?;
        let checked = self.site.finish_discoverable_authentication_v2(&answer, state, &key);
        let result = match checked {
            Ok(result) if result.user_verified() => result,
            Ok(_) => return Ok(Err(wrong(WebauthnError::UserNotVerified))),
            Err(WebauthnError::CredentialPossibleCompromise) => {
                return Ok(Err(Refused::Copied(kept.user)));
            }
            Err(why) => return Ok(Err(wrong(why))),
        };
        key.update_credential(&result);
        let checks = serde_json::to_string(&key).map_err(Problem::internal)?;
        // Two answers at the same moment with the same counter: the second is as good as a copy.
        let used = app.store.use_passkey(&kept.credential, &kept.checks, &checks, app.now()).await;
        if matches!(used, Err(StoreError::ChangedOutside { .. })) {
            sign_ins::failed(app, Some(&kept.user), Means::Passkey, visit.signed.is_some()).await?;
        }
        Ok(if used? { Ok(Proved { user: kept.user }) } else { Err(Refused::Copied(kept.user)) })
    }
}

fn read(kept: &Kept) -> Result<Passkey, Problem> {
    serde_json::from_str(&kept.checks).map_err(Problem::internal)
}

/// Authenticators know somebody by this and not by their id, which stands in the record.
fn handle(user: &UserId) -> Uuid {
    let digest = secret::digest(&format!("passkeys of {user}"));
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    Uuid::from_bytes(bytes)
}

/// The passkey has to be one that names its owner by itself: nobody types a name when signing in with it.
fn for_new(options: &CreationChallengeResponse) -> Result<String, Problem> {
    let mut json = serde_json::to_value(options).map_err(Problem::internal)?;
    let chosen = json.get_mut("publicKey").and_then(|key| key.get_mut("authenticatorSelection"));
    if let Some(Value::Object(chosen)) = chosen {
        chosen.insert("residentKey".to_owned(), "required".into());
        chosen.insert("requireResidentKey".to_owned(), true.into());
    }
    Ok(json.to_string())
}

/// Asked by a button, not by filling in a field: without the library's wish for the latter.
fn for_any(options: &RequestChallengeResponse) -> Result<String, Problem> {
    let mut json = serde_json::to_value(options).map_err(Problem::internal)?;
    if let Value::Object(all) = &mut json {
        all.remove("mediation");
    }
    Ok(json.to_string())
}

fn parse<T: serde::de::DeserializeOwned>(answer: &str) -> Result<T, Refused> {
    if answer.len() > LONGEST_ANSWER {
        return Err(Refused::Wrong("the answer is too long".to_owned()));
    }
    serde_json::from_str(answer).map_err(wrong)
}

fn wrong(why: impl std::fmt::Display) -> Refused {
    Refused::Wrong(why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_the_address_has_a_name() {
        for (url, there) in [
            ("https://waymark.example.police.uk", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1:8080", false),
            ("http://[::1]:8080", false),
        ] {
            let config = Config { public_url: url.to_owned(), ..Config::default() };
            assert_eq!(Passkeys::new(&config).unwrap().is_some(), there, "{url}");
        }
    }

    #[test]
    fn a_handle_is_the_same_for_one_person_and_does_not_say_who() {
        let id = |text: &str| UserId::new(text).unwrap();
        assert_eq!(handle(&id("U1")), handle(&id("U1")));
        assert_ne!(handle(&id("U1")), handle(&id("U2")));
    }
}
