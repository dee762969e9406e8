//! Many at a time: as many threads as callers, each taking the next piece of work as soon as its last is done.

use anyhow::{Context as _, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Does work 0 to `n`, `waiting` at a time, and returns how long all of it took.
///
/// # Errors
/// The first that a worker met.
pub fn all(
    n: usize,
    waiting: usize,
    work: impl Fn(usize) -> Result<()> + Sync,
) -> Result<Duration> {
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..waiting.min(n))
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= n {
                            return Ok(());
                        }
                        work(at)?;
                    }
                })
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))?
        })
    })
    .context("the run was cut short")?;
    Ok(began.elapsed())
}

/// Returns how many a second.
pub fn per_second(n: usize, took: Duration) -> f64 {
    amount(n) / took.as_secs_f64().max(1e-9)
}

/// Returns a count as a number to divide by.
pub fn amount(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Returns the middle one of some numbers, the lower of two; 0 for none.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len().saturating_sub(1) / 2;
    numbers.get(middle).copied().unwrap_or(0.0)
}
