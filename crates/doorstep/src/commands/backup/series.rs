//! `doorstep backup --into`: a copy each minute or so, so that a store can be put back as it stood at a moment.
//!
//! Each copy is whole and has its counts, as one made by hand. A time in which nothing was written makes none, so that the
//! last copy before a moment is the store at that moment. How far back one can go is how many are kept.

use super::{copy, counts_of, say_copied};
use crate::cli::Backup;
use crate::clock;
use crate::commands::stopping::Signals;
use crate::place::{Place, make_private_dir};
use anyhow::Context as _;
use doorstep_db::{Db, Kind};
use doorstep_vocab::Zone;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

/// How a copy's name begins. What follows is its moment in UTC, so that names sort by time.
const NAME: &str = "doorstep-";

/// Makes copies until it is told to stop.
pub(super) fn run(place: &Place, args: &Backup, folder: &Path) -> anyhow::Result<ExitCode> {
    make_private_dir(folder)?;
    let db = place.open_db(Kind::Real)?;
    let file = place.file_of_db();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stopped = std::pin::pin!(Signals::hear()?.stop());
        let mut ticks = tokio::time::interval(Duration::from_secs(args.every));
        let mut copied = None;
        loop {
            tokio::select! {
                () = &mut stopped => return Ok(ExitCode::SUCCESS),
                _ = ticks.tick() => {}
            }
            // Looked at before the copy is begun: what is written during it is copied next time.
            let written = file.as_deref().and_then(written_at);
            if written.is_some() && written == copied {
                continue;
            }
            // A copy that could not be made is tried again: a full disk may have room the next minute.
            match one(&db, args, folder) {
                Ok(()) => copied = written,
                Err(error) => tracing::error!("a copy was not made, and is tried again: {error:#}"),
            }
        }
    })
}

fn one(db: &Db, args: &Backup, folder: &Path) -> anyhow::Result<()> {
    let moment = clock::now().civil(&Zone::utc()).strftime("%Y%m%dT%H%M%SZ");
    let kind = if db.engine() == doorstep_db::Engine::Sqlite { "db" } else { "dump" };
    let file = folder.join(format!("{NAME}{moment}.{kind}"));
    say_copied(args, &file, &copy(db, &file)?)?;
    prune(folder, args.keep)
}

/// Removes all but the last copies, the oldest first, each with its counts.
fn prune(folder: &Path, keep: u32) -> anyhow::Result<()> {
    let mut copies = copies(folder)?;
    copies.sort();
    let n_old = copies.len().saturating_sub(usize::try_from(keep)?);
    for file in &copies[..n_old] {
        for path in [counts_of(file), file.clone()] {
            if path.exists() {
                fs::remove_file(&path)
                    .with_context(|| format!("{} could not be removed", path.display()))?;
            }
        }
    }
    Ok(())
}

/// The copies in a folder. Nothing else in it is ours to remove.
fn copies(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} could not be read", folder.display()))?;
    let paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    let is_copy = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let kind = path.extension().unwrap_or_default();
        name.starts_with(NAME) && (kind == "db" || kind == "dump")
    };
    Ok(paths.into_iter().filter(is_copy).collect())
}

/// When a database was last written: its file, or the log beside it.
fn written_at(file: &Path) -> Option<SystemTime> {
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let at = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    at(file).max(at(&log))
}
