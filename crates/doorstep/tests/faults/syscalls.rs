//! R02: killed at every system call that writes, during intake, the start after a crash, migration, backup and sending, the
//! program is whole again at its next start. Source: trust.md 7.

use crate::audit::{audit, count, settle};
use crate::history::{End, History};
use crate::senders::{File, Told, answered};
use crate::size::size;
use crate::strace::{self, Tampering, counted, tampered};
use crate::support::orders::{Chance, Door, Order};
use crate::support::{Place, json};
use doorstep_db::{Db, DbError, params};
use std::collections::BTreeMap;
use std::fs;

/// The calls that write, and that make what was written last.
const CALLS: [&str; 7] =
    ["pwrite64", "write", "fdatasync", "fsync", "rename", "unlink", "ftruncate"];

/// Points of each scene in the test command. A whole trial takes each of them.
const POINTS: usize = 4;

/// Orders of one intake.
const N_ORDERS: u32 = 20;

/// What the program is doing when it is killed.
struct Scene {
    name: &'static str,
    args: &'static [&'static str],
    /// Makes the place in which it is done.
    before: fn(&Place),
    /// What has to be true of the place once it has been killed and started again.
    after: fn(&Place, &History),
}

const SCENES: [Scene; 5] = [
    Scene { name: "migration", args: &["migrate"], before: |_| {}, after: is_migrated },
    Scene {
        name: "recovery",
        args: &["replay", "--check"],
        before: with_a_hot_log,
        after: is_recovered,
    },
    Scene { name: "backup", args: &["backup", "copy.db"], before: with_cases, after: is_copied },
    Scene {
        name: "intake",
        args: &["intake", "inbox", "--json", "--at-once", "1"],
        before: with_an_inbox,
        after: is_taken,
    },
    Scene { name: "sending", args: &["work", "--once"], before: with_cases, after: is_sent },
];

fn files() -> Vec<File> {
    (0..N_ORDERS)
        .map(|n| File::one(Order::nth(n), Door::ALL[n as usize % Door::ALL.len()]))
        .collect()
}

fn labels() -> BTreeMap<String, String> {
    files().iter().map(File::named).collect()
}

fn with_an_inbox(place: &Place) {
    place.ok(&["migrate"]);
    fs::create_dir(place.path("inbox")).unwrap();
    for (n, file) in files().iter().enumerate() {
        fs::write(place.path(&format!("inbox/{n:02}")), &file.text).unwrap();
    }
}

fn with_cases(place: &Place) {
    with_an_inbox(place);
    place.ok(&["intake", "inbox"]);
}

/// A store whose last writer was killed: everything is in the log beside it.
fn with_a_hot_log(place: &Place) {
    with_cases(place);
    // A copy of file and log while both stand still is what a killed process leaves.
    let db = Db::open(place.db()).unwrap();
    db.write::<_, DbError>("stay", |tx| {
        tx.execute("UPDATE job SET attempts = attempts + 1", params![])
    })
    .unwrap();
    for name in ["doorstep.db", "doorstep.db-wal"] {
        fs::copy(place.path(name), place.path(&format!("hot-{name}"))).unwrap();
    }
    drop(db);
    for name in ["doorstep.db", "doorstep.db-wal"] {
        fs::rename(place.path(&format!("hot-{name}")), place.path(name)).unwrap();
    }
}

/// Takes the inbox to its end and compares with all that was told.
fn is_taken(place: &Place, history: &History) {
    let told = place.ok(&["intake", "inbox", "--json"]);
    note(history, &told);
    assert_eq!(audit(place, &history.ops(), &labels()), Vec::<String>::new());
    let db = Db::open(place.db()).unwrap();
    assert_eq!(count(&db, "SELECT COUNT(*) AS n FROM case_head"), i64::from(N_ORDERS));
}

fn is_migrated(place: &Place, _: &History) {
    place.ok(&["migrate"]);
    let facts = place.ok(&["doctor", "--json"]);
    assert_eq!(json(&facts)["is_well"], true, "{facts}");
}

fn is_recovered(place: &Place, history: &History) {
    for file in files() {
        let asked = file.ask(history);
        for one in &asked {
            history.answer(one, End::Ok(None));
        }
    }
    assert_eq!(audit(place, &history.ops(), &labels()), Vec::<String>::new());
    let db = Db::open(place.db()).unwrap();
    assert_eq!(count(&db, "SELECT COUNT(*) AS n FROM job WHERE attempts = 0"), 0);
}

/// The copy is whole and has its counts, or it is not there; another may be made at once, and the store has not changed.
fn is_copied(place: &Place, history: &History) {
    if !place.path("copy.db").exists() {
        place.ok(&["backup", "copy.db"]);
    }
    place.ok(&["restore", "copy.db", "--db", "back.db"]);
    place.ok(&["backup", "again.db"]);
    place.ok(&["restore", "again.db", "--db", "again-back.db"]);
    for file in files() {
        let asked = file.ask(history);
        for one in &asked {
            history.answer(one, End::Ok(None));
        }
    }
    assert_eq!(audit(place, &history.ops(), &labels()), Vec::<String>::new());
}

/// Every letter is out, whole, and once; what was cut off is done again once its lease has run out.
fn is_sent(place: &Place, _: &History) {
    settle(place);
    let db = Db::open(place.db()).unwrap();
    let undone = count(&db, "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL");
    let wanted = count(&db, "SELECT COUNT(*) AS n FROM job WHERE kind = 'acknowledge-sender'");
    let letters = crate::support::files_under(&place.path("data/outbox"));
    let is_whole = |path: &std::path::PathBuf| {
        fs::read_to_string(path).unwrap().starts_with("To: ") && path.extension().is_some()
    };
    let whole: Vec<_> = letters.iter().filter(|path| is_whole(path)).collect();
    assert_eq!((undone, i64::try_from(whole.len()).unwrap()), (0, wanted));
    let found = crate::audit::store(place, &db, &crate::audit::held(&db));
    assert_eq!(found, Vec::<String>::new());
}

/// Writes down what the intake printed.
fn note(history: &History, printed: &str) {
    let files = files();
    for line in printed.lines().filter(|line| line.ends_with('}') && line.contains("\"path\"")) {
        let said = json(line);
        let n: usize = said["path"].as_str().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        let cases = said["cases"].as_array().unwrap().iter();
        let cases = cases.map(|case| case.as_str().unwrap().to_owned()).collect();
        answered(history, &files[n].ask(history), &Told::Ok(cases));
    }
}

/// A place made once, of which every point has a copy.
struct Stage {
    made: Place,
}

impl Stage {
    fn of(scene: &Scene) -> Self {
        let made = Place::new();
        (scene.before)(&made);
        Self { made }
    }

    fn copy(&self) -> Place {
        let place = Place::new();
        for path in crate::support::files_under(self.made.folder.path()) {
            let name = path.strip_prefix(self.made.folder.path()).unwrap();
            let to = place.folder.path().join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&path, to).unwrap();
        }
        place
    }
}

/// Kills the scene at one point, and looks at what the next start makes of it. Returns whether it was reached.
fn killed_at(scene: &Scene, stage: &Stage, call: &str, at: u32) -> bool {
    let place = stage.copy();
    let tampering = Tampering { call, does: "signal=KILL", at, and_on: false };
    let output = tampered(&place, scene.args, tampering).output().unwrap();
    let history = History::default();
    if scene.name == "intake" {
        for file in files() {
            // What was not printed may have happened.
            file.ask(&history);
        }
        note(&history, &String::from_utf8_lossy(&output.stdout));
    }
    (scene.after)(&place, &history);
    !output.status.success()
}

/// Every point of a scene; in the test command some of each call, the rarer the call the likelier each of its points.
fn points(scene: &Scene, stage: &Stage, chance: &mut Chance) -> Vec<(String, u32)> {
    let calls = counted(&stage.copy(), scene.args, &CALLS);
    eprintln!("{}: {calls:?}", scene.name);
    let every = calls.iter().flat_map(|(call, n)| (1..=*n).map(move |at| (call.clone(), at)));
    let some = |chance: &mut Chance| {
        let names: Vec<(&String, &u32)> = calls.iter().collect();
        let mut some: Vec<(String, u32)> = (0..POINTS)
            .map(|_| {
                let (call, n) = chance.of(&names);
                (call.clone(), 1 + u32::try_from(chance.below(*n as usize)).unwrap())
            })
            .collect();
        some.sort();
        some.dedup();
        some
    };
    size(some(chance), every.collect())
}

#[test]
fn killed_at_any_system_call_that_writes_it_is_whole_again_at_the_next_start() {
    if !strace::is_there() {
        return;
    }
    let mut chance = Chance::seeded(2);
    for scene in &SCENES {
        let stage = Stage::of(scene);
        let points = points(scene, &stage, &mut chance);
        assert!(points.len() >= 2, "{} writes nothing", scene.name);
        let n_killed = points
            .iter()
            .filter(|(call, at)| {
                eprintln!("{}: {call} {at}", scene.name);
                killed_at(scene, &stage, call, *at)
            })
            .count();
        if scene.name == "intake" {
            the_sweep_notices(scene, &stage);
        }
        // Two runs do not make their calls alike, so one or the other may not be reached.
        assert!(n_killed * 2 >= points.len(), "{}: only {n_killed} were killed", scene.name);
    }
}

/// Planted: a store that says what it does not keep.
fn the_sweep_notices(scene: &Scene, stage: &Stage) {
    let (place, history) = (stage.copy(), History::default());
    note(&history, &place.ok(scene.args));
    let forgetful = stage.copy();
    assert_eq!(audit(&place, &history.ops(), &labels()), Vec::<String>::new());
    let found = audit(&forgetful, &history.ops(), &labels());
    assert!(found.iter().any(|one| one.contains("is lost")), "{found:?}");
}
