//! Deciding reports again from the encrypted store, as when a new version of a pack comes: the events of each report
//! are read, decrypted and brought together, and the guidance decides on what they say.
//!
//! The reports are those of the demonstration, again and again: they are at every stage, and the disk is not waited for.
//!
//! Bare baseline: bodies of the same size, read from a bare SQLite and decrypted with AES-256-GCM-SIV, and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use aes_gcm_siv::aead::{Aead as _, KeyInit as _};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use guidance::Pack;
use report::{Event, Report};
use rusqlite::Connection;
use store::{Keys, Record as _, SqliteStore, StreamId};
use tokio::runtime::Runtime;

use crate::table::{Goal, Table, time};
use crate::time::middle;
use crate::{Failed, Scale, access, advice};

/// Reports decided in a run.
const REPORTS: usize = 2_000;
/// The row is for this many.
const MILLION: usize = 1_000_000;

/// Measures both in turn over the reports of a demonstration.
pub fn measure(root: &Path, binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let pack = advice::load(&advice::files(root)?)?;
    let folder = tempfile::tempdir()?;
    let (mut made, ..) = access::start(binary, folder.path())?;
    made.kill()?;
    made.wait()?;
    let demo = folder.path().join("demo");
    let store = SqliteStore::open_for_reading(demo.join("waymark.db"), &Keys::at(demo.join("keys")))?;
    let runtime = Runtime::new()?;
    let heads = runtime.block_on(store.all_streams(None, 1_000))?;
    let mut sizes = Vec::new();
    for head in &heads {
        let kept = runtime.block_on(store.load(&head.stream, 1))?;
        sizes.push(kept.iter().map(|event| event.body.len()).collect::<Vec<_>>());
    }
    let events: usize = sizes.iter().map(Vec::len).sum();
    let bare = Bare::new(&folder.path().join("bare.db"), &sizes)?;
    let many = (REPORTS / scale.less).max(heads.len());
    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..scale.runs {
        let start = Instant::now();
        for head in heads.iter().cycle().take(many) {
            std::hint::black_box(runtime.block_on(decide(&store, &pack, &head.stream))?);
        }
        ours.push(start.elapsed());
        let start = Instant::now();
        for at in (0..heads.len()).cycle().take(many) {
            std::hint::black_box(bare.read(at)?);
        }
        others.push(start.elapsed());
    }
    let million = |took: Duration| took.mul_f64(MILLION as f64 / many as f64);
    let (ours, others) = (million(middle(ours.into_iter())), million(middle(others.into_iter())));
    table.compare(
        &format!(
            "decide again from the encrypted store, 1,000,000 reports of {} events, one after the other ({many} run, times {})",
            events / heads.len().max(1),
            MILLION / many
        ),
        Goal::None,
        (ours, time(ours)),
        (others, format!("SQLite and AEAD, bare {}", time(others))),
    );
    Ok(())
}

/// One report read, brought together and decided.
async fn decide(store: &SqliteStore, pack: &Pack, stream: &StreamId) -> Result<usize, Failed> {
    let kept = store.load(stream, 1).await?;
    let events: Vec<Event> = kept.iter().map(|event| serde_json::from_slice(&event.body)).collect::<Result<_, _>>()?;
    let report = Report::fold(&events);
    let case = pack.case(report.facts(pack));
    Ok(pack.decide(&case).duties.len())
}

/// The baseline.
struct Bare {
    conn: Connection,
    cipher: Aes256GcmSiv,
}

impl Bare {
    /// As many bodies of the same size.
    fn new(path: &Path, sizes: &[Vec<usize>]) -> Result<Self, Failed> {
        let mut conn = Connection::open(path)?;
        let cipher = Aes256GcmSiv::new(&[7; 32].into());
        conn.execute_batch(
            "CREATE TABLE events (stream INTEGER, version INTEGER, body BLOB, PRIMARY KEY (stream, version)) STRICT",
        )?;
        let all = conn.transaction()?;
        for (stream, bodies) in sizes.iter().enumerate() {
            for (version, size) in bodies.iter().enumerate() {
                let sealed = cipher.encrypt(&Nonce::default(), vec![b'x'; *size].as_slice());
                let sealed = sealed.map_err(|_| "the baseline could not encrypt")?;
                all.execute(
                    "INSERT INTO events VALUES (?1, ?2, ?3)",
                    (i64::try_from(stream)?, i64::try_from(version)?, sealed),
                )?;
            }
        }
        all.commit()?;
        Ok(Self { conn, cipher })
    }

    fn read(&self, stream: usize) -> Result<usize, Failed> {
        let mut asked = self.conn.prepare_cached("SELECT body FROM events WHERE stream = ?1 ORDER BY version")?;
        let mut rows = asked.query([i64::try_from(stream)?])?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let sealed = row.get_ref(0)?.as_blob()?;
            let body = self.cipher.decrypt(&Nonce::default(), sealed);
            bytes += body.map_err(|_| "the baseline could not decrypt")?.len();
        }
        Ok(bytes)
    }
}
