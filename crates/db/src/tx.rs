//! An open transaction, as a closure given to `Db::write` or `Db::read` sees it.

use crate::draft::{Draft, unanswerable};
use crate::{DbError, Engine, Result, Row, Value, postgres, sqlite};

/// An open transaction. It cannot be committed from inside: that is what the closure's `Ok` is for.
pub struct Tx<'a> {
    inner: Inner<'a>,
    fault: Option<DbError>,
    has_begun: bool,
    has_run_batch: bool,
}

enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgres::Session),
    Draft(Engine, &'a mut Draft),
}

/// Whether a closure wants its transaction kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Keep,
    Undo,
}

/// A closure with its answer put aside, so that the engines need not be generic.
pub(crate) type Work<'a> = &'a mut dyn FnMut(&mut Tx<'_>) -> Verdict;

impl<'a> Tx<'a> {
    pub(crate) fn sqlite(connection: &'a rusqlite::Connection) -> Tx<'a> {
        Tx { inner: Inner::Sqlite(connection), fault: None, has_begun: false, has_run_batch: false }
    }

    pub(crate) fn postgres(session: &'a mut postgres::Session) -> Tx<'a> {
        Tx { inner: Inner::Postgres(session), fault: None, has_begun: false, has_run_batch: false }
    }

    pub(crate) fn draft(engine: Engine, draft: &'a mut Draft) -> Tx<'a> {
        Tx {
            inner: Inner::Draft(engine, draft),
            fault: None,
            has_begun: false,
            has_run_batch: false,
        }
    }

    /// Runs a statement and returns how many rows it touched.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        self.has_begun = true;
        self.run(|inner| match inner {
            Inner::Sqlite(connection) => sqlite::statement::execute(connection, sql, params),
            Inner::Postgres(session) => session.execute(sql, params),
            Inner::Draft(_, draft) => {
                draft.note(sql, params);
                Ok(1)
            }
        })
    }

    /// Runs a statement and returns its rows, all of them: every list has a `LIMIT`.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.has_begun = true;
        self.run(|inner| match inner {
            Inner::Sqlite(connection) => sqlite::statement::query(connection, sql, params),
            Inner::Postgres(session) => session.query(sql, params),
            Inner::Draft(engine, _) => Err(unanswerable(*engine)),
        })
    }

    /// Runs a statement that has at most one row, and returns it. More than one is an error: the key was not a key.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        let mut rows = self.query(sql, params)?;
        if rows.len() > 1 {
            return Err(DbError::Engine(format!(
                "{} rows where at most one was expected",
                rows.len()
            )));
        }
        Ok(rows.pop())
    }

    /// Returns the fragment that makes a claim pass over rows another worker holds. SQLite has one writer and needs none.
    pub fn skip_locked(&self) -> &'static str {
        match self.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// Waits until no other transaction holds `key`, and holds it until this one has ended. SQLite has one writer and needs none.
    ///
    /// See [`Tx::lock_all`].
    ///
    /// # Panics
    /// When a statement was run before.
    pub fn lock(&mut self, key: i64) -> Result<()> {
        self.lock_all(&[key])
    }

    /// Takes several locks, one after another in the order given: in one order for all, or two would wait for each other.
    ///
    /// It must come before the first statement: PostgreSQL freezes what a transaction sees at its first statement, and a
    /// transaction that looked first and waited after would not see what the one it waited for has written.
    ///
    /// # Panics
    /// When a statement was run before.
    pub fn lock_all(&mut self, keys: &[i64]) -> Result<()> {
        assert!(!self.has_begun, "a transaction takes its locks before its first statement");
        self.run(|inner| match inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(session) => session.lock(keys),
            Inner::Draft(engine, _) => Err(unanswerable(*engine)),
        })
    }

    /// Returns the engine, for the few modules whose text must differ (full-text search).
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
            Inner::Draft(engine, _) => engine,
        }
    }

    /// Runs several statements at once, without parameters. For migrations.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        (self.has_begun, self.has_run_batch) = (true, true);
        self.run(|inner| match inner {
            Inner::Sqlite(connection) => {
                connection.execute_batch(sql).map_err(|error| sqlite::error::translate(&error))
            }
            Inner::Postgres(session) => session.batch(sql),
            Inner::Draft(engine, _) => Err(unanswerable(*engine)),
        })
    }

    /// Returns whether statements were run whose changes no engine counts, such as those of a migration.
    pub(crate) fn has_run_batch(&self) -> bool {
        self.has_run_batch
    }

    /// Returns the error that ended the transaction, if one did: even if the closure took no notice of it.
    pub(crate) fn into_fault(self) -> Option<DbError> {
        self.fault
    }

    fn run<T>(&mut self, call: impl FnOnce(&mut Inner<'a>) -> Result<T>) -> Result<T> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let result = call(&mut self.inner);
        if let Err(error) = &result {
            self.fault = Some(error.clone());
        }
        result
    }
}
