//! `waymark serve`: the pages, for real use.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use web::App;

use super::audit::{self, Place};
use crate::settings::Settings;
use crate::stop::{Done, Stop};
use crate::{pack, server};

/// Serves what the settings file says.
///
/// # Errors
/// Wrong settings, a database or an address that cannot be used.
pub fn run(config: &Path) -> Done {
    let settings = Settings::read(config)?;
    let guidance = settings.pack().map(Path::to_owned);
    let texts = pack::Texts::of(guidance.as_deref())?;
    let pack = texts.load()?;
    server::log(settings.log);
    let keys = settings.keys()?;
    let is_new = !keys.ring().exists();
    if !is_new && !settings.database.exists() {
        // A wrong path, or a disk that is not there, would look like a system that works and is empty.
        return Err(Stop::failed(format!(
            "there are keys in {}, but no database at {}. Check both paths in the settings, and that the disk is there. To begin \
             anew with an empty database, give it a folder of keys of its own",
            keys.ring().display(),
            settings.database.display()
        )));
    }
    let store = server::open(&settings.database, &keys)?;
    if is_new {
        // To standard output and not to the log: whoever has three of them has the keys.
        super::keys::print_shares(&keys)?;
    }
    server::runtime()?.block_on(async {
        let asked = server::Asked::listen()?;
        let address = settings.web.address;
        let url = settings.web.public_url.clone();
        let app = App::new(store, Arc::new(pack), settings.web)
            .map_err(|problem| server::failed(&problem))?
            .with_examples(texts.examples);
        let listener = server::listen(address).await?;
        tracing::info!(%address, url, guidance = app.pack.reference().digest, "serving");
        if let Some(link) = web::first_start(&app).await.map_err(|problem| server::failed(&problem))? {
            // To standard output and not to the log: whoever has the link makes the first account.
            print_link("There is no account yet. Make the first one, a supervisor's, with this link.", &link)?;
        }
        if let Some((name, link)) = web::way_back(&app).await.map_err(|problem| server::failed(&problem))? {
            let says = format!(
                "No passwords are taken, and no supervisor has another way in. With this link {name} adds a passkey."
            );
            print_link(&says, &link)?;
        }
        let place = Place { database: settings.database.clone(), keys: keys.clone(), guidance };
        let every = settings.signing.at_least_every();
        let offering = tokio::spawn(audit::offering(app.clone(), place.clone(), every));
        let checking = tokio::spawn(audit::check_daily(place.clone()));
        let served = server::serve(app.clone(), vec![listener], asked, settings.signing).await;
        offering.abort();
        checking.abort();
        // The log was signed for the last time just now.
        audit::offer_at_the_end(&app, place).await;
        served
    })
}

/// A server that nobody can get into is no server that runs.
fn print_link(says: &str, link: &str) -> Done {
    let mut out = io::stdout().lock();
    writeln!(out, "{says} It works once:\n\n  {link}\n").and_then(|()| out.flush()).map_err(|error| {
        Stop::failed(format!("the link could not be printed: {error}; start this where its standard output is read"))
    })
}
