//! Group commit: callers take turns on the one write connection, and the last one there commits for all.
//!
//! Each caller runs its own closure on its own thread, inside the transaction the group has open. When it
//! is done and nobody else is arriving (or the group has grown or waited long enough), it commits; otherwise it hands the
//! connection on and waits for the group's end. So a lone caller never waits for company, and while one flush is under
//! way everybody else gathers for the next.
//!
//! Hardly anybody writes and then wants it undone, so nobody has a SAVEPOINT at first: keeping each page as it was costs an
//! eighth of all that the writer does. When somebody does want to be undone, the group is taken back, all its members have
//! their turns again, and the next groups give each member a savepoint of its own: who was taken back once is not taken back
//! by a neighbour again.
//!
//! A caller that is still working out what to write may announce itself: then it counts as arriving from there on, and the
//! group waits for it. The first member of a group looks after [`OpenOptions::group_wait_max`] whether anybody has ended it.
//!
//! A refusal waits for the commit like a success: it may rest on rows a neighbour has just written, and must not be told
//! before they are durable.

use super::error::translate;
use super::group::{End, Fate, Group};
use super::turn::{Outcome, Ran, run_apart, run_together, step};
use crate::faults::Hook;
use crate::stats::{Counters, count};
use crate::tx::Work;
use crate::{DbError, OpenOptions, Result};
use doorstep_planted as planted;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Each time the log has grown by this many pages because readers kept it from starting over, a checkpoint waits for them.
const LOG_PAGES_MAX: i64 = 32_000;
/// How long it waits: everybody who writes waits with it.
const READERS_WAIT_MAX: Duration = Duration::from_millis(100);

/// So many groups have savepoints after one was taken back: where some in a hundred callers are undone, hardly a group is
/// played twice.
const CAREFUL_GROUPS: u32 = 64;

/// The write connection and those who wait for it.
pub(crate) struct Writer {
    /// Callers that have come, or announced themselves, but have not yet had their turn.
    arriving: AtomicUsize,
    seat: Mutex<Seat>,
    broken: AtomicBool,
    counters: Arc<Counters>,
    group_max: u32,
    group_wait_max: Duration,
    checkpoint_pages: u32,
    busy_timeout: Duration,
    faults: Hook,
}

/// What the caller whose turn it is holds.
pub(crate) struct Seat {
    pub(crate) connection: Connection,
    group: Option<Group>,
    /// The log's length in pages from which a checkpoint waits for readers.
    wait_from_pages: i64,
    /// How many of the groups to come have savepoints.
    n_careful: u32,
}

/// What became of a caller's turn.
struct Turn {
    outcome: Outcome,
    end: Arc<End>,
    /// Whether it opened its group.
    is_first: bool,
}

impl Writer {
    pub(crate) fn new(
        connection: Connection,
        counters: Arc<Counters>,
        options: &OpenOptions,
    ) -> Writer {
        Writer {
            arriving: AtomicUsize::new(0),
            seat: Mutex::new(Seat {
                connection,
                group: None,
                wait_from_pages: LOG_PAGES_MAX,
                n_careful: 0,
            }),
            broken: AtomicBool::new(false),
            counters,
            group_max: options.group_max,
            group_wait_max: options.group_wait_max,
            checkpoint_pages: options.checkpoint_pages,
            busy_timeout: options.busy_timeout,
            faults: options.faults.clone(),
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }

    /// Counts a caller as arriving who will take its turn, or take its word back, a little later.
    pub(crate) fn announce(&self) {
        self.arriving.fetch_add(1, Ordering::SeqCst);
    }

    /// Takes back what was announced. The group may have waited for this caller alone; whoever has the seat, if anybody,
    /// sees to that.
    pub(crate) fn take_back(&self) {
        if self.arriving.fetch_sub(1, Ordering::SeqCst) == 1
            && let Ok(mut seat) = self.seat.try_lock()
            && !self.is_broken()
        {
            self.close_group("take back", &mut seat);
        }
    }

    /// Runs a closure as one transaction. `Ok` means that what the closure wanted is durable.
    pub(crate) fn write(&self, name: &'static str, work: Work<'_>) -> Result<()> {
        self.announce();
        self.write_announced(name, work)
    }

    /// Runs the closure of a caller that has announced itself as one transaction.
    pub(crate) fn write_announced(&self, name: &'static str, work: Work<'_>) -> Result<()> {
        if let Err(error) = self.faults.before_write(name) {
            self.take_back();
            return Err(error);
        }
        if planted::is("answers-before-the-flush") {
            self.close_left_open(name);
        }
        loop {
            let turn = self.take_turn(name, work)?;
            if planted::is("answers-before-the-flush") && matches!(turn.outcome, Outcome::Kept) {
                return Ok(());
            }
            let fate = self.wait_for_end(name, &turn);
            match (turn.outcome, fate) {
                (Outcome::Panicked(payload), _) => resume_unwind(payload),
                (Outcome::Kept, Fate::TakenBack) if planted::is("forgets-whom-it-took-back") => {
                    return Ok(());
                }
                (_, Fate::TakenBack) => self.announce(),
                (outcome, fate) => return self.told(outcome, fate),
            }
        }
    }

    /// Waits until the group of a turn has ended.
    fn wait_for_end(&self, name: &'static str, turn: &Turn) -> Fate {
        let end = &turn.end;
        if !end.is_known() && self.faults.has_gathered(name) {
            self.close_left_open(name);
        }
        if !turn.is_first {
            return end.wait();
        }
        end.wait_at_most(self.group_wait_max).unwrap_or_else(|| {
            self.close_if_open(name, end);
            end.wait()
        })
    }

    /// Counts a turn whose group has ended, and returns what its caller is told.
    fn told(&self, outcome: Outcome, fate: Fate) -> Result<()> {
        let counter = match outcome {
            Outcome::Kept => &self.counters.writes,
            _ => &self.counters.undone,
        };
        count(counter);
        match (outcome, fate) {
            (_, Fate::Failed(error)) if !planted::is("forgets-a-failed-commit") => Err(error),
            (Outcome::Failed(error), _) => Err(error),
            _ => Ok(()),
        }
    }

    /// Returns how many callers are in line, so that a test can wait for them.
    #[cfg(test)]
    pub(crate) fn n_arriving(&self) -> usize {
        self.arriving.load(Ordering::SeqCst)
    }

    /// Returns how many have had their turn in the group that is open.
    #[cfg(test)]
    pub(crate) fn n_members(&self) -> u32 {
        let seat = self.sit().expect("the writer of a test");
        seat.group.as_ref().map_or(0, |group| group.n_members)
    }

    /// Sets a pragma of the write connection, so that a test can play a full disk.
    #[cfg(test)]
    pub(crate) fn pragma(&self, name: &str, value: u32) {
        let seat = self.sit().expect("the writer of a test");
        seat.connection.pragma_update(None, name, value).expect("a pragma of a test");
    }

    fn take_turn(&self, name: &'static str, work: Work<'_>) -> Result<Turn> {
        let seat = self.sit();
        self.arriving.fetch_sub(1, Ordering::SeqCst);
        let mut seat = seat?;
        let mut group = match seat.group.take() {
            Some(group) => group,
            None => self.open_group(&mut seat)?,
        };
        group.n_members += 1;
        let is_first = group.n_members == 1;
        let end = Arc::clone(&group.end);
        let run = if group.has_savepoints { run_apart } else { run_together };
        let Ran { outcome, is_tangled } = run(&seat.connection, work);
        if matches!(outcome, Outcome::Kept) {
            group.n_kept += 1;
        }
        seat.group = Some(group);
        if is_tangled && !matches!(outcome, Outcome::Failed(DbError::Disk(_))) {
            self.take_back_group(&mut seat);
        } else {
            self.leave(name, seat, &outcome);
        }
        Ok(Turn { outcome, end, is_first })
    }

    /// Ends a group that has waited long enough for somebody who announced itself.
    fn close_if_open(&self, name: &'static str, end: &Arc<End>) {
        let Ok(mut seat) = self.sit() else { return };
        if seat.group.as_ref().is_some_and(|group| Arc::ptr_eq(&group.end, end)) {
            self.close_group(name, &mut seat);
        }
    }

    /// Ends the group when this caller is its last, and hands the connection on.
    fn leave(&self, name: &'static str, mut seat: MutexGuard<'_, Seat>, outcome: &Outcome) {
        if let Outcome::Failed(DbError::Disk(why)) = outcome {
            self.break_down(&mut seat, why);
        } else if seat.connection.is_autocommit() {
            // SQLite itself has undone the whole transaction, as it may when the disk is full.
            let error = match outcome {
                Outcome::Failed(error) => error.clone(),
                Outcome::Kept | Outcome::Undone | Outcome::Panicked(_) => DbError::Full,
            };
            end_group(&mut seat, Fate::Failed(error));
        } else if self.is_last(seat.group.as_ref())
            && !self.faults.has_company(name)
            && !planted::is("answers-before-the-flush")
        {
            self.close_group(name, &mut seat);
        }
    }

    /// Whoever counts itself as arriving will sit down after this caller, so somebody always closes the group.
    fn is_last(&self, group: Option<&Group>) -> bool {
        self.arriving.load(Ordering::SeqCst) == 0
            || group.is_some_and(|group| {
                group.n_members >= self.group_max || group.opened.elapsed() >= self.group_wait_max
            })
    }

    fn sit(&self) -> Result<MutexGuard<'_, Seat>> {
        let seat = self.seat.lock().unwrap_or_else(|poisoned| {
            // Only a bug in this file can panic here. The state of the connection is unknown.
            let mut seat = poisoned.into_inner();
            self.break_down(&mut seat, "a panic in the writer");
            seat
        });
        if self.is_broken() { Err(DbError::Broken) } else { Ok(seat) }
    }

    fn open_group(&self, seat: &mut Seat) -> Result<Group> {
        step(&seat.connection, "BEGIN IMMEDIATE").inspect_err(|error| {
            if matches!(error, DbError::Disk(_)) {
                self.broken.store(true, Ordering::SeqCst);
            }
        })?;
        let has_savepoints = seat.n_careful > 0;
        seat.n_careful = seat.n_careful.saturating_sub(1);
        Ok(Group::new(Instant::now(), has_savepoints))
    }

    /// Takes back a group whose last member wrote and does not want it. Where nobody else had written, that is all.
    fn take_back_group(&self, seat: &mut Seat) {
        let n_kept = seat.group.as_ref().map_or(0, |group| group.n_kept);
        if seat.connection.execute_batch("ROLLBACK").is_err() && !seat.connection.is_autocommit() {
            self.break_down(seat, "a group could not be taken back");
        } else if n_kept == 0 {
            end_group(seat, Fate::Committed);
        } else {
            seat.n_careful = CAREFUL_GROUPS;
            count(&self.counters.taken_back);
            end_group(seat, Fate::TakenBack);
        }
    }

    /// Where a test has played who joins the group, nobody else will close it.
    fn close_left_open(&self, name: &'static str) {
        if let Ok(mut seat) = self.sit() {
            self.close_group(name, &mut seat);
        }
    }

    /// Commits the open group, if there is one, and tells its members.
    fn close_group(&self, name: &'static str, seat: &mut Seat) {
        let Some(group) = &seat.group else { return };
        let (n_members, n_kept) = (group.n_members, group.n_kept);
        // With nothing to keep there is nothing to flush.
        let last_word = if n_kept > 0 { "COMMIT" } else { "ROLLBACK" };
        let end = || step(&seat.connection, last_word);
        match self.faults.commit(name, end) {
            Ok(()) => {
                self.counters.group(n_members);
                if n_kept > 0 {
                    count(&self.counters.commits);
                }
                end_group(seat, Fate::Committed);
                self.checkpoint(seat);
            }
            Err(error @ (DbError::Full | DbError::Busy)) => {
                let undone = seat.connection.execute_batch("ROLLBACK");
                if undone.is_err() && !seat.connection.is_autocommit() {
                    self.break_down(seat, "a full disk could not be stepped back from");
                } else {
                    end_group(seat, Fate::Failed(error));
                }
            }
            Err(error) => self.break_down(seat, &error.to_string()),
        }
    }

    /// Stops all writing: after a failed flush the kernel may have dropped the pages, and a second flush would lie.
    fn break_down(&self, seat: &mut Seat, why: &str) {
        if !self.broken.swap(true, Ordering::SeqCst) {
            tracing::error!("writing to the database has stopped, restart the program: {why}");
        }
        // The log holds all that was acknowledged; the next start reads it. Closing must not copy it back.
        let kept = seat.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        let undone =
            seat.connection.is_autocommit() || seat.connection.execute_batch("ROLLBACK").is_ok();
        if kept.is_err() || !undone {
            tracing::error!("the write connection could not be put to rest");
        }
        end_group(seat, Fate::Failed(DbError::Broken));
    }

    /// Copies the log back into the file when it has grown. What was committed is safe in the log whatever happens here.
    fn checkpoint(&self, seat: &mut Seat) {
        let Ok((pages, copied)) = log_pages(&seat.connection, "NOOP") else { return };
        if pages - copied < i64::from(self.checkpoint_pages) {
            return;
        }
        match self.copy_back(seat, pages) {
            Ok(_) => count(&self.counters.checkpoints),
            Err(DbError::Disk(why)) => self.break_down(seat, &why),
            Err(error) => tracing::warn!("the write-ahead log was not copied back: {error}"),
        }
    }
}

impl Writer {
    /// Readers of old pages hold a checkpoint back. Mostly it does what it can; a log that keeps growing makes it wait a little.
    fn copy_back(&self, seat: &mut Seat, pages: i64) -> Result<(i64, i64)> {
        if pages < LOG_PAGES_MAX {
            seat.wait_from_pages = LOG_PAGES_MAX;
        }
        if pages < seat.wait_from_pages {
            return log_pages(&seat.connection, "PASSIVE");
        }
        seat.wait_from_pages = pages + LOG_PAGES_MAX;
        let patience = |time| seat.connection.busy_timeout(time).map_err(|error| translate(&error));
        patience(READERS_WAIT_MAX)?;
        let copied = log_pages(&seat.connection, "RESTART");
        patience(self.busy_timeout)?;
        copied
    }
}

/// Returns how many pages are in the log and how many of them are in the file already.
fn log_pages(connection: &Connection, mode: &str) -> Result<(i64, i64)> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let mut statement = connection.prepare_cached(&sql).map_err(|error| translate(&error))?;
    statement.query_row([], |row| Ok((row.get(1)?, row.get(2)?))).map_err(|error| translate(&error))
}

fn end_group(seat: &mut Seat, fate: Fate) {
    if let Some(group) = seat.group.take() {
        group.end.tell(fate);
    }
}
