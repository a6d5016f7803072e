//! Sheets to print and leave with a child, or with a parent or carer.

use serde::{Deserialize, Serialize};

use crate::words::Said;

/// What a child, and what a parent or carer, is given on paper to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaflets {
    /// For a child: in words that somebody of twelve reads.
    pub child: Leaflet,
    /// For a parent or carer.
    #[serde(rename = "parent-or-carer")]
    pub parent_or_carer: Leaflet,
}

impl Leaflets {
    /// The leaflet for a reader, by the word of [`crate::words::Service::audience`].
    pub fn of(&self, reader: &str) -> Option<&Leaflet> {
        let mut all = self.all().into_iter();
        all.find_map(|(word, leaflet)| (word == reader).then_some(leaflet))
    }

    /// Each reader with their leaflet.
    pub const fn all(&self) -> [(&'static str, &Leaflet); 2] {
        [("child", &self.child), ("parent-or-carer", &self.parent_or_carer)]
    }
}

/// One leaflet. It says nothing of any report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaflet {
    /// Its heading.
    pub title: String,
    /// Paragraphs above the services.
    pub says: Vec<String>,
    /// Paragraphs after these, for a report of which something is known. They say nothing of it themselves.
    #[serde(default)]
    pub also: Vec<Said>,
    /// Ids of the services, in order: each one that this reader is meant for.
    pub services: Vec<String>,
    /// Paragraphs below them.
    pub after: Vec<String>,
    /// G-ids and other sources.
    pub cites: Vec<String>,
}
