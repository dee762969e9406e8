//! The doorstep program: one executable, one subcommand a role.
//!
//! **Invariant:** the exit status is 0 unless Doorstep itself failed; what is wrong with a file or refused by a rule
//! is in what is printed.

mod cli;
mod clock;
mod commands;
mod identity;
mod logging;
mod output;
mod outward;
mod place;

use clap::Parser as _;
use std::process::ExitCode;

/// Reading an order makes thousands of small pieces on many threads: the system's allocator took a fifth of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    logging::start(cli.verbose);
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!("{error:?}");
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}
