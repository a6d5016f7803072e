//! The table of what was measured.

use std::time::Duration;

/// Rows in the order in which they were measured.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

/// What a measurement has to reach.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// At most this long.
    Within(Duration),
    /// At most this many times the bare baseline.
    Times(f64),
    /// At least this share of the rate of the bare baseline, in per cent.
    Share(f64),
    /// At most this many megabytes.
    Megabytes(f64),
    /// A share of the rate of the bare baseline, of which nothing is asked.
    AnyShare,
    /// Measured, and nothing is asked of it.
    None,
}

impl Goal {
    fn words(self) -> String {
        match self {
            Self::Within(most) => format!("<= {}", time(most)),
            Self::Times(most) => format!("<= {most} x"),
            Self::Share(least) => format!(">= {least:.0} %"),
            Self::Megabytes(most) => format!("<= {most:.0} MB"),
            Self::AnyShare | Self::None => String::new(),
        }
    }

    /// Whether it is reached, by how long ours and the bare baseline took.
    fn reached(self, ours: Duration, bare: Duration) -> Option<bool> {
        let ratio = ours.as_secs_f64() / bare.as_secs_f64();
        match self {
            Self::Within(most) => Some(ours <= most),
            Self::Times(most) => Some(ratio <= most),
            Self::Share(least) => Some(100.0 / ratio >= least),
            Self::Megabytes(_) | Self::AnyShare | Self::None => None,
        }
    }
}

impl Table {
    /// How long ours took against the bare baseline, each with its words.
    pub fn compare(
        &mut self,
        what: &str,
        goal: Goal,
        (ours, measured): (Duration, String),
        (bare, baseline): (Duration, String),
    ) {
        let ratio = match goal {
            Goal::Share(_) | Goal::AnyShare => share(ours, bare),
            _ => times(ours, bare),
        };
        self.add(what, goal, [measured, baseline, ratio], goal.reached(ours, bare));
    }

    /// How long something took that has no bare baseline.
    pub fn alone(&mut self, what: &str, goal: Goal, took: Duration) {
        let cells = [time(took), String::new(), String::new()];
        self.add(what, goal, cells, goal.reached(took, took));
    }

    /// Megabytes that something takes.
    pub fn size(&mut self, what: &str, goal: Goal, bytes: f64) {
        let megabytes = bytes / 1e6;
        let reached = match goal {
            Goal::Megabytes(most) => Some(megabytes <= most),
            _ => None,
        };
        let measured = format!("{megabytes:.1} MB");
        self.add(what, goal, [measured, String::new(), String::new()], reached);
    }

    /// Megabytes that a large one takes against a small one.
    pub fn sizes(&mut self, what: &str, most: f64, (large, small): (f64, f64)) {
        let ratio = large / small;
        let cells = [format!("{:.1} MB", large / 1e6), format!("{:.1} MB", small / 1e6), format!("{ratio:.2} x")];
        self.add(what, Goal::Times(most), cells, Some(ratio <= most));
    }

    /// A row that could not be measured, and why.
    pub fn not_measured(&mut self, what: &str, why: &str) {
        let why = format!("not measured: {}", why.replace(['\n', '|'], " "));
        self.add(what, Goal::None, [why, String::new(), String::new()], None);
    }

    fn add(&mut self, what: &str, goal: Goal, [measured, bare, ratio]: [String; 3], reached: Option<bool>) {
        let reached = match reached {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let row = [what.to_owned(), goal.words(), measured, bare, ratio, reached.to_owned()];
        println!("{}", row.join(" | "));
        self.rows.push(row);
    }

    /// How many goals are reached, of how many.
    pub fn reached(&self) -> (usize, usize) {
        let count = |word: &str| self.rows.iter().filter(|row| row[5] == word).count();
        (count("yes"), count("yes") + count("**no**"))
    }

    /// The table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text =
            String::from("| what | goal | measured | bare baseline | ratio | reached |\n|---|---|---|---|---|---|\n");
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

/// The page that keeps a table. What is written below its last heading is people's and stays.
pub fn page(table: &Table, command: &str, before: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or_else(String::new, |name| format!(" of {}", name.trim_start_matches([' ', '\t', ':'])));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    let (reached, goals) = table.reached();
    let notes = before.find(NOTES).map_or("", |at| &before[at..]);
    format!(
        "# Measurements\n\n\
         Printed by `{command}` on {cores} cores{model}, release profile, while the machine had a load of {load}.\n\
         One run. Rows that only compute show the fastest of many repeats. Access decisions, and rows that wait for the disk, the\n\
         network or another program, show the median of several. Each ratio is against the bare baseline of the same run. Times differ\n\
         on another machine; ratios differ less. {reached} of {goals} goals are reached.\n\n{}\n\
         The top of each file in [bench/src](../bench/src) says what its rows mean and what the bare baselines are.\n\n{notes}",
        table.markdown()
    )
}

/// The heading of what people say of the figures.
const NOTES: &str = "## What is not reached, and what is not measured";
