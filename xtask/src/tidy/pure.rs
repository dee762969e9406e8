//! The pure crates touch nothing: no file, no network, no environment, no clock, no process, and no crate that does.

use super::{Finding, manifest};
use crate::repo::{Repo, crate_of, is_test_file};
use crate::source::has_word;

const PURE: [&str; 10] =
    ["vocab", "passkeys", "oidc", "case", "authz", "x12", "hl7", "fhir", "packs", "exchange"];

const DEPENDENCIES: [&str; 12] = [
    "tokio",
    "axum",
    "hyper",
    "reqwest",
    "ureq",
    "rusqlite",
    "postgres",
    "getrandom",
    "rand",
    "uuid",
    "tracing",
    "mio",
];

/// Modules of `std`, also where several are imported at once.
const MODULES: [&str; 5] = ["fs", "net", "env", "process", "thread"];

const WORDS: [&str; 4] = ["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let is_pure = |path: &str| crate_of(path).is_some_and(|name| PURE.contains(&name));
    let mut out = Vec::new();
    for (path, file) in
        repo.files().filter(|(path, _)| is_pure(path) && path.ends_with("/Cargo.toml"))
    {
        let named = manifest::dependencies(&file.text);
        let named = named.into_iter().filter(|d| !d.is_dev && DEPENDENCIES.contains(&d.name));
        out.extend(
            named.map(|d| {
                Finding::at(path, d.line, format!("a pure crate does without {}", d.name))
            }),
        );
    }
    let own = |path: &str| is_pure(path) && !is_test_file(path);
    for (path, source) in repo.sources().filter(|(path, _)| own(path)) {
        for (line, code) in source.own_lines() {
            if let Some(word) = touches(code) {
                out.push(Finding::at(
                    path,
                    line,
                    format!("a pure crate does without {word}: make it an argument"),
                ));
            }
        }
    }
    out
}

fn touches(code: &str) -> Option<String> {
    let of_std = MODULES.iter().find(|module| {
        let grouped = code.contains("use std::{") && has_word(code, module);
        grouped || has_word(code, &format!("std::{module}"))
    });
    let of_std = of_std.map(|module| format!("std::{module}"));
    of_std.or_else(|| WORDS.iter().find(|word| has_word(code, word)).map(|word| (*word).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn reaching_out_of_a_pure_crate_is_found() {
        let text = "use std::{fmt, fs};\nfn a() { std::env::var(\"X\") }\n// std::net\nfn b() { let text = \"SystemTime\"; }\n";
        let path = "crates/case/src/a.rs";
        let files = [
            (
                "crates/case/Cargo.toml",
                "[dependencies]\ntokio = \"1\"\n[dev-dependencies]\nrand = \"1\"\n",
            ),
            (path, text),
            ("crates/web/src/a.rs", text),
        ];
        let at = |path: &str, line| (path.to_owned(), line);
        assert_eq!(
            found(super::check, &files),
            [at("crates/case/Cargo.toml", 2), at(path, 1), at(path, 2)]
        );
    }
}
