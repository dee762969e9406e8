//! A file has one subject: more than 500 lines, tests not counted, have several.

use super::Finding;
use crate::repo::{Repo, is_test_file};

const LINES_MAX: usize = 500;

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, source) in repo.sources().filter(|(path, _)| !is_test_file(path)) {
        let n_lines = source.own_lines().count();
        if n_lines > LINES_MAX {
            let words =
                format!("{n_lines} lines, and {LINES_MAX} at most: make it a folder by subject");
            out.push(Finding::at(path, LINES_MAX, words));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "// x\n".repeat(501);
        let tested = format!("// x\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        let files = [
            ("crates/a/src/a.rs", long.as_str()),
            ("crates/a/src/b.rs", &tested),
            ("crates/a/src/tests.rs", &long),
        ];
        assert_eq!(found(super::check, &files), [("crates/a/src/a.rs".to_owned(), 500)]);
    }
}
