//! Playing while somebody looks on: at a speed, with an eye on what they do.

use super::{IDS_A_READ, Player};
use crate::hours::{CLOSE, OPEN, at_hour, next_working_day};
use crate::users::is_visitor;
use doorstep_app::{Error, Result, bring_up};
use doorstep_case::{Case, Role};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, Micros, Timestamp};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// How often a player that plays looks at the clock.
const TICK: Duration = Duration::from_millis(100);

/// How far the world's time goes between two looks at most. At the highest speed a look is six minutes from the next; a
/// machine that is too slow for it plays slower, and nobody in the world is late for it.
const AHEAD: Micros = Micros::minutes(10);

/// Told to a player that plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Something was written: look.
    Look,
    /// Stop.
    Stop,
}

impl Player {
    /// Plays at `speed` times real time until it is told to stop. Nights and days off are played in a moment.
    ///
    /// # Errors
    ///
    /// Only when the store can no longer be written at all.
    pub fn play(&mut self, speed: u32, wake: &Receiver<Wake>) -> Result<()> {
        self.watch();
        self.clock.run(speed);
        loop {
            self.clock.allow(AHEAD);
            let played = self
                .skip_the_night(speed)
                .and_then(|()| self.look_around())
                .and_then(|()| self.step())
                .and_then(|()| bring_up(&self.app).map(drop));
            if let Err(error) = played {
                if self.app.db.is_broken() {
                    return Err(error);
                }
                tracing::error!("a step of the world failed and is tried again: {error}");
            }
            match wake.recv_timeout(TICK) {
                Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Ok(Wake::Look) if wake.try_iter().any(|wake| wake == Wake::Stop) => return Ok(()),
                Ok(Wake::Look) | Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// From now on what visitors do is looked for.
    pub(crate) fn watch(&mut self) {
        self.is_watched = true;
    }

    fn skip_the_night(&mut self, speed: u32) -> Result<()> {
        let zone = self.app.settings.hub_zone.clone();
        let now = self.app.now();
        let today = now.date(&zone);
        // Three hours after closing the day has ended on the other coast too.
        if now < at_hour(today, CLOSE + 3, &zone) {
            return Ok(());
        }
        self.play_until(at_hour(next_working_day(today), OPEN, &zone))?;
        self.clock.run(speed);
        Ok(())
    }

    /// Returns when a visitor last did something about the case since the world last saw it.
    pub(super) fn touched(&self, at: usize, case: &Case) -> Result<Option<Timestamp>> {
        let story = &self.stories[at];
        if !self.is_watched || case.seq <= story.seen {
            return Ok(None);
        }
        let scope = self.app.system("world").scope()?;
        let events = self.app.db.read(|tx| {
            cases::events_after(tx, &scope, (&story.case_id, story.seen), IDS_A_READ)
                .map_err(Error::from)
        })?;
        let theirs = events
            .iter()
            .filter(|event| event.by.role != Role::System && is_visitor(&event.by.user_id));
        Ok(theirs.map(|event| event.at).max())
    }

    /// Looks for what visitors opened and changed, when anything was written since.
    pub(crate) fn look_around(&mut self) -> Result<()> {
        let written = self.app.written();
        if written == self.seen_written {
            return Ok(());
        }
        self.seen_written = written;
        let mut after: Option<CaseId> = None;
        loop {
            let ids = self
                .app
                .db
                .read(|tx| cases::ids_after(tx, after.as_ref(), IDS_A_READ).map_err(Error::from))?;
            let Some(last) = ids.last().cloned() else { break };
            for case_id in ids {
                if !self.by_case.contains_key(&case_id) {
                    self.adopt(case_id);
                }
            }
            after = Some(last);
        }
        for at in 0..self.stories.len() {
            if self.case(at)?.seq != self.stories[at].seen {
                self.dirty.insert(at);
            }
        }
        Ok(())
    }
}
