//! What only a server does: conflicts between transactions, and connections that go away.

use super::round_trip::{TABLES, put, size};
use crate::testing::on_postgres;
use crate::{Db, DbError, Result, params};
use std::cell::Cell;

fn set(db: &Db, id: &str, size: i64) -> Result<u64> {
    db.write("set", |tx| {
        tx.execute("UPDATE thing SET size = $2 WHERE thing_id = $1", params![id, size])
    })
}

/// Runs a call on another thread: this one is inside a transaction.
fn meanwhile<T: Send>(call: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(call).join().unwrap())
}

#[test]
fn a_serialization_failure_is_run_again() {
    on_postgres(TABLES, |db| {
        put(db, "a", 1).unwrap();
        let n_runs = Cell::new(0);
        db.write::<_, DbError>("add ten", |tx| {
            n_runs.set(n_runs.get() + 1);
            let row =
                tx.query_one("SELECT size FROM thing WHERE thing_id = 'a'", params![])?.unwrap();
            let seen = row.int("size")?;
            if n_runs.get() == 1 {
                meanwhile(|| set(db, "a", 5)).unwrap();
            }
            tx.execute("UPDATE thing SET size = $1 WHERE thing_id = 'a'", params![seen + 10])
        })
        .unwrap();
        assert_eq!(n_runs.get(), 2);
        assert_eq!(size(db, "a"), Some(15), "neither change is lost");
        assert_eq!(db.stats().retries, 1);
    });
}

#[test]
fn a_conflict_that_does_not_end_is_busy_after_three_more_runs() {
    on_postgres(TABLES, |db| {
        put(db, "a", 1).unwrap();
        let n_runs = Cell::new(0);
        let busy = db.write::<_, DbError>("lose", |tx| {
            n_runs.set(n_runs.get() + 1);
            tx.query("SELECT size FROM thing", params![])?;
            meanwhile(|| set(db, "a", 5)).unwrap();
            tx.execute("UPDATE thing SET size = 0 WHERE thing_id = 'a'", params![])
        });
        assert_eq!(busy, Err(DbError::Busy));
        assert_eq!(n_runs.get(), 4);
        assert_eq!(size(db, "a"), Some(5));
    });
}

#[test]
fn a_connection_lost_before_the_commit_is_replaced_and_the_closure_run_again() {
    on_postgres(TABLES, |db| {
        let n_runs = Cell::new(0);
        db.write::<_, DbError>("put", |tx| {
            n_runs.set(n_runs.get() + 1);
            tx.execute("INSERT INTO thing (thing_id, size) VALUES ('a', 1)", params![])?;
            if n_runs.get() == 1 {
                let pid = tx.query_one("SELECT pg_backend_pid() AS pid", params![])?.unwrap();
                let pid = pid.int("pid")?;
                meanwhile(|| terminate(db, pid));
            }
            tx.query("SELECT size FROM thing", params![])
        })
        .unwrap();
        assert_eq!(n_runs.get(), 2);
        assert_eq!(size(db, "a"), Some(1));
    });
}

#[test]
fn a_connection_lost_at_the_commit_has_an_unknown_outcome() {
    on_postgres(TABLES, |db| {
        let unknown = db.write::<_, DbError>("put", |tx| {
            tx.execute("INSERT INTO thing (thing_id, size) VALUES ('a', 1)", params![])?;
            let pid = tx.query_one("SELECT pg_backend_pid() AS pid", params![])?.unwrap();
            let pid = pid.int("pid")?;
            meanwhile(|| terminate(db, pid));
            Ok(())
        });
        assert_eq!(unknown, Err(DbError::Unknown));
        assert!(!DbError::Unknown.is_retryable());
        put(db, "b", 1).unwrap();
    });
}

#[test]
fn connections_lost_while_idle_are_replaced_unseen() {
    on_postgres(TABLES, |db| {
        put(db, "a", 1).unwrap();
        let own = "SELECT pg_backend_pid() AS pid";
        for _ in 0..3 {
            let pid = db.read::<_, DbError>(|tx| tx.query_one(own, params![])).unwrap().unwrap();
            let pid = pid.int("pid").unwrap();
            db.read::<_, DbError>(|_| {
                meanwhile(|| terminate(db, pid));
                Ok(())
            })
            .unwrap();
            set(db, "a", 2).unwrap();
        }
        assert!(db.stats().connects > 3);
    });
}

#[test]
fn a_statement_whose_tables_changed_underneath_is_prepared_again() {
    on_postgres(TABLES, |db| {
        put(db, "a", 1).unwrap();
        let look = || db.read::<_, DbError>(|tx| tx.query_one("SELECT size FROM thing", params![]));
        look().unwrap();
        let alter = "ALTER TABLE thing ALTER COLUMN size TYPE INTEGER";
        db.write::<_, DbError>("alter", |tx| tx.execute(alter, params![])).unwrap();
        assert_eq!(look().unwrap().unwrap().int("size"), Ok(1));
    });
}

#[test]
fn a_claim_passes_over_what_another_holds() {
    on_postgres(TABLES, |db| {
        put(db, "a", 1).unwrap();
        put(db, "b", 2).unwrap();
        let claim = |db: &Db, then: &dyn Fn() -> Option<String>| {
            db.write::<_, DbError>("claim", |tx| {
                let sql = format!(
                    "SELECT thing_id FROM thing ORDER BY thing_id LIMIT 1 {}",
                    tx.skip_locked()
                );
                let row = tx.query_one(&sql, params![])?.unwrap();
                Ok((row.text("thing_id")?.to_owned(), then()))
            })
            .unwrap()
        };
        let second = || {
            Some(std::thread::scope(|scope| scope.spawn(|| claim(db, &|| None).0).join().unwrap()))
        };
        assert_eq!(claim(db, &second), ("a".to_owned(), Some("b".to_owned())));
    });
}

#[test]
fn a_fraction_in_an_answer_is_found_before_it_is_run() {
    on_postgres(TABLES, |db| {
        let wrong = db.prepare_check("SELECT SUM(size) AS total FROM thing").unwrap_err();
        assert!(matches!(wrong, DbError::Column { name, .. } if name == "total"));
        db.prepare_check("SELECT CAST(SUM(size) AS BIGINT) AS total FROM thing").unwrap();
    });
}

#[test]
fn what_the_server_quotes_is_not_told() {
    on_postgres(TABLES, |db| {
        let failed = db.read::<_, DbError>(|tx| {
            tx.query("SELECT CAST($1 AS TEXT)::BIGINT AS n", params!["canary"])
        });
        let told = format!("{failed:?}");
        assert!(told.contains("22P02") && !told.contains("canary"), "{told}");
    });
}

/// Ends a session of the server and waits until it is gone.
fn terminate(db: &Db, pid: i64) {
    let end = "SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000) AS gone";
    let row = db.read::<_, DbError>(|tx| tx.query_one(end, params![pid])).unwrap().unwrap();
    assert_eq!(row.flag("gone"), Ok(true));
}
