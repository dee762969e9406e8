//! The simulator's command, as `cargo xtask faults` calls it: seeds by the thousand, one seed in every line, or the planted
//! faults.

use doorstep_sim::{MUTANTS, Mutant, Plan, Report, hunt, run, shrink, trials};
use std::process::ExitCode;
use std::time::Instant;

/// As the program has it: a simulated day is made of small pieces of memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
cargo xtask faults [--seeds N] [--from SEED]   plays N seeds (2000), from SEED on (0)
cargo xtask faults --seed SEED                 plays one seed, and tells all that happens in it
cargo xtask faults --mutants [--seeds N]       looks for each planted fault in N seeds (1000) at most
cargo xtask faults --mutant NAME [--seed SEED] looks for one, or plays one seed with it";

/// What was asked for.
#[derive(Default)]
struct Asked {
    seeds: Option<u64>,
    from: u64,
    seed: Option<u64>,
    are_mutants: bool,
    mutant: Option<&'static Mutant>,
}

fn main() -> ExitCode {
    let asked = match asked(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(words) => {
            eprintln!("faults: {words}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let is_sound = match (&asked, asked.seed) {
        (Asked { are_mutants: true, .. }, _) => mutants(MUTANTS, asked.seeds),
        (Asked { mutant: Some(mutant), .. }, None) => mutants(&[**mutant], asked.seeds),
        (Asked { mutant, .. }, Some(seed)) => one(seed, *mutant),
        _ => many(asked.from, asked.seeds.unwrap_or(2_000)),
    };
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn asked(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is no number"));
        match word.as_str() {
            "--seeds" => asked.seeds = Some(number(value()?)?),
            "--from" => asked.from = number(value()?)?,
            "--seed" => asked.seed = Some(number(value()?)?),
            "--mutants" => asked.are_mutants = true,
            "--mutant" => {
                let name = value()?;
                let known = MUTANTS.iter().find(|mutant| mutant.name == name);
                asked.mutant = Some(known.ok_or(format!("no planted fault is called {name}"))?);
            }
            _ => return Err(format!("`{word}` is not written so")),
        }
    }
    if !cfg!(feature = "mutants") && (asked.are_mutants || asked.mutant.is_some()) {
        return Err("this build has no planted faults: it wants the feature `mutants`".to_owned());
    }
    Ok(asked)
}

fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn many(from: u64, n_seeds: u64) -> bool {
    let began = Instant::now();
    let hunt = hunt(from, n_seeds, n_threads());
    let took = began.elapsed();
    eprintln!(
        "faults: {} seeds from {from}, 3 days each: {} events, {} faults, {} failed, {:.1} s",
        hunt.n_runs,
        hunt.n_events,
        hunt.n_faults,
        hunt.failed.len(),
        took.as_secs_f64()
    );
    for report in &hunt.failed {
        failed(report);
    }
    hunt.failed.is_empty()
}

/// Prints a run that failed, made smaller, and how to play it again.
fn failed(report: &Report) {
    let seed = report.seed;
    eprintln!("\nseed {seed}: {}", report.failure.as_deref().unwrap_or_default());
    let (_, least) = shrink(&Plan::of(seed));
    eprintln!("  at the least with {} faults: {:?}", least.injected.len(), least.injected);
    eprintln!("  {}", least.failure.as_deref().unwrap_or_default());
    for line in &least.tail {
        eprintln!("  | {line}");
    }
    eprintln!("  again: cargo xtask faults --seed {seed}");
}

fn one(seed: u64, mutant: Option<&Mutant>) -> bool {
    let plan = mutant.map_or(Plan::of(seed), |mutant| Plan::of(seed).with(mutant.name));
    let report = run(&Plan { n_kept: usize::MAX, ..plan });
    for line in &report.tail {
        eprintln!("{line}");
    }
    eprintln!(
        "faults: seed {seed}: {} events, {} messages, {} faults, trace {:016x}",
        report.n_events,
        report.told.0,
        report.injected.len(),
        report.hash
    );
    eprintln!("faults: {}", report.failure.as_deref().unwrap_or("all holds"));
    report.failure.is_none()
}

fn mutants(all: &[Mutant], n_seeds: Option<u64>) -> bool {
    let trials = trials(all, n_seeds.unwrap_or(1_000), n_threads());
    for trial in &trials {
        let (place, name) = (trial.mutant.place, trial.mutant.name);
        match &trial.found {
            Some(report) => {
                let words = report.failure.as_deref().unwrap_or_default();
                eprintln!("{place:6} {name:30} {:4} seeds: {words}", trial.n_runs);
            }
            None => eprintln!("{place:6} {name:30} NOT FOUND in {} seeds", trial.n_runs),
        }
    }
    let n_found = trials.iter().filter(|trial| trial.found.is_some()).count();
    eprintln!("faults: {n_found} of {} planted faults found", trials.len());
    n_found == trials.len()
}
