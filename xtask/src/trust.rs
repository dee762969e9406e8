//! Trials of trust: tests that the test command runs in a short form, one by one or at their whole size.
//!
//! `cargo xtask trust` runs all of them in the short form, `cargo xtask trust r12` one; `--long` takes the whole size, which is
//! minutes to hours. Each is built as the program is built for use. Those that need a server find it in
//! `DOORSTEP_TEST_POSTGRES`: `./test with cargo xtask trust --long`.

use crate::ci::cargo;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// A trial: its name, where its test is, and the variable that gives the size, with the whole one.
struct Trial {
    name: &'static str,
    package: &'static str,
    target: &'static str,
    test: &'static str,
    variable: &'static str,
    whole: &'static str,
}

/// A trial of what the use cases keep, on SQLite.
const fn of_app(
    name: &'static str,
    test: &'static str,
    size: (&'static str, &'static str),
) -> Trial {
    let (variable, whole) = size;
    Trial { name, package: "doorstep-app", target: "trust", test, variable, whole }
}

/// A trial of the program under faults.
const fn of_faults(name: &'static str, test: &'static str) -> Trial {
    let (package, target) = ("doorstep", "faults");
    Trial { name, package, target, test, variable: "DOORSTEP_LONG", whole: "1" }
}

const TRIALS: &[Trial] = &[
    of_faults("r01", "kills::"),
    of_faults("r02", "syscalls::"),
    of_faults("r03", "power::"),
    of_faults("r04", "failing::"),
    of_faults("r05", "full::"),
    of_faults("r06", "servers::a_failover"),
    of_faults("r07", "servers::a_server"),
    of_app(
        "r08",
        "duplicates::shuffled_duplicates_by_every_door_are_as_many_cases_as_orders::sqlite",
        ("DOORSTEP_ORDERS", "10000"),
    ),
    of_faults("r09", "letters::"),
    of_app(
        "r12",
        "replays::cases_lived_at_random_replay_to_what_is_stored::sqlite",
        ("DOORSTEP_CASES", "100000"),
    ),
    of_faults("r11", "clocks::"),
    of_faults("r13", "backups::"),
    of_faults("r17", "load::"),
    of_faults("r18", "bursts::"),
    of_faults("r19", "slowness::"),
    of_faults("r20", "upgrade::"),
    of_faults("nodes", "nodes::"),
];

/// Runs the trials that are named, or all.
pub fn run(args: &[&str]) -> Result<()> {
    let is_long = args.contains(&"--long");
    let names: Vec<&str> = args.iter().filter(|arg| **arg != "--long").copied().collect();
    let known: Vec<&str> = TRIALS.iter().map(|trial| trial.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        bail!("`{unknown}` is no trial: they are {}", known.join(", "));
    }
    let asked = TRIALS.iter().filter(|trial| names.is_empty() || names.contains(&trial.name));
    let mut failed = Vec::new();
    for trial in asked {
        println!("trust: {} is {}", trial.name, trial.test);
        if !run_one(trial, is_long)? {
            failed.push(trial.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("{} failed", failed.join(", ")) }
}

/// Runs one. Its variable, where it is set, gives another size.
fn run_one(trial: &Trial, is_long: bool) -> Result<bool> {
    let mut command = Command::new(cargo());
    command
        .args(["test", "--release", "--package", trial.package, "--test", trial.target, "--"])
        .args([trial.test, "--nocapture", "--test-threads", "1"])
        .current_dir(crate::repo::root());
    if is_long && std::env::var_os(trial.variable).is_none() {
        command.env(trial.variable, trial.whole);
    }
    Ok(command.status().context("running cargo for the trial")?.success())
}

#[cfg(test)]
mod tests {
    use super::TRIALS;
    use std::fs;

    #[test]
    fn every_trial_names_a_test_that_reads_its_size() {
        for trial in TRIALS {
            let (module, name) = trial.test.split_once("::").unwrap();
            let crate_name = trial.package.trim_start_matches("doorstep-");
            let tests = crate::repo::root().join(format!("crates/{crate_name}/tests"));
            let folder = tests.join(trial.target);
            let text = fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap();
            let sizes = fs::read_to_string(folder.join("size.rs")).unwrap_or_default();
            let (name, _) = name.split_once("::").unwrap_or((name, ""));
            assert!(text.contains(&format!("fn {name}")), "{}", trial.test);
            assert!(
                [text, sizes].concat().contains(&format!("\"{}\"", trial.variable)),
                "{} does not read {}",
                trial.test,
                trial.variable
            );
        }
    }
}
