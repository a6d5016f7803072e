//! What is known of every variable, as each sees it: a row for the report, one for each person and each device.

use crate::compile::Layout;
use crate::eval::About;
use crate::mdd::{Mask, Var};

/// The still possible values of all variables of one case. Rows repeat what the report knows, so that whoever
/// walks a diagram looks into one list only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Masks {
    rows: Vec<Mask>,
    layout: Layout,
    persons: usize,
    devices: usize,
}

impl Masks {
    /// Nothing is known yet: `anything` has what each variable may be then.
    pub(crate) fn new(layout: Layout, anything: &[Mask], (persons, devices): (usize, usize)) -> Self {
        let mut rows = Vec::with_capacity(layout.end * (1 + persons + devices));
        for row in 0..1 + persons + devices {
            // A variable of somebody else may be anything at all.
            let own = match row {
                0 => 0..0,
                row if row <= persons => layout.person..layout.device,
                _ => layout.device..layout.end,
            };
            rows.extend_from_slice(anything.get(..layout.person).unwrap_or(&[]));
            rows.resize(layout.end * row + own.start.max(layout.person), Mask::MAX);
            rows.extend_from_slice(anything.get(own).unwrap_or(&[]));
            rows.resize(layout.end * (row + 1), Mask::MAX);
        }
        Self { rows, layout, persons, devices }
    }

    #[inline]
    pub(crate) const fn persons(&self) -> usize {
        self.persons
    }

    #[inline]
    pub(crate) const fn devices(&self) -> usize {
        self.devices
    }

    /// What one person, one device or the report sees.
    #[inline]
    pub(crate) fn seen(&self, about: About) -> Seen<'_> {
        let row = match about {
            About::Person(at) if at < self.persons => 1 + at,
            About::Device(at) if at < self.devices => 1 + self.persons + at,
            _ => 0,
        };
        let start = row * self.layout.end;
        Seen { row: self.rows.get(start..start + self.layout.end).unwrap_or(&[]) }
    }

    /// Says what a variable of the report, of a person or of a device may be.
    pub(crate) fn set(&mut self, about: About, var: usize, mask: Mask) {
        let Layout { person, device, end, .. } = self.layout;
        let row = match about {
            _ if var < person => {
                // What the report knows, everybody knows.
                self.rows.iter_mut().skip(var).step_by(end.max(1)).for_each(|slot| *slot = mask);
                return;
            }
            About::Person(at) if at < self.persons && var < device => 1 + at,
            About::Device(at) if at < self.devices && (device..end).contains(&var) => 1 + self.persons + at,
            _ => return,
        };
        if let Some(slot) = self.rows.get_mut(row * end + var) {
            *slot = mask;
        }
    }
}

/// The masks that one person, one device or the report looks at.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    row: &'a [Mask],
}

impl Seen<'_> {
    /// The still possible values of a variable; anything for one of somebody else.
    #[inline]
    pub(crate) fn mask(&self, var: Var) -> Mask {
        self.row.get(usize::from(var)).copied().unwrap_or(Mask::MAX)
    }
}
