//! The database a program holds: opened once, shared by all its threads.

use crate::nesting::{Inside, db_number};
use crate::postgres::{self, Address, Pool, is_url};
use crate::sqlite::{self, Sqlite};
use crate::stats::{Counters, count};
use crate::tx::{Verdict, Work};
use crate::{DbError, Engine, OpenOptions, Result, Stats, Tx};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Transactions that take longer than this are named in the log.
const SLOW: Duration = Duration::from_secs(1);

/// A database, on either engine.
pub struct Db {
    pub(crate) inner: Inner,
    number: u64,
    counters: Arc<Counters>,
}

pub(crate) enum Inner {
    Sqlite(Sqlite),
    Postgres(Pool),
}

impl Db {
    /// Opens a database for real data: a file's path, or `postgres://…`. A file that is not there is made.
    pub fn open(url_or_path: &str) -> Result<Db> {
        Db::open_with(url_or_path, &OpenOptions::default())
    }

    /// Opens a database: a file's path, or a URL.
    ///
    /// URLs: `postgres://USER@localhost/NAME`, or `postgres:///NAME?host=/var/run/postgresql&user=USER` for a socket. There
    /// is no TLS yet, so a server on another machine is refused unless the URL says `sslmode=disable`.
    ///
    /// # Errors
    /// `Kind` when the database is of the other kind, `Setting` when it cannot be used as it stands.
    pub fn open_with(url_or_path: &str, options: &OpenOptions) -> Result<Db> {
        let counters = Arc::new(Counters::default());
        let inner = if is_url(url_or_path) {
            let address = Address::parse(url_or_path, options)?;
            Inner::Postgres(Pool::new(address, options, Arc::clone(&counters)))
        } else {
            Inner::Sqlite(Sqlite::open(Path::new(url_or_path), options, Arc::clone(&counters))?)
        };
        let db = Db { inner, number: db_number(), counters };
        if db.engine() == Engine::Postgres {
            postgres::check_kind(&db, options)?;
        }
        Ok(db)
    }

    /// Runs a closure as one named transaction, and keeps its changes when it returns `Ok`.
    ///
    /// `Ok` comes back only once the changes are durable. The closure may be run more than once, so it must change nothing
    /// but the database. On PostgreSQL it is run again, up to 3 times, when another transaction was in the way; on SQLite,
    /// mostly once, when somebody who wrote in the same moment had to be undone.
    ///
    /// # Errors
    /// The closure's own, or a [`DbError`] of the transaction: then nothing was written, except after `Unknown`.
    ///
    /// # Panics
    /// When called inside another transaction of the same `Db`, and when the closure panics (which undoes its changes).
    pub fn write<T, E: From<DbError>>(
        &self,
        name: &'static str,
        mut work: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.answer(name, &mut work, |db, work| match &db.inner {
            Inner::Sqlite(sqlite) => sqlite.writer.write(name, work),
            Inner::Postgres(pool) => pool.write(work),
        })
    }

    /// Says that this caller will write as soon as it has worked out what, so that those who write meanwhile share a flush
    /// with it. They wait for [`OpenOptions::group_wait_max`] at most: announce what takes a millisecond, not what takes a
    /// second. In between, write nothing else.
    pub fn announce(&self) -> Announced<'_> {
        if let Inner::Sqlite(sqlite) = &self.inner {
            sqlite.writer.announce();
        }
        Announced { db: self, is_kept: false }
    }

    /// Runs a closure on a read-only snapshot. Readers and writers do not wait for each other.
    ///
    /// # Errors
    /// The closure's own, or a [`DbError`] of the transaction.
    ///
    /// # Panics
    /// When called inside another transaction of the same `Db`, and when the closure panics.
    pub fn read<T, E: From<DbError>>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        count(&self.counters.reads);
        self.answer("read", &mut work, |db, work| match &db.inner {
            Inner::Sqlite(sqlite) => sqlite.readers.read(work),
            Inner::Postgres(pool) => pool.read(work),
        })
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns whether writing has stopped for good: the process should exit, and recover when it is started again.
    pub fn is_broken(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.writer.is_broken(),
            Inner::Postgres(_) => false,
        }
    }

    /// Returns what has been done since the database was opened.
    pub fn stats(&self) -> Stats {
        self.counters.read_out()
    }

    /// Prepares a statement without running it, and says what is wrong with it. For `check-sql`.
    pub fn prepare_check(&self, sql: &str) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(sqlite) => {
                sqlite.readers.with(|connection| sqlite::statement::check(connection, sql))
            }
            Inner::Postgres(pool) => pool.take()?.check(sql),
        }
    }

    pub(crate) fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Returns a `Db` on connections of its own that counts with this one.
    pub(crate) fn beside(&self, pool: Pool) -> Db {
        Db { inner: Inner::Postgres(pool), number: db_number(), counters: self.counters() }
    }

    /// Puts the closure's answer aside while an engine runs it, so that the engines need not be generic.
    fn answer<T, E: From<DbError>>(
        &self,
        name: &'static str,
        work: &mut dyn FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
        run: impl FnOnce(&Db, Work<'_>) -> Result<()>,
    ) -> std::result::Result<T, E> {
        Inside::refuse(self.number, name);
        let began = Instant::now();
        let mut answer = None;
        let ran = run(self, &mut |tx| {
            let _inside = Inside::enter(self.number, name);
            let result = work(tx);
            let verdict = if result.is_ok() { Verdict::Keep } else { Verdict::Undo };
            answer = Some(result);
            verdict
        });
        self.told(name, began.elapsed(), &ran);
        ran?;
        answer.expect("an engine that says all is well has run the closure")
    }

    fn told(&self, name: &'static str, took: Duration, ran: &Result<()>) {
        self.counters.named(name, took);
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        match ran {
            Err(error) => {
                tracing::warn!(tx = name, took_ms, "transaction \"{name}\" failed: {error}");
            }
            Ok(()) if took > SLOW => {
                tracing::warn!(tx = name, took_ms, "transaction \"{name}\" was slow");
            }
            Ok(()) => tracing::trace!(tx = name, took_ms, "transaction \"{name}\""),
        }
    }
}

/// A caller that will write. Dropped without writing, it holds nobody up any more.
#[must_use = "others wait for what was announced"]
pub struct Announced<'a> {
    db: &'a Db,
    is_kept: bool,
}

impl Announced<'_> {
    /// Writes what was announced: see [`Db::write`].
    ///
    /// # Errors
    /// Those of [`Db::write`].
    ///
    /// # Panics
    /// As [`Db::write`] does.
    pub fn write<T, E: From<DbError>>(
        mut self,
        name: &'static str,
        mut work: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let db = self.db;
        db.answer(name, &mut work, |db, work| match &db.inner {
            Inner::Sqlite(sqlite) => {
                // From here on the writer counts.
                self.is_kept = true;
                sqlite.writer.write_announced(name, work)
            }
            Inner::Postgres(pool) => pool.write(work),
        })
    }
}

impl Drop for Announced<'_> {
    fn drop(&mut self) {
        if let (false, Inner::Sqlite(sqlite)) = (self.is_kept, &self.db.inner) {
            sqlite.writer.take_back();
        }
    }
}
