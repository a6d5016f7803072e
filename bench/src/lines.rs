//! `waymark advise --lines`: one JSON report a line in, one advice a line out.
//!
//! Bare baseline: reading each line as JSON and writing it out again, in this program.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::advice::{examples, files, load};
use crate::table::{Goal, Table, rate};
use crate::time::middle;
use crate::{Failed, Scale};

const LINES: usize = 20_000;

/// Measures the program from start to end, loading and proving the pack included.
pub fn measure(root: &Path, binary: &Path, scale: Scale, table: &mut Table) -> Result<(), Failed> {
    let many = LINES / scale.less;
    let pack = load(&files(root)?)?;
    let reports: Vec<String> = examples(root, &pack)?.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    let mut text = String::new();
    for line in reports.iter().cycle().take(many) {
        text.push_str(line);
        text.push('\n');
    }
    let runs = scale.runs.min(3);
    let ours = (0..runs).map(|_| advise(binary, &text, many)).collect::<Result<Vec<_>, _>>()?;
    let ours = middle(ours.into_iter());
    let bare = middle((0..runs).map(|_| {
        let start = Instant::now();
        let echoed: usize = text
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .map(|value| value.to_string().len())
            .sum();
        std::hint::black_box(echoed);
        start.elapsed()
    }));
    table.compare(
        &format!("`waymark advise --lines`, {many} lines, start included"),
        Goal::None,
        (ours, rate(many, ours)),
        (bare, format!("JSON in and out {}", rate(many, bare))),
    );
    Ok(())
}

fn advise(binary: &Path, text: &str, many: usize) -> Result<Duration, Failed> {
    let start = Instant::now();
    let mut child =
        Command::new(binary).args(["advise", "--lines", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut into = child.stdin.take().ok_or("no way into the program")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || into.write_all(text.as_bytes()));
    let done = child.wait_with_output()?;
    writer.join().map_err(|_| "writing to the program failed")??;
    let answered = done
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| line.starts_with(b"{\"pack\"") || line.starts_with(b"{\"class\""))
        .count();
    if answered != many {
        return Err(format!("{answered} of {many} lines were answered").into());
    }
    Ok(start.elapsed())
}
