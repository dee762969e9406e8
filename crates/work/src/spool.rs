//! Where messages go out: a folder of files, one a message, that a mail, fax or interface gateway picks up.
//!
//! A file's name is the job's id, so that sending again replaces the same file; it appears whole or not at all.

use crate::Message;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A folder of outgoing messages.
#[derive(Debug, Clone)]
pub struct Spool {
    dir: PathBuf,
}

impl Spool {
    /// Makes the folder where it is not there, for this user only.
    pub fn open(dir: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        Ok(Self { dir: dir.to_owned() })
    }

    /// Puts a message out. When this returns, it is on the disk.
    pub fn put(&self, job_id: &str, message: &Message) -> io::Result<()> {
        let folder = self.dir.join(message.to);
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let (part, whole) =
            (folder.join(format!(".{job_id}")), folder.join(format!("{job_id}.txt")));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(message.text().as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, &whole)?;
        File::open(&folder)?.sync_all()
    }
}
