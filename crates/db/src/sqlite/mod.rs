//! The SQLite engine: one write connection with group commit, a few read connections, one file.

pub(crate) mod connection;
pub(crate) mod error;
mod group;
mod readers;
pub(crate) mod statement;
mod turn;
pub(crate) mod writer;

use crate::stats::Counters;
use crate::{Kind, OpenOptions, Result};
use readers::Readers;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use writer::Writer;

/// A SQLite database. The readers are closed first: the last connection to close copies the log back, and they cannot.
pub(crate) struct Sqlite {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

impl Sqlite {
    pub(crate) fn open(
        path: &Path,
        options: &OpenOptions,
        counters: Arc<Counters>,
    ) -> Result<Sqlite> {
        let writer = connection::open_writer(path, options)?;
        let readers = Readers::open(path, options)?;
        Ok(Sqlite {
            readers,
            writer: Writer::new(writer, counters, options),
            path: path.to_owned(),
            kind: options.kind,
        })
    }
}
