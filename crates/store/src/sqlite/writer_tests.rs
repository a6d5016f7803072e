//! What only the writer itself can show: what shares a commit, and what a failure takes with it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{AppendError, StoreError, Tx, Writer};
use crate::Keys;
use crate::sqlite::{binding, open};

struct Bench {
    writer: Arc<Writer>,
    path: PathBuf,
    _directory: TempDir,
}

fn bench() -> Bench {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("data/waymark.db");
    let (conn, lock) = open::writer(&path).unwrap();
    let keys = Keys::at(directory.path().join("keys"));
    let ring = binding::writing(&conn, &path, &keys).unwrap();
    Bench {
        writer: Arc::new(Writer::start(Tx::new(conn, Arc::new(ring), ledger::Frontier::new()), lock).unwrap()),
        path,
        _directory: directory,
    }
}

fn set(conn: &Connection, key: &str) -> Result<(), StoreError> {
    conn.execute("INSERT INTO settings (key, value) VALUES (?1, zeroblob(0) || 'x')", [key])?;
    Ok(())
}

fn keys(conn: &Connection) -> Vec<String> {
    let mut statement = conn.prepare("SELECT key FROM settings ORDER BY key").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

impl Bench {
    /// Sends a command off; its answer is awaited later.
    fn send<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> tokio::task::JoinHandle<Result<T, StoreError>> {
        let writer = Arc::clone(&self.writer);
        tokio::spawn(async move { writer.run(act).await })
    }

    /// Keeps the writer busy until told, so that what comes meanwhile shares the next commit.
    async fn hold(&self) -> mpsc::Sender<()> {
        let (go, wait) = mpsc::channel::<()>();
        let (holding, held) = tokio::sync::oneshot::channel();
        self.send(move |_| {
            let _ = holding.send(());
            let _ = wait.recv();
            Ok(())
        });
        held.await.unwrap();
        go
    }

    fn outside(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

/// Lets what was spawned reach the queue, in order.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn commands_that_wait_share_a_commit_and_none_is_answered_before_it() {
    let bench = bench();
    let go = bench.hold().await;
    let first = bench.send(|conn| set(conn, "first"));
    settle().await;
    let (path, (reached, at_last), (resume, wait)) =
        (bench.path.clone(), tokio::sync::oneshot::channel(), mpsc::channel::<()>());
    let last = bench.send(move |conn| {
        let within = keys(conn);
        let outside = keys(&Connection::open(path).unwrap());
        let _ = reached.send((within, outside));
        let _ = wait.recv();
        Ok(())
    });
    settle().await;
    drop(go);

    let (within, outside) = at_last.await.unwrap();
    assert_eq!((within, outside), (vec!["first".to_owned()], vec![]), "one transaction holds both");
    settle().await;
    assert!(!first.is_finished(), "the first was answered before its commit");
    drop(resume);
    assert_eq!(first.await.unwrap(), Ok(()));
    assert_eq!(last.await.unwrap(), Ok(()));
    assert_eq!(keys(&bench.outside()), ["first"]);
}

/// However idle the writer is: it never takes up the first alone. Only one commit has both, or the second undone.
#[tokio::test]
async fn two_that_go_together_share_a_commit_and_nothing_else() {
    let bench = bench();
    for round in 0..50 {
        let (first, second) = (format!("first {round}"), format!("second {round}"));
        let (path, name, refuse) = (bench.path.clone(), first.clone(), round % 2 == 1);
        let both = bench.writer.run_both(
            move |tx| set(tx, &first),
            move |tx| {
                let seen = |conn: &Connection| keys(conn).contains(&name);
                let seen = (seen(tx), seen(&Connection::open(path).unwrap()));
                set(tx, &second)?;
                if refuse { Err(StoreError::Empty { what: "it" }) } else { Ok(seen) }
            },
        );
        let expected = match refuse {
            true => Err(StoreError::Empty { what: "it" }),
            false => Ok((true, false)),
        };
        assert_eq!(both.await.unwrap(), ((), expected));
    }
    assert_eq!(keys(&bench.outside()).len(), 75);
}

#[tokio::test]
async fn what_one_command_undoes_leaves_its_neighbours() {
    let bench = bench();
    let go = bench.hold().await;
    let before = bench.send(|conn| set(conn, "before"));
    settle().await;
    let stream = crate::StreamId::new("r").unwrap();
    let conflict = AppendError::Conflict { stream, current: 3 };
    let (writer, given) = (Arc::clone(&bench.writer), conflict.clone());
    let refused = tokio::spawn(async move {
        let act = move |conn: &Tx| {
            set(conn, "refused")?;
            Err::<(), _>(given)
        };
        writer.run(act).await
    });
    settle().await;
    let broken = bench.send(|conn| {
        set(conn, "broken")?;
        set(conn, "before")
    });
    settle().await;
    let after = bench.send(|conn| set(conn, "after"));
    settle().await;
    drop(go);
    assert_eq!(before.await.unwrap(), Ok(()));
    assert_eq!(refused.await.unwrap(), Err(conflict));
    assert!(matches!(broken.await.unwrap(), Err(StoreError::Refused { .. })));
    assert_eq!(after.await.unwrap(), Ok(()));
    assert_eq!(keys(&bench.outside()), ["after", "before"]);
}

#[tokio::test]
async fn a_full_disk_refuses_and_takes_writes_again_when_there_is_space() {
    let bench = bench();
    let pages = |count: &'static str| {
        bench.send(move |conn| Ok(conn.query_row(&format!("PRAGMA max_page_count = {count}"), [], |_| Ok(()))?))
    };
    pages("1").await.unwrap().unwrap();
    let large = |conn: &Tx| {
        conn.execute("INSERT INTO settings (key, value) VALUES ('large', hex(zeroblob(100000)))", [])?;
        Ok(())
    };
    assert_eq!(bench.send(large).await.unwrap(), Err(StoreError::DiskFull));
    assert_eq!(bench.send(large).await.unwrap(), Err(StoreError::DiskFull));
    pages("1000000").await.unwrap().unwrap();
    assert_eq!(bench.send(large).await.unwrap(), Ok(()));
    assert_eq!(keys(&bench.outside()), ["large"]);
}

#[tokio::test]
async fn after_a_disk_error_nothing_more_is_written() {
    for broken in
        [StoreError::Disk { detail: "disk I/O error".into() }, StoreError::Damaged { detail: "malformed".into() }]
    {
        let bench = bench();
        let go = bench.hold().await;
        let neighbour = bench.send(|conn| set(conn, "neighbour"));
        settle().await;
        let given = broken.clone();
        let failed = bench.send::<()>(move |_| Err(given));
        settle().await;
        drop(go);
        let stopped = StoreError::Stopped { why: broken.to_string() };
        assert_eq!(failed.await.unwrap(), Err(stopped.clone()));
        assert_eq!(neighbour.await.unwrap(), Err(stopped.clone()));
        assert_eq!(bench.send(|conn| set(conn, "later")).await.unwrap(), Err(stopped));
        assert_eq!(keys(&bench.outside()), [""; 0]);
    }
}

#[tokio::test]
async fn another_program_that_holds_the_database_is_named() {
    let bench = bench();
    bench.send(|conn| Ok(conn.busy_timeout(std::time::Duration::ZERO)?)).await.unwrap().unwrap();
    let other = bench.outside();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(bench.send(|conn| set(conn, "a")).await.unwrap(), Err(StoreError::Busy));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(bench.send(|conn| set(conn, "a")).await.unwrap(), Ok(()));
}

#[tokio::test]
async fn the_writing_connection_flushes_every_commit() {
    let bench = bench();
    let asked = bench.send(|conn| {
        let ask = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok((ask("synchronous")?, ask("foreign_keys")?, ask("fullfsync")?, ask("checkpoint_fullfsync")?))
    });
    const FULL: i64 = 2;
    assert_eq!(asked.await.unwrap(), Ok((FULL, 1, 1, 1)));
}

#[tokio::test]
async fn the_log_is_folded_into_the_database_before_it_grows_without_end() {
    let bench = bench();
    let wal = bench.path.with_extension("db-wal");
    // 40 times 256 pages: ten times what the log may have.
    for round in 0..40_i64 {
        let insert = "INSERT INTO settings (key, value) VALUES (?1, hex(randomblob(524288)))";
        bench.send(move |tx| Ok(tx.execute(insert, [round])?)).await.unwrap().unwrap();
    }
    let pages = std::fs::metadata(wal).unwrap().len() / 4096;
    assert!((1000..2000).contains(&pages), "{pages} pages");
    let kept = bench.outside().query_row("SELECT count(*) FROM settings", [], |row| row.get(0));
    assert_eq!(kept, Ok(40_i64));
}

#[tokio::test]
async fn closing_finishes_what_is_queued() {
    let bench = bench();
    let go = bench.hold().await;
    let queued: Vec<_> = (0..50).map(|n| bench.send(move |conn| set(conn, &n.to_string()))).collect();
    settle().await;
    drop(go);
    let outside = bench.outside();
    for answer in queued {
        assert_eq!(answer.await.unwrap(), Ok(()));
    }
    drop(bench.writer);
    assert_eq!(keys(&outside).len(), 50);
}
