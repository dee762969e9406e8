//! The simulator at work: three days of faults by the thousand, the same run twice, and the planted faults, which it has to
//! find. Built with the feature `mutants`: `cargo test -p doorstep-sim --features mutants`.

#![cfg(feature = "mutants")]

use doorstep_sim::{MUTANTS, Plan, hunt, run, shrink, trials};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Seeds of the test command, about a minute of two cores; `DOORSTEP_SEEDS` and `cargo xtask faults --seeds` give another number.
const SEEDS: u64 = 1_300;
/// A planted fault has to be found within so many. Source: trust.md, R15.
const SEEDS_A_MUTANT: u64 = 1_000;

/// Each of these tests takes all cores: one after the other, so that the time that one tells is its own.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

#[test]
fn three_days_of_faults_break_no_promise() {
    let _alone = alone();
    let given = std::env::var("DOORSTEP_SEEDS").ok().and_then(|text| text.parse().ok());
    let began = Instant::now();
    let hunt = hunt(0, given.unwrap_or(SEEDS), n_threads());
    eprintln!(
        "{} seeds of 3 days in {:.1} s: {} events, {} faults",
        hunt.n_runs,
        began.elapsed().as_secs_f64(),
        hunt.n_events,
        hunt.n_faults
    );
    if let Some(report) = hunt.failed.first() {
        let (_, least) = shrink(&Plan::of(report.seed));
        panic!(
            "seed {}: {}\nat the least with {:?}: {}\n{}\nagain: cargo xtask faults --seed {}",
            report.seed,
            report.failure.as_deref().unwrap_or_default(),
            least.injected,
            least.failure.as_deref().unwrap_or_default(),
            least.tail.join("\n"),
            report.seed
        );
    }
    assert!(hunt.n_faults > hunt.n_runs * 10, "hardly anything went wrong");
    assert!(hunt.n_events > hunt.n_runs * 50, "hardly anything happened");
}

#[test]
fn the_same_seed_plays_the_same_run_to_the_last_line() {
    let _alone = alone();
    let mut hashes = Vec::new();
    for seed in 0..24 {
        let here = run(&Plan::of(seed));
        let there = std::thread::spawn(move || run(&Plan::of(seed))).join().unwrap();
        assert_eq!((here.hash, here.n_lines), (there.hash, there.n_lines), "seed {seed}");
        hashes.push(here.hash);
    }
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 24, "every seed is another run");
}

#[test]
fn every_planted_fault_is_found() {
    assert!(MUTANTS.len() >= 25);
    let _alone = alone();
    let began = Instant::now();
    let trials = trials(MUTANTS, SEEDS_A_MUTANT, n_threads());
    for trial in &trials {
        let words = trial.found.as_ref().and_then(|report| report.failure.clone());
        eprintln!(
            "{:30} {:4} seeds: {}",
            trial.mutant.name,
            trial.n_runs,
            words.unwrap_or("NOT FOUND".to_owned())
        );
    }
    eprintln!("looked for in {:.1} s", began.elapsed().as_secs_f64());
    let missed = trials.iter().filter(|trial| trial.found.is_none());
    let missed: Vec<&str> = missed.map(|trial| trial.mutant.name).collect();
    assert!(missed.is_empty(), "planted and not found: {missed:?}");
}

#[test]
fn a_run_that_fails_is_made_smaller() {
    let _alone = alone();
    let fails = |seed: &u64| {
        let report = run(&Plan::of(*seed).with("answers-before-the-flush"));
        report.failure.is_some() && report.injected.len() > 3
    };
    let seed = (1..200).find(fails).expect("the planted fault fails some seed");
    let plan = Plan::of(seed).with("answers-before-the-flush");
    let (least, report) = shrink(&plan);
    assert!(report.failure.is_some(), "it still fails");
    assert!(report.injected.len() < run(&plan).injected.len(), "with fewer faults");
    assert_eq!(run(&least).hash, report.hash, "and can be played again");
}
