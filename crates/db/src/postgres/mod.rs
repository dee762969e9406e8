//! The PostgreSQL engine: a fixed pool of sessions, each closure in its own REPEATABLE READ transaction.

mod address;
mod error;
mod kind;
mod pool;
mod session;
mod transaction;
mod values;

pub(crate) use address::{Address, is_url};
#[cfg(feature = "testing")]
pub(crate) use error::translate;
pub(crate) use kind::check_kind;
pub(crate) use pool::Pool;
pub(crate) use session::Session;
