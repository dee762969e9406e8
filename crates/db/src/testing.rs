//! Test support: each test gets a database of its own, on both engines.
//!
//! PostgreSQL is used when `DOORSTEP_TEST_POSTGRES` holds the URL of a throw-away server with a superuser; otherwise its
//! tests say that they were skipped.

use crate::{Db, Migration, OpenOptions, Result};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// Opens a new SQLite database in a folder.
///
/// # Panics
/// When it cannot be made: a test has no use for the error.
pub fn sqlite_in(folder: &Path) -> Db {
    let path = folder.join("doorstep.db");
    Db::open(path.to_str().expect("a test's folder has a UTF-8 name")).expect("a new SQLite file")
}

/// Returns the URL of the throw-away server, if there is one.
pub fn postgres_url() -> Option<String> {
    std::env::var("DOORSTEP_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// A new PostgreSQL database, dropped with this value.
pub struct FreshPostgres {
    /// The URL of the new database.
    pub url: String,
    server: String,
    name: String,
}

/// Makes a new database with the `C` collation on a throw-away server.
///
/// # Errors
/// Those of the server.
pub fn fresh_postgres(server: &str) -> Result<FreshPostgres> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("doorstep_test_{}_{number}", std::process::id());
    outside(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
    outside(
        server,
        &format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ),
    )?;
    Ok(FreshPostgres { url: with_database(server, &name), server: server.to_owned(), name })
}

impl Drop for FreshPostgres {
    fn drop(&mut self) {
        let dropped = outside(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        if let Err(error) = dropped {
            eprintln!("{} was left behind: {error}", self.name);
        }
    }
}

/// Runs a test's body on a new SQLite database.
///
/// # Panics
/// When the body does, or when the database cannot be made.
pub fn on_sqlite(migrations: &[Migration], body: impl FnOnce(&Db)) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let db = sqlite_in(folder.path());
    db.migrate(migrations).expect("the migrations");
    body(&db);
}

/// Runs a test's body on a new PostgreSQL database, or says that it was skipped.
///
/// # Panics
/// When the body does, or when the database cannot be made.
pub fn on_postgres(migrations: &[Migration], body: impl FnOnce(&Db)) {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).expect("a new PostgreSQL database");
    let db = Db::open(&fresh.url).expect("the new PostgreSQL database");
    db.migrate(migrations).expect("the migrations");
    body(&db);
}

/// Makes `name::sqlite` and `name::postgres` of one body: `store_test!(name, MIGRATIONS, |db: &Db| { … })`, where
/// `MIGRATIONS` is a `&'static [Migration]`.
#[macro_export]
macro_rules! store_test {
    ($(#[$meta:meta])* $name:ident, $migrations:expr, |$db:ident $(: &Db)?| $body:block $(,)?) => {
        $(#[$meta])*
        fn $name() -> (&'static [$crate::Migration], fn(&$crate::Db)) {
            fn body($db: &$crate::Db) $body
            ($migrations, body)
        }

        mod $name {
            #[test]
            fn sqlite() {
                let (migrations, body) = super::$name();
                $crate::testing::on_sqlite(migrations, body);
            }

            #[test]
            fn postgres() {
                let (migrations, body) = super::$name();
                $crate::testing::on_postgres(migrations, body);
            }
        }
    };
}

/// Runs one statement outside any transaction, which `CREATE DATABASE` demands.
/// Runs a statement outside of any transaction of ours.
///
/// # Errors
/// Those of the server.
pub fn outside(server: &str, sql: &str) -> Result<()> {
    let address = crate::postgres::Address::parse(server, &OpenOptions::default())?;
    let mut client = address.connect().map_err(|error| crate::postgres::translate(&error))?;
    client.batch_execute(sql).map_err(|error| crate::postgres::translate(&error))
}

/// Puts another database's name into a URL: `postgres://who@where/NAME?rest`.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (address, rest) = url.split_once('?').map_or((url, None), |(url, rest)| (url, Some(rest)));
    let from = address.find("://").map_or(0, |at| at + 3);
    let base = address[from..].find('/').map_or(address, |at| &address[..from + at]);
    let rest = rest.map(|rest| format!("?{rest}")).unwrap_or_default();
    format!("{base}/{name}{rest}")
}
