//! Every file says at its top what it is. A file of tests need not: the names of its tests do.

use super::Finding;
use crate::repo::{Repo, has_extension, is_test_file};

pub fn check(repo: &Repo) -> Vec<Finding> {
    let silent = |text: &str| !text.lines().next().unwrap_or_default().starts_with("//! ");
    let rust = repo.files().filter(|(path, file)| {
        has_extension(path, "rs") && !is_test_file(path) && silent(&file.text)
    });
    rust.map(|(path, _)| Finding::of(path, "begin the file with `//! ` and what it is")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_silent_file_is_found() {
        let files = [
            ("crates/a/src/a.rs", "//! Says.\n"),
            ("crates/a/src/b.rs", "use a;\n"),
            ("crates/a/src/tests.rs", "use a;\n"),
        ];
        assert_eq!(found(super::check, &files), [("crates/a/src/b.rs".to_owned(), 1)]);
    }
}
