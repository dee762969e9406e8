//! Where it is measured: a new SQLite file on the disk of the working directory, or a new database on a PostgreSQL server.

use anyhow::{Context as _, Result};
use doorstep_app::{App, Settings};
use doorstep_db::testing::{FreshPostgres, fresh_postgres, sqlite_in};
use doorstep_db::{Db, Engine};
use doorstep_packs::Packs;
use doorstep_vocab::Timestamp;
use std::path::Path;
use std::time::Instant;
use tempfile::TempDir;

/// What clears a database away when it is dropped: the folder of a SQLite file, or the database on its server.
pub struct Home {
    folder: Option<TempDir>,
    server: Option<FreshPostgres>,
}

impl Home {
    /// Opens the database again, as a program that starts does.
    pub fn open(&self) -> Result<Db> {
        match (&self.folder, &self.server) {
            (Some(folder), _) => Ok(sqlite_in(folder.path())),
            (None, Some(server)) => Ok(Db::open(&server.url)?),
            (None, None) => anyhow::bail!("a home without a database"),
        }
    }

    /// Leaves a SQLite file where it is, for whoever wants to look at it.
    pub fn keep(mut self) {
        self.folder.take().map(TempDir::keep);
    }

    /// Returns the size of the files; 0 where they are a server's.
    pub fn bytes(&self) -> Result<u64> {
        let Some(folder) = &self.folder else { return Ok(0) };
        let mut bytes = 0;
        for file in std::fs::read_dir(folder.path())? {
            bytes += file?.metadata()?.len();
        }
        Ok(bytes)
    }
}

/// Where new databases are made.
#[derive(Clone, Debug)]
pub enum Site<'a> {
    /// SQLite files in this folder.
    Folder(&'a Path),
    /// Databases on the server with this URL.
    Server(&'a str),
}

impl Site<'_> {
    /// Makes an empty database, and what clears it away: to be dropped after it.
    pub fn fresh(&self) -> Result<(Db, Home)> {
        match self {
            Self::Folder(folder) => {
                let folder =
                    tempfile::Builder::new().prefix("doorstep-bench-").tempdir_in(folder)?;
                Ok((sqlite_in(folder.path()), Home { folder: Some(folder), server: None }))
            }
            Self::Server(url) => {
                let server = fresh_postgres(url).context("a new database on the server")?;
                Ok((Db::open(&server.url)?, Home { folder: None, server: Some(server) }))
            }
        }
    }
}

/// Returns the engine and what it promises of a commit: figures without it are not comparable.
pub fn promise(db: &Db) -> Result<String> {
    let facts = db.facts()?;
    let value = |name: &str| {
        let fact = facts.facts.iter().find(|fact| fact.name == name);
        fact.map_or_else(|| "unknown".to_owned(), |fact| fact.value.clone())
    };
    Ok(match facts.engine {
        Engine::Sqlite => format!(
            "SQLite {}, journal_mode {}, synchronous {}",
            facts.version,
            value("journal_mode"),
            value("synchronous")
        ),
        Engine::Postgres => format!(
            "PostgreSQL {}, fsync {}, synchronous_commit {}",
            facts.version,
            value("fsync"),
            value("synchronous_commit")
        ),
    })
}

/// Makes a hub on a database, with the packs that are built in and a clock that begins at noon of a day in 2026.
pub fn hub(db: Db) -> Result<App> {
    doorstep_store::schema::migrate(&db)?;
    let packs = Packs::builtin();
    let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: false };
    let noon = Timestamp::parse("2026-03-02T17:00:00Z").context("noon is a time")?;
    let began = Instant::now();
    let now = move || Timestamp(noon.0 + i64::try_from(began.elapsed().as_micros()).unwrap_or(0));
    Ok(App::new(db, packs, settings, now))
}
