//! Copies a SQLite file page by page. Never by copying the file: without its log that is an older or a torn database.

use crate::sqlite::error::translate;
use crate::{DbError, Result};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How many pages are copied between two looks at the clock of the backup call.
const PAGES_A_STEP: i32 = 4096;

/// Copies the file at `from` to `to` as it stands at one moment, checks the copy, and returns its pages.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<Option<u64>> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| failed("the database cannot be read", &error))?;
    source.busy_timeout(Duration::from_secs(10)).map_err(|error| failed("settings", &error))?;
    // An open snapshot keeps the copy at one moment: without it each write would make the copy start over.
    source
        .execute_batch("BEGIN; SELECT COUNT(*) FROM sqlite_schema")
        .map_err(|error| failed("the database cannot be read", &error))?;
    let mut target =
        Connection::open(to).map_err(|error| failed("the file cannot be made", &error))?;
    let pages = copy_pages(&source, &mut target)?;
    check(&target)?;
    target.close().map_err(|(_, error)| failed("the copy cannot be closed", &error))?;
    Ok(Some(pages))
}

fn copy_pages(source: &Connection, target: &mut Connection) -> Result<u64> {
    let backup = Backup::new(source, target).map_err(|error| failed("the copy", &error))?;
    loop {
        match backup.step(PAGES_A_STEP).map_err(|error| failed("the copy", &error))? {
            StepResult::Done => break,
            StepResult::More => {}
            _ => return Err(DbError::Busy),
        }
    }
    Ok(u64::try_from(backup.progress().pagecount).unwrap_or_default())
}

/// Reads every page and index and compares them.
pub(crate) fn check(connection: &Connection) -> Result<()> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| translate(&error))?;
    if found == "ok" {
        return Ok(());
    }
    // What is found names pages, tables and indexes, no values.
    Err(DbError::Disk(found))
}

fn failed(what: &str, error: &rusqlite::Error) -> DbError {
    match translate(error) {
        error @ (DbError::Busy | DbError::Full) => error,
        error => DbError::Backup(format!("{what}: {error}")),
    }
}
