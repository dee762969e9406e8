//! All the SQL.
//!
//! One module a subject, with the same text for both engines. Functions take an open [`Tx`](doorstep_db::Tx); they
//! never begin or commit, so that a caller decides what belongs together. Rows read are plain structs that pages show
//! as they are.
//!
//! Deliberately absent: rules of any kind (they are in the case), permissions (a [`Scope`] is made elsewhere and only
//! asked for here), clocks and chance (times, ids and tokens are arguments).
//!
//! **Invariant:** every read of case data takes a [`Scope`]; the few without one are for writing and say so.
//!
//! **Invariant:** personal data leaves its [`Phi`](doorstep_vocab::Phi) only in `people::columns`, to become a column.
//!
//! **Invariant:** lists have a limit and a total order, and go on from a cursor, never by counting rows off.

pub mod absences;
pub mod access;
pub mod audit;
pub mod blobs;
pub mod board;
pub mod calls;
pub mod cases;
pub mod census;
pub mod checkups;
pub mod complaints;
pub mod contacts;
pub mod deadlines;
pub mod documents;
mod error;
pub mod escalations;
pub mod facts;
pub mod imports;
pub mod inbox;
pub mod jobs;
mod json;
pub mod looks;
pub mod matching;
pub mod members;
pub mod messages;
pub mod notes;
pub mod numbers;
pub mod people;
pub mod presence;
pub mod providers;
pub mod quality;
pub mod receipts;
pub mod rota;
pub mod schema;
mod scope;
pub mod search;
mod sql;
pub mod staff;
pub mod statements;
#[cfg(test)]
mod tests;
pub mod users;
pub mod views;
pub mod walls;
pub mod worklist;

pub use error::{Result, StoreError};
pub use scope::Scope;
