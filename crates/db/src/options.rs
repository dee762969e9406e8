//! How a database is to be opened.

use crate::faults::Hook;
use std::fmt;
use std::time::Duration;

/// Which engine is beneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server, shared by any number of processes.
    Postgres,
}

/// What a database is for. It is written into the database when that is made, and checked whenever it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Real people's data.
    Real,
    /// A demonstration world with invented people.
    Demo,
}

impl Kind {
    /// The `application_id` of a SQLite file, in ASCII `DsRe` and `DsDe`, so that `file` and `sqlite3` can tell.
    pub(crate) fn application_id(self) -> i32 {
        match self {
            Kind::Real => 0x4473_5265,
            Kind::Demo => 0x4473_4465,
        }
    }

    pub(crate) fn of_application_id(id: i32) -> Option<Kind> {
        [Kind::Real, Kind::Demo].into_iter().find(|kind| kind.application_id() == id)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Real => "real",
            Kind::Demo => "demo",
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Kind> {
        [Kind::Real, Kind::Demo].into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How to open a database. Start from `OpenOptions::default()`.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// What the database must be for.
    pub kind: Kind,
    /// Whether a file that is not there is made, and an empty database marked with `kind`.
    pub create: bool,
    /// SQLite: how many readers may read at once.
    pub read_connections: usize,
    /// PostgreSQL: how many connections this process holds at most, for reads and writes together.
    pub pool_connections: usize,
    /// How long a call waits for its turn (a lock, a connection) before it is [`crate::DbError::Busy`].
    pub busy_timeout: Duration,
    /// PostgreSQL: how long one statement may run.
    pub statement_timeout: Duration,
    /// PostgreSQL: how long a transaction may stand open and idle before the server ends it.
    pub idle_in_transaction_timeout: Duration,
    /// SQLite: how many transactions may share one flush.
    pub group_max: u32,
    /// SQLite: how long the first transaction of a group may be held up by those that join it.
    pub group_wait_max: Duration,
    /// SQLite: the log is copied back into the file when so many of its pages have not been.
    pub checkpoint_pages: u32,
    /// SQLite: who plays the machine beneath, in a test.
    pub faults: Hook,
    /// SQLite: whether no other process has the file, ever. Then connections keep their locks and the log's index in this
    /// process' memory instead of asking the kernel for each. Who reads what and who waits for whom is the same.
    #[cfg(feature = "faults")]
    pub is_alone: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        OpenOptions {
            kind: Kind::Real,
            create: true,
            read_connections: 4,
            pool_connections: 8,
            busy_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            idle_in_transaction_timeout: Duration::from_mins(1),
            group_max: 128,
            group_wait_max: Duration::from_millis(10),
            // SQLite's own habit is 1,000: a page that many groups have changed is so copied once, and the log stays within 16 MB.
            checkpoint_pages: 4_000,
            faults: Hook::default(),
            #[cfg(feature = "faults")]
            is_alone: false,
        }
    }
}
