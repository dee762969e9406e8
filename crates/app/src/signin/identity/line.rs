//! The line before the provider: how many ask at once, who reads anew what is kept, how long somebody waits all in all, and for how
//! long nobody asks after it failed. A provider that is slow or gone takes no more of the hub than that.

use doorstep_vocab::{Micros, Timestamp};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How many ask at once: a small part of those whom the hub answers at once. \[K\]
const AT_ONCE: usize = 8;

/// For how long nobody asks after it failed. \[K\]
const FAILED_FOR: Micros = Micros(10_000_000);

/// How long somebody waits for all questions of one step together. \[K\]
pub(super) const PATIENCE: Duration = Duration::from_secs(12);

/// How long one step may still take.
pub(super) struct Patience(Instant);

impl Patience {
    /// Begins to wait.
    pub(super) fn begin() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// Returns what is left of it; `None` when it is over.
    pub(super) fn left(&self) -> Option<Duration> {
        self.0.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

/// Who asks, and when it failed last.
#[derive(Default)]
pub(super) struct Line {
    n_asking: AtomicUsize,
    turn: Mutex<()>,
    failed_at: Mutex<Option<Timestamp>>,
}

/// One of the places of those who ask.
pub(super) struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Line {
    /// Takes a place; `None` when all are taken.
    pub(super) fn place(&self) -> Option<Place<'_>> {
        let place = Place(&self.n_asking);
        (self.n_asking.fetch_add(1, Ordering::AcqRel) < AT_ONCE).then_some(place)
    }

    /// Waits for the turn to read anew what is kept of the provider.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps that it failed.
    pub(super) fn failed(&self, now: Timestamp) {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Returns whether it failed a moment ago.
    pub(super) fn has_failed(&self, now: Timestamp) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| (0..FAILED_FOR.0).contains(&now.since(at).0))
    }
}
