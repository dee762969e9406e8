//! `doorstep intake`: files in, outcomes out.

use crate::cli::Intake;
use crate::clock;
use crate::output::{hint, say, say_json};
use crate::place::{Place, files_under};
use anyhow::Context as _;
use doorstep_app::App;
use doorstep_app::intake::{Incoming, Taken, preview, take};
use doorstep_exchange::{Outcome, Problem};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// What is printed of a file with `--json`.
#[derive(Serialize)]
struct Line<'a> {
    path: String,
    format: &'a str,
    outcome: &'a str,
    cases: Vec<String>,
    problems: Vec<&'a Problem>,
}

#[derive(Default, Serialize)]
struct Summary {
    files: usize,
    opened: usize,
    linked: usize,
    updated: usize,
    queued: usize,
    refused: usize,
    unsupported: usize,
    /// Orders, messages and rows by outcome: a file may hold many.
    units: BTreeMap<&'static str, usize>,
}

/// Takes every file, prints what became of each in the order of their names, and a summary.
pub(crate) fn run(place: &Place, args: &Intake) -> anyhow::Result<ExitCode> {
    let mut paths = Vec::new();
    for path in &args.paths {
        anyhow::ensure!(path.exists(), "there is no file {}", path.display());
        paths.extend(files_under(path)?);
    }
    if let Some(dir) = &args.replies {
        crate::place::make_private_dir(dir)?;
    }
    let app = place.app()?;
    if !args.dry_run {
        let resumed = doorstep_app::intake::resume(&app.system("intake"))?;
        if resumed > 0 {
            hint(format!("finished {resumed} file(s) that an earlier run was stopped in"));
        }
    }
    let mut summary = Summary::default();
    let bar = progress(paths.len(), args.json);
    take_all(&app, args, &paths, |path, taken| {
        count(&mut summary, &taken);
        bar.inc(1);
        print(args, path, &taken)
    })?;
    bar.finish_and_clear();
    finish(args, &summary)?;
    Ok(ExitCode::SUCCESS)
}

fn progress(files: usize, json: bool) -> ProgressBar {
    if json || files < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {per_sec}, {eta} left");
    ProgressBar::new(files as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Takes files several at once, so that they share each flush of the disk, and hands each to `show` in order.
fn take_all(
    app: &App,
    args: &Intake,
    paths: &[PathBuf],
    mut show: impl FnMut(&Path, Taken) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::sync_channel(usize::from(args.at_once) * 4);
    std::thread::scope(|scope| {
        for _ in 0..args.at_once {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = paths.get(at) else { return };
                    if sender.send((at, one(app, args, path))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut ready, mut shown) = (BTreeMap::new(), 0);
        for (at, taken) in receiver {
            ready.insert(at, taken);
            while let Some(taken) = ready.remove(&shown) {
                let taken = taken
                    .with_context(|| format!("{} could not be taken", paths[shown].display()))?;
                show(&paths[shown], taken)?;
                shown += 1;
            }
        }
        Ok(())
    })
}

fn one(app: &App, args: &Intake, path: &Path) -> anyhow::Result<Taken> {
    let bytes = fs::read(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let incoming = Incoming { bytes: &bytes, name: &name, received_at: clock::now() };
    let ctx = app.system("intake");
    let taken = if args.dry_run { preview(&ctx, &incoming)? } else { take(&ctx, &incoming)? };
    if let (Some(dir), Some(reply)) = (&args.replies, &taken.reply) {
        let file = dir.join(format!("{name}.{}.reply", taken.receipt_id));
        fs::write(&file, &reply.bytes)
            .with_context(|| format!("{} could not be written", file.display()))?;
    }
    Ok(taken)
}

fn count(summary: &mut Summary, taken: &Taken) {
    summary.files += 1;
    match taken.outcome {
        Outcome::Opened => summary.opened += 1,
        Outcome::Linked => summary.linked += 1,
        Outcome::Updated => summary.updated += 1,
        Outcome::Queued => summary.queued += 1,
        Outcome::Refused => summary.refused += 1,
        Outcome::Unsupported => summary.unsupported += 1,
    }
    for unit in &taken.units {
        *summary.units.entry(unit.outcome.name()).or_default() += 1;
    }
}

fn print(args: &Intake, path: &Path, taken: &Taken) -> anyhow::Result<()> {
    let mut cases: Vec<String> = taken
        .units
        .iter()
        .filter_map(|unit| unit.number.as_ref())
        .map(ToString::to_string)
        .collect();
    cases.dedup();
    let problems = taken.problems.iter().chain(taken.units.iter().flat_map(|unit| &unit.problems));
    if args.json {
        return say_json(&Line {
            path: path.display().to_string(),
            format: &taken.format,
            outcome: taken.outcome.name(),
            cases,
            problems: problems.collect(),
        });
    }
    say(format!(
        "{:<11}  {:<9}  {}  {}",
        taken.outcome.name(),
        taken.format,
        path.display(),
        cases.join(" ")
    ))?;
    for problem in problems {
        say(format!("             {} at {}: {}", problem.code, problem.at, problem.message))?;
    }
    Ok(())
}

fn finish(args: &Intake, summary: &Summary) -> anyhow::Result<()> {
    if args.json {
        return say_json(&serde_json::json!({ "summary": summary }));
    }
    let Summary { files, opened, linked, updated, queued, refused, unsupported, .. } = summary;
    say(format!(
        "{files} files: {opened} opened, {linked} linked, {updated} updated, {queued} queued for a person, \
         {refused} refused, {unsupported} unsupported"
    ))?;
    let units: Vec<String> = summary.units.iter().map(|(name, n)| format!("{n} {name}")).collect();
    say(format!("orders, messages and rows in them: {}", units.join(", ")))
}
