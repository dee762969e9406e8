//! A folder whose names are flushed once for all who wait for it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A folder that is held open.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    file: File,
    flushes: Mutex<Flushes>,
    ended: Condvar,
}

/// Who asked for a flush, by number, and who has got one.
#[derive(Debug, Default)]
struct Flushes {
    asked: u64,
    done: u64,
    /// The last of those whose flush failed.
    failed: u64,
    is_running: bool,
}

impl Folder {
    pub(super) fn open(path: PathBuf) -> io::Result<Folder> {
        let file = File::open(&path)?;
        Ok(Folder { path, file, flushes: Mutex::default(), ended: Condvar::new() })
    }

    /// Returns whether the path still leads to what is held open.
    pub(super) fn is_there(&self) -> bool {
        let place = |meta: io::Result<fs::Metadata>| meta.ok().map(|meta| (meta.dev(), meta.ino()));
        let held = place(self.file.metadata());
        held.is_some() && held == place(fs::metadata(&self.path))
    }

    /// Returns once the names that the caller has given are on the disk. A flush that has begun already may have missed them,
    /// so it counts for nobody who comes later; the next one counts for all who wait by then.
    pub(super) fn flush(&self) -> io::Result<()> {
        let mut flushes = self.flushes();
        flushes.asked += 1;
        let mine = flushes.asked;
        loop {
            if flushes.failed >= mine {
                return Err(io::Error::other("the folder could not be flushed"));
            }
            if flushes.done >= mine {
                return Ok(());
            }
            if flushes.is_running {
                flushes = self.ended.wait(flushes).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            flushes.is_running = true;
            let until = flushes.asked;
            drop(flushes);
            let result = self.file.sync_all();
            flushes = self.flushes();
            flushes.is_running = false;
            match result {
                Ok(()) => flushes.done = until,
                // The system may have dropped what it could not write, and a second flush would lie: all of them put again.
                Err(_) => flushes.failed = until,
            }
            self.ended.notify_all();
            result?;
        }
    }

    fn flushes(&self) -> MutexGuard<'_, Flushes> {
        self.flushes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn n_asked(folder: &Folder, n: u64) {
        while folder.flushes().asked < n {
            thread::yield_now();
        }
    }

    #[test]
    fn a_flush_that_had_begun_counts_for_nobody_who_came_later() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path().to_owned()).unwrap();
        *folder.flushes() = Flushes { asked: 1, is_running: true, ..Flushes::default() };
        thread::scope(|scope| {
            let late: Vec<_> = (0..2).map(|_| scope.spawn(|| folder.flush())).collect();
            n_asked(&folder, 3);
            // The one that runs ends, and was asked for by the first alone.
            *folder.flushes() = Flushes { asked: 3, done: 1, ..Flushes::default() };
            folder.ended.notify_all();
            assert!(late.into_iter().all(|late| late.join().unwrap().is_ok()));
        });
        assert_eq!(folder.flushes().done, 3, "one flush for both");
    }

    #[test]
    fn a_flush_that_fails_fails_for_all_who_waited_for_it() {
        // A device has nothing to flush and says so.
        let folder = Folder::open(PathBuf::from("/dev/null")).unwrap();
        *folder.flushes() = Flushes { asked: 1, is_running: true, ..Flushes::default() };
        thread::scope(|scope| {
            let late: Vec<_> = (0..4).map(|_| scope.spawn(|| folder.flush())).collect();
            n_asked(&folder, 5);
            *folder.flushes() = Flushes { asked: 5, done: 1, ..Flushes::default() };
            folder.ended.notify_all();
            assert!(late.into_iter().all(|late| late.join().unwrap().is_err()));
        });
        let flushes = folder.flushes();
        assert_eq!((flushes.done, flushes.failed), (1, 5));
    }
}
