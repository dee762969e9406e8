//! Cases: their events, their state as it stands, and the row that lists show.
//!
//! Not here: how a case is decided (the case's own crate), and lists (the worklist).
//!
//! **Invariant:** events, state, list row and deadlines change together, in one transaction, by [`append`] alone; the
//! state's `seq` is what a writer checks, so of two who decided on the same state one is told that it is stale.

mod append;
mod check;
mod columns;
mod due;
mod read;

pub use append::{Append, append};
pub(crate) use append::{HEAD_INSERT, HEAD_UPDATE, event_sql};
pub use check::{ReplayVerdict, replay_check};
pub use due::{is_row_due, row_made, rows_due};
pub(crate) use read::by_number_sql;
pub use read::{by_number, count, events, events_after, ids_after, load, record, strays, view};
