//! `doorstep check packs DIR`: what is wrong with a folder of packs, by line; `doorstep check x12 FILE`: what is wrong with a
//! transmission, by segment and element, before anybody is sent it.

use crate::cli::{Check, Checked};
use crate::output::{say, say_json};
use crate::place::read_packs;
use anyhow::Context as _;
use doorstep_exchange::{Level, Problem, check_x12};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;

/// Checks what is asked for.
pub(crate) fn run(args: &Check) -> anyhow::Result<ExitCode> {
    match args.what {
        Checked::Packs => packs(args),
        Checked::X12 => x12(args),
    }
}

fn packs(args: &Check) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(args.path.is_dir(), "there is no folder {}", args.path.display());
    let (files, mut problems) = read_packs(&args.path)?;
    let texts: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    problems.extend(doorstep_packs::check(&texts));
    problems.sort();
    for problem in &problems {
        if args.json {
            say_json(&serde_json::json!({
                "file": problem.file, "line": problem.line, "column": problem.column, "code": problem.code(), "message": problem.message,
            }))?;
        } else {
            say(problem.to_string())?;
        }
    }
    if !args.json {
        say(format!("{} files, {} problems", files.len(), problems.len()))?;
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn x12(args: &Check) -> anyhow::Result<ExitCode> {
    let from: Box<dyn Read> = if args.path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&args.path);
        Box::new(file.with_context(|| format!("{} cannot be read", args.path.display()))?)
    };
    // What cannot be printed any more ends the check, but not in the middle of reading.
    let (mut printed, mut n_problems, mut n_errors) = (Ok(()), 0_u64, 0_u64);
    let checked = check_x12(from, |problem| {
        n_problems += 1;
        n_errors += u64::from(problem.level == Level::Error);
        if printed.is_ok() {
            printed = print(&problem, args.json);
        }
    })
    .with_context(|| format!("{} could not be read to its end", args.path.display()))?;
    printed?;
    if !args.json {
        say(format!(
            "{} interchanges, {} groups, {} sets: {} requests without an error of their own, {n_problems} problems",
            checked.interchanges, checked.groups, checked.sets, checked.requests
        ))?;
    }
    Ok(if n_errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn print(problem: &Problem, is_json: bool) -> anyhow::Result<()> {
    if is_json {
        return say_json(problem);
    }
    let level = if problem.level == Level::Error { "error" } else { "warning" };
    say(format!("{}: {level}: {} ({})", problem.at, problem.message, problem.code))
}
