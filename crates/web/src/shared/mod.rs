//! What slices share. A slice imports this and the core, never another slice.

pub mod access;
pub mod app;
pub mod assets;
pub mod changed;
pub mod colleagues;
pub mod examples;
pub mod force;
pub mod form;
pub mod frame;
pub mod guard;
pub mod headers;
pub mod incoming;
pub mod page;
pub mod passkey;
pub mod password;
pub mod pending;
pub mod purpose;
pub mod record;
pub mod requests;
pub mod secret;
pub mod step_up;
pub mod throttle;
pub mod time;
pub mod ui;
pub mod visit;
pub mod would_change;
