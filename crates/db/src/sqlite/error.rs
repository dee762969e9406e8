//! SQLite's errors in the crate's words.

use crate::DbError;
use rusqlite::{Error, ErrorCode, ffi};

/// Returns the crate's error for one of SQLite's. Its messages name tables and columns, never values.
pub(crate) fn translate(error: &Error) -> DbError {
    match error {
        Error::SqliteFailure(failure, message) => {
            failed(*failure, message.as_deref().unwrap_or("no message"))
        }
        Error::SqlInputError { error, msg, offset, .. } => {
            failed(*error, &format!("{msg} (at byte {offset})"))
        }
        Error::MultipleStatement => DbError::Engine("more than one statement".to_owned()),
        _ => DbError::Engine("the driver refused the call".to_owned()),
    }
}

fn failed(failure: ffi::Error, message: &str) -> DbError {
    match failure.code {
        ErrorCode::ConstraintViolation => constraint(failure.extended_code, message),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DbError::Busy,
        ErrorCode::DiskFull => DbError::Full,
        // The shared-memory file could not grow: that is a full disk too, and no write to the log has been lost.
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            DbError::Full
        }
        ErrorCode::SystemIoFailure
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::CannotOpen => DbError::Disk(message.to_owned()),
        _ => DbError::Engine(message.to_owned()),
    }
}

fn constraint(extended_code: i32, message: &str) -> DbError {
    let name = message.split_once(": ").map_or(message, |(_, name)| name).to_owned();
    match extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => DbError::Unique { constraint: name },
        _ => DbError::Constraint { constraint: name },
    }
}
