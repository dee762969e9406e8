//! Migrations: once, in order, whole or not at all, and never edited.

use crate::testing::{fresh_postgres, on_postgres, on_sqlite, postgres_url, sqlite_in};
use crate::{Applied, Db, DbError, Migration, Value, params, store_test};

const ONE: Migration = Migration {
    number: 1,
    name: "one",
    sql: "CREATE TABLE one (id TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL);",
    sqlite: None,
    postgres: None,
};
const TWO: Migration = Migration {
    number: 2,
    name: "two",
    sql: "CREATE TABLE two (id TEXT NOT NULL PRIMARY KEY);
          INSERT INTO two (id) VALUES ('x; -- not a comment');",
    sqlite: Some("CREATE INDEX two_here ON two (id);"),
    postgres: Some("CREATE INDEX two_there ON two (id);"),
};
const HALF: Migration = Migration {
    number: 3,
    name: "half",
    sql: "CREATE TABLE three (id TEXT NOT NULL PRIMARY KEY); INSERT INTO nowhere VALUES (1);",
    sqlite: None,
    postgres: None,
};

fn number(result: Result<Applied, DbError>) -> (u32, String) {
    match result {
        Err(DbError::Migration { number, why }) => (number, why),
        other => panic!("{other:?}"),
    }
}

fn text_of_two(db: &Db) -> String {
    let row = db.read::<_, DbError>(|tx| tx.query_one("SELECT id FROM two", params![]));
    row.unwrap().unwrap().text("id").unwrap().to_owned()
}

store_test!(each_is_applied_once_and_in_order, &[], |db: &Db| {
    assert_eq!(db.migrate(&[ONE]), Ok(Applied { now: vec![1], before: 0 }));
    assert_eq!(db.migrate(&[ONE, TWO]), Ok(Applied { now: vec![2], before: 1 }));
    assert_eq!(db.migrate(&[ONE, TWO]), Ok(Applied { now: vec![], before: 2 }));
    assert_eq!(text_of_two(db), "x; -- not a comment");
});

store_test!(an_edited_one_is_refused, &[ONE, TWO], |db: &Db| {
    let edited = Migration { sql: "CREATE TABLE one (id TEXT NOT NULL PRIMARY KEY);", ..ONE };
    let (at, why) = number(db.migrate(&[edited, TWO]));
    assert_eq!(at, 1);
    assert!(why.contains("edited"), "{why}");
});

store_test!(a_newer_database_is_refused, &[ONE, TWO], |db: &Db| {
    let (at, why) = number(db.migrate(&[ONE]));
    assert_eq!(at, 2);
    assert!(why.contains("newer program"), "{why}");
});

store_test!(one_behind_a_later_one_is_refused, &[TWO], |db: &Db| {
    let (at, why) = number(db.migrate(&[ONE, TWO]));
    assert_eq!(at, 1);
    assert!(why.contains("higher"), "{why}");
});

store_test!(one_that_fails_half_way_leaves_nothing, &[ONE], |db: &Db| {
    let (at, why) = number(db.migrate(&[ONE, TWO, HALF]));
    assert_eq!(at, 3);
    assert!(why.contains("nowhere"), "{why}");
    assert!(db.prepare_check("SELECT id FROM three").is_err(), "its first statement is undone");
    assert_eq!(text_of_two(db), "x; -- not a comment", "the one before it stays");
    let mended = Migration { sql: "CREATE TABLE three (id TEXT NOT NULL PRIMARY KEY)", ..HALF };
    assert_eq!(db.migrate(&[ONE, TWO, mended]), Ok(Applied { now: vec![3], before: 2 }));
});

/// Opens the database from `n` threads at once, as `n` processes would, and returns how often each number was applied.
fn all_at_once(open: impl Fn() -> Db + Sync) -> Vec<u32> {
    let open = &open;
    std::thread::scope(|scope| {
        let starts: Vec<_> =
            (0..6).map(|_| scope.spawn(move || open().migrate(&[ONE, TWO]).unwrap().now)).collect();
        let mut now: Vec<u32> =
            starts.into_iter().flat_map(|start| start.join().unwrap()).collect();
        now.sort_unstable();
        now
    })
}

#[test]
fn starting_at_once_on_one_file_applies_each_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(all_at_once(|| sqlite_in(folder.path())), [1, 2]);
}

#[test]
fn starting_at_once_on_one_server_applies_each_once() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    assert_eq!(all_at_once(|| Db::open(&fresh.url).unwrap()), [1, 2]);
}

#[test]
fn tables_of_sqlite_are_strict() {
    on_sqlite(&[ONE], |db| {
        let refused = db.write::<_, DbError>("put", |tx| {
            tx.execute("INSERT INTO one (id, at) VALUES ('a', 'noon')", params![])
        });
        assert!(matches!(refused, Err(DbError::Constraint { .. })), "{refused:?}");
    });
}

#[test]
fn sqlite_keeps_rows_in_the_order_of_a_key_of_several_columns() {
    let two = "CREATE TABLE two (id TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (id, at))";
    on_sqlite(&[ONE, Migration { number: 2, name: "two", sql: two, ..ONE }], |db| {
        let has_rowid =
            |table: &str| db.prepare_check(&format!("SELECT rowid FROM {table}")).is_ok();
        assert!(has_rowid("one"), "the words are those of SQLite");
        assert!(!has_rowid("two"));
    });
}

/// PostgreSQL has it so for every key, SQLite for the keys of STRICT tables.
const LOOSE: Migration =
    Migration { sql: "CREATE TABLE one (id TEXT PRIMARY KEY, at BIGINT)", ..ONE };

store_test!(a_key_is_never_null_even_if_its_column_does_not_say_so, &[LOOSE], |db: &Db| {
    let refused = db.write::<_, DbError>("put", |tx| {
        tx.execute("INSERT INTO one (id, at) VALUES ($1, 1)", params![None::<&str>])
    });
    assert!(matches!(refused, Err(DbError::Constraint { .. })), "{refused:?}");
});

#[test]
fn a_migration_is_not_held_to_the_time_limit_of_a_request() {
    on_postgres(&[], |db| {
        let slow = Migration {
            sql: "SELECT set_config('x.y', current_setting('statement_timeout'), false); CREATE TABLE one AS SELECT current_setting('statement_timeout') AS kept",
            ..ONE
        };
        db.migrate(&[slow]).unwrap();
        let row = db.read::<_, DbError>(|tx| tx.query_one("SELECT kept FROM one", params![]));
        assert_eq!(row.unwrap().unwrap().value("kept"), Ok(&Value::Text("0".into())));
    });
}
