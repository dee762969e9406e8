//! The simulator at any length: seeds by the thousand, for a night.
//!
//! `cargo xtask faults --seeds 200000` plays so many, `--from` another seed on; `--seed 7` plays one and tells all that happens
//! in it; `--mutants` looks for each planted fault. The test command plays about a minute of
//! seeds (`SEEDS` of the test `faults`) and looks for all planted faults.

use crate::ci::cargo;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// Runs the simulator's own command with the words that follow.
pub fn run(args: &[&str]) -> Result<()> {
    let status = Command::new(cargo())
        .args([
            "run",
            "--quiet",
            "--profile",
            "sim",
            "--package",
            "doorstep-sim",
            "--features",
            "mutants",
        ])
        .arg("--")
        .args(args)
        .current_dir(crate::repo::root())
        .status()
        .context("running cargo for the simulator")?;
    if status.success() { Ok(()) } else { bail!("the simulator found something") }
}
