//! Which files a run is asked to take, and what keeps one from being read.

use doorstep_app::intake::BYTES_MAX;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Why a file could not be read.
pub(super) struct Unread {
    pub code: &'static str,
    pub message: String,
}

impl Unread {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A file by its path, or a path that names none.
pub(super) struct Named {
    pub path: PathBuf,
    wrong: Option<String>,
}

impl Named {
    /// Reads the file. What is not an ordinary one is not opened: a pipe would keep the run waiting.
    pub(super) fn read(&self) -> Result<Vec<u8>, Unread> {
        let unreadable = |why: &dyn std::fmt::Display| {
            Unread::new("file-unreadable", format!("the file could not be read: {why}"))
        };
        if let Some(why) = &self.wrong {
            return Err(unreadable(why));
        }
        let found = fs::metadata(&self.path).map_err(|error| unreadable(&error.kind()))?;
        if !found.is_file() {
            return Err(unreadable(&"it is no ordinary file"));
        }
        let too_large =
            || Unread::new("file-too-large", "the file is larger than 50 MB: send it in parts");
        if found.len() > BYTES_MAX as u64 {
            return Err(too_large());
        }
        let file = fs::File::open(&self.path).map_err(|error| unreadable(&error.kind()))?;
        let mut bytes = Vec::new();
        // It may have grown since.
        let read = file.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(&error.kind()))?;
        if bytes.len() > BYTES_MAX { Err(too_large()) } else { Ok(bytes) }
    }
}

/// Returns the files that the paths name, folders with all that is in them. What cannot be looked into is named too.
pub(super) fn files_of(paths: &[PathBuf]) -> Vec<Named> {
    let mut walk = Walk { files: Vec::new(), seen: BTreeSet::new() };
    for path in paths {
        walk.add(path);
    }
    walk.files
}

struct Walk {
    files: Vec<Named>,
    /// Folders that were walked: a link may lead back into one.
    seen: BTreeSet<PathBuf>,
}

impl Walk {
    fn add(&mut self, path: &Path) {
        if !path.is_dir() {
            self.files.push(Named { path: path.to_owned(), wrong: None });
            return;
        }
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if !self.seen.insert(real) {
            return;
        }
        let names = fs::read_dir(path).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        });
        match names {
            Ok(mut names) => {
                names.sort();
                for name in &names {
                    self.add(name);
                }
            }
            Err(error) => {
                let wrong = Some(error.kind().to_string());
                self.files.push(Named { path: path.to_owned(), wrong });
            }
        }
    }
}
