//! Aim for 120 columns; no line of Rust is longer than 170, tests apart. rustfmt leaves long strings and comments alone.

use super::Finding;
use crate::repo::{Repo, has_extension, is_test_file};

const COLUMNS_MAX: usize = 170;

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, file) in
        repo.files().filter(|(path, _)| has_extension(path, "rs") && !is_test_file(path))
    {
        for (at, line) in file.text.lines().enumerate() {
            let n_columns = line.chars().count();
            if n_columns > COLUMNS_MAX && !is_one_word(line) {
                out.push(Finding::at(
                    path,
                    at + 1,
                    format!("{n_columns} columns, and {COLUMNS_MAX} at most"),
                ));
            }
        }
    }
    out
}

/// A sample or an address that cannot be broken.
fn is_one_word(line: &str) -> bool {
    !line.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_long_line_is_found() {
        let long = format!("// {} x\n", "x".repeat(170));
        assert_eq!(
            found(super::check, &[("crates/a/src/a.rs", &long)]),
            [("crates/a/src/a.rs".to_owned(), 1)]
        );
    }
}
