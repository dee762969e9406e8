//! A fixed set of connections that can only read. In WAL mode they neither wait for the writer nor hold it up.

use super::connection::open_reader;
use super::turn::step;
use crate::faults::Hook;
use crate::tx::{Verdict, Work};
use crate::{DbError, OpenOptions, Result, Tx};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The read connections that are free.
pub(crate) struct Readers {
    free: Mutex<Vec<Connection>>,
    returned: Condvar,
    wait_max: Duration,
    faults: Hook,
}

impl Readers {
    pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<Readers> {
        let n_connections = options.read_connections.max(1);
        let free = (0..n_connections).map(|_| open_reader(path, options)).collect::<Result<_>>()?;
        Ok(Readers {
            free: Mutex::new(free),
            returned: Condvar::new(),
            wait_max: options.busy_timeout,
            faults: options.faults.clone(),
        })
    }

    /// Runs a closure on a snapshot: what is committed while it runs it does not see.
    pub(crate) fn read(&self, work: Work<'_>) -> Result<()> {
        self.faults.before_read()?;
        self.with(|connection| {
            step(connection, "BEGIN")?;
            let mut tx = Tx::sqlite(connection);
            let verdict = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
            let fault = tx.into_fault();
            let ended = step(connection, "ROLLBACK");
            match (verdict, fault) {
                (Err(payload), _) => resume_unwind(payload),
                (Ok(Verdict::Keep), Some(fault)) => Err(fault),
                (Ok(_), Some(_)) => Ok(()),
                (Ok(_), None) => ended,
            }
        })
    }

    /// Lends a read connection, outside any transaction.
    pub(crate) fn with<T>(&self, call: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let loan = Loan { connection: Some(self.take()?), readers: self };
        let connection = loan.connection.as_ref().expect("a loan has its connection until dropped");
        call(connection)
    }

    fn take(&self) -> Result<Connection> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, _) = self
            .returned
            .wait_timeout_while(free, self.wait_max, |free| free.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        free.pop().ok_or(DbError::Busy)
    }
}

/// Gives the connection back also when the closure panics.
struct Loan<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            self.readers.returned.notify_one();
        }
    }
}
