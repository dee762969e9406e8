//! Copies a database to a file while it is in use, and makes a database out of such a file again.
//!
//! SQLite is copied by its own backup call, the copy is checked before it gets its name. PostgreSQL is dumped and restored
//! by its own well-kept tools, `pg_dump` and `pg_restore`, which must be installed.

mod postgres;
mod sqlite;

use crate::db::Inner;
use crate::postgres::is_url;
use crate::{Db, DbError, OpenOptions, Result, Tx, params};
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
        self.backup_and(path, |_| Ok(())).map(|(backup, ())| backup)
    }

    /// Does the same, and reads something at the very moment that the copy shows: what whoever restores it may expect.
    ///
    /// # Errors
    /// Those of [`Db::backup_to`], and those of `look`.
    pub fn backup_and<T, E: From<DbError>>(
        &self,
        path: impl AsRef<Path>,
        look: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(Backup, T), E> {
        let path = path.as_ref();
        if path.exists() {
            let why = "the file is there already: name another".to_owned();
            return Err(DbError::Backup(why).into());
        }
        let partial = path.with_added_extension("partial");
        let kept = self.copy_and(&partial, look).and_then(|(pages, seen)| {
            let bytes = keep(&partial, path)?;
            Ok((Backup { pages, bytes }, seen))
        });
        if kept.is_err() && partial.exists() && std::fs::remove_file(&partial).is_err() {
            tracing::warn!("an unfinished backup was left behind");
        }
        kept
    }

    fn copy_and<T, E: From<DbError>>(
        &self,
        partial: &Path,
        mut look: impl FnMut(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(Option<u64>, T), E> {
        private_file(partial)?;
        match &self.inner {
            // The copy itself is read: that proves as well that it can be opened.
            Inner::Sqlite(sqlite) => {
                let pages = sqlite::copy(&sqlite.path, partial)?;
                let options =
                    OpenOptions { create: false, kind: sqlite.kind, ..OpenOptions::default() };
                let copy = Db::open_with(&partial.to_string_lossy(), &options)?;
                let seen = copy.read(look)?;
                Ok((pages, seen))
            }
            // The dump is made of the snapshot of the transaction that reads.
            Inner::Postgres(pool) => self.read(|tx| {
                let seen = look(tx)?;
                let snapshot = postgres::snapshot(tx)?;
                Ok((postgres::dump(&pool.address, (partial, &snapshot))?, seen))
            }),
        }
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
        private_file(&partial)?;
        sqlite::copy(backup, &partial)?;
        keep(&partial, path)?;
    }
    Db::open_with(url_or_path, &OpenOptions { create: false, ..options.clone() })
}

/// Makes an empty file that nobody else may read, before anything is in it.
pub(crate) fn private_file(path: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let made = options.write(true).create(true).truncate(true).mode(0o600).open(path);
    made.map(drop).map_err(|error| DbError::Backup(error.kind().to_string()))
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
