//! The worker's thread, the end of the process when it, or the store, can do no more, and a word in the log before the
//! disk is full.
//!
//! **Invariant:** a process that can no longer write ends with status 3, so that whoever started it starts it again and
//! it recovers from what is on the disk. Source: trust.md 1.3 (3).

use crate::place::{Ballast, Kept, Room};
use anyhow::Context as _;
use doorstep_app::App;
use doorstep_work::{Spool, Stop, run};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::exit;
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// The exit status of a process that cannot go on and should be started again.
const RESTART: i32 = 3;

/// How often the store is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often the disks are looked at, and so how often the log says that one is nearly full.
const DISKS_EVERY: Duration = Duration::from_mins(10);

/// Starts the worker on a thread of its own. When it can do no more, the process ends.
pub(crate) fn start_worker(
    app: &Arc<App>,
    outbox: &Path,
    stop: &Arc<Stop>,
) -> anyhow::Result<JoinHandle<()>> {
    let spool = Spool::open(outbox).context("the outbox could not be made")?;
    let (app, stop) = (Arc::clone(app), Arc::clone(stop));
    let working = move || match catch_unwind(AssertUnwindSafe(|| run(&app, &spool, &stop))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!("the store can no longer be written, so this process ends: {error}");
            exit(RESTART);
        }
        Err(_) => {
            tracing::error!("the worker panicked, so this process ends: the log has where");
            exit(RESTART);
        }
    };
    Ok(Builder::new().name("worker".to_owned()).spawn(working)?)
}

/// Ends the process when its store can no longer be written, whoever finds it out: a process that only serves would
/// otherwise answer for ever that it is busy. The disks of the folders are watched as well, and the ballast kept.
pub(crate) fn watch_store(
    app: &Arc<App>,
    folders: Vec<PathBuf>,
    ballast: Option<Ballast>,
) -> anyhow::Result<()> {
    let app = Arc::downgrade(app);
    let watching = move || watch(&app, &folders, ballast.as_ref());
    Builder::new().name("watch".to_owned()).spawn(watching)?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the store tells nobody when it breaks: it is looked at"
)]
/// Watches for as long as anybody has the store open.
fn watch(app: &Weak<App>, folders: &[PathBuf], ballast: Option<&Ballast>) {
    let mut looked: Option<Instant> = None;
    while let Some(app) = app.upgrade() {
        if app.db.is_broken() {
            tracing::error!("the store can no longer be written, so this process ends");
            exit(RESTART);
        }
        drop(app);
        if let Some(ballast) = ballast {
            keep(ballast);
        }
        if looked.is_none_or(|at| at.elapsed() >= DISKS_EVERY) {
            looked = Some(Instant::now());
            warn_of_disks(folders);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn keep(ballast: &Ballast) {
    match ballast.keep() {
        Ok(Kept::AsItWas) => {}
        Ok(Kept::Made) => tracing::info!("room is kept for people on the database's disk"),
        Ok(Kept::GivenUp) => tracing::error!(
            "the database's disk is full: files are refused until there is room, and people go on in what was kept for them"
        ),
        // Without it the disk is only as large as it is.
        Err(error) => tracing::debug!("no room is kept on the database's disk: {error}"),
    }
}

fn warn_of_disks(folders: &[PathBuf]) {
    for room in folders.iter().filter_map(|folder| Room::of(folder)).filter(Room::is_low) {
        tracing::warn!(
            "only {} % of the disk of {} is free: make room, or files that come in are soon refused",
            room.free_percent,
            room.folder.display()
        );
    }
}
