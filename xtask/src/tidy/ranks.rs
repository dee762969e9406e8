//! A crate uses only crates of a lower rank, so that the dependencies point one way.

use super::{Finding, manifest};
use crate::repo::{Repo, crate_of};

/// The crates by rank, the lowest first.
const RANKS: [&[&str]; 8] = [
    &["vocab", "planted", "passkeys", "oidc"],
    &["case", "x12", "hl7", "fhir"],
    &["authz", "packs", "exchange", "db"],
    &["store"],
    &["app"],
    &["web", "api", "work"],
    &["world"],
    &["doorstep", "bench", "sim"],
];

/// What tests may use whatever their rank: the made-up people and the manual clock.
const FOR_TESTS: &str = "world";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, file) in repo.files().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        let Some(name) = crate_of(path) else { continue };
        let Some(own) = rank(name) else {
            out.push(Finding::of(
                path,
                "the crate has no rank: give it one in xtask/src/tidy/ranks.rs",
            ));
            continue;
        };
        for dependency in manifest::dependencies(&file.text) {
            let Some(used) = dependency.name.strip_prefix("doorstep-") else { continue };
            let is_free = dependency.is_dev && (used == FOR_TESTS || used == name);
            if !is_free && rank(used).is_none_or(|rank| rank >= own) {
                let words = format!(
                    "{name} (rank {own}) may use only crates of a lower rank, and {used} is not"
                );
                out.push(Finding::at(path, dependency.line, words));
            }
        }
    }
    out
}

fn rank(name: &str) -> Option<usize> {
    RANKS.iter().position(|crates| crates.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_crate_that_looks_up_or_aside_is_found() {
        let text = "[dependencies]\ndoorstep-vocab.workspace = true\ndoorstep-fhir.workspace = true\ndoorstep-app.workspace = true\n\
                    [dev-dependencies]\ndoorstep-world.workspace = true\n";
        let path = "crates/case/Cargo.toml";
        let at = |path: &str, line| (path.to_owned(), line);
        let files = [(path, text), ("crates/fax/Cargo.toml", "")];
        assert_eq!(
            found(super::check, &files),
            [at(path, 3), at(path, 4), at("crates/fax/Cargo.toml", 1)]
        );
    }
}
