//! Where a demo keeps its files: a directory of its own, for one demo at a time, begun anew each time.

use crate::place::{files_under, make_private_dir};
use anyhow::Context as _;
use doorstep_db::{Db, DbError, Kind, OpenOptions};
use doorstep_work::Spool;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The database's file.
const FILE: &str = "demo.db";
/// What SQLite writes beside it.
const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// Where Linux keeps files in memory. A day that is played fast would otherwise wait for the disk thousands of times.
const MEMORY: &str = "/dev/shm";

/// How the folders in memory are called: this, the process, and chance.
const SCRATCH: &str = "doorstep-demo-";

/// Removes what demos left in memory that were killed while they played the days before: their process is gone.
fn sweep_scratch(memory: &Path) {
    let Ok(entries) = fs::read_dir(memory) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let process = name.strip_prefix(SCRATCH).and_then(|rest| rest.split_once('-'));
        let Some((process, _)) = process.filter(|(process, _)| process.parse::<u32>().is_ok())
        else {
            continue;
        };
        if !Path::new("/proc").join(process).exists() && fs::remove_dir_all(&path).is_err() {
            tracing::warn!(
                "{} was left by an earlier demo and could not be removed",
                path.display()
            );
        }
    }
}

/// A demo's directory, held for as long as it runs.
pub(super) struct Ground {
    dir: PathBuf,
    _held: File,
}

impl Ground {
    /// Takes the directory, and removes what an earlier demo left in it: files that are a demo's and nothing else.
    pub(super) fn take(dir: &Path) -> anyhow::Result<Self> {
        make_private_dir(dir)?;
        let path = dir.join("demo.lock");
        let held = File::create(&path)
            .with_context(|| format!("{} could not be written", path.display()))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                anyhow::bail!("another demo runs in {}: stop it, or say --data DIR", dir.display())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).context("the demo's directory could not be held")?;
            }
        }
        sweep_scratch(Path::new(MEMORY));
        let ground = Self { dir: dir.to_owned(), _held: held };
        ground.clear()?;
        Ok(ground)
    }

    fn clear(&self) -> anyhow::Result<()> {
        let path = self.dir.join(FILE);
        if path.exists() {
            drop(open(&path, false)?);
            remove(&path)?;
            BESIDE
                .iter()
                .try_for_each(|suffix| remove(&self.dir.join(format!("{FILE}{suffix}"))))?;
        }
        let outbox = self.outbox();
        if outbox.is_dir() {
            let is_message =
                |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "txt");
            files_under(&outbox)?.iter().filter(is_message).try_for_each(|path| remove(path))?;
        }
        Ok(())
    }

    fn outbox(&self) -> PathBuf {
        self.dir.join("outbox")
    }

    /// Opens the demo's database.
    pub(super) fn db(&self) -> anyhow::Result<Db> {
        open(&self.dir.join(FILE), true)
    }

    /// Opens the folder for what would go out.
    pub(super) fn spool(&self) -> anyhow::Result<Spool> {
        Spool::open(&self.outbox()).context("the outbox could not be made")
    }

    /// Keeps what was played in memory: the database and the messages.
    pub(super) fn keep(&self, played: &Db, from: &Scratch) -> anyhow::Result<()> {
        played
            .backup_to(self.dir.join(FILE))
            .context("the demo's database could not be written")?;
        let outbox = from.outbox();
        let sent = if outbox.is_dir() { files_under(&outbox)? } else { Vec::new() };
        for path in sent {
            let to = self.outbox().join(path.strip_prefix(&outbox).unwrap_or(&path));
            if let Some(folder) = to.parent() {
                make_private_dir(folder)?;
            }
            fs::copy(&path, &to)
                .with_context(|| format!("{} could not be written", to.display()))?;
        }
        Ok(())
    }
}

/// A place for the days before the visitor comes, which is gone afterwards.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Makes the place in memory, or beside the demo where there is no such memory.
    pub(super) fn make(ground: &Ground) -> anyhow::Result<Self> {
        let chance = doorstep_app::token();
        let chance = chance.reveal().get(..16).unwrap_or_default();
        let name = format!("{SCRATCH}{}-{chance}", std::process::id());
        let in_memory = Path::new(MEMORY).join(&name);
        if Path::new(MEMORY).is_dir() && make_private_dir(&in_memory).is_ok() {
            return Ok(Self(in_memory));
        }
        let beside = ground.dir.join(&name);
        make_private_dir(&beside)?;
        Ok(Self(beside))
    }

    fn outbox(&self) -> PathBuf {
        self.0.join("outbox")
    }

    /// Makes an empty demo database.
    pub(super) fn db(&self) -> anyhow::Result<Db> {
        let db = open(&self.0.join(FILE), true)?;
        doorstep_store::schema::migrate(&db).context("the demo's database could not be made")?;
        Ok(db)
    }

    /// Opens a folder for what would go out.
    pub(super) fn spool(&self) -> anyhow::Result<Spool> {
        Spool::open(&self.outbox()).context("the outbox could not be made")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!("{} could not be removed: {error}", self.0.display());
        }
    }
}

/// Opens a demo's database; any other is refused, and left as it is.
fn open(path: &Path, create: bool) -> anyhow::Result<Db> {
    let options = OpenOptions { kind: Kind::Demo, create, ..OpenOptions::default() };
    Db::open_with(&path.display().to_string(), &options).map_err(|error| {
        let words = match error {
            DbError::Kind { .. } => "is no demo's database and was left as it is: say --data DIR",
            _ => "could not be opened",
        };
        anyhow::Error::new(error).context(format!("{} {words}", path.display()))
    })
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} could not be removed", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_never_touches_a_real_database() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let real = Db::open(path.to_str().unwrap()).unwrap();
        drop(real);
        let before = fs::read(&path).unwrap();
        let error = Ground::take(dir.path()).err().unwrap();
        assert!(error.to_string().contains("is no demo's database"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_a_killed_demo_left_in_memory_is_swept_and_nothing_else() {
        let memory = tempfile::tempdir().unwrap();
        let ours = format!("{SCRATCH}{}-ab", std::process::id());
        // No process has a number beyond what the kernel gives.
        for name in
            [format!("{SCRATCH}4999999-ab").as_str(), ours.as_str(), "other", "doorstep-demo-x-y"]
        {
            fs::create_dir(memory.path().join(name)).unwrap();
        }
        sweep_scratch(memory.path());
        assert!(memory.path().join(ours).exists() && memory.path().join("other").exists());
        assert_eq!(fs::read_dir(memory.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_demo_begins_anew_and_leaves_other_files_alone() {
        let dir = tempfile::tempdir().unwrap();
        let ground = Ground::take(dir.path()).unwrap();
        let other = dir.path().join("notes.md");
        fs::write(&other, "mine").unwrap();
        let scratch = Scratch::make(&ground).unwrap();
        let db = scratch.db().unwrap();
        ground.keep(&db, &scratch).unwrap();
        assert!(ground.db().is_ok() && dir.path().join(FILE).exists());
        assert!(
            Db::open(dir.path().join(FILE).to_str().unwrap()).is_err(),
            "a real hub refuses it"
        );
        let place = scratch.0.clone();
        drop((db, scratch));
        assert!(!place.exists());
        assert!(Ground::take(dir.path()).is_err(), "one demo at a time");
        drop(ground);
        Ground::take(dir.path()).unwrap();
        assert!(!dir.path().join(FILE).exists() && other.exists());
    }
}
