//! A group of transactions that share one commit, and how its members learn what became of it.

use crate::DbError;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A group that is still open.
pub(crate) struct Group {
    pub(crate) end: Arc<End>,
    pub(crate) opened: Instant,
    pub(crate) n_members: u32,
    pub(crate) n_kept: u32,
    /// Whether each member can be undone by itself.
    pub(crate) has_savepoints: bool,
}

impl Group {
    pub(crate) fn new(opened: Instant, has_savepoints: bool) -> Group {
        Group { end: Arc::new(End::default()), opened, n_members: 0, n_kept: 0, has_savepoints }
    }
}

/// What became of a group.
#[derive(Debug, Clone)]
pub(crate) enum Fate {
    /// What its members kept is durable.
    Committed,
    /// Nothing of it is there.
    Failed(DbError),
    /// Nothing of it is there, because of one member: the others have their turns again.
    TakenBack,
}

/// A group dropped without an end was lost by a bug: its members must not wait for ever.
impl Drop for Group {
    fn drop(&mut self) {
        self.end.tell(Fate::Failed(DbError::Broken));
    }
}

/// What became of a group, once it is known.
#[derive(Default)]
pub(crate) struct End {
    fate: Mutex<Option<Fate>>,
    known: Condvar,
}

impl End {
    /// Tells all members. The first telling counts.
    pub(crate) fn tell(&self, fate: Fate) {
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
    pub(crate) fn wait(&self) -> Fate {
        let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match &*fate {
                Some(fate) => return fate.clone(),
                None => fate = self.known.wait(fate).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Waits until the group has ended, but no longer than `patience`; `None` when it has not.
    pub(crate) fn wait_at_most(&self, patience: Duration) -> Option<Fate> {
        let fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = |fate: &mut Option<Fate>| fate.is_none();
        let (fate, _) = self
            .known
            .wait_timeout_while(fate, patience, unknown)
            .unwrap_or_else(PoisonError::into_inner);
        fate.clone()
    }
}
