//! `waymark demo`: a force that does not exist, ready to look around in.

use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use store::{Store, UserId};
use tokio::net::TcpListener;
use web::{App, Purpose};

use crate::cli;
use crate::demo::{self, Demo};
use crate::settings::{DATABASE, KEYS, Log};
use crate::signing::Signing;
use crate::stop::{Done, Stop};
use crate::{pack, server};

/// Where it listens unless somebody says otherwise; the next free port after it is taken.
const PORT: u16 = 8080;
/// Ports tried before the system is asked for any.
const TRIED: u16 = 10;
/// The setting that tells a demonstration from a force's own database.
const MARK: &str = "demonstration";

/// Builds the demonstration, or starts one that was built before, and serves it.
///
/// # Errors
/// A folder that holds something else, an address that is in use, a fault.
pub fn run(options: &cli::Demo) -> Done {
    let begun = Instant::now();
    server::log(Log::Warn);
    let demo = Demo::read()?;
    let texts = pack::Texts::of(None)?;
    let pack = Arc::new(texts.load()?);
    let folder = Folder::new(options.dir.as_deref())?;
    if folder.path().exists() && !folder.path().is_dir() {
        return Err(Stop::input(format!(
            "{}: this is a file; name a folder for the demonstration",
            folder.path().display()
        )));
    }
    let path = folder.path().join(DATABASE);
    let is_new = !path.exists();
    let store = server::open(&path, &store::Keys::at(folder.path().join(KEYS)))?;
    server::runtime()?.block_on(async {
        let asked = server::Asked::listen()?;
        let (listeners, port) = listen(options.port).await?;
        let config = web::Config {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            // By its name: browsers tie passkeys to names.
            public_url: format!("http://localhost:{port}"),
            force_name: demo.force_name.clone(),
            data_protection_contact: "Data protection team (made up), 01632 960000".to_owned(),
            demonstration: true,
            // Nobody here has a password to come back with, and the links work once.
            session: web::config::SessionLimits { idle_minutes: 60, ..web::Config::default().session },
            ..web::Config::default()
        };
        prepare(&demo, &store, &pack, &config, is_new, &path).await?;
        let app =
            App::new(store, pack, config).map_err(|problem| server::failed(&problem))?.with_examples(texts.examples);
        let told = told(&app, &demo, &folder, begun).await?;
        let mut out = io::stdout();
        out.write_all(told.as_bytes())?;
        out.flush()?;
        server::serve(app, listeners, asked, Signing::default()).await
    })
}

/// Builds it in a new database; in an old one only makes sure that it is a demonstration.
async fn prepare(
    demo: &Demo,
    store: &Arc<dyn Store>,
    pack: &Arc<guidance::Pack>,
    config: &web::Config,
    is_new: bool,
    path: &Path,
) -> Done {
    let fault = |error: store::StoreError| Stop::failed(format!("{error}; {}", error.help()));
    match store.setting(MARK).await.map_err(fault)?.as_deref() {
        Some("ready") => Ok(()),
        None if is_new => {
            store.set_setting(MARK, "begun").await.map_err(fault)?;
            demo::build(demo, Arc::clone(store), Arc::clone(pack), config.clone()).await?;
            store.set_setting(MARK, "ready").await.map_err(fault)
        }
        Some(_) => Err(Stop::input(format!(
            "{}: a demonstration was begun here and not finished; remove the folder or name another",
            path.display()
        ))),
        None => Err(Stop::input(format!(
            "{}: this is no demonstration, and nothing was changed in it; name another folder",
            path.display()
        ))),
    }
}

/// Listens wherever `localhost` may lead on this machine, on one port.
async fn listen(port: Option<u16>) -> Result<(Vec<TcpListener>, u16), Stop> {
    if let Some(port) = port.filter(|port| *port != 0) {
        return at(port).await;
    }
    let first = PORT..PORT + TRIED;
    // The system gives a port that is free on the one address; it may not be on the other, then the next is tried.
    let any = std::iter::repeat_n(0, usize::from(TRIED));
    let tried = first.filter(|_| port.is_none()).chain(any);
    for port in tried {
        if let Ok(listening) = at(port).await {
            return Ok(listening);
        }
    }
    at(0).await
}

async fn at(port: u16) -> Result<(Vec<TcpListener>, u16), Stop> {
    let on = |ip: IpAddr, port| server::listen(SocketAddr::from((ip, port)));
    let first = on(Ipv4Addr::LOCALHOST.into(), port).await?;
    let address = first.local_addr().map_err(|error| Stop::failed(error.to_string()))?;
    let port = address.port();
    let mut listeners = vec![first];
    // Some machines have no second one. Where there is one, nobody else may answer on it in our name.
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_ok() {
        listeners.push(on(Ipv6Addr::LOCALHOST.into(), port).await?);
    }
    Ok((listeners, port))
}

/// What is printed: the address, and a link to sign in as each user.
async fn told(app: &App, demo: &Demo, folder: &Folder, begun: Instant) -> Result<String, Stop> {
    let wide = demo.user.iter().map(|user| user.name.chars().count()).max().unwrap_or_default();
    let mut text = format!("Waymark, with a force and reports that are made up, is at {}\n", app.config.public_url);
    text.push_str("\nSign in as one of them. Each link works once, for this computer only:\n\n");
    for user in &demo.user {
        let id = UserId::new(user.id.as_str()).map_err(|error| Stop::failed(error.to_string()))?;
        let link =
            web::offer(app, Purpose::SignIn, Some(&id), None).await.map_err(|problem| server::failed(&problem))?;
        text.push_str(&format!("  {:wide$}  {link}\n", user.name));
    }
    let path = folder.path().display();
    match folder {
        Folder::Kept(_) => {
            text.push_str(&format!("\nKept in {path}. Start it again for new links: waymark demo --dir {path}\n"))
        }
        Folder::Fresh(_) => text.push_str(&format!(
            "\nIn {path}, which is removed when you stop it. To keep it, name a folder: waymark demo --dir DIR\n"
        )),
    }
    text.push_str(&format!(
        "Ready after {:.1} seconds. To stop it, press Ctrl and C.\n",
        begun.elapsed().as_secs_f64()
    ));
    Ok(text)
}

/// Where the demonstration is kept.
enum Folder {
    /// Until it is stopped.
    Fresh(tempfile::TempDir),
    /// For as long as somebody likes.
    Kept(PathBuf),
}

impl Folder {
    fn new(named: Option<&Path>) -> Result<Self, Stop> {
        match named {
            Some(folder) => Ok(Self::Kept(folder.to_owned())),
            None => fresh().map(Self::Fresh).map_err(|error| {
                Stop::failed(format!("no temporary folder can be made: {error}; name one with --dir DIR"))
            }),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Fresh(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

/// A folder that only this user can enter, as every database of reports wants it.
fn fresh() -> io::Result<tempfile::TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("waymark-demo-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir()
}
