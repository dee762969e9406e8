//! What is kept free of the database's disk for people: files that come in may not fill it, and what a look or a command
//! writes still finds room when everything else is full.
//!
//! A file holds the room, so that no other program takes it. It is given up when the disk is full, and made again when there
//! is room for it; meanwhile files are refused. Whether they are is read off the disk each time, so that every process on it
//! says the same. See docs/decisions/0010. Source: trust.md 1.3 (3).

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The ballast's largest size, and of how many parts of a disk it is one.
const SIZE_MAX: u64 = 256 * 1024 * 1024;
const PART_OF_DISK: u64 = 16;

/// Of how many parts of the ballast one has to be free beside it.
const PART_FREE: u64 = 4;

/// The ballast of one database file.
#[derive(Debug, Clone)]
pub(crate) struct Ballast {
    path: PathBuf,
}

/// How the disk stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Disk {
    size: u64,
    free: u64,
    /// Whether the ballast holds its room.
    is_held: bool,
}

impl Disk {
    fn ballast(self) -> u64 {
        (self.size / PART_OF_DISK).min(SIZE_MAX)
    }

    /// Beside the ballast too little is free.
    fn is_short(self) -> bool {
        self.free < self.ballast() / PART_FREE
    }

    /// There is room for the ballast, and twice as much beside it as makes it be given up.
    fn can_hold(self) -> bool {
        self.free >= self.ballast() + 2 * (self.ballast() / PART_FREE)
    }

    fn takes_files(self) -> bool {
        if self.is_held { !self.is_short() } else { self.can_hold() }
    }
}

/// What was done to a ballast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Nothing: it stands, or there is no room for it.
    AsItWas,
    /// It was made.
    Made,
    /// It was given up: the disk is full.
    GivenUp,
}

impl Ballast {
    /// The ballast beside a database file.
    pub(crate) fn beside(file: &Path) -> Self {
        Self { path: file.with_added_extension("ballast") }
    }

    /// Returns whether files may come in. Where the system does not say how much is free, they may.
    pub(crate) fn takes_files(&self) -> bool {
        self.disk().is_none_or(Disk::takes_files)
    }

    /// Gives it up when the disk is full, and makes it when there is room.
    pub(crate) fn keep(&self) -> std::io::Result<Kept> {
        match self.disk() {
            Some(disk) if disk.is_held && disk.is_short() => {
                fs::remove_file(&self.path)?;
                Ok(Kept::GivenUp)
            }
            Some(disk) if !disk.is_held && disk.can_hold() => {
                self.make(disk.ballast())?;
                Ok(Kept::Made)
            }
            _ => Ok(Kept::AsItWas),
        }
    }

    fn disk(&self) -> Option<Disk> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let disk = statvfs(folder.unwrap_or(Path::new("."))).ok()?;
        let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
        let (size, free) = (bytes(disk.f_blocks), bytes(disk.f_bavail));
        let held = fs::metadata(&self.path).map(|file| file.len()).unwrap_or_default();
        let unheld = Disk { size, free, is_held: false };
        Some(Disk { is_held: held > 0 && held >= unheld.ballast(), ..unheld })
    }

    /// Takes the blocks without writing them. Two processes that do so at once make the same file.
    fn make(&self, size: u64) -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(0o600).open(&self.path)?;
        let made = fallocate(&file, FallocateFlags::empty(), 0, size);
        if made.is_err() {
            // Half a ballast holds room and counts as none.
            fs::remove_file(&self.path)?;
        }
        Ok(made?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1024 * 1024;

    fn disk(free: u64, is_held: bool) -> Disk {
        Disk { size: PART_OF_DISK * 100 * MB, free, is_held }
    }

    #[test]
    fn files_stop_while_there_is_room_for_people() {
        let held = [24, 25].map(|free| disk(free * MB, true).takes_files());
        let given_up = [24, 124, 149, 150].map(|free| disk(free * MB, false).takes_files());
        assert_eq!((held, given_up), ([false, true], [false, false, false, true]));
    }

    #[test]
    fn what_was_given_up_is_not_made_again_of_its_own_room() {
        let short = disk(24 * MB, true);
        assert!(short.is_short());
        let given_up = Disk { free: short.free + short.ballast(), is_held: false, ..short };
        assert!(!given_up.can_hold() && !given_up.takes_files());
    }

    #[test]
    fn it_takes_a_part_of_a_small_disk_and_no_more_than_its_size_of_a_large_one() {
        assert_eq!(disk(0, false).ballast(), 100 * MB);
        assert_eq!(Disk { size: u64::MAX, free: 0, is_held: false }.ballast(), SIZE_MAX);
    }

    #[test]
    fn it_is_made_once_and_holds_its_blocks() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let ballast = Ballast::beside(&folder.path().join("hub.db"));
        let first = ballast.keep().unwrap();
        assert_eq!(ballast.keep().unwrap(), Kept::AsItWas);
        if first == Kept::Made {
            let file = fs::metadata(folder.path().join("hub.db.ballast")).unwrap();
            assert!(file.len() > 0 && file.blocks() * 512 >= file.len(), "it holds no room");
            assert_eq!(file.mode() & 0o077, 0);
        }
    }
}
