//! Faults that were planted for the simulator never get into the program: the features that turn them on, and those that let a
//! test play the machine beneath, are asked for by the simulator alone.

use super::Finding;
use crate::repo::{Repo, crate_of};

/// Where a feature is declared, and who may ask for it.
const FEATURES: [(&str, &[&str]); 2] =
    [("mutants", &["planted", "sim"]), ("faults", &["db", "sim"])];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, file) in repo.files().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        for (at, line) in file.text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            for (feature, crates) in FEATURES {
                let is_asked = asks(line, feature);
                let may = crate_of(path).is_some_and(|name| crates.contains(&name));
                if is_asked && (!may || line.trim_start().starts_with("default")) {
                    let words = format!("the feature {feature} is the simulator's alone");
                    out.push(Finding::at(path, at + 1, words));
                }
            }
        }
    }
    out
}

/// Whether a line of a manifest names a feature: in quotes, by itself or behind a crate's name.
fn asks(line: &str, feature: &str) -> bool {
    line.contains(&format!("\"{feature}\"")) || line.contains(&format!("/{feature}\""))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_program_that_could_hold_a_planted_fault_is_found() {
        let files = [
            ("crates/sim/Cargo.toml", "[features]\nmutants = [\"doorstep-planted/mutants\"]\n"),
            ("crates/doorstep/Cargo.toml", "[features]\nx = [\"doorstep-planted/mutants\"]\n"),
            ("crates/planted/Cargo.toml", "[features]\nmutants = []\ndefault = [\"mutants\"]\n"),
            (
                "crates/web/Cargo.toml",
                "[dependencies]\ndoorstep-db = { workspace = true, features = [\"faults\"] }\n# faults\n",
            ),
        ];
        let at = |path: &str, line| (path.to_owned(), line);
        assert_eq!(
            found(super::check, &files),
            [
                at("crates/doorstep/Cargo.toml", 2),
                at("crates/planted/Cargo.toml", 3),
                at("crates/web/Cargo.toml", 2)
            ]
        );
    }
}
