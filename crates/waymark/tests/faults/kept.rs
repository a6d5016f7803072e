//! What is really in a folder, compared with what officers were told.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use store::{Keys, Record as _, SqliteStore, limits};

use crate::officer::Step;

/// A report as it was found.
#[derive(Debug, Default)]
pub struct Found {
    /// When each of its events was entered: those of one step share the moment.
    entered: Vec<Timestamp>,
    /// The marks that officers made in it, and how often each is there.
    marks: BTreeMap<String, usize>,
}

impl Found {
    /// How often a mark is there.
    pub fn times(&self, mark: &str) -> usize {
        self.marks.get(mark).copied().unwrap_or_default()
    }

    /// The same, cut off within a step of several events: a control.
    pub fn by_half(&self) -> Option<Self> {
        let within = self.entered.windows(2).position(|two| two[0] == two[1])?;
        Some(Self { entered: self.entered[..=within].to_vec(), marks: self.marks.clone() })
    }
}

/// Everything that was found, by the reference of the report.
pub type Record = BTreeMap<String, Found>;

/// Opens the folder as the server would after a restart, checks that it holds together, and reads all of it.
pub fn look(dir: &Path) -> Result<Record, String> {
    look_with(dir, &dir.join("keys"))
}

/// The same, with its keys elsewhere.
pub fn look_with(dir: &Path, keys: &Path) -> Result<Record, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(dir.join("waymark.db"), &Keys::at(keys)).map_err(|error| error.to_string())?;
        read(&store).await
    })
}

async fn read(store: &SqliteStore) -> Result<Record, String> {
    let failed = |error: store::StoreError| error.to_string();
    store.verify().await.map_err(failed)?;
    let mut record = Record::new();
    let mut after = None;
    loop {
        let heads = store.all_streams(after.as_ref(), limits::PAGE).await.map_err(failed)?;
        for head in &heads {
            let events = store.load(&head.stream, 0).await.map_err(failed)?;
            let Some(row) = store.projection(&head.stream).await.map_err(failed)? else {
                return Err(format!("{} has events and no worklist row", head.stream));
            };
            let entered: Vec<Timestamp> = events.iter().map(|event| event.recorded_at).collect();
            if entered.last() != Some(&row.updated_at) {
                return Err(format!("{}: worklist row and events are not of one step", row.reference));
            }
            let mut marks = BTreeMap::new();
            for mark in events.iter().flat_map(|event| self::marks(&event.body)) {
                *marks.entry(mark).or_default() += 1;
            }
            record.insert(row.reference, Found { entered, marks });
        }
        match heads.last() {
            Some(last) => after = Some(last.stream.clone()),
            None => return Ok(record),
        }
    }
}

/// The marks in an event: `F-name-number.`
fn marks(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(body);
    let ends = |mark: &str| mark.find('.').map(|end| format!("F-{}", &mark[..=end]));
    text.split("\"F-").skip(1).filter_map(ends).collect()
}

/// Every step that was said to be kept and is not there.
pub fn lost<'a>(told: impl IntoIterator<Item = &'a Step>, record: &Record) -> Vec<String> {
    let gone = |step: &&Step| {
        !record
            .get(&step.report)
            .is_some_and(|found| step.text.as_ref().is_none_or(|text| found.marks.contains_key(text)))
    };
    told.into_iter().filter(gone).map(|step| format!("{} {:?}", step.report, step.text)).collect()
}

/// Every report that ends in the middle of a step, by what became of it where nothing failed.
pub fn halves(record: &Record, whole: &Record) -> Vec<String> {
    let half = |(reference, found): &(&String, &Found)| {
        let all = &whole.get(*reference).expect("it was there at the end").entered;
        let at = found.entered.len();
        all.get(at).is_some_and(|next| all.get(at - 1) == Some(next))
    };
    record.iter().filter(half).map(|(reference, _)| reference.clone()).collect()
}
