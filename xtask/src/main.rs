//! House rules as a program. Each task is a file of its own; this is only the list of them.

#![expect(
    clippy::print_stdout,
    reason = "a program of its own, whose results are read in a terminal"
)]

mod bench;
mod check_sql;
mod ci;
mod data;
mod faults;
mod repo;
mod source;
mod tidy;
mod trust;

use anyhow::{Result, bail};
use std::process::ExitCode;

/// The tasks, as the README and the error text name them.
const TASKS: [&str; 7] = ["ci", "tidy", "check-sql", "data", "bench", "trust", "faults"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    match words.split_first() {
        Some((&"ci", rest)) => ci::run(rest),
        Some((&"tidy", [])) => tidy::run(),
        Some((&"check-sql", [])) => check_sql::run(),
        Some((&"data", rest)) => data::run(rest),
        Some((&"bench", rest)) => bench::run(rest),
        Some((&"trust", rest)) => trust::run(rest),
        Some((&"faults", rest)) => faults::run(rest),
        Some((task, _)) => bail!("`{task}` is not written so: the tasks are {}", TASKS.join(", ")),
        None => bail!("name a task: {}", TASKS.join(", ")),
    }
}
