//! The tamper-evident log: bytes in; tree head, signed checkpoint and proofs out.
//!
//! Pure, and knows nothing of reports.
