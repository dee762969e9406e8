//! The world that the tests share, and what holds for any case whatever its history.

mod effects;
mod histories;
mod past;
mod requirements;
pub(crate) mod world;
