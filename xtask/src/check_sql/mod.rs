//! Prepares every statement of `store` on both engines, so that a word or a column that one of them does not know is
//! found without running it.
//!
//! The work is a test of this crate, because it needs the store built: the task only runs that test.

#[cfg(test)]
mod statements;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// The arguments for cargo. The whole workspace is named so that what it builds is what the tests use.
const ARGS: [&str; 7] = ["test", "--quiet", "--workspace", "--bin", "xtask", "--", "check_sql"];

/// Runs the test.
pub fn run() -> Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo).args(ARGS).current_dir(crate::repo::root()).status();
    let status = status.context("running cargo test")?;
    ensure!(status.success(), "store has statements that do not prepare: they are listed above");
    Ok(())
}
