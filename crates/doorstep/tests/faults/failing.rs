//! R04: the n-th write or flush fails. Nothing is acknowledged that is not durable, a failed flush ends the hub with status 3,
//! a full disk does not, and the next start recovers by itself. Source: trust.md 1.1, 7.

use crate::audit::audit;
use crate::history::History;
use crate::hub::Hub;
use crate::senders::{File, Told, answered, by_http, send_until_taken};
use crate::size::size;
use crate::strace::{self, Tampering, wrapped};
use crate::support::Place;
use crate::support::orders::{Chance, Door, Order};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Files of one point.
const N_FILES: u32 = 8;

/// Calls of one kind at which it fails in a whole trial.
const AT_MAX: usize = 200;

/// What fails, and how.
#[derive(Clone, Copy)]
struct Failure {
    call: &'static str,
    error: &'static str,
    and_on: bool,
    /// Whether the hub has to end itself.
    is_fatal: bool,
}

const FAILURES: [Failure; 6] = [
    Failure { call: "fsync", error: "error=EIO", and_on: false, is_fatal: true },
    Failure { call: "fsync", error: "error=EIO", and_on: true, is_fatal: true },
    Failure { call: "pwrite64", error: "error=EIO", and_on: false, is_fatal: true },
    Failure { call: "fsync", error: "error=ENOSPC", and_on: true, is_fatal: true },
    Failure { call: "pwrite64", error: "error=ENOSPC", and_on: false, is_fatal: false },
    Failure { call: "pwrite64", error: "error=ENOSPC", and_on: true, is_fatal: false },
];

/// A place with somebody who may send, and its token.
fn made() -> (Place, String) {
    let place = Place::new();
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    (place, token)
}

fn copy(of: &Place) -> Place {
    let place = Place::new();
    fs::copy(of.db(), place.db()).unwrap();
    place
}

/// How one point went.
struct Went {
    told: Vec<Told>,
    /// The status with which the hub ended by itself.
    status: Option<i32>,
}

/// Says what may not be: an answer of yes behind a failed flush, a hub that goes on after one, or ends for a full disk.
fn wrong(failure: Failure, went: &Went) -> Vec<String> {
    let mut out = Vec::new();
    let is_ok: Vec<bool> = went.told.iter().map(|told| matches!(told, Told::Ok(_))).collect();
    let n_before = is_ok.iter().take_while(|ok| **ok).count();
    let has_failed = n_before < is_ok.len();
    if failure.is_fatal && is_ok[n_before..].contains(&true) {
        out.push("something was acknowledged behind a failed flush".to_owned());
    }
    if failure.is_fatal && has_failed && went.status != Some(3) {
        out.push(format!("it ended with {:?} where it has to end with 3", went.status));
    }
    if !failure.is_fatal && went.status.is_some() {
        out.push(format!("a full disk ended it with {:?}", went.status));
    }
    if failure.and_on && has_failed && is_ok[n_before..].contains(&true) {
        out.push("a disk that stays full took something".to_owned());
    }
    out
}

/// Lets one call fail while files come in, starts the hub again without, and looks at what there is.
fn failed_at(stage: &(Place, String), failure: Failure, at: u32) -> bool {
    let place = copy(&stage.0);
    let (hub, history) = (Hub::new(&place, &["--no-work"]), History::default());
    let doors = [Door::Fhir, Door::X12, Door::Csv];
    let file = |n: u32| File::one(Order::nth(n), doors[n as usize % doors.len()]);
    let files: Vec<File> = (0..N_FILES).map(file).collect();
    let Failure { call, error, and_on, .. } = failure;
    let tampering = Tampering { call, does: error, at, and_on };
    let mut went = Went { told: Vec::new(), status: None };
    if hub.start_by(|program| wrapped(&program, &tampering.options())) {
        let at = hub.at().http;
        for file in &files {
            let asked = file.ask(&history);
            let told = by_http(&at, &stage.1, file);
            let told = told.unwrap_or_else(|error| Told::Info(error.kind().to_string()));
            answered(&history, &asked, &told);
            went.told.push(told);
        }
        let has_failed = went.told.iter().any(|told| !matches!(told, Told::Ok(_)));
        let patience = Duration::from_secs(if failure.is_fatal && has_failed { 10 } else { 0 });
        went.status = hub.ended_within(patience);
        strace::end(&hub);
    }
    assert_eq!(wrong(failure, &went), Vec::<String>::new(), "{call} {error} at {at}");
    hub.start();
    for file in &files {
        send_until_taken(&hub, &stage.1, &history, file);
    }
    hub.stop();
    let labels: BTreeMap<String, String> = files.iter().map(File::named).collect();
    assert_eq!(audit(&place, &history.ops(), &labels), Vec::<String>::new());
    went.told.iter().any(|told| !matches!(told, Told::Ok(_)))
}

#[test]
fn whatever_write_or_flush_fails_nothing_is_acknowledged_that_is_not_durable() {
    if !strace::is_there() {
        return;
    }
    let mut chance = Chance::seeded(4);
    let stage = made();
    let mut n_failed = 0;
    for failure in FAILURES {
        let all = if failure.call == "fsync" { 1..=40_usize } else { 1..=AT_MAX };
        let mut points: Vec<usize> = all.collect();
        chance.shuffle(&mut points);
        points.truncate(size(1, AT_MAX));
        for at in points {
            let at = if size(true, false) { at % 6 + 1 } else { at };
            eprintln!("{} {} at {at}", failure.call, failure.error);
            n_failed += u32::from(failed_at(&stage, failure, u32::try_from(at).unwrap()));
        }
    }
    assert!(n_failed >= 3, "only {n_failed} calls failed while files came in");
}

/// Planted: a hub that says yes behind a failed flush, goes on after it, or ends because a disk is full.
#[test]
fn the_trial_of_failing_disks_notices() {
    let (ok, no) = (Told::Ok(Vec::new()), Told::Info(String::new()));
    let fatal = FAILURES[0];
    let finds = |failure, told: &[&Told], status, word: &str| {
        let told = told.iter().map(|told| (*told).clone()).collect();
        let found = wrong(failure, &Went { told, status });
        assert!(found.iter().any(|one| one.contains(word)), "{word}: {found:?}");
    };
    finds(fatal, &[&ok, &no, &ok], Some(3), "behind a failed flush");
    finds(fatal, &[&ok, &no], None, "has to end with 3");
    finds(FAILURES[4], &[&ok, &no], Some(3), "a full disk ended it");
    finds(FAILURES[5], &[&no, &ok], None, "stays full");
    let went = Went { told: vec![ok, no], status: Some(3) };
    assert_eq!(wrong(fatal, &went), Vec::<String>::new());
}
