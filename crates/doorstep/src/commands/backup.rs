//! `doorstep backup` and `doorstep restore`: a copy while in use, and the proof that it is one.
//!
//! Beside the copy stands what it held when it was made, in numbers. A restore counts again, replays every case and
//! hashes every file's bytes: what was taken out of a copy, or changed in it, is not put back in silence.

mod series;

use super::replay::{Verdict, replay_all};
use crate::cli::{Backup, Restore};
use crate::output::{say, say_json};
use crate::place::{Place, shown};
use anyhow::Context as _;
use doorstep_db::{Db, DbError, Kind, OpenOptions};
use doorstep_store::StoreError;
use doorstep_store::census::{self, Census};
use doorstep_store::facts;
use doorstep_vocab::Timestamp;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Copies the database, once or again and again.
pub(crate) fn run(place: &Place, args: &Backup) -> anyhow::Result<ExitCode> {
    match (&args.file, &args.into) {
        (Some(file), _) => {
            let db = place.open_db(Kind::Real)?;
            say_copied(args, file, &copy(&db, file)?)?;
            Ok(ExitCode::SUCCESS)
        }
        (None, Some(folder)) => series::run(place, args, folder),
        (None, None) => anyhow::bail!("name the copy, or a folder for copies with --into"),
    }
}

/// Copies the database, and writes beside the copy what it held.
///
/// The counts are on the disk before the copy has its name: whenever the process is killed, a copy that is there has them.
/// Counts without a copy are what such a process left, and are written over.
fn copy(db: &Db, file: &Path) -> anyhow::Result<(doorstep_db::Backup, Census)> {
    anyhow::ensure!(!file.exists(), "{} is there already: choose another name", file.display());
    let counts = counts_of(file);
    let copied = db.backup_and(file, |tx| -> Result<Census, StoreError> {
        let census = census::take(tx)?;
        write_counts(&counts, &census).map_err(|error| {
            DbError::Backup(format!("the counts could not be written: {}", error.kind()))
        })?;
        Ok(census)
    });
    if copied.is_err() && !file.exists() && counts.exists() {
        // The copy's own error is the one to tell.
        let _ = std::fs::remove_file(&counts);
    }
    copied.context("the copy could not be made")
}

fn say_copied(
    args: &Backup,
    file: &Path,
    (backup, census): &(doorstep_db::Backup, Census),
) -> anyhow::Result<()> {
    let counts = counts_of(file);
    if args.json {
        return say_json(&serde_json::json!({
            "file": file.display().to_string(), "counts": counts.display().to_string(),
            "bytes": backup.bytes, "held": census,
        }));
    }
    let n_cases = census.rows.get("case_head").copied().unwrap_or_default();
    say(format!(
        "{n_cases} cases, {} bytes copied to {}, counts beside it in {}: prove it with `doorstep restore`",
        backup.bytes,
        file.display(),
        counts.display()
    ))
}

/// Where the counts of a copy stand.
fn counts_of(file: &Path) -> PathBuf {
    file.with_added_extension("counts.json")
}

fn write_counts(path: &Path, census: &Census) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(&serde_json::to_vec_pretty(census)?)?;
    file.sync_all()?;
    Ok(())
}

fn read_counts(args: &Restore) -> anyhow::Result<Option<Census>> {
    if args.no_counts {
        return Ok(None);
    }
    let path = counts_of(&args.file);
    let text = std::fs::read(&path).with_context(|| {
        format!("{} has to stand beside the copy: without it say --no-counts", path.display())
    })?;
    let census = serde_json::from_slice(&text);
    census.map(Some).with_context(|| format!("{} cannot be read", path.display()))
}

/// What the proof of a restored store found.
#[derive(serde::Serialize)]
struct Proof {
    held: Census,
    /// What is otherwise than when the copy was made; `None` when nobody knows.
    differs: Option<Vec<String>>,
    replay: Verdict,
    /// Files whose bytes are not those that were kept, by hash.
    damaged: Vec<String>,
    /// Whether every document and every receipt has its bytes.
    sound: bool,
}

impl Proof {
    fn of(db: &Db, before: Option<&Census>) -> anyhow::Result<Self> {
        let held = db.read(census::take)?;
        Ok(Self {
            differs: before.map(|before| held.differing(before)),
            replay: replay_all(db)?,
            damaged: damaged(db)?,
            sound: db.read(|tx| facts::gather(tx, Timestamp(0)))?.is_sound(),
            held,
        })
    }

    fn holds(&self) -> bool {
        self.differs.as_ref().is_none_or(Vec::is_empty)
            && self.replay.differ.is_empty()
            && self.damaged.is_empty()
            && self.sound
    }
}

fn damaged(db: &Db) -> anyhow::Result<Vec<String>> {
    let (mut damaged, mut after) = (Vec::new(), String::new());
    while let Some((last, more)) = db.read(|tx| census::check_blobs(tx, &after))? {
        damaged.extend(more);
        after = last;
    }
    Ok(damaged)
}

/// Puts a copy back into a new database and proves it: integrity, counts, replay, the bytes of every file.
pub(crate) fn restore(place: &Place, args: &Restore) -> anyhow::Result<ExitCode> {
    let url = place.url()?;
    let is_file = !url.contains("://");
    anyhow::ensure!(
        !is_file || !Path::new(&url).exists(),
        "{url} is there already: restore into a new one"
    );
    let before = read_counts(args)?;
    let options = OpenOptions { kind: Kind::Real, ..OpenOptions::default() };
    let db: Db = doorstep_db::restore(&args.file, &url, &options).with_context(|| {
        format!("{} could not be put back into {}", args.file.display(), shown(&url))
    })?;
    db.integrity_check().context("the copy is damaged")?;
    doorstep_store::schema::migrate(&db).context("the copy could not be migrated")?;
    let proof = Proof::of(&db, before.as_ref())?;
    if args.json {
        let mut value = serde_json::to_value(&proof)?;
        value["cases"] = proof.held.rows.get("case_head").copied().into();
        value["proved"] = proof.holds().into();
        say_json(&value)?;
    } else {
        tell(&proof, &url)?;
    }
    Ok(if proof.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell(proof: &Proof, url: &str) -> anyhow::Result<()> {
    let n_cases = proof.held.rows.get("case_head").copied().unwrap_or_default();
    match &proof.differs {
        None => say(format!("{n_cases} cases; how many there were is not known"))?,
        Some(differs) if differs.is_empty() => {
            say(format!(
                "{n_cases} cases, and as many rows of each table as when the copy was made"
            ))?;
        }
        Some(differs) => differs.iter().try_for_each(say)?,
    }
    proof.replay.differ.iter().try_for_each(say)?;
    say(format!("{} cases replayed, {} differ", proof.replay.cases, proof.replay.differ.len()))?;
    say(match proof.damaged.len() {
        0 => "every file's bytes are those that were kept".to_owned(),
        n => format!("{n} files are not what was kept: {}", proof.damaged.join(", ")),
    })?;
    if !proof.sound {
        say("a document or a receipt has no bytes: `doorstep doctor` counts them")?;
    }
    if proof.holds() {
        return Ok(());
    }
    say(format!("not proved: do not use {}, and take an earlier copy", shown(url)))
}
