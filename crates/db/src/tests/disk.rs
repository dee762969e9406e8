//! A full disk and a failing one, on SQLite.
//!
//! A full disk is played by SQLite's own page limit; a failing one by a limit on the size of files, which a shell sets for
//! a second run of this test program.

use super::round_trip::{TABLES, put, size};
use crate::db::Inner;
use crate::testing::on_sqlite;
use crate::{Db, DbError, params};
use std::process::Command;

/// Tells the second run where to write.
const FOLDER: &str = "DOORSTEP_DISK_TEST_FOLDER";

fn limit_pages(db: &Db, pages: u32) {
    let Inner::Sqlite(sqlite) = &db.inner else { panic!("a SQLite test") };
    sqlite.writer.pragma("max_page_count", pages);
}

fn put_much(db: &Db, id: &str) -> Result<u64, DbError> {
    db.write("put much", |tx| {
        let sql = "INSERT INTO thing (thing_id, body) VALUES ($1, $2)";
        tx.execute(sql, params![id, vec![7_u8; 200_000]])
    })
}

#[test]
fn a_full_disk_is_told_is_no_loss_and_passes() {
    on_sqlite(TABLES, |db| {
        put(db, "before", 1).unwrap();
        limit_pages(db, 20);
        let full = put_much(db, "much").unwrap_err();
        assert_eq!(full, DbError::Full);
        assert!(full.is_retryable());
        assert_eq!(size(db, "before"), Some(1), "reading goes on");
        assert!(!db.is_broken());
        limit_pages(db, 1_000_000);
        put_much(db, "much").unwrap();
        put(db, "after", 2).unwrap();
        assert_eq!(size(db, "after"), Some(2));
    });
}

#[test]
fn after_a_disk_error_nothing_more_is_written() {
    let folder = tempfile::tempdir().unwrap();
    // A write beyond the limit fails with EFBIG once the signal is ignored. 512-byte blocks: 400 of them are 200 KB.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg("tests::disk::second_run_on_a_failing_disk")
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("1 passed") && told.contains("was refused"), "{told}");
    // All that was acknowledged is there when the program starts again.
    let db = crate::testing::sqlite_in(folder.path());
    db.integrity_check().unwrap();
    assert_eq!(size(&db, "before"), Some(1));
    assert_eq!(size(&db, "after"), None);
    put(&db, "again", 1).unwrap();
}

#[test]
fn second_run_on_a_failing_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let db = crate::testing::sqlite_in(folder.as_ref());
    db.migrate(TABLES).unwrap();
    put(&db, "before", 1).unwrap();
    assert_eq!(put_much(&db, "much"), Err(DbError::Broken));
    assert!(db.is_broken());
    assert_eq!(put(&db, "after", 1), Err(DbError::Broken));
    assert_eq!(size(&db, "before"), Some(1), "reading goes on");
    println!("writing was refused");
}
