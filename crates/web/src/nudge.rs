//! A nudge: something was written somewhere. It says neither what nor about whom. And the end: the process stops.

use crate::serve::blocking;
use doorstep_app::{App, Elsewhere};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// How often the writes of other processes are looked for, while a page listens.
const EVERY: Duration = Duration::from_secs(2);

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

    fn has_listeners(&self) -> bool {
        self.count.receiver_count() > 0
    }
}

/// Fires for what other processes write on the same database: a worker of its own, the command line, another console.
/// Never returns. Nobody listening, nothing is asked.
pub async fn hear_elsewhere(app: Arc<App>, nudge: Nudge) {
    let mut beat = tokio::time::interval(EVERY);
    let mut heard: Option<Elsewhere> = None;
    loop {
        beat.tick().await;
        let (known, app) = (heard.take(), app.clone());
        if !nudge.has_listeners() {
            continue;
        }
        let looked = blocking(move || match known {
            None => Ok((Elsewhere::listen(&app)?, false)),
            Some(mut known) => known.changed(&app).map(|is_changed| (known, is_changed)),
        });
        match looked.await {
            Ok((known, is_changed)) => {
                heard = Some(known);
                if is_changed {
                    nudge.fire();
                }
            }
            Err(error) => tracing::warn!("pages do not hear of other processes: {error}"),
        }
    }
}
