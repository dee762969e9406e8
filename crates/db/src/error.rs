//! What can go wrong with a database, told in a few kinds that a caller acts on differently.

use crate::Kind;
use thiserror::Error;

/// The result of a database call.
pub type Result<T> = std::result::Result<T, DbError>;

/// Why a database call did not do what was asked. No text here holds a value of a row or of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DbError {
    /// A row with this key is there already. `constraint` is PostgreSQL's constraint name, or SQLite's `table.column` list.
    #[error("the row already exists ({constraint})")]
    Unique {
        /// Which key was met: a name, never a value.
        constraint: String,
    },
    /// A foreign key, check or not-null rule was broken.
    #[error("a rule of the table refuses the row ({constraint})")]
    Constraint {
        /// Which rule was broken: a name, never a value.
        constraint: String,
    },
    /// Others were in the way for too long. Nothing was written.
    #[error("the database is busy: try again")]
    Busy,
    /// No room is left on the disk. Nothing was written; reads go on, and writes too once there is room.
    #[error("the database's disk is full: make room, then try again")]
    Full,
    /// The database server does not answer. Nothing was written.
    #[error("the database server cannot be reached: {0}")]
    Away(String),
    /// Writing met an I/O error earlier on, so nothing more is written by this process: it should exit and be started again.
    #[error("writing has stopped after a disk error: restart the program")]
    Broken,
    /// The disk answered a read or write with an error, or the file is damaged.
    #[error("the disk or the database file has failed: {0}")]
    Disk(String),
    /// The connection was lost during the commit: the transaction may or may not have happened. Ask again with the same key.
    #[error(
        "the connection was lost during the commit, so the outcome is unknown: repeat with the same key"
    )]
    Unknown,
    /// The engine refused the statement.
    #[error("the database refused the statement: {0}")]
    Engine(String),
    /// A column is not in the answer, or not of the type asked for.
    #[error("column `{name}` {why}")]
    Column {
        /// The column's name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The parameters do not fit the statement.
    #[error("the parameters do not fit the statement: {0}")]
    Params(String),
    /// A database of the other kind: a demonstration must never touch real data, nor the other way round.
    #[error("this is a {found} database, but a {wanted} one was asked for: check the address")]
    Kind {
        /// What the program wanted to open.
        wanted: Kind,
        /// What it found.
        found: Kind,
    },
    /// The database cannot be used as it stands; the text says what to change.
    #[error("the database cannot be opened: {0}")]
    Setting(String),
    /// A migration cannot be applied, or the database does not fit this program.
    #[error("migration {number}: {why}")]
    Migration {
        /// The migration's number.
        number: u32,
        /// What is wrong and what to do.
        why: String,
    },
    /// A backup or restore did not finish.
    #[error("the backup failed: {0}")]
    Backup(String),
}

impl DbError {
    /// Returns whether the same call may succeed later with nothing changed but time. `Unknown` counts only for a caller
    /// whose request carries a key under which a repeat is recognised, so it is not among them.
    pub fn is_retryable(&self) -> bool {
        matches!(self, DbError::Busy | DbError::Full | DbError::Away(_))
    }
}
