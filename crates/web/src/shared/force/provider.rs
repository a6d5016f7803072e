//! The provider: what it publishes about itself, where people are sent, and what they bring back.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreResponseType, CoreTokenResponse,
};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LogoutRequest, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use serde_json::Value;
use tokio::sync::{Mutex, Semaphore};

use super::http;
use super::trouble::Trouble;
use crate::Oidc;
use crate::shared::app::App;
use crate::shared::page::Problem;
use crate::shared::pending::Pending;
use crate::shared::visit::Visit;
use crate::{Config, routes};

/// How far the provider's clock and ours may be apart.
const SKEW: SignedDuration = SignedDuration::from_secs(60);
/// The oldest token that is taken, beside what it says itself: it was made for this very sign-in.
const OLDEST_TOKEN: SignedDuration = SignedDuration::from_mins(10);
/// How long what the provider publishes is believed without looking again.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);
/// How soon it is looked at again when a key is not known: keys change, and anybody can send a wrong one.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);
/// Requests to the provider at once: a slow one must not take every thread that may wait.
const AT_ONCE: usize = 8;
/// Signatures by a key pair. Never by a shared secret, never none.
const SIGNATURES: [CoreJwsSigningAlgorithm; 4] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Somebody on their way to the provider and back.
#[derive(Debug)]
pub struct Started {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
    at: Timestamp,
    /// Where they go afterwards.
    pub next: String,
    /// True when they are signed in and confirm that it is still them.
    pub confirms: bool,
}

/// What the provider says of somebody, verified.
#[derive(Debug)]
pub struct Told {
    /// The provider's own id of the person, never given to anybody else.
    pub subject: String,
    /// Every claim.
    pub claims: Value,
}

#[derive(Debug)]
struct Known {
    published: ProviderMetadataWithLogout,
    at: Timestamp,
}

/// The force's own sign-in.
#[derive(Debug)]
pub struct Provider {
    settings: Oidc,
    issuer: IssuerUrl,
    secret: Option<ClientSecret>,
    back: RedirectUrl,
    after: PostLogoutRedirectUrl,
    agent: ureq::Agent,
    known: Mutex<Option<Arc<Known>>>,
    turns: Semaphore,
    begun: Pending<Started>,
}

impl Provider {
    /// From the settings; none where no provider is set. Asks nobody anything yet.
    ///
    /// # Errors
    /// Settings that cannot be used, in words.
    pub fn new(config: &Config) -> Result<Option<Self>, Problem> {
        let settings = config.oidc.clone();
        if !settings.used() {
            return Ok(None);
        }
        let secret = settings.secret().map_err(Problem::internal)?;
        let here = |path: &str| format!("{}{path}", config.public_url);
        Ok(Some(Self {
            issuer: IssuerUrl::new(settings.issuer.clone()).map_err(Problem::internal)?,
            secret: secret.map(ClientSecret::new),
            back: RedirectUrl::new(here(routes::FORCE_BACK)).map_err(Problem::internal)?,
            after: PostLogoutRedirectUrl::new(here(routes::SIGN_IN)).map_err(Problem::internal)?,
            agent: http::agent(settings.issuer.starts_with("https://")),
            known: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
            begun: Pending::default(),
            settings,
        }))
    }

    /// What people call it.
    pub fn label(&self) -> &str {
        &self.settings.label
    }

    /// Its address, under which people are known by it.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The settings.
    pub const fn settings(&self) -> &Oidc {
        &self.settings
    }

    /// Where somebody is sent to sign in, or to confirm that it is still them.
    pub async fn begin(&self, app: &App, visit: &Visit, next: &str) -> Result<String, Trouble> {
        let known = self.known(app.now(), KNOWN_FOR).await?;
        let confirms = visit.signed.is_some();
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(&known);
        let mut request = client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge);
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if confirms {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        let (url, state, nonce) = request.url();
        let started = Started { nonce, verifier, at: app.now(), next: next.to_owned(), confirms };
        self.begun.put(&visit.token, state.secret(), app.now(), started);
        Ok(url.to_string())
    }

    /// What was begun in this browser under this state; once, and in time.
    pub fn started(&self, app: &App, visit: &Visit, state: &str) -> Option<Started> {
        self.begun.take(&visit.token, state, app.now())
    }

    /// Trades the code that somebody brought back for what the provider says of them.
    pub async fn ask(self: &Arc<Self>, app: &App, started: Started, code: String) -> Result<Told, Trouble> {
        let known = self.known(app.now(), KNOWN_FOR).await?;
        let Started { nonce, verifier, at, confirms, .. } = started;
        let turn = self.turns.acquire().await;
        let asked = (Arc::clone(self), Arc::clone(&known));
        let answer: CoreTokenResponse = tokio::task::spawn_blocking(move || {
            let (provider, known) = asked;
            let client = provider.client(&known);
            let request = client.exchange_code(AuthorizationCode::new(code)).map_err(unreachable)?;
            request.set_pkce_verifier(verifier).request(&|request| http::send(&provider.agent, request)).map_err(
                |why| match why {
                    RequestTokenError::ServerResponse(said) => Trouble::Denied(said.to_string()),
                    RequestTokenError::Request(why) => unreachable(why),
                    why => Trouble::NotBelieved(why.to_string()),
                },
            )
        })
        .await
        .map_err(unreachable)??;
        drop(turn);
        let token = answer.id_token().ok_or_else(|| Trouble::NotBelieved("no id token came".to_owned()))?;
        let since = confirms.then_some(at);
        match self.verify(app, &known, token, &nonce, since) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let newer = self.known(app.now(), LOOK_AGAIN).await?;
                self.verify(app, &newer, token, &nonce, since)
            }
            verified => verified,
        }
        .map_err(|why| Trouble::NotBelieved(format!("{why}: {why:?}")))
    }

    /// Signature, issuer, audience, times, nonce.
    fn verify(
        &self,
        app: &App,
        known: &Known,
        token: &CoreIdToken,
        nonce: &Nonce,
        signed_in_since: Option<Timestamp>,
    ) -> Result<Told, ClaimsVerificationError> {
        let now = app.now();
        let seconds = u64::try_from((now - SKEW).as_second()).unwrap_or_default();
        let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        let client = self.client(known);
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(move || then.into())
            .set_issue_time_verifier_fn(move |made| {
                let age = now.as_second() - made.timestamp();
                if age < -SKEW.as_secs() {
                    Err("it is from the future".to_owned())
                } else if age > OLDEST_TOKEN.as_secs() {
                    Err("it was made too long ago".to_owned())
                } else {
                    Ok(())
                }
            })
            .set_auth_time_verifier_fn(move |signed_in| {
                let Some(since) = signed_in_since else {
                    return Ok(());
                };
                // Whole seconds, and two clocks.
                let least = since.as_second() - SKEW.as_secs();
                match signed_in {
                    Some(at) if at.timestamp() >= least => Ok(()),
                    Some(_) => Err("they did not sign in again".to_owned()),
                    None => Err("it does not say when they signed in".to_owned()),
                }
            });
        let claims = token.claims(&verifier, nonce)?;
        Ok(Told { subject: claims.subject().to_string(), claims: payload(token) })
    }

    /// Where somebody can sign out at the provider as well, as far as that is known without asking it.
    pub async fn sign_out(&self) -> Option<String> {
        let known = self.known.lock().await.clone()?;
        let end = known.published.additional_metadata().end_session_endpoint.clone()?;
        let request = LogoutRequest::from(end)
            .set_client_id(ClientId::new(self.settings.client_id.clone()))
            .set_post_logout_redirect_uri(self.after.clone());
        Some(request.http_get_url().to_string())
    }

    fn client(&self, known: &Known) -> Client {
        let id = ClientId::new(self.settings.client_id.clone());
        CoreClient::from_provider_metadata(known.published.clone(), id, self.secret.clone())
            .set_redirect_uri(self.back.clone())
    }

    /// What the provider publishes, no older than this. One looks, the others wait for what it finds.
    async fn known(&self, now: Timestamp, oldest: SignedDuration) -> Result<Arc<Known>, Trouble> {
        let mut known = self.known.lock().await;
        if let Some(had) = known.as_ref().filter(|had| now.duration_since(had.at) < oldest) {
            return Ok(Arc::clone(had));
        }
        let (issuer, agent) = (self.issuer.clone(), self.agent.clone());
        let published = tokio::task::spawn_blocking(move || {
            ProviderMetadataWithLogout::discover(&issuer, &|request| http::send(&agent, request))
        })
        .await
        .map_err(unreachable)?
        .map_err(|why| Trouble::Unreachable(format!("{why}: {why:?}")))?;
        let found = Arc::new(Known { published, at: now });
        *known = Some(Arc::clone(&found));
        Ok(found)
    }
}

fn unreachable(why: impl std::fmt::Display) -> Trouble {
    Trouble::Unreachable(why.to_string())
}

/// Every claim of a token whose signature was checked before.
fn payload(token: &CoreIdToken) -> Value {
    let text = token.to_string();
    let bytes = text.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}
