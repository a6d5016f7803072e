//! Running the pages: what `serve` and `demo` share.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::{Keys, OpenError, SqliteStore, Store};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tracing_subscriber::filter::LevelFilter;
use web::App;
use web::shared::page::Problem;

use crate::settings::Log;
use crate::signing::{self, Signing};
use crate::stop::{Done, Stop};

/// How long pages under way may take once the server was asked to stop.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often sessions and links that have ended are removed.
const TIDY: Duration = Duration::from_secs(60 * 60);
/// How often reports that nobody asks for any more are forgotten.
const FORGET: Duration = Duration::from_secs(30);

/// Begins logging to standard error.
pub fn log(level: Log) {
    let level = match level {
        Log::Off => LevelFilter::OFF,
        Log::Error => LevelFilter::ERROR,
        Log::Warn => LevelFilter::WARN,
        Log::Info => LevelFilter::INFO,
        Log::Debug => LevelFilter::DEBUG,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_target(false)
        // A standard error that nobody reads ends no page, and no server.
        .log_internal_errors(false)
        .with_writer(io::stderr)
        .init();
}

/// What runs everything that waits.
///
/// # Errors
/// When the system gives no threads.
pub fn runtime() -> Result<Runtime, Stop> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::failed(format!("the system gives no threads: {error}")))
}

/// Opens the database for writing.
///
/// # Errors
/// What was wrong and what to do.
pub fn open(path: &Path, keys: &Keys) -> Result<Arc<dyn Store>, Stop> {
    Ok(Arc::new(SqliteStore::open(path, keys).map_err(|error| cannot_open(&error))?))
}

/// Why a database cannot be opened, and what to do.
pub fn cannot_open(error: &OpenError) -> Stop {
    if let OpenError::Keys(error) = error {
        return crate::commands::wrong_keys(error);
    }
    let says = format!("{error}; {}", error.help());
    match error {
        // A path that was mistyped, most often.
        OpenError::Missing { .. } => Stop::input(says),
        _ => Stop::failed(says),
    }
}

/// Listens.
///
/// # Errors
/// When the address is in use or not this machine's.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Stop> {
    TcpListener::bind(address).await.map_err(|error| {
        let help = match error.kind() {
            io::ErrorKind::AddrInUse => "something listens there already; choose another port",
            io::ErrorKind::PermissionDenied => "this user may not listen there; choose a port above 1023",
            io::ErrorKind::AddrNotAvailable => "it is not an address of this machine",
            _ => "choose another address",
        };
        Stop::input(format!("cannot listen on {address}: {error}; {help}"))
    })
}

/// Serves until somebody stops the program, then lets the pages under way finish.
///
/// # Errors
/// When a listener fails.
pub async fn serve(app: App, listeners: Vec<TcpListener>, asked: Asked, signing: Signing) -> Done {
    let tidy = tokio::spawn(tidy(app.clone()));
    let forgets = tokio::spawn(forget(app.clone()));
    let signs = tokio::spawn(signing::checkpoints(app.clone(), signing));
    let finding = tokio::spawn(findable(app.clone()));
    let deriving = tokio::spawn(derive_anew(app.clone()));
    let store = Arc::clone(&app.store);
    let clock = Arc::clone(&app.clock);
    let (stopped, stops) = tokio::sync::watch::channel(false);
    let watching = tokio::spawn(async move {
        asked.wait().await;
        tracing::info!("stopping");
        let _ = stopped.send(true);
    });
    let until = |mut stops: tokio::sync::watch::Receiver<bool>| async move { drop(stops.wait_for(|stop| *stop).await) };
    let too_long = {
        let asked = until(stops.clone());
        async move {
            asked.await;
            tokio::time::sleep(PATIENCE).await;
        }
    };
    let mut serving = JoinSet::new();
    for listener in listeners {
        serving.spawn(web::serve(app.clone(), listener, until(stops.clone())));
    }
    let everywhere = async {
        while let Some(served) = serving.join_next().await {
            served.map_err(io::Error::other)?;
        }
        Ok::<(), io::Error>(())
    };
    // A browser that keeps its connection open must not keep the server from stopping.
    let served = tokio::select! {
        served = everywhere => served,
        () = too_long => Ok(()),
    };
    watching.abort();
    tidy.abort();
    forgets.abort();
    signs.abort();
    finding.abort();
    deriving.abort();
    if let Err(error) = store.checkpoint(clock()).await {
        tracing::error!(%error, "the log could not be signed before stopping");
    }
    served.map_err(|error| Stop::failed(format!("the server stopped: {error}")))
}

/// Somebody asks the program to stop, with Ctrl and C or as services are stopped.
#[derive(Debug)]
pub struct Asked {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Asked {
    /// Listens for it from now on: whoever asks before the pages are served is not overheard.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn listen() -> Result<Self, Stop> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let on = |kind| signal(kind).map_err(|error| Stop::failed(format!("stopping cannot be prepared: {error}")));
            Ok(Self { signals: [on(SignalKind::interrupt())?, on(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    async fn wait(self) {
        #[cfg(unix)]
        {
            let [mut interrupted, mut ended] = self.signals;
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = ended.recv() => {}
            }
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
}

/// Goes through people whom an earlier version kept, so that they are found too. It goes on where it was
/// left, while pages are served.
async fn findable(app: App) {
    match web::shared::record::make_findable(&app).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "people in reports kept before can be found"),
        Err(problem) => tracing::error!(
            ?problem,
            "people in reports kept before could not all be made findable; at the next start it goes on"
        ),
    }
}

/// Rows of worklists as the guidance in force has them. Cut off, the next start goes on with it.
async fn derive_anew(app: App) {
    match web::shared::record::derive_anew(&app).await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "rows of worklists derived again, by the guidance in force"),
        Err(problem) => tracing::error!(%problem, "rows of worklists could not be derived again"),
    }
}

async fn tidy(app: App) {
    loop {
        match app.store.forget_expired(app.now() - web::shared::visit::KEPT_AFTER_END).await {
            Ok(count) => tracing::debug!(count, "removed sessions and links that had ended"),
            Err(error) => {
                tracing::warn!(%error, "sessions and links that have ended could not be removed")
            }
        }
        tokio::time::sleep(TIDY).await;
    }
}

/// Nothing of a report stays in memory because nobody comes any more.
async fn forget(app: App) {
    loop {
        tokio::time::sleep(FORGET).await;
        app.recent.forget_idle(app.now());
    }
}

/// A problem of a page, where there is no page to show it on.
pub fn failed(problem: &Problem) -> Stop {
    match problem {
        Problem::Internal(why) => Stop::failed(why.as_ref()),
        Problem::Conflict(why) | Problem::NotAllowed(why) => Stop::failed(why.as_str()),
        other => Stop::failed(format!("this could not be done: {other}")),
    }
}
