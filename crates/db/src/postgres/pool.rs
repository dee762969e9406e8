//! A fixed number of places for sessions. A broken session is dropped and its place filled by the next who needs it.

use super::address::Address;
use super::error::translate;
use super::session::Session;
use crate::stats::{Counters, count};
use crate::{DbError, OpenOptions, Result};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How often connecting is tried again while the server is starting or away: after 0.1, 0.2, 0.4 and 0.8 seconds.
const CONNECTS_AGAIN: u32 = 4;

/// The free places, with or without a session in them.
pub(crate) struct Pool {
    pub(crate) address: Address,
    pub(crate) counters: Arc<Counters>,
    free: Mutex<Vec<Option<Session>>>,
    returned: Condvar,
    /// Never notified: what is waited on when the wait itself is meant.
    clock: (Mutex<()>, Condvar),
    wait_max: Duration,
}

impl Pool {
    pub(crate) fn new(address: Address, options: &OpenOptions, counters: Arc<Counters>) -> Pool {
        Pool {
            address,
            counters,
            free: Mutex::new((0..options.pool_connections.max(1)).map(|_| None).collect()),
            returned: Condvar::new(),
            clock: (Mutex::new(()), Condvar::new()),
            wait_max: options.busy_timeout,
        }
    }

    /// Waits for a free place and returns its session, connecting if need be.
    pub(crate) fn take(&self) -> Result<Loan<'_>> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, _) = self
            .returned
            .wait_timeout_while(free, self.wait_max, |free| free.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        // The place used last has the warmest session, and empty places are kept at the bottom.
        let session = free.pop().ok_or(DbError::Busy)?;
        drop(free);
        let mut loan = Loan { session, broken: false, pool: self };
        if loan.session.as_ref().is_none_or(Session::is_closed) {
            loan.session = None;
            loan.session = Some(self.connect()?);
        }
        Ok(loan)
    }

    /// Waits a little before the next try, each time twice as long.
    pub(crate) fn pause(&self, attempt: u32) {
        self.wait(Duration::from_millis(5) * 2u32.saturating_pow(attempt.min(6)));
    }

    fn connect(&self) -> Result<Session> {
        let mut attempt = 0;
        loop {
            match self.connect_once() {
                Err(DbError::Away(_) | DbError::Busy) if attempt < CONNECTS_AGAIN => {
                    self.wait(Duration::from_millis(100) * 2u32.saturating_pow(attempt));
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn connect_once(&self) -> Result<Session> {
        let mut client = self.address.connect().map_err(|error| translate(&error))?;
        check_settings(&mut client)?;
        count(&self.counters.connects);
        Ok(Session::new(client))
    }

    fn wait(&self, time: Duration) {
        let clock = self.clock.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.clock.1.wait_timeout_while(clock, time, |()| true);
    }
}

/// Refuses a server that acknowledges commits it has not flushed, and one that did not take the session's time limits.
fn check_settings(client: &mut postgres::Client) -> Result<()> {
    let sql = "SELECT current_setting('synchronous_commit'), \
               current_setting('statement_timeout'), \
               current_setting('idle_in_transaction_session_timeout'), \
               current_setting('server_encoding')";
    let row = client.query_one(sql, &[]).map_err(|error| translate(&error))?;
    let setting = |at: usize| row.try_get::<_, String>(at).unwrap_or_default();
    let refuse = |why: &str| Err(DbError::Setting(why.to_owned()));
    if setting(0) == "off" {
        return refuse(
            "PostgreSQL has synchronous_commit off: commits would be lost in a crash, set it on",
        );
    }
    if setting(2) == "0" {
        return refuse(
            "PostgreSQL did not take the session's time limits: check the pooler between",
        );
    }
    if setting(3) != "UTF8" {
        return refuse("the PostgreSQL database is not in UTF8: create it with ENCODING 'UTF8'");
    }
    Ok(())
}

/// A session on loan. Its place goes back to the pool when it is dropped, without the session if that has broken.
pub(crate) struct Loan<'a> {
    session: Option<Session>,
    broken: bool,
    pool: &'a Pool,
}

impl Loan<'_> {
    /// Marks the session as not to be used again. It is closed when the loan ends.
    pub(crate) fn give_up(&mut self) {
        self.broken = true;
    }
}

impl Deref for Loan<'_> {
    type Target = Session;

    fn deref(&self) -> &Session {
        self.session.as_ref().expect("a loan is made with a session")
    }
}

impl DerefMut for Loan<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session.as_mut().expect("a loan is made with a session")
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let usable = self.session.take().filter(|session| !self.broken && !session.is_closed());
        let mut free = self.pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        match usable {
            Some(session) => free.push(Some(session)),
            None => free.insert(0, None),
        }
        drop(free);
        self.pool.returned.notify_one();
    }
}
