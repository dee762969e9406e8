//! Measures: the bench is a crate of its own, so that building the other tasks needs neither the store nor optimising.

use crate::ci::cargo;
use anyhow::{Context as _, Result, bail};
use std::process::Command;

/// Builds the bench as the program is built for use, and runs it. `cargo xtask bench --help` says what it can be told.
pub fn run(args: &[&str]) -> Result<()> {
    let status = Command::new(cargo())
        .args(["run", "--quiet", "--release", "--package", "doorstep-bench", "--"])
        .args(args)
        .status()
        .context("running cargo for the bench")?;
    if status.success() { Ok(()) } else { bail!("the bench has failed") }
}
