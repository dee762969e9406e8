//! Leave to read case data is made in one place: `Scope::granted` stands only in `app` and in tests.

use super::Finding;
use crate::repo::{Repo, crate_of, is_test_file};

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let others =
        |path: &str| crate_of(path).is_some_and(|name| name != "app") && !is_test_file(path);
    for (path, source) in repo.sources().filter(|(path, _)| others(path)) {
        let makes =
            |code: &str| code.split_whitespace().collect::<String>().contains("Scope::granted");
        let lines = source.own_lines().filter(|(_, code)| makes(code));
        out.extend(lines.map(|(line, _)| {
            Finding::at(
                path,
                line,
                "only app makes a Scope, after asking who it is for and recording the look",
            )
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_scope_made_elsewhere_is_found() {
        let text = "let scope = Scope::granted(user, role);\n";
        let files = [
            ("crates/app/src/a.rs", text),
            ("crates/web/src/a.rs", text),
            ("crates/web/src/tests.rs", text),
        ];
        assert_eq!(found(super::check, &files), [("crates/web/src/a.rs".to_owned(), 1)]);
    }
}
