//! Nothing strays into the checkout's top folder.

use super::Finding;
use crate::repo::Repo;
use std::collections::BTreeSet;

const KNOWN: [&str; 21] = [
    ".cargo",
    ".ci",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "NOTICE",
    "README.md",
    "STYLE.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "packs",
    "rustfmt.toml",
    "scenarios",
    "test",
    "xtask",
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let names: BTreeSet<&str> =
        repo.files().filter_map(|(path, _)| path.split('/').next()).collect();
    let strays = names.into_iter().filter(|name| !KNOWN.contains(name));
    strays
        .map(|name| {
            Finding::of(
                name,
                "a stranger at the top: move it, or list it in xtask/src/tidy/top_level.rs",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_stray_is_found() {
        let files = [("README.md", ""), ("crates/a/src/a.rs", ""), ("notes.txt", "")];
        assert_eq!(found(super::check, &files), [("notes.txt".to_owned(), 1)]);
    }
}
