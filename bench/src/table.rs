//! The table of what was measured.

use std::time::Duration;

/// Rows in the order in which they were measured.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 5]>,
}

impl Table {
    /// What, its goal, what was measured, what the bare baseline took, the ratio of the two.
    pub fn row(
        &mut self,
        what: &str,
        goal: &str,
        measured: impl ToString,
        bare: impl ToString,
        ratio: impl ToString,
    ) {
        let row = [
            what.to_owned(),
            goal.to_owned(),
            measured.to_string(),
            bare.to_string(),
            ratio.to_string(),
        ];
        println!("{}", row.join(" | "));
        self.rows.push(row);
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| what | goal | measured | bare baseline | ratio |\n|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        text
    }
}

/// A time for people: three figures and a unit.
pub fn time(time: Duration) -> String {
    let nanoseconds = time.as_secs_f64() * 1e9;
    let (number, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", figures(number))
}

/// A number of things a second.
pub fn rate(things: usize, time: Duration) -> String {
    format!("{:.0} a second", things as f64 / time.as_secs_f64())
}

/// How many times longer the first took.
pub fn times(ours: Duration, bare: Duration) -> String {
    format!("{} x", figures(ours.as_secs_f64() / bare.as_secs_f64()))
}

/// The share of the bare rate that is left.
pub fn share(ours: Duration, bare: Duration) -> String {
    format!("{:.0} %", 100.0 * bare.as_secs_f64() / ours.as_secs_f64())
}

fn figures(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n => format!("{n:.2}"),
    }
}

/// The page that keeps a table.
pub fn page(table: &str, command: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!(
        "# Measurements\n\nPrinted by `{command}` on {cores} cores{}{model}, release profile. Each measurement is the middle of several, \
         and each ratio is against the bare baseline of the same run; times on another machine differ, ratios hardly.\n\n{table}\n\
         What the rows mean, and what the bare baselines are, is at the top of each file in [bench/src](../bench/src).\n",
        if model.is_empty() { "" } else { " of " }
    )
}
