//! Virtual time: one true time for all, and each node's own clock beside it.

use doorstep_vocab::{Micros, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The true time. Each look moves it on by a microsecond, so that no two decisions bear the same time.
#[derive(Clone)]
pub(crate) struct Time(Arc<AtomicI64>);

impl Time {
    pub(crate) fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    /// Moves on to `at`; what is past stays past.
    pub(crate) fn reach(&self, at: Timestamp) {
        self.0.fetch_max(at.0, Ordering::Relaxed);
    }

    fn tick(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// A node's clock: the true time, and how far it is off.
#[derive(Clone)]
pub(crate) struct NodeClock {
    time: Time,
    off: Arc<AtomicI64>,
}

impl NodeClock {
    pub(crate) fn new(time: &Time) -> Self {
        Self { time: time.clone(), off: Arc::new(AtomicI64::new(0)) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.time.tick().plus(self.off())
    }

    /// Returns what the clock says, without moving time on.
    pub(crate) fn looked(&self) -> Timestamp {
        self.time.now().plus(self.off())
    }

    /// Returns how far the clock is off.
    pub(crate) fn off(&self) -> Micros {
        Micros(self.off.load(Ordering::Relaxed))
    }

    pub(crate) fn set_off(&self, off: Micros) {
        self.off.store(off.0, Ordering::Relaxed);
    }
}
