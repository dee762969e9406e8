//! Backups are proved by restoring them.

use super::round_trip::{TABLES, put, size};
use crate::testing::{fresh_postgres, on_postgres, on_sqlite, postgres_url};
use crate::{DbError, Kind, OpenOptions, restore};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_copy_made_while_writing_goes_on_is_whole() {
    on_sqlite(TABLES, |db| {
        let folder = tempfile::tempdir().unwrap();
        let (copy, back) = (folder.path().join("copy.db"), folder.path().join("back.db"));
        for number in 0..200 {
            put(db, &format!("{number}"), number).unwrap();
        }
        let done = AtomicBool::new(false);
        let made = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut number = 1_000;
                while !done.load(Ordering::SeqCst) {
                    put(db, &format!("{number}"), number).unwrap();
                    number += 1;
                }
            });
            let made = db.backup_to(&copy);
            done.store(true, Ordering::SeqCst);
            made
        })
        .unwrap();
        assert_eq!(made.pages.unwrap() * 4096, made.bytes);
        let restored = restore(&copy, back.to_str().unwrap(), &OpenOptions::default()).unwrap();
        restored.integrity_check().unwrap();
        assert_eq!(size(&restored, "199"), Some(199));
        assert_eq!(restored.migrate(TABLES).unwrap().before, 1);
        put(&restored, "new", 1).unwrap();
    });
}

#[test]
fn a_backup_never_overwrites_and_leaves_nothing_unfinished() {
    on_sqlite(TABLES, |db| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.db");
        std::fs::write(&path, "precious").unwrap();
        assert!(matches!(db.backup_to(&path), Err(DbError::Backup(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"precious");
        assert!(db.backup_to(folder.path().join("none/copy.db")).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    });
}

#[test]
fn a_damaged_copy_is_not_restored() {
    on_sqlite(TABLES, |db| {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        for number in 0..500 {
            put(db, &format!("{number}"), number).unwrap();
        }
        db.backup_to(&copy).unwrap();
        let mut bytes = std::fs::read(&copy).unwrap();
        for byte in bytes.iter_mut().skip(8192).take(2048) {
            *byte ^= 0x5a;
        }
        std::fs::write(&copy, bytes).unwrap();
        let back = folder.path().join("back.db");
        let restored = restore(&copy, back.to_str().unwrap(), &OpenOptions::default());
        assert!(restored.is_err());
        assert!(!back.exists());
    });
}

#[test]
fn a_backup_keeps_its_kind() {
    on_sqlite(TABLES, |db| {
        let folder = tempfile::tempdir().unwrap();
        let (copy, back) = (folder.path().join("copy.db"), folder.path().join("back.db"));
        db.backup_to(&copy).unwrap();
        let demo = OpenOptions { kind: Kind::Demo, ..OpenOptions::default() };
        let mixed_up = restore(&copy, back.to_str().unwrap(), &demo).err();
        assert_eq!(mixed_up, Some(DbError::Kind { wanted: Kind::Demo, found: Kind::Real }));
    });
}

#[test]
fn a_dump_of_the_server_is_restored_into_an_empty_database() {
    on_postgres(TABLES, |db| {
        let Some(server) = postgres_url() else { return };
        let folder = tempfile::tempdir().unwrap();
        let dump = folder.path().join("care.dump");
        put(db, "a", 7).unwrap();
        match db.backup_to(&dump) {
            Err(DbError::Backup(why)) if why.contains("not installed") => {
                eprintln!("skipped: {why}");
                return;
            }
            made => assert!(made.unwrap().bytes > 0),
        }
        let fresh = fresh_postgres(&server).unwrap();
        let restored = restore(&dump, &fresh.url, &OpenOptions::default()).unwrap();
        assert_eq!(size(&restored, "a"), Some(7));
        assert_eq!(restored.migrate(TABLES).unwrap().before, 1);
        restored.integrity_check().unwrap();
        let again = restore(&dump, &fresh.url, &OpenOptions::default()).err();
        assert!(matches!(again, Some(DbError::Backup(_))), "{again:?}");
    });
}
