//! Brings a database's tables up to what the program was written for.
//!
//! Migrations are applied in the order of their numbers, each in one transaction together with the row that remembers
//! it, so one that is killed or fails half way leaves nothing. Several processes may start at once: each waits for the
//! one before it and then finds the work done. An applied migration is never edited; its text's hash is kept and compared.

mod text;

use crate::db::Inner;
use crate::postgres::Pool;
use crate::{Db, DbError, Engine, OpenOptions, Result, Tx, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// The advisory lock under which migrations are applied. Any number would do that nothing else here uses.
const MIGRATE_LOCK: i64 = 0x4473_0002;

/// What the database remembers of the migrations it has had.
const HISTORY: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    number BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL
)";

/// One step of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order, from 1.
    pub number: u32,
    /// What it does, as in its file's name.
    pub name: &'static str,
    /// The text both engines run. On SQLite `BIGINT` becomes `INTEGER`, `BYTEA` becomes `BLOB`, tables become STRICT,
    /// those with a `PRIMARY KEY (…)` clause also `WITHOUT ROWID`, and `COMMENT ON` is passed over. May be empty.
    pub sql: &'static str,
    /// What SQLite runs after that, as it stands.
    pub sqlite: Option<&'static str>,
    /// What PostgreSQL runs after that, as it stands.
    pub postgres: Option<&'static str>,
}

/// What `Db::migrate` did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The numbers this call applied.
    pub now: Vec<u32>,
    /// How many were there already.
    pub before: usize,
}

impl Db {
    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// `Migration` when an applied one was edited, when the database is newer than the program, when one would have to be
    /// applied behind a later one, or when its text is refused: then nothing of it was applied.
    ///
    /// # Panics
    /// When the numbers do not rise.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<Applied> {
        let rises = migrations.windows(2).all(|pair| pair[0].number < pair[1].number);
        assert!(rises, "the numbers of migrations rise");
        match &self.inner {
            Inner::Sqlite(_) => self.migrate_here(migrations),
            // An index on a large table takes longer than any statement of a request may.
            Inner::Postgres(pool) => {
                let options = OpenOptions {
                    statement_timeout: Duration::ZERO,
                    pool_connections: 1,
                    ..OpenOptions::default()
                };
                self.beside(Pool::new(pool.address.limited(&options), &options, self.counters()))
                    .migrate_here(migrations)
            }
        }
    }

    fn migrate_here(&self, migrations: &[Migration]) -> Result<Applied> {
        let mut applied = Applied::default();
        self.write("prepare the migrations", |tx| {
            tx.lock(MIGRATE_LOCK)?;
            tx.batch(&for_engine(tx.engine(), HISTORY))?;
            check_history(&history(tx)?, migrations, tx.engine())
        })?;
        for migration in migrations {
            let is_new = self.write("migrate", |tx| apply(tx, migration, migrations))?;
            if is_new {
                applied.now.push(migration.number);
            } else {
                applied.before += 1;
            }
        }
        self.stamp(migrations.last().map_or(0, |migration| migration.number))?;
        Ok(applied)
    }
}

impl Db {
    /// Writes the newest migration's number where SQLite's own tools look for it, and reads it back.
    fn stamp(&self, newest: u32) -> Result<()> {
        if self.engine() == Engine::Postgres {
            return Ok(());
        }
        let version = |tx: &mut Tx<'_>| {
            tx.query_one("PRAGMA user_version", params![])?
                .map_or(Ok(0), |row| row.int("user_version"))
        };
        let found = self.write("stamp", |tx| -> Result<i64> {
            if version(tx)? != i64::from(newest) {
                tx.batch(&format!("PRAGMA user_version = {newest}"))?;
            }
            version(tx)
        })?;
        if found == i64::from(newest) {
            return Ok(());
        }
        Err(DbError::Setting(format!(
            "SQLite keeps user_version at {found}, but it must be {newest}"
        )))
    }
}

/// Applies one migration unless it is there. Another process may have applied it, or one the program does not know.
fn apply(tx: &mut Tx<'_>, migration: &Migration, all: &[Migration]) -> Result<bool> {
    tx.lock(MIGRATE_LOCK)?;
    let engine = tx.engine();
    let known = history(tx)?;
    check_history(&known, all, engine)?;
    if known.contains_key(&i64::from(migration.number)) {
        return Ok(false);
    }
    let own = match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    };
    let texts = [for_engine(engine, migration.sql), own.unwrap_or_default().to_owned()];
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        tx.batch(text).map_err(|error| explain(migration, error))?;
    }
    tx.execute(
        "INSERT INTO schema_migration (number, name, hash) VALUES ($1, $2, $3)",
        params![migration.number, migration.name, hash(migration, engine)],
    )?;
    Ok(true)
}

fn for_engine(engine: Engine, shared: &str) -> String {
    match engine {
        Engine::Sqlite => text::for_sqlite(shared),
        Engine::Postgres => shared.to_owned(),
    }
}

/// Leaves an error that time may mend as it is, and says of any other which migration it is about.
fn explain(migration: &Migration, error: DbError) -> DbError {
    if error.is_retryable() || matches!(error, DbError::Disk(_)) {
        return error;
    }
    DbError::Migration { number: migration.number, why: format!("{}: {error}", migration.name) }
}

/// What was applied: number to name and hash.
type History = BTreeMap<i64, (String, String)>;

fn history(tx: &mut Tx<'_>) -> Result<History> {
    let sql = "SELECT number, name, hash FROM schema_migration ORDER BY number";
    let known = tx.query(sql, params![])?.into_iter().map(|row| {
        Ok((row.int("number")?, (row.text("name")?.to_owned(), row.text("hash")?.to_owned())))
    });
    known.collect()
}

fn check_history(known: &History, migrations: &[Migration], engine: Engine) -> Result<()> {
    let refuse = |number: i64, why: String| {
        Err(DbError::Migration { number: u32::try_from(number).unwrap_or(u32::MAX), why })
    };
    for (number, (name, kept)) in known {
        let known_here = migrations.iter().find(|known| i64::from(known.number) == *number);
        match known_here {
            None => {
                let why = format!(
                    "the database has \"{name}\", which this program does not know: use a newer program"
                );
                return refuse(*number, why);
            }
            Some(migration) if hash(migration, engine) != *kept => {
                let why = format!(
                    "\"{name}\" was edited after it was applied: restore its text and add a new one"
                );
                return refuse(*number, why);
            }
            Some(_) => {}
        }
    }
    let newest = known.keys().next_back().copied().unwrap_or_default();
    let skipped = migrations.iter().find(|migration| {
        let number = i64::from(migration.number);
        number < newest && !known.contains_key(&number)
    });
    match skipped {
        None => Ok(()),
        Some(migration) => {
            let why = format!(
                "the database already has number {newest}: give \"{}\" a higher one",
                migration.name
            );
            refuse(i64::from(migration.number), why)
        }
    }
}

/// Returns the SHA-256 of all that the engine runs, in hexadecimal. It is taken before the words are rewritten, so that
/// a change of the rewriting does not make old migrations look edited.
fn hash(migration: &Migration, engine: Engine) -> String {
    let own = match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    };
    let mut hasher = Sha256::new();
    hasher.update(migration.sql.as_bytes());
    hasher.update([0]);
    hasher.update(own.unwrap_or_default().as_bytes());
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all that is written");
        text
    })
}
