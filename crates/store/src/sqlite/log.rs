//! The log of the SQLite store.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;

use super::ledger::Outside;
use super::writer::Tx;
use super::{LogExport, SqliteStore, audit, changes, emptied, erase, ledger as rows, open, ties};
use crate::log::Log;
use crate::store::Answer;
use crate::{
    AccessEntry, AccessFilter, AccessesOf, Administered, AdministeredFilter, Disclosed, Erase, Erased, Extent,
    KeptCheckpoint, LedgerHead, NotedAccess, Pieces, StoreError, StreamId, UserId, fail, limits,
};

impl Log for SqliteStore {
    fn ledger_head(&self) -> Answer<'_, LedgerHead> {
        self.read(rows::head)
    }

    fn checkpoint(&self, now: Timestamp) -> Answer<'_, KeptCheckpoint> {
        Box::pin(async move {
            let counts =
                || self.write::<bool, StoreError, _>(Ok(()), move |tx| rows::settle_counts(tx, now.as_microsecond()));
            while !counts().await? {}
            let kept = self.write::<_, StoreError, _>(Ok(()), move |tx| rows::sign(tx, now)).await?;
            fail::point("checkpoint-kept");
            let (outside, reached, added) = (Arc::clone(&self.outside), Arc::clone(&self.reached), kept.clone());
            let written = blocking(move || {
                reached.flush();
                let mut outside = outside.lock().unwrap_or_else(PoisonError::into_inner);
                outside.as_mut().map_or(Ok(()), |file| file.add(&added))?;
                Ok(outside.as_ref().map(Outside::reaches))
            })
            .await?;
            fail::point("checkpoint-outside");
            if let Some((path, reaches)) = written {
                let noted = move |tx: &Tx| rows::is_elsewhere(tx, &path, reaches);
                self.write::<_, StoreError, _>(Ok(()), noted).await?;
            }
            Ok(kept)
        })
    }

    fn checkpoints(&self, after: Option<u64>, limit: u32) -> Answer<'_, Vec<KeptCheckpoint>> {
        self.read(move |conn| rows::kept(conn, after, limit))
    }

    fn last_checkpoint(&self) -> Answer<'_, Option<KeptCheckpoint>> {
        self.read(rows::last)
    }

    fn note_access(&self, access: AccessEntry) -> Answer<'_, NotedAccess> {
        self.write(limits::access(&access), move |tx| rows::note(tx, &access))
    }

    fn accesses(&self, of: &AccessesOf, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>> {
        let (of, ring) = (of.clone(), Arc::clone(&self.ring));
        self.read(move |conn| rows::list(conn, &ring, &of, before, limit))
    }

    fn looks(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<NotedAccess>> {
        let (filter, ring) = (filter.clone(), Arc::clone(&self.ring));
        self.read(move |conn| audit::looks(conn, &ring, &filter, before, limit))
    }

    fn disclosed(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Disclosed>> {
        let filter = filter.clone();
        self.read(move |conn| audit::disclosed(conn, &filter, before, limit))
    }

    fn conflicts_of(&self, user: &UserId) -> Answer<'_, Vec<StreamId>> {
        let user = user.clone();
        self.read(move |conn| ties::conflicts_of(conn, &user))
    }

    fn administered(
        &self,
        filter: &AdministeredFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Answer<'_, Vec<Administered>> {
        let (filter, ring) = (filter.clone(), Arc::clone(&self.ring));
        self.read(move |conn| changes::administered(conn, &ring, &filter, before, limit))
    }

    fn last_checkpoint_holds(&self) -> Answer<'_, Option<(KeptCheckpoint, bool)>> {
        let ring = Arc::clone(&self.ring);
        self.read(move |conn| {
            let Some(last) = rows::last(conn)? else {
                return Ok(None);
            };
            let size = rows::head(conn)?.size;
            let holds = rows::check_note(conn, &rows::verifier(&ring)?, &last.note, size).is_ok();
            Ok(Some((last, holds)))
        })
    }

    fn ledger_export(&self, extent: Extent) -> Answer<'_, Pieces> {
        let (path, ring) = (self.readers.path().to_owned(), Arc::clone(&self.ring));
        Box::pin(async move {
            let key = rows::verifier(&ring)?;
            // A connection of its own: it reads for as long as somebody takes to read it.
            Ok(Pieces::give(move |giving| {
                let conn = open::reader(&path)?;
                conn.execute_batch("BEGIN")?;
                let export = LogExport { key, witnesses: Vec::new(), witnessed: Vec::new(), bytes: false };
                export.to(extent, &conn, &mut |line: &[u8]| giving.line(line))
            }))
        })
    }

    fn erase(&self, erase: Erase) -> Answer<'_, Erased> {
        Box::pin(async move {
            limits::reason(&erase.reason)?;
            let meant = self.write::<_, StoreError, _>(Ok(()), move |tx| erase::mean(tx, &erase)).await?;
            fail::point("erasure-meant");
            let (ring, keys) = (Arc::clone(&self.ring), meant.keys.clone());
            blocking(move || Ok(ring.destroy(&keys)?)).await?;
            fail::point("erasure-keys-destroyed");
            let done = self.write::<_, StoreError, _>(Ok(()), move |tx| erase::finish(tx, &meant)).await?;
            fail::point("erasure-finished");
            let path = self.path.clone();
            match blocking(move || emptied::beside_the_writer(&path)).await {
                Ok(emptied) => self.write::<_, StoreError, _>(Ok(()), move |tx| emptied::is_done(tx, &emptied)).await,
                // The writer tries again after each step.
                Err(why) if !why.is_fatal() => {
                    let later = |tx: &Tx| {
                        tx.log_is_due.set(true);
                        Ok(())
                    };
                    self.write::<_, StoreError, _>(Ok(()), later).await?;
                    Err(why)
                }
                // The erasure stands. As after any other failed flush, what is on the disk is unknown.
                Err(why) => self.write::<_, StoreError, _>(Ok(()), move |_| Err(why)).await,
            }?;
            Ok(done)
        })
    }

    fn keys_destroyed(&self) -> u64 {
        self.ring.destroyed()
    }

    fn erasures(&self, report: &str) -> Answer<'_, Vec<Erased>> {
        let (report, ring) = (report.to_owned(), Arc::clone(&self.ring));
        self.read(move |conn| erase::of(conn, &ring, &report))
    }

    fn all_erasures(&self, filter: &AccessFilter, before: Option<u64>, limit: u32) -> Answer<'_, Vec<Erased>> {
        let (filter, ring) = (filter.clone(), Arc::clone(&self.ring));
        self.read(move |conn| erase::all(conn, &ring, &filter, before, limit))
    }
}

async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(act).await.map_err(|error| StoreError::Refused { detail: error.to_string() })?
}
