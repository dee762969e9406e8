//! `doorstep intake`: files in, outcomes out. One file that cannot be taken is a line like any other, and ends nothing.

mod files;
mod shown;

use crate::cli::Intake;
use crate::clock;
use crate::output::hint;
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::intake::{Incoming, Taken, plain_name, preview, take_watched};
use doorstep_app::{App, Error};
use files::{Named, Unread, files_of};
use indicatif::{ProgressBar, ProgressStyle};
use shown::Shown;
use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// What became of a file.
enum Done {
    Taken(Box<Taken>),
    /// It could not be read, or is none that is taken.
    Unread(Unread),
}

/// Takes every file, prints what became of each in the order of their names, and a summary.
pub(crate) fn run(place: &Place, args: &Intake) -> anyhow::Result<ExitCode> {
    let files = files_of(&args.paths);
    if args.dry_run {
        let (app, _nothing) = place.app_to_look()?;
        return take_and_show(&app, args, &files);
    }
    if let Some(dir) = &args.replies {
        crate::place::make_private_dir(dir)?;
    }
    let app = place.app()?;
    let resumed = doorstep_app::intake::resume(&app.system("intake"))?;
    if resumed > 0 {
        hint(format!("finished {resumed} file(s) that an earlier run was stopped in"));
    }
    take_and_show(&app, args, &files)
}

fn take_and_show(app: &App, args: &Intake, files: &[Named]) -> anyhow::Result<ExitCode> {
    let bar = progress(files.len(), args.json);
    let mut shown = Shown::new(args.json);
    take_all(app, (args, &bar), files, |path, done| {
        bar.inc(1);
        bar.suspend(|| match done {
            Done::Taken(taken) => shown.file(path, &taken),
            Done::Unread(unread) => shown.unread(path, &unread),
        })
    })?;
    bar.finish_and_clear();
    shown.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// A list of many rows moves it by its rows, whatever else there is.
fn progress(files: usize, json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} orders, {per_sec}, {eta} left");
    ProgressBar::new(files as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Takes files several at once, so that they share each flush of the disk, and hands each to `show` in order.
fn take_all(
    app: &App,
    (args, bar): (&Intake, &ProgressBar),
    files: &[Named],
    mut show: impl FnMut(&str, Done) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::sync_channel(usize::from(args.at_once) * 4);
    std::thread::scope(|scope| {
        for _ in 0..args.at_once {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { return };
                    if sender.send((at, one(app, (args, bar), file))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut ready, mut shown) = (BTreeMap::new(), 0);
        for (at, done) in receiver {
            ready.insert(at, done);
            while let Some(done) = ready.remove(&shown) {
                let path = files[shown].path.display().to_string();
                show(&path, done.with_context(|| format!("{path} could not be taken"))?)?;
                shown += 1;
            }
        }
        Ok(())
    })
}

fn one(app: &App, (args, bar): (&Intake, &ProgressBar), file: &Named) -> anyhow::Result<Done> {
    let bytes = match file.read() {
        Ok(bytes) => bytes,
        Err(unread) => return Ok(Done::Unread(unread)),
    };
    let name = plain_name(&file.path.file_name().unwrap_or_default().to_string_lossy());
    let incoming = Incoming { bytes: &bytes, name: &name, received_at: clock::now() };
    let ctx = app.system("intake");
    let before = AtomicUsize::new(0);
    let watch = |done: usize, of: usize| {
        // The file itself is one step of the bar, taken when it is shown.
        let done = done.min(of.saturating_sub(1));
        let before = before.swap(done, Ordering::Relaxed);
        if before == 0 {
            bar.inc_length(of.saturating_sub(1) as u64);
        }
        bar.inc(done.saturating_sub(before) as u64);
    };
    let taken =
        if args.dry_run { preview(&ctx, &incoming) } else { take_watched(&ctx, &incoming, &watch) };
    let taken = match taken {
        Ok(taken) => taken,
        Err(Error::Bad { code, message }) => return Ok(Done::Unread(Unread { code, message })),
        Err(error) => return Err(error.into()),
    };
    if let (Some(dir), Some(reply)) = (&args.replies, &taken.reply) {
        let file = dir.join(format!("{name}.{}.reply", taken.receipt_id));
        fs::write(&file, &reply.bytes)
            .with_context(|| format!("{} could not be written", file.display()))?;
    }
    Ok(Done::Taken(Box::new(taken)))
}
