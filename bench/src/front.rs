//! The bare prototype of `keep.rs` behind bare axum: what HTTP alone costs of a durable step on this machine, where whoever asks
//! shares the processor with whoever answers. No session, no policies, no guidance: a form is read, a step kept, an address sent back.
//!
//! It runs as a program of its own, as Waymark does, and is asked by the same clients in the same words.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use tokio::runtime::Runtime;

use crate::Failed;
use crate::http::{Line, Officer};
use crate::keep::{Waiting, bare_writer};

/// The option with which this program starts itself as that server; behind it stands the path of the database.
pub const SERVE: &str = "--serve-bare";

/// How long all steps of all clients take.
pub async fn steps_through(path: &Path, clients: usize, steps: usize) -> Result<Duration, Failed> {
    let (mut server, address) = start(path)?;
    let took = ask(&address, clients, steps).await;
    server.kill()?;
    server.wait()?;
    took
}

fn start(path: &Path) -> Result<(Child, String), Failed> {
    let mut command = Command::new(std::env::current_exe()?);
    let mut server = command.arg(SERVE).arg(path).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut address = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    Ok((server, address.trim().to_owned()))
}

async fn ask(address: &str, clients: usize, steps: usize) -> Result<Duration, Failed> {
    let mut lines = Vec::new();
    for _ in 0..clients {
        lines.push((Line::to(address).await?, Officer::nobody(address)));
    }
    let start = Instant::now();
    let tasks: Vec<_> = lines
        .into_iter()
        .map(|(mut line, nobody)| {
            tokio::spawn(async move {
                for step in 0..steps {
                    let answer = line.post(&nobody, "/", &format!("&seen={step}&answer=yes")).await;
                    let answer = answer.map_err(|why| why.to_string())?;
                    if !answer.starts_with("HTTP/1.1 303") {
                        return Err(format!("step {step} was not kept: {answer}"));
                    }
                }
                Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed())
}

/// Serves until it is killed. Prints the address first.
pub fn serve(path: &Path) -> Result<(), Failed> {
    let (send, _writer) = bare_writer(path)?;
    Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        std::io::stdout().flush()?;
        axum::serve(listener, Router::new().route("/", post(step)).with_state(send)).await?;
        Ok(())
    })
}

async fn step(State(writer): State<mpsc::Sender<Waiting>>, _form: String) -> Response {
    static STEPS: AtomicI64 = AtomicI64::new(0);
    let (done, is_kept) = tokio::sync::oneshot::channel();
    // Whoever hung up is not told.
    let kept = Box::new(move || _ = done.send(()));
    let waiting = Waiting { stream: 0, version: STEPS.fetch_add(1, Ordering::Relaxed), kept };
    if writer.send(waiting).is_err() || is_kept.await.is_err() {
        return axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    Redirect::to("/kept").into_response()
}
