//! The files of the checkout, as the house rules see them: a map from path to text, so that a rule's test can make one up.

use crate::source::Source;
use anyhow::{Context, Result};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

/// A file's text, and what the rules want to know of Rust in it.
#[derive(Debug, Default)]
pub struct File {
    /// The text. Empty for what is not UTF-8.
    pub text: String,
    source: OnceCell<Rc<Source>>,
}

/// All files that git knows or would add.
#[derive(Debug, Default)]
pub struct Repo {
    files: BTreeMap<String, File>,
}

/// Returns the checkout's folder: the one that cargo runs this from, since two checkouts may share a build directory.
pub fn root() -> PathBuf {
    let run_from = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = run_from.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().expect("xtask is a folder of the checkout").to_owned()
}

impl Repo {
    /// Reads the checkout. Without git, or where git does not trust the folder's owner, every file counts.
    pub fn load() -> Result<Self> {
        let root = root();
        let paths = match listed(&root) {
            Some(paths) => paths,
            None => walked(&root, "")?,
        };
        // A file that is gone and not yet committed so is no file.
        let read = |path: String| Some((path.clone(), std::fs::read(root.join(path)).ok()?));
        Ok(Self::of(paths.into_iter().filter_map(read)))
    }

    /// Makes a repository of these files.
    pub fn of<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let file = |bytes: Vec<u8>| File {
            text: String::from_utf8(bytes).unwrap_or_default(),
            source: OnceCell::new(),
        };
        Self {
            files: files
                .into_iter()
                .map(|(path, bytes)| (path.into(), file(bytes.into())))
                .collect(),
        }
    }

    /// Returns every file with its path from the root.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    /// Returns the text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(|file| file.text.as_str())
    }

    /// Returns the Rust files with what is in them.
    pub fn sources(&self) -> impl Iterator<Item = (&str, Rc<Source>)> {
        let rust = self.files().filter(|(path, _)| has_extension(path, "rs"));
        rust.map(|(path, file)| {
            (path, Rc::clone(file.source.get_or_init(|| Rc::new(Source::read(&file.text)))))
        })
    }

    /// Returns the folders under `crates/`.
    pub fn crates(&self) -> Vec<&str> {
        let in_crates = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml"));
        in_crates.filter(|name| !name.contains('/')).collect()
    }
}

/// Returns the files that git knows or would add.
fn listed(root: &Path) -> Option<Vec<String>> {
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(args).current_dir(root).output().ok()?;
    let paths = listed.status.success().then(|| String::from_utf8(listed.stdout).ok())??;
    Some(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Returns all files under a folder, but for what is built.
fn walked(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(root.join(folder))
        .with_context(|| format!("reading the folder {folder}"))?
    {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if folder.is_empty() && [".git", "target"].contains(&name.as_str()) {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type()?.is_dir() { out.extend(walked(root, &path)?) } else { out.push(path) }
    }
    Ok(out)
}

/// Returns the crate's folder that a path lies in: `case` for `crates/case/src/lib.rs`.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split('/').next()
}

/// Returns whether a whole file is tests.
pub fn is_test_file(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/benches/")
}

/// Returns whether a file's name ends with a dot and `extension`.
pub fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|known| known == extension)
}

#[cfg(test)]
mod tests {
    use super::{Repo, listed, root, walked};

    #[test]
    fn without_git_the_same_files_are_found() {
        let walked = walked(&root(), "").unwrap();
        assert!(walked.iter().any(|path| path == "xtask/src/repo.rs"));
        // A checkout may be tested where git is not, or does not trust it: then there is nothing to compare.
        let listed = listed(&root()).unwrap_or_default();
        let there = |path: &&String| root().join(path).exists();
        assert!(listed.iter().filter(there).all(|path| walked.contains(path)));
        assert!(Repo::load().unwrap().text("Cargo.toml").is_some());
    }
}
