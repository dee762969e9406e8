//! Notices a transaction begun inside another of the same database on the same thread, which would wait for itself.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

thread_local! {
    static OPEN: RefCell<Vec<(u64, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// Returns a number that no other `Db` of this process has.
pub(crate) fn db_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Marks this thread as being inside a transaction until dropped.
pub(crate) struct Inside {
    db: u64,
}

impl Inside {
    /// # Panics
    /// When this thread is inside a transaction of the same database already. Transactions of two databases may nest.
    pub(crate) fn refuse(db: u64, name: &'static str) {
        let outer = OPEN.with_borrow(|open| {
            open.iter().find(|(known, _)| *known == db).map(|(_, outer)| *outer)
        });
        if let Some(outer) = outer {
            panic!(
                "transaction \"{name}\" was begun inside transaction \"{outer}\": pass its `tx` down instead"
            );
        }
    }

    /// Begins when the closure has its turn: who waits for it is not inside yet.
    pub(crate) fn enter(db: u64, name: &'static str) -> Inside {
        OPEN.with_borrow_mut(|open| open.push((db, name)));
        Inside { db }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|(known, _)| *known != self.db));
    }
}
