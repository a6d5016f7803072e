//! Something long that is given while it is read, so that memory holds a piece of it at a time.

use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::StoreError;

/// Bytes of a piece.
const PIECE: usize = 64 * 1024;
/// Pieces that may wait for whoever reads them.
const WAITING: usize = 4;
/// How long whoever reads may take over one of them: what is read is held as it was, and an erasure waits for that to end.
const SLOWEST: Duration = Duration::from_secs(30);

/// What is given, in pieces. Without its end there is a failure first.
#[derive(Debug)]
pub struct Pieces(mpsc::Receiver<Result<Vec<u8>, StoreError>>);

impl Pieces {
    /// Gives something on a thread of its own, where waiting for whoever reads holds up nobody else.
    pub fn give(write: impl FnOnce(&mut Giving) -> Result<(), StoreError> + Send + 'static) -> Self {
        let (to, from) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let mut giving = Giving { to, piece: Vec::with_capacity(PIECE) };
            let written = write(&mut giving).and_then(|()| giving.send());
            if let Err(why) = written {
                // Nobody may be there any more.
                let _ = giving.to.try_send(Err(why));
            }
        });
        Self(from)
    }

    /// The next piece; nothing at the end.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, StoreError>> {
        self.0.recv().await
    }

    /// The same for what asks in the way of a body.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<u8>, StoreError>>> {
        self.0.poll_recv(context)
    }

    /// All of it as text.
    ///
    /// # Errors
    /// What stopped the reading.
    pub async fn all(mut self) -> Result<String, StoreError> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await {
            all.extend(piece?);
        }
        Ok(String::from_utf8_lossy(&all).into_owned())
    }
}

/// Where pieces are given.
#[derive(Debug)]
pub struct Giving {
    to: mpsc::Sender<Result<Vec<u8>, StoreError>>,
    piece: Vec<u8>,
}

impl Giving {
    /// Gives a line, with its end.
    ///
    /// # Errors
    /// Nobody reads any more, or too slowly.
    pub fn line(&mut self, line: &[u8]) -> Result<(), StoreError> {
        self.piece.extend_from_slice(line);
        self.piece.push(b'\n');
        if self.piece.len() < PIECE { Ok(()) } else { self.send() }
    }

    fn send(&mut self) -> Result<(), StoreError> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = self.to.send_timeout(Ok(piece), SLOWEST);
        let ended = |detail: &str| StoreError::Refused { detail: detail.to_owned() };
        Handle::current().block_on(sent).map_err(|why| match why {
            mpsc::error::SendTimeoutError::Timeout(_) => ended("whoever reads takes too long"),
            mpsc::error::SendTimeoutError::Closed(_) => ended("nobody reads any more"),
        })
    }
}
