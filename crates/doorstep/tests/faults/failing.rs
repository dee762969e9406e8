//! R04: the n-th write or flush fails. Nothing is acknowledged that is not durable, a failed flush ends the hub with status 3,
//! a full disk does not, and the next start recovers by itself. Source: trust.md 1.1, 7.

use crate::audit::audit;
use crate::history::History;
use crate::hub::Hub;
use crate::lanes::side_by_side;
use crate::senders::{File, Told, answered, by_http, send_until_taken};
use crate::size::size;
use crate::support::Place;
use crate::support::orders::{Chance, Door, Order};
use crate::tampering::{self, Fate, Tampering};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// Files of one point at most: enough to meet the last flush of a whole trial, a file being one.
const N_FILES: u32 = 250;

/// Files that are sent once one has failed.
const N_BEHIND: usize = 4;

/// Calls of one kind at which it fails in a whole trial.
const AT_MAX: u32 = 200;

/// What fails, and how.
#[derive(Debug, Clone, Copy)]
struct Failure {
    call: &'static str,
    fate: Fate,
    and_on: bool,
    /// Whether the hub has to end itself.
    is_fatal: bool,
}

const fn fails(call: &'static str, fate: Fate, and_on: bool, is_fatal: bool) -> Failure {
    Failure { call, fate, and_on, is_fatal }
}

const FAILURES: [Failure; 8] = [
    fails("fsync", Fate::Eio, false, true),
    fails("fsync", Fate::Eio, true, true),
    fails("fsync", Fate::Enospc, false, true),
    fails("fsync", Fate::Enospc, true, true),
    fails("pwrite64", Fate::Eio, false, true),
    fails("pwrite64", Fate::Eio, true, true),
    fails("pwrite64", Fate::Enospc, false, false),
    fails("pwrite64", Fate::Enospc, true, false),
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
    if !failure.is_fatal && !failure.and_on && has_failed && is_ok.last() != Some(&true) {
        out.push("a disk with room again takes nothing".to_owned());
    }
    out
}

/// How often one point met something.
#[derive(Debug, PartialEq, Eq)]
enum Met {
    /// The hub did not even start.
    Start,
    /// A file was refused.
    File,
    /// Nothing that anybody noticed.
    Nothing,
}

/// Lets one call fail while files come in, starts the hub again without, and looks at what there is.
fn failed_at(stage: &(Place, String), (failure, at): &(Failure, u32)) -> Met {
    let place = copy(&stage.0);
    let (hub, history) = (Hub::new(&place, &["--no-work"]), History::default());
    let doors = [Door::Fhir, Door::X12, Door::Csv];
    let file = |n: u32| File::one(Order::nth(n), doors[n as usize % doors.len()]);
    let Failure { call, fate, and_on, .. } = *failure;
    let tampering = Tampering { call, fate, at: *at, each: and_on.then_some(1) };
    let (mut files, mut went) = (Vec::new(), Went { told: Vec::new(), status: None });
    let has_started = hub.start_by(|program| tampering.with(program));
    if has_started {
        let at = hub.at().http;
        let has_failed = |told: &[Told]| !told.iter().all(|told| matches!(told, Told::Ok(_)));
        while !has_failed(&went.told[..went.told.len().saturating_sub(N_BEHIND)]) {
            let Some(file) = (0..N_FILES).nth(files.len()).map(file) else { break };
            let asked = file.ask(&history);
            let told = by_http(&at, &stage.1, &file);
            let told = told.unwrap_or_else(|error| Told::Info(error.kind().to_string()));
            answered(&history, &asked, &told);
            files.push(file);
            went.told.push(told);
        }
        let patience = if failure.is_fatal && has_failed(&went.told) { 10 } else { 0 };
        went.status = hub.ended_within(Duration::from_secs(patience));
        hub.kill();
    }
    assert_eq!(wrong(*failure, &went), Vec::<String>::new(), "{failure:?} at {at}");
    hub.start();
    let last = files.len().saturating_sub(2 * N_BEHIND);
    for file in &files[last..] {
        send_until_taken(&hub, &stage.1, &history, file);
    }
    hub.stop();
    let labels: BTreeMap<String, String> = files.iter().map(File::named).collect();
    let found = audit(&place, &history.ops(), &labels);
    assert_eq!(found, Vec::<String>::new(), "{failure:?} at {at}");
    match went.told.iter().all(|told| matches!(told, Told::Ok(_))) {
        _ if !has_started => Met::Start,
        true => Met::Nothing,
        false => Met::File,
    }
}

#[test]
fn whatever_write_or_flush_fails_nothing_is_acknowledged_that_is_not_durable() {
    if !tampering::is_there() {
        return;
    }
    let (mut chance, stage) = (Chance::seeded(4), made());
    for failure in FAILURES {
        let some = 1 + u32::try_from(chance.below(AT_MAX as usize)).unwrap();
        let points: Vec<(Failure, u32)> =
            size(some..=some, 1..=AT_MAX).map(|at| (failure, at)).collect();
        let met = side_by_side(&points, |point| failed_at(&stage, point));
        let n = |what: Met| met.iter().filter(|met| **met == what).count();
        eprintln!(
            "{failure:?}: {} points, {} met a start, {} a file, {} nobody",
            points.len(),
            n(Met::Start),
            n(Met::File),
            n(Met::Nothing)
        );
        // A call that fails once behind an answer, as when the log is copied back, meets nobody.
        assert!(n(Met::Nothing) * 4 <= points.len(), "too few met anything");
    }
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
    let [once, and_on] = [FAILURES[6], FAILURES[7]];
    finds(once, &[&ok, &no], Some(3), "a full disk ended it");
    finds(once, &[&ok, &no, &no], None, "room again");
    finds(and_on, &[&no, &ok], None, "stays full");
    let went = Went { told: vec![ok, no], status: Some(3) };
    assert_eq!(wrong(fatal, &went), Vec::<String>::new());
}
