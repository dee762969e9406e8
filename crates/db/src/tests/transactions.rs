//! What a transaction keeps and undoes, alike on both engines.

use super::round_trip::{TABLES, put, size};
use crate::{Db, DbError, params, store_test};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;

#[derive(Debug, PartialEq)]
enum Refused {
    ByRule,
    Db(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Refused::Db(error)
    }
}

const INSERT: &str = "INSERT INTO thing (thing_id, size) VALUES ($1, $2)";

store_test!(a_refusal_undoes_what_its_closure_did, TABLES, |db: &Db| {
    let refused = db.write::<(), Refused>("refuse", |tx| {
        tx.execute(INSERT, params!["a", 1_i64])?;
        Err(Refused::ByRule)
    });
    assert_eq!(refused, Err(Refused::ByRule));
    assert_eq!(size(db, "a"), None);
});

store_test!(a_panic_undoes_what_its_closure_did_and_goes_on, TABLES, |db: &Db| {
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        db.write::<(), DbError>("panic", |tx| {
            tx.execute(INSERT, params!["a", 1_i64])?;
            panic!("planned")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(size(db, "a"), None);
    put(db, "b", 2).unwrap();
    assert_eq!(size(db, "b"), Some(2));
});

store_test!(a_failed_statement_ends_the_transaction_even_if_overlooked, TABLES, |db: &Db| {
    put(db, "a", 1).unwrap();
    let result = db.write::<_, DbError>("overlook", |tx| {
        tx.execute(INSERT, params!["b", 1_i64])?;
        let again = tx.execute(INSERT, params!["a", 1_i64]);
        assert!(matches!(again, Err(DbError::Unique { .. })));
        let later = tx.execute(INSERT, params!["c", 1_i64]);
        assert!(later.is_err(), "a statement after a failed one is not run");
        Ok(())
    });
    assert!(matches!(result, Err(DbError::Unique { .. })), "{result:?}");
    assert_eq!((size(db, "b"), size(db, "c")), (None, None));
});

store_test!(a_transaction_inside_another_is_a_clear_panic, TABLES, |db: &Db| {
    let nested =
        catch_unwind(AssertUnwindSafe(|| db.write::<_, DbError>("outer", |_| put(db, "a", 1))));
    let message = *nested.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("\"put\"") && message.contains("\"outer\""), "{message}");
    put(db, "a", 1).unwrap();
});

store_test!(a_lock_after_a_statement_is_a_clear_panic, TABLES, |db: &Db| {
    let late = catch_unwind(AssertUnwindSafe(|| {
        db.write::<_, DbError>("late", |tx| {
            tx.execute(INSERT, params!["a", 1_i64])?;
            tx.lock(7)
        })
    }));
    assert!(late.is_err());
    assert_eq!(size(db, "a"), None);
});

store_test!(a_reader_sees_one_moment_and_waits_for_no_writer, TABLES, |db: &Db| {
    put(db, "a", 1).unwrap();
    let (first_seen, first) = channel();
    let (written, go_on) = channel();
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || {
            db.read::<_, DbError>(|tx| {
                let count = "SELECT COUNT(*) AS n FROM thing";
                let before = tx.query_one(count, params![])?.unwrap().int("n")?;
                first_seen.send(()).unwrap();
                go_on.recv().unwrap();
                let after = tx.query_one(count, params![])?.unwrap().int("n")?;
                Ok((before, after))
            })
        });
        first.recv().unwrap();
        put(db, "b", 2).unwrap();
        assert_eq!(size(db, "b"), Some(2), "another reader sees it at once");
        written.send(()).unwrap();
        assert_eq!(reader.join().unwrap(), Ok((1, 1)));
    });
});

store_test!(a_reader_is_not_held_up_by_an_open_write, TABLES, |db: &Db| {
    put(db, "a", 1).unwrap();
    db.write::<_, DbError>("hold", |tx| {
        tx.execute("UPDATE thing SET size = 9 WHERE thing_id = 'a'", params![])?;
        let seen = std::thread::scope(|scope| scope.spawn(|| size(db, "a")).join().unwrap());
        assert_eq!(seen, Some(1), "what is not committed is not seen");
        Ok(())
    })
    .unwrap();
    assert_eq!(size(db, "a"), Some(9));
});

store_test!(under_a_lock_nobody_counts_what_another_is_about_to_change, TABLES, |db: &Db| {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    db.write::<_, DbError>("append", |tx| {
                        tx.lock(42)?;
                        let count = "SELECT COUNT(*) AS n FROM thing";
                        let n_things = tx.query_one(count, params![])?.unwrap().int("n")?;
                        tx.execute(INSERT, params![format!("n{n_things}"), n_things])
                    })
                    .unwrap();
                }
            });
        }
    });
    assert_eq!(size(db, "n39"), Some(39));
    assert_eq!(db.stats().retries, 0, "a lock taken first leaves nothing to retry");
});

store_test!(counting_up_from_many_threads_loses_nothing, TABLES, |db: &Db| {
    put(db, "a", 0).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..5 {
                    // PostgreSQL may give up after its retries; the caller then asks again.
                    while let Err(error) = count_up(db) {
                        assert!(error.is_retryable(), "{error:?}");
                    }
                }
            });
        }
    });
    assert_eq!(size(db, "a"), Some(40));
});

fn count_up(db: &Db) -> Result<u64, DbError> {
    db.write("count up", |tx| {
        let row = tx.query_one("SELECT size FROM thing WHERE thing_id = 'a'", params![])?.unwrap();
        let next = row.int("size")? + 1;
        tx.execute("UPDATE thing SET size = $1 WHERE thing_id = 'a'", params![next])
    })
}

store_test!(what_was_done_is_counted_by_name, TABLES, |db: &Db| {
    let before = db.stats();
    put(db, "a", 1).unwrap();
    put(db, "a", 1).unwrap_err();
    size(db, "a");
    let after = db.stats();
    assert_eq!(after.writes - before.writes, 1);
    assert_eq!(after.commits - before.commits, 1);
    assert_eq!(after.undone - before.undone, 1);
    assert_eq!(after.reads - before.reads, 1);
    let named = after.by_name.iter().find(|(name, _)| *name == "put").unwrap();
    assert_eq!(named.1.count, 2);
});
