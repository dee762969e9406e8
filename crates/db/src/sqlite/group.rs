//! A group of transactions that share one commit, and how its members learn what became of it.

use crate::{DbError, Result};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A group that is still open.
pub(crate) struct Group {
    pub(crate) end: Arc<End>,
    pub(crate) opened: Instant,
    pub(crate) n_members: u32,
    pub(crate) n_kept: u32,
}

impl Group {
    pub(crate) fn new(opened: Instant) -> Group {
        Group { end: Arc::new(End::default()), opened, n_members: 0, n_kept: 0 }
    }
}

/// A group dropped without an end was lost by a bug: its members must not wait for ever.
impl Drop for Group {
    fn drop(&mut self) {
        self.end.tell(Err(DbError::Broken));
    }
}

/// What became of a group, once it is known.
#[derive(Default)]
pub(crate) struct End {
    fate: Mutex<Option<Result<()>>>,
    known: Condvar,
}

impl End {
    /// Tells all members. The first telling counts.
    pub(crate) fn tell(&self, fate: Result<()>) {
        let mut known = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = Some(fate);
            self.known.notify_all();
        }
    }

    /// Returns whether the group has ended.
    pub(crate) fn is_known(&self) -> bool {
        self.fate.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Waits until the group has ended.
    pub(crate) fn wait(&self) -> Result<()> {
        let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*fate {
                Some(fate) => return fate.clone(),
                None => fate = self.known.wait(fate).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Waits until the group has ended, but no longer than `patience`; `None` when it has not.
    pub(crate) fn wait_at_most(&self, patience: Duration) -> Option<Result<()>> {
        let fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = |fate: &mut Option<Result<()>>| fate.is_none();
        let (fate, _) = self
            .known
            .wait_timeout_while(fate, patience, unknown)
            .unwrap_or_else(PoisonError::into_inner);
        fate.clone()
    }
}
