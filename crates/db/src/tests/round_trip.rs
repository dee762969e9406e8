//! Parameters and rows, alike on both engines.

use crate::{Db, DbError, Migration, Result, Value, params, store_test};

pub(super) const TABLES: &[Migration] = &[Migration {
    number: 1,
    name: "things",
    sql: "CREATE TABLE thing (
              thing_id TEXT NOT NULL PRIMARY KEY,
              size BIGINT,
              note TEXT,
              body BYTEA,
              CONSTRAINT thing_size CHECK (size >= 0)
          );
          COMMENT ON TABLE thing IS 'A thing; nothing more.';
          CREATE TABLE part (
              thing_id TEXT NOT NULL REFERENCES thing (thing_id),
              seq BIGINT NOT NULL,
              PRIMARY KEY (thing_id, seq)
          );",
    sqlite: None,
    postgres: None,
}];

pub(super) fn put(db: &Db, id: &str, size: i64) -> Result<u64> {
    db.write("put", |tx| {
        tx.execute("INSERT INTO thing (thing_id, size) VALUES ($1, $2)", params![id, size])
    })
}

pub(super) fn size(db: &Db, id: &str) -> Option<i64> {
    let row = db.read::<_, DbError>(|tx| {
        tx.query_one("SELECT size FROM thing WHERE thing_id = $1", params![id])
    });
    row.unwrap().map(|row| row.int("size").unwrap())
}

store_test!(every_kind_of_value_comes_back, TABLES, |db: &Db| {
    let note = "Ægir ‹x› 你好 'quoted' \"twice\" \\";
    let body: Vec<u8> = (0..=255).collect();
    db.write::<_, DbError>("put", |tx| {
        tx.execute(
            "INSERT INTO thing (thing_id, size, note, body) VALUES ($1, $2, $3, $4)",
            params!["full", i64::MAX, note, &body],
        )?;
        tx.execute(
            "INSERT INTO thing (thing_id, size, note, body) VALUES ($1, $2, $3, $4)",
            params![String::from("empty"), None::<i64>, None::<&str>, None::<Vec<u8>>],
        )
    })
    .unwrap();
    let rows = db
        .read::<_, DbError>(|tx| {
            tx.query(
                "SELECT thing_id, size, note, body, size IS NULL AS is_null FROM thing ORDER BY thing_id",
                params![],
            )
        })
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].text("thing_id"), Ok("empty"));
    assert_eq!(rows[0].opt_int("size"), Ok(None));
    assert_eq!(rows[0].opt_text("note"), Ok(None));
    assert_eq!(rows[0].opt_bytes("body"), Ok(None));
    assert_eq!(rows[0].flag("is_null"), Ok(true));
    assert_eq!(rows[1].int("size"), Ok(i64::MAX));
    assert_eq!(rows[1].text("note"), Ok(note));
    assert_eq!(rows[1].bytes("body"), Ok(body.as_slice()));
    assert_eq!(rows[1].flag("is_null"), Ok(false));
});

store_test!(a_column_that_is_not_there_or_of_another_type_is_named, TABLES, |db: &Db| {
    put(db, "a", 7).unwrap();
    let row = db
        .read::<_, DbError>(|tx| tx.query_one("SELECT size, note FROM thing", params![]))
        .unwrap()
        .unwrap();
    let name = |error| match error {
        DbError::Column { name, .. } => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(name(row.int("length").unwrap_err()), "length");
    assert_eq!(name(row.text("size").unwrap_err()), "size");
    assert_eq!(name(row.text("note").unwrap_err()), "note");
    assert_eq!(name(row.flag("size").unwrap_err()), "size");
});

store_test!(placeholders_may_be_used_twice_and_out_of_order, TABLES, |db: &Db| {
    put(db, "a", 7).unwrap();
    let row = db.read::<_, DbError>(|tx| {
        tx.query_one(
            "SELECT thing_id FROM thing WHERE size = $2 AND thing_id = $1 AND $2 > 6 LIMIT $3",
            params!["a", 7_i64, 10_u32],
        )
    });
    assert_eq!(row.unwrap().unwrap().text("thing_id"), Ok("a"));
});

store_test!(a_wrong_number_of_parameters_is_refused, TABLES, |db: &Db| {
    for values in [params!["a"], params!["a", 1_i64, 2_i64]] {
        let refused = db.write::<_, DbError>("put", |tx| {
            tx.execute("INSERT INTO thing (thing_id, size) VALUES ($1, $2)", values)
        });
        assert!(matches!(refused, Err(DbError::Params(_))), "{refused:?}");
    }
});

store_test!(a_text_with_a_nul_is_refused_before_it_gets_anywhere, TABLES, |db: &Db| {
    let refused = put(db, "secret\0tail", 1).unwrap_err();
    assert_eq!(refused, DbError::Params("$1 holds a NUL character".to_owned()));
});

store_test!(a_value_of_another_type_is_refused_and_not_told, TABLES, |db: &Db| {
    let refused = db.write::<_, DbError>("put", |tx| {
        tx.execute("INSERT INTO thing (thing_id, size) VALUES ($1, $2)", params!["a", "canary"])
    });
    let told = refused.unwrap_err().to_string();
    assert!(!told.contains("canary"), "{told}");
});

store_test!(a_key_met_twice_is_unique_and_no_value_is_told, TABLES, |db: &Db| {
    put(db, "canary", 1).unwrap();
    let refused = put(db, "canary", 2).unwrap_err();
    assert!(matches!(refused, DbError::Unique { .. }), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("canary"), "{refused:?}");
    assert_eq!(size(db, "canary"), Some(1));
});

store_test!(other_rules_of_a_table_are_constraints, TABLES, |db: &Db| {
    let negative = put(db, "canary", -1).unwrap_err();
    assert_eq!(negative, DbError::Constraint { constraint: "thing_size".to_owned() });
    let stray = db.write::<_, DbError>("put", |tx| {
        tx.execute("INSERT INTO part (thing_id, seq) VALUES ($1, $2)", params!["canary", 1_i64])
    });
    let told = format!("{stray:?}");
    assert!(matches!(stray, Err(DbError::Constraint { .. })), "{told}");
    assert!(!told.contains("canary"), "{told}");
});

store_test!(returning_rows_come_back_or_are_counted, TABLES, |db: &Db| {
    let sql = "INSERT INTO thing (thing_id, size) VALUES ($1, 1), ($2, 2) RETURNING size";
    let n_rows = db.write::<_, DbError>("count", |tx| tx.execute(sql, params!["a", "b"])).unwrap();
    assert_eq!(n_rows, 2);
    let rows = db.write::<_, DbError>("query", |tx| tx.query(sql, params!["c", "d"])).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(size(db, "a"), Some(1));
});

store_test!(one_row_is_one_row, TABLES, |db: &Db| {
    put(db, "a", 1).unwrap();
    let sql = "SELECT thing_id FROM thing ORDER BY thing_id";
    let one = |db: &Db| db.read::<_, DbError>(|tx| tx.query_one(sql, params![]));
    assert!(one(db).unwrap().is_some());
    put(db, "b", 1).unwrap();
    assert!(matches!(one(db), Err(DbError::Engine(_))));
});

store_test!(a_statement_is_checked_without_being_run, TABLES, |db: &Db| {
    db.prepare_check("DELETE FROM thing WHERE thing_id = $1").unwrap();
    let wrong = db.prepare_check("SELECT thing_id FROM thingy").unwrap_err();
    assert!(wrong.to_string().contains("thingy"), "{wrong}");
});

store_test!(a_reader_cannot_write, TABLES, |db: &Db| {
    let sql = "INSERT INTO thing (thing_id) VALUES ('a')";
    let refused = db.read::<_, DbError>(|tx| tx.execute(sql, params![]));
    assert!(matches!(refused, Err(DbError::Engine(_))), "{refused:?}");
    assert_eq!(size(db, "a"), None);
});

#[test]
fn values_are_made_from_what_callers_have() {
    let text = String::from("t");
    let expected = [
        Value::Int(1),
        Value::Int(2),
        Value::Int(3),
        Value::Int(1),
        Value::Text("t".into()),
        Value::Text("t".into()),
        Value::Text("t".into()),
        Value::Null,
        Value::Int(4),
        Value::Bytes(vec![1]),
        Value::Bytes(vec![1]),
    ];
    let made = params![
        1_i64,
        2_u32,
        3_usize,
        true,
        "t",
        &text,
        text.clone(),
        None::<&str>,
        Some(4_i64),
        vec![1_u8],
        &[1_u8][..]
    ];
    assert_eq!(made, expected);
}
