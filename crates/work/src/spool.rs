//! Where messages go out: as the program ships, a folder of files, one a message, that a mail, fax or interface gateway
//! picks up.
//!
//! A file's name is the job's id, so that sending again replaces the same file; it appears whole or not at all.

use crate::Message;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Where messages go out.
pub trait Post {
    /// Puts a message out under its job's id, by which a receiver tells that it is the same again. `Ok` means that whoever
    /// carries it on has it for good.
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()>;
}

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
}

impl Post for Spool {
    /// When this returns, the message is on the disk.
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()> {
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
