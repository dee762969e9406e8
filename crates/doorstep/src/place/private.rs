//! Nobody else on the machine may read what is kept: a place that is open to others is closed where that is plainly
//! ours to do, and refused with the command that closes it where it is not. Source: trust.md 6.4, first run.

use anyhow::Context as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

/// What others may do: anything of this is too much.
const OTHERS: u32 = 0o077;

/// Sees that nobody else may look into a directory. An empty one of our own is closed.
pub(super) fn dir(path: &Path) -> anyhow::Result<()> {
    let Some(mode) = open_to_others(path)? else { return Ok(()) };
    let is_empty = fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
    if is_empty && fs::set_permissions(path, Permissions::from_mode(0o700)).is_ok() {
        return Ok(());
    }
    refuse("directory", path, (mode, "700"))
}

/// Sees that nobody else may read a file, if it is there.
pub(crate) fn file(path: &Path) -> anyhow::Result<()> {
    match open_to_others(path)? {
        Some(mode) => refuse("file", path, (mode, "600")),
        None => Ok(()),
    }
}

fn open_to_others(path: &Path) -> anyhow::Result<Option<u32>> {
    if !path.exists() {
        return Ok(None);
    }
    let found =
        fs::metadata(path).with_context(|| format!("{} cannot be looked at", path.display()))?;
    let mode = found.permissions().mode() & 0o777;
    Ok((mode & OTHERS != 0).then_some(mode))
}

fn refuse(what: &str, path: &Path, (mode, wanted): (u32, &str)) -> anyhow::Result<()> {
    let path = path.display();
    anyhow::bail!("the {what} {path} is open to others (mode {mode:o}): chmod {wanted} {path}")
}

/// Returns whether this process runs as root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
