//! Runs a closure in a transaction of its own, again if the server says that another was in the way.

use super::error::{is_certainly_undone, is_worth_a_rerun, translate};
use super::pool::{Loan, Pool};
use super::session::Session;
use crate::stats::count;
use crate::tx::{Verdict, Work};
use crate::{DbError, Result, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

const WRITE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE";
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// How often a transaction is run again.
const RERUNS_MAX: u32 = 3;

/// What one run came to.
enum Run {
    /// What the closure wanted has happened.
    Done(Verdict),
    /// Nothing has happened; this is why.
    Failed(DbError),
    /// Nothing has happened, and running it again may well succeed. Without an error the closure has its own answer.
    Again(Option<DbError>),
}

impl Pool {
    /// Runs a closure in a transaction that may write.
    pub(crate) fn write(&self, work: Work<'_>) -> Result<()> {
        let verdict = self.run(WRITE, work)?;
        match verdict {
            Verdict::Keep => {
                count(&self.counters.writes);
                count(&self.counters.commits);
            }
            Verdict::Undo => count(&self.counters.undone),
        }
        Ok(())
    }

    /// Runs a closure on a snapshot.
    pub(crate) fn read(&self, work: Work<'_>) -> Result<()> {
        self.run(READ, work).map(|_| ())
    }

    fn run(&self, begin: &'static str, work: Work<'_>) -> Result<Verdict> {
        let mut n_reruns = 0;
        loop {
            let mut session = self.take()?;
            match run_once(&mut session, begin, work) {
                Run::Done(verdict) => return Ok(verdict),
                Run::Failed(error) => {
                    count(&self.counters.undone);
                    return Err(error);
                }
                Run::Again(error) if n_reruns == RERUNS_MAX => {
                    return error.map_or(Ok(Verdict::Undo), Err);
                }
                Run::Again(_) => {}
            }
            drop(session);
            n_reruns += 1;
            count(&self.counters.retries);
            self.pause(n_reruns);
        }
    }
}

fn run_once(session: &mut Loan<'_>, begin: &'static str, work: Work<'_>) -> Run {
    session.start(begin);
    let mut tx = Tx::postgres(session);
    let verdict = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
    let fault = tx.into_fault();
    let run = match (verdict, fault) {
        (Err(payload), _) => {
            settle(session);
            resume_unwind(payload)
        }
        (Ok(Verdict::Keep), None) => commit(session),
        (Ok(verdict), fault) => undo(session, verdict, fault),
    };
    if session.unlock().is_err() {
        session.give_up();
    }
    run
}

fn commit(session: &mut Loan<'_>) -> Run {
    match session.commit() {
        Ok(()) => Run::Done(Verdict::Keep),
        Err(error) if is_worth_a_rerun(&error) => {
            settle(session);
            Run::Again(Some(translate(&error)))
        }
        Err(error) if is_certainly_undone(&error) => {
            settle(session);
            Run::Failed(translate(&error))
        }
        Err(_) => {
            session.give_up();
            Run::Failed(DbError::Unknown)
        }
    }
}

fn undo(session: &mut Loan<'_>, verdict: Verdict, fault: Option<DbError>) -> Run {
    let again = session.wants_a_rerun();
    settle(session);
    match (verdict, fault) {
        // The closure went on after a failed statement and called it a success. It is not.
        (Verdict::Keep, fault) if again => Run::Again(fault),
        (Verdict::Keep, Some(fault)) => Run::Failed(fault),
        (Verdict::Undo, _) if again => Run::Again(None),
        (verdict, _) => Run::Done(verdict),
    }
}

/// Ends whatever is open. A session that cannot do that is not used again.
fn settle(session: &mut Loan<'_>) {
    let settled: &mut Session = session;
    if settled.rollback().is_err() || settled.unlock().is_err() {
        session.give_up();
    }
}
