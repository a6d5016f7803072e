//! Reads an export and hashes its entries on a thread of its own, while the blocks before are checked.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::Builder;

use ledger::export::{Block, Blocks};

/// Blocks there are in all: one that is checked, one that is filled, and one that waits. Memory stays the same however
/// long the export is.
const BLOCKS: usize = 3;

/// The blocks of an export, in their order.
pub struct Ahead {
    full: Receiver<io::Result<Block>>,
    empty: Sender<Block>,
}

impl Ahead {
    /// Begins to read. The thread ends when nobody takes blocks any more. Nobody waits for it: it may be waiting for somebody
    /// who writes into a pipe, and a verdict is not to wait for them too.
    ///
    /// # Errors
    /// What the system says when there is no thread to be had.
    pub fn of(source: impl Read + Send + 'static) -> io::Result<Self> {
        let (full, ready) = sync_channel(BLOCKS);
        let (empty, used) = channel();
        for _ in 0..BLOCKS {
            drop(empty.send(Block::default()));
        }
        let reading = Builder::new().name("reading".to_owned());
        drop(reading.spawn(move || fill(source, &used, &full))?);
        Ok(Self { full: ready, empty })
    }

    /// The next one; none at the end.
    ///
    /// # Errors
    /// What the system says when the export cannot be read.
    pub fn next(&mut self) -> io::Result<Option<Block>> {
        self.full.recv().ok().transpose()
    }

    /// Gives one back, to be filled again.
    pub fn again(&self, block: Block) {
        drop(self.empty.send(block));
    }
}

fn fill(mut source: impl Read, used: &Receiver<Block>, full: &SyncSender<io::Result<Block>>) {
    let mut blocks = Blocks::default();
    while let Ok(mut block) = used.recv() {
        let read = |room: &mut [u8]| loop {
            match source.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                came => return came,
            }
        };
        let sent = match blocks.fill(&mut block, read) {
            Ok(true) => full.send(Ok(block)),
            Ok(false) => return,
            Err(error) => full.send(Err(error)),
        };
        if sent.is_err() {
            return;
        }
    }
}
