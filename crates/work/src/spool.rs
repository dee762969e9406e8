//! Where messages go out: as the program ships, a folder of files, one a message, that a mail, fax or interface gateway
//! picks up.
//!
//! A file's name is the job's id, so that sending again replaces the same file; it appears whole or not at all.

mod folder;

use crate::Message;
use folder::Folder;
use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Where messages go out.
pub trait Post {
    /// Puts a message out under its job's id, by which a receiver tells that it is the same again. `Ok` means that whoever
    /// carries it on has it for good.
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()>;
}

/// A folder of outgoing messages, in it one for each kind of receiver. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Spool {
    dir: PathBuf,
    folders: Arc<Mutex<BTreeMap<&'static str, Arc<Folder>>>>,
}

impl Spool {
    /// Makes the folder where it is not there, for this user only.
    pub fn open(dir: &Path) -> io::Result<Self> {
        make(dir)?;
        Ok(Self { dir: dir.to_owned(), folders: Arc::default() })
    }

    /// Returns the folder of a kind of receiver. One that an operator has moved away meanwhile is made anew.
    fn folder(&self, to: &'static str) -> io::Result<Arc<Folder>> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = folders.get(to).filter(|known| known.is_there()) {
            return Ok(Arc::clone(known));
        }
        let path = self.dir.join(to);
        make(&path)?;
        // Its own name has to outlast a power cut like the letters in it.
        File::open(&self.dir)?.sync_all()?;
        let folder = Arc::new(Folder::open(path)?);
        folders.insert(to, Arc::clone(&folder));
        Ok(folder)
    }
}

impl Post for Spool {
    /// When this returns, the message is on the disk.
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()> {
        let folder = self.folder(message.to)?;
        let (part, whole) =
            (folder.path.join(format!(".{job_id}")), folder.path.join(format!("{job_id}.txt")));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(message.text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, &whole)?;
        folder.flush()
    }
}

fn make(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_was_moved_away_is_made_anew() {
        let place = tempfile::tempdir().unwrap();
        let spool = Spool::open(&place.path().join("outbox")).unwrap();
        let message = Message {
            to: "referrer",
            address: String::new(),
            subject: String::new(),
            lines: vec![],
        };
        let path = |folder: &str, job_id: &str| place.path().join(folder).join(job_id);
        spool.put("first", &message).unwrap();
        fs::rename(place.path().join("outbox/referrer"), place.path().join("taken")).unwrap();
        spool.put("second", &message).unwrap();
        assert!(path("taken", "first.txt").exists() && !path("taken", "second.txt").exists());
        assert!(path("outbox/referrer", "second.txt").exists());
    }
}
