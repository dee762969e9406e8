//! The world's time: it stands still and is set by hand, or runs so many times as fast as the wall clock.

use doorstep_vocab::{Micros, Timestamp};
use std::sync::{Mutex, PoisonError};

type Wall = Box<dyn Fn() -> Timestamp + Send + Sync>;

/// The world's clock. It never goes back, whatever the wall clock does.
pub struct WorldClock {
    wall: Option<Wall>,
    state: Mutex<State>,
}

struct State {
    /// The world's time when it last began to stand or to run.
    at: Timestamp,
    /// The wall clock's time then, and how many times as fast it runs; `None` while it stands.
    running: Option<(Timestamp, u32)>,
    /// The latest time that it ever told.
    told: Timestamp,
    /// How far it may run; `None` for as far as the wall clock carries it.
    until: Option<Timestamp>,
}

impl WorldClock {
    /// Makes a clock that stands at `at`, and can run by `wall`.
    pub fn new(at: Timestamp, wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { wall: Some(Box::new(wall)), ..Self::standing(at) }
    }

    /// Makes a clock that stands at `at` and is only ever set by hand.
    pub fn standing(at: Timestamp) -> Self {
        Self { wall: None, state: Mutex::new(State { at, running: None, told: at, until: None }) }
    }

    /// Returns the world's time.
    pub fn now(&self) -> Timestamp {
        let wall = self.wall.as_ref().map(|wall| wall());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = state.running.zip(wall).map(|((since, speed), wall)| {
            Micros(wall.since(since).0.max(0).saturating_mul(i64::from(speed)))
        });
        let now = state.at.plus(gone.unwrap_or_default());
        let now = state.until.map_or(now, |until| now.min(until)).max(state.told);
        state.told = now;
        now
    }

    /// Sets the clock to `at`, or leaves it where it is when that has passed. It stands from now on.
    pub fn stand_at(&self, at: Timestamp) {
        let now = self.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.at, state.running, state.until) = (at.max(now), None, None);
    }

    /// Returns how many times as fast as the wall clock it runs; 0 while it stands.
    pub fn pace(&self) -> u32 {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.running.map_or(0, |(_, speed)| speed)
    }

    /// Lets the clock run `speed` times as fast as the wall clock.
    pub fn run(&self, speed: u32) {
        let now = self.now();
        let wall = self.wall.as_ref().map(|wall| wall());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state.at, state.running, state.until) = (now, wall.map(|wall| (wall, speed)), None);
    }

    /// Lets a clock that runs run on for `ahead` and no farther, until it is allowed again: whoever plays by it is never
    /// left behind, however slow the machine. What the wall clock went beyond is lost.
    pub(crate) fn allow(&self, ahead: Micros) {
        let speed = self.pace();
        if speed > 0 {
            self.run(speed);
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.until = Some(state.at.plus(ahead));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn it_runs_as_fast_as_it_is_told_and_never_back() {
        let wall = Arc::new(AtomicI64::new(1_000));
        let clock = WorldClock::new(Timestamp(0), {
            let wall = Arc::clone(&wall);
            move || Timestamp(wall.load(Ordering::Relaxed))
        });
        wall.store(5_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(0), "it stands until it is told to run");
        assert_eq!(clock.pace(), 0);
        clock.run(60);
        assert_eq!(clock.pace(), 60);
        wall.store(5_010, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(600));
        wall.store(4_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(600), "the wall clock was set back");
        clock.stand_at(Timestamp(10));
        assert_eq!(clock.now(), Timestamp(600), "it is not set back either");
        clock.stand_at(Timestamp(700));
        wall.store(9_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(700));
    }

    #[test]
    fn it_waits_for_whoever_plays_by_it() {
        let wall = Arc::new(AtomicI64::new(0));
        let clock = WorldClock::new(Timestamp(0), {
            let wall = Arc::clone(&wall);
            move || Timestamp(wall.load(Ordering::Relaxed))
        });
        clock.allow(Micros(500));
        clock.run(10);
        clock.allow(Micros(500));
        wall.store(40, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(400));
        wall.store(1_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(500), "it was allowed no more");
        clock.allow(Micros(500));
        wall.store(1_010, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(600), "and goes on from there");
        clock.stand_at(Timestamp(5_000));
        assert_eq!(clock.now(), Timestamp(5_000));
    }
}
