//! Many runs: seed after seed over all cores, until one fails or all have held.

use crate::mutants::Mutant;
use crate::plan::Plan;
use crate::run::{Report, run};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What came of many runs.
#[derive(Debug, Default)]
pub struct Hunt {
    /// Runs played.
    pub n_runs: u64,
    /// Events in the records of all of them.
    pub n_events: u64,
    /// Faults that struck in all of them.
    pub n_faults: u64,
    /// Runs that failed, by seed.
    pub failed: Vec<Report>,
}

/// Failures after which a hunt stops: whoever looks at them has enough.
const FAILED_MAX: usize = 5;

/// Plays the seeds from one on, so many of them, each as its own plan, on so many threads.
pub fn hunt(from: u64, n_seeds: u64, n_threads: usize) -> Hunt {
    let next = AtomicU64::new(from);
    let all = Mutex::new(Hunt::default());
    let with = |call: &dyn Fn(&mut Hunt) -> bool| {
        call(&mut all.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let play = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + n_seeds {
                return;
            }
            let report = run(&Plan::of(seed));
            let goes_on = with(&|hunt| {
                hunt.n_runs += 1;
                hunt.n_events += report.n_events;
                hunt.n_faults += u64::try_from(report.injected.len()).unwrap_or(0);
                if report.failure.is_some() {
                    hunt.failed.push(report.clone());
                }
                hunt.failed.len() < FAILED_MAX
            });
            if !goes_on {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..n_threads.max(1) {
            scope.spawn(play);
        }
    });
    let mut hunt = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    hunt.failed.sort_by_key(|report| report.seed);
    hunt
}

/// A planted fault, and the first run that found it, with how many were played until then.
#[derive(Debug)]
pub struct Trial {
    /// The fault.
    pub mutant: Mutant,
    /// The first run that failed; `None` when none did.
    pub found: Option<Report>,
    /// Runs played.
    pub n_runs: u64,
}

/// Lets each planted fault be looked for in the seeds from 0 on, so many at most.
pub fn trials(mutants: &[Mutant], n_seeds: u64, n_threads: usize) -> Vec<Trial> {
    let next = AtomicU64::new(0);
    let all = Mutex::new(Vec::new());
    let play = || {
        loop {
            let at = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap_or(usize::MAX);
            let Some(mutant) = mutants.get(at) else { return };
            let trial = trial(*mutant, n_seeds);
            all.lock().unwrap_or_else(PoisonError::into_inner).push((at, trial));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..n_threads.max(1) {
            scope.spawn(play);
        }
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, trial)| trial).collect()
}

fn trial(mutant: Mutant, n_seeds: u64) -> Trial {
    for seed in 0..n_seeds {
        let report = run(&Plan::of(seed).with(mutant.name));
        if report.failure.is_some() {
            return Trial { mutant, found: Some(report), n_runs: seed + 1 };
        }
    }
    Trial { mutant, found: None, n_runs: n_seeds }
}
