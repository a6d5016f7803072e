//! What is known of every variable: one list of masks, the report's first, then each person's, then each
//! device's.

use crate::compile::Layout;
use crate::eval::About;
use crate::mdd::{Mask, Var};

/// The still possible values of all variables of one case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Masks {
    all: Vec<Mask>,
    layout: Layout,
    persons: usize,
    devices: usize,
}

impl Masks {
    /// `report` has the masks before those of a person; people and devices are added after it.
    pub(crate) fn new(layout: Layout, report: Vec<Mask>) -> Self {
        Self { all: report, layout, persons: 0, devices: 0 }
    }

    /// Adds a person; all people come before the first device.
    pub(crate) fn add_person(&mut self, masks: impl IntoIterator<Item = Mask>) {
        self.all.extend(masks);
        self.persons += 1;
    }

    pub(crate) fn add_device(&mut self, masks: impl IntoIterator<Item = Mask>) {
        self.all.extend(masks);
        self.devices += 1;
    }

    pub(crate) const fn persons(&self) -> usize {
        self.persons
    }

    pub(crate) const fn devices(&self) -> usize {
        self.devices
    }

    /// Where the masks of one person or device begin, how many there are, and the variable of the first.
    fn place(&self, about: About) -> (usize, usize, usize) {
        let Layout { person, device, end, .. } = self.layout;
        let width = device - person;
        match about {
            About::Person(at) if at < self.persons => (person + at * width, width, person),
            About::Device(at) if at < self.devices => {
                (person + self.persons * width + at * (end - device), end - device, device)
            }
            _ => (0, 0, end),
        }
    }

    /// What one person, one device or the report sees.
    pub(crate) fn seen(&self, about: About) -> Seen<'_> {
        let (start, width, first) = self.place(about);
        Seen {
            report: self.all.get(..self.layout.person).unwrap_or(&[]),
            own: self.all.get(start..start + width).unwrap_or(&[]),
            first,
        }
    }

    /// Says what a variable of the report, of a person or of a device may be.
    pub(crate) fn set(&mut self, about: About, var: usize, mask: Mask) {
        let (start, width, first) = self.place(about);
        let at = if var < self.layout.person {
            var
        } else if (first..first + width).contains(&var) {
            start + var - first
        } else {
            return;
        };
        if let Some(slot) = self.all.get_mut(at) {
            *slot = mask;
        }
    }
}

/// The masks that one person, one device or the report looks at.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    report: &'a [Mask],
    own: &'a [Mask],
    /// The variable that the first of `own` belongs to.
    first: usize,
}

impl Seen<'_> {
    /// The still possible values of a variable; anything for one of somebody else.
    #[inline]
    pub(crate) fn mask(&self, var: Var) -> Mask {
        let var = usize::from(var);
        match self.report.get(var) {
            Some(mask) => *mask,
            None => self.own.get(var.wrapping_sub(self.first)).copied().unwrap_or(Mask::MAX),
        }
    }
}
