//! One caller's turn: its closure inside a SAVEPOINT of the group's transaction.

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

/// Runs a closure in a savepoint of the open transaction and keeps or undoes what it did.
pub(crate) fn run(connection: &Connection, work: Work<'_>) -> Outcome {
    if let Err(error) = step(connection, "SAVEPOINT member") {
        return Outcome::Failed(error);
    }
    let mut tx = Tx::sqlite(connection);
    let verdict = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    let fault = tx.into_fault();
    if connection.is_autocommit() {
        // The engine has undone the whole transaction, savepoints and all.
        return match verdict {
            Err(payload) => Outcome::Panicked(payload),
            Ok(_) => Outcome::Failed(fault.unwrap_or(DbError::Full)),
        };
    }
    let outcome = match (verdict, fault) {
        (Err(payload), _) => Outcome::Panicked(payload),
        (Ok(Verdict::Keep), None) => Outcome::Kept,
        // A failing statement the closure reports itself is its own business, unless the disk is the cause.
        (Ok(Verdict::Undo), None) => Outcome::Undone,
        (Ok(Verdict::Undo), Some(fault)) if !matters_to_all(&fault) => Outcome::Undone,
        (Ok(_), Some(fault)) => Outcome::Failed(fault),
    };
    let settled = match outcome {
        Outcome::Undone if planted::is("keeps-half-of-what-is-undone") => {
            step(connection, "RELEASE member")
        }
        Outcome::Kept => step(connection, "RELEASE member"),
        Outcome::Undone | Outcome::Failed(_) | Outcome::Panicked(_) => {
            step(connection, "ROLLBACK TO member").and_then(|()| step(connection, "RELEASE member"))
        }
    };
    match settled {
        Ok(()) => outcome,
        // A savepoint that does not settle leaves rows nobody asked for: only the whole group can be given up.
        Err(error) => Outcome::Failed(DbError::Disk(error.to_string())),
    }
}

fn matters_to_all(fault: &DbError) -> bool {
    matches!(fault, DbError::Disk(_))
}

fn step(connection: &Connection, sql: &str) -> Result<()> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.raw_execute())
        .map(|_| ())
        .map_err(|error| translate(&error))
}
