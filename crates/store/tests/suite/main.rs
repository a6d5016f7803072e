//! What every store promises, and what the SQLite one promises beyond that.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking; helpers beside them do as well"
)]

mod changes;
mod conformance;
mod data_table;
mod erasing;
mod exporting;
mod fixture;
mod forms;
mod keyring;
mod kill;
mod model;
mod opening;
mod random;
mod reached;
mod rotation;
mod rows;
mod secrecy;
mod signing;
mod standing;
mod tampering;

mod sqlite {
    super::conformance::suite!(crate::fixture::sqlite);
}

/// The model that random commands are compared with has to keep the same promises.
mod in_memory {
    super::conformance::suite!(crate::model::empty);
}
