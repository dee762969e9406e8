//! `doorstep check packs DIR`: what is wrong with a folder of packs, by line.

use crate::cli::{Check, Checked};
use crate::output::{say, say_json};
use crate::place::read_packs;
use std::process::ExitCode;

/// Checks the folder.
pub(crate) fn run(args: &Check) -> anyhow::Result<ExitCode> {
    let Checked::Packs = args.what;
    anyhow::ensure!(args.dir.is_dir(), "there is no folder {}", args.dir.display());
    let (files, mut problems) = read_packs(&args.dir)?;
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
