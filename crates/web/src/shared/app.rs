//! What every handler may use.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use guidance::Pack;
use jiff::Timestamp;
use store::Store;

use super::access;
use super::examples::Examples;
use super::force::Provider;
use super::page::Problem;
use super::passkey::Passkeys;
use super::password::Passwords;
use super::purpose::Purposes;
use super::record::Recent;
use super::requests::Requests;
use super::stolen::Stolen;
use crate::Config;
use crate::shared::connections::Connections;

/// Tells the time. An argument, so that tests can move it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The one value that every handler shares. Cheap to clone: each layer around a page has one of its own for each request.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What every handler shares.
#[derive(Clone)]
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The guidance in force.
    pub pack: Arc<Pack>,
    /// Worked examples of it.
    pub examples: Examples,
    /// The settings.
    pub config: Arc<Config>,
    /// Tells the time.
    pub clock: Clock,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Passwords that nobody may choose, because they were stolen elsewhere.
    pub stolen: Stolen,
    /// Asks for and checks passkeys, where the address allows them.
    pub passkeys: Option<Arc<Passkeys>>,
    /// The force's own sign-in, where one is set.
    pub force: Option<Arc<Provider>>,
    /// Why each session opened which report.
    pub purposes: Purposes,
    /// The reports that were opened last.
    pub recent: Recent,
    /// How often accounts and addresses ask.
    pub requests: Requests,
    /// How many connections there are, and how long each may take.
    pub connections: Connections,
}

impl App {
    /// Everything a server needs, with the system's clock.
    ///
    /// # Errors
    /// When the operating system has no randomness to give, a setting cannot be used, or the policies are not sound.
    pub fn new(store: Arc<dyn Store>, pack: Arc<Pack>, config: Config) -> Result<Self, Problem> {
        access::in_force()?;
        let passwords = Passwords::new(config.sign_in.concurrent_checks)?;
        let stolen = Stolen::new(&config.stolen_passwords);
        let passkeys = Passkeys::new(&config)?.map(Arc::new);
        let force = Provider::new(&config)?.map(Arc::new);
        let connections = Connections::new(config.behind_proxy);
        Ok(Self(Arc::new(Parts {
            store,
            pack,
            examples: Examples::default(),
            config: Arc::new(config),
            clock: Arc::new(Timestamp::now),
            passwords,
            stolen,
            passkeys,
            force,
            purposes: Purposes::default(),
            recent: Recent::default(),
            requests: Requests::default(),
            connections,
        })))
    }

    /// The same, with something else in it.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// With the worked examples that lie beside the guidance: name and text of each.
    #[must_use]
    pub fn with_examples(self, texts: Vec<(String, String)>) -> Self {
        self.with(|parts| parts.examples = Examples::new(texts))
    }

    /// With another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        self.with(|parts| parts.clock = clock)
    }

    /// Whether a password lets anybody in here.
    pub fn takes_passwords(&self) -> bool {
        self.config.sign_in.passwords
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("config", &self.config).finish_non_exhaustive()
    }
}
