//! Advice as JSON bytes.
//!
//! Here and not where it is printed: code that is made for a type is compiled with the crate that asks for it, and this
//! crate is optimised in every profile. A program that writes thousands of advices a second need not be.

use crate::advice::Advice;

impl Advice {
    /// Adds this advice as one line of JSON, without an end of line.
    ///
    /// # Errors
    /// None that an advice can cause: every part of it can be written.
    pub fn write_json(&self, into: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(into, self)
    }
}
