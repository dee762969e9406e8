//! One caller's turn: its closure inside the group's transaction, or inside a SAVEPOINT of it.

use super::error::translate;
use crate::tx::{Verdict, Work};
use crate::{DbError, Result, Tx};
use doorstep_planted as planted;
use rusqlite::Connection;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a turn came to, before the group has ended.
pub(crate) enum Outcome {
    /// The closure's changes are in the group's transaction.
    Kept,
    /// The closure wanted no changes, and there are none.
    Undone,
    /// A statement failed, and there are no changes.
    Failed(DbError),
    /// The closure panicked, and there are no changes. The panic goes on in the caller.
    Panicked(Box<dyn Any + Send>),
}

/// A turn that is over.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    /// Whether changes were left behind that nobody wants: only the whole group can be taken back.
    pub(crate) is_tangled: bool,
}

impl Ran {
    fn clean(outcome: Outcome) -> Ran {
        Ran { outcome, is_tangled: false }
    }
}

/// Runs a closure in a savepoint of the open transaction and keeps or undoes what it did.
pub(crate) fn run_apart(connection: &Connection, work: Work<'_>) -> Ran {
    if let Err(error) = step(connection, "SAVEPOINT member") {
        return Ran::clean(Outcome::Failed(error));
    }
    let (outcome, _) = play(connection, work);
    if connection.is_autocommit() {
        return Ran::clean(outcome);
    }
    let settled = match outcome {
        Outcome::Undone if planted::is("keeps-half-of-what-is-undone") => {
            step(connection, "RELEASE member")
        }
        Outcome::Kept => step(connection, "RELEASE member"),
        Outcome::Undone | Outcome::Failed(_) | Outcome::Panicked(_) => {
            step(connection, "ROLLBACK TO member").and_then(|()| step(connection, "RELEASE member"))
        }
    };
    Ran::clean(match settled {
        Ok(()) => outcome,
        // A savepoint that does not settle leaves rows nobody asked for: only the whole group can be given up.
        Err(error) => Outcome::Failed(DbError::Disk(error.to_string())),
    })
}

/// Runs a closure in the open transaction itself, in the hope that it need not be undone.
pub(crate) fn run_together(connection: &Connection, work: Work<'_>) -> Ran {
    let before = connection.total_changes();
    let (outcome, has_run_batch) = play(connection, work);
    let has_written = has_run_batch || connection.total_changes() != before;
    let is_undone = connection.is_autocommit();
    let is_tangled = has_written
        && !matches!(outcome, Outcome::Kept)
        && !is_undone
        && !planted::is("keeps-half-of-what-is-undone");
    Ran { outcome, is_tangled }
}

/// Runs a closure. The second answer is whether it ran statements whose changes SQLite does not count.
fn play(connection: &Connection, work: Work<'_>) -> (Outcome, bool) {
    let mut tx = Tx::sqlite(connection);
    let verdict = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    let has_run_batch = tx.has_run_batch();
    let fault = tx.into_fault();
    let outcome = match (verdict, fault) {
        (Err(payload), _) => Outcome::Panicked(payload),
        // The engine has undone the whole transaction, savepoints and all.
        (Ok(_), fault) if connection.is_autocommit() => {
            Outcome::Failed(fault.unwrap_or(DbError::Full))
        }
        (Ok(Verdict::Keep), None) => Outcome::Kept,
        // A failing statement the closure reports itself is its own business, unless the disk is the cause.
        (Ok(Verdict::Undo), None) => Outcome::Undone,
        (Ok(Verdict::Undo), Some(fault)) if !matters_to_all(&fault) => Outcome::Undone,
        (Ok(_), Some(fault)) => Outcome::Failed(fault),
    };
    (outcome, has_run_batch)
}

fn matters_to_all(fault: &DbError) -> bool {
    matches!(fault, DbError::Disk(_))
}

/// Runs a statement of the transaction's own, such as `COMMIT`, that a connection is given again and again.
pub(super) fn step(connection: &Connection, sql: &str) -> Result<()> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.raw_execute())
        .map(|_| ())
        .map_err(|error| translate(&error))
}
