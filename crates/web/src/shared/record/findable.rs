//! Making those findable who were kept before people could be found, or by other terms than now.

use report::matching;
use store::{AppendError, StoreError, StreamId};

use super::keep::{findable, load_aside};
use crate::shared::app::App;
use crate::shared::page::Problem;

/// Where it is kept how far the people of earlier versions were gone through.
const INDEXED: &str = "people-findable";
/// Reports gone through before it is noted how far.
const AT_ONCE: u32 = 100;
/// How often a report is read anew because somebody wrote to it meanwhile.
const TRIES: u32 = 5;

/// True when everybody who is kept can be found: also those from before people could be.
///
/// # Errors
/// What the store says.
pub async fn all_findable(app: &App) -> Result<bool, Problem> {
    let done = app.store.setting(INDEXED).await?;
    Ok(done.is_some_and(|done| done == whole()))
}

/// The setting that says so, and its value.
pub(super) fn everybody_is() -> (&'static str, String) {
    (INDEXED, whole())
}

fn whole() -> String {
    format!("{} all", matching::FORM)
}

/// Goes through everybody who was kept by a version that found people by other terms, or not at all. Begins
/// where it was left; what is done twice is the same. Tells how many reports it went through.
///
/// # Errors
/// What the store says.
pub async fn make_findable(app: &App) -> Result<u64, Problem> {
    let far = app.store.setting(INDEXED).await?.unwrap_or_default();
    if far == whole() {
        return Ok(0);
    }
    let form = format!("{} after ", matching::FORM);
    let mut after: Option<StreamId> = far.strip_prefix(&form).and_then(|at| at.parse().ok());
    let mut count = 0;
    loop {
        let heads = app.store.all_streams(after.as_ref(), AT_ONCE).await?;
        let Some(last) = heads.last() else {
            break;
        };
        after = Some(last.stream.clone());
        let far = format!("{form}{}", last.stream);
        for head in &heads {
            anew(app, &head.stream).await?;
            count += 1;
        }
        app.store.set_setting(INDEXED, &far).await?;
    }
    app.store.set_setting(INDEXED, &whole()).await?;
    Ok(count)
}

async fn anew(app: &App, stream: &StreamId) -> Result<(), Problem> {
    for _ in 0..TRIES {
        let opened = match load_aside(app, stream).await {
            Ok(opened) => opened,
            Err(Problem::NotFound) => return Ok(()),
            Err(problem) => return Err(problem),
        };
        let append = store::Append {
            stream: stream.clone(),
            expected_version: opened.version,
            events: Vec::new(),
            projection: None,
            findable: findable(matching::everybody(&opened.report))?,
        };
        match app.store.append(append, None).await {
            // Whoever wrote meanwhile made those findable whom they changed, and nobody else.
            Err(AppendError::Conflict { .. }) => {}
            Err(AppendError::Store(StoreError::NotFound { .. })) | Ok(_) => return Ok(()),
            Err(why) => return Err(why.into()),
        }
    }
    Err(Problem::internal(format_args!("{stream} is written to without a pause")))
}
