//! A test may stand in for the machine beneath: what a process that dies has and has not written, and what its callers are told.

use super::round_trip::{TABLES, put};
use crate::{Db, DbError, Fault, Faults, Hook, OpenOptions, Point, params};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// What happens at a point, once.
enum Once {
    Dies,
    Answers(Fault),
    /// Others of the same database come, and put a thing of that name.
    Joins(&'static str),
}

/// Plays what it is told to, at the next question about a point.
#[derive(Default)]
struct Script {
    at: Mutex<Vec<(Point, Once)>>,
    db: Mutex<Option<std::sync::Weak<Db>>>,
}

impl Faults for Script {
    fn at(&self, point: Point, _: &'static str) -> Fault {
        let next = {
            let mut at = self.at.lock().unwrap();
            let found = at.iter().position(|(of, _)| *of == point);
            found.map(|found| at.remove(found).1)
        };
        match next {
            Some(Once::Dies) => resume_unwind(Box::new("died")),
            Some(Once::Answers(fault)) => fault,
            Some(Once::Joins(name)) => {
                let db = self.db.lock().unwrap().as_ref().and_then(std::sync::Weak::upgrade);
                put(&db.unwrap(), name, 1).unwrap();
                Fault::None
            }
            None => Fault::None,
        }
    }
}

struct Machine {
    script: Arc<Script>,
    db: Arc<Db>,
}

fn machine(folder: &Path) -> Machine {
    let script = Arc::new(Script::default());
    let faults = Hook::new(Arc::clone(&script) as Arc<dyn Faults>);
    let options = OpenOptions { faults, ..OpenOptions::default() };
    let path = folder.join("played.db");
    let db = Arc::new(Db::open_with(path.to_str().unwrap(), &options).unwrap());
    db.migrate(TABLES).unwrap();
    *script.db.lock().unwrap() = Some(Arc::downgrade(&db));
    Machine { script, db }
}

impl Machine {
    fn then(&self, point: Point, once: Once) -> &Self {
        self.script.at.lock().unwrap().push((point, once));
        self
    }

    fn dies(&self, name: &str) {
        catch_unwind(AssertUnwindSafe(|| put(&self.db, name, 1))).unwrap_err();
    }
}

/// Returns what is there when the program is started again.
fn things(folder: &Path) -> Vec<String> {
    let db = Db::open(folder.join("played.db").to_str().unwrap()).unwrap();
    let sql = "SELECT thing_id FROM thing ORDER BY thing_id LIMIT 100";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    rows.iter().map(|row| row.text("thing_id").unwrap().to_owned()).collect()
}

#[test]
fn who_dies_before_the_commit_has_written_nothing_and_after_it_everything() {
    for (point, kept) in [
        (Point::Write, vec!["before"]),
        (Point::Commit, vec!["before"]),
        (Point::Committed, vec!["before", "lost"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let machine = machine(folder.path());
        put(&machine.db, "before", 1).unwrap();
        machine.then(point, Once::Dies).dies("lost");
        drop(machine);
        assert_eq!(things(folder.path()), kept, "{point:?}");
    }
}

#[test]
fn a_failed_flush_stops_all_writing_whether_or_not_it_was_kept() {
    for (fault, kept) in [(Fault::Lost, 0), (Fault::Kept, 1)] {
        let folder = tempfile::tempdir().unwrap();
        let machine = machine(folder.path());
        machine.then(Point::Commit, Once::Answers(fault));
        assert_eq!(put(&machine.db, "one", 1), Err(DbError::Broken));
        assert_eq!(put(&machine.db, "two", 1), Err(DbError::Broken));
        assert!(machine.db.is_broken());
        drop(machine);
        assert_eq!(things(folder.path()).len(), kept, "{fault:?}");
    }
}

#[test]
fn a_full_disk_and_a_busy_one_write_nothing_and_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let machine = machine(folder.path());
    machine.then(Point::Commit, Once::Answers(Fault::Full));
    assert_eq!(put(&machine.db, "one", 1), Err(DbError::Full));
    machine.then(Point::Write, Once::Answers(Fault::Busy));
    assert_eq!(put(&machine.db, "two", 1), Err(DbError::Busy));
    put(&machine.db, "three", 1).unwrap();
    drop(machine);
    assert_eq!(things(folder.path()), ["three"]);
}

#[test]
fn those_who_join_a_group_are_kept_or_lost_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let machine = machine(folder.path());
    let joined = |name| {
        machine.then(Point::Turn, Once::Answers(Fault::Company));
        machine.then(Point::Waiting, Once::Joins(name));
    };
    joined("joined");
    put(&machine.db, "first", 1).unwrap();
    assert_eq!(machine.db.stats().group_sizes[1], 1, "one group of two");
    joined("lost");
    machine.then(Point::Commit, Once::Dies).dies("second");
    drop(machine);
    assert_eq!(things(folder.path()), ["first", "joined"]);
}

#[test]
fn who_was_promised_company_that_does_not_come_commits_alone() {
    let folder = tempfile::tempdir().unwrap();
    let machine = machine(folder.path());
    machine.then(Point::Turn, Once::Answers(Fault::Company));
    put(&machine.db, "alone", 1).unwrap();
    drop(machine);
    assert_eq!(things(folder.path()), ["alone"]);
}
