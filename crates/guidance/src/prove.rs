//! Proofs.
use crate::pack::Pack;
use crate::problem::Problem;
/// One property and what came of it.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Id of the property.
    pub id: String,
    /// What it says.
    pub says: String,
    /// The case that breaks it, in words; empty when it holds.
    pub breaks: String,
}
impl Proof {
    pub(crate) fn problem(&self) -> Option<Problem> {
        (!self.breaks.is_empty()).then(|| Problem { file: "properties.toml".into(), about: self.id.clone(), says: self.breaks.clone(), ..Problem::default() })
    }
}
pub(crate) fn prove(_pack: &Pack) -> Vec<Proof> {
    Vec::new()
}
