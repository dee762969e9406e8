//! Statements put together before their transaction, alike on both engines.

use super::round_trip::{TABLES, put, size};
use crate::{DbError, params, store_test};

const INSERT: &str = "INSERT INTO thing (thing_id, size) VALUES ($1, $2)";

store_test!(a_draft_writes_nothing_until_it_is_played, TABLES, |db: &Db| {
    let (n_rows, draft) = db
        .draft::<_, DbError>(|tx| {
            tx.execute(INSERT, params!["a", 1_i64])?;
            tx.execute(INSERT, params!["b", 2_i64])
        })
        .unwrap();
    assert_eq!((n_rows, draft.n_statements()), (1, 2));
    assert_eq!(size(db, "a"), None);
    db.write::<_, DbError>("play", |tx| tx.play(&draft)).unwrap();
    assert_eq!((size(db, "a"), size(db, "b")), (Some(1), Some(2)));
});

store_test!(a_draft_that_fails_while_it_is_played_undoes_all_of_it, TABLES, |db: &Db| {
    put(db, "b", 7).unwrap();
    let insert = |id: &str| db.draft::<_, DbError>(|tx| tx.execute(INSERT, params![id, 1_i64]));
    let (a, b) = (insert("a").unwrap().1, insert("b").unwrap().1);
    let played = db.write::<_, DbError>("play", |tx| {
        tx.play(&a)?;
        tx.play(&b)
    });
    assert!(matches!(played, Err(DbError::Unique { .. })), "{played:?}");
    assert_eq!((size(db, "a"), size(db, "b")), (None, Some(7)));
});

store_test!(a_draft_that_reads_or_locks_is_refused_even_if_overlooked, TABLES, |db: &Db| {
    let read = db.draft::<_, DbError>(|tx| {
        let rows = tx.query("SELECT thing_id FROM thing LIMIT 1", params![]);
        assert!(rows.is_err());
        Ok(())
    });
    assert!(matches!(read, Err(DbError::Engine(_))));
    assert!(db.draft::<_, DbError>(|tx| tx.lock(1)).is_err());
});
