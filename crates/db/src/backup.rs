//! Copies a database to a file while it is in use, and makes a database out of such a file again.
//!
//! SQLite is copied by its own backup call, the copy is checked before it gets its name. PostgreSQL is dumped and restored
//! by its own well-kept tools, `pg_dump` and `pg_restore`, which must be installed.

mod postgres;
mod sqlite;

use crate::db::Inner;
use crate::postgres::is_url;
use crate::{Db, DbError, OpenOptions, Result, params};
use std::path::Path;

/// A backup that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    /// SQLite's pages in the copy; `None` for a dump.
    pub pages: Option<u64>,
    /// The file's size in bytes.
    pub bytes: u64,
}

impl Db {
    /// Copies the database to a file that is not there yet, as it stands at one moment. Reading and writing go on.
    ///
    /// # Errors
    /// `Backup` when the file exists, when the copy does not pass its check, or when `pg_dump` is missing or fails. The
    /// file is then not there.
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<Backup> {
        let path = path.as_ref();
        if path.exists() {
            return Err(DbError::Backup("the file is there already: name another".to_owned()));
        }
        let partial = path.with_added_extension("partial");
        let made = match &self.inner {
            Inner::Sqlite(sqlite) => sqlite::copy(&sqlite.path, &partial),
            Inner::Postgres(pool) => postgres::dump(&pool.address, &partial),
        };
        let kept = made.and_then(|pages| Ok(Backup { pages, bytes: keep(&partial, path)? }));
        if kept.is_err() && partial.exists() && std::fs::remove_file(&partial).is_err() {
            tracing::warn!("an unfinished backup was left behind");
        }
        kept
    }

    /// Reads the whole database and says whether it is sound. On PostgreSQL it reads what the server checks by itself:
    /// with `data_checksums` on, a damaged page is an error of the statement that meets it.
    ///
    /// # Errors
    /// `Disk` with what was found.
    pub fn integrity_check(&self) -> Result<()> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.readers.with(sqlite::check),
            Inner::Postgres(_) => self.read(|tx| {
                for row in tx.query(postgres::TABLES, params![])? {
                    tx.query(
                        &format!("SELECT COUNT(*) AS n FROM {}", row.text("name")?),
                        params![],
                    )?;
                }
                Ok(())
            }),
        }
    }
}

/// Makes a database out of a backup: a file's path that is not there yet, or the URL of an empty PostgreSQL database.
///
/// # Errors
/// `Backup` when the place is taken, when the backup is damaged or of the other engine, or when `pg_restore` is missing.
pub fn restore(backup: impl AsRef<Path>, url_or_path: &str, options: &OpenOptions) -> Result<Db> {
    let backup = backup.as_ref();
    if is_url(url_or_path) {
        postgres::restore(backup, url_or_path, options)?;
    } else {
        let path = Path::new(url_or_path);
        if path.exists() {
            return Err(DbError::Backup(
                "the file to restore to is there already: name another".to_owned(),
            ));
        }
        let partial = path.with_added_extension("partial");
        sqlite::copy(backup, &partial)?;
        keep(&partial, path)?;
    }
    Db::open_with(url_or_path, &OpenOptions { create: false, ..options.clone() })
}

/// Flushes a finished file, gives it its name, and flushes the name. Returns its size.
fn keep(partial: &Path, path: &Path) -> Result<u64> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let kept = || {
        let file = std::fs::File::open(partial)?;
        file.sync_all()?;
        std::fs::rename(partial, path)?;
        std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(file.metadata()?.len())
    };
    kept().map_err(|error: std::io::Error| DbError::Backup(error.kind().to_string()))
}
