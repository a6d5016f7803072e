//! Everything derived from a report as of one moment, worked out when a page first asks for it: a form that is sent needs
//! little of it, and most answers lead to another page that works it out anew.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use guidance::{Advice, Pack, Problem};
use jiff::Timestamp;
use report::{Advised, Report, Task, View};

/// What is derived. Reading a part of it works all of it out.
#[derive(Clone)]
pub struct Shown(Arc<Derived>);

struct Derived {
    report: Arc<Report>,
    advised: Advised,
    pack: Arc<Pack>,
    at: Timestamp,
    view: OnceLock<View>,
    /// Where nothing else of it was asked for yet.
    tasks: OnceLock<Vec<Task>>,
}

impl Shown {
    /// Of this report, as of then. The guidance is asked at once.
    ///
    /// # Errors
    /// It refuses the facts.
    pub(super) fn new(report: Arc<Report>, pack: Arc<Pack>, at: Timestamp) -> Result<Self, Vec<Problem>> {
        let advised = report.advise(&pack)?;
        Ok(Self(Arc::new(Derived { report, advised, pack, at, view: OnceLock::new(), tasks: OnceLock::new() })))
    }

    /// What the guidance advises.
    pub fn advice(&self) -> &Advice {
        self.0.advised.advice()
    }

    /// What to do, and nothing else of it where nothing else was asked for yet.
    pub fn only_tasks(&self) -> &[Task] {
        let of = &*self.0;
        let tasks = || of.report.tasks_of(&of.advised, &of.pack, of.at);
        match of.view.get() {
            Some(view) => &view.tasks,
            None => of.tasks.get_or_init(tasks),
        }
    }
}

impl Deref for Shown {
    type Target = View;

    fn deref(&self) -> &View {
        let of = &*self.0;
        of.view.get_or_init(|| of.report.view_of(&of.advised, &of.pack, of.at))
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}
