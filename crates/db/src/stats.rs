//! Counts of what a `Db` has done since it was opened, for `doctor`, the metrics page and the bench.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a `Db` has done since it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Commits that reached the disk. On SQLite many writes share one.
    pub commits: u64,
    /// Write transactions asked for and kept.
    pub writes: u64,
    /// Write transactions undone: refused by their closure, failed or panicked.
    pub undone: u64,
    /// SQLite: groups taken back because one member had to be undone, their members run again.
    pub taken_back: u64,
    /// Read transactions.
    pub reads: u64,
    /// PostgreSQL: transactions run again after a serialization failure, a deadlock or a lost connection.
    pub retries: u64,
    /// PostgreSQL: connections made, the first ones included.
    pub connects: u64,
    /// SQLite: write-ahead log copied back into the file.
    pub checkpoints: u64,
    /// SQLite: groups by size: 1, 2–3, 4–7, 8–15, 16–31, 32–63, 64–127, 128 and more members.
    pub group_sizes: [u64; 8],
    /// By transaction name, in the order of names.
    pub by_name: Vec<(&'static str, NamedStats)>,
}

/// What the transactions of one name have cost, waiting and committing included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NamedStats {
    /// How many were run.
    pub count: u64,
    /// Their time together, in microseconds.
    pub total_us: u64,
    /// The longest one, in microseconds.
    pub longest_us: u64,
}

/// The counters behind [`Stats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commits: AtomicU64,
    pub(crate) writes: AtomicU64,
    pub(crate) undone: AtomicU64,
    pub(crate) taken_back: AtomicU64,
    pub(crate) reads: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) connects: AtomicU64,
    pub(crate) checkpoints: AtomicU64,
    group_sizes: [AtomicU64; 8],
    by_name: Mutex<BTreeMap<&'static str, NamedStats>>,
}

/// Adds one to a counter.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl Counters {
    pub(crate) fn group(&self, members: u32) {
        let bucket = members.max(1).ilog2().min(7) as usize;
        count(&self.group_sizes[bucket]);
    }

    pub(crate) fn named(&self, name: &'static str, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let stats = by_name.entry(name).or_default();
        stats.count += 1;
        stats.total_us = stats.total_us.saturating_add(took_us);
        stats.longest_us = stats.longest_us.max(took_us);
    }

    pub(crate) fn read_out(&self) -> Stats {
        let by_name = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        Stats {
            commits: self.commits.load(Relaxed),
            writes: self.writes.load(Relaxed),
            undone: self.undone.load(Relaxed),
            taken_back: self.taken_back.load(Relaxed),
            reads: self.reads.load(Relaxed),
            retries: self.retries.load(Relaxed),
            connects: self.connects.load(Relaxed),
            checkpoints: self.checkpoints.load(Relaxed),
            group_sizes: std::array::from_fn(|at| self.group_sizes[at].load(Relaxed)),
            by_name: by_name.iter().map(|(name, stats)| (*name, *stats)).collect(),
        }
    }
}
