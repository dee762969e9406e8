//! R11: a machine's clock that jumps. The program is run at other times by `libfaketime`, which the package `faketime` has; where
//! it is not, the trial says so.

use crate::audit;
use crate::hub::Hub;
use crate::senders::post;
use crate::support::Place;
use crate::support::orders::{Door, Order};
use doorstep_case::Event;
use doorstep_case::clock::ClockEvent;
use doorstep_db::Db;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Returns the program as it runs at another time, such as `+2h`; `None` where that cannot be had.
pub fn at(place: &Place, args: &[&str], offset: &str) -> Option<Command> {
    let mut command = place.command(args);
    if faked(&mut command, offset).is_none() {
        eprintln!("skipped: libfaketime is not installed: apt-get install faketime");
        return None;
    }
    Some(command)
}

/// Lets a program run at another time. What waits by the steady clock goes on as it is: only what time it is jumps.
fn faked(command: &mut Command, offset: &str) -> Option<()> {
    command.env("LD_PRELOAD", library()?).env("FAKETIME", offset);
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Some(())
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let paths = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    paths.into_iter().find(|path| path.exists())
}

/// Jumps within a day: no clock of these orders has so little time.
const SMALL: [&str; 5] = ["+0", "+1h", "-1h", "-1d", "+0"];

/// Jumps after the long one.
const BACK_AND_FORTH: [&str; 4] = ["-1d", "+0", "+400d", "+0"];

/// Where every clock has run out.
const LONG: &str = "+400d";

/// How often each clock rang at each share, and how often it began anew.
fn rung(place: &Place) -> BTreeMap<String, u32> {
    let db = Db::open(place.db()).unwrap();
    let mut rung = BTreeMap::new();
    for held in audit::held(&db) {
        for recorded in &held.events {
            let key = match &recorded.event {
                Event::Clock(ClockEvent::Warned { clock_id, percent, .. }) => {
                    format!("{} {clock_id} at {percent}", held.number)
                }
                Event::Clock(ClockEvent::Missed { clock_id, .. }) => {
                    format!("{} {clock_id} missed", held.number)
                }
                _ => continue,
            };
            *rung.entry(key).or_default() += 1;
        }
    }
    rung
}

#[test]
fn a_clock_that_jumps_rings_nothing_early_twice_or_never() {
    if library().is_none() {
        eprintln!("skipped: libfaketime is not installed: apt-get install faketime");
        return;
    }
    let place = Place::new();
    for n in 0..3 {
        fs::write(place.path(&format!("o{n}")), Order::nth(n).by(Door::Fhir, 0)).unwrap();
        place.ok(&["intake", &format!("o{n}")]);
    }
    let link = place.ok(&["user", "add", "ana", "--role", "agent"]);
    for jump in SMALL {
        let rung = worked(&place, jump);
        assert!(!rung.keys().any(|key| key.ends_with("missed")), "{jump}: {rung:?}");
    }
    let rung = worked(&place, LONG);
    let missed = rung.keys().filter(|key| key.ends_with("missed")).count();
    assert!(missed >= 3, "a year on, the clocks of each case have run out: {rung:?}");
    assert!(rung.values().all(|n| *n == 1), "{rung:?}");
    for jump in BACK_AND_FORTH {
        assert_eq!(worked(&place, jump), rung, "{jump}: it rang again");
    }
    monotone(&place);
    what_ran_out_stays_dead(&place, link.trim());
    place.ok(&["replay", "--check"]);
}

/// Works once at another time, and returns what has rung by then.
fn worked(place: &Place, jump: &str) -> BTreeMap<String, u32> {
    let output = at(place, &["work", "--once"], jump).unwrap().output().unwrap();
    assert!(output.status.success(), "{jump}: {}", String::from_utf8_lossy(&output.stderr));
    rung(place)
}

/// A case's record does not go back in time.
fn monotone(place: &Place) {
    let db = Db::open(place.db()).unwrap();
    for held in audit::held(&db) {
        assert!(held.events.windows(2).all(|pair| pair[0].at <= pair[1].at), "{}", held.number);
    }
}

/// A link that ran out while the clock was ahead signs nobody in when it is back.
fn what_ran_out_stays_dead(place: &Place, link: &str) {
    let db = Db::open(place.db()).unwrap();
    let hub = Hub::new(place, &[]);
    let ahead = |mut program: Command| {
        faked(&mut program, LONG).unwrap();
        program
    };
    assert!(hub.start_by(ahead));
    let began = Instant::now();
    while audit::count(&db, "SELECT COUNT(*) AS n FROM signin_link WHERE used_at IS NULL") > 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody has swept the links");
    }
    hub.stop();
    hub.start();
    let answer = post(&hub.at().http, link, "", b"").unwrap();
    assert_ne!(answer.status, 303, "a link that ran out has come back to life");
    // The control: one that did not run out does sign in.
    let good = place.ok(&["user", "link", "ana"]);
    assert_eq!(post(&hub.at().http, good.trim(), "", b"").unwrap().status, 303);
    hub.stop();
}
