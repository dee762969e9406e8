//! Room for so many who ask at once: a short wait for the others, and then a page that says to come again. Without an end to
//! those who wait, nobody would be answered in time once more is asked for than can be done.

use crate::route::{Access, Route};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pages made at once where nobody says otherwise: more than two cores have ever to do, less than there are threads.
pub const PAGES_AT_ONCE: usize = 128;

/// How long somebody waits for room: longer, and they ask again by themselves.
const WAIT: Duration = Duration::from_secs(5);

/// The room of a process. Cheap to clone.
#[derive(Clone)]
pub struct Room {
    places: Arc<Semaphore>,
    wait: Duration,
}

/// A place in it, where one is needed.
pub(crate) struct Place(
    #[expect(dead_code, reason = "held until it is dropped")] Option<OwnedSemaphorePermit>,
);

impl Room {
    /// Makes room for so many at once.
    pub fn new(pages_at_once: usize) -> Self {
        let places = Semaphore::new(pages_at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self { places: Arc::new(places), wait: WAIT }
    }

    /// Lets nobody wait longer than that.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// Waits for a place; `None` for who has to come again. What costs nothing is always answered: a program that watches
    /// this one learns that it lives.
    pub(crate) async fn place(&self, route: &Route) -> Option<Place> {
        let is_cheap = route.access == Access::Anybody && !route.path.starts_with("/sign-in");
        if is_cheap {
            return Some(Place(None));
        }
        let place = tokio::time::timeout(self.wait, Arc::clone(&self.places).acquire_owned()).await;
        Some(Place(Some(place.ok()?.ok()?)))
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new(PAGES_AT_ONCE)
    }
}
