//! Places for connections, and who makes room when all are taken.
//!
//! Nobody who waits for an answer that is being made is sent away. Of the others those go first who give the least reason to
//! be kept, and of equals the one that has been so for the longest: whoever holds thousands of connections open sheds their
//! own, and somebody who asks at once is answered.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has never asked anything whole.
    Stranger,
    /// It has asked before, and asks nothing now.
    Idle,
    /// It is sending what stands behind the head.
    Sending,
    /// It is taking an answer.
    Taking,
    /// An answer is being made for it.
    Busy,
}

/// The places of one listener.
pub(crate) struct Seats {
    max: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    next: u64,
    holders: BTreeMap<u64, Holder>,
}

struct Holder {
    standing: Standing,
    since: Instant,
    shed: Arc<Notify>,
}

/// How long a stranger is welcome before others: whoever has just come is about to ask. And how long somebody who has just
/// asked is kept before a stranger.
const WELCOME: Duration = Duration::from_secs(1);

impl Holder {
    /// Returns how much reason there is to keep it.
    fn reason(&self, now: Instant) -> u8 {
        let is_old = now.duration_since(self.since) >= WELCOME;
        match self.standing {
            Standing::Stranger if is_old => 0,
            Standing::Idle if is_old => 1,
            Standing::Stranger => 2,
            Standing::Idle => 3,
            Standing::Sending => 4,
            Standing::Taking => 5,
            Standing::Busy => 6,
        }
    }
}

/// A place that is taken, until it is dropped.
pub(crate) struct Seat {
    seats: Arc<Seats>,
    id: u64,
    shed: Arc<Notify>,
}

impl Seats {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max: max.max(1), taken: Mutex::default() })
    }

    /// Takes a place, if need be from another. `None` where everybody is being answered.
    pub(crate) fn take(self: &Arc<Self>) -> Option<Seat> {
        let mut taken = self.lock();
        if taken.holders.len() >= self.max {
            taken.shed_one()?;
        }
        let (id, shed) = (taken.next, Arc::new(Notify::new()));
        taken.next += 1;
        let (standing, since) = (Standing::Stranger, Instant::now());
        taken.holders.insert(id, Holder { standing, since, shed: Arc::clone(&shed) });
        Some(Seat { seats: Arc::clone(self), id, shed })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Sends one away.
    fn shed_one(&mut self) -> Option<()> {
        let now = Instant::now();
        let others = self.holders.iter().filter(|(_, holder)| holder.standing != Standing::Busy);
        let (&id, _) = others.min_by_key(|(_, holder)| (holder.reason(now), holder.since))?;
        self.holders.remove(&id)?.shed.notify_one();
        Some(())
    }
}

impl Seat {
    /// Says how the connection stands from now on.
    pub(crate) fn set(&self, standing: Standing) {
        if let Some(holder) = self.seats.lock().holders.get_mut(&self.id)
            && holder.standing != standing
        {
            (holder.standing, holder.since) = (standing, Instant::now());
        }
    }

    /// Says the same, where it stood as `from`.
    pub(crate) fn pass(&self, from: Standing, to: Standing) {
        if self.standing().0 == from {
            self.set(to);
        }
    }

    /// Returns how it stands and since when. One that was sent away stands as a stranger.
    pub(crate) fn standing(&self) -> (Standing, Instant) {
        let taken = self.seats.lock();
        let holder = taken.holders.get(&self.id);
        holder.map_or_else(
            || (Standing::Stranger, Instant::now()),
            |holder| (holder.standing, holder.since),
        )
    }

    /// Returns when the place is given to somebody else.
    pub(crate) async fn is_shed(&self) {
        self.shed.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.seats.lock().holders.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_there(seat: &Seat) -> bool {
        seat.seats.lock().holders.contains_key(&seat.id)
    }

    #[test]
    fn whoever_gives_the_least_reason_to_stay_makes_room() {
        let seats = Seats::new(4);
        let all: Vec<Seat> = (0..4).map(|_| seats.take().unwrap()).collect();
        let standings = [Standing::Busy, Standing::Taking, Standing::Sending, Standing::Idle];
        for (seat, standing) in all.iter().zip(standings) {
            seat.set(standing);
        }
        for gone in (1..4).rev() {
            let new = seats.take().unwrap();
            new.set(Standing::Busy);
            assert!(!is_there(&all[gone]) && all[..gone].iter().all(is_there), "{gone}");
            std::mem::forget(new);
        }
        assert!(seats.take().is_none(), "everybody is being answered");
        drop(all);
        assert!(seats.take().is_some());
    }

    /// Partners who keep their connections, and more of them than there are places.
    #[test]
    fn who_has_just_come_is_kept_before_who_asks_nothing_and_nobody_waits_for_a_stranger() {
        let seats = Seats::new(2);
        let (idle, came) = (seats.take().unwrap(), seats.take().unwrap());
        let long_ago = Instant::now().checked_sub(WELCOME).unwrap();
        let is_old = |seat: &Seat| seats.lock().holders.get_mut(&seat.id).unwrap().since = long_ago;
        idle.set(Standing::Idle);
        is_old(&idle);
        let newer = seats.take().unwrap();
        assert!(!is_there(&idle) && is_there(&came), "one that asks nothing makes room");
        came.set(Standing::Idle);
        is_old(&newer);
        let _newest = seats.take().unwrap();
        assert!(is_there(&came) && !is_there(&newer), "a stranger who says nothing makes room");
    }

    #[test]
    fn of_strangers_the_oldest_goes_first() {
        let seats = Seats::new(2);
        let (old, young) = (seats.take().unwrap(), seats.take().unwrap());
        let _new = seats.take().unwrap();
        assert!(!is_there(&old) && is_there(&young));
        old.set(Standing::Busy);
        assert_eq!(old.standing().0, Standing::Stranger, "who was sent away stays away");
    }
}
