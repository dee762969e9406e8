//! Turns at the store for those who send: as many as make good company for one flush, a short wait for the others, and a word
//! to come again for those who waited too long. So a burst is taken as fast as the store goes, nothing is queued without
//! end, and people who work at the same time find the machine free enough.

use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that are taken at once where nobody says otherwise: with half as many as callers in the bench, a flush has company
/// enough. A choice made here.
pub const FILES_AT_ONCE: usize = 32;

/// How long a sender waits for a turn. Source: trust.md 7, R18: an answer within 5 seconds.
const WAIT: Duration = Duration::from_secs(4);

/// The turns of all doors together. Cheap to clone.
#[derive(Clone)]
pub struct Turns(Arc<Semaphore>);

impl Turns {
    /// Makes so many.
    pub fn new(files_at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(files_at_once.clamp(1, Semaphore::MAX_PERMITS))))
    }

    /// Waits for a turn; `None` for who has to come again.
    pub(crate) async fn next(&self) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(WAIT, Arc::clone(&self.0).acquire_owned()).await.ok()?.ok()
    }
}

impl Default for Turns {
    fn default() -> Self {
        Self::new(FILES_AT_ONCE)
    }
}
