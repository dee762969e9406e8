//! How much of a disk is free. A full disk refuses what comes in; whoever runs the hub should hear of it before.
//! Source: trust.md 1.3 (3).

use rustix::fs::statvfs;
use std::path::{Path, PathBuf};

/// Below so many percent somebody has to make room.
const LOW: u64 = 10;

/// A folder and how much of its disk is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    /// The folder.
    pub(crate) folder: PathBuf,
    /// Of a hundred parts of the disk, how many this process may still fill.
    pub(crate) free_percent: u64,
}

impl Room {
    /// Looks at the disk of a folder. `None` where the system does not say.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let disk = statvfs(folder).ok()?;
        let used = disk.f_blocks.saturating_sub(disk.f_bfree);
        let free_percent = percent(disk.f_bavail, used)?;
        Some(Self { folder: folder.to_owned(), free_percent })
    }

    /// Returns whether so little is free that somebody has to make room.
    pub(crate) fn is_low(&self) -> bool {
        self.free_percent < LOW
    }
}

/// Counts as `df` does: what is kept for root is neither used nor free. A disk without blocks, as of a file system that
/// is made up, has no share.
fn percent(free: u64, used: u64) -> Option<u64> {
    let share = (u128::from(free) * 100).checked_div(u128::from(free) + u128::from(used))?;
    u64::try_from(share).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_a_tenth_is_low() {
        let room = |free_percent| Room { folder: PathBuf::from("."), free_percent };
        assert_eq!(
            [room(0), room(9), room(10), room(100)].map(|room| room.is_low()),
            [true, true, false, false]
        );
    }

    #[test]
    fn the_share_is_of_what_may_be_filled() {
        assert_eq!([percent(0, 7), percent(99, 901), percent(7, 0)], [Some(0), Some(9), Some(100)]);
        assert_eq!([percent(0, 0), percent(u64::MAX, u64::MAX)], [None, Some(50)]);
    }

    #[test]
    fn a_folder_that_is_there_has_room_and_one_that_is_not_has_no_answer() {
        assert!(Room::of(&std::env::temp_dir()).is_some_and(|room| room.free_percent <= 100));
        assert_eq!(Room::of(Path::new("/no/such/folder")), None);
    }
}
