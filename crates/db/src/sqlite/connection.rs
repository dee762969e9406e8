//! Opens a SQLite connection with the settings that durability rests on, and reads every one of them back.

use super::error::translate;
use crate::{DbError, Kind, OpenOptions, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::io::ErrorKind;
use std::path::Path;

/// How many prepared statements a connection keeps.
const STATEMENTS_KEPT: usize = 512;

/// Each setting and what it must read back as. Power cuts on ext4 and XFS lost nothing acknowledged with WAL and FULL
/// and hundreds of commits with NORMAL, so a connection that does not take them is not used.
/// Source: the project's own power-cut runs; <https://www.sqlite.org/pragma.html>.
const SETTINGS: [(&str, &str, &str); 8] = [
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    // SQLite's own checkpoint forgets a failed fsync; ours stops the writer (see `writer`).
    ("wal_autocheckpoint", "0", "0"),
    // The log file is cut back to this many bytes when a checkpoint has emptied it, so that a bulk import leaves no giant.
    ("journal_size_limit", "67108864", "67108864"),
    // What a savepoint needs to be undone is kept in memory: each transaction of a group is one.
    ("temp_store", "MEMORY", "2"),
];

/// The pages that the writer keeps, in KiB: those that a group of transactions changes, so that none is written twice.
const WRITER_CACHE: (&str, &str, &str) = ("cache_size", "-65536", "-65536");

/// Opens the connection that writes, makes the file if asked to, and sees that it is of the right kind.
pub(crate) fn open_writer(path: &Path, options: &OpenOptions) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if options.create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
        make_private(path)?;
    }
    let mut connection = open(path, flags, options)?;
    check_kind(&mut connection, options)?;
    settle(&connection, options)?;
    set(&connection, WRITER_CACHE)?;
    Ok(connection)
}

/// Makes the file where it is not there, for this user only. What SQLite writes beside it is as private as it is.
fn make_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    match options.write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(DbError::Setting("the file cannot be made: check the path".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Opens a connection that can only read. The writer is open already, so the file is there and of the right kind.
pub(crate) fn open_reader(path: &Path, options: &OpenOptions) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags, options)?;
    settle(&connection, options)?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags, options: &OpenOptions) -> Result<Connection> {
    let connection = connect(path, flags, options)
        .map_err(|_| DbError::Setting("the file cannot be opened: check the path".to_owned()))?;
    connection.busy_timeout(options.busy_timeout).map_err(|error| translate(&error))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // Without it SQLite plans every statement with a LIMIT anew for each value that is bound to it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|error| translate(&error))?;
    Ok(connection)
}

#[cfg(not(feature = "faults"))]
fn connect(path: &Path, flags: OpenFlags, _: &OpenOptions) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, flags)
}

#[cfg(feature = "faults")]
fn connect(path: &Path, flags: OpenFlags, options: &OpenOptions) -> rusqlite::Result<Connection> {
    if options.is_alone {
        // Source: <https://www.sqlite.org/vfs.html>, the standard Unix VFSes.
        return Connection::open_with_flags_and_vfs(path, flags, c"unix-excl");
    }
    Connection::open_with_flags(path, flags)
}

/// Sets every setting and reads it back.
fn settle(connection: &Connection, options: &OpenOptions) -> Result<()> {
    for setting in SETTINGS {
        set(connection, setting)?;
    }
    expect(connection, "busy_timeout", &options.busy_timeout.as_millis().to_string())
}

fn set(connection: &Connection, (name, value, wanted): (&str, &str, &str)) -> Result<()> {
    connection
        .execute_batch(&format!("PRAGMA {name} = {value}"))
        .map_err(|error| translate(&error))?;
    expect(connection, name, wanted)
}

fn expect(connection: &Connection, name: &str, wanted: &str) -> Result<()> {
    let found = pragma(connection, name)?;
    if found == wanted {
        return Ok(());
    }
    Err(DbError::Setting(format!("SQLite keeps {name} at {found}, but it must be {wanted}")))
}

/// Returns a setting as text.
pub(crate) fn pragma(connection: &Connection, name: &str) -> Result<String> {
    use rusqlite::types::Value as V;
    let value = connection
        .query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, V>(0))
        .map_err(|error| translate(&error))?;
    Ok(match value {
        V::Integer(value) => value.to_string(),
        V::Text(value) => value,
        V::Null | V::Real(_) | V::Blob(_) => String::new(),
    })
}

/// Marks a new file with its kind, and refuses a file of another kind or of another program.
fn check_kind(connection: &mut Connection, options: &OpenOptions) -> Result<()> {
    let found = application_id(connection)?;
    if found == 0 {
        return mark(connection, options);
    }
    same_kind(found, options.kind)
}

fn mark(connection: &mut Connection, options: &OpenOptions) -> Result<()> {
    // Two processes may make the file at the same moment: look again once the other is out of the way.
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| not_ours(&error))?;
    let found = application_id(&tx)?;
    if found != 0 {
        return same_kind(found, options.kind);
    }
    let n_tables: i64 = tx
        .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| translate(&error))?;
    if n_tables > 0 || !options.create {
        return Err(DbError::Setting("the file is not a Doorstep database: check the path".into()));
    }
    let id = options.kind.application_id();
    tx.execute_batch(&format!("PRAGMA application_id = {id}"))
        .and_then(|()| tx.commit())
        .map_err(|error| translate(&error))?;
    same_kind(application_id(connection)?, options.kind)
}

fn same_kind(application_id: i32, wanted: Kind) -> Result<()> {
    match Kind::of_application_id(application_id) {
        Some(found) if found == wanted => Ok(()),
        Some(found) => Err(DbError::Kind { wanted, found }),
        None => Err(DbError::Setting("the file belongs to another program: check the path".into())),
    }
}

fn application_id(connection: &Connection) -> Result<i32> {
    connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(|error| not_ours(&error))
}

fn not_ours(error: &rusqlite::Error) -> DbError {
    match translate(error) {
        DbError::Disk(why) => DbError::Setting(format!("the file cannot be read: {why}")),
        other => other,
    }
}
