//! A nudge: something was written somewhere. It says neither what nor about whom. And the end: the process stops.

use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Pages that listen at once in one process. Beyond it they are told to come back, and reload by hand meanwhile.
pub(crate) const LISTENERS_MAX: usize = 500;

/// Tells live pages that something was written. Cheap to clone; give one to the router and fire it after each write.
#[derive(Clone)]
pub struct Nudge {
    count: watch::Sender<u64>,
    closed: watch::Sender<bool>,
    pub(crate) room: Arc<Semaphore>,
}

impl Default for Nudge {
    fn default() -> Self {
        Self {
            count: watch::Sender::new(0),
            closed: watch::Sender::new(false),
            room: Arc::new(Semaphore::new(LISTENERS_MAX)),
        }
    }
}

impl Nudge {
    /// Makes one that nobody listens to yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells everybody who listens. Never blocks; several at once are one.
    pub fn fire(&self) {
        self.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Ends every live page, those that come later too: a server that waits for them would never stop.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Returns when the process stops.
    pub(crate) async fn closed(&self) {
        // The sender is held by `self`, so that waiting ends by its word only.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }

    /// Listens from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        let mut heard = self.count.subscribe();
        heard.mark_unchanged();
        heard
    }
}
