//! Trials at their whole size, which take minutes: the test command runs the same tests with smaller numbers.
//!
//! `cargo xtask trust` names them, `cargo xtask trust r12` runs one. Each is a test of `crates/app`, built as the program is
//! built for use, on SQLite.

use crate::ci::cargo;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// A trial: its name, the test, and the variable that gives the number, with the whole one.
struct Trial {
    name: &'static str,
    test: &'static str,
    variable: &'static str,
    whole: &'static str,
}

const TRIALS: [Trial; 2] = [
    Trial {
        name: "r08",
        test: "shuffled_duplicates_by_every_door_are_as_many_cases_as_orders::sqlite",
        variable: "DOORSTEP_ORDERS",
        whole: "10000",
    },
    Trial {
        name: "r12",
        test: "cases_lived_at_random_replay_to_what_is_stored::sqlite",
        variable: "DOORSTEP_CASES",
        whole: "100000",
    },
];

/// Runs one trial. Its variable, where it is set, gives another number.
pub fn run(args: &[&str]) -> Result<()> {
    let asked = match args {
        [name] => TRIALS.iter().find(|trial| trial.name == *name),
        _ => None,
    };
    let Some(trial) = asked else {
        let names: Vec<&str> = TRIALS.iter().map(|trial| trial.name).collect();
        bail!("name a trial: {}", names.join(", "))
    };
    let number = std::env::var(trial.variable).unwrap_or_else(|_| trial.whole.to_owned());
    let status = Command::new(cargo())
        .args(["test", "--release", "--package", "doorstep-app", "--test", "trust", trial.test])
        .args(["--", "--nocapture"])
        .env(trial.variable, number)
        .current_dir(crate::repo::root())
        .status()
        .context("running cargo for the trial")?;
    if status.success() { Ok(()) } else { bail!("{} has failed", trial.name) }
}

#[cfg(test)]
mod tests {
    use super::TRIALS;

    #[test]
    fn every_trial_names_a_test_that_reads_its_number() {
        let folder = crate::repo::root().join("crates/app/tests/trust");
        let texts: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        for trial in TRIALS {
            let (test, _) = trial.test.split_once("::").unwrap();
            let (head, read) =
                (format!("fn {test}(world: &World)"), format!("\"{}\"", trial.variable));
            assert!(
                texts.iter().any(|text| text.contains(&head) && text.contains(&read)),
                "{test}"
            );
        }
    }
}
