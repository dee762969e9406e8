//! Group commit on SQLite.

use super::round_trip::{TABLES, put, size};
use crate::db::Inner;
use crate::testing::on_sqlite;
use crate::{Db, DbError, OpenOptions, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

const N_THREADS: u32 = 64;
const N_ROUNDS: u32 = 20;

fn n_things(db: &Db) -> i64 {
    let count = "SELECT COUNT(*) AS n FROM thing";
    db.read::<_, DbError>(|tx| tx.query_one(count, params![])).unwrap().unwrap().int("n").unwrap()
}

#[test]
fn sixty_four_callers_share_flushes() {
    on_sqlite(TABLES, |db| {
        let before = db.stats();
        std::thread::scope(|scope| {
            for thread in 0..N_THREADS {
                scope.spawn(move || {
                    for round in 0..N_ROUNDS {
                        put(db, &format!("{thread}-{round}"), 1).unwrap();
                    }
                });
            }
        });
        let after = db.stats();
        let (n_writes, n_commits) = (after.writes - before.writes, after.commits - before.commits);
        assert_eq!(n_writes, u64::from(N_THREADS * N_ROUNDS));
        assert_eq!(n_things(db), i64::from(N_THREADS * N_ROUNDS));
        println!("{n_writes} writes in {n_commits} commits, groups {:?}", after.group_sizes);
        assert!(n_commits * 3 < n_writes, "{n_writes} writes took {n_commits} commits");
    });
}

#[test]
fn a_lone_caller_commits_at_once() {
    on_sqlite(TABLES, |db| {
        let before = db.stats();
        for round in 0..10 {
            put(db, &format!("{round}"), 1).unwrap();
        }
        let after = db.stats();
        assert_eq!(after.commits - before.commits, 10);
        assert_eq!(after.group_sizes[0] - before.group_sizes[0], 10, "groups of one");
    });
}

/// Holds the writer until all the given callers are in line behind it, so that they make one group with it.
fn in_one_group(db: &Db, callers: &[&(dyn Fn() + Sync)]) {
    let Inner::Sqlite(sqlite) = &db.inner else { panic!("a SQLite test") };
    std::thread::scope(|scope| {
        db.write::<_, DbError>("hold", |_| {
            for caller in callers {
                scope.spawn(caller);
            }
            while sqlite.writer.n_arriving() < callers.len() {
                std::thread::yield_now();
            }
            Ok(())
        })
        .unwrap();
    });
}

/// Opens a database whose groups wait for as long as anybody is in line.
fn patient(folder: &Path, group_max: u32) -> Db {
    let path = folder.join("patient.db");
    let group_wait_max = Duration::from_hours(1);
    let options = OpenOptions { group_max, group_wait_max, ..OpenOptions::default() };
    let db = Db::open_with(path.to_str().unwrap(), &options).unwrap();
    db.migrate(TABLES).unwrap();
    db
}

/// Writes, and then wants none of it.
fn refuse(db: &Db) {
    let refused = db.write::<(), DbError>("refuse", |tx| {
        tx.execute("INSERT INTO thing (thing_id) VALUES ('refused')", params![])?;
        Err(DbError::Busy)
    });
    assert_eq!(refused, Err(DbError::Busy));
}

#[test]
fn who_shared_a_group_with_one_that_is_undone_has_another_turn() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 128);
    let n_turns = AtomicU32::new(0);
    let good = |id: &str| {
        db.write::<_, DbError>("good", |tx| {
            n_turns.fetch_add(1, Ordering::SeqCst);
            tx.execute("INSERT INTO thing (thing_id, size) VALUES ($1, 0)", params![id])
        })
        .unwrap();
        assert_eq!(size(db, id), Some(0), "what was told is there");
    };
    let late = db.announce();
    std::thread::scope(|scope| {
        scope.spawn(|| good("early"));
        while n_members(db) == 0 {
            std::thread::yield_now();
        }
        let refused = late.write::<(), DbError>("late", |tx| {
            tx.execute("INSERT INTO thing (thing_id) VALUES ('late')", params![])?;
            Err(DbError::Busy)
        });
        assert_eq!(refused, Err(DbError::Busy));
    });
    assert_eq!((db.stats().taken_back, n_turns.load(Ordering::SeqCst)), (1, 2));
    in_one_group(db, &[&|| good("a"), &|| refuse(db), &|| good("b")]);
    assert_eq!((db.stats().taken_back, n_turns.load(Ordering::SeqCst)), (1, 4), "not twice");
    assert_eq!((size(db, "late"), size(db, "refused"), n_things(db)), (None, None, 3));
}

#[test]
fn a_lone_caller_is_undone_without_ado() {
    on_sqlite(TABLES, |db| {
        refuse(db);
        assert_eq!((size(db, "refused"), db.stats().taken_back), (None, 0));
        let undone = db.write::<(), DbError>("batch", |tx| {
            tx.batch("CREATE TABLE unwanted (x INTEGER)")?;
            Err(DbError::Busy)
        });
        assert_eq!(undone, Err(DbError::Busy));
        let count = "SELECT COUNT(*) AS n FROM unwanted";
        assert!(db.read::<_, DbError>(|tx| tx.query(count, params![])).is_err());
    });
}

#[test]
fn a_refusal_that_wrote_nothing_takes_nobody_back() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 128);
    let look = || {
        let refused = db.write::<(), DbError>("look", |tx| {
            tx.query("SELECT thing_id FROM thing LIMIT 1", params![])?;
            Err(DbError::Busy)
        });
        assert_eq!(refused, Err(DbError::Busy));
    };
    let good = |id: &str| assert_eq!(put(db, id, 1), Ok(1));
    in_one_group(db, &[&|| good("a"), &look, &|| good("b")]);
    assert_eq!((n_things(db), db.stats().taken_back), (2, 0));
}

#[test]
fn a_neighbour_that_refuses_fails_or_panics_hurts_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 128);
    put(db, "taken", 0).unwrap();
    in_one_group(db, &[&|| refuse(db)]);
    assert_eq!(db.stats().taken_back, 1, "from here on each has a savepoint");
    let before = db.stats();
    let seen = Mutex::new(Vec::new());
    let note = |what: &str| seen.lock().unwrap().push(what.to_owned());
    let good = |id: &str| {
        put(db, id, 1).unwrap();
        note("good");
    };
    let refuse = || {
        refuse(db);
        note("refused");
    };
    let fail = || {
        let failed = db.write::<_, DbError>("fail", |tx| {
            tx.execute("INSERT INTO thing (thing_id) VALUES ('failed')", params![])?;
            tx.execute("INSERT INTO thing (thing_id) VALUES ('taken')", params![])
        });
        assert!(matches!(failed, Err(DbError::Unique { .. })));
        note("failed");
    };
    let panic = || {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            db.write::<(), DbError>("panic", |tx| {
                tx.execute("INSERT INTO thing (thing_id) VALUES ('panicked')", params![])?;
                panic!("planned")
            })
        }));
        assert!(panicked.is_err());
        note("panicked");
    };
    in_one_group(db, &[&|| good("a"), &refuse, &|| good("b"), &fail, &|| good("c"), &panic]);
    let after = db.stats();
    assert_eq!(after.commits - before.commits, 1, "one flush for all seven");
    assert_eq!(after.group_sizes[2] - before.group_sizes[2], 1);
    let mut seen = seen.into_inner().unwrap();
    seen.sort();
    assert_eq!(seen, ["failed", "good", "good", "good", "panicked", "refused"]);
    assert_eq!((n_things(db), after.taken_back), (4, 1));
    for gone in ["refused", "failed", "panicked"] {
        assert_eq!(size(db, gone), None);
    }
}

#[test]
fn a_group_never_grows_beyond_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 4);
    std::thread::scope(|scope| {
        for thread in 0..32 {
            scope.spawn(move || {
                for round in 0..10 {
                    put(db, &format!("{thread}-{round}"), 1).unwrap();
                }
            });
        }
    });
    let sizes = db.stats().group_sizes;
    assert_eq!(sizes[3..], [0; 5], "no group of 8 or more: {sizes:?}");
    assert_eq!(n_things(db), 320);
}

#[test]
fn the_log_is_copied_back_while_writing_goes_on() {
    on_sqlite(TABLES, |db| {
        let body = vec![7_u8; 250_000];
        for round in 0..100 {
            db.write::<_, DbError>("put", |tx| {
                let sql = "INSERT INTO thing (thing_id, body) VALUES ($1, $2)";
                tx.execute(sql, params![format!("{round}"), &body])
            })
            .unwrap();
        }
        assert!(db.stats().checkpoints > 0);
        db.integrity_check().unwrap();
    });
}

#[test]
fn the_log_is_copied_back_after_as_many_pages_as_was_asked_for() {
    let copied = |checkpoint_pages| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("short.db");
        let options = OpenOptions { checkpoint_pages, ..OpenOptions::default() };
        let db = Db::open_with(path.to_str().unwrap(), &options).unwrap();
        db.migrate(TABLES).unwrap();
        let before = db.stats().checkpoints;
        for round in 0..30 {
            put(&db, &format!("{round}"), 1).unwrap();
        }
        assert_eq!(n_things(&db), 30);
        db.stats().checkpoints - before
    };
    assert!(copied(10) >= 3, "at least a page a commit");
    assert_eq!(copied(OpenOptions::default().checkpoint_pages), 0);
}

#[test]
fn a_long_reader_neither_stops_writing_nor_keeps_the_log_long_afterwards() {
    on_sqlite(TABLES, |db| {
        put(db, "first", 1).unwrap();
        let put_much = |id: String| {
            db.write::<_, DbError>("put much", |tx| {
                let sql = "INSERT INTO thing (thing_id, body) VALUES ($1, $2)";
                tx.execute(sql, params![&id, vec![7_u8; 4_000_000]])
            })
        };
        db.read::<_, DbError>(|tx| {
            let count = "SELECT COUNT(*) AS n FROM thing";
            tx.query(count, params![])?;
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    for number in 0..40 {
                        put_much(format!("{number}")).unwrap();
                    }
                });
            });
            let row = tx.query_one(count, params![])?.unwrap();
            assert_eq!(row.int("n"), Ok(1), "the reader still sees its moment");
            Ok(())
        })
        .unwrap();
        let Inner::Sqlite(sqlite) = &db.inner else { panic!("a SQLite test") };
        let log = format!("{}-wal", sqlite.path.display());
        let log_bytes = || std::fs::metadata(&log).unwrap().len();
        assert!(log_bytes() > 130_000_000, "the reader held the log back: {}", log_bytes());
        put(db, "copies back", 1).unwrap();
        put(db, "starts over", 1).unwrap();
        assert!(log_bytes() <= 67_108_864, "the log is cut back: {}", log_bytes());
    });
}

#[test]
fn a_group_waits_for_a_caller_who_announced_itself() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 128);
    let before = db.stats();
    let late = db.announce();
    std::thread::scope(|scope| {
        let early = scope.spawn(|| put(db, "early", 1).unwrap());
        while n_members(db) == 0 {
            std::thread::yield_now();
        }
        assert!(!early.is_finished());
        late.write::<_, DbError>("late", |tx| {
            tx.execute("INSERT INTO thing (thing_id) VALUES ('late')", params![])
        })
        .unwrap();
    });
    let after = db.stats();
    assert_eq!((after.commits - before.commits, n_things(db)), (1, 2));
}

#[test]
fn a_caller_who_takes_its_word_back_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let db = &patient(folder.path(), 128);
    let late = db.announce();
    std::thread::scope(|scope| {
        scope.spawn(|| put(db, "early", 1).unwrap());
        while n_members(db) == 0 {
            std::thread::yield_now();
        }
        drop(late);
    });
    assert_eq!(n_things(db), 1);
}

#[test]
fn a_group_waits_only_so_long() {
    on_sqlite(TABLES, |db| {
        let late = db.announce();
        put(db, "early", 1).unwrap();
        assert_eq!(n_things(db), 1, "whoever announced itself has not come yet");
        drop(late);
    });
}

/// Returns how many have had their turn in the group that is open.
fn n_members(db: &Db) -> u32 {
    let Inner::Sqlite(sqlite) = &db.inner else { panic!("a SQLite test") };
    sqlite.writer.n_members()
}
