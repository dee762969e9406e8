//! A file is named for what is in it, never for being of use.

use super::Finding;
use crate::repo::{Repo, has_extension};

const EMPTY: [&str; 10] = [
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "services",
    "handler",
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let says_nothing = |path: &str| {
        let mut parts = path.trim_end_matches(".rs").split('/');
        parts.any(|part| EMPTY.contains(&part))
    };
    let rust = repo.files().filter(|(path, _)| has_extension(path, "rs") && says_nothing(path));
    rust.map(|(path, _)| Finding::of(path, "the name says nothing: name the subject")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_junk_drawer_is_found() {
        let files = [
            ("crates/a/src/utils.rs", ""),
            ("crates/a/src/helpers/x.rs", ""),
            ("crates/a/src/service_line.rs", ""),
        ];
        assert_eq!(found(super::check, &files).len(), 2);
    }
}
