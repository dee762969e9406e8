//! R13: copies made while the hub takes what it can, each put back and proved against what was told meanwhile. A plain copy of
//! the file, as the control, has to fail. Source: trust.md 1.1, 7.

use crate::audit::audit;
use crate::cluster::{Cluster, programs};
use crate::history::{End, History, Op};
use crate::hub::Hub;
use crate::lanes::Over;
use crate::senders::{File, send_until_taken};
use crate::size::size;
use crate::support::orders::{Door, Order};
use crate::support::{Place, Running, json};
use doorstep_db::Db;
use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Who sends.
const SENDERS: usize = 6;

/// What of a history a copy has to hold: what was acknowledged before it was begun. What was asked later it does not hold.
fn as_of(ops: Vec<Op>, made: &Made) -> Vec<Op> {
    let asked = ops.into_iter().filter(|op| op.began <= made.ended);
    let told = |op: Op| match op.end {
        End::Ok(_) if op.ended > made.begun => Op { end: End::Info, ended: u64::MAX, ..op },
        _ => op,
    };
    asked.map(told).collect()
}

/// The hub under load, with its history.
struct Load<'a> {
    hub: &'a Hub<'a>,
    token: String,
    history: History,
    next: AtomicU32,
    is_over: AtomicBool,
}

impl Load<'_> {
    fn send(&self) {
        while !self.is_over.load(Ordering::Relaxed) {
            let file = file(self.next.fetch_add(1, Ordering::Relaxed));
            send_until_taken(self.hub, &self.token, &self.history, &file);
        }
    }

    /// Steps of the history so far.
    fn steps(&self) -> u64 {
        let ops = self.history.ops();
        ops.iter()
            .flat_map(|op| [op.began, op.ended])
            .filter(|at| *at < u64::MAX)
            .max()
            .unwrap_or(0)
    }

    fn labels(&self) -> BTreeMap<String, String> {
        (0..self.next.load(Ordering::Relaxed)).map(|n| file(n).named()).collect()
    }
}

fn file(n: u32) -> File {
    File::one(Order::nth(n), [Door::Fhir, Door::X12, Door::Csv][n as usize % 3])
}

/// A copy with the moments between which it was made.
struct Made {
    name: String,
    begun: u64,
    ended: u64,
}

#[test]
fn every_copy_made_under_load_is_put_back_whole_and_a_plain_copy_is_not() {
    let place = Place::new();
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let hub = Hub::new(&place, &[]);
    hub.start();
    let (history, next, is_over) = (History::default(), AtomicU32::new(0), AtomicBool::new(false));
    let load = Load { hub: &hub, token, history, next, is_over };
    let began = Instant::now();
    let (copies, plain) = std::thread::scope(|scope| {
        for _ in 0..SENDERS {
            scope.spawn(|| load.send());
        }
        let _over = Over(&load.is_over);
        let copies: Vec<Made> = (0..size(2, 20)).map(|n| copied(&place, &load, n)).collect();
        let plain: Vec<Made> = (0..size(3, 10)).map(|n| plainly_copied(&place, &load, n)).collect();
        (copies, plain)
    });
    let rate =
        f64::from(u32::try_from(load.history.n_ok()).unwrap()) / began.elapsed().as_secs_f64();
    eprintln!("{rate:.0} orders a second while {} copies were made", copies.len());
    hub.stop();
    for made in &copies {
        let restored = format!("{}-restored.db", made.name);
        let took = Instant::now();
        place.ok(&["restore", &made.name, "--db", &restored]);
        eprintln!("{} put back and proved in {:?}", made.name, took.elapsed());
        assert_eq!(found_in(&place, &load, (made, &restored)), Vec::<String>::new());
    }
    let is_bad = |made: &&Made| {
        let ran = place.run(&["replay", "--check", "--db", &made.name]);
        let found = found_in(&place, &load, (made, &made.name));
        eprintln!("{}: {}", made.name, found.first().map_or("whole by luck", String::as_str));
        ran.code != Some(0) || !found.is_empty()
    };
    let n_bad = plain.iter().filter(is_bad).count();
    eprintln!("{n_bad} of {} plain copies are none", plain.len());
    // Right behind a checkpoint everything is in the file, and one may be whole by luck.
    assert!(n_bad * 2 > plain.len(), "the proof should say that a file in use cannot be copied");
}

fn copied(place: &Place, load: &Load, n: usize) -> Made {
    while load.history.n_ok() < (n + 1) * 40 {
        std::thread::yield_now();
    }
    let (name, begun) = (format!("copy-{n}.db"), load.steps());
    place.ok(&["backup", &name]);
    Made { name, begun, ended: load.steps() }
}

/// What somebody does who does not know that most of a store is in the log beside its file.
fn plainly_copied(place: &Place, load: &Load, n: usize) -> Made {
    let (name, begun) = (format!("plain-{n}.db"), load.steps());
    fs::copy(place.db(), place.path(&name)).unwrap();
    let until = load.history.n_ok() + 5;
    let waiting = Instant::now();
    while load.history.n_ok() < until && waiting.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    Made { name, begun, ended: load.steps() }
}

/// What is wrong with a store for being that of those moments.
fn found_in(place: &Place, load: &Load, (made, name): (&Made, &str)) -> Vec<String> {
    let path = place.path(name);
    let path = path.to_str().unwrap();
    // A torn file can be asked nothing more.
    if let Err(error) = Db::open(path).and_then(|db| db.integrity_check()) {
        return vec![format!("it is no database: {error}")];
    }
    let there = Place::new().with_db(path);
    audit(&there, &as_of(load.history.ops(), made), &load.labels())
}

/// Copies are made by the second while orders come; one is put back as the hub stood then.
#[test]
fn a_store_is_put_back_as_it_stood_at_a_moment() {
    let place = Place::new();
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let hub = Hub::new(&place, &["--no-work"]);
    hub.start();
    let args = ["backup", "--into", "minutes", "--every", "1", "--keep", "3", "--json"];
    let mut series = Running::start(place.command(args));
    let (history, next, is_over) = (History::default(), AtomicU32::new(0), AtomicBool::new(false));
    let load = Load { hub: &hub, token, history, next, is_over };
    let mut moments: Vec<Made> = Vec::new();
    for n in 0..5 {
        for _ in 0..6 {
            let file = file(load.next.fetch_add(1, Ordering::Relaxed));
            send_until_taken(load.hub, &load.token, &load.history, &file);
        }
        // Nothing is sent while the copy is made: it is exactly this moment.
        let told = series.until("doorstep-");
        let mut told = json(told.trim());
        while told["held"]["rows"]["case_head"] != 6 * (n + 1) {
            told = json(series.until("doorstep-").trim());
        }
        let name = told["file"].as_str().unwrap().to_owned();
        moments.push(Made { name, begun: load.steps(), ended: load.steps() });
    }
    series.signal("TERM");
    assert!(series.ended_within(Duration::from_secs(5)).is_some_and(|status| status.success()));
    hub.stop();
    let kept: Vec<&Made> = moments.iter().filter(|made| place.path(&made.name).exists()).collect();
    assert_eq!(kept.len(), 3, "older ones are removed");
    assert!(!place.path(&format!("{}.counts.json", moments[0].name)).exists());
    for made in kept {
        let restored = format!("{}-restored.db", made.name);
        place.ok(&["restore", &made.name, "--db", &restored]);
        assert_eq!(found_in(&place, &load, (made, &restored)), Vec::<String>::new());
    }
    // The control: the moment before is another store.
    let (last, before) = (&moments[4], &moments[3]);
    let restored = format!("{}-restored.db", before.name);
    assert!(!found_in(&place, &load, (last, &restored)).is_empty());
}

/// On PostgreSQL the log is shipped by the server's own means, as docs/backups.md has it.
#[test]
fn a_server_is_put_back_as_it_stood_at_a_moment() {
    let Some(bin) = programs() else { return };
    let server = Cluster::new(&bin);
    let archive = server.path("archive");
    let ship = format!("archive_command=cp %p {}/%f", archive.display());
    server.make_folder("archive");
    server.start(&["archive_mode=on", "wal_level=replica", &ship]);
    server.ask("CREATE DATABASE hub LC_COLLATE 'C' TEMPLATE template0");
    let place = Place::on(&server.url("hub"));
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let hub = Hub::new(&place, &["--no-work"]);
    hub.start();
    let (history, next, is_over) = (History::default(), AtomicU32::new(0), AtomicBool::new(false));
    let load = Load { hub: &hub, token, history, next, is_over };
    let some = || {
        for _ in 0..10 {
            let file = file(load.next.fetch_add(1, Ordering::Relaxed));
            send_until_taken(load.hub, &load.token, &load.history, &file);
        }
    };
    some();
    let base = Cluster::copy_of(&server, false);
    some();
    let moment = server.ask("SELECT clock_timestamp()").trim().to_owned();
    let made = Made { name: String::new(), begun: load.steps(), ended: load.steps() };
    some();
    hub.stop();
    server.ask("SELECT pg_switch_wal()");
    server.wait_for("SELECT last_archived_wal >= pg_walfile_name(pg_switch_wal()) OR archived_count > 3 FROM pg_stat_archiver");
    let fetch = format!("restore_command=cp {}/%f %p", archive.display());
    let target = format!("recovery_target_time={moment}");
    base.touch("data/recovery.signal");
    base.start(&[&fetch, &target, "recovery_target_action=promote", "archive_mode=off"]);
    base.wait_for("SELECT NOT pg_is_in_recovery()");
    let there = Place::on(&base.url("hub"));
    let found = audit(&there, &as_of(load.history.ops(), &made), &load.labels());
    assert_eq!(found, Vec::<String>::new());
    // The control: as of now something is missing.
    let now = Made { begun: load.steps(), ended: load.steps(), ..made };
    assert!(!audit(&there, &as_of(load.history.ops(), &now), &load.labels()).is_empty());
}
