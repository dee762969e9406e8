//! The loop: ring, do jobs, wait for a nudge or a second.

use crate::hands::{Work, by_hands, by_turns};
use crate::jobs::{self, Next};
use crate::{Post, ring};
use doorstep_app::{App, Error, Result};
use doorstep_planted as planted;
use doorstep_store::jobs::{self as rows, Job, Lease};
use doorstep_vocab::{Micros, Timestamp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Jobs claimed at once.
const CLAIMED_MAX: u32 = 50;
/// How long a runner has for the jobs it claimed.
const LEASE: Micros = Micros::minutes(5);
/// A job that failed so often is left to a person. With the pauses between, about a day.
const ATTEMPTS_MAX: u32 = 12;
/// The longest pause between two tries.
const PAUSE_MAX: Micros = Micros::hours(4);
/// How often what has run out is swept.
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long a job that was done is kept, for whoever asks what went out.
const DONE_KEPT: Micros = Micros::hours(24 * 90);
/// Jobs forgotten at once, so that no sweep holds anybody up.
const SWEPT_MAX: u32 = 1000;
/// How long a runner waits when nobody nudges it.
const IDLE: Duration = Duration::from_secs(1);

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ran {
    /// Deadlines rung.
    pub rung: usize,
    /// Jobs done.
    pub done: usize,
    /// Jobs put back for later.
    pub put_back: usize,
    /// Jobs left to a person.
    pub dead: usize,
}

impl Ran {
    fn is_idle(self) -> bool {
        self == Self::default()
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.rung += other.rung;
        self.done += other.done;
        self.put_back += other.put_back;
        self.dead += other.dead;
    }
}

/// Tells a runner to look now, or to stop.
#[derive(Debug, Default)]
pub struct Stop {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    nudged: bool,
}

impl Stop {
    /// Tells the runner to stop after what it is doing.
    pub fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.changed.notify_all();
    }

    /// Tells the runner that there may be something to do.
    pub fn nudge(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).nudged = true;
        self.changed.notify_all();
    }

    /// Waits so long, or until it is told to stop. Returns whether to go on.
    fn rest(&self, time: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let resting = |state: &mut State| !state.stopped;
        let (state, _) = self
            .changed
            .wait_timeout_while(state, time, resting)
            .unwrap_or_else(PoisonError::into_inner);
        !state.stopped
    }

    /// Waits for a nudge, at most a second. Returns whether to go on.
    fn wait(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |state: &mut State| !state.stopped && !state.nudged;
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, IDLE, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        state.nudged = false;
        !state.stopped
    }
}

/// Works until it is told to stop.
///
/// # Errors
///
/// Only when the store can no longer be written at all: then the process should end and be started again.
pub fn run(app: &App, post: &(dyn Post + Sync), stop: &Stop) -> Result<()> {
    std::thread::scope(|scope| {
        // It reads whole tables: no clock waits for it.
        scope.spawn(|| check_nightly(app, stop));
        let ran = rounds(app, post, stop);
        stop.stop();
        ran
    })
}

/// Does each night's checkup until it is told to stop.
fn check_nightly(app: &App, stop: &Stop) {
    loop {
        match unless_panicked(|| doorstep_app::checkup::nightly(app)) {
            Ok(_) => {}
            Err(error) => tracing::warn!("the night's checkup was not done, and is later: {error}"),
        }
        if !stop.rest(SWEEP_EVERY) {
            return;
        }
    }
}

fn rounds(app: &App, post: &(dyn Post + Sync), stop: &Stop) -> Result<()> {
    doorstep_app::intake::resume(&app.system("intake"))?;
    let mut swept: Option<Instant> = None;
    loop {
        if swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY) {
            swept = Some(Instant::now());
            if let Err(error) = sweep(app) {
                tracing::warn!("what has run out was not swept, and is next time: {error}");
            }
        }
        match run_by_hands(app, post) {
            Ok(_) => {}
            Err(error) if app.db.is_broken() => return Err(error),
            Err(error) => tracing::error!("a round of work failed and is tried again: {error}"),
        }
        // While many are due, what has a clock is looked at in between.
        let is_more = searchable(app);
        if !(if is_more { stop.rest(Duration::ZERO) } else { stop.wait() }) {
            return Ok(());
        }
    }
}

/// Makes what changed searchable. Returns whether there is more; a search without it finds less, and nobody is stopped.
fn searchable(app: &App) -> bool {
    unless_panicked(|| doorstep_app::bring_up(app)).unwrap_or_else(|error| {
        tracing::warn!("what changed was not made searchable, and is later: {error}");
        false
    })
}

/// Ends sessions and links that ran out, hands on what those have who are away, hands out what nobody has to the teams that
/// want it by rule, takes what is left of files whose process was killed, and forgets jobs that were done long ago.
pub fn sweep(app: &App) -> Result<()> {
    doorstep_app::signin::sweep(app)?;
    doorstep_app::glass::sweep(app)?;
    let before = Timestamp(app.now().0 - DONE_KEPT.0);
    app.db.write("sweep jobs", |tx| rows::sweep(tx, before, SWEPT_MAX).map_err(Error::from))?;
    doorstep_app::intake::resume_left(&app.system("intake"))?;
    for handed in [doorstep_app::away::sweep(app), doorstep_app::handout::sweep(app)] {
        if let Err(error) = handed {
            tracing::warn!("what is to be handed out was not, and is in a minute: {error}");
        }
    }
    Ok(())
}

/// Does all that is due now, one job after the other.
pub fn run_once(app: &App, post: &dyn Post) -> Result<Ran> {
    run_by_turns(app, post, &|_| 0)
}

/// Does all that is due now, by several hands, each in a thread.
pub fn run_by_hands(app: &App, post: &(dyn Post + Sync)) -> Result<Ran> {
    until_idle(app, |jobs, lease| by_hands(jobs, || AtJob { app, post, lease }))
}

/// Does all that is due now, by several hands in one thread. Given how many have not finished, `whose` says which of them goes
/// on: it does a job, or settles the one that it has done.
pub fn run_by_turns(app: &App, post: &dyn Post, whose: &dyn Fn(usize) -> usize) -> Result<Ran> {
    until_idle(app, |jobs, lease| by_turns(jobs, || AtJob { app, post, lease }, whose))
}

fn until_idle(app: &App, work: impl Fn(&[Job], &str) -> Result<Ran>) -> Result<Ran> {
    let mut all = Ran::default();
    loop {
        let (lease, now) = (app.token().digest(), app.now());
        let claimed = app.db.write("claim jobs", |tx| {
            rows::claim(tx, now, Lease { token: &lease, until: now.plus(LEASE) }, CLAIMED_MAX)
                .map_err(Error::from)
        })?;
        let mut ran = work(&claimed, &lease)?;
        ran.rung = ring::ring(app)?;
        all.add(ran);
        if ran.is_idle() || ran.rung + ran.done == 0 {
            return Ok(all);
        }
    }
}

/// A hand at a job that was claimed.
struct AtJob<'a> {
    app: &'a App,
    post: &'a dyn Post,
    lease: &'a str,
}

impl AtJob<'_> {
    fn finish(&self, job: &Job) -> Result<()> {
        let now = self.app.now();
        self.app.db.write("finish job", |tx| {
            rows::finish(tx, &job.key, self.lease, now).map_err(Error::from)
        })?;
        Ok(())
    }

    /// Puts a job that failed back, or leaves it to a person. Nothing is dropped in silence. Returns whether it was left.
    fn later(&self, job: &Job, error: &Error) -> Result<bool> {
        let (app, now, words) = (self.app, self.app.now(), error.code());
        let died =
            job.attempts >= ATTEMPTS_MAX || matches!(error, Error::NotFound | Error::Bad { .. });
        if died {
            tracing::error!(job.kind = %job.kind, case.id = %job.key.case_id, "left to a person: {error}");
            app.db.write("kill job", |tx| {
                rows::kill(tx, &job.key, self.lease, now, words).map_err(Error::from)
            })?;
        } else {
            tracing::warn!(job.kind = %job.kind, case.id = %job.key.case_id, "tried again later: {error}");
            let at = again_at(now, job.attempts);
            app.db.write("put job back", |tx| {
                rows::put_back(tx, &job.key, self.lease, at, words).map_err(Error::from)
            })?;
        }
        Ok(died)
    }
}

impl Work for AtJob<'_> {
    type Came = Result<Next>;

    fn does(&self, job: &Job) -> Result<Next> {
        if planted::is("finishes-before-it-sends") {
            self.finish(job)?;
        }
        unless_panicked(|| jobs::run(self.app, self.post, job))
    }

    fn settles(&self, job: &Job, came: Result<Next>) -> Result<Ran> {
        let mut ran = Ran::default();
        match came {
            Ok(Next::Done) => {
                self.finish(job)?;
                ran.done += 1;
            }
            Err(error) => {
                let died = self.later(job, &error)?;
                ran.dead += usize::from(died);
                ran.put_back += usize::from(!died);
            }
        }
        Ok(ran)
    }
}

/// Does one thing; a panic in it is an error of that thing alone, which a person has to look at.
pub(crate) fn unless_panicked<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // Nothing is shared with what comes after but the store, whose transaction was undone.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::bad("panicked", "a panic: the log has where")))
}

/// Twice as long after each try, up to the longest pause.
fn again_at(now: Timestamp, attempts: u32) -> Timestamp {
    if planted::is("tries-again-at-once") {
        return now;
    }
    if planted::is("never-tries-again") {
        return now.plus(Micros::hours(24 * 400));
    }
    let pause = Micros::minutes(1).0.saturating_mul(1_i64 << attempts.min(20)) / 2;
    now.plus(Micros(pause.min(PAUSE_MAX.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stop_growing() {
        let pause = |attempts| again_at(Timestamp(0), attempts).0 / 60_000_000;
        assert_eq!([pause(1), pause(2), pause(3)], [1, 2, 4]);
        assert_eq!(pause(40), 240);
    }

    #[test]
    fn a_panic_is_one_jobs_and_not_the_runners() {
        let done: Result<()> = unless_panicked(|| panic!("planted"));
        assert!(matches!(done, Err(Error::Bad { code: "panicked", .. })), "{done:?}");
    }

    #[test]
    fn a_stopped_runner_does_not_wait() {
        let stop = Stop::default();
        stop.nudge();
        assert!(stop.wait());
        stop.stop();
        assert!(!stop.wait());
    }
}
