//! A lint is not switched off: it is expected, with a reason, so that it is noticed when the reason is gone.

use super::Finding;
use crate::repo::Repo;

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, source) in repo.sources() {
        for (at, line) in source.lines.iter().enumerate() {
            let code: String = line.code.split_whitespace().collect();
            if code.contains("#[allow(") || code.contains("#![allow(") {
                out.push(Finding::at(path, at + 1, "use #[expect(lint, reason = \"...\")]"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn an_allowed_lint_is_found_even_in_tests() {
        let text = "#[cfg(test)]\nmod tests {\n    #[allow(dead_code)]\n    fn a() {}\n}\n";
        assert_eq!(
            found(super::check, &[("crates/a/src/a.rs", text)]),
            [("crates/a/src/a.rs".to_owned(), 3)]
        );
    }
}
