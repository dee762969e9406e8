//! What is refused when a database is opened, and what is set.

use crate::testing::{fresh_postgres, on_postgres, on_sqlite, postgres_url, sqlite_in};
use crate::{Db, DbError, Kind, OpenOptions, params};

fn demo() -> OpenOptions {
    OpenOptions { kind: Kind::Demo, ..OpenOptions::default() }
}

fn error(opened: Result<Db, DbError>) -> DbError {
    opened.err().expect("it is refused")
}

#[test]
fn every_setting_of_sqlite_is_as_durability_wants_it() {
    on_sqlite(&[], |db| {
        let facts = db.facts().unwrap();
        let wanted = [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
            ("cell_size_check", "1"),
            ("application_id", "1148408421"),
        ];
        for (name, value) in wanted {
            let fact = facts.facts.iter().find(|fact| fact.name == name).unwrap();
            assert_eq!(fact.value, value, "{name}");
        }
        assert!(facts.is_well());
    });
}

#[test]
fn a_file_of_the_other_kind_is_refused_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    drop(Db::open(&path("real.db")).unwrap());
    drop(Db::open_with(&path("demo.db"), &demo()).unwrap());
    let mixed_up = DbError::Kind { wanted: Kind::Demo, found: Kind::Real };
    assert_eq!(error(Db::open_with(&path("real.db"), &demo())), mixed_up);
    let mixed_up = DbError::Kind { wanted: Kind::Real, found: Kind::Demo };
    assert_eq!(error(Db::open(&path("demo.db"))), mixed_up);
    Db::open(&path("real.db")).unwrap();
}

#[test]
fn a_server_database_of_the_other_kind_is_refused() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let only_look = OpenOptions { create: false, ..OpenOptions::default() };
    assert!(matches!(error(Db::open_with(&fresh.url, &only_look)), DbError::Setting(_)));
    drop(Db::open_with(&fresh.url, &demo()).unwrap());
    let mixed_up = DbError::Kind { wanted: Kind::Real, found: Kind::Demo };
    assert_eq!(error(Db::open(&fresh.url)), mixed_up);
}

#[test]
fn a_file_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let other = rusqlite::Connection::open(path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE bookmark (url TEXT)").unwrap();
    assert!(matches!(error(Db::open(&path("other.db"))), DbError::Setting(_)));
    std::fs::write(
        path("text.db"),
        "this is no database, but it is longer than a header".repeat(9),
    )
    .unwrap();
    assert!(matches!(error(Db::open(&path("text.db"))), DbError::Setting(_)));
    assert!(matches!(error(Db::open(&path("no-such-folder/a.db"))), DbError::Setting(_)));
    let only_look = OpenOptions { create: false, ..OpenOptions::default() };
    assert!(matches!(error(Db::open_with(&path("none.db"), &only_look)), DbError::Setting(_)));
    let id: i32 = other.query_row("PRAGMA application_id", [], |row| row.get(0)).unwrap();
    assert_eq!(id, 0);
}

#[test]
fn two_handles_on_one_file_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (sqlite_in(folder.path()), sqlite_in(folder.path()));
    first.migrate(super::round_trip::TABLES).unwrap();
    super::round_trip::put(&second, "a", 1).unwrap();
    assert_eq!(super::round_trip::size(&first, "a"), Some(1));
}

#[test]
fn data_is_not_sent_over_a_network_in_the_clear() {
    let refused = |url: &str| match error(Db::open(url)) {
        DbError::Setting(why) => why,
        other => panic!("{url}: {other:?}"),
    };
    assert!(refused("postgres://me@db.example/care").contains("sslmode=disable"));
    assert!(refused("postgres://me@localhost,db.example/care").contains("sslmode=disable"));
    assert!(refused("postgres://me@localhost/care?hostaddr=192.0.2.1").contains("sslmode=disable"));
    assert!(refused("postgres://me@db.example/care?sslmode=require").contains("not built in"));
    assert!(refused("postgres:///care").contains("names no host"));
    let unreadable = refused("postgres://me:hunter2@local host:port/care");
    assert!(!unreadable.contains("hunter2"));
}

#[test]
fn the_server_is_described_and_its_collation_judged() {
    on_postgres(&[], |db| {
        let facts = db.facts().unwrap();
        let collation = facts.facts.iter().find(|fact| fact.name == "collation").unwrap();
        assert_eq!((collation.value.as_str(), collation.advice), ("C", None));
        let limit = facts.facts.iter().find(|fact| fact.name == "statement_timeout").unwrap();
        assert_eq!(limit.value, "30s");
    });
}

#[test]
fn a_server_that_does_not_flush_is_refused() {
    on_postgres(&[], |db| {
        let name = db
            .read::<_, DbError>(|tx| tx.query_one("SELECT current_database() AS name", params![]));
        let name = name.unwrap().unwrap().text("name").unwrap().to_owned();
        let set = format!("ALTER DATABASE {name} SET synchronous_commit = off");
        db.write::<_, DbError>("set", |tx| tx.execute(&set, params![])).unwrap();
        let Some(server) = postgres_url() else { return };
        let url = crate::testing::with_database(&server, &name);
        assert!(
            matches!(error(Db::open(&url)), DbError::Setting(why) if why.contains("synchronous_commit"))
        );
    });
}

#[test]
fn a_server_database_of_another_program_is_refused_and_left_as_it_is() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let theirs = "CREATE TABLE theirs (a BIGINT)";
    crate::testing::outside(&fresh.url, theirs).unwrap();
    assert!(matches!(error(Db::open(&fresh.url)), DbError::Setting(_)));
    assert!(matches!(error(Db::open_with(&fresh.url, &demo())), DbError::Setting(_)));
    crate::testing::outside(&fresh.url, "DROP TABLE theirs").unwrap();
    Db::open(&fresh.url).unwrap();
}

#[test]
fn a_new_file_is_its_owners_alone_and_says_its_version() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let db = sqlite_in(folder.path());
    db.migrate(super::round_trip::TABLES).unwrap();
    db.backup_to(folder.path().join("copy.db")).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} is open to others", entry.file_name());
    }
    let facts = db.facts().unwrap().facts;
    let version = facts.iter().find(|fact| fact.name == "user_version").unwrap();
    assert_eq!(version.value, super::round_trip::TABLES.last().unwrap().number.to_string());
}
