//! Only programs print; libraries return or log.

use super::Finding;
use crate::repo::{Repo, crate_of, is_test_file};

pub fn check(repo: &Repo) -> Vec<Finding> {
    let is_library =
        |path: &str| crate_of(path).is_some_and(|name| name != "doorstep") && !is_test_file(path);
    let mut out = Vec::new();
    for (path, source) in repo.sources().filter(|(path, _)| is_library(path)) {
        for (line, code) in source.own_lines() {
            let prints = ["println!", "print!"].iter().any(|word| {
                code.match_indices(word)
                    .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            if prints {
                out.push(Finding::at(path, line, "a library does not print: return it, or log it"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn printing_in_a_library_is_found() {
        let text = "fn a() { println!(\"x\") }\nfn b() { eprintln!(\"skipped\") }\n";
        let files = [("crates/case/src/a.rs", text), ("crates/doorstep/src/a.rs", text)];
        assert_eq!(found(super::check, &files), [("crates/case/src/a.rs".to_owned(), 1)]);
    }
}
