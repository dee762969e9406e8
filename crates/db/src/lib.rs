//! One SQL text, two engines: the only crate that names a driver.
//!
//! A program opens a [`Db`] on a SQLite file or a PostgreSQL URL and from then on does not know which it got.
//! It writes in a named transaction, [`Db::write`], and reads in another, [`Db::read`]; inside, a [`Tx`] runs the same
//! SQL text on both engines with `$1 … $n` placeholders and three column types: `BIGINT`, `TEXT`, `BYTEA`.
//!
//! Deliberately absent: tables (the crate knows none but its own migration list), a query builder, traits over the
//! engines, async. The crate reads no clock but a monotonic one, for waiting and for measuring.
//!
//! Invariants:
//! - `Ok` from [`Db::write`] means durable: on SQLite after the `fsync` (`synchronous=FULL`), on PostgreSQL after a
//!   commit with `synchronous_commit` on. So does a refusal, because it may rest on rows of a neighbour's transaction.
//! - A statement that fails ends its transaction on both engines, as PostgreSQL has it. Use `ON CONFLICT`.
//! - After an I/O error while writing, nothing more is written through the same [`Db`]: the process should exit.
//! - No error text contains a value of a row or of a parameter.

mod backup;
mod db;
mod draft;
mod error;
mod facts;
mod faults;
mod migrate;
mod nesting;
mod options;
mod postgres;
mod row;
mod sqlite;
mod stats;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod value;

pub use backup::{Backup, restore};
pub use db::{Announced, Db};
pub use draft::Draft;
pub use error::{DbError, Result};
pub use facts::{Fact, Facts};
pub use faults::Hook;
#[cfg(feature = "faults")]
pub use faults::{Fault, Faults, Point};
pub use migrate::{Applied, Migration};
pub use options::{Engine, Kind, OpenOptions};
pub use row::Row;
pub use stats::{NamedStats, Stats};
pub use tx::Tx;
pub use value::Value;
