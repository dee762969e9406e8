//! One file a subcommand.

mod act;
mod audit;
mod backup;
mod case;
mod check;
mod demo;
mod doctor;
mod intake;
mod migrate;
mod provider;
mod replay;
mod serve;
mod stopping;
mod user;
mod work;
mod worker;
mod worklist;

use crate::cli::{Cli, Command};
use clap::CommandFactory as _;
use std::process::ExitCode;

/// Runs the subcommand.
pub(crate) fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = &cli.place;
    match cli.command {
        Command::Serve(args) => serve::run(place, &args),
        Command::Work(args) => work::run(place, &args),
        Command::Demo(args) => demo::run(place, &args),
        Command::Intake(args) => intake::run(place, &args),
        Command::Case(args) => case::run(place, &args),
        Command::Worklist(args) => worklist::run(place, &args),
        Command::Act(args) => act::run(place, &args),
        Command::Replay(args) => replay::run(place, &args),
        Command::Check(args) => check::run(&args),
        Command::Doctor(args) => doctor::run(place, &args),
        Command::User(args) => user::run(place, args),
        Command::Audit(args) => audit::run(place, &args),
        Command::Provider(args) => provider::run(place, args),
        Command::Backup(args) => backup::run(place, &args),
        Command::Restore(args) => backup::restore(place, &args),
        Command::Migrate(args) => migrate::run(place, &args),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "doorstep", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
