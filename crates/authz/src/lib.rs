//! Who may do what, as pure functions over one table: a role may do a thing ([`Permission`]), a person sees a case
//! ([`Sight`]), and what a role is shown of it is a list of fields ([`Fields`]).
//!
//! Not here: who is signed in, and any reading. The shell loads what a decision needs, and the store makes the words of a
//! query from the same [`Sight`] that decides about one case: a list is the filter of what may be opened.
//!
//! **Invariant:** deny by default. What no row of the table and no relation allows is not allowed, and each decision names
//! its [`Rule`], which stands in the audit record.

mod decide;
mod fields;
mod permission;
mod sight;

pub use decide::{Decision, Rule, may};
pub use fields::{CELL_MIN, Cell, Fields};
pub use permission::{Outsider, PERMISSIONS, Permission};
pub use sight::{CaseFacts, Grant, Reach, Sight, Walls};
